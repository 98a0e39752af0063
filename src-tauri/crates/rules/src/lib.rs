//! [`rules`] look at a roster and report findings; the [`checker`] keeps them true while it is edited. Beside them stand the
//! operations that mend, fill, map and convert a roster, and the [`journal`] in which they are written down.
//!
//! Nothing here touches the world.

#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::cast_possible_truncation))]

pub mod attaching;
pub mod checker;
pub mod column_matching;
pub mod convert;
pub mod corrections;
pub mod filling;
pub mod fix_batch;
pub mod journal;
pub mod lms_report;
pub mod recipe;
pub mod report;
pub mod rules;

pub use rules::waiver;

#[cfg(test)]
mod tests;
