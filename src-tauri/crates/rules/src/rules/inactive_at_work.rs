use super::date_malformed::shown;
use super::{Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_table::words::quoted;

pub static RULE: Rule = Rule {
    code: "inactive-at-work",
    title: "Inactive, and at work",
    severity: Severity::Warning,
    requires: Requires::Snapshot,
    concerns: Concerns::Identity,
    scope: RuleScope::Person(check),
    page: include_str!("inactive_at_work.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    let context = person.context;
    let (Some(snapshot), Some(was), Some(today)) = (&context.snapshot, person.was, context.today)
    else {
        return;
    };
    let Some(status) = context.status_of(person).filter(|status| status.is_inactive) else {
        return;
    };
    if person.is_nobody || context.is_someone_else(person.row) {
        return;
    }
    let (roster, says) = (&context.roster, quoted(&status.says()));
    let last = context.last_day(person);
    if !snapshot.is_inactive(was) {
        // Set inactive in this list, and at work until a day that lies ahead.
        let (Some(column), Some(last)) = (status.column, last.filter(|last| *last > today)) else {
            return;
        };
        sink.row(person.row, Some(column), || {
            let message = format!(
                "{} is at work until {}, and {} is {says} already",
                roster.name(person.row),
                shown(last),
                status.called(),
            );
            let before = person.was_cell(column).unwrap_or_default();
            let fix = Fix {
                title: format!(
                    "put back {}, and make it {says} once the day is over",
                    quoted(&before)
                ),
                safety: Safety::Unsafe,
                edits: vec![person.set(column, &*before)],
            };
            FindingText::new(status.says(), message).fix(Some(fix))
        });
        return;
    }
    // Inactive in the LMS, and begun again since.
    let again = context.first_days().find_map(|at| {
        let now = context.day_in(person, at)?;
        let has_left = last.is_some_and(|last| last >= now && last < today);
        (context.is_later_than_before(person, at, now) && !has_left).then_some((at, now))
    });
    let Some((at, now)) = again else { return };
    sink.row(person.row, status.column.or(Some(at)), || {
        let lms = roster.profile.called();
        let stays = match status.column {
            Some(_) => "which stays so".to_owned(),
            None => {
                "and the list has no such column: set them active by hand, or put the column in"
                    .to_owned()
            }
        };
        let message = format!(
            "{} began again on {} (before: {}); in {lms} {} is {says}, {stays}",
            roster.name(person.row),
            shown(now),
            quoted(person.was_cell(at).unwrap_or_default().trim()),
            status.called(),
        );
        FindingText::new(person.cell(at), message)
    });
}
