//! What the LMS asks for at each upload.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use super::assignment::Rules;
use super::choices::{
    self, AddOrReplace, Choices, Invitations, Missing, NewFields, NewGroups, Scope,
};
use super::file::nearest;
use super::{Blank, Field, KeyGiver, OnErrors, Profile, Spelt, header_form, schema};

choices::spelt! {
    /// The policies that the engine knows the meaning of.
    PolicyId {
        /// Groups of people who have some already.
        Groups = "groups",
        /// Roles of people who have some already.
        Roles = "roles",
        /// Whether new people get a mail.
        Invitations = "invitations",
        /// What a blank cell does to somebody who exists.
        Blanks = "blanks",
        /// People who are not in the file.
        Missing = "missing",
        /// Whether an error stops the file or only its row.
        Errors = "errors",
        /// Whether the file is the whole list.
        Scope = "scope",
        /// The column that says who somebody is.
        SyncField = "sync-field",
        /// How many people the licence allows.
        Seats = "seats",
        /// Groups for everybody in the file.
        ImportGroups = "import-groups",
        /// What the invitation says.
        Message = "message",
        /// What is remembered of an upload.
        Notes = "notes",
        /// Columns that the LMS does not know.
        NewFields = "new-fields",
        /// Groups that the LMS does not have.
        NewGroups = "new-groups",
        /// Rules by which the LMS puts new people into groups.
        Assignment = "assignment",
    }
}

impl PolicyId {
    /// Whether it is about what becomes of several values of a field.
    fn is_of_a_field(self) -> bool {
        matches!(self, PolicyId::Groups | PolicyId::Roles)
    }

    /// The choices that mean something; none where a choice means nothing but itself.
    pub(super) fn choices(self) -> Vec<&'static str> {
        match self {
            PolicyId::Groups | PolicyId::Roles => choices::words::<AddOrReplace>().collect(),
            PolicyId::Invitations => choices::words::<Invitations>().collect(),
            PolicyId::Blanks => choices::words::<Blank>().collect(),
            PolicyId::Missing => choices::words::<Missing>().collect(),
            PolicyId::Errors => choices::words::<OnErrors>().collect(),
            PolicyId::Scope => choices::words::<Scope>().collect(),
            PolicyId::NewFields => choices::words::<NewFields>().collect(),
            PolicyId::NewGroups => choices::words::<NewGroups>().collect(),
            PolicyId::SyncField
            | PolicyId::Seats
            | PolicyId::ImportGroups
            | PolicyId::Message
            | PolicyId::Notes
            | PolicyId::Assignment => Vec::new(),
        }
    }

    /// What may be asked for.
    fn takes(self) -> &'static [Takes] {
        match self {
            PolicyId::SyncField => &[Takes::Choice, Takes::Column],
            PolicyId::Seats => &[Takes::Number],
            PolicyId::ImportGroups => &[Takes::Values],
            PolicyId::Message | PolicyId::Notes => &[Takes::Text],
            PolicyId::Assignment => &[Takes::Assignment],
            _ => &[Takes::Choice],
        }
    }
}

/// A choice that the LMS asks for at each upload, or that the plan has to make.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, remote = "Self")]
#[schemars(rename = "Policy", transform = schema::name_policies)]
pub struct Policy {
    /// One of those that Muster knows; any other for a policy that is about a `field`, or is `own`.
    pub id: String,
    /// A switch of the vendor's own, which Muster only passes on to whoever uploads and to the receipt.
    #[serde(default)]
    pub own: bool,
    /// "Groups of people who exist already".
    #[serde(default)]
    pub title: String,
    /// The field of several values that it is about, if it is about one: whether they are added or replaced.
    #[serde(default)]
    pub field: Option<String>,
    /// What is asked for.
    #[serde(default, rename = "type")]
    pub takes: Takes,
    /// What there is to choose from, where something is to be chosen.
    #[serde(default)]
    pub choices: Vec<Choice>,
    /// What stands beside the columns of the file, where any of them may be chosen.
    #[serde(default)]
    pub other: String,
    /// What the LMS's page calls it when any of them is chosen.
    #[serde(default)]
    pub other_title: String,
    /// None where the LMS has no default and the person has to say.
    #[serde(default)]
    pub default: Option<String>,
    /// Where the vendor says so.
    #[serde(default)]
    pub source: String,
    /// Muster asks it of every list, whatever the LMS; an answer only says what is told and checked.
    #[serde(skip)]
    pub of_every_list: bool,
}

