mod lms;
mod old_workbook;
mod other_lms;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::kit::*;
use crate::plan::{self, Only};
use muster_roster::lists::{List, Lists};
use muster_roster::profile::connector::KIT;
use muster_roster::profile::{Choices, Profile};
use muster_roster::roster::Roster;
use muster_rules::rules::CheckContext;
use muster_table::error::FailureKind;
use muster_table::table::{Cut, Table};

const HEADER: &str = "email (required),username (optional),firstname (optional),lastname (optional),usergroups (optional),roles (optional),dateregistered,password (optional),externalid (optional),job title\n";
const ADA: &str = "a@example.com,ada,Ada,Lo,Sales; Ops,Learner,2024-01-02,,,Nurse\n";
const BO: &str = "b@example.com,bo,Bo,Li,Ops,Learner; Admin,2024-01-02,,7,\n";
const CY: &str = "c@example.com,cy,Cy,Ng,,Learner,2024-01-02,,,\n";

fn roster_of(profile: &Arc<Profile>, bytes: Vec<u8>) -> Roster {
    let decoded = muster_table::format::text::decode(bytes, None).expect("text");
    let table = Table::read(decoded, Cut::default(), &mut |_| true).expect("a table");
    Roster::read(table, profile.clone())
}

fn check(profile: &Arc<Profile>, snapshot: &str, roster: &str) -> Checker {
    let read = |text: &str| roster_of(profile, text.as_bytes().to_vec());
    let mut lists = Lists::new();
    let groups = ["Sales", "Ops", "Legal"].map(String::from);
    lists.insert("groups".into(), List::new(groups, "a test", Some("2026-11-22".into())));
    let context = CheckContext::new(read(roster), Some(read(snapshot)), lists);
    Checker::new(context, &|_| true).expect("checked")
}

fn edapp() -> Arc<Profile> {
    Arc::new(Profile::built_in("edapp").expect("built in"))
}

fn checked(snapshot: &[&str], roster: &[&str]) -> Checker {
    let text = |rows: &[&str]| format!("{HEADER}{}", rows.concat());
    check(&edapp(), &text(snapshot), &text(roster))
}

fn choices(how: &str) -> BTreeMap<String, String> {
    ["groups", "roles"].map(|id| (id.to_owned(), how.to_owned())).into()
}

fn planned(checker: &Checker, how: &str, only: Only) -> Plan {
    let choices = Choices::of(&checker.context().roster.profile, &choices(how));
    let options = plan::PlanOptions { choices, only, snapshot_age: Some(3), ..Default::default() };
    plan::make(checker, &KIT, &options)
}

/// A kit as it would be in its folder.
struct Made {
    kit: Kit,
}

impl Made {
    fn bytes(&self, name: &str) -> Vec<u8> {
        self.kit.files.iter().find(|f| f.name == name).expect("in the kit").bytes.clone()
    }

    fn text(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).expect("UTF-8")
    }
}

fn kit_with(plan: &Plan, checker: &Checker, releases: &[(&str, u32)]) -> Result<Made> {
    let releases = releases.iter().map(|(id, n)| ((*id).to_owned(), *n)).collect();
    let options = KitOptions {
        releases: &releases,
        note: "Monday, <b>all</b>",
        at: "2026-11-23T08:15:00Z",
        by: "ana",
        account: "",
    };
    Ok(Made { kit: make(plan, checker, &options)? })
}

fn all_releases(plan: &Plan) -> Vec<(&str, u32)> {
    plan.guards.iter().map(|g| (g.id.as_str(), g.actual)).collect()
}

