//! Pushes to the played SafetyCulture.

use std::time::Duration;

use super::Desk;
use crate::play_safetyculture::{Call, SafetyCulture, Switches, TOKEN};
use crate::strict::switches::each;
use crate::strict::told::{Ordered, is_true, word, words};
use crate::strict::window::Window;

const HEADER: &str = "User ID,Email,First name,Last name,Status,Password,Groups,Sites";
const LEA: &str = "user_1,lea@example.com,Lea,Holm,active,,Nurses,";
const MAX: &str = "user_2,max@example.com,Max,Ulm,active,,Night shift,";
/// Whose groups say too which ones the last export knew.
const PER: &str = "user_3,per@example.com,Per,Dahl,deactivated,,\"Nowhere,Twins\",";
const ALL: [&str; 3] = [LEA, MAX, PER];

/// One with three people.
fn opened(way: Switches) -> (SafetyCulture, Desk) {
    let server = SafetyCulture::start(way);
    let desk = Desk::new("safetyculture", server.address(), TOKEN, HEADER);
    fill(&server);
    // What it allows in a minute is tried by itself.
    server.state().windows.get_mut(&Call::Start).expect("one").most = 1000;
    (server, desk)
}

/// To which somebody has sent before: the first push is of one person.
fn tried(way: Switches) -> (SafetyCulture, Desk) {
    let (server, desk) = opened(way);
    let tried = LEA.replace("Lea", "Lena");
    let (exit, receipt) = desk.push(&ALL, &[&tried, MAX, PER]);
    assert_eq!((exit, word(&words(&receipt), "Lena Holm")), (0, "done"), "{receipt:#}");
    fill(&server);
    (server, desk)
}

fn fill(server: &SafetyCulture) {
    let mut state = server.state();
    state.people.clear();
    state.person("lea@example.com", ("Lea", "Holm"), &["Nurses"]);
    state.person("max@example.com", ("Max", "Ulm"), &["Night shift"]);
    state.person("per@example.com", ("Per", "Dahl"), &[]).is_active = false;
}

#[test]
fn safetyculture_a_month_is_told_as_it_is_and_done_once() {
    each(&Switches::ways(), |way| {
        let (server, desk) = tried(way);
        let after = [
            "user_1,lea@example.com,Lea,Holm-Dahl,active,,\"Nurses,Night shift\",Oslo",
            "user_2,max@example.com,Max,Ulm,deactivated,,Night shift,",
            "user_3,per@example.com,Per,Dahl,active,,\"Nowhere,Twins\",",
            ",Nia@example.com,Nia,Roy,active,Secret-12!,Nurses,Oslo",
            ",ola@example.com,Ola,Vik,active,,Nowhere,",
            ",tea@example.com,Tea,Moe,active,,Twins,",
        ];
        let nia = if way.lower_usernames { "nia@example.com" } else { "Nia@example.com" };
        let ordered: &[Ordered] = &[
            (
                "Lea Holm-Dahl",
                "lea@example.com",
                &[
                    ("first_name", "Lea"),
                    ("last_name", "Holm-Dahl"),
                    ("groups", "Night shift,Nurses"),
                    ("sites", "Oslo"),
                ],
            ),
            ("Max Ulm", "max@example.com", &[("status", "deactivated"), ("groups", "Night shift")]),
            ("Per Dahl", "per@example.com", &[("status", "active")]),
            (
                "Nia Roy",
                nia,
                &[
                    ("first_name", "Nia"),
                    ("last_name", "Roy"),
                    ("status", "active"),
                    ("password", "Secret-12!"),
                    ("groups", "Nurses"),
                    ("sites", "Oslo"),
                ],
            ),
            ("Ola Vik", "ola@example.com", &[]),
            ("Tea Moe", "tea@example.com", &[]),
        ];
        let before = server.world();
        let (exit, receipt) = desk.push(&ALL, &after);
        let now = server.world();
        is_true(&receipt, (&before, &now), ordered);
        let told = words(&receipt);
        let told = |name: &str| word(&told, name);
        assert_eq!(exit, 1, "{receipt:#}");
        for name in ["Ola Vik", "Tea Moe"] {
            assert_eq!(told(name), "refused", "{receipt:#}");
        }
        // Nobody can see here whether somebody is back.
        assert_ne!(told("Per Dahl"), "done", "{receipt:#}");
        // Where a warning is told as an error, nobody can tell how it was meant.
        let well = if way.warnings_count { "unknown" } else { "done" };
        assert_eq!((told("Lea Holm-Dahl"), told("Nia Roy")), (well, well), "{receipt:#}");
        let max = if way.short_words { well } else { "refused" };
        assert_eq!(told("Max Ulm"), max, "{receipt:#}");
        let mails = server.state().mails.len();

        // The same again makes nobody a second time, and writes to nobody.
        let (_, again) = desk.push(&ALL, &after);
        is_true(&again, (&now, &server.world()), ordered);
        assert_eq!(server.world(), now, "{again:#}");
        let asked_again = usize::from(way.asks_to_come_back);
        assert_eq!(server.state().mails.len(), mails + asked_again, "{again:#}");
    });
}

