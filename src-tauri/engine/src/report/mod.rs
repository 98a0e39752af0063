//! Problem reports: for a spreadsheet, with the places as a spreadsheet names them.

use std::borrow::Cow;

use crate::checker::Checker;
use crate::diff::HIDDEN;
use crate::error::Outcome;
use crate::finding::Finding;
use crate::format::csv::{Dialect, LineEnd, write_cell};
use crate::format::xlsx::{column_letters, write as sheets};

/// Every finding in the shape in which EdApp reports its own: `cell,message,reference`, where the header is row 1.
///
/// It is meant to be opened in Excel: UTF-8 with a byte-order mark, and a text that Excel would run begins with an
/// apostrophe.
pub fn csv(checker: &Checker) -> Vec<u8> {
    const DIALECT: Dialect =
        Dialect { delimiter: b',', line_end: LineEnd::CrLf, mixed: false, always_quoted: true };
    let mut out = String::from("\u{feff}cell,message,reference\r\n");
    let places = Places::of(checker);
    for finding in checker.all_findings() {
        let cells = [places.name(&finding), finding.message.clone(), places.reference(&finding)];
        for (n, cell) in cells.iter().enumerate() {
            if n > 0 {
                out.push(',');
            }
            write_cell(&mut out, &harmless(cell), &DIALECT, true);
        }
        out.push_str("\r\n");
    }
    out.into_bytes()
}

/// The roster as a workbook with the cells coloured by severity and commented, and all findings on a second sheet.
/// Passwords are hidden. `made_at` is in seconds since 1970 began, UTC.
pub fn xlsx(checker: &Checker, made_at: i64) -> Outcome<Vec<u8>> {
    let roster = &checker.scene().roster;
    let places = Places::of(checker);
    let marks: Vec<sheets::Mark> = checker
        .all_findings()
        .into_iter()
        .map(|finding| sheets::Mark {
            row: finding.row.and_then(|row| places.index(row)).map(|at| at as u32),
            column: finding.column,
            severity: finding.severity,
            message: finding.message,
        })
        .collect();
    let width = roster.table.width();
    let cell = |row: u32, at: usize| {
        let text = roster.table.cell(row, at);
        let secret = roster.columns.get(at).is_some_and(|c| c.is_secret());
        if secret && !text.is_empty() { Cow::Borrowed(HIDDEN) } else { text }
    };
    let rows = roster.table.rows().map(|row| {
        let cells = width.max(roster.table.cells(row));
        (0..cells).map(move |at| cell(row, at))
    });
    let making = sheets::Making { sheet: "Roster", made_at, scratch: None };
    sheets::report(roster.table.names(), rows, &marks, &making)
}

/// Where each row stands, to be asked for many rows.
struct Places<'a> {
    checker: &'a Checker,
    of: rustc_hash::FxHashMap<u32, usize>,
    /// The rows of the file above the column names.
    lead: usize,
}

impl<'a> Places<'a> {
    fn of(checker: &'a Checker) -> Places<'a> {
        let table = &checker.scene().roster.table;
        let header = table.header_line();
        Places {
            checker,
            of: table.rows().enumerate().map(|(at, row)| (row, at)).collect(),
            lead: table.set_aside().iter().filter(|(line, _)| *line < header).count(),
        }
    }

    fn index(&self, row: u32) -> Option<usize> {
        self.of.get(&row).copied()
    }

    /// `E2`; blank for what is about the whole file.
    fn name(&self, finding: &Finding) -> String {
        let letters = |column: Option<u32>| column_letters(column.unwrap_or(0));
        match (finding.row.and_then(|row| self.index(row)), finding.column) {
            (Some(at), column) => format!("{}{}", letters(column), self.lead + at + 2),
            (None, Some(column)) => format!("{}{}", letters(Some(column)), self.lead + 1),
            (None, None) => String::new(),
        }
    }

    /// The rule, and whom it is about.
    fn reference(&self, finding: &Finding) -> String {
        let roster = &self.checker.scene().roster;
        match finding.row {
            Some(row) => format!("{} {}", finding.rule, roster.key_text(row)).trim_end().to_owned(),
            None => finding.rule.clone(),
        }
    }
}

/// A text that a spreadsheet takes for a text.
fn harmless(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::finding::Severity;
    use crate::profile::Profile;
    use crate::roster::Roster;
    use crate::rules::{List, Lists, Scene};
    use crate::table::Table;

    fn checked(text: &str) -> Checker {
        let profile = Arc::new(Profile::built_in("edapp").expect("built in"));
        let roster = Roster::read(Table::from_text(text).expect("read"), profile);
        let mut lists = Lists::new();
        lists.insert("groups".into(), List::new(["Sales".to_owned()], "a test", None));
        Checker::new(Scene::new(roster, None, lists), &|_| true).expect("checked")
    }

    const ROSTER: &str = "email,username,firstname,lastname,usergroups,roles,password,externalid\na@example.com,ada,Ada,Lo,Sales,Learner,,\nb@example.com,bo,Bo,Li,Slaes,Learner,Secret-42x,\n";

    #[test]
    fn the_csv_report_names_cells_as_edapp_does() {
        let text = String::from_utf8(csv(&checked(ROSTER))).expect("UTF-8");
        assert!(text.starts_with("\u{feff}cell,message,reference\r\n"), "{text}");
        assert!(text.contains("\"E3\",\"`Slaes` is not a group"), "{text}");
        assert!(text.contains(",\"group-unknown bo\"\r\n"), "{text}");
        assert!(!text.contains("Secret"));
        let titled = format!("Our staff\n\n{ROSTER}");
        let text = String::from_utf8(csv(&checked(&titled))).expect("UTF-8");
        assert!(text.contains("\"E5\","), "{text}");
    }

    #[test]
    fn a_text_that_excel_would_run_is_made_harmless_in_the_report_only() {
        assert_eq!(harmless("=1+1"), "'=1+1");
        assert_eq!(harmless("-5"), "'-5");
        assert_eq!(harmless("Ada"), "Ada");
    }

    #[test]
    fn the_workbook_has_the_roster_without_its_passwords() {
        let checker = checked(ROSTER);
        let bytes = xlsx(&checker, 1_794_000_000).expect("written");
        let kind = crate::format::xlsx::kind_of(&bytes).expect("a workbook");
        let read =
            |name| crate::format::xlsx::read(&bytes, kind, Some(name), &|_, _| true).expect("read");
        let roster = read("Roster");
        assert_eq!(
            roster.cells(2).collect::<Vec<_>>()[..5],
            ["b@example.com", "bo", "Bo", "Li", "Slaes"]
        );
        assert_eq!(roster.cells(2).nth(6), Some("•••"));
        let problems = read("Problems");
        let found = (1..problems.rows.len()).any(|row| {
            let cells: Vec<&str> = problems.cells(row).collect();
            cells[0] == Severity::Error.word() && cells[1] == "E3"
        });
        assert!(found);
    }
}
