//! `muster template`.

use serde_json::json;

use crate::world::World;

#[test]
fn the_ending_decides_whether_it_is_a_text_or_a_workbook_and_else_the_lms_does() {
    let world = World::new();
    world.muster("template --profile edapp --out new.csv").exits(0);
    assert!(world.text("new.csv").starts_with("email (required),username (optional),"));
    assert_eq!(world.text("new.csv").lines().count(), 1);
    let answer = world.muster("template --profile edapp --out new.xlsx").exits(0);
    assert_eq!(answer.out, "new.xlsx: 8 columns for EdApp (SC Training), XLSX\n");
    assert!(world.read("new.xlsx").starts_with(b"PK"));
    world.muster("template --profile edapp --out new").exits(0);
    assert_eq!(world.read("new"), world.read("new.csv"));
}

#[test]
fn a_filled_template_is_read_as_the_lms_it_was_made_for() {
    let world = World::new().with("groups.txt", "Sales\nOps\n");
    let asked = "template --profile edapp --out new.xlsx --list groups=groups.txt --format json";
    let answer = world.muster(asked).exits(0).json();
    let groups = answer["columns"].as_array().expect("a list").iter();
    let groups: Vec<_> = groups.filter(|c| c["column"] == "usergroups (optional)").collect();
    assert_eq!(
        groups,
        [&json!({"column": "usergroups (optional)", "values": 2, "source": "groups.txt"})]
    );
    let checked = world.muster("check new.xlsx --format json").exits(0).json();
    assert_eq!(checked["roster"]["profile"], "edapp");
    assert_eq!((&checked["roster"]["people"], &checked["counts"]["error"]), (&json!(0), &json!(0)));
}

#[test]
fn what_cannot_be_made_is_said_and_nothing_is_written() {
    let world = World::new().with("mine.csv", "precious");
    let answer = world.muster("template --profile nosuch --out new.csv").exits(2);
    assert!(answer.err.contains("there is no profile `nosuch`"), "{}", answer.err);
    let answer = world.muster("template --profile generic --out new.csv").exits(2);
    assert!(answer.err.contains("`Not sure` has no template"), "{}", answer.err);
    world.muster("template --profile edapp --out mine.csv").exits(2);
    world.muster("template --profile edapp --out new.ods").exits(2);
    assert_eq!(world.text("mine.csv"), "precious");
    assert!(!world.has("new.csv") && !world.has("new.ods"));
    world.muster("template --profile edapp --out mine.csv --replace").exits(0);
    assert!(world.text("mine.csv").starts_with("email"));
    // An old workbook is the column names alone.
    world.muster("template --profile emtrain-learners --out new.xls").exits(0);
    world.muster("copy new.xls names.csv").exits(0);
    assert!(world.text("names.csv").starts_with("Unique Key,First Name,"));
}

const STAFF: &str = "Name,Email,Language,Country,Region,Team,Extra\r\n\
                     Ada Lo,ada@example.com,English,CA,QC,Sales,x\r\n";

/// The template as another program wrote it, among the files of other formats.
fn vendors() -> Vec<u8> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/formats");
    std::fs::read(folder.join("workbooks/template.xlsx")).expect("there")
}

#[test]
fn a_kit_has_the_columns_of_the_vendors_own_template_in_its_order() {
    let world = World::new()
        .with("staff.csv", STAFF)
        .with("last.csv", "Name,Email,Language,Country,Region,Team\r\n")
        .with("template.xlsx", vendors());
    let asked =
        "kit staff.csv --against last.csv --out kit --profile workleap --template template.xlsx";
    let answer = world.muster(asked).exits(0);
    assert!(answer.err.contains("The list of `Province code` could not be learnt"));
    world.muster("copy kit/upload.xlsx upload.csv").exits(0);
    assert_eq!(
        world.text("upload.csv"),
        "Full name,E-mail,Language,Country code,Province code,Team,Site,Start date\r\n\
         Ada Lo,ada@example.com,English,CA,QC,Sales,,\r\n"
    );
}

#[test]
fn a_kit_is_the_vendors_own_workbook_filled_in() {
    let world = World::new().with("staff.csv", STAFF).with("template.xlsx", vendors());
    let asked = "kit staff.csv --against none --out kit --profile workleap --template template.xlsx --format json";
    let kit = world.muster(&format!("{asked} --release new=1")).exits(0).json();
    assert_eq!(
        kit["files"][0]["about"],
        "For Workleap LMS: 1 person, in the LMS's own template `template.xlsx`"
    );
    // Its drop-downs and its hidden lists are there as they were: it is a template still.
    let values = |file: &str| -> Vec<serde_json::Value> {
        let asked =
            format!("template --profile workleap --template {file} --out {file}.csv --format json");
        let columns = world.muster(&asked).exits(0).json()["columns"].clone();
        columns.as_array().expect("a list").iter().map(|column| column["values"].clone()).collect()
    };
    assert_eq!(values("kit/upload.xlsx"), values("template.xlsx"));
}

