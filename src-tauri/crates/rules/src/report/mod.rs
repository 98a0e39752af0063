//! Problem reports: for a spreadsheet, with the places as a spreadsheet names them, and as a page to mail or to print.

mod page;

use std::borrow::Cow;

use crate::checker::Checker;
use muster_roster::finding::Finding;
use muster_roster::roster::Roster;
use muster_table::error::Result;
use muster_table::export::ExportFormat;
use muster_table::format::csv::{Dialect, LineEnd};
use muster_table::format::quoting::Quoting;
use muster_table::format::side;
use muster_table::format::xlsx::{column_letters, write as sheets};
use muster_table::narrow;
use muster_table::words::MASK;

pub use page::html;

/// Every finding, as a file.
pub fn write(format: ExportFormat, checker: &Checker, info: &ReportInfo) -> Result<Vec<u8>> {
    match format {
        ExportFormat::Text => csv(checker),
        ExportFormat::Workbook | ExportFormat::OldWorkbook => xlsx(checker, info.made_at),
        ExportFormat::Page => Ok(html(checker, info)?.into_bytes()),
    }
}

/// What a report says of itself.
#[derive(Debug, Clone, Copy)]
pub struct ReportInfo<'a> {
    /// The name of the roster's file.
    pub name: &'a str,
    /// When it is made, in seconds since 1970 began, UTC.
    pub made_at: i64,
}

impl ReportInfo<'_> {
    /// "3 November 2026, 14:05 UTC".
    fn when(&self) -> String {
        let at = jiff::Timestamp::from_second(self.made_at).unwrap_or_default();
        at.strftime("%-d %B %Y, %H:%M UTC").to_string()
    }
}

/// Every finding in the shape in which EdApp reports its own, `cell,message,reference`, where the header is row 1; behind
/// it the person, the column and the value, and a column to write the right value in: see [`crate::corrections`].
///
/// It is meant to be opened in Excel: UTF-8 with a byte-order mark, and a text that Excel would run begins with an
/// apostrophe.
pub fn csv(checker: &Checker) -> Result<Vec<u8>> {
    let dialect = Dialect {
        delimiter: b',',
        line_end: LineEnd::CrLf,
        mixed: false,
        always_quoted: true,
        quoting: Quoting::default(),
    };
    const HEADER: &str = "cell,message,reference,line,key,name,column,value,corrected";
    let places = Places::of(checker);
    let roster = &checker.context().roster;
    let row = |finding: Finding| {
        let of_row = |info: &dyn Fn(u32) -> String| finding.row.map_or(String::new(), info);
        let column = finding.column.and_then(|at| roster.columns.get(at as usize));
        let cell = |row: u32| {
            column.map_or(String::new(), |column| shown(roster, row, column.at).into_owned())
        };
        [
            places.name(&finding),
            finding.message.clone(),
            places.reference(&finding),
            of_row(&|row| roster.table.line(row).map_or(String::new(), |line| line.to_string())),
            of_row(&|row| roster.key_text(row).into_owned()),
            of_row(&|row| roster.name(row)),
            column.map_or(String::new(), |column| column.name.clone()),
            of_row(&cell),
            String::new(),
        ]
        .map(|cell| harmless(&cell).into_owned())
    };
    let rows = side::written(&dialect, checker.all_findings().into_iter().map(row))?;
    Ok(format!("\u{feff}{HEADER}\r\n{rows}").into_bytes())
}

/// A cell, with a password hidden.
fn shown(roster: &Roster, row: u32, at: usize) -> Cow<'_, str> {
    let text = roster.table.cell(row, at);
    let secret = roster.columns.get(at).is_some_and(|c| c.is_secret());
    if secret && !text.is_empty() { Cow::Borrowed(MASK) } else { text }
}

/// The roster as a workbook with the cells coloured by severity and commented, and all findings on a second sheet.
/// Passwords are hidden. A sheet that nobody sees has the rows once more, so that corrections can be told from what
/// changed here meanwhile. `made_at` is in seconds since 1970 began, UTC.
pub fn xlsx(checker: &Checker, made_at: i64) -> Result<Vec<u8>> {
    let roster = &checker.context().roster;
    let places = Places::of(checker);
    let marks: Vec<sheets::Mark> = checker
        .all_findings()
        .into_iter()
        .map(|finding| sheets::Mark {
            row: finding.row.and_then(|row| places.index(row)).map(narrow::place),
            column: finding.column,
            severity: finding.severity,
            message: finding.message,
        })
        .collect();
    let width = roster.table.width();
    let rows = || {
        roster.table.rows().map(move |row| {
            let cells = width.max(roster.table.cells(row));
            (0..cells).map(move |at| shown(roster, row, at))
        })
    };
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
        let table = &checker.context().roster.table;
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
        let roster = &self.checker.context().roster;
        match finding.row {
            Some(row) => format!("{} {}", finding.rule, roster.key_text(row)).trim_end().to_owned(),
            None => finding.rule.clone(),
        }
    }
}

