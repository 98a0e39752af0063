//! A server that is asked over a real connection, and answers as one of the LMSs would, or as no LMS should.
//!
//! wiremock and httpmock keep to HTTP, and these are the servers that do not.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

use super::lists::Listing;
use super::lms::{Answer, Lms};
use super::people::Held;
use crate::asked::Asked;

/// What it does to whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing: it answers as that LMS does.
    None,
    /// Whatever would change something is refused, with all that it was sent in the reason.
    EchoesWrites,
    /// Everything is refused so.
    Echoes,
    /// It takes a call and never says anything.
    Stalls,
    /// A letter now and then, without end.
    Trickles,
    /// An answer of more than it may have.
    Floods,
    /// A list of so many zeros that it would fill the memory, although it is no longer than allowed.
    Zeros,
    /// 302, to somewhere else.
    Redirects,
    /// The answer, and a second one after it.
    AnswersTwice,
    /// The connection ends in the middle of the answer.
    ClosesEarly,
    /// 200, and the page where people sign in.
    LoginPage,
    /// 404, and a page.
    WrongPath,
    /// 401, and a page.
    NoEntry,
    /// 503, with the time at which it is back.
    Maintenance,
    /// It says that the answer is longer than it is.
    WrongLength,
    /// Headers without end.
    EndlessHeaders,
    /// The names in the answer are no UTF-8.
    BrokenText,
    /// The ids of people and of memberships are addresses of something else.
    OddIds,
    /// People come in a list that is none.
    List(Listing),
    /// The same with whatever would change something: it is done, and this becomes of the answer.
    AfterWriting(&'static Fault),
    /// The same, and it is not done.
    InsteadOfWriting(&'static Fault),
    /// Whether people are active is said so.
    Active(&'static str),
    /// Whatever would change something waits until it is another one's turn, and is done then.
    Holds,
    /// It takes so many milliseconds.
    Slow(u64),
    /// 503, for a second by the server's own clock, which may be years away from that of this computer: its time.
    RestsAt(&'static str),
}

/// What somebody else does there while a push is under way.
type Deed = Box<dyn FnOnce(&mut Held) + Send>;

/// What a server is and holds, as all its calls see it.
struct State {
    held: Held,
    fault: Fault,
    /// What it was asked for, each with its method.
    calls: Vec<String>,
    /// How many of them would have changed something.
    writes: usize,
    /// How many of them are not carried out yet.
    under_way: usize,
    /// What happens before, or once, so many of those have been answered.
    meanwhile: Option<(When, Deed)>,
}

/// When somebody else does something, by the calls that would change something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Before this one is looked at, from 1.
    Before(usize),
    /// Once this one is carried out, from 1.
    After(usize),
}

/// It ends with the tests.
pub struct Neighbour {
    pub lms: Lms,
    port: u16,
    state: Arc<Mutex<State>>,
}

/// What an id is where ids are odd.
pub const ODD_ID: &str = "../../Users/1?x=#";

impl Neighbour {
    /// With one person.
    pub fn new(lms: Lms, fault: Fault) -> Neighbour {
        Neighbour::with(lms, fault, &["edna"])
    }

    /// With people by their logins.
    pub fn with(lms: Lms, fault: Fault, logins: &[&str]) -> Neighbour {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let held = Held::new(lms, logins);
        let state =
            State { held, fault, calls: Vec::new(), writes: 0, under_way: 0, meanwhile: None };
        let state = Arc::new(Mutex::new(state));
        let shared = state.clone();
        spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = shared.clone();
                spawn(move || answer(stream, lms, &state));
            }
        });
        Neighbour { lms, port, state }
    }

    pub fn address(&self) -> String {
        format!("{}+http://127.0.0.1:{}/", self.lms.connector(), self.port)
    }

    /// The same place, written otherwise.
    pub fn other_address(&self) -> String {
        format!("{}+http://LOCALHOST:{}", self.lms.connector(), self.port)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panicked")
    }

    /// What it was asked for, each with its method.
    pub fn calls(&self) -> Vec<String> {
        self.state().calls.clone()
    }

    /// How many calls would have changed something.
    pub fn writes(&self) -> usize {
        self.state().writes
    }

    /// All that it holds now.
    pub fn held(&self) -> Held {
        self.state().held.clone()
    }

    /// From now on it does this to whoever asks.
    pub fn becomes(&self, fault: Fault) {
        self.state().fault = fault;
    }

    /// Lets go of what it held, and ends that.
    pub fn goes_on(&self) {
        self.becomes(Fault::None);
        while self.state().under_way > 0 {
            sleep(Duration::from_millis(10));
        }
    }

    /// Somebody else does something there.
    pub fn somebody(&self, does: impl FnOnce(&mut Held)) {
        does(&mut self.state().held);
    }

    /// The same, while a push is under way.
    pub fn meanwhile(&self, when: When, does: impl FnOnce(&mut Held) + Send + 'static) {
        let mut state = self.state();
        state.writes = 0;
        state.meanwhile = Some((when, Box::new(does)));
    }
}

impl State {
    fn happens(&mut self, now: When) {
        if let Some((_, does)) = self.meanwhile.take_if(|(when, _)| *when == now) {
            does(&mut self.held);
        }
    }
}

