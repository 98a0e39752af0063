//! The clock of this computer jumps: a day back, ten years ahead, to 1970, between planning, freezing, sending and telling.

use std::thread;
use std::time::{Duration, Instant};

use muster_engine::session::Engine;
use serde_json::{Value, json};

use super::deeds::{Deed, THERE, TOKEN};
use super::lms::{ALL, Lms};
use super::server::Fault;
use super::world::World;
use crate::command::{Muster, list, text};

/// A day back, ten years ahead, and when no clock was set.
const DAYS: [&str; 3] = ["2026-11-27", "2036-11-28", "1970-01-01"];
const TODAY: &str = "2026-11-28";

impl World {
    fn on(&self, day: &str) -> Muster {
        Muster { today: Some(day.to_owned()), ..Muster::new(&self.muster.home, TOKEN) }
    }
}

fn each(what: impl Fn(Lms, &str) + Sync) {
    thread::scope(|scope| {
        for lms in ALL {
            let what = &what;
            scope.spawn(move || DAYS.iter().for_each(|day| what(lms, day)));
        }
    });
}

#[test]
fn a_push_that_was_frozen_on_another_day_is_sent_once_and_its_receipt_is_whole() {
    each(|lms, day| {
        let mut world = World::with(lms, Fault::Maintenance, TOKEN, &THERE);
        let before = world.server.held();
        let then = world.on(day);
        world.muster = world.on(TODAY);
        let waits = world.sends(&[Deed::Makes], &before, &[]);
        assert_eq!(waits.exit, 2, "{lms:?} {day}: {}", waits.said);
        world.server.becomes(Fault::None);
        world.muster = then;
        let begun = Instant::now();
        let ran = world.outbox(&["resume", "1"]);
        let about = format!("{lms:?} {day}: {}", ran.said);
        assert!(begun.elapsed() < Duration::from_secs(60), "{about}");
        assert_eq!(ran.exit, 0, "{about}");
        world.is_true(&ran, &[Deed::Makes], &before);
        let planned = text(&ran.receipt, "planned");
        assert!(planned.starts_with(TODAY), "{about}");
        assert!(text(&ran.receipt, "ended").starts_with(day), "{about}");
        // Once more, on the first day again: nothing is left, and nobody is sent.
        world.muster = world.on(TODAY);
        let writes = world.server.writes();
        assert_eq!(world.outbox(&["resume", "1"]).exit, 2);
        assert_eq!(world.server.writes(), writes, "{about}");
        // The newest push stands first, whatever its time.
        world.muster = world.on(day);
        let back = world.outbox(&["undo", "1"]);
        let can_undo = !matches!(lms, Lms::EdApp | Lms::SafetyCulture);
        assert_eq!(back.exit, if can_undo { 0 } else { 2 }, "{lms:?} {day}: {}", back.said);
        assert_eq!(world.server.held().by_login("gus").is_none(), can_undo, "{lms:?} {day}");
        let listed = world.muster.answer(&[&"outbox"], 0);
        let ids: Vec<&Value> = list(&listed, "pushes").map(|push| &push["id"]).collect();
        assert_eq!(json!(ids), if can_undo { json!([2, 1]) } else { json!([1]) }, "{lms:?} {day}");
    });
}

