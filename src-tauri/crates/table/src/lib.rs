//! Files of rows, and nothing about people: bytes become a [`table`] of texts in which nothing is lost, and go back byte for
//! byte where nobody touched them. [`edit`]s change it and take themselves back.
//!
//! Nothing here touches the world: bytes are handed in and handed out.
//!
//! ```
//! use muster_table::export::{ExportFormat, write};
//! use muster_table::reading::{ReadAs, about, read_bytes};
//!
//! # fn main() -> muster_table::error::Result<()> {
//! let file = b"Staff of November\r\n\r\nemail;name\r\nada@example.com;\"Ada\"\r\n".to_vec();
//! let read = read_bytes(file.clone(), "staff.csv", &ReadAs::default(), &|_| true)?;
//! assert_eq!(about(&read.reading), "UTF-8, semicolon");
//! assert_eq!(read.table.header_line(), 3);
//! assert_eq!(read.table.row(read.table.row_at(0).expect("one person")), ["ada@example.com", "Ada"]);
//!
//! // What nobody touched goes back byte for byte, the title and the needless quotes too.
//! assert_eq!(write(&read.table, ExportFormat::Text, 0)?.bytes, file);
//! # Ok(())
//! # }
//! ```

#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::cast_possible_truncation))]

pub mod edit;
pub mod error;
pub mod export;
pub mod format;
pub mod going;
pub mod html;
pub mod key_index;
pub mod narrow;
pub mod reading;
pub mod severity;
pub mod table;
pub mod words;
