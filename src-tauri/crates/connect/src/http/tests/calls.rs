//! Calls to a server that does what it likes, over a real connection.
#![expect(clippy::disallowed_methods, reason = "the server of these tests is waited for")]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use super::super::watch::Watch;
use crate::http::{Http, Lost, Repeat, Reply};
use muster_plan::push::{Secret, Target};
use muster_table::error::{Failure, FailureKind};

struct Server {
    port: u16,
    calls: Arc<AtomicUsize>,
}

impl Server {
    /// Answers every call with the same bytes, or with silence where there are none.
    fn new(answer: &'static [u8]) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = calls.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                counted.fetch_add(1, Relaxed);
                thread::spawn(move || {
                    let mut stream = stream;
                    let mut reader = BufReader::new(stream.try_clone().expect("one more handle"));
                    let mut line = String::new();
                    while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                        line.clear();
                    }
                    if answer.is_empty() {
                        thread::sleep(Duration::from_secs(600));
                    }
                    let _ = stream.write_all(answer);
                });
            }
        });
        Server { port, calls }
    }

    fn http(&self, options: &[(&str, &str)], stop: &Arc<AtomicBool>) -> Http {
        let mut target =
            Target::read(&format!("scim+http://127.0.0.1:{}/", self.port)).expect("read");
        target.options = options.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect();
        let watch = Watch::new(&target, &Secret::new("T0ken"), stop.clone()).expect("options");
        Http::new(&target, watch).expect("an agent")
    }

    fn asked(&self, options: &[(&str, &str)]) -> Result<Reply, Failure> {
        let http = self.http(options, &Arc::default());
        http.call("GET", "Users", &[], None, Repeat::Safe).map_err(Lost::failure)
    }
}

