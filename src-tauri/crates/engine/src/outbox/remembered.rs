//! What is known of people beside what the LMS tells: a new snapshot has it too, so that nobody seems to have lost it.

use std::collections::{BTreeMap, HashMap, HashSet};

use muster_connect::RemotePerson;
use muster_plan::push::{Order, OrderState, Value};
use muster_roster::profile::connector::Connector;
use muster_roster::profile::{Field, Profile};
use muster_roster::roster::Roster;
use muster_store::outbox::OrderRecord;

/// The last snapshot of a list, and what a push has done since.
pub(crate) struct Remembered<'a> {
    snapshot: Option<&'a Roster>,
    /// The interface's name of the key; none where the LMS gives it.
    key: Option<String>,
    /// The interface's name by field.
    names: BTreeMap<String, String>,
    /// The interface's name of the login.
    login: Option<String>,
    /// The field of the login.
    login_field: Option<String>,
    /// What was done, by the login of whom, in small letters.
    done: HashMap<String, &'a Order>,
    /// Logins, in small letters, and ids of those whom the push was to change.
    ours: HashSet<String>,
}

impl<'a> Remembered<'a> {
    pub fn of(
        profile: &Profile,
        snapshot: Option<&'a Roster>,
        connector: &Connector,
    ) -> Remembered<'a> {
        let names = profile.names_at(connector.id);
        let key = names.get(&profile.key.field).filter(|name| *name != "id").cloned();
        let login_field = profile.login_field(connector.id).map(str::to_owned);
        let login = login_field.as_ref().and_then(|field| names.get(field)).cloned();
        let (done, ours) = (HashMap::new(), HashSet::new());
        Remembered { snapshot, key, names, login, login_field, done, ours }
    }

    pub fn with(mut self, orders: &'a [OrderRecord]) -> Remembered<'a> {
        let done = orders.iter().filter(|order| order.waiting.state == OrderState::Done);
        self.done = done
            .map(|order| (order.waiting.order.login.to_lowercase(), &order.waiting.order))
            .collect();
        let sent = orders.iter().filter(|order| !order.is_told_only());
        self.ours = sent
            .flat_map(|order| {
                let task = &order.waiting.order;
                let new = self.login.as_ref().and_then(|name| task.after.get(name));
                let new = new.map_or(String::new(), |login| login.one().to_lowercase());
                [task.login.to_lowercase(), new, task.id.clone(), order.lms_id.clone()]
            })
            .filter(|text| !text.is_empty())
            .collect();
        self
    }

    /// Whether the push was to change somebody.
    pub fn is_ours(&self, entry: &RemotePerson) -> bool {
        self.ours.contains(&entry.id) || self.ours.contains(&entry.login.to_lowercase())
    }

    /// Whether the last snapshot has somebody; everybody is known where there was none.
    pub fn is_known(&self, entry: &RemotePerson) -> bool {
        self.snapshot.is_none_or(|_| self.row_before(entry).is_some())
    }

    /// What somebody has in a field, as it was sent or as the last snapshot has it.
    pub fn value(&self, field: &Field, entry: &RemotePerson) -> Option<String> {
        let sent = self.done.get(&entry.login.to_lowercase());
        let name = self.names.get(&field.id);
        if let Some(value) = sent.zip(name).and_then(|(order, name)| order.after.get(name)) {
            return Some(value.in_words());
        }
        self.before(field, entry)
    }

    /// What the last snapshot has of somebody in a field.
    pub fn before(&self, field: &Field, entry: &RemotePerson) -> Option<String> {
        let column = self.snapshot?.column_of(&field.id)?;
        Some(self.snapshot?.table.cell(self.row_before(entry)?, column).into_owned())
    }

    /// Those of the last snapshot whom somebody else has deleted since, as far as it has them.
    pub fn gone(&self, found: &[RemotePerson]) -> Vec<RemotePerson> {
        let Some(snapshot) = self.snapshot else { return Vec::new() };
        let there: HashSet<u32> = found.iter().filter_map(|entry| self.row_before(entry)).collect();
        let login = self.login_field.as_ref().and_then(|field| snapshot.column_of(field));
        let left = snapshot.table.rows().filter(|row| !there.contains(row));
        let entry = |row: u32| {
            let key = snapshot.key_text(row).into_owned();
            let login = login.map_or(key.clone(), |at| snapshot.table.cell(row, at).into_owned());
            let values = self.key.iter().map(|name| (name.clone(), Value::One(key.clone())));
            RemotePerson { id: key.clone(), login, values: values.collect() }
        };
        left.map(entry).filter(|entry| !self.is_ours(entry)).collect()
    }

    fn row_before(&self, entry: &RemotePerson) -> Option<u32> {
        let key = match &self.key {
            Some(name) => entry.values.get(name)?.one(),
            None => &entry.id,
        };
        self.snapshot?.row_of_key(key)
    }
}
