//! Workleap LMS, “User import”: the vendor's template, filled with people who are new.

use std::collections::BTreeSet;

use crate::roll::{Did, Import, Lms, Roll};
use crate::sheet::Sheet;

/// Its page's questions.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// “Assign all users from the import to one or multiple groups”.
    pub groups: Vec<String>,
}

/// What nobody has written down.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unsaid {
    /// Whether `Ada@` and `ada@` are one address.
    pub any_case: bool,
}

#[derive(Clone, Debug)]
pub struct Workleap {
    pub roll: Roll,
    /// The template's header.
    pub template: Vec<String>,
    /// Each person's groups, by number. They are in no column.
    pub groups: BTreeSet<(usize, String)>,
    /// “The limit of active students set in your current subscription.”
    pub seats: Option<usize>,
    pub unsaid: Unsaid,
}

/// A column of the template, under the names that are known of it.
fn find(header: &[String], names: &[&str]) -> Option<usize> {
    header.iter().position(|h| names.contains(&h.as_str()))
}

const NAME: [&str; 1] = ["Name"];
const EMAIL: [&str; 1] = ["Email"];
const COUNTRY: [&str; 2] = ["Country", "Country code"];
const REGION: [&str; 3] = ["State/Region", "Region", "Province code"];

impl Workleap {
    pub fn new(export: &Sheet, template: &[&str], unsaid: Unsaid) -> Workleap {
        let template = template.iter().map(|&h| h.to_owned()).collect();
        let groups = BTreeSet::new();
        Workleap { roll: Roll::of(export), template, groups, seats: None, unsaid }
    }

    fn owner(&self, address: &str) -> Option<usize> {
        let at = find(&self.roll.header, &EMAIL).expect("the LMS has addresses");
        self.roll.who(at, |v| {
            if self.unsaid.any_case { v.eq_ignore_ascii_case(address) } else { v == address }
        })
    }

    /// Why the import fails.
    fn faults(&self, sheet: &Sheet) -> Vec<String> {
        let mut faults = Vec::new();
        let formulas = sheet.not_text.iter().filter(|(line, _)| *line > 0);
        faults
            .extend(formulas.map(|(line, _)| format!("line {}: not under text format", line + 1)));
        let mut seen = BTreeSet::new();
        for names in [&NAME[..], &EMAIL, &COUNTRY, &REGION] {
            let Some(at) = find(&sheet.header, names) else {
                faults.push(format!("the column `{}` is missing", names[0]));
                continue;
            };
            for (line, row) in sheet.lines() {
                if row[at].trim().is_empty() {
                    faults.push(format!("line {line}: `{}` is mandatory", names[0]));
                }
                if names == EMAIL && !seen.insert(row[at].trim().to_lowercase()) {
                    faults.push(format!("line {line}: the address stands in the file twice"));
                }
            }
        }
        faults
    }
}

impl Lms for Workleap {
    type Answers = Answers;

    fn upload(&mut self, file: &[u8], answers: &Answers) -> Import {
        let sheet = match file.starts_with(b"PK") {
            true => Sheet::of_workbook(file),
            false => Err("not an .xlsx file".to_owned()),
        };
        let sheet = match sheet {
            Ok(sheet) => sheet,
            Err(why) => return Import::refused(why),
        };
        let refused = self.faults(&sheet);
        if !refused.is_empty() {
            return Import { refused, ..Import::default() };
        }
        let as_it_was = self.clone();
        let email = find(&sheet.header, &EMAIL).expect("it was looked for");
        let mut import = Import::default();
        for (line, row) in sheet.lines() {
            let known = self.owner(row[email].trim()).map(|at| self.roll.people[at].id);
            let id = known.unwrap_or_else(|| {
                let mut cells = self.roll.blank();
                // “The system will only import the columns appearing in the template.”
                for (at, header) in self.roll.header.iter().enumerate() {
                    if self.template.contains(header)
                        && let Some(from) = sheet.column(header)
                    {
                        row[from].trim().clone_into(&mut cells[at]);
                    }
                }
                if let Some(status) = self.roll.header.iter().position(|h| h == "Status") {
                    "Active".clone_into(&mut cells[status]);
                }
                import.mails.push(row[email].trim().to_owned());
                self.roll.add(cells).id
            });
            self.groups.extend(answers.groups.iter().map(|g| (id, g.clone())));
            match known {
                Some(_) => {
                    import.note(line, Did::Ignored, known, "the email has an account: not modified")
                }
                None => import.note(line, Did::Created, Some(id), ""),
            }
        }
        if self.seats.is_some_and(|seats| self.roll.people.len() > seats) {
            *self = as_it_was;
            return Import::refused("beyond the limit of active students");
        }
        import
    }

    fn export(&self) -> Vec<u8> {
        self.roll.sheet().csv()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: [&str; 5] = ["Name", "Email", "Language", "Country", "State/Region"];
    const ANA: [&str; 5] = ["Ana Silva", "ana@a.example", "English", "CA", "QC"];
    const BO: [&str; 5] = ["Bo Tanaka", "bo@a.example", "French", "CA", "ON"];

    fn lms() -> Workleap {
        Workleap::new(&Sheet::new(&HEADER, &[&ANA]), &HEADER, Unsaid::default())
    }

    fn sheet(rows: &[&[&str]]) -> Sheet {
        Sheet::new(&HEADER, rows)
    }

    #[test]
    fn who_has_an_account_is_not_modified_and_gets_the_groups_of_the_import() {
        let mut lms = lms();
        let before = lms.roll.clone();
        let answers = Answers { groups: vec!["Clinic".to_owned()] };
        let import =
            lms.upload(&sheet(&[&["Ana Reis", "ana@a.example", "", "US", "NY"]]).xlsx(), &answers);
        assert_eq!((import.count(Did::Ignored), &lms.roll), (1, &before));
        assert!(lms.groups.contains(&(0, "Clinic".to_owned())) && import.mails.is_empty());
    }

    #[test]
    fn new_ones_are_created_and_invited_and_another_address_is_another_user() {
        let mut lms = lms();
        let other = ["Ana Silva", "ana.silva@a.example", "English", "CA", "QC"];
        let import = lms.upload(&sheet(&[&BO, &other]).xlsx(), &Answers::default());
        assert_eq!((import.count(Did::Created), lms.roll.people.len()), (2, 3));
        assert_eq!(import.mails, ["bo@a.example", "ana.silva@a.example"]);
    }

    #[test]
    fn if_the_import_fails_no_users_will_be_imported() {
        let no_region = ["Cem Aydin", "cem@a.example", "English", "CA", ""];
        let mut lms = lms();
        assert_eq!(
            lms.upload(&sheet(&[&BO, &no_region]).xlsx(), &Answers::default()).refused.len(),
            1
        );
        assert_eq!(lms.roll.people.len(), 1);
        assert_eq!(
            lms.upload(&sheet(&[&BO]).csv(), &Answers::default()).refused,
            ["not an .xlsx file"]
        );
        lms.seats = Some(1);
        assert_eq!(lms.upload(&sheet(&[&BO]).xlsx(), &Answers::default()).refused.len(), 1);
    }

    #[test]
    fn only_the_columns_of_the_template_are_imported() {
        let mut lms = lms();
        lms.template.retain(|h| h != "Language");
        lms.upload(&sheet(&[&BO]).xlsx(), &Answers::default());
        assert_eq!(lms.roll.cell(("Email", "bo@a.example"), "Language"), "");
    }
}
