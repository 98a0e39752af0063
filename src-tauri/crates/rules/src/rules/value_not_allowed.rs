use super::{
    Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope, languages,
    stray,
};
use muster_roster::finding::{Safety, Severity};
use muster_roster::profile::Field;
use muster_roster::spelling::misspelt;

pub static RULE: Rule = Rule {
    code: "value-not-allowed",
    title: "Value not allowed",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |context, column| {
            let has_words = context
                .roster
                .field(column.at)
                .is_some_and(|f| !f.choices.is_empty() || !f.reserved.is_empty());
            (has_words && !column.is_secret()) || context.writes_languages(column)
        },
        classes: CharClasses::FILLED,
        check,
    },
    page: include_str!("value_not_allowed.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let field = cell.context.roster.field(cell.column.at);
    if let Some(field) = field {
        reserved(cell, field, sink);
    }
    let Some(field) = field.filter(|field| !field.choices.is_empty()) else {
        return language(cell, sink);
    };
    for &value in cell.values {
        // A stray character is reported by the rule about such.
        if takes(field, value)
            || value.trim().is_empty()
            || takes(field, &stray::normalized(value))
            || cell.is_nobodys
        {
            continue;
        }
        sink.cell(cell, || {
            let title = &field.title;
            let fix = resembling(field, value).map(|(choice, safety)| {
                let after = cell.text.replacen(value, choice, 1);
                cell.fix(format!("make it `{choice}`"), safety, after)
            });
            FindingText::new(
                value,
                format!("`{value}` is not a value of {title}; {}", offered(field)),
            )
            .fix(fix)
        });
    }
}

/// Values that the LMS has for itself.
fn reserved(cell: &Cell, field: &Field, sink: &mut FindingSink) {
    let is_own =
        |value: &str| field.reserved.iter().any(|own| own.eq_ignore_ascii_case(value.trim()));
    for &value in cell.values.iter().filter(|value| is_own(value)) {
        sink.cell(cell, || {
            let lms = &cell.context.roster.profile.name;
            let message = format!(
                "`{}` is an account of {lms}'s own, and nobody else can be called so",
                value.trim()
            );
            FindingText::new(value, message)
        });
    }
}

/// A language that is written otherwise than all of the LMS's are: nobody has said which words it takes, but these it does.
fn language(cell: &Cell, sink: &mut FindingSink) {
    let Some(written) = cell.context.languages_of_lms(cell.column.at) else { return };
    let value = cell.text.trim();
    if cell.is_nobodys || !written.is_otherwise(value) {
        return;
    }
    sink.cell_as(Severity::Warning, cell, || {
        let lms = cell.context.roster.profile.called();
        let how = if written.codes { "codes" } else { "names" };
        let example = written.example();
        let message =
            format!("`{value}`: {lms} has languages here by their {how}, such as `{example}`");
        let fix = written
            .same_language(value)
            .map(|word| cell.fix(format!("make it `{word}`"), Safety::Unsafe, word));
        FindingText::new(value, message).fix(fix)
    });
}

fn takes(field: &Field, value: &str) -> bool {
    let keeps = field.keep_word.as_deref() == Some(value);
    keeps || field.choices.iter().any(|c| c == value || (field.choices_any_case && same(c, value)))
}

fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || a.to_lowercase() == b.to_lowercase()
}

/// The word that a value is nearly, or means.
fn resembling<'f>(field: &'f Field, value: &str) -> Option<(&'f str, Safety)> {
    let value = stray::normalized(value);
    let bare = |s: &str| {
        s.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    };
    let only = |fits: &dyn Fn(&String) -> bool| {
        let mut choices = field.choices.iter().filter(|c| fits(c));
        let first = choices.next()?;
        choices.next().is_none().then_some(first.as_str())
    };
    // The same words; where they are parted otherwise, `re-signed` may have been meant as it is.
    let words = |s: &str| s.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).count();
    if let Some(choice) = only(&|c| bare(c) == bare(&value) && !bare(c).is_empty()) {
        let as_many = words(choice) == words(&value);
        return Some((choice, if as_many { Safety::Safe } else { Safety::Unsafe }));
    }
    let said = |words: &&&[&str]| words.contains(&bare(&value).as_str());
    if let Some(words) = languages::ALL.iter().find(said)
        && let Some(choice) = only(&|c| words.contains(&bare(c).as_str()))
    {
        return Some((choice, Safety::Safe));
    }
    let means = MEANING.iter().find(|words| words.contains(&bare(&value).as_str()));
    if let Some(choice) = means.and_then(|words| only(&|c| words.contains(&bare(c).as_str()))) {
        return Some((choice, Safety::Unsafe));
    }
    let near = |c: &String| bare(c).chars().count() > 3 && misspelt(&value, c).is_some();
    only(&near).map(|choice| (choice, Safety::Unsafe))
}

const MEANING: [&[&str]; 4] = [
    &["yes", "y", "true", "1", "ja", "oui", "si", "sí", "on"],
    &["no", "n", "false", "0", "nein", "non", "off"],
    &["active", "activated", "enabled", "current"],
    &["inactive", "deactivated", "disabled", "terminated", "left"],
];

fn offered(field: &Field) -> String {
    let (shown, more) = field.choices.split_at(field.choices.len().min(5));
    let shown = shown.iter().map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", ");
    match more.len() {
        0 => format!("it takes {shown}"),
        n => format!("it takes {shown} and {n} more"),
    }
}
