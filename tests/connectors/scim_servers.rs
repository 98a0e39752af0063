//! SCIM services that deviate from each other, each on a free port of this machine.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::kolibri_server::free_port;
use crate::play_gateway::{self, Calls, Kind};
use crate::servers::{Process, named};

/// What every SCIM service of these tests lets in.
pub const TOKEN: &str = "token-of-the-tests-0815";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Somebody's values by the name of the column.
pub type Person = BTreeMap<&'static str, String>;

pub const COLUMNS: [&str; 13] = [
    "userName",
    "externalId",
    "name.givenName",
    "name.familyName",
    "emails",
    "phoneNumbers",
    "title",
    "addresses.locality",
    "active",
    "employeeNumber",
    "department",
    "manager",
    "groups",
];

/// A SCIM service.
pub struct Service {
    pub name: &'static str,
    pub port: u16,
    /// Where it begins.
    root: &'static str,
    /// It tells all to a search, whatever it makes of an address; and says of an address which is for work.
    searches: bool,
    _process: Option<Process>,
    _folder: Option<TempDir>,
}

impl Service {
    /// Every service of these tests: strict with everything, lax with little, and strict with nothing beyond the least.
    pub fn all() -> [Service; 3] {
        [Service::scim2(), Service::scimmy(), Service::plain()]
    }

    pub fn scim2() -> Service {
        let port = free_port();
        let mut command = scim2_server(port);
        let process = Process::start(&mut command, port);
        Service::searching("scim2-server", port, process, None)
    }

