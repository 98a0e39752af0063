//! Commands that are still to come.
use super::Engine;
use super::compare::*;
use super::editing::*;
use super::history::*;
use super::job::*;
use super::planning::*;
use crate::api::*;
use crate::error::*;
impl Engine {
    pub fn open_sample(&self, _r: ()) -> Outcome<Job> {
        Err(Failure::internal("not built yet"))
    }
    pub fn set_list(&self, _r: SetList) -> Outcome<Job> {
        Err(Failure::internal("not built yet"))
    }
    pub fn keep_snapshot(&self, _r: KeepSnapshot) -> Outcome<Job> {
        Err(Failure::internal("not built yet"))
    }
    pub fn compare(&self, _r: CompareAsked) -> Outcome<Comparison> {
        Err(Failure::internal("not built yet"))
    }
    pub fn revert(&self, _r: Revert) -> Outcome<Edited> {
        Err(Failure::internal("not built yet"))
    }
    pub fn restore(&self, _r: Against) -> Outcome<Edited> {
        Err(Failure::internal("not built yet"))
    }
    pub fn plan(&self, _r: PlanAsked) -> Outcome<PlanView> {
        Err(Failure::internal("not built yet"))
    }
    pub fn plan_people(&self, _r: PlanPeopleAsked) -> Outcome<PlanPeople> {
        Err(Failure::internal("not built yet"))
    }
    pub fn make_kit(&self, _r: KitAsked) -> Outcome<KitMade> {
        Err(Failure::internal("not built yet"))
    }
    pub fn save_copy(&self, _r: SaveCopy) -> Outcome<Saved> {
        Err(Failure::internal("not built yet"))
    }
    pub fn problem_report(&self, _r: SaveCopy) -> Outcome<Saved> {
        Err(Failure::internal("not built yet"))
    }
    pub fn history(&self, _r: ()) -> Outcome<History> {
        Err(Failure::internal("not built yet"))
    }
}
