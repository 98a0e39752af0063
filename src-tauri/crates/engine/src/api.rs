//! The boundary: one list of commands that makes both the dispatcher and the window's TypeScript type.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::profiles::ProfileId;
use crate::session::Engine;
use crate::session::accounts::{
    AccountId, AccountView, AttachAccount, ExportAccount, ImportAccount, NameAccount,
    ProtectPerson, ProtectedPerson, RealSaid, TickToDo,
};
use crate::session::compare::{Against, CompareRequest, Comparison, Revert};
use crate::session::connections::{
    ConnectionForm, ConnectionId, ConnectionSaved, ConnectionTested, Connections, FetchRequest,
    SendBy,
};
use crate::session::convert::Convert;
use crate::session::correcting::{CorrectedFile, CorrectedPreview, MergeCorrected};
use crate::session::editing::{Edited, FixPreview, InsertPerson, Unlock};
use crate::session::filling::FillPreview;
use crate::session::history::History;
use crate::session::job::{Home, JobId, JobView, Open, Progress, WorkId};
use crate::session::lists::SetList;
use crate::session::lms_has::LmsHas;
use crate::session::lms_report::{LmsReport, LmsReportRequest};
use crate::session::locating::{Locations, LocationsRequest};
use crate::session::matching::{Mapping, UseColumn};
use crate::session::own_file::{FileNotice, LookOnly, Pasted};
use crate::session::own_profiles::{
    ExportProfile, Guide, ImportProfile, ProfileFacts, ProfileImported,
};
use crate::session::planning::{
    GateRequest, KitRequest, PlanPeople, PlanPeopleRequest, PlanPlace, PlanPlacesRequest,
    PlanRequest, PlanRowsRequest,
};
use crate::session::problems::{Findings, FindingsRequest, Problems, RuleRequest, RuleView};
use crate::session::profile_form::ProfileForm;
use crate::session::profile_trial::{ProfileSaved, ProfileTrial};
use crate::session::recipes::{RecipeCard, RecipeDraft, RecipeRun, RunRecipe, SaveRecipe};
use crate::session::rows::{
    CellRequest, CellView, ColumnRequest, ColumnView, Find, Found, PersonView, RowId, Rows,
    RowsRequest,
};
use crate::session::saving::{SaveCopy, Saved};
use crate::session::saying::LetStand;
use crate::session::sending::{
    FreezePush, PushCard, PushId, PushPeople, PushPeopleRequest, SaveReceipt, SendRequest, Sent,
};
use crate::session::snapshots::KeepSnapshot;
use crate::session::so_far::{RowsSoFar, SoFarRequest};
use crate::session::templates::{LearnTemplate, MakeTemplate};
use crate::session::values::MapValues;
use crate::session::verifying::{KeepVerified, Verified, VerifyRequest};
use muster_plan::kit::KitMade;
use muster_plan::plan::{Gate, PlanView};
use muster_plan::worksheet::{Arrange, CellEdit, Fill, FixScope, LackingField};
use muster_rules::convert::Conversion;
use muster_rules::waiver::Waiver;
use muster_store::journal::Step;
use muster_table::error::{Failure, Result};
use muster_table::reading::ReadAs;