/// A lock is held by whoever lives, and is no question of time.
#[test]
fn who_sends_is_known_whatever_both_clocks_say_and_nobody_who_has_ended_is_in_the_way() {
    each(|lms, day| {
        let mut world = World::with(lms, Fault::Maintenance, TOKEN, &THERE);
        let before = world.server.held();
        assert_eq!(world.sends(&[Deed::Makes], &before, &[]).exit, 2);
        world.server.becomes(Fault::Holds);
        world.muster = world.on(day);
        let mut first = world.begins(&["outbox", "resume", "1"].map(str::to_owned));
        world.muster = world.on(TODAY);
        let second = world.outbox(&["resume", "1"]);
        assert_eq!(second.exit, 2, "{lms:?} {day}: {}", second.said);
        assert!(second.said.contains("it is being sent already"), "{lms:?} {day}: {}", second.said);
        first.kill().expect("ended");
        first.wait().expect("ended");
        world.server.goes_on();
        let resumed = world.outbox(&["resume", "1"]);
        assert_eq!(resumed.exit, 0, "{lms:?} {day}: {}", resumed.said);
        assert_eq!(resumed.of_person("Gus Orr").0, "done", "{lms:?} {day}: {}", resumed.said);
        assert_eq!(world.server.held().twice(), Vec::<&str>::new(), "{lms:?} {day}");
    });
}

/// Its clock and this one may be years apart: a rest is as long as the LMS means it.
#[test]
fn a_rest_until_a_time_is_counted_by_the_clock_of_who_asks_for_it() {
    thread::scope(|scope| {
        for lms in ALL {
            for time in ["Fri, 28 Nov 2036 12:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT"] {
                scope.spawn(move || {
                    let world = World::with(lms, Fault::RestsAt(time), TOKEN, &THERE);
                    let before = world.server.held();
                    let begun = Instant::now();
                    let ran = world.sends(&[Deed::Makes], &before, &[]);
                    let took = begun.elapsed();
                    assert_eq!(ran.exit, 0, "{lms:?} {time}: {}", ran.said);
                    assert!(took < Duration::from_secs(60), "{lms:?} {time}: {took:?}");
                    // It is asked again once the second is over, and not before.
                    assert!(took >= Duration::from_secs(1), "{lms:?} {time}: {took:?}");
                });
            }
        }
    });
}

/// Each time that is asked for is an hour before the last one.
fn backwards() -> std::time::SystemTime {
    use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
    static HOURS: AtomicU64 = AtomicU64::new(500_000);
    std::time::UNIX_EPOCH + Duration::from_secs(HOURS.fetch_sub(1, Relaxed) * 3600)
}

#[test]
fn what_a_push_came_to_is_told_once_in_a_list_though_time_runs_backwards() {
    let world = World::with(Lms::Scim, Fault::None, TOKEN, &THERE);
    let window = Engine::new(world.path("window"), world.path("profiles"), backwards);
    let call = |name: &str, request: Value| {
        window.call(name, request).unwrap_or_else(|failure| panic!("{name}: {failure}"))
    };
    let saved = call(
        "save_connection",
        json!({
            "id": null, "name": "Small", "connector": "scim", "user": "", "options": {},
            "address": world.server.address().trim_start_matches("scim+"), "secret": TOKEN,
        }),
    );
    let fetched = json!({
        "connection": saved["id"], "secret": TOKEN, "path": world.path("window.csv"),
        "profile": "scim", "replace": false,
    });
    let job = call("fetch", fetched);
    call("send_by", json!({ "connection": saved["id"] }));
    let columns: Vec<&str> = list(&job, "columns").map(|column| text(column, "name")).collect();
    let name = columns.iter().position(|name| *name == "name.familyName").expect("a column");
    let rows = call("rows", json!({ "view": {}, "first": 0, "count": 100 }));
    call("edit", json!([{ "row": rows["rows"][0]["id"], "column": name, "value": "Lo" }]));
    let plan = call("plan", json!({ "policies": {}, "only": "changed" }));
    let frozen = json!({
        "plan": plan["id"], "releases": {}, "note": "", "first": null, "only": [],
    });
    let push = call("freeze_push", frozen);
    let sent = call("send", json!({ "id": push["id"], "secret": TOKEN }));
    assert_eq!(sent["push"]["state"], "sent", "{sent:#}");
    for _ in 0..2 {
        call("close", Value::Null);
        call("open_job", json!({ "id": job["id"] }));
        let history = call("history", Value::Null).to_string();
        assert_eq!(history.matches("Push 1: sent").count(), 1, "{history}");
    }
}
