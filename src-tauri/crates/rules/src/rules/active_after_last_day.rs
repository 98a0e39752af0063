use super::date_malformed::shown;
use super::{Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope};
use muster_roster::finding::{Fix, Safety, Severity};
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
    let context = person.context;
    let roster = &context.roster;
    let (Some(today), false) = (context.today, person.is_nobody) else { return };
    // On the last day itself somebody is still at work.
    let Some(last) = context.last_day(person).filter(|last| *last < today) else { return };
    let Some(status) = context.status_of(person).filter(|status| !status.is_inactive) else {
        return;
    };
    // Whoever has come back began anew; who begins and leaves on days that do not fit is told as that.
    let mut begins = context.first_days().filter_map(|at| context.day_in(person, at));
    if begins.any(|begins| begins > last) {
        return;
    }
    sink.row(person.row, status.column.or(context.last_day), || {
        let says = quoted(&status.says());
        let (name, left) = (roster.name(person.row), shown(last));
        let Some(column) = status.column else {
            let lms = roster.profile.called();
            let message = format!(
                "{name} left on {left}, and {lms} has {} {says}: the list has no such column, so nothing changes that; \
                 put it back with what {lms} has, or set them inactive by hand",
                status.called(),
            );
            return FindingText::new(person.cell(context.last_day.unwrap_or_default()), message);
        };
        let word = roster.field(column).and_then(|field| field.inactive.first());
        let fix = word.map(|word| Fix {
            title: format!("make it {}", quoted(word)),
            safety: Safety::Unsafe,
            edits: vec![person.set(column, word)],
        });
        let message = format!("{name} left on {left}, and {} is still {says}", status.called());
        FindingText::new(status.says(), message).fix(fix)
    });
}
