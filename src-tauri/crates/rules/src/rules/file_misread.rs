use super::{CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::Severity;

pub static RULE: Rule = Rule {
    code: "file-misread",
    title: "File read in a wrong way",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Reading,
    scope: RuleScope::Header(check),
    page: include_str!("file_misread.md"),
};

fn check(context: &CheckContext, sink: &mut FindingSink) {
    for doubt in context.roster.table.doubts() {
        sink.header(None, || FindingText::new("", &*doubt.says));
    }
    let older = context.snapshot.iter().flat_map(|snapshot| snapshot.table.doubts());
    for doubt in older {
        sink.header(None, || {
            FindingText::new("", format!("in the file with what the LMS has, {}", doubt.says))
        });
    }
}
