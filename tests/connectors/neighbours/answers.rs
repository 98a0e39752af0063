//! What each LMS answers while nothing is wrong with it, and what it does: as little as a look and a push of some people need.

use serde_json::{Value, json};

use super::answers_of_moodle::moodle;
use super::lms::{Answer, Lms};
use super::people::{Held, Person};
use crate::asked::Asked;

pub fn fine(json: &Value) -> Answer {
    (200, json.to_string(), String::new())
}

fn no(status: u16, json: &Value) -> Answer {
    (status, json.to_string(), String::new())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Lms {
    pub fn answer(self, asked: &Asked, held: &mut Held) -> Answer {
        let body: Value = serde_json::from_str(&asked.body).unwrap_or_default();
        let (path, query) = asked.path.split_once('?').unwrap_or((&asked.path, ""));
        let call = Call { method: &asked.method, path, query: &plain(query), body: &body };
        match self {
            Lms::Scim => scim(&call, &asked.head, held),
            Lms::Moodle => moodle(&asked.body, held),
            Lms::EdApp => edapp(&call, held),
            Lms::SafetyCulture => safetyculture(&call, held),
            Lms::Kolibri => kolibri(&call, held),
        }
    }
}

struct Call<'c> {
    method: &'c str,
    path: &'c str,
    query: &'c str,
    body: &'c Value,
}

impl Call<'_> {
    fn parts(&self) -> Vec<&str> {
        self.path.trim_matches('/').split('/').collect()
    }
}

/// As versions go, the values themselves.
fn version(person: &Person) -> String {
    format!("W/\"{}\"", [&person.login, &person.first, &person.last].map(String::as_str).join("."))
}

fn scim_user(person: &Person, with_version: bool) -> Value {
    let mut user = json!({
        "id": person.id, "userName": person.login, "active": person.is_active,
        "name": { "givenName": person.first, "familyName": person.last },
        "emails": [{ "type": "work", "value": person.email }],
    });
    if with_version {
        user["meta"] = json!({ "version": version(person) });
    }
    user
}

fn scim_change(person: &mut Person, path: &str, value: &Value) {
    match path {
        "userName" => person.login = text(value),
        "name.givenName" => person.first = text(value),
        "name.familyName" => person.last = text(value),
        "active" => person.is_active = value != &json!(false),
        "emails" => person.email = text(&value[0]["value"]),
        other => panic!("`{other}` of nobody here"),
    }
}

fn scim(call: &Call, head: &str, held: &mut Held) -> Answer {
    let with_version = held.tells_versions;
    let user = |person: &Person| scim_user(person, with_version);
    // Only the version that is named is changed.
    let is_other = |person: &Person| {
        let named = head
            .lines()
            .find_map(|line| line.to_lowercase().strip_prefix("if-match: ").map(str::to_owned));
        named.is_some_and(|named| named != version(person).to_lowercase())
    };
    let changed = || no(412, &json!({ "detail": "it is another version by now" }));
    let not_there = || no(404, &json!({ "detail": "nobody has this id" }));
    match (call.method, call.parts().as_slice()) {
        ("GET", ["ServiceProviderConfig"]) => fine(&json!({
            "patch": { "supported": true }, "filter": { "supported": true },
            "bulk": { "supported": false }, "etag": { "supported": with_version },
        })),
        ("GET", ["Schemas"]) if held.locks_names => {
            let of = |name: &str| json!({ "name": name });
            let part =
                |name: &str, mutability: &str| json!({ "name": name, "mutability": mutability });
            let name = [part("givenName", "readWrite"), part("familyName", "readOnly")];
            let name = json!({ "name": "name", "subAttributes": name });
            let all = [of("userName"), name, of("emails"), of("active"), of("password")];
            let id = "urn:ietf:params:scim:schemas:core:2.0:User";
            fine(&json!({ "Resources": [{ "id": id, "attributes": all }] }))
        }
        ("GET", ["Users"]) => {
            let is_wanted = |person: &&Person| {
                !call.query.contains("filter=")
                    || call.query.contains(&format!("\"{}\"", person.login))
            };
            let all: Vec<Value> = held.people.iter().filter(is_wanted).map(user).collect();
            fine(&json!({ "totalResults": all.len(), "Resources": all }))
        }
        ("GET", ["Groups"]) => fine(&json!({ "totalResults": 0, "Resources": [] })),
        ("POST", ["Users"]) => {
            let mut person = Person { is_active: true, ..Person::default() };
            for name in ["userName", "emails", "active"] {
                if !call.body[name].is_null() {
                    scim_change(&mut person, name, &call.body[name]);
                }
            }
            for part in ["givenName", "familyName"] {
                let value = &call.body["name"][part];
                scim_change(&mut person, &format!("name.{part}"), value);
            }
            if held.by_login(&person.login).is_some() {
                return no(
                    409,
                    &json!({ "detail": "userName is taken", "scimType": "uniqueness" }),
                );
            }
            no(201, &user(&held.add(Lms::Scim, person)))
        }
        ("GET", ["Users", id]) => held.by_id(id).map_or_else(not_there, |p| fine(&user(p))),
        ("PATCH", ["Users", id]) => {
            let Some(person) = held.by_id(id) else { return not_there() };
            if is_other(person) {
                return changed();
            }
            for operation in call.body["Operations"].as_array().into_iter().flatten() {
                scim_change(person, &text(&operation["path"]), &operation["value"]);
            }
            fine(&user(person))
        }
        ("DELETE", ["Users", id]) => {
            let Some(login) = held.by_id(id).map(|person| person.login.clone()) else {
                return not_there();
            };
            held.remove(&login);
            (204, String::new(), String::new())
        }
        _ => no(404, &json!({ "detail": "not found" })),
    }
}

