use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::plan::{self, Only};
use muster_roster::lists::Lists;
use muster_roster::profile::Choices;
use muster_roster::profile::connector::KIT;
use muster_rules::checker::Checker;
use muster_rules::rules::CheckContext;
use muster_table::table::{Cut, Table};

const EDAPP: &str = "email (required),username (optional),firstname (optional),lastname (optional),usergroups (optional),roles (optional),dateregistered,password (optional),externalid (optional),job title\n";
const ADA: &str = "a@example.com,ada,Ada,Lo,Sales; Ops,Learner,2024-01-02,,,Nurse\n";
const BO: &str = "b@example.com,bo,Bo,Li,Ops,Learner,2024-01-02,,7,Cook\n";
const CY: &str = "c@example.com,cy,Cy,Ng,,Learner,2024-01-02,,,Cook\n";

const KOLIBRI: &str = "Database ID (UUID),Username (USERNAME),Password (PASSWORD),Full name (FULL_NAME),User type (USER_TYPE),Identifier (IDENTIFIER),Birth year (BIRTH_YEAR),Gender (GENDER),Learner enrollment (ENROLLED_IN),Coach assignment (ASSIGNED_TO)\n";
const EVA: &str = "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a,eva,*,Eva Roth,LEARNER,,,,Red,\n";

fn read(profile: &str, text: &str) -> Roster {
    let profile = Arc::new(Profile::built_in(profile).expect("built in"));
    let decoded = muster_table::format::text::decode(text.as_bytes().to_vec(), None).expect("text");
    let table = Table::read(decoded, Cut::default(), &mut |_| true).expect("a table");
    Roster::read(table, profile)
}

/// What is planned when a list was edited from one text to another, with what the LMS had.
fn planned(profile: &str, before: &str, after: &str) -> (Expectation, Roster) {
    let (before, after) = (read(profile, before), read(profile, after));
    let context = CheckContext::new(after, Some(before.clone()), Lists::new());
    let checker = Checker::new(context, &|_| true).expect("checked");
    let answers: BTreeMap<String, String> =
        ["groups", "roles"].map(|id| (id.to_owned(), "replace".to_owned())).into();
    let choices = Choices::of(&checker.context().roster.profile, &answers);
    let asked = plan::PlanOptions { choices, only: Only::Changed, ..plan::PlanOptions::default() };
    let plan = plan::make(&checker, &KIT, &asked);
    (Expectation::of(&plan, &checker, "2026-11-22T10:00:00Z", vec!["f00d".into()]), before)
}

/// Ada loses a group and is promoted, and Di is new.
fn a_month() -> (Expectation, Roster) {
    let ada = ADA.replace("Sales; Ops", "Ops").replace("Nurse", "Matron");
    let di = "d@example.com,,Di,Fo,Ops; Sales,,,Secret-42x,,\n";
    planned("edapp", &format!("{EDAPP}{ADA}{BO}{CY}"), &format!("{EDAPP}{ada}{BO}{CY}{di}"))
}

const ADA_AFTER: &str = "a@example.com,ada,Ada,Lo,Ops,Learner,2024-01-02,,,Matron\n";
const DI_AFTER: &str =
    "d@example.com,d@example.com,Di,Fo,Sales; Ops,Learner; Prizing User,2026-11-22,,,\n";

fn verified(
    (planned, before): &(Expectation, Roster),
    profile: &str,
    export: &str,
) -> Verification {
    let detail = verify(planned, Some(before), &read(profile, export), &|_| true);
    detail.expect("it can be compared").verification(String::new())
}

#[test]
fn everybody_as_planned_and_everybody_else_as_before() {
    let verification =
        verified(&a_month(), "edapp", &format!("{EDAPP}{DI_AFTER}{CY}{BO}{ADA_AFTER}"));
    assert_eq!(verification.says(), "2 of 2 as planned");
    assert_eq!(verification.others, Some(2));
    assert_eq!(verification.unseen, ["Password"]);
    assert_eq!(
        [&verification.differing, &verification.by_hand, &verification.unplanned],
        [&[] as &[String]; 3]
    );
}

#[test]
fn who_differs_is_named_and_how() {
    let half = ADA_AFTER.replace("Ops,", "Ops; Sales,").replace("Matron", "");
    let verification = verified(&a_month(), "edapp", &format!("{EDAPP}{half}{BO}{CY}"));
    assert_eq!(verification.says(), "0 of 2 as planned");
    assert_eq!(
        verification.differing,
        [
            "Ada Lo (`ada`): User groups should be `Ops` and is `Ops; Sales`; `job title` should be `Matron` and is blank",
            "Di Fo (`d@example.com`): is not there",
        ]
    );
}

