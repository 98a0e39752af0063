//! What the vendors' articles demand, sentence by sentence, each as a story of its own. Where a demand rests on a line of
//! a profile or on a rule, the story also shows that without it nothing would be found.

use std::collections::BTreeMap;

use muster_engine::finding::Safety;
use muster_engine::plan::{Action, Only, PersonPlan, Plan};
use muster_engine::profile::{Existing, Field, FieldKind, KeyGiver, OnErrors, PolicyId, Profile};
use muster_engine::report;

use crate::kits::{guard, kit, made, names, planned};
use crate::world::{Found, World, rows, text};

fn finds(world: &World, rule: &str) -> bool {
    world.found().iter().any(|found| found.rule == rule)
}

/// A fault is found because of one line: with the line taken away, the finding is gone.
#[track_caller]
fn rests_on(line: impl FnOnce(&mut Profile), world: World, rule: &str) {
    assert!(finds(&world, rule), "{rule} is not found");
    assert!(!finds(&world.with(line), rule), "{rule} is found without the line too");
}

/// The line that switches a rule on.
fn rule(code: &'static str) -> impl FnOnce(&mut Profile) {
    move |profile| profile.rules.entry(code.to_owned()).or_default().off = true
}

/// A line of a field.
fn field(id: &'static str, take_away: impl FnOnce(&mut Field)) -> impl FnOnce(&mut Profile) {
    move |profile| {
        let field = profile.fields.iter_mut().find(|field| field.id == id);
        take_away(field.expect("a field of that name"));
    }
}

/// The export's header with these rows and no snapshot.
fn only(id: &str, rows: &[&str]) -> World {
    with_rows(id, rows).without_snapshot()
}

/// The export's header with these rows, beside the snapshot.
fn with_rows(id: &str, rows: &[&str]) -> World {
    let all = text(id, "snapshot.csv");
    let header = all.lines().next().expect("a header");
    World::of(id, "snapshot").roster(&format!("{header}\r\n{}\r\n", rows.join("\r\n")))
}

/// The snapshot with one text put for another.
fn edited(id: &str, from: &str, to: &str) -> World {
    let all = text(id, "snapshot.csv");
    assert!(all.contains(from), "{from}");
    World::of(id, "snapshot").roster(&all.replacen(from, to, 1))
}

/// The snapshot with one more column at the end.
fn with_column(id: &str, name: &str, value: &str) -> World {
    let all = text(id, "snapshot.csv");
    let longer =
        |(n, line): (usize, &str)| format!("{line},{}\r\n", if n == 0 { name } else { value });
    World::of(id, "snapshot").roster(&all.lines().enumerate().map(longer).collect::<String>())
}

fn person<'p>(plan: &'p Plan, name: &str) -> &'p PersonPlan {
    let found = plan.people.iter().find(|p| p.person.name == name);
    &found.unwrap_or_else(|| panic!("{name} is in the plan")).person
}

fn key_of(world: &World) -> Option<String> {
    let checker = world.checked();
    let roster = &checker.context().roster;
    roster.key.map(|at| roster.columns[at].name.clone())
}

const RUTH: &str = ",Ruth,Abara,ruth.abara@example.com,ruth.abara@example.com,,Yes,CA,040411,Sales,02-04,6014100099912345";

#[test]
fn demand_01_two_matching_methods() {
    let world = World::of("emtrain-learners", "clean");
    assert_eq!(key_of(&world).as_deref(), Some("Unique Key"));
    let hris = world.clone().policy("sync-field", "Employee ID");
    assert_eq!(key_of(&hris).as_deref(), Some("Employee ID"));
    let without = world.with(|p| p.policies.retain(|policy| policy.id != "sync-field"));
    assert_eq!(key_of(&without).as_deref(), Some("Unique Key"), "and there is nothing to pick");
}

