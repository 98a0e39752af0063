use super::cross_refs::Referring;
use super::one_off::Letters;
use super::{
    CheckContext, Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope,
    email_malformed,
};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::profile::FieldKind;
use muster_table::words::listed;

pub static RULE: Rule = Rule {
    code: "manager-unknown",
    title: "Manager not known, or out of place",
    severity: Severity::Warning,
    requires: Requires::File,
    concerns: Concerns::Beside(is_as_exported),
    scope: RuleScope::Person(check),
    page: include_str!("manager_unknown.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    if person.is_nobody {
        return;
    }
    for referring in person.context.referring() {
        of_column(person, referring, sink);
    }
}

fn of_column(person: &Person, referring: &Referring, sink: &mut FindingSink) {
    let context = person.context;
    let cell = person.cell(referring.column);
    let value = cell.trim();
    if value.is_empty() {
        return;
    }
    let mut add_finding = |message: &dyn Fn() -> String, fix: &dyn Fn() -> Option<Fix>| {
        sink.row(person.row, Some(referring.column), || {
            FindingText::new(value, message()).fix(fix())
        });
    };
    let Some(manager) = context.named_by(referring, person.row) else {
        // What is no address is told as that.
        let address = context.roster.columns[referring.column].kind == FieldKind::Email;
        let malformed = address && !email_malformed::is_address(value);
        if !malformed && !is_known_elsewhere(context, referring, value) {
            let by = context.roster.called(referring.by);
            add_finding(&|| format!("nobody in the file has the {by} `{value}`"), &|| {
                resembling(context, referring, value).map(|near| Fix {
                    title: format!("make it `{near}`"),
                    safety: Safety::Unsafe,
                    edits: vec![person.set(referring.column, near)],
                })
            });
        }
        return;
    };
    let none = || None;
    if manager == person.row {
        return add_finding(
            &|| format!("{} manages himself or herself", context.roster.name(manager)),
            &none,
        );
    }
    let chain = context.chain(referring, person.row);
    if chain.last() == Some(&person.row) {
        let names: Vec<String> = chain.iter().map(|row| context.roster.name(*row)).collect();
        return add_finding(&|| format!("managers in a circle: {}", listed(&names)), &none);
    }
    let leaves = context.roster.is_inactive(manager) && !context.roster.is_inactive(person.row);
    if leaves {
        add_finding(&|| format!("{} is not active", context.roster.name(manager)), &none);
    }
}

/// A manager whom this file leaves out, but the LMS or a list has.
fn is_known_elsewhere(context: &CheckContext, referring: &Referring, value: &str) -> bool {
    let value = value.to_lowercase();
    let listed = context
        .lists
        .get("managers")
        .is_some_and(|list| list.has(&value) || list.same_but_form(&value).is_some());
    // Whoever is missing from the whole list leaves; in a part of it they are only not named.
    let stays = context.choices.is_partial() || !context.choices.takes_missing();
    listed || (stays && context.known_to_snapshot(referring.by).contains(&value))
}

/// Whether the LMS has it so: it does not know the manager either, or nobody of those who are named was changed.
fn is_as_exported(context: &CheckContext, row: u32, _: u32, column: usize) -> bool {
    let Some(referring) = context.referring().iter().find(|r| r.column == column) else {
        return false;
    };
    if context.named_by(referring, row).is_none() {
        let value = context.roster.table.cell(row, column).trim().to_lowercase();
        return !context.known_to_snapshot(referring.by).contains(&value);
    }
    let chain = context.chain(referring, row);
    chain.iter().all(|other| context.was(*other).is_some() && !context.differs(*other))
}

/// The only value that is a letter off.
fn resembling(context: &CheckContext, referring: &Referring, value: &str) -> Option<String> {
    let value = value.to_lowercase();
    let letters = Letters::of(&value);
    let mut found: Option<u32> = None;
    for (row, near) in context.named_nearly(referring, &letters) {
        if !may_be_meant(&value, &near) {
            continue;
        }
        if found.is_some_and(|other| other != row) {
            return None;
        }
        found = Some(row);
    }
    let known = context.roster.table.cell(found?, referring.by);
    Some(known.trim().to_owned())
}

/// Whether one is the other mistyped: a word of a letter or two is another word when a letter differs, as in `a.berg` and
/// `b.berg`.
fn may_be_meant(value: &str, near: &str) -> bool {
    const SHORT: usize = 3;
    let words = |text: &str| {
        let parts = text.split(|c: char| !c.is_alphanumeric()).map(String::from);
        parts.collect::<Vec<_>>()
    };
    let (one, other) = (words(value), words(near));
    let is_long = |(a, b): (&String, &String)| a == b || a.len().min(b.len()) >= SHORT;
    one.len() != other.len() || one.iter().zip(&other).all(is_long)
}