/// One answer that a policy takes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// `add`, `replace`, `on`, `off`, `keep`, `clear`, `deactivate`.
    pub id: String,
    /// "Add".
    pub title: String,
    /// Whether the title is written so on the LMS's own page, to be clicked there; else it is Muster's word for it, and what
    /// is to be clicked stands in `says`.
    #[serde(default)]
    pub button: bool,
    /// What the LMS does then, as a sentence.
    pub says: String,
    /// The field that then says who a person is.
    #[serde(default)]
    pub key: Option<String>,
    /// Whom the LMS then leaves as they are whatever the file says, where no file shows who that is: "people who were
    /// edited in Emtrain".
    #[serde(default)]
    pub passes_over: Option<String>,
}

/// What may be answered to a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Takes {
    /// One of the choices.
    #[default]
    Choice,
    /// One of the choices, or any column of the file.
    Column,
    /// Something to say, or nothing.
    Text,
    /// A whole number, or nothing.
    Number,
    /// Several values, one from the next by a semicolon, or none.
    Values,
    /// Rules that put people into groups: see `profile::assignment`.
    Assignment,
}

impl Takes {
    /// How it is spelt in profile files: "choice".
    pub fn word(self) -> &'static str {
        match self {
            Takes::Choice => "choice",
            Takes::Column => "column",
            Takes::Text => "text",
            Takes::Number => "number",
            Takes::Values => "values",
            Takes::Assignment => "assignment",
        }
    }
}

/// A policy is looked at wherever one is read: none that nobody understands comes further.
impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Policy, D::Error> {
        let policy = Policy::deserialize(deserializer)?;
        policy.validate().map_err(D::Error::custom)?;
        Ok(policy)
    }
}

impl Choice {
    /// The id of the column that it stands for, where a policy asks for one.
    pub fn column(&self) -> &str {
        self.key.as_deref().unwrap_or(&self.id)
    }
}

impl Policy {
    /// Which of those it is that the engine knows; none for the vendor's own, and for a field by a name of its own.
    pub fn known(&self) -> Option<PolicyId> {
        PolicyId::read(&self.id)
    }

    /// A choice by its id, such as `replace`.
    pub fn choice(&self, id: &str) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.id == id)
    }

    /// Why something cannot be the answer; with what would do.
    pub fn refuses(&self, answer: &str) -> Option<String> {
        match self.takes {
            Takes::Choice if self.choice(answer).is_none() => Some(self.choice_ids().join(", ")),
            Takes::Column if answer.trim().is_empty() => Some("the name of a column".into()),
            Takes::Number if !answer.is_empty() && answer.trim().parse::<u32>().is_err() => {
                Some("a whole number".into())
            }
            Takes::Assignment => Rules::read(answer).err(),
            _ => None,
        }
    }

    fn choice_ids(&self) -> Vec<&str> {
        self.choices.iter().map(|choice| choice.id.as_str()).collect()
    }

    /// Whether any column of the file may be the answer.
    pub fn takes_any_column(&self) -> bool {
        self.takes == Takes::Column
    }

    /// The columns that it can be, in words.
    pub(super) fn columns(&self, of_file: &[String]) -> String {
        let ids = self.choice_ids().join(", ");
        if !self.takes_any_column() {
            return format!("{ids}, or the header of one of these");
        }
        let named = of_file.iter().filter(|name| !header_form(name).is_empty());
        let named: Vec<String> = named.map(|name| format!("`{name}`")).collect();
        format!("{ids}, or a column of the file: {}", named.join(", "))
    }

    /// Whether nothing can be sent until somebody has answered.
    pub fn has_to_be_answered(&self) -> bool {
        matches!(self.takes, Takes::Choice | Takes::Column)
    }

    fn validate(&self) -> Result<(), String> {
        let id = &self.id;
        let known = self.known();
        let means = match (known, self.own, &self.field) {
            (Some(_), true, _) => {
                return Err(format!(
                    "Muster knows what the policy `{id}` means, so it is no vendor's `own`"
                ));
            }
            (None, true, None) => Vec::new(),
            (None, true, Some(_)) => {
                return Err(format!(
                    "the policy `{id}` is the vendor's `own`, so it is about no `field`"
                ));
            }
            (Some(known), false, None) if known.is_of_a_field() => {
                return Err(format!("the policy `{id}` does not say which `field` it is about"));
            }
            (Some(known), false, Some(_)) if !known.is_of_a_field() => {
                return Err(format!("the policy `{id}` is about no `field`"));
            }
            (Some(known), false, _) => known.choices(),
            // A field's policy may have a name of its own, but not one that is nearly another's.
            (None, false, Some(_)) if nearest(id, 1, choices::words::<PolicyId>()).is_none() => {
                PolicyId::Groups.choices()
            }
            (None, false, _) => return Err(no_such_policy(id)),
        };
        if self.title.is_empty() {
            return Err(format!("the policy `{id}` has no `title`"));
        }
        let takes = match known {
            Some(known) => known.takes(),
            None if self.own => &[Takes::Choice, Takes::Text, Takes::Number, Takes::Values],
            None => &[Takes::Choice],
        };
        if !takes.contains(&self.takes) {
            let takes: Vec<String> =
                takes.iter().map(|takes| format!("`{}`", takes.word())).collect();
            return Err(format!(
                "the policy `{id}` takes {}, not `{}`",
                takes.join(" or "),
                self.takes.word()
            ));
        }
        if self.takes == Takes::Choice && self.choices.is_empty() {
            return Err(format!("the policy `{id}` has nothing to choose from"));
        }
        for choice in &self.choices {
            if !means.is_empty() && !means.contains(&choice.id.as_str()) {
                return Err(self.no_such_choice(&choice.id, &means));
            }
            if choice.key.is_some() && known != Some(PolicyId::SyncField) {
                return Err(format!("no choice of the policy `{id}` stands for a `key`"));
            }
        }
        match &self.default {
            Some(default) if self.refuses(default).is_some() => {
                Err(self.no_such_choice(default, &self.choice_ids()))
            }
            _ => Ok(()),
        }
    }

    fn no_such_choice(&self, choice: &str, known: &[&str]) -> String {
        let meant = did_you_mean(nearest(choice, 2, known.iter().copied()));
        let there = match known {
            [] => String::new(),
            known => format!("{meant} There are {}", listed(known.iter().copied())),
        };
        format!("the policy `{}` has no choice `{choice}`{there}", self.id)
    }
}

