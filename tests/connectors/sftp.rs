//! A real SSH server with a folder that an LMS takes files from.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;
use std::time::SystemTime;

use muster_engine::session::Engine;
use serde_json::{Value, json};

use crate::command::{Muster, list, text};
use crate::kolibri_server::holds;
use crate::servers::Ssh;

const HOUSE: &str = env!("CARGO_MANIFEST_DIR");

struct World {
    ssh: Ssh,
    muster: Muster,
}

impl World {
    fn new() -> World {
        let mut ssh = Ssh::new();
        ssh.start();
        let muster = Muster::new(&ssh.path("data"), "");
        World { ssh, muster }
    }

    /// A month of an Emtrain roster, and the choices that it asks for.
    fn words(&self, what: &str, file: &str) -> Vec<String> {
        let of = |name: &str| format!("{HOUSE}/../../tests/profiles/emtrain-roster/{name}.csv");
        let to = self.ssh.address(file);
        let words = [what, &of("clean"), "--against", &of("snapshot"), "--to", &to, "--policy"];
        let words = words.map(str::to_owned).into_iter();
        words
            .chain(["sync-field=email".to_owned(), "--profile".into(), "emtrain-roster".into()])
            .collect()
    }

    fn option(&self, name: &str, value: &str) -> [String; 2] {
        ["--option".to_owned(), format!("{name}={value}")]
    }

    fn key(&self, name: &str) -> [String; 2] {
        self.option("key", &self.ssh.path(name).display().to_string())
    }

    fn known(&self) -> [String; 2] {
        self.option("host-key", &self.ssh.fingerprint())
    }

    fn try_to(&self, words: &[&[String]]) -> (i32, String) {
        let words: Vec<&dyn AsRef<OsStr>> =
            words.iter().flat_map(|w| w.iter()).map(|w| w as &dyn AsRef<OsStr>).collect();
        self.muster.try_to(&words)
    }

    fn answer(&self, words: &[&[String]]) -> Value {
        let words: Vec<&dyn AsRef<OsStr>> =
            words.iter().flat_map(|w| w.iter()).map(|w| w as &dyn AsRef<OsStr>).collect();
        self.muster.answer(&words, 0)
    }

    fn dropped(&self) -> Vec<PathBuf> {
        let all = std::fs::read_dir(self.ssh.path("drop")).expect("a folder");
        all.map(|entry| entry.expect("readable").path()).collect()
    }

    /// What the upload kit of the same plan has.
    fn upload(&self) -> Vec<u8> {
        let kit = self.ssh.path("kit").display().to_string();
        let mut words = self.words("kit", "roster.csv");
        words.drain(4..6);
        self.answer(&[&words, &["--out".to_owned(), kit]]);
        std::fs::read(self.ssh.path("kit/upload.csv")).expect("in the kit")
    }
}

#[test]
#[ignore = "needs sshd: `make test ONLY=connectors`"]
fn sftp_a_computer_is_not_sent_anything_before_its_key_was_accepted() {
    let world = World::new();
    let push = world.words("push", "roster.csv");
    let (exit, words) = world.try_to(&[&push, &world.key("own")]);
    let known = world.ssh.fingerprint();
    assert!(exit == 2 && words.contains("not known yet") && words.contains(&known), "{words}");
    assert!(words.contains(&format!("host-key={known}")) && words.contains("ED25519"), "{words}");
    assert_eq!(world.dropped(), Vec::<PathBuf>::new());

    let resume = ["outbox", "resume", "1"].map(str::to_owned);
    let receipt = world.answer(&[&resume, &world.known()]);
    assert_eq!(receipt["state"], "sent", "{receipt:#}");
    let file = world.ssh.path("drop/roster.csv");
    assert_eq!(world.dropped(), std::slice::from_ref(&file), "and nothing half");
    let bytes = std::fs::read(file).expect("readable");
    assert_eq!(bytes, world.upload(), "as the upload kit has it");
    let delivery = &receipt["delivery"];
    assert_eq!(delivery["bytes"], json!(bytes.len()), "{receipt:#}");
    let told = Command::new("sha256sum").arg(world.ssh.path("drop/roster.csv")).output();
    let told = String::from_utf8(told.expect("it starts").stdout).expect("UTF-8");
    assert!(told.starts_with(text(delivery, "sha256")), "{told} {delivery}");
    assert_eq!(list(&receipt, "people").next().map(|p| &p["outcome"]), Some(&json!("done")));
    assert_eq!(receipt["proof"], Value::Null, "nobody can see what the LMS makes of it");
    let undo = ["outbox", "undo", "1"].map(str::to_owned);
    let (exit, words) = world.try_to(&[&undo]);
    assert!(exit == 2 && words.contains("undo file"), "{words}");

    // What was planned is kept with the push: the list itself stands for an export of afterwards.
    let fresh = format!("{HOUSE}/../../tests/profiles/emtrain-roster/clean.csv");
    let proof = world.answer(&[&["prove".to_owned(), "1".to_owned(), fresh]]);
    let counts = &proof["counts"];
    assert_eq!(counts["as_planned"], counts["of"], "{proof:#}");
    assert!(counts["of"].as_u64().is_some_and(|of| of > 0), "{proof:#}");
}

