use super::{
    CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope, letters_lost,
};
use muster_roster::finding::Severity;
use muster_table::table::DoubtKind;
use muster_table::words::people;

pub static RULE: Rule = Rule {
    code: "file-misread",
    title: "File read in a wrong way",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Reading,
    scope: RuleScope::Roster(check),
    page: include_str!("file_misread.md"),
};

fn check(context: &CheckContext, sink: &mut FindingSink) {
    let doubts = context.roster.table.doubts();
    for doubt in doubts {
        sink.header(None, || FindingText::new("", &*doubt.says));
    }
    // That the letters are wrong is told once for each way to read them rightly.
    let mut letters = doubts.iter().filter(|doubt| doubt.kind == DoubtKind::Letters);
    let first = letters.next();
    let beside = context.letters_beside();
    if let Some(doubt) = beside
        && first.is_none_or(|first| first.reopen != doubt.reopen)
    {
        sink.header(None, || FindingText::new("", &*doubt.says));
    }
    let is_told = first.is_some() || beside.is_some();
    if let Some((rows, name)) =
        letters_lost::of_names(context).filter(|(rows, _)| *rows > 1 && !is_told)
    {
        sink.header(None, || {
            let message = format!(
                "letters of the names of {} are lost, or others than were written, as in `{name}`: take the file anew from where \
                 it comes from, as UTF-8 or as a workbook",
                people(rows)
            );
            FindingText::new(name, message)
        });
    }
    let older = context.snapshot.iter().flat_map(|snapshot| snapshot.table.doubts());
    for doubt in older {
        sink.header(None, || {
            FindingText::new("", format!("in the file with what the LMS has, {}", doubt.says))
        });
    }
}
