//! Kaspersky ASAP.

use serde_json::Value;

use super::{Kind, months};
use crate::asap::{Answers, Asap, Known, Unsaid};
use crate::invented::{Chance, Column, Edits, Invented};
use crate::roll::Roll;
use crate::sheet::Sheet;

const fn column(
    header: &'static str,
    fill: fn(&mut Chance, &Invented) -> String,
    edits: Edits,
    goes: bool,
) -> Column {
    Column { header, fill, edits, goes }
}

fn department(chance: &mut Chance, _: &Invented) -> String {
    (*chance.pick(&["Sales", "Accounting", "Quay 4", ""])).to_owned()
}

struct Kept;

impl Kind for Kept {
    type Unsaid = Unsaid;
    type Lms = Asap;

    const PROFILE: &'static str = "kaspersky-asap";
    const TOLD_BY: &'static str = "Email";
    const WORKBOOKS: (bool, bool) = (true, true);
    const COLUMNS: &'static [Column] = &[
        column("Email", |_, p| p.address(), Edits::Never, false),
        column("userName", |_, p| p.name(), Edits::Filled, false),
        column("reference", |_, p| p.first.to_owned(), Edits::Filled, false),
        column("Department", department, Edits::Blanked, true),
        column("Employee number", |_, p| p.number(), Edits::Never, true),
    ];

    fn choices() -> Vec<Vec<String>> {
        let mut all = Vec::new();
        for errors in ["stop", "skip"] {
            for fields in ["refuse", "accept"] {
                all.push(vec![format!("errors={errors}"), format!("new-fields={fields}")]);
            }
        }
        all
    }

    fn unsaid(_: &Value) -> Vec<Unsaid> {
        Known::ALL.map(|known| Unsaid { known, any_case: true }).to_vec()
    }

    fn lms(had: &Sheet, unsaid: Unsaid, _: &Value) -> Asap {
        Asap::new(had, unsaid)
    }

    fn answers(policies: &Value, plan: &Value) -> Answers {
        let fields = plan["effects"]["fields_created"].as_array().into_iter().flatten();
        Answers {
            add_to_database: fields.filter_map(|f| f.as_str()).map(str::to_owned).collect(),
            as_is: policies["errors"] == "skip",
        }
    }

    fn roll(lms: &mut Asap) -> &mut Roll {
        &mut lms.roll
    }

    fn happens(chance: &mut Chance, choices: &[String], _: &mut Sheet, now: &mut Sheet) {
        if choices.iter().any(|c| c == "new-fields=accept") && chance.one_in(2) {
            now.header.push("Shoe size".to_owned());
            now.rows.iter_mut().for_each(|row| row.push("41".to_owned()));
        }
    }
}

#[test]
fn kaspersky_asap_does_what_the_plan_says() {
    months::<Kept>(20);
}
