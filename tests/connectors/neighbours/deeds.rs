//! What the pushes of these tests are to do, and whether what is told of it is so.

use std::collections::BTreeMap;
use std::ffi::OsStr;

use muster_engine::push::WAS_SO;
use serde_json::Value;

use super::lms::Lms;
use super::people::{Held, Person};
use super::world::World;
use crate::command::{list, text};

/// What becomes of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Somebody is new.
    Makes,
    /// Somebody has another last name; in EdApp, which takes none, another group.
    Changes,
    Suspends,
    Deletes,
}

pub const DEEDS: [Deed; 4] = [Deed::Makes, Deed::Changes, Deed::Suspends, Deed::Deletes];
/// Who is there before.
pub const THERE: [&str; 3] = ["edna", "ned", "sue"];
/// Who is made once where a way is tried with one person first.
pub const TRIED_WITH: &str = "tess";
pub const PASSWORD: &str = "Secret-12";
pub const TOKEN: &str = "T0ken-of-the-tests";

impl Deed {
    pub fn who(self) -> &'static str {
        match self {
            Deed::Makes => "gus",
            Deed::Changes => "edna",
            Deed::Suspends => "ned",
            Deed::Deletes => "sue",
        }
    }

    /// Somebody as they are to be; nobody where they are to be gone.
    pub fn wanted(self, lms: Lms, before: &Held) -> Option<Person> {
        let mut person = match self {
            Deed::Makes => Person::named("gus"),
            _ => before.by_login(self.who()).expect("there").clone(),
        };
        match self {
            Deed::Makes => {}
            Deed::Changes if lms == Lms::EdApp => person.groups.push("Red".to_owned()),
            Deed::Changes => "Lo".clone_into(&mut person.last),
            Deed::Suspends => person.is_active = false,
            Deed::Deletes => return None,
        }
        Some(person)
    }

    fn options(self) -> &'static [&'static str] {
        match self {
            Deed::Deletes => &["--policy", "missing=delete", "--release", "delete=1"],
            _ => &[],
        }
    }
}

impl Lms {
    /// Why no push can do something, in words that Muster or the file of this LMS has for it.
    pub fn lacks(self, deed: Deed) -> Option<&'static str> {
        match (self, deed) {
            (Lms::EdApp | Lms::Kolibri, Deed::Suspends) => Some("no column says who is active"),
            (Lms::EdApp | Lms::SafetyCulture, Deed::Deletes) => Some("`missing=delete`"),
            _ => None,
        }
    }

    /// Sends by a way that is tried with one person first.
    pub fn is_untried(self) -> bool {
        use muster_engine::profile::connector::connector;
        connector(self.connector()).is_none_or(|connector| connector.proved.is_none())
    }
}

/// How a command ended that sends.
#[derive(Debug)]
pub struct Ran {
    pub exit: i32,
    /// All that it said.
    pub said: String,
    /// Its receipt; none where nothing was frozen.
    pub receipt: Value,
}

impl Ran {
    pub fn of((exit, said): (i32, String)) -> Ran {
        let json = said.find('{').map(|at| &said[at..]);
        let json =
            json.and_then(|json| serde_json::Deserializer::from_str(json).into_iter().next());
        let receipt = json.and_then(Result::ok).unwrap_or_default();
        Ran { exit, said, receipt }
    }

    /// What the receipt says of somebody: the word, and why.
    pub fn of_person(&self, name: &str) -> (&str, &str) {
        let person = list(&self.receipt, "people").find(|person| person["name"] == name);
        let person = person.unwrap_or_else(|| panic!("{name} is not in {}", self.said));
        (text(person, "outcome"), text(person, "why"))
    }
}

impl World {
    /// Before an LMS with three people, sent to as often as that way wants it to be tried.
    pub fn of_three(lms: Lms) -> World {
        use super::server::Fault;
        let world = World::with(lms, Fault::None, TOKEN, &THERE);
        if lms.is_untried() {
            let [first, _] = world.lists(&[], &world.server.held());
            let tess = lms.row(&Person::named(TRIED_WITH), PASSWORD);
            let (exit, said) = world.push_lists(&first, &format!("{first}{tess}\n"), &[]);
            assert_eq!(exit, 0, "{lms:?}: {said}");
        }
        world
    }

