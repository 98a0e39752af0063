//! Bad neighbours: servers that do what no LMS should, before every connector that asks over HTTP.

mod answers;
mod answers_of_moodle;
mod clock;
mod damaged;
mod deeds;
mod echoing;
mod faults;
mod lists;
mod lms;
mod meanwhile;
mod people;
mod second;
mod server;
mod words;
mod world;