#[test]
fn the_upload_is_the_exports_form_with_the_changed_and_the_new() {
    let new = "d@example.com,,Di,\"O, Fo\",Ops; Sales;,,,Secret-42x,,\n";
    let moved = ADA.replace("Sales; Ops", "Ops; Legal; Ops;");
    let checker = checked(&[ADA, BO, CY], &[&moved, BO, new]);
    let plan = planned(&checker, "add", Only::Changed);
    let made = kit_with(&plan, &checker, &[]).expect("made");
    let header = HEADER.trim_end();
    assert_eq!(
        made.text("upload.csv"),
        format!(
            "{header}\r\na@example.com,ada,Ada,Lo,Ops; Legal,Learner,2024-01-02,,,Nurse\r\nd@example.com,,Di,\"O, Fo\",Ops; Sales,,,Secret-42x,,\r\n"
        )
    );
    assert_eq!(
        made.text("undo.csv"),
        format!("{header}\r\n{}\r\n", ADA.trim_end()),
        "the snapshot's row of whom the upload changes"
    );
    let all = kit_with(&planned(&checker, "add", Only::All), &checker, &[]).expect("made");
    assert_eq!(all.text("upload.csv").lines().count(), 4);
}

#[test]
fn what_cannot_be_undone_is_named() {
    let new = "d@example.com,di,Di,Fo,Ops,,,,,\n";
    let bo = BO.replace(",,7,", ",Secret-42x,7,Nurse");
    let cy = CY.replace("Ng,,Learner", "Ng,Ops,Learner; Prizing User");
    let checker = checked(&[ADA, BO, CY], &[ADA, &bo, &cy, new]);
    let plan = planned(&checker, "add", Only::Changed);
    let made = kit_with(&plan, &checker, &all_releases(&plan)).expect("made");
    let mut told = made.kit.cannot_undo.clone();
    told.sort();
    assert_eq!(
        told,
        [
            "Bo Li (`bo`): `Nurse` was put into `job title`, which was blank, and what a blank cell does is not documented.",
            "Bo Li (`bo`): the password was replaced, and nobody knows the old one.",
            "Cy Ng (`cy`): `Ops` was put into `usergroups (optional)`, which was blank, and what a blank cell does is not documented.",
            "Cy Ng (`cy`): no file takes `Prizing User` out of `roles (optional)`.",
            "Di Fo (`di`) is new: to take this back, remove this person in EdApp itself.",
        ]
    );
    assert!(made.kit.files.iter().all(|f| f.name != "undo.csv"), "nothing is promised");
    assert!(made.text("checklist.md").contains("There is no undo file"));
    for sentence in &told {
        let name = sentence.split(" (").next().expect("a name");
        assert!(made.text("checklist.md").contains(name));
        assert!(made.text("receipt.json").contains(name));
    }
}

#[test]
fn undo_asks_for_replace_only_where_something_has_to_be_taken_out() {
    let more = checked(&[ADA], &[&ADA.replace("Sales; Ops", "Sales; Ops; Legal")]);
    let plan = planned(&more, "add", Only::Changed);
    assert_eq!(Undo::of(&plan, &more).choices.written()["groups"], "replace");
    let other = checked(&[ADA], &[&ADA.replace("Nurse", "Cook")]);
    let plan = planned(&other, "replace", Only::Changed);
    assert_eq!(Undo::of(&plan, &other).choices.written()["groups"], "add");
    let made = kit_with(&planned(&more, "add", Only::Changed), &more, &[]).expect("made");
    let checklist = made.text("checklist.md");
    let (before, after) =
        checklist.split_once("## If it has to be taken back").expect("both parts");
    assert!(before.contains("choose “Add”") && !before.contains("choose “Replace”"), "{before}");
    assert!(after.contains("choose “Replace”"), "{after}");
}

#[test]
fn no_password_is_anywhere_but_in_the_upload() {
    let checker = checked(&[ADA], &[&ADA.replace(",,,Nurse", ",Secret-42x,,Cook")]);
    let plan = planned(&checker, "add", Only::Changed);
    let made = kit_with(&plan, &checker, &[("password", 1)]).expect("made");
    assert!(made.text("upload.csv").contains("Secret-42x"));
    for file in ["undo.csv", "checklist.html", "checklist.md", "review.html", "receipt.json"] {
        assert!(!made.text(file).contains("Secret"), "{file}");
    }
    let secret = |name: &str| made.kit.files.iter().any(|f| f.name == name && f.secret);
    assert!(secret("upload.csv") && !secret("undo.csv"));
}

