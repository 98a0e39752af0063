use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::Severity;
use muster_roster::profile::{Field, KeyGiver, PasswordNeed};
use muster_table::words::MASK;

pub static RULE: Rule = Rule {
    code: "password-weak",
    title: "Password refused",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Value,
    scope: RuleScope::Cell {
        of: |context, column| column.is_secret() && context.roster.field(column.at).is_some(),
        classes: CharClasses::FILLED,
        check,
    },
    page: include_str!("password_weak.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let Some(field) = cell.context.roster.field(cell.column.at) else { return };
    if let Some(word) = keep_word(cell).filter(|word| *word == cell.text.trim()) {
        let roster = &cell.context.roster;
        // Where the LMS gives the keys, a row without one is somebody new, with or without a snapshot.
        let new = roster.profile.key.given_by == KeyGiver::Lms
            && roster.key_text(cell.row).trim().is_empty();
        if new && cell.context.claim(cell.row).is_none() {
            sink.cell(cell, || {
                FindingText::new(
                    MASK,
                    format!("`{word}` keeps a password, and a new person has none"),
                )
            });
        }
        return;
    }
    let letters = cell.text.chars().count();
    let short = field.min.is_some_and(|least| letters < least);
    if !short && field.password_needs.iter().all(|need| is_met(*need, cell.text)) {
        return;
    }
    sink.cell(cell, || FindingText::new(MASK, format!("the password {}", lacks(field, cell.text))));
}

/// What a cell holds to keep the password that somebody has.
pub(super) fn keep_word<'a>(cell: &Cell<'a>) -> Option<&'a str> {
    cell.context.roster.field(cell.column.at)?.keep_word.as_deref()
}

fn is_met(need: PasswordNeed, password: &str) -> bool {
    let special = |c: char| !c.is_alphanumeric() && !c.is_whitespace();
    match need {
        PasswordNeed::Upper => password.chars().any(char::is_uppercase),
        PasswordNeed::Lower => password.chars().any(char::is_lowercase),
        PasswordNeed::Digit => password.contains(|c: char| c.is_ascii_digit()),
        PasswordNeed::Special => password.contains(special),
        PasswordNeed::DigitOrSpecial => {
            password.contains(|c: char| c.is_ascii_digit() || special(c))
        }
    }
}

fn lacks(field: &Field, password: &str) -> String {
    let named = |need: &PasswordNeed| match need {
        PasswordNeed::Upper => "an upper-case letter",
        PasswordNeed::Lower => "a lower-case letter",
        PasswordNeed::Digit => "a digit",
        PasswordNeed::Special => "a special character",
        PasswordNeed::DigitOrSpecial => "a digit or special character",
    };
    let letters = password.chars().count();
    let length = field
        .min
        .filter(|least| letters < *least)
        .map(|least| format!("has {letters} of at least {least} characters"));
    let missing: Vec<&str> =
        field.password_needs.iter().filter(|need| !is_met(**need, password)).map(named).collect();
    let lacking = (!missing.is_empty()).then(|| format!("lacks {}", missing.join(" and ")));
    length.into_iter().chain(lacking).collect::<Vec<_>>().join(" and ")
}
