//! Kits for an LMS that takes old workbooks and nothing newer.

use super::*;
use muster_table::export::ExportFormat;
use muster_table::format::xlsx::{self, Kind, Sheet};

const HEADER: &str = "Unique Key,First Name,Last Name,Login Name,Active\n";

fn people(count: u32, title: &str) -> String {
    let row = |n: u32| format!("{n},Pat{n},{title},p{n}@example.com,Yes\n");
    format!("{HEADER}{}", (0..count).map(row).collect::<String>())
}

fn plan_of(checker: &Checker, missing: &str) -> Plan {
    let answers = [("blanks", "keep"), ("missing", missing)]
        .map(|(id, answer)| (id.to_owned(), answer.to_owned()));
    let choices = Choices::of(&checker.context().roster.profile, &answers.into());
    plan::make(checker, &KIT, &plan::PlanOptions { choices, ..plan::PlanOptions::default() })
}

fn read(bytes: &[u8]) -> Sheet {
    assert_eq!(xlsx::kind_of(bytes), Some(Kind::Xls));
    xlsx::read(bytes, Kind::Xls, None, &|_, _| true).expect("read")
}

#[test]
fn upload_and_undo_are_old_workbooks_and_excel_is_not_asked() {
    let profile = Arc::new(Profile::built_in("emtrain-learners").expect("built in"));
    let checker = check(&profile, &people(3, "Lo"), &people(3, "Lo").replace("Pat1,Lo", "Pat1,Ng"));
    let plan = plan_of(&checker, "keep");
    let made = kit_with(&plan, &checker, &all_releases(&plan)).expect("made");
    let upload = read(&made.bytes("upload.xls"));
    assert_eq!(upload.cells(0).collect::<Vec<_>>().join(",") + "\n", HEADER);
    assert_eq!(upload.cells(1).collect::<Vec<_>>()[..3], ["1", "Pat1", "Ng"]);
    assert_eq!(read(&made.bytes("undo.xls")).cell(1, 2), "Lo");
    assert!(!made.kit.checklist.contains("save it as"), "{}", made.kit.checklist);
}

#[test]
fn as_many_as_the_format_holds_are_in_one_file_whatever_the_lms_says() {
    let mut form = Profile::built_in("emtrain-learners").expect("built in").file;
    assert_eq!((form.written_as(), form.most_in_one()), (ExportFormat::OldWorkbook, 65_535));
    form.most_people = 100_000;
    assert_eq!(form.most_in_one(), 65_535);
    form.most_people = 500;
    assert_eq!(form.most_in_one(), 500);
    assert_eq!(parts("upload", &form, 1_200).len(), 3);
    form.most_people = 0;
    let names: Vec<String> = parts("upload", &form, 65_536).into_iter().map(|p| p.name).collect();
    assert_eq!(names, ["upload-1.xls", "upload-2.xls"]);
    assert_eq!(parts("upload", &form, 65_535).len(), 1);
}

#[test]
fn several_files_are_refused_where_each_would_take_away_the_others() {
    let mut profile = Profile::built_in("emtrain-learners").expect("built in");
    profile.file.most_people = 2;
    let profile = Arc::new(profile);
    let checker = check(&profile, &people(3, "Lo"), &people(3, "Ng"));
    let plan = plan_of(&checker, "keep");
    let made = kit_with(&plan, &checker, &all_releases(&plan)).expect("made");
    assert!(made.kit.checklist.contains("`upload-1.xls`, then `upload-2.xls`"));
    let plan = plan_of(&checker, "deactivate");
    let told = plan
        .blockers
        .iter()
        .any(|b| b.contains("each would take away everybody who is in the others"));
    assert!(told, "{:?}", plan.blockers);
    assert!(kit_with(&plan, &checker, &all_releases(&plan)).is_err());
    // Two fit into one file.
    let checker = check(&profile, &people(2, "Lo"), &people(2, "Ng"));
    let plan = plan_of(&checker, "deactivate");
    assert_eq!(plan.blockers, [""; 0]);
}
