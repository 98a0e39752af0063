//! Files as other programs make them, and files as nobody should: each is read, or refused with a sentence.

#![allow(clippy::unwrap_used)]
#![allow(clippy::disallowed_methods, reason = "the tests read their own files")]

mod ods_files;
mod xls_files;
mod xls_written;
mod xlsx_drop_downs;
mod xlsx_files;
mod xlsx_filled;
mod xlsx_refused;
mod xlsx_written;
