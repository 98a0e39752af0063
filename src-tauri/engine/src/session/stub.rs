//! Commands that are still to come.
use super::Engine;
use super::planning::*;
use crate::api::*;
use crate::error::*;
impl Engine {
    pub fn make_kit(&self, _r: KitAsked) -> Outcome<KitMade> {
        Err(Failure::internal("not built yet"))
    }
    pub fn problem_report(&self, _r: SaveCopy) -> Outcome<Saved> {
        Err(Failure::internal("not built yet"))
    }
}
