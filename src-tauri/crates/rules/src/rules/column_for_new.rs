use super::header_missing::is_had;
use super::{
    ClaimBasis, Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope, column_guess,
};
use muster_roster::finding::Severity;

pub static RULE: Rule = Rule {
    code: "column-for-new",
    title: "Column missing for new people",
    severity: Severity::Error,
    requires: Requires::Snapshot,
    concerns: Concerns::File,
    scope: RuleScope::Person(check),
    page: include_str!("column_for_new.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    let context = person.context;
    let roster = &context.roster;
    if person.is_nobody || person.was.is_some() || !context.rows_of_snapshot(person.key).is_empty()
    {
        return;
    }
    // Whoever is known under another key has it already.
    let known = |how| !matches!(how, ClaimBasis::Resembles);
    if context.claim(person.row).is_some_and(|claim| known(claim.how)) {
        return;
    }
    // Where even those whom the LMS has would lack it, and where another column looks like it, `header-missing` says so.
    let mut lacking = roster.lacking_for_new().filter(|field| {
        let told = field.column_required && !is_had(context, field);
        !told && column_guess::column_for(context, field).is_none()
    });
    let Some(field) = lacking.next() else { return };
    sink.row(person.row, None, || {
        let header = field.headers.first().unwrap_or(&field.title);
        let lms = roster.profile.called();
        let why = roster.why_lacking(field);
        let message = format!("{lms} needs `{header}` of somebody new, and {why}");
        FindingText::new(header, message)
    });
}