#[test]
#[ignore = "needs sshd: `make test ONLY=connectors`"]
fn sftp_a_newer_file_takes_the_place_of_one_that_is_there_and_a_key_may_have_a_passphrase() {
    let mut world = World::new();
    let old = world.ssh.path("drop/roster.csv");
    std::fs::write(&old, "an older and much longer file\n".repeat(9000)).expect("written");
    world.muster.secret = "a passphrase".to_owned();
    let push = world.words("push", "roster.csv");
    let receipt = world.answer(&[&push, &world.key("locked"), &world.known()]);
    assert_eq!(receipt["state"], "sent", "{receipt:#}");
    assert_eq!(world.dropped(), std::slice::from_ref(&old));
    assert_eq!(std::fs::read(old).expect("readable"), world.upload());
    assert_eq!(holds(&world.muster.home, "a passphrase"), None);
}

#[test]
#[ignore = "needs sshd: `make test ONLY=connectors`"]
fn sftp_another_computer_at_the_same_address_is_refused() {
    let mut world = World::new();
    let (push, before) = (world.words("push", "roster.csv"), world.known());
    world.ssh.stop();
    std::fs::remove_file(world.ssh.path("host")).expect("removed");
    world.ssh.make_key("host", "");
    world.ssh.start();
    let (exit, words) = world.try_to(&[&push, &world.key("own"), &before]);
    assert!(exit == 2 && words.contains("another computer than before"), "{words}");
    let is = world.ssh.fingerprint();
    assert!(words.contains(&is) && words.contains(&before[1]["host-key=".len()..]), "{words}");
    assert_eq!(world.dropped(), Vec::<PathBuf>::new());
}

#[test]
#[ignore = "needs sshd: `make test ONLY=connectors`"]
fn sftp_who_is_not_let_in_and_where_nothing_may_be_written_is_told_in_words() {
    let mut world = World::new();
    let known = world.known();
    let push = world.words("push", "roster.csv");
    let (exit, words) = world.try_to(&[&push, &world.key("stranger"), &known]);
    assert!(exit == 2 && words.contains("was not accepted"), "{words}");
    let (exit, words) = world.try_to(&[&push, &world.key("nowhere"), &known]);
    assert!(exit == 2 && words.contains("could not be read"), "{words}");
    let (exit, words) = world.try_to(&[&push, &world.key("locked"), &known]);
    assert!(exit == 2 && words.contains("passphrase"), "{words}");
    world.muster.secret = "hidden-word-17".to_owned();
    let (exit, words) = world.try_to(&[&push, &known]);
    assert!(exit == 2 && words.contains("it takes no passwords; it takes publickey"), "{words}");
    assert!(!words.contains("hidden-word-17"), "{words}");
    world.muster.secret = String::new();
    let push = world.words("push", "no/such/folder.csv");
    let (exit, words) = world.try_to(&[&push, &world.key("own"), &known]);
    assert!(exit == 2 && words.contains("did not take the file"), "{words}");
    let push = world.words("push", "");
    let (exit, words) = world.try_to(&[&push, &world.key("own"), &known]);
    assert!(exit == 2 && words.contains("names no file"), "{words}");
    assert_eq!(world.dropped(), Vec::<PathBuf>::new());
    assert_eq!(holds(&world.muster.home, "hidden-word-17"), None);
}

