//! Everybody is fetched, or it is said who is not, and why.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::time::Duration;

use super::World;
use crate::play_moodle::{Moodle, TOKEN, Token};

fn usernames(world: &World) -> BTreeSet<String> {
    world.fetch().people(&["username"]).into_keys().collect()
}

#[test]
fn everybody_whom_the_administrators_token_sees_is_fetched() {
    let world = World::untouched(Moodle::start().people(120));
    let people = world.fetch().people(&["idnumber", "lastname"]);
    for n in 0..120 {
        assert_eq!(people[&format!("user{n:03}")]["idnumber"], format!("{n:06}"));
    }
    assert_eq!(people["user001"]["lastname"], "Ó Súilleabháin");
    let calls = world.moodle.calls();
    assert!(calls.iter().all(|call| !call.address.contains(TOKEN)), "{calls:?}");
}

#[test]
fn nobody_without_an_email_a_last_name_or_a_first_name_is_missed() {
    let world = World::untouched(Moodle::start().token(Token::Both).people(20));
    world.moodle.change(|state| {
        state.person("user003").set("email", "");
        state.person("user004").set("lastname", "");
        state.person("user005").set("firstname", "");
        state.person("user006").set("lastname", "0");
    });
    let found = usernames(&world);
    for n in 0..20 {
        assert!(found.contains(&format!("user{n:03}")), "user{n:03}: {found:?}");
    }
    // A blank one is no sign that the token may not see them.
    let people = world.fetched().people(&["email"]);
    assert_eq!(people["user003"]["email"], "");
    assert_eq!(people["user004"]["email"], "user004@example.com");
}

#[test]
fn a_token_that_sees_no_logins_or_no_addresses_is_told_what_it_lacks() {
    for (token, lacks) in [
        (Token::Limited, &["moodle/user:viewalldetails", "moodle/site:viewuseridentity"][..]),
        (Token::Details, &["moodle/site:viewuseridentity"]),
        (Token::Identity, &["moodle/user:viewalldetails"]),
    ] {
        let world = World::untouched(Moodle::start().token(token).people(120));
        let (exit, words) = world.try_to_fetch();
        for capability in lacks {
            assert!(words.contains(capability), "{token:?}, exit {exit}: {words}");
        }
        assert!(words.contains("12"), "how many: {words}");
        if exit == 0 {
            // Whoever has no login has a row all the same, and none is passed over in silence.
            let rows = world.fetched().rows.len();
            assert!(rows >= 121, "{token:?}: {rows} rows");
        }
    }
    // Whoever sees everything is told of nothing.
    let world = World::untouched(Moodle::start().token(Token::Both).people(120));
    let (exit, words) = world.try_to_fetch();
    assert!(exit == 0 && !words.contains("moodle/"), "{words}");
}

#[test]
fn a_service_without_site_info_is_told_so_and_which_function_it_lacks() {
    let function = "core_webservice_get_site_info";
    let world = World::untouched(Moodle::start().without_function(function).people(20));
    let (exit, words) = world.try_to_fetch();
    assert!(words.contains(function), "exit {exit}: {words}");
}

#[test]
fn maintenance_is_told_with_its_time_and_a_wrong_path_at_once() {
    let world = World::untouched(Moodle::start().people(5));
    world.moodle.change(|state| state.settings.maintenance = true);
    let fetch = |from: &str, limit: u64| {
        let out = world.path("none.csv");
        let words: [&dyn AsRef<OsStr>; 5] = [&"fetch", &"--from", &from, &"--out", &out];
        world.muster.try_for(&words, Duration::from_secs(limit))
    };
    let (exit, words) = fetch(&world.moodle.address(), 30);
    assert_eq!(exit, 2, "{words}");
    assert!(words.contains("503") && words.contains("come back after"), "{words}");

    world.moodle.change(|state| state.settings.maintenance = false);
    let (exit, words) = fetch(&format!("{}nothing/here/", world.moodle.address()), 10);
    assert!(exit == 2 && words.contains("address"), "{exit} {words}");
}

/// `make soak`: an answer that takes longer than that of a site with thirty thousand people, all of it before its first
/// byte.
#[test]
#[ignore = "waits for some minutes: `make soak`"]
fn soak_a_large_site_that_takes_its_time_is_waited_for() {
    let world = World::untouched(Moodle::start().people(1000).costs(Duration::from_millis(150)));
    assert!(usernames(&world).len() >= 1000);
}
