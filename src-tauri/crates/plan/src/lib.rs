//! What one connector would do to each person ([`plan`]), the upload [`kit`] that says it to an LMS, a [`push`] as it is
//! written down, and the [`verify`] of what came of either.
//!
//! Nothing here touches the world: a kit is handed out as bytes.

#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::cast_possible_truncation))]

pub mod guide;
pub mod kit;
pub mod plan;
pub mod push;
pub mod to_do;
pub mod trust;
pub mod verify;
pub mod worksheet;