#[test]
fn safetyculture_whoever_finds_no_room_any_more_is_not_called_done() {
    each(&Switches::ways(), |way| {
        let (server, desk) = tried(way);
        server.state().seats = 1;
        let after = [
            &LEA.replace("Holm", "Holm-Dahl"),
            MAX,
            PER,
            ",nia@example.com,Nia,Roy,active,,,",
            ",ola@example.com,Ola,Vik,active,,,",
        ];
        let before = server.world();
        let (exit, receipt) = desk.push(&ALL, &after);
        let names = [("first_name", "Nia"), ("last_name", "Roy")];
        let ordered: &[Ordered] = &[
            ("Lea Holm-Dahl", "lea@example.com", &[("last_name", "Holm-Dahl")]),
            ("Nia Roy", "nia@example.com", &names),
            ("Ola Vik", "ola@example.com", &[]),
        ];
        is_true(&receipt, (&before, &server.world()), ordered);
        let told = words(&receipt);
        let named = if way.findings_apart { "unknown" } else { "refused" };
        assert_eq!((exit, word(&told, "Ola Vik")), (1, named), "{receipt:#}");
        assert_eq!(word(&told, "Nia Roy"), "unknown", "{receipt:#}");
    });
}

#[test]
fn safetyculture_what_changes_after_the_validation_is_told_as_a_part() {
    each(&Switches::ways(), |way| {
        let (server, desk) = opened(way);
        server.state().vanishes = Some("Night shift".to_owned());
        let lea = LEA.replace("Holm", "Holm-Dahl").replace("Nurses", "\"Nurses,Night shift\"");
        let before = server.world();
        let (exit, receipt) = desk.push(&ALL, &[&lea, MAX, PER]);
        let ordered: &[Ordered] = &[("Lea Holm-Dahl", "lea@example.com", &[])];
        is_true(&receipt, (&before, &server.world()), ordered);
        // What stops a person as a whole leaves them as they were.
        let (outcome, said) = match way.fatal_groups {
            true => ("refused", "Night shift not found"),
            false => ("unknown", "only a part was carried out: Night shift not found"),
        };
        let told = words(&receipt);
        assert_eq!((exit, word(&told, "Lea Holm-Dahl")), (1, outcome), "{receipt:#}");
        assert!(told["Lea Holm-Dahl"].1.contains(said), "{receipt:#}");
        let changed = server.world()["lea@example.com"]["last_name"] == "Holm-Dahl";
        assert_eq!(changed, !way.fatal_groups, "{receipt:#}");
    });
}

#[test]
fn safetyculture_an_answer_that_is_lost_is_asked_for_and_nothing_is_done_twice() {
    const LOST: [(Call, usize); 3] = [(Call::Start, 0), (Call::Start, 1), (Call::Get, 1)];
    each(&Switches::ways(), |way| {
        let (server, desk) = opened(way);
        for lost in LOST {
            fill(&server);
            server.state().mails.clear();
            server.state().loses = vec![lost];
            let before = server.world();
            let nia = ",nia@example.com,Nia,Roy,active,,Nurses,";
            let (_, receipt) = desk.push(&ALL, &[LEA, MAX, PER, nia]);
            let ordered: &[Ordered] = &[(
                "Nia Roy",
                "nia@example.com",
                &[("last_name", "Roy"), ("status", "active"), ("groups", "Nurses")],
            )];
            is_true(&receipt, (&before, &server.world()), ordered);
            assert!(server.state().mails.len() <= 1, "{receipt:#}");
            // What runs under an id that nobody heard of cannot be asked for.
            let is_unheard = lost == (Call::Start, 1) && way.own_run_id;
            let well = if is_unheard || way.warnings_count { "unknown" } else { "done" };
            assert_eq!(word(&words(&receipt), "Nia Roy"), well, "{lost:?}: {receipt:#}");
        }
    });
}