#[test]
fn what_others_did_meanwhile_is_told_apart_from_the_plan() {
    let bo = BO.replace(",7,", ",8,");
    let zed = "z@example.com,zed,Zed,Ur,,Learner,2026-11-20,,,\n";
    let ada = ADA_AFTER.replace("Lo,", "Low,");
    let verification = verified(&a_month(), "edapp", &format!("{EDAPP}{ada}{bo}{DI_AFTER}{zed}"));
    assert_eq!(verification.says(), "2 of 2 as planned");
    assert_eq!(verification.others, Some(0));
    assert_eq!(
        verification.unplanned,
        [
            "Ada Low (`ada`): Last name was `Lo` and is `Low`",
            "Bo Li (`bo`): External ID was `7` and is `8`",
            "Zed Ur (`zed`): is there, and was neither before nor in the plan",
            "Cy Ng (`cy`): is not there any more",
        ]
    );
}

#[test]
fn a_column_that_the_lms_counts_up_by_itself_is_told_of_once() {
    let people = |day: &str| {
        let one = |n: u32| format!("p{n}@example.com,p{n},P,Q{n},,Learner,2024-01-02,,,{day}\n");
        (0..40).map(one).collect::<String>()
    };
    let header = EDAPP.replace("job title", "last seen");
    let before = format!("{header}{}", people("Monday"));
    let after = before.replacen("P,Q0", "Pia,Q0", 1);
    let story = planned("edapp", &before, &after);
    let verification = verified(&story, "edapp", &after.replace("Monday", "Friday"));
    assert_eq!(verification.says(), "1 of 1 as planned");
    assert_eq!(verification.unplanned, ["`last seen` is another than before for 40 people"]);
}

#[test]
fn what_is_planned_in_a_column_that_the_export_lacks_is_not_as_planned_but_unseen() {
    let export = "email (required),username (optional),firstname (optional),lastname (optional),usergroups (optional)\na@example.com,ada,Ada,Lo,Ops\nd@example.com,d@example.com,Di,Fo,Sales; Ops\n";
    let verification = verified(&a_month(), "edapp", export);
    // Of Ada her job title, of Di the role that everybody has; that her job title was to be blank is no change.
    assert_eq!(verification.says(), "0 of 2 as planned, 2 cannot be seen");
    assert_eq!(verification.unseen, ["Roles", "job title", "Password"]);
    assert_eq!((verification.people_unseen, verification.differing.len()), (2, 0));
    let (planned, _) = a_month();
    let of =
        |text: &str| verify(&planned, None, &read("edapp", text), &|_| true).expect("compared");
    let detail = of(export);
    let [ada, di] = detail.people_unseen.as_slice() else { panic!("{detail:?}") };
    assert_eq!((ada.key.as_str(), ada.columns.as_slice()), ("ada", &["job title".to_owned()][..]));
    assert_eq!(di.columns, ["roles (optional)"]);
    assert!(!detail.is_clean());
    // Whoever differs in what can be seen is told with that.
    let differs = of(&export.replace("Lo,Ops", "Lo,Sales"));
    assert_eq!((differs.differing.len(), differs.people_unseen.len()), (1, 1), "{differs:?}");
}

#[test]
fn new_people_are_found_by_their_login_and_what_is_left_by_hand_is_told() {
    let gil = ",gil,Sunflower-9,Gil Moe,LEARNER,,2010,,Red,\n";
    let renamed = EVA.replace("eva,", "eva_roth,");
    let story = planned("kolibri", &format!("{KOLIBRI}{EVA}"), &format!("{KOLIBRI}{renamed}{gil}"));
    let given = gil.replace(",gil,Sunflower-9", "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b,GIL,*");
    let verification = verified(&story, "kolibri", &format!("{KOLIBRI}{given}{EVA}"));
    assert_eq!(verification.says(), "1 of 1 as planned", "{verification:?}");
    assert_eq!(
        verification.by_hand,
        ["Eva Roth (`eva`): Username is `eva` and is to be `eva_roth`"]
    );
    assert_eq!(verification.unplanned, [""; 0]);
    let done = verified(&story, "kolibri", &format!("{KOLIBRI}{given}{renamed}"));
    assert_eq!([&done.by_hand, &done.unplanned], [&[] as &[String]; 2]);

    let export = read("kolibri", &format!("{KOLIBRI}{given}{renamed}"));
    let confirmed = confirmed(&story.0, &export);
    let list = read("kolibri", &format!("{KOLIBRI}{renamed}{gil}"));
    assert_eq!(rows_in(&story.0, &confirmed, &list), [list.table.rows().nth(1)]);
}

