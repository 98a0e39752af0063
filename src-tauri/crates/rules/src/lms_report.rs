//! The report or mail in which an LMS says what it did with a file, joined to the people whom it is about.
//!
//! Each LMS words it in a way of its own: as a table with a row, a cell or a key and a message, as JSON, or as lines of
//! text in a mail. Whatever names somebody or a row is joined; the rest is told as it is.

use std::collections::BTreeMap;

use muster_roster::profile::{FieldKind, header_form};
use muster_roster::roster::{Column, Roster};
use muster_table::format::side::Side;

/// Something that the LMS said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The row of the roster that it is about; none where nobody could be found.
    pub row: Option<u32>,
    /// The column's name, as the roster has it.
    pub column: Option<String>,
    /// The LMS's own words.
    pub message: String,
    /// What of the report names the person or the place.
    pub about: String,
}

/// How the file was that the LMS took: whom its lines are about.
pub struct Upload {
    /// Keys by the line of the file, the column names on line 1.
    pub keys: Vec<String>,
    /// The column names as the uploaded file had them.
    pub names: Vec<String>,
    /// The LMS counts from the first person, not from the line of the column names.
    pub counts_people: bool,
}

impl Upload {
    /// The upload as a roster of its own.
    pub fn of(roster: &Roster, counts_people: bool) -> Upload {
        let keys = roster.table.rows().map(|row| roster.key_text(row).into_owned()).collect();
        Upload { keys, names: roster.table.names().to_vec(), counts_people }
    }

    fn key_at(&self, number: usize) -> Option<&str> {
        let at = number.checked_sub(if self.counts_people { 1 } else { 2 })?;
        self.keys.get(at).map(String::as_str)
    }
}

/// What a report says of the people of a roster, in its order.
pub fn read(text: &str, roster: &Roster, upload: &Upload) -> Vec<Said> {
    let joining = Joining { roster, upload, columns: by_form(roster) };
    if let Ok(json) = serde_json::from_str::<serde_json::Value>(text.trim()) {
        return joining.json(&json);
    }
    match Side::read(text).ok().and_then(|side| Some((Places::of(&side)?, side))) {
        Some((places, side)) => joining.table(&side, &places),
        None => {
            text.lines().map(str::trim).filter(|l| !l.is_empty()).map(|l| joining.line(l)).collect()
        }
    }
}

/// Where a table of faults has what.
struct Places {
    message: usize,
    row: Option<usize>,
    cell: Option<usize>,
    key: Option<usize>,
    column: Option<usize>,
    value: Option<usize>,
}

const MESSAGES: [&str; 9] = [
    "message",
    "error",
    "errors",
    "errormessage",
    "reason",
    "description",
    "details",
    "problem",
    "warning",
];
const ROWS: [&str; 7] = ["row", "line", "rownumber", "linenumber", "rowno", "lineno", "rowindex"];
const CELLS: [&str; 2] = ["cell", "celladdress"];
const COLUMNS: [&str; 4] = ["field", "column", "columnname", "fieldname"];
const VALUES: [&str; 2] = ["value", "reference"];
const KEYS: [&str; 10] = [
    "key",
    "email",
    "emailaddress",
    "username",
    "userid",
    "user",
    "login",
    "loginname",
    "uniquekey",
    "employeeid",
];

impl Places {
    fn of(side: &Side) -> Option<Places> {
        let forms: Vec<String> = side.names.iter().map(|name| header_form(name)).collect();
        let place = |words: &[&str]| {
            words.iter().find_map(|word| forms.iter().position(|form| form == word))
        };
        let places = Places {
            message: place(&MESSAGES)?,
            row: place(&ROWS),
            cell: place(&CELLS),
            key: place(&KEYS),
            column: place(&COLUMNS),
            value: place(&VALUES),
        };
        let names = [places.row, places.cell, places.key].iter().any(Option::is_some);
        names.then_some(places)
    }
}

struct Joining<'a> {
    roster: &'a Roster,
    upload: &'a Upload,
    /// Column names by their form and by their code in brackets.
    columns: BTreeMap<String, String>,
}

fn by_form(roster: &Roster) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for column in &roster.columns {
        all.insert(header_form(&column.name), column.name.clone());
        if let Some(field) = roster.field(column.at) {
            for header in &field.headers {
                all.insert(header_form(header), column.name.clone());
            }
        }
    }
    all
}

