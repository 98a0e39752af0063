//! What holds for all rules together: their pages, false positives, the schema of profiles.

mod pages;
mod profile_schema;
mod quiet;
