//! What is stopped, or what the disk refuses, leaves everything as it was; and no window waits for another's list.
#![expect(clippy::disallowed_methods, reason = "what is kept is looked at on the disk")]

#[expect(dead_code, reason = "a list of groups is not needed here")]
#[path = "../../../../../tests/bench/src/edapp.rs"]
mod edapp;

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde_json::{Value, json};
use tempfile::TempDir;

use self::edapp::Dice;
use super::Engine;
use super::job::{JobView, WorkId};
use muster_roster::lists::RealValues;
use muster_store::journal::Step;
use muster_table::error::{Failure, FailureKind};

/// How often each kind of work is stopped.
const TIMES: usize = 8;

struct Desk {
    folder: TempDir,
    engine: Engine,
    file: PathBuf,
}

/// Everything that a stopped call must leave as it was.
#[derive(PartialEq)]
struct Standing {
    job: JobView,
    steps: Vec<Step>,
    table: u64,
    with_findings: Vec<u32>,
    /// What somebody said is real.
    real: RealValues,
}

/// So many people, of whom one in two has a blank too much, and a list of them that is open.
fn desk(people: usize) -> Desk {
    let folder = tempfile::tempdir().expect("a folder");
    let engine = Engine::new(folder.path().join("data"), folder.path(), SystemTime::now);
    let file = folder.path().join("staff.csv");
    std::fs::write(&file, text_of(people)).expect("written");
    let desk = Desk { folder, engine, file };
    desk.call("open", json!({ "path": desk.file })).expect("opened");
    desk
}

fn text_of(people: usize) -> String {
    edapp::roster(people).replace(",Sales,", ",Sales  ,").replace(",People,", ",People  ,")
}

fn everybody() -> usize {
    std::env::var("MUSTER_SOAK_PEOPLE").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000)
}

impl Desk {
    fn call(&self, name: &str, request: Value) -> Result<Value, Failure> {
        self.engine.call(name, request)
    }

    fn stands(&self) -> Standing {
        let here = self.engine.with_job(|job| {
            Ok(Standing {
                job: job.view(),
                steps: job.steps().to_vec(),
                table: hash(job.table().to_text().as_bytes()),
                with_findings: job.checker().rows_with_findings(),
                real: job.checker().context().real.clone(),
            })
        });
        here.expect("a list is open")
    }

    /// Stops a call at some of its looks: the first, the last, and others here and there. Afterwards it finds nothing to do.
    fn stop(&self, name: &str, request: &Value) {
        self.stop_step(name, request);
        self.call("redo", Value::Null).expect("what was taken back can still be made again");
        assert_eq!(self.call(name, request.clone()).err().map(|f| f.kind), self.again(name));
        self.call("undo", Value::Null).expect("taken back");
    }

    fn stop_step(&self, name: &str, request: &Value) {
        self.call(name, request.clone()).expect("it can be done");
        let (all, late) = *self.engine.work.looked.lock().expect("it is free");
        assert_eq!(late, 0, "nobody stopped it");
        assert!(all > 2, "{name} looks whether it is to go on: {all} times");
        self.call("undo", Value::Null).expect("taken back");
        let before = self.stands();
        let mut dice = Dice::new(u64::from(all));
        let others = (2..TIMES).map(|_| 1 + dice.roll(all as usize) as u32);
        for at in [1, all].into_iter().chain(others) {
            self.stopped_at(at, name, request, all);
            assert!(self.stands() == before, "{name}, stopped at look {at} of {all}");
        }
        self.stop_moving("redo");
        self.call("redo", Value::Null).expect("what was taken back can still be made again");
        self.stop_moving("undo");
        self.call("undo", Value::Null).expect("taken back");
    }

    /// Stops the way back or forth at its first and its last look, and here and there.
    fn stop_moving(&self, name: &str) {
        self.call(name, Value::Null).expect("it can be done");
        let (all, _) = *self.engine.work.looked.lock().expect("it is free");
        assert!(all > 2, "{name} looks whether it is to go on: {all} times");
        self.call(if name == "undo" { "redo" } else { "undo" }, Value::Null).expect("and back");
        let before = self.stands();
        for at in [1, all / 2, all] {
            self.stopped_at(at, name, &Value::Null, all);
            assert!(self.stands() == before, "{name}, stopped at look {at} of {all}");
        }
    }

