//! Bad neighbours: servers that do what no LMS should, before every connector that asks over HTTP.

mod echoing;
mod faults;
mod lists;
mod lms;
mod server;
mod world;
