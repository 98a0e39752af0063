//! From the edit of a month to the file that is uploaded: what the plan says of each person, and what the kit holds.

use std::collections::BTreeMap;

use muster_engine::checker::Checker;
use muster_engine::error::Result;
use muster_engine::kit;
use muster_engine::plan::{self, Action, Only, Plan, PlanCounts, PlanOptions};
use muster_engine::profile::connector::KIT;
use muster_engine::reading::{self, ReadAs};

use crate::world::{World, rows, text};

pub fn planned(world: &World, only: Only) -> Plan {
    plan_of(&world.checked(), only)
}

fn plan_of(checker: &Checker, only: Only) -> Plan {
    let choices = checker.context().choices.clone();
    plan::make(
        checker,
        &KIT,
        &PlanOptions { choices, only, snapshot_age: Some(3), ..PlanOptions::default() },
    )
}

/// The files of a kit, by name.
pub struct Kit {
    files: BTreeMap<String, Vec<u8>>,
    pub plan: Plan,
}

impl Kit {
    pub fn text(&self, name: &str) -> &str {
        std::str::from_utf8(&self.files[name]).expect("UTF-8")
    }

    pub fn checklist(&self) -> &str {
        self.text("checklist.md")
    }

    /// The table of a file: its header, and its rows.
    pub fn table(&self, name: &str) -> Vec<Vec<String>> {
        let bytes = self.files[name].clone();
        let read = reading::read_bytes(bytes, name, &ReadAs::default(), &|_| true).expect("read");
        assert!(read.reading.sheets.len() <= 1, "one sheet");
        assert!(!read.table.has_notes(), "every cell of a workbook is a text");
        let rows = read.table.rows().map(|row| read.table.row(row));
        std::iter::once(read.table.names().to_vec()).chain(rows).collect()
    }

    pub fn column(&self, name: &str, column: &str) -> Vec<String> {
        let table = self.table(name);
        let at = table[0].iter().position(|c| c == column).expect("the column");
        table[1..].iter().map(|row| row[at].clone()).collect()
    }

    #[track_caller]
    pub fn ticks(&self, sentence: &str) {
        assert!(self.checklist().contains(sentence), "{sentence}\nis not in\n{}", self.checklist());
    }
}

/// The kit of an edit, with every hold released by its number.
pub fn kit(world: &World, only: Only) -> Kit {
    let plan = planned(world, only);
    let releases = plan.guards.iter().map(|g| (g.id.clone(), g.actual)).collect();
    made(world, plan, &releases).expect("made")
}

pub fn made(world: &World, plan: Plan, releases: &BTreeMap<String, u32>) -> Result<Kit> {
    let asked =
        kit::KitOptions { releases, note: "", at: "2026-11-23T08:15:00Z", by: "", account: "" };
    let made = kit::make(&plan, &world.checked(), &asked)?;
    let files = made.files.into_iter().map(|file| (file.name, file.bytes));
    Ok(Kit { files: files.collect(), plan })
}

fn counts(plan: &Plan) -> PlanCounts {
    plan.counts
}

pub fn names(plan: &Plan, action: Action) -> Vec<&str> {
    let people = plan.people.iter().map(|p| &p.person);
    people.filter(|p| p.action == action).map(|p| p.name.as_str()).collect()
}

pub fn guard(plan: &Plan, id: &str) -> Option<(u32, bool)> {
    plan.guards.iter().find(|g| g.id == id).map(|g| (g.actual, g.held))
}

/// The rows of an edit as they stand in its file, by the value of a column.
fn as_edited(id: &str, edit: &str, column: &str, values: &[&str]) -> Vec<Vec<String>> {
    let all = rows(&text(id, &format!("{edit}.csv")));
    let at = all[0].iter().position(|c| c == column).expect("the column");
    let header = all[0].clone();
    let wanted = all[1..].iter().filter(|row| values.contains(&row[at].as_str())).cloned();
    std::iter::once(header).chain(wanted).collect()
}

