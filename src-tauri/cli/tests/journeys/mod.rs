//! The days for which five vendors wrote an article, from the file that somebody really has to the kit: ten invented
//! people for each, and each with the fault that turns up in practice. The files lie in `files`.

mod asap;
mod edapp;
mod learners;
mod leavers;
mod roster;
mod workleap;

use std::path::Path;

use serde_json::Value;

use crate::world::World;

/// A folder with files of these journeys.
pub fn with(files: &[&str]) -> World {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/journeys/files");
    files.iter().fold(World::new(), |world, name| {
        let bytes = std::fs::read(folder.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        world.with(name, bytes)
    })
}

/// The day on which a story takes place, unless it says another.
pub const DAY: &str = "2026-11-28";

/// What `muster plan` says, as JSON.
pub fn plan(world: &World, words: &str) -> Value {
    world.muster_on(DAY, &format!("plan {words} --format json")).json()
}

/// The holds of a plan: id and number.
pub fn holds(plan: &Value) -> Vec<(String, u64)> {
    let all = plan["guards"].as_array().into_iter().flatten().filter(|g| g["held"] == true);
    all.map(|g| (g["id"].as_str().unwrap_or("").to_owned(), g["actual"].as_u64().unwrap_or(0)))
        .collect()
}

/// Who has an action, by key.
pub fn who(plan: &Value, action: &str) -> Vec<String> {
    let people = plan["people"].as_array().into_iter().flatten();
    let them = people.filter(|p| p["action"] == action);
    them.map(|p| p["key"].as_str().unwrap_or("").to_owned()).collect()
}