#[test]
fn demand_02_a_unique_key_is_never_edited_and_a_blank_one_is_a_new_person() {
    rests_on(rule("key-changed"), World::of("emtrain-learners", "damaged"), "key-changed");
    rests_on(rule("key-lost"), World::of("emtrain-learners", "damaged"), "key-lost");
    rests_on(rule("key-invented"), World::of("emtrain-learners", "damaged"), "key-invented");
    let new = with_rows("emtrain-learners", &[RUTH]).policy("blanks", "keep");
    assert_eq!(person(&planned(&new, Only::Changed), "Ruth Abara").action, Action::Create);
    let yours = new.with(|profile| profile.key.given_by = KeyGiver::You);
    assert_eq!(person(&planned(&yours, Only::Changed), "Ruth Abara").action, Action::Blocked);
}

#[test]
fn demand_03_active_is_exactly_yes_or_no() {
    let small = RUTH.replace("Yes", "yes");
    rests_on(
        field("active", |f| f.choices.clear()),
        only("emtrain-learners", &[&small]),
        "value-not-allowed",
    );
    assert!(!finds(&only("emtrain-learners", &[RUTH]), "value-not-allowed"));
}

#[test]
fn demand_04_a_login_is_required_and_a_password_is_not() {
    let no_login = RUTH.replace("com,ruth.abara@example.com", "com,");
    rests_on(
        field("login_name", |f| f.value_required = false),
        only("emtrain-learners", &[&no_login]),
        "required-blank",
    );
    assert_eq!(only("emtrain-learners", &[RUTH]).found(), [], "a blank password is none");
}

#[test]
fn demand_05_custom_fields_carry_along() {
    let moved = World::of("emtrain-learners", "clean").policy("blanks", "keep");
    assert!(!finds(&moved, "header-unknown"));
    let kit = kit(&moved, Only::Changed);
    assert_eq!(
        kit.column("upload.xls", "Department")[0],
        "Sales",
        "a custom field that was edited"
    );
    assert!(finds(&moved.with(|p| p.columns.custom = false), "header-unknown"));
}

#[test]
fn demand_06_the_key_column_is_to_be_left_alone_and_is_put_back_with_one_click() {
    let checker = World::of("emtrain-learners", "damaged").checked();
    let keys = ["key-changed", "key-lost", "key-swapped"];
    let spoilt: Vec<_> =
        checker.all_findings().into_iter().filter(|f| keys.contains(&f.rule.as_str())).collect();
    assert_eq!(spoilt.len(), 4);
    for finding in spoilt {
        assert_eq!(finding.fix.expect("a fix").safety, Safety::Safe, "{}", finding.message);
    }
}

#[test]
fn demand_07_a_copy_of_the_export_is_kept_to_go_back_to() {
    let kit = kit(&World::of("edapp", "clean"), Only::Changed);
    let before = rows(&text("edapp", "snapshot.csv"));
    let back = kit.table("undo.csv");
    assert!(
        back.len() > 1 && back.iter().all(|row| before.contains(row)),
        "rows as the export had them"
    );
}

#[test]
fn demand_08_only_changed_rows_are_sent_and_missing_ones_stay() {
    let kit = kit(&World::of("edapp", "clean"), Only::Changed);
    assert_eq!((kit.table("upload.csv").len() - 1, kit.plan.counts.all()), (7, 43));
    assert_eq!(names(&kit.plan, Action::Ignored), ["Viktor Novák", "Lúcia Santos"]);
    rests_on(rule("person-missing"), World::of("edapp", "clean"), "person-missing");
}

#[test]
fn demand_09_no_column_is_deleted() {
    let all = rows(&text("edapp", "snapshot.csv"));
    let without_username: String = all
        .iter()
        .map(|row| format!("{}\r\n", [&row[..1], &row[2..]].concat().join(",")))
        .collect();
    let world = World::of("edapp", "snapshot").roster(&without_username).without_snapshot();
    let by_address = world.with(|p| p.key.field = "email".into());
    rests_on(field("username", |f| f.column_required = false), by_address, "header-missing");
    let kit = kit(&World::of("edapp", "clean"), Only::Changed);
    assert_eq!(kit.table("upload.csv")[0], all[0]);
}

