//! Muster's engine: reads, checks, edits, compares, plans and pushes rosters.
//!
//! The data flows one way: bytes → [`format`] → [`table`] → [`roster`] → [`rules`] → [`finding`]s, and
//! [`edit`]s flow back. Only `store` and `connect` touch the world; everything else is handed what it needs.

pub mod api;
pub mod checker;
pub mod connect;
pub mod corrections;
pub mod diff;
pub mod edit;
pub mod error;
pub mod filling;
pub mod finding;
pub mod format;
mod html;
mod key_index;
pub mod likeness;
pub mod lms_report;
pub mod mending;
pub mod moving;
pub mod outbox;
pub mod places;
pub mod plan;
pub mod profile;
pub mod proof;
pub mod recipe;
pub mod report;
pub mod roster;
pub mod rules;
pub mod session;
pub mod store;
pub mod table;
pub mod template;
pub mod value_map;
