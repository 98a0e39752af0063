//! An engine with at most one open job, behind the commands of [`crate::api`].

pub mod compare;
pub mod editing;
pub mod history;
pub mod job;
pub mod planning;
pub mod problems;
pub mod rows;

pub struct Engine;
mod stub;
