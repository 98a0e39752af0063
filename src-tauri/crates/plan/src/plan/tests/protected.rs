//! Who is not taken away from an LMS, and what several columns of one thing come to.

use super::*;
use crate::push::{Order, Value};
use muster_roster::profile::connector::MOODLE;

const HEADER: &str = "username,firstname,lastname,email,suspended,cohort1,cohort2\n";
const ADA: &str = "ada,Ada,Lo,ada@example.com,0,Sales,Ops\n";
const BO: &str = "bo,Bo,Tran,bo@example.com,0,,\n";
const SERVICE: &str = "ws.muster,Web,Service,ws@example.com,0,,\n";
const GUEST: &str = "guest,Guest user,Account,root@example.com,0,,\n";

fn moodle(snapshot: &[&str], roster: &[&str]) -> Checker {
    let text = |rows: &[&str]| format!("{HEADER}{}", rows.concat());
    let profile = Arc::new(Profile::built_in("moodle").expect("built in"));
    let profile = profile.for_connector(&MOODLE).expect("it goes that way");
    check(Profile::clone(&profile), Some(&text(snapshot)), &text(roster))
}

fn plan(checker: &Checker, choices: &[(&str, &str)], protected: Protected) -> Plan {
    make(checker, &MOODLE, &PlanOptions { protected, ..chosen(choices) })
}

fn all_protected() -> Protected {
    Protected {
        people: vec!["Bo@Example.com".into()],
        own_login: Some("WS.Muster".into()),
        own_id: Some("2".into()),
        ..Protected::default()
    }
}

#[test]
fn whoever_is_protected_is_no_leaver_and_neither_are_the_guest_and_the_tokens_account() {
    let checker = moodle(&[ADA, BO, SERVICE, GUEST], &[]);
    for missing in ["deactivate", "delete"] {
        let plan = plan(&checker, &[("missing", missing)], all_protected());
        let gone: Vec<&str> = plan
            .people
            .iter()
            .map(|planned| &planned.person)
            .filter(|person| person.action.changes())
            .map(|person| person.key.as_str())
            .collect();
        assert_eq!(gone, ["ada"]);
        assert!(guard(&plan, "own-account").is_none(), "{:?}", plan.guards);
        assert!(person(&plan, "ws.muster").why.contains("protected"));
    }
    // The site's own number of that account is nobody's username.
    let two = ADA.replace("ada,", "2,");
    let numbered = plan(&moodle(&[&two, BO], &[]), &[("missing", "deactivate")], all_protected());
    assert!(person(&numbered, "2").action.changes());
    let plan = plan(&checker, &[("missing", "deactivate")], Protected::default());
    assert!(!person(&plan, "guest").action.changes(), "whatever is known");
    assert!(person(&plan, "bo").action.changes());
}

#[test]
fn whoever_is_protected_and_suspended_in_the_file_is_a_hold() {
    let suspended = BO.replace(",0,,", ",1,,");
    let checker = moodle(&[ADA, BO, SERVICE], &[ADA, &suspended, SERVICE]);
    let held = plan(&checker, &[], all_protected());
    let hold = guard(&held, "own-account").expect("held");
    assert!(hold.held && hold.actual == 1 && hold.message.contains("Bo Tran"), "{hold:?}");
    assert!(guard(&plan(&checker, &[], Protected::default()), "own-account").is_none());
    let unknown = Protected { administrators_unknown: true, ..Protected::default() };
    let held = plan(&checker, &[], unknown);
    let hold = guard(&held, "own-account").expect("held");
    assert!(hold.held && hold.message.contains("administrator"), "{hold:?}");
}