#[test]
#[ignore = "needs sshd: `make test ONLY=connectors`"]
fn sftp_a_file_waits_for_the_network_and_is_kept_no_longer_than_that() {
    let mut world = World::new();
    let (known, key) = (world.known(), world.key("own"));
    world.ssh.stop();
    let push = world.words("push", "roster.csv");
    let (exit, words) = world.try_to(&[&push, &key, &known]);
    assert!(exit == 2 && words.contains("muster outbox resume 1"), "{words}");
    world.ssh.start();
    let resume = ["outbox", "resume", "1"].map(str::to_owned);
    let receipt = world.answer(&[&resume]);
    assert_eq!(receipt["state"], "sent", "{receipt:#}");
    let bytes = std::fs::read(world.ssh.path("drop/roster.csv")).expect("there");
    assert_eq!(bytes, world.upload());
    let (exit, words) = world.try_to(&[&resume]);
    assert!(exit == 2 && words.contains("nothing of this push is left"), "{words}");
}

#[test]
#[ignore = "needs Twisted's SFTP server: `make test ONLY=connectors`"]
fn sftp_an_account_is_let_in_by_its_password_which_nothing_keeps() {
    let mut world = World::new();
    world.ssh.stop();
    world.ssh.start_with("harbour-light-4");
    let known = world.known();
    let mut push = world.words("push", "roster.csv");
    push[5] = world.ssh.address_of_courier("roster.csv");
    world.muster.secret = "harbour-light-5".to_owned();
    let (exit, words) = world.try_to(&[&push, &known]);
    assert!(exit == 2 && words.contains("the account or the password is wrong"), "{words}");
    assert_eq!(world.dropped(), Vec::<PathBuf>::new());

    world.muster.secret = "harbour-light-4".to_owned();
    let old = world.ssh.path("drop/roster.csv");
    std::fs::write(&old, "an older file").expect("written");
    let resume = ["outbox", "resume", "1"].map(str::to_owned);
    let receipt = world.answer(&[&resume]);
    assert_eq!(receipt["state"], "sent", "{receipt:#}");
    assert_eq!(world.dropped(), std::slice::from_ref(&old), "and nothing half");
    assert_eq!(std::fs::read(&old).expect("readable"), world.upload());
    for secret in ["harbour-light-4", "harbour-light-5"] {
        assert_eq!(holds(&world.muster.home, secret), None);
    }
}

#[test]
#[ignore = "needs sshd: `make test ONLY=connectors`"]
fn sftp_an_older_file_that_waited_never_takes_the_place_of_a_newer_one() {
    let mut world = World::new();
    let (known, key) = (world.known(), world.key("own"));
    world.ssh.stop();
    let push = world.words("push", "roster.csv");
    for number in ["1", "2"] {
        let (exit, words) = world.try_to(&[&push, &key, &known]);
        assert!(exit == 2 && words.contains(&format!("outbox resume {number}")), "{words}");
    }
    world.ssh.start();
    let resume = |number: &str| ["outbox", "resume", number].map(str::to_owned);
    let receipt = world.answer(&[&resume("2")]);
    assert_eq!(receipt["state"], "sent", "{receipt:#}");
    let file = world.ssh.path("drop/roster.csv");
    std::fs::write(&file, "as the LMS left it").expect("written");
    let (exit, words) = world.try_to(&[&resume("1")]);
    assert!(exit == 2 && words.contains("push 2 went after push 1"), "{words}");
    assert_eq!(std::fs::read(&file).expect("there"), b"as the LMS left it", "nothing is sent");
    let listed = world.answer(&[&["outbox".to_owned()]]);
    assert_eq!(list(&listed, "pushes").nth(1).map(|p| &p["state"]), Some(&json!("cancelled")));

    // In the other order, each takes the place of the one before.
    world.ssh.stop();
    for number in ["3", "4"] {
        let (exit, words) = world.try_to(&[&push, &key, &known]);
        assert!(exit == 2 && words.contains(&format!("outbox resume {number}")), "{words}");
    }
    world.ssh.start();
    for number in ["3", "4"] {
        assert_eq!(world.answer(&[&resume(number)])["state"], "sent");
    }
    assert_eq!(std::fs::read(&file).expect("there"), world.upload());
}

