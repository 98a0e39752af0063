//! A server that plays a conversation, written as a text: it answers what it is asked, in that order, and nothing else.
//!
//! `#` begins a comment; the first says where the shapes come from. `>` is what Muster has to send: the call, then the
//! body, as JSON. `<` is the answer: the status, headers, then the body. An `…`
//! in what is sent stands for anything.
//!
//! wiremock and httpmock answer calls in any order and play no text that somebody can compare with a vendor's pages.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::asked::Asked;

/// The token that every call has to carry, where nobody can see it in an address.
pub const TOKEN: &str = "T0ken-of-the-tests";

#[derive(Debug, Clone, Default)]
struct Exchange {
    call: String,
    sent: String,
    status: String,
    headers: Vec<String>,
    answer: String,
}

#[derive(Default)]
struct Stage {
    exchanges: Vec<Exchange>,
    played: usize,
    wrong: Vec<String>,
}

pub struct MockServer {
    port: u16,
    stage: Arc<Mutex<Stage>>,
    name: String,
}

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/connectors/conversations")
}

impl MockServer {
    pub fn new(name: &str) -> MockServer {
        let path = folder().join(format!("{name}.txt"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path:?}: {e}"));
        let stage = Stage { exchanges: read(&text), ..Stage::default() };
        let stage = Arc::new(Mutex::new(stage));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let shared = stage.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                answer(stream, &shared);
            }
        });
        MockServer { port, stage, name: name.to_owned() }
    }

    /// How the connector is addressed, which the conversation's name begins with.
    pub fn address(&self) -> String {
        let connector = self.name.split('-').next().unwrap_or_default();
        format!("{connector}+http://127.0.0.1:{}/", self.port)
    }

    /// Fails if anything else was asked, or not everything.
    pub fn is_over(&self) {
        let begun = Instant::now();
        // The last answer may still be on its way.
        while self.left() > 0 && begun.elapsed() < Duration::from_secs(2) {
            thread::sleep(Duration::from_millis(20));
        }
        let stage = self.stage.lock().expect("the stage");
        assert!(stage.wrong.is_empty(), "{}: {}", self.name, stage.wrong.join("\n"));
        let left: Vec<&str> =
            stage.exchanges[stage.played..].iter().map(|e| e.call.as_str()).collect();
        assert!(left.is_empty(), "{}: never asked: {left:?}", self.name);
    }

    fn left(&self) -> usize {
        let stage = self.stage.lock().expect("the stage");
        stage.exchanges.len() - stage.played
    }
}

fn read(text: &str) -> Vec<Exchange> {
    let mut all: Vec<Exchange> = Vec::new();
    for line in text.lines() {
        if let Some(sent) = line.strip_prefix("> ") {
            let begins = ["GET /", "POST /", "PUT /", "PATCH /", "DELETE /"];
            if begins.iter().any(|b| sent.starts_with(b)) {
                all.push(Exchange { call: sent.to_owned(), ..Exchange::default() });
                continue;
            }
            let exchange = all.last_mut().expect("a call comes first");
            exchange.sent += sent;
            exchange.sent += "\n";
        } else if let Some(said) = line.strip_prefix("< ") {
            let exchange = all.last_mut().expect("a call comes first");
            let is_header = said.split_once(": ").is_some_and(|(name, _)| {
                name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            });
            if exchange.status.is_empty() {
                said.clone_into(&mut exchange.status);
            } else if is_header && exchange.answer.is_empty() {
                exchange.headers.push(said.to_owned());
            } else {
                exchange.answer += said;
                exchange.answer += "\n";
            }
        } else {
            assert!(line.is_empty() || line.starts_with('#'), "what is `{line}`?");
        }
    }
    all
}

fn answer(mut stream: TcpStream, stage: &Mutex<Stage>) {
    let Some(Asked { method, path, head, body }) = Asked::read(&stream) else { return };
    let call = format!("{method} {path}");
    let mut stage = stage.lock().expect("the stage");
    let wrong = match stage.exchanges.get(stage.played) {
        None => Some(format!("nothing more was to be asked, and this was: {call}\n{body}")),
        Some(next) => difference(next, &call, &head, &body),
    };
    let reply = match wrong {
        None => {
            stage.played += 1;
            stage.exchanges[stage.played - 1].clone()
        }
        Some(wrong) => {
            stage.wrong.push(wrong);
            let (status, answer) = ("418".to_owned(), "{\"wrong\":true}".to_owned());
            Exchange { status, answer, ..Exchange::default() }
        }
    };
    let headers: String = reply.headers.iter().map(|h| format!("{h}\r\n")).collect();
    let text = format!(
        "HTTP/1.1 {} As Written\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n{}",
        reply.status,
        reply.answer.len(),
        reply.answer
    );
    let _ = stream.write_all(text.as_bytes());
}

fn difference(wanted: &Exchange, call: &str, head: &str, body: &str) -> Option<String> {
    let differs =
        |got: &str| Some(format!("wanted:\n{}\n{}\ngot:\n{call}\n{got}", wanted.call, wanted.sent));
    if call.contains(TOKEN) {
        return Some(format!("the token stands in the address: {call}"));
    }
    if wanted.call != call {
        return differs(body);
    }
    if !head.contains(&format!("Bearer {TOKEN}")) {
        return Some(format!("the token is missing: {head}"));
    }
    if wanted.sent.is_empty() && body.is_empty() {
        return None;
    }
    let json = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    if fits(&json(&wanted.sent), &json(body)) { None } else { differs(body) }
}

fn fits(wanted: &Value, got: &Value) -> bool {
    match (wanted, got) {
        (Value::String(any), _) if any == "…" => true,
        (Value::Array(wanted), Value::Array(got)) => {
            wanted.len() == got.len() && wanted.iter().zip(got).all(|(w, g)| fits(w, g))
        }
        (Value::Object(wanted), Value::Object(got)) => {
            wanted.len() == got.len()
                && wanted.iter().all(|(name, w)| got.get(name).is_some_and(|g| fits(w, g)))
        }
        _ => wanted == got,
    }
}
