mod nobody;
mod other_lms;
mod protected;

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use muster_roster::lists::{List, Lists};
use muster_roster::profile::connector::KIT;
use muster_roster::roster::Roster;
use muster_rules::rules::CheckContext;
use muster_table::edit::Edit;
use muster_table::table::Table;

const HEADER: &str = "email (required),username (optional),firstname (optional),lastname (optional),usergroups (optional),roles (optional),dateregistered,password (optional),externalid (optional)\n";

fn roster_of(profile: &Arc<Profile>, text: &str) -> Roster {
    Roster::read(Table::from_text(text).expect("read"), profile.clone())
}

fn lists() -> Lists {
    let mut lists = Lists::new();
    let groups = ["Sales", "Ops", "Legal"].map(String::from);
    lists.insert("groups".into(), List::new(groups, "a test", Some("2026-11-22".into())));
    lists
}

fn check(profile: Profile, snapshot: Option<&str>, roster: &str) -> Checker {
    let profile = Arc::new(profile);
    let snapshot = snapshot.map(|text| roster_of(&profile, text));
    let context = CheckContext::new(roster_of(&profile, roster), snapshot, lists());
    Checker::new(context, &|_| true).expect("checked")
}

fn edapp(snapshot: &[&str], roster: &[&str]) -> Checker {
    let text = |rows: &[&str]| format!("{HEADER}{}", rows.concat());
    let profile = Profile::built_in("edapp").expect("built in");
    check(profile, Some(&text(snapshot)), &text(roster))
}

fn chosen(choices: &[(&str, &str)]) -> PlanOptions {
    PlanOptions { choices: Choices::recorded(&answers(choices)), ..PlanOptions::default() }
}

fn answers(choices: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pair = |(id, choice): &(&str, &str)| ((*id).to_owned(), (*choice).to_owned());
    choices.iter().map(pair).collect()
}

/// The plan, with what is asked for read through the profile at hand.
fn make(checker: &Checker, connector: &'static Connector, options: &PlanOptions) -> Plan {
    let choices = Choices::of(&checker.context().roster.profile, options.choices.written());
    super::make(checker, connector, &PlanOptions { choices, ..options.clone() })
}

const ADD: [(&str, &str); 2] = [("groups", "add"), ("roles", "add")];
const REPLACE: [(&str, &str); 2] = [("groups", "replace"), ("roles", "replace")];

fn person<'p>(plan: &'p Plan, key: &str) -> &'p PersonPlan {
    let found = plan.people.iter().find(|p| p.person.key == key);
    &found.unwrap_or_else(|| panic!("{key} is in the plan")).person
}

fn result<'p>(plan: &'p Plan, key: &str, column: &str) -> &'p str {
    let cells = &person(plan, key).cells;
    let found = cells.iter().find(|c| c.title.starts_with(column));
    &found.unwrap_or_else(|| panic!("{column} of {key} is in the plan")).result
}

fn guard<'p>(plan: &'p Plan, id: &str) -> Option<&'p Guard> {
    plan.guards.iter().find(|g| g.id == id)
}

const ADA: &str = "a@example.com,ada,Ada,Lo,Sales; Ops,Learner,2024-01-02,,\n";
const BO: &str = "b@example.com,bo,Bo,Li,Ops,Learner; Admin,2024-01-02,,7\n";
const CY: &str = "c@example.com,cy,Cy,Ng,,Learner,2024-01-02,,\n";

#[test]
fn nothing_changed_is_nothing_to_do() {
    let plan = make(&edapp(&[ADA, BO], &[ADA, BO]), &KIT, &chosen(&ADD));
    assert_eq!(plan.counts, PlanCounts { same: 2, ..PlanCounts::default() });
    assert!(plan.is_empty() && plan.people.is_empty() && plan.guards.is_empty());
    assert_eq!(plan.blockers, Vec::<String>::new());
}

