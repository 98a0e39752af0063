//! A roster as somebody edits it with a spreadsheet: its cells by the user name of a person.

use std::collections::BTreeMap;
use std::path::Path;

#[derive(Clone)]
pub struct Sheet {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// The column with the user name.
    login: &'static str,
}

impl Sheet {
    pub fn read(path: &Path) -> Sheet {
        Sheet::with_login(path, "userName")
    }

    pub fn with_login(path: &Path, login: &'static str) -> Sheet {
        let mut reader = csv::Reader::from_path(path).expect("a file");
        let header = reader.headers().expect("a header").iter().map(String::from).collect();
        let row = |record: csv::Result<csv::StringRecord>| {
            record.expect("a row").iter().map(String::from).collect()
        };
        let rows = reader.records().map(row).collect();
        Sheet { header, rows, login }
    }

    pub fn write(&self, path: &Path) {
        let mut writer = csv::Writer::from_path(path).expect("a file");
        writer.write_record(&self.header).expect("written");
        for row in &self.rows {
            writer.write_record(row).expect("written");
        }
        writer.flush().expect("written");
    }

    fn place(&self, column: &str) -> usize {
        let place = self.header.iter().position(|name| name == column);
        place.unwrap_or_else(|| panic!("no column {column}"))
    }

    /// Puts values into the cells of somebody, where each has to be another than there was.
    pub fn edit(&mut self, login: &str, cells: &[(&str, &str)]) -> &mut Sheet {
        let key = self.place(self.login);
        for (column, value) in cells {
            let place = self.place(column);
            let row = self.rows.iter_mut().find(|row| row[key] == login).expect("somebody there");
            assert_ne!(row[place], *value, "{login}, {column}");
            (*value).clone_into(&mut row[place]);
        }
        self
    }

    pub fn add(&mut self, cells: &[(&str, &str)]) -> &mut Sheet {
        let mut row = vec![String::new(); self.header.len()];
        for (column, value) in cells {
            (*value).clone_into(&mut row[self.place(column)]);
        }
        self.rows.push(row);
        self
    }

    pub fn remove(&mut self, login: &str) -> &mut Sheet {
        let (key, before) = (self.place(self.login), self.rows.len());
        self.rows.retain(|row| row[key] != login);
        assert_eq!(self.rows.len(), before - 1);
        self
    }

    /// Everybody by user name, with the columns that are asked for.
    pub fn people(
        &self,
        columns: &[&'static str],
    ) -> BTreeMap<String, BTreeMap<&'static str, String>> {
        let person = |row: &Vec<String>| {
            let cells = columns.iter().map(|column| (*column, row[self.place(column)].clone()));
            (row[self.place(self.login)].clone(), cells.collect())
        };
        self.rows.iter().map(person).collect()
    }
}
