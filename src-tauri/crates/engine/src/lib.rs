//! Muster's engine: the program without its window. [`session`] holds the open list, [`outbox`] carries out pushes,
//! [`api`] is the one list of commands that the window calls.
//!
//! The data flows one way: bytes → [`mod@format`] → [`table`] → [`roster`] → [`rules`] → [`finding`]s, and [`edit`]s flow back.
//! What lies below is handed on here for those outside; inside, each file names the crate that it uses.
#![warn(missing_docs)]
#![warn(clippy::cast_possible_truncation)]

pub mod accounts;
pub mod api;
pub mod outbox;
pub mod profiles;
pub mod session;
pub mod sheets;
pub mod upload;

pub use muster_plan::{guide, kit, plan, push, to_do, verify, worksheet};
pub use muster_roster::{
    diff, finding, geo, lists, profile, roster, settling, template, value_map,
};
pub use muster_rules::{
    attaching, checker, column_matching, convert, corrections, filling, fix_batch, journal,
    lms_report, recipe, report, rules, waiver,
};
pub use muster_table::{
    edit, error, export, format, html, key_index, narrow, reading, severity, table, words,
};
pub use {muster_connect as connect, muster_store as store};
