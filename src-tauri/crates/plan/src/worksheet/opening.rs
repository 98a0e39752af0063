//! From tables to a list that was looked at: the same way whoever opens it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::changes::Changes;
use super::{Worksheet, carried_by, roles_of, with_key, with_roles};
use muster_roster::lists::{Lists, RealValues};
use muster_roster::profile::connector::Connector;
use muster_roster::profile::{
    Choices, Field, FileForm, PolicyId, Profile, Use, Uses, header_form, matching,
};
use muster_roster::roster::Roster;
use muster_roster::settling::{self, KeyPair, Settled, SettledColumn};
use muster_rules::checker::{Checker, Grouped};
use muster_rules::rules::CheckContext;
use muster_rules::waiver::Waivers;
use muster_table::error::Result;
use muster_table::going::{GoOn, stopped};
use muster_table::table::Table;

/// What a worksheet is made from.
pub struct Sources {
    /// The cells, as they were read.
    pub table: Table,
    /// As it was chosen; how a connector carries it out is worked out here.
    pub profile: Arc<Profile>,
    /// What the LMS had.
    pub snapshot: Option<Table>,
    /// What values columns may have, beside those that the profile knows.
    pub lists: Lists,
    /// Values that somebody said are real, beside all lists.
    pub real: RealValues,
    /// What somebody looked at and let stand.
    pub waivers: Waivers,
    /// Whether the day comes first in the dates of a column, where somebody has said so of an earlier file.
    pub day_first: BTreeMap<String, bool>,
    /// What was answered to the questions of the profile, by the id of the policy; some rules depend on it.
    pub answers: BTreeMap<String, String>,
    /// The day on which it is looked at; none where that shall not matter.
    pub today: Option<Date>,
    /// What columns were chosen to be used as, in files of this profile.
    pub uses: Uses,
    /// By which connector it is sent; none for the upload kit.
    pub connector: Option<&'static Connector>,
}

impl Sources {
    /// Reads the table through the profile and looks at everything. `go_on` is told how many people are done; it answers
    /// whether to go on, and where it says no this fails with `Cancelled`.
    pub fn open(self, go_on: GoOn) -> Result<Worksheet> {
        // One that the connector does not fit can be looked at all the same; it is not planned.
        let seen = carried_by(&self.profile, self.connector);
        let seen = seen.unwrap_or_else(|_| self.profile.clone());
        let seen = with_roles(&seen, &roles_of(&self.uses, self.table.names()));
        let snapshot = self.snapshot.map(|table| with_key(&seen, table)).transpose()?;
        let mut choices = choices(&seen, self.answers);
        let rosters = Rosters::read(self.table, snapshot, &seen, &self.uses, &mut choices, go_on)?;
        let (settled, known_by) = (rosters.settled.clone(), rosters.known_by.clone());
        let checker = rosters.check(
            Known {
                lists: self.lists,
                real: self.real,
                waivers: self.waivers,
                day_first: self.day_first,
            },
            choices,
            self.today,
            go_on,
        )?;
        if !go_on(0) {
            return Err(stopped());
        }
        let changes = Changes::of(checker.context());
        Ok(Worksheet {
            grouped: Grouped::default(),
            checker,
            changes,
            profile: self.profile,
            uses: self.uses,
            settled,
            known_by,
            connector: self.connector,
            is_in_doubt: false,
            owed: Vec::new(),
            is_recovering: false,
        })
    }
}

/// The choices that answers come to. Those that the profile does not ask for, or would refuse, were given for another
/// LMS, and are passed over.
pub fn choices(profile: &Profile, answers: BTreeMap<String, String>) -> Choices {
    Choices::of(profile, &fitting(profile, answers))
}

/// Of answers, those to what the profile asks.
pub fn fitting(
    profile: &Profile,
    mut answers: BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    answers.retain(|id, answer| {
        let policy = profile.policy_named(id);
        policy.is_some_and(|policy| policy.refuses(answer).is_none())
    });
    answers
}

/// What an LMS has that has nobody yet: the columns that a file has to have, and no people. Without a profile, those of
/// the list at hand.
pub fn nobody(profile: &Profile, names: &[String]) -> Result<Table> {
    let needed = |field: &&Field| {
        let is_key = field.id == profile.key.field;
        !field.read_only && (profile.columns.complete || field.column_required || is_key)
    };
    let known = profile.fields.iter().filter(needed).filter_map(|field| field.headers.first());
    let all = names.iter().filter(|_| profile.fields.is_empty());
    let header = known.chain(all).map(|name| Cow::Borrowed(name.as_str()));
    let bytes = FileForm::default().text(std::iter::once(header))?;
    Table::from_text(&String::from_utf8_lossy(&bytes))
}

/// What is known from outside the file, and what somebody let stand.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Lists that were loaded.
    pub lists: Lists,
    /// What somebody said is real, beside them.
    pub real: RealValues,
    /// What somebody looked at and let stand.
    pub waivers: Waivers,
    /// Whether the day comes first in the dates of a column, by the form of its name.
    pub day_first: BTreeMap<String, bool>,
}

