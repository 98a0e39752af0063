//! Every connector before every fault: what the command says, how it ends, and how often it asked.

use std::ffi::OsStr;
use std::thread;

use super::lms::{ALL, Lms};
use super::server::Fault;
use super::world::World;
use crate::kolibri_server::holds;

const SECRET: &str = "T0ken-of-the-tests";
const PASSWORD: &str = "Secret-12";

/// A fault, how `fetch` and `push` end, what they say, and how many calls are the most that may be made.
type Row = (Fault, i32, &'static [&'static str], usize);

const ROWS: &[Row] = &[
    (Fault::Stalls, 2, &["it said nothing for 1 second", "`timeout=2`"], 12),
    (Fault::Floods, 2, &["it has more than 1 MB", "`answer_mb=2`"], 3),
    (Fault::Redirects, 2, &["leads to `https://elsewhere.example.com/login`"], 3),
    (Fault::ClosesEarly, 2, &["did not arrive: the connection was cut"], 12),
    (Fault::WrongLength, 2, &["did not arrive: the connection was cut"], 12),
    (Fault::LoginPage, 2, &["it answered 200: a page, “Sign in to go on”"], 4),
    (Fault::WrongPath, 2, &["it answered 404: a page", "Check the address"], 3),
    (Fault::NoEntry, 2, &["it answered 401", "“Sign in to go on”"], 4),
    (Fault::Maintenance, 2, &["takes no more for now: it asks to come back after "], 3),
    (Fault::EndlessHeaders, 2, &["more headers than any answer has"], 3),
];

/// What ends them as if nothing were wrong.
const HARMLESS: &[Fault] = &[Fault::None, Fault::AnswersTwice];

fn options(fault: Fault) -> &'static [&'static dyn AsRef<OsStr>] {
    match fault {
        Fault::Stalls => &[&"--option", &"timeout=1"],
        Fault::Floods => &[&"--option", &"answer_mb=1"],
        _ => &[],
    }
}

/// All of them at once: most of the time is spent waiting.
fn each(what: impl Fn(Lms, &Row) + Sync) {
    thread::scope(|scope| {
        for lms in ALL {
            for row in ROWS {
                let what = &what;
                scope.spawn(move || what(lms, row));
            }
        }
    });
}

#[test]
fn a_look_at_a_bad_neighbour_ends_in_words_and_soon() {
    each(|lms, &(fault, exit, says, most)| {
        if !lms.reads() {
            return;
        }
        let world = World::new(lms, fault, SECRET);
        let (ended, words) = world.fetch(options(fault));
        assert_eq!(ended, exit, "{lms:?} {fault:?}: {words}");
        for sentence in says {
            assert!(words.contains(sentence), "{lms:?} {fault:?}: {words}");
        }
        let calls = world.server.calls();
        assert!(calls.len() <= most, "{lms:?} {fault:?}: {calls:?}");
        assert!(!world.path("out.csv").exists(), "{lms:?} {fault:?}");
        assert!(!words.contains(SECRET), "{lms:?} {fault:?}: {words}");
    });
}

#[test]
fn a_push_to_a_bad_neighbour_ends_in_words_with_everybody_still_waiting() {
    each(|lms, &(fault, exit, says, most)| {
        let world = World::new(lms, fault, SECRET);
        let (ended, words) = world.push(PASSWORD, options(fault));
        assert_eq!(ended, exit, "{lms:?} {fault:?}: {words}");
        for sentence in says {
            assert!(words.contains(sentence), "{lms:?} {fault:?}: {words}");
        }
        let calls = world.server.calls();
        assert!(calls.len() <= most, "{lms:?} {fault:?}: {calls:?}");
        let shown = world.muster.answer(&[&"outbox", &"show", &"1"], 0);
        assert_eq!(shown["counts"]["waiting"], 1, "{lms:?} {fault:?}: {shown:#}");
        assert!(!shown["people"].to_string().contains(PASSWORD), "{shown:#}");
    });
}

#[test]
fn a_good_neighbour_and_one_that_says_everything_twice_are_understood() {
    for lms in ALL {
        for &fault in HARMLESS {
            let world = World::new(lms, fault, SECRET);
            if lms.reads() {
                let (ended, words) = world.fetch(&[]);
                assert_eq!(ended, 0, "{lms:?} {fault:?}: {words}");
                let fetched = std::fs::read_to_string(world.path("out.csv")).expect("a roster");
                assert!(fetched.contains("edna") && fetched.contains("Moss"), "{fetched}");
            }
            let (ended, words) = world.push(PASSWORD, &[]);
            assert_eq!(ended, 0, "{lms:?} {fault:?}: {words}");
        }
    }
}

