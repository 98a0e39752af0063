//! Each word that a push ends in for somebody, before every connector, compared with what the server holds and with the exit
//! codes of `docs/command-line.md`. Where a connector cannot be asked for something, it is said here what becomes of it.

use std::ffi::OsStr;
use std::thread;

use super::deeds::{DEEDS, Deed, PASSWORD, Ran, THERE, TOKEN, codes};
use super::lms::{ALL, Lms};
use super::people::{Held, Person};
use super::server::Fault;
use super::world::World;

/// A server, and the words that may become of whoever is pushed to it: where it can be looked at, and where it cannot.
struct Row {
    fault: Fault,
    seen: &'static [&'static str],
    unseen: &'static [&'static str],
}

const fn row(fault: Fault, seen: &'static [&'static str], unseen: &'static [&'static str]) -> Row {
    Row { fault, seen, unseen }
}

const ROWS: [Row; 14] = [
    row(Fault::None, &["done"], &["done"]),
    row(Fault::AnswersTwice, &["done"], &["done"]),
    row(Fault::EchoesWrites, &["refused"], &["refused"]),
    // It says that all is done, and does nothing; where nobody can look, its word is all that there is.
    row(Fault::InsteadOfWriting(&Fault::None), &["unknown"], &["done"]),
    row(Fault::InsteadOfWriting(&Fault::LoginPage), &["unknown", "waiting"], &["waiting"]),
    row(Fault::InsteadOfWriting(&Fault::Redirects), &["waiting"], &["waiting"]),
    row(Fault::InsteadOfWriting(&Fault::Maintenance), &["waiting"], &["waiting"]),
    row(Fault::AfterWriting(&Fault::LoginPage), &["done"], &["waiting"]),
    row(Fault::AfterWriting(&Fault::WrongLength), &["done"], &["waiting"]),
    row(Fault::Maintenance, &["waiting"], &["waiting"]),
    row(Fault::NoEntry, &["waiting"], &["waiting"]),
    row(Fault::WrongPath, &["waiting"], &["waiting"]),
    row(Fault::LoginPage, &["waiting"], &["waiting"]),
    row(Fault::WrongLength, &["waiting"], &["waiting"]),
];

/// One after the other where only one at a time is sent; else all at once.
fn pushes(lms: Lms) -> Vec<Vec<Deed>> {
    let deeds = DEEDS.into_iter().filter(|deed| lms.lacks(*deed).is_none());
    match lms.is_untried() {
        true => deeds.map(|deed| vec![deed]).collect(),
        false => vec![deeds.collect()],
    }
}

#[test]
fn each_word_is_true_of_what_the_server_holds() {
    thread::scope(|scope| {
        for lms in ALL {
            for row in &ROWS {
                scope.spawn(move || {
                    for deeds in pushes(lms) {
                        let world = World::with(lms, row.fault, TOKEN, &THERE);
                        let before = world.server.held();
                        let ran = world.sends(&deeds, &before, &[]);
                        let words = if lms.reads() { row.seen } else { row.unseen };
                        for deed in &deeds {
                            let (word, why) = of(&ran, lms, *deed, &before);
                            let about = format!(
                                "{:?} {lms:?} {deed:?}: {word} {why} {}",
                                row.fault, ran.said
                            );
                            assert!(words.contains(&word), "{about}");
                        }
                        world.is_true(&ran, &deeds, &before);
                    }
                });
            }
        }
    });
}

fn of<'r>(ran: &'r Ran, lms: Lms, deed: Deed, before: &Held) -> (&'r str, &'r str) {
    let wanted = deed.wanted(lms, before);
    ran.of_person(&wanted.as_ref().or(before.by_login(deed.who())).expect("somebody").name())
}

/// What no push can do is in no list of a roster, or is told before anything is sent.
#[test]
fn what_a_connector_cannot_be_asked_for_is_said() {
    for lms in ALL {
        for deed in DEEDS {
            let Some(why) = lms.lacks(deed) else { continue };
            let world = World::with(lms, Fault::None, TOKEN, &THERE);
            let before = world.server.held();
            let mut after = before.clone();
            match deed {
                Deed::Suspends => after.edit(deed.who(), |person| person.is_active = false),
                _ => after.remove(deed.who()),
            }
            if deed == Deed::Suspends {
                // Both files are the same.
                let row = |held: &Held| lms.row(held.by_login(deed.who()).expect("there"), "");
                assert_eq!(row(&before), row(&after), "{lms:?}: {why}");
                continue;
            }
            let ran = world.sends(&[deed], &before, &[]);
            assert_eq!(ran.exit, 2, "{lms:?} {deed:?}: {}", ran.said);
            assert!(ran.said.contains("missing"), "{lms:?} {deed:?}: {}", ran.said);
            assert!(world.server.calls().is_empty(), "{lms:?} {deed:?}");
        }
    }
}

