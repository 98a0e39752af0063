//! One call a connection, answered from what a server holds.
//!
//! wiremock and httpmock cannot cut a connection when a call is done and before it is answered.

use std::io::Write;
use std::net::{Shutdown, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread::spawn;

use serde_json::Value;

use crate::asked::Asked;

/// An answer; none where the connection is cut before it.
pub type Answer = Option<Reply>;

pub struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Reply {
    pub fn new(status: u16, body: &Value) -> Reply {
        Reply { status, headers: Vec::new(), body: body.to_string() }
    }

    pub fn header(mut self, name: &'static str, value: impl ToString) -> Reply {
        self.headers.push((name, value.to_string()));
        self
    }

    fn text(&self) -> String {
        let headers: String =
            self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!(
            "HTTP/1.1 {} As Documented\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Connection: close\r\n{headers}\r\n{}",
            self.status,
            self.body.len(),
            self.body
        )
    }
}

/// Serves until the tests end; answers with the port.
pub fn serve<S: Send + 'static>(held: Arc<Mutex<S>>, answer: fn(&mut S, &Asked) -> Answer) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("its address").port();
    spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let held = held.clone();
            spawn(move || {
                let Some(asked) = Asked::read(&stream) else { return };
                let reply = answer(&mut held.lock().expect("nobody panicked"), &asked);
                // Whoever asked may be gone by now.
                let _ = match reply {
                    Some(reply) => stream.write_all(reply.text().as_bytes()),
                    None => stream.shutdown(Shutdown::Both),
                };
            });
        }
    });
    port
}

/// Whether a call has the token, and says what its body is.
pub fn is_let_in(asked: &Asked, token: &str) -> bool {
    asked.header("authorization") == Some(&format!("Bearer {token}"))
}

/// The body of a call that has to be JSON; what is wrong with it, where it is none.
pub fn json(asked: &Asked) -> Result<Value, String> {
    let kind = asked.header("content-type").unwrap_or_default();
    if kind.split(';').next() != Some("application/json") {
        return Err(format!("the content type is `{kind}`"));
    }
    serde_json::from_str(&asked.body).map_err(|e| e.to_string())
}
