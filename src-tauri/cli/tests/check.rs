//! `muster check`.

use serde_json::Value;

use crate::world::{ANA, BO, CEM, World, edapp, expect, snapshot};

/// Rules come and go; which ran is told by another story.
fn without_the_list_of_rules(mut report: Value) -> String {
    let rules = report.as_object_mut().and_then(|r| r.insert("rules".into(), "…".into()));
    assert!(rules.is_some_and(|rules| rules["run"].as_u64() > Some(0)));
    serde_json::to_string_pretty(&report).expect("JSON") + "\n"
}

fn mistakes() -> String {
    edapp(&[
        ANA,
        &BO.replace("Marketing", "Markting"),
        &CEM.replace("cem@example.com,cem", "cem@example,cem"),
        "dee@example.com,dee@example.com,Dee , Okoro,Sales,Learner; Prizing User,,,E104",
    ])
}

#[test]
fn a_clean_roster_has_nothing_to_report() {
    let world = World::new().with("staff.csv", snapshot()).with("last.csv", snapshot());
    let answer = world.muster("check staff.csv --against last.csv").exits(0);
    assert!(answer.out.starts_with(
        "staff.csv: 3 people in 9 columns; UTF-8, comma\nRead as EdApp (SC Training)."
    ));
    assert!(answer.out.contains("\n0 problems, "), "{}", answer.out);
    assert_eq!(answer.err, "");
}

#[test]
fn mistakes_are_told_to_people_one_a_line_with_their_fixes() {
    let world = World::new().with("staff.csv", mistakes()).with("last.csv", snapshot());
    let answer = world.muster("check staff.csv --against last.csv").exits(1);
    let told: Vec<&str> = answer.out.split("\n\n").filter(|part| part.contains('[')).collect();
    expect("check-mistakes.txt", &(told.join("\n\n") + "\n"));
}

#[test]
fn mistakes_are_told_to_programs_in_the_order_of_the_contract() {
    let world = World::new().with("staff.csv", mistakes()).with("last.csv", snapshot());
    let answer = world.muster("check staff.csv --against last.csv --format json").exits(1);
    expect("check-mistakes.json", &without_the_list_of_rules(answer.json()));
}

#[test]
fn every_rule_ran_or_says_why_not() {
    let world = World::new().with("staff.csv", snapshot());
    let report = world.muster("check staff.csv --format json").exits(0).json();
    let rules = world.muster("rules --format json").exits(0).json();
    let skipped = report["rules"]["skipped"].as_array().expect("a list").len();
    let all = rules["rules"].as_array().expect("a list").len();
    assert_eq!(report["rules"]["run"].as_u64(), Some((all - skipped) as u64));
    let of_snapshot = report["rules"]["skipped"].as_array().is_some_and(|all| {
        all.iter().any(|s| s["rule"] == "key-changed" && s["because"] == "no snapshot")
    });
    assert!(of_snapshot);
}

#[test]
fn known_groups_come_from_a_text_or_from_a_column_of_a_table() {
    let world = World::new()
        .with("staff.csv", edapp(&[ANA, BO]))
        .with("groups.txt", "Sales\nMarketing\n")
        .with("few.csv", "id,group name\n1,Sales\n2,Support\n");
    world.muster("check staff.csv --list groups=groups.txt").exits(0);
    let answer =
        world.muster("check staff.csv --list groups=few.csv --format json").exits(1).json();
    let findings = answer["findings"].as_array().expect("a list");
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0]["rule"], "group-unknown");
    assert_eq!(findings[0]["value"], "Marketing");
    assert_eq!(findings[0]["line"], 3);
    // Several files of one kind are one list.
    world.muster("check staff.csv --list groups=few.csv --list groups=groups.txt").exits(0);
}

