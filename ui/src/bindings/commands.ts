// Written by `cargo test`; do not edit.
import type { AccountId, AccountView, Against, Arrange, AttachAccount, CellEdit, CellRequest, CellView, ColumnRequest, ColumnView, CompareRequest, Comparison, ConnectionForm, ConnectionId, ConnectionSaved, ConnectionTested, Connections, Conversion, Convert, CorrectedFile, CorrectedPreview, Edited, ExportAccount, ExportProfile, FetchRequest, FileNotice, Fill, FillPreview, Find, Findings, FindingsRequest, FixPreview, FixScope, Found, FreezePush, Gate, GateRequest, Guide, History, Home, ImportAccount, ImportProfile, InsertPerson, JobId, JobView, KeepSnapshot, KeepVerified, KitMade, KitRequest, LackingField, LearnTemplate, LetStand, LmsHas, LmsReport, LmsReportRequest, Locations, LocationsRequest, LookOnly, MakeTemplate, MapValues, Mapping, MergeCorrected, NameAccount, Open, Pasted, PersonView, PlanPeople, PlanPeopleRequest, PlanPlace, PlanPlacesRequest, PlanRequest, PlanRowsRequest, PlanView, Problems, ProfileFacts, ProfileForm, ProfileId, ProfileImported, ProfileSaved, ProfileTrial, Progress, ProtectPerson, ProtectedPerson, PushCard, PushId, PushPeople, PushPeopleRequest, ReadAs, RealSaid, RecipeCard, RecipeDraft, RecipeRun, Revert, RowId, Rows, RowsRequest, RowsSoFar, RuleRequest, RuleView, RunRecipe, SaveCopy, SaveReceipt, SaveRecipe, Saved, SendBy, SendRequest, Sent, SetList, SoFarRequest, Step, TickToDo, Unlock, UseColumn, Verified, VerifyRequest, Waiver, WorkId } from "./engine";

