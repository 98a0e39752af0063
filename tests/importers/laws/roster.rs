//! Emtrain's user roster.

use serde_json::Value;

use super::{Kind, months};
use crate::invented::{Chance, Column, Edits, Invented};
use crate::roll::{Blank, Roll};
use crate::roster::{Answers, Roster, Sync, Unsaid};
use crate::sheet::Sheet;

const fn column(
    header: &'static str,
    fill: fn(&mut Chance, &Invented) -> String,
    edits: Edits,
    goes: bool,
) -> Column {
    Column { header, fill, edits, goes }
}

fn status(chance: &mut Chance, _: &Invented) -> String {
    (*chance.pick(&["active", "active", "active", "on leave", "inactive"])).to_owned()
}

fn yes_or_no(chance: &mut Chance, _: &Invented) -> String {
    (*chance.pick(&["Yes", "No"])).to_owned()
}

fn title(chance: &mut Chance, _: &Invented) -> String {
    (*chance.pick(&["Analyst", "Lead", "Buyer", ""])).to_owned()
}

/// Somebody of the first five, who are there from the beginning.
fn manager(chance: &mut Chance, _: &Invented) -> String {
    Invented::new(chance.below(5)).address()
}

struct Kept;

impl Kind for Kept {
    type Unsaid = Unsaid;
    type Lms = Roster;

    const PROFILE: &'static str = "emtrain-roster";
    const TOLD_BY: &'static str = "Email Address";
    const OPEN_OF_NEW: &'static [&'static str] = &["Admin Access"];
    const STATUS: Option<(&'static str, &'static str)> = Some(("User Status", "inactive"));
    const WORKBOOKS: (bool, bool) = (false, false);
    const COLUMNS: &'static [Column] = &[
        column("First Name", |_, p| p.first.to_owned(), Edits::Filled, false),
        column("Last Name", |_, p| p.last.to_owned(), Edits::Filled, false),
        column("Email Address", |_, p| p.address(), Edits::Never, false),
        column("Supervisor Status", yes_or_no, Edits::Filled, true),
        column(
            "City",
            |chance, _| (*chance.pick(&["Austin", "Albany", "Malmö"])).to_owned(),
            Edits::Blanked,
            true,
        ),
        column("Employee ID", |_, p| p.number(), Edits::Never, false),
        column("Hire Date", |_, p| p.day(), Edits::Blanked, true),
        column("User Status", status, Edits::Filled, true),
        column("Title", title, Edits::Blanked, true),
        column("Manager Email", manager, Edits::Blanked, true),
        column("Admin Access", |_, _| "No".to_owned(), Edits::Never, true),
        column(
            "Cost Center",
            |chance, _| format!("{:04}", 10 * chance.below(9)),
            Edits::Filled,
            true,
        ),
    ];

    fn choices() -> Vec<Vec<String>> {
        let mut all = Vec::new();
        for scope in ["all", "new", "changes"] {
            for sync in ["email", "employee_id"] {
                for overrides in ["on", "off"] {
                    all.push(vec![
                        format!("sync-field={sync}"),
                        format!("scope={scope}"),
                        format!("override={overrides}"),
                    ]);
                }
            }
        }
        all
    }

    fn unsaid(_: &Value) -> Vec<Unsaid> {
        let mut all = Vec::new();
        for blank in [Blank::Keeps, Blank::Clears] {
            for on in [true, false] {
                all.push(Unsaid {
                    blank,
                    inactive_is_deleted: on,
                    no_manager: if on { Blank::Keeps } else { Blank::Clears },
                    blank_is_active: on,
                    new_say_no: on,
                });
            }
        }
        all
    }

    fn lms(had: &Sheet, unsaid: Unsaid, plan: &Value) -> Roster {
        let sync =
            if plan["policies"]["sync-field"] == "email" { Sync::Email } else { Sync::EmployeeId };
        let mut lms = Roster::new(had, sync, unsaid);
        // Whom somebody edited in Emtrain nobody can see from here.
        lms.edited = [0, 2, 4].into();
        lms
    }

    fn answers(policies: &Value, _: &Value) -> Answers {
        Answers { overrides: policies["override"] == "on" }
    }

    fn roll(lms: &mut Roster) -> &mut Roll {
        &mut lms.roll
    }

    fn key(policies: &Value) -> &'static str {
        if policies["sync-field"] == "email" { "Email Address" } else { "Employee ID" }
    }
}

#[test]
fn emtrain_s_roster_does_what_the_plan_says() {
    months::<Kept>(24);
}
