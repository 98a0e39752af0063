//! What a push claims: exactly what was frozen is sent, once, and only what the LMS was seen to have is called done.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use muster_engine::session::Engine;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::command::{Muster, list, text};
use crate::kolibri_server::holds;
use crate::sheet::Sheet;
use crate::small_lms::{Mood, SmallLms};

const TOKEN: &str = "token-of-the-small-lms";

struct World {
    lms: SmallLms,
    folder: TempDir,
    muster: Muster,
}

impl World {
    fn new() -> World {
        let lms = SmallLms::new(&["ada", "bo", "cy"]);
        let folder = tempfile::tempdir().expect("a folder");
        let muster = Muster::new(&folder.path().join("data"), TOKEN);
        let world = World { lms, folder, muster };
        world.fetch();
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn fetch(&self) -> Sheet {
        let (from, out) = (self.lms.address(), self.path("fetched.csv"));
        let words: [&dyn AsRef<OsStr>; 8] =
            [&"fetch", &"--from", &from, &"--profile", &"scim", &"--out", &out, &"--replace"];
        self.muster.run(&words, 0);
        Sheet::read(&out)
    }

    /// So many new people, with a password each.
    fn new_people(&self, count: usize) {
        let mut sheet = Sheet::read(&self.path("fetched.csv"));
        for n in 0..count {
            let (login, name) = (format!("new{n:03}"), format!("New {n}"));
            let password = format!("Pass-word-{login}");
            sheet.add(&[
                ("userName", &login),
                ("name.familyName", &name),
                ("title", "Nurse"),
                ("password", &password),
            ]);
        }
        sheet.write(&self.path("roster.csv"));
    }

    fn words(&self, to: &str) -> Vec<String> {
        let path = |name: &str| self.path(name).display().to_string();
        ["push", &path("roster.csv"), "--against", &path("fetched.csv"), "--to", to]
            .map(str::to_owned)
            .to_vec()
    }

    fn push(&self, more: &[&str]) -> (i32, String) {
        self.push_by(&self.muster, &self.lms.address(), more)
    }

    fn push_by(&self, muster: &Muster, to: &str, more: &[&str]) -> (i32, String) {
        let mut words = self.words(to);
        words.extend(more.iter().map(|word| (*word).to_owned()));
        let words: Vec<&dyn AsRef<OsStr>> = words.iter().map(|w| w as &dyn AsRef<OsStr>).collect();
        muster.try_to(&words)
    }

    fn outbox(&self, words: &[&str]) -> (i32, String) {
        outbox(&self.muster, words)
    }

    fn receipt(&self, id: &str) -> Value {
        self.muster.answer(&[&"outbox", &"show", &id], 0)
    }

    /// A push that waits, as the LMS took a rest when it was begun.
    fn waiting(&self, people: usize) {
        self.new_people(people);
        self.lms.is(Mood::Rests);
        let (exit, said) = self.push(&[]);
        assert!(exit == 2 && said.contains("muster outbox resume 1"), "{said}");
        self.lms.is(Mood::Honest);
    }

    /// Exchanges letters in the database, as a bad disk does.
    fn damage(&self, from: &str, to: &str) {
        let place = self.path("data/muster.db");
        let mut bytes = std::fs::read(&place).expect("there");
        let at = bytes.windows(from.len()).position(|part| part == from.as_bytes());
        let at = at.unwrap_or_else(|| panic!("`{from}` is not there"));
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
        std::fs::write(place, bytes).expect("written");
    }
}

fn outbox(muster: &Muster, words: &[&str]) -> (i32, String) {
    let mut all: Vec<&dyn AsRef<OsStr>> = vec![&"outbox"];
    all.extend(words.iter().map(|word| word as &dyn AsRef<OsStr>));
    muster.try_to(&all)
}

/// How often each login is there that is there more than once.
fn twice(lms: &SmallLms) -> Vec<String> {
    let logins = lms.logins();
    let is_twice = |login: &&String| logins.iter().filter(|other| other == login).count() > 1;
    logins.iter().filter(is_twice).cloned().collect()
}

#[test]
fn a_changed_letter_in_the_outbox_is_never_sent() {
    for (from, to) in
        [("new001", "new007"), ("Pass-word-new002", "Pass-word-neu002"), ("Nurse", "Purse")]
    {
        let world = World::new();
        world.waiting(3);
        world.damage(from, to);
        let (exit, said) = world.outbox(&["resume", "1"]);
        assert_eq!(exit, 2, "{said}");
        assert!(
            said.contains("push 1 is damaged") && said.contains("make the plan again"),
            "{said}"
        );
        assert_eq!(world.lms.logins(), ["ada", "bo", "cy"], "{from}: nothing is sent");
        assert_eq!(holds(&world.muster.home, "Pass-word"), None, "{from}: no password is kept");
        let (exit, listed) = world.outbox(&["list"]);
        assert!(exit == 0 && listed.contains("cancelled"), "{listed}");
        let (exit, said) = world.outbox(&["resume", "1"]);
        assert!(exit == 2 && said.contains("damaged"), "{said}");
        assert_eq!(world.lms.writes(), 0);
    }
}

#[test]
fn a_push_that_was_given_up_is_never_sent() {
    let world = World::new();
    world.waiting(2);
    let (exit, said) = world.outbox(&["cancel", "1"]);
    assert_eq!(exit, 0, "{said}");
    assert_eq!(holds(&world.muster.home, "Pass-word"), None);
    let counts = &world.receipt("1")["counts"];
    assert_eq!((&counts["waiting"], &counts["left_out"]), (&json!(0), &json!(2)), "{counts}");
    for words in [&["resume", "1"][..], &["resume", "1", "--failed"]] {
        let (exit, said) = world.outbox(words);
        assert!(exit == 2 && said.contains("it was cancelled"), "{said}");
    }
    assert_eq!((world.lms.writes(), world.lms.logins().len()), (0, 3));
}

#[test]
fn two_pushes_to_one_lms_go_one_after_the_other_and_the_second_is_stale() {
    let world = World::new();
    world.new_people(20);
    world.lms.is(Mood::Slow(100));
    let other = Muster::new(&world.path("other"), TOKEN);
    let words = world.words(&world.lms.address());
    let words: Vec<&dyn AsRef<OsStr>> = words.iter().map(|w| w as &dyn AsRef<OsStr>).collect();
    let mut first = world.muster.begin(&words);
    let begun = Instant::now();
    while world.lms.writes() == 0 {
        assert!(begun.elapsed() < Duration::from_secs(60), "the first one never begins");
        sleep(Duration::from_millis(20));
    }
    let (exit, said) = world.push_by(&other, &world.lms.other_address(), &[]);
    assert_eq!(exit, 2, "{said}");
    let first_is_named = said.contains("is being sent to already: by push 1 of `")
        && said.contains(&world.muster.home.display().to_string());
    assert!(first_is_named && said.contains("muster outbox resume 1"), "{said}");
    assert!(first.wait().expect("it ends").success());
    assert_eq!((world.lms.logins().len(), twice(&world.lms)), (23, Vec::new()));

    // What waited was frozen before all that.
    let (exit, said) = outbox(&other, &["resume", "1"]);
    assert_eq!(exit, 3, "{said}");
    assert!(said.contains("New 7 (`new007`): is there already"), "{said}");
    assert_eq!((world.lms.logins().len(), world.lms.writes()), (23, 20));
    assert_eq!(world.receipt("1")["proof"]["as_planned"], 20);
}

#[test]
fn a_push_that_waited_while_another_one_made_its_people_makes_nobody_twice() {
    let world = World::new();
    world.waiting(4);
    let (exit, said) = world.push(&[]);
    assert_eq!(exit, 0, "{said}");
    let (exit, said) = world.outbox(&["resume", "1"]);
    assert!(exit == 3 && said.contains("is there already"), "{said}");
    assert_eq!((world.lms.logins().len(), world.lms.writes()), (7, 4));
}

#[test]
fn a_login_that_is_there_twice_afterwards_is_told() {
    let world = World::new();
    world.new_people(2);
    world.lms.is(Mood::Doubles);
    let (exit, said) = world.push(&[]);
    assert_eq!(exit, 1, "{said}");
    assert!(said.contains("New 1 (`new001`): is there 2 times"), "{said}");
    let receipt = world.receipt("1");
    assert_eq!((&receipt["state"], &receipt["proof"]["as_planned"]), (&json!("partly"), &json!(0)));
}

#[test]
fn whoever_is_said_to_be_made_and_is_not_there_is_not_called_done() {
    let world = World::new();
    world.new_people(4);
    world.lms.is(Mood::LiesAfter(1));
    let (exit, said) = world.push(&[]);
    assert_eq!(exit, 1, "{said}");
    assert!(said.contains("Push 1, partly sent: 1 done, 3 unknown"), "{said}");
    for n in 1..4 {
        assert!(said.contains(&format!("New {n} (`new00{n}`): is not there")), "{said}");
    }
    let receipt = world.receipt("1");
    assert_eq!((&receipt["counts"]["done"], &receipt["counts"]["unknown"]), (&json!(1), &json!(3)));
    assert_eq!((&receipt["proof"]["as_planned"], &receipt["proof"]["of"]), (&json!(1), &json!(4)));
    let outcomes: Vec<&str> = list(&receipt, "people").map(|p| text(p, "outcome")).collect();
    assert_eq!(outcomes, ["done", "unknown", "unknown", "unknown"]);
    assert_eq!(world.lms.logins().len(), 4);
}

#[test]
fn whoever_is_said_to_be_deleted_and_is_still_there_is_not_called_done() {
    let world = World::new();
    let mut sheet = world.fetch();
    sheet.remove("cy").write(&world.path("roster.csv"));
    world.lms.is(Mood::KeepsWhoIsDeleted);
    let (exit, said) = world.push(&["--policy", "missing=delete", "--release", "delete=1"]);
    assert_eq!(exit, 1, "{said}");
    assert!(said.contains("is still there") && said.contains("1 unknown"), "{said}");
    assert_eq!(world.receipt("1")["state"], "failed");
}

#[test]
fn what_the_lms_passes_over_in_silence_is_told_of_each_person() {
    let world = World::new();
    let mut sheet = world.fetch();
    sheet.edit("bo", &[("title", "Diver")]).edit("cy", &[("active", "false")]);
    sheet.write(&world.path("roster.csv"));
    world.lms.is(Mood::ForgetsTitles);
    let (exit, said) = world.push(&[]);
    assert_eq!(exit, 1, "{said}");
    assert!(said.contains("should be `Diver` and is `Cook`"), "{said}");
    let receipt = world.receipt("1");
    assert_eq!(receipt["state"], "partly", "{receipt:#}");
    let bo = list(&receipt, "people").find(|p| p["key"] == "bo").expect("in the receipt");
    // Nothing of it came; of cy all did.
    assert_eq!(bo["outcome"], "unknown");
    assert_eq!((&receipt["counts"]["done"], &receipt["counts"]["unknown"]), (&json!(1), &json!(1)));
    assert!(text(bo, "why").contains("should be `Diver` and is `Cook`"), "{bo:#}");
    assert_eq!(world.lms.titles(), ["Cook", "Cook", "Cook"]);
}

#[test]
fn what_cannot_be_looked_at_afterwards_is_not_called_sent_and_is_looked_at_later() {
    let world = World::new();
    world.new_people(3);
    // Once to see who is there, in one page.
    world.lms.is(Mood::ShowsItsListTimes(1));
    let (exit, said) = world.push(&[]);
    assert_eq!(exit, 2, "{said}");
    assert!(said.contains("the LMS could not be looked at afterwards"), "{said}");
    assert!(!said.contains("as planned") && !said.contains("Push 1, sent"), "{said}");
    assert_eq!((world.lms.logins().len(), world.lms.writes()), (6, 3));
    let receipt = world.receipt("1");
    assert_eq!((&receipt["counts"]["done"], &receipt["proof"]), (&json!(3), &Value::Null));
    world.lms.is(Mood::Honest);
    let (exit, said) = world.outbox(&["resume", "1"]);
    assert!(exit == 0 && said.contains("3 of 3 people as planned"), "{said}");
    assert_eq!((world.lms.logins().len(), world.lms.writes()), (6, 3), "nobody is sent twice");
}

#[test]
fn an_lms_that_takes_nothing_for_now_is_waited_for_with_the_passwords() {
    let world = World::new();
    world.new_people(5);
    world.lms.is(Mood::TakesNothing);
    let (exit, said) = world.push(&[]);
    assert_eq!(exit, 2, "{said}");
    assert!(said.contains("muster outbox resume 1") && said.contains("503"), "{said}");
    assert!(holds(&world.muster.home, "Pass-word-new004").is_some(), "it is still to be sent");
    assert_eq!(world.receipt("1")["state"], "waiting");
    world.lms.is(Mood::Honest);
    let (exit, said) = world.outbox(&["resume", "1"]);
    assert!(exit == 0 && said.contains("5 of 5 people as planned"), "{said}");
    assert_eq!((world.lms.logins().len(), twice(&world.lms)), (8, Vec::new()));
    assert_eq!(holds(&world.muster.home, "Pass-word"), None);
}

#[test]
fn somebody_over_whom_the_lms_stumbles_does_not_keep_the_others() {
    let world = World::new();
    world.new_people(14);
    world.lms.is(Mood::StumblesOver("new003"));
    let (exit, said) = world.push(&[]);
    assert_eq!(exit, 1, "{said}");
    let receipt = world.receipt("1");
    assert_eq!(
        (&receipt["counts"]["done"], &receipt["counts"]["unknown"]),
        (&json!(13), &json!(1))
    );
    assert_eq!(receipt["state"], "partly", "{receipt:#}");
}

/// What a push leaves behind as the last snapshot is what was there before, and what it changed.
#[test]
fn what_others_did_meanwhile_is_not_undone_by_the_next_push() {
    let world = World::new();
    let path = |name: &str| world.path(name);
    let window = Engine::new(path("window"), path("profiles"), SystemTime::now);
    let call = |name: &str, request: Value| {
        window.call(name, request).unwrap_or_else(|failure| panic!("{name}: {failure}"))
    };
    let saved = call(
        "save_connection",
        json!({
            "id": null, "name": "Small", "connector": "scim", "user": "", "options": {},
            "address": world.lms.address().trim_start_matches("scim+"), "secret": TOKEN,
        }),
    );
    let fetched = json!({
        "connection": saved["id"], "secret": TOKEN, "path": path("window.csv"), "profile": "scim",
        "replace": false,
    });
    let job = call("fetch", fetched);
    call("send_by", json!({ "connection": saved["id"] }));
    let title = list(&job, "columns").position(|c| text(c, "name") == "title").expect("a column");
    let rows = call("rows", json!({ "view": {}, "first": 0, "count": 100 }));
    call("edit", json!([{ "row": rows["rows"][0]["id"], "column": title, "value": "Chef" }]));
    let plan = || call("plan", json!({ "policies": {}, "only": "changed" }));
    let frozen = json!({
        "plan": plan()["id"], "releases": {}, "note": "", "first": null, "only": [],
    });
    let push = call("freeze_push", frozen);
    world.lms.is_titled("bo", "Driver");
    world.lms.has_too("dee");
    world.lms.has_no_more("cy");
    let sent = call("send", json!({ "id": push["id"], "secret": TOKEN }));
    assert_eq!(sent["push"]["state"], "sent", "{sent:#}");
    assert_eq!(world.lms.titles(), ["Chef", "Driver", "Cook"]);
    let again = plan();
    let nobody = |action: &str| assert_eq!(again["counts"][action], 0, "{action}: {again:#}");
    ["create", "update", "deactivate", "delete", "ignored"].into_iter().for_each(nobody);
}

/// Whoever was handed over and not asked after may be there: cancelling says so, and taking back looks.
#[test]
fn a_push_that_was_cut_off_and_cancelled_can_be_taken_back() {
    let world = World::new();
    world.new_people(6);
    world.lms.is(Mood::Slow(300));
    let words = world.words(&world.lms.address());
    let words: Vec<&dyn AsRef<OsStr>> = words.iter().map(|w| w as &dyn AsRef<OsStr>).collect();
    let mut push = world.muster.begin(&words);
    let begun = Instant::now();
    while world.lms.writes() < 3 && begun.elapsed() < Duration::from_secs(60) {
        sleep(Duration::from_millis(10));
    }
    push.kill().expect("stopped");
    push.wait().expect("ended");
    sleep(Duration::from_millis(700));
    world.lms.is(Mood::Honest);
    let there = world.lms.logins().len();
    assert!((4..9).contains(&there), "{there} are there: some were made");
    let (exit, said) = world.outbox(&["undo", "1"]);
    assert!(exit == 2 && said.contains("push 1 was cut off"), "{said}");
    let (exit, said) = world.outbox(&["show", "1"]);
    assert!(exit == 0 && said.contains("was handed over when the push stopped"), "{said}");
    // They are counted as what is said of each.
    let counts = &world.receipt("1")["counts"];
    assert_eq!((&counts["waiting"], &counts["unknown"]), (&json!(0), &json!(6)), "{counts}");
    let (exit, said) = world.outbox(&["cancel", "1"]);
    assert!(exit == 0 && said.contains("6 unknown"), "{said}");
    let (exit, said) = world.outbox(&["undo", "1"]);
    assert_eq!(exit, 0, "{said}");
    assert_eq!(world.lms.logins(), ["ada", "bo", "cy"], "{said}");
    // Made once more, they need new ones.
    assert_eq!(world.receipt("2")["passwords_erased"], 6);
}

/// What becomes of each person has a word of its own, and the exit code is that of the worst.
#[test]
fn everybody_of_a_push_ends_in_one_word() {
    let world = World::new();
    world.new_people(4);
    let mut sheet = Sheet::read(&world.path("roster.csv"));
    sheet.edit("new000", &[("active", "perhaps")]);
    sheet.write(&world.path("roster.csv"));
    world.lms.is(Mood::StumblesOver("new001"));
    let (exit, said) = world.push(&["--first", "2"]);
    assert_eq!(exit, 1, "{said}");
    assert!(said.contains("1 person left out because of an error: New 0"), "{said}");
    assert!(said.contains("1 person not chosen: New 3"), "{said}");
    let receipt = world.receipt("1");
    let words: Vec<String> = list(&receipt, "people")
        .map(|one| format!("{} {}", text(one, "name"), text(one, "outcome")))
        .collect();
    let expected =
        ["New 1 unknown", "New 2 done", "New 0 left_out", "New 3 not_chosen"].map(str::to_owned);
    assert_eq!(words, expected, "{receipt:#}");
    assert_eq!(receipt["not_chosen"], 1);
    assert_eq!(world.lms.logins(), ["ada", "bo", "cy", "new002"]);
}

#[test]
fn what_is_taken_back_is_taken_back_once() {
    let world = World::new();
    world.new_people(3);
    assert_eq!(world.push(&[]).0, 0);
    let (exit, said) = world.outbox(&["undo", "1"]);
    assert!(exit == 0 && said.contains("3 done"), "{said}");
    let writes = world.lms.writes();
    for _ in 0..2 {
        let (exit, said) = world.outbox(&["undo", "1"]);
        assert_eq!(exit, 2, "{said}");
        assert!(said.contains("push 1 is taken back already: push 2 took back 3 people"), "{said}");
        assert!(!said.contains("done"), "{said}");
    }
    assert_eq!((world.lms.logins().len(), world.lms.writes()), (3, writes));
}

#[test]
fn a_way_back_that_waits_is_gone_on_with_and_not_begun_again() {
    let world = World::new();
    let mut sheet = world.fetch();
    for login in ["ada", "bo", "cy"] {
        sheet.edit(login, &[("title", "Diver")]);
    }
    sheet.write(&world.path("roster.csv"));
    let (exit, said) = world.push(&["--release", "change=3"]);
    assert_eq!(exit, 0, "{said}");
    world.lms.is(Mood::Rests);
    assert_eq!(world.outbox(&["undo", "1"]).0, 2);
    world.lms.is(Mood::Honest);
    let (exit, said) = world.outbox(&["undo", "1"]);
    assert!(exit == 2 && said.contains("push 2 takes push 1 back already"), "{said}");
    assert_eq!(world.outbox(&["resume", "2"]).0, 0);
    assert_eq!(world.lms.titles(), ["Cook", "Cook", "Cook"]);
    // Taken back again, it can be taken back again.
    assert_eq!(world.outbox(&["undo", "2"]).0, 0);
    assert_eq!(world.lms.titles(), ["Diver", "Diver", "Diver"]);
    let (exit, said) = world.outbox(&["undo", "1"]);
    assert_eq!(exit, 0, "{said}");
    assert_eq!(world.lms.titles(), ["Cook", "Cook", "Cook"]);
}

#[test]
fn who_is_not_sent_is_told_by_name_before_and_after() {
    let world = World::new();
    world.new_people(14);
    let mut sheet = Sheet::read(&world.path("roster.csv"));
    sheet.edit("new013", &[("emails", "no address")]);
    sheet.write(&world.path("roster.csv"));
    world.lms.is(Mood::Rests);
    let (exit, said) = world.push(&["--first", "2"]);
    assert_eq!(exit, 2, "nothing was sent: {said}");
    let out = "1 person left out because of an error: New 13 (`new013`): ";
    assert!(said.contains(out), "{said}");
    let others = "11 people not chosen: New 2 (`new002`), New 3 (`new003`), ";
    assert!(said.contains(others) && said.contains("New 11 (`new011`), and 1 more."), "{said}");
    let (first, rest) = said.split_once("not chosen").expect("told");
    assert!(!first.contains("New 1 (") && !rest.contains("New 0 ("), "{said}");
    world.lms.is(Mood::Honest);
    let (exit, said) = world.outbox(&["resume", "1"]);
    assert_eq!(exit, 1, "{said}");
    assert!(
        said.contains("2 done, 1 left out") && said.contains("left_out New 13 (new013)"),
        "{said}"
    );
    assert!(said.contains("not chosen: 11 people"), "{said}");
}

#[test]
fn a_release_of_what_the_plan_does_not_hold_is_an_error_and_a_hold_names_its_switch() {
    let world = World::new();
    let mut sheet = world.fetch();
    sheet.edit("ada", &[("password", "Sunny-Day-7")]).write(&world.path("roster.csv"));
    let (exit, said) = world.push(&[]);
    assert!(exit == 3 && said.contains("(`--release password=1`)"), "{said}");
    for wrong in ["membership=1", "pasword=1"] {
        let (exit, said) = world.push(&["--release", "password=1", "--release", wrong]);
        let (name, _) = wrong.split_once('=').expect("a number");
        assert!(exit == 2 && said.contains(&format!("there is no hold `{name}`")), "{said}");
        assert!(said.contains("password"), "those that there are: {said}");
    }
    assert_eq!(world.lms.writes(), 0);
    let (exit, said) = world.outbox(&[]);
    assert!(exit == 0 && said.contains("empty"), "{said}");
}

/// What is sent in parts with an account is not planned anew, and what is taken back is.
#[test]
fn the_snapshot_of_an_account_follows_a_push_in_parts_and_its_undo() {
    let world = World::new();
    let mut sheet = Sheet::read(&world.path("fetched.csv"));
    for login in ["eva", "finn", "gil"] {
        let cells = [("userName", login), ("name.familyName", "New"), ("active", "true")];
        sheet.add(&cells);
    }
    sheet.write(&world.path("roster.csv"));
    let (fetched, roster, to) =
        (world.path("fetched.csv"), world.path("roster.csv"), world.lms.address());
    world
        .muster
        .run(&[&"accounts", &"add", &"Small", &"--profile", &"scim", &"--snapshot", &fetched], 0);
    let push = |more: &[&str]| {
        let mut words: Vec<&dyn AsRef<OsStr>> =
            vec![&"push", &roster, &"--account", &"Small", &"--to", &to];
        words.extend(more.iter().map(|word| word as &dyn AsRef<OsStr>));
        world.muster.try_to(&words)
    };
    let are_to_be_made = |count: u32, said: &str| {
        let plan: [&dyn AsRef<OsStr>; 4] = [&"plan", &roster, &"--account", &"Small"];
        let plan = world.muster.answer(&plan, i32::from(count > 0));
        assert_eq!(plan["counts"]["create"], count, "{said}");
    };
    are_to_be_made(3, "at first");
    let (exit, said) = push(&["--first", "1"]);
    assert_eq!(exit, 0, "{said}");
    are_to_be_made(2, &said);
    // What others do meanwhile stays unknown until somebody fetches.
    world.lms.has_too("dee");
    let (exit, said) = push(&["--first", "1"]);
    assert_eq!(exit, 0, "{said}");
    are_to_be_made(1, &said);
    let (exit, said) = push(&[]);
    assert_eq!(exit, 0, "{said}");
    are_to_be_made(0, &said);
    let (exit, said) = world.outbox(&["undo", "2"]);
    assert_eq!(exit, 0, "{said}");
    are_to_be_made(1, &said);
    assert_eq!(world.lms.logins().len(), 6, "three, dee, and two of the three new");
}

/// Whoever has by now what was to be sent was changed by somebody else: nothing is sent, and an undo leaves that alone.
#[test]
fn what_somebody_else_did_before_it_was_sent_is_theirs_and_not_taken_back() {
    let world = World::new();
    let mut sheet = world.fetch();
    sheet.edit("ada", &[("title", "Chef")]).edit("bo", &[("title", "Lead")]);
    sheet.write(&world.path("roster.csv"));
    world.lms.is_titled("bo", "Lead");
    let (exit, said) = world.push(&[]);
    assert_eq!((exit, world.lms.writes()), (0, 1), "{said}");
    assert!(
        said.contains("nothing was sent of Given Family bo: it was so there already"),
        "{said}"
    );
    let receipt = world.receipt("1");
    let whys: Vec<&str> = list(&receipt, "people").map(|person| text(person, "why")).collect();
    assert_eq!(whys, ["", "was so there already, so nothing was sent"], "{receipt:#}");
    assert_eq!(receipt["counts"]["done"], 2);
    let (exit, said) = world.outbox(&["undo", "1"]);
    assert_eq!(exit, 0, "{said}");
    assert_eq!(world.lms.titles(), ["Cook", "Lead", "Cook"], "{said}");
}

/// Whoever was handed over when a push was cut off may have been changed by somebody else since.
#[test]
fn what_somebody_else_wrote_meanwhile_is_not_overwritten_by_going_on() {
    let world = World::new();
    let mut sheet = world.fetch();
    sheet.edit("ada", &[("title", "Chef")]).edit("bo", &[("title", "Lead")]);
    sheet.write(&world.path("roster.csv"));
    world.lms.is(Mood::Slow(3_000));
    let words = world.words(&world.lms.address());
    let words: Vec<&dyn AsRef<OsStr>> = words.iter().map(|w| w as &dyn AsRef<OsStr>).collect();
    let mut push = world.muster.begin(&words);
    let begun = Instant::now();
    while world.lms.writes() < 1 && begun.elapsed() < Duration::from_secs(60) {
        sleep(Duration::from_millis(10));
    }
    push.kill().expect("stopped");
    push.wait().expect("ended");
    sleep(Duration::from_millis(3_500));
    world.lms.is(Mood::Honest);
    world.lms.is_titled("ada", "Driver");
    world.lms.is_titled("bo", "Baker");
    let (exit, said) = world.outbox(&["resume", "1"]);
    assert!(exit == 3 && said.contains("was `Cook` and is `Driver`"), "{exit} {said}");
    assert_eq!(world.lms.titles(), ["Driver", "Baker", "Cook"]);
}

/// A file that still has what somebody else changed in the LMS sets it back; where the account has the snapshot of before,
/// that is seen.
#[test]
fn what_somebody_else_changed_since_the_accounts_snapshot_of_before_is_held() {
    let world = World::new();
    let old = world.path("old.csv");
    let mut sheet = world.fetch();
    sheet.write(&old);
    sheet.edit("ada", &[("title", "Chef")]);
    sheet.write(&world.path("roster.csv"));
    world
        .muster
        .run(&[&"accounts", &"add", &"Small", &"--profile", &"scim", &"--snapshot", &old], 0);
    world.lms.is_titled("bo", "Driver");
    world.fetch();
    let (roster, to, new) =
        (world.path("roster.csv"), world.lms.address(), world.path("fetched.csv"));
    world.muster.run(&[&"accounts", &"set", &"Small", &"--snapshot", &new], 0);
    let push = |more: &[&str]| {
        let mut words: Vec<&dyn AsRef<OsStr>> =
            vec![&"push", &roster, &"--account", &"Small", &"--to", &to];
        words.extend(more.iter().map(|word| word as &dyn AsRef<OsStr>));
        world.muster.try_to(&words)
    };
    let (exit, said) = push(&[]);
    assert!(exit == 3 && said.contains("Somebody else changed these"), "{exit} {said}");
    assert!(said.contains("Family bo (`title`)") && !said.contains("Family ada"), "{said}");
    assert_eq!(world.lms.titles(), ["Cook", "Driver", "Cook"]);
    let (exit, said) = push(&["--only-key", "ada"]);
    assert_eq!(exit, 0, "{said}");
    assert_eq!(world.lms.titles(), ["Chef", "Driver", "Cook"]);
    // Neither that push nor a second look makes it forgotten.
    let (exit, said) = push(&[]);
    assert!(exit == 3 && said.contains("Family bo (`title`)"), "{exit} {said}");
    world.fetch();
    world.muster.run(&[&"accounts", &"set", &"Small", &"--snapshot", &new], 0);
    assert_eq!(world.lms.titles(), ["Chef", "Driver", "Cook"]);
}
