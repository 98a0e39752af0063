//! scimgateway 6.1.18 with its plugin-loki, played. It is not in every registry of packages, so what it was seen to do is
//! written down here; calls and answers are those of the real one, asked side by side.
//!
//! Somebody's id is their user name and a group's its name. Many calls in one are taken, and of changes of single values only the
//! bare list of operations: the message that goes alone is answered as if it were done, and changes nothing but the
//! version. Who is in a group is told at the group and at the person.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::spawn;

use muster_engine::push::percent_decoded;
use serde_json::{Value, json};

use crate::asked::Asked;
use crate::scim_servers::TOKEN;

const ROOT: &str = "/scim/v2/";

/// A status, and a body where there is one.
type Answer = (u16, Option<Value>);

/// How it differs from the real one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Real,
    /// It takes no calls for many, has not implemented that a title is changed or a member taken out by itself, and passes
    /// over the members of a group that is put back as a whole.
    Narrow,
    /// It takes members out of a group by no way but by naming them, and then takes out all, as the standard has it.
    Empties,
}

struct Gateway {
    kind: Kind,
    /// Users and groups by their ids, each with its version.
    all: BTreeMap<&'static str, BTreeMap<String, (Value, u32)>>,
}

/// The calls that came, as "PATCH Users/ada".
pub type Calls = Arc<Mutex<Vec<String>>>;

/// Serves it until the tests end; answers with its port, and what it is asked.
pub fn serve(kind: Kind) -> (u16, Calls) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("its address").port();
    let gateway = Arc::new(Mutex::new(Gateway { kind, all: BTreeMap::new() }));
    let calls = Calls::default();
    let told = calls.clone();
    spawn(move || {
        for stream in listener.incoming().flatten() {
            let (gateway, calls) = (gateway.clone(), calls.clone());
            // Whoever called may be gone by now.
            spawn(move || answer(stream, &gateway, &calls));
        }
    });
    (port, told)
}