fn answer(stream: TcpStream, lms: Lms, state: &Mutex<State>) {
    let Some(asked) = Asked::read(&stream) else { return };
    let is_write = lms.writes(&asked);
    let mut now = state.lock().expect("nobody panicked");
    now.calls.push(format!("{} {}", asked.method, asked.path));
    now.writes += usize::from(is_write);
    if is_write {
        now.under_way += 1;
        let begun = Instant::now();
        loop {
            let (rests, more) = match now.fault {
                Fault::Slow(millis) => (millis, false),
                Fault::Holds => (10, true),
                _ => break,
            };
            drop(now);
            sleep(Duration::from_millis(rests));
            now = state.lock().expect("nobody panicked");
            if !more || begun.elapsed() > Duration::from_secs(40) {
                break;
            }
        }
        now.under_way -= 1;
    }
    let (fault, writes) = (now.fault, now.writes);
    if is_write {
        now.happens(When::Before(writes));
    }
    // What is refused is not done.
    let is_refused = matches!(
        fault,
        Fault::Echoes
            | Fault::EchoesWrites
            | Fault::InsteadOfWriting(_)
            | Fault::Maintenance
            | Fault::RestsAt(_)
            | Fault::Redirects
            | Fault::NoEntry
    );
    let mut nobody = now.held.clone();
    let of = if is_refused { &mut nobody } else { &mut now.held };
    let answer = lms.answer(&asked, of);
    if is_refused {
        // What is handed over to be done later is not done yet.
        now.held.jobs = nobody.jobs;
    }
    if is_write {
        now.happens(When::After(writes));
    }
    if matches!(fault, Fault::RestsAt(_)) {
        now.fault = Fault::None;
    }
    drop(now);
    // Whoever asked may be gone by now.
    let _ = tell(stream, lms, fault, &asked, &answer);
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
    answer: &Answer,
) -> std::io::Result<()> {
    let (status, body, more) = answer;
    const JSON: &str = "application/json";
    const PAGE: &str = "<html><head><title>Sign in to go on</title></head><body>…</body></html>";
    let fine = whole(&format!("{status} As asked"), JSON, more, body);
    let text = match fault {
        Fault::None | Fault::Holds | Fault::Slow(_) => fine,
        Fault::RestsAt(time) => {
            let back = time.replace(":00 GMT", ":01 GMT");
            let rest = format!("Date: {time}\r\nRetry-After: {back}\r\n");
            whole("503 A moment", "text/html", &rest, PAGE)
        }
        Fault::AfterWriting(fault) | Fault::InsteadOfWriting(fault) => {
            let now = if lms.writes(asked) { *fault } else { Fault::None };
            return tell(stream, lms, now, asked, answer);
        }
        Fault::List(listing) => match listing.page(lms, asked) {
            Some(page) => whole("200 OK", JSON, "", &page),
            None => fine,
        },
        Fault::Active(said) => {
            let body = body.replace("\"active\":true", &format!("\"active\":{said}"));
            whole(&format!("{status} As asked"), JSON, more, &body)
        }
        Fault::OddIds => {
            let odd = format!("\"{ODD_ID}\"");
            let body = body.replace("\"u1\"", &odd).replace("\"m1\"", &odd);
            whole(&format!("{status} As asked"), JSON, more, &body)
        }
        Fault::EchoesWrites if !lms.writes(asked) => fine,
        Fault::EchoesWrites | Fault::Echoes => {
            let echo = format!("{}\r\n{}", asked.head, asked.body);
            let (status, body) = lms.refusal(&echo);
            whole(&format!("{status} No"), JSON, more, &body)
        }
        Fault::Stalls => {
            sleep(Duration::from_secs(3600));
            return Ok(());
        }
        Fault::Trickles => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[")?;
            loop {
                stream.write_all(b" ")?;
                sleep(Duration::from_millis(100));
            }
        }
        Fault::Floods => return flood(stream, "{\"detail\":\"", "xxxxxxxxxxxxxxxx", usize::MAX),
        Fault::Zeros => return flood(stream, "[0", ",0,0,0,0,0,0,0,0", (60 << 20) / 16),
        Fault::Redirects => {
            whole("302 Found", JSON, "Location: https://elsewhere.example.com/login?back=1\r\n", "")
        }
        Fault::AnswersTwice => {
            stream.write_all(fine.as_bytes())?;
            fine
        }
        Fault::ClosesEarly => fine[..fine.len() - body.len() / 2 - 1].to_owned(),
        Fault::LoginPage => whole("200 OK", "text/html", "", PAGE),
        Fault::WrongPath => whole("404 Not Found", "text/html", "", PAGE),
        Fault::NoEntry => whole("401 Unauthorized", "text/html", "", PAGE),
        Fault::Maintenance => {
            whole("503 Under maintenance", "text/html", "Retry-After: 5400\r\n", PAGE)
        }
        Fault::WrongLength => {
            let length = body.len();
            fine.replace(&format!("Length: {length}\r\n"), &format!("Length: {}\r\n", length + 99))
        }
        Fault::EndlessHeaders => {
            return flood(stream, "", "X-More: and more of it\r\n", usize::MAX);
        }
        Fault::BrokenText => {
            // A letter of two bytes becomes one byte that begins nothing, and a blank.
            let mut broken = fine.replace("Moss", "M\u{fe}ss").into_bytes();
            if let Some(at) = broken.windows(2).position(|two| two == [0xc3, 0xbe]) {
                broken[at..at + 2].copy_from_slice(&[0xff, b' ']);
            }
            return stream.write_all(&broken);
        }
    };
    stream.write_all(text.as_bytes())
}

fn flood(mut stream: TcpStream, first: &str, again: &str, times: usize) -> std::io::Result<()> {
    let kind = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
    stream.write_all(kind.as_bytes())?;
    if !first.is_empty() {
        stream.write_all(b"\r\n")?;
    }
    stream.write_all(first.as_bytes())?;
    let many = again.repeat(4096);
    let mut left = times;
    while left > 0 {
        let now = left.min(4096);
        stream.write_all(&many.as_bytes()[..again.len() * now])?;
        left -= now;
    }
    stream.write_all(b"]")
}
