use super::date_malformed::shown;
use super::date_order::day_of;
use super::{Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::roster::Moment;
use muster_table::words::quoted;

pub static RULE: Rule = Rule {
    code: "active-after-last-day",
    title: "Left, and still active",
    severity: Severity::Warning,
    requires: Requires::File,
    // A day passes without anybody changing the cell.
    concerns: Concerns::Identity,
    scope: RuleScope::Person(check),
    page: include_str!("active_after_last_day.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    let roster = &person.context.roster;
    let (Some(today), Some(ends)) = (person.context.today, person.context.last_day) else { return };
    let Some(status) = roster.status() else { return };
    let says = person.cell(status);
    if person.is_nobody || says.trim().is_empty() || roster.is_inactive(person.row) {
        return;
    }
    let day = |column: usize| day_of(&person.cell(column), roster.date_forms(column));
    // On the last day itself somebody is still at work.
    let Some(last) = day(ends).filter(|last| *last < today) else { return };
    // Whoever has come back began anew; who begins and leaves on days that do not fit is told as that.
    let begins = roster.columns.iter().filter(|c| c.moment == Some(Moment::Begins));
    if begins.filter_map(|c| day(c.at)).any(|begins| begins > last) {
        return;
    }
    sink.row(person.row, Some(status), || {
        let word = roster.field(status).and_then(|field| field.inactive.first());
        let fix = word.map(|word| Fix {
            title: format!("make it {}", quoted(word)),
            safety: Safety::Unsafe,
            edits: vec![person.set(status, word)],
        });
        let message = format!(
            "{} left on {}, and {} is still {}",
            roster.name(person.row),
            shown(last),
            roster.called(status),
            quoted(says.trim()),
        );
        FindingText::new(says.trim(), message).fix(fix)
    });
}
