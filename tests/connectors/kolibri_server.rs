//! A facility that is being served, as schools have it running.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::facility::{Facility, program};

/// The admin that every facility of these tests has.
pub const ADMIN: &str = "admin";
pub const PASSWORD: &str = "adminpass";

/// A running Kolibri. It is stopped when this is dropped.
pub struct KolibriServer {
    process: Option<Child>,
    home: PathBuf,
    ports: (u16, u16),
}

impl KolibriServer {
    pub fn new(facility: &Facility) -> KolibriServer {
        let mut server = KolibriServer {
            process: None,
            home: facility.path("home"),
            ports: (free_port(), free_port()),
        };
        server.start();
        server
    }

    pub fn address(&self) -> String {
        format!("kolibri+http://127.0.0.1:{}/", self.ports.0)
    }

    pub fn port(&self) -> u16 {
        self.ports.0
    }

    pub fn start(&mut self) {
        let process = Command::new(program())
            .args(["start", "--foreground"])
            .env("KOLIBRI_HOME", &self.home)
            .env("KOLIBRI_HTTP_PORT", self.ports.0.to_string())
            .env("KOLIBRI_ZIP_CONTENT_PORT", self.ports.1.to_string())
            .env("KOLIBRI_LISTEN_ADDRESS", "127.0.0.1")
            .env("KOLIBRI_ZEROCONF_ENABLED", "0")
            .env("KOLIBRI_DISABLE_PING", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("Kolibri starts");
        self.process = Some(process);
        let begun = Instant::now();
        while !self.answers() {
            assert!(begun.elapsed() < Duration::from_secs(90), "Kolibri does not answer");
            sleep(Duration::from_millis(100));
        }
    }

    fn answers(&self) -> bool {
        use std::io::{Read, Write};
        let Ok(mut stream) = std::net::TcpStream::connect(("127.0.0.1", self.ports.0)) else {
            return false;
        };
        let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
        let asked = stream.write_all(
            b"GET /api/public/v1/facility/ HTTP/1.0\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
        );
        let mut answer = String::new();
        asked.is_ok()
            && stream.read_to_string(&mut answer).is_ok()
            && answer.lines().next().is_some_and(|line| line.contains(" 200 "))
    }

    pub fn stop(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        // It writes its database to the end when it is asked to stop.
        let _ = Command::new("kill").arg(process.id().to_string()).status();
        let begun = Instant::now();
        while matches!(process.try_wait(), Ok(None)) {
            if begun.elapsed() > Duration::from_secs(20) {
                let _ = process.kill();
            }
            sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for KolibriServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A port for a server that is about to start. Not one of those that the system gives to whoever asks for any (32768 and
/// up): until the server listens there, a connection or a listener of another test could be given the same.
pub fn free_port() -> u16 {
    const FIRST: u32 = 10_240;
    const COUNT: u32 = 20_000;
    static GIVEN: AtomicU32 = AtomicU32::new(0);
    for _ in 0..COUNT {
        // Other test programs at the same time begin elsewhere.
        let at = std::process::id().wrapping_mul(97) % COUNT + GIVEN.fetch_add(1, Relaxed);
        let port = u16::try_from(FIRST + at % COUNT).expect("below 32768");
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("no port is free");
}

/// Whether any file below a folder holds these bytes.
pub fn holds(folder: &Path, bytes: &str) -> Option<PathBuf> {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            if let Some(found) = holds(&path, bytes) {
                return Some(found);
            }
        } else {
            let text = std::fs::read(&path).expect("readable");
            if text.windows(bytes.len()).any(|part| part == bytes.as_bytes()) {
                return Some(path);
            }
        }
    }
    None
}