#[test]
fn emtrain_gets_a_workbook_of_texts_with_its_two_numbers_to_compare() {
    let world = World::of("emtrain-learners", "clean").policy("blanks", "keep");
    let kit = kit(&world, Only::Changed);
    assert_eq!(
        counts(&kit.plan),
        PlanCounts {
            create: 3,
            update: 3,
            deactivate: 1,
            reactivate: 1,
            ignored: 2,
            same: 33,
            ..PlanCounts::default()
        }
    );
    let people = [
        "mateo.fernandez@example.com",
        "siobhan.byrne@example.com",
        "leila.haddad@example.com",
        "fatou.diop@example.com",
        "dmitri.volkov@example.com",
        "ruth.abara@example.com",
        "ivo.petrov@example.com",
        "sol.kim@example.com",
    ];
    assert_eq!(
        kit.table("upload.xls"),
        as_edited("emtrain-learners", "clean", "Email Address", &people)
    );
    kit.ticks("It has to say New: 3 and Edited: 5");
    kit.ticks("Method: choose “Download and Sync”");
    kit.ticks("Learners who are not in the spreadsheet: Leave them.");
    kit.ticks("`upload.xls` (8 people). It is the .xls that Emtrain asks for");
    assert!(kit.files["upload.xls"].starts_with(b"\xD0\xCF\x11\xE0"));
}

#[test]
fn emtrain_asks_what_a_blank_cell_does_before_anything_is_made() {
    let world = World::of("emtrain-learners", "clean");
    let plan = planned(&world, Only::Changed);
    assert_eq!(plan.blockers, ["Choose what Emtrain LMS is to do: Blank cells."]);
}

#[test]
fn deactivating_learners_who_are_not_in_the_spreadsheet_is_held_and_sends_everybody() {
    let few = World::of("emtrain-learners", "clean")
        .policy("blanks", "keep")
        .policy("missing", "deactivate");
    let plan = planned(&few, Only::Changed);
    assert_eq!(plan.only, Only::All, "a spreadsheet of a few would take all others away");
    assert_eq!(names(&plan, Action::Deactivate), ["Fatou Diop", "Viktor Novak", "Lucia Santos"]);
    // Thirty rows fewer are no leavers: Emtrain would deactivate all of them.
    let all = text("emtrain-learners", "snapshot.csv");
    let short: Vec<&str> = all.lines().take(11).collect();
    let short = few.roster(&(short.join("\r\n") + "\r\n"));
    let plan = planned(&short, Only::Changed);
    let (deactivated, held) = guard(&plan, "deactivate").expect("counted");
    assert_eq!((deactivated, held), (29, true), "one of the thirty is inactive already");
    assert!(made(&short, plan, &BTreeMap::new()).is_err());
}

#[test]
fn hris_reports_go_by_the_column_that_was_picked_and_tested() {
    let by = |column: &str| {
        World::of("emtrain-learners", "clean").policy("blanks", "keep").policy("sync-field", column)
    };
    let plan = planned(&by("Employee ID"), Only::Changed);
    assert!(
        plan.of_policy["sync-field"].ends_with("41 people, 41 different, none blank"),
        "{}",
        plan.of_policy["sync-field"]
    );
    assert_eq!((plan.counts.create, plan.blockers.len()), (3, 0));
    // Departments are not different for everybody: Emtrain's Test would fail.
    let plan = planned(&by("Department"), Only::Changed);
    assert!(
        plan.of_policy["sync-field"].contains("41 people, 4 different"),
        "{}",
        plan.of_policy["sync-field"]
    );
    assert!(!plan.blockers.is_empty());
    // A column that is not there is refused, and one that was there when it was chosen is told before anything else.
    let refused = by("Staff No").choices().expect_err("no such column");
    assert_eq!(refused.what, "`Staff No` is no column that `sync-field` can be");
    let plan = plan_of(&by("Staff No").checked_as_kept(), Only::Changed);
    assert!(plan.blockers.iter().any(|why| why.contains("Staff No")), "{:?}", plan.blockers);
}

#[test]
fn emtrains_roster_keeps_the_order_of_its_columns_and_deactivates_by_the_word() {
    let world = World::of("emtrain-roster", "clean").policy("sync-field", "email");
    let kit = kit(&world, Only::Changed);
    assert_eq!(
        counts(&kit.plan),
        PlanCounts {
            create: 3,
            update: 3,
            deactivate: 1,
            reactivate: 1,
            ignored: 2,
            same: 33,
            ..PlanCounts::default()
        }
    );
    assert_eq!(
        names(&kit.plan, Action::Ignored),
        ["Viktor Novák", "Lúcia Santos"],
        "left out is not deactivated"
    );
    assert_eq!(names(&kit.plan, Action::Deactivate), ["Bo Y"]);
    let header = rows(&text("emtrain-roster", "snapshot.csv"))[0].clone();
    let table = kit.table("upload.csv");
    assert_eq!(table[0], header);
    assert_eq!(table.len(), 9);
    assert!(!kit.files["upload.csv"].starts_with(&[0xEF, 0xBB, 0xBF]));
    assert!(kit.text("upload.csv").contains("Þórsson"));
    kit.ticks("`upload.csv` (8 people: 3 new, 4 changed, 1 set inactive)");
    kit.ticks("Emtrain should say New users added: 3");
    assert!(
        kit.plan
            .people
            .iter()
            .any(|p| p.person.name == "Viktor Novák" && p.person.why.contains("not in the file"))
    );
}

