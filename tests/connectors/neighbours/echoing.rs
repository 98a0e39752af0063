//! Servers that say what they were sent, the token and the passwords among it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::lms::{ALL, Lms};
use super::server::{Fault, Neighbour};
use crate::command::Muster;
use crate::kolibri_server::holds;

/// With letters that JSON, addresses and pages write otherwise.
const TOKEN: &str = r#"T0ken-"of"<the>&tests/+%41"#;
/// Of somebody new.
const PASSWORD: &str = "Sommer \"26\"/é+<x>";

/// Forms in which it may have been said.
fn forms(secret: &str) -> Vec<String> {
    let json = serde_json::to_string(secret).expect("a text");
    let json = json[1..json.len() - 1].to_owned();
    let address: String = secret
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' => char::from(byte).to_string(),
            b' ' => "+".to_owned(),
            other => format!("%{other:02X}"),
        })
        .collect();
    let twice = serde_json::to_string(&json).expect("a text");
    let twice = twice[1..twice.len() - 1].to_owned();
    vec![secret.to_owned(), json, address, twice, secret[..8].to_owned()]
}

struct World {
    folder: tempfile::TempDir,
    muster: Muster,
    server: Neighbour,
}

impl World {
    fn new(lms: Lms, fault: Fault) -> World {
        let folder = tempfile::tempdir().expect("a folder");
        let muster = Muster::new(&folder.path().join("data"), TOKEN);
        World { folder, muster, server: Neighbour::new(lms, fault) }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn tells_nothing(&self, words: &str) {
        let lms = self.server.lms;
        for secret in [TOKEN, PASSWORD, "s3ss10n-c00k1e"] {
            for form in forms(secret) {
                assert!(!words.contains(&form), "{lms:?} tells `{form}`: {words}");
                let found = holds(&self.path("data"), &form);
                assert_eq!(found, None, "{lms:?} keeps `{form}`");
            }
        }
    }
}

#[test]
fn what_a_server_echoes_of_a_push_is_told_and_kept_without_its_secrets() {
    for lms in ALL {
        let world = World::new(lms, Fault::EchoesWrites);
        let [header, old, new] = lms.sheet(PASSWORD);
        let (before, after, receipt) =
            (world.path("before.csv"), world.path("after.csv"), world.path("receipt.json"));
        std::fs::write(&before, format!("{header}\n{old}\n")).expect("written");
        std::fs::write(&after, format!("{header}\n{old}\n{new}\n")).expect("written");
        let (to, profile) = (world.server.address(), lms.connector());
        let push: Vec<&dyn AsRef<OsStr>> = vec![
            &"push",
            &after,
            &"--against",
            &before,
            &"--to",
            &to,
            &"--profile",
            &profile,
            &"--user",
            &"admin",
            &"--untried",
            &"--receipt",
            &receipt,
        ];
        let (exit, words) = world.muster.try_to(&push);
        assert_eq!(exit, 1, "{lms:?}: {words}");
        assert!(words.contains("•••"), "{lms:?} has echoed nothing: {words}");
        world.tells_nothing(&words);
        world.tells_nothing(&text(&receipt));
        let shown = world.muster.run(&[&"outbox", &"show", &"1", &"--format", &"json"], 0);
        let shown = String::from_utf8(shown.stdout).expect("a text");
        assert!(shown.contains("•••"), "{lms:?}: {shown}");
        world.tells_nothing(&shown);
    }
}

#[test]
fn what_a_server_echoes_of_a_look_is_told_without_its_secrets() {
    for lms in ALL.into_iter().filter(|lms| lms.reads()) {
        let world = World::new(lms, Fault::Echoes);
        let (from, out) = (world.server.address(), world.path("out.csv"));
        let profile = lms.connector();
        let fetch: [&dyn AsRef<OsStr>; 9] = [
            &"fetch",
            &"--from",
            &from,
            &"--profile",
            &profile,
            &"--user",
            &"admin",
            &"--out",
            &out,
        ];
        let (exit, words) = world.muster.try_to(&fetch);
        assert_eq!(exit, 2, "{lms:?}: {words}");
        world.tells_nothing(&words);
        assert!(!out.exists());
    }
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a receipt")
}
