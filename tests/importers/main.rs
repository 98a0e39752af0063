//! The five LMSs' imports, as their vendors describe them, and what must hold between them and Muster.
//!
//! Whoever wrote these had not read the planner: where both say the same of somebody, two have read the vendor's words so.

mod asap;
mod edapp;
mod invented;
mod laws;
mod learners;
mod roll;
mod roster;
mod sheet;
mod workleap;
#[path = "../../src-tauri/cli/tests/world.rs"]
#[expect(dead_code, reason = "the command's own tests use the rest")]
mod world;
