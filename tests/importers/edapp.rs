//! EdApp, “Managing users via CSV”: the export is edited and uploaded.
//!
//! Sentences in the tests are the article's. Where it is silent, [`Unsaid`] has a switch.

use std::collections::BTreeSet;

use crate::roll::{Blank, Did, Import, Lms, Roll};
use crate::sheet::Sheet;

/// Its page's questions.
#[derive(Clone, Copy, Debug)]
pub struct Answers {
    pub groups: Existing,
    pub roles: Existing,
    pub invitations: bool,
}

/// “Choose how you would like to update User Groups and Roles for existing users.”
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    Add,
    Replace,
}

/// What nobody has written down.
#[derive(Clone, Copy, Debug)]
pub struct Unsaid {
    /// A blank name, external ID or custom field.
    pub blank: Blank,
    /// Blank groups or roles under *Replace*.
    pub blank_replace: Blank,
    /// Whether *Replace* can take the default roles from somebody.
    pub defaults_stay: bool,
    /// Whether *Replace* takes a role that no file can give, and whether the file may name it for who has it.
    pub other_roles: OtherRoles,
    /// Whether `Ada` and `ada` are one username.
    pub any_case: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherRoles {
    /// The file is not taken.
    Refused,
    /// Whoever has it keeps it, whatever the file says; nobody gets it.
    Kept,
}

impl Default for Unsaid {
    fn default() -> Unsaid {
        Unsaid {
            blank: Blank::Keeps,
            blank_replace: Blank::Clears,
            defaults_stay: true,
            other_roles: OtherRoles::Kept,
            any_case: false,
        }
    }
}

const ROLES: [&str; 8] = [
    "Admin",
    "Content Author",
    "Manager Analytics",
    "Learner",
    "Prizing User",
    "Excluded from Analytics",
    "Reviewer",
    "Facilitator",
];
const DEFAULTS: [&str; 2] = ["Learner", "Prizing User"];

const DUPLICATE: &str = "Duplicate username, username already in use in your csv file";
const PASSWORD: &str = "Password minimum length 8 characters & must contain 1 uppercase letter & must \
                        contain 1 number or special character";

#[derive(Clone, Debug)]
pub struct EdApp {
    pub roll: Roll,
    pub groups: BTreeSet<String>,
    pub unsaid: Unsaid,
    pub today: String,
}

/// `marketing; operations;`, in the order of the export.
fn several(cell: &str) -> BTreeSet<&str> {
    cell.split("; ").map(|v| v.trim().trim_end_matches(';')).filter(|v| !v.is_empty()).collect()
}

fn joined(values: &BTreeSet<&str>) -> String {
    values.iter().copied().collect::<Vec<_>>().join("; ")
}

fn bare(header: &str) -> String {
    header.trim_end_matches(" (required)").trim_end_matches(" (optional)").to_owned()
}

fn is_password(text: &str) -> bool {
    text.chars().count() >= 8
        && text.chars().any(char::is_uppercase)
        && text.chars().any(|c| !c.is_alphabetic())
}

/// A row on its way in: the cell of each of the LMS's columns that the file has.
type Cells<'a> = Vec<Option<&'a str>>;

impl EdApp {
    pub fn new(export: &Sheet, groups: &[&str], unsaid: Unsaid) -> EdApp {
        let groups = groups.iter().map(|&g| g.to_owned()).collect();
        EdApp { roll: Roll::of(export), groups, unsaid, today: "2026-11-28".to_owned() }
    }

    fn field(&self, name: &str) -> usize {
        let at = self.roll.header.iter().position(|h| bare(h) == name);
        at.unwrap_or_else(|| panic!("no field `{name}`"))
    }

    fn owner(&self, username: &str) -> Option<usize> {
        let same = |v: &str| match self.unsaid.any_case {
            true => v.eq_ignore_ascii_case(username),
            false => v == username,
        };
        self.roll.who(self.field("username"), same)
    }

