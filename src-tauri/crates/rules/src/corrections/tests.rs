use std::sync::Arc;

use super::*;
use crate::checker::Checker;
use crate::report;
use crate::rules::CheckContext;
use muster_roster::lists::{List, Lists};
use muster_roster::profile::Profile;

const HEADER: &str = "email,username,firstname,lastname,usergroups,roles,password,dateregistered\n";
const ADA: &str = "ada@example.com,ada,Ada,Lo,Slaes,Learner,Secret-42x,2025-01-03\n";
const BO: &str = "bo@example.com,bo,Bo,Li,Sales,Learner,,2025-02-04\n";
const CY: &str = "cy@example.com,cy,Cy,Ng,Slaes,Learner,,2025-03-05\n";

fn profile() -> Arc<Profile> {
    Arc::new(Profile::built_in("edapp").expect("built in"))
}

fn roster(rows: &[&str]) -> Roster {
    let text = format!("{HEADER}{}", rows.concat());
    Roster::read(Table::from_text(&text).expect("read"), profile())
}

fn checked(roster: Roster) -> Checker {
    let mut lists = Lists::new();
    lists.insert("groups".into(), List::new(["Sales".to_owned()], "a test", None));
    Checker::new(CheckContext::new(roster, None, lists), &|_| true).expect("checked")
}

fn back(bytes: impl Into<Vec<u8>>) -> Corrected {
    Corrected::read(bytes.into(), "back", &profile(), &|_| true).expect("read")
}

/// `3 usergroups: Slaes → Sales`.
fn told(roster: &Roster, found: &Corrections) -> Vec<String> {
    let tell = |edit: &Edit| match edit {
        Edit::Set { row, column, before, after } => {
            let name = &roster.columns[*column as usize].name;
            format!("{} {name}: {before} → {after}", roster.key_text(*row))
        }
        other => format!("{other:?}"),
    };
    found.edits.iter().map(tell).collect()
}

/// The report as a workbook, saved again by somebody who changed some texts on the sheet that is seen.
fn reworked(workbook: &[u8], changes: &[(&str, &str)]) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let mut old = zip::ZipArchive::new(Cursor::new(workbook)).expect("a ZIP archive");
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..old.len() {
        let mut part = old.by_index(at).expect("there");
        let name = part.name().expect("a name").into_owned();
        let mut text = Vec::new();
        part.read_to_end(&mut text).expect("read");
        if name == "xl/worksheets/sheet1.xml" {
            let mut sheet = String::from_utf8(text).expect("UTF-8");
            for (before, after) in changes {
                assert!(sheet.contains(before), "{before} in {sheet}");
                sheet = sheet.replacen(before, after, 1);
            }
            text = sheet.into_bytes();
        }
        new.start_file(name, zip::write::SimpleFileOptions::default()).expect("begun");
        new.write_all(&text).expect("written");
    }
    new.finish().expect("finished").into_inner()
}

#[test]
fn a_list_with_the_same_key_changes_the_cells_that_differ_and_no_others() {
    let here = roster(&[ADA, BO]);
    let text = "username,usergroups,Shoe size\nBO,Ops,44\nada,Sales,39\n";
    let found = Corrections::of(&here, &back(text));
    assert_eq!(
        told(&here, &found),
        ["bo usergroups: Sales → Ops", "ada usergroups: Slaes → Sales"]
    );
    assert_eq!(found.ignored, ["`Shoe size` is no column of this list."]);
    assert_eq!((found.conflicts.len(), found.unpaired.len()), (0, 0));
}

#[test]
fn people_who_are_not_here_or_not_for_sure_are_told_and_nobody_is_added() {
    let here = roster(&[ADA, BO, BO]);
    let text = "username,usergroups\nbo,Ops\nada,Sales\nada,HR\ndi,Ops\n,Ops\n";
    let found = Corrections::of(&here, &back(text));
    assert!(found.edits.is_empty());
    let why: Vec<(&str, &str)> =
        found.unpaired.iter().map(|u| (u.key.as_str(), u.why.as_str())).collect();
    assert_eq!(
        why,
        [
            ("bo", "More than one person here has this key."),
            ("ada", "This key stands more than once in the file."),
            ("ada", "This key stands more than once in the file."),
            ("di", "Nobody here has this key. Nobody is added."),
            ("", "The row has no key."),
        ]
    );
    assert_eq!(found.unpaired[0].line, Some(2));
}

#[test]
fn a_list_without_the_key_cannot_be_paired() {
    let told = Corrected::read(
        b"firstname,usergroups\nAda,Sales\n".to_vec(),
        "x.csv",
        &profile(),
        &|_| true,
    );
    let told = told.err().expect("refused");
    assert_eq!(told.what, "`x.csv` cannot be paired with this list");
}

#[test]
fn the_report_as_a_workbook_tells_their_changes_from_ours() {
    let checker = checked(roster(&[ADA, BO, CY]));
    let report = report::xlsx(&checker, 0).expect("written");
    // They correct both groups, and give Bo another name.
    let came_back =
        reworked(&report, &[(">Slaes<", ">Sales<"), (">Slaes<", ">Ops<"), (">Bo<", ">Bob<")]);
    // Meanwhile Cy was moved here, and Bo's last name was changed.
    let mut here = checker.into_context().roster;
    let set = |here: &mut Roster, row, column, before: &str, after: &str| {
        let (before, after) = (before.to_owned(), after.to_owned());
        here.table.apply(&Edit::Set { row, column, before, after }).expect("set");
    };
    set(&mut here, 3, 4, "Slaes", "HR");
    set(&mut here, 2, 3, "Li", "Lee");
    let found = Corrections::of(&here, &back(came_back));
    assert_eq!(told(&here, &found), ["ada usergroups: Slaes → Sales", "bo firstname: Bo → Bob"]);
    let conflict = Conflict {
        row: 3,
        column: 4,
        was: "Slaes".into(),
        here: "HR".into(),
        theirs: "Ops".into(),
    };
    assert_eq!(found.conflicts, [conflict]);
    assert!(found.unpaired.is_empty(), "a hidden password is no change: {:?}", found.unpaired);
}

#[test]
fn a_key_is_never_changed_from_a_report() {
    let checker = checked(roster(&[ADA, BO]));
    let report = report::xlsx(&checker, 0).expect("written");
    let came_back = reworked(&report, &[(">bo<", ">bob<")]);
    let found = Corrections::of(&checker.context().roster, &back(came_back));
    assert!(found.edits.is_empty());
    let [only] = found.unpaired.as_slice() else { panic!("{:?}", found.unpaired) };
    assert_eq!(only.why, "Its key was `bo` in the report. A key is never changed from a file.");
}

#[test]
fn what_is_written_into_the_last_column_of_the_report_as_a_text_is_taken() {
    let checker = checked(roster(&[ADA, BO, CY]));
    let report = String::from_utf8(report::csv(&checker).expect("written")).expect("UTF-8");
    let corrected: String = report
        .lines()
        .map(|line| match line.contains("\"usergroups\",\"Slaes\"") {
            true => format!("{}\"'=Sales\"\r\n", line.trim_end_matches("\"\"")),
            false => format!("{line}\r\n"),
        })
        .collect();
    let mut here = checker.into_context().roster;
    let (before, after) = ("Slaes".to_owned(), "HR".to_owned());
    here.table.apply(&Edit::Set { row: 3, column: 4, before, after }).expect("set");
    let found = Corrections::of(&here, &back(corrected));
    assert_eq!(told(&here, &found), ["ada usergroups: Slaes → =Sales"]);
    assert_eq!(found.conflicts.len(), 1);
}