    /// What was done once cannot be done again, but for a recipe, which then says so line by line.
    fn again(&self, name: &str) -> Option<FailureKind> {
        (name != "run_recipe").then_some(FailureKind::State)
    }

    fn stopped_at(&self, at: u32, name: &str, request: &Value, all: u32) {
        use std::sync::atomic::Ordering::Relaxed;
        self.engine.work.stop_at.store(at, Relaxed);
        let outcome = self.call(name, request.clone());
        self.engine.work.stop_at.store(0, Relaxed);
        let failure = outcome.expect_err("it was stopped");
        assert_eq!(failure.kind, FailureKind::Cancelled, "{name} at {at} of {all}: {failure}");
        let (looks, _) = *self.engine.work.looked.lock().expect("it is free");
        // Whoever stops at the last look may still ask what stopped it.
        assert!(looks <= all + 3, "{name} goes no further: {looks} of {all} looks");
        assert_eq!(self.engine.progress(()).expect("told"), None);
    }
}

fn hash(bytes: &[u8]) -> u64 {
    use std::hash::Hasher;
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(bytes);
    hasher.finish()
}

fn all_stray_spaces() -> Value {
    json!({ "rule": "space-stray", "value": null, "row": null, "column": null, "safe_only": false })
}

fn note_of_everybody() -> Value {
    json!({ "column": 15, "pattern": "{lastname (optional)}, {externalid (optional)}",
        "only_blank": false, "plain": false })
}

fn work_on_an_open_list(people: usize) {
    let desk = desk(people);
    let real = json!({ "kind": "groups", "value": "Night shift" });
    desk.call("say_real", real).expect("noted");
    desk.stop("apply_fix", &all_stray_spaces());
    desk.stop("fill", &note_of_everybody());
    let column = json!({ "do": "drop", "column": 14 });
    desk.stop_step("arrange", &column);
    desk.call("arrange", column).expect("taken out");
    desk.call("apply_fix", all_stray_spaces()).expect("fixed");
    let recipe = desk.call("save_recipe", json!({ "name": "Every month", "replace": false }));
    let path = recipe.expect("kept")["path"].clone();
    desk.call("undo", Value::Null).expect("taken back");
    desk.call("undo", Value::Null).expect("taken back");
    a_recipe(&desk, &path);
}

/// It makes several steps: none of them stays.
fn a_recipe(desk: &Desk, path: &Value) {
    let request = json!({ "path": path });
    let before = desk.stands();
    desk.call("run_recipe", request.clone()).expect("it can be done");
    let (all, _) = *desk.engine.work.looked.lock().expect("it is free");
    let made = desk.stands().steps.len();
    assert_eq!(made, 2, "two steps are in the recipe");
    for _ in 0..made {
        desk.call("undo", Value::Null).expect("taken back");
    }
    assert_eq!(desk.stands().table, before.table);
    let before = desk.stands();
    let mut dice = Dice::new(7);
    for at in [1, all, 1 + dice.roll(all as usize) as u32, 1 + dice.roll(all as usize) as u32] {
        desk.stopped_at(at, "run_recipe", &request, all);
        assert!(desk.stands() == before, "stopped at look {at} of {all}");
    }
    desk.call("run_recipe", request).expect("the next call works");
    assert_eq!(desk.stands().steps.len(), 2);
}

fn opening(people: usize) {
    let desk = desk(10);
    let jobs = desk.folder.path().join("data/jobs");
    let many = desk.folder.path().join("many.csv");
    std::fs::write(&many, text_of(people)).expect("written");
    let request = json!({ "path": many });
    desk.call("open", request.clone()).expect("opened");
    let (all, _) = *desk.engine.work.looked.lock().expect("it is free");
    let id = desk.call("job", Value::Null).expect("told")["id"].clone();
    desk.call("forget", json!({ "id": id })).expect("forgotten");
    desk.call("open", json!({ "path": desk.file })).expect("opened");
    let before = desk.stands();
    let mut dice = Dice::new(3);
    let others = (2..TIMES).map(|_| 1 + dice.roll(all as usize) as u32);
    for at in [1, all].into_iter().chain(others) {
        desk.stopped_at(at, "open", &request, all);
        assert!(desk.stands() == before, "the list that was open stays so");
        assert_eq!(entries(&jobs), 1, "nothing is kept of the other, stopped at {at} of {all}");
    }
    let recent = desk.call("home", Value::Null).expect("told")["recent"].clone();
    assert_eq!(recent.as_array().map(Vec::len), Some(1), "{recent}");
    let job = desk.call("open", request).expect("the next call works");
    assert_eq!(job["people"], people);
    desk.call("apply_fix", all_stray_spaces()).expect("fixed");
    opening_where_it_stood(&desk, &job["id"]);
}