/// Who is held back for an error, was not chosen, or is one for somebody's hand.
#[test]
fn whoever_is_not_sent_is_not_there_and_has_a_word_too() {
    thread::scope(|scope| {
        for lms in ALL {
            scope.spawn(move || {
                let world = World::of_three(lms);
                let before = world.server.held();
                let [first, _] = world.lists(&[], &before);
                let mut then = String::new();
                for row in first.lines() {
                    // EdApp's interface changes no name.
                    let by_hand = row.replace("Edna,Moss", "Edna,Lo");
                    then += if lms == Lms::EdApp { &by_hand } else { row };
                    then += "\n";
                }
                let mut new = |login: &str, email: Option<&str>| {
                    let mut person = Person::named(login);
                    if let Some(email) = email {
                        email.clone_into(&mut person.email);
                    }
                    let mut row = lms.row(&person, PASSWORD);
                    if lms == Lms::Kolibri && email.is_some() {
                        // It has no address.
                        row = row.replace("LEARNER,,,", "LEARNER,,,NOBODY");
                    }
                    then += &format!("{row}\n");
                };
                new("ida", Some("no address"));
                new("gus", None);
                new("gil", None);
                let options: [&dyn AsRef<OsStr>; 4] = [&"--first", &"1", &"--format", &"json"];
                let ran = Ran::of(world.push_lists(&first, &then, &options));
                let mut words =
                    vec![("Ida Lee", "left_out"), ("Gus Orr", "done"), ("Gil Roy", "not_chosen")];
                if lms == Lms::EdApp {
                    words.push(("Edna Lo", "by_hand"));
                }
                let mut highest = 0;
                for (name, word) in words {
                    assert_eq!(ran.of_person(name).0, word, "{lms:?} {name}: {}", ran.said);
                    let code = if word == "left_out" { 1 } else { 0 };
                    assert!(codes()[word].contains(&code), "{word}");
                    highest = highest.max(code);
                }
                assert_eq!(ran.exit, highest, "{lms:?}: {}", ran.said);
                let held = world.server.held();
                for (login, is_there) in [("ida", false), ("gus", true), ("gil", false)] {
                    assert_eq!(held.by_login(login).is_some(), is_there, "{lms:?} {login}");
                }
                assert_eq!(held.by_login("edna").expect("there").last, "Moss", "{lms:?}");
            });
        }
    });
}

/// A service that says what it lets nobody change is not asked to: somebody is told to see to it.
#[test]
fn what_a_service_lets_nobody_change_is_for_somebodys_hand() {
    let world = World::with(Lms::Scim, Fault::None, TOKEN, &THERE);
    world.server.somebody(|held| held.locks_names = true);
    let before = world.server.held();
    let ran = world.sends(&DEEDS, &before, &[]);
    for (deed, word) in DEEDS.into_iter().zip(["by_hand", "by_hand", "done", "done"]) {
        let (found, why) = of(&ran, Lms::Scim, deed, &before);
        assert_eq!(found, word, "{deed:?}: {why} {}", ran.said);
        if word == "by_hand" {
            assert!(why.contains("`name.familyName`") && why.contains("by hand"), "{why}");
            assert!(why.ends_with("nothing of this person was sent"), "{why}");
        }
    }
    world.is_true(&ran, &DEEDS, &before);
    assert_eq!((ran.exit, &ran.receipt["state"]), (1, &"partly".into()), "{}", ran.said);
    let left = ran.receipt["by_hand"].to_string();
    assert!(left.contains("`gus`") && left.contains("`edna`"), "{left}");
    // What was done is taken back; who was not sent is not among them, and nobody else's.
    world.server.somebody(|held| {
        held.locks_names = false;
        held.add(Lms::Scim, Person::named("gus"));
    });
    let back = world.outbox(&["undo", "1"]);
    assert!(world.server.held().by_login("gus").is_some(), "{}", back.said);
    assert!(world.server.held().by_login("ned").expect("there").is_active, "{}", back.said);
}
