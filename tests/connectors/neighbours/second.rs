//! A second Muster at the same LMS: nobody is sent twice, and the second one says who is sending.

use std::ffi::OsStr;
use std::process::Child;
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use super::deeds::{Deed, PASSWORD, Ran, THERE, TOKEN};
use super::lms::ALL;
use super::server::Fault;
use super::world::World;
use crate::command::Muster;

fn each(what: impl Fn(World) + Sync) {
    thread::scope(|scope| {
        for lms in ALL {
            let what = &what;
            scope.spawn(move || what(World::with(lms, Fault::None, TOKEN, &THERE)));
        }
    });
}

impl World {
    /// The words of a push of somebody new, by some account, to some address.
    pub fn push_words(&self, to: &str, user: &str) -> Vec<String> {
        let [first, then] = self.lists(&[Deed::Makes], &self.server.held());
        let path = |name: &str| self.path(name).display().to_string();
        std::fs::write(path("before.csv"), first).expect("written");
        std::fs::write(path("after.csv"), then).expect("written");
        let profile = self.server.lms.connector();
        let words = ["push", &path("after.csv"), "--against", &path("before.csv"), "--to", to];
        let more = ["--profile", profile, "--user", user, "--untried", "--format", "json"];
        words.into_iter().chain(more).map(str::to_owned).collect()
    }

    /// Begins a push, and waits until the server has heard of it.
    pub fn begins(&self, words: &[String]) -> Child {
        let writes = self.server.writes();
        let child = self.muster.begin(&as_words(words));
        let begun = Instant::now();
        while self.server.writes() == writes {
            assert!(begun.elapsed() < Duration::from_secs(60), "it never begins");
            sleep(Duration::from_millis(10));
        }
        child
    }

    /// Somebody else at this computer, with another account of the same LMS.
    fn another(&self) -> Muster {
        Muster::new(&self.path("other"), "An0ther-T0ken")
    }

    fn has_gus_once(&self, about: &str) {
        let held = self.server.held();
        let gus = held.people.iter().filter(|person| person.login == "gus").count();
        assert_eq!((gus, held.people.len()), (1, THERE.len() + 1), "{about}: {held:#?}");
    }
}

fn as_words(words: &[String]) -> Vec<&dyn AsRef<OsStr>> {
    words.iter().map(|word| word as &dyn AsRef<OsStr>).collect()
}

#[test]
fn a_second_push_says_who_is_sending_and_waits_and_makes_nobody_twice() {
    each(|world| {
        let lms = world.server.lms;
        let mine = world.push_words(&world.server.address(), "admin");
        // The same place, written otherwise, and another account there.
        let theirs = world.push_words(&world.server.other_address(), "head");
        world.server.becomes(Fault::Holds);
        let mut first = world.begins(&mine);
        let other = world.another();
        let second = Ran::of(other.try_to(&as_words(&theirs)));
        assert_eq!(
            (second.exit, &second.receipt["state"]),
            (2, &"waiting".into()),
            "{lms:?}: {}",
            second.said
        );
        let named = format!("by push 1 of `{}`", world.muster.home.display());
        assert!(second.said.contains(&named), "{lms:?}: {}", second.said);
        // The first one, asked for once more, says so too.
        let again = world.outbox(&["resume", "1"]);
        assert!(
            again.exit == 2 && again.said.contains("it is being sent already"),
            "{lms:?}: {}",
            again.said
        );
        world.server.goes_on();
        assert!(first.wait().expect("it ends").success(), "{lms:?}");
        let resumed = Ran::of(other.try_to(&[&"outbox", &"resume", &"1", &"--format", &"json"]));
        let about = format!("{lms:?}: {}", resumed.said);
        if lms.reads() {
            assert_eq!((resumed.exit, &resumed.receipt["state"]), (3, &"review".into()), "{about}");
            assert!(resumed.said.contains("already"), "{about}");
        } else {
            // It takes somebody who is there for the same one.
            assert_eq!(resumed.exit, 0, "{about}");
        }
        world.has_gus_once(&about);
    });
}

#[test]
fn of_two_at_the_same_moment_one_sends() {
    each(|world| {
        let lms = world.server.lms;
        let words = world.push_words(&world.server.address(), "admin");
        world.server.becomes(Fault::Slow(200));
        let other = world.another();
        let ended = thread::scope(|scope| {
            let both = [&world.muster, &other].map(|muster| {
                let words = &words;
                scope.spawn(move || Ran::of(muster.try_to(&as_words(words))))
            });
            both.map(|one| one.join().expect("it ends"))
        });
        let about = format!("{lms:?}: {} {}", ended[0].said, ended[1].said);
        let done = ended.iter().filter(|ran| ran.exit == 0).count();
        // One may have ended before the other began; where nobody can look, both are done then.
        assert!(done == 1 || (done == 2 && !lms.reads()), "{about}");
        for ran in ended.iter().filter(|ran| ran.exit != 0) {
            let is_busy = ran.exit == 2 && ran.said.contains("is being sent to already");
            assert!(is_busy || (ran.exit == 3 && ran.said.contains("already")), "{about}");
        }
        world.has_gus_once(&about);
    });
}

#[test]
fn where_the_first_is_killed_the_second_goes_on_and_nobody_is_made_twice() {
    each(|world| {
        let lms = world.server.lms;
        let words = world.push_words(&world.server.address(), "admin");
        world.server.becomes(Fault::Holds);
        let mut first = world.begins(&words);
        let other = world.another();
        let waits = Ran::of(other.try_to(&as_words(&words)));
        assert_eq!(waits.exit, 2, "{lms:?}: {}", waits.said);
        first.kill().expect("ended");
        first.wait().expect("ended");
        // What the server had begun, it ends.
        world.server.goes_on();
        let second = Ran::of(other.try_to(&[&"outbox", &"resume", &"1", &"--format", &"json"]));
        let about = format!("{lms:?}: {}", second.said);
        assert!(!second.said.contains("is being sent to already"), "{about}");
        assert!([0, 3].contains(&second.exit), "{about}");
        let resumed = world.outbox(&["resume", "1"]);
        let about = format!("{about} {}", resumed.said);
        match second.exit {
            // The server had made gus by then, and the first one finds out that it did.
            3 => assert_eq!((resumed.exit, resumed.of_person("Gus Orr").0), (0, "done"), "{about}"),
            _ => assert!([0, 1, 3].contains(&resumed.exit), "{about}"),
        }
        world.has_gus_once(&about);
        assert_eq!(crate::kolibri_server::holds(&world.muster.home, PASSWORD), None, "{about}");
    });
}
