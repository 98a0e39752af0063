//! What somebody looked at and let stand. A finding that is waived is not told, stops nobody, and is counted.
//!
//! Whoever keeps waivers hands them to [`CheckContext::waivers`] before a checker is made of it. A group that is real
//! needs no waiver: it is a value more on the list of groups.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{CheckContext, Concerns, RULES, RuleScope, header_missing, rule_index};
use muster_roster::finding::Finding;
use muster_roster::profile::{Profile, header_form};
use muster_table::words::MASK;

/// One kind of finding that is let stand, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Waiver {
    /// The rule's code: `group-unknown`.
    pub rule: String,
    /// The id of the column's field, or its name without case and signs; none where it is about no column, or with a blank
    /// value about all of them.
    pub column: Option<String>,
    /// The value that was found, as the finding has it; blank for all that is found there.
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
        let place = place_of(context, rule, column, value);
        let key = row.map(|row| context.roster.key_text(row));
        let is_them = |person: &String| {
            let form = |key: &str| context.roster.key_form(key).into_owned();
            key.as_deref().is_some_and(|key| form(key) == form(person))
        };
        self.0.iter().position(|w| {
            // Kept before a column that is not there had a place of its own.
            let is_here = w.column.as_deref() == place.as_deref()
                || w.column.is_none() && (column.is_none() || w.is_of_all());
            let is_it = w.value == value || w.is_of_all();
            w.rule == code && is_it && is_here && w.person.as_ref().is_none_or(is_them)
        })
    }

    /// Whether one lets stand what a rule found of a column that is not there.
    pub(super) fn is_of_lacking(&self, context: &CheckContext, code: &str, name: &str) -> bool {
        let rule = rule_index(code).filter(|rule| self.is_about(*rule));
        rule.is_some_and(|rule| self.of(context, rule, (None, None), name).is_some())
    }
}

impl Waiver {
    /// All that it takes to let a finding stand: one for each column where several that are not there are told as one.
    pub fn all_of(context: &CheckContext, finding: &Finding, reason: &str) -> Option<Vec<Waiver>> {
        let one = Waiver::of(context, finding, reason)?;
        let together = match finding.rule == header_missing::RULE.code && finding.column.is_none() {
            true => header_missing::told_together(context),
            false => Vec::new(),
        };
        if !together.iter().any(|column| column.name == finding.value) {
            return Some(vec![one]);
        }
        let of = |name: &str| {
            Waiver::of(context, &Finding { value: name.to_owned(), ..finding.clone() }, reason)
        };
        together.into_iter().map(|column| of(&column.name)).collect()
    }

    /// Whether it is about whatever is found there.
    fn is_of_all(&self) -> bool {
        self.value.is_empty() && self.person.is_none()
    }

    /// One that lets a finding stand: for everybody who has this value, or where it has none, for this person alone.
    /// None where it may not be waived, because nobody could be told from somebody else then, because the vendor's own
    /// words say that it is refused, or because it is about a password.
    pub fn of(context: &CheckContext, finding: &Finding, reason: &str) -> Option<Waiver> {
        let column = finding.column.map(|column| column as usize);
        let secret = column.is_some_and(|c| is_secret(context, c)) || finding.value == MASK;
        let rule = rule_index(&finding.rule)?;
        if secret || !may_be(context, rule) {
            return None;
        }
        let place = place_of(context, rule, column, &finding.value);
        let person = finding.row.filter(|_| finding.value.trim().is_empty());
        Some(Waiver {
            rule: finding.rule.clone(),
            column: place.map(Cow::into_owned),
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

/// What the column of a finding is called whatever file it comes in; one that is not there is its value.
fn place_of<'c>(
    context: &'c CheckContext,
    rule: u8,
    column: Option<usize>,
    value: &str,
) -> Option<Cow<'c, str>> {
    if let Some(column) = column {
        return Some(column_word(context, column));
    }
    let is_named = matches!(RULES[usize::from(rule)].scope, RuleScope::Header(_));
    let form = header_form(value);
    let field = context.roster.profile.fields.iter().find(|field| field.is_headed(&form));
    (is_named && !form.is_empty())
        .then(|| field.map_or(Cow::Owned(form), |field| Cow::Borrowed(&*field.id)))
}

/// What a column is called whatever file it comes in.
fn column_word(context: &CheckContext, column: usize) -> Cow<'_, str> {
    match (context.roster.field(column), context.roster.columns.get(column)) {
        (Some(field), _) => Cow::Borrowed(&field.id),
        (None, Some(column)) => Cow::Borrowed(&column.form),
        (None, None) => Cow::Borrowed(""),
    }
}
