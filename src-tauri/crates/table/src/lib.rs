//! Files of rows, and nothing about people: bytes become a [`table`] of texts in which nothing is lost, and go back byte for
//! byte where nobody touched them. [`edit`]s change it and take themselves back.
//!
//! Nothing here touches the world: bytes are handed in and handed out.

pub mod edit;
pub mod error;
pub mod export;
pub mod format;
pub mod going;
pub mod html;
pub mod key_index;
pub mod reading;
pub mod severity;
pub mod table;
pub mod words;
