//! Whom an LMS has, and what an import did to them.

use crate::sheet::Sheet;

/// Somebody in the LMS.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// The LMS's own number, in no file.
    pub id: usize,
    /// In the order of the export's columns.
    pub cells: Vec<String>,
    /// How often a password was set, or made up by the LMS.
    pub passwords: usize,
}

/// Everybody in the LMS.
#[derive(Clone, Debug, PartialEq)]
pub struct Roll {
    pub header: Vec<String>,
    pub people: Vec<Person>,
    born: usize,
}

impl Roll {
    pub fn of(sheet: &Sheet) -> Roll {
        let mut roll = Roll { header: sheet.header.clone(), people: Vec::new(), born: 0 };
        for row in &sheet.rows {
            roll.add(row.clone());
        }
        roll
    }

    pub fn add(&mut self, cells: Vec<String>) -> &mut Person {
        assert_eq!(cells.len(), self.header.len(), "{cells:?}");
        self.people.push(Person { id: self.born, cells, passwords: 1 });
        self.born += 1;
        self.people.last_mut().expect("somebody was just added")
    }

    pub fn blank(&self) -> Vec<String> {
        vec![String::new(); self.header.len()]
    }

    /// A column that this LMS surely has.
    pub fn at(&self, column: &str) -> usize {
        let at = self.header.iter().position(|h| h == column);
        at.unwrap_or_else(|| panic!("no column `{column}`"))
    }

    /// Where somebody stands of whom this is true.
    pub fn who(&self, column: usize, same: impl Fn(&str) -> bool) -> Option<usize> {
        self.people.iter().position(|p| same(&p.cells[column]))
    }

    pub fn sheet(&self) -> Sheet {
        let rows = self.people.iter().map(|p| p.cells.clone()).collect();
        Sheet { header: self.header.clone(), rows, not_text: Vec::new() }
    }

    /// The cell of somebody, for tests.
    pub fn cell(&self, key: (&str, &str), column: &str) -> &str {
        let at = self.who(self.at(key.0), |v| v == key.1);
        let at = at.unwrap_or_else(|| panic!("nobody with {key:?}"));
        &self.people[at].cells[self.at(column)]
    }
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Did {
    Created,
    Updated,
    /// Found and written, and nothing was otherwise.
    Same,
    /// Passed over as the vendor says.
    Ignored,
    /// Not taken because of a mistake in it.
    Refused,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Of the file; the header is 1.
    pub line: usize,
    pub did: Did,
    /// The LMS's number of whoever it is about.
    pub id: Option<usize>,
    pub why: String,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Import {
    /// Why nothing at all was imported.
    pub refused: Vec<String>,
    pub rows: Vec<Row>,
    /// Who was made inactive because the file does not have them.
    pub left_out: Vec<usize>,
    /// To whom a mail went.
    pub mails: Vec<String>,
    /// Fields that everybody has from now on.
    pub fields: Vec<String>,
}

impl Import {
    pub fn refused(why: impl Into<String>) -> Import {
        Import { refused: vec![why.into()], ..Import::default() }
    }

    pub fn note(&mut self, line: usize, did: Did, id: Option<usize>, why: impl Into<String>) {
        self.rows.push(Row { line, did, id, why: why.into() });
    }

    pub fn count(&self, did: Did) -> usize {
        self.rows.iter().filter(|row| row.did == did).count()
    }
}

/// What a blank cell means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blank {
    Keeps,
    Clears,
}

/// An LMS that takes files.
pub trait Lms: Clone {
    /// What its page asks at the upload.
    type Answers;

    /// Takes a file. What is refused as a whole changes nothing.
    fn upload(&mut self, file: &[u8], answers: &Self::Answers) -> Import;

    /// Everybody, as its own page gives them out.
    fn export(&self) -> Vec<u8>;
}