#[test]
fn add_keeps_what_a_person_has_and_replace_takes_it_away() {
    let moved = ADA.replace("Sales; Ops", "Ops; Legal");
    let checker = edapp(&[ADA], &[&moved]);
    let add = make(&checker, &KIT, &chosen(&ADD));
    assert_eq!(result(&add, "ada", "usergroups"), "Sales; Ops; Legal");
    assert_eq!(
        person(&add, "ada").cells[0].why.as_deref(),
        Some("Add takes none away, so `Sales` stays")
    );
    assert!(guard(&add, "membership").is_none());
    let replace = make(&checker, &KIT, &chosen(&REPLACE));
    assert_eq!(result(&replace, "ada", "usergroups"), "Ops; Legal");
    let lost = guard(&replace, "membership").expect("counted");
    assert_eq!((lost.actual, lost.held), (1, false));
    assert_ne!(add.id, replace.id);
}

#[test]
fn who_has_the_old_address_for_a_username_keeps_it_and_is_told() {
    let had = ADA.replace("a@example.com,ada", "ada.lo@example.com,ada.lo@example.com");
    let now = had.replace("ada.lo@example.com,ada.lo", "ada.moe@example.com,ada.lo");
    let plan = make(&edapp(&[&had, BO], &[&now, BO]), &KIT, &chosen(&ADD));
    let told = "Ada Lo (`ada.lo@example.com`) keeps the old e-mail as username: a file does not change it. If it is to change too, do that by hand: the person's own page in EdApp.";
    assert!(plan.effects.also.iter().any(|s| s == told), "{:?}", plan.effects.also);
    // Whose username is something else is not told of.
    let plan = make(&edapp(&[ADA], &[&ADA.replace("a@", "ada@")]), &KIT, &chosen(&ADD));
    assert!(plan.effects.also.iter().all(|s| !s.contains("old e-mail")), "{:?}", plan.effects.also);
}

#[test]
fn taking_a_group_away_does_nothing_under_add() {
    let checker = edapp(&[ADA], &[&ADA.replace("Sales; Ops", "Ops")]);
    let plan = make(&checker, &KIT, &chosen(&ADD));
    assert_eq!(plan.counts.ignored, 1);
    assert_eq!(result(&plan, "ada", "usergroups"), "Sales; Ops");
    assert!(
        person(&plan, "ada").why.starts_with("nothing is sent"),
        "{}",
        person(&plan, "ada").why
    );
    assert_eq!(plan.of_policy["groups"], "1 person keeps what the roster no longer lists");
}

#[test]
fn the_roles_that_everybody_keeps_outlive_replace() {
    let checker = edapp(&[BO], &[&BO.replace("Learner; Admin", "Reviewer")]);
    let plan = make(&checker, &KIT, &chosen(&REPLACE));
    assert_eq!(result(&plan, "bo", "roles"), "Reviewer; Learner");
}

#[test]
fn a_new_person_gets_the_default_roles_and_the_e_mail_as_username() {
    let new = "d@example.com,,Di,Fo,Sales,Reviewer,,,\n";
    let plan = make(&edapp(&[ADA], &[ADA, new]), &KIT, &chosen(&[("invitations", "on")]));
    assert_eq!(person(&plan, "d@example.com").action, Action::Create);
    assert_eq!(result(&plan, "d@example.com", "username"), "d@example.com");
    assert_eq!(result(&plan, "d@example.com", "roles"), "Reviewer; Learner; Prizing User");
    assert_eq!((plan.effects.invitations, plan.effects.seats_after), (1, 2));
    assert!(
        plan.effects
            .also
            .contains(&"The new person gets the roles Learner and Prizing User.".to_owned())
    );
    let quiet = make(&edapp(&[ADA], &[ADA, new]), &KIT, &PlanOptions::default());
    assert_eq!(quiet.effects.invitations, 0, "off unless chosen");
}

#[test]
fn an_emptied_cell_is_said_not_to_be_documented() {
    let plan = make(&edapp(&[BO], &[&BO.replace(",7\n", ",\n")]), &KIT, &chosen(&ADD));
    assert_eq!(result(&plan, "bo", "externalid"), NOT_DOCUMENTED);
    assert_eq!(person(&plan, "bo").action, Action::Update);
    assert!(plan.effects.also.iter().any(|s| s.starts_with("1 cell becomes blank")));
}

