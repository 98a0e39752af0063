//! The answers of a real Moodle, as they were written down, and those of the one that is played.

mod changed;
mod doors;
mod made;
mod seen;

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use super::{Moodle, PATH, TOKEN};

const INVALID: &str = r#"{"exception":"core\\exception\\invalid_parameter_exception","errorcode":"invalidparameter","message":"Invalid parameter value detected"}"#;
const WEAK: &str = "<div>Passwords must be at least 8 characters long.</div><div>Passwords must have at least 1 digit(s).</div><div>Passwords must have at least 1 upper case letter(s).</div><div>The password must have at least 1 special character(s) such as *, -, or #.</div>";

impl Moodle {
    /// The whole answer, and nothing where it was cut off.
    fn raw(&self, path: &str, form: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("connected");
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
            self.port,
            form.len()
        );
        stream.write_all((head + form).as_bytes()).expect("asked");
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        answer
    }

    /// The body of an answer with status 200.
    fn said(&self, function: &str, fields: &[(&str, &str)]) -> String {
        let mut form = format!("wstoken={TOKEN}&wsfunction={function}&moodlewsrestformat=json");
        for (name, value) in fields {
            let value = value.replace('%', "%25").replace('+', "%2B").replace('&', "%26");
            form.push_str(&format!("&{name}={}", value.replace(' ', "+")));
        }
        let answer = self.raw(PATH, &form);
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        assert!(
            head.starts_with("HTTP/1.1 200 OK\r\nContent-type: application/json\r\n"),
            "{head}"
        );
        body.to_owned()
    }

    fn ask(&self, function: &str, fields: &[(&str, &str)]) -> Value {
        serde_json::from_str(&self.said(function, fields)).expect("JSON")
    }

    fn search(&self, criteria: &[(&str, &str)]) -> Value {
        let fields: Vec<(String, &str)> = criteria
            .iter()
            .enumerate()
            .flat_map(|(n, (key, value))| {
                [(format!("criteria[{n}][key]"), *key), (format!("criteria[{n}][value]"), *value)]
            })
            .collect();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), *v)).collect();
        self.ask("core_user_get_users", &fields)
    }

    fn found(&self, criteria: &[(&str, &str)]) -> usize {
        self.search(criteria)["users"].as_array().map_or(0, Vec::len)
    }

    /// Sends people with these fields, named `0.username`.
    fn send(&self, function: &str, fields: &[(&str, &str)]) -> String {
        let named = fields.iter().map(|(name, value)| {
            let path: Vec<String> = name.split('.').map(|part| format!("[{part}]")).collect();
            (format!("users{}", path.concat()), *value)
        });
        let named: Vec<(String, &str)> = named.collect();
        let named: Vec<(&str, &str)> = named.iter().map(|(n, v)| (n.as_str(), *v)).collect();
        self.said(function, &named)
    }

    fn create(&self, more: &[(&str, &str)]) -> String {
        let good = [
            ("0.username", "nia"),
            ("0.firstname", "Nia"),
            ("0.lastname", "Roy"),
            ("0.email", "nia@example.com"),
            ("0.password", "Good-Word-1"),
        ];
        let good = good.iter().filter(|(name, _)| more.iter().all(|(other, _)| name != other));
        let fields: Vec<(&str, &str)> =
            good.chain(more).filter(|(_, value)| *value != "…").copied().collect();
        self.send("core_user_create_users", &fields)
    }

    fn update(&self, fields: &[(&str, &str)]) -> String {
        self.send("core_user_update_users", fields)
    }

    fn number(&self, username: &str) -> String {
        self.users()[username].id.to_string()
    }
}

fn warning(id: &str, code: &str, message: &str) -> String {
    format!(
        r#"{{"warnings":[{{"item":"user","itemid":{id},"warningcode":"{code}","message":"{message}"}}]}}"#
    )
}
