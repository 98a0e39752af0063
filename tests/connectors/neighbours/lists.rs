//! Lists of people that never end, or leave people out.

use std::ffi::OsStr;

use serde_json::{Value, json};

use super::lms::Lms;
use super::server::Fault;
use super::world::World;
use crate::asked::Asked;

/// What is wrong with a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// Whatever page is asked for, the first one comes.
    Repeats,
    /// The same, and how many there are is not said.
    RepeatsAndSaysNothing,
    /// There are always more to come.
    Grows,
    /// How many there are is not said, and no page is the last.
    NeverEnds,
    /// A page is empty, although more were spoken of.
    Empty,
}

impl Listing {
    /// What comes in place of a page of people; none for what is no list of them.
    pub fn page(self, lms: Lms, asked: &Asked) -> Option<String> {
        let (path, query) = asked.path.split_once('?').unwrap_or((&asked.path, ""));
        if path != "/Users" && path != "/v2/users" {
            return None;
        }
        let of = |name: &str| {
            let own = query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")));
            own.and_then(|number| number.parse::<usize>().ok()).unwrap_or(1)
        };
        const PAGE: usize = 100;
        let from = match lms {
            Lms::Scim => of("startIndex") - 1,
            _ => (of("page") - 1) * PAGE,
        };
        let (from, count, total) = match self {
            Listing::Repeats => (0, 2, Some(10)),
            Listing::RepeatsAndSaysNothing => (0, 2, None),
            Listing::Grows => (from, PAGE, Some(from + 2 * PAGE)),
            Listing::NeverEnds => (from, PAGE, None),
            Listing::Empty if from == 0 => (0, 2, Some(10)),
            Listing::Empty => (from, 0, Some(10)),
        };
        let person = |n: usize| {
            let (id, login) = (format!("u{n}"), format!("p{n}"));
            let email = format!("{login}@example.com");
            json!({
                "id": id, "userName": login, "username": login, "email": email, "active": true,
            })
        };
        let people: Vec<Value> = (from..from + count).map(person).collect();
        let mut page = json!({ "Resources": people, "items": people });
        if let Some(total) = total {
            page["totalResults"] = json!(total);
            page["totalCount"] = json!(total);
        }
        Some(page.to_string())
    }
}

#[test]
fn a_list_that_leaves_people_out_or_never_ends_is_no_roster() {
    const SHOWS: &str = " of 10 and shows 2";
    const MORE: &str = "`people=2000`";
    for (listing, says) in [
        (Listing::Repeats, SHOWS),
        (Listing::Grows, MORE),
        (Listing::NeverEnds, MORE),
        (Listing::Empty, SHOWS),
    ] {
        for lms in [Lms::Scim, Lms::EdApp] {
            let world = World::new(lms, Fault::List(listing), "T0ken-of-the-tests");
            let few: [&dyn AsRef<OsStr>; 2] = [&"--option", &"people=1000"];
            let (ended, words) = world.fetch(&few);
            assert_eq!(ended, 2, "{lms:?} {listing:?}: {words}");
            assert!(words.contains(says), "{lms:?} {listing:?}: {words}");
            assert!(!world.path("out.csv").exists(), "{lms:?} {listing:?}");
            let calls = world.server.calls().len();
            assert!(calls < 20, "{lms:?} {listing:?}: {calls} calls");
        }
    }
}

#[test]
fn a_list_that_is_told_whole_whatever_is_asked_is_read_once() {
    for lms in [Lms::Scim, Lms::EdApp] {
        let fault = Fault::List(Listing::RepeatsAndSaysNothing);
        let world = World::new(lms, fault, "T0ken-of-the-tests");
        let (ended, words) = world.fetch(&[]);
        assert_eq!(ended, 0, "{lms:?}: {words}");
        assert!(words.contains("2 people"), "{lms:?}: {words}");
        assert!(world.server.calls().len() < 6, "{lms:?}: {:?}", world.server.calls());
    }
}