export type Commands = {
  /** What Home shows: recent jobs, profiles. */
  home: { request: null; reply: Home };
  /** Reads a roster export, checks it, and makes it the open job. */
  open: { request: Open; reply: JobView };
  /** The first rows of a file that is about to be opened, from its beginning alone, where that tells them. */
  first_rows: { request: Open; reply: RowsSoFar | null };
  /** The rows of the list that is being opened, once all of them are read and while they are checked. */
  rows_so_far: { request: SoFarRequest; reply: RowsSoFar | null };
  /** Opens a recent job where it stood. */
  open_job: { request: JobId; reply: JobView };
  /** Opens the sample roster with its earlier snapshot, as a fresh job. */
  open_sample: { request: null; reply: JobView };
  /** Makes a table that was pasted the open job; it has no file of its own. */
  open_pasted: { request: Pasted; reply: JobView };
  /** The open job as it stands. */
  job: { request: null; reply: JobView };
  /** Whether the open job's file was changed by another program or is gone; none as long as it is as it was. */
  look_at_file: { request: null; reply: FileNotice | null };
  /** The person has seen that the file was changed, and goes on with the list as it is here. */
  keep_mine: { request: null; reply: JobView };
  /** Lets nothing of the open list be changed, or lets it be changed again. */
  look_only: { request: LookOnly; reply: JobView };
  /** Reads the open job's file again in another way; steps made so far are gone. */
  reopen: { request: ReadAs; reply: JobView };
  /** Reads the open job through another profile. */
  choose_profile: { request: ProfileId; reply: JobView };
  /** What each column is used as, with guesses for those that nobody has said anything about. */
  mapping: { request: null; reply: Mapping };
  /** Says what columns are used as, here and in later files of this LMS. */
  set_mapping: { request: Array<UseColumn>; reply: JobView };
  /** Leaves the open job. Nothing is lost: it opens again where it stood. */
  close: { request: null; reply: null };
  /** Takes a job off Home and erases what was kept of it; the person's own file stays. */
  forget: { request: JobId; reply: null };
  /** All that a profile says in words, with its sources. */
  profile_facts: { request: ProfileId; reply: ProfileFacts };
  /** A day with the LMS of the open list, from its export to the proof. */
  guide: { request: null; reply: Guide };
  /** Takes a profile file into the profiles of one's own. */
  import_profile: { request: ImportProfile; reply: ProfileImported };
  /** Writes a profile to a file, to hand to a colleague. */
  export_profile: { request: ExportProfile; reply: Saved };
  /** A profile as a form: one of one's own to change, one that comes with Muster to begin a new one from. */
  profile_form: { request: ProfileId; reply: ProfileForm };
  /** What a form would make of the open list. Nothing changes. */
  try_profile: { request: ProfileForm; reply: ProfileTrial };
  /** Saves a form as a file of one's own. */
  save_profile: { request: ProfileForm; reply: ProfileSaved };
  /** Removes the file of a profile of one's own. */
  remove_profile: { request: ProfileId; reply: null };
  /** How far the newest long work has come that is under way. */
  progress: { request: null; reply: Progress | null };
  /** Stops the long work of an id, or all that is under way; nothing of it is done. */
  cancel: { request: WorkId | null; reply: null };
  /** The rows the grid is about to draw. */
  rows: { request: RowsRequest; reply: Rows };
  /** One cell with its findings. */
  cell: { request: CellRequest; reply: CellView };
  /** One person as a form. */
  person: { request: RowId; reply: PersonView };
  /** A column's values and their counts. */
  column: { request: ColumnRequest; reply: ColumnView };
  /** The next problem, change, text, line or row in a view. */
  find: { request: Find; reply: Found | null };
  /** Changes cells, as one step. */
  edit: { request: Array<CellEdit>; reply: Edited };
  /** Puts other values into a column, as one step. */
  map_values: { request: MapValues; reply: Edited };
  /** Makes all replacements again that were made in an earlier file and apply here, as one step. */
  map_remembered: { request: null; reply: Edited };
  /** Adds a person without a key. */
  insert_person: { request: InsertPerson; reply: Edited };
  /** Adds copies of people, with key, login and password left blank. */
  duplicate_people: { request: Array<number>; reply: Edited };
  /** Takes people out of the file. */
  delete_people: { request: Array<number>; reply: Edited };
  /** Moves, adds or takes out a column, as one step. */
  arrange: { request: Arrange; reply: Edited };
  /** Takes the last step back. */
  undo: { request: null; reply: Edited };
  /** Makes the step again that was taken back. */
  redo: { request: null; reply: Edited };
  /** All steps since the job was begun, the newest first. */
  steps: { request: null; reply: Array<Step> };
  /** Lets key columns be edited, or locks them again. */
  unlock_key: { request: Unlock; reply: JobView };
  /** The findings by rule and value. */
  problems: { request: null; reply: Problems };
  /** The findings of one rule, one by one. */
  findings: { request: FindingsRequest; reply: Findings };
  /** What a fix would change, before it does. */
  preview_fix: { request: FixScope; reply: FixPreview };
  /** Applies a fix, as one step. */
  apply_fix: { request: FixScope; reply: Edited };
  /** What every fix that is certain would change, before it does. */
  preview_safe_fixes: { request: null; reply: FixPreview };
  /** Makes every fix that is certain, as one step. */
  apply_safe_fixes: { request: null; reply: Edited };
  /** The fields that the list has no column for and that can be filled. */
  lacking_fields: { request: null; reply: Array<LackingField> };
  /** What filling a column from others would change, before it does. */
  preview_fill: { request: Fill; reply: FillPreview };
  /** Fills a column from others, as one step. */
  fill: { request: Fill; reply: Edited };
  /** What a corrected file would change, before it does. */
  preview_corrected: { request: CorrectedFile; reply: CorrectedPreview };
  /** Takes over what a corrected file changes, as one step. */
  merge_corrected: { request: MergeCorrected; reply: Edited };
  /** The page of a rule. */
  rule: { request: RuleRequest; reply: RuleView };
  /** Loads the values that a column may have, or forgets them. */
  set_list: { request: SetList; reply: JobView };
  /** Countries and regions by name or code, with the codes that this roster takes. */
  locations: { request: LocationsRequest; reply: Locations };
  /** Keeps the file as it was opened as what the LMS has. */
  keep_snapshot: { request: KeepSnapshot; reply: JobView };
  /** Says what the LMS has now: this file, another one, what its account knows, or nobody yet. */
  say_lms_has: { request: LmsHas; reply: JobView };
  /** Erases the newest snapshot, because it was a wrong one. */
  remove_snapshot: { request: null; reply: JobView };
  /** Compares the roster with a snapshot or a file. */
  compare: { request: CompareRequest; reply: Comparison };
  /** Puts back what the base has, as one step. */
  revert: { request: Revert; reply: Edited };
  /** Puts the whole roster back to a snapshot, as one step. */
  restore: { request: Against; reply: Edited };
  /** What the LMS would do to each person. */
  plan: { request: PlanRequest; reply: PlanView };
  /** Whether a plan may be sent, with the number typed for each hold. */
  plan_gate: { request: GateRequest; reply: Gate };
  /** The people of a plan, removals first. */
  plan_people: { request: PlanPeopleRequest; reply: PlanPeople };
  /** Where those stand of whom something is sent, on all pages of what a filter shows. */
  plan_places: { request: PlanPlacesRequest; reply: Array<PlanPlace> };
  /** The rows of some of the people of a plan, or of all others, for a plan of their own. */
  plan_rows: { request: PlanRowsRequest; reply: Array<number> };
  /** Writes the upload kit. */
  make_kit: { request: KitRequest; reply: KitMade };
  /** Puts a fresh export beside what an upload kit, or a file that was dropped, was to bring about. */
  prove: { request: VerifyRequest; reply: Verified };
  /** Keeps the export that was put beside the plan as the snapshot. */
  keep_proved: { request: KeepVerified; reply: JobView };
  /** Writes the roster to a file of the person's choice. */
  save_copy: { request: SaveCopy; reply: Saved };
  /** Writes an empty file of an LMS's form. */
  make_template: { request: MakeTemplate; reply: Saved };
  /** What differs in another LMS, and what would become of each column there. */
  moving: { request: ProfileId; reply: Conversion };
  /** Writes the roster in another LMS's form. */
  convert: { request: Convert; reply: Saved };
  /** Takes headers and lists from the template that the LMS itself offers, or forgets them. */
  learn_template: { request: LearnTemplate; reply: JobView };
  /** Writes the findings to a file: CSV as the LMS reports them, XLSX with the cells marked, or a page (.html). */
  problem_report: { request: SaveCopy; reply: Saved };
  /** What a recipe of this list would do. */
  recipe_draft: { request: null; reply: RecipeDraft };
  /** Keeps what was done with this list as a recipe. */
  save_recipe: { request: SaveRecipe; reply: RecipeCard };
  /** The recipes there are. */
  recipes: { request: null; reply: Array<RecipeCard> };
  /** Does what a recipe says with the open list: each step is one that can be taken back. */
  run_recipe: { request: RunRecipe; reply: RecipeRun };
  /** The connections there are, and the kinds that can be set up. */
  connections: { request: null; reply: Connections };
  /** Keeps a connection; what is secret about it goes into the keychain, and nowhere else. */
  save_connection: { request: ConnectionForm; reply: ConnectionSaved };
  /** Forgets a connection, and its secret. */
  remove_connection: { request: ConnectionId; reply: null };
  /** Signs in and says who answered. Nothing is changed there. */
  test_connection: { request: ConnectionForm; reply: ConnectionTested };
  /** Says by which connection the open list is sent. */
  send_by: { request: SendBy; reply: JobView };
  /** Fetches the roster from the LMS: as a new list, or as the snapshot of the open one. */
  fetch: { request: FetchRequest; reply: JobView };
  /** Writes a plan down as a push. Nothing is sent yet. */
  freeze_push: { request: FreezePush; reply: PushCard };
  /** All pushes, the newest first. */
  outbox: { request: null; reply: Array<PushCard> };
  /** Sends what is still to be sent of a push; nobody is sent twice. */
  send: { request: SendRequest; reply: Sent };
  /** Stops a push after the people who are being sent just now. */
  stop_push: { request: PushId; reply: null };
  /** Sends nothing more of a push, ever. */
  cancel_push: { request: PushId; reply: PushCard };
  /** Puts those back among who is to be sent who were refused, or of whom nobody knows. */
  retry_push: { request: PushId; reply: PushCard };
  /** Writes down a push that takes another one back. Nothing is sent yet. */
  way_back: { request: PushId; reply: PushCard };
  /** What became of the people of a push. */
  push_people: { request: PushPeopleRequest; reply: PushPeople };
  /** Reads what the LMS said of a file, and joins it to the people of the open list. */
  lms_report: { request: LmsReportRequest; reply: LmsReport };
  /** Writes a receipt to a file. */
  save_receipt: { request: SaveReceipt; reply: Saved };
  /** All accounts, with what they keep. */
  accounts: { request: null; reply: Array<AccountView> };
  /** Says which account the open list is of, or that it is of none. */
  attach: { request: AttachAccount; reply: JobView };
  /** Calls an account otherwise; or begins one of what is known of the open list. */
  name_account: { request: NameAccount; reply: AccountView };
  /** Writes an account to a file, to hand to a colleague. */
  export_account: { request: ExportAccount; reply: Saved };
  /** Takes over an account that a colleague exported. */
  import_account: { request: ImportAccount; reply: AccountView };
  /** Erases an account with everything that it keeps. */
  forget_account: { request: AccountId; reply: null };
  /** Ticks something that was done by hand, or takes the tick back. */
  tick_to_do: { request: TickToDo; reply: AccountView };
  /** Keeps somebody from being suspended, deleted or renamed unasked, or takes that back. */
  protect_person: { request: ProtectPerson; reply: AccountView };
  /** Whom an account keeps so, and who they are in what its LMS has. */
  protected_people: { request: AccountId; reply: Array<ProtectedPerson> };
  /** Says that a value is real though no list has it. */
  say_real: { request: RealSaid; reply: JobView };
  /** Takes back that a value is real. */
  take_back_real: { request: RealSaid; reply: JobView };
  /** Lets findings stand, with the reason. */
  let_stand: { request: LetStand; reply: JobView };
  /** Has findings told again that somebody let stand. */
  take_back_stand: { request: Waiver; reply: JobView };
  /** What happened to the open job. */
  history: { request: null; reply: History };
};
