//! A small LMS that speaks SCIM, in memory: it keeps people by number, takes equal logins, and can be told to rest, to lie, to
//! forget values, or to take nothing.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::asked::Asked;

/// What it does with a call that would change something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mood {
    #[default]
    Honest,
    /// It takes an hour's rest before it answers anything, and says so.
    Rests,
    /// Whoever is to be made after so many is said to be made, and is not.
    LiesAfter(usize),
    /// Whoever is made is made twice.
    Doubles,
    /// Deleting is said to be done, and is not.
    KeepsWhoIsDeleted,
    /// Titles are passed over.
    ForgetsTitles,
    /// Reading works; what would change something is answered by 503, without a word of when.
    TakesNothing,
    /// The same for one login alone, by 500.
    StumblesOver(&'static str),
    /// It can be read so many more times, then its list is refused.
    ShowsItsListTimes(usize),
    /// Each change takes a while.
    Slow(u64),
}

#[derive(Default)]
struct Held {
    people: Vec<Value>,
    mood: Mood,
    writes: usize,
    lists: usize,
    made: usize,
    /// Whose the token is; nobody's where it is not told.
    me: Option<&'static str>,
}

#[derive(Clone)]
pub struct SmallLms {
    port: u16,
    held: Arc<Mutex<Held>>,
}

impl SmallLms {
    pub fn new(logins: &[&str]) -> SmallLms {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let lms = SmallLms { port, held: Arc::default() };
        for login in logins {
            lms.held().add(&person(login));
        }
        let shared = lms.held.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let held = shared.clone();
                // Whoever called may be gone by now.
                thread::spawn(move || answer(stream, &held));
            }
        });
        lms
    }

    pub fn address(&self) -> String {
        format!("scim+http://127.0.0.1:{}/v2", self.port)
    }

    /// The same place, written otherwise.
    pub fn other_address(&self) -> String {
        format!("scim+http://LOCALHOST:{}/v2/", self.port)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().expect("nobody panicked")
    }

    /// How many calls came that would have changed something.
    pub fn writes(&self) -> usize {
        self.held().writes
    }

    pub fn is(&self, mood: Mood) {
        let mut held = self.held();
        (held.mood, held.lists, held.made) = (mood, 0, 0);
    }

    /// The token is of this person, and `/Me` tells it.
    pub fn lets_in(&self, login: &'static str) {
        self.held().me = Some(login);
    }

    /// Everybody's login, in the order in which they came.
    pub fn logins(&self) -> Vec<String> {
        self.held().people.iter().map(|p| text(&p["userName"])).collect()
    }

    /// Somebody else gives a person another title.
    pub fn is_titled(&self, login: &str, title: &str) {
        let mut held = self.held();
        let found = held.people.iter_mut().find(|p| p["userName"] == login);
        found.expect("there")["title"] = json!(title);
    }

    /// Somebody else makes a person.
    pub fn has_too(&self, login: &str) {
        self.held().add(&person(login));
    }

    /// Somebody else deletes a person.
    pub fn has_no_more(&self, login: &str) {
        self.held().people.retain(|person| person["userName"] != login);
    }

    pub fn titles(&self) -> Vec<String> {
        self.held().people.iter().map(|p| text(&p["title"])).collect()
    }
}

