//! Kaspersky ASAP, “Importing users”: a workbook, in stages.

use std::collections::{BTreeMap, BTreeSet};

use crate::roll::{Blank, Did, Import, Lms, Roll};
use crate::sheet::Sheet;

/// Its page's questions.
#[derive(Clone, Debug)]
pub struct Answers {
    /// “Just check the boxes in the Add to database column for the fields you want to add.”
    pub add_to_database: BTreeSet<String>,
    /// “Continue as-is”, or cancel where there are errors.
    pub as_is: bool,
}

/// What nobody has written down.
#[derive(Clone, Copy, Debug)]
pub struct Unsaid {
    pub known: Known,
    /// Whether addresses are told apart by their case.
    pub any_case: bool,
}

/// Somebody whose address the company has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    Updated(Blank),
    Ignored,
    Error,
}

impl Known {
    pub const ALL: [Known; 4] =
        [Known::Updated(Blank::Keeps), Known::Updated(Blank::Clears), Known::Ignored, Known::Error];
}

/// “Default fields (Email, userName, reference) are required and can't be deleted.”
const DEFAULTS: [&str; 3] = ["Email", "userName", "reference"];

#[derive(Clone, Debug)]
pub struct Asap {
    pub roll: Roll,
    pub unsaid: Unsaid,
    /// Automatic distribution rules: who has this in this field comes into this group.
    pub rules: Vec<(String, String, String)>,
    /// By number. They are in no column.
    pub groups: BTreeMap<usize, String>,
}

impl Asap {
    pub fn new(company: &Sheet, unsaid: Unsaid) -> Asap {
        Asap { roll: Roll::of(company), unsaid, rules: Vec::new(), groups: BTreeMap::new() }
    }

    fn owner(&self, address: &str) -> Option<usize> {
        let at = self.roll.at("Email");
        self.roll.who(at, |v| {
            if self.unsaid.any_case { v.eq_ignore_ascii_case(address) } else { v == address }
        })
    }

    fn fault(&self, sheet: &Sheet, row: &[String], seen: &mut BTreeSet<String>) -> Option<String> {
        for field in DEFAULTS {
            let value = row[sheet.column(field).expect("it was looked for")].trim();
            if value.is_empty() {
                return Some(format!("`{field}` is required"));
            }
            if field != "Email" {
                continue;
            }
            if !value.contains('@') || value.contains(' ') {
                return Some(format!("`{value}` is no address"));
            }
            if !seen.insert(value.to_lowercase()) {
                return Some(format!("`{value}` stands in the file twice"));
            }
            if self.unsaid.known == Known::Error && self.owner(value).is_some() {
                return Some(format!("`{value}` is a user already"));
            }
        }
        None
    }

    fn take(&mut self, sheet: &Sheet, row: &[String]) -> (Did, usize) {
        let address = row[sheet.column("Email").expect("it was looked for")].trim();
        let known = self.owner(address);
        if let (Some(at), Known::Ignored) = (known, self.unsaid.known) {
            return (Did::Ignored, self.roll.people[at].id);
        }
        let mut after = known.map_or(self.roll.blank(), |at| self.roll.people[at].cells.clone());
        let before = after.clone();
        let clears = self.unsaid.known == Known::Updated(Blank::Clears);
        for (at, header) in self.roll.header.iter().enumerate() {
            let given = sheet.column(header).map(|from| row[from].trim());
            if let Some(given) = given.filter(|g| !g.is_empty() || clears) {
                given.clone_into(&mut after[at]);
            }
        }
        match known {
            Some(at) => {
                let person = &mut self.roll.people[at];
                let did = if after == before { Did::Same } else { Did::Updated };
                person.cells = after;
                (did, person.id)
            }
            None => {
                let rule = self
                    .rules
                    .iter()
                    .find(|(field, value, _)| after[self.roll.at(field)] == *value);
                let group = rule.map(|(_, _, group)| group.clone());
                let id = self.roll.add(after).id;
                self.groups.extend(group.map(|group| (id, group)));
                (Did::Created, id)
            }
        }
    }
}

impl Lms for Asap {
    type Answers = Answers;

