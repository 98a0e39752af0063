//! Every fix of every rule: the cases are those of the rules' own pages, and damaged rosters.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use muster_engine::reading::ReadAs;
use muster_engine::rules::{RULES, Rule};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use serde_json::{Value, json};

use super::page::{self, Case, Page};
use super::{Faces, PROFILES, of_month};
use crate::world::World;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/rules/src/rules")
}

fn file_of(rule: &Rule, ending: &str) -> PathBuf {
    folder().join(format!("{}.{ending}", rule.code.replace('-', "_")))
}

fn page_of(rule: &Rule) -> Page {
    Page::read(file_of(rule, "md"))
}

/// A rule's fixes by both, as far as they are as safe as asked for; answers whether there was one.
#[track_caller]
fn fix(faces: &Faces, rule: &str, safe_only: bool, place: &str) -> bool {
    let place = format!("{place}, {rule}, {}", if safe_only { "safe" } else { "unsafe" });
    let mut words = vec!["--rule", rule, "--out", "out.csv", "--replace"];
    if !safe_only {
        words.push("--unsafe");
    }
    let answer = faces.command("fix", &words).exits(0).json();
    let scope =
        json!({ "rule": rule, "value": null, "row": null, "column": null, "safe_only": safe_only });
    let changes = answer["changes"].as_array().expect("a list");
    let steps = super::texts(&answer["steps"]);
    let preview = match faces.window.call("preview_fix", scope.clone()) {
        Ok(preview) => preview,
        Err(failure) => {
            assert_eq!(
                failure.what, "there is nothing here that can be fixed by itself",
                "{place}: {answer:#}"
            );
            assert!(changes.is_empty() && steps.is_empty(), "{place}: {answer:#}");
            assert!(faces.saved() == faces.world.read("out.csv"), "{place}");
            return false;
        }
    };
    let edited = faces.window("apply_fix", scope);
    assert_eq!(steps, [preview["title"].as_str().expect("a sentence")], "{place}");
    assert_eq!(preview["title"], edited["sentence"], "{place}");
    assert_eq!(preview["people"], answer["changed_people"], "{place}");
    let said = |list: &Value, set: fn(&Value) -> bool| {
        let cells = list.as_array().expect("a list").iter().filter(|change| set(change));
        let mut cells: Vec<Vec<Value>> = cells
            .map(|c| ["line", "column", "before", "after"].map(|part| c[part].clone()).to_vec())
            .collect();
        cells.sort_by_key(|cell| format!("{cell:?}"));
        cells
    };
    // What is said of whole people and columns is worded for the page where it is shown.
    let in_window = said(&preview["changes"], |c| !c["line"].is_null() && c["column"] != "");
    let in_command = said(&answer["changes"], |c| c["did"] == "set" && !c["line"].is_null());
    assert_eq!(in_window, in_command, "{place}");
    assert_eq!(preview["changes"].as_array().map(Vec::len), Some(changes.len()), "{place}");
    let (window, command) = (faces.saved(), faces.world.read("out.csv"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!(text(&window), text(&command), "{place}");
    assert!(window == command, "{place}");
    faces.window("undo", Value::Null);
    true
}

/// The findings of a rule by both, with what is offered for each.
fn found(faces: &Faces, rule: &str, place: &str) -> Vec<Value> {
    let check = faces.command("check", &[]).json();
    let findings = check["findings"].as_array().expect("a list").iter();
    let command: Vec<Value> = findings.filter(|f| f["rule"] == rule).cloned().collect();
    let asked = json!({ "rule": rule, "value": null, "first": 0, "count": 1000 });
    let window = faces.window("findings", asked);
    let window = window["findings"].as_array().expect("a list");
    let said = |finding: &Value, line: &Value| {
        let fix = &finding["fix"];
        [line, &finding["message"], &finding["value"], &fix["title"], &fix["safety"]]
            .map(Clone::clone)
    };
    let in_command: Vec<_> = command.iter().map(|f| said(f, &f["line"])).collect();
    let in_window: Vec<_> = window.iter().map(|f| said(&f["finding"], &f["line"])).collect();
    assert_eq!(in_command, in_window, "{place}, {rule}");
    command
}

/// A page's case, open in the window and named to the command.
fn case(page: &Page, case: &Case) -> Faces {
    let mut world = World::new();
    let mut profile = "generic".to_owned();
    if let Some(text) = page.block(case, "profile") {
        profile = "of-a-page".into();
        let mut whole = page::profile(&text).expect("a profile");
        whole.insert("id".into(), profile.clone().into());
        let text = toml::to_string(&whole).expect("TOML");
        world = world.with("home/profiles/of-a-page.toml", text);
    }
    let roster = page.block(case, "csv after").or_else(|| page.block(case, "csv"));
    let roster = roster.expect("a roster");
    let notes = page.block(case, "notes").unwrap_or_default();
    let mut name = "in.csv";
    let as_it_stands = ReadAs { delimiter: Some(",".into()), header: Some(1), ..ReadAs::default() };
    let mut read_as = as_it_stands.clone();
    if !notes.is_empty() {
        (name, read_as) = ("in.xlsx", ReadAs::default());
        world = world.with(name, workbook(&roster, &notes));
    } else {
        world = world.with(name, roster);
    }
    let before = page.block(case, "csv before");
    if let Some(before) = &before {
        world = world.with("before.csv", before);
    }
    let lists = case.blocks.iter().filter_map(|block| block.kind.strip_prefix("list "));
    let lists: Vec<&str> = lists.collect();
    for kind in &lists {
        let values = page.block(case, &format!("list {kind}")).unwrap_or_default();
        world = world.with(&format!("{kind}.txt"), values);
    }
    let mut faces = Faces::read_as(world, name, &profile, &read_as);
    for kind in lists {
        faces = faces.list(kind, &format!("{kind}.txt"));
    }
    if before.is_some() {
        faces = faces.against("before.csv", &as_it_stands);
    }
    let policies = page.block(case, "policies").unwrap_or_default();
    faces.policies(policies.lines())
}

/// A workbook of texts but for the cells of the notes: line, column and what is there.
fn workbook(text: &str, notes: &str) -> Vec<u8> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("CSV")).collect();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (line, row) in (0u32..).zip(&rows) {
        for (column, cell) in (0u16..).zip(row).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(line, column, cell).expect("a text");
        }
    }
    for note in notes.lines() {
        let mut words = note.split(' ');
        let (Some(line), Some(name), Some(kind)) = (words.next(), words.next(), words.next())
        else {
            panic!("a note is `line column kind`: {note}");
        };
        let line = line.parse::<u32>().expect("a line") - 1;
        let column = rows[0].iter().position(|cell| cell == name).expect("a column");
        let text = &rows[line as usize][column];
        let column = u16::try_from(column).expect("few");
        let written = match (kind, text.parse::<f64>()) {
            ("number", Ok(number)) => sheet.write_number(line, column, number),
            ("number", Err(_)) => {
                let day = ExcelDateTime::parse_from_str(text).expect("a day");
                let form = Format::new().set_num_format("yyyy-mm-dd");
                sheet.write_datetime_with_format(line, column, &day, &form)
            }
            ("formula-error", _) => {
                sheet.write_formula(line, column, Formula::new("=1/0").set_result("#DIV/0!"))
            }
            ("formula-unknown", _) => {
                sheet.write_formula(line, column, Formula::new("=A1").set_result(""))
            }
            _ => sheet.write_formula(line, column, Formula::new("=A1").set_result(text)),
        };
        written.expect("a cell");
    }
    book.save_to_buffer().expect("a workbook")
}

