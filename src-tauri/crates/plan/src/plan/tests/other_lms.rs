//! Plans for an LMS that differs from EdApp in everything that a profile can say about them.

use super::*;
use muster_rules::rules::is_rule;

const ACME: &str = r#"
id = "acme"
name = "Acme"
summary = ""
version = "2026-11-22"
errors = "skip"
[key]
field = "id"
given_by = "lms"
[columns]
creates = true
[guards.deactivate]
people = 0
percent = 0
[[field]]
id = "id"
title = "ID"
headers = ["id"]
[[field]]
id = "login"
title = "Login"
headers = ["login"]
value_required = true
by_hand = "the person's page"
[[field]]
id = "name"
title = "Name"
headers = ["name"]
name_part = 1
blank = "clear"
[[field]]
id = "password"
title = "Password"
headers = ["password"]
kind = "password"
keep_word = "*"
[[field]]
id = "level"
title = "Level"
headers = ["level"]
choices = ["LOW", "HIGH"]
choices_any_case = true
promote_only = true
by_hand = "the page of levels"
[[field]]
id = "classes"
title = "Classes"
headers = ["classes"]
separator = ","
only_with_other_changes = true
by_hand = "the page of classes"
blank = "clear"
[[field]]
id = "badge"
title = "Badge"
headers = ["badge"]
stored_upper = true
[[field]]
id = "start"
title = "Start"
headers = ["start"]
create_only = true
[[field]]
id = "active"
title = "Active"
headers = ["active"]
inactive = ["no"]
[[policy]]
id = "missing"
title = "People who are not in the file"
default = "keep"
[[policy.choices]]
id = "keep"
title = "Leave them"
says = "Acme leaves them."
[[policy.choices]]
id = "deactivate"
title = "Deactivate them"
says = "Acme deactivates them."
[[policy]]
id = "blanks"
title = "Blank cells"
[[policy.choices]]
id = "keep"
title = "Keep"
says = ""
[[policy.choices]]
id = "clear"
title = "Clear"
says = ""
"#;

const ACME_HEADER: &str = "id,login,name,password,level,classes,badge,start,active";
const ONE: &str = "1,ann,Ann,*,LOW,\"A,B\",X1,2020,yes\n";
const TWO: &str = "2,ben,Ben,*,HIGH,A,X2,2020,yes\n";
const GONE: &str = "3,cat,Cat,*,LOW,,X3,2020,no\n";

fn acme(snapshot: &[&str], roster: &[&str]) -> Checker {
    let text = |rows: &[&str]| format!("{ACME_HEADER}\n{}", rows.concat());
    let profile = Profile::parse(ACME, "acme", is_rule).expect("sound");
    check(profile, Some(&text(snapshot)), &text(roster))
}

const CLEAR: [(&str, &str); 1] = [("blanks", "clear")];

