use super::key_duplicate::places;
use super::{
    Cell, CharClasses, Concerns, FindingSink, FindingText, Holder, Keeps, Requires, Rule, RuleScope,
};
use muster_roster::finding::{Safety, Severity};

pub static RULE: Rule = Rule {
    code: "not-unique",
    title: "Same value twice",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Identity,
    scope: RuleScope::Cell {
        // Two rows of one key are a fault of their own: `key-duplicate`.
        of: |_, column| {
            (column.unique.is_some() || column.nearly_unique)
                && !column.is_key
                && !column.is_secret()
        },
        classes: CharClasses::FILLED,
        check,
    },
    page: include_str!("not_unique.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let roster = &cell.context.roster;
    let others = || cell.context.same_value(cell.row, cell.column.at);
    if cell.column.unique.is_none() {
        if others().next().is_some() {
            shared(cell, sink);
        }
    } else if others().next().is_some() {
        sink.cell(cell, || {
            let (text, places) = (cell.text.trim(), places(roster, others()));
            FindingText::new(
                text,
                format!("`{text}` also stands on {places}, and has to be unique"),
            )
        });
    } else if !cell.is_nobodys
        && let Some(holder) = cell.context.holder(cell.row, cell.column)
    {
        let unsure = matches!(holder.keeps, Keeps::BlankUnknown(_));
        let severity = if unsure { Severity::Warning } else { Severity::Error };
        sink.cell_as(severity, cell, || taken(cell, holder));
    }
}

/// That a value stands twice in a column of which no profile says anything, and in which everybody else has their own.
fn shared(cell: &Cell, sink: &mut FindingSink) {
    let says_who = cell.column.identifies || cell.text.contains('@');
    let severity = if says_who { Severity::Warning } else { Severity::Note };
    sink.cell_as(severity, cell, || {
        let others = cell.context.same_value(cell.row, cell.column.at);
        let (text, places) = (cell.text.trim(), places(&cell.context.roster, others));
        FindingText::new(
            text,
            format!("`{text}` also stands on {places}; nearly everybody has their own"),
        )
    });
}

/// That somebody in the LMS has the value.
fn taken(cell: &Cell, Holder { was, keeps }: Holder) -> FindingText {
    let context = cell.context;
    let lms = context.roster.profile.called();
    let text = cell.text.trim();
    let snapshot = context.snapshot.as_ref();
    let (name, key) =
        snapshot.map_or_else(Default::default, |s| (s.name(was), s.key_text(was).into_owned()));
    let who = if name == key { format!("`{key}`") } else { format!("{name} (`{key}`)") };
    let line = |row| {
        let line = context.roster.table.line(row);
        line.map_or(String::new(), |line| format!(" on line {line}"))
    };
    let why = match keeps {
        Keeps::LeftOut => "whom the file leaves out".to_owned(),
        Keeps::NotTaken(row) => {
            format!("and the file changes that{} in vain: {lms} does not take it", line(row))
        }
        Keeps::BlankKeeps(row) => {
            format!("and the blank{} takes it from nobody: {lms} keeps the value", line(row))
        }
        Keeps::BlankUnknown(row) => {
            format!("and what the blank{} does to it is not documented", line(row))
        }
    };
    let before = context.was(cell.row).and_then(|own| context.was_cell(own, cell.column.at));
    let fix = match before {
        Some(before) => {
            let title = format!("put back {}", muster_table::words::quoted(&before));
            Some(cell.fix(title, Safety::Unsafe, before))
        }
        None if cell.column.required => None,
        None => Some(cell.fix("leave it blank", Safety::Unsafe, "")),
    };
    let message = format!("`{text}` has to be unique, and in {lms} {who} has it, {why}");
    FindingText::new(text, message).fix(fix)
}
