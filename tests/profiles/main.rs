//! For each LMS an invented export, a month of ordinary edits, and the same export damaged in the ways that its people
//! know: every planted fault is found at its cell by its rule, and nothing else is reported.
//!
//! In the folder of a profile, `snapshot.csv` is what the LMS has. Beside an edit of it, such as `damaged.csv`, lies
//! `damaged.planted.csv`: what has to be found in it. Where the LMS takes a workbook, the files are made into one, and
//! `damaged.cells.csv` says which cells hold a number, a date or a formula.

#![allow(clippy::disallowed_methods, reason = "the stories read files of their own")]

mod demands;
mod false_positive_rate;
mod kits;
mod mangled;
mod people;
mod seeded_errors;
mod world;