fn person(login: &str) -> Value {
    json!({
        "userName": login, "name": { "givenName": "Given", "familyName": format!("Family {login}") },
        "title": "Cook", "active": true,
    })
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Held {
    fn add(&mut self, person: &Value) -> Value {
        self.made += 1;
        let mut person = person.clone();
        let number = self.people.len() + self.made * 1000;
        person["id"] = json!(format!("id-{number}"));
        self.people.push(person.clone());
        person
    }

    fn place(&self, id: &str) -> Option<usize> {
        self.people.iter().position(|p| p["id"] == id)
    }

    fn answer(&mut self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let parts: Vec<&str> = path.trim_start_matches("/v2/").split('/').collect();
        let not_there = || (404, json!({ "detail": "no such person" }));
        if method != "GET" {
            self.writes += 1;
            if self.mood == Mood::TakesNothing {
                return (503, json!({ "detail": "the database is read-only" }));
            }
        }
        match (method, parts.as_slice()) {
            ("GET", ["ServiceProviderConfig"]) => {
                let no = json!({ "supported": false });
                (
                    200,
                    json!({ "patch": { "supported": true }, "bulk": no, "filter": no, "etag": no }),
                )
            }
            ("GET", ["Groups"]) => (200, json!({ "totalResults": 0, "Resources": [] })),
            ("GET", ["Users"]) => {
                self.lists += 1;
                if let Mood::ShowsItsListTimes(times) = self.mood
                    && self.lists > times
                {
                    return (403, json!({ "detail": "the list is closed" }));
                }
                let number = |name: &str, otherwise: usize| {
                    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
                    let mut found = pairs.filter(|(n, _)| *n == name);
                    found.next().and_then(|(_, n)| n.parse().ok()).unwrap_or(otherwise)
                };
                let (first, count) = (number("startIndex", 1), number("count", 100));
                let page: Vec<&Value> =
                    self.people.iter().skip(first.max(1) - 1).take(count).collect();
                let (total, on_page) = (self.people.len(), page.len());
                (
                    200,
                    json!({
                        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
                        "totalResults": total, "startIndex": first, "itemsPerPage": on_page,
                        "Resources": page,
                    }),
                )
            }
            ("GET", ["Me"]) => {
                let me =
                    self.people.iter().find(|p| Some(text(&p["userName"]).as_str()) == self.me);
                me.map_or_else(not_there, |me| (200, me.clone()))
            }
            ("GET", ["Users", id]) => match self.place(id) {
                Some(at) => (200, self.people[at].clone()),
                None => not_there(),
            },
            ("POST", ["Users"]) => {
                if let Mood::StumblesOver(login) = self.mood
                    && body["userName"] == login
                {
                    return (500, json!({ "detail": "something broke" }));
                }
                if let Mood::LiesAfter(most) = self.mood
                    && self.made >= most
                {
                    let mut made = body.clone();
                    made["id"] = json!("id-of-nobody");
                    return (201, made);
                }
                let mut body = body.clone();
                if self.mood == Mood::ForgetsTitles
                    && let Some(body) = body.as_object_mut()
                {
                    body.remove("title");
                }
                if self.mood == Mood::Doubles {
                    self.add(&body);
                }
                (201, self.add(&body))
            }
            ("PATCH", ["Users", id]) => {
                let Some(at) = self.place(id) else { return not_there() };
                for operation in body["Operations"].as_array().into_iter().flatten() {
                    let path = text(&operation["path"]);
                    if path == "title" && self.mood != Mood::ForgetsTitles {
                        self.people[at]["title"] = operation["value"].clone();
                    } else if path == "active" {
                        self.people[at]["active"] = operation["value"].clone();
                    }
                }
                (200, self.people[at].clone())
            }
            ("DELETE", ["Users", id]) => {
                let Some(at) = self.place(id) else { return not_there() };
                if self.mood != Mood::KeepsWhoIsDeleted {
                    self.people.remove(at);
                }
                (204, Value::Null)
            }
            _ => not_there(),
        }
    }
}

fn answer(mut stream: TcpStream, held: &Mutex<Held>) {
    let Some(Asked { method, path, body, .. }) = Asked::read(&stream) else { return };
    let body = serde_json::from_str(&body).unwrap_or(Value::Null);
    let mut now = held.lock().expect("nobody panicked");
    if let Mood::Slow(millis) = now.mood
        && method != "GET"
    {
        drop(now);
        thread::sleep(Duration::from_millis(millis));
        now = held.lock().expect("nobody panicked");
    }
    let rests = now.mood == Mood::Rests;
    let (status, answer) = match rests {
        true => (503, json!({ "detail": "closed for maintenance" })),
        false => now.answer(&method, &path, &body),
    };
    drop(now);
    let more = if rests { "Retry-After: 3600\r\n" } else { "" };
    let answer = if answer.is_null() { String::new() } else { answer.to_string() };
    let text = format!(
        "HTTP/1.1 {status} As It Is\r\nContent-Type: application/scim+json\r\nContent-Length: {}\r\n\
         Connection: close\r\n{more}\r\n{answer}",
        answer.len()
    );
    let _ = stream.write_all(text.as_bytes());
}