#[test]
fn the_checklist_is_a_page_to_print_with_all_that_the_text_has() {
    let bo = BO.replace("Bo", "Bo <b>*Li*</b>");
    let checker = checked(&[ADA, BO], &[&ADA.replace("Nurse", "Cook"), &bo]);
    let plan = planned(&checker, "add", Only::Changed);
    let made = kit_with(&plan, &checker, &all_releases(&plan)).expect("made");
    let (text, page) = (made.text("checklist.md"), made.text("checklist.html"));
    let ticks = |of: &str, mark: &str| of.matches(mark).count();
    assert!(ticks(&text, "- [ ] ") > 2, "{text}");
    assert_eq!(ticks(&page, "class=\"box\""), ticks(&text, "- [ ] "), "{page}");
    for heading in text.lines().filter_map(|line| line.strip_prefix("## ")) {
        assert!(page.contains(&format!("<h2>{heading}</h2>")), "{heading}: {page}");
    }
    assert!(page.contains("<code>upload.csv</code>") && !page.contains("<b>"), "{page}");
}

#[test]
fn a_held_plan_needs_its_own_number() {
    let checker = checked(&[ADA], &[&ADA.replace(",,,Nurse", ",Secret-42x,,Nurse")]);
    let plan = planned(&checker, "add", Only::Changed);
    let told = kit_with(&plan, &checker, &[("password", 2)]).err().expect("refused");
    assert_eq!(told.kind, FailureKind::Refused);
    assert!(told.why.contains("`password` was released with 2"), "{told}");
    let made = kit_with(&plan, &checker, &[("password", 1)]).expect("made");
    let receipt: serde_json::Value =
        serde_json::from_str(&made.text("receipt.json")).expect("json");
    assert_eq!(receipt["releases"]["password"], 1);
}

#[test]
fn errors_nothing_to_send_and_a_stale_plan_are_refused() {
    let wrong = checked(&[ADA], &[&ADA.replace("Sales", "Salse")]);
    let told =
        kit_with(&planned(&wrong, "add", Only::Changed), &wrong, &[]).err().expect("refused");
    assert_eq!((told.kind, told.what.as_str()), (FailureKind::Refused, "this plan cannot be sent"));
    let same = checked(&[ADA], &[ADA]);
    let told = kit_with(&planned(&same, "add", Only::Changed), &same, &[]).err().expect("refused");
    assert_eq!(told.what, "there is nothing to send");
    let moved = checked(&[ADA], &[&ADA.replace("Nurse", "Cook")]);
    let told = kit_with(&planned(&moved, "add", Only::Changed), &same, &[]).err().expect("refused");
    assert_eq!(told.what, "the plan is out of date");
}

#[test]
fn a_file_is_split_where_the_lms_limits_it() {
    let mut profile = Profile::built_in("edapp").expect("built in");
    profile.file.most_people = 2;
    let (old, new): (Vec<String>, Vec<String>) = (0..5)
        .map(|n| {
            let row = |title| format!("p{n}@example.com,p{n},Pat,Lo,Ops,Learner,,,,{title}\n");
            (row("Nurse"), row("Cook"))
        })
        .unzip();
    let text = |rows: &[String]| format!("{HEADER}{}", rows.concat());
    let checker = check(&Arc::new(profile), &text(&old), &text(&new));
    let plan = planned(&checker, "add", Only::Changed);
    let made = kit_with(&plan, &checker, &all_releases(&plan)).expect("made");
    let names: Vec<&str> = made.kit.files.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names[..3], ["upload-1.csv", "upload-2.csv", "upload-3.csv"]);
    assert_eq!(made.text("upload-3.csv").lines().count(), 2);
    assert!(made.text("upload-2.csv").starts_with("email (required),"));
    assert!(made.kit.checklist.contains("`upload-1.csv`, then `upload-2.csv`"));
}