impl Joining<'_> {
    fn table(&self, side: &Side, places: &Places) -> Vec<Said> {
        let mut all = Vec::new();
        for row in &side.rows {
            let cell = |at: Option<usize>| {
                at.map(|at| Side::cell(row, at).trim().to_owned()).unwrap_or_default()
            };
            let message = cell(Some(places.message));
            if message.is_empty() {
                continue;
            }
            let (place, number, key) = (cell(places.cell), cell(places.row), cell(places.key));
            all.push(self.said(
                &place,
                &number,
                &key,
                &cell(places.column),
                &cell(places.value),
                message,
            ));
        }
        all
    }

    fn json(&self, json: &serde_json::Value) -> Vec<Said> {
        let lists = ["per_line_errors", "errors", "warnings", "results"];
        let list = json.as_array().or_else(|| {
            lists.iter().find_map(|name| json.get(name).and_then(serde_json::Value::as_array))
        });
        let one = std::slice::from_ref(json);
        let text = |fault: &serde_json::Value, words: &[&str]| {
            let object = fault.as_object();
            let found = object.and_then(|o| {
                o.iter().find(|(name, _)| words.contains(&header_form(name).as_str()))
            });
            match found.map(|(_, value)| value) {
                Some(serde_json::Value::String(text)) => text.clone(),
                Some(serde_json::Value::Number(number)) => number.to_string(),
                _ => String::new(),
            }
        };
        list.map_or(one, Vec::as_slice)
            .iter()
            .map(|fault| {
                let message = match fault {
                    serde_json::Value::String(text) => return self.line(text),
                    _ => text(fault, &MESSAGES),
                };
                let message = if message.is_empty() { fault.to_string() } else { message };
                let (place, number) = (text(fault, &CELLS), text(fault, &ROWS));
                let (key, column) = (text(fault, &KEYS), text(fault, &COLUMNS));
                self.said(&place, &number, &key, &column, &text(fault, &VALUES), message)
            })
            .collect()
    }

    fn said(
        &self,
        place: &str,
        number: &str,
        key: &str,
        column: &str,
        value: &str,
        message: String,
    ) -> Said {
        let of_cell = cell_of(place);
        let number = of_cell.map(|(_, line)| line).or_else(|| number.parse().ok());
        let row = self
            .row_of_key(key)
            .or_else(|| number.and_then(|n| self.upload.key_at(n)).and_then(|k| self.row_of_key(k)))
            .or_else(|| self.row_of_key(value));
        let named = self.columns.get(&header_form(column)).cloned();
        let lettered = of_cell.and_then(|(at, _)| self.upload.names.get(at).cloned());
        let about: Vec<&str> =
            [place, key, value].into_iter().filter(|text| !text.is_empty()).collect();
        let about = match number {
            Some(number) if place.is_empty() => [
                &[format!("row {number}")],
                &about.iter().map(|a| (*a).to_owned()).collect::<Vec<_>>()[..],
            ]
            .concat()
            .join(", "),
            _ => about.join(", "),
        };
        Said { row, column: named.or(lettered), message, about }
    }

    /// A line of a mail or a log: it may name somebody, a row, or a cell.
    fn line(&self, line: &str) -> Said {
        let words: Vec<&str> = line
            .split(|c: char| c.is_whitespace() || "\"'`“”‘’()[]{}<>,;|=".contains(c))
            .map(|word| word.trim_matches(|c: char| ".:!?".contains(c)))
            .filter(|word| !word.is_empty())
            .collect();
        let named = words.iter().find_map(|word| self.row_of_key(word).map(|row| (row, *word)));
        if let Some((row, word)) = named {
            return Said {
                row: Some(row),
                column: None,
                message: line.to_owned(),
                about: word.to_owned(),
            };
        }
        let number = words.windows(2).find_map(|pair| {
            let is_row = ["row", "line", "row#", "zeile", "ligne", "fila", "rij", "riga"]
                .contains(&pair[0].trim_end_matches(':').to_lowercase().as_str());
            is_row.then(|| pair[1].trim_start_matches('#').parse().ok()).flatten()
        });
        let cell = words.iter().find_map(|word| cell_of(word));
        let line_of = number.or(cell.map(|(_, line)| line));
        let row = line_of.and_then(|n| self.upload.key_at(n)).and_then(|key| self.row_of_key(key));
        let column =
            cell.filter(|_| number.is_none()).and_then(|(at, _)| self.upload.names.get(at));
        Said {
            row,
            column: column.cloned().filter(|_| row.is_some()),
            message: line.to_owned(),
            about: line_of.map_or(String::new(), |n| format!("row {n}")),
        }
    }

    /// Somebody by key, or by another value that nobody else has.
    fn row_of_key(&self, text: &str) -> Option<u32> {
        let text = text.trim();
        if text.chars().count() < 2 {
            return None;
        }
        self.roster.row_of_key(text).or_else(|| {
            let tells =
                |c: &&Column| !c.is_key && (c.unique.is_some() || c.kind == FieldKind::Email);
            let columns = self.roster.columns.iter().filter(tells);
            let mut columns = columns.filter(|_| text.contains(|c: char| c.is_alphabetic()));
            columns.find_map(|column| {
                let same = |row: &u32| {
                    self.roster.table.cell(*row, column.at).trim().eq_ignore_ascii_case(text)
                };
                self.roster.table.rows().find(same)
            })
        })
    }
}

