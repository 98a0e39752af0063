use super::{CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::Severity;
use muster_table::words::listed;

pub static RULE: Rule = Rule {
    code: "header-inferred",
    title: "Column known by its meaning",
    severity: Severity::Note,
    requires: Requires::File,
    concerns: Concerns::File,
    scope: RuleScope::Header(check),
    page: include_str!("header_inferred.md"),
};

fn check(context: &CheckContext, sink: &mut FindingSink) {
    let roster = &context.roster;
    let inferred = || {
        roster.columns.iter().filter_map(|column| {
            let field = roster.field(column.at).filter(|f| f.is_inferred(&column.form))?;
            // What the account's own export has is known.
            let had = context.snapshot_columns[column.at].zip(context.snapshot.as_ref());
            let known = had.is_some_and(|(at, snapshot)| snapshot.columns[at].form == column.form);
            (!known && column.used.is_none()).then_some((column, field))
        })
    };
    if inferred().next().is_none() {
        return;
    }
    sink.header(None, || {
        let taken: Vec<String> =
            inferred().map(|(column, field)| format!("`{}` as {}", column.name, field.title)).collect();
        let (lms, taken) = (roster.profile.called(), listed(&taken));
        let message = format!(
            "taken by what they mean: {taken}; how {lms} heads them in this language is not published, so a kit has the \
             names of your own template, or else the English ones"
        );
        FindingText::new("", message)
    });
}