#[test]
fn emtrains_sync_field_has_no_default_and_no_file_changes_it() {
    let world = World::of("emtrain-roster", "damaged");
    let plan = planned(&world, Only::Changed);
    assert!(plan.blockers.iter().any(|b| b.contains("CSV sync field")), "{:?}", plan.blockers);
    let plan = planned(&world.policy("sync-field", "email"), Only::Changed);
    let hand: Vec<_> = plan
        .by_hand
        .iter()
        .map(|h| (h.name.as_str(), h.column.as_str(), h.value.as_str()))
        .collect();
    assert!(
        hand.contains(&("Siobhán O'Sullivan", "Email Address", "siobhan.byrne@example.com")),
        "{hand:?}"
    );
    assert!(
        hand.iter().any(|(_, column, value)| *column == "Admin Access" && *value == "Yes"),
        "{hand:?}"
    );
    // Row by row: whoever has an error is left out by name, and the others go.
    assert!(plan.blockers.is_empty(), "{:?}", plan.blockers);
    assert!(plan.counts.blocked > 15);
}

#[test]
fn a_list_that_is_much_shorter_asks_what_it_holds() {
    let all = text("emtrain-roster", "snapshot.csv");
    let new = "Ruth,Abara,ruth.abara@example.com,0009001,Engineer,,active,No,CA,USA,Oakland,2026-11-16,,Yes,No,CC-12\r\n";
    let hires = format!("{}\r\n{new}", all.lines().next().expect("a header"));
    let world = World::of("emtrain-roster", "clean").policy("sync-field", "email").roster(&hires);
    let plan = planned(&world, Only::Changed);
    assert_eq!(guard(&plan, "scope"), Some((40, false)), "nothing but new people: asked, not held");
    let known =
        world.clone().roster(&all.lines().take(3).map(|l| format!("{l}\r\n")).collect::<String>());
    let plan = planned(&known, Only::Changed);
    assert_eq!(
        guard(&plan, "scope"),
        Some((38, true)),
        "two of forty people may be a list cut short"
    );
    assert!(made(&known, plan, &BTreeMap::new()).is_err());
    let told = world.policy("scope", "new");
    let plan = planned(&told, Only::Changed);
    assert_eq!(guard(&plan, "scope"), None);
    assert_eq!((plan.counts.create, plan.counts.ignored), (1, 0), "nothing is said of the others");
    assert!(
        plan.effects.also.iter().any(|s| s.contains("nothing is said of 40 people")),
        "{:?}",
        plan.effects.also
    );
    let kit = kit(&told, Only::Changed);
    assert_eq!(kit.column("upload.csv", "Email Address"), ["ruth.abara@example.com"]);
}

#[test]
fn edapp_gets_the_changed_rows_under_its_own_header() {
    let world = World::of("edapp", "clean");
    let kit = kit(&world, Only::Changed);
    assert_eq!(
        counts(&kit.plan),
        PlanCounts { create: 3, update: 4, ignored: 2, same: 34, ..PlanCounts::default() }
    );
    let table = kit.table("upload.csv");
    assert_eq!(table[0], rows(&text("edapp", "snapshot.csv"))[0]);
    assert_eq!(table.len(), 8);
    assert!(kit.text("upload.csv").contains("\r\n"));
    assert!(
        kit.text("upload.csv").contains("Marketing; Onboarding 2026")
            || kit.text("upload.csv").contains("Operations; Onboarding 2026")
    );
    kit.ticks("`upload.csv` (7 people: 3 new, 4 changed)");
    kit.ticks("Invitations: Send none.");
    kit.ticks("Existing users, “User Groups”: choose “Add”");
    assert_eq!(kit.table("undo.csv").len(), 5, "those who are changed, as they were");
}