#[test]
fn the_receipt_proves_the_files_and_the_page_stands_alone() {
    let bold = "d@example.com,di,<script>alert(1)</script>,Fo & \"Co\",Ops,,,,,\n";
    let checker = checked(&[ADA, BO], &[&ADA.replace("Sales; Ops", "Ops"), BO, bold]);
    let plan = planned(&checker, "replace", Only::Changed);
    let made = kit_with(&plan, &checker, &[]).expect("made");
    let receipt: serde_json::Value =
        serde_json::from_str(&made.text("receipt.json")).expect("json");
    assert_eq!(receipt["time"], "2026-11-23T08:15:00Z");
    assert_eq!(receipt["policies"]["groups"], "replace");
    assert_eq!(receipt["profile_version"], edapp().version);
    assert_eq!(receipt["counts"]["update"], 1);
    for file in receipt["files"].as_array().expect("a list") {
        let name = file["name"].as_str().expect("text");
        let there = made.kit.files.iter().find(|f| f.name == name).expect("told");
        assert_eq!(file["sha256"], there.sha256().as_str());
        assert_eq!(file["bytes"], there.bytes.len());
    }
    let page = made.text("review.html");
    assert!(!page.contains("<script") && !page.contains("http") && !page.contains("<link"));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; Fo &amp; &quot;Co&quot;"));
    assert!(page.contains("Monday, &lt;b&gt;all&lt;/b&gt;"));
    assert!(page.contains("23 November 2026, 08:15 UTC"));
    let checklist = made.text("checklist.md");
    assert!(checklist.contains("Monday, \\<b\\>all\\</b\\>"), "{checklist}");
    assert!(checklist.contains("take `upload.csv` (2 people: 1 new, 1 changed)"), "{checklist}");
}

#[test]
fn the_steps_of_every_profile_are_filled_in() {
    for (id, _) in muster_roster::profile::BUILT_IN {
        let profile = Arc::new(Profile::built_in(id).expect("sound"));
        let names: Vec<&str> =
            profile.fields.iter().filter_map(|f| f.headers.first()).map(String::as_str).collect();
        let header = if names.is_empty() { "email,town".to_owned() } else { names.join(",") };
        let checker = check(&profile, &format!("{header}\n"), &format!("{header}\n"));
        let choices = Choices::defaults(&profile);
        let options = plan::PlanOptions { choices, ..plan::PlanOptions::default() };
        let plan = plan::make(&checker, &KIT, &options);
        let releases = BTreeMap::new();
        let options = KitOptions { releases: &releases, note: "", at: "", by: "", account: "" };
        let undo = Undo::of(&plan, &checker);
        let part = || vec![Part { name: "upload.csv".into(), people: 1 }];
        let story = Story {
            plan: &plan,
            options: &options,
            profile: &plan.profile,
            undo: &undo,
            columns: &checker.context().roster.columns,
            upload: part(),
            back: part(),
            released: Vec::new(),
        };
        let checklist = checklist::write(&story).markdown();
        assert!(!checklist.contains(['{', '}']), "{id}: {checklist}");
    }
}

#[test]
fn a_workbook_is_made_where_the_lms_takes_one() {
    let mut profile = Profile::built_in("edapp").expect("built in");
    profile.file.format = "xlsx".into();
    let text = |row: &str| format!("{HEADER}{row}");
    let checker = check(&Arc::new(profile), &text(ADA), &text(&ADA.replace("Nurse", "007")));
    let plan = planned(&checker, "add", Only::Changed);
    let made = kit_with(&plan, &checker, &[]).expect("made");
    let bytes = made.bytes("upload.xlsx");
    let kind = muster_table::format::xlsx::kind_of(&bytes).expect("a workbook");
    let sheet = muster_table::format::xlsx::read(&bytes, kind, None, &|_, _| true).expect("read");
    assert_eq!(sheet.cell(1, 9), "007");
    assert_eq!(sheet.cell(0, 0), "email (required)");
    assert!(made.kit.files.iter().any(|f| f.name == "undo.xlsx"));
}

