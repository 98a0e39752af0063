//! What a push claims: exactly what was frozen is sent, once, and only what the LMS was seen to have is called done.

use std::ffi::OsStr;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::command::Muster;
use crate::kolibri_server::holds;
use crate::sheet::Sheet;
use crate::small_lms::{Mood, SmallLms};

const TOKEN: &str = "token-of-the-small-lms";

struct World {
    lms: SmallLms,
    folder: TempDir,
    muster: Muster,
}

impl World {
    fn new() -> World {
        let lms = SmallLms::new(&["ada", "bo", "cy"]);
        let folder = tempfile::tempdir().expect("a folder");
        let muster = Muster::new(&folder.path().join("data"), TOKEN);
        let world = World { lms, folder, muster };
        world.fetch();
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn fetch(&self) -> Sheet {
        let (from, out) = (self.lms.address(), self.path("fetched.csv"));
        let words: [&dyn AsRef<OsStr>; 8] =
            [&"fetch", &"--from", &from, &"--profile", &"scim", &"--out", &out, &"--replace"];
        self.muster.run(&words, 0);
        Sheet::read(&out)
    }

    /// So many new people, with a password each.
    fn new_people(&self, count: usize) {
        let mut sheet = Sheet::read(&self.path("fetched.csv"));
        for n in 0..count {
            let (login, name) = (format!("new{n:03}"), format!("New {n}"));
            let password = format!("Pass-word-{login}");
            sheet.add(&[
                ("userName", &login),
                ("name.familyName", &name),
                ("title", "Nurse"),
                ("password", &password),
            ]);
        }
        sheet.write(&self.path("roster.csv"));
    }

    fn words(&self, to: &str) -> Vec<String> {
        let path = |name: &str| self.path(name).display().to_string();
        ["push", &path("roster.csv"), "--against", &path("fetched.csv"), "--to", to]
            .map(str::to_owned)
            .to_vec()
    }

    fn push(&self, more: &[&str]) -> (i32, String) {
        let mut words = self.words(&self.lms.address());
        words.extend(more.iter().map(|word| (*word).to_owned()));
        let words: Vec<&dyn AsRef<OsStr>> = words.iter().map(|w| w as &dyn AsRef<OsStr>).collect();
        self.muster.try_to(&words)
    }

    fn outbox(&self, words: &[&str]) -> (i32, String) {
        let mut all: Vec<&dyn AsRef<OsStr>> = vec![&"outbox"];
        all.extend(words.iter().map(|word| word as &dyn AsRef<OsStr>));
        self.muster.try_to(&all)
    }

    /// A push that waits, as the LMS took a rest when it was begun.
    fn waiting(&self, people: usize) {
        self.new_people(people);
        self.lms.is(Mood::Rests);
        let (exit, said) = self.push(&[]);
        assert!(exit == 2 && said.contains("muster outbox resume 1"), "{said}");
        self.lms.is(Mood::Honest);
    }

    /// Exchanges letters in the database, as a bad disk does.
    fn damage(&self, from: &str, to: &str) {
        let place = self.path("data/muster.db");
        let mut bytes = std::fs::read(&place).expect("there");
        let at = bytes.windows(from.len()).position(|part| part == from.as_bytes());
        let at = at.unwrap_or_else(|| panic!("`{from}` is not there"));
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
        std::fs::write(place, bytes).expect("written");
    }
}

#[test]
fn a_changed_letter_in_the_outbox_is_never_sent() {
    for (from, to) in
        [("new001", "new007"), ("Pass-word-new002", "Pass-word-neu002"), ("Nurse", "Purse")]
    {
        let world = World::new();
        world.waiting(3);
        world.damage(from, to);
        let (exit, said) = world.outbox(&["resume", "1"]);
        assert_eq!(exit, 2, "{said}");
        assert!(
            said.contains("push 1 is damaged") && said.contains("make the plan again"),
            "{said}"
        );
        assert_eq!(world.lms.logins(), ["ada", "bo", "cy"], "{from}: nothing is sent");
        assert_eq!(holds(&world.muster.home, "Pass-word"), None, "{from}: no password is kept");
        let (exit, listed) = world.outbox(&["list"]);
        assert!(exit == 0 && listed.contains("cancelled"), "{listed}");
        let (exit, said) = world.outbox(&["resume", "1"]);
        assert!(exit == 2 && said.contains("damaged"), "{said}");
        assert_eq!(world.lms.writes(), 0);
    }
}

#[test]
fn a_push_that_was_given_up_is_never_sent() {
    let world = World::new();
    world.waiting(2);
    let (exit, said) = world.outbox(&["cancel", "1"]);
    assert_eq!(exit, 0, "{said}");
    assert_eq!(holds(&world.muster.home, "Pass-word"), None);
    for words in [&["resume", "1"][..], &["resume", "1", "--failed"]] {
        let (exit, said) = world.outbox(words);
        assert!(exit == 2 && said.contains("it was cancelled"), "{said}");
    }
    assert_eq!((world.lms.writes(), world.lms.logins().len()), (0, 3));
}
