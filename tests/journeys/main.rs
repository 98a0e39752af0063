//! Whole stories, told through the commands as the window calls them: by name, with JSON in and out.

mod editing;
mod home;
mod sample;