    fn upload(&mut self, file: &[u8], answers: &Answers) -> Import {
        // Stage 1.
        let sheet = match file.starts_with(b"PK") {
            true => Sheet::of_workbook(file),
            false => Err("not an .xlsx file".to_owned()),
        };
        let sheet = match sheet {
            Ok(sheet) => sheet,
            Err(why) => return Import::refused(why),
        };
        if let Some(field) = DEFAULTS.iter().find(|field| sheet.column(field).is_none()) {
            return Import::refused(format!(
                "the field `{field}` is required and can't be deleted"
            ));
        }
        // Stage 3 comes before stage 2 here: what is cancelled there has added no field.
        let mut seen = BTreeSet::new();
        let faults: Vec<_> =
            sheet.rows.iter().map(|row| self.fault(&sheet, row, &mut seen)).collect();
        if !answers.as_is && faults.iter().any(Option::is_some) {
            let told =
                (2..).zip(faults).filter_map(|(line, why)| Some(format!("line {line}: {}", why?)));
            return Import { refused: told.collect(), ..Import::default() };
        }
        // Stage 2. “The new custom field will be added to all users in the current company.”
        let mut import = Import::default();
        for header in &sheet.header {
            if !self.roll.header.contains(header) && answers.add_to_database.contains(header) {
                self.roll.header.push(header.clone());
                self.roll.people.iter_mut().for_each(|p| p.cells.push(String::new()));
                import.fields.push(header.clone());
            }
        }
        // Stages 4 and 5.
        for ((line, row), fault) in sheet.lines().zip(faults) {
            match fault {
                Some(why) => {
                    let address = row[sheet.column("Email").expect("it was looked for")].trim();
                    let id = self.owner(address).map(|at| self.roll.people[at].id);
                    import.note(line, Did::Refused, id, why);
                }
                None => {
                    let (did, id) = self.take(&sheet, row);
                    import.note(line, did, Some(id), "");
                }
            }
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

    const HEADER: [&str; 4] = ["Email", "userName", "reference", "Department"];
    const ANA: [&str; 4] = ["ana@a.example", "Ana Silva", "Ana", "Sales"];
    const BO: [&str; 4] = ["bo@a.example", "Bo Tanaka", "Bo", "Sales"];

    fn lms(known: Known) -> Asap {
        Asap::new(&Sheet::new(&HEADER, &[&ANA]), Unsaid { known, any_case: true })
    }

    fn answers(fields: &[&str], as_is: bool) -> Answers {
        Answers { add_to_database: fields.iter().map(|&f| f.to_owned()).collect(), as_is }
    }

    #[test]
    fn a_new_field_is_added_to_all_users_if_its_box_is_checked() {
        let sheet = Sheet::new(
            &["Email", "userName", "reference", "Department", "Office"],
            &[&["bo@a.example", "Bo Tanaka", "Bo", "Sales", "Lisboa"]],
        );
        let mut unchecked = lms(Known::Ignored);
        let import = unchecked.upload(&sheet.xlsx(), &answers(&[], false));
        assert_eq!((import.count(Did::Created), unchecked.roll.header.len()), (1, 4));
        let mut checked = lms(Known::Ignored);
        let import = checked.upload(&sheet.xlsx(), &answers(&["Office"], false));
        assert_eq!(import.fields, ["Office"]);
        assert_eq!(checked.roll.cell(("Email", "ana@a.example"), "Office"), "");
        assert_eq!(checked.roll.cell(("Email", "bo@a.example"), "Office"), "Lisboa");
    }

    #[test]
    fn the_default_fields_are_required() {
        let mut sheet = Sheet::new(&HEADER, &[&BO]);
        "Reference".clone_into(&mut sheet.header[2]);
        let refused = lms(Known::Ignored).upload(&sheet.xlsx(), &answers(&[], true)).refused;
        assert_eq!(refused, ["the field `reference` is required and can't be deleted"]);
    }

    #[test]
    fn continued_as_is_users_with_errors_are_not_imported() {
        let wrong = ["", "Cem Aydin", "Cem", ""];
        let file = Sheet::new(&HEADER, &[&wrong, &BO, &BO]).xlsx();
        let mut cancelled = lms(Known::Ignored);
        assert_eq!(cancelled.upload(&file, &answers(&[], false)).refused.len(), 2);
        assert_eq!(cancelled.roll.people.len(), 1);
        let mut continued = lms(Known::Ignored);
        let import = continued.upload(&file, &answers(&[], true));
        assert_eq!((import.count(Did::Refused), import.count(Did::Created)), (2, 1));
    }

    #[test]
    fn what_becomes_of_a_known_user_nobody_has_written() {
        let file = Sheet::new(&HEADER, &[&["ana@a.example", "Ana Reis", "Ana", ""]]).xlsx();
        let after = [
            ("Ana Reis", "Sales"),
            ("Ana Reis", ""),
            ("Ana Silva", "Sales"),
            ("Ana Silva", "Sales"),
        ];
        for (known, (name, department)) in Known::ALL.into_iter().zip(after) {
            let mut lms = lms(known);
            lms.upload(&file, &answers(&[], true));
            assert_eq!(lms.roll.cell(("Email", "ana@a.example"), "userName"), name);
            assert_eq!(lms.roll.cell(("Email", "ana@a.example"), "Department"), department);
        }
    }

    #[test]
    fn groups_are_given_by_the_rules_and_to_new_users_alone() {
        let mut lms = lms(Known::Updated(Blank::Keeps));
        lms.rules = vec![("Department".to_owned(), "Sales".to_owned(), "Sellers".to_owned())];
        lms.upload(&Sheet::new(&HEADER, &[&ANA, &BO]).xlsx(), &answers(&[], true));
        assert_eq!(lms.groups, BTreeMap::from([(1, "Sellers".to_owned())]));
    }
}
