use super::{CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::Severity;
use muster_roster::profile::OtherExport;
use muster_roster::roster::Roster;

pub static RULE: Rule = Rule {
    code: "export-other",
    title: "Another export of the LMS",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Reading,
    scope: RuleScope::Header(check),
    page: include_str!("export_other.md"),
};

fn check(context: &CheckContext, sink: &mut FindingSink) {
    if let Some(other) = of(&context.roster) {
        sink.header(None, || told("this is ", other));
    }
    if let Some(other) = context.snapshot.as_ref().and_then(of) {
        sink.header(None, || told("the file with what the LMS has is ", other));
    }
}

fn of(roster: &Roster) -> Option<&OtherExport> {
    roster.profile.other_export(roster.table.names()).map(|(other, _)| other)
}

/// Whether a file is one of the exports that the import does not take: then its columns are as they have to be there.
pub(super) fn is_one(roster: &Roster) -> bool {
    of(roster).is_some()
}

fn told(what: &str, other: &OtherExport) -> FindingText {
    let OtherExport { title, says, next, .. } = other;
    FindingText::new(title, format!("{what}{title}: {says}. {next}"))
}