#[test]
fn a_damaged_roster_makes_no_kit_where_one_error_stops_the_file() {
    type Choices<'a> = &'a [(&'a str, &'a str)];
    let cases: [(&str, Choices); 4] = [
        ("edapp", &[]),
        ("emtrain-learners", &[("blanks", "keep")]),
        ("workleap", &[]),
        ("kaspersky-asap", &[]),
    ];
    for (id, policies) in cases {
        let world = policies.iter().fold(World::of(id, "damaged"), |w, (p, c)| w.policy(p, c));
        let plan = planned(&world, Only::Changed);
        let releases = plan.guards.iter().map(|g| (g.id.clone(), g.actual)).collect();
        assert!(
            plan.blockers.iter().any(|b| b.contains("would stop the whole file")),
            "{id}: {:?}",
            plan.blockers
        );
        assert!(made(&world, plan, &releases).is_err(), "{id}");
    }
}

#[test]
fn a_kit_is_made_exactly_where_the_gate_of_its_plan_lets_it_through() {
    type Choices<'a> = &'a [(&'a str, &'a str)];
    let profiles: [(&str, Choices); 6] = [
        ("edapp", &[]),
        ("emtrain-learners", &[("blanks", "keep")]),
        ("emtrain-roster", &[("sync-field", "email")]),
        ("emtrain-roster", &[]),
        ("kaspersky-asap", &[("errors", "skip")]),
        ("workleap", &[]),
    ];
    let (mut through, mut stopped) = (0, 0);
    for (id, choices) in profiles {
        for edit in ["clean", "damaged", "snapshot"] {
            let world = choices.iter().fold(World::of(id, edit), |w, (p, c)| w.policy(p, c));
            for only in [Only::Changed, Only::All] {
                let plan = planned(&world, only);
                let all: BTreeMap<String, u32> =
                    plan.guards.iter().map(|g| (g.id.clone(), g.actual)).collect();
                for releases in [BTreeMap::new(), all] {
                    let gate = plan.gate(&releases);
                    let kit = made(&world, plan.clone(), &releases);
                    assert_eq!(kit.is_ok(), gate.may_be_sent, "{id}, {edit}, {only:?}: {gate:?}");
                    *if gate.may_be_sent { &mut through } else { &mut stopped } += 1;
                }
            }
        }
    }
    assert!(through > 10 && stopped > 10, "{through} and {stopped}");
}

#[test]
fn workleap_gets_new_people_only_with_what_belongs_to_the_whole_import() {
    let world = World::of("workleap", "clean")
        .policy("import-groups", "Bakery; Onboarding")
        .policy("message", "Welcome")
        .policy("notes", "November")
        .policy("seats", "60");
    let kit = kit(&world, Only::Changed);
    assert_eq!(
        counts(&kit.plan),
        PlanCounts { create: 5, same: 1, ignored: 39, ..PlanCounts::default() }
    );
    let table = kit.table("upload.xlsx");
    assert_eq!(table[0], rows(&text("workleap", "snapshot.csv"))[0]);
    assert_eq!(
        kit.column("upload.xlsx", "Name"),
        ["Ruth Abara", "Ívar Þórsson", "François D’Arcy", "王小明", "María-José de la O"]
    );
    assert_eq!(
        kit.column("upload.xlsx", "Employee Number"),
        ["0009001", "0009002", "0009003", "0009004", "0009005"]
    );
    for sentence in [
        "`Bakery; Onboarding`",
        "`Welcome`",
        "`November`",
        "(5 people: 5 new)",
        "What you have noted: `60`",
        "“Enroll users”",
    ] {
        kit.ticks(sentence);
    }
    assert_eq!(kit.plan.effects.seats_after, 45);
}

#[test]
fn workleap_changes_nobody_who_exists_but_adds_the_groups_of_the_import() {
    let world = World::of("workleap", "damaged").policy("import-groups", "Bakery");
    let plan = planned(&world, Only::Changed);
    let person = |name: &str| {
        &plan.people.iter().find(|p| p.person.name == name).expect("in the plan").person
    };
    assert_eq!(person("Siobhán Byrne").action, Action::Ignored);
    // When all are sent, those who exist get the groups, and nothing else of theirs changes.
    let world = World::of("workleap", "clean").policy("import-groups", "Bakery");
    let plan = planned(&world, Only::All);
    assert_eq!((plan.counts.create, plan.counts.update), (5, 1));
    let known =
        &plan.people.iter().find(|p| p.person.action == Action::Update).expect("one").person;
    assert_eq!(known.why, "gets the groups of this import");
    assert_eq!(known.cells.iter().map(|c| c.result.as_str()).collect::<Vec<_>>(), ["Bakery"]);
}

