//! Whom a password is sent to, and whom not.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::command::Muster;

const SECRET: &str = "Hidden-Word-2";

fn fetching(muster: &Muster, from: &str) -> (i32, String) {
    let out = muster.home.join("out.csv");
    muster.try_to(&[&"fetch", &"--from", &from, &"--user", &"admin", &"--out", &out])
}

/// A server that answers everything with the same, and remembers what it was asked.
fn answering(answer: &'static str) -> (u16, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its address").port();
    let asked = Arc::new(Mutex::new(String::new()));
    let remembered = asked.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut reader = BufReader::new(stream.try_clone().expect("one more handle"));
            let mut line = String::new();
            while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                remembered.lock().expect("unbroken").push_str(&line);
                line.clear();
            }
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (port, asked)
}

#[test]
fn an_address_that_leads_elsewhere_is_not_followed() {
    let home = tempfile::tempdir().expect("a folder");
    let muster = Muster::new(home.path(), SECRET);
    let (port, asked) = answering(
        "HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example.com/login\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    );
    let (exit, words) = fetching(&muster, &format!("kolibri+http://127.0.0.1:{port}/"));
    assert_eq!(exit, 2, "{words}");
    assert!(words.contains("leads to `https://elsewhere.example.com/login`"), "{words}");
    assert!(!asked.lock().expect("unbroken").contains(SECRET));
}

#[test]
fn a_page_that_is_no_lms_is_told_as_that() {
    let home = tempfile::tempdir().expect("a folder");
    let muster = Muster::new(home.path(), SECRET);
    let (port, _) = answering(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 45\r\nConnection: close\r\n\r\n<html><title>Welcome to our Wi-Fi</title></p>",
    );
    let (exit, words) = fetching(&muster, &format!("kolibri+http://127.0.0.1:{port}/"));
    assert_eq!(exit, 2, "{words}");
    assert!(words.contains("Welcome to our Wi-Fi"), "{words}");
}

#[test]
fn nobody_who_cannot_be_trusted_is_sent_a_password() {
    let home = tempfile::tempdir().expect("a folder");
    let muster = Muster::new(home.path(), SECRET);
    let (mut server, port) = untrusted();
    let (exit, words) = fetching(&muster, &format!("kolibri+https://127.0.0.1:{port}/"));
    let _ = server.kill();
    let _ = server.wait();
    assert_eq!(exit, 2, "{words}");
    assert!(words.contains("cannot be trusted: nothing was sent"), "{words}");
    assert!(words.contains("certificate"), "{words}");
}

/// A server with a certificate that nobody vouches for.
fn untrusted() -> (Child, u16) {
    const SERVER: &str = "import http.server, ssl, sys
server = http.server.HTTPServer(('127.0.0.1', 0), http.server.SimpleHTTPRequestHandler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1])
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()";
    let certificate = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/connectors/untrusted.pem");
    let mut server = Command::new("python3")
        .args(["-c", SERVER, certificate])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("python3");
    let mut port = String::new();
    let mut said = server.stdout.take().expect("a pipe");
    let mut byte = [0];
    while said.read(&mut byte).is_ok_and(|read| read == 1) && byte[0] != b'\n' {
        port.push(char::from(byte[0]));
    }
    (server, port.trim().parse().expect("a port"))
}