#[test]
fn a_list_may_be_a_named_column_of_a_table() {
    let teams = "Office,Team\r\nPorto,Sales\r\nPorto,Marketing\r\nLyon,Operations\r\n";
    let world = World::new().with("staff.csv", snapshot()).with("teams.csv", teams);
    world.muster("check staff.csv --list groups=teams.csv#Office").exits(1);
    world.muster("check staff.csv --list groups=teams.csv#team").exits(0);
    let answer = world.muster("check staff.csv --list groups=teams.csv#Floor").exits(2);
    answer.only_says("muster: `teams.csv` has no column `Floor`\n        It has Office, Team.");
    // A file may be called so.
    let world = world.with("week#1.csv", "Sales\nMarketing\nOperations\n");
    world.muster("check staff.csv --list groups=week#1.csv").exits(0);
}

#[test]
fn no_password_is_ever_told() {
    let secret = "Sunflower-2026";
    let weak = "pw1";
    let world = World::new()
        .with(
            "staff.csv",
            edapp(&[
                &ANA.replace(",,E101", &format!(",{secret},E101")),
                &BO.replace(",,E102", &format!(",{weak},E102")),
                &format!("dee@example.com,dee@example.com,Dee,Okoro,Sales,Learner; Prizing User,, {secret} ,E104"),
            ]),
        )
        .with("last.csv", snapshot());
    let commands = [
        "check staff.csv",
        "check staff.csv --against last.csv",
        "fix staff.csv --against last.csv --out fixed.csv --unsafe",
        "diff last.csv staff.csv",
        "plan staff.csv --against last.csv",
        "kit staff.csv --against last.csv --out kit",
    ];
    for command in commands {
        for format in ["text", "json"] {
            if world.has("fixed.csv") {
                std::fs::remove_file(world.path("fixed.csv")).expect("removed");
            }
            let answer = world.muster(&format!("{command} --format {format}"));
            let said = format!("{}{}", answer.out, answer.err);
            assert!(!said.contains(secret) && !said.contains(weak), "{command}\n{said}");
            assert!(answer.exit != 2, "{command}\n{said}");
        }
    }
    let report = world.muster("check staff.csv --format json").exits(1).json();
    let of_password = |f: &&Value| f["column"] == "password (optional)";
    let findings = report["findings"].as_array().expect("a list").iter().filter(of_password);
    let values: Vec<&str> = findings.filter_map(|f| f["value"].as_str()).collect();
    assert!(!values.is_empty() && values.iter().all(|v| *v == "•••"), "{values:?}");
}