fn opening_where_it_stood(desk: &Desk, id: &Value) {
    let stood = desk.stands();
    let request = json!({ "id": id });
    desk.call("close", Value::Null).expect("left");
    desk.call("open_job", request.clone()).expect("opened");
    let (all, _) = *desk.engine.work.looked.lock().expect("it is free");
    desk.call("close", Value::Null).expect("left");
    for at in [1, all / 2, all] {
        desk.stopped_at(at, "open_job", &request, all);
        assert!(desk.call("job", Value::Null).is_err(), "nothing is open");
    }
    desk.call("open_job", request).expect("the next call works");
    let again = desk.stands();
    assert_eq!((again.table, again.steps), (stood.table, stood.steps));
}

fn entries(folder: &Path) -> usize {
    std::fs::read_dir(folder).expect("there").count()
}

#[test]
fn a_fix_a_fill_and_a_recipe_that_are_stopped_leave_nothing_done() {
    work_on_an_open_list(6_000);
}

#[test]
fn a_list_whose_opening_is_stopped_was_never_there() {
    opening(6_000);
}

#[test]
#[ignore = "a million people: make soak"]
fn among_a_million_people_work_that_is_stopped_leaves_nothing_done() {
    work_on_an_open_list(everybody());
    opening(everybody());
}

/// Prints what passes between a cancel and the answer, halfway through each kind of work.
#[test]
#[ignore = "a million people: make soak"]
fn how_soon_work_answers_that_is_stopped_is_told() {
    use std::time::Instant;
    let desk = desk(everybody());
    let many = desk.folder.path().join("many.csv");
    std::fs::copy(&desk.file, &many).expect("copied");
    let works = [
        ("open", json!({ "path": many })),
        ("apply_fix", all_stray_spaces()),
        ("fill", note_of_everybody()),
    ];
    for (name, request) in works {
        let begun = Instant::now();
        desk.call(name, request.clone()).expect("it can be done");
        let whole = begun.elapsed();
        if name == "open" {
            let id = desk.call("job", Value::Null).expect("told")["id"].clone();
            desk.call("forget", json!({ "id": id })).expect("forgotten");
            desk.call("open", json!({ "path": desk.file })).expect("opened");
        } else {
            desk.call("undo", Value::Null).expect("taken back");
        }
        println!("{name} takes {} ms; from cancel to answer:", whole.as_millis());
        for tenth in 1..10u32 {
            let (answered, kind) = std::thread::scope(|scope| {
                let calling = scope.spawn(|| desk.call(name, request.clone()));
                std::thread::sleep(whole * tenth / 10);
                let told = Instant::now();
                desk.call("cancel", Value::Null).expect("told");
                let outcome = calling.join().expect("it ends");
                (told.elapsed(), outcome.err().map(|failure| failure.kind))
            });
            println!("  after {tenth}/10: {} ms, {kind:?}", answered.as_millis());
            if kind.is_none() {
                println!("  it was done before");
                break;
            }
        }
    }
}

/// What a call keeps beside its steps: what columns are used as, and what values became.
fn remembered(desk: &Desk) -> (String, String) {
    let id = desk.engine.with_job(|job| Ok(job.chosen().profile.id.clone())).expect("open");
    let uses = desk.engine.uses_of(&id).expect("readable");
    let values = desk.engine.values_of(&id).expect("readable");
    (format!("{uses:?}"), format!("{values:?}"))
}

/// Stops a call at each of its looks, on lists that differ in nothing.
fn is_forgotten_when_stopped(name: &str, prepare: impl Fn(&Desk) -> Value) {
    let whole = desk(40);
    let request = prepare(&whole);
    let before = remembered(&whole);
    whole.call(name, request).expect("it can be done");
    assert_ne!(remembered(&whole), before, "{name} remembers something");
    let (all, _) = *whole.engine.work.looked.lock().expect("it is free");
    for at in 1..=all {
        let desk = desk(40);
        let request = prepare(&desk);
        let (stood, before) = (desk.stands(), remembered(&desk));
        desk.stopped_at(at, name, &request, all);
        assert_eq!(remembered(&desk), before, "{name}, stopped at look {at} of {all}");
        assert!(desk.stands() == stood, "{name}, stopped at look {at} of {all}");
        desk.call(name, request).expect("the next call works");
    }
}

