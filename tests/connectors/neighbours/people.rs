//! Whom an LMS of these tests has, in no LMS's form: what a push claims is compared with it.

use serde_json::Value;

use super::lms::Lms;

/// Somebody whom an LMS has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    pub id: String,
    pub login: String,
    pub first: String,
    pub last: String,
    pub email: String,
    /// A number that a company gave them, where the LMS keeps one.
    pub number: String,
    pub is_active: bool,
    pub groups: Vec<String>,
}

/// By login: first and last name, and the number.
const NAMES: [(&str, &str, &str, &str); 7] = [
    ("edna", "Edna", "Moss", "E-1"),
    ("ned", "Ned", "Ash", "E-2"),
    ("gus", "Gus", "Orr", "E-3"),
    ("sue", "Sue", "Fox", "E-4"),
    ("gil", "Gil", "Roy", "E-5"),
    ("ida", "Ida", "Lee", "E-6"),
    ("tess", "Tess", "Try", "E-7"),
];

impl Person {
    /// One of those who are invented here, as a roster has them.
    pub fn named(login: &str) -> Person {
        let (login, first, last, number) =
            NAMES.into_iter().find(|(named, ..)| *named == login).expect("somebody invented here");
        Person {
            login: login.to_owned(),
            first: first.to_owned(),
            last: last.to_owned(),
            email: format!("{login}@example.com"),
            number: number.to_owned(),
            is_active: true,
            ..Person::default()
        }
    }

    pub fn name(&self) -> String {
        format!("{} {}", self.first, self.last)
    }

    /// Whether both are the same to whoever looks, whatever their ids.
    pub fn is_like(&self, other: &Person) -> bool {
        let seen = |one: &Person| {
            let Person { login, first, last, is_active, groups, .. } = one.clone();
            (login, first, last, is_active, groups)
        };
        seen(self) == seen(other)
    }
}

/// All that an LMS holds.
#[derive(Debug, Clone, Default)]
pub struct Held {
    pub people: Vec<Person>,
    /// Versions of people are told, and a change may name the one that it is of.
    pub tells_versions: bool,
    /// It says that nobody can change last names.
    pub locks_names: bool,
    /// What was handed over to be done later.
    pub jobs: Vec<Value>,
    made: usize,
}

impl Held {
    pub fn new(lms: Lms, logins: &[&str]) -> Held {
        let mut held = Held::default();
        for login in logins {
            let mut person = Person::named(login);
            if lms == Lms::Kolibri && *login == "edna" {
                person.groups.push("Red".to_owned());
            }
            held.add(lms, person);
        }
        held
    }

    /// With an id that the LMS gives.
    pub fn add(&mut self, lms: Lms, mut person: Person) -> Person {
        self.made += 1;
        let n = self.made;
        person.id = match lms {
            Lms::Kolibri => format!("{n}123456789abcdef0123456789abcdef"),
            Lms::Moodle => (n + 6).to_string(),
            _ => format!("u{n}"),
        };
        self.people.push(person.clone());
        person
    }

    pub fn by_login(&self, login: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.login.eq_ignore_ascii_case(login))
    }

    pub fn by_id(&mut self, id: &str) -> Option<&mut Person> {
        self.people.iter_mut().find(|person| person.id == id)
    }

    /// Whoever is there is changed.
    pub fn edit(&mut self, login: &str, change: impl FnOnce(&mut Person)) {
        change(self.people.iter_mut().find(|person| person.login == login).expect("there"));
    }

    pub fn remove(&mut self, login: &str) {
        self.people.retain(|person| person.login != login);
    }

    /// Logins that are there more than once.
    pub fn twice(&self) -> Vec<&str> {
        let logins = || self.people.iter().map(|person| person.login.as_str());
        logins().filter(|login| logins().filter(|other| other == login).count() > 1).collect()
    }
}