#[test]
fn somebody_who_was_made_is_found_whatever_became_of_the_answer() {
    const AFTER: &[Fault] = &[
        Fault::AfterWriting(&Fault::ClosesEarly),
        Fault::AfterWriting(&Fault::Stalls),
        Fault::AfterWriting(&Fault::LoginPage),
        Fault::AfterWriting(&Fault::WrongLength),
        Fault::AfterWriting(&Fault::EndlessHeaders),
    ];
    thread::scope(|scope| {
        // SafetyCulture cannot be asked whom it has.
        for lms in ALL.into_iter().filter(|lms| lms.reads()) {
            for &fault in AFTER {
                scope.spawn(move || {
                    let world = World::new(lms, fault, SECRET);
                    let options: &[&dyn AsRef<OsStr>] = match fault {
                        Fault::AfterWriting(Fault::Stalls) => &[&"--option", &"timeout=3"],
                        _ => &[],
                    };
                    let (ended, words) = world.push(PASSWORD, options);
                    assert_eq!(ended, 0, "{lms:?} {fault:?}: {words}");
                    assert!(words.contains("sent: 1 done"), "{lms:?} {fault:?}: {words}");
                    let calls = world.server.calls();
                    let made = calls
                        .iter()
                        .filter(|call| call.starts_with("POST") && !call.contains("session"));
                    // Moodle's calls are all alike.
                    assert!(
                        lms == Lms::Moodle || made.count() == 1,
                        "{lms:?} {fault:?}: {calls:?}"
                    );
                });
            }
        }
    });
}

#[test]
fn somebody_who_was_not_made_is_unknown_or_waits_and_is_never_called_done() {
    const INSTEAD: &[Fault] = &[
        Fault::InsteadOfWriting(&Fault::ClosesEarly),
        Fault::InsteadOfWriting(&Fault::LoginPage),
        Fault::InsteadOfWriting(&Fault::WrongPath),
        Fault::InsteadOfWriting(&Fault::Redirects),
        Fault::InsteadOfWriting(&Fault::Maintenance),
    ];
    thread::scope(|scope| {
        for lms in ALL.into_iter().filter(|lms| lms.reads()) {
            for &fault in INSTEAD {
                scope.spawn(move || {
                    let world = World::new(lms, fault, SECRET);
                    let (ended, words) = world.push(PASSWORD, &[]);
                    assert!(ended == 1 || ended == 2, "{lms:?} {fault:?}: {ended} {words}");
                    let shown = world.muster.answer(&[&"outbox", &"show", &"1"], 0);
                    // Whoever waits is sent later; of whoever was handed over nobody knows.
                    let counts = ["waiting", "unknown"].map(|word| shown["counts"][word].as_u64());
                    let in_all: u64 = counts.iter().flatten().sum();
                    assert!(
                        in_all == 1 && shown["counts"]["done"] == 0,
                        "{lms:?} {fault:?}: {shown:#}"
                    );
                    let later = [&Fault::Redirects, &Fault::Maintenance];
                    if later.iter().any(|of| fault == Fault::InsteadOfWriting(of)) {
                        assert_eq!(ended, 2, "{lms:?} {fault:?}: {words}");
                    }
                });
            }
        }
    });
}

#[test]
fn whoever_is_said_to_be_made_and_is_not_there_is_not_called_as_planned() {
    for lms in ALL.into_iter().filter(|lms| lms.reads()) {
        let world = World::new(lms, Fault::InsteadOfWriting(&Fault::None), SECRET);
        let (ended, words) = world.push(PASSWORD, &[]);
        assert_eq!(ended, 1, "{lms:?}: {words}");
        assert!(words.contains("0 of 1 person as planned"), "{lms:?}: {words}");
        assert!(words.contains("Gus Orr") || words.contains("`gus`"), "{lms:?}: {words}");
        let shown = world.muster.answer(&[&"outbox", &"show", &"1"], 0);
        assert_eq!(shown["counts"]["done"], 0, "{lms:?}: {shown:#}");
        assert_eq!(shown["proof"]["as_planned"], 0, "{lms:?}: {shown:#}");
    }
}

#[test]
fn names_that_are_no_utf_8_are_in_no_roster() {
    for lms in ALL.into_iter().filter(|lms| lms.reads()) {
        let world = World::new(lms, Fault::BrokenText, SECRET);
        let (ended, words) = world.fetch(&[]);
        assert_eq!(ended, 2, "{lms:?}: {words}");
        assert!(words.contains("it is not written in UTF-8"), "{lms:?}: {words}");
        assert!(!words.contains('\u{fffd}') && !words.contains("ss"), "{lms:?}: {words}");
        assert!(!world.path("out.csv").exists());
    }
}