fn edapp(call: &Call, held: &mut Held) -> Answer {
    let user = |person: &Person| {
        json!({
            "id": person.id, "email": person.email, "username": person.login,
            "firstName": person.first, "lastName": person.last, "externalId": person.number,
            "userGroups": person.groups,
        })
    };
    match (call.method, call.parts().as_slice()) {
        ("GET", ["v2", "usergroups"]) => {
            fine(&json!({ "totalCount": 1, "items": [{ "id": "g1", "name": "Red" }] }))
        }
        ("GET", ["v2", "users"]) => {
            let all: Vec<Value> = held.people.iter().map(user).collect();
            fine(&json!({ "totalCount": all.len(), "items": all }))
        }
        ("POST", ["v2", "users"]) => {
            let said = |name: &str| text(&call.body[name]);
            if held.by_login(&said("username")).is_some() {
                return no(400, &json!({ "message": "this username is taken" }));
            }
            let person = Person {
                login: said("username"),
                first: said("firstName"),
                last: said("lastName"),
                email: said("email"),
                number: said("externalIdentifier"),
                is_active: true,
                ..Person::default()
            };
            no(201, &user(&held.add(Lms::EdApp, person)))
        }
        ("POST", ["v2", "usergroups", "g1", "users"]) => {
            let Some(person) = held.by_id(&text(&call.body["userId"])) else {
                return no(404, &json!({ "message": "no such user" }));
            };
            if !person.groups.iter().any(|group| group == "Red") {
                person.groups.push("Red".to_owned());
            }
            fine(&json!({}))
        }
        _ => no(404, &json!({ "message": "not found" })),
    }
}

/// Whoever is handed over is made or changed once the job is started for good.
fn safetyculture(call: &Call, held: &mut Held) -> Answer {
    let path = call.path.strip_prefix("/users/v1/users/upsert/jobs");
    match (call.method, path) {
        ("POST", Some("")) => {
            held.jobs.push(call.body["users"].clone());
            fine(&json!({ "job_id": format!("j{}", held.jobs.len()) }))
        }
        ("POST", Some(job)) => {
            let n: usize = job.trim_start_matches("/j").parse().expect("a job");
            let users = held.jobs[n - 1].clone();
            if call.body["validate_only"] != json!(true) {
                users.as_array().into_iter().flatten().for_each(|one| upsert(&one["user"], held));
            }
            fine(&json!({ "job_id": format!("j{n}") }))
        }
        // Whoever was handed over is told again, as they were read.
        ("GET", Some(job)) if job.starts_with("/j") => {
            let n: usize = job.trim_start_matches("/j").parse().expect("a job");
            fine(&json!({ "status": "STATUS_COMPLETED", "users": held.jobs[n - 1] }))
        }
        _ => no(404, &json!({ "message": "not found" })),
    }
}

