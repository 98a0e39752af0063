//! What is known of people beside what the LMS tells: a new snapshot has it too, so that nobody seems to have lost it.

use std::collections::{BTreeMap, HashMap};

use super::open_job::OpenJob;
use muster_connect::RemotePerson;
use muster_plan::push::{Order, OrderState};
use muster_roster::profile::Field;
use muster_roster::profile::connector::Connector;
use muster_roster::roster::Roster;
use muster_store::outbox::OrderRecord;

/// The last snapshot of a list, and what a push has done since.
pub(super) struct Remembered<'a> {
    snapshot: Option<&'a Roster>,
    /// The interface's name of the key; none where the LMS gives it.
    key: Option<String>,
    /// The interface's name by field.
    names: BTreeMap<String, String>,
    /// What was done, by the login of whom, in small letters.
    done: HashMap<String, &'a Order>,
}

impl<'a> Remembered<'a> {
    pub fn of(job: &'a OpenJob, connector: &Connector) -> Remembered<'a> {
        let profile = &job.chosen().profile;
        let names = profile.names_at(connector.id);
        let key = names.get(&profile.key.field).filter(|name| *name != "id").cloned();
        let snapshot = job.checker().context().snapshot.as_ref();
        Remembered { snapshot, key, names, done: HashMap::new() }
    }

    pub fn with(mut self, orders: &'a [OrderRecord]) -> Remembered<'a> {
        let done = orders.iter().filter(|order| order.waiting.state == OrderState::Done);
        self.done = done
            .map(|order| (order.waiting.order.login.to_lowercase(), &order.waiting.order))
            .collect();
        self
    }

    /// What somebody has in a field, as it was sent or as the last snapshot has it.
    pub fn value(&self, field: &Field, entry: &RemotePerson) -> Option<String> {
        let sent = self.done.get(&entry.login.to_lowercase());
        let name = self.names.get(&field.id);
        if let Some(value) = sent.zip(name).and_then(|(order, name)| order.after.get(name)) {
            return Some(value.in_words());
        }
        let snapshot = self.snapshot?;
        let column = snapshot.column_of(&field.id)?;
        let key = match &self.key {
            Some(name) => entry.values.get(name)?.one(),
            None => &entry.id,
        };
        Some(snapshot.table.cell(snapshot.row_of_key(key)?, column).into_owned())
    }
}