    /// The same server, which offers nothing that the standard leaves open.
    pub fn plain() -> Service {
        let folder = tempfile::tempdir().expect("a folder");
        let config = folder.path().join("config.json");
        let none = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
            "patch": { "supported": false },
            "bulk": { "supported": false, "maxOperations": 0, "maxPayloadSize": 0 },
            "filter": { "supported": false, "maxResults": 50 },
            "changePassword": { "supported": true },
            "sort": { "supported": false },
            "etag": { "supported": false },
            "authenticationSchemes": [],
        });
        std::fs::write(&config, none.to_string()).expect("written");
        let port = free_port();
        let mut command = scim2_server(port);
        command.arg("--service-provider-config").arg(&config);
        let process = Process::start(&mut command, port);
        Service::searching("scim2-server, plain", port, process, Some(folder))
    }

    pub fn scimmy() -> Service {
        let port = free_port();
        let mut command = Command::new("node");
        command
            .arg(script("scimmy.mjs"))
            .arg(named("MUSTER_SCIMMY"))
            .arg(port.to_string())
            .arg(TOKEN);
        let process = Process::start(&mut command, port);
        Service::searching("scimmy", port, process, None)
    }

    /// Canaille 0.3.6, unpatched: a `count` in an address is a fault of it, it requires what others leave open, and tells
    /// the members of a group by their user names.
    pub fn canaille() -> Service {
        let port = free_port();
        let mut command = Command::new(named("MUSTER_CANAILLE"));
        command.arg(script("scim_canaille.py")).arg(port.to_string()).arg(TOKEN);
        let process = Process::start(&mut command, port);
        Service::plainly("canaille", port, Some(process), None)
    }

    /// django-scim2 0.23.0 with its own adapters, in a Django that has nothing else.
    pub fn django() -> Service {
        let folder = tempfile::tempdir().expect("a folder");
        let port = free_port();
        let mut command = Command::new(named("MUSTER_DJANGO_SCIM2"));
        command.arg(script("scim_django/server.py")).arg(port.to_string()).arg(TOKEN);
        command.arg(folder.path().join("people.sqlite3")).env("PYTHONDONTWRITEBYTECODE", "1");
        let process = Process::start(&mut command, port);
        Service::plainly("django-scim2", port, Some(process), Some(folder))
    }

    /// scimgateway, played; and what it is asked.
    pub fn gateway() -> (Service, Calls) {
        Service::gateway_of(Kind::Real)
    }

    /// The same, which differs from it so.
    pub fn gateway_of(kind: Kind) -> (Service, Calls) {
        let (port, calls) = play_gateway::serve(kind);
        (Service::plainly("scimgateway", port, None, None), calls)
    }

    fn searching(
        name: &'static str,
        port: u16,
        process: Process,
        folder: Option<TempDir>,
    ) -> Service {
        Service {
            root: "/v2",
            searches: true,
            ..Service::plainly(name, port, Some(process), folder)
        }
    }

    /// One at a port, which is asked page by page.
    pub fn plainly(
        name: &'static str,
        port: u16,
        process: Option<Process>,
        folder: Option<TempDir>,
    ) -> Service {
        let root = "/scim/v2";
        Service { name, port, root, searches: false, _process: process, _folder: folder }
    }

    pub fn address(&self) -> String {
        format!("scim+http://127.0.0.1:{}{}", self.port, self.root)
    }

    /// Asks the service itself, not by way of Muster. An answer that was cut off is asked for again; whoever was made
    /// meanwhile is not made twice.
    pub fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        for tried in 1.. {
            let cut = match self.answer(method, path, body) {
                Ok(answer) => return answer,
                Err(cut) => cut,
            };
            assert!(tried < 5, "{method} {path}: {cut}");
            // It may still be at it.
            sleep(Duration::from_millis(200 * tried));
            if let Some(there) = body.filter(|_| method == "POST").and_then(|b| self.made(path, b))
            {
                return there;
            }
        }
        unreachable!("it ends by an answer or a failure")
    }

    /// What came of making something, where it is there.
    fn made(&self, kind: &str, wanted: &Value) -> Option<Value> {
        let name = match kind {
            "Users" => "userName",
            "Groups" => "displayName",
            _ => return None,
        };
        self.all_of(kind).into_iter().find(|one| one[name] == wanted[name])
    }

    /// Asks once; fails where the answer does not come, or not whole.
    fn answer(&self, method: &str, path: &str, body: Option<&Value>) -> std::io::Result<Value> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        let head = format!(
            "{method} {}/{path} HTTP/1.0\r\nHost: 127.0.0.1:{}\r\nAuthorization: Bearer {TOKEN}\r\n\
             Content-Type: application/scim+json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.root,
            self.port,
            body.len()
        );
        let mut answer = Vec::new();
        // Under load a server closes what it has answered before all was read; what came by then counts.
        let ended =
            stream.write_all((head + &body).as_bytes()).and(stream.read_to_end(&mut answer));
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = match whole(&answer, ended.is_ok()) {
            Some(parts) => parts,
            None => return Err(ended.err().unwrap_or(ErrorKind::UnexpectedEof.into())),
        };
        let status = head.split(' ').nth(1).unwrap_or_default();
        assert!(status.starts_with('2'), "{method} {path}: {answer}");
        Ok(if body.is_empty() { Value::Null } else { serde_json::from_str(body).expect("JSON") })
    }

    /// Makes somebody of the service's own; answers with their id.
    pub fn make(&self, kind: &str, resource: &Value) -> String {
        let made = self.ask("POST", kind, Some(resource));
        made["id"].as_str().expect("an id").to_owned()
    }

    /// Everything of a kind. Not every service reads what an address says about pages, but all read it here.
    pub fn all_of(&self, kind: &str) -> Vec<Value> {
        let mut all: Vec<Value> = Vec::new();
        loop {
            let body = json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
                "startIndex": all.len() + 1, "count": 1000,
            });
            let page = match self.searches {
                true => self.ask("POST", &format!("{kind}/.search"), Some(&body)),
                false => self.ask("GET", &format!("{kind}?startIndex={}", all.len() + 1), None),
            };
            let before = all.len();
            all.extend(page["Resources"].as_array().into_iter().flatten().cloned());
            let total = page["totalResults"].as_u64().expect("a number");
            if all.len() as u64 >= total {
                return all;
            }
            assert!(all.len() > before, "{}: {before} of {total} {kind}", self.name);
        }
    }

    /// Everybody whom the service has, by user name.
    pub fn people(&self) -> BTreeMap<String, Person> {
        let (users, groups) = (self.all_of("Users"), self.all_of("Groups"));
        let login = |id: &Value| {
            let found = users.iter().find(|user| user["id"] == *id);
            found.map_or(String::new(), |user| string(&user["userName"]))
        };
        let person = |user: &Value| -> Person {
            let mut of: Vec<String> = groups
                .iter()
                .filter(|group| {
                    let has = |of: &Value, id: &Value| {
                        of.as_array().is_some_and(|all| all.iter().any(|m| m["value"] == *id))
                    };
                    has(&group["members"], &user["id"])
                        || !self.searches && has(&user["groups"], &group["id"])
                })
                .map(|group| string(&group["displayName"]))
                .collect();
            of.sort();
            let work = |name: &str, part: &str| {
                let all = user[name].as_array().map(Vec::as_slice).unwrap_or_default();
                let one = all.iter().find(|one| one["type"] == "work");
                let one = one.or(all.first().filter(|_| !self.searches));
                one.map_or(String::new(), |one| string(&one[part]))
            };
            let more = &user[ENTERPRISE];
            let values = [
                string(&user["userName"]),
                string(&user["externalId"]),
                string(&user["name"]["givenName"]),
                string(&user["name"]["familyName"]),
                work("emails", "value"),
                work("phoneNumbers", "value"),
                string(&user["title"]),
                work("addresses", "locality"),
                (user["active"] != false).to_string(),
                string(&more["employeeNumber"]),
                string(&more["department"]),
                login(&more["manager"]["value"]),
                of.join("; "),
            ];
            COLUMNS.into_iter().zip(values).collect()
        };
        let everybody = users.iter().map(|user| (string(&user["userName"]), person(user)));
        let people: BTreeMap<String, Person> = everybody.collect();
        assert_eq!(people.len(), users.len(), "{}: nobody is there twice", self.name);
        people
    }
}

