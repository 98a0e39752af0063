//! Bytes in, text and places out, and back.

pub mod csv;
pub mod encoding;
mod known_names;
pub mod letters;
pub mod not_a_list;
pub mod quoting;
pub mod side;
pub mod sniff;
pub mod text;
pub mod xlsx;
