//! A roster of Moodle is fetched, edited, planned and pushed, and who is there afterwards is compared with what was
//! ordered, by what the Moodle itself holds.

mod broken;
mod cohorts;
mod fetching;
mod killed;
mod odd;
mod protected;
mod refused;
mod sheets;
mod untold;

use std::ffi::OsStr;
use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;

use crate::command::{Muster, list, text};
use crate::play_moodle::{Moodle, TOKEN};
use crate::sheet::Sheet;

/// A Moodle, somebody with the command, and the roster as it was fetched.
struct World {
    moodle: Moodle,
    folder: TempDir,
    muster: Muster,
}

impl World {
    /// With somebody who has sent before, so that Muster knows whose the token is.
    fn new(moodle: Moodle) -> World {
        let world = World::untouched(moodle);
        let mut roster = world.fetch();
        roster.edit("user001", &[("city", "Oslo")]);
        let receipt = world.push(&roster, &[], 0);
        assert_eq!(receipt["counts"]["done"], 1, "{receipt:#}");
        world.fetch();
        world
    }

    fn untouched(moodle: Moodle) -> World {
        let folder = tempfile::tempdir().expect("a folder");
        let muster = Muster::new(&folder.path().join("data"), TOKEN);
        World { moodle, folder, muster }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn fetch(&self) -> Sheet {
        let (exit, words) = self.try_to_fetch();
        // With 1 it says what is not in the file.
        assert!(exit < 2, "{words}");
        self.fetched()
    }

    fn fetched(&self) -> Sheet {
        Sheet::with_login(&self.path("fetched.csv"), "username")
    }

    fn try_to_fetch(&self) -> (i32, String) {
        let (from, out) = (self.moodle.address(), self.path("fetched.csv"));
        let words: [&dyn AsRef<OsStr>; 6] =
            [&"fetch", &"--from", &from, &"--out", &out, &"--replace"];
        self.muster.try_to(&words)
    }

    fn words(&self, roster: &Sheet, what: &str, more: &[&str]) -> Vec<String> {
        let path = self.path("roster.csv");
        roster.write(&path);
        let (path, snapshot) = (path.display(), self.path("fetched.csv"));
        let (snapshot, to) = (snapshot.display(), self.moodle.address());
        let words = format!("{what}|{path}|--against|{snapshot}|--to|{to}");
        let words = words.split('|').chain(more.iter().copied());
        words.map(str::to_owned).collect()
    }

    fn plan(&self, roster: &Sheet, policies: &[&str]) -> Value {
        let words = self.words(roster, "plan", policies);
        self.muster.answer(&as_words(&words), 1)
    }

    /// As `push`, and answers with what was said.
    fn try_to_push(&self, roster: &Sheet, more: &[&str]) -> (i32, String) {
        let words = self.words(roster, "push", more);
        self.muster.try_to(&as_words(&words))
    }

    /// Lets go of every hold, as somebody who has read them does, until the push is sent. Answers its receipt.
    fn push(&self, roster: &Sheet, policies: &[&str], exit: i32) -> Value {
        let before = self.last_push();
        let mut more: Vec<String> = policies.iter().map(|word| (*word).to_owned()).collect();
        let mut said = String::new();
        for _ in 0..9 {
            let words: Vec<&str> = more.iter().map(String::as_str).collect();
            let (ended, words) = self.try_to_push(roster, &words);
            said.push_str(&format!("── exit {ended}\n{words}\n"));
            let held = releases(&words);
            if ended == 3 && self.last_push() == before && !held.is_empty() {
                more.extend(held);
                continue;
            }
            assert_eq!(ended, exit, "{said}");
            let last = self.last_push();
            assert_ne!(last, before, "{said}");
            return self.receipt(&last.to_string());
        }
        panic!("there is no end of holds: {said}");
    }

    /// The number of the newest push.
    fn last_push(&self) -> u64 {
        let (_, listed) = self.muster.try_to(&[&"outbox", &"--format", &"json"]);
        let listed = listed.find('{').zip(listed.rfind('}')).map(|(from, to)| &listed[from..=to]);
        let listed = listed.and_then(|json| serde_json::from_str::<Value>(json).ok());
        listed.and_then(|listed| listed["pushes"][0]["id"].as_u64()).unwrap_or_default()
    }

    fn receipt(&self, id: &str) -> Value {
        self.muster.answer(&[&"outbox", &"show", &id], 0)
    }

    /// Goes on with the last push until nothing of it is left to be sent.
    fn go_on(&self) -> Value {
        let id = self.last_push().to_string();
        for _ in 0..9 {
            let (exit, _) = self.muster.try_to(&[&"outbox", &"resume", &id, &"--failed"]);
            if exit == 0 {
                break;
            }
        }
        self.receipt(&id)
    }

    /// Takes a push back, whatever hold is in the way.
    fn undo(&self, receipt: &Value, exit: i32) -> Value {
        let id = receipt["id"].to_string();
        let (ended, words) = self.muster.try_to(&[&"outbox", &"undo", &id]);
        assert_eq!(ended, exit, "{words}");
        self.receipt(&self.last_push().to_string())
    }

    /// As `undo`, also where not all of it can be taken back.
    fn undo_whatever(&self, receipt: &Value) -> Value {
        let id = receipt["id"].to_string();
        let (exit, words) = self.muster.try_to(&[&"outbox", &"undo", &id]);
        assert!(exit < 2, "{exit} {words}");
        self.receipt(&self.last_push().to_string())
    }

    /// As `push`, and whatever comes of it.
    fn push_whatever(&self, roster: &Sheet, policies: &[&str]) {
        let held = self.holds_of(roster, policies);
        let held = held.iter().map(String::as_str);
        let more: Vec<&str> = policies.iter().copied().chain(held).collect();
        let (exit, words) = self.try_to_push(roster, &more);
        assert!(exit < 3, "{exit} {words}");
    }

    /// The switches that let go of what a plan is held by.
    fn holds_of(&self, roster: &Sheet, policies: &[&str]) -> Vec<String> {
        let plan = self.plan(roster, policies);
        list(&plan, "guards")
            .filter(|guard| guard["held"] == true)
            .flat_map(|guard| {
                ["--release".to_owned(), format!("{}={}", text(guard, "id"), guard["actual"])]
            })
            .collect()
    }

    /// How often a function was called.
    fn asked(&self, function: &str) -> usize {
        self.moodle.calls().iter().filter(|call| call.function == function).count()
    }

    /// How often it was asked to change something.
    fn changes(&self) -> usize {
        let calls = self.moodle.calls();
        let writes = ["create", "update", "delete", "add"];
        calls.iter().filter(|call| writes.iter().any(|w| call.function.contains(w))).count()
    }
}

fn as_words(words: &[String]) -> Vec<&dyn AsRef<OsStr>> {
    words.iter().map(|word| word as &dyn AsRef<OsStr>).collect()
}

/// The switches that let go of the holds of which it was told: “(`--release deactivate=3`)”.
fn releases(said: &str) -> Vec<String> {
    let named = said.split("`--release ").skip(1).filter_map(|rest| rest.split_once('`'));
    named.flat_map(|(named, _)| ["--release".to_owned(), named.to_owned()]).collect()
}

/// What became of somebody, by their username.
fn outcome<'r>(receipt: &'r Value, username: &str) -> (&'r str, &'r str) {
    let person = list(receipt, "people").find(|person| person["key"] == username);
    let person = person.unwrap_or_else(|| panic!("no {username} in {receipt:#}"));
    (text(person, "outcome"), text(person, "why"))
}

/// The usernames of those who were seen not to be as planned, in “Ana Silva (`user007`): City should be …”.
fn differing(receipt: &Value) -> Vec<&str> {
    let told = list(&receipt["proof"], "differing").filter_map(Value::as_str);
    let named = told.filter_map(|words| words.split_once("(`")?.1.split_once("`)"));
    named.map(|(username, _)| username).collect()
}