macro_rules! commands {
    ($($(#[doc = $doc:literal])* $name:ident($request:ty) -> $reply:ty;)*) => {
        impl Engine {
            /// Carries out one command with the job that it names, in whichever window that is open.
            pub fn call_on(&self, job: u32, name: &str, request: Value) -> Result<Value> {
                self.of_job(job)?.call(name, request)
            }

            /// Carries out one command by its name. Requests and replies are JSON.
            pub fn call(&self, name: &str, request: Value) -> Result<Value> {
                self.may_name(&request)?;
                let reply = match name {
                    $(stringify!($name) => reply::<$reply>(self.$name(parse::<$request>(name, request)?)?),)*
                    _ => Err(Failure::internal(format!("there is no command `{name}`"))),
                }?;
                self.tell_of(&reply);
                Ok(reply)
            }
        }

        /// The same list as a TypeScript type, once the types that it names are written.
        #[cfg(all(test, feature = "bindings"))]
        fn typescript(config: &ts_rs::Config) -> String {
            use ts_rs::{TS, TypeVisitor};
            let mut types = tests::Types(config);
            $(
                types.visit::<$request>();
                types.visit::<$reply>();
            )*
            let mut text = String::from("export type Commands = {\n");
            $(
                $(text.push_str(&format!("  /**{} */\n", $doc));)*
                text.push_str(&format!(
                    "  {}: {{ request: {}; reply: {} }};\n",
                    stringify!($name),
                    <$request as TS>::name(config),
                    <$reply as TS>::name(config),
                ));
            )*
            text.push_str("};\n");
            text
        }
    };
}

commands! {
    /// What Home shows: recent jobs, profiles.
    home(()) -> Home;
    /// Reads a roster export, checks it, and makes it the open job.
    open(Open) -> JobView;
    /// The first rows of a file that is about to be opened, from its beginning alone, where that tells them.
    first_rows(Open) -> Option<RowsSoFar>;
    /// The rows of the list that is being opened, once all of them are read and while they are checked.
    rows_so_far(SoFarRequest) -> Option<RowsSoFar>;
    /// Opens a recent job where it stood.
    open_job(JobId) -> JobView;
    /// Opens the sample roster with its earlier snapshot, as a fresh job.
    open_sample(()) -> JobView;
    /// Makes a table that was pasted the open job; it has no file of its own.
    open_pasted(Pasted) -> JobView;
    /// The open job as it stands.
    job(()) -> JobView;
    /// Whether the open job's file was changed by another program or is gone; none as long as it is as it was.
    look_at_file(()) -> Option<FileNotice>;
    /// The person has seen that the file was changed, and goes on with the list as it is here.
    keep_mine(()) -> JobView;
    /// Lets nothing of the open list be changed, or lets it be changed again.
    look_only(LookOnly) -> JobView;
    /// Reads the open job's file again in another way; steps made so far are gone.
    reopen(ReadAs) -> JobView;
    /// Reads the open job through another profile.
    choose_profile(ProfileId) -> JobView;
    /// What each column is used as, with guesses for those that nobody has said anything about.
    mapping(()) -> Mapping;
    /// Says what columns are used as, here and in later files of this LMS.
    set_mapping(Vec<UseColumn>) -> JobView;
    /// Leaves the open job. Nothing is lost: it opens again where it stood.
    close(()) -> ();
    /// Takes a job off Home and erases what was kept of it; the person's own file stays.
    forget(JobId) -> ();
    /// All that a profile says in words, with its sources.
    profile_facts(ProfileId) -> ProfileFacts;
    /// A day with the LMS of the open list, from its export to the proof.
    guide(()) -> Guide;
    /// Takes a profile file into the profiles of one's own.
    import_profile(ImportProfile) -> ProfileImported;
    /// Writes a profile to a file, to hand to a colleague.
    export_profile(ExportProfile) -> Saved;
    /// A profile as a form: one of one's own to change, one that comes with Muster to begin a new one from.
    profile_form(ProfileId) -> ProfileForm;
    /// What a form would make of the open list. Nothing changes.
    try_profile(ProfileForm) -> ProfileTrial;
    /// Saves a form as a file of one's own.
    save_profile(ProfileForm) -> ProfileSaved;
    /// Removes the file of a profile of one's own.
    remove_profile(ProfileId) -> ();
    /// How far the newest long work has come that is under way.
    progress(()) -> Option<Progress>;
    /// Stops the long work of an id, or all that is under way; nothing of it is done.
    cancel(Option<WorkId>) -> ();

    /// The rows the grid is about to draw.
    rows(RowsRequest) -> Rows;
    /// One cell with its findings.
    cell(CellRequest) -> CellView;
    /// One person as a form.
    person(RowId) -> PersonView;
    /// A column's values and their counts.
    column(ColumnRequest) -> ColumnView;
    /// The next problem, change, text, line or row in a view.
    find(Find) -> Option<Found>;

    /// Changes cells, as one step.
    edit(Vec<CellEdit>) -> Edited;
    /// Puts other values into a column, as one step.
    map_values(MapValues) -> Edited;
    /// Makes all replacements again that were made in an earlier file and apply here, as one step.
    map_remembered(()) -> Edited;
    /// Adds a person without a key.
    insert_person(InsertPerson) -> Edited;
    /// Adds copies of people, with key, login and password left blank.
    duplicate_people(Vec<u32>) -> Edited;
    /// Takes people out of the file.
    delete_people(Vec<u32>) -> Edited;
    /// Moves, adds or takes out a column, as one step.
    arrange(Arrange) -> Edited;
    /// Takes the last step back.
    undo(()) -> Edited;
    /// Makes the step again that was taken back.
    redo(()) -> Edited;
    /// All steps since the job was begun, the newest first.
    steps(()) -> Vec<Step>;
    /// Lets key columns be edited, or locks them again.
    unlock_key(Unlock) -> JobView;

    /// The findings by rule and value.
    problems(()) -> Problems;
    /// The findings of one rule, one by one.
    findings(FindingsRequest) -> Findings;
    /// What a fix would change, before it does.
    preview_fix(FixScope) -> FixPreview;
    /// Applies a fix, as one step.
    apply_fix(FixScope) -> Edited;
    /// What every fix that is certain would change, before it does.
    preview_safe_fixes(()) -> FixPreview;
    /// Makes every fix that is certain, as one step.
    apply_safe_fixes(()) -> Edited;
    /// The fields that the list has no column for and that can be filled.
    lacking_fields(()) -> Vec<LackingField>;
    /// What filling a column from others would change, before it does.
    preview_fill(Fill) -> FillPreview;
    /// Fills a column from others, as one step.
    fill(Fill) -> Edited;
    /// What a corrected file would change, before it does.
    preview_corrected(CorrectedFile) -> CorrectedPreview;
    /// Takes over what a corrected file changes, as one step.
    merge_corrected(MergeCorrected) -> Edited;
    /// The page of a rule.
    rule(RuleRequest) -> RuleView;
    /// Loads the values that a column may have, or forgets them.
    set_list(SetList) -> JobView;
    /// Countries and regions by name or code, with the codes that this roster takes.
    locations(LocationsRequest) -> Locations;

    /// Keeps the file as it was opened as what the LMS has.
    keep_snapshot(KeepSnapshot) -> JobView;
    /// Says what the LMS has now: this file, another one, what its account knows, or nobody yet.
    say_lms_has(LmsHas) -> JobView;
    /// Erases the newest snapshot, because it was a wrong one.
    remove_snapshot(()) -> JobView;
    /// Compares the roster with a snapshot or a file.
    compare(CompareRequest) -> Comparison;
    /// Puts back what the base has, as one step.
    revert(Revert) -> Edited;
    /// Puts the whole roster back to a snapshot, as one step.
    restore(Against) -> Edited;

    /// What the LMS would do to each person.
    plan(PlanRequest) -> PlanView;
    /// Whether a plan may be sent, with the number typed for each hold.
    plan_gate(GateRequest) -> Gate;
    /// The people of a plan, removals first.
    plan_people(PlanPeopleRequest) -> PlanPeople;
    /// Where those stand of whom something is sent, on all pages of what a filter shows.
    plan_places(PlanPlacesRequest) -> Vec<PlanPlace>;
    /// The rows of some of the people of a plan, or of all others, for a plan of their own.
    plan_rows(PlanRowsRequest) -> Vec<u32>;
    /// Writes the upload kit.
    make_kit(KitRequest) -> KitMade;
    /// Puts a fresh export beside what an upload kit, or a file that was dropped, was to bring about.
    prove(VerifyRequest) -> Verified;
    /// Keeps the export that was put beside the plan as the snapshot.
    keep_proved(KeepVerified) -> JobView;
    /// Writes the roster to a file of the person's choice.
    save_copy(SaveCopy) -> Saved;
    /// Writes an empty file of an LMS's form.
    make_template(MakeTemplate) -> Saved;
    /// What differs in another LMS, and what would become of each column there.
    moving(ProfileId) -> Conversion;
    /// Writes the roster in another LMS's form.
    convert(Convert) -> Saved;
    /// Takes headers and lists from the template that the LMS itself offers, or forgets them.
    learn_template(LearnTemplate) -> JobView;
    /// Writes the findings to a file: CSV as the LMS reports them, XLSX with the cells marked, or a page (.html).
    problem_report(SaveCopy) -> Saved;

    /// What a recipe of this list would do.
    recipe_draft(()) -> RecipeDraft;
    /// Keeps what was done with this list as a recipe.
    save_recipe(SaveRecipe) -> RecipeCard;
    /// The recipes there are.
    recipes(()) -> Vec<RecipeCard>;
    /// Does what a recipe says with the open list: each step is one that can be taken back.
    run_recipe(RunRecipe) -> RecipeRun;

    /// The connections there are, and the kinds that can be set up.
    connections(()) -> Connections;
    /// Keeps a connection; what is secret about it goes into the keychain, and nowhere else.
    save_connection(ConnectionForm) -> ConnectionSaved;
    /// Forgets a connection, and its secret.
    remove_connection(ConnectionId) -> ();
    /// Signs in and says who answered. Nothing is changed there.
    test_connection(ConnectionForm) -> ConnectionTested;
    /// Says by which connection the open list is sent.
    send_by(SendBy) -> JobView;
    /// Fetches the roster from the LMS: as a new list, or as the snapshot of the open one.
    fetch(FetchRequest) -> JobView;
    /// Writes a plan down as a push. Nothing is sent yet.
    freeze_push(FreezePush) -> PushCard;
    /// All pushes, the newest first.
    outbox(()) -> Vec<PushCard>;
    /// Sends what is still to be sent of a push; nobody is sent twice.
    send(SendRequest) -> Sent;
    /// Stops a push after the people who are being sent just now.
    stop_push(PushId) -> ();
    /// Sends nothing more of a push, ever.
    cancel_push(PushId) -> PushCard;
    /// Puts those back among who is to be sent who were refused, or of whom nobody knows.
    retry_push(PushId) -> PushCard;
    /// Writes down a push that takes another one back. Nothing is sent yet.
    way_back(PushId) -> PushCard;
    /// What became of the people of a push.
    push_people(PushPeopleRequest) -> PushPeople;
    /// Reads what the LMS said of a file, and joins it to the people of the open list.
    lms_report(LmsReportRequest) -> LmsReport;
    /// Writes a receipt to a file.
    save_receipt(SaveReceipt) -> Saved;

    /// All accounts, with what they keep.
    accounts(()) -> Vec<AccountView>;
    /// Says which account the open list is of, or that it is of none.
    attach(AttachAccount) -> JobView;
    /// Calls an account otherwise; or begins one of what is known of the open list.
    name_account(NameAccount) -> AccountView;
    /// Writes an account to a file, to hand to a colleague.
    export_account(ExportAccount) -> Saved;
    /// Takes over an account that a colleague exported.
    import_account(ImportAccount) -> AccountView;
    /// Erases an account with everything that it keeps.
    forget_account(AccountId) -> ();
    /// Ticks something that was done by hand, or takes the tick back.
    tick_to_do(TickToDo) -> AccountView;
    /// Keeps somebody from being suspended, deleted or renamed unasked, or takes that back.
    protect_person(ProtectPerson) -> AccountView;
    /// Whom an account keeps so, and who they are in what its LMS has.
    protected_people(AccountId) -> Vec<ProtectedPerson>;
    /// Says that a value is real though no list has it.
    say_real(RealSaid) -> JobView;
    /// Takes back that a value is real.
    take_back_real(RealSaid) -> JobView;
    /// Lets findings stand, with the reason.
    let_stand(LetStand) -> JobView;
    /// Has findings told again that somebody let stand.
    take_back_stand(Waiver) -> JobView;

    /// What happened to the open job.
    history(()) -> History;
}

fn parse<T: DeserializeOwned>(name: &str, request: Value) -> Result<T> {
    serde_json::from_value(request)
        .map_err(|e| Failure::internal(format!("the request `{name}` was not understood")).why(e))
}

fn reply<T: Serialize>(reply: T) -> Result<Value> {
    serde_json::to_value(reply)
        .map_err(|e| Failure::internal("the reply could not be written").why(e))
}

#[cfg(all(test, feature = "bindings"))]
mod tests {
    use ts_rs::{Config, TS, TypeVisitor};

    /// Writes each type that it visits, with those that it is made of.
    pub(super) struct Types<'c>(pub &'c Config);

    impl TypeVisitor for Types<'_> {
        fn visit<T: TS + 'static + ?Sized>(&mut self) {
            if T::output_path().is_some() {
                T::export_all(self.0).expect("the types can be written");
            }
            T::visit_generics(self);
        }
    }

    /// Writes the list and its types where the window reads it; `make test` fails if that changes a committed file.
    #[test]
    #[allow(clippy::disallowed_methods)]
    fn the_window_has_the_list_of_commands() {
        let config = Config::from_env();
        let list = super::typescript(&config);
        let mut names: Vec<&str> = list
            .lines()
            .filter(|line| !line.trim_start().starts_with("/**"))
            .flat_map(|line| line.split(|c: char| !c.is_ascii_alphanumeric()))
            .filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase()))
            .filter(|word| !["Commands", "Array"].contains(word))
            .collect();
        names.sort_unstable();
        names.dedup();
        let text = format!(
            "// Written by `cargo test`; do not edit.\nimport type {{ {} }} from \"./engine\";\n\n{list}",
            names.join(", ")
        );
        let folder = std::env::var("TS_RS_EXPORT_DIR").expect("set in .cargo/config.toml");
        std::fs::create_dir_all(&folder).expect("the folder can be made");
        std::fs::write(std::path::Path::new(&folder).join("commands.ts"), text)
            .expect("the list can be written");
    }
}