#[test]
fn a_password_is_counted_held_and_never_shown() {
    let with = ADA.replace(",,\n", ",Secret-42x,\n");
    let plan = make(&edapp(&[ADA], &[&with]), &KIT, &chosen(&ADD));
    assert_eq!(result(&plan, "ada", "password"), "•••");
    assert_eq!(plan.effects.password_resets, 1);
    assert!(guard(&plan, "password").expect("counted").held);
    assert!(
        !serde_json::to_string(&plan.report("2026-11-28T12:00:00Z", |_| Some(0)))
            .expect("json")
            .contains("Secret")
    );
    // The snapshot may still hold the same one: the LMS would set it all the same.
    let again = make(&edapp(&[&with], &[&with]), &KIT, &chosen(&ADD));
    assert_eq!((again.counts.update, again.effects.password_resets), (1, 1));
}

#[test]
fn people_who_are_not_in_the_file_are_named_and_left_alone() {
    let plan = make(&edapp(&[ADA, BO, CY], &[BO]), &KIT, &chosen(&ADD));
    assert_eq!(plan.counts, PlanCounts { same: 1, ignored: 2, ..PlanCounts::default() });
    let ada = person(&plan, "ada");
    assert_eq!((ada.action, ada.line, ada.row), (Action::Ignored, None, None));
    assert!(plan.is_empty());
}

#[test]
fn an_error_on_someone_who_would_be_sent_stops_the_whole_file() {
    let wrong = ADA.replace("Sales; Ops", "Salse; Ops");
    let checker = edapp(&[ADA, BO], &[&wrong, &BO.replace("Bo", "Bob")]);
    let plan = make(&checker, &KIT, &chosen(&ADD));
    assert_eq!((plan.counts.blocked, plan.counts.update), (1, 1));
    assert!(person(&plan, "ada").why.contains("`Salse`"), "{}", person(&plan, "ada").why);
    assert_eq!(
        plan.blockers,
        ["1 person has a problem that would stop the whole file: Ada Lo (line 2)."]
    );
    assert!(plan.leaves_out(person(&plan, "ada").row.expect("in the roster")));
}

#[test]
fn an_error_on_someone_who_is_not_sent_stands_in_nobodys_way() {
    let wrong = ADA.replace("a@example.com", "a@example");
    let checker = edapp(&[&wrong, BO], &[&wrong, &BO.replace("Bo", "Bob")]);
    let changed = make(&checker, &KIT, &chosen(&ADD));
    assert_eq!((changed.counts.same, changed.blockers.len()), (1, 0));
    let all = make(&checker, &KIT, &PlanOptions { only: Only::All, ..chosen(&ADD) });
    assert_eq!((all.counts.blocked, all.blockers.len()), (1, 1));
}

#[test]
fn what_the_lms_has_of_someone_stops_nobody_also_where_everybody_is_sent() {
    let exported = ADA.replace("Sales; Ops", "Salse; Ops");
    let checker = edapp(&[&exported, BO], &[&exported, &BO.replace("Bo", "Bob")]);
    let all = make(&checker, &KIT, &PlanOptions { only: Only::All, ..chosen(&ADD) });
    assert_eq!((all.counts.blocked, all.blockers.len()), (0, 0));
}

#[test]
fn a_changed_username_goes_with_the_old_one_and_is_listed_to_be_done_by_hand() {
    let renamed = ADA.replace(",ada,", ",ada.lo,").replace("Sales; Ops", "Sales; Ops; Legal");
    let plan = make(&edapp(&[ADA, BO], &[&renamed, BO]), &KIT, &chosen(&ADD));
    let ada = person(&plan, "ada");
    assert_eq!(
        (ada.action, result(&plan, "ada", "usergroups")),
        (Action::Update, "Sales; Ops; Legal")
    );
    assert_eq!(result(&plan, "ada", "username (optional)"), "ada", "no file changes it");
    let by_hand = &plan.by_hand[0];
    assert_eq!((by_hand.key.as_str(), by_hand.value.as_str()), ("ada", "ada.lo"));
    let key = guard(&plan, "key").expect("counted");
    assert!(key.held && key.message.contains("Ada Lo (`ada`)"), "{}", key.message);
    assert_eq!((plan.counts.same, plan.counts.ignored), (1, 0), "nobody is counted twice");
}