    /// Everything that makes the page refuse the file.
    fn faults(&self, sheet: &Sheet, rows: &[(usize, String, Cells)]) -> Vec<String> {
        let mut faults = Vec::new();
        let [email, groups, roles, password] =
            ["email", "usergroups", "roles", "password"].map(|f| self.field(f));
        let place = |field: usize, line: usize| {
            let at = sheet.header.iter().position(|h| bare(h) == bare(&self.roll.header[field]));
            let letter =
                char::from(b'A' + u8::try_from(at.unwrap_or_default()).unwrap_or_default());
            format!("{letter}{line}")
        };
        let mut usernames = BTreeSet::new();
        for (line, username, cells) in rows {
            let mut fault =
                |field, what: &str| faults.push(format!("{}: {what}", place(field, *line)));
            match cells[email].unwrap_or_default() {
                "" => fault(email, "User without email"),
                text if !is_address(text) => fault(email, "Email not valid"),
                _ => {}
            }
            let known = self.owner(username);
            let folded =
                if self.unsaid.any_case { username.to_lowercase() } else { username.clone() };
            if !usernames.insert(folded) {
                fault(self.field("username"), DUPLICATE);
            }
            if several(cells[groups].unwrap_or_default()).iter().any(|g| !self.groups.contains(*g))
            {
                fault(groups, "Invalid user group");
            }
            let has = known.map_or("", |at| &self.roll.people[at].cells[roles]);
            for role in several(cells[roles].unwrap_or_default()) {
                let own =
                    several(has).contains(role) && self.unsaid.other_roles == OtherRoles::Kept;
                if !ROLES.contains(&role) && !own {
                    fault(roles, "a role that cannot be assigned from the csv");
                }
            }
            let text = cells[password].unwrap_or_default();
            if !text.is_empty() && !is_password(text) {
                fault(password, PASSWORD);
            }
        }
        faults
    }

    /// “The following roles can be assigned from the csv”, “Add”, “Replace”, “retain the default roles”.
    fn roles(&self, before: &str, given: &str, how: Existing) -> String {
        let [before, given] = [before, given].map(several);
        let mut after: BTreeSet<&str> = match how {
            Existing::Add => before.union(&given).copied().collect(),
            Existing::Replace if given.is_empty() && self.unsaid.blank_replace == Blank::Keeps => {
                before.clone()
            }
            Existing::Replace => given,
        };
        if self.unsaid.defaults_stay {
            after.extend(before.iter().filter(|r| DEFAULTS.contains(r)));
        }
        after.extend(before.iter().filter(|r| !ROLES.contains(r)));
        joined(&after)
    }

    fn groups(&self, before: &str, given: &str, how: Existing) -> String {
        let [before, given] = [before, given].map(several);
        joined(&match how {
            Existing::Add => before.union(&given).copied().collect(),
            Existing::Replace if given.is_empty() && self.unsaid.blank_replace == Blank::Keeps => {
                before
            }
            Existing::Replace => given,
        })
    }

    fn take(
        &mut self,
        username: String,
        cells: &Cells,
        answers: &Answers,
        import: &mut Import,
        line: usize,
    ) {
        let [user, password, groups, roles, registered] =
            ["username", "password", "usergroups", "roles", "dateregistered"]
                .map(|f| self.field(f));
        let known = self.owner(&username);
        let mut after = known.map_or(self.roll.blank(), |at| self.roll.people[at].cells.clone());
        let before = after.clone();
        for (at, given) in cells.iter().enumerate() {
            let Some(given) = *given else { continue };
            if at == user || at == password || at == registered {
            } else if at == groups {
                let how = if known.is_some() { answers.groups } else { Existing::Add };
                after[at] = self.groups(&before[at], given, how);
            } else if at == roles {
                let how = if known.is_some() { answers.roles } else { Existing::Add };
                after[at] = self.roles(&before[at], given, how);
            } else if !given.is_empty() || self.unsaid.blank == Blank::Clears {
                after[at] = given.to_owned();
            }
        }
        let sets = cells[password].is_some_and(|p| !p.is_empty());
        let Some(at) = known else {
            after[user] = username;
            after[roles] = joined(&several(&after[roles]).into_iter().chain(DEFAULTS).collect());
            after[registered].clone_from(&self.today);
            if answers.invitations {
                import.mails.push(after[self.field("email")].clone());
            }
            let id = self.roll.add(after).id;
            return import.note(line, Did::Created, Some(id), "");
        };
        let person = &mut self.roll.people[at];
        let did = if after == before && !sets { Did::Same } else { Did::Updated };
        person.cells = after;
        person.passwords += usize::from(sets);
        let id = person.id;
        import.note(line, did, Some(id), "");
    }
}

fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
        && !text.contains(' ')
}

impl Lms for EdApp {
    type Answers = Answers;