#[test]
fn every_rule_with_a_fix_does_and_says_the_same_in_both() {
    let mut fixed = BTreeSet::new();
    for rule in RULES {
        let page = page_of(rule);
        for one in &page.cases {
            let offered =
                |block: &page::Block| page.text[block.place.clone()].contains("\n  fix (");
            if !one.blocks.iter().any(offered) {
                continue;
            }
            let place = format!("{}, “{}”", page.path.display(), one.title);
            let faces = case(&page, one);
            let found = found(&faces, rule.code, &place);
            let offered = |safety: &str| found.iter().any(|f| f["fix"]["safety"] == safety);
            let (safe, certain) = (offered("safe"), fix(&faces, rule.code, true, &place));
            assert_eq!(safe, certain, "{place}: what is safe is made");
            if fix(&faces, rule.code, false, &place) {
                fixed.insert(rule.code);
            } else {
                assert!(!safe && !offered("unsafe"), "{place}: what is offered is made");
            }
        }
    }
    for rule in RULES {
        let source = std::fs::read_to_string(file_of(rule, "rs")).expect("source is UTF-8");
        let page = page_of(rule);
        let mut lines = page.text.lines().zip(page.text.lines().skip(1));
        let own = format!("[{}]", rule.code);
        // A page may show the findings of others too.
        let shows = lines.any(|(line, next)| line.contains(&own) && next.starts_with("  fix ("));
        let fixes = source.contains(".fix(") || shows;
        let any = fixed.contains(rule.code);
        assert!(any || !fixes, "{}: no case of its page is fixed by both", rule.code);
    }
}

#[test]
fn every_fix_of_a_damaged_roster_does_and_says_the_same_in_both() {
    for profile in PROFILES {
        let world = World::new()
            .with("in.csv", of_month(profile, "damaged.csv"))
            .with("before.csv", of_month(profile, "snapshot.csv"));
        let faces = Faces::of(world, "in.csv", profile);
        let faces = faces.against("before.csv", &ReadAs::default());
        let check = faces.command("check", &[]).json();
        let findings = check["findings"].as_array().expect("a list").iter();
        let fixable = findings.filter(|f| !f["fix"].is_null());
        let rules: BTreeSet<&str> = fixable.filter_map(|f| f["rule"].as_str()).collect();
        for rule in rules {
            let page = RULES.iter().find(|known| known.code == rule).map(|rule| page_of(rule));
            let shows = page.is_some_and(|page| page.text.contains("\n  fix ("));
            assert!(shows, "{rule}: its page shows no fix");
            for safe_only in [true, false] {
                fix(&faces, rule, safe_only, profile);
            }
        }
    }
}
