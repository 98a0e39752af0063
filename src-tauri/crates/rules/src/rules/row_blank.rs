use super::{Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::roster::Roster;
use muster_table::edit::Edit;
use muster_table::narrow;

pub static RULE: Rule = Rule {
    code: "row-blank",
    title: "Blank row",
    severity: Severity::Note,
    requires: Requires::File,
    concerns: Concerns::File,
    scope: RuleScope::Person(check),
    page: include_str!("row_blank.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    if person.is_nobody && is_blank(&person.context.roster, person.row) {
        sink.row(person.row, None, || {
            let fix = dropped(person, "drop it", Safety::Safe);
            FindingText::new("", "nothing stands in this row").fix(Some(fix))
        });
    }
}

pub(super) fn is_blank(roster: &Roster, row: u32) -> bool {
    roster.is_blank(row)
}

/// A fix that takes a row out.
pub(super) fn dropped(person: &Person, title: &str, safety: Safety) -> Fix {
    let table = &person.context.roster.table;
    let at = narrow::place(table.index_of(person.row).unwrap_or_default());
    let cells = table.row(person.row);
    Fix { title: title.into(), safety, edits: vec![Edit::Remove { row: person.row, at, cells }] }
}
