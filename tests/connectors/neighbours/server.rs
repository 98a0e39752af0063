//! A server that is asked over a real connection, and answers as one of the LMSs would, or as no LMS should.
//!
//! wiremock and httpmock keep to HTTP, and these are the servers that do not.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::spawn;

use super::lms::Lms;

/// What it does to whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Whatever would change something is refused, with all that it was sent in the reason.
    EchoesWrites,
    /// Everything is refused so.
    Echoes,
}

/// It ends with the tests.
pub struct Neighbour {
    pub lms: Lms,
    port: u16,
}

/// A call as it came.
pub struct Asked {
    pub method: String,
    pub path: String,
    pub head: String,
    pub body: String,
}

impl Neighbour {
    pub fn new(lms: Lms, fault: Fault) -> Neighbour {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        spawn(move || {
            for stream in listener.incoming().flatten() {
                spawn(move || {
                    let Some(asked) = read(&stream) else { return };
                    // What is refused is not done.
                    let answer = lms.answer(&asked, &mut Vec::new());
                    // Whoever asked may be gone by now.
                    let _ = tell(stream, lms, fault, &asked, &answer);
                });
            }
        });
        Neighbour { lms, port }
    }

    pub fn address(&self) -> String {
        format!("{}+http://127.0.0.1:{}/", self.lms.connector(), self.port)
    }
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let mut words = first.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let (mut head, mut length) = (first.clone(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(count) = line.to_lowercase().strip_prefix("content-length:") {
            length = count.trim().parse().ok()?;
        }
        head += &line;
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Asked { method, path, head, body: String::from_utf8(body).ok()? })
}

fn whole(status: &str, kind: &str, more: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{more}Connection: close\r\n\r\n{body}"
    )
}

fn tell(
    mut stream: TcpStream,
    lms: Lms,
    fault: Fault,
    asked: &Asked,
    (status, body, more): &(u16, String, String),
) -> std::io::Result<()> {
    const JSON: &str = "application/json";
    let fine = whole(&format!("{status} As asked"), JSON, more, body);
    let text = match fault {
        Fault::EchoesWrites if !lms.writes(asked) => fine,
        Fault::EchoesWrites | Fault::Echoes => {
            let echo = format!("{}\r\n{}", asked.head, asked.body);
            let (status, body) = lms.refusal(&echo);
            whole(&format!("{status} No"), JSON, more, &body)
        }
    };
    stream.write_all(text.as_bytes())
}