/// A text that a spreadsheet takes for a text, and a terminal too.
fn harmless(text: &str) -> Cow<'_, str> {
    let commands = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    if text.contains(commands) {
        let shown = |c: char| match commands(c) {
            true => c.escape_unicode().to_string(),
            false => c.to_string(),
        };
        return Cow::Owned(harmless(&text.chars().map(shown).collect::<String>()).into_owned());
    }
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
    use crate::rules::CheckContext;
    use muster_roster::finding::Severity;
    use muster_roster::lists::{List, Lists};
    use muster_roster::profile::Profile;
    use muster_roster::roster::Roster;
    use muster_table::table::Table;

    fn checked(text: &str) -> Checker {
        let profile = Arc::new(Profile::built_in("edapp").expect("built in"));
        let roster = Roster::read(Table::from_text(text).expect("read"), profile);
        let mut lists = Lists::new();
        lists.insert("groups".into(), List::new(["Sales".to_owned()], "a test", None));
        Checker::new(CheckContext::new(roster, None, lists), &|_| true).expect("checked")
    }

    const ROSTER: &str = "email,username,firstname,lastname,usergroups,roles,password,externalid\na@example.com,ada,Ada,Lo,Sales,Learner,,\nb@example.com,bo,Bo,Li,Slaes,Learner,Secret-42x,\n";

    #[test]
    fn the_csv_report_commands_no_terminal() {
        assert_eq!(harmless("A\u{1b}[31mda"), "A\\u{1b}[31mda");
        assert_eq!(harmless("a\nb"), "a\nb");
        assert_eq!(harmless("\u{1b}=1"), "\\u{1b}=1");
    }

    #[test]
    fn the_csv_report_names_cells_as_edapp_does() {
        let text = String::from_utf8(csv(&checked(ROSTER)).expect("written")).expect("UTF-8");
        assert!(text.starts_with("\u{feff}cell,message,reference,line,"), "{text}");
        assert!(text.contains("\"E3\",\"`Slaes` is not a group"), "{text}");
        let person =
            "\"group-unknown bo\",\"3\",\"bo\",\"Bo Li\",\"usergroups\",\"Slaes\",\"\"\r\n";
        assert!(text.contains(person), "{text}");
        assert!(!text.contains("Secret"));
        let titled = format!("Our staff\n\n{ROSTER}");
        let text = String::from_utf8(csv(&checked(&titled)).expect("written")).expect("UTF-8");
        assert!(text.contains("\"E5\","), "{text}");
    }

    #[test]
    fn the_page_tells_each_rule_with_why_where_and_what_to_do_and_refers_to_nothing() {
        let roster = ROSTER.replace("Bo,Li", "<b>Bo</b>,\u{202E}Li");
        let info = ReportInfo { name: "staff & more.csv", made_at: 1_794_000_000 };
        let page = html(&checked(&roster), &info).expect("written");
        assert!(page.contains("<h1>Problems in staff &amp; more.csv</h1>"), "{page}");
        assert!(page.contains("on 6 November 2026, 21:20 UTC"), "{page}");
        assert!(
            page.contains("Group not known")
                && page.contains("Groups are matched letter by letter.")
        );
        assert!(page.contains("&lt;b&gt;Bo&lt;/b&gt; \\u{202e}Li") && !page.contains("<b>Bo"));
        assert!(!page.contains('\u{202E}'), "it would turn the rest of the line");
        let fixed = "<td class=\"todo\"><code>Slaes</code> → <code>Sales</code></td>";
        assert!(page.contains("<td class=\"where\">E3</td>") && page.contains(fixed), "{page}");
        assert!(page.contains("“Invalid user group”"), "the LMS's own reason");
        for no in ["Secret", "<script", "http:", "https:", "src=", "href=", "@import", "url("] {
            assert!(!page.contains(no), "{no}");
        }
        let gravest = page.find("class=\"error\">! error").expect("an error");
        assert!(page.find("class=\"warning\">? warning</span>").is_none_or(|at| at > gravest));
    }

    #[test]
    fn a_page_without_problems_says_so() {
        let one = "email,username,firstname,lastname\na@example.com,ada,Ada,Lo\n";
        let info = ReportInfo { name: "staff.csv", made_at: 0 };
        let page = html(&checked(one), &info).expect("written");
        assert!(page.contains("No problems: ") && page.contains("checks passed"), "{page}");
        assert!(page.contains("1 person, checked for EdApp (SC Training)"));
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
        let kind = muster_table::format::xlsx::kind_of(&bytes).expect("a workbook");
        let read = |name| {
            muster_table::format::xlsx::read(&bytes, kind, Some(name), &|_, _| true).expect("read")
        };
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
