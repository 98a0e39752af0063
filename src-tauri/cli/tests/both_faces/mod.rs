//! The window and the command do the same: what each writes is compared byte for byte, and what each says.

mod fixing;
#[path = "../../../crates/rules/src/tests/pages/page.rs"]
mod page;
mod planning;
mod recipes;

use std::time::{Duration, Instant};

use jiff::Timestamp;
use muster_engine::error::Result;
use muster_engine::reading::{self, ReadAs};
use muster_engine::session::Engine;
use muster_engine::store::Store;
use muster_engine::store::snapshots::SnapshotFacts;
use serde_json::{Value, json};

use crate::world::{Answer, World};

/// The profiles with a month of files.
const PROFILES: [&str; 6] =
    ["edapp", "emtrain-learners", "emtrain-roster", "kaspersky-asap", "safetyculture", "workleap"];

/// One list, open in the window and named to the command.
struct Faces {
    world: World,
    window: Engine,
    roster: String,
    /// What the command is told beside the roster.
    words: Vec<String>,
}

impl Faces {
    /// A file of the world, read through a profile.
    fn of(world: World, roster: &str, profile: &str) -> Faces {
        Faces::read_as(world, roster, profile, &ReadAs::default())
    }

    fn read_as(world: World, roster: &str, profile: &str, read_as: &ReadAs) -> Faces {
        let (data, profiles) = (world.path("data"), world.path("home/profiles"));
        let window = Engine::new(data, profiles, std::time::SystemTime::now).by_local_days();
        let words = vec!["--profile".to_owned(), profile.to_owned()];
        let mut faces = Faces { world, window, roster: roster.to_owned(), words };
        let path = faces.world.path(roster);
        faces.window("open", json!({ "path": path, "profile": profile, "reading": read_as }));
        if let (Some(delimiter), Some(header)) = (&read_as.delimiter, read_as.header) {
            faces.words.push("--as".into());
            faces.words.push(format!("delimiter={delimiter},header={header}"));
        }
        faces
    }

    /// With the values of a list, from a file of the world.
    fn list(mut self, kind: &str, file: &str) -> Faces {
        let path = self.world.path(file);
        self.window(
            "set_list",
            json!({ "kind": kind, "path": path, "column": null, "text": null }),
        );
        self.words.extend(["--list".into(), format!("{kind}={file}")]);
        self
    }

    /// Compared with an earlier file of the world: the window has it from an earlier month.
    fn against(mut self, file: &str, read_as: &ReadAs) -> Faces {
        let now = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let read = reading::read_bytes(self.world.read(file), file, read_as, &|_| true);
        let table = read.expect("a table").table;
        let text = table.to_text();
        let delimiter = char::from(table.dialect().delimiter).to_string();
        let reading = json!({ "delimiter": delimiter, "header": table.header_line() });
        let job = self.window("job", Value::Null)["id"].clone();
        let id = u32::try_from(job.as_u64().expect("a number")).expect("a small one");
        self.window("close", Value::Null);
        let store = Store::open(&self.world.path("data"), &now).expect("the store");
        let (held, record) = in_the_end(|| store.hold(id, &now));
        let facts = SnapshotFacts {
            at: now,
            note: String::new(),
            source: file.to_owned(),
            people: u32::try_from(table.len()).expect("few"),
            profile: record.facts.profile,
            reading,
        };
        let kept = store.blobs().keep(text.as_bytes()).expect("kept");
        store.keep_snapshot(&held, &facts, kept).expect("kept");
        drop((held, store));
        in_the_end(|| self.window.call("open_job", json!({ "id": id })));
        self.words.extend(["--against".into(), file.to_owned()]);
        if let (Some(delimiter), Some(header)) = (&read_as.delimiter, read_as.header) {
            self.words.push("--older-as".into());
            self.words.push(format!("delimiter={delimiter},header={header}"));
        }
        self
    }

    /// With choices of what the import does, `id=choice` each.
    fn policies<'p>(mut self, chosen: impl Iterator<Item = &'p str>) -> Faces {
        let mut policies = serde_json::Map::new();
        for chosen in chosen {
            let (id, choice) = chosen.split_once('=').expect("a policy is `id=choice`");
            policies.insert(id.to_owned(), choice.into());
            self.words.extend(["--policy".into(), chosen.to_owned()]);
        }
        if !policies.is_empty() {
            self.window("plan", json!({ "policies": policies, "only": "changed" }));
        }
        self
    }

    /// What the window answers.
    #[track_caller]
    fn window(&self, name: &str, request: Value) -> Value {
        self.window.call(name, request).unwrap_or_else(|failure| panic!("{name}: {failure}"))
    }

    /// What the command answers, of this list, in JSON.
    fn command(&self, word: &str, more: &[&str]) -> Answer {
        let mut words = vec![word, &self.roster, "--format", "json"];
        words.extend(self.words.iter().map(String::as_str));
        words.extend(more);
        self.world.muster_with(&words)
    }

    /// The list as the window saves it.
    fn saved(&self) -> Vec<u8> {
        let path = self.world.path("window.csv");
        self.window("save_copy", json!({ "path": path, "replace": true }));
        self.world.read("window.csv")
    }
}

/// What succeeds once it is free: another test's command is born with the locks of this program, and drops them as it begins.
#[track_caller]
fn in_the_end<T>(mut attempt: impl FnMut() -> Result<T>) -> T {
    let begun = Instant::now();
    loop {
        match attempt() {
            Ok(done) => return done,
            Err(failure) if begun.elapsed() > Duration::from_secs(20) => panic!("{failure}"),
            Err(_) => std::thread::sleep(Duration::from_millis(10)),
        }
    }
}

/// A file of a profile's month.
fn of_month(profile: &str, name: &str) -> Vec<u8> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/profiles");
    let path = folder.join(profile).join(name);
    std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The texts of a list.
#[track_caller]
fn texts(list: &Value) -> Vec<&str> {
    list.as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}
