//! What a table means in one LMS. A [`profile`] is data: fields, key, separators, policies. A [`roster`] is a table read
//! through one; [`lists`] and [`geo`] say which values there are, [`diff`] what differs between two.
//!
//! Nothing here touches the world.

#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::cast_possible_truncation))]

pub mod dates;
pub mod diff;
pub mod finding;
pub mod geo;
pub mod letters;
pub mod lists;
pub mod many_keys;
pub mod profile;
pub mod roster;
pub mod settling;
pub mod spelling;
pub mod template;
pub mod value_map;