#[test]
fn whoever_is_said_to_be_inactive_in_any_way_is_and_what_says_neither_is_refused() {
    for (said, active) in [
        ("false", "false"),
        ("0", "false"),
        ("0.0", "false"),
        ("\"False\"", "false"),
        ("1", "true"),
        ("null", "true"),
    ] {
        let world = World::new(Lms::Scim, Fault::Active(said), SECRET);
        let (ended, words) = world.fetch(&[]);
        assert_eq!(ended, 0, "{said}: {words}");
        let mut reader = csv::Reader::from_path(world.path("out.csv")).expect("a roster");
        let at = reader.headers().expect("a header").iter().position(|name| name == "active");
        let person = reader.records().next().expect("a person").expect("a row");
        assert_eq!(&person[at.expect("a column")], active, "{said}");
    }
    for said in ["2", "\"gone\"", "[]"] {
        let world = World::new(Lms::Scim, Fault::Active(said), SECRET);
        let (ended, words) = world.fetch(&[]);
        assert_eq!(ended, 2, "{said}: {words}");
        assert!(words.contains("`active` of the person with the id `u1` is neither"), "{words}");
        assert!(!world.path("out.csv").exists());
    }
}

#[test]
fn an_address_with_a_token_in_it_is_refused_and_neither_shown_nor_kept() {
    let world = World::new(Lms::Moodle, Fault::None, "another");
    let out = world.path("out.csv");
    let from = format!("{}?wstoken={SECRET}", world.server.address());
    let (ended, words) = world.muster.try_to(&[&"fetch", &"--from", &from, &"--out", &out]);
    assert_eq!(ended, 2, "{words}");
    assert!(words.contains("a secret in it (`wstoken`)") && !words.contains(SECRET), "{words}");
    assert_eq!(holds(&world.path("data"), SECRET), None);
    assert!(world.server.calls().is_empty());
}

#[test]
fn ids_of_a_server_are_asked_for_as_ids_and_as_nothing_else() {
    let encoded = "..%2F..%2FUsers%2F1%3Fx%3D%23";
    for (lms, call, from, to) in [
        (Lms::Scim, "PATCH /Users/", "Moss", "Lo"),
        (Lms::Kolibri, "DELETE /api/auth/membership/", "Red", ""),
    ] {
        let world = World::new(lms, Fault::OddIds, SECRET);
        let [header, old, _] = lms.sheet(PASSWORD);
        let (before, after) =
            (format!("{header}\n{old}\n"), format!("{header}\n{}\n", old.replace(from, to)));
        let (_, words) = world.push_lists(&before, &after, &[]);
        let calls = world.server.calls();
        let changes: Vec<&String> = calls.iter().filter(|asked| asked.starts_with(call)).collect();
        assert!(!changes.is_empty(), "{lms:?}: {words} {calls:?}");
        assert!(changes.iter().all(|call| call.contains(encoded)), "{lms:?}: {changes:?}");
        let plain = |call: &&String| call.contains("/1?") || call.contains("..");
        let strayed = calls.iter().find(|call| plain(&&call.replace(encoded, "")));
        assert_eq!(strayed, None, "{lms:?}");
    }
}

/// The most memory that a process had, in MB.
#[cfg(target_os = "linux")]
fn peak(process: &mut std::process::Child) -> (i32, u64) {
    let status = format!("/proc/{}/status", process.id());
    let mut peak = 0;
    loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        peak = peak.max(kilobytes.unwrap_or(0));
        if let Some(ended) = process.try_wait().expect("a process") {
            return (ended.code().unwrap_or(-1), peak / 1024);
        }
        thread::sleep(std::time::Duration::from_millis(5));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn an_answer_that_would_fill_the_memory_does_not() {
    let lms = Lms::Moodle;
    let world = World::new(lms, Fault::Zeros, SECRET);
    let (from, out) = (world.server.address(), world.path("out.csv"));
    let mut process = world.muster.begin(&[&"fetch", &"--from", &from, &"--out", &out]);
    let (ended, peak) = peak(&mut process);
    assert_eq!(ended, 2);
    println!("60 MB of zeros: {peak} MB at most");
    assert!((100..1200).contains(&peak), "{peak} MB");
    let (_, words) = world.fetch(&[]);
    assert!(words.contains("would fill more than 768 MB"), "{words}");
    assert!(words.contains("`answer_mb=128`"), "{words}");
}

#[test]
#[ignore = "takes a minute: `make test ONLY=connectors`"]
fn a_neighbour_that_says_a_letter_now_and_then_is_left_after_the_time_that_all_may_take() {
    let world = World::new(Lms::Scim, Fault::Trickles, SECRET);
    let begun = std::time::Instant::now();
    let (ended, words) = world.fetch(&[&"--option", &"minutes=1"]);
    assert_eq!(ended, 2, "{words}");
    assert!(
        words.contains("it was not done after 1 minute") && words.contains("`minutes=2`"),
        "{words}"
    );
    assert!((55..75).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
}
