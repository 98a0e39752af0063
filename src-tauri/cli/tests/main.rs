//! Stories of the `muster` command, told through the program itself.

mod accounts;
mod bad_input;
mod both_faces;
mod check;
mod columns;
mod compare;
mod contract;
mod copy;
mod documented;
mod fix;
mod gate;
mod given;
mod guides;
mod identity;
mod journeys;
mod kit;
mod known;
mod locations;
mod mapping;
mod own_profiles;
mod prove;
mod recipe;
mod sample;
mod template;
mod understood;
mod world;