    fn upload(&mut self, file: &[u8], answers: &Answers) -> Import {
        let sheet = match Sheet::of_csv(file) {
            Ok(sheet) if sheet.rows.is_empty() => return Import::refused("No user info provided"),
            Ok(sheet) => sheet,
            Err(_) => {
                return Import::refused("An inconsistent number of columns has been detected.");
            }
        };
        // “Update fields without deleting any columns.” The registration date is in the export alone, not in the template.
        for header in self.roll.header.iter().filter(|h| *h != "dateregistered") {
            if !sheet.header.iter().any(|h| bare(h) == bare(header)) {
                return Import::refused(format!("the column `{header}` was deleted"));
            }
        }
        let places: Vec<Option<usize>> = self
            .roll
            .header
            .iter()
            .map(|h| sheet.header.iter().position(|s| bare(s) == bare(h)))
            .collect();
        let (email, user) = (self.field("email"), self.field("username"));
        let rows: Vec<_> = sheet
            .lines()
            .map(|(line, row)| {
                let cells: Cells = places.iter().map(|p| p.map(|at| row[at].trim())).collect();
                let named = cells[user].filter(|u| !u.is_empty()).or(cells[email]);
                (line, named.unwrap_or_default().to_owned(), cells)
            })
            .collect();
        let refused = self.faults(&sheet, &rows);
        if !refused.is_empty() {
            return Import { refused, ..Import::default() };
        }
        let as_it_was = self.clone();
        let mut import = Import::default();
        for (line, username, cells) in rows {
            self.take(username, &cells, answers, &mut import, line);
        }
        let external = self.field("externalid");
        let mut seen = BTreeSet::new();
        let twice = self
            .roll
            .people
            .iter()
            .map(|p| &p.cells[external])
            .find(|id| !id.is_empty() && !seen.insert(*id));
        if let Some(id) = twice {
            let refused = format!("externalid: this ID must be unique: {id}");
            *self = as_it_was;
            return Import::refused(refused);
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

    const HEADER: [&str; 10] = [
        "email (required)",
        "username (optional)",
        "firstname (optional)",
        "lastname (optional)",
        "usergroups (optional)",
        "roles (optional)",
        "dateregistered",
        "password (optional)",
        "externalid (optional)",
        "job title",
    ];
    const ANA: [&str; 10] = [
        "ana@a.example",
        "ana",
        "Ana",
        "Silva",
        "Sales",
        "Learner; Prizing User",
        "2025-01-03",
        "",
        "E1",
        "Cook",
    ];
    const BO: [&str; 10] =
        ["bo@a.example", "bo", "Bo", "", "", "Learner; Reviewer", "2025-02-03", "", "", ""];
    const ADD: Answers =
        Answers { groups: Existing::Add, roles: Existing::Add, invitations: false };
    const REPLACE: Answers =
        Answers { groups: Existing::Replace, roles: Existing::Replace, invitations: true };

    fn lms() -> EdApp {
        EdApp::new(
            &Sheet::new(&HEADER, &[&ANA, &BO]),
            &["Sales", "marketing", "operations"],
            Unsaid::default(),
        )
    }

    fn with<const N: usize>(
        mut row: [&'static str; N],
        changes: &[(usize, &'static str)],
    ) -> [&'static str; N] {
        for &(at, value) in changes {
            row[at] = value;
        }
        row
    }

    fn upload(lms: &mut EdApp, rows: &[&[&str]], answers: Answers) -> Import {
        lms.upload(&Sheet::new(&HEADER, rows).csv(), &answers)
    }

    #[test]
    fn removing_learners_from_the_sheet_does_not_remove_their_profile() {
        let mut lms = lms();
        let before = lms.roll.clone();
        let import = upload(&mut lms, &[&ANA], ADD);
        assert_eq!((import.count(Did::Same), lms.roll), (1, before));
    }

    #[test]
    fn changing_the_username_sets_up_a_new_learner_altogether() {
        let mut lms = lms();
        let import = upload(&mut lms, &[&with(ANA, &[(1, "ana.s"), (8, "")])], ADD);
        assert_eq!((import.count(Did::Created), lms.roll.people.len()), (1, 3));
        assert_eq!(lms.roll.cell(("username (optional)", "ana.s"), "dateregistered"), "2026-11-28");
    }

    #[test]
    fn a_blank_username_takes_on_the_email_and_a_blank_email_is_refused() {
        let mut lms = lms();
        let new = with(ANA, &[(0, "cem@a.example"), (1, ""), (5, ""), (8, "")]);
        upload(&mut lms, &[&new], ADD);
        let roles = lms.roll.cell(("username (optional)", "cem@a.example"), "roles (optional)");
        assert_eq!(roles, "Learner; Prizing User", "the default role for new users");
        let before = lms.roll.clone();
        let import = upload(&mut lms, &[&BO, &with(ANA, &[(0, "")])], ADD);
        assert_eq!(import.refused, ["A3: User without email"]);
        assert_eq!(lms.roll, before);
    }

    #[test]
    fn groups_and_roles_are_added_or_replaced_as_is_chosen() {
        let change = with(ANA, &[(4, "marketing; operations;"), (5, "Facilitator")]);
        let ana = ("username (optional)", "ana");
        let mut added = lms();
        upload(&mut added, &[&change], ADD);
        assert_eq!(added.roll.cell(ana, "usergroups (optional)"), "Sales; marketing; operations");
        assert_eq!(added.roll.cell(ana, "roles (optional)"), "Facilitator; Learner; Prizing User");
        let mut replaced = lms();
        let import = upload(&mut replaced, &[&change], REPLACE);
        assert_eq!(replaced.roll.cell(ana, "usergroups (optional)"), "marketing; operations");
        assert_eq!(
            replaced.roll.cell(ana, "roles (optional)"),
            "Facilitator; Learner; Prizing User"
        );
        assert!(import.mails.is_empty(), "only new users are sent invitations");
        let mut dropped = lms();
        dropped.unsaid.defaults_stay = false;
        upload(&mut dropped, &[&change], REPLACE);
        assert_eq!(dropped.roll.cell(ana, "roles (optional)"), "Facilitator");
    }

    #[test]
    fn a_group_has_to_be_written_exactly_and_an_external_id_is_unique() {
        let mut lms = lms();
        let before = lms.roll.clone();
        assert_eq!(
            upload(&mut lms, &[&with(ANA, &[(4, "sales")])], ADD).refused,
            ["E2: Invalid user group"]
        );
        assert_eq!(upload(&mut lms, &[&ANA, &with(BO, &[(8, "E1")])], ADD).refused.len(), 1);
        assert_eq!(upload(&mut lms, &[&ANA, &ANA], ADD).refused, [format!("B3: {DUPLICATE}")]);
        let swapped = [with(ANA, &[(8, "E2")]), with(BO, &[(8, "E1")])];
        assert_eq!(lms.roll, before);
        assert_eq!(upload(&mut lms, &[&swapped[0], &swapped[1]], ADD).count(Did::Updated), 2);
    }

    #[test]
    fn a_blank_password_maintains_the_one_that_they_have() {
        let mut lms = lms();
        let import =
            upload(&mut lms, &[&with(ANA, &[(7, "Tulips-77")]), &with(BO, &[(2, "Bodil")])], ADD);
        assert_eq!(import.count(Did::Updated), 2);
        assert_eq!(lms.roll.people.iter().map(|p| p.passwords).collect::<Vec<_>>(), [2, 1]);
        assert!(!String::from_utf8_lossy(&lms.export()).contains("Tulips"));
        let refused = upload(&mut lms, &[&with(ANA, &[(7, "tulips")])], ADD).refused;
        assert_eq!(refused, [format!("H2: {PASSWORD}")]);
    }

    #[test]
    fn a_blank_cell_keeps_or_clears_as_nobody_has_written() {
        for (blank, after) in [(Blank::Keeps, "Cook"), (Blank::Clears, "")] {
            let mut lms = lms();
            lms.unsaid.blank = blank;
            upload(&mut lms, &[&with(ANA, &[(9, "")])], ADD);
            assert_eq!(lms.roll.cell(("username (optional)", "ana"), "job title"), after);
        }
    }

    #[test]
    fn a_role_that_no_file_can_give_is_kept_or_stops_the_file() {
        let owner = with(ANA, &[(5, "Account Owner; Learner")]);
        for (other_roles, refused) in [(OtherRoles::Kept, 0), (OtherRoles::Refused, 1)] {
            let unsaid = Unsaid { other_roles, ..Unsaid::default() };
            let mut lms = EdApp::new(&Sheet::new(&HEADER, &[&owner, &BO]), &["Sales"], unsaid);
            assert_eq!(upload(&mut lms, &[&owner], ADD).refused.len(), refused);
            assert_eq!(
                upload(&mut lms, &[&with(BO, &[(5, "Account Owner")])], ADD).refused.len(),
                1
            );
            upload(&mut lms, &[&with(owner, &[(5, "Reviewer")])], REPLACE);
            let roles = lms.roll.cell(("username (optional)", "ana"), "roles (optional)");
            assert_eq!(roles, "Account Owner; Learner; Reviewer");
        }
    }

    #[test]
    fn its_export_can_be_uploaded_as_it_is() {
        let mut lms = lms();
        let (before, export) = (lms.roll.clone(), lms.export());
        assert_eq!(lms.upload(&export, &REPLACE).count(Did::Same), 2);
        assert_eq!(lms.roll, before);
    }
}
