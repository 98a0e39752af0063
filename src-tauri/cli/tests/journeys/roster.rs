//! Emtrain, the user roster: “Managing your user roster”.

use super::{holds, plan, who, with};

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

#[test]
fn whoever_married_is_changed_under_the_old_key_and_the_new_one_is_put_in_by_hand() {
    let world = with(&[EXPORT, "roster-married.csv"]);
    let words = format!("roster-married.csv --against {EXPORT} --policy sync-field=email");
    let plan = plan(&world, &words);
    assert_eq!(who(&plan, "update"), ["sunniva.dahl@delta.example"]);
    assert_eq!(holds(&plan), [("key".to_owned(), 1)]);
    let by_hand = &plan["by_hand"][0];
    let change = (&by_hand["before"], &by_hand["value"]);
    let (old, new) = ("sunniva.dahl@delta.example", "sunniva.moe@delta.example");
    assert_eq!(change, (&old.into(), &new.into()));
    world.muster(&format!("kit {words} --out kit --release key=1")).exits(0);
    let upload = world.text("kit/upload.csv");
    assert!(upload.contains(&format!("Sunniva,Moe,{old},")) && upload.contains(",Lead,"));
    assert!(world.text("kit/checklist.md").contains(new));

    // Before somebody has done it by hand, and after.
    let export = world.text(EXPORT);
    let imported = export.replace("Sunniva,Dahl", "Sunniva,Moe");
    let title =
        |line: &str| if line.contains(old) { line.replace("Analyst", "Lead") } else { line.into() };
    let imported: Vec<String> = imported.lines().map(title).collect();
    let imported = imported.join("\r\n") + "\r\n";
    let done = imported.replace(old, new);
    let world = world.with("imported.csv", imported).with("done.csv", done);
    let prove = |file: &str| world.muster(&format!("prove kit {file} --against {EXPORT}"));
    let left = prove("imported.csv").exits(1);
    assert!(left.out.contains("1 of 1 as planned") && left.out.contains(new), "{}", left.out);
    let done = prove("done.csv").exits(0);
    assert!(done.out.contains("1 of 1 as planned"), "{}", done.out);
}

#[test]
fn columns_in_another_order_and_columns_that_are_gone_are_in_the_upload_as_emtrain_has_them() {
    let world = with(&[EXPORT]);
    let export = world.text(EXPORT);
    // Without the city, and with the title first.
    let moved: Vec<String> = export
        .lines()
        .map(|line| {
            let mut cells: Vec<&str> = line.split(',').collect();
            let title = cells.remove(10);
            cells.remove(5);
            cells.insert(0, title);
            cells.join(",").replacen("Analyst,Ivo", "Lead,Ivo", 1)
        })
        .collect();
    let world = world.with("moved.csv", moved.join("\r\n") + "\r\n");
    let words = format!("moved.csv --against {EXPORT} --policy sync-field=email");
    let plan = plan(&world, &words);
    assert_eq!((who(&plan, "update").len(), &plan["blockers"]), (1, &serde_json::json!([])));
    world.muster(&format!("kit {words} --out kit")).exits(0);
    let upload = world.text("kit/upload.csv");
    let lines: Vec<&str> = upload.lines().collect();
    let ivo = export.lines().nth(4).expect("Ivo").replace("Analyst", "Lead");
    assert_eq!(lines, [export.lines().next().expect("a header"), &ivo]);
}

#[test]
fn what_becomes_of_somebody_inactive_is_told_as_far_as_anybody_knows() {
    let world = with(&[EXPORT]);
    let left = world.text(EXPORT).replacen("2020-04-12,active", "2020-04-12,inactive", 1);
    let world = world.with("left.csv", left);
    let words = format!("left.csv --against {EXPORT} --policy sync-field=email");
    let plan = plan(&world, &words);
    assert_eq!(who(&plan, "deactivate"), ["ivo.petrov@delta.example"]);
    assert!(plan["effects"]["also"].to_string().contains("deactivates or deletes"));
    let kit = world.muster(&format!("kit {words} --out kit --format json")).exits(0).json();
    let cannot = kit["cannot_undo"].to_string();
    assert!(cannot.contains("Ivo Petrov") && cannot.contains("deleted"), "{cannot}");
}
