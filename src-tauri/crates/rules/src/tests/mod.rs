//! What holds for all rules together: their pages, false positives, the schema of profiles, who is who.

mod false_positives;
mod fix_law;
mod holes;
mod laws;
mod misread;
mod pages;
mod profile_schema;
mod threads;
mod under_a_known_key;
mod unique_in_the_lms;
mod written_differently;
