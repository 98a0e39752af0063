use super::report_words::{is_example, is_remark, is_ruled, is_total};
use super::row_blank::{dropped, is_blank};
use super::{Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope};
use muster_roster::finding::{Safety, Severity};
use muster_roster::profile::FieldKind;
use muster_roster::roster::{Column, Roster, trimmed};

pub static RULE: Rule = Rule {
    code: "row-not-a-person",
    title: "Not a person",
    severity: Severity::Warning,
    requires: Requires::File,
    concerns: Concerns::File,
    scope: RuleScope::Person(check),
    page: include_str!("row_not_a_person.md"),
};

/// What stands in a row instead of a person.
enum Stands {
    Header,
    /// A sum, or how many there are.
    Total(String),
    /// A title or remark, alone in its row.
    Alone(String),
    /// What a report says under its rows: that it ends, who made it, or a line of dashes.
    Footer(String),
    /// Somebody invented, whom a template brings as its example.
    Example(String),
}

fn check(person: &Person, sink: &mut FindingSink) {
    if !person.is_nobody {
        return;
    }
    let Some(stands) = instead_of_a_person(&person.context.roster, person.row) else { return };
    sink.row(person.row, None, || {
        let (value, message) = match stands {
            Stands::Header => (String::new(), "the column names stand here again".to_owned()),
            Stands::Total(text) => {
                let message = format!("`{text}` looks like a total, not a person");
                (text, message)
            }
            Stands::Footer(text) => {
                let message = format!("`{text}` is a line of the report, not a person");
                (text, message)
            }
            Stands::Example(text) => {
                let message =
                    format!("`{text}` looks like the example of a template, not like a person");
                (text, message)
            }
            Stands::Alone(text) => {
                let message = format!("only `{text}` stands in this row; that looks like a title");
                (text, message)
            }
        };
        let fix = dropped(person, "set this row aside", Safety::Unsafe);
        FindingText::new(value, message).fix(Some(fix))
    });
}

/// Whether a row is blank, or a title, total or repeated header. Rules that miss something in a row pass over it, and no
/// plan sends it unless somebody let the finding stand.
pub fn is_nobody(roster: &Roster, row: u32) -> bool {
    // Most rows begin with something, and have a key beside it: a title or total does not.
    let stands = |column: usize| {
        let cell = roster.table.cell(row, column);
        let text = trimmed(&cell);
        !text.is_empty() && !text.eq_ignore_ascii_case(trimmed(&roster.columns[column].name))
    };
    if roster.key.is_some_and(|key| key > 0 && stands(key)) && stands(0) {
        let first = roster.table.cell(row, 0);
        let may_be_none = is_example(&first) || is_no_address(&roster.columns[0], &first);
        if !may_be_none {
            return false;
        }
    }
    is_blank(roster, row) || instead_of_a_person(roster, row).is_some()
}

/// Whether something else stands where an address belongs.
fn is_no_address(column: &Column, text: &str) -> bool {
    column.kind == FieldKind::Email && memchr::memchr(b'@', text.as_bytes()).is_none()
}

fn instead_of_a_person(roster: &Roster, row: u32) -> Option<Stands> {
    // Somebody who is being typed in here is somebody.
    roster.table.opened(row, 0)?;
    if let Some(stands) = said_by_a_report(roster, row) {
        return Some(stands);
    }
    if roster.columns.len() < 3 {
        return None;
    }
    let most = (roster.columns.len() / 3).max(2);
    let (mut filled, mut headers) = (0, 0);
    let mut first = None;
    for column in &roster.columns {
        let text = roster.table.cell(row, column.at);
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        filled += 1;
        headers += usize::from(text.eq_ignore_ascii_case(column.name.trim()));
        if filled > most && headers < filled {
            return None;
        }
        first.get_or_insert(column.at);
    }
    let at = first?;
    if headers == filled && filled >= 2 {
        return Some(Stands::Header);
    }
    // An address or a key of its own makes somebody of the row.
    let has = |column: usize| !roster.table.cell(row, column).trim().is_empty();
    let address = roster.columns.iter().any(|c| roster.table.cell(row, c.at).contains('@'));
    let key = roster.key.is_some_and(|key| key != at && has(key));
    if filled > most || address || key {
        return None;
    }
    let text = roster.table.cell(row, at);
    let text = text.trim();
    // A row that ends early was cut, or was never more than a title.
    // No key is a sentence.
    let is_sentence = text.split_whitespace().count() > 3;
    let alone = filled == 1 && roster.key.is_some_and(|key| key != at || is_sentence);
    (alone && text.contains(' ')).then(|| Stands::Alone(text.to_owned()))
}

/// What a row plainly says instead of a person: its first words are those of a total, a footer or an example, and only
/// numbers stand beside them. A key or an address of its own makes somebody of all but an example.
fn said_by_a_report(roster: &Roster, row: u32) -> Option<Stands> {
    let filled = |column: &&Column| !roster.table.cell(row, column.at).trim().is_empty();
    let first = roster.columns.iter().find(filled)?;
    let cell = roster.table.cell(row, first.at);
    let text = cell.trim();
    if is_example(text) {
        return Some(Stands::Example(text.to_owned()));
    }
    let mut beside = roster.columns.iter().skip(first.at + 1);
    let is_number =
        |cell: &str| !cell.contains(|c: char| c.is_alphabetic() || c == '@') || is_total(cell);
    let only_numbers = beside.all(|column| is_number(&roster.table.cell(row, column.at)));
    // Nobody has `Summe` for an address, whatever number stands where the key is.
    let key = roster.key.filter(|key| *key != first.at && !is_no_address(first, text));
    let has_key = || key.is_some_and(|key| !roster.table.cell(row, key).trim().is_empty());
    if !only_numbers || text.contains('@') || has_key() {
        return None;
    }
    if is_total(text) {
        return Some(Stands::Total(text.to_owned()));
    }
    (is_remark(text) || is_ruled(text)).then(|| Stands::Footer(text.to_owned()))
}
