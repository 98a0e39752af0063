//! What somebody looked at and let stand. A finding that is waived is not told, stops nobody, and is counted.
//!
//! Whoever keeps waivers hands them to [`CheckContext::waivers`] before a checker is made of it. A group that is real
//! needs no waiver: it is a value more on the list of groups.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{CheckContext, Concerns, RULES, rule_index};
use muster_roster::finding::Finding;
use muster_roster::profile::Profile;
use muster_table::words::MASK;

/// One kind of finding that is let stand, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Waiver {
    /// The rule's code: `group-unknown`.
    pub rule: String,
    /// The id of the column's field, or its name without case and signs; none for the whole file.
    pub column: Option<String>,
    /// The value that was found, as the finding has it.
    pub value: String,
    /// The key of the one person whom it is about; none for everybody who has this value.
    pub person: Option<String>,
    /// Why, in the words of whoever waived it.
    pub reason: String,
    /// When, ISO 8601; blank where nobody says.
    #[serde(default)]
    pub at: String,
    /// Who let it stand: the user name on that computer; blank where nobody says.
    #[serde(default)]
    pub by: String,
}

/// All that are let stand, in the order in which they were given.
#[derive(Debug, Clone, Default)]
pub struct Waivers(Vec<Waiver>);

impl Waivers {
    /// These; the first of several alike counts.
    pub fn new(waivers: Vec<Waiver>) -> Waivers {
        Waivers(waivers)
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = &Waiver> {
        self.0.iter()
    }

    /// Whether any is about a rule, so that texts need be made only then.
    pub(crate) fn is_about(&self, rule: u8) -> bool {
        !self.0.is_empty() && self.0.iter().any(|w| rule_index(&w.rule) == Some(rule))
    }

    /// The place of the one that lets a finding stand.
    pub(crate) fn of(
        &self,
        context: &CheckContext,
        rule: u8,
        (row, column): (Option<u32>, Option<usize>),
        value: &str,
    ) -> Option<usize> {
        let code = RULES[usize::from(rule)].code;
        if !may_be(context, rule) || column.is_some_and(|c| is_secret(context, c)) {
            return None;
        }
        let place = column.map(|column| column_word(context, column));
        let key = row.map(|row| context.roster.key_text(row));
        let is_them = |person: &String| {
            let form = |key: &str| context.roster.key_form(key).into_owned();
            key.as_deref().is_some_and(|key| form(key) == form(person))
        };
        self.0.iter().position(|w| {
            w.rule == code
                && w.value == value
                && w.column.as_deref() == place.as_deref()
                && w.person.as_ref().is_none_or(is_them)
        })
    }
}

impl Waiver {
    /// One that lets a finding stand: for everybody who has this value, or where it has none, for this person alone.
    /// None where it may not be waived, because nobody could be told from somebody else then, because the vendor's own
    /// words say that it is refused, or because it is about a password.
    pub fn of(context: &CheckContext, finding: &Finding, reason: &str) -> Option<Waiver> {
        let column = finding.column.map(|column| column as usize);
        let secret = column.is_some_and(|c| is_secret(context, c)) || finding.value == MASK;
        if secret || !may_be(context, rule_index(&finding.rule)?) {
            return None;
        }
        let person = finding.row.filter(|_| finding.value.trim().is_empty());
        Some(Waiver {
            rule: finding.rule.clone(),
            column: column.map(|column| column_word(context, column).into_owned()),
            value: finding.value.clone(),
            person: person.map(|row| context.roster.key_text(row).into_owned()),
            reason: reason.trim().to_owned(),
            at: String::new(),
            by: String::new(),
        })
    }

    /// Whether both let the same stand, whatever the reason.
    pub fn is_about_the_same(&self, other: &Waiver) -> bool {
        let what =
            |w: &Waiver| (w.rule.clone(), w.column.clone(), w.value.clone(), w.person.clone());
        what(self) == what(other)
    }
}

/// Whether findings of a rule may be let stand, where an LMS is that of the profile.
pub fn may_be_waived(rule: &str, profile: &Profile) -> bool {
    let refuses = profile.rules.get(rule).is_some_and(|setting| setting.refuses);
    let is_of_identity = |rule: u8| matches!(RULES[usize::from(rule)].concerns, Concerns::Identity);
    !refuses && rule_index(rule).is_some_and(|rule| !is_of_identity(rule))
}

/// Whether findings of a rule may be waived at all.
fn may_be(context: &CheckContext, rule: u8) -> bool {
    !matches!(RULES[usize::from(rule)].concerns, Concerns::Identity) && !context.refuses(rule)
}

fn is_secret(context: &CheckContext, column: usize) -> bool {
    context.roster.columns.get(column).is_some_and(|c| c.is_secret())
}

/// What a column is called whatever file it comes in.
fn column_word(context: &CheckContext, column: usize) -> Cow<'_, str> {
    match (context.roster.field(column), context.roster.columns.get(column)) {
        (Some(field), _) => Cow::Borrowed(&field.id),
        (None, Some(column)) => Cow::Borrowed(&column.form),
        (None, None) => Cow::Borrowed(""),
    }
}
