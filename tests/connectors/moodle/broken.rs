//! A token that may not, or not any more.

use super::World;
use crate::play_moodle::{Moodle, Token};

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
