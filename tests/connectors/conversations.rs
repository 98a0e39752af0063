//! Connectors whose servers nobody can run here: they are held against conversations that were written from documented
//! shapes, and stay untried until somebody has tried them.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::SystemTime;

use muster_engine::profile::connector::CONNECTORS;
use muster_engine::session::Engine;
use serde_json::{Value, json};

use crate::command::{Muster, list, text};
use crate::kolibri_server::holds;
use crate::mock_server::{MockServer, TOKEN, folder};

/// Connectors for which a server is played here that answers whatever it is asked.
const PLAYED: [&str; 1] = ["moodle"];

/// Somebody with the command, before a server that plays a conversation.
struct World {
    folder: tempfile::TempDir,
    muster: Muster,
    server: MockServer,
}

impl World {
    fn new(conversation: &str) -> World {
        let folder = tempfile::tempdir().expect("a folder");
        let muster = Muster::new(&folder.path().join("data"), TOKEN);
        World { folder, muster, server: MockServer::new(conversation) }
    }

    fn write(&self, name: &str, header: &str, rows: &[&str]) -> PathBuf {
        let path = self.folder.path().join(name);
        let text: String = [header].iter().chain(rows).map(|row| format!("{row}\n")).collect();
        std::fs::write(&path, text).expect("written");
        path
    }

    /// Pushes what differs between two rosters.
    fn push(
        &self,
        header: &str,
        (before, after): (&[&str], &[&str]),
        more: &[&str],
        exit: i32,
    ) -> Value {
        let connector = self.server.address();
        let connector = connector.split('+').next().expect("a connector");
        let (before, after) =
            (self.write("before.csv", header, before), self.write("after.csv", header, after));
        let to = self.server.address();
        let mut words: Vec<&dyn AsRef<OsStr>> =
            vec![&"push", &after, &"--against", &before, &"--to", &to, &"--profile", &connector];
        words.extend(more.iter().map(|word| word as &dyn AsRef<OsStr>));
        self.muster.answer(&words, exit)
    }

    fn fetch(&self) -> String {
        let out = self.folder.path().join("fetched.csv");
        let from = self.server.address();
        self.muster.run(&[&"fetch", &"--from", &from, &"--out", &out], 0);
        std::fs::read_to_string(out).expect("a file")
    }

    fn end(&self) {
        self.server.is_over();
        assert_eq!(holds(self.folder.path(), TOKEN), None, "the token is kept nowhere");
    }
}

/// What became of each person of a receipt, by key or, for new people, by name.
fn outcomes(receipt: &Value) -> Vec<(&str, &str)> {
    list(receipt, "people").map(|p| (text(p, "name"), text(p, "outcome"))).collect()
}

fn why<'r>(receipt: &'r Value, name: &str) -> &'r str {
    let person = list(receipt, "people").find(|p| p["name"] == name);
    text(person.unwrap_or_else(|| panic!("no {name} in {receipt:#}")), "why")
}

const UNTRIED: &[&str] = &["--untried"];

#[test]
fn every_connector_was_proved_or_has_a_conversation_that_names_its_source() {
    let mut files: Vec<(String, String)> = std::fs::read_dir(folder())
        .expect("the folder")
        .map(|entry| entry.expect("readable").path())
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).expect("a text"))
        })
        .collect();
    files.sort();
    for (name, text) in &files {
        assert!(text.starts_with("# Source: "), "{name} does not begin with its source");
        let id = name.split('-').next().unwrap_or_default();
        assert!(CONNECTORS.iter().any(|c| c.id == id), "{name} is of no connector");
    }
    for connector in CONNECTORS.iter().filter(|c| c.is_direct() && c.proved.is_none()) {
        let own = format!("{}-", connector.id);
        let has_one = files.iter().any(|(name, _)| name.starts_with(&own));
        assert!(has_one || PLAYED.contains(&connector.id), "{} has none", connector.id);
    }
}

const EDAPP: &str = "email (required),username (optional),firstname (optional),lastname (optional),usergroups (optional),roles (optional),password (optional),externalid (optional)";
const EDNA: &str = "edna@example.com,edna,Edna,Moss,Sales,Learner; Prizing User,,E-1";
const FINN: &str = "finn@example.com,,Finn,Hale,,Learner; Prizing User,,";

#[test]
fn edapp_tells_its_users_page_by_page() {
    let world = World::new("edapp-fetch");
    let fetched = world.fetch();
    assert!(fetched.contains("edna@example.com,edna,Edna,Moss,Sales; Night shift"), "{fetched}");
    assert!(fetched.contains("finn@example.com,,Finn,Hale"), "{fetched}");
    world.end();
}

