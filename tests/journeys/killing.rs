//! The process is killed while it edits; whatever it had acknowledged is there when the job is opened again.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::home::{Computer, Muster, engine_in};

const FOLDER: &str = "MUSTER_TEST_FOLDER";
const KILLS: u64 = 8;

fn staff() -> String {
    let people = (0..50).map(|n| format!("p{n}@example.com,p{n},0\n"));
    "email,username,note\n".to_owned() + &people.collect::<String>()
}

/// Not a test by itself: the process that is killed. Says what stands in the cells after each reply.
#[test]
#[ignore = "the child of the test below"]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let muster = Muster { engine: engine_in(Path::new(&folder)) };
    muster.open(&Path::new(&folder).join("staff.csv"));
    let mut number = written(&muster);
    println!("\nready {number}");
    loop {
        number += 1;
        let edits: Vec<Value> = (1..=50)
            .map(|row| json!({ "row": row, "column": 2, "value": number.to_string() }))
            .collect();
        muster.call("edit", Value::Array(edits));
        println!("{number}");
    }
}

/// What the last edit wrote, into all cells or into none.
fn written(muster: &Muster) -> u64 {
    let notes: Vec<String> =
        muster.cells(json!({})).into_iter().map(|row| row[2].clone()).collect();
    assert!(notes.iter().all(|note| *note == notes[0]), "half an edit: {notes:?}");
    notes[0].parse().expect("a number")
}

fn spawn(folder: &Path) -> Child {
    Command::new(std::env::current_exe().expect("this program"))
        .args(["killing::child", "--exact", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the child begins")
}

#[test]
fn killed_at_any_moment_the_job_opens_with_every_acknowledged_step() {
    let computer = Computer::new();
    let file = computer.write("staff.csv", staff());
    let mut acknowledged = 0;
    for kill in 0..KILLS {
        let mut child = spawn(&computer.path(""));
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let ready = lines.any(|line| line.is_ok_and(|line| line.starts_with("ready")));
        assert!(ready, "the child begins");
        std::thread::sleep(Duration::from_millis(15 + kill * 11));
        child.kill().expect("killed");
        child.wait().expect("gone");
        let last = lines.map_while(Result::ok).filter_map(|line| line.parse().ok()).last();
        acknowledged = last.unwrap_or(acknowledged);
        let muster = computer.start();
        muster.open(&file);
        let stands = written(&muster);
        assert!(
            stands == acknowledged || stands == acknowledged + 1,
            "{acknowledged} was acknowledged, {stands} stands"
        );
        acknowledged = stands;
    }
    assert!(acknowledged > 0, "the children edited");
    let muster = computer.start();
    muster.open(&file);
    for _ in 0..acknowledged {
        muster.call("undo", Value::Null);
    }
    assert_eq!(written(&muster), 0);
    let copy = computer.path("copy.csv");
    muster.call("save_copy", json!({ "path": copy, "replace": false }));
    assert_eq!(std::fs::read_to_string(copy).expect("saved"), staff());
}
