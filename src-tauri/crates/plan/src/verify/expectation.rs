//! What a plan wants of each person, to be kept until a fresh export is there.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::plan::{Action, PlannedPerson};
use muster_roster::profile::matching::of_older;
use muster_roster::profile::{Choices, Profile, Use, Uses, header_form};
use muster_roster::roster::{Column, Roster};
use muster_table::error::{Failure, FailureKind, Result};
use muster_table::table::Table;

/// What the LMS should hold after an upload: `planned.json` of a kit. No password is in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expectation {
    /// When it was planned, ISO 8601.
    pub time: String,
    /// The plan's name, [`Plan::id`].
    pub plan: String,
    /// The profile's id.
    pub profile: String,
    /// SHA-256 of the files that were made of the plan: none of them is an export.
    pub files: Vec<String>,
    /// What was chosen of the profile's policies, by default too: by which column people are known is one of them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub policies: BTreeMap<String, String>,
    /// Columns that are one of the profile's fields under another name, by the form of it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub uses: Uses,
    /// How the LMS heads the column that says who somebody is; none where nothing does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The columns in which something is expected.
    pub columns: Vec<Place>,
    /// The columns that are sent and that the LMS fills for nobody: somebody new of whom nothing is expected there has
    /// nothing there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blank_of_new: Vec<Place>,
    /// Those whom the upload is to make, change or take away.
    pub people: Vec<Expected>,
    /// What a fresh export shows once it is done.
    pub by_hand: Vec<Left>,
    /// Whom other parts of the same plan are about: they may be as before, or as planned there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elsewhere: Vec<Expected>,
}

/// A column, in whatever order and under whichever of its names an export has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Its header, as the LMS has it.
    pub name: String,
    /// The profile's field; none for a column that it does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// What one person should be like afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// What was to become of them.
    pub action: Action,
    /// Blank where the LMS gives the key.
    pub key: String,
    /// The key that they are to have once somebody has put it in by hand; none where it stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renamed: Option<String>,
    /// What they are called, as planned.
    pub name: String,
    /// What the LMS's own pages tell them by; see [`known_by`].
    pub known_by: String,
    /// What each column should hold.
    pub cells: BTreeMap<String, String>,
    /// Columns of which nobody has written down what becomes of them: they may change or not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<String>,
    /// What each of those may hold, the likeliest first; what is not among them was not planned. A kit of before this was
    /// written down has none, and there everything may be.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub may: BTreeMap<String, Vec<String>>,
    /// A password goes along, which no export shows.
    #[serde(default, skip_serializing_if = "is_false")]
    pub password: bool,
}

/// What is left to somebody to do by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// The key of the person whom it is about.
    pub key: String,
    /// What they are called.
    pub name: String,
    /// What the LMS's own pages tell them by; see [`known_by`].
    pub known_by: String,
    /// The column's header, as the LMS has it.
    pub column: String,
    /// What it should hold.
    pub value: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl Place {
    /// Where a roster has it: what an account's own column was taken for, the roster's profile need not know.
    pub fn in_roster(&self, roster: &Roster) -> Option<usize> {
        let of_field = self.field.as_deref().and_then(|field| roster.column_of(field));
        of_field.or_else(|| {
            let form = header_form(&self.name);
            // A column that only the proof takes for the key is the same column.
            let is_free = |c: &Column| c.field.is_none() || self.field.is_none();
            let named = |c: &&Column| c.form == form && is_free(c);
            roster.columns.iter().find(named).map(|c| c.at)
        })
    }
}

impl Expected {
    /// What the upload is to bring about in a column; none where it leaves it alone.
    pub fn in_column(&self, place: &Place, planned: &Expectation) -> Option<&str> {
        let blank = || {
            let is_open = self.open.contains(&place.name) || self.may.contains_key(&place.name);
            let is_new = self.action == Action::Create && !is_open;
            (is_new && planned.blank_of_new.contains(place)).then_some("")
        };
        self.cells.get(&place.name).map(String::as_str).or_else(blank)
    }

    /// Whether something is said of a column, be it that nobody knows what becomes of it.
    pub fn is_about(&self, place: &Place, planned: &Expectation) -> bool {
        let name = &place.name;
        self.in_column(place, planned).is_some()
            || self.open.contains(name)
            || self.may.contains_key(name)
    }
}

impl Expectation {
    /// Reads an export as what was planned has it: with the same key, and under the same names.
    pub fn read(&self, table: Table, profile: &Arc<Profile>) -> Roster {
        let profile = profile.with_policies(&Choices::recorded(&self.policies));
        let mut uses = of_older(table.names(), &profile, &profile.uses);
        uses.extend(self.uses_in(table.names(), &profile));
        Roster::read(table, profile.matched(uses))
    }

    /// What columns of an export are one of the profile's fields under another name, as it was when this was planned.
    pub fn uses_in(&self, names: &[String], profile: &Profile) -> Uses {
        let mut uses = of_older(names, profile, &self.uses);
        let is_known = |used: &Use| match used {
            Use::Field { field } => profile.field(field).is_some(),
            Use::Keep | Use::Leave => true,
        };
        uses.retain(|_, used| is_known(used));
        uses
    }

    /// All columns of which it says something of anybody.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        let more = self.blank_of_new.iter().filter(|place| !self.columns.contains(place));
        self.columns.iter().chain(more)
    }

    /// As a file of a kit has it.
    pub fn to_json(&self) -> Result<Vec<u8>> {
        let what = "what was planned could not be written down";
        let mut text =
            serde_json::to_string_pretty(self).map_err(|e| Failure::internal(what).why(e))?;
        text.push('\n');
        Ok(text.into_bytes())
    }

    /// Whether somebody of a plan is one of those whom the upload is to change, or who have something to be done by hand
    /// beside it. Who is new may have no key yet.
    pub fn is_about(&self, planned: &PlannedPerson) -> bool {
        let person = &planned.person;
        let is_sent = self.people.iter().any(|expected| {
            expected.key == person.key
                && (!person.key.is_empty() || expected.name == person.name)
                && (expected.action == Action::Create) == (person.action == Action::Create)
        });
        let is_left = |left: &Left| !left.key.is_empty() && left.key == person.key;
        is_sent || self.by_hand.iter().any(is_left)
    }

    /// Reads the `planned.json` of a kit. Fails with kind `Format` where it is none.
    pub fn from_json(bytes: &[u8]) -> Result<Expectation> {
        const MOST_PEOPLE: usize = 5_000_000;
        let refused = |failure: Failure| {
            failure.hint("Take the `planned.json` of an upload kit as Muster made it.")
        };
        let cannot = || Failure::new(FailureKind::Format, "what was planned cannot be read");
        let read: Expectation =
            serde_json::from_slice(bytes).map_err(|e| refused(cannot().why(e)))?;
        match read.people.len() > MOST_PEOPLE {
            true => {
                Err(refused(cannot().why(format!("it is about more than {MOST_PEOPLE} people"))))
            }
            false => Ok(read),
        }
    }
}
