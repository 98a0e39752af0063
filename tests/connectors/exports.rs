//! Files of users as Kolibri writes them, and editing them as somebody with a spreadsheet would.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub const COLUMNS: usize = 10;
pub const CODES: [&str; COLUMNS] = [
    "UUID",
    "USERNAME",
    "PASSWORD",
    "FULL_NAME",
    "USER_TYPE",
    "IDENTIFIER",
    "BIRTH_YEAR",
    "GENDER",
    "ENROLLED_IN",
    "ASSIGNED_TO",
];

/// Somebody's cells by the code of the column, as Kolibri means them: without the apostrophe of the export, classes in
/// order.
pub type Person = BTreeMap<&'static str, String>;

#[derive(Clone)]
pub struct Export {
    header: Vec<String>,
    rows: Vec<[String; COLUMNS]>,
}

impl Export {
    pub fn of(rows: Vec<[String; COLUMNS]>) -> Export {
        Export { header: CODES.map(String::from).to_vec(), rows }
    }

    pub fn read(path: &Path) -> Export {
        let text = std::fs::read_to_string(path).expect("UTF-8");
        let text = text.strip_prefix('\u{feff}').expect("a mark at the beginning");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header: Vec<String> =
            reader.headers().expect("a header").iter().map(String::from).collect();
        let codes: Vec<&str> = header.iter().map(|name| code(name)).collect();
        assert_eq!(codes, CODES);
        let row = |record: csv::Result<csv::StringRecord>| {
            let cells: Vec<String> = record.expect("a row").iter().map(String::from).collect();
            cells.try_into().expect("as many cells as columns")
        };
        let rows = reader.records().map(row).collect();
        Export { header, rows }
    }

    pub fn write(&self, path: &Path) {
        let mut writer =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        writer.write_record(&self.header).expect("written");
        for row in &self.rows {
            writer.write_record(row).expect("written");
        }
        let bytes = writer.into_inner().expect("written");
        std::fs::write(path, ["\u{feff}".as_bytes(), &bytes].concat()).expect("written");
    }

    /// Puts values into the cells of somebody, where each value has to be another than there was.
    pub fn edit(&mut self, username: &str, cells: &[(&str, &str)]) -> &mut Export {
        let row = self.rows.iter_mut().find(|row| row[1] == username).expect("somebody there");
        for (column, value) in cells {
            let cell = &mut row[place(column)];
            assert_ne!(cell, value);
            (*value).clone_into(cell);
        }
        self
    }

    pub fn add(&mut self, row: [&str; COLUMNS]) -> &mut Export {
        self.rows.push(row.map(String::from));
        self
    }

    pub fn remove(&mut self, username: &str) -> &mut Export {
        let before = self.rows.len();
        self.rows.retain(|row| row[1] != username);
        assert_eq!(self.rows.len(), before - 1);
        self
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn uuid(&self, username: &str) -> &str {
        &self.rows.iter().find(|row| row[1] == username).expect("somebody there")[0]
    }

    /// Everybody by username.
    pub fn people(&self) -> BTreeMap<String, Person> {
        let person = |row: &[String; COLUMNS]| {
            let cells = CODES.iter().zip(row).map(|(code, cell)| (*code, meant(code, cell)));
            (row[1].clone(), cells.collect())
        };
        self.rows.iter().map(person).collect()
    }
}

/// Where two facilities are not the same: who, the column, and what each of them has.
pub fn differences<'p>(
    these: &'p BTreeMap<String, Person>,
    those: &'p BTreeMap<String, Person>,
) -> Vec<(&'p str, &'static str, &'p str, &'p str)> {
    let everybody: BTreeSet<&String> = these.keys().chain(those.keys()).collect();
    let cell = |people: &'p BTreeMap<String, Person>, who: &str, column: &str| {
        people.get(who).map_or("nobody", |person| person[column].as_str())
    };
    let cells = everybody.into_iter().flat_map(|who| CODES.map(|column| (who, column)));
    cells
        .map(|(who, column)| {
            (who.as_str(), column, cell(these, who, column), cell(those, who, column))
        })
        .filter(|(_, _, this, that)| this != that)
        .collect()
}

/// The code in the brackets of a column's name.
pub fn code(name: &str) -> &str {
    name.rsplit_once('(').map_or(name, |(_, code)| code.trim_end_matches(')'))
}

fn place(column: &str) -> usize {
    CODES.iter().position(|code| *code == column).expect("a column of Kolibri's")
}

/// What a cell of a column says, however it is written.
pub fn meant(column: &str, cell: &str) -> String {
    let bare =
        cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '|', '%']));
    let cell = bare.unwrap_or(cell);
    if !["ENROLLED_IN", "ASSIGNED_TO"].contains(&column) {
        return cell.to_owned();
    }
    let mut classes: Vec<&str> = cell.split(',').map(str::trim).collect();
    classes.sort_unstable();
    classes.join(",")
}
