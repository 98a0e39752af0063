//! Whether a plan may be sent: the upload kit, a file that is dropped, the page and the command's exit codes all say what
//! the gate of the plan says.

use std::collections::BTreeMap;
use std::sync::Arc;

use muster_engine::checker::Checker;
use muster_engine::kit;
use muster_engine::lists::Lists;
use muster_engine::outbox::{Chosen, freeze};
use muster_engine::plan::{self, Only, Part, Plan, Stopped};
use muster_engine::profile::connector::{Connector, KIT};
use muster_engine::profile::{Choices, Profile};
use muster_engine::push::Target;
use muster_engine::roster::Roster;
use muster_engine::rules::CheckContext;
use muster_engine::store::Store;
use muster_engine::table::Table;
use muster_engine::upload::make_kit;

use crate::world::{ANA, BO, CEM, World, edapp};

/// Goes row by row: whoever has an error is left out, and the others go.
pub const EMTRAIN: &str = "First Name,Last Name,Email Address,Employee ID,Title,User Status,Admin Access\n\
                       Ada,Lo,ada@example.com,E1,Nurse,active,No\n\
                       Bo,Li,bo@example.com,E2,Cook,active,No\n\
                       Cy,Ng,cy@example.com,E3,Cook,active,No\n";

/// What is let through, or why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Through,
    Nothing,
    Held,
}

use Way::{Held, Nothing, Through};

struct Case {
    what: &'static str,
    profile: &'static str,
    snapshot: String,
    roster: String,
    policies: &'static [(&'static str, &'static str)],
    releases: &'static [(&'static str, u32)],
    way: Way,
    /// What `kit` exits with.
    exit: i32,
    /// In the way beside open choices, open choices, holds.
    stops: (u32, usize, usize),
    /// Left out: by an error, ignored, by hand.
    out: (u32, u32, u32),
}

const BY_MAIL: &[(&str, &str)] = &[("sync-field", "email")];

impl Case {
    fn emtrain(what: &'static str, edits: &[(&str, &str)]) -> Case {
        let roster = edits.iter().fold(EMTRAIN.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from} is in the roster");
            text.replace(from, to)
        });
        Case {
            what,
            profile: "emtrain-roster",
            snapshot: EMTRAIN.to_owned(),
            roster,
            policies: BY_MAIL,
            releases: &[],
            way: Through,
            exit: 0,
            stops: (0, 0, 0),
            out: (0, 0, 0),
        }
    }

    fn edapp(what: &'static str, rows: &[&str]) -> Case {
        let (snapshot, roster) = (edapp(&[ANA, BO, CEM]), edapp(rows));
        Case { profile: "edapp", snapshot, roster, policies: &[], ..Case::emtrain(what, &[]) }
    }

    fn is(self, way: Way, exit: i32) -> Case {
        Case { way, exit, ..self }
    }

    fn stops(self, blockers: u32, open: usize, held: usize) -> Case {
        Case { stops: (blockers, open, held), ..self }
    }

    fn out(self, errors: u32, ignored: u32, by_hand: u32) -> Case {
        Case { out: (errors, ignored, by_hand), ..self }
    }

    fn released(self, releases: &'static [(&'static str, u32)]) -> Case {
        Case { releases, ..self }
    }
}