    /// The roster as it is before, and as it is after some deeds.
    pub fn lists(&self, deeds: &[Deed], before: &Held) -> [String; 2] {
        let lms = self.server.lms;
        let known = before.people.iter().filter(|person| person.login != TRIED_WITH);
        let mut rows: Vec<(String, String)> =
            known.map(|person| (person.login.clone(), lms.row(person, ""))).collect();
        let told = |rows: &[(String, String)]| {
            let rows = rows.iter().map(|(_, row)| row.as_str());
            [lms.header()].into_iter().chain(rows).map(|row| format!("{row}\n")).collect::<String>()
        };
        let first = told(&rows);
        for deed in deeds {
            let Some(person) = deed.wanted(lms, before) else {
                rows.retain(|(login, _)| login != deed.who());
                continue;
            };
            let password = if *deed == Deed::Makes { PASSWORD } else { "" };
            let row = lms.row(&person, password);
            match rows.iter_mut().find(|(login, _)| login == deed.who()) {
                Some(old) => old.1 = row,
                None => rows.push((person.login, row)),
            }
        }
        [first, told(&rows)]
    }

    /// Pushes what was planned when the LMS held `before`.
    pub fn sends(&self, deeds: &[Deed], before: &Held, more: &[&str]) -> Ran {
        let [first, then] = self.lists(deeds, before);
        let options = deeds.iter().flat_map(|deed| deed.options());
        let options = options.chain(more).chain(&["--format", "json"]);
        let options: Vec<&dyn AsRef<OsStr>> = options.map(|word| word as _).collect();
        Ran::of(self.push_lists(&first, &then, &options))
    }

    /// Goes on with a push of the outbox, or takes it back.
    pub fn outbox(&self, words: &[&str]) -> Ran {
        let words = ["outbox"].iter().chain(words).chain(&["--format", "json"]);
        let words: Vec<&dyn AsRef<OsStr>> = words.map(|word| word as _).collect();
        Ran::of(self.muster.try_to(&words))
    }

    /// What a receipt says of each person is so, and the exit code is what `docs/command-line.md` has for it.
    pub fn is_true(&self, ran: &Ran, deeds: &[Deed], before: &Held) {
        let (lms, held) = (self.server.lms, self.server.held());
        let codes = codes();
        let mut highest = 0;
        let state = text(&ran.receipt, "state");
        let is_through = matches!(state, "sent" | "partly" | "failed");
        for deed in deeds {
            let wanted = deed.wanted(lms, before);
            let named = match &wanted {
                Some(person) => person.name(),
                None => before.by_login(deed.who()).expect("there").name(),
            };
            let (word, why) = ran.of_person(&named);
            let is_there = match &wanted {
                Some(wanted) => held.by_login(&wanted.login).is_some_and(|is| is.is_like(wanted)),
                None => held.by_login(deed.who()).is_none(),
            };
            let about = || format!("{lms:?} {deed:?}: {word}, {why}: {held:#?} {}", ran.said);
            // Whom nobody can look at is done by the LMS's word for it.
            let is_seen = lms.reads();
            let code = match word {
                "done" if why.is_empty() || why == WAS_SO => {
                    assert!(is_there || !is_seen, "{}", about());
                    0
                }
                "done" => 1,
                "refused" | "left_out" | "ignored" | "by_hand" | "not_chosen" => {
                    assert!(!is_there, "{}", about());
                    let is_of_plan = matches!(word, "ignored" | "not_chosen");
                    let is_planned = word == "by_hand" && is_planned(ran, &named);
                    i32::from(!(is_of_plan || is_planned))
                }
                "unknown" => 1,
                "waiting" => {
                    assert!(!is_through, "{}", about());
                    continue;
                }
                other => panic!("`{other}` is none of the words: {}", about()),
            };
            assert!(codes[word].contains(&code), "{word} does not give {code}: {}", about());
            highest = highest.max(code);
        }
        match is_through {
            true => assert_eq!(ran.exit, highest, "{lms:?}: {}", ran.said),
            false => assert!([2, 3].contains(&ran.exit), "{lms:?}: {} {}", ran.exit, ran.said),
        }
        assert_eq!(held.twice(), Vec::<&str>::new(), "{lms:?}: {}", ran.said);
    }
}

/// Whether the plan said of somebody that all is done by hand; else the LMS did not take it.
fn is_planned(ran: &Ran, name: &str) -> bool {
    ran.receipt["proof"]["by_hand"].as_array().is_none_or(|all| {
        !all.iter().any(|one| one.as_str().is_some_and(|one| one.starts_with(name)))
    })
}

/// The exit codes that each word may give, as `docs/command-line.md` says.
pub fn codes() -> BTreeMap<String, Vec<i32>> {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/command-line.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let (_, table) = page.split_once("| in words | `people[].outcome` |").expect("the table");
    let mut all = BTreeMap::new();
    for row in table.lines().skip(2).take_while(|line| line.starts_with('|')) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let words = cells[1].split(',').map(|word| word.trim().trim_matches('`'));
        let codes = cells[3].split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok());
        let codes: Vec<i32> = codes.collect();
        all.extend(words.map(|word| (word.to_owned(), codes.clone())));
    }
    assert!(all.len() >= 7, "{all:?}");
    all
}