#[test]
fn whoever_may_be_there_already_is_made_only_by_a_hold_with_names() {
    let other = "x@example.com,x,Ada,Lo,Ops,Learner,,,\n";
    let plan = make(&edapp(&[ADA, BO], &[other, BO]), &KIT, &chosen(&ADD));
    assert_eq!(plan.counts.create, 1);
    let same = guard(&plan, "same").expect("counted");
    assert!(same.held && same.message.contains("Ada Lo as Ada Lo (`ada`)"), "{}", same.message);
}

#[test]
fn whoever_is_written_over_somebody_else_is_held_with_both_names() {
    let over = "fresh@example.com,ada,Fresh,Hire,Ops,Learner,,,\n";
    let plan = make(&edapp(&[ADA, BO], &[over, BO]), &KIT, &chosen(&ADD));
    let reused = guard(&plan, "reused").expect("counted");
    assert!(reused.held && reused.actual == 1, "{}", reused.message);
    assert!(reused.message.contains("Fresh Hire over Ada Lo (`ada`)"), "{}", reused.message);
    // The address goes with the username, and says nothing beside it.
    let handed_over = ADA.replace(",Ada,Lo,", ",Fresh,Hire,");
    let plan = make(&edapp(&[ADA, BO], &[&handed_over, BO]), &KIT, &chosen(&ADD));
    assert!(guard(&plan, "reused").is_some_and(|reused| reused.held));
    let married = ADA.replace("a@", "ada.berg@").replace(",Lo,", ",Berg,");
    let plan = make(&edapp(&[ADA, BO], &[&married, BO]), &KIT, &chosen(&ADD));
    assert!(guard(&plan, "reused").is_none());
    // An old ID that was left does not make the successor somebody else.
    let left = "fresh@example.com,bo,Fresh,Hire,Ops,Learner; Admin,2024-01-02,,7\n";
    let plan = make(&edapp(&[ADA, BO], &[ADA, left]), &KIT, &chosen(&ADD));
    assert!(guard(&plan, "reused").is_some_and(|reused| reused.held && reused.actual == 1));
}

#[test]
fn names_or_addresses_that_were_exchanged_are_held_with_all_names() {
    let swap = |row: &str, from: &str, to: &str| row.replacen(from, to, 1);
    let names = [swap(ADA, ",Ada,Lo,", ",Bo,Li,"), swap(BO, ",Bo,Li,", ",Ada,Lo,")];
    let mails = [swap(ADA, "a@", "b@"), swap(BO, "b@", "a@")];
    for (now, says) in [(names, "first name and last name of Bo Li"), (mails, "e-mail of Bo Li")] {
        let plan = make(&edapp(&[ADA, BO, CY], &[&now[0], &now[1], CY]), &KIT, &chosen(&ADD));
        let reused = guard(&plan, "reused").expect("counted");
        assert!(reused.held && reused.actual == 2, "{}", reused.message);
        assert!(reused.message.contains(says), "{}", reused.message);
    }
}

#[test]
fn whom_new_people_name_before_the_lms_has_them_is_told() {
    let header = "Email Address,First Name,Last Name,Employee ID,Manager Email\n";
    let before = format!("{header}a@example.com,Ada,Lo,1,\n");
    let profile = || Profile::built_in("emtrain-roster").expect("built in");
    let told = |rows: &str| {
        let checker = check(profile(), Some(&before), &format!("{header}{rows}"));
        make(&checker, &KIT, &chosen(&[("sync-field", "email")])).effects.also
    };
    // A new manager below is no trouble: the upload has them above.
    let new = "n@example.com,Noor,Said,2,m@example.com\nm@example.com,Mia,Ek,3,a@example.com\n";
    assert!(told(&format!("a@example.com,Ada,Lo,1,\n{new}")).iter().all(|s| !s.contains("name")));
    let renamed = "ada@example.com,Ada,Lo,1,\nn@example.com,Noor,Said,2,ada@example.com\n";
    let also = told(renamed).join(" ");
    assert!(also.contains("Noor Said names `ada@example.com` as manager's e-mail"), "{also}");
    let circle = "n@example.com,Noor,Said,2,m@example.com\nm@example.com,Mia,Ek,3,n@example.com\n";
    let also = told(&format!("a@example.com,Ada,Lo,1,\n{circle}")).join(" ");
    assert!(also.contains("Noor Said and Mia Ek are new and name one another"), "{also}");
}