fn cases() -> Vec<Case> {
    let nurse = ("Nurse", "Doctor");
    let crooked = ("cy@example.com,E3,Cook", "cy@example.com,E3,Chef");
    let crooked = [crooked, ("Cy,Ng", ",Ng")];
    let by_hand = ("E2,Cook,active,No", "E2,Cook,active,Yes");
    let secret = ANA.replace(",,E101", ",Sunflower-2026,E101");
    let group = ANA.replace("Sales", "Sales; Marketing");
    vec![
        Case::emtrain("a change", &[nurse]),
        Case::emtrain("no change", &[]).is(Nothing, 0),
        Case {
            policies: &[],
            ..Case::emtrain("a choice that nobody made", &[nurse]).is(Held, 3).stops(0, 1, 0)
        },
        Case::emtrain("one of two has an error", &[nurse, crooked[0], crooked[1]])
            .is(Through, 1)
            .out(1, 0, 0),
        Case::emtrain("the only one who is changed has an error", &crooked)
            .is(Held, 3)
            .out(1, 0, 0),
        Case::emtrain(
            "somebody is missing, and the LMS leaves them alone as it says",
            &[nurse, ("Bo,Li,bo@example.com,E2,Cook,active,No\n", "")],
        )
        .out(0, 1, 0),
        Case::emtrain("all that differs is done by hand", &[by_hand]).is(Nothing, 0).out(0, 0, 1),
        Case::emtrain("one is changed, and of another all is done by hand", &[nurse, by_hand])
            .out(0, 0, 1),
        Case::edapp(
            "one error stops the whole file",
            &[&group, &BO.replace("Marketing", "Markting"), CEM],
        )
        .is(Held, 3)
        .stops(1, 0, 0),
        Case::edapp("a hold", &[&secret, BO, CEM]).is(Held, 3).stops(0, 0, 1),
        Case::edapp("a hold that is released by another number", &[&secret, BO, CEM])
            .released(&[("password", 2)])
            .is(Held, 3)
            .stops(0, 0, 1),
        Case::edapp("a hold that is released by its number", &[&secret, BO, CEM])
            .released(&[("password", 1)]),
        Case::edapp(
            "a value that the LMS keeps although the file has it no longer",
            &[ANA, &BO.replace("Sales; Marketing", "Sales"), CEM],
        )
        .is(Nothing, 0)
        .out(0, 1, 0),
        Case::edapp(
            "a value that the LMS keeps, and a change of somebody else",
            &[&group, &BO.replace("Sales; Marketing", "Sales"), CEM],
        )
        .out(0, 1, 0),
    ]
}

fn planned(case: &Case, connector: &'static Connector) -> (Plan, Checker) {
    let profile = Arc::new(Profile::built_in(case.profile).expect("built in"));
    let policies: BTreeMap<String, String> =
        case.policies.iter().map(|(id, to)| ((*id).to_owned(), (*to).to_owned())).collect();
    let choices = Choices::asked(&profile, &policies, &[]).expect("choices that it has");
    let profile = profile.with_policies(&choices);
    let read = |text: &str| Roster::read(Table::from_text(text).expect("a table"), profile.clone());
    let mut context =
        CheckContext::new(read(&case.roster), Some(read(&case.snapshot)), Lists::new());
    context.choices = choices.clone();
    let checker = Checker::new(context, &|_| true).expect("checked");
    let asked = plan::PlanOptions { choices, only: Only::Changed, ..Default::default() };
    (plan::make(&checker, connector, &asked), checker)
}

fn way<T>(made: Result<T, Stopped>) -> Way {
    match made {
        Ok(_) => Through,
        Err(Stopped::Nothing(_)) => Nothing,
        Err(Stopped::Held(_)) => Held,
        Err(Stopped::Failed(failure)) => panic!("{failure}"),
    }
}

#[test]
fn kit_drop_page_and_exit_code_say_what_the_gate_says() {
    const NOW: &str = "2026-11-23T08:15:00Z";
    let target = Target::read("sftp://drop@127.0.0.1:9/roster.csv").expect("an address");
    for case in cases() {
        let what = case.what;
        let releases: BTreeMap<String, u32> =
            case.releases.iter().map(|(id, n)| ((*id).to_owned(), *n)).collect();
        let (plan, checker) = planned(&case, &KIT);
        let gate = plan.gate(&releases);
        let out = &gate.left_out;
        assert_eq!((gate.in_the_way, gate.open.len(), gate.held.len()), case.stops, "{what}");
        assert_eq!((out.errors, out.ignored, out.by_hand), case.out, "{what}");
        assert_eq!(gate.may_be_sent, case.way == Through, "{what}: {gate:?}");
        assert_eq!(way(gate.pass()), case.way, "{what}");
        assert_eq!(
            plan.view("2026-11-28T12:00:00Z").gate,
            plan.gate(&BTreeMap::new()),
            "{what}: the page"
        );

        let place = tempfile::tempdir().expect("a place");
        let folder = place.path().join("kit");
        let asked = kit::KitOptions { releases: &releases, note: "", at: NOW, by: "", account: "" };
        assert_eq!(way(make_kit(&plan, &checker, &folder, &asked)), case.way, "{what}: the kit");
        assert_eq!(folder.exists(), case.way == Through, "{what}: the kit's folder");

        let (plan, checker) = planned(&case, target.connector().expect("known"));
        let store = Store::open(&place.path().join("data"), NOW).expect("a store");
        let chosen = Chosen { releases: releases.clone(), ..Chosen::default() };
        let frozen = freeze(&store, None, (&plan, &checker), &target, &chosen, NOW);
        assert_eq!(way(frozen), case.way, "{what}: the drop");
        let pushes = store.pushes().expect("readable");
        assert_eq!(pushes.len(), usize::from(case.way == Through), "{what}: the outbox");
        let told = pushes.first().map_or((0, 0, 0), |push| {
            (push.counts.left_out, push.counts.ignored, push.counts.by_hand)
        });
        // Whoever the file does not have is nobody of the push.
        let absent = case.snapshot.lines().count().saturating_sub(case.roster.lines().count());
        let ignored = case.out.1 - u32::try_from(absent).expect("few");
        let expected =
            if case.way == Through { (case.out.0, ignored, case.out.2) } else { (0, 0, 0) };
        assert_eq!(told, expected, "{what}: of whom the receipt tells beside those who are sent");

        let world = World::new().with("last.csv", &case.snapshot).with("staff.csv", &case.roster);
        let policies = case.policies.iter().map(|(id, to)| format!(" --policy {id}={to}"));
        let releases = case.releases.iter().map(|(id, n)| format!(" --release {id}={n}"));
        let more: String = policies.chain(releases).collect();
        let words = format!("staff.csv --against last.csv --profile {}{more}", case.profile);
        let answer = world.muster(&format!("kit {words} --out kit"));
        assert_eq!(answer.exit, case.exit, "{what}: `kit` {}{}", answer.out, answer.err);
        // Nobody listens there: what is let through waits in the outbox, and that is exit 2.
        let push = format!(
            "push {words} --to sftp://drop@127.0.0.1:9/roster.csv --option host-key=SHA256:none"
        );
        let mut push = world.command(&push.split_whitespace().collect::<Vec<_>>());
        push.env("MUSTER_SECRET", "none").env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
        let push = push.output().expect("muster runs");
        let told = String::from_utf8_lossy(&push.stderr);
        let expected = if case.way == Through { 2 } else { case.exit };
        assert_eq!(push.status.code(), Some(expected), "{what}: `push` {told}");
        if case.way != Through {
            assert_eq!(answer.err, told, "{what}: one decision, one sentence");
        }
    }
}

