//! Emtrain's earlier LMS.

use serde_json::Value;

use super::{Kind, months};
use crate::invented::{Chance, Column, Edits, Invented};
use crate::learners::{Answers, BlankPassword, Characters, KEY, Learners, Method, Unsaid};
use crate::roll::{Blank, Roll};
use crate::sheet::Sheet;

const fn column(
    header: &'static str,
    fill: fn(&mut Chance, &Invented) -> String,
    edits: Edits,
    goes: bool,
) -> Column {
    Column { header, fill, edits, goes }
}

fn location(chance: &mut Chance, _: &Invented) -> String {
    (*chance.pick(&["TX", "CA", "DEU", "JPN", "NY"])).to_owned()
}

fn active(chance: &mut Chance, _: &Invented) -> String {
    if chance.one_in(5) { "No" } else { "Yes" }.to_owned()
}

fn team(chance: &mut Chance, _: &Invented) -> String {
    (*chance.pick(&["Sales", "Kitchen", "Night shift", ""])).to_owned()
}

struct Kept;

impl Kind for Kept {
    type Unsaid = Unsaid;
    type Lms = Learners;

    const PROFILE: &'static str = "emtrain-learners";
    const TOLD_BY: &'static str = "Login Name";
    const ITS_OWN: &'static [&'static str] = &[KEY];
    const HIDDEN: &'static [&'static str] = &["Password"];
    const STATUS: Option<(&'static str, &'static str)> = Some(("Active", "No"));
    const WORKBOOKS: (bool, bool) = (true, true);
    const COLUMNS: &'static [Column] = &[
        column(KEY, |_, p| (2001 + 7 * p.n).to_string(), Edits::Never, false),
        column("Login Name", |_, p| p.login(), Edits::Filled, false),
        column("Password", |_, _| String::new(), Edits::Never, true),
        column("First Name", |_, p| p.first.to_owned(), Edits::Filled, false),
        column("Last Name", |_, p| p.last.to_owned(), Edits::Filled, false),
        column("Email Address", |_, p| p.address(), Edits::Blanked, true),
        column("Active", active, Edits::Filled, false),
        column("Location", location, Edits::Blanked, true),
        column("Employee ID", |_, p| p.number(), Edits::Never, false),
        column("Team", team, Edits::Blanked, true),
    ];

    fn choices() -> Vec<Vec<String>> {
        let mut all = Vec::new();
        for sync in ["unique_key", "Employee ID"] {
            for blanks in ["keep", "clear"] {
                for missing in ["keep", "deactivate"] {
                    all.push(vec![
                        format!("sync-field={sync}"),
                        format!("blanks={blanks}"),
                        format!("missing={missing}"),
                    ]);
                }
            }
        }
        all
    }

    fn unsaid(_: &Value) -> Vec<Unsaid> {
        let mut all = Vec::new();
        for characters in [Characters::Taken, Characters::Dropped, Characters::RowRefused] {
            for on in [true, false] {
                all.push(Unsaid {
                    strange_key_is_new: on,
                    blank_password: if on { BlankPassword::Assigned } else { BlankPassword::Stays },
                    characters,
                    stops: on,
                    blank_is_active: on,
                });
            }
        }
        all
    }

    fn lms(had: &Sheet, unsaid: Unsaid, _: &Value) -> Learners {
        Learners::new(had, unsaid)
    }

    fn answers(policies: &Value, _: &Value) -> Answers {
        let method = match policies["sync-field"].as_str() {
            Some("unique_key") => Method::DownloadAndSync,
            other => Method::Hris(other.unwrap_or_default().to_owned()),
        };
        let blanks = if policies["blanks"] == "clear" { Blank::Clears } else { Blank::Keeps };
        Answers { method, blanks, deactivate: policies["missing"] == "deactivate" }
    }

    fn roll(lms: &mut Learners) -> &mut Roll {
        &mut lms.roll
    }

    fn key(policies: &Value) -> &'static str {
        if policies["sync-field"] == "unique_key" { KEY } else { "Employee ID" }
    }
}

#[test]
fn the_earlier_emtrain_does_what_the_plan_says() {
    months::<Kept>(24);
}