#[test]
fn a_row_in_which_nothing_stands_is_nobody() {
    for (profile, header, ada, blank) in [
        ("edapp", HEADER, ADA, ",,,,,,,,\n"),
        (
            "emtrain-learners",
            "Unique Key,First Name,Last Name,Login Name,Active\n",
            "k1,Ada,Lo,ada.lo,Yes\n",
            ", ,,,\n",
        ),
    ] {
        let built_in = Profile::built_in(profile).expect("built in");
        let (before, now) = (format!("{header}{ada}"), format!("{header}{blank}{ada}{blank}"));
        let checker = check(built_in, Some(&before), &now);
        for only in [Only::Changed, Only::All] {
            let plan = make(&checker, &KIT, &PlanOptions { only, ..chosen(&ADD) });
            let counts = PlanCounts { same: 1, ..PlanCounts::default() };
            assert_eq!(plan.counts, counts, "{profile}");
            assert!(plan.people.iter().all(|p| p.person.action == Action::Same), "{profile}");
        }
    }
}

#[test]
fn administrators_who_go_are_held_with_their_names() {
    let learner = BO.replace("; Admin", "");
    let plan = make(&edapp(&[ADA, BO], &[ADA, &learner]), &KIT, &chosen(&REPLACE));
    let admin = guard(&plan, "admin").expect("counted");
    assert!(admin.held && admin.actual == 1);
    assert_eq!(
        admin.message,
        "Bo Li would no longer be an administrator of EdApp: nobody else is one. Type 1 to go on."
    );
    // Add takes no role away.
    let plan = make(&edapp(&[ADA, BO], &[ADA, &learner]), &KIT, &chosen(&ADD));
    assert!(guard(&plan, "admin").is_none());
    let header = "Email Address,First Name,Last Name,User Status,Admin Access\n";
    let roster = |status| {
        format!("{header}a@example.com,Ada,Lo,{status},Yes\nb@example.com,Bo,Li,active,Yes\n")
    };
    let profile = Profile::built_in("emtrain-roster").expect("built in");
    let checker = check(profile, Some(&roster("active")), &roster("inactive"));
    let plan = make(&checker, &KIT, &chosen(&[("sync-field", "email")]));
    let admin = guard(&plan, "admin").expect("counted");
    assert!(admin.held, "{}", admin.message);
    assert_eq!(
        admin.message,
        "Ada Lo would no longer be an administrator of Emtrain. Type 1 to go on."
    );
}

#[test]
fn a_column_that_the_lms_writes_itself_is_not_changed_by_a_file() {
    let altered = ADA.replace("2024", "2023");
    let plan = make(&edapp(&[ADA], &[&altered]), &KIT, &chosen(&ADD));
    assert_eq!((plan.counts.same, plan.by_hand.len()), (1, 0), "EdApp does not read it");
    // With a change beside it, the upload has it as it was: see the tests of the kit.
    let plan = make(&edapp(&[ADA], &[&altered.replace("Lo,", "Low,")]), &KIT, &chosen(&ADD));
    assert_eq!(person(&plan, "ada").cells.len(), 1);
}

#[test]
fn a_key_that_stands_twice_blocks_both() {
    let plan = make(&edapp(&[ADA], &[ADA, &ADA.replace("a@", "x@")]), &KIT, &chosen(&ADD));
    assert_eq!(plan.counts, PlanCounts { blocked: 2, ..PlanCounts::default() });
    let twice = make(&edapp(&[ADA, ADA], &[ADA]), &KIT, &chosen(&ADD));
    assert_eq!(twice.counts.blocked, 1);
    assert_eq!(person(&twice, "ada").why, "`ada` stands on more than one row of the snapshot");
}