#[test]
fn workleaps_licence_is_looked_at_before_anything_is_sent() {
    let enough = World::of("workleap", "clean").policy("seats", "45");
    assert!(enough.found().iter().all(|f| f.rule != "seats-exceeded"));
    let short = World::of("workleap", "clean").policy("seats", "44");
    assert!(short.found().iter().any(|f| f.rule == "seats-exceeded"));
    assert!(planned(&short, Only::Changed).blockers.iter().any(|b| b.contains("44")));
}

#[test]
fn kaspersky_gets_no_field_that_nobody_accepted() {
    let with_column = {
        let all = text("kaspersky-asap", "clean.csv");
        let lines = all
            .lines()
            .enumerate()
            .map(|(n, line)| format!("{line},{}\r\n", if n == 0 { "Shoe size" } else { "41" }));
        lines.collect::<String>()
    };
    let world = World::of("kaspersky-asap", "clean").roster(&with_column);
    let refused = kit(&world, Only::Changed);
    assert!(!refused.table("upload.xlsx")[0].contains(&"Shoe size".to_owned()));
    assert_eq!(refused.table("upload.xlsx")[0], rows(&text("kaspersky-asap", "snapshot.csv"))[0]);
    assert_eq!(
        refused.column("upload.xlsx", "userName"),
        ["Ruth Abara", "Ívar Þórsson", "Solène D’Arcy"]
    );
    assert_eq!(guard(&refused.plan, "field"), None);
    let accepting = world.policy("new-fields", "accept");
    let plan = planned(&accepting, Only::Changed);
    assert_eq!(plan.effects.fields_created, ["Shoe size"]);
    assert_eq!(guard(&plan, "field"), Some((1, true)), "a field for everybody is held");
    let accepted = kit(&accepting, Only::Changed);
    assert!(accepted.table("upload.xlsx")[0].contains(&"Shoe size".to_owned()));
    accepted.ticks("“Add to database”");
}

#[test]
fn kaspersky_goes_on_without_the_rows_that_have_errors_and_names_them() {
    let world = World::of("kaspersky-asap", "damaged").policy("errors", "skip");
    let kit = kit(&world, Only::Changed);
    assert!(kit.plan.blockers.is_empty());
    let left_out = names(&kit.plan, Action::Blocked);
    for name in ["Ruth Abara", "Ivo Petrov", "Kwame Asante"] {
        assert!(left_out.contains(&name), "{left_out:?}");
        kit.ticks(name);
    }
    kit.ticks("Stage 3 tells of errors, if there are any. Only then: choose “Continue as-is”");
    let sent = kit.column("upload.xlsx", "userName");
    assert!(left_out.iter().all(|name| !sent.iter().any(|s| s == name)), "{sent:?}");
    assert_eq!(sent.len() as u32, kit.plan.counts.changed());
}

#[test]
fn kasperskys_rules_say_who_lands_where_and_who_nowhere() {
    let rules = "Department is Accounting -> Money; Office is Austin -> Everybody in Austin; Department contains field -> Outside";
    let world = World::of("kaspersky-asap", "clean").policy("assignment", rules);
    let kit = kit(&world, Only::Changed);
    let lands = |name: &str| {
        let person =
            &kit.plan.people.iter().find(|p| p.person.name == name).expect("in the plan").person;
        let cell = person.cells.iter().find(|c| c.title == "Group").expect("lands");
        (cell.result.clone(), cell.why.clone().unwrap_or_default())
    };
    assert_eq!(
        lands("Ruth Abara"),
        ("Money".into(), "by rule 1".into()),
        "the first that fits decides"
    );
    assert_eq!(lands("Ívar Þórsson"), ("Everybody in Austin".into(), "by rule 2".into()));
    kit.ticks("1 person would be in the group `Money` by rule 1: Ruth Abara");
    // In another order they land elsewhere; without the last, one of them nowhere.
    let turned = world.clone().policy(
        "assignment",
        "Department contains field -> Outside; Department is Accounting -> Money",
    );
    let plan = planned(&turned, Only::Changed);
    let says = |words: &str| {
        assert!(
            plan.effects.also.iter().any(|s| s.contains(words)),
            "{words}: {:?}",
            plan.effects.also
        )
    };
    says("1 person would be in the group `Outside` by rule 1: Ívar Þórsson");
    says("1 person would be in no group, because no rule fits: Solène D’Arcy");
}
