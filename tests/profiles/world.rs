//! The files of one profile's folder as rosters that can be checked.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use muster_engine::checker::Checker;
use muster_engine::error::Result;
use muster_engine::lists::{List, Lists};
use muster_engine::profile::{Choices, Profile};
use muster_engine::reading::{self, ReadAs};
use muster_engine::roster::Roster;
use muster_engine::rules::CheckContext;
use muster_engine::table::Table;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

/// An edit of an export, before it is looked at.
#[derive(Clone)]
pub struct World {
    profile: Profile,
    snapshot: Option<Vec<u8>>,
    roster: Vec<u8>,
    lists: BTreeMap<String, Vec<String>>,
    policies: BTreeMap<String, String>,
}

impl World {
    /// `damaged` of `workleap`: that edit against that profile's snapshot.
    pub fn of(id: &str, edit: &str) -> World {
        let profile = Profile::built_in(id).expect("a profile that comes with Muster");
        let mut lists = BTreeMap::new();
        for kind in ["groups", "roles", "managers"] {
            if let Some(text) = text_if_there(id, &format!("{kind}.txt")) {
                lists.insert(kind.to_owned(), text.lines().map(String::from).collect());
            }
        }
        World {
            snapshot: Some(file(&profile, "snapshot")),
            roster: file(&profile, edit),
            profile,
            lists,
            policies: BTreeMap::new(),
        }
    }

    pub fn without_snapshot(mut self) -> World {
        self.snapshot = None;
        self
    }

    /// With another text as the roster.
    pub fn roster(mut self, text: &str) -> World {
        self.roster = form(&self.profile, text, "");
        self
    }

    pub fn policy(mut self, id: &str, choice: &str) -> World {
        self.policies.insert(id.to_owned(), choice.to_owned());
        self
    }

    /// With something of the profile taken away or put another way.
    pub fn with(mut self, change: impl FnOnce(&mut Profile)) -> World {
        change(&mut self.profile);
        self
    }

    /// What is chosen, as the command takes it.
    pub fn choices(&self) -> Result<Choices> {
        Choices::asked(&self.profile, &self.policies, table(self.roster.clone()).names())
    }

    pub fn checked(&self) -> Checker {
        self.checked_under(self.choices().expect("choices that it has"))
    }

    /// The same with what was chosen when the file was another one.
    pub fn checked_as_kept(&self) -> Checker {
        self.checked_under(Choices::of(&self.profile, &self.policies))
    }

    fn checked_under(&self, choices: Choices) -> Checker {
        let profile = Arc::new(self.profile.clone()).with_policies(&choices);
        let roster = |bytes: &Vec<u8>| Roster::read(table(bytes.clone()), profile.clone());
        let lists: Lists = self
            .lists
            .iter()
            .map(|(kind, values)| {
                let at = Some("2026-11-20T08:00:00Z".to_owned());
                (kind.clone(), List::new(values.iter().cloned(), "a list", at))
            })
            .collect();
        let mut context =
            CheckContext::new(roster(&self.roster), self.snapshot.as_ref().map(roster), lists);
        context.choices = choices;
        context.today = Some(jiff::civil::date(2026, 11, 22));
        Checker::new(context, &|_| true).expect("nothing stops it")
    }

    /// What is found, one a line, in the order of their places.
    pub fn found(&self) -> Vec<Found> {
        found(&self.checked())
    }
}

/// A finding, told by its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// The line; `header` for a column's name, `file` for what is about the whole.
    pub place: String,
    pub column: String,
    pub rule: String,
    pub severity: String,
    /// The person who is not in the file, or the column that is not; else it is at its place.
    pub value: String,
}

pub fn found(checker: &Checker) -> Vec<Found> {
    let table = &checker.context().roster.table;
    let mut all: Vec<Found> = checker
        .all_findings()
        .into_iter()
        .map(|finding| {
            let column = finding.column.map(|c| table.names()[c as usize].clone());
            let line = finding.row.and_then(|row| table.line(row));
            Found {
                place: match (finding.row, &column) {
                    (Some(_), _) => line.map_or("a new row".into(), |line| line.to_string()),
                    (None, Some(_)) => "header".into(),
                    (None, None) => "file".into(),
                },
                value: match (finding.row, &column) {
                    (None, None) => finding.value,
                    _ => String::new(),
                },
                column: column.unwrap_or_default(),
                rule: finding.rule,
                severity: finding.severity.word().into(),
            }
        })
        .collect();
    all.sort();
    all
}

fn path(id: &str, name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../tests/profiles").join(id).join(name)
}

/// A file of a profile's folder.
pub fn text(id: &str, name: &str) -> String {
    let path = path(id, name);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

pub fn text_if_there(id: &str, name: &str) -> Option<String> {
    std::fs::read_to_string(path(id, name)).ok()
}

/// The rows of a CSV file, its header first.
pub fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let row = |row: Result<csv::StringRecord, csv::Error>| {
        row.expect("CSV").iter().map(String::from).collect()
    };
    reader.records().map(row).collect()
}

fn file(profile: &Profile, name: &str) -> Vec<u8> {
    let cells = text_if_there(&profile.id, &format!("{name}.cells.csv")).unwrap_or_default();
    form(profile, &text(&profile.id, &format!("{name}.csv")), &cells)
}

/// A text as a file of the kind that the LMS takes.
fn form(profile: &Profile, text: &str, cells: &str) -> Vec<u8> {
    if profile.file.is_workbook() { workbook(text, cells) } else { text.as_bytes().to_vec() }
}

pub fn table(bytes: Vec<u8>) -> Table {
    reading::read_bytes(bytes, "roster", &ReadAs::default(), &|_| true).expect("read").table
}

/// A workbook of texts, but for the cells that `cells` names: line, column, kind, and for a formula what it is.
fn workbook(text: &str, cells: &str) -> Vec<u8> {
    let rows = rows(text);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let place = |at: usize| u32::try_from(at).expect("few rows");
    for (line, row) in rows.iter().enumerate() {
        for (column, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(place(line), column as u16, cell).expect("a text");
        }
    }
    for cell in self::rows(cells).iter().skip(1) {
        let line = cell[0].parse::<usize>().expect("a line") - 1;
        let column = rows[0].iter().position(|name| *name == cell[1]).expect("a column");
        let (text, at) = (&rows[line][column], (place(line), column as u16));
        match cell[2].as_str() {
            "number" => {
                sheet.write_number(at.0, at.1, text.parse::<f64>().expect("a number")).map(drop)
            }
            "date" => {
                let date = ExcelDateTime::parse_from_str(text).expect("a date");
                let format = Format::new().set_num_format(&cell[3]);
                sheet.write_datetime_with_format(at.0, at.1, &date, &format).map(drop)
            }
            "formula" => {
                let formula = Formula::new(&cell[3]).set_result(text);
                sheet.write_formula(at.0, at.1, formula).map(drop)
            }
            other => panic!("no kind of cell: {other}"),
        }
        .expect("written");
    }
    book.save_to_buffer().expect("a workbook")
}
