//! What each LMS answers while nothing is wrong with it: as little as a look and a push of one person need.

use muster_engine::profile::connector::CONNECTORS;
use serde_json::{Value, json};

use crate::asked::Asked;

/// One of those that are asked over HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lms {
    Scim,
    Moodle,
    EdApp,
    SafetyCulture,
    Kolibri,
}

pub const ALL: [Lms; 5] = [Lms::Scim, Lms::Moodle, Lms::EdApp, Lms::SafetyCulture, Lms::Kolibri];

/// What Kolibri's ids look like.
const KOLIBRI_ID: &str = "0123456789abcdef0123456789abcdef";

/// A status, a body, and further headers.
pub type Answer = (u16, String, String);

impl Lms {
    pub fn connector(self) -> &'static str {
        match self {
            Lms::Scim => "scim",
            Lms::Moodle => "moodle",
            Lms::EdApp => "edapp",
            Lms::SafetyCulture => "safetyculture",
            Lms::Kolibri => "kolibri",
        }
    }

    /// Whether it can be asked whom it has.
    pub fn reads(self) -> bool {
        self != Lms::SafetyCulture
    }

    /// A roster of its form: the header, somebody who is there, and somebody new with a password.
    pub fn sheet(self, password: &str) -> [String; 3] {
        let password = format!("\"{}\"", password.replace('"', "\"\""));
        let (header, old, new) = match self {
            Lms::Scim => (
                "userName,name.givenName,name.familyName,emails,password",
                "edna,Edna,Moss,edna@example.com,".to_owned(),
                format!("gus,Gus,Orr,gus@example.com,{password}"),
            ),
            Lms::Moodle => (
                "username,firstname,lastname,email,password",
                "edna,Edna,Moss,edna@example.com,".to_owned(),
                format!("gus,Gus,Orr,gus@example.com,{password}"),
            ),
            Lms::EdApp => (
                "email (required),username (optional),firstname (optional),lastname (optional),usergroups (optional),roles (optional),password (optional),externalid (optional)",
                "edna@example.com,edna,Edna,Moss,,Learner,,E-1".to_owned(),
                format!("gus@example.com,gus,Gus,Orr,,Learner,{password},E-3"),
            ),
            Lms::SafetyCulture => (
                "User ID,Email,First name,Last name,Status,Password,Groups,Sites",
                "user_1,edna@example.com,Edna,Moss,active,,,".to_owned(),
                format!(",gus@example.com,Gus,Orr,active,{password},,"),
            ),
            Lms::Kolibri => (
                "UUID,USERNAME,PASSWORD,FULL_NAME,USER_TYPE,IDENTIFIER,BIRTH_YEAR,GENDER,ENROLLED_IN,ASSIGNED_TO",
                format!("{KOLIBRI_ID},edna,*,Edna Moss,LEARNER,,,,Red,"),
                format!(",gus,{password},Gus Orr,LEARNER,,,,,"),
            ),
        };
        [header.to_owned(), old, new]
    }

    /// Whether a call would change something.
    pub fn writes(self, asked: &Asked) -> bool {
        match self {
            Lms::Moodle => {
                let function = asked.body.split("wsfunction=").nth(1).unwrap_or_default();
                let function = function.split('&').next().unwrap_or_default();
                ["create", "update", "delete", "add"].iter().any(|word| function.contains(word))
            }
            Lms::Kolibri => asked.method != "GET" && !asked.path.contains("/session"),
            _ => asked.method != "GET" && !asked.path.contains(".search"),
        }
    }

    /// How it words that it does not do something.
    pub fn refusal(self, why: &str) -> (u16, String) {
        match self {
            Lms::Moodle => (
                200,
                json!({ "exception": "moodle_exception", "errorcode": "no", "message": why, "debuginfo": why })
                    .to_string(),
            ),
            Lms::Scim => (400, json!({ "detail": why, "scimType": why }).to_string()),
            Lms::Kolibri => (
                400,
                json!([{ "id": "NO", "metadata": { "field": "username", "message": why } }])
                    .to_string(),
            ),
            Lms::EdApp | Lms::SafetyCulture => (400, json!({ "message": why }).to_string()),
        }
    }

    pub fn answer(self, asked: &Asked, people: &mut Vec<Value>) -> Answer {
        let body: Value = serde_json::from_str(&asked.body).unwrap_or_default();
        let path = asked.path.split('?').next().unwrap_or_default();
        let none = String::new;
        let fine = |json: Value| (200, json.to_string(), none());
        let made = |people: &mut Vec<Value>, mut one: Value| {
            one["id"] = json!("new1");
            people.push(one.clone());
            (201, one.to_string(), none())
        };
        match (self, asked.method.as_str(), path) {
            (Lms::Scim, "GET", "/ServiceProviderConfig") => fine(json!({
                "patch": { "supported": true }, "filter": { "supported": true },
                "bulk": { "supported": false }, "etag": { "supported": false },
            })),
            (Lms::Scim, "GET", "/Users") => {
                let edna = json!({
                    "id": "u1", "userName": "edna", "active": true,
                    "name": { "givenName": "Edna", "familyName": "Moss" },
                    "emails": [{ "type": "work", "value": "edna@example.com" }],
                });
                let all: Vec<Value> = [vec![edna], people.clone()].concat();
                let asks = |login: &str| asked.path.contains(&format!("%22{login}%22"));
                let wanted = |one: &&Value| {
                    !asked.path.contains("filter=") || one["userName"].as_str().is_some_and(asks)
                };
                let all: Vec<&Value> = all.iter().filter(wanted).collect();
                fine(json!({ "totalResults": all.len(), "Resources": all }))
            }
            (Lms::Scim, "GET", "/Groups") => fine(json!({ "totalResults": 0, "Resources": [] })),
            (Lms::Scim, "POST", "/Users") => made(people, body),
            (Lms::Moodle, ..) => moodle(&asked.body, people),
            (Lms::EdApp, "GET", "/v2/usergroups") => fine(json!({ "totalCount": 0, "items": [] })),
            (Lms::EdApp, "GET", "/v2/users") => {
                let edna = json!({
                    "id": "u1", "email": "edna@example.com", "username": "edna", "firstName": "Edna",
                    "lastName": "Moss", "externalId": "E-1", "userGroups": [],
                });
                let all = [vec![edna], people.clone()].concat();
                fine(json!({ "totalCount": all.len(), "items": all }))
            }
            (Lms::EdApp, "POST", "/v2/users") => {
                let mut one = body;
                one["externalId"] = one["externalIdentifier"].clone();
                made(people, one)
            }
            (Lms::SafetyCulture, "POST", "/users/v1/users/upsert/jobs") => {
                people.push(json!(false));
                fine(json!({ "job_id": "j1" }))
            }
            (Lms::SafetyCulture, "POST", _) => fine(json!({ "job_id": "j1" })),
            (Lms::SafetyCulture, "GET", path) if path.ends_with("/j1") => {
                fine(json!({ "status": "STATUS_COMPLETED" }))
            }
            (Lms::Kolibri, ..) => kolibri(asked, path, body, people),
            _ => (404, json!({ "message": "not found" }).to_string(), none()),
        }
    }
}

