use super::damage::{Damage, is_digits};
use super::{Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope};
use muster_roster::finding::{Fix, Safety, Severity};

pub static RULE: Rule = Rule {
    code: "zeros-lost",
    title: "Leading zeros lost",
    severity: Severity::Warning,
    requires: Requires::File,
    concerns: Concerns::Damage,
    scope: RuleScope::Person(check),
    page: include_str!("zeros_lost.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    let (context, row) = (person.context, person.row);
    let mut reported = Vec::new();
    let mut add_finding = |sink: &mut FindingSink, column: usize, before: &str| {
        reported.push(column);
        sink.at(row, Some(column), severity(person, column), || {
            let now = person.cell(column);
            let fix = Fix {
                title: format!("put back `{before}`"),
                safety: Safety::Safe,
                edits: vec![person.set(column, before)],
            };
            FindingText::new(
                &*now,
                format!("was `{before}`, is `{now}`: zeros at the front are gone"),
            )
            .fix(Some(fix))
        });
    };
    for changed in &person.changes() {
        if Damage::between(&changed.before, &changed.now) == Some(Damage::ZerosLost) {
            add_finding(sink, changed.column.at, &changed.before);
        }
    }
    for (column, stats) in context.roster.columns.iter().zip(&context.stats) {
        if let Some(usual) = stats.padded_to() {
            shorter_than_the_others(person, column.at, usual, &reported, sink);
        }
    }
}

fn severity(person: &Person, column: usize) -> Option<Severity> {
    person.context.roster.columns[column].is_key.then_some(Severity::Error)
}

fn shorter_than_the_others(
    person: &Person,
    column: usize,
    usual: usize,
    reported: &[usize],
    sink: &mut FindingSink,
) {
    let now = person.cell(column);
    if now.len() >= usual || !is_digits(&now) || now.starts_with('0') || reported.contains(&column)
    {
        return;
    }
    // As short in the LMS. Where it has all digits there, another number was put in that lost its zeros as well.
    let is_short_there = |before: &str| !before.trim().is_empty() && before.trim().len() < usual;
    if person.was_cell(column).is_some_and(|before| is_short_there(&before)) {
        return;
    }
    sink.at(person.row, Some(column), severity(person, column), || {
        let padded = format!("{now:0>usual$}");
        let fix = Fix {
            title: format!("make it `{padded}`"),
            safety: Safety::Unsafe,
            edits: vec![person.set(column, &*padded)],
        };
        let message = format!("`{now}` has {} digits where the others have {usual}", now.len());
        FindingText::new(&*now, message).fix(Some(fix))
    });
}
