//! The guest, the token's own account and administrators: nothing marks them, and none of them is to be cut off.

use std::ffi::OsStr;

use super::{World, outcome};
use crate::play_moodle::{Moodle, Token};

/// Whose token, the account that it is of, and what that is called.
const TOKENS: [(Token, &str, &str); 2] =
    [(Token::Administrator, "admin", "Admin User"), (Token::Both, "wsmuster", "Web Service")];

#[test]
fn the_guest_and_the_tokens_own_account_are_no_leavers() {
    for (token, own, _) in TOKENS {
        for (missing, gone) in [("missing=deactivate", false), ("missing=delete", true)] {
            let world = World::new(Moodle::start().token(token).people(40));
            let mut roster = world.fetched();
            roster.remove_if_there("guest").remove_if_there(own).remove("user005");
            let policies = ["--policy", missing];
            let plan = world.plan(&roster, &policies);
            let leavers = &plan["counts"][if gone { "delete" } else { "deactivate" }];
            // The plan asks no LMS; whether it knows them or not, the push does.
            assert!(leavers.as_u64() <= Some(3), "{plan:#}");
            world.push(&roster, &policies, 0);
            let users = world.moodle.users();
            for protected in ["guest", own] {
                assert!(users.get(protected).is_some_and(|p| !p.suspended), "{protected}");
            }
            let leaver = users.get("user005");
            assert!(leaver.is_none_or(|person| person.suspended));
            assert_eq!(leaver.is_none(), gone);
            for call in world.moodle.calls() {
                let of = |id: &str| {
                    call.fields.iter().any(|(name, value)| {
                        (name.ends_with("[id]") || name.starts_with("userids")) && value == id
                    })
                };
                let own_id = users[own].id.to_string();
                assert!(
                    !call.function.contains("ate_users") || !of("1") && !of(&own_id),
                    "{call:?}"
                );
                assert!(
                    !call.function.contains("delete_users") || !of("1") && !of(&own_id),
                    "{call:?}"
                );
            }
        }
    }
}

#[test]
fn a_push_that_would_cut_off_its_own_token_sends_nothing_whatever_is_released() {
    for (token, own, name) in TOKENS {
        for (column, value) in [("suspended", "1"), ("auth", "nologin"), ("username", "renamed")] {
            let world = World::new(Moodle::start().token(token).people(40));
            let mut roster = world.fetched();
            roster.edit(own, &[(column, value)]).edit("user007", &[("city", "Graz")]);
            let before = world.changes();
            let (exit, words) = world.try_to_push(&roster, &[]);
            assert_eq!(exit, 3, "{column}: {words}");
            // A login is the key, so another one is somebody else until that is said.
            assert!(words.contains(name) || column == "username", "{column}: {words}");
            let (exit, words) = world.try_to_push(&roster, &["--release", "own-account=1"]);
            // Where it is no hold but in the way, nothing lets it go.
            assert!([2, 3].contains(&exit), "{column}: {words}");
            let users = world.moodle.users();
            assert_eq!(world.changes(), before, "{column}: nothing is sent");
            assert!(users.contains_key(own) && &users["user007"]["city"] != "Graz");
            assert!(world.try_to_fetch().0 == 0, "the token still works");
        }
    }
}

#[test]
fn an_ordinary_token_learns_from_the_refusal_who_is_an_administrator() {
    let world = World::new(Moodle::start().token(Token::Both).people(40));
    let mut roster = world.fetched();
    roster.edit("admin", &[("suspended", "1")]).edit("user007", &[("suspended", "1")]);
    let receipt = world.push(&roster, &[], 1);
    assert_eq!(outcome(&receipt, "user007").0, "done", "{receipt:#}");
    let (what, why) = outcome(&receipt, "admin");
    assert_eq!(what, "refused", "{receipt:#}");
    assert!(why.contains("administrator"), "{why}");
    assert!(!world.moodle.users()["admin"].suspended);
    assert!(world.moodle.users()["user007"].suspended);
}

#[test]
fn with_an_administrators_token_a_suspension_is_a_hold_as_nothing_says_who_is_an_administrator() {
    let world = World::new(Moodle::start().people(40));
    world.moodle.change(|state| state.person("user007").site_administrator = true);
    let mut roster = world.fetched();
    roster.edit("user007", &[("suspended", "1")]);
    let before = world.changes();
    let (exit, words) = world.try_to_push(&roster, &[]);
    assert_eq!(exit, 3, "{words}");
    assert!(words.contains("administrator") && words.contains("own-account"), "{words}");
    assert_eq!(world.changes(), before);
    world.push(&roster, &[], 0);
    assert!(world.moodle.users()["user007"].suspended, "whoever has read it may");
}

#[test]
fn whom_the_account_protects_is_no_leaver_and_a_refused_administrator_is_protected_from_then_on() {
    let world = World::new(Moodle::start().token(Token::Both).people(40));
    world.moodle.change(|state| state.person("user003").site_administrator = true);
    let (snapshot, name) = (world.path("fetched.csv"), "Northwind");
    let add: [&dyn AsRef<OsStr>; 7] =
        [&"accounts", &"add", &name, &"--profile", &"moodle", &"--snapshot", &snapshot];
    world.muster.run(&add, 0);
    world.muster.run(&[&"accounts", &"set", &name, &"--protect", &"admin"], 0);
    let with = ["--account", name, "--policy", "missing=deactivate"];
    let roster = {
        let mut roster = world.fetched();
        roster.remove("admin").remove("user003").remove("user005");
        roster
    };
    let receipt = world.push(&roster, &with, 1);
    assert_eq!(outcome(&receipt, "user005").0, "done", "{receipt:#}");
    assert_eq!(outcome(&receipt, "user003").0, "refused", "{receipt:#}");
    assert_eq!(receipt["people"].as_array().map(Vec::len), Some(2), "{receipt:#}");

    // The next time nobody asks for the administrator again.
    world.fetch();
    let mut roster = world.fetched();
    roster.remove("user003");
    let before = world.changes();
    let (exit, words) = world.try_to_push(&roster, &with);
    assert!(exit == 0 || exit == 3 && words.contains("own-account"), "{exit}: {words}");
    assert_eq!(world.changes(), before, "{words}");

    let mut roster = world.fetched();
    roster.edit("admin", &[("suspended", "1")]);
    let (exit, words) = world.try_to_push(&roster, &["--account", name]);
    assert!(exit == 3 && words.contains("own-account"), "{exit}: {words}");
    assert!(!world.moodle.users()["admin"].suspended);
}
