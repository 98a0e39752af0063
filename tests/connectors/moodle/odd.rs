//! What a Moodle does that nobody would expect: it drops fields, passes people over, takes some values for others.

use super::{World, differing, outcome};
use crate::play_moodle::{Moodle, Token, Version};

#[test]
fn nobody_is_lost_although_fields_beyond_the_thousandth_are_dropped() {
    let world = World::new(Moodle::start().token(Token::Both).people(330));
    let mut roster = world.fetched();
    for n in 0..150 {
        let (login, email) = (format!("new{n:03}"), format!("new{n:03}@example.com"));
        roster.add(&[
            ("username", &login),
            ("firstname", "New"),
            ("lastname", &format!("Person {n}")),
            ("email", &email),
            ("auth", "ldap"),
            ("idnumber", &format!("N{n}")),
            ("department", "Sales"),
            ("institution", "Northwind"),
            ("city", "Graz"),
        ]);
        roster.put_cohorts(&login, &["NIGHT"]);
    }
    for n in 2..330 {
        roster.edit(&format!("user{n:03}"), &[("city", "Oslo"), ("institution", "Northwind")]);
    }
    let receipt = world.push(&roster, &[], 0);
    assert_eq!(receipt["counts"]["done"], 150 + 328, "{}", receipt["counts"]);
    let (users, night) = (world.moodle.users(), world.moodle.cohort("NIGHT"));
    for n in 0..150 {
        let login = format!("new{n:03}");
        assert_eq!((&users[&login]["city"], night.contains(&login)), ("Graz", true));
    }
    for n in 2..330 {
        let user = &users[&format!("user{n:03}")];
        assert_eq!((&user["city"], &user["institution"]), ("Oslo", "Northwind"));
    }
    let most = world.moodle.calls().iter().map(|call| call.fields.len()).max();
    assert!(most <= Some(997), "{most:?}");
}

#[test]
fn whom_an_old_moodle_passes_over_without_a_word_is_not_done() {
    let moodle = Moodle::start().token(Token::Both).version(Version::V3_10).people(20);
    let world = World::new(moodle);
    let mut roster = world.fetched();
    roster.edit("admin", &[("city", "Graz")]).edit("user007", &[("city", "Graz")]);
    let receipt = world.push(&roster, &[], 1);
    assert_eq!(outcome(&receipt, "user007").0, "done", "{receipt:#}");
    assert_eq!(differing(&receipt), ["admin"], "{receipt:#}");
}

#[test]
fn one_value_that_refuses_a_whole_call_refuses_nobody_else() {
    let world = World::new(Moodle::start().token(Token::Both).people(20));
    let mut roster = world.fetched();
    roster.edit("user007", &[("department", "AT&T <x>")]);
    for n in 8..14 {
        roster.edit(&format!("user{n:03}"), &[("department", "A < B & C")]);
    }
    let receipt = world.push(&roster, &[], 1);
    for n in 8..14 {
        let login = format!("user{n:03}");
        assert_eq!(outcome(&receipt, &login).0, "done", "{receipt:#}");
        assert_eq!(&world.moodle.users()[&login]["department"], "A < B & C");
    }
    assert!(["refused", "left_out"].contains(&outcome(&receipt, "user007").0), "{receipt:#}");
}

#[test]
fn signs_that_stand_for_anything_in_a_search_find_nobody_else() {
    let world = World::new(Moodle::start().token(Token::Both).people(20));
    world.moodle.change(|state| {
        state.person("user007").set("email", "axb@example.com");
    });
    world.fetch();
    let mut roster = world.fetched();
    roster.add(&[
        ("username", "a_b"),
        ("firstname", "A%"),
        ("lastname", "B_"),
        ("email", "a_b@example.com"),
        ("auth", "ldap"),
    ]);
    let receipt = world.push(&roster, &[], 0);
    assert_eq!(outcome(&receipt, "a_b").0, "done", "{receipt:#}");
    assert_eq!(&world.moodle.users()["a_b"]["email"], "a_b@example.com");
    assert_eq!(&world.moodle.users()["user007"]["email"], "axb@example.com");
}

#[test]
fn a_country_that_is_stored_as_nothing_is_not_as_planned() {
    let world = World::new(Moodle::start().token(Token::Both).people(20));
    let mut roster = world.fetched();
    // In use, and none that Moodle knows.
    roster.edit("user007", &[("country", "XK")]).edit("user008", &[("country", "FR")]);
    let receipt = world.push(&roster, &[], 1);
    assert_eq!(outcome(&receipt, "user008").0, "done", "{receipt:#}");
    assert_eq!(&world.moodle.users()["user007"]["country"], "0");
    assert_eq!(differing(&receipt), ["user007"], "{receipt:#}");
}

#[test]
fn a_cohort_without_a_number_and_those_beyond_the_columns_are_left_alone() {
    let moodle = Moodle::start().token(Token::Both).people(20);
    moodle.change(|state| {
        let id = state.person("user005").id;
        for n in 0..9 {
            state.add_cohort(&format!("Club {n}"), Some(&format!("CLUB{n}")), &[id]);
        }
        let other = state.person("user007").id;
        state.cohorts[2].members.insert(other);
    });
    let world = World::new(moodle);
    let mut roster = world.fetched();
    roster.edit("user005", &[("city", "Graz")]);
    let mut more = roster.cohorts("user007");
    more.push("SAFETY".to_owned());
    let more: Vec<&str> = more.iter().map(String::as_str).collect();
    roster.put_cohorts("user007", &more);
    let receipt = world.push(&roster, &[], 0);
    for n in 0..9 {
        assert!(world.moodle.cohort(&format!("CLUB{n}")).contains("user005"), "CLUB{n}");
    }
    let in_old_list = || {
        let (mut inside, user) = (false, world.moodle.users()["user007"].id);
        world.moodle.change(|state| inside = state.cohorts[2].members.contains(&user));
        inside
    };
    assert!(world.moodle.cohort("SAFETY").contains("user007") && in_old_list(), "{receipt:#}");
    world.undo(&receipt, 0);
    assert!(!world.moodle.cohort("SAFETY").contains("user007") && in_old_list());
}

#[test]
fn a_cohort_whose_number_is_digits_is_not_the_one_of_that_id() {
    let moodle = Moodle::start().token(Token::Both).people(20);
    moodle.change(|state| state.add_cohort("Second floor", Some("2"), &[]));
    let world = World::new(moodle);
    let mut roster = world.fetched();
    roster.put_cohorts("user001", &["2"]);
    let (exit, words) = world.try_to_push(&roster, &[]);
    // An import from a file takes it for the id, so it may also be refused.
    assert!(exit == 3 || world.moodle.cohort("2").contains("user001"), "{exit}: {words}");
    assert!(!world.moodle.cohort("NIGHT").contains("user001"));
}

#[test]
fn whoever_is_deleted_meanwhile_is_told_and_nobody_else_is_changed_in_their_place() {
    let world = World::new(Moodle::start().token(Token::Both).people(20));
    let mut roster = world.fetched();
    roster.edit("user007", &[("city", "Graz")]).edit("user008", &[("city", "Graz")]);
    world.moodle.change(|state| state.person("user007").deleted = true);
    let (exit, words) = world.try_to_push(&roster, &[]);
    assert!(exit == 3 && words.contains("user007"), "{exit}: {words}");
    assert_ne!(&world.moodle.users()["user008"]["city"], "Graz", "nothing is sent");
}