#[test]
fn demand_10_a_changed_username_would_be_a_second_person() {
    rests_on(rule("key-changed"), World::of("edapp", "damaged"), "key-changed");
    let renamed = edited(
        "edapp",
        "jonas.lindqvist@example.com,jonas.lindqvist@example.com",
        "jonas.lindqvist@example.com,jonas",
    );
    let plan = planned(&renamed, Only::Changed);
    assert_eq!((plan.counts.create, plan.counts.blocked), (0, 0));
    assert!(plan.guards.iter().any(|g| g.id == "key" && g.held), "{:?}", plan.guards);
    assert_eq!(plan.by_hand[0].value, "jonas", "to be done on the profile");
}

#[test]
fn demand_11_groups_are_spelled_exactly_and_joined_by_a_semicolon_and_a_space() {
    let world = World::of("edapp", "damaged");
    rests_on(field("usergroups", |f| f.list = None), world.clone(), "group-unknown");
    rests_on(rule("separator-wrong"), world, "separator-wrong");
}

#[test]
fn demand_12_roles_are_a_closed_list_of_eight() {
    let world = World::of("edapp", "damaged");
    let profile = Profile::built_in("edapp").expect("built in");
    assert_eq!(profile.lists["roles"].len(), 8);
    assert!(finds(&world, "role-unknown"));
    let ninth =
        world.with(|p| p.lists.entry("roles".into()).or_default().push("Administrator".into()));
    assert!(!finds(&ninth, "role-unknown"));
}

#[test]
fn demand_13_a_blank_password_keeps_the_one_there_is_and_any_other_is_used_with_caution() {
    assert!(planned(&World::of("edapp", "snapshot"), Only::Changed).is_empty());
    let given = edited("edapp", "2021-02-02,,", "2021-02-02,Sunflower-2026,");
    rests_on(rule("password-resets"), given.clone(), "password-resets");
    let plan = planned(&given, Only::Changed);
    assert_eq!((plan.effects.password_resets, guard(&plan, "password")), (1, Some((1, true))));
    assert!(made(&given, plan, &BTreeMap::new()).is_err(), "not before its number is typed");
}

#[test]
fn demand_14_an_external_id_is_nobody_elses() {
    let finds = |world: &World| {
        let is_it = |f: &Found| f.rule == "not-unique" && f.column.starts_with("externalid");
        world.found().iter().any(is_it)
    };
    let world = World::of("edapp", "damaged");
    assert!(finds(&world));
    assert!(!finds(&world.with(field("externalid", |f| f.unique = None))));
}

#[test]
fn demand_15_invitations_are_off_and_for_new_people_only() {
    let world = World::of("edapp", "clean");
    assert_eq!(planned(&world, Only::Changed).effects.invitations, 0);
    assert_eq!(planned(&world.policy("invitations", "on"), Only::Changed).effects.invitations, 3);
}

#[test]
fn demand_16_add_or_replace_is_chosen_after_editing() {
    let fewer = edited("edapp", "Marketing; Operations,", "Operations,");
    let kept = planned(&fewer.clone().policy("groups", "add"), Only::Changed);
    assert_eq!((kept.counts.update, kept.counts.ignored), (0, 1), "Add takes none away");
    let lost = planned(&fewer.clone().policy("groups", "replace"), Only::Changed);
    assert_eq!(lost.counts.update, 1);
    assert_eq!(lost.people[0].person.cells[0].result, "Operations");
    rests_on(rule("membership-lost"), fewer.policy("groups", "replace"), "membership-lost");
}

#[test]
fn demand_17_the_default_roles_stay_whatever_the_file_says() {
    let world = edited("edapp", "Content Author; Learner; Prizing User", "Reviewer")
        .policy("roles", "replace");
    let roles = |world: &World| {
        let plan = planned(world, Only::Changed);
        let cells = &plan.people[0].person.cells;
        cells.iter().find(|c| c.title.starts_with("roles")).expect("changed").result.clone()
    };
    let stay = roles(&world);
    assert!(
        stay.contains("Learner") && stay.contains("Prizing User") && stay.contains("Reviewer"),
        "{stay}"
    );
    assert_eq!(roles(&world.with(field("roles", |f| f.always.clear()))), "Reviewer");
}