#[test]
fn a_hold_about_others_holds_no_push_of_some() {
    let (ada, bo) = (ADA.replace("Lo", "Low"), BO.replace(",0,,", ",1,,"));
    let plan = plan(&moodle(&[ADA, BO, SERVICE], &[&ada, &bo, SERVICE]), &[], all_protected());
    let held_of = |part: Part| -> Vec<String> {
        plan.gate_of(part, &BTreeMap::new()).held.into_iter().map(|held| held.id).collect()
    };
    let keys = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
    let of = |some: &[String]| held_of(Part { keys: some, ..Part::default() });
    assert_eq!(held_of(Part::default()), ["own-account"]);
    assert!(of(&keys(&["ada"])).is_empty());
    assert_eq!(of(&keys(&["bo"])), ["own-account"]);
    assert_eq!(of(&keys(&["ada", "bo"])), ["own-account"]);
    // Who leaves is sent first.
    let first = |n| held_of(Part { first: Some(n), ..Part::default() });
    assert_eq!((first(1), first(2)), (vec!["own-account".to_owned()], vec!["own-account".into()]));
}

#[test]
fn whom_nobody_can_bring_back_is_asked_about_whatever_their_number() {
    let plan = plan(&moodle(&[ADA, BO], &[ADA]), &[("missing", "delete")], Protected::default());
    let hold = guard(&plan, "delete").expect("counted");
    assert_eq!((hold.held, hold.actual), (true, 1));
}

#[test]
fn columns_that_hold_one_cohort_each_come_to_one_set_of_them() {
    let ada = |first: &str, second: &str| ADA.replace("Sales,Ops", &format!("{first},{second}"));
    for (now, wanted) in [
        (ada("Ops", "Sales"), &["Ops", "Sales"][..]),
        (ada("", "Ops"), &["Ops"]),
        (ada("Sales", "Legal"), &["Sales", "Legal"]),
        (ada("", ""), &[]),
    ] {
        let checker = moodle(&[ADA, BO], &[&now, BO]);
        let plan = plan(&checker, &[], Protected::default());
        let orders = Order::all_of(&plan, &checker, Part::default());
        let [(order, _)] = orders.as_slice() else { panic!("{orders:?}") };
        let sorted = |all: &[String]| {
            let mut all = all.to_vec();
            all.sort();
            all
        };
        let wanted: Vec<String> = wanted.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(order.before["cohorts"], Value::Many(vec!["Sales".into(), "Ops".into()]));
        assert_eq!(sorted(order.after["cohorts"].many()), sorted(&wanted), "{now}");
        let lost = guard(&plan, "membership").map(|guard| guard.actual);
        assert_eq!(lost, Some(1), "{now}");
    }
}

#[test]
fn a_column_that_the_file_does_not_have_takes_nobody_out() {
    let profile = Arc::new(Profile::built_in("moodle").expect("built in"));
    let profile = profile.for_connector(&MOODLE).expect("it goes that way");
    let without = "username,firstname,lastname,email,cohort1\nada,Ada,Lo,ada@example.com,Legal\n";
    let checker = check(Profile::clone(&profile), Some(&format!("{HEADER}{ADA}")), without);
    let plan = plan(&checker, &[], Protected::default());
    let orders = Order::all_of(&plan, &checker, Part::default());
    assert_eq!(orders[0].0.after["cohorts"], Value::Many(vec!["Legal".into(), "Ops".into()]));
}

/// A slip protects nobody, and that is told; who is known by login or e-mail, in whatever letters, is not.
#[test]
fn a_protected_person_whom_the_lms_does_not_have_is_told() {
    let checker = moodle(&[ADA, BO, SERVICE], &[ADA, BO, SERVICE]);
    let told = |people: &[&str]| {
        let people = people.iter().map(|&one| one.to_owned()).collect();
        let plan = plan(&checker, &[], Protected { people, ..Protected::default() });
        plan.effects
            .also
            .into_iter()
            .filter(|also| also.contains("protects nobody"))
            .collect::<Vec<_>>()
    };
    let nothing: Vec<String> = Vec::new();
    assert_eq!(told(&["ADA ", "bo@Example.com", "WS.MUSTER"]), nothing);
    assert_eq!(
        told(&["ada", "bo@exmaple.com"]),
        [
            "Nobody whom Moodle has is known by `bo@exmaple.com`, so it protects nobody. See the account."
        ]
    );
}
