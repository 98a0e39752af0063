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
        let who = row.map(|row| who_word(context, row));
        let is_them = |person: &String| {
            let form = |key: &str| context.roster.key_form(key).into_owned();
            who.as_deref().is_some_and(|who| form(who) == form(person))
        };
        self.0.iter().position(|w| {
            // Kept before a column that is not there had a place of its own.
            let is_here = w.column.as_deref() == place.as_deref()
                || w.column.is_none() && (column.is_none() || w.is_of_all());
            let is_it = w.value == value || w.is_of_all();
            let is_them = w.person.as_ref().is_none_or(is_them);
            let is_anybody = is_about_one_person(code) && w.names_nobody();
            w.rule == code && is_it && is_here && is_them && !is_anybody
        })
    }

    /// Whether one lets stand what a rule found of a column that is not there.
    pub(super) fn is_of_lacking(&self, context: &CheckContext, code: &str, name: &str) -> bool {
        let rule = rule_index(code).filter(|rule| self.is_about(*rule));
        rule.is_some_and(|rule| self.of(context, rule, (None, None), name).is_some())
    }

    /// Whether somebody said that a row, which may be somebody known under another key, is a new person.
    pub(super) fn is_new(&self, context: &CheckContext, row: u32) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let same = rule_index(super::same_person::RULE.code);
        let Some(rule) = same.filter(|rule| self.is_about(*rule)) else { return false };
        let key = context.roster.key_text(row);
        self.of(context, rule, (Some(row), context.roster.key), &key).is_some()
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
        let of_each = stands_for_each(&finding.rule) || finding.value.trim().is_empty();
        let person = finding.row.filter(|_| of_each);
        let person = person.map(|row| who_word(context, row));
        if is_about_one_person(&finding.rule) && person.as_ref().is_some_and(|who| who.is_empty()) {
            return None;
        }
        Some(Waiver {
            rule: finding.rule.clone(),
            column: place.map(Cow::into_owned),
            value: finding.value.clone(),
            person: person.map(Cow::into_owned),
            reason: reason.trim().to_owned(),
            at: String::new(),
            by: String::new(),
        })
    }

    /// Whether it could be about anybody.
    fn names_nobody(&self) -> bool {
        self.value.trim().is_empty() && self.person.as_ref().is_none_or(|p| p.trim().is_empty())
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
    !refuses && rule_index(rule).is_some_and(|rule| !decides_who_is_who(rule))
}

/// Whether a finding of a rule asks who one person is: it stands for that person alone, who is somebody new then.
pub fn is_about_one_person(rule: &str) -> bool {
    rule == super::same_person::RULE.code
}

/// Whether a finding of a rule is let stand of that person alone, though others have the same value.
pub fn stands_for_each(rule: &str) -> bool {
    is_about_one_person(rule) || rule == super::active_after_last_day::RULE.code
}

/// Why findings of a rule may not be let stand; none where they may.
pub fn why_not_waived(rule: &str, profile: &Profile) -> Option<String> {
    if profile.rules.get(rule).is_some_and(|setting| setting.refuses) {
        return Some(format!("{} itself refuses what it finds", profile.called()));
    }
    (!may_be_waived(rule, profile)).then(|| "it is about who is who".to_owned())
}

/// Whether one person could not be told from another, whatever somebody says. That somebody is still active is about them,
/// and not about who they are.
fn decides_who_is_who(rule: u8) -> bool {
    let rule = RULES[usize::from(rule)];
    matches!(rule.concerns, Concerns::Identity) && !stands_for_each(rule.code)
}

/// Whether findings of a rule may be waived at all.
fn may_be(context: &CheckContext, rule: u8) -> bool {
    !decides_who_is_who(rule) && !context.refuses(rule)
}

/// By what one person is told from the others: the key, and where only the LMS gives that, their own address or name.
fn who_word(context: &CheckContext, row: u32) -> Cow<'_, str> {
    let roster = &context.roster;
    let key = roster.key_text(row);
    if !key.trim().is_empty() {
        return key;
    }
    let address = roster.columns.iter().find(|c| context.is_own_address(c));
    let address = address.map(|column| roster.table.cell(row, column.at));
    match address.filter(|address| !address.trim().is_empty()) {
        Some(address) => address,
        None => Cow::Owned(roster.name(row)),
    }
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
