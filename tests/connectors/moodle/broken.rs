//! A token that may not, or not any more.

use serde_json::json;

use super::World;
use crate::play_moodle::{Fault, Moodle, Token};

#[test]
fn a_token_that_may_not_make_anybody_is_told_the_capability_in_moodles_words() {
    let lacking = Moodle::start().token(Token::Both).lacks("moodle/user:create").people(40);
    let world = World::new(lacking);
    let mut roster = world.fetched();
    roster.add(&[
        ("username", "nia"),
        ("firstname", "Nia"),
        ("lastname", "Roy"),
        ("email", "nia@example.com"),
        ("auth", "ldap"),
    ]);
    let (exit, words) = world.try_to_push(&roster, &[]);
    assert!([1, 2, 3].contains(&exit), "{exit} {words}");
    assert!(words.contains("Create users"), "{words}");
}

#[test]
fn a_token_that_has_become_invalid_says_so_and_the_push_waits() {
    let world = World::new(Moodle::start().token(Token::Both).people(40));
    let mut roster = world.fetched();
    roster.edit("user007", &[("city", "Graz")]);
    world.moodle.change(|state| state.settings.expired = true);
    let (exit, words) = world.try_to_push(&roster, &[]);
    assert_eq!(exit, 2, "{words}");
    world.moodle.change(|state| {
        state.settings.expired = false;
        state.settings.token_is_gone = false;
    });
    world.go_on();
    assert_eq!(&world.moodle.users()["user007"]["city"], "Graz");
}

#[test]
fn whoever_is_shut_out_midway_goes_on_later_and_nobody_is_refused() {
    for (fault, told) in [(Fault::Expires, "Invalid token"), (Fault::Closes, "maintenance")] {
        let world = World::new(Moodle::start().token(Token::Both).people(60));
        let mut roster = world.fetched();
        for n in 2..60 {
            roster.edit(&format!("user{n:03}"), &[("city", "Graz")]);
        }
        world.moodle.fault_after("core_user_update_users", 1, fault);
        let receipt = world.push(&roster, &[], 2);
        let counts = &receipt["counts"];
        assert_eq!((&counts["refused"], &counts["done"]), (&json!(0), &json!(20)), "{receipt:#}");
        assert!(receipt["why"].to_string().contains(told), "{told}: {receipt:#}");

        world.moodle.change(|state| {
            state.settings.expired = false;
            state.settings.token_is_gone = false;
            state.settings.closed = false;
        });
        let receipt = world.go_on();
        assert_eq!(receipt["counts"]["done"], 58, "{receipt:#}");
        assert_eq!(&world.moodle.users()["user059"]["city"], "Graz");
    }
}