#[test]
fn an_export_of_before_is_told_and_so_is_another_file() {
    let (planned, before) = a_month();
    let text = format!("{EDAPP}{ADA}{BO}{CY}");
    let early = verify(&planned, Some(&before), &read("edapp", &text), &|_| true);
    assert_eq!(early.expect_err("refused").what, "nothing of the plan is in this export");

    let edapp = Profile::built_in("edapp").expect("built in");
    let export = read("edapp", &text);
    let refusal = |roster: &Roster, sha256: &str, recognised: &Profile| {
        may_verify(&planned, (roster, "x.csv"), sha256, Some(recognised)).map_err(|f| f.to_string())
    };
    assert_eq!(refusal(&export, "beef", &edapp), Ok(()));
    let own = refusal(&export, "f00d", &edapp).expect_err("the upload itself");
    assert!(own.contains("a file that Muster made for the upload"), "{own}");
    let kolibri = Profile::built_in("kolibri").expect("built in");
    let other = refusal(&read("edapp", &format!("{KOLIBRI}{EVA}")), "beef", &kolibri);
    let other = other.expect_err("another LMS");
    assert!(other.contains("not an export of EdApp: its columns are those of Kolibri"), "{other}");
}

#[test]
fn no_password_is_written_down_and_it_can_be_read_again() {
    let (planned, _) = a_month();
    let json = planned.to_json().expect("json");
    let text = String::from_utf8(json.clone()).expect("UTF-8");
    assert!(!text.contains("Secret-42x") && text.contains("\"password\": true"), "{text}");
    assert_eq!(Expectation::from_json(&json).expect("read"), planned);
    assert!(Expectation::from_json(b"{}").is_err());
}

#[test]
fn it_stops_when_asked() {
    let (planned, before) = a_month();
    let stopped = verify(&planned, Some(&before), &before, &|_| false);
    assert_eq!(stopped.expect_err("stopped").kind, FailureKind::Cancelled);
}

#[test]
fn what_somebody_new_has_where_blanks_were_sent_is_told_without_knowing_what_was_before() {
    let (planned, before) = a_month();
    let di = DI_AFTER.replace(",,,\n", ",,9,Cook\n");
    let export = read("edapp", &format!("{EDAPP}{ADA_AFTER}{BO}{CY}{di}"));
    for before in [None, Some(&before)] {
        let told = verify(&planned, before, &export, &|_| true).expect("it can be compared");
        let told = told.verification(String::new());
        assert_eq!(
            told.differing,
            [
                "Di Fo (`d@example.com`): `job title` should be blank and is `Cook`; External ID should be blank and is `9`"
            ]
        );
        assert_eq!((told.says().as_str(), told.unplanned.len()), ("1 of 2 as planned", 0));
    }
}

#[test]
fn what_an_lms_writes_by_itself_of_somebody_new_is_no_difference() {
    // A column that the profile does not know: everybody has a day, or a number that nobody shares.
    for (header, ada, bo, given) in
        [("last seen", "2026-11-01", "2026-11-01", "2026-11-22"), ("user number", "17", "18", "19")]
    {
        let header = EDAPP.replace("job title", header);
        let (ada, bo) = (ADA.replace("Nurse", ada), BO.replace("Cook", bo));
        let di = "d@example.com,,Di,Fo,Ops,,,,,\n";
        let (before, after) = (format!("{header}{ada}{bo}"), format!("{header}{ada}{bo}{di}"));
        let there = format!(
            "d@example.com,d@example.com,Di,Fo,Ops,Learner; Prizing User,2026-11-22,,,{given}\n"
        );
        let told =
            verified(&planned("edapp", &before, &after), "edapp", &format!("{before}{there}"));
        assert_eq!(
            (told.says().as_str(), told.differing.len()),
            ("1 of 1 as planned", 0),
            "{told:?}"
        );
        assert_eq!(told.unplanned, [""; 0]);
    }
}

#[test]
fn an_export_with_somebody_nobody_knows_is_none_of_before() {
    let di = "d@example.com,,Di,Fo,Ops; Sales,,,,,\n";
    let (before, after) = (format!("{EDAPP}{ADA}{BO}{CY}"), format!("{EDAPP}{ADA}{BO}{CY}{di}"));
    let (planned, was) = planned("edapp", &before, &after);
    let early = verify(&planned, Some(&was), &read("edapp", &before), &|_| true);
    assert!(early.is_err(), "nothing has happened yet");
    let other = format!("{before}{}", DI_AFTER.replace("d@", "dx@"));
    let report = verified(&(planned, was), "edapp", &other);
    assert_eq!((report.as_planned, report.of, report.unplanned.len()), (0, 1, 1));
    assert_eq!(report.differing, ["Di Fo (`d@example.com`): is not there"]);
}

