//! Whole stories, told through the commands as the window calls them: by name, with JSON in and out.

#![allow(clippy::disallowed_methods, reason = "a story has files of its own")]

mod accounts;
mod bad_input;
mod columns;
mod comparing;
mod corrections;
mod earlier;
mod editing;
mod home;
mod killing;
mod lists;
mod mapping;
mod million;
mod own_file;
mod places;
mod profiles;
mod recipes;
mod rights;
mod sample;
mod saving;
mod saying;
mod sending;
mod templates;
mod values;
mod verifying;
mod workbooks;
