//! Pushes to the played EdApp.

use std::time::Duration;

use super::Desk;
use crate::play_edapp::{Call, EdApp, Switches, TOKEN};
use crate::strict::switches::each;
use crate::strict::told::{Ordered, is_true, word, words};
use crate::strict::window::Window;

const HEADER: &str = "email (required),username (optional),firstname (optional),lastname (optional),usergroups (optional),roles (optional),password (optional),externalid (optional)";
const EDNA: &str = "edna@example.com,edna,Edna,Moss,Sales,Learner; Prizing User,,E-1";
const FINN: &str = "finn@example.com,finn,Finn,Hale,,Learner; Prizing User,,";
/// Whose groups say too which ones the last export knew.
const KARI: &str =
    "kari@example.com,kari,Kari,Lie,Night shift; Oslo; Twins,Learner; Prizing User,,";
const ALL: [&str; 3] = [EDNA, FINN, KARI];

/// One with three people.
fn opened(way: Switches) -> (EdApp, Desk) {
    let server = EdApp::start(way);
    let desk = Desk::new("edapp", server.address(), TOKEN, HEADER);
    fill(&server);
    (server, desk)
}

/// To which somebody has sent before: the first push is of one person.
fn tried(way: Switches) -> (EdApp, Desk) {
    let (server, desk) = opened(way);
    let finn = "finn@example.com,finn,Finn,Hale,Sales,Learner; Prizing User,,";
    let (exit, receipt) = desk.push(&ALL, &[EDNA, finn, KARI]);
    assert_eq!((exit, word(&words(&receipt), "Finn Hale")), (0, "done"), "{receipt:#}");
    fill(&server);
    (server, desk)
}

fn fill(server: &EdApp) {
    let mut state = server.state();
    state.users.clear();
    state.user("edna", ("Edna", "Moss"), &["g1"]).external_id = "E-1".to_owned();
    state.user("finn", ("Finn", "Hale"), &[]);
    state.user("kari", ("Kari", "Lie"), &["g2", "g5", "g7"]);
}

/// With the groups and roles that EdApp itself gives to whoever is new.
fn given(
    way: Switches,
    groups: &'static str,
    roles: &'static str,
) -> [(&'static str, &'static str); 2] {
    let groups = match (groups, way.has_rule) {
        (groups, false) => groups,
        ("", true) => "Everybody new",
        ("Sales", true) => "Sales; Everybody new",
        (other, true) => panic!("{other}"),
    };
    let roles = if way.adds_roles { "app-user; prizing-user" } else { roles };
    [("groups", groups), ("roles", roles)]
}

#[test]
fn edapp_whom_it_has_is_fetched_as_it_has_them() {
    each(&Switches::ways(), |way| {
        let (server, desk) = opened(way);
        for n in 0..60 {
            server.state().user(&format!("more{n}"), ("More", "People"), &[]);
        }
        let fetched = desk.fetch();
        assert_eq!(fetched.lines().count(), 64, "{fetched}");
        let edna = "edna@example.com,edna,Edna,Moss,Sales,Learner; Prizing User";
        assert!(fetched.contains(edna), "{fetched}");
        assert!(
            fetched.contains("kari@example.com,kari,Kari,Lie,Night shift; Oslo; Twins"),
            "{fetched}"
        );
    });
}

#[test]
fn edapp_a_month_is_told_as_it_is_and_done_once() {
    each(&Switches::ways(), |way| {
        let (server, desk) = tried(way);
        let after = [
            "edna@example.com,edna,Edna,Moss,Sales; Night shift,Learner; Prizing User,,E-1",
            "finn@example.com,finn,Finnegan,Hale,,Learner; Prizing User,,",
            KARI,
            "gus@example.com,gus,Gus,Orr,Sales,Learner,Secret-12,E-3",
            "hope@example.com,hope,Hope,Kerr,,Learner,,E-9",
            "ida@example.com,ida,Ida,Low,Twins,Learner,,",
            "jon@example.com,,Jon,Ek,,Learner,,",
            "mia@example.com,mia,Mia,Roe,Oslo,Learner,,",
        ];
        server.state().user("olga", ("Olga", "Ny"), &[]).external_id = "E-9".to_owned();
        let gus: Vec<(&str, &str)> = [
            ("email", "gus@example.com"),
            ("firstname", "Gus"),
            ("lastname", "Orr"),
            ("externalid", "E-3"),
            ("password", "Secret-12"),
        ]
        .into_iter()
        .chain(given(way, "Sales", "app-user"))
        .collect();
        let jon: Vec<(&str, &str)> =
            [("firstname", "Jon")].into_iter().chain(given(way, "", "app-user")).collect();
        let ordered: &[Ordered] = &[
            ("Edna Moss", "edna", &[("groups", "Sales; Night shift"), ("firstname", "Edna")]),
            ("Finnegan Hale", "finn", &[]),
            ("Gus Orr", "gus", &gus),
            ("Hope Kerr", "hope", &[]),
            ("Ida Low", "ida", &[]),
            ("Jon Ek", "jon@example.com", &jon),
            ("Mia Roe", "mia", &[("firstname", "Mia")]),
        ];
        let before = server.world();
        let (exit, receipt) = desk.push(&ALL, &after);
        let now = server.world();
        is_true(&receipt, (&before, &now), ordered);
        assert_eq!(exit, 1, "{receipt:#}");
        let told = words(&receipt);
        let told = |name: &str| word(&told, name);
        assert_eq!(told("Edna Moss"), "done", "{receipt:#}");
        assert_eq!(told("Finnegan Hale"), "by_hand", "{receipt:#}");
        // Of two groups of one name nobody can say which is meant.
        assert_eq!((told("Hope Kerr"), told("Ida Low")), ("refused", "refused"), "{receipt:#}");
        // Whoever was made, and is not in the list yet, is not called done.
        let well: &[&str] = if way.lists_late { &["done", "unknown"] } else { &["done"] };
        for name in ["Gus Orr", "Jon Ek"] {
            assert!(well.contains(&told(name)), "{receipt:#}");
        }

        // The same again makes nobody a second time.
        let calls = writes(&server);
        let (exit, again) = desk.push(&ALL, &after);
        assert_eq!((exit, server.world()), (3, now), "{again:#}");
        assert_eq!(writes(&server), calls, "{again:#}");
    });
}