#[test]
fn cells_that_nobody_touched_go_as_the_export_has_them() {
    let ended = |row: &str| row.replace("Ops,Learner", "Ops;,Learner").replace(",Ops,", ",Ops;,");
    let (ada, bo) = (ended(ADA).replace("Sales; Ops", "Sales;  Ops"), ended(BO));
    assert!(ada.contains("Sales;  Ops;,") && bo.contains(",Ops;,"), "{ada}{bo}");
    let new = "d@example.com,di,Di,Fo,Ops; Sales,,,,,\n";
    let moved = bo.replace("Ops;", "Ops; Legal");
    let checker = checked(&[&ada, &bo, CY], &[&ada.replace("Nurse", "Cook"), &moved, CY, new]);
    for choice in ["add", "replace"] {
        let plan = planned(&checker, choice, Only::Changed);
        let made = kit_with(&plan, &checker, &all_releases(&plan)).expect("made");
        let upload = made.text("upload.csv");
        assert!(upload.contains(",Sales;  Ops;,Learner,"), "nobody touched it: {upload}");
        assert!(
            upload.contains(",Ops; Legal;,"),
            "each list ends as the export ends them: {upload}"
        );
        assert!(upload.contains(",Ops; Sales;,"), "also of somebody new: {upload}");
        assert!(made.text("undo.csv").contains(bo.trim_end()), "as it was exported");
    }
}

#[test]
fn whoever_is_not_in_the_file_is_named_and_may_have_left() {
    let checker = checked(&[ADA, BO, CY], &[&ADA.replace("Nurse", "Cook"), BO]);
    let plan = planned(&checker, "add", Only::Changed);
    let told = "Cy Ng (`cy`) is not in the file and stays active in EdApp. If they have left, deactivate or remove them in EdApp itself.";
    assert!(plan.effects.also.iter().any(|s| s == told), "{:?}", plan.effects.also);
    assert!(plan.by_hand.is_empty(), "nobody knows whether Cy has left");
    let made = kit_with(&plan, &checker, &all_releases(&plan)).expect("made");
    let checklist = made.text("checklist.md");
    let (_, left) = checklist.split_once("## To do by hand, if they have left").expect("told");
    assert!(left.contains("- [ ] Cy Ng (`cy`)"), "{left}");
    assert!(made.text("review.html").contains("To do by hand, if they have left"));
    // A file with a few of many is no whole list, and says nothing of the others.
    let few = checked(&[ADA, BO, CY], &[&ADA.replace("Nurse", "Cook")]);
    let plan = planned(&few, "add", Only::Changed);
    assert!(plan.effects.staying.is_empty() && plan.effects.if_they_left.is_empty());
    assert!(plan.effects.also.iter().any(|s| s.starts_with("2 people of the snapshot are not")));
}

#[test]
fn only_words_of_the_lms_stand_as_something_to_click() {
    for (id, _) in muster_roster::profile::BUILT_IN {
        let profile = Profile::built_in(id).expect("built in");
        let choices = profile.policies.iter().flat_map(|policy| &policy.choices);
        for choice in choices.filter(|choice| !choice.button) {
            let quoted = format!("choose “{}”", choice.title);
            assert!(profile.checklist.iter().all(|step| !step.contains(&quoted)), "{quoted}");
        }
    }
    let checker = checked(&[ADA], &[&ADA.replace("Nurse", "Cook")]);
    let made = kit_with(&planned(&checker, "add", Only::Changed), &checker, &[]).expect("made");
    let checklist = made.text("checklist.md");
    assert!(checklist.contains("Invitations: Send none. Leave the toggle off."), "{checklist}");
    assert!(checklist.contains("“User Groups”: choose “Add”."), "{checklist}");
}

#[test]
fn a_key_goes_as_the_lms_spells_it_and_what_stays_all_the_same_goes_along() {
    let shouted = BO.replace("bo,Bo,Li,Ops,Learner; Admin", "BO,Bo,Li,Legal,Admin; Reviewer");
    let checker = checked(&[ADA, BO, CY], &[ADA, &shouted, CY]);
    let plan = planned(&checker, "replace", Only::Changed);
    let made = kit_with(&plan, &checker, &all_releases(&plan)).expect("made");
    let upload = made.text("upload.csv");
    let row = "b@example.com,bo,Bo,Li,Legal,Admin; Reviewer; Learner,2024-01-02,,7,";
    assert_eq!(upload.lines().nth(1), Some(row));
}
