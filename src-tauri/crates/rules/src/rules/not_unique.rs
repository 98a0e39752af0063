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
    // What nobody declared unique is the LMS's own affair where it has it so.
    concerns: Concerns::Beside(|context, _, _, at| context.roster.columns[at].unique.is_none()),
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
    let declared = cell.column.unique.is_some();
    let stands_twice = others().next().is_some();
    if stands_twice && !declared && shared(cell).next().is_some() {
        tell_shared(cell, sink);
    } else if stands_twice && declared {
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
        let unsure = !declared || matches!(holder.keeps, Keeps::BlankUnknown(_));
        let severity = if unsure { Severity::Warning } else { Severity::Error };
        sink.cell_as(severity, cell, || taken(cell, holder));
    }
}

/// The other people who have a value that nobody declared unique. Two rows of one key are a fault of their own.
fn shared<'c>(cell: &'c Cell) -> impl Iterator<Item = u32> + use<'c> {
    let roster = &cell.context.roster;
    let key = roster.key_text(cell.row);
    let form = roster.key_form(&key).into_owned();
    let is_another = move |row: &u32| {
        let key = roster.key_text(*row);
        form.is_empty() || roster.key_form(&key) != form.as_str()
    };
    cell.context.same_value(cell.row, cell.column.at).filter(is_another)
}

/// That a value stands twice where nearly everybody has their own, and no profile says that it has to be so.
fn tell_shared(cell: &Cell, sink: &mut FindingSink) {
    let says_who = cell.column.identifies || cell.text.contains('@');
    let severity = if says_who { Severity::Warning } else { Severity::Note };
    sink.cell_as(severity, cell, || {
        let (text, places) = (cell.text.trim(), places(&cell.context.roster, shared(cell)));
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
    let before = cell.was().filter(|before| before != cell.text);
    let fix = match before {
        // Where the row is somebody else's, what that one had is not this one's.
        None if context.is_someone_else(cell.row) => None,
        Some(before) => {
            let title = format!("put back {}", muster_table::words::quoted(&before));
            Some(cell.fix(title, Safety::Unsafe, before.into_owned()))
        }
        None if cell.column.required => None,
        None => Some(cell.fix("leave it blank", Safety::Unsafe, "")),
    };
    let message = match cell.column.unique {
        Some(_) => format!("`{text}` has to be unique, and in {lms} {who} has it, {why}"),
        None => format!("in {lms} {who} has `{text}`, {why}"),
    };
    FindingText::new(text, message).fix(fix)
}
