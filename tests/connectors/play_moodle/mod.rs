//! A Moodle that is played: `webservice/rest/server.php` as a real one was seen to answer, 4.5.6 and in part 4.2.3, with
//! its people, cohorts and mails in memory. What was not seen but read in Moodle's source says so at its place.
//!
//! It was written from what was seen alone, by somebody who had not read the connector. `make moodle` puts a real one in its
//! place (`real`): the same people are put into that, and the calls go through to it. Each is carried out by this one too, and
//! what both say and hold is `compared`.

mod answers;
mod asked;
mod changing;
mod cohorts;
mod compared;
mod form;
mod http;
mod reading;
mod real;
mod settings;
mod shapes;
mod state;
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use real::Real;
pub use settings::{Fault, Settings, Token, Version};
pub use state::{Call, Mail, Person, State};

/// The token that it lets in.
pub const TOKEN: &str = "0815c0ffee0815c0ffee0815c0ffee08";
const PATH: &str = "/webservice/rest/server.php";

const FUNCTIONS: [&str; 10] = [
    "core_webservice_get_site_info",
    "core_user_get_users",
    "core_user_get_users_by_field",
    "core_user_create_users",
    "core_user_update_users",
    "core_user_delete_users",
    "core_cohort_get_cohorts",
    "core_cohort_get_cohort_members",
    "core_cohort_add_cohort_members",
    "core_cohort_delete_cohort_members",
];

pub struct Moodle {
    pub port: u16,
    state: Arc<Mutex<State>>,
}

impl Moodle {
    /// One with a guest, an administrator and an account for tokens, three cohorts, and nobody else.
    pub fn start() -> Moodle {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let mut state = State::new();
        state.real = Real::take().map(Arc::new);
        let state = Arc::new(Mutex::new(state));
        http::serve(listener, state.clone());
        Moodle { port, state }
    }

    /// How the connector is addressed.
    pub fn address(&self) -> String {
        format!("moodle+http://127.0.0.1:{}/", self.port)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    pub fn token(self, token: Token) -> Moodle {
        self.with(|settings| settings.token = token)
    }

    pub fn version(self, version: Version) -> Moodle {
        if version != Version::V4_5 {
            self.plays(version.release());
        }
        self.with(|settings| settings.version = version)
    }

    /// Goes on without the real one, where there is one: it is none of this kind.
    fn plays(&self, what: &str) {
        let mut state = self.state();
        if state.real.take().is_some() {
            println!("played only: {what}");
        }
    }

    /// A service without this function.
    pub fn without_function(self, function: &str) -> Moodle {
        self.with(|settings| assert!(settings.functions.remove(function), "{function}"))
    }

    /// A token whose role lacks this capability.
    pub fn lacks(self, capability: &'static str) -> Moodle {
        self.with(|settings| {
            settings.lacks.insert(capability);
        })
    }

    /// What every person costs who is told of; a real one took 3.3 to 4 ms.
    pub fn costs(self, each: Duration) -> Moodle {
        self.with(|settings| settings.cost = each)
    }

    pub fn with(self, set: impl FnOnce(&mut Settings)) -> Moodle {
        self.change(|state| set(&mut state.settings));
        self
    }

    pub fn people(self, count: usize) -> Moodle {
        self.change(|state| state.add_people(count));
        self
    }

    /// Something happens to it that Muster has no part in.
    pub fn change(&self, happens: impl FnOnce(&mut State)) {
        let mut state = self.state();
        state.read();
        happens(&mut state);
        let words = state.people.iter().map(|person| person["password"].to_owned());
        let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
        state.passwords_known.extend(words);
        state.is_ahead = true;
    }

    /// What is there now, also in a real one.
    fn now(&self) -> MutexGuard<'_, State> {
        let mut state = self.state();
        state.put();
        state.read();
        state
    }

    /// What becomes of the next call of a function, after so many that go well.
    pub fn fault_after(&self, function: &str, well: usize, fault: Fault) {
        assert!(FUNCTIONS.contains(&function), "{function}");
        self.change(|state| state.faults.push((function.to_owned(), well, fault)));
    }

    pub fn lose_answer_after(&self, function: &str, well: usize) {
        self.fault_after(function, well, Fault::LoseAnswer);
    }

    /// Everybody who is not deleted, by username.
    pub fn users(&self) -> BTreeMap<String, Person> {
        let state = self.now();
        let people: Vec<&Person> = state.people.iter().filter(|person| !person.deleted).collect();
        let users: BTreeMap<String, Person> = people
            .iter()
            .map(|person| (person["username"].to_owned(), (*person).clone()))
            .collect();
        assert_eq!(users.len(), people.len(), "nobody is there twice");
        users
    }

    /// The usernames of those in a cohort, by its number.
    pub fn cohort(&self, idnumber: &str) -> BTreeSet<String> {
        let state = self.now();
        let mut cohorts = state.cohorts.iter();
        let cohort = cohorts.find(|cohort| cohort.idnumber.as_deref() == Some(idnumber));
        let members = &cohort.unwrap_or_else(|| panic!("no cohort {idnumber}")).members;
        let people = members.iter().filter_map(|id| state.by_id(*id));
        people.map(|person| person["username"].to_owned()).collect()
    }

    /// What it was asked, in order.
    pub fn calls(&self) -> Vec<Call> {
        self.state().calls.clone()
    }

    pub fn mails(&self) -> Vec<Mail> {
        self.now().mails.clone()
    }
}

impl Drop for Moodle {
    fn drop(&mut self) {
        let mut state = self.state();
        // Whoever has the real one next has it when the last call is through.
        state.real = None;
        let differences = std::mem::take(&mut state.differences);
        drop(state);
        if !differences.is_empty() && !std::thread::panicking() {
            panic!("the real Moodle is not as it is played: {}", differences.join("\n"));
        }
    }
}
