//! Emtrain's earlier LMS, “Upload/Edit Learners tool”: a workbook, matched by a key that the admin picks.

use std::collections::BTreeSet;

use crate::roll::{Blank, Did, Import, Lms, Roll};
use crate::sheet::Sheet;

/// Its page's questions.
#[derive(Clone, Debug)]
pub struct Answers {
    pub method: Method,
    /// “Ignore” or “overwrite”: what blank cells do to data that is there.
    pub blanks: Blank,
    /// “Deactivate Learners not in the Spreadsheet”.
    pub deactivate: bool,
}

/// “Select the method that you want the LMS to use when you upload your spreadsheet.”
#[derive(Clone, Debug, PartialEq)]
pub enum Method {
    DownloadAndSync,
    /// “Sync LMS Dashboard to HRIS Spreadsheet”, by this column.
    Hris(String),
}

/// What nobody has written down.
#[derive(Clone, Copy, Debug)]
pub struct Unsaid {
    /// A key that the LMS never gave: a new learner, or a row that is not taken.
    pub strange_key_is_new: bool,
    /// A blank password of somebody known, where blanks overwrite.
    pub blank_password: BlankPassword,
    /// “Any other characters are not supported.”
    pub characters: Characters,
    /// Whether a mistake in a row stops the whole file.
    pub stops: bool,
    /// Whether a new learner whose *Active* is blank is active.
    pub blank_is_active: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlankPassword {
    Stays,
    /// “Leave the field blank and the system will automatically assign a password.”
    Assigned,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Characters {
    Taken,
    Dropped,
    RowRefused,
}

impl Default for Unsaid {
    fn default() -> Unsaid {
        Unsaid {
            strange_key_is_new: false,
            blank_password: BlankPassword::Stays,
            characters: Characters::Taken,
            stops: false,
            blank_is_active: true,
        }
    }
}

/// Header of the key that the LMS gives.
pub const KEY: &str = "KEY";

#[derive(Clone, Debug)]
pub struct Learners {
    pub roll: Roll,
    pub unsaid: Unsaid,
    last_key: usize,
}

fn is_taken(c: char) -> bool {
    c.is_ascii_alphanumeric() || " %@~*(){}+-_;:'.,".contains(c)
}

impl Learners {
    pub fn new(download: &Sheet, unsaid: Unsaid) -> Learners {
        let roll = Roll::of(download);
        let key = roll.at(KEY);
        let last_key =
            roll.people.iter().filter_map(|p| p.cells[key].parse().ok()).max().unwrap_or(1000);
        Learners { roll, unsaid, last_key }
    }

    fn sync_column(&self, answers: &Answers) -> usize {
        match &answers.method {
            Method::DownloadAndSync => self.roll.at(KEY),
            Method::Hris(column) => self.roll.at(column),
        }
    }

    /// The “Test” of the key before going on: “unique for every learner and not blank”.
    fn test(&self, sheet: &Sheet, at: usize) -> Result<(), String> {
        let there = self.roll.people.iter().map(|p| &p.cells[at]);
        for values in [there.collect::<Vec<_>>(), sheet.rows.iter().map(|r| &r[at]).collect()] {
            let mut seen = BTreeSet::new();
            for value in values {
                if value.trim().is_empty() {
                    return Err("the key field is blank for a learner".to_owned());
                }
                if !seen.insert(value.trim()) {
                    return Err(format!("the key field is not unique: {value}"));
                }
            }
        }
        Ok(())
    }

    /// Why a row is not taken.
    fn fault(&self, row: &[String], known: Option<usize>, blanks: Blank) -> Option<String> {
        let [login, active] = [self.roll.at("Login Name"), self.roll.at("Active")];
        let name = match known {
            Some(at) if row[login].is_empty() && blanks == Blank::Keeps => {
                &self.roll.people[at].cells[login]
            }
            _ => &row[login],
        };
        if name.chars().count() < 4 {
            return Some(format!("the login name `{name}` is needed, with at least 4 characters"));
        }
        if self
            .roll
            .who(login, |v| v.eq_ignore_ascii_case(name))
            .is_some_and(|at| Some(at) != known)
        {
            return Some(format!("the login name `{name}` is taken"));
        }
        if !["", "Yes", "No"].contains(&row[active].as_str()) {
            return Some(format!("Active is Yes or No, not `{}`", row[active]));
        }
        let strange = row.iter().flat_map(|v| v.chars()).find(|&c| !is_taken(c));
        strange
            .filter(|_| self.unsaid.characters == Characters::RowRefused)
            .map(|c| format!("`{c}` is not supported"))
    }

    fn take(&mut self, row: &[String], known: Option<usize>, blanks: Blank) -> (Did, usize) {
        let [key, password, active] = ["KEY", "Password", "Active"].map(|h| self.roll.at(h));
        let mut after = known.map_or(self.roll.blank(), |at| self.roll.people[at].cells.clone());
        let before = after.clone();
        for (at, given) in row.iter().enumerate().filter(|(at, _)| *at != key && *at != password) {
            if !given.is_empty() || blanks == Blank::Clears {
                after[at].clone_from(given);
            }
        }
        let Some(at) = known else {
            self.last_key += 7;
            after[key] = self.last_key.to_string();
            if after[active].is_empty() {
                after[active] = if self.unsaid.blank_is_active { "Yes" } else { "No" }.to_owned();
            }
            return (Did::Created, self.roll.add(after).id);
        };
        let sets = match row[password].as_str() {
            "" => blanks == Blank::Clears && self.unsaid.blank_password == BlankPassword::Assigned,
            _ => true,
        };
        let person = &mut self.roll.people[at];
        let did = if after == before && !sets { Did::Same } else { Did::Updated };
        person.cells = after;
        person.passwords += usize::from(sets);
        (did, person.id)
    }

    fn take_all(&mut self, sheet: &Sheet, answers: &Answers) -> Import {
        let sync = self.sync_column(answers);
        let born = self.roll.people.len();
        let mut import = Import::default();
        let mut in_file = BTreeSet::new();
        for (line, row) in sheet.lines() {
            let clean = |v: &String| match self.unsaid.characters {
                Characters::Dropped => v.chars().filter(|&c| is_taken(c)).collect(),
                _ => v.trim().to_owned(),
            };
            let row: Vec<String> = row.iter().map(clean).collect();
            let known = Some(&row[sync]).filter(|v| !v.is_empty()).and_then(|key| {
                self.roll.people[..born].iter().position(|p| p.cells[sync] == *key)
            });
            let id = known.map(|at| self.roll.people[at].id);
            let strange = known.is_none()
                && answers.method == Method::DownloadAndSync
                && !row[sync].is_empty();
            if strange && !self.unsaid.strange_key_is_new {
                import.note(
                    line,
                    Did::Refused,
                    None,
                    format!("no learner has the key `{}`", row[sync]),
                );
            } else if id.is_some_and(|id| in_file.contains(&id)) {
                import.note(line, Did::Refused, id, "the key is in the file twice");
            } else if let Some(why) = self.fault(&row, known, answers.blanks) {
                in_file.extend(id);
                import.note(line, Did::Refused, id, why);
            } else {
                let (did, id) = self.take(&row, known, answers.blanks);
                in_file.insert(id);
                import.note(line, did, Some(id), "");
            }
        }
        if answers.deactivate {
            let active = self.roll.at("Active");
            for person in self.roll.people.iter_mut().filter(|p| !in_file.contains(&p.id)) {
                if person.cells[active] != "No" {
                    "No".clone_into(&mut person.cells[active]);
                    import.left_out.push(person.id);
                }
            }
        }
        import
    }
}

impl Lms for Learners {
    type Answers = Answers;

    fn upload(&mut self, file: &[u8], answers: &Answers) -> Import {
        if !Sheet::is_xls(file) {
            return Import::refused("the file must be saved as Microsoft Excel .xls");
        }
        let sheet = match Sheet::of_workbook(file) {
            Ok(sheet) => sheet,
            Err(why) => return Import::refused(why),
        };
        // “The columns must match the columns of the Download and Sync spreadsheet, in that order.”
        if sheet.header != self.roll.header {
            return Import::refused("the columns are not those of the spreadsheet, in its order");
        }
        if answers.method != Method::DownloadAndSync
            && let Err(why) = self.test(&sheet, self.sync_column(answers))
        {
            return Import::refused(why);
        }
        let as_it_was = self.clone();
        let import = self.take_all(&sheet, answers);
        if self.unsaid.stops && import.count(Did::Refused) > 0 {
            *self = as_it_was;
            let why = import.rows.into_iter().filter(|r| r.did == Did::Refused);
            let refused = why.map(|r| format!("line {}: {}", r.line, r.why)).collect();
            return Import { refused, ..Import::default() };
        }
        import
    }

    fn export(&self) -> Vec<u8> {
        self.roll.sheet().xlsx()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: [&str; 8] = [
        KEY,
        "Login Name",
        "Password",
        "First Name",
        "Last Name",
        "Active",
        "Location",
        "Employee ID",
    ];
    const ANA: [&str; 8] = ["2001", "silva1", "", "Ana", "Silva", "Yes", "CA", "031"];
    const BO: [&str; 8] = ["2008", "tanaka", "", "Bo", "Tanaka", "No", "JPN", "032"];
    const NEW: [&str; 8] = ["", "aydin3", "", "Cem", "Aydin", "", "TUR", "033"];

    fn answers(method: Method) -> Answers {
        Answers { method, blanks: Blank::Keeps, deactivate: false }
    }

    fn lms() -> Learners {
        Learners::new(&Sheet::new(&HEADER, &[&ANA, &BO]), Unsaid::default())
    }

    /// The rows, behind the door at which `.xls` is asked for.
    fn take(lms: &mut Learners, rows: &[&[&str]], answers: &Answers) -> Import {
        lms.take_all(&Sheet::new(&HEADER, rows), answers)
    }

    fn with(mut row: [&'static str; 8], at: usize, value: &'static str) -> [&'static str; 8] {
        row[at] = value;
        row
    }

    #[test]
    fn a_blank_key_indicates_a_new_learner_and_the_system_assigns_one() {
        let mut lms = lms();
        let import =
            take(&mut lms, &[&with(ANA, 4, "Silva-Reis"), &NEW], &answers(Method::DownloadAndSync));
        assert_eq!((import.count(Did::Updated), import.count(Did::Created)), (1, 1));
        assert_eq!(lms.roll.cell(("Login Name", "aydin3"), KEY), "2015");
        assert_eq!(lms.roll.cell((KEY, "2001"), "Last Name"), "Silva-Reis");
    }

    #[test]
    fn the_picked_field_is_unique_and_not_blank() {
        let by = answers(Method::Hris("Employee ID".to_owned()));
        let mut lms = lms();
        assert_eq!(take(&mut lms, &[&with(ANA, 0, ""), &NEW], &by).count(Did::Created), 1);
        let sheet = |rows: &[&[&str]]| Sheet::new(&HEADER, rows);
        assert!(lms.test(&sheet(&[&ANA, &NEW]), 7).is_ok());
        assert!(lms.test(&sheet(&[&ANA, &ANA]), 7).is_err());
        assert!(lms.test(&sheet(&[&with(ANA, 7, "")]), 7).is_err());
        lms.roll.people[0].cells[7].clear();
        assert!(lms.test(&sheet(&[&BO]), 7).is_err(), "not blank for anybody in the LMS either");
    }

    #[test]
    fn the_file_is_an_xls_with_the_columns_of_the_download() {
        let mut lms = lms();
        let file = lms.export();
        assert!(Sheet::of_workbook(&file).is_ok());
        let import = lms.upload(&file, &answers(Method::DownloadAndSync));
        assert_eq!(import.refused, ["the file must be saved as Microsoft Excel .xls"]);
    }

    #[test]
    fn blank_cells_are_ignored_or_overwrite_as_is_chosen() {
        let change = with(ANA, 6, "");
        let mut answers = answers(Method::DownloadAndSync);
        for (blanks, location, resets) in [(Blank::Keeps, "CA", 1), (Blank::Clears, "", 2)] {
            answers.blanks = blanks;
            let mut lms = lms();
            lms.unsaid.blank_password = BlankPassword::Assigned;
            take(&mut lms, &[&change], &answers);
            assert_eq!(lms.roll.cell((KEY, "2001"), "Location"), location);
            assert_eq!(lms.roll.people[0].passwords, resets);
        }
    }

    #[test]
    fn learners_not_in_the_spreadsheet_are_deactivated_if_that_is_chosen() {
        let mut lms = lms();
        let mut answers = answers(Method::DownloadAndSync);
        take(&mut lms, &[&NEW], &answers);
        assert_eq!(lms.roll.cell((KEY, "2001"), "Active"), "Yes");
        answers.deactivate = true;
        let import = take(&mut lms, &[&BO], &answers);
        assert_eq!(import.left_out, [0, 2]);
        assert_eq!(lms.roll.cell((KEY, "2001"), "Active"), "No");
    }

    #[test]
    fn characters_beyond_the_list_are_treated_as_nobody_has_written() {
        for (characters, name) in [
            (Characters::Taken, "Åsa"),
            (Characters::Dropped, "sa"),
            (Characters::RowRefused, "Ana"),
        ] {
            let mut lms = lms();
            lms.unsaid.characters = characters;
            take(&mut lms, &[&with(ANA, 3, "Åsa")], &answers(Method::DownloadAndSync));
            assert_eq!(lms.roll.cell((KEY, "2001"), "First Name"), name);
        }
    }

    #[test]
    fn a_login_name_is_needed_and_nobody_elses() {
        for login in ["tanaka", "abc", ""] {
            let mut lms = lms();
            let import = take(&mut lms, &[&with(NEW, 1, login)], &answers(Method::DownloadAndSync));
            assert_eq!(import.count(Did::Refused), 1, "{login}");
        }
    }
}
