use super::name_turned::how;
use super::{CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_table::edit::Edit;
use muster_table::narrow;
use muster_table::words::quoted;

pub static RULE: Rule = Rule {
    code: "names-turned",
    title: "Names turned round",
    severity: Severity::Warning,
    requires: Requires::Snapshot,
    concerns: Concerns::Identity,
    scope: RuleScope::Roster(check),
    page: include_str!("names_turned.md"),
};

fn check(context: &CheckContext, sink: &mut FindingSink) {
    let columns = context.name_columns();
    let (true, Some(&first)) = (context.scrambled().names, columns.first()) else { return };
    sink.header(Some(first), || {
        let rows = context.names_turned();
        let (table, of) = (&context.roster.table, rows.len());
        let example = rows.first().and_then(|&row| {
            let line = table.line(row)?;
            Some(format!("; line {line} has {}", quoted(&context.roster.name(row))))
        });
        let message = format!("In {of} rows {}{}", how(context), example.unwrap_or_default(),);
        let put_back = |row: u32| {
            let was = context.was(row);
            columns.iter().filter_map(move |&column| {
                let after = context.was_cell(was?, column)?;
                let before = context.roster.table.cell(row, column);
                (before != after).then(|| Edit::Set {
                    row,
                    column: narrow::place(column),
                    before: before.into_owned(),
                    after: after.into_owned(),
                })
            })
        };
        let fix = Fix {
            title: "turn the names back".to_owned(),
            safety: Safety::Unsafe,
            edits: rows.into_iter().flat_map(put_back).collect(),
        };
        FindingText::new("", message).fix(Some(fix))
    });
}
