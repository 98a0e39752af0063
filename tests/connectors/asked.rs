//! A call as it comes to a server of these tests.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;

pub struct Asked {
    pub method: String,
    pub path: String,
    /// The first line and the headers, as they were sent.
    pub head: String,
    pub body: String,
}

impl Asked {
    /// Waits for a call; none where it is cut off, or its body is no text.
    pub fn read(stream: &TcpStream) -> Option<Asked> {
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

    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        let mut own = lines.filter(|(own, _)| own.eq_ignore_ascii_case(name));
        own.next().map(|(_, value)| value.trim())
    }
}
