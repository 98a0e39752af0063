//! The LMSs of these tests: what their files and their calls look like.

use muster_engine::profile::connector::CONNECTORS;
use serde_json::json;

use super::people::{Held, Person};
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
        let [edna, gus] = ["edna", "gus"].map(Person::named);
        let mut held = Held::new(self, &[]);
        let mut edna = held.add(self, edna);
        if self == Lms::Kolibri {
            edna.groups.push("Red".to_owned());
        }
        [self.header().to_owned(), self.row(&edna, ""), self.row(&gus, password)]
    }

    pub fn header(self) -> &'static str {
        match self {
            Lms::Scim => "userName,name.givenName,name.familyName,emails,active,password",
            Lms::Moodle => "username,firstname,lastname,email,suspended,password",
            Lms::EdApp => {
                "email (required),username (optional),firstname (optional),lastname (optional),usergroups (optional),roles (optional),password (optional),externalid (optional)"
            }
            Lms::SafetyCulture => "User ID,Email,First name,Last name,Status,Password,Groups,Sites",
            Lms::Kolibri => {
                "UUID,USERNAME,PASSWORD,FULL_NAME,USER_TYPE,IDENTIFIER,BIRTH_YEAR,GENDER,ENROLLED_IN,ASSIGNED_TO"
            }
        }
    }

    /// Somebody as a roster has them; who has no id is new.
    pub fn row(self, person: &Person, password: &str) -> String {
        let password = match password {
            "" => String::new(),
            password => format!("\"{}\"", password.replace('"', "\"\"")),
        };
        let Person { id, login, first, last, email, number, is_active, groups } = person;
        let groups = groups.join(",");
        match self {
            Lms::Scim => format!("{login},{first},{last},{email},{is_active},{password}"),
            Lms::Moodle => {
                let suspended = u8::from(!is_active);
                format!("{login},{first},{last},{email},{suspended},{password}")
            }
            Lms::EdApp => {
                format!("{email},{login},{first},{last},{groups},Learner,{password},{number}")
            }
            Lms::SafetyCulture => {
                let status = if *is_active { "active" } else { "deactivated" };
                let id = id.replace('u', "user_");
                format!("{id},{email},{first},{last},{status},{password},{groups},")
            }
            Lms::Kolibri => {
                let password = if id.is_empty() { password } else { "*".to_owned() };
                format!("{id},{login},{password},{first} {last},LEARNER,,,,{groups},")
            }
        }
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
}

#[test]
fn every_connector_that_is_asked_over_http_has_bad_neighbours() {
    let asked = CONNECTORS.iter().filter(|connector| connector.schemes.contains(&"http"));
    let asked: Vec<&str> = asked.map(|connector| connector.id).collect();
    let here: Vec<&str> = ALL.iter().map(|lms| lms.connector()).collect();
    assert!(asked.iter().all(|id| here.contains(id)), "{asked:?}, {here:?}");
}