#[test]
fn title_rows_are_set_aside_and_lines_stay_those_of_the_file() {
    let text = format!("Staff of Example Ltd\r\n\r\n{}", mistakes());
    let world = World::new().with("staff.csv", text);
    let report = world.muster("check staff.csv --format json").exits(1).json();
    assert_eq!(report["roster"]["people"], 4);
    assert_eq!(report["roster"]["header"], 3);
    assert_eq!(report["roster"]["set_aside"][0]["text"], "Staff of Example Ltd");
    let malformed = report["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|f| f["rule"] == "email-malformed");
    assert_eq!(malformed.map(|f| &f["line"]), Some(&Value::from(6)));
}

#[test]
fn a_workbook_is_checked_like_the_text_it_was_made_of() {
    let world = World::new().with("staff.csv", mistakes());
    world.muster("copy staff.csv staff.xlsx").exits(0);
    let text = world.muster("check staff.csv --format json").exits(1).json();
    let book = world.muster("check staff.xlsx --format json").exits(1).json();
    assert_eq!(text["findings"], book["findings"]);
    assert_eq!(book["roster"]["encoding"], Value::Null);
    assert_eq!(book["roster"]["sheet"], "Roster");
    world.muster("check staff.xlsx --as sheet=Roster").exits(1);
    world.muster("check staff.xlsx --as sheet=Nowhere").exits(2);
}

#[test]
fn three_hundred_columns_are_no_trouble() {
    let names: Vec<String> = (0..300).map(|n| format!("field {n}")).collect();
    let cells: Vec<String> = (0..300).map(|n| format!("value {n}")).collect();
    let text = format!("email,{}\nana@example.com,{}\n", names.join(","), cells.join(","));
    let world = World::new().with("wide.csv", text);
    let report = world.muster("check wide.csv --format json").exits(0).json();
    assert_eq!(report["roster"]["columns"].as_array().map(Vec::len), Some(301));
    assert_eq!(report["roster"]["profile"], "generic");
}

#[test]
fn a_file_is_read_as_one_says() {
    let world = World::new().with("staff.txt", b"name|mail\nJos\xE9|jose@example.com\n");
    let report = world
        .muster("check staff.txt --as delimiter=pipe,encoding=windows-1252,header=1 --format json")
        .exits(0)
        .json();
    assert_eq!(report["roster"]["encoding"], "windows-1252");
    assert_eq!(report["roster"]["delimiter"], "|");
    let comma =
        world.muster("check staff.txt --as delimiter=,,header=1 --format json").exits(0).json();
    assert_eq!(comma["roster"]["columns"], serde_json::json!(["name|mail"]));
}

#[test]
fn what_a_cell_holds_cannot_command_the_terminal() {
    let dee =
        "dee@example.com,dee@example.com,Dee,\u{1b}[31mOkoro,Salles,Learner; Prizing User,,,E104";
    let world = World::new().with("staff.csv", edapp(&[ANA, dee])).with("last.csv", snapshot());
    for command in ["check staff.csv --against last.csv", "diff last.csv staff.csv"] {
        let answer = world.muster(command).exits(1);
        assert!(!answer.out.contains('\u{1b}'), "{}", answer.out);
    }
}

#[test]
fn whoever_stops_reading_is_not_shouted_at() {
    use std::process::Stdio;
    let rows: Vec<String> = (0..5000)
        .map(|n| format!("p{n}@example,p{n},Pat,Lee,Sales,Learner; Prizing User,,,E{n}"))
        .collect();
    let world =
        World::new().with("staff.csv", edapp(&rows.iter().map(String::as_str).collect::<Vec<_>>()));
    let mut child = world
        .command(&["check", "staff.csv"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("muster runs");
    drop(child.stdout.take());
    let ended = child.wait_with_output().expect("it ends");
    assert_eq!(ended.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
}

#[test]
fn the_report_is_written_as_its_ending_says_and_over_nothing_unasked() {
    let world = World::new().with("staff.csv", edapp(&[&ANA.replace("Silva", " Silva")]));
    for name in ["problems.csv", "problems.xlsx", "problems.html"] {
        world.muster(&format!("check staff.csv --report {name}")).exits(0);
    }
    assert!(world.text("problems.csv").contains("cell,message,reference,line,key"));
    assert!(world.read("problems.xlsx").starts_with(b"PK"));
    assert!(world.text("problems.html").contains("<h1>Problems in staff.csv</h1>"));
    let told = world.muster("check staff.csv --report staff.csv").exits(2);
    assert!(told.err.contains("never overwritten"), "{}", told.err);
    let told = world.muster("check staff.csv --report problems.csv").exits(2);
    assert!(told.err.contains("exists already"), "{}", told.err);
    world.muster("check staff.csv --report problems.html --replace").exits(0);
}

/// A title of a thousand letters with a space at its end makes three long texts of one finding.
#[test]
fn long_texts_are_cut_but_never_in_part_what_a_fix_writes() {
    let title = "Director of all that is long ".repeat(40);
    let list = format!("employee_id,email,title\n7,ana@example.com,{title}\n");
    let world = World::new().with("long.csv", list);
    let found = |more: &str| {
        let asked = format!("check long.csv --profile generic --format json {more}");
        let report = world.muster(&asked).run_json();
        let all = report["findings"].as_array().expect("a list").clone();
        all.into_iter().find(|f| f["rule"] == "space-stray").expect("the space is told")
    };
    let letters = |text: &Value| text.as_str().expect("a text").chars().count();
    let cut = found("");
    assert_eq!(cut["cut"], true);
    assert_eq!(letters(&cut["value"]), 301);
    assert!(letters(&cut["message"]) <= 301 && letters(&cut["fix"]["title"]) <= 301);
    assert!(cut["fix"]["value"].is_null());

    let whole = found("--full");
    assert!(whole.get("cut").is_none());
    assert_eq!(whole["fix"]["value"], title.trim_end());
}