#[test]
fn without_a_snapshot_nothing_is_sent() {
    let profile = Profile::built_in("edapp").expect("built in");
    let plan = make(&check(profile, None, &format!("{HEADER}{ADA}")), &KIT, &chosen(&ADD));
    assert_eq!(plan.counts.create, 1);
    assert!(plan.blockers[0].starts_with("There is no snapshot"));
    let empty = make(&edapp(&[], &[ADA]), &KIT, &chosen(&ADD));
    assert_eq!((empty.counts.create, empty.blockers.len()), (1, 0));
    let new = guard(&empty, "new").expect("counted");
    assert_eq!((new.actual, new.of, new.held), (1, 0, false));
    let many: Vec<String> =
        (0..6).map(|n| format!("p{n}@example.com,p{n},Pat,Lo,Ops,Learner,,,\n")).collect();
    let many = make(&edapp(&[], &[&many.concat()]), &KIT, &chosen(&ADD));
    let new = guard(&many, "new").expect("counted");
    assert_eq!((new.actual, new.held), (6, true));
    assert!(new.message.contains("EdApp is said to have nobody yet"), "{}", new.message);
}

#[test]
fn many_changes_are_held_and_released_by_their_number_only() {
    let people = |first: &str| -> Vec<String> {
        (0..40).map(|n| format!("p{n}@example.com,p{n},{first},Lo,Ops,Learner,,,\n")).collect()
    };
    let (old, mut new) = (people("Pat"), people("Pat"));
    new[..13].clone_from_slice(&people("Kim")[..13]);
    let texts = |all: &[String]| all.concat();
    let plan = make(&edapp(&[&texts(&old)], &[&texts(&new)]), &KIT, &chosen(&ADD));
    let change = guard(&plan, "change").expect("counted");
    assert_eq!(
        (change.actual, change.of, change.limit.as_str(), change.held),
        (13, 40, "30 %", true)
    );
    assert_eq!(
        change.message,
        "13 people would be changed, 33 % of 40. More than 30 % at once are asked about. Type 13 to go on."
    );
    let held = plan.gate(&BTreeMap::from([("change".to_owned(), 12)])).held;
    assert_eq!((held.len(), held[0].actual, held[0].typed), (1, 13, Some(12)));
    assert!(plan.gate(&BTreeMap::from([("change".to_owned(), 13)])).held.is_empty());
    new[12].clone_from(&old[12]);
    let fewer = make(&edapp(&[&texts(&old)], &[&texts(&new)]), &KIT, &chosen(&ADD));
    assert!(!guard(&fewer, "change").expect("counted").held, "12 of 40 is 30 %");
}

#[test]
fn an_old_snapshot_is_held_and_new_people_alone_are_not() {
    let options = |days| PlanOptions { snapshot_age: Some(days), ..chosen(&ADD) };
    let checker = edapp(&[ADA], &[ADA, BO, CY]);
    assert!(!guard(&make(&checker, &KIT, &options(31)), "stale").expect("counted").held);
    let plan = make(&checker, &KIT, &options(34));
    assert!(guard(&plan, "stale").expect("counted").held);
    assert!(guard(&plan, "change").is_none());
}

#[test]
fn a_plan_is_stale_once_roster_or_problems_have_moved_and_fresh_again_after_undo() {
    let mut checker = edapp(&[ADA, BO], &[ADA, &BO.replace("Bo", "Bob")]);
    let plan = make(&checker, &KIT, &chosen(&ADD));
    assert_eq!(plan.stale(&checker), None);
    let edit = Edit::Set { row: 1, column: 2, before: "Ada".into(), after: "Eve".into() };
    checker.apply(std::slice::from_ref(&edit)).expect("fits");
    checker.flush();
    assert!(plan.stale(&checker).expect("stale").starts_with("The roster was edited"));
    checker.apply(&[edit.inverse()]).expect("fits");
    checker.flush();
    assert_eq!(plan.stale(&checker), None);
    assert_eq!(make(&checker, &KIT, &chosen(&ADD)).id, plan.id);
}

#[test]
fn a_choice_that_the_lms_does_not_have_is_refused_with_those_it_has() {
    let profile = Profile::built_in("edapp").expect("built in");
    let options = |choices| Choices::asked(&profile, &answers(choices), &[]);
    let told = options(&[("groups", "both")]).expect_err("refused");
    assert_eq!(told.what, "`both` is no choice for `groups`");
    assert!(told.hint.contains("add, replace"));
    assert!(options(&[("colour", "red")]).is_err());
    let all = options(&[("groups", "replace")]).expect("known");
    let all = all.written();
    assert_eq!((all["groups"].as_str(), all["invitations"].as_str()), ("replace", "off"));
}