#[test]
fn whoever_was_not_chosen_is_told_from_whoever_has_an_error() {
    let nurse = ("Nurse", "Doctor");
    let cook = ("bo@example.com,E2,Cook", "bo@example.com,E2,Chef");
    let case = Case::emtrain("two changes and an error", &[nurse, cook, ("Cy,Ng", ",Ng")]);
    let (mut plan, _) = planned(&case, &KIT);
    plan.connector = muster_engine::profile::connector::connector("kolibri").expect("known");
    let none = BTreeMap::new();
    let keys = |keys: &[&str]| keys.iter().map(|k| (*k).to_owned()).collect::<Vec<_>>();
    let left = |part: Part| {
        let gate = plan.gate_of(part, &none);
        (gate.may_be_sent, gate.left_out.errors, gate.left_out.not_chosen)
    };
    let only = |keys: &[String], first| left(Part { first, keys, ..Part::default() });
    assert_eq!(only(&[], None), (true, 1, 0));
    assert_eq!(only(&[], Some(1)), (true, 1, 1), "who is tried are those who can be sent");
    assert_eq!(only(&keys(&["ada@example.com"]), None), (true, 0, 1));
    assert_eq!(only(&keys(&["ada@example.com", "cy@example.com"]), None), (true, 1, 1));
    assert_eq!(only(&keys(&["cy@example.com"]), None), (false, 1, 2));
    assert_eq!(only(&keys(&["nobody@example.com"]), None), (false, 0, 2));
}

#[test]
fn the_kit_says_who_was_left_out_because_of_an_error() {
    let wrong =
        EMTRAIN.replace("Nurse", "Doctor").replace("Cy,Ng", ",Ng").replace("E3,Cook", "E3,Chef");
    let world = World::new().with("last.csv", EMTRAIN).with("staff.csv", wrong);
    let words =
        "kit staff.csv --against last.csv --profile emtrain-roster --policy sync-field=email";
    let answer = world.muster(&format!("{words} --out kit")).exits(1);
    assert!(answer.out.contains("Left out because of an error:"), "{}", answer.out);
    assert!(answer.out.contains("(cy@example.com), line 4: "), "{}", answer.out);
    let report = world.muster(&format!("{words} --out other --format json")).exits(1).json();
    assert_eq!(report["left_out"][0]["key"], "cy@example.com", "{report}");
    assert_eq!(report["left_out"][0]["line"], 4, "{report}");
    assert!(world.text("other/upload.csv").contains("ada@example.com"));
    assert!(!world.text("other/upload.csv").contains("cy@example.com"));
}
