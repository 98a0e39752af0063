//! What a plan wants of each person, to be kept until a fresh export is there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::plan::{Action, NOT_DOCUMENTED, Plan, PlannedPerson, known_by};
use muster_roster::profile::header_form;
use muster_roster::roster::{Column, Roster};
use muster_rules::checker::Checker;
use muster_table::error::{Failure, FailureKind, Result};
use muster_table::narrow;

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
    /// The columns in which something is expected.
    pub columns: Vec<Place>,
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
    /// Its header, as the roster had it.
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
    /// The column's header, as the roster had it.
    pub column: String,
    /// What it should hold.
    pub value: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl Place {
    fn of(column: &Column, roster: &Roster) -> Place {
        Place {
            name: column.name.clone(),
            field: roster.field(column.at).map(|field| field.id.clone()),
        }
    }

    /// Where a roster has it.
    pub fn in_roster(&self, roster: &Roster) -> Option<usize> {
        match &self.field {
            Some(field) => roster.column_of(field),
            None => {
                let form = header_form(&self.name);
                let named = |c: &&Column| c.field.is_none() && c.form == form;
                roster.columns.iter().find(named).map(|c| c.at)
            }
        }
    }
}

impl Expectation {
    /// What a plan wants of each person whom it changes. `files` are the SHA-256 of what was made of it.
    pub fn of(plan: &Plan, checker: &Checker, at: &str, files: Vec<String>) -> Expectation {
        let roster = &checker.context().roster;
        let writer = Writer { plan, checker };
        let people: Vec<Expected> = plan.people.iter().filter_map(|p| writer.expected(p)).collect();
        let elsewhere: Vec<Expected> =
            plan.elsewhere.iter().filter_map(|p| writer.expected(p)).collect();
        let by_hand = writer.by_hand();
        let is_used = |c: &&Column| {
            people
                .iter()
                .chain(&elsewhere)
                .any(|p| p.cells.contains_key(&c.name) || p.open.contains(&c.name))
                || by_hand.iter().any(|left| left.column == c.name)
        };
        let columns = roster.columns.iter().filter(is_used).map(|c| Place::of(c, roster)).collect();
        Expectation {
            time: at.to_owned(),
            plan: plan.id.clone(),
            profile: plan.profile.id.clone(),
            files,
            columns,
            people,
            by_hand,
            elsewhere,
        }
    }
}

impl Expectation {
    /// As a file of a kit has it.
    pub fn to_json(&self) -> Result<Vec<u8>> {
        let what = "what was planned could not be written down";
        let mut text =
            serde_json::to_string_pretty(self).map_err(|e| Failure::internal(what).why(e))?;
        text.push('\n');
        Ok(text.into_bytes())
    }

    /// Whether somebody of a plan is one of those whom the upload is to change. Who is new may have no key yet.
    pub fn is_about(&self, planned: &PlannedPerson) -> bool {
        let person = &planned.person;
        self.people.iter().any(|expected| {
            expected.key == person.key
                && (!person.key.is_empty() || expected.name == person.name)
                && (expected.action == Action::Create) == (person.action == Action::Create)
        })
    }

    /// Reads the `planned.json` of a kit. Fails with kind `Format` where it is none.
    pub fn from_json(bytes: &[u8]) -> Result<Expectation> {
        serde_json::from_slice(bytes).map_err(|e| {
            Failure::new(FailureKind::Format, "what was planned cannot be read")
                .why(e)
                .hint("Take the `planned.json` of an upload kit as Muster made it.")
        })
    }
}

struct Writer<'a> {
    plan: &'a Plan,
    checker: &'a Checker,
}

impl Writer<'_> {
    fn roster(&self) -> &Roster {
        &self.checker.context().roster
    }

    fn column(&self, name: &str) -> Option<&Column> {
        self.roster().columns.iter().find(|c| c.name == name)
    }

    fn expected(&self, planned: &PlannedPerson) -> Option<Expected> {
        use Action::{Create, Deactivate, Delete, Reactivate, Update};
        let person = &planned.person;
        if !matches!(person.action, Create | Update | Deactivate | Reactivate | Delete) {
            return None;
        }
        let mut cells = BTreeMap::new();
        let mut open = Vec::new();
        let mut password = false;
        for cell in &person.cells {
            // What no column of the file stands for, such as the groups of the import, no export can be asked about.
            let Some(column) = cell.column_of(self.roster()) else { continue };
            let field = self.roster().field(column.at);
            // What is there of somebody new whom no file gives it is not known before it is done.
            let never = person.action == Create && field.is_some_and(|f| f.never_by_file);
            let by_hand = never || planned.as_before.contains(&narrow::place(column.at));
            password |= column.is_secret();
            let is_known = cell.result != NOT_DOCUMENTED || cell.why.is_none();
            if column.is_secret() || by_hand {
                continue;
            }
            if is_known {
                cells.entry(cell.title.clone()).or_insert_with(|| cell.result.clone());
            } else {
                open.push(cell.title.clone());
            }
        }
        let snapshot = self.checker.context().snapshot.as_ref();
        let known_by = match (person.row, planned.was, snapshot) {
            (Some(row), _, _) => known_by(self.roster(), row),
            (None, Some(was), Some(snapshot)) => known_by(snapshot, was),
            _ => person.key.clone(),
        };
        Some(Expected {
            action: person.action,
            key: person.key.clone(),
            renamed: self.renamed(planned),
            name: person.name.clone(),
            known_by,
            cells,
            open,
            password,
        })
    }

    /// The key of somebody who exists and stands in the roster under another.
    fn renamed(&self, planned: &PlannedPerson) -> Option<String> {
        let row = planned.person.row.filter(|_| planned.was.is_some())?;
        let key = self.roster().key_text(row);
        let same = |key: &str| self.roster().key_form(key).into_owned();
        (same(&key) != same(&planned.person.key)).then(|| key.into_owned())
    }

    /// What can be done by hand, and can be seen once it is done.
    fn by_hand(&self) -> Vec<Left> {
        let roster = self.roster();
        let seen = self.plan.by_hand.iter().filter(|by_hand| {
            self.column(&by_hand.column).is_some_and(|column| {
                let fixed = roster.field(column.at).is_some_and(|field| field.read_only);
                !column.is_secret() && !fixed
            })
        });
        seen.map(|by_hand| Left {
            key: by_hand.key.clone(),
            name: by_hand.name.clone(),
            known_by: by_hand.known_by.clone(),
            column: by_hand.column.clone(),
            value: by_hand.value.clone(),
        })
        .collect()
    }
}
