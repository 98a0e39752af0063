//! Whom a Moodle has, in which cohorts they are, whom it mailed, and what it was asked.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Index;
use std::sync::Arc;

use super::real::Real;
use super::settings::{Fault, Settings};

pub const GUEST: u64 = 1;
pub const ADMINISTRATOR: u64 = 2;
/// The account that a token has which is not the administrator's.
pub const SERVICE_ACCOUNT: u64 = 3;

/// A custom field of people: its short name, its name, and what can be chosen in it, if it is a menu.
pub const CUSTOM_FIELDS: [(&str, &str, &[&str]); 2] =
    [("costcentre", "Cost centre", &[]), ("site", "Site", &["Oslo", "Graz"])];

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    pub id: u64,
    pub values: BTreeMap<String, String>,
    pub custom: BTreeMap<String, String>,
    pub preferences: BTreeMap<String, String>,
    pub suspended: bool,
    pub unconfirmed: bool,
    pub deleted: bool,
    pub site_administrator: bool,
    /// In any course or on the site. The description of whoever has none is not for everybody.
    pub has_role: bool,
    pub last_access: u64,
}

/// What is in a field, and blank where nothing is.
impl Index<&str> for Person {
    type Output = str;

    fn index(&self, field: &str) -> &str {
        self.values.get(field).map(String::as_str).unwrap_or_default()
    }
}

impl Person {
    pub fn set(&mut self, field: &str, value: &str) -> &mut Person {
        self.values.insert(field.to_owned(), value.to_owned());
        self
    }

    /// What Moodle puts into fields of which nothing is said.
    pub fn new(id: u64) -> Person {
        let mut person = Person { id, ..Person::default() };
        person.set("auth", "manual").set("lang", "en").set("timezone", "99");
        person.set("maildisplay", "2").set("mailformat", "1");
        person
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cohort {
    pub id: u64,
    pub name: String,
    pub idnumber: Option<String>,
    pub members: BTreeSet<u64>,
}

/// A password that somebody was mailed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    pub to: String,
    pub password: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub function: String,
    /// Path and query, where no token should stand.
    pub address: String,
    /// What was sent, without the token and what every call has.
    pub fields: Vec<(String, String)>,
}

#[derive(Debug, Clone, Default)]
pub struct State {
    pub settings: Settings,
    pub people: Vec<Person>,
    pub cohorts: Vec<Cohort>,
    pub mails: Vec<Mail>,
    pub calls: Vec<Call>,
    /// The function, how many of its calls go well before, and what becomes of the next one.
    pub faults: Vec<(String, usize, Fault)>,
    /// Numbers of people are not given twice, also not those of a call that was taken back.
    pub next_id: u64,
    pub passwords_made: u64,
    /// The real Moodle that holds all this, where there is one.
    pub real: Option<Arc<Real>>,
    /// It is to be put there before anything else, as it is not what is there.
    pub is_ahead: bool,
    /// Nothing was put there yet, and what others left is to go.
    pub is_new: bool,
    /// Words that passwords were made of, as a real one keeps only what it needs to compare.
    pub passwords_known: BTreeSet<String>,
    /// In what the real one was not as the one that is played.
    pub differences: Vec<String>,
}

impl State {
    pub fn new() -> State {
        let mut guest = Person::new(GUEST);
        guest.set("username", "guest").set("firstname", "Guest user").set("lastname", " ");
        guest.set("email", "root@localhost");
        let mut administrator = Person::new(ADMINISTRATOR);
        administrator.set("username", "admin").set("firstname", "Admin").set("lastname", "User");
        administrator.set("email", "admin@example.com").set("maildisplay", "1");
        administrator.site_administrator = true;
        let mut service = Person::new(SERVICE_ACCOUNT);
        service.set("username", "wsmuster").set("firstname", "Web").set("lastname", "Service");
        service.set("email", "wsmuster@example.com");
        service.has_role = true;
        service.preferences.insert("core_user_welcome".to_owned(), "1".to_owned());
        let people = vec![guest, administrator, service];
        let mut state =
            State { people, next_id: 101, is_ahead: true, is_new: true, ..State::default() };
        state.add_cohort("Safety team", Some("SAFETY"), &[]);
        state.add_cohort("Night shift", Some("NIGHT"), &[]);
        state.add_cohort("An old list", None, &[]);
        state
    }

    /// Puts it into the real Moodle, where there is one.
    pub fn put(&mut self) {
        if let Some(real) = self.real.clone().filter(|_| self.is_ahead) {
            real.put(self, self.is_new);
            (self.is_ahead, self.is_new) = (false, false);
        }
    }

    /// Reads what is in the real Moodle, where there is one.
    pub fn read(&mut self) {
        if let Some(real) = self.real.clone().filter(|_| !self.is_ahead) {
            real.read(self);
        }
    }

    pub fn add_cohort(&mut self, name: &str, idnumber: Option<&str>, members: &[u64]) {
        self.cohorts.push(Cohort {
            id: self.cohorts.len() as u64 + 1,
            name: name.to_owned(),
            idnumber: idnumber.map(str::to_owned),
            members: members.iter().copied().collect(),
        });
    }

    /// So many invented people: every second one in the safety team, every third on the night shift.
    pub fn add_people(&mut self, count: usize) {
        let first = ["Ana", "Bob", "Chinedu", "Dmitri", "Aïcha", "Fatima", "Li"];
        let last = ["Silva", "Ó Súilleabháin", "Adeyemi", "O'Neil", "Fernández", "Tanaka"];
        for n in 0..count {
            let mut person = Person::new(self.next_id);
            self.next_id += 1;
            let username = format!("user{n:03}");
            person.set("email", &format!("{username}@example.com"));
            person.set("username", &username).set("idnumber", &format!("{n:06}"));
            person.set("firstname", first[n % first.len()]).set("lastname", last[n % last.len()]);
            person.set("department", "Ops & Co").set("city", "Zürich").set("country", "DE");
            person.set("timezone", "Europe/Berlin");
            let id = person.id;
            self.people.push(person);
            for (cohort, every) in [(0, 2), (1, 3)] {
                if n % every == 0 {
                    self.cohorts[cohort].members.insert(id);
                }
            }
        }
    }

    /// The account of the token.
    pub fn own_id(&self) -> u64 {
        if self.settings.token.is_administrator() { ADMINISTRATOR } else { SERVICE_ACCOUNT }
    }

    /// Somebody who is not deleted.
    pub fn by_id(&self, id: u64) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id && !person.deleted)
    }

    pub fn by_username(&self, username: &str) -> Option<&Person> {
        self.people.iter().find(|person| person["username"] == *username && !person.deleted)
    }

    /// For changes beside Muster.
    pub fn person(&mut self, username: &str) -> &mut Person {
        let mut people = self.people.iter_mut();
        let found = people.find(|person| person["username"] == *username && !person.deleted);
        found.unwrap_or_else(|| panic!("nobody is called {username}"))
    }

    /// What is to become of this call.
    pub fn fault_of(&mut self, function: &str) -> Option<Fault> {
        let mut due = None;
        for (n, (of, before, fault)) in self.faults.iter_mut().enumerate() {
            if of == function {
                match before.checked_sub(1) {
                    Some(fewer) => *before = fewer,
                    None => due = due.or(Some((n, *fault))),
                }
            }
        }
        let (n, fault) = due?;
        self.faults.remove(n);
        Some(fault)
    }
}