#[test]
fn the_drop_downs_of_the_vendors_own_template_are_checked() {
    let world = World::new()
        .with("staff.csv", STAFF.replace("English", "Klingon"))
        .with("template.xlsx", vendors());
    let plain = world.muster("check staff.csv --profile workleap --format json").json();
    assert!(!plain.to_string().contains("Klingon` is not a value"));
    let asked = "check staff.csv --profile workleap --template template.xlsx --format json";
    let found = world.muster(asked).exits(1).json();
    assert!(found.to_string().contains("`Klingon` is not a value of Language"), "{found}");
    let refused = world.muster("check staff.csv --profile edapp --template template.xlsx").exits(2);
    assert!(refused.err.contains("`template.xlsx` is no template of EdApp"), "{}", refused.err);
}

#[test]
fn what_the_template_has_no_column_for_is_said_not_to_be_sent_and_is_to_be_done_by_hand() {
    let had = "Name,Email,Country,Region,Language\nBo Li,bo@example.com,CA,ON,English\n";
    let now = format!("{had}Ada Lovett,ada@example.com,CA,QC,French\n");
    // The template as it was years ago.
    let template = "Name,Email,Country\n";
    let world = World::new()
        .with("had.csv", had)
        .with("now.csv", now)
        .with("t.csv", template)
        .with("after.csv", format!("{had}Ada Lovett,ada@example.com,CA,,\n"));
    let words = "now.csv --against had.csv --profile workleap --template t.csv";
    let plan = world.muster(&format!("plan {words} --format json")).exits(1).json();
    let cells = plan["people"][0]["cells"].as_array().expect("a list");
    let of = |column: &str| cells.iter().find(|c| c["column"] == column).expect("there");
    assert_eq!(of("Country")["result"], "CA");
    for column in ["Region", "Language"] {
        let why = "it is not sent: the template `t.csv` has no such column";
        assert_eq!((&of(column)["result"], &of(column)["why"]), (&json!(""), &json!(why)));
    }
    let by_hand = plan["by_hand"].as_array().expect("a list").iter();
    let by_hand: Vec<_> = by_hand.map(|item| (&item["column"], &item["value"])).collect();
    let expected = [(&json!("Region"), &json!("QC")), (&json!("Language"), &json!("French"))];
    assert_eq!(by_hand.len(), 2);
    assert!(expected.iter().all(|item| by_hand.contains(item)), "{by_hand:?}");
    let also = plan["effects"]["also"].to_string();
    assert!(also.contains("are not sent: the template `t.csv` has no such columns."), "{also}");
    let checked = world.muster(&format!("check {words}")).exits(0).out;
    let says = "needs the column `Region`, and the template `t.csv` does not have it";
    assert!(checked.contains(says) && checked.contains("warning[header-missing]"), "{checked}");
    // Nothing of it is expected of the import; it is still to be done.
    world.muster(&format!("kit {words} --out kit")).exits(0);
    let told = world.muster("prove kit after.csv --against had.csv").exits(1).out;
    assert!(told.starts_with("1 of 1 as planned"), "{told}");
    assert!(told.contains("Language is blank and is to be `French`"), "{told}");
    let done = format!("{had}Ada Lovett,ada@example.com,CA,QC,French\n");
    let world = world.with("after.csv", done);
    world.muster("prove kit after.csv --against had.csv").exits(0);
}

#[test]
fn a_rule_of_the_lms_about_a_column_that_is_not_sent_fits_nobody() {
    let had = "Email,userName,reference,Department\nbo@example.com,Bo Li,Bo,IT\n";
    let now = format!("{had}ada@example.com,Ada Lovett,Ada,IT\n");
    let world = World::new()
        .with("had.csv", had)
        .with("now.csv", now)
        .with("t.csv", "Email,userName,reference\n");
    let plan = |more: &[&str]| {
        let words = ["plan", "now.csv", "--against", "had.csv", "--profile", "kaspersky-asap"];
        let rule = ["--policy", "assignment=Department is IT -> IT basics", "--format", "json"];
        world.muster_with(&[&words[..], &rule, more].concat()).exits(1).json()["effects"]
            .to_string()
    };
    let told = plan(&["--template", "t.csv"]);
    assert!(
        told.contains("The rule about `Department` fits nobody: that column is not sent."),
        "{told}"
    );
    assert!(told.contains("1 person would be in no group"), "{told}");
    let told = plan(&[]);
    assert!(told.contains("1 person would be in the group `IT basics` by rule 1"), "{told}");
}