fn writes(server: &EdApp) -> usize {
    server.state().calls.iter().filter(|call| call.starts_with("POST")).count()
}

fn gus(way: Switches) -> Vec<(&'static str, &'static str)> {
    [("firstname", "Gus")].into_iter().chain(given(way, "Sales", "app-user")).collect()
}

const GUS: &str = "gus@example.com,gus,Gus,Orr,Sales,Learner,,";

#[test]
fn edapp_whoever_is_done_by_half_is_told_so() {
    each(&Switches::ways(), |way| {
        let (server, desk) = opened(way);
        server.state().vanishes = Some("g2");
        let gus = GUS.replace("Sales", "Sales; Night shift");
        let before = server.world();
        let (exit, receipt) = desk.push(&ALL, &[EDNA, FINN, KARI, &gus]);
        is_true(&receipt, (&before, &server.world()), &[("Gus Orr", "gus", &[])]);
        let told = words(&receipt);
        assert_eq!((exit, word(&told, "Gus Orr")), (1, "unknown"), "{receipt:#}");
        assert!(told["Gus Orr"].1.contains("only a part was carried out"), "{receipt:#}");
        assert!(server.world().contains_key("gus"));
    });
}

#[test]
fn edapp_an_answer_that_is_lost_is_looked_for_and_nobody_is_made_twice() {
    const NIGHT: &str =
        "edna@example.com,edna,Edna,Moss,Sales; Night shift,Learner; Prizing User,,E-1";
    each(&Switches::ways(), |way| {
        let (server, desk) = opened(way);
        let gus = gus(way);
        let made: Ordered = ("Gus Orr", "gus", &gus);
        let joined: Ordered = ("Edna Moss", "edna", &[("groups", "Sales; Night shift")]);
        for (lost, after, ordered) in [
            (Call::Make, [EDNA, FINN, KARI, GUS], made),
            (Call::Join, [EDNA, FINN, KARI, GUS], made),
            (Call::Join, [NIGHT, FINN, KARI, ""], joined),
        ] {
            fill(&server);
            server.state().loses = vec![(lost, 0)];
            let before = server.world();
            let (_, receipt) = desk.push(&ALL, &after);
            is_true(&receipt, (&before, &server.world()), &[ordered]);
            let is_late = way.lists_late && ordered.0 == made.0;
            let well: &[&str] = if is_late { &["done", "unknown"] } else { &["done"] };
            let told = words(&receipt);
            assert!(well.contains(&word(&told, ordered.0)), "{lost:?}: {receipt:#}");
        }
    });
}

#[test]
fn edapp_whoever_is_too_many_for_its_minutes_waits_and_is_sent_later() {
    each(&Switches::ways(), |way| {
        let (server, desk) = tried(way);
        // Two lists, somebody who is made, and then no more for longer than anybody waits.
        server.state().window = Window::new(3, Duration::from_secs(120));
        let hope = "hope@example.com,hope,Hope,Kerr,,Learner,,";
        let before = server.world();
        let (exit, receipt) = desk.push(&ALL, &[EDNA, FINN, KARI, GUS, hope]);
        assert_eq!(exit, 2, "{receipt:#}");
        let now = server.world();
        assert!(!now.contains_key("hope"), "{receipt:#}");

        server.state().window = Window::new(1400, Duration::from_secs(300));
        let (_, receipt) = desk.resume("2");
        let gus = gus(way);
        let ordered: &[Ordered] =
            &[("Gus Orr", "gus", &gus), ("Hope Kerr", "hope", &[("firstname", "Hope")])];
        is_true(&receipt, (&before, &server.world()), ordered);
        let told = words(&receipt);
        assert_eq!(word(&told, "Gus Orr"), "done", "{receipt:#}");
        let well: &[&str] = if way.lists_late { &["done", "unknown"] } else { &["done"] };
        assert!(well.contains(&word(&told, "Hope Kerr")), "{receipt:#}");
    });
}

#[test]
fn edapp_what_cannot_be_taken_back_is_named() {
    each(&Switches::ways(), |way| {
        let (server, desk) = opened(way);
        let edna = EDNA.replace("Sales", "Sales; Night shift");
        let (_, receipt) = desk.push(&ALL, &[&edna, FINN, KARI]);
        assert_eq!(word(&words(&receipt), "Edna Moss"), "done", "{receipt:#}");
        let before = server.world();
        let (exit, back) = desk.outbox("undo", &receipt);
        assert_eq!((exit, server.world()), (1, before), "{back:#}");
        assert_eq!(word(&words(&back), "Edna Moss"), "refused", "{back:#}");
    });
}
