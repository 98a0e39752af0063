//! Whatever was acknowledged is there after the process was killed at any moment.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::*;
use muster_table::error::FailureKind;

const FOLDER: &str = "MUSTER_TEST_FOLDER";
const JOB: &str = "MUSTER_TEST_JOB";
const KILLS: u64 = 25;

/// Not a test by itself: the process that the others kill. Says each step's number once it was acknowledged.
#[test]
#[ignore = "the child of the other tests"]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let job = std::env::var(JOB).expect("a job").parse().expect("a number");
    let store = open(Path::new(&folder));
    let (lock, _) = store.hold(job, NOW).expect("opens");
    let mut number = store.load_done(&lock).expect("readable").operations.len() as u32;
    println!("\nready");
    loop {
        number += 1;
        store.append(&lock, &step(number)).expect("saved");
        println!("{number}");
    }
}

/// Most are small; now and then one spans many pages of the database.
fn step(number: u32) -> Operation {
    let edits = if number.is_multiple_of(7) { 2_000 } else { 1 };
    let mut operation = set(number);
    operation.edits = (0..edits).flat_map(|row| set(number * 31 + row).edits).collect();
    operation
}

fn spawn(folder: &Path, job: u32) -> Child {
    Command::new(std::env::current_exe().expect("this program"))
        .args(["tests::kill::child", "--exact", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .env(JOB, job.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the child begins")
}

/// The numbers that the child acknowledges, from when it has the job open.
fn lines_of(child: &mut Child) -> impl Iterator<Item = u32> + use<> {
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let ready = lines.any(|line| line.is_ok_and(|line| line == "ready"));
    assert!(ready, "the child begins");
    lines.map_while(Result::ok).filter_map(|line| line.parse().ok())
}

#[test]
fn killing_the_process_loses_no_acknowledged_step() {
    let folder = folder();
    let store = open(folder.path());
    let job = begin(&store, "staff").id();
    drop(store);

    let mut random: u64 = 0x9E37_79B9;
    let mut acknowledged = 0;
    for round in 0..KILLS {
        let mut child = spawn(folder.path(), job);
        let mut lines = lines_of(&mut child);
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let at_work = lines.by_ref().take((random >> 60) as usize % 8);
        acknowledged = at_work.last().unwrap_or(acknowledged);
        std::thread::sleep(Duration::from_micros((random >> 33) % 15_000));
        child.kill().expect("killed");
        child.wait().expect("gone");
        acknowledged = lines.last().unwrap_or(acknowledged);

        let store = open(folder.path());
        assert!(store.notices().is_empty(), "round {round}: {:?}", store.notices());
        let (lock, _) = store.hold(job, LATER).expect("the job is free again");
        let done = store.load_done(&lock).expect("readable");
        assert_eq!(done.unreadable, 0);
        let found = done.operations.len() as u32;
        assert!(found >= acknowledged, "round {round}: {found} of {acknowledged} steps are there");
        for (number, operation) in (1..).zip(&done.operations) {
            assert!(*operation == step(number), "round {round}: step {number} is not what it was");
        }
    }
    println!("{acknowledged} steps were acknowledged in {KILLS} rounds");
    assert!(acknowledged > KILLS as u32, "the child was killed at work, not before it");
}

#[test]
fn a_job_open_in_another_process_is_free_once_that_is_killed() {
    let folder = folder();
    let store = open(folder.path());
    let job = begin(&store, "staff").id();
    let mut child = spawn(folder.path(), job);
    let _lines = lines_of(&mut child);
    assert_eq!(store.hold(job, LATER).expect_err("it is open").kind, FailureKind::Busy);
    begin(&store, "guests");
    child.kill().expect("killed");
    child.wait().expect("gone");
    store.hold(job, LATER).expect("it is free");
}
