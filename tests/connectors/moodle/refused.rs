//! Refusals, of which Moodle says ten kinds in one sentence; deleting; and passwords that are mailed.

use super::{World, outcome};
use crate::play_moodle::{Moodle, Token, Version};
use crate::sheet::Sheet;

fn add(roster: &mut Sheet, login: &str, more: &[(&str, &str)]) {
    let email = format!("{login}@example.com");
    let good =
        [("username", login), ("firstname", "Nia"), ("lastname", "Roy"), ("email", email.as_str())];
    let good = good.iter().filter(|(name, _)| more.iter().all(|(other, _)| name != other));
    let cells: Vec<(&str, &str)> = good.chain(more).copied().collect();
    roster.add(&cells);
}

#[test]
fn of_many_new_people_only_those_are_refused_who_cannot_be_and_the_likely_cause_is_told() {
    let world = World::new(Moodle::start().token(Token::Both).people(40));
    // Somebody whom nobody knew of when the roster was made, and who has these.
    let mut roster = world.fetched();
    for (login, more) in [
        ("good1", &[("auth", "ldap")][..]),
        ("good2", &[("auth", "ldap"), ("timezone", "Europe/Oslo")]),
        ("speaks", &[("auth", "ldap"), ("lang", "de")]),
        ("logs.in", &[("auth", "saml9")]),
        ("longest", &[("auth", "ldap"), ("city", &"x".repeat(121))]),
    ] {
        add(&mut roster, login, more);
    }
    let receipt = world.push(&roster, &[], 1);
    let users = world.moodle.users();
    for (login, words) in [("speaks", "lang"), ("logs.in", "auth"), ("longest", "city")] {
        let (what, why) = outcome(&receipt, login);
        assert!(["refused", "left_out"].contains(&what), "{receipt:#}");
        assert!(why.to_lowercase().contains(words), "{login}: {why}");
        assert!(!users.contains_key(login));
    }
    for login in ["good1", "good2"] {
        assert_eq!(outcome(&receipt, login).0, "done", "{receipt:#}");
        assert!(users.contains_key(login));
    }
}

#[test]
fn no_refusal_leaves_anybody_with_a_mailed_password_that_does_not_exist() {
    for version in [Version::V4_2, Version::V4_5] {
        let world = World::new(Moodle::start().token(Token::Both).version(version).people(40));
        let mut roster = world.fetched();
        for login in ["mail1", "mail2", "mail3", "mail4"] {
            let lang = if login == "mail3" { "de" } else { "en" };
            add(&mut roster, login, &[("auth", "manual"), ("lang", lang)]);
        }
        // Taken by somebody who comes while the push is made ready.
        world.push(&roster, &["--policy", "invitations=on"], 1);
        let users = world.moodle.users();
        let mails = world.moodle.mails();
        let to: Vec<&str> = mails.iter().map(|mail| mail.to.as_str()).collect();
        assert_eq!(to, ["mail1@example.com", "mail2@example.com", "mail4@example.com"]);
        for mail in &mails {
            let login = mail.to.split('@').next().expect("a login");
            assert_eq!(&users[login]["password"], mail.password.as_str(), "{version:?}");
        }
    }
}

#[test]
fn a_weak_password_of_one_person_is_told_of_that_person_alone() {
    let world = World::new(Moodle::start().token(Token::Both).people(40));
    let mut roster = world.fetched();
    roster.add_column_if_missing("password");
    add(&mut roster, "strong", &[("password", "Good-Word-1"), ("auth", "manual")]);
    add(&mut roster, "feeble", &[("password", "weak"), ("auth", "manual")]);
    let receipt = world.push(&roster, &[], 1);
    assert_eq!(outcome(&receipt, "strong").0, "done", "{receipt:#}");
    let (what, why) = outcome(&receipt, "feeble");
    assert_eq!(what, "refused", "{receipt:#}");
    assert!(why.contains("at least 8 characters") && !why.contains('<'), "{why}");
    let told = receipt.to_string();
    assert!(!told.contains("Good-Word-1") && !told.contains("\"weak\""), "{told}");
}

#[test]
fn deleting_is_a_hold_of_its_own_and_whoever_is_gone_already_is_done() {
    let world = World::new(Moodle::start().token(Token::Both).people(40));
    let mut roster = world.fetched();
    roster.remove("user007").remove("user008");
    let policies = ["--policy", "missing=delete"];
    let (exit, words) = world.try_to_push(&roster, &policies);
    assert!(exit == 3 && words.contains("delete"), "{exit} {words}");
    assert_eq!(world.asked("core_user_delete_users"), 0);
    world.moodle.lose_answer_after("core_user_delete_users", 0);
    world.push_whatever(&roster, &policies);
    let receipt = world.go_on();
    assert_eq!(receipt["counts"]["done"], 2, "{receipt:#}");
    let users = world.moodle.users();
    assert!(!users.contains_key("user007") && !users.contains_key("user008"));
}

#[test]
fn an_update_whose_login_or_address_is_taken_is_refused_for_its_cause() {
    let world = World::new(Moodle::start().token(Token::Both).people(40));
    let roster = {
        let mut roster = world.fetched();
        roster.edit("user007", &[("email", "taken@example.com")]);
        roster.edit("user008", &[("city", "Graz")]);
        roster
    };
    // Taken by somebody of whom the snapshot does not know.
    world.moodle.change(|state| {
        state.add_people(1);
        state.person("user000").set("username", "later").set("email", "Taken@example.com");
    });
    let receipt = world.push(&roster, &[], 1);
    assert_eq!(outcome(&receipt, "user008").0, "done", "{receipt:#}");
    let (what, why) = outcome(&receipt, "user007");
    assert!(what == "refused" && why.contains("Duplicate address"), "{receipt:#}");
}

#[test]
fn whoever_was_made_and_has_logged_in_since_is_not_deleted_by_the_way_back() {
    let world = World::new(Moodle::start().token(Token::Both).people(40));
    let mut roster = world.fetched();
    for login in ["idle", "active"] {
        add(&mut roster, login, &[("auth", "ldap")]);
    }
    let receipt = world.push(&roster, &[], 0);
    world.moodle.change(|state| state.person("active").last_access = 1_795_000_000);
    let id = receipt["id"].to_string();
    let (exit, words) = world.muster.try_to(&[&"outbox", &"undo", &id]);
    let users = world.moodle.users();
    let active = users.get("active").unwrap_or_else(|| panic!("deleted, {exit}: {words}"));
    assert!(!active.suspended && words.contains("active"), "{exit}: {words}");
    assert!(users.get("idle").is_none_or(|person| person.suspended), "{exit}: {words}");
}

#[test]
fn a_password_of_somebody_who_is_there_already_is_not_set_again_in_silence() {
    let world = World::new(Moodle::start().token(Token::Both).people(40));
    let mut roster = world.fetched();
    roster.add_column_if_missing("password");
    add(&mut roster, "strong", &[("password", "Good-Word-1"), ("auth", "manual")]);
    world.push(&roster, &[], 0);
    world.fetch();
    world.moodle.change(|state| {
        state.person("strong").set("password", "Chosen-By-Them-1");
    });
    let (exit, words) = world.try_to_push(&roster, &[]);
    assert!(exit == 0 || exit == 3 && words.contains("password"), "{exit}: {words}");
    assert_eq!(&world.moodle.users()["strong"]["password"], "Chosen-By-Them-1", "{words}");
}
