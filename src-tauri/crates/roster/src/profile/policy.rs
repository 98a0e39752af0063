//! What the LMS asks for at each upload.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Field, KeyGiver, Profile, header_form};

/// A choice that the LMS asks for at each upload, or that the plan has to make.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// `groups`, `roles`, `invitations`, `blanks`, `missing`, `errors`, `scope`, `sync-field`, `seats`,
    /// `import-groups`, `message`, `notes`, `new-fields`, `assignment`.
    pub id: String,
    /// "Groups of people who exist already".
    pub title: String,
    /// The field it is about, if it is about one.
    #[serde(default)]
    pub field: Option<String>,
    /// What is asked for.
    #[serde(default)]
    pub takes: Takes,
    /// What there is to choose from, where something is to be chosen.
    #[serde(default)]
    pub choices: Vec<Choice>,
    /// What stands beside the columns of the file, where any of them may be chosen.
    #[serde(default)]
    pub other: String,
    /// None where the LMS has no default and the person has to say.
    #[serde(default)]
    pub default: Option<String>,
    /// Where the vendor says so.
    #[serde(default)]
    pub source: String,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// `add`, `replace`, `on`, `off`, `keep`, `clear`, `deactivate`.
    pub id: String,
    /// "Add".
    pub title: String,
    /// What the LMS does then, as a sentence.
    pub says: String,
    /// The field that then says who a person is.
    #[serde(default)]
    pub key: Option<String>,
}

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
    /// Rules that put people into groups: see `plan::assignment`.
    Assignment,
}

impl Takes {
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

impl Policy {
    /// Why something cannot be the answer; with what would do.
    pub fn refuses(&self, answer: &str) -> Option<String> {
        let known = self.choices.iter().any(|c| c.id == answer);
        match self.takes {
            Takes::Choice if !known => {
                let known: Vec<&str> = self.choices.iter().map(|c| c.id.as_str()).collect();
                Some(known.join(", "))
            }
            Takes::Column if answer.trim().is_empty() => Some("the name of a column".into()),
            Takes::Number if !answer.is_empty() && answer.trim().parse::<u32>().is_err() => {
                Some("a whole number".into())
            }
            Takes::Assignment => super::assignment::Rules::read(answer).err(),
            _ => None,
        }
    }

    /// Whether nothing can be sent until somebody has answered.
    pub fn has_to_be_answered(&self) -> bool {
        matches!(self.takes, Takes::Choice | Takes::Column)
    }

    pub(super) fn sound(&self) -> Result<(), String> {
        if let Some(default) = &self.default
            && self.refuses(default).is_some()
        {
            return Err(format!("the policy `{}` has no choice `{default}`", self.id));
        }
        if self.takes == Takes::Choice && self.choices.is_empty() {
            return Err(format!("the policy `{}` has nothing to choose from", self.id));
        }
        Ok(())
    }
}

impl Profile {
    /// The profile as it is once the answers are given: another column may say who a person is.
    pub fn under(self: &Arc<Profile>, answers: &BTreeMap<String, String>) -> Arc<Profile> {
        let asks = |p: &&Policy| {
            p.takes == Takes::Column || p.choices.iter().any(|choice| choice.key.is_some())
        };
        let Some(policy) = self.policies.iter().find(asks) else { return self.clone() };
        let Some(answer) = answers.get(&policy.id).or(policy.default.as_ref()) else {
            return self.clone();
        };
        let choice = policy.choices.iter().find(|choice| choice.id == *answer);
        let column = choice.map_or(answer, |choice| choice.key.as_ref().unwrap_or(answer));
        if *column == self.key.field { self.clone() } else { Arc::new(self.keyed_by(column)) }
    }

    /// The same with another field, or a column that is none of its fields, as the key.
    fn keyed_by(&self, column: &str) -> Profile {
        let mut profile = self.clone();
        if let Some(former) = profile.fields.iter_mut().find(|f| f.id == self.key.field) {
            former.needed = false;
            former.required = false;
        }
        let form = header_form(column);
        let is_it = |f: &&mut Field| f.id == column || f.is_headed(&form);
        let id = match profile.fields.iter_mut().find(is_it) {
            Some(field) => {
                field.needed = true;
                field.required = true;
                field.id.clone()
            }
            None => {
                profile.fields.push(Field {
                    id: column.to_owned(),
                    title: column.to_owned(),
                    headers: vec![column.to_owned()],
                    needed: true,
                    required: true,
                    ..Field::default()
                });
                column.to_owned()
            }
        };
        profile.key.field = id;
        profile.key.given_by = KeyGiver::You;
        profile.key.falls_back_to = None;
        profile
    }
}
