//! One file for each command.

pub mod accounts;
pub mod check;
pub mod convert;
pub mod copy;
pub mod diff;
pub mod fetch;
pub mod findings;
pub mod fix;
pub mod kit;
pub mod locations;
pub mod merge;
mod not_sent;
pub mod outbox;
pub mod plan;
pub mod profiles;
pub mod prove;
pub mod push;
pub mod recipe;
pub mod rules;
pub mod template;