#[test]
fn demand_18_changes_are_live_at_once_so_the_kit_has_what_takes_them_back() {
    let kit = kit(&World::of("edapp", "clean"), Only::Changed);
    assert_eq!(kit.table("undo.csv").len() - 1, kit.plan.counts.update as usize);
    // What no file takes back is named: new people stay.
    let (_, undo) = kit.checklist().split_once("## If it has to be taken back").expect("told");
    for name in names(&kit.plan, Action::Create) {
        assert!(undo.contains(name), "{name}\n{undo}");
    }
}

#[test]
fn demand_19_only_the_columns_of_the_template_are_read() {
    let world = with_column("workleap", "Shoe size", "41");
    rests_on(rule("header-unknown"), world.clone(), "header-unknown");
    let also = planned(&world, Only::Changed).effects.also;
    assert!(
        also.iter().any(|s| s.contains("Workleap imports only the columns of its template")),
        "{also:?}"
    );
}

#[test]
fn demand_20_country_and_region_are_mandatory_codes() {
    let new = |country: &str, region: &str| {
        only(
            "workleap",
            &[&format!(
                "Ruth Abara,ruth.abara@example.com,fr,{country},{region},2026-11-16,0009001,Baker"
            )],
        )
    };
    assert_eq!(new("CA", "QC").found(), []);
    let text = |id: &'static str| field(id, |f| f.kind = FieldKind::Text);
    rests_on(text("country"), new("Canada", "QC"), "country-unknown");
    rests_on(text("region"), new("CA", "Quebec"), "region-unknown");
    rests_on(rule("region-elsewhere"), new("CA", "NY"), "region-elsewhere");
    rests_on(field("country", |f| f.value_required = false), new("", "QC"), "required-blank");
    rests_on(field("region", |f| f.value_required = false), new("CA", ""), "required-blank");
}

#[test]
fn demand_21_dates_are_year_month_day() {
    rests_on(|p| p.columns.date_forms.clear(), World::of("workleap", "damaged"), "date-malformed");
}

#[test]
fn demand_22_cells_are_texts_and_formulas_break_the_import() {
    let world = World::of("workleap", "damaged");
    let formula = world.found().into_iter().find(|f| f.rule == "formula-kept").expect("found");
    assert_eq!(formula.severity, "error");
    rests_on(rule("formula-kept"), world.clone(), "formula-kept");
    let milder = world.with(|p| p.rules.get_mut("formula-kept").expect("a line").severity = None);
    assert!(milder.found().iter().all(|f| f.rule != "formula-kept" || f.severity == "warning"));
    kit(&World::of("workleap", "clean"), Only::Changed).table("upload.xlsx");
}

#[test]
fn demand_23_groups_message_and_notes_belong_to_the_whole_import() {
    let world = World::of("workleap", "clean")
        .policy("import-groups", "Bakery")
        .policy("message", "Welcome")
        .policy("notes", "November");
    let kit = kit(&world, Only::Changed);
    for sentence in [
        "Groups for everybody in this import: `Bakery`",
        "Message in the invitation: `Welcome`",
        "Additional notes: `November`",
    ] {
        kit.ticks(sentence);
    }
    let new = person(&kit.plan, "Ruth Abara");
    assert!(new.cells.iter().any(|cell| cell.result == "Bakery"), "{new:?}");
}

#[test]
fn demand_24_somebody_whose_e_mail_exists_is_not_modified() {
    rests_on(|p| p.existing = Existing::Updated, World::of("workleap", "damaged"), "edit-ignored");
    let moved = edited("workleap", "Baker", "Driver");
    assert_eq!(planned(&moved, Only::Changed).counts.ignored, 1);
    let elsewhere = moved.with(|p| p.existing = Existing::Updated);
    assert_eq!(planned(&elsewhere, Only::Changed).counts.update, 1);
}

