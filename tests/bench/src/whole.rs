//! What takes a whole column at once, through the commands that the window calls: how long each takes, how far it tells that
//! it has come, and how soon it ends where somebody cancels it.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use muster_engine::session::Engine;
use serde_json::{Value, json};

use crate::alone::Outcome;
use crate::roster::{CENTRE, COUNTRY, DEPARTMENT, EMAIL, TITLE};

const PAUSE: Duration = Duration::from_millis(20);

/// A call, what it took in milliseconds, and for how long at most nobody was told anything new.
struct Call {
    reply: Value,
    took: f64,
    silent: f64,
}

struct Desk {
    engine: Engine,
    people: usize,
    told: Vec<Value>,
}

/// Milliseconds of each.
pub fn measure(file: &str, profile: &str, groups: &str, home: &str) -> Outcome {
    let profiles = Path::new(home).join("profiles");
    std::fs::create_dir_all(&profiles)?;
    std::fs::copy(profile, profiles.join("research.toml"))?;
    let engine = Engine::new(Path::new(home).join("data"), &profiles, SystemTime::now);
    let mut desk = Desk { engine, people: 0, told: Vec::new() };
    let job = desk.takes("open", "open", json!({ "path": file, "profile": "research" }))?;
    desk.people = job["people"].as_u64().unwrap_or_default() as usize;
    let list = json!({ "kind": "groups", "path": groups, "column": null, "text": null });
    desk.takes("a list of groups", "set_list", list)?;
    desk.looks()?;
    desk.changes()?;
    Ok(Value::Array(desk.told))
}

impl Desk {
    /// What shows the list otherwise.
    fn looks(&mut self) -> Outcome<()> {
        for (name, view) in [
            ("sort by title", json!({ "sort": { "column": TITLE, "descending": false } })),
            ("sort by title, back", json!({ "sort": { "column": TITLE, "descending": true } })),
            ("sort by e-mail", json!({ "sort": { "column": EMAIL, "descending": false } })),
            ("one country", json!({ "value": { "column": COUNTRY, "value": "DE" } })),
            ("search", json!({ "search": "jos" })),
            ("search for what nobody has", json!({ "search": "qzxw" })),
            ("people with problems", json!({ "show": "problems" })),
            ("changed people", json!({ "show": "changed" })),
        ] {
            self.takes(name, "rows", json!({ "view": view, "first": 0, "count": 60 }))?;
        }
        for (name, column) in [("values of a title", TITLE), ("values of an e-mail", EMAIL)] {
            let request = json!({ "column": column, "first": 0, "count": 50, "search": "" });
            self.takes(name, "column", request)?;
        }
        Ok(())
    }

    /// What changes many cells as one step, and takes that back.
    fn changes(&mut self) -> Outcome<()> {
        let request = json!({ "column": TITLE, "first": 0, "count": 5000, "search": "" });
        let values = self.call("column", request)?.reply;
        let of_all = values["values"].as_array().cloned().unwrap_or_default();
        let all: Vec<Value> =
            of_all.iter().map(|value| json!({ "from": value["value"], "to": "Member" })).collect();
        let one = json!({ "column": COUNTRY, "pairs": [{ "from": "DE", "to": "FR" }], "remember": false });
        let every = json!({ "column": TITLE, "pairs": all, "remember": false });
        let fill = |pattern: &str| json!({ "column": CENTRE, "pattern": pattern, "only_blank": false, "plain": false });
        let (fill, spaced) = (fill("{country}-{department}"), fill("{cost centre} "));
        for (name, command, request) in [
            ("replace one country", "map_values", one),
            ("replace every title", "map_values", every.clone()),
            ("fill a column from two others", "fill", fill),
            ("clear a column", "edit", self.cleared(DEPARTMENT)),
        ] {
            self.takes(name, command, request)?;
            self.takes(&format!("{name}: undo"), "undo", Value::Null)?;
            self.takes(&format!("{name}: redo"), "redo", Value::Null)?;
            self.call("undo", Value::Null)?;
        }
        self.call("fill", spaced)?;
        self.takes("everybody's problems, by value", "problems", Value::Null)?;
        let one = json!([{ "row": 7, "column": DEPARTMENT, "value": "Sales and more" }]);
        self.takes("a cell, where everybody has a problem", "edit", one)?;
        self.takes("the problems after it", "problems", Value::Null)?;
        self.takes("what every certain fix would do", "preview_safe_fixes", Value::Null)?;
        self.takes("every certain fix", "apply_safe_fixes", Value::Null)?;
        self.ends("replace every title, cancelled", "map_values", every)
    }

    /// Every cell of a column emptied, one by one.
    fn cleared(&self, column: usize) -> Value {
        let row = |row: usize| json!({ "row": row, "column": column, "value": "" });
        (1..=self.people).map(row).collect()
    }

    fn call(&self, name: &str, request: Value) -> Outcome<Call> {
        let begun = Instant::now();
        let ended = AtomicBool::new(false);
        thread::scope(|scope| {
            let silent = scope.spawn(|| self.longest_silence(&ended));
            let reply = self.engine.call(name, request);
            let took = begun.elapsed().as_secs_f64() * 1e3;
            ended.store(true, Relaxed);
            let silent = silent.join().map_err(|_| "nobody looked")?;
            let reply = reply.map_err(|failure| format!("{name}: {}", failure.what))?;
            Ok(Call { reply, took, silent })
        })
    }

    /// For how long at most a call that is under way tells nothing new of how far it has come.
    fn longest_silence(&self, ended: &AtomicBool) -> f64 {
        let (mut last, mut since, mut longest) = (Value::Null, Instant::now(), 0f64);
        while !ended.load(Relaxed) {
            let told = self.engine.call("progress", Value::Null).unwrap_or_default();
            if told != last {
                (last, since) = (told, Instant::now());
            }
            longest = longest.max(since.elapsed().as_secs_f64() * 1e3);
            thread::sleep(PAUSE);
        }
        longest
    }

    fn takes(&mut self, what: &str, name: &str, request: Value) -> Outcome {
        let Call { reply, took, silent } = self.call(name, request)?;
        let counted = reply.get("cells").or(reply.get("total")).or(reply.get("distinct"));
        self.told.push(json!({ "what": what, "ms": took, "silent": silent, "of": counted }));
        Ok(reply)
    }

    /// How soon a call ends that somebody cancels halfway, and is it then as if it had never begun?
    fn ends(&mut self, what: &str, name: &str, request: Value) -> Outcome<()> {
        let whole = self.call(name, request.clone())?;
        self.call("undo", Value::Null)?;
        let before = self.call("problems", Value::Null)?.reply;
        let (engine, half) = (&self.engine, Duration::from_secs_f64(whole.took / 2e3));
        let took = thread::scope(|scope| -> Outcome<f64> {
            let cancelled = scope.spawn(|| {
                thread::sleep(half);
                engine.call("cancel", Value::Null).map(|_| Instant::now())
            });
            let reply = engine.call(name, request);
            let ended = Instant::now();
            let cancelled = cancelled.join().map_err(|_| "it was not cancelled")?;
            let cancelled = cancelled.map_err(|failure| failure.what)?;
            match reply {
                Ok(_) => Err("it was done before it was cancelled".into()),
                Err(_) => Ok(ended.saturating_duration_since(cancelled).as_secs_f64() * 1e3),
            }
        })?;
        let after = self.call("problems", Value::Null)?;
        if after.reply != before {
            return Err("what was cancelled left something done".into());
        }
        self.told.push(json!({ "what": what, "ms": took, "then": after.took }));
        Ok(())
    }
}