#[test]
fn what_no_file_can_change_is_listed_by_hand_and_sent_as_it_was() {
    let renamed = ONE.replace("ann", "anna");
    let plan = make(&acme(&[ONE], &[&renamed]), &KIT, &chosen(&CLEAR));
    assert_eq!((plan.counts.ignored, plan.by_hand[0].r#where.as_str()), (1, "the person's page"));
    let with_more = renamed.replace("Ann", "Anna");
    let plan = make(&acme(&[ONE], &[&with_more]), &KIT, &chosen(&CLEAR));
    assert_eq!((plan.counts.update, plan.by_hand.len()), (1, 1));
    assert_eq!(plan.people[0].as_before, [1]);
    assert_eq!(result(&plan, "1", "login"), "ann");
}

#[test]
fn a_change_that_rides_along_needs_another_to_ride_on() {
    let moved = ONE.replace("A,B", "B,C");
    let alone = make(&acme(&[ONE], &[&moved]), &KIT, &chosen(&CLEAR));
    assert_eq!((alone.counts.ignored, alone.by_hand[0].value.as_str()), (1, "B,C"));
    let along = make(&acme(&[ONE], &[&moved.replace("Ann", "Anna")]), &KIT, &chosen(&CLEAR));
    assert_eq!((along.counts.update, along.by_hand.len()), (1, 0));
    assert_eq!(result(&along, "1", "classes"), "B,C");
}

#[test]
fn a_level_only_rises_and_case_is_no_change_where_the_lms_has_none() {
    let up = make(&acme(&[ONE], &[&ONE.replace("LOW", "high")]), &KIT, &chosen(&CLEAR));
    assert_eq!((up.counts.update, up.by_hand.len()), (1, 0));
    let down = make(&acme(&[TWO], &[&TWO.replace("HIGH", "LOW")]), &KIT, &chosen(&CLEAR));
    assert_eq!((down.counts.ignored, down.by_hand[0].r#where.as_str()), (1, "the page of levels"));
    let cased = ONE.replace("LOW", "Low").replace("X1", "x1");
    let same = make(&acme(&[ONE], &[&cased]), &KIT, &chosen(&CLEAR));
    assert_eq!(same.counts.same, 1);
    let stored = make(&acme(&[ONE], &[&ONE.replace("X1", "x9")]), &KIT, &chosen(&CLEAR));
    assert_eq!(result(&stored, "1", "badge"), "X9");
}

#[test]
fn blanks_do_what_was_chosen_and_a_choice_that_nobody_made_is_asked_for() {
    let emptied = ONE.replace("X1", "");
    let open = make(&acme(&[ONE], &[&emptied]), &KIT, &PlanOptions::default());
    assert_eq!(open.blockers, ["Choose what Acme is to do: Blank cells."]);
    let keep = make(&acme(&[ONE], &[&emptied]), &KIT, &chosen(&[("blanks", "keep")]));
    assert_eq!((keep.counts.ignored, result(&keep, "1", "badge")), (1, "X1"));
    let clear = make(&acme(&[ONE], &[&emptied]), &KIT, &chosen(&CLEAR));
    assert_eq!((clear.counts.update, result(&clear, "1", "badge")), (1, ""));
}

#[test]
fn what_is_taken_only_for_new_people_is_passed_over_for_others() {
    let plan = make(&acme(&[ONE], &[&ONE.replace("2020", "2021")]), &KIT, &chosen(&CLEAR));
    assert_eq!((plan.counts.ignored, result(&plan, "1", "start")), (1, "2020"));
}

#[test]
fn the_word_for_not_active_deactivates_and_another_brings_back() {
    let rows = [&ONE.replace(",yes", ",no"), TWO, &GONE.replace(",no", ",yes")];
    let plan = make(&acme(&[ONE, TWO, GONE], &rows), &KIT, &chosen(&CLEAR));
    assert_eq!(
        plan.counts,
        PlanCounts { deactivate: 1, reactivate: 1, same: 1, ..PlanCounts::default() }
    );
    assert_eq!(plan.people[0].person.action, Action::Deactivate, "removals first");
    assert_eq!(plan.effects.seats_after, 2);
    assert!(guard(&plan, "deactivate").expect("counted").held, "this profile holds each one");
}

#[test]
fn deactivating_whoever_is_missing_sends_everybody_and_lets_nobody_be_left_out() {
    let options = chosen(&[("blanks", "clear"), ("missing", "deactivate")]);
    let plan = make(&acme(&[ONE, TWO, GONE], &[TWO]), &KIT, &options);
    assert_eq!(plan.only, Only::All);
    assert_eq!(
        plan.counts,
        PlanCounts { deactivate: 1, same: 1, ignored: 1, ..PlanCounts::default() }
    );
    assert_eq!(person(&plan, "3").why, "not in the file, and not active already");
    assert!(plan.blockers.is_empty());
    let broken = make(
        &acme(
            &[ONE, TWO],
            &[ONE, "2,ben,Ben,*,HIGH,A,X2,2020,yes\n", "2,bob,Bob,*,HIGH,A,X2,2020,yes\n"],
        ),
        &KIT,
        &options,
    );
    assert_eq!(broken.counts.blocked, 2);
}

#[test]
fn a_key_that_the_lms_never_gave_is_left_out_and_a_new_person_has_none() {
    let rows = [ONE, "9,dan,Dan,Secret1,LOW,,X4,2020,yes\n", ",eve,Eve,Secret1,LOW,,X5,2020,yes\n"];
    let plan = make(&acme(&[ONE], &rows), &KIT, &chosen(&CLEAR));
    assert_eq!(plan.counts, PlanCounts { same: 1, blocked: 1, create: 1, ..PlanCounts::default() });
    assert!(person(&plan, "9").why.contains("`9`"), "{}", person(&plan, "9").why);
    assert!(plan.blockers.is_empty(), "this LMS goes row by row");
}

#[test]
fn a_column_that_becomes_a_field_for_everybody_is_held() {
    let text = |header: &str, row: &str| format!("{ACME_HEADER}{header}\n{row}\n");
    let profile = || Profile::parse(ACME, "acme", is_rule).expect("sound");
    let row = ONE.trim_end();
    let checker = check(profile(), Some(&text("", row)), &text(",shoe size", &format!("{row},44")));
    let plan = make(&checker, &KIT, &chosen(&CLEAR));
    assert_eq!(plan.effects.fields_created, ["shoe size"]);
    assert!(guard(&plan, "field").expect("counted").held);
}
