//! HTTP as far as Moodle's callers need it: one thread a connection, which stays open.
//!
//! wiremock, httpmock and tiny_http cannot cut a connection when a call is done and before it is answered.

use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::{sleep, spawn};

use super::asked::{answer, people_in};
use super::settings::Fault;
use super::state::State;

pub struct Request {
    pub method: String,
    pub address: String,
    pub host: String,
    /// What the body is.
    pub kind: String,
    pub body: String,
    closes: bool,
}

pub struct Answer {
    status: u16,
    reason: String,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn new(status: u16, reason: &str, body: &str) -> Answer {
        let reason = reason.to_owned();
        Answer { status, reason, headers: Vec::new(), body: body.to_owned() }
    }

    pub fn page(status: u16, reason: &str, body: &str) -> Answer {
        Answer::new(status, reason, body).header("Content-Type", "text/html; charset=utf-8")
    }

    pub fn header(mut self, name: &str, value: &str) -> Answer {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, self.reason);
        if self.headers.iter().all(|(name, _)| !name.eq_ignore_ascii_case("content-type")) {
            head.push_str("Content-type: application/json\r\n");
        }
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", self.body.len()));
        [head.as_bytes(), self.body.as_bytes()].concat()
    }
}

/// Serves until the tests end.
pub fn serve(listener: TcpListener, state: Arc<Mutex<State>>) {
    spawn(move || {
        for stream in listener.incoming().flatten() {
            let state = state.clone();
            // Whoever asked may be gone by now.
            spawn(move || drop(talk(&stream, &state)));
        }
    });
}

fn talk(stream: &TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut out = stream;
    while let Some(request) = read(&mut reader)? {
        let (answer, fault, settings) = answer(state, &request);
        sleep(settings.delay);
        if !settings.cost.is_zero() {
            sleep(settings.cost * people_in(&answer));
        }
        match fault {
            Some(Fault::Cut | Fault::LoseAnswer) => return stream.shutdown(Shutdown::Both),
            Some(Fault::Stall(long)) => sleep(long),
            _ => {}
        }
        out.write_all(&answer.bytes())?;
        if request.closes {
            return stream.shutdown(Shutdown::Both);
        }
    }
    Ok(())
}

fn read(reader: &mut impl BufRead) -> std::io::Result<Option<Request>> {
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut words = first.split(' ').map(str::to_owned);
    let (Some(method), Some(address)) = (words.next(), words.next()) else { return Ok(None) };
    let (mut host, mut kind, mut closes, mut length) = (String::new(), String::new(), false, 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let Some((name, value)) = line.trim().split_once(':') else { break };
        match name.to_lowercase().as_str() {
            "host" => value.trim().clone_into(&mut host),
            "content-type" => value.trim().clone_into(&mut kind),
            "connection" => closes = value.trim().eq_ignore_ascii_case("close"),
            "content-length" => length = value.trim().parse().unwrap_or(0),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let body = String::from_utf8_lossy(&body).into_owned();
    Ok(Some(Request { method, address, host, kind, body, closes }))
}
