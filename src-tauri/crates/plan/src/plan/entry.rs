//! What a plan says: about each person, each cell, and as a whole.

use serde::{Deserialize, Serialize};

use muster_roster::profile::KeyGiver;
use muster_roster::roster::{Column, Roster};

/// What would become of one person. The order is the one in which a plan lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// The LMS would remove them for good.
    Delete,
    /// They are not in the file, and the LMS would take their access away.
    Deactivate,
    /// Nothing can be sent of them: they have an error, or nothing says who they are.
    Blocked,
    /// They were not active, and would be again.
    Reactivate,
    /// Something of them would change.
    Update,
    /// They would be new to the LMS.
    Create,
    /// They would stay as they are, although the file says otherwise or does not have them.
    Ignored,
    /// Nothing is to be done.
    Same,
}

impl Action {
    /// Whether somebody with it is as the LMS has them only after the push.
    pub fn changes(self) -> bool {
        !matches!(self, Action::Blocked | Action::Ignored | Action::Same)
    }
}

/// How many people an action stands for; everybody of roster and snapshot is in one number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct PlanCounts {
    /// Who would be new.
    pub create: u32,
    /// Whose cells would change.
    pub update: u32,
    /// Who would lose their access.
    pub deactivate: u32,
    /// Who would get it back.
    pub reactivate: u32,
    /// Who would be removed for good.
    pub delete: u32,
    /// Who is to stay as they are.
    pub same: u32,
    /// Who would stay as they are, although the file says otherwise or does not have them.
    pub ignored: u32,
    /// Whom nothing can be sent of: they have an error, or nothing says who they are.
    pub blocked: u32,
}

/// What would happen to one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct PersonPlan {
    /// As the file has it, or the snapshot where the person is not in the file; blank where the LMS gives keys and the
    /// person is new.
    pub key: String,
    /// What the person is called; the key where no column holds a name.
    pub name: String,
    /// None for someone who is not in the file.
    pub line: Option<u32>,
    /// The row's id in the roster; none for someone who is not in the file.
    pub row: Option<u32>,
    /// What would become of them.
    pub action: Action,
    /// The reason, for people only.
    pub why: String,
    /// The cells that would change, or that the file would change and cannot.
    pub cells: Vec<CellPlan>,
}

/// What would become of one cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct CellPlan {
    /// The roster's column; none for what is no column of it, such as the groups that come with the import.
    #[serde(skip)]
    #[cfg_attr(feature = "bindings", ts(skip))]
    pub column: Option<u32>,
    /// What the column is called: its header, as the file has it.
    #[serde(rename = "column")]
    pub title: String,
    /// What the LMS has, as far as the snapshot knows; blank where it has nothing, `•••` for a password that it has.
    pub before: String,
    /// What the file says; `•••` for a password.
    pub after: String,
    /// What the LMS will hold afterwards under the policies (Add keeps what it had).
    pub result: String,
    /// Why that is not simply what the file says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub why: Option<String>,
    /// What it may come to where nobody has written down which: the likeliest first. Else nothing.
    #[serde(skip)]
    #[cfg_attr(feature = "bindings", ts(skip))]
    pub may: Vec<String>,
}

impl CellPlan {
    /// The roster's column that it is a cell of.
    pub fn column_of<'r>(&self, roster: &'r Roster) -> Option<&'r Column> {
        roster.columns.get(self.column? as usize)
    }
}

/// A change that no file can make; someone has to do it on the LMS's own page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ByHand {
    /// The key of the person whom it is about.
    pub key: String,
    /// The person as the LMS has them until then.
    pub name: String,
    /// What its pages tell this person by: the key, or the username where a key is the LMS's own.
    pub known_by: String,
    /// The column's header, as the LMS has it.
    pub column: String,
    /// What the LMS has until then.
    pub before: String,
    /// What is to be put there.
    pub value: String,
    /// Where in the LMS it is done.
    pub r#where: String,
}

impl ByHand {
    /// "Ada Lo (`ada`)".
    pub fn who(&self) -> String {
        who(&self.name, &self.known_by)
    }
}

/// A person in a sentence.
pub fn who(name: &str, known_by: &str) -> String {
    match (name, known_by) {
        ("", known_by) => format!("`{known_by}`"),
        (name, known_by) if name == known_by || known_by.is_empty() => name.to_owned(),
        _ => format!("{name} (`{known_by}`)"),
    }
}

/// What the LMS's own pages tell a person by: the key, or the username where keys are the LMS's own.
pub fn known_by(roster: &Roster, row: u32) -> String {
    let own = roster.profile.key.given_by == KeyGiver::Lms;
    let other = roster.columns.iter().find(|c| own && c.unique.is_some() && !c.is_key);
    let known = other.map(|c| roster.table.cell(row, c.at)).filter(|cell| !cell.trim().is_empty());
    known.unwrap_or_else(|| roster.key_text(row)).into_owned()
}

/// What a push does beside changing people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Effects {
    /// How many people get a mail that invites them; 0 where nobody chose that.
    pub invitations: u32,
    /// How many people get another password.
    pub password_resets: u32,
    /// How many people are active once it is carried out.
    pub seats_after: u32,
    /// Columns of which the LMS would make a field for everybody, by their headers.
    pub fields_created: Vec<String>,
    /// Further effects, each a sentence with its number.
    pub also: Vec<String>,
    /// Those who stay active because the file leaves them out: perhaps they have left.
    #[serde(default)]
    pub staying: Vec<Staying>,
    /// What is to be done with those of them who have: "If they have left, …"; blank where nobody stays.
    #[serde(default)]
    pub if_they_left: String,
}

/// Somebody whom the LMS has and the file does not, and who stays active in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Staying {
    /// The key.
    pub key: String,
    /// What they are called; blank where nothing but the key says it.
    pub name: String,
    /// What the LMS's pages tell this person by.
    pub known_by: String,
}

/// A reason a plan is held unless the person insists by typing its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Guard {
    /// `delete`, `deactivate`, `change`, `key`, `membership`, `password`, `field`, `same`, `admin`, `new`, `scope`, `stale`, `own-account` or `changed-there`.
    pub id: String,
    /// How many it counts, and the number that releases it: people, of `field` fields, of `stale` days.
    pub actual: u32,
    /// How many people the snapshot has.
    pub of: u32,
    /// "5 %".
    pub limit: String,
    /// Whether it holds the plan; else it is only told.
    pub held: bool,
    /// What it counts, its limit, and how it is released: whole sentences.
    pub message: String,
}

impl PlanCounts {
    pub(super) fn add(&mut self, action: Action, by: u32) {
        *match action {
            Action::Create => &mut self.create,
            Action::Update => &mut self.update,
            Action::Deactivate => &mut self.deactivate,
            Action::Reactivate => &mut self.reactivate,
            Action::Delete => &mut self.delete,
            Action::Same => &mut self.same,
            Action::Ignored => &mut self.ignored,
            Action::Blocked => &mut self.blocked,
        } += by;
    }

    /// Everybody: the people of the roster, and those of the snapshot whom it does not have.
    pub fn all(&self) -> u32 {
        self.create
            + self.update
            + self.deactivate
            + self.reactivate
            + self.delete
            + self.same
            + self.ignored
            + self.blocked
    }

    /// How many people would not be as they were.
    pub fn changed(&self) -> u32 {
        self.create + self.update + self.deactivate + self.reactivate + self.delete
    }
}
