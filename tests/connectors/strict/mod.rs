//! What the play servers share that are written from documents alone: nobody has seen a real one, so they refuse whatever
//! their documents do not name, and what the documents leave open is a switch that the tests try both ways.
//!
//! Marks at their rules: [D] a page of the vendor says so, [C] a client program sends or reads it so, [I] inferred, [U] open.

pub mod http;
pub mod shape;
pub mod switches;
pub mod told;
pub mod window;