const fn with(answer: &'static str) -> &'static [u8] {
    answer.as_bytes()
}

#[test]
fn a_call_ends_soon_once_somebody_stops_it() {
    let server = Server::new(b"");
    let stop = Arc::new(AtomicBool::new(false));
    let http = server.http(&[], &stop);
    let stopper = thread::spawn({
        let stop = stop.clone();
        move || {
            thread::sleep(Duration::from_millis(300));
            stop.store(true, Relaxed);
        }
    });
    let begun = Instant::now();
    let lost = http.call("POST", "Users", &[], None, Repeat::Once).expect_err("stopped");
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    // It was sent, and nobody knows what became of it.
    assert!(
        matches!(&lost, Lost::Unknown(failure) if failure.kind == FailureKind::Cancelled),
        "{lost:?}"
    );
    stopper.join().expect("it ends");
}

#[test]
fn silence_has_a_limit_that_is_named() {
    let server = Server::new(b"");
    let http = server.http(&[("timeout", "1")], &Arc::default());
    let lost = http.call("POST", "Users", &[], None, Repeat::Once).expect_err("silent");
    let words = lost.failure().to_string();
    assert!(
        words.contains("it said nothing for 1 second") && words.contains("`timeout=2`"),
        "{words}"
    );
    assert_eq!(server.calls.load(Relaxed), 1);
}

#[test]
fn what_will_be_the_same_is_not_asked_for_again() {
    const NOT_FOUND: &str =
        "HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n<html><h1>Not Found</h1>";
    const SIGN_IN: &str =
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<html><title>Sign in</title>";
    const REST: &str = "HTTP/1.1 503 Later\r\nRetry-After: 3600\r\nConnection: close\r\n\r\n<html>";
    const FAULT: &str = "HTTP/1.1 500 Oops\r\nContent-Length: 4\r\nConnection: close\r\n\r\noops";
    for (answer, calls) in [(NOT_FOUND, 1), (SIGN_IN, 2), (REST, 1), (FAULT, 5)] {
        let server = Server::new(with(answer));
        let _ = server.asked(&[]);
        assert_eq!(server.calls.load(Relaxed), calls, "{answer}");
    }
}

#[test]
fn data_that_is_no_utf_8_is_refused_with_its_place_and_a_page_is_not() {
    let broken = Server::new(
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"a\":1,\n\"name\":\"M\xf6ss\"}",
    );
    let refused = broken.asked(&[]).expect_err("refused");
    assert_eq!(refused.kind, FailureKind::Refused);
    let words = refused.to_string();
    assert!(words.contains("byte 18 (line 2, column 10)"), "{words}");
    assert!(!words.contains("ss"), "no value is told: {words}");
    let page = Server::new(
        b"HTTP/1.1 500 Oops\r\nConnection: close\r\n\r\n<html><title>St\xf6rung</title>",
    );
    assert!(page.asked(&[]).expect_err("a fault").to_string().contains("a page, “"));
    let marked = Server::new(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n\xef\xbb\xbf{\"a\":1}");
    assert_eq!(marked.asked(&[]).expect("an answer").json.expect("data")["a"], 1);
}

#[test]
fn an_answer_is_read_up_to_a_limit_that_is_named() {
    let announced = Server::new(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n[");
    let words = announced.asked(&[]).expect_err("refused").to_string();
    assert!(words.contains("more than 64 MB") && words.contains("`answer_mb=128`"), "{words}");
    assert_eq!(announced.calls.load(Relaxed), 1);
}

#[test]
fn an_option_that_is_no_number_is_refused_with_what_it_may_be() {
    for (name, value) in
        [("timeout", "soon"), ("answer_mb", "0"), ("people", "-1"), ("minutes", "9999")]
    {
        let mut target = Target::read("scim+http://127.0.0.1:1/").expect("read");
        target.options.insert(name.into(), value.into());
        let refused = Watch::new(&target, &Secret::new(""), Arc::default()).err().expect("refused");
        let words = refused.to_string();
        assert!(words.contains(&format!("the option `{name}` is `{value}`")), "{words}");
        assert!(words.contains("a number from 1 to"), "{words}");
    }
}

#[test]
fn a_list_in_one_piece_is_waited_for_longer_the_more_people_there_are() {
    let target = Target::read("scim+http://127.0.0.1:1/").expect("read");
    let watch = Watch::new(&target, &Secret::new(""), Arc::default()).expect("no options");
    let silence = || watch.patience().expect("time is left").silence.as_secs();
    assert_eq!(silence(), 120);
    let look = watch.look_begins();
    watch.expects(0);
    assert_eq!(silence(), 300);
    watch.expects(60_000);
    assert_eq!(silence(), 600);
    drop(look);
    assert_eq!(silence(), 120);
    // The next look knows how many there were; and none is longer than the whole may be.
    watch.saw(1_000_000);
    let _look = watch.look_begins();
    watch.expects(0);
    assert!((890..=900).contains(&silence()), "{}", silence());
}

#[test]
fn a_list_without_end_is_left_with_the_option_that_allows_more() {
    let server = Server::new(b"");
    let http = server.http(&[("people", "2000")], &Arc::default());
    assert!(http.within("the people", 2000, 200).is_ok());
    for (people, pages) in [(2001, 1), (10, 201)] {
        let words = http.within("the people", people, pages).expect_err("without end").to_string();
        assert!(words.starts_with("the people could not all be read: they"), "{words}");
        assert!(words.contains("`people=4000`"), "{words}");
    }
}

#[test]
fn a_token_that_no_header_can_have_is_told_as_that_and_not_sent() {
    let server = Server::new(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}");
    let http =
        server.http(&[], &Arc::default()).with_header("authorization", "Bearer T\u{e9}".into());
    let lost = http.call("GET", "Users", &[], None, Repeat::Safe).expect_err("refused");
    let words = lost.failure().to_string();
    assert!(words.starts_with("the token cannot be sent (`authorization`)"), "{words}");
    let http = server.http(&[], &Arc::default());
    let version = [("if-match", "W/\"1\"\nX-More: 1")];
    let lost = http.call("DELETE", "Users/1", &version, None, Repeat::Once).expect_err("refused");
    assert!(lost.failure().to_string().starts_with("what the LMS gave cannot be sent"));
    assert_eq!(server.calls.load(Relaxed), 0);
}

#[test]
fn what_need_not_be_there_may_be_answered_by_anything() {
    const PAGE: &str = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<html><title>App</title>";
    const FAULT: &str = "HTTP/1.1 500 Oops\r\nContent-Length: 4\r\nConnection: close\r\n\r\noops";
    for (answer, calls) in [(PAGE, 1), (FAULT, 5)] {
        let server = Server::new(with(answer));
        assert!(
            server.http(&[], &Arc::default()).glance("ServiceProviderConfig").is_ok(),
            "{answer}"
        );
        assert_eq!(server.calls.load(Relaxed), calls, "{answer}");
    }
    let silent = Server::new(b"");
    let http = silent.http(&[("timeout", "1")], &Arc::default());
    assert!(http.glance("ServiceProviderConfig").is_err());
}