#[test]
fn what_goes_with_a_step_is_not_remembered_when_that_is_stopped() {
    is_forgotten_when_stopped("map_values", |_| {
        let pair = json!({ "from": "Sales", "to": "Selling" });
        json!({ "column": 11, "pairs": [pair], "remember": true })
    });
    is_forgotten_when_stopped("run_recipe", |desk| {
        let leave = |used: Value| json!([{ "column": 15, "used": used }]);
        desk.call("set_mapping", leave(json!({ "as": "leave" }))).expect("said");
        desk.call("apply_fix", all_stray_spaces()).expect("fixed");
        let recipe = desk.call("save_recipe", json!({ "name": "Monthly", "replace": false }));
        let path = recipe.expect("kept")["path"].clone();
        desk.call("undo", Value::Null).expect("taken back");
        desk.call("set_mapping", leave(Value::Null)).expect("said");
        json!({ "path": path })
    });
}

#[test]
fn a_list_that_is_seen_through_other_eyes_stays_as_it_was_when_that_is_stopped() {
    let calls = [
        ("choose_profile", json!({ "id": "generic" })),
        ("set_mapping", json!([{ "column": 15, "used": { "as": "leave" } }])),
        ("set_list", json!({ "kind": "groups", "path": null, "column": null, "text": "Sales" })),
        ("keep_snapshot", json!({ "note": "" })),
        ("reopen", json!({ "encoding": null, "delimiter": null, "sheet": null, "header": 2 })),
    ];
    for (name, request) in calls {
        let whole = desk(40);
        whole.call(name, request.clone()).expect("it can be done");
        let (all, _) = *whole.engine.work.looked.lock().expect("it is free");
        assert!(all > 1, "{name} looks whether it is to go on: {all} times");
        for at in 1..=all {
            let desk = desk(40);
            let (stood, before) = (desk.stands(), remembered(&desk));
            desk.stopped_at(at, name, &request, all);
            assert_eq!(remembered(&desk), before, "{name}, stopped at look {at} of {all}");
            assert!(desk.stands() == stood, "{name}, stopped at look {at} of {all}");
            desk.call("close", Value::Null).expect("left");
            let id = stood.job.id;
            desk.call("open_job", json!({ "id": id })).expect("it opens where it stood");
            let again = desk.stands();
            assert_eq!(
                (again.job.profile, again.job.counts),
                (stood.job.profile, stood.job.counts)
            );
        }
    }
}

/// The database as it is on a disk that takes nothing more.
fn refuse_writing(desk: &Desk, refused: bool) {
    let path = desk.folder.path().join("data/muster.db");
    let database = rusqlite::Connection::open(path).expect("opened");
    for table in ["job", "operation", "snapshot", "setting", "list"] {
        for what in ["insert", "update"] {
            let name = format!("refuse_{what}_{table}");
            let sql = match refused {
                true => format!(
                    "create trigger {name} before {what} on {table} begin select raise(abort, 'no'); end"
                ),
                false => format!("drop trigger {name}"),
            };
            database.execute_batch(&sql).expect("carried out");
        }
    }
}