/// `E2`: the fifth column on line 2.
fn cell_of(text: &str) -> Option<(usize, usize)> {
    let letters = text.chars().take_while(char::is_ascii_uppercase).count();
    let (letters, digits) = text.split_at_checked(letters)?;
    if letters.is_empty() || letters.len() > 2 || digits.is_empty() {
        return None;
    }
    let line = digits.parse().ok().filter(|line| *line > 0)?;
    let column = letters.bytes().fold(0, |at, letter| at * 26 + usize::from(letter - b'A') + 1);
    Some((column - 1, line))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use muster_roster::profile::Profile;
    use muster_table::table::Table;

    fn roster(profile: &str, text: &str) -> Roster {
        let profile = Profile::built_in(profile).expect("there");
        Roster::read(Table::from_text(text).expect("a table"), Arc::new(profile))
    }

    const EDAPP: &str = "email,username,firstname,lastname,usergroups,roles,password\n\
        ana@example.com,ana,Ana,Silva,Sales,Learner,\n\
        bo@example.com,bo,Bo,Li,Markting,Learner,short\n\
        cem@example.com,cem,Cem,Kaya,Sales,Learner,\n";

    fn told(roster: &Roster, upload: &Upload, text: &str) -> Vec<(String, String)> {
        read(text, roster, upload)
            .into_iter()
            .map(|said| {
                let who = said.row.map_or("nobody".into(), |row| roster.name(row));
                (who, said.column.unwrap_or_default())
            })
            .collect()
    }

    fn pair(who: &str, column: &str) -> (String, String) {
        (who.to_owned(), column.to_owned())
    }

    #[test]
    fn cells_of_the_uploaded_file_are_joined_to_the_people_of_the_list() {
        let list = roster("edapp", EDAPP);
        // The upload held the last two only.
        let file = EDAPP.lines().enumerate().filter(|(n, _)| *n != 1).map(|(_, line)| line);
        let upload = roster("edapp", &file.collect::<Vec<_>>().join("\n"));
        let upload = Upload::of(&upload, false);
        let said = "cell,message,reference\n\"E2\",\"Invalid user group\",\"Markting\"\n\"G2\",\"Password minimum length 8 characters\",\"\"\n\"A9\",\"User without email\",\"\"\n";
        let expected =
            [pair("Bo Li", "usergroups"), pair("Bo Li", "password"), pair("nobody", "email")];
        assert_eq!(told(&list, &upload, said), expected);
    }

    #[test]
    fn rows_that_are_counted_from_the_first_person_are_so_read() {
        let text = "UUID,USERNAME,PASSWORD,FULL_NAME,USER_TYPE,IDENTIFIER,BIRTH_YEAR,GENDER,ENROLLED_IN,ASSIGNED_TO\n\
            aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1,ana,*,Ana,LEARNER,,,,,\n\
            aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2,bo,*,Bo,LEARNER,,,FEMAL,,\n";
        let list = roster("kolibri", text);
        let upload = Upload::of(&list, true);
        let said = r#"{"per_line_errors": [{"row": 2, "field": "GENDER", "value": "FEMAL", "message": "Invalid"}]}"#;
        assert_eq!(told(&list, &upload, said), [pair("Bo", "GENDER")]);
    }

    #[test]
    fn a_mail_is_joined_by_whom_it_names() {
        let list = roster("edapp", EDAPP);
        let upload = Upload::of(&list, false);
        let said = "Dear admin,\nThe user <bo@example.com> could not be imported.\nRow 4: name is too long\n";
        let expected = [pair("nobody", ""), pair("Bo Li", ""), pair("Cem Kaya", "")];
        assert_eq!(told(&list, &upload, said), expected);
    }
}