fn no_such_policy(id: &str) -> String {
    let meant = did_you_mean(nearest(id, 2, choices::words::<PolicyId>()));
    let known = listed(choices::words::<PolicyId>());
    format!(
        "there is no policy `{id}`{meant} There are {known}; \
         a switch of the vendor's own, which is only passed on, says `own = true`"
    )
}

fn did_you_mean(near: Option<&str>) -> String {
    near.map_or(".".to_owned(), |near| format!("; did you mean `{near}`?"))
}

fn listed<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

impl Profile {
    /// The profile as it is once the choices are made: another column may say who a person is.
    pub fn with_policies(self: &Arc<Profile>, choices: &Choices) -> Arc<Profile> {
        let Some(policy) = self.policy(PolicyId::SyncField) else { return self.clone() };
        let Some(answer) = choices.answer_to(policy) else { return self.clone() };
        let column = policy.choice(answer).map_or(answer, Choice::column);
        if column == self.key.field { self.clone() } else { Arc::new(self.keyed_by(column)) }
    }

    /// The same with another field, or a column that is none of its fields, as the key.
    fn keyed_by(&self, column: &str) -> Profile {
        let mut profile = self.clone();
        if let Some(former) = profile.fields.iter_mut().find(|f| f.id == self.key.field) {
            former.column_required = false;
            former.value_required = false;
            former.is_given_there = self.key.given_by == KeyGiver::Lms;
        }
        let form = header_form(column);
        let is_it = |f: &&mut Field| f.id == column || f.is_headed(&form);
        let id = match profile.fields.iter_mut().find(is_it) {
            Some(field) => {
                field.column_required = true;
                field.value_required = true;
                field.id.clone()
            }
            None => {
                profile.fields.push(Field {
                    id: column.to_owned(),
                    title: column.to_owned(),
                    headers: vec![column.to_owned()],
                    column_required: true,
                    value_required: true,
                    ..Field::default()
                });
                column.to_owned()
            }
        };
        let is_given = profile.field(&id).is_some_and(|field| field.is_given_there);
        profile.key.field = id;
        profile.key.given_by = if is_given { KeyGiver::Lms } else { KeyGiver::You };
        profile.key.falls_back_to = None;
        profile
    }
}
