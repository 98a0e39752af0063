//! Servers that say what they were sent, the token and the passwords among it.

use std::path::Path;

use super::lms::ALL;
use super::server::Fault;
use super::world::World;
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

impl World {
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
        let world = World::new(lms, Fault::EchoesWrites, TOKEN);
        let receipt = world.path("receipt.json");
        let (exit, words) = world.push(PASSWORD, &[&"--receipt", &receipt]);
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
        let world = World::new(lms, Fault::Echoes, TOKEN);
        let (exit, words) = world.fetch(&[]);
        assert_eq!(exit, 2, "{lms:?}: {words}");
        world.tells_nothing(&words);
        assert!(!world.path("out.csv").exists());
    }
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a receipt")
}