#[test]
fn safetyculture_no_more_is_asked_for_in_a_minute_than_it_says_that_it_allows() {
    each(&Switches::ways(), |way| {
        let (server, desk) = opened(way);
        let minute = Duration::from_millis(900);
        server.state().windows.insert(Call::Start, Window::new(1, minute));
        let after = [&LEA.replace("Holm", "Holm-Dahl"), MAX, PER];
        let before = server.world();
        let (exit, receipt) = desk.push(&ALL, &after);
        let ordered: &[Ordered] =
            &[("Lea Holm-Dahl", "lea@example.com", &[("last_name", "Holm-Dahl")])];
        is_true(&receipt, (&before, &server.world()), ordered);
        assert_eq!((exit, word(&words(&receipt), "Lea Holm-Dahl")), (0, "done"), "{receipt:#}");
        assert_eq!(server.state().refused_as_too_many, 0);

        // Somebody else has made all the calls of this minute.
        server.state().windows.get_mut(&Call::Start).expect("one").is_late = true;
        let again = [&LEA.replace("Holm", "Holm-Ek"), MAX, PER];
        let (exit, receipt) = desk.push(&after, &again);
        assert_eq!((exit, word(&words(&receipt), "Lea Holm-Ek")), (0, "done"), "{receipt:#}");
        assert_eq!(server.state().refused_as_too_many, 1);
    });
}

#[test]
fn safetyculture_a_job_that_somebody_cancels_is_not_begun_again_and_its_people_wait() {
    each(&Switches::ways(), |way| {
        let (server, desk) = opened(way);
        let after = [&LEA.replace("Holm", "Holm-Dahl"), MAX, PER];
        let before = server.world();
        server.state().cancels = true;
        let (exit, receipt) = desk.push(&ALL, &after);
        assert_eq!(exit, 2, "{receipt:#}");
        assert_eq!(server.world(), before, "{receipt:#}");
        // Whether the token is good was not asked for in this way.
        let calls = server.state().calls.clone();
        assert!(calls.iter().filter(|call| call.starts_with("POST")).count() <= 2, "{calls:?}");

        server.state().cancels = false;
        let (exit, receipt) = desk.resume("1");
        let ordered: &[Ordered] =
            &[("Lea Holm-Dahl", "lea@example.com", &[("last_name", "Holm-Dahl")])];
        is_true(&receipt, (&before, &server.world()), ordered);
        assert_eq!((exit, word(&words(&receipt), "Lea Holm-Dahl")), (0, "done"), "{receipt:#}");
    });
}

#[test]
fn safetyculture_what_is_taken_back_is_told_as_it_is() {
    each(&Switches::ways(), |way| {
        let (server, desk) = tried(way);
        let after = [
            "user_1,lea@example.com,Lea,Holm-Dahl,active,,Night shift,",
            "user_2,max@example.com,Max,Ulm,deactivated,,Night shift,",
            PER,
            ",nia@example.com,Nia,Roy,active,,,",
        ];
        let (_, receipt) = desk.push(&ALL, &after);
        let (exit, back) = desk.outbox("undo", &receipt);
        let now = server.world();
        // Nobody is deleted, and whether whoever was deactivated is back cannot be seen.
        assert!(exit < 2, "{back:#}");
        let told = words(&back);
        assert_eq!(word(&told, "Lea Holm-Dahl"), "done", "{back:#}");
        assert_eq!(now["lea@example.com"]["last_name"], "Holm", "{back:#}");
        assert_eq!(now["lea@example.com"]["groups"], "Nurses", "{back:#}");
        assert_ne!(word(&told, "Max Ulm"), "done", "{back:#}");
        assert_ne!(word(&told, "Nia Roy"), "done", "{back:#}");
    });
}
