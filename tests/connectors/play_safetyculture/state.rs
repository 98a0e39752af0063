//! Whom a SafetyCulture has, which jobs there are, and what it was asked.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;

use super::switches::Switches;
use super::validating::Finding;
use crate::strict::told::{Held, World};
use crate::strict::window::Window;

/// What is asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Call {
    Init,
    Start,
    Get,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    pub username: String,
    pub first_name: String,
    pub last_name: String,
    pub is_active: bool,
    pub permission_set: String,
    pub timezone: String,
    pub password: String,
    pub groups: BTreeSet<String>,
    pub sites: BTreeSet<String>,
}

pub struct Job {
    pub id: String,
    /// The records as it has read them, each `{"user": {…}}`.
    pub users: Vec<Value>,
    /// Where it stands, once it has ended.
    pub ended: Option<&'static str>,
    pub is_started: bool,
    pub is_validating: bool,
    pub findings: Vec<Vec<Finding>>,
    /// How often it was asked for since it was started.
    pub asked: usize,
}

pub struct State {
    pub switches: Switches,
    pub people: Vec<Person>,
    /// Names of groups, of which two may be the same.
    pub groups: Vec<String>,
    pub sites: Vec<String>,
    pub permission_sets: Vec<String>,
    /// How many more people there is room for.
    pub seats: usize,
    pub jobs: Vec<Job>,
    pub windows: BTreeMap<Call, Window>,
    /// After so many of a kind, the next one is carried out and its answer is lost.
    pub loses: Vec<(Call, usize)>,
    /// A group that is taken away after the next validation.
    pub vanishes: Option<String>,
    /// Somebody cancels every job as soon as it is started.
    pub cancels: bool,
    /// Whom it mailed.
    pub mails: Vec<String>,
    pub calls: Vec<String>,
    pub refused_as_too_many: usize,
    next: usize,
}

impl State {
    pub fn new(switches: Switches) -> State {
        let window = |call, most| (call, Window::new(most, Duration::from_secs(60)));
        let names = |all: &[&str]| all.iter().map(|name| (*name).to_owned()).collect();
        State {
            switches,
            people: Vec::new(),
            groups: names(&["Nurses", "Night shift", "Twins", "Twins"]),
            sites: names(&["Oslo", "Bergen"]),
            permission_sets: names(&["Administrator", "Standard"]),
            seats: usize::MAX,
            jobs: Vec::new(),
            // [D limits]
            windows: [window(Call::Init, 200), window(Call::Start, 5), window(Call::Get, 200)]
                .into(),
            loses: Vec::new(),
            vanishes: None,
            cancels: false,
            mails: Vec::new(),
            calls: Vec::new(),
            refused_as_too_many: 0,
            next: 0,
        }
    }

    pub fn new_id(&mut self) -> String {
        self.next += 1;
        format!("00000000-0000-4000-8000-{:012}", self.next)
    }

    /// [U] Whether usernames mean the same in any case.
    pub fn find(&self, username: &str) -> Option<usize> {
        let same = |own: &str| match self.switches.lower_usernames {
            true => own.to_lowercase() == username.to_lowercase(),
            false => own == username,
        };
        self.people.iter().position(|person| same(&person.username))
    }

    pub fn person(&mut self, username: &str, names: (&str, &str), groups: &[&str]) -> &mut Person {
        self.people.push(Person {
            username: username.to_owned(),
            first_name: names.0.to_owned(),
            last_name: names.1.to_owned(),
            is_active: true,
            groups: groups.iter().map(|group| (*group).to_owned()).collect(),
            ..Person::default()
        });
        self.people.last_mut().expect("one")
    }

    pub fn world(&self) -> World {
        let world: World =
            self.people.iter().map(|person| (person.username.clone(), person.held())).collect();
        assert_eq!(world.len(), self.people.len(), "nobody is there twice");
        world
    }
}

impl Person {
    fn held(&self) -> Held {
        let list = |all: &BTreeSet<String>| all.iter().cloned().collect::<Vec<_>>().join(",");
        let status = if self.is_active { "active" } else { "deactivated" };
        [
            ("first_name", self.first_name.clone()),
            ("last_name", self.last_name.clone()),
            ("status", status.to_owned()),
            ("permission_set", self.permission_set.clone()),
            ("timezone", self.timezone.clone()),
            ("password", self.password.clone()),
            ("groups", list(&self.groups)),
            ("sites", list(&self.sites)),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }
}
