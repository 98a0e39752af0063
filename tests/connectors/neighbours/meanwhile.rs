//! Somebody else changes people of the LMS between plan and send, and between two calls of a push.

use std::thread;

use super::deeds::{DEEDS, Deed, Ran, THERE, TOKEN};
use super::lms::{ALL, Lms};
use super::people::{Held, Person};
use super::server::{Fault, When};
use super::world::World;

/// What somebody else does to the person whom a push is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Other {
    /// Makes one with the same login.
    Makes,
    /// Gives another last name.
    Names,
    /// Gives another login.
    Renames,
    Suspends,
    Deletes,
}

const OTHERS: [Other; 5] =
    [Other::Makes, Other::Names, Other::Renames, Other::Suspends, Other::Deletes];

impl Other {
    fn does(self, lms: Lms, held: &mut Held, login: &str) {
        match self {
            Other::Makes => {
                let somebody = Person { last: "Else".to_owned(), ..Person::named(login) };
                held.add(lms, somebody);
            }
            Other::Names => held.edit(login, |person| "Else".clone_into(&mut person.last)),
            Other::Renames => held.edit(login, |person| person.login += "2"),
            Other::Suspends => held.edit(login, |person| person.is_active = false),
            Other::Deletes => held.remove(login),
        }
    }

    /// Whether it can be done to whom a deed is about, and be told of them.
    fn fits(self, lms: Lms, deed: Deed) -> bool {
        let tells = self != Other::Suspends || lms.lacks(Deed::Suspends).is_none();
        tells && (self == Other::Makes) == (deed == Deed::Makes)
    }

    /// Whether it is just what the push is to do.
    fn is_as_ordered(self, deed: Deed) -> bool {
        matches!((self, deed), (Other::Suspends, Deed::Suspends) | (Other::Deletes, Deed::Deletes))
    }
}

/// Every connector, every deed that it can do, and everything that somebody else can do to that person.
fn each(what: impl Fn(World, Deed, Other) + Sync) {
    thread::scope(|scope| {
        for lms in ALL {
            let what = &what;
            scope.spawn(move || {
                for deed in DEEDS.into_iter().filter(|deed| lms.lacks(*deed).is_none()) {
                    for other in OTHERS.into_iter().filter(|other| other.fits(lms, deed)) {
                        what(World::with(lms, Fault::None, TOKEN, &THERE), deed, other);
                    }
                }
            });
        }
    });
}

#[test]
fn whom_somebody_else_changed_since_the_plan_is_not_overwritten_in_silence() {
    each(|world, deed, other| {
        let (lms, before) = (world.server.lms, world.server.held());
        world.server.somebody(|held| other.does(lms, held, deed.who()));
        let changed = world.server.held();
        let ran = world.sends(&[deed], &before, &[]);
        let about = || format!("{lms:?} {deed:?} {other:?}: {}", ran.said);
        if !lms.reads() {
            // It cannot be asked whom it has, and says so.
            assert_eq!(ran.exit, 0, "{}", about());
            assert_eq!(ran.receipt["proof"], serde_json::Value::Null, "{}", about());
            return;
        }
        if other.is_as_ordered(deed) {
            assert_eq!((ran.exit, world.server.writes()), (0, 0), "{}", about());
            world.is_true(&ran, &[deed], &before);
            return;
        }
        assert_eq!((ran.exit, &ran.receipt["state"]), (3, &"review".into()), "{}", about());
        assert_eq!(world.server.writes(), 0, "{}", about());
        assert_eq!(world.server.held().people, changed.people, "{}", about());
        let told = ran.receipt["changed"].to_string();
        assert!(told.contains(deed.who()), "{}", about());
        world.is_true(&ran, &[deed], &before);
    });
}

/// The look comes before everything that is sent, and somebody else may be quick. What they made stays theirs, what they
/// took away is not made anew, and what is done is seen to be so; of one value that both set, the last one stands.
#[test]
fn what_somebody_else_does_between_two_calls_is_told_as_the_lms_has_it_then() {
    each(|world, deed, other| {
        let (lms, before) = (world.server.lms, world.server.held());
        let who = deed.who();
        world.server.meanwhile(When::Before(1), move |held| other.does(lms, held, who));
        let ran = world.sends(&[deed], &before, &[]);
        let about =
            || format!("{lms:?} {deed:?} {other:?}: {:#?} {}", world.server.held(), ran.said);
        let held = world.server.held();
        let id = before.by_login(who).map(|person| person.id.clone());
        let now = held.people.iter().find(|person| Some(&person.id) == id.as_ref());
        match other {
            // It is only told of as made: whoever came first stays as they are.
            Other::Makes if lms.reads() => {
                assert_eq!((ran.exit, ran.of_person("Gus Orr").0), (1, "refused"), "{}", about());
                assert_eq!(held.by_login("gus").expect("there").last, "Else", "{}", about());
            }
            Other::Deletes => assert_eq!(now, None, "{}", about()),
            Other::Renames if deed != Deed::Deletes && lms.reads() => {
                assert_eq!(now.expect("there").login, format!("{who}2"), "{}", about());
            }
            Other::Suspends if deed != Deed::Deletes && lms.reads() => {
                assert!(!now.expect("there").is_active, "{}", about());
            }
            _ => {}
        }
        if lms.reads() && !(other == Other::Renames && deed == Deed::Deletes) {
            is_told_as_it_is(&world, &ran, deed, &before);
        }
    });
}

