//! Whatever the machine has: the same is found, and told in the same order, by one thread, by two and by seven.

use std::sync::Arc;

use crate::checker::Checker;
use crate::rules::CheckContext;
use muster_roster::finding::Finding;
use muster_roster::lists::{List, Lists};
use muster_roster::profile::Profile;
use muster_roster::roster::Roster;
use muster_table::table::Table;

/// More rows than one thread takes at a time, so that there is something to be put in order.
const PEOPLE: usize = 17_000;

/// A list in which something is wrong now and then; `later` as it is a month later.
fn list(later: bool) -> String {
    let mut text = String::from("email,username,firstname,lastname,usergroups,active\n");
    let mut dice = 7u64;
    let mut roll = |sides: u64| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) % sides
    };
    for n in 0..PEOPLE {
        let first = ["Ana", "Bo", "Jürgen", "Siobhán", "Zoë ", "?smail"][roll(6) as usize];
        let last = ["Silva", "Okafor", "O'Brien", "Müller", "Quist"][roll(5) as usize];
        let group = ["Sales", "Sles", "Marketing", "Support;Sales"][roll(4) as usize];
        // A few have the key or the address of somebody else.
        let (of, at) = (n as u64 - roll(60).saturating_sub(57).min(n as u64), roll(300));
        let domain = if at == 0 { "sales.example.com" } else { "example.com" };
        let (moved, active) = (later && roll(40) == 0, if roll(9) == 0 { "no" } else { "Yes" });
        let group = if moved { "Support" } else { group };
        text += &format!("p{of}@{domain},user{of},{first},{last},{group},{active}\n");
    }
    text
}

fn found_by(threads: usize) -> Vec<Finding> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    pool.install(|| {
        let profile = Arc::new(Profile::built_in("edapp").expect("it comes with Muster"));
        let read =
            |text: &str| Roster::read(Table::from_text(text).expect("a table"), profile.clone());
        let groups = ["Sales", "Marketing", "Support"].map(String::from);
        let lists = Lists::from([("groups".to_owned(), List::new(groups, "a test", None))]);
        let context = CheckContext::new(read(&list(true)), Some(read(&list(false))), lists);
        Checker::new(context, &|_| true).expect("nothing stops it").all_findings()
    })
}

#[test]
fn one_two_and_seven_threads_find_the_same_in_the_same_order() {
    let alone = found_by(1);
    assert!(alone.len() > PEOPLE / 10, "{} findings are too few to be in disorder", alone.len());
    for threads in [2, 7] {
        let found = found_by(threads);
        let other = alone.iter().zip(&found).find(|(one, other)| one != other);
        assert_eq!((found.len(), other), (alone.len(), None), "{threads} threads");
    }
}
