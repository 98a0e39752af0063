//! A push that is killed between making somebody, suspending them and putting them into a cohort.

use std::ffi::OsStr;
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use super::{World, as_words};
use crate::command::list;
use crate::play_moodle::{Moodle, Token};
use crate::sheet::Sheet;

const NEW: usize = 24;

fn login(n: usize) -> String {
    format!("new{n:03}")
}

fn cohorts_of(n: usize) -> &'static [&'static str] {
    [&["SAFETY", "NIGHT"][..], &["NIGHT"], &["SAFETY"], &[]][n % 4]
}

/// People who are new, suspended and in cohorts, others who are changed and suspended, and others who move to another
/// cohort.
fn edited(fetched: &Sheet) -> Sheet {
    let mut roster = fetched.clone();
    for n in 0..NEW {
        let (login, email) = (login(n), format!("{}@example.com", login(n)));
        roster.add(&[
            ("username", &login),
            ("firstname", "New"),
            ("lastname", &format!("Person {n}")),
            ("email", &email),
            ("auth", "ldap"),
            ("suspended", if n % 3 == 0 { "1" } else { "0" }),
        ]);
        roster.put_cohorts(&login, cohorts_of(n));
    }
    for n in 0..10 {
        roster.edit(&format!("user{n:03}"), &[("department", "Sales"), ("suspended", "1")]);
        roster.put_cohorts(&format!("user{:03}", n + 10), MOVED[n % 2]);
    }
    roster
}

/// Nobody of these is in just that now.
const MOVED: [&[&str]; 2] = [&["NIGHT"], &["SAFETY"]];

/// Begins something, ends it when the Moodle was called a few times more, and goes on with it, so many times. Each call
/// is answered a while after it was carried out, so that many are ended between the two. Answers how often.
fn kill_at_calls(world: &World, words: &[&dyn AsRef<OsStr>], kills: u32) -> u32 {
    let before = world.last_push();
    let id = (before + 1).to_string();
    let resume: [&dyn AsRef<OsStr>; 3] = [&"outbox", &"resume", &id];
    for killed in 0..kills {
        let (begun, known) = (world.moodle.calls().len(), world.last_push() > before);
        let mut child = world.muster.begin(if known { &resume } else { words });
        let calls = 1 + chance(8);
        while world.moodle.calls().len() < begun + calls {
            if !matches!(child.try_wait(), Ok(None)) {
                return killed;
            }
            sleep(Duration::from_millis(1));
        }
        sleep(Duration::from_millis(chance(20) as u64));
        let _ = child.kill();
        let _ = child.wait();
        let last = world.moodle.calls().last().map(|call| call.function.clone());
        println!("ended after {}", last.unwrap_or_default());
    }
    kills
}

/// Below a number, as good as random.
fn chance(below: usize) -> usize {
    let now = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.subsec_nanos());
    (now / 1000) as usize % below
}

#[test]
fn twenty_kills_lead_to_the_planned_end_cohorts_included_and_back() {
    let (mut killed, mut rounds) = (0, 0);
    while killed < 20 {
        killed += there_and_back();
        rounds += 1;
        assert!(rounds < 9, "it was ended {killed} times only");
    }
    println!("ended {killed} times in {rounds} rounds");
}

/// Answers how often it was ended.
fn there_and_back() -> u32 {
    let world = World::new(Moodle::start().token(Token::Both).people(30));
    let roster = edited(&world.fetched());
    let (users, safety, night) =
        (world.moodle.users(), world.moodle.cohort("SAFETY"), world.moodle.cohort("NIGHT"));
    world.moodle.change(|state| state.settings.delay = Duration::from_millis(15));
    let held = world.holds_of(&roster, &[]);
    let more: Vec<&str> = held.iter().map(String::as_str).collect();
    let push = world.words(&roster, "push", &more);
    let mut killed = kill_at_calls(&world, &as_words(&push), 15);
    let receipt = world.go_on();
    let done = list(&receipt, "people").filter(|person| person["outcome"] == "done").count();
    assert_eq!(done, NEW + 20, "{receipt:#}");

    let now = world.moodle.users();
    assert_eq!(now.len(), users.len() + NEW, "nobody twice, nobody lost");
    let (in_safety, in_night) = (world.moodle.cohort("SAFETY"), world.moodle.cohort("NIGHT"));
    let is_in = |login: &str, cohorts: &[&str]| {
        assert_eq!(in_safety.contains(login), cohorts.contains(&"SAFETY"), "{login}");
        assert_eq!(in_night.contains(login), cohorts.contains(&"NIGHT"), "{login}");
    };
    for n in 0..NEW {
        let person = &now[&login(n)];
        assert_eq!(&person["lastname"], format!("Person {n}").as_str());
        assert_eq!(person.suspended, n % 3 == 0, "{}", login(n));
        is_in(&login(n), cohorts_of(n));
    }
    for n in 0..10 {
        let changed = &now[&format!("user{n:03}")];
        assert!(&changed["department"] == "Sales" && changed.suspended);
        is_in(&format!("user{:03}", n + 10), MOVED[n % 2]);
    }

    let id = receipt["id"].to_string();
    killed += kill_at_calls(&world, &[&"outbox", &"undo", &id], 15);
    world.go_on();
    let mut back = world.moodle.users();
    back.retain(|login, person| {
        assert!(!login.starts_with("new") || person.suspended, "{login} is suspended or gone");
        !login.starts_with("new")
    });
    assert_eq!(back, users);
    assert_eq!(world.moodle.cohort("SAFETY"), safety);
    assert_eq!(world.moodle.cohort("NIGHT"), night);
    killed
}
