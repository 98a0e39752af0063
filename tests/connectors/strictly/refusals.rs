//! That the played servers are as strict as their documents: what these do not name is refused, and changes nothing.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::play_edapp::{self, EdApp};
use crate::play_safetyculture::{self, SafetyCulture};

/// A call by hand; the status of the answer, and its body.
fn call(address: &str, token: &str, kind: &str, call: &str, body: &str) -> (u16, Value) {
    let host = address.split("://").nth(1).expect("an address").trim_end_matches('/');
    let mut stream = TcpStream::connect(host).expect("a connection");
    let text = format!(
        "{call} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {token}\r\nContent-Type: {kind}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(text.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    let body = answer.split("\r\n\r\n").nth(1).unwrap_or_default();
    (status.expect("a status"), serde_json::from_str(body).expect("JSON"))
}

const JSON: &str = "application/json";

#[test]
fn the_played_safetyculture_takes_nothing_that_its_pages_do_not_name() {
    let server = SafetyCulture::start(play_safetyculture::Switches::default());
    let address = server.address();
    let token = format!("Bearer {}", play_safetyculture::TOKEN);
    let jobs = "POST /users/v1/users/upsert/jobs";
    let of = |call_: &str, body: &Value| call(&address, &token, JSON, call_, &body.to_string()).0;
    let user = |user: Value| json!({ "users": [{ "user": user }] });
    let fine = user(json!({ "username": "a@example.com" }));

    assert_eq!(call(&address, "Basic x", JSON, jobs, &fine.to_string()).0, 401);
    assert_eq!(call(&address, &token, "text/plain", jobs, &fine.to_string()).0, 400);
    assert_eq!(call(&address, &token, JSON, jobs, "{").0, 400);
    assert_eq!(of("POST /users/v1/users/upserts", &fine), 404);
    assert_eq!(of("PUT /users/v1/users/upsert/jobs", &fine), 404);
    assert_eq!(of(jobs, &json!({})), 400);
    assert_eq!(of(jobs, &json!({ "users": [] })), 400);
    for wrong in [
        json!({ "username": 7 }),
        json!({ "username": "a", "firstname": "A" }),
        json!({ "username": "a", "status": "deactivated" }),
        json!({ "username": "a", "groups": { "add": [] } }),
        json!({ "username": "a", "groups": ["Nurses"] }),
        json!({ "username": "a", "sites": { "add_references": [{ "called": "Oslo" }] } }),
    ] {
        assert_eq!(of(jobs, &user(wrong.clone())), 400, "{wrong}");
    }
    let many =
        |count: usize| json!({ "users": vec![json!({ "user": { "username": "a" } }); count] });
    assert_eq!((of(jobs, &many(2001)), of(jobs, &many(2000))), (400, 200));

    let (status, made) = call(&address, &token, JSON, jobs, &fine.to_string());
    let job = format!("{jobs}/{}", made["job_id"].as_str().expect("an id"));
    assert_eq!(status, 200);
    assert_eq!(of(&job, &json!({ "validate": true })), 400);
    assert_eq!(of(&job, &json!({ "validate_only": "yes" })), 400);
    assert_eq!(of(&format!("{jobs}/none"), &json!({})), 404);
    assert!(server.world().is_empty(), "nothing was started");
    assert_eq!(of(&job, &json!({ "validate_only": false })), 200);
    assert_eq!(server.world().len(), 1);
    // That was the fifth in this minute, or the job cannot be started twice: both are refused.
    assert!([409, 429].contains(&of(&job, &json!({}))));
    assert_eq!(of(&job, &json!({})), 429);
}

#[test]
fn the_played_edapp_takes_nothing_that_its_pages_do_not_name() {
    let server = EdApp::start(play_edapp::Switches::default());
    let address = server.address();
    let token = format!("Bearer {}", play_edapp::TOKEN);
    let of = |call_: &str, body: &Value| call(&address, &token, JSON, call_, &body.to_string()).0;
    let fine = json!({ "email": "a@example.com", "username": "a" });

    assert_eq!(call(&address, "Bearer x", JSON, "GET /v2/users", "").0, 401);
    assert_eq!(call(&address, &token, "text/plain", "POST /v2/users", &fine.to_string()).0, 400);
    assert_eq!(of("GET /v3/users", &json!({})), 404);
    assert_eq!(of("PUT /v2/users/u1", &fine), 404);
    assert_eq!(of("GET /v2/users?page=0", &json!({})), 400);
    assert_eq!(of("GET /v2/users?pageSize=1001", &json!({})), 400);
    assert_eq!(of("GET /v2/users?first=1", &json!({})), 400);
    for wrong in [
        json!({ "username": "a" }),
        json!({ "email": "nobody" }),
        json!({ "email": "a@example.com", "firstname": "A" }),
        json!({ "email": "a@example.com", "roles": "app-user" }),
        json!({ "email": "a@example.com", "roles": ["Learner"] }),
        json!({ "email": "a@example.com", "userGroups": ["Sales"] }),
        json!({ "email": "a@example.com", "password": "weak" }),
        json!({ "email": "a@example.com", "sendWelcomeEmail": "no" }),
    ] {
        assert_eq!(of("POST /v2/users", &wrong), 400, "{wrong}");
    }
    assert!(server.world().is_empty());
    assert_eq!((of("POST /v2/users", &fine), of("POST /v2/users", &fine)), (200, 400));
    assert_eq!(of("POST /v2/usergroups/g1/users", &json!({ "userId": "u9" })), 404);
    assert_eq!(of("POST /v2/usergroups/g1/users", &json!({ "user": "u1" })), 400);
    assert_eq!(of("POST /v2/usergroups/g1/users", &json!({ "userId": "u1" })), 201);
    assert_eq!(server.world()["a"]["groups"], "Sales");
}