#[test]
fn edapp_makes_people_and_puts_them_into_groups_and_leaves_the_rest_to_the_kit() {
    let world = World::new("edapp-make");
    let gus = "gus@example.com,gus,Gus,Orr,Sales,Learner; Admin,Secret-12,E-3";
    // An administrator is made only knowingly.
    let knowingly = [UNTRIED, &["--release", "admin=1"]].concat();
    let tried = world.push(EDAPP, (&[EDNA, FINN], &[EDNA, FINN, gus]), &knowingly, 0);
    assert_eq!(outcomes(&tried), [("Gus Orr", "done")], "{tried:#}");
    assert_eq!(list(&tried, "people").next().expect("one")["new_key"], "u3");

    let gus = "gus@example.com,gus,Gus,Orr,Sales,Learner; Admin,,E-3";
    let before = [EDNA, FINN, gus];
    let after = [
        // A name and a group: the group is joined, the name is for the kit.
        "edna@example.com,edna,Edna,Moss-Wood,Sales; Night shift,Learner; Prizing User,,E-1",
        // Only what the kit can do.
        "finn@example.com,,Finnegan,Hale,,Learner; Prizing User,,",
        gus,
        "hope@example.com,hope,Hope,Kerr,,Learner,,",
        "ida@example.com,ida,Ida,Low,Nowhere,Learner,,",
    ];
    let sent = world.push(EDAPP, (&before, &after), UNTRIED, 1);
    assert_eq!(
        outcomes(&sent),
        [
            ("Edna Moss-Wood", "done"),
            ("Hope Kerr", "refused"),
            ("Ida Low", "refused"),
            ("Finnegan Hale", "by_hand"),
        ],
        "{sent:#}"
    );
    assert!(why(&sent, "Hope Kerr").contains("this email is taken"), "{sent:#}");
    assert!(why(&sent, "Ida Low").contains("no group `Nowhere`"), "{sent:#}");
    let by_hand: Vec<&str> = list(&sent, "by_hand").filter_map(Value::as_str).collect();
    assert_eq!(by_hand.len(), 2, "{sent:#}");
    assert!(by_hand.iter().all(|what| what.contains("the upload kit")), "{by_hand:?}");
    world.end();
}

const SAFETY: &str = "User ID,Email,First name,Last name,Status,Password,Groups,Sites";
const LEA: &str = "user_1,lea@example.com,Lea,Holm,active,,Nurses,";
const MAX: &str = "user_2,max@example.com,Max,Ulm,active,,Night shift,";

#[test]
fn safetyculture_is_asked_to_validate_before_it_is_asked_to_do() {
    let world = World::new("safetyculture-push");
    let married = "user_1,lea@example.com,Lea,Holm-Dahl,active,,Nurses,";
    let tried = world.push(SAFETY, (&[LEA, MAX], &[married, MAX]), UNTRIED, 0);
    assert_eq!(outcomes(&tried), [("Lea Holm-Dahl", "done")], "{tried:#}");
    assert_eq!(tried["proof"], json!(null), "nothing is proved where nothing can be read");

    let after = [
        "user_1,lea@example.com,Lea,Holm-Dahl,active,,\"Nurses,Night shift\",",
        "user_2,max@example.com,Max,Ulm,deactivated,,Night shift,",
        ",nia@example.com,Nia,Roy,active,Secret-12!,,Oslo",
        ",ola@example.com,Ola,Vik,active,,,Atlantis",
    ];
    let sent = world.push(SAFETY, (&[married, MAX], &after), UNTRIED, 1);
    assert_eq!(
        outcomes(&sent),
        [
            ("Max Ulm", "done"),
            ("Lea Holm-Dahl", "done"),
            ("Nia Roy", "done"),
            ("Ola Vik", "refused")
        ],
        "{sent:#}"
    );
    assert!(why(&sent, "Ola Vik").contains("site not found"), "{sent:#}");
    world.end();
}

#[test]
fn safetyculture_leaves_unknown_what_its_answer_does_not_say() {
    let world = World::new("safetyculture-unclear");
    let married = "user_1,lea@example.com,Lea,Holm-Dahl,active,,Nurses,";
    let sent = world.push(SAFETY, (&[LEA, MAX], &[married, MAX]), UNTRIED, 1);
    assert_eq!(outcomes(&sent), [("Lea Holm-Dahl", "unknown")], "{sent:#}");
    assert!(why(&sent, "Lea Holm-Dahl").contains("mails the results"), "{sent:#}");

    // That has not worked yet, so the next one is one person again.
    let after = [married, "user_2,max@example.com,Maxim,Ulm,active,,Night shift,"];
    let sent = world.push(SAFETY, (&[LEA, MAX], &after), UNTRIED, 1);
    assert_eq!(outcomes(&sent), [("Lea Holm-Dahl", "refused")], "{sent:#}");
    assert!(why(&sent, "Lea Holm-Dahl").contains("permission denied"), "{sent:#}");
    world.end();
}

#[test]
fn safetyculture_cannot_be_fetched_from_and_says_so() {
    let world = World::new("safetyculture-greet");
    let out = world.folder.path().join("fetched.csv");
    let from = world.server.address();
    let (exit, words) = world.muster.try_to(&[&"fetch", &"--from", &from, &"--out", &out]);
    assert!(exit == 2 && words.contains("cannot be asked whom it has"), "{exit} {words}");

    let window = Engine::new(
        world.folder.path().join("window"),
        world.folder.path().join("profiles"),
        SystemTime::now,
    );
    let form = json!({
        "id": null, "name": "Our SafetyCulture", "connector": "safetyculture",
        "address": from.trim_start_matches("safetyculture+"), "user": "", "options": {},
        "secret": TOKEN,
    });
    let tested = window.call("test_connection", form).expect("it answers");
    assert!(text(&tested, "says").contains("this token may look at jobs"), "{tested}");
    world.end();
}