/// Head and body of an answer, where all of it came.
fn whole(answer: &str, is_ended: bool) -> Option<(&str, &str)> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    length.map_or(is_ended, |length| body.len() == length).then_some((head, body))
}

fn string(value: &Value) -> String {
    value.as_str().map(str::to_owned).unwrap_or_default()
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/connectors").join(name)
}

fn scim2_server(port: u16) -> Command {
    let mut command = Command::new(named("MUSTER_SCIM2"));
    let port = port.to_string();
    command.args(["--hostname", "127.0.0.1", "--port", &port, "--bearer-token", TOKEN]);
    command
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::sync::{Arc, Mutex};
    use std::thread::spawn;

    use super::*;
    use crate::asked::Asked;

    /// What becomes of the first call, by which somebody is made; all others are answered.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Cut {
        /// It is answered, and the connection is reset in place of closed.
        AfterTheAnswer,
        BeforeTheAnswer,
        WithinTheAnswer,
        BeforeTheCall,
    }

    /// Somebody who is to be made, by a call that stays unread: whoever closes then resets the connection.
    fn unread(stream: &TcpStream) -> Value {
        let mut bytes = [0; 4096];
        loop {
            let count = stream.peek(&mut bytes).expect("a call");
            let call = String::from_utf8_lossy(&bytes[..count]);
            let body = call.split_once("\r\n\r\n").map_or("", |(_, body)| body);
            if let Ok(one) = serde_json::from_str(body) {
                return one;
            }
            sleep(Duration::from_millis(5));
        }
    }

    fn answer(stream: &mut TcpStream, cut: Option<Cut>, people: &mut Vec<Value>) {
        let new = match cut {
            Some(Cut::AfterTheAnswer) => Some(unread(stream)),
            _ => {
                let Some(asked) = Asked::read(stream) else { return };
                let new = serde_json::from_str(&asked.body);
                new.ok().filter(|_| asked.method == "POST")
            }
        };
        if cut == Some(Cut::BeforeTheCall) {
            return;
        }
        let answer = match new {
            Some(mut one) => {
                one["id"] = json!(format!("id-{}", people.len()));
                people.push(one.clone());
                one
            }
            None => json!({ "totalResults": people.len(), "Resources": people }),
        };
        let answer = answer.to_string();
        let mut bytes =
            format!("HTTP/1.0 200 OK\r\nContent-Length: {}\r\n\r\n{answer}", answer.len());
        match cut {
            Some(Cut::BeforeTheAnswer) => return,
            Some(Cut::WithinTheAnswer) => bytes.truncate(bytes.len() - 5),
            _ => {}
        }
        stream.write_all(bytes.as_bytes()).expect("answered");
    }

    /// A service with people in memory that does so to the first call; answers with its port, and whom it has.
    fn cutting(cut: Cut) -> (u16, Arc<Mutex<Vec<Value>>>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let people: Arc<Mutex<Vec<Value>>> = Arc::default();
        let shared = people.clone();
        spawn(move || {
            for (n, mut stream) in listener.incoming().flatten().enumerate() {
                let mut people = shared.lock().expect("nobody panicked");
                answer(&mut stream, Some(cut).filter(|_| n == 0), &mut people);
            }
        });
        (port, people)
    }

    #[test]
    fn what_was_answered_counts_and_nobody_is_made_twice_where_it_was_not() {
        use Cut::*;
        for cut in [AfterTheAnswer, BeforeTheAnswer, WithinTheAnswer, BeforeTheCall] {
            let (port, people) = cutting(cut);
            let service = Service::plainly("cutting", port, None, None);
            for (n, login) in ["ada", "bob"].iter().enumerate() {
                let id = service.make("Users", &json!({ "userName": login }));
                assert_eq!(id, format!("id-{n}"), "{cut:?}");
            }
            let people = people.lock().expect("nobody panicked");
            assert_eq!(people.len(), 2, "{cut:?}: {people:?}");
        }
        // A reset comes where it comes: what had arrived is looked at by itself.
        assert_eq!(
            whole("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", false).map(|p| p.1),
            Some("{}")
        );
        assert_eq!(whole("HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\n{}", true), None);
        assert_eq!(whole("HTTP/1.0 200 OK\r\n\r\n{}", false), None);
        assert_eq!(whole("HTTP/1.0 200 OK\r\n\r\n{}", true).map(|p| p.1), Some("{}"));
        assert_eq!(whole("HTTP/1.0 200", true), None);
    }
}