#[test]
fn demand_25_the_same_person_under_another_e_mail_would_be_two() {
    rests_on(rule("same-person"), World::of("workleap", "damaged"), "same-person");
    rests_on(rule("key-changed"), World::of("workleap", "damaged"), "key-changed");
}

#[test]
fn demand_26_one_failure_and_nobody_is_imported() {
    let world = World::of("workleap", "damaged");
    let stops = |world: &World| {
        planned(world, Only::Changed)
            .blockers
            .iter()
            .any(|b| b.contains("would stop the whole file"))
    };
    assert!(stops(&world));
    assert!(!stops(&world.with(|p| p.errors = OnErrors::Skip)));
}

#[test]
fn demand_27_the_licence_is_checked_first() {
    rests_on(
        rule("seats-exceeded"),
        World::of("workleap", "clean").policy("seats", "44"),
        "seats-exceeded",
    );
    let kit = kit(&World::of("workleap", "clean").policy("seats", "45"), Only::Changed);
    let (_, clicks) = kit.checklist().split_once("## What to click").expect("told");
    assert!(
        clicks.trim_start().starts_with("- [ ] In Workleap, look up how many active students"),
        "{clicks}"
    );
}

#[test]
fn demand_28_email_username_and_reference_are_required() {
    for (id, row) in [("user_name", ",Ruth"), ("reference", "Ruth Abara,")] {
        let new = only(
            "kaspersky-asap",
            &[&format!("ruth.abara@example.com,{row},Accounting,Austin,0009001")],
        );
        rests_on(field(id, |f| f.value_required = false), new, "required-blank");
    }
    let header = |names: &str| {
        World::of("kaspersky-asap", "snapshot")
            .without_snapshot()
            .roster(&format!("{names}\r\nruth.abara@example.com,Ruth\r\n"))
    };
    rests_on(
        field("reference", |f| f.column_required = false),
        header("Email,userName"),
        "header-missing",
    );
    rests_on(
        field("user_name", |f| f.column_required = false),
        header("Email,reference"),
        "header-missing",
    );
}

#[test]
fn demand_29_an_unknown_column_would_be_a_field_for_every_user() {
    let world = with_column("kaspersky-asap", "Shoe size", "41");
    rests_on(|p| p.columns.creates = false, world.clone(), "field-created");
    let told = world
        .checked()
        .all_findings()
        .into_iter()
        .find(|f| f.rule == "field-created")
        .expect("found");
    assert!(told.message.contains("the 40 people of the last snapshot"), "{}", told.message);
}

#[test]
fn demand_30_errors_are_reported_and_the_import_goes_on_without_them_or_not_at_all() {
    let world = World::of("kaspersky-asap", "damaged");
    assert!(!planned(&world, Only::Changed).blockers.is_empty());
    let skipping = planned(&world.clone().policy("errors", "skip"), Only::Changed);
    assert!(skipping.blockers.is_empty() && skipping.counts.blocked > 10);
    let report = String::from_utf8(report::csv(&world.checked()).expect("written")).expect("UTF-8");
    let errors = world.found().iter().filter(|f| f.severity == "error").count();
    assert!(
        report.lines().count() > errors
            && report.contains("email-malformed ruth.abara.example.com"),
        "{report}"
    );
}

#[test]
fn demand_31_a_cancelled_import_starts_again_at_the_first_stage() {
    let profile = Profile::built_in("kaspersky-asap").expect("built in");
    let errors = profile.policy(PolicyId::Errors).expect("asked");
    let stop = errors.choices.iter().find(|c| c.id == "stop").expect("a choice");
    assert!(stop.says.contains("starts again at stage 1"));
    // Nothing is begun that would have to be cancelled: with an error, no kit is made.
    let world = World::of("kaspersky-asap", "damaged").policy("errors", "stop");
    let plan = planned(&world, Only::Changed);
    let releases = plan.guards.iter().map(|g| (g.id.clone(), g.actual)).collect();
    assert!(made(&world, plan, &releases).is_err());
}

