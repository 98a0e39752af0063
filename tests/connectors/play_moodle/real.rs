//! A real Moodle in place of the one that is played: `make moodle SOURCE=folder` sets up some, and names them here. What is
//! in it is put there and read by `tests/moodle/site.php`; the calls of Muster go through to it, and what becomes of their
//! answers is still played.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock};
use std::time::Duration;

use serde_json::{Value, json};

use super::TOKEN;
use super::http::{Answer, Request};
use super::state::{Cohort, Mail, Person, State};

/// The addresses of the real ones, if there are any, parted by blanks.
const NAMED: &str = "MUSTER_MOODLE";

/// Those that no test has now.
struct Free {
    sites: Mutex<Vec<String>>,
    one_more: Condvar,
}

/// One that a test has for itself, until this value goes.
#[derive(Debug)]
pub struct Real {
    pub address: String,
}

fn free() -> Option<&'static Free> {
    static FREE: OnceLock<Option<Free>> = OnceLock::new();
    let named = || {
        let sites = std::env::var(NAMED).ok()?.split_whitespace().map(str::to_owned).collect();
        Some(Free { sites: Mutex::new(sites), one_more: Condvar::new() })
    };
    FREE.get_or_init(named).as_ref()
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

impl Real {
    /// None where no real ones are named.
    pub fn take() -> Option<Real> {
        let free = free()?;
        let patience = Duration::from_secs(120);
        let (mut sites, waited) = free
            .one_more
            .wait_timeout_while(locked(&free.sites), patience, |sites| sites.is_empty())
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        assert!(!waited.timed_out(), "this test has more Moodles at a time than there are");
        sites.pop().map(|address| Real { address })
    }

    /// Passes a call on, and answers what the real one said.
    pub fn answer(&self, request: &Request, keeps_host: bool) -> Answer {
        let host = if keeps_host { &request.host } else { &self.address };
        let method = &request.method;
        let told = self.ask(method, &request.address, host, &request.kind, &request.body);
        let (head, body) = told.split_once("\r\n\r\n").unwrap_or((&told, ""));
        let mut lines = head.split("\r\n");
        let mut status = lines.next().unwrap_or_default().splitn(3, ' ').skip(1);
        let code = status.next().and_then(|code| code.parse().ok()).unwrap_or(0);
        let mut answer = Answer::new(code, status.next().unwrap_or_default(), body);
        for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
            if ["content-type", "location", "retry-after"].contains(&name.to_lowercase().as_str()) {
                answer = answer.header(name, value);
            }
        }
        answer
    }

    fn ask(&self, method: &str, path: &str, host: &str, kind: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("the real Moodle answers");
        let head = format!(
            "{method} {path} HTTP/1.0\r\nHost: {host}\r\nConnection: close\r\n\
             Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all((head + body).as_bytes()).expect("asked");
        let mut told = Vec::new();
        stream.read_to_end(&mut told).expect("an answer");
        String::from_utf8_lossy(&told).into_owned()
    }

    /// Makes it hold what a state says.
    pub fn put(&self, state: &State, is_new: bool) {
        let people: Vec<Value> = state.people.iter().map(as_json).collect();
        let cohorts = state.cohorts.iter().map(|cohort| {
            json!({
                "id": cohort.id, "name": cohort.name, "idnumber": cohort.idnumber,
                "members": cohort.members,
            })
        });
        let settings = &state.settings;
        let put = json!({
            "is_new": is_new,
            "next_id": state.next_id,
            "people": people,
            "cohorts": cohorts.collect::<Vec<_>>(),
            "settings": {
                "same_email": settings.same_email,
                "phones_listed": settings.phones_listed,
                "debugging": settings.debugging,
                "services_on": settings.services_on,
                "maintenance": settings.maintenance,
                "closed": settings.closed,
                "wwwroot": settings.wwwroot,
                "not_set_up": settings.not_set_up,
                "policy_not_agreed": settings.policy_not_agreed,
                "cannot_mail": settings.cannot_mail,
                "expired": settings.expired,
                "token_is_gone": settings.token_is_gone,
                "token": TOKEN,
                "own": state.own_id(),
                "functions": settings.functions,
                "capabilities": settings.token.more(),
                "lacks": settings.lacks,
            },
        });
        self.tells(&json!({ "passwords": state.passwords_known, "put": put }));
    }

    /// Reads into a state what it holds.
    pub fn read(&self, state: &mut State) {
        let told = self.tells(&json!({ "passwords": state.passwords_known }));
        state.people = each(&told["people"]).map(person).collect();
        state.cohorts = each(&told["cohorts"]).map(cohort).collect();
        let mails: Vec<Mail> = each(&told["mails"])
            .map(|mail| Mail { to: text(&mail["to"]), password: text(&mail["password"]) })
            .collect();
        // A password that was mailed is known from then on.
        let is_known = mails.iter().all(|mail| state.passwords_known.contains(&mail.password));
        state.passwords_known.extend(mails.iter().map(|mail| mail.password.clone()));
        state.mails = mails;
        state.next_id = told["next_id"].as_u64().expect("a number");
        state.settings.token_is_gone = told["token_is_gone"] == true;
        if !is_known {
            self.read(state);
        }
    }

    fn tells(&self, asked: &Value) -> Value {
        let asked = asked.to_string();
        let host = &self.address;
        let told = self.ask("POST", "/muster-tests", host, "application/json", &asked);
        let json =
            told.split_once("\r\n\r\n").and_then(|(_, body)| serde_json::from_str(body).ok());
        json.unwrap_or_else(|| panic!("{told}"))
    }
}

impl Drop for Real {
    fn drop(&mut self) {
        if let Some(free) = free() {
            locked(&free.sites).push(std::mem::take(&mut self.address));
            free.one_more.notify_one();
        }
    }
}

fn as_json(person: &Person) -> Value {
    json!({
        "id": person.id,
        "values": person.values,
        "custom": person.custom,
        "preferences": person.preferences,
        "suspended": person.suspended,
        "unconfirmed": person.unconfirmed,
        "deleted": person.deleted,
        "site_administrator": person.site_administrator,
        "has_role": person.has_role,
        "last_access": person.last_access,
    })
}

fn person(told: &Value) -> Person {
    let map = |name: &str| {
        let map = told[name].as_object().expect("values");
        map.iter().map(|(name, value)| (name.clone(), text(value))).collect()
    };
    Person {
        id: told["id"].as_u64().expect("a number"),
        values: map("values"),
        custom: map("custom"),
        preferences: map("preferences"),
        suspended: told["suspended"] == true,
        unconfirmed: told["unconfirmed"] == true,
        deleted: told["deleted"] == true,
        site_administrator: told["site_administrator"] == true,
        has_role: told["has_role"] == true,
        last_access: told["last_access"].as_u64().expect("a time"),
    }
}

fn cohort(told: &Value) -> Cohort {
    Cohort {
        id: told["id"].as_u64().expect("a number"),
        name: text(&told["name"]),
        idnumber: told["idnumber"].as_str().map(str::to_owned),
        members: each(&told["members"]).filter_map(Value::as_u64).collect(),
    }
}

fn each(told: &Value) -> impl Iterator<Item = &Value> {
    told.as_array().expect("a list").iter()
}

fn text(told: &Value) -> String {
    told.as_str().expect("a text").to_owned()
}
