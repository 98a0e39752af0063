//! Workleap LMS.

use serde_json::Value;

use super::{Kind, months};
use crate::invented::{Chance, Column, Edits, Invented};
use crate::roll::Roll;
use crate::sheet::Sheet;
use crate::workleap::{Answers, Unsaid, Workleap};

const fn column(
    header: &'static str,
    fill: fn(&mut Chance, &Invented) -> String,
    edits: Edits,
    goes: bool,
) -> Column {
    Column { header, fill, edits, goes }
}

/// The country's code, and the region's.
const PLACES: [(&str, &str); 5] =
    [("CA", "QC"), ("CA", "ON"), ("US", "NY"), ("US", "VT"), ("CA", "NB")];

fn language(chance: &mut Chance, _: &Invented) -> String {
    (*chance.pick(&["English", "French", ""])).to_owned()
}

struct Kept;

impl Kind for Kept {
    type Unsaid = Unsaid;
    type Lms = Workleap;

    const PROFILE: &'static str = "workleap";
    const TOLD_BY: &'static str = "Email";
    const WORKBOOKS: (bool, bool) = (true, false);
    const COLUMNS: &'static [Column] = &[
        column("Name", |_, p| p.name(), Edits::Filled, false),
        column("Email", |_, p| p.address(), Edits::Never, false),
        column("Language", language, Edits::Blanked, true),
        column("Country", |_, p| PLACES[p.n % 5].0.to_owned(), Edits::Never, false),
        column("Region", |_, p| PLACES[p.n % 5].1.to_owned(), Edits::Never, false),
    ];

    fn choices() -> Vec<Vec<String>> {
        let words = |words: &[&str]| words.iter().map(|&w| w.to_owned()).collect();
        vec![
            words(&[]),
            words(&["seats=500"]),
            words(&["import-groups=Clinic; Night staff", "seats=500"]),
        ]
    }

    fn unsaid(_: &Value) -> Vec<Unsaid> {
        [true, false].map(|any_case| Unsaid { any_case }).to_vec()
    }

    fn lms(had: &Sheet, unsaid: Unsaid, _: &Value) -> Workleap {
        let header: Vec<&str> = had.header.iter().map(String::as_str).collect();
        Workleap::new(had, &header, unsaid)
    }

    fn answers(policies: &Value, _: &Value) -> Answers {
        let groups = policies["import-groups"].as_str().unwrap_or_default().split("; ");
        Answers { groups: groups.filter(|g| !g.is_empty()).map(str::to_owned).collect() }
    }

    fn roll(lms: &mut Workleap) -> &mut Roll {
        &mut lms.roll
    }
}

#[test]
fn workleap_does_what_the_plan_says() {
    months::<Kept>(18);
}