#[test]
fn demand_32_the_people_are_reviewed_and_then_their_groups() {
    let world = World::of("kaspersky-asap", "clean")
        .policy("assignment", "Department is Accounting -> Money");
    let kit = kit(&world, Only::Changed);
    let place = |words: &str| kit.checklist().find(words).unwrap_or_else(|| panic!("{words}"));
    assert!(place("Stage 4: compare the users") < place("Stage 5: look at the training group"));
    assert!(kit.checklist().contains("would be in the group `Money` by rule 1: Ruth Abara"));
    assert!(kit.text("review.html").contains("Money"));
}

#[test]
fn demand_33_the_report_on_imported_users_is_kept_or_mailed() {
    let world = World::of("kaspersky-asap", "clean");
    kit(&world, Only::Changed).ticks("Report on imported users: Download it.");
    kit(&world.policy("report", "mail"), Only::Changed)
        .ticks("Report on imported users: Have it mailed.");
}

#[test]
fn demand_34_files_of_new_hires_come_weekly_and_of_changes_monthly() {
    let hire = "Ruth,Abara,ruth.abara@example.com,0009001,Engineer,,active,No,CA,USA,Oakland,2026-11-16,,Yes,No,CC-12";
    let world = with_rows("emtrain-roster", &[hire]).policy("sync-field", "email");
    assert!(guard(&planned(&world, Only::Changed), "scope").is_some());
    let told = planned(&world.clone().policy("scope", "new"), Only::Changed);
    assert_eq!((guard(&told, "scope"), told.counts.create), (None, 1));
    let never_asked = world.with(|p| p.policies.retain(|policy| policy.id != "scope"));
    assert!(guard(&planned(&never_asked, Only::Changed), "scope").is_none());
    assert_eq!(Profile::built_in("emtrain-roster").expect("built in").snapshot_max_age_days, 31);
}

#[test]
fn demand_35_the_sync_field_changes_only_on_the_profile() {
    let world = World::of("emtrain-roster", "damaged").policy("sync-field", "email");
    rests_on(rule("key-changed"), world.clone(), "key-changed");
    let place = |world: &World| {
        let plan = planned(world, Only::Changed);
        let mut hand = plan.by_hand.into_iter();
        hand.find(|h| h.value == "siobhan.byrne@example.com").expect("listed").r#where
    };
    assert_eq!(place(&world), "the person's profile in Emtrain: CSV sync field");
    assert_ne!(
        place(&world.with(|p| p.key.by_hand = None)),
        "the person's profile in Emtrain: CSV sync field"
    );
}

#[test]
fn demand_36_admin_rights_change_only_on_the_profile() {
    let world = World::of("emtrain-roster", "damaged");
    rests_on(field("admin_access", |f| f.by_hand = None), world, "edit-by-hand");
}

#[test]
fn demand_37_whether_a_leaver_is_deactivated_or_deleted_emtrain_decides() {
    let world = World::of("emtrain-roster", "clean").policy("sync-field", "email");
    let plan = planned(&world, Only::Changed);
    assert_eq!((names(&plan, Action::Deactivate), plan.counts.delete), (vec!["Bo Y"], 0));
    let no_word = world.with(field("user_status", |f| f.inactive.clear()));
    assert_eq!(planned(&no_word, Only::Changed).counts.deactivate, 0);
    let profile = Profile::built_in("emtrain-roster").expect("built in");
    let says = |s: &&muster_engine::profile::StatementText| {
        s.says.contains("Emtrain decides by the status of their training")
    };
    assert!(profile.statements.iter().any(|s| says(&s)));
}

#[test]
fn demand_38_whoever_is_left_out_is_not_deactivated() {
    let world = World::of("emtrain-roster", "clean").policy("sync-field", "email");
    let plan = planned(&world, Only::Changed);
    assert_eq!(names(&plan, Action::Ignored), ["Viktor Novák", "Lúcia Santos"]);
    rests_on(rule("person-missing"), world.clone(), "person-missing");
    let finding = world
        .checked()
        .all_findings()
        .into_iter()
        .find(|f| f.rule == "person-missing")
        .expect("found");
    assert!(finding.message.contains("does not deactivate them"), "{}", finding.message);
}
