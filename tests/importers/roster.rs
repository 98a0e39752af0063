//! Emtrain's user roster: a CSV whose columns were mapped once, with statuses and a sync field.

use std::collections::BTreeSet;

use crate::roll::{Blank, Did, Import, Lms, Person, Roll};
use crate::sheet::Sheet;

/// Its page's questions. The sync field is the account's.
#[derive(Clone, Copy, Debug)]
pub struct Answers {
    /// “Override edits to Emtrain user table with CSV Data”.
    pub overrides: bool,
}

/// What nobody has written down.
#[derive(Clone, Copy, Debug)]
pub struct Unsaid {
    pub blank: Blank,
    /// What becomes of somebody who is set inactive: “deactivated or deleted”, by their assignments.
    pub inactive_is_deleted: bool,
    /// A manager without a profile: the cell as it was, or blank.
    pub no_manager: Blank,
    /// A new user without a status.
    pub blank_is_active: bool,
    /// Whether *Admin Access* of a new user is `No`, or blank.
    pub new_say_no: bool,
}

impl Default for Unsaid {
    fn default() -> Unsaid {
        Unsaid {
            blank: Blank::Keeps,
            inactive_is_deleted: false,
            no_manager: Blank::Keeps,
            blank_is_active: true,
            new_say_no: true,
        }
    }
}

/// “Changes to the data in your CSV sync field, whether Email or Employee ID”.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sync {
    Email,
    EmployeeId,
}

const EMAIL: &str = "Email Address";
const EMPLOYEE: &str = "Employee ID";
const STATUS: &str = "User Status";
/// “Take place on individual profiles”.
const BY_HAND: [&str; 2] = ["Admin Access", "Admin User Role"];

#[derive(Clone, Debug)]
pub struct Roster {
    pub roll: Roll,
    pub sync: Sync,
    pub unsaid: Unsaid,
    /// Who was edited in the application since.
    pub edited: BTreeSet<usize>,
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let within = |text: &str, last: u32| {
        text.len() == 2 && text.parse().is_ok_and(|n| (1..=last).contains(&n))
    };
    year.len() == 4 && year.parse::<u32>().is_ok() && within(month, 12) && within(day, 31)
}

/// `Yes/yes/YES/1` or `No/no/NO/0`.
fn yes_or_no(text: &str) -> Option<&'static str> {
    match text {
        "Yes" | "yes" | "YES" | "1" => Some("Yes"),
        "No" | "no" | "NO" | "0" => Some("No"),
        _ => None,
    }
}

impl Roster {
    pub fn new(export: &Sheet, sync: Sync, unsaid: Unsaid) -> Roster {
        Roster { roll: Roll::of(export), sync, unsaid, edited: BTreeSet::new() }
    }

    fn sync_column(&self) -> &'static str {
        match self.sync {
            Sync::Email => EMAIL,
            Sync::EmployeeId => EMPLOYEE,
        }
    }

    fn owner(&self, column: &str, value: &str) -> Option<usize> {
        let folds = column == EMAIL;
        self.roll.who(self.roll.at(column), |v| {
            if folds { v.eq_ignore_ascii_case(value) } else { v == value }
        })
    }

    /// “A row missing a required field is skipped.”
    fn missing(&self, row: &[String]) -> Option<&str> {
        let required = ["First Name", "Last Name", self.sync_column()];
        required.into_iter().find(|&column| row[self.roll.at(column)].is_empty())
    }

    /// What a cell says when it has gone in; nothing where the field is not imported.
    fn value(&self, column: &str, given: &str) -> Option<String> {
        let has_profile =
            || self.roll.who(self.roll.at(EMAIL), |v| v.eq_ignore_ascii_case(given)).is_some();
        match column {
            _ if BY_HAND.contains(&column) => None,
            "Hire Date" | "Attrition Date" if !is_date(given) => None,
            "Supervisor Status" | "Exempt" => yes_or_no(given).map(str::to_owned),
            STATUS if !["active", "inactive", "on leave"].contains(&given) => None,
            "Manager Email" if !has_profile() => match self.unsaid.no_manager {
                Blank::Keeps => None,
                Blank::Clears => Some(String::new()),
            },
            _ => Some(given.to_owned()),
        }
    }

    fn take(&mut self, row: &[String], known: Option<usize>) -> (Did, usize) {
        let mut after = known.map_or(self.roll.blank(), |at| self.roll.people[at].cells.clone());
        let before = after.clone();
        for (at, given) in row.iter().enumerate() {
            let column = &self.roll.header[at];
            let kept = known.is_some()
                && (column == self.sync_column() || BY_HAND.contains(&column.as_str()));
            if kept {
            } else if !given.is_empty() {
                if let Some(value) = self.value(column, given) {
                    after[at] = value;
                }
            } else if self.unsaid.blank == Blank::Clears {
                after[at].clear();
            }
        }
        let status = self.roll.at(STATUS);
        if known.is_none() {
            if after[status].is_empty() {
                after[status] =
                    if self.unsaid.blank_is_active { "active" } else { "inactive" }.to_owned();
            }
            let admin = self.roll.header.iter().position(|h| h == BY_HAND[0]);
            if let Some(admin) = admin.filter(|_| self.unsaid.new_say_no) {
                "No".clone_into(&mut after[admin]);
            }
            return (Did::Created, self.roll.add(after).id);
        }
        let person: &mut Person = &mut self.roll.people[known.unwrap_or_default()];
        let did = if after == before { Did::Same } else { Did::Updated };
        person.cells = after;
        (did, person.id)
    }
}

