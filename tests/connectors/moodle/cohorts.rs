//! Cohorts are read, joined, left, proved and taken back, with all else that was ordered of a person.

use super::{World, differing, outcome};
use crate::play_moodle::{Fault, Moodle, Token};
use crate::sheet::Sheet;

const ORDERED: &str = "nia";

/// Somebody leaves one cohort and joins another, somebody joins a second, and somebody new is suspended and in two.
fn edited(fetched: &Sheet) -> Sheet {
    let mut roster = fetched.clone();
    roster.put_cohorts("user002", &["NIGHT"]);
    roster.put_cohorts("user004", &["SAFETY", "NIGHT"]);
    roster.put_cohorts("user005", &["SAFETY"]);
    roster.put_cohorts("user008", &[]);
    roster.edit("user009", &[("city", "Graz")]);
    roster.add(&[
        ("username", ORDERED),
        ("firstname", "Nia"),
        ("lastname", "Roy"),
        ("email", "nia@example.com"),
        ("auth", "ldap"),
        ("suspended", "1"),
    ]);
    roster.put_cohorts(ORDERED, &["SAFETY", "NIGHT"]);
    roster
}

/// Whether everything of it is there, and nothing else was done.
fn holds_what_was_ordered(world: &World) {
    let users = world.moodle.users();
    let (safety, night) = (world.moodle.cohort("SAFETY"), world.moodle.cohort("NIGHT"));
    assert!(users[ORDERED].suspended);
    assert_eq!(&users["user009"]["city"], "Graz");
    for (login, in_safety, in_night) in [
        ("user000", true, true),
        ("user002", false, true),
        ("user004", true, true),
        ("user005", true, false),
        ("user006", true, true),
        ("user008", false, false),
        ("user009", false, true),
        (ORDERED, true, true),
    ] {
        assert_eq!(safety.contains(login), in_safety, "{login}, SAFETY");
        assert_eq!(night.contains(login), in_night, "{login}, NIGHT");
    }
}

#[test]
fn cohorts_are_fetched() {
    let world = World::untouched(Moodle::start().token(Token::Both).people(12));
    let fetched = world.fetch();
    for (login, cohorts) in [
        ("user000", &["NIGHT", "SAFETY"][..]),
        ("user001", &[]),
        ("user002", &["SAFETY"]),
        ("user003", &["NIGHT"]),
    ] {
        assert_eq!(fetched.cohorts(login), cohorts, "{login}");
    }
}

#[test]
fn a_person_is_settled_only_when_every_part_of_it_is_seen_and_all_of_it_is_taken_back() {
    let world = World::new(Moodle::start().token(Token::Both).people(12));
    let (users, safety, night) =
        (world.moodle.users(), world.moodle.cohort("SAFETY"), world.moodle.cohort("NIGHT"));
    let receipt = world.push(&edited(&world.fetched()), &[], 0);
    holds_what_was_ordered(&world);
    assert_eq!(receipt["counts"]["done"], 6, "{receipt:#}");
    assert_eq!(receipt["proof"]["as_planned"], 6, "{receipt:#}");

    world.undo(&receipt, 0);
    let mut now = world.moodle.users();
    // Whoever was made is suspended, or deleted where that was chosen, and in no cohort.
    if let Some(nia) = now.remove(ORDERED) {
        assert!(nia.suspended);
    }
    assert_eq!(now, users);
    assert_eq!(world.moodle.cohort("SAFETY"), safety);
    assert_eq!(world.moodle.cohort("NIGHT"), night);
}

#[test]
fn a_lost_answer_at_any_step_leads_to_the_planned_end() {
    for function in [
        "core_user_create_users",
        "core_user_update_users",
        "core_cohort_add_cohort_members",
        "core_cohort_delete_cohort_members",
        "core_cohort_get_cohort_members",
        "core_user_get_users",
    ] {
        for fault in [Fault::LoseAnswer, Fault::Cut] {
            let world = World::new(Moodle::start().token(Token::Both).people(12));
            let roster = edited(&world.fetched());
            for before in [0, 0] {
                world.moodle.fault_after(function, before, fault);
            }
            let (exit, words) = world.try_to_push(&roster, &[]);
            assert!([0, 1, 2].contains(&exit), "{function}, {fault:?}: {exit} {words}");
            let receipt = world.go_on();
            holds_what_was_ordered(&world);
            assert_eq!(receipt["counts"]["done"], 6, "{function}, {fault:?}: {receipt:#}");
        }
    }
}

#[test]
fn a_cohort_that_is_not_there_is_told_and_the_rest_of_the_person_is_done() {
    let world = World::new(Moodle::start().token(Token::Both).people(12));
    let mut roster = world.fetched();
    roster.put_cohorts("user001", &["NOPE"]).put_cohorts("user005", &["SAFETY"]);
    roster.edit("user001", &[("city", "Graz")]);
    let receipt = world.push(&roster, &[], 1);
    let (what, why) = outcome(&receipt, "user001");
    assert!(what != "done" && why.contains("NOPE"), "{receipt:#}");
    assert_eq!(outcome(&receipt, "user005").0, "done", "{receipt:#}");
    assert!(world.moodle.cohort("SAFETY").contains("user005"));
}

#[test]
fn a_cohort_whose_people_may_not_be_seen_is_named_with_the_capability() {
    let lacking = Moodle::start().token(Token::Both).lacks("moodle/cohort:view").people(12);
    let world = World::untouched(lacking);
    let (exit, words) = world.try_to_fetch();
    assert!(words.contains("moodle/cohort:view"), "{exit}: {words}");
    if exit == 0 {
        let header = world.fetched().header;
        assert!(!header.iter().any(|name| name.starts_with("cohort")), "{header:?}");
    }
}

#[test]
fn what_is_answered_and_not_there_is_not_done() {
    for (function, login) in
        [("core_user_create_users", ORDERED), ("core_cohort_add_cohort_members", "user005")]
    {
        let world = World::new(Moodle::start().token(Token::Both).people(12));
        let mut roster = world.fetched();
        if login == ORDERED {
            roster = edited(&roster);
        } else {
            roster.put_cohorts(login, &["SAFETY"]);
        }
        for _ in 0..9 {
            world.moodle.fault_after(function, 0, Fault::Pretend);
        }
        let receipt = world.push(&roster, &[], 1);
        // Whoever is not there cannot be changed further, which is a refusal; a cohort is seen afterwards.
        let refused = outcome(&receipt, login).0 == "refused";
        assert!(refused || differing(&receipt) == [login], "{function}: {receipt:#}");
    }
}