const ROSTER: &str = "First Name,Last Name,Email Address,Employee ID,Title,User Status,Admin Access\n\
    Ada,Lo,ada@example.com,E1,Nurse,active,No\nBo,Li,bo@example.com,E2,Cook,active,No\n";

/// Di is new, in a report that has no status; somebody has written that she is an administrator.
fn di_is_new() -> (Expectation, Roster) {
    let lacking = "First Name,Last Name,Email Address,Employee ID,Title,Admin Access\n\
        Ada,Lo,ada@example.com,E1,Nurse,No\nBo,Li,bo@example.com,E2,Cook,No\n\
        Di,Fo,di@example.com,E3,,Yes\n";
    planned("emtrain-roster", ROSTER, lacking)
}

#[test]
fn what_was_filled_in_of_somebody_new_is_held_against_the_export() {
    let of = |di: &str| verified(&di_is_new(), "emtrain-roster", &format!("{ROSTER}{di}\n"));
    let made = of("Di,Fo,di@example.com,E3,,active,No");
    assert_eq!((made.says(), made.differing), ("1 of 1 as planned".into(), vec![]));
    assert_eq!(made.by_hand, ["Di Fo (`di@example.com`): Admin access is `No` and is to be `Yes`"]);
    assert!(of("Di,Fo,di@example.com,E3,,active,Yes").by_hand.is_empty());
    for (di, differs) in [
        (
            "Di,Fo,di@example.com,E3,,inactive,No",
            "User status should be `active` and is `inactive`",
        ),
        ("Di,Fo,di@example.com,E3,Cook,active,No", "Title should be blank and is `Cook`"),
        ("Di,Fo,di@example.com,E3,,active,Owner", "Admin access should be `Yes` or blank or `No`"),
    ] {
        let told = of(di).differing;
        assert!(told.len() == 1 && told[0].contains(differs), "{differs}: {told:?}");
    }
}

#[test]
fn a_row_that_stands_there_twice_is_named_though_the_plan_leaves_it_alone() {
    let ada = ADA_AFTER;
    let of = |rows: &str| verified(&a_month(), "edapp", &format!("{EDAPP}{ada}{DI_AFTER}{rows}"));
    let twice = of(&format!("{BO}{CY}{BO}"));
    assert_eq!((twice.others, twice.differing), (Some(1), vec![]));
    assert_eq!(twice.unplanned, ["Bo Li (`bo`): stands on 2 rows, and stood on 1 row"]);
    // Of somebody of the plan it is told with what was planned, and once.
    let of_plan = of(&format!("{BO}{CY}{ada}"));
    assert_eq!(of_plan.differing, ["Ada Lo (`ada`): stands on more than one row of the export"]);
    assert_eq!(of_plan.unplanned, [] as [&str; 0]);
    // A row that says not who it is was there before, or it is told.
    let nobody = of(&format!("{BO}{CY},,Ed,Om,,Learner,,,,\n"));
    assert_eq!(nobody.unplanned, ["1 row of the export says not who it is; there were 0 before"]);
}

#[test]
fn where_nobody_has_written_what_happens_a_third_value_is_told() {
    let bo = BO.replace("Li,", ",");
    let month = planned("edapp", &format!("{EDAPP}{ADA}{BO}"), &format!("{EDAPP}{ADA}{bo}"));
    for (name, is_planned) in [("Li", true), ("", true), ("Ng", false)] {
        let bo = BO.replace("Li,", &format!("{name},"));
        let told = verified(&month, "edapp", &format!("{EDAPP}{ADA}{bo}"));
        assert_eq!(told.differing.is_empty(), is_planned, "{name}: {told:?}");
        let is = in_words(name);
        let outcome = format!("Bo (`bo`): Last name might be blank or `Li`, and is {is}");
        let all = if is_planned { vec![outcome] } else { vec![] };
        assert_eq!(told.outcomes, all.as_slice(), "{name}");
        assert_eq!(told.unplanned, [] as [&str; 0]);
    }
    // A kit of before did not say what may be.
    let (mut planned, before) = month;
    planned.people.iter_mut().for_each(|person| person.may.clear());
    let bo = BO.replace("Li,", "Ng,");
    let told = verified(&(planned, before), "edapp", &format!("{EDAPP}{ADA}{bo}"));
    assert_eq!(told.differing, [] as [&str; 0]);
}
