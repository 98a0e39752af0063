use super::{Absent, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_table::edit::Edit;
use muster_table::narrow;

pub static RULE: Rule = Rule {
    code: "person-missing",
    title: "Not in the file",
    severity: Severity::Note,
    requires: Requires::Snapshot,
    concerns: Concerns::Identity,
    scope: RuleScope::Absent(check),
    page: include_str!("person_missing.md"),
};

fn check(absent: &Absent, sink: &mut FindingSink) {
    let context = absent.context;
    let Some(snapshot) = &context.snapshot else { return };
    // Told at the row that is this person under another key.
    if context.is_claimed(absent.was) {
        return;
    }
    // A file of new people, or of changes, says nothing about the others.
    if context.choices.is_partial() {
        return;
    }
    let profile = &context.roster.profile;
    let harmless = !context.choices.takes_missing();
    let severity = (!harmless).then_some(Severity::Warning);
    sink.at(super::Mark::NOWHERE, None, severity, || {
        let key = snapshot.key_text(absent.was);
        let table = &context.roster.table;
        let cell =
            |column: usize| context.was_cell(absent.was, column).unwrap_or_default().into_owned();
        let mut cells: Vec<String> = (0..table.width()).map(cell).collect();
        // Where being left out does nothing, whoever has left is to be marked so.
        let status = context.roster.columns.iter().find_map(|column| {
            Some((column.at, context.roster.field(column.at)?.inactive.first()?))
        });
        let title = match status.filter(|_| harmless) {
            Some((at, word)) => {
                cells[at].clone_from(word);
                format!("bring back `{key}` as `{word}`")
            }
            None => format!("bring back `{key}`"),
        };
        let fix = Fix {
            title,
            safety: Safety::Unsafe,
            edits: vec![Edit::Insert {
                row: table.fresh_row(),
                at: narrow::place(table.len()),
                cells,
            }],
        };
        let says = profile.says_of_left_out(&context.choices);
        let then = says
            .and_then(|says| says.split(". ").next())
            .map(|says| says.trim_end_matches('.'))
            .map_or_else(
                || format!("what {} does then is not documented", profile.called()),
                str::to_owned,
            );
        let name = snapshot.name(absent.was);
        let who = if name == *key { format!("`{key}`") } else { format!("{name} (`{key}`)") };
        FindingText::new(&*key, format!("{who} is not in the file; {then}")).fix(Some(fix))
    });
}
