//! Whole stories, told through the commands as the window calls them: by name, with JSON in and out.

#![allow(clippy::disallowed_methods, reason = "a story has files of its own")]

mod editing;
mod home;
mod sample;