#[test]
#[ignore = "needs Twisted's SFTP server: `make test ONLY=connectors`"]
fn sftp_a_server_that_renames_over_no_file_has_the_new_one_or_the_old_one_and_nothing_else() {
    for (how, is_taken) in [("keeps", true), ("stuck", false)] {
        let mut world = World::new();
        world.ssh.stop();
        world.ssh.start_as("harbour-light-4", &[how]);
        world.muster.secret = "harbour-light-4".to_owned();
        let old = world.ssh.path("drop/roster.csv");
        std::fs::write(&old, "an older file").expect("written");
        let mut push = world.words("push", "roster.csv");
        push[5] = world.ssh.address_of_courier("roster.csv");
        let (exit, words) = world.try_to(&[&push, &world.known()]);
        assert_eq!(exit, if is_taken { 0 } else { 2 }, "{how}: {words}");
        assert_eq!(world.dropped(), std::slice::from_ref(&old), "{how}: and nothing beside it");
        let has = std::fs::read(&old).expect("readable");
        let wanted = if is_taken { world.upload() } else { b"an older file".to_vec() };
        assert_eq!(has, wanted, "{how}");
    }
}

#[test]
#[ignore = "needs sshd: `make test ONLY=connectors`"]
fn sftp_the_window_asks_whether_to_trust_a_key_and_what_was_refused_goes_on_once_it_is_trusted() {
    let mut world = World::new();
    let folder = world.ssh.path("window");
    let window = Engine::new(folder.clone(), folder.join("profiles"), SystemTime::now);
    let call = |name: &str, request: Value| {
        window.call(name, request).unwrap_or_else(|failure| panic!("{name}: {failure}"))
    };
    let mut form = json!({
        "id": null, "name": "Drop", "connector": "sftp", "user": "", "secret": null,
        "address": world.ssh.address("roster.csv"),
        "options": { "key": world.ssh.path("own").display().to_string() },
    });
    let known = world.ssh.fingerprint();
    let asked =
        json!({ "host": "127.0.0.1", "key": known, "kind": "ED25519", "option": "host-key" });
    let tested = call("test_connection", form.clone());
    assert_eq!((&tested["says"], &tested["to_trust"]), (&json!(""), &asked));

    form["id"] = call("save_connection", form.clone())["id"].clone();
    let file = format!("{HOUSE}/../../tests/profiles/emtrain-roster/clean.csv");
    call("open", json!({ "path": file, "profile": "emtrain-roster" }));
    call("keep_snapshot", json!({ "note": "" }));
    let row = call("rows", json!({ "view": {}, "first": 0, "count": 1 }))["rows"][0]["id"].clone();
    call("edit", json!([{ "row": row, "column": 0, "value": "Renamed" }]));
    call("send_by", json!({ "connection": form["id"] }));
    let plan = call("plan", json!({ "policies": { "sync-field": "email" }, "only": "changed" }));
    let frozen =
        json!({ "plan": plan["id"], "releases": {}, "note": "", "first": null, "only": [] });
    let push = call("freeze_push", frozen);
    let send = json!({ "id": push["id"], "secret": null });
    let refused = call("send", send.clone())["push"].clone();
    assert_eq!(refused["state"], "paused", "{refused:#}");
    assert!(text(&refused["why"], "what").contains("not known yet"), "{refused:#}");
    assert_eq!(world.dropped(), Vec::<PathBuf>::new());

    form["options"][text(&asked, "option")] = asked["key"].clone();
    let tested = call("test_connection", form.clone());
    assert!(text(&tested, "says").contains("An SFTP folder") && tested["to_trust"].is_null());
    call("save_connection", form.clone());
    assert_eq!(call("send", send)["push"]["state"], "sent");
    assert_eq!(world.dropped(), [world.ssh.path("drop/roster.csv")]);

    world.ssh.stop();
    std::fs::remove_file(world.ssh.path("host")).expect("removed");
    world.ssh.make_key("host", "");
    world.ssh.start();
    let changed = window.call("test_connection", form).expect_err("another computer").to_string();
    assert!(changed.contains(&known) && changed.contains(&world.ssh.fingerprint()), "{changed}");
}