fn moodle(form: &str, people: &mut Vec<Value>) -> Answer {
    let fields: Vec<(String, String)> = form
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(n, v)| (plain(n), plain(v)))
        .collect();
    let value = |name: &str| {
        let own = fields.iter().find(|(n, _)| n == name);
        own.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let answer = match value("wsfunction").as_str() {
        "core_webservice_get_site_info" => json!({
            "sitename": "Play", "username": "wsmuster", "userid": 3, "userissiteadmin": false,
            "release": "4.5.6 (Build: 20250811)", "functions": [],
        }),
        "core_user_get_users" => {
            let edna = json!({
                "id": 7, "username": "edna", "firstname": "Edna", "lastname": "Moss",
                "email": "edna@example.com", "auth": "manual", "suspended": false, "lang": "en",
                "department": "", "timezone": "99",
            });
            let all = [vec![edna], people.clone()].concat();
            let (key, wanted) = (value("criteria[0][key]"), value("criteria[0][value]"));
            let is = |one: &Value| wanted.contains('%') || one[&key] == wanted.as_str();
            let all: Vec<Value> = all.into_iter().filter(is).collect();
            json!({ "users": all, "warnings": [] })
        }
        "core_user_create_users" => {
            let mut one = json!({ "id": 12, "auth": "manual", "suspended": false });
            for name in ["username", "firstname", "lastname", "email"] {
                one[name] = json!(value(&format!("users[0][{name}]")));
            }
            people.push(one);
            json!([{ "id": 12, "username": value("users[0][username]") }])
        }
        "core_cohort_get_cohorts" => json!([]),
        _ => json!({ "warnings": [] }),
    };
    (200, answer.to_string(), String::new())
}

fn kolibri(asked: &Asked, path: &str, body: Value, people: &mut Vec<Value>) -> Answer {
    let cookie = "Set-Cookie: kolibri_csrftoken=s3ss10n-c00k1e; Path=/\r\n".to_owned();
    let fine = |json: Value| (200, json.to_string(), cookie.clone());
    match (asked.method.as_str(), path) {
        ("GET", "/api/public/v1/facility/") => fine(json!([{ "id": "f1", "name": "School" }])),
        ("POST", "/api/auth/session/") => {
            fine(json!({ "user_id": "a1", "kind": ["admin"], "username": "admin" }))
        }
        ("GET", "/api/auth/facilityuser/") => {
            let edna = json!({
                "id": KOLIBRI_ID, "username": "edna", "full_name": "Edna Moss", "roles": [], "id_number": "",
                "birth_year": "NOT_SPECIFIED", "gender": "NOT_SPECIFIED", "is_superuser": false,
            });
            let all: Vec<Value> = [vec![edna], people.clone()].concat();
            fine(json!(all))
        }
        ("POST", "/api/auth/facilityuser/") => {
            let mut one = body;
            one["id"] = json!("new1");
            one["roles"] = json!([]);
            people.push(one.clone());
            (201, one.to_string(), cookie)
        }
        ("GET", "/api/auth/classroom/") => fine(json!([{ "id": "c1", "name": "Red" }])),
        ("GET", "/api/auth/membership/") => {
            fine(json!([{ "id": "m1", "user": KOLIBRI_ID, "collection": "c1" }]))
        }
        ("GET", "/api/public/info/") => fine(json!({ "kolibri_version": "0.19.5" })),
        _ => fine(json!([])),
    }
}

/// What stands in a form.
fn plain(text: &str) -> String {
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

#[test]
fn every_connector_that_is_asked_over_http_has_bad_neighbours() {
    let asked = CONNECTORS.iter().filter(|connector| connector.schemes.contains(&"http"));
    let asked: Vec<&str> = asked.map(|connector| connector.id).collect();
    let here: Vec<&str> = ALL.iter().map(|lms| lms.connector()).collect();
    assert!(asked.iter().all(|id| here.contains(id)), "{asked:?}, {here:?}");
}