#[test]
fn without_a_profile_the_plan_says_what_nobody_knows() {
    let profile = Profile::built_in("generic").expect("built in");
    let old = "employee id,name,town\n1,Ada,Oslo\n2,Bo,Oslo\n";
    let new = "employee id,name,town,hat\n1,Ada,,red\n2,Bo,Bergen,\n3,Cy,Rome,\n";
    let plan = make(&check(profile, Some(old), new), &KIT, &PlanOptions::default());
    assert_eq!(plan.counts, PlanCounts { update: 2, create: 1, ..PlanCounts::default() });
    assert_eq!((result(&plan, "1", "town"), result(&plan, "1", "hat")), (NOT_DOCUMENTED, "red"));
    let why = person(&plan, "1").cells[0].why.as_deref().expect("said");
    assert_eq!(why, "what the LMS does with a blank cell is not documented");
}

#[test]
fn the_command_line_gets_people_in_the_order_of_the_file() {
    let checker = edapp(&[ADA, BO, CY], &[&CY.replace("Cy", "Si"), &ADA.replace("Ada", "Ad")]);
    let plan = make(&checker, &KIT, &chosen(&ADD));
    let table = &checker.context().roster.table;
    let json = serde_json::to_value(plan.report("2026-11-28T12:00:00Z", |row| table.index_of(row)))
        .expect("json");
    let keys: Vec<&str> = json.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "profile",
            "own_profile",
            "connector",
            "understood",
            "policies",
            "counts",
            "people",
            "by_hand",
            "effects",
            "guards",
            "blockers",
            "columns",
            "worked_out"
        ]
    );
    let people: Vec<&str> = json["people"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|p| p["key"].as_str().expect("text"))
        .collect();
    assert_eq!(people, ["cy", "ada", "bo"]);
    assert_eq!(json["people"][0]["cells"][0]["result"], "Si");
    assert_eq!(json["people"][2]["line"], serde_json::Value::Null);
}

fn some_rows() -> impl Strategy<Value = String> {
    let row = (
        "[a-d]?",
        "[A-D]?",
        "(Ada|Bo|)",
        "((Sales|Ops|Nope)(; ?)?){0,3}",
        "(Learner|Admin|)(; Reviewer)?",
        "(|Secret-42)",
        "[0-3]?",
    );
    proptest::collection::vec(row, 0..8).prop_map(|rows| {
        rows.into_iter()
            .map(|(mail, name, first, groups, roles, pass, id)| {
                format!("{mail}@example.com,{name},{first},Lo,{groups},{roles},,{pass},{id}\n")
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn counts_add_up_to_the_people(old in some_rows(), new in some_rows(), replace: bool, all: bool) {
        let checker = edapp(&[&old], &[&new]);
        let only = if all { Only::All } else { Only::Changed };
        let plan = make(&checker, &KIT, &PlanOptions { only, ..chosen(if replace { &REPLACE } else { &ADD }) });
        let (roster, snapshot) = (&checker.context().roster, checker.context().snapshot.as_ref().expect("one"));
        // Whoever stands in the roster under another key is one person.
        let renamed = |was: u32| plan.people.iter().any(|p| p.was == Some(was) && p.person.row.is_some());
        let absent = snapshot.table.rows().filter(|&was| !renamed(was)).filter(|&was| {
            let key = snapshot.key_text(was);
            key.trim().is_empty() || roster.rows_of_key(&key).next().is_none()
        });
        prop_assert_eq!(plan.counts.all() as usize, roster.table.len() + absent.count());
        let mut listed = PlanCounts { same: plan.counts.same, ..PlanCounts::default() };
        plan.people.iter().for_each(|p| listed.add(p.person.action, 1));
        prop_assert_eq!(listed, plan.counts);
        prop_assert!(plan.people.is_sorted_by_key(|p| p.person.action));
    }
}
