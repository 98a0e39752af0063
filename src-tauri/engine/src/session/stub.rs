use super::*;
use crate::api::*;
use crate::error::*;
use compare::*;
use editing::*;
use history::*;
use job::*;
use planning::*;
use problems::*;
use rows::*;
impl Engine {
    pub fn home(&self, _r: ()) -> Outcome<Home> {
        Err(Failure::internal("not built yet"))
    }
    pub fn open(&self, _r: Open) -> Outcome<Job> {
        Err(Failure::internal("not built yet"))
    }
    pub fn open_job(&self, _r: JobId) -> Outcome<Job> {
        Err(Failure::internal("not built yet"))
    }
    pub fn open_sample(&self, _r: ()) -> Outcome<Job> {
        Err(Failure::internal("not built yet"))
    }
    pub fn job(&self, _r: ()) -> Outcome<Job> {
        Err(Failure::internal("not built yet"))
    }
    pub fn reopen(&self, _r: ReadAs) -> Outcome<Job> {
        Err(Failure::internal("not built yet"))
    }
    pub fn choose_profile(&self, _r: ProfileId) -> Outcome<Job> {
        Err(Failure::internal("not built yet"))
    }
    pub fn close(&self, _r: ()) -> Outcome<()> {
        Err(Failure::internal("not built yet"))
    }
    pub fn forget(&self, _r: JobId) -> Outcome<()> {
        Err(Failure::internal("not built yet"))
    }
    pub fn progress(&self, _r: ()) -> Outcome<Option<Progress>> {
        Err(Failure::internal("not built yet"))
    }
    pub fn cancel(&self, _r: ()) -> Outcome<()> {
        Err(Failure::internal("not built yet"))
    }
    pub fn rows(&self, _r: RowsAsked) -> Outcome<Rows> {
        Err(Failure::internal("not built yet"))
    }
    pub fn cell(&self, _r: CellAsked) -> Outcome<CellView> {
        Err(Failure::internal("not built yet"))
    }
    pub fn person(&self, _r: RowId) -> Outcome<PersonView> {
        Err(Failure::internal("not built yet"))
    }
    pub fn column(&self, _r: ColumnAsked) -> Outcome<ColumnView> {
        Err(Failure::internal("not built yet"))
    }
    pub fn find(&self, _r: Find) -> Outcome<Option<Found>> {
        Err(Failure::internal("not built yet"))
    }
    pub fn edit(&self, _r: Vec<CellEdit>) -> Outcome<Edited> {
        Err(Failure::internal("not built yet"))
    }
    pub fn insert_person(&self, _r: InsertPerson) -> Outcome<Edited> {
        Err(Failure::internal("not built yet"))
    }
    pub fn duplicate_people(&self, _r: Vec<u32>) -> Outcome<Edited> {
        Err(Failure::internal("not built yet"))
    }
    pub fn delete_people(&self, _r: Vec<u32>) -> Outcome<Edited> {
        Err(Failure::internal("not built yet"))
    }
    pub fn undo(&self, _r: ()) -> Outcome<Edited> {
        Err(Failure::internal("not built yet"))
    }
    pub fn redo(&self, _r: ()) -> Outcome<Edited> {
        Err(Failure::internal("not built yet"))
    }
    pub fn steps(&self, _r: ()) -> Outcome<Vec<Step>> {
        Err(Failure::internal("not built yet"))
    }
    pub fn unlock_key(&self, _r: Unlock) -> Outcome<Job> {
        Err(Failure::internal("not built yet"))
    }
    pub fn problems(&self, _r: ()) -> Outcome<Problems> {
        Err(Failure::internal("not built yet"))
    }
    pub fn findings(&self, _r: FindingsAsked) -> Outcome<Findings> {
        Err(Failure::internal("not built yet"))
    }
    pub fn preview_fix(&self, _r: FixScope) -> Outcome<FixPreview> {
        Err(Failure::internal("not built yet"))
    }
    pub fn apply_fix(&self, _r: FixScope) -> Outcome<Edited> {
        Err(Failure::internal("not built yet"))
    }
    pub fn rule(&self, _r: RuleAsked) -> Outcome<RuleView> {
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