fn answer(mut stream: TcpStream, gateway: &Mutex<Gateway>, calls: &Calls) -> Option<()> {
    let asked = Asked::read(&stream)?;
    let path = asked.path.trim_start_matches(ROOT);
    calls.lock().expect("nobody panicked").push(format!("{} {path}", asked.method));
    let is_let_in = asked.head.contains(&format!("Bearer {TOKEN}\r\n"));
    let (status, body) = match is_let_in {
        true => gateway.lock().expect("nobody panicked").asked(&asked),
        false => (401, None),
    };
    let version = body.as_ref().and_then(|body| body["meta"]["version"].as_str());
    let etag = version.map(|version| format!("ETag: {version}\r\n")).unwrap_or_default();
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    let head = format!(
        "HTTP/1.1 {status} Played\r\nContent-Type: application/scim+json; charset=utf-8\r\n\
         Content-Length: {}\r\n{etag}Connection: close\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).ok()
}

fn no(status: u16, kind: &str, detail: &str) -> Answer {
    let schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"];
    let detail = format!("scimgateway[plugin-loki] {detail}");
    let status_text = status.to_string();
    let body =
        json!({ "schemas": schemas, "scimType": kind, "detail": detail, "status": status_text });
    (status, Some(body))
}

impl Kind {
    /// Whether it can carry out such operations of a `PATCH`.
    fn implements(self, operations: &Value) -> bool {
        let mut all = operations.as_array().into_iter().flatten();
        all.all(|one| {
            let path = one["path"].as_str().unwrap_or_default();
            let is_more = !path.starts_with("members") || one["op"] == "add";
            match self {
                Kind::Real => true,
                Kind::Narrow => path != "title" && is_more,
                Kind::Empties => is_more || (path == "members" && one["op"] == "remove"),
            }
        })
    }
}

impl Gateway {
    fn asked(&mut self, asked: &Asked) -> Answer {
        let (path, parameters) = asked.path.split_once('?').unwrap_or((&asked.path, ""));
        let path = path.strip_prefix(ROOT).unwrap_or_default();
        let body: Value = serde_json::from_str(&asked.body).unwrap_or_default();
        match (asked.method.as_str(), path) {
            ("GET", "ServiceProviderConfig") => (
                200,
                Some(json!({
                    "patch": { "supported": true }, "sort": { "supported": false },
                    "bulk": { "supported": self.kind == Kind::Real, "maxOperations": 1000, "maxPayloadSize": 1_048_576 },
                    "filter": { "supported": true, "maxResults": 200 }, "etag": { "supported": true },
                })),
            ),
            ("POST", "Bulk") => self.bulk(&body),
            (method, path) => {
                let version = asked.head.lines().find_map(|line| {
                    let (name, value) = line.split_once(": ")?;
                    name.eq_ignore_ascii_case("if-match").then(|| value.to_owned())
                });
                let operations = body["Operations"].as_array().cloned().unwrap_or_default();
                let body = if method == "PATCH" { json!(operations) } else { body };
                self.one(method, path, parameters, &body, version.as_deref())
            }
        }
    }

    /// One call; of a `PATCH` the body is the list of operations.
    fn one(
        &mut self,
        method: &str,
        path: &str,
        parameters: &str,
        body: &Value,
        version: Option<&str>,
    ) -> Answer {
        let (kind, id) = path.split_once('/').unwrap_or((path, ""));
        let (kind, name) = match kind {
            "Users" => ("Users", "userName"),
            "Groups" => ("Groups", "displayName"),
            _ => return (404, None),
        };
        let id = percent_decoded(id);
        let there = self.all.entry(kind).or_default();
        if let (Some(wanted), Some((_, is))) = (version, there.get(&id)) {
            let is = format!("W/\"{is}\"");
            if wanted != is {
                let why = format!("ETag If-Match mismatch: {wanted} != {is}");
                return no(412, "invalidSyntax", &why);
            }
        }
        match (method, there.get_mut(&id)) {
            ("GET", None) if id.is_empty() => (200, Some(self.list(kind, name, parameters))),
            ("POST", _) if id.is_empty() => {
                let id = body[name].as_str().unwrap_or_default().to_owned();
                if id.is_empty() {
                    return no(500, "invalidSyntax", "missing mandatory name");
                }
                if there.contains_key(&id) {
                    let why = format!("Duplicate key for property id: {id}");
                    return no(409, "uniqueness", &why);
                }
                let mut one = body.clone();
                one["id"] = json!(id);
                if let Some(one) = one.as_object_mut() {
                    one.remove("password");
                }
                there.insert(id.clone(), (one, 0));
                (201, self.told(kind, &id))
            }
            ("DELETE", None) => no(500, "invalidSyntax", &format!("failed for user id={id}")),
            (_, None) => no(404, "invalidSyntax", &format!("{id} not found")),
            ("GET", Some(_)) => (200, self.told(kind, &id)),
            ("DELETE", Some(_)) => {
                there.remove(&id);
                for (group, _) in self.all.entry("Groups").or_default().values_mut() {
                    leave(group, &id);
                }
                (204, None)
            }
            ("PUT", Some((one, version))) => {
                let members = one["members"].clone();
                *one = body.clone();
                one["id"] = json!(id);
                if kind == "Groups" && (self.kind != Kind::Real || body["members"].is_null()) {
                    one["members"] = members;
                }
                *version += 1;
                (200, self.told(kind, &id))
            }
            ("PATCH", Some(_)) if !self.kind.implements(body) => no(501, "", ""),
            ("PATCH", Some((one, version))) => {
                *version += 1;
                let mut changed = one.clone();
                for operation in body.as_array().into_iter().flatten() {
                    if let Err(why) = self.change(&mut changed, operation) {
                        return no(500, "invalidSyntax", &why);
                    }
                }
                if let Some((one, _)) = self.all.entry(kind).or_default().get_mut(&id) {
                    *one = changed;
                }
                if kind == "Groups" { (204, None) } else { (200, self.told(kind, &id)) }
            }
            _ => (405, None),
        }
    }

    /// Carries out one operation of a `PATCH`.
    fn change(&self, one: &mut Value, operation: &Value) -> Result<(), String> {
        let text = |name: &str| operation[name].as_str().unwrap_or_default();
        let (op, path, value) = (text("op"), text("path"), &operation["value"]);
        if let Some(who) = path.strip_prefix("members[value eq \"") {
            leave(one, who.trim_end_matches("\"]"));
            return Ok(());
        }
        if path == "members" {
            let there = |id: &Value| {
                let id = id.as_str().unwrap_or_default();
                self.all.get("Users").is_some_and(|users| users.contains_key(id))
            };
            let all: Vec<Value> = value.as_array().cloned().unwrap_or_default();
            if op != "add" {
                one["members"] = json!([]);
            }
            if op == "remove" {
                return Ok(());
            }
            if let Some(nobody) = all.iter().find(|member| !there(&member["value"])) {
                return Err(format!("includes none existing users: {}", nobody["value"]));
            }
            let mut members = one["members"].as_array().cloned().unwrap_or_default();
            for member in all {
                if !members.iter().any(|other| other["value"] == member["value"]) {
                    members.push(json!({ "value": member["value"], "display": member["value"] }));
                }
            }
            one["members"] = json!(members);
            return Ok(());
        }
        let (schema, path) = match path.starts_with("urn:") {
            true => path.rsplit_once(':').map_or((None, path), |(s, p)| (Some(s), p)),
            false => (None, path),
        };
        let mut place = match schema {
            Some(schema) => &mut one[schema],
            None => one,
        };
        let (parents, last) = path.rsplit_once('.').map_or((None, path), |(p, l)| (Some(p), l));
        if let Some(parent) = parents {
            place = &mut place[parent];
        }
        match op {
            "remove" => {
                if let Some(place) = place.as_object_mut() {
                    place.remove(last);
                }
            }
            _ => place[last] = value.clone(),
        }
        Ok(())
    }

    fn bulk(&mut self, body: &Value) -> Answer {
        let mut answers = Vec::new();
        for operation in body["Operations"].as_array().into_iter().flatten() {
            let text = |name: &str| operation[name].as_str();
            let (method, path) =
                (text("method").unwrap_or_default(), text("path").unwrap_or_default());
            // What is no list is taken for one operation, of which nothing is understood.
            let data = match (method, &operation["data"]) {
                ("PATCH", data) if !data.is_array() => json!([]),
                (_, data) => data.clone(),
            };
            let (status, body) =
                self.one(method, path.trim_start_matches('/'), "", &data, text("version"));
            let mut answer = json!({
                "method": method, "bulkId": operation["bulkId"], "path": path,
                "status": { "code": status.to_string() },
            });
            match body {
                Some(body) if status >= 400 => answer["response"] = body,
                Some(body) => {
                    answer["location"] = body["meta"]["location"].clone();
                    answer["version"] = body["meta"]["version"].clone();
                }
                None => {}
            }
            answers.push(answer);
        }
        let schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"];
        (200, Some(json!({ "schemas": schemas, "Operations": answers })))
    }

    /// Somebody, or a group, as they are told.
    fn told(&self, kind: &str, id: &str) -> Option<Value> {
        let (one, version) = self.all.get(kind)?.get(id)?;
        let mut one = one.clone();
        let location = format!("http://127.0.0.1/{kind}/{id}");
        one["meta"] = json!({ "version": format!("W/\"{version}\""), "location": location });
        if kind == "Users" {
            let empty = BTreeMap::new();
            let groups = self.all.get("Groups").unwrap_or(&empty).iter();
            let of = groups.filter(|(_, (group, _))| {
                let members = group["members"].as_array();
                members.is_some_and(|all| all.iter().any(|member| member["value"] == id))
            });
            let of: Vec<Value> = of
                .map(|(group, _)| json!({ "value": group, "display": group, "type": "direct" }))
                .collect();
            if !of.is_empty() {
                one["groups"] = json!(of);
            }
        }
        Some(one)
    }

    fn list(&self, kind: &str, name: &str, parameters: &str) -> Value {
        let value = |name: &str| {
            let own = parameters.split('&').filter_map(|pair| pair.split_once('='));
            own.into_iter().find(|(n, _)| *n == name).map(|(_, value)| percent_decoded(value))
        };
        let filter = value("filter");
        let wanted = filter.as_deref().and_then(|f| f.strip_prefix(&format!("{name} eq ")));
        let wanted = wanted.map(|wanted| wanted.trim_matches('"').to_lowercase());
        let ids = self.all.get(kind).map(|all| all.keys().cloned().collect::<Vec<_>>());
        let ids = ids.unwrap_or_default().into_iter();
        let ids: Vec<String> =
            ids.filter(|id| wanted.as_ref().is_none_or(|w| *w == id.to_lowercase())).collect();
        let number = |name: &str| value(name).and_then(|text| text.parse::<usize>().ok());
        let (start, count) = (number("startIndex").unwrap_or(1), number("count").unwrap_or(200));
        let shown = ids.iter().skip(start - 1).take(count);
        let shown: Vec<Value> = shown.filter_map(|id| self.told(kind, id)).collect();
        json!({ "totalResults": ids.len(), "startIndex": start, "itemsPerPage": shown.len(), "Resources": shown })
    }
}

fn leave(group: &mut Value, id: &str) {
    if let Some(members) = group["members"].as_array_mut() {
        members.retain(|member| member["value"] != id);
    }
}