/// What a receipt says of one person is so, where others may have changed what the push did not.
fn is_told_as_it_is(world: &World, ran: &Ran, deed: Deed, before: &Held) {
    let (lms, held) = (world.server.lms, world.server.held());
    let wanted = deed.wanted(lms, before);
    let was = before.by_login(deed.who());
    let name = wanted.as_ref().or(was).expect("somebody").name();
    let (word, why) = ran.of_person(&name);
    let id = was.map(|person| person.id.as_str());
    let now = held.people.iter().find(|person| match id {
        Some(id) => person.id == id,
        None => person.login == deed.who(),
    });
    let is_so = match (deed, now) {
        (Deed::Deletes, now) => now.is_none(),
        (Deed::Makes, now) => now.is_some_and(|now| now.last == "Orr"),
        (Deed::Suspends, now) => now.is_some_and(|now| !now.is_active),
        (Deed::Changes, Some(now)) if lms == Lms::EdApp => now.groups == ["Red"],
        (Deed::Changes, now) => now.is_some_and(|now| now.last == "Lo"),
    };
    let about = || format!("{lms:?} {deed:?}: {word}, {why}: {held:#?}");
    match word {
        "done" if why.is_empty() => assert!(is_so && ran.exit == 0, "{}", about()),
        "done" | "unknown" => assert_eq!(ran.exit, 1, "{}", about()),
        "refused" => assert!(!is_so && ran.exit == 1, "{}", about()),
        other => panic!("{other}: {}", about()),
    }
}

/// Where versions of people are told, even one value that both set is not overwritten.
#[test]
fn whoever_is_another_version_by_now_is_not_changed() {
    let world = World::with(Lms::Scim, Fault::None, TOKEN, &THERE);
    world.server.somebody(|held| held.tells_versions = true);
    let before = world.server.held();
    let names = |held: &mut Held| Other::Names.does(Lms::Scim, held, "edna");
    world.server.meanwhile(When::Before(1), names);
    let ran = world.sends(&[Deed::Changes], &before, &[]);
    let (word, why) = ran.of_person("Edna Lo");
    assert_eq!((ran.exit, word), (1, "refused"), "{}", ran.said);
    assert!(why.contains("somebody else changed this person in the meantime"), "{why}");
    assert_eq!(world.server.held().by_login("edna").expect("there").last, "Else");
}

#[test]
fn an_undo_takes_back_what_the_push_did_and_nothing_that_others_did_since() {
    thread::scope(|scope| {
        for lms in ALL {
            scope.spawn(move || {
                for other in [Other::Names, Other::Renames, Other::Suspends, Other::Deletes] {
                    let deeds = if lms == Lms::EdApp { [Deed::Makes] } else { [Deed::Changes] };
                    if !other.fits(lms, Deed::Changes) {
                        continue;
                    }
                    taken_back(lms, deeds[0], other);
                }
            });
        }
    });
}

fn taken_back(lms: Lms, deed: Deed, other: Other) {
    let world = World::with(lms, Fault::None, TOKEN, &THERE);
    let before = world.server.held();
    let ran = world.sends(&[deed], &before, &[]);
    assert_eq!(ran.exit, 0, "{lms:?}: {}", ran.said);
    let who = deed.who();
    let id = world.server.held().by_login(who).expect("there").id.clone();
    world.server.somebody(|held| other.does(lms, held, who));
    let changed = world.server.held();
    let back = world.outbox(&["undo", "1"]);
    let about = || format!("{lms:?} {other:?}: {:#?} {}", world.server.held(), back.said);
    let now = world.server.held().people.into_iter().find(|person| person.id == id);
    if lms == Lms::EdApp {
        // It takes nobody back whom it made, and says so.
        assert!(back.exit == 2 && back.said.contains("deletes nobody"), "{}", about());
        assert_eq!(world.server.held().people, changed.people);
        return;
    }
    if !lms.reads() {
        // Nobody can look there first, and it is said that nobody could afterwards.
        assert_eq!(back.receipt["proof"], serde_json::Value::Null, "{}", about());
        return;
    }
    match (other, now) {
        (Other::Names, Some(now)) => {
            assert_eq!((back.exit, now.last.as_str()), (1, "Else"), "{}", about());
            let (word, why) = back.of_person("Edna Lo");
            assert!(word == "refused" && why.contains("somebody changed it since"), "{}", about());
        }
        (Other::Deletes, None) => assert_eq!(back.exit, 1, "{}", about()),
        (Other::Suspends, Some(now)) => {
            assert_eq!((now.last.as_str(), now.is_active), ("Moss", false), "{}", about());
            assert_eq!(back.exit, 0, "{}", about());
        }
        (Other::Renames, Some(now)) => {
            assert_eq!(now.login, format!("{who}2"), "{}", about());
            assert_eq!(back.exit == 0, now.last == "Moss", "{}", about());
        }
        (other, now) => panic!("{other:?} {now:?}: {}", about()),
    }
}
