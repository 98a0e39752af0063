use super::quote_kept::is_no_prose;
use super::row_blank::is_blank;
use super::{
    Cell, CheckContext, Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope,
};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_table::edit::Edit;
use muster_table::narrow;
use muster_table::table::{DoubtKind, QuoteFault, StrayQuote};

pub static RULE: Rule = Rule {
    code: "quote-stray",
    title: "Stray quotation mark",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Reading,
    scope: RuleScope::Person(check),
    page: include_str!("quote_stray.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    let table = &person.context.roster.table;
    if let Some(stray) = stray_quote(person.context, person.row) {
        if is_blank(&person.context.roster, person.row) {
            return;
        }
        // A letter too many takes nobody in.
        let is_letter =
            stray.fault == QuoteFault::Alone && table.cells(person.row) == table.width();
        let severity = if is_letter { Severity::Warning } else { Severity::Error };
        let column = Some(stray.column).filter(|column| *column < table.width());
        return sink.at(person.row, column, Some(severity), || told(person, &stray));
    }
    if let Some(rows) = swallowed(person) {
        sink.row(person.row, None, || {
            let message = format!(
                "{} were read as one row, because two quotation marks far from each other hold them together",
                lines(person, table.last_line(person.row))
            );
            // What was set in the row since would be lost.
            let fix = replaced(person, rows).filter(|_| table.untouched(person.row));
            FindingText::new("", message).fix(fix)
        });
    }
}

/// The gravest stray quote of a row. A remark may speak of inches.
pub(super) fn stray_quote(context: &CheckContext, row: u32) -> Option<StrayQuote> {
    let is_prose = |at: usize| context.roster.columns.get(at).is_none_or(|c| !is_no_prose(c));
    context.roster.table.stray_quote(row, is_prose)
}

/// Whether this rule has its say about a row.
pub(super) fn tells(person: &Person) -> bool {
    stray_quote(person.context, person.row).is_some() || swallowed(person).is_some()
}

/// Whether a cell holds what a stray quote took in, about which this rule has its say.
pub(super) fn took_in(cell: &Cell) -> bool {
    let table = &cell.context.roster.table;
    cell.text.contains(['\n', '\r'])
        && (stray_quote(cell.context, cell.row).is_some()
            || table.lines_as_rows(cell.row).is_some())
}

/// Lines that two strays hold together without a trace: each has what belongs into its columns.
fn swallowed(person: &Person) -> Option<Vec<Vec<String>>> {
    let table = &person.context.roster.table;
    let rows = table.lines_as_rows(person.row)?;
    // A comma and a space are prose.
    if rows.iter().flatten().any(|cell| cell.starts_with(' ')) {
        return None;
    }
    let beside = Beside::of(person);
    let agreeing = rows.iter().map(|cells| beside.agreeing(cells)).collect::<Option<Vec<_>>>()?;
    let is_plain = rows.len() > 2 && table.width() > 2;
    let agree = || agreeing.iter().all(|agreeing| *agreeing > 0) || agree_among_themselves(&rows);
    (is_plain || agree()).then_some(rows)
}

/// Whether rows have the same in the same columns, where nobody beside them shows what belongs there.
fn agree_among_themselves(rows: &[Vec<String>]) -> bool {
    let Some((first, others)) = rows.split_first() else { return false };
    let mut agreeing = 0;
    for (at, cell) in first.iter().enumerate() {
        for other in others.iter().filter_map(|row| row.get(at)) {
            if cell.trim().is_empty() || other.trim().is_empty() {
                continue;
            }
            for (one, other) in traits(cell.trim()).into_iter().zip(traits(other.trim())) {
                match (one, other) {
                    (true, true) => agreeing += 1,
                    (false, false) => {}
                    _ => return false,
                }
            }
        }
    }
    agreeing > 0
}

/// What rows nearby have in each column: an address, something that begins with a digit.
struct Beside {
    /// Whether all of those that are filled have it, or none; not where they differ or are blank.
    columns: Vec<[Option<bool>; 2]>,
}

fn traits(cell: &str) -> [bool; 2] {
    [cell.contains('@'), cell.starts_with(|c: char| c.is_ascii_digit())]
}

impl Beside {
    fn of(person: &Person) -> Beside {
        let table = &person.context.roster.table;
        let rows: Vec<u32> = table.plain_rows_near(person.row).collect();
        let of_column = |column: usize| {
            let mut common = [None; 2];
            let cells = rows.iter().filter_map(|row| table.opened(*row, column));
            let filled: Vec<_> = cells.filter(|cell| !cell.trim().is_empty()).collect();
            // One alone is no rule: a remark may begin with a digit.
            if filled.len() < 2 {
                return common;
            }
            for (n, cell) in filled.iter().enumerate() {
                for (common, has) in common.iter_mut().zip(traits(cell.trim())) {
                    *common = if n == 0 || *common == Some(has) { Some(has) } else { None };
                }
            }
            common
        };
        Beside { columns: (0..table.width()).map(of_column).collect() }
    }

    /// How many cells have what all have in their columns; none where one is plainly otherwise.
    fn agreeing(&self, cells: &[String]) -> Option<usize> {
        let mut agreeing = 0;
        for (common, cell) in self.columns.iter().zip(cells) {
            let cell = cell.trim();
            for (common, has) in common.iter().zip(traits(cell)).filter(|_| !cell.is_empty()) {
                match common {
                    Some(common) if *common != has => return None,
                    Some(true) => agreeing += 1,
                    _ => {}
                }
            }
        }
        Some(agreeing)
    }
}

fn told(person: &Person, stray: &StrayQuote) -> FindingText {
    let table = &person.context.roster.table;
    let cell = table.cell(person.row, stray.column);
    let begins: String = cell.trim().lines().next().unwrap_or_default().chars().take(40).collect();
    let first = table.line(person.row).unwrap_or_default();
    let takes_in = match stray.last_line.saturating_sub(first) {
        0 => String::new(),
        _ => format!(", and {} were read as one row", lines(person, stray.last_line)),
    };
    let message = match stray.fault {
        QuoteFault::NeverClosed => {
            format!("a quotation mark before `{begins}` is never closed{takes_in}")
        }
        QuoteFault::TextBehind => {
            format!("a quotation mark in `{begins}` stands where none belongs{takes_in}")
        }
        QuoteFault::Alone => format!("a quotation mark in `{begins}` has no partner{takes_in}"),
    };
    // What a backslash means would be kept as it stands.
    let escapes = table.doubts().iter().any(|doubt| doubt.kind == DoubtKind::Backslashes);
    let fix =
        table.as_meant(person.row).filter(|_| !escapes).and_then(|rows| replaced(person, rows));
    let way_out = match &fix {
        Some(_) => "",
        None => ": close or remove it in the file, and open that again",
    };
    FindingText::new(begins, format!("{message}{way_out}")).fix(fix)
}

/// "lines 2 to 4".
fn lines(person: &Person, last: u32) -> String {
    let first = person.context.roster.table.line(person.row).unwrap_or_default();
    format!("lines {first} to {last}")
}

/// The rows in the place of this one.
fn replaced(person: &Person, rows: Vec<Vec<String>>) -> Option<Fix> {
    let table = &person.context.roster.table;
    let (row, at) = (person.row, narrow::place(table.index_of(person.row)?));
    let cells = table.row(row);
    let title = match &rows[..] {
        [only] if only.len() == cells.len() => return set(person, &cells, only),
        [only] => {
            let other = only.iter().find(|cell| !cells.contains(cell)).or(only.first())?;
            format!("put `{other}` into one cell")
        }
        _ => format!("make {} people of {}", rows.len(), lines(person, table.last_line(row))),
    };
    let mut edits = vec![Edit::Remove { row, at, cells }];
    // From the last to the first, each to the place that the row had: there is one, also in a list of one.
    for (n, cells) in (0u32..).zip(rows).collect::<Vec<_>>().into_iter().rev() {
        let row = if n == 0 { row } else { table.fresh_row() + n - 1 };
        edits.push(Edit::Insert { row, at, cells });
    }
    Some(Fix { title, safety: Safety::Unsafe, edits })
}

/// The cells that are other than as they were read.
fn set(person: &Person, cells: &[String], meant: &[String]) -> Option<Fix> {
    let changed: Vec<usize> = (0..cells.len()).filter(|&at| cells[at] != meant[at]).collect();
    let edits: Vec<Edit> = changed.iter().map(|&at| person.set(at, &*meant[at])).collect();
    let first = *changed.first()?;
    Some(Fix { title: format!("make it `{}`", meant[first]), safety: Safety::Unsafe, edits })
}