impl From<Lists> for Known {
    fn from(lists: Lists) -> Known {
        Known { lists, ..Known::default() }
    }
}

/// A list and what the LMS had, read through one profile.
pub struct Rosters {
    /// The newer list: the one that is worked on.
    pub roster: Roster,
    /// What the LMS had; none where nobody knows.
    pub snapshot: Option<Roster>,
    /// Columns that were taken for one of the LMS's, and why.
    pub settled: Vec<SettledColumn>,
    /// By which columns people were taken to be known here and there, where nobody had said.
    pub known_by: Option<KeyPair>,
}

impl Rosters {
    /// Reads both. `uses` are what columns were said to be used as; the others are read by their names and values, and
    /// the older file's as those of the newer. Of `choices`, the column that says who somebody is becomes the one that
    /// the LMS has, where the file has it under another name; and where nobody said which it is, the one that leaves no
    /// doubt.
    pub fn read(
        table: Table,
        snapshot: Option<Table>,
        profile: &Arc<Profile>,
        uses: &Uses,
        choices: &mut Choices,
        go_on: GoOn,
    ) -> Result<Rosters> {
        let look = || if go_on(0) { Ok(()) } else { Err(stopped()) };
        look()?;
        let settled = settling::settle(&table, snapshot.as_ref(), profile, uses);
        take_meant(choices, &settled);
        let older = snapshot.as_ref().map_or(&[][..], Table::names);
        let of_older = matching::of_older(older, &settled.profile, &settled.uses);
        look()?;
        let mut profile = settled.profile.with_policies(choices);
        let mut snapshot = snapshot.map(|t| Roster::read(t, profile.matched(of_older.clone())));
        look()?;
        let mut roster = Roster::read(table, profile.matched(settled.uses.clone()));
        let known_by = snapshot.as_ref().and_then(|older| only_key(&roster, older, choices));
        if let (Some(pair), Some(policy)) = (&known_by, profile.policy(PolicyId::SyncField)) {
            choices.answer(policy, &pair.of_lms);
            profile = settled.profile.with_policies(choices);
            let mut uses = settled.uses.clone();
            let field = profile.key.field.clone();
            uses.insert(header_form(&pair.column), Use::Field { field });
            snapshot = snapshot.map(|s| Roster::read(s.table, profile.matched(of_older)));
            roster = Roster::read(roster.table, profile.matched(uses));
        }
        Ok(Rosters { roster, snapshot, settled: settled.told, known_by })
    }

    /// Looks at everything.
    pub fn check(
        self,
        known: impl Into<Known>,
        choices: Choices,
        today: Option<Date>,
        go_on: GoOn,
    ) -> Result<Checker> {
        let Known { lists, real, waivers, day_first } = known.into();
        let mut context = CheckContext::new_while(self.roster, self.snapshot, lists, go_on);
        context.add_real(real);
        context.waivers = waivers;
        context.day_first = day_first;
        context.choices = choices;
        context.today = today;
        Checker::new(context, go_on)
    }
}

/// The column that says who somebody is, as the LMS has it: the file may have it under another name.
fn take_meant(choices: &mut Choices, settled: &Settled) {
    let Some(policy) = settled.profile.policy(PolicyId::SyncField) else { return };
    let Some(answer) = choices.answer_to(policy) else { return };
    if policy.choice(answer).is_some() {
        return;
    }
    if let Some(Use::Field { field }) = settled.uses.get(&header_form(answer)) {
        let choice = policy.choices.iter().find(|choice| choice.column() == *field);
        choices.answer(policy, choice.map_or(field, |choice| &choice.id));
    }
}

/// The pair of columns by which people are known, where the LMS takes any, nobody has said which, and the file lacks the
/// usual one and leaves no doubt. An ID goes before an address, which changes.
fn only_key(roster: &Roster, older: &Roster, choices: &Choices) -> Option<KeyPair> {
    let policy = roster.profile.policy(PolicyId::SyncField)?;
    if choices.key_is_said || !policy.takes_any_column() || roster.key.is_some() {
        return None;
    }
    let pairs = settling::sure_pairs(roster, older);
    let most = pairs.iter().map(|pair| pair.matched).max()?;
    let is_id = |pair: &KeyPair| matching::is_an_id(&header_form(&pair.of_lms));
    pairs.into_iter().filter(|pair| pair.matched == most).max_by_key(is_id)
}

/// That two columns of a file are one field, in a sentence; none where at most one is.
pub fn both_are(names: &[String], field: &Field, uses: &Uses) -> Option<String> {
    let is_it = |name: &&String| {
        let form = header_form(name);
        match uses.get(&form) {
            Some(used) => matches!(used, Use::Field { field: id } if *id == field.id),
            None => field.is_headed(&form),
        }
    };
    let mut columns = names.iter().filter(is_it);
    let (first, second) = (columns.next()?, columns.next()?);
    Some(format!("`{first}` and `{second}` cannot both be {}", field.title))
}