fn upsert(user: &Value, held: &mut Held) {
    let email = text(&user["username"]);
    let login = email.split('@').next().unwrap_or_default().to_owned();
    if held.by_login(&login).is_none() {
        let person = Person { login: login.clone(), email, is_active: true, ..Person::default() };
        held.add(Lms::SafetyCulture, person);
    }
    held.edit(&login, |person| {
        for (name, value) in user.as_object().into_iter().flatten() {
            match name.as_str() {
                name if name.contains("first") => person.first = text(value),
                name if name.contains("last") => person.last = text(value),
                "status" => person.is_active = !text(value).contains("eactivated"),
                _ => {}
            }
        }
    });
}

fn kolibri(call: &Call, held: &mut Held) -> Answer {
    let cookie = "Set-Cookie: kolibri_csrftoken=s3ss10n-c00k1e; Path=/\r\n".to_owned();
    let fine = |json: Value| (200, json.to_string(), cookie.clone());
    let no = |status: u16, json: Value| (status, json.to_string(), cookie.clone());
    let user = |person: &Person| {
        json!({
            "id": person.id, "username": person.login, "full_name": person.name(), "roles": [],
            "id_number": "", "birth_year": "NOT_SPECIFIED", "gender": "NOT_SPECIFIED",
            "is_superuser": false,
        })
    };
    let put = |person: &mut Person| {
        if let Some(name) = call.body["full_name"].as_str() {
            let (first, last) = name.split_once(' ').unwrap_or((name, ""));
            (person.first, person.last) = (first.to_owned(), last.to_owned());
        }
        if let Some(login) = call.body["username"].as_str() {
            login.clone_into(&mut person.login);
        }
    };
    match (call.method, call.parts().as_slice()) {
        ("GET", ["api", "public", "v1", "facility"]) => {
            fine(json!([{ "id": "f1", "name": "School" }]))
        }
        ("POST", ["api", "auth", "session"]) => {
            fine(json!({ "user_id": "a1", "kind": ["admin"], "username": "admin" }))
        }
        ("GET", ["api", "auth", "facilityuser"]) => fine(held.people.iter().map(user).collect()),
        ("POST", ["api", "auth", "facilityuser"]) => {
            let mut person = Person { is_active: true, ..Person::default() };
            put(&mut person);
            if held.by_login(&person.login).is_some() {
                let metadata = json!({ "field": "username", "message": "taken" });
                return no(400, json!([{ "id": "USERNAME_ALREADY_EXISTS", "metadata": metadata }]));
            }
            no(201, user(&held.add(Lms::Kolibri, person)))
        }
        ("GET", ["api", "auth", "facilityuser", id]) => match held.by_id(id) {
            Some(person) => fine(user(person)),
            None => no(404, json!([{ "id": "NOT_FOUND", "metadata": {} }])),
        },
        ("PATCH", ["api", "auth", "facilityuser", id]) => match held.by_id(id) {
            Some(person) => {
                put(person);
                fine(user(person))
            }
            None => no(404, json!([{ "id": "NOT_FOUND", "metadata": {} }])),
        },
        ("DELETE", ["api", "auth", "facilityuser", id]) => {
            let login = held.by_id(id).map(|person| person.login.clone());
            let Some(login) = login else { return no(404, json!([])) };
            held.remove(&login);
            (204, String::new(), cookie)
        }
        ("GET", ["api", "auth", "classroom"]) => fine(json!([{ "id": "c1", "name": "Red" }])),
        ("GET", ["api", "auth", "membership"]) => {
            let in_red = held.people.iter().filter(|person| !person.groups.is_empty());
            let ties = in_red.map(|p| json!({ "id": "m1", "user": p.id, "collection": "c1" }));
            fine(ties.collect())
        }
        ("GET", ["api", "public", "info"]) => fine(json!({ "kolibri_version": "0.19.5" })),
        _ => fine(json!([])),
    }
}

/// What stands in a form, or in an address.
pub fn plain(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits: Vec<u8> = rest.by_ref().take(2).collect();
                let digits = std::str::from_utf8(&digits).expect("two digits");
                u8::from_str_radix(digits, 16).expect("two digits")
            }
            other => other,
        });
    }
    String::from_utf8(bytes).expect("UTF-8")
}
