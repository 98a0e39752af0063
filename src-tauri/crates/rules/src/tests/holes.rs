//! No sentence has a hole in it: whatever is blank or missing in a list, each finding still reads as one.

use std::sync::Arc;

use crate::checker::Checker;
use crate::rules::CheckContext;
use muster_roster::lists::{List, Lists};
use muster_roster::profile::{BUILT_IN, Profile};
use muster_roster::roster::Roster;
use muster_table::table::Table;

/// Values of which each is wrong in many columns, and blanks among them.
const VALUES: [&str; 12] = [
    "",
    "x",
    "Khomas",
    "?",
    "-",
    "31/31/2026",
    "a@b",
    "#REF!",
    "1E+10",
    "ZZ",
    "Sales;;Ops",
    "'007",
];

fn holes(sentence: &str) -> Option<&'static str> {
    const HOLES: [&str; 13] =
        ["``", "“”", "()", "  ", " ;", " ,", " .", ";;", ",,", ": ;", ":;", "are ;", "is ;"];
    HOLES.into_iter().find(|hole| sentence.contains(hole)).or_else(|| {
        let ends = [" value is", " are", ":", ",", ";", " of", " and", " the", " a"];
        ends.into_iter().find(|end| sentence.ends_with(end))
    })
}

fn table(names: &[String], shift: usize) -> Table {
    let mut text = names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(",");
    for row in 0..VALUES.len() {
        let cell = |n: usize| VALUES[(n * shift + row) % VALUES.len()].replace(";;", "; ");
        let cells: Vec<String> = (0..names.len()).map(|n| format!("\"{}\"", cell(n))).collect();
        text.push_str(&format!("\n{}", cells.join(",")));
    }
    Table::from_text(&(text + "\n")).expect("a table")
}

#[test]
fn no_sentence_has_a_hole() {
    let (mut told, mut found) = (0, Vec::new());
    for profile in BUILT_IN.iter().filter_map(|(id, _)| Profile::built_in(id)) {
        let profile = Arc::new(profile);
        let mut names: Vec<String> =
            profile.fields.iter().map(|field| field.headers[0].clone()).collect();
        names.extend([
            "".to_owned(),
            "Colour".to_owned(),
            "Country".to_owned(),
            "State".to_owned(),
        ]);
        for shift in 1..5 {
            for (snapshot, lists) in [(false, false), (true, false), (true, true)] {
                let read = |shift| Roster::read(table(&names, shift), profile.clone());
                let lists: Lists = match lists {
                    false => Lists::new(),
                    true => ["groups", "roles", "countries", "regions", "managers", "sites"]
                        .map(|kind| (kind.to_owned(), List::new([], "", Some(String::new()))))
                        .into(),
                };
                let context =
                    CheckContext::new(read(shift), snapshot.then(|| read(shift + 1)), lists);
                let checker = Checker::new(context, &|_| true).expect("nothing stops it");
                for finding in checker.all_findings() {
                    told += 1;
                    let title = finding.fix.as_ref().map_or("as it was", |fix| fix.title.as_str());
                    for sentence in [&*finding.message, title] {
                        if let Some(hole) = holes(sentence) {
                            found.push(format!("{}: `{hole}` in {sentence}", finding.rule));
                        }
                    }
                }
            }
        }
    }
    found.sort();
    found.dedup();
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(told > 1000, "{told} findings say little");
}