#[test]
fn what_the_disk_refuses_is_not_in_memory_either() {
    let desk = desk(10);
    let policies = json!({ "policies": { "groups": "replace" }, "only": "all" });
    desk.call("edit", json!([{ "row": 1, "column": 15, "value": "kept" }])).expect("kept");
    desk.call("edit", json!([{ "row": 2, "column": 15, "value": "back" }])).expect("kept");
    desk.call("undo", Value::Null).expect("taken back");
    desk.call("plan", policies.clone()).expect("planned");
    let policies = json!({ "policies": { "groups": "add" }, "only": "all" });
    let calls = [
        ("edit", json!([{ "row": 1, "column": 15, "value": "other" }])),
        ("apply_fix", all_stray_spaces()),
        ("arrange", json!({ "do": "move", "column": 15, "to": 0 })),
        ("insert_person", json!({ "after": 1 })),
        ("delete_people", json!([1])),
        ("undo", Value::Null),
        ("redo", Value::Null),
        ("unlock_key", json!({ "unlocked": true })),
        ("choose_profile", json!({ "id": "generic" })),
        ("keep_snapshot", json!({ "note": "" })),
        ("reopen", json!({ "encoding": null, "delimiter": null, "sheet": null, "header": 2 })),
        ("set_list", json!({ "kind": "groups", "path": null, "column": null, "text": "Sales" })),
        ("plan", policies),
    ];
    let facts = || desk.engine.with_job(|job| Ok(job.facts().clone())).expect("a list is open");
    let (before, facts_before) = (desk.stands(), facts());
    refuse_writing(&desk, true);
    for (name, request) in &calls {
        desk.call(name, request.clone()).expect_err(name);
        assert!(desk.stands() == before, "{name} changed what is in memory");
        assert_eq!(facts(), facts_before, "{name}");
    }
    refuse_writing(&desk, false);
    let (name, request) = &calls[0];
    desk.call(name, request.clone()).expect("there is room again");
}

#[test]
fn two_windows_have_a_list_each_and_neither_waits_for_the_other() {
    let one = desk(10);
    let other = one.engine.beside();
    let file = one.folder.path().join("other.csv");
    std::fs::write(&file, text_of(12)).expect("written");
    let job = other.call("open", json!({ "path": file })).expect("opened");
    let edit = |value: &str| json!([{ "row": 1, "column": 15, "value": value }]);

    // As long as this is held, work on the first list is under way.
    let busy = one.engine.lock_job();
    let working = one.engine.work.begin();
    working.step("Checking 10 people", 10);
    let edited = other.call("edit", edit("here")).expect("it does not wait");
    assert_eq!(edited["cells"], 1);
    one.engine.cancel(None).expect("told");
    assert!(working.look().is_err(), "only long work that is under way is stopped");
    drop((working, busy));

    let id = job["id"].as_u64().expect("a number") as u32;
    one.engine.call_on(id, "edit", edit("from there")).expect("it is addressed by its job");
    one.call("edit", edit("one")).expect("edited");
    let note = |engine: &Engine| {
        engine.with_job(|job| Ok(job.table().cell(1, 15).into_owned())).expect("open")
    };
    assert_eq!((note(&one.engine), note(&other)), ("one".into(), "from there".into()));
    assert!(one.engine.call_on(id + 1, "job", Value::Null).is_err());
    drop(other);
    assert!(one.engine.call_on(id, "job", Value::Null).is_err(), "its window was closed");
    one.call("open_job", json!({ "id": id })).expect("and it opens where it stood");
    assert_eq!(note(&one.engine), "from there");
}

/// How far each call has come that is under way, and by which id it is stopped.
fn under_way(engine: &Engine, what: &str) -> u32 {
    let begun = std::time::Instant::now();
    loop {
        let progress = engine.progress(()).expect("told");
        if let Some(id) = progress.filter(|p| p.what.contains(what)).and_then(|p| p.id) {
            return id;
        }
        assert!(begun.elapsed().as_secs() < 60, "{what} is not under way");
        std::thread::yield_now();
    }
}

#[test]
fn of_two_windows_that_work_one_is_stopped_and_the_other_ends_its_work() {
    let one = desk(20_000);
    let other = one.engine.beside();
    let file = one.folder.path().join("other.csv");
    std::fs::write(&file, text_of(20_001)).expect("written");
    other.call("open", json!({ "path": file })).expect("opened");
    let before = one.stands();
    std::thread::scope(|scope| {
        let stopped = scope.spawn(|| one.call("apply_fix", all_stray_spaces()));
        let id = under_way(&one.engine, "Working out what changes");
        let whole = scope.spawn(|| other.call("apply_fix", all_stray_spaces()));
        one.engine.cancel(Some(WorkId { id })).expect("told");
        let failure = stopped.join().expect("it ends").expect_err("stopped");
        assert_eq!(failure.kind, FailureKind::Cancelled);
        let edited = whole.join().expect("it ends").expect("fixed");
        assert!(edited["cells"].as_u64() > Some(5_000), "{edited}");
    });
    assert!(one.stands() == before, "what was stopped is as it was");
}