impl Lms for Roster {
    type Answers = Answers;

    fn upload(&mut self, file: &[u8], answers: &Answers) -> Import {
        let sheet = match Sheet::of_csv(file) {
            Ok(sheet) => sheet,
            Err(why) => return Import::refused(why),
        };
        // The last import's mapping is reused, by position: “columns must keep the same order”.
        if sheet.header != self.roll.header {
            return Import::refused("the columns are not in the order of the last mapping");
        }
        let [sync, status] = [self.sync_column(), STATUS].map(|c| self.roll.at(c));
        let mut import = Import::default();
        let mut seen = BTreeSet::new();
        let mut left = BTreeSet::new();
        for (line, row) in sheet.lines() {
            let row: Vec<String> = row.iter().map(|v| v.trim().to_owned()).collect();
            if let Some(column) = self.missing(&row) {
                import.note(line, Did::Refused, None, format!("`{column}` is missing"));
                continue;
            }
            let known = self.owner(self.sync_column(), &row[sync]);
            let id = known.map(|at| self.roll.people[at].id);
            let others = [EMAIL, EMPLOYEE]
                .into_iter()
                .filter(|&c| self.roll.header.iter().any(|h| h == c))
                .find(|&c| {
                    let value = &row[self.roll.at(c)];
                    !value.is_empty() && self.owner(c, value).is_some_and(|at| Some(at) != known)
                });
            if !seen.insert(row[sync].to_lowercase()) {
                import.note(line, Did::Refused, id, "the sync field is in the file twice");
            } else if let Some(column) = others {
                import.note(line, Did::Refused, id, format!("`{column}` is another user's"));
            } else if id.is_some_and(|id| self.edited.contains(&id)) && !answers.overrides {
                import.note(line, Did::Ignored, id, "edited in the application");
            } else {
                let was_active =
                    known.filter(|&at| self.roll.people[at].cells[status] != "inactive");
                let (did, id) = self.take(&row, known);
                import.note(line, did, Some(id), "");
                left.extend(was_active.map(|_| id));
            }
        }
        if self.unsaid.inactive_is_deleted {
            self.roll.people.retain(|p| !(left.contains(&p.id) && p.cells[status] == "inactive"));
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

    const HEADER: [&str; 9] = [
        "First Name",
        "Last Name",
        EMAIL,
        EMPLOYEE,
        STATUS,
        "Hire Date",
        "Manager Email",
        "Admin Access",
        "Cost Center",
    ];
    const ANA: [&str; 9] =
        ["Ana", "Silva", "ana@a.example", "0410", "active", "2020-01-03", "", "Yes", "0010"];
    const BO: [&str; 9] = [
        "Bo",
        "Tanaka",
        "bo@a.example",
        "0411",
        "active",
        "2020-02-06",
        "ana@a.example",
        "No",
        "0020",
    ];
    const NEW: [&str; 9] =
        ["Cem", "Aydin", "cem@a.example", "0412", "", "2026-11-30", "bo@a.example", "Yes", ""];
    const ON: Answers = Answers { overrides: true };

    fn lms(sync: Sync) -> Roster {
        Roster::new(&Sheet::new(&HEADER, &[&ANA, &BO]), sync, Unsaid::default())
    }

    fn upload(lms: &mut Roster, rows: &[&[&str]], answers: Answers) -> Import {
        lms.upload(&Sheet::new(&HEADER, rows).csv(), &answers)
    }

    fn with(mut row: [&'static str; 9], at: usize, value: &'static str) -> [&'static str; 9] {
        row[at] = value;
        row
    }

    #[test]
    fn excluding_users_from_a_roster_import_does_not_deactivate_them() {
        let mut lms = lms(Sync::Email);
        assert_eq!(upload(&mut lms, &[&NEW], ON).count(Did::Created), 1);
        assert_eq!(lms.roll.cell((EMAIL, "ana@a.example"), STATUS), "active");
        assert_eq!(lms.roll.cell((EMAIL, "cem@a.example"), STATUS), "active");
        assert_eq!(
            lms.roll.cell((EMAIL, "cem@a.example"), "Admin Access"),
            "No",
            "on individual profiles"
        );
    }

    #[test]
    fn status_inactive_deactivates_or_deletes_by_the_assignments() {
        for deletes in [false, true] {
            let mut lms = lms(Sync::EmployeeId);
            lms.unsaid.inactive_is_deleted = deletes;
            upload(&mut lms, &[&with(BO, 4, "inactive")], ON);
            assert_eq!(lms.roll.people.len(), if deletes { 1 } else { 2 });
        }
    }

    #[test]
    fn the_sync_field_and_what_admins_are_is_not_changed_by_a_file() {
        let mut lms = lms(Sync::EmployeeId);
        let import = upload(&mut lms, &[&with(with(BO, 2, "b@a.example"), 7, "Yes")], ON);
        assert_eq!(import.count(Did::Updated), 1);
        assert_eq!(lms.roll.cell((EMPLOYEE, "0411"), EMAIL), "b@a.example");
        assert_eq!(lms.roll.cell((EMPLOYEE, "0411"), "Admin Access"), "No");
        let import = upload(&mut lms, &[&with(with(BO, 2, "x@a.example"), 3, "0499")], ON);
        assert_eq!(import.count(Did::Created), 1, "another sync value is another user");
    }

    #[test]
    fn who_was_edited_in_the_application_is_ignored_unless_overridden() {
        let mut lms = lms(Sync::Email);
        lms.edited.insert(0);
        let change = with(ANA, 1, "Reis");
        assert_eq!(
            upload(&mut lms, &[&change], Answers { overrides: false }).count(Did::Ignored),
            1
        );
        assert_eq!(upload(&mut lms, &[&change], ON).count(Did::Updated), 1);
    }

    #[test]
    fn rows_without_a_required_field_are_skipped_and_the_rest_imported() {
        let mut lms = lms(Sync::Email);
        let rows = [with(ANA, 1, ""), with(NEW, 2, ""), with(NEW, 3, "0410"), with(BO, 8, "0099")];
        let import = upload(&mut lms, &rows.each_ref().map(|r| r.as_slice()), ON);
        assert_eq!((import.count(Did::Refused), import.count(Did::Updated)), (3, 1));
        assert_eq!(lms.roll.people.len(), 2);
    }

    #[test]
    fn columns_keep_the_order_of_the_mapping() {
        let mut lms = lms(Sync::Email);
        let mut sheet = Sheet::new(&HEADER, &[&ANA]);
        sheet.header.swap(0, 1);
        assert_eq!(lms.upload(&sheet.csv(), &ON).refused.len(), 1);
    }

    #[test]
    fn dates_with_dashes_only_and_managers_with_a_profile() {
        let mut lms = lms(Sync::Email);
        let rows = [with(ANA, 5, "03/04/2020"), with(BO, 6, "nobody@a.example")];
        let import = upload(&mut lms, &rows.each_ref().map(|r| r.as_slice()), ON);
        assert_eq!(import.count(Did::Same), 2);
    }
}
