//! Emtrain, the user roster: “Managing your user roster”.

use super::{plan, who, with};

const EXPORT: &str = "roster-export.csv";

#[test]
fn what_no_import_does_for_somebody_new_is_shown_as_not_done_and_listed_by_hand() {
    let world = with(&[EXPORT, "roster-new-admin.csv"]);
    // Somebody who is to have no rights needs nothing by hand.
    let more = "Omar,Diaz,omar.diaz@delta.example,No,NY,Albany,USA,000931,2026-12-01,active,Analyst,\
                mara.okafor@delta.example,No,,0010\r\n";
    let roster = format!("{}{more}", world.text("roster-new-admin.csv"));
    let world = world.with("new.csv", roster);
    let words = format!("new.csv --against {EXPORT} --policy sync-field=email");
    let plan = plan(&world, &words);
    assert_eq!(who(&plan, "create"), ["noor.said@delta.example", "omar.diaz@delta.example"]);
    let by_hand: Vec<(&str, &str)> = plan["by_hand"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|item| (item["column"].as_str().unwrap_or(""), item["value"].as_str().unwrap_or("")))
        .collect();
    assert_eq!(by_hand, [("Admin Access", "Yes"), ("Admin User Role", "Account Admin")]);
    let cells = plan["people"][0]["cells"].as_array().expect("cells");
    let access = cells.iter().find(|c| c["column"] == "Admin Access").expect("told");
    assert_eq!((&access["after"], &access["result"]), (&"Yes".into(), &"".into()));
    world.muster(&format!("kit {words} --out kit")).exits(0);
    assert!(world.text("kit/checklist.md").contains("Admin Access"));
}

#[test]
fn the_undo_sets_new_people_inactive_and_resets_nothing_else() {
    let world = with(&[EXPORT, "roster-new-admin.csv"]);
    let words = format!("roster-new-admin.csv --against {EXPORT} --policy sync-field=email");
    world.muster(&format!("kit {words} --out kit")).exits(0);
    let undo = world.text("kit/undo.csv");
    let lines: Vec<&str> = undo.lines().collect();
    assert_eq!(lines.len(), 2, "{undo}");
    assert!(lines[1].contains("noor.said@delta.example") && lines[1].contains(",inactive,"));
}
