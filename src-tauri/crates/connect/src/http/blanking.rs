//! What a server says may hold what it was sent: it echoes a call with its headers, or a body with passwords in it. Every
//! word of a server comes through here before it is told or written down.
//!
//! aho-corasick would look for all of it at once, and a few hundred letters are looked at, seldom.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::readings::{Reading, readings};
use muster_plan::push::Secret;
use muster_table::error::Failure;
use muster_table::words::MASK;

/// So many letters of what a server says are told.
const MOST: usize = 300;
/// So many bytes of it are looked at; more cannot be told.
const LOOKED_AT: usize = 8192;
/// Shorter ones are words too: they are blanked only where they stand alone.
const SHORT: usize = 4;
/// A token is recognised by its beginning too, as some servers shorten it.
const BEGINNING: usize = 12;
const LONG: usize = 24;
/// Fewer letters than that come about by chance.
const FEWEST_OF_BASE64: usize = 4;
/// How many passwords of calls before the one at hand are remembered.
const REMEMBERED: usize = 500;

/// Between these stands what a server said, among words of our own; nobody sees them.
const SAID: [char; 2] = ['\u{e000}', '\u{e001}'];

/// What a server said, for a sentence of ours.
pub(crate) fn said(text: &str) -> String {
    match text {
        "" => String::new(),
        text => format!("{}{}{}", SAID[0], text.replace(SAID, ""), SAID[1]),
    }
}

/// What must never be told, and the way to leave it out.
#[derive(Default)]
pub(crate) struct Blanking {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// What the connection is opened with, and what its session goes by.
    own: Vec<Forms>,
    /// The passwords of people that were sent last.
    sent: VecDeque<Forms>,
}

/// A secret, and what it looks like where it was encoded so that no letter of it is left.
struct Forms {
    plain: Secret,
    encoded: Vec<Secret>,
    /// It may be a word of ours. Blank in our own sentence it would only be told: "the password is •••".
    is_word: bool,
}

/// A word, or a number as a status is one.
fn is_word(text: &str) -> bool {
    const LONGEST: usize = 15;
    let all = |is: fn(char) -> bool| text.chars().all(is);
    let word = all(|c| c.is_alphabetic() || c == ' ') || all(|c| c.is_ascii_digit());
    word && text.chars().count() <= LONGEST
}

impl Forms {
    fn of(text: &str) -> Forms {
        let bytes = text.as_bytes();
        let mut encoded = Vec::new();
        for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            // Where it begins among other bytes decides what becomes of it: `user:password` for one.
            for before in 0..3 {
                let whole = engine.encode([&vec![0; before], bytes].concat());
                // Those letters that are made of its own bits alone.
                let (from, to) = ((before * 8).div_ceil(6), (before + bytes.len()) * 8 / 6);
                encoded.push(whole.get(from..to).unwrap_or_default().to_owned());
            }
        }
        encoded.retain(|letters| letters.len() >= FEWEST_OF_BASE64);
        encoded.sort_unstable();
        encoded.dedup();
        Forms {
            plain: Secret::new(text),
            encoded: encoded.into_iter().map(Secret::new).collect(),
            is_word: is_word(text),
        }
    }

    fn longest(&self) -> usize {
        self.plain.reveal().len()
    }

    /// Marks what of a text is the secret, by one way to read it.
    fn mark(&self, reading: &Reading, marks: &mut Vec<(usize, usize)>) {
        let bytes = reading.bytes.as_slice();
        let secret = self.plain.reveal().as_bytes();
        let is_short = self.plain.reveal().chars().count() < SHORT;
        for at in beginnings(bytes, secret) {
            let same = bytes[at..].iter().zip(secret).take_while(|(a, b)| alike(**a, **b)).count();
            let alone = !is_short
                || (!letter_at(bytes, at.checked_sub(1)) && !letter_at(bytes, Some(at + same)));
            let is_it = same == secret.len() && alone;
            if is_it || (secret.len() >= LONG && same >= BEGINNING) {
                marks.push(reading.origin(at, at + same));
            }
        }
        for hexadecimal in hexadecimal(bytes, secret) {
            marks.push(reading.origin(hexadecimal.0, hexadecimal.1));
        }
        for letters in &self.encoded {
            let letters = letters.reveal().as_bytes();
            for at in beginnings(bytes, letters) {
                if bytes[at..].starts_with(letters) {
                    // All that was encoded with it.
                    let is_one =
                        |byte: &&u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(byte);
                    let before = bytes[..at].iter().rev().take_while(is_one).count();
                    let after = bytes[at..].iter().take_while(is_one).count();
                    marks.push(reading.origin(at - before, at + after));
                }
            }
        }
    }
}

/// Where a secret may begin.
fn beginnings<'b>(bytes: &'b [u8], secret: &'b [u8]) -> impl Iterator<Item = usize> + 'b {
    let first = secret.first().copied();
    let begins = move |byte: &u8| first.is_some_and(|first| alike(*byte, first));
    bytes.iter().enumerate().filter(move |(_, byte)| begins(byte)).map(|(at, _)| at)
}

/// Some servers write in small letters what they were sent in capitals.
fn alike(one: u8, other: u8) -> bool {
    one.eq_ignore_ascii_case(&other)
}

fn letter_at(bytes: &[u8], at: Option<usize>) -> bool {
    at.and_then(|at| bytes.get(at)).is_some_and(|byte| byte.is_ascii_alphanumeric())
}

/// Where a secret stands as the digits of its bytes.
fn hexadecimal(bytes: &[u8], secret: &[u8]) -> Vec<(usize, usize)> {
    if secret.len() < SHORT {
        return Vec::new();
    }
    let digits: Vec<u8> =
        secret.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect();
    let is_there = |at: &usize| {
        bytes.get(*at..*at + digits.len()).is_some_and(|own| own.eq_ignore_ascii_case(&digits))
    };
    beginnings(bytes, &digits).filter(is_there).map(|at| (at, at + digits.len())).collect()
}

impl Blanking {
    pub fn new(secret: &Secret) -> Blanking {
        let blanking = Blanking::default();
        blanking.also(secret.reveal());
        blanking
    }

    /// Something that is as good as the connection's own secret, such as what a session goes by.
    pub fn also(&self, secret: &str) {
        let secret = secret.trim();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if !secret.is_empty() && known.own.iter().all(|own| own.plain.reveal() != secret) {
            known.own.push(Forms::of(secret));
            // The first is the connection's; of those of sessions the last ones are enough.
            if known.own.len() > 20 {
                known.own.remove(1);
            }
        }
    }

    /// The passwords of the people of a call. Those of earlier calls are remembered for a while.
    pub fn passwords<'s>(&self, passwords: impl Iterator<Item = &'s Secret>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let before = known.sent.len();
        known
            .sent
            .extend(passwords.filter(|one| !one.is_blank()).map(|one| Forms::of(one.reveal())));
        let new = known.sent.len() - before;
        while known.sent.len() > REMEMBERED.max(new) {
            known.sent.pop_front();
        }
    }

    /// What a server says, without what is secret, and shortened.
    pub fn words(&self, text: &str) -> String {
        self.told(text, true)
    }

    /// The same of a sentence of ours, in which a server may be quoted: a secret that is a word is one only there.
    pub fn sentence(&self, text: &str) -> String {
        self.told(text, false)
    }

    fn told(&self, text: &str, is_said: bool) -> String {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let all = || known.own.iter().chain(&known.sent);
        let longest = all().map(Forms::longest).max().unwrap_or(0);
        // What begins among the letters that are looked at is looked at to its end, in whatever form.
        let enough = LOOKED_AT.saturating_add(longest.saturating_mul(9));
        let seen = &text[..boundary(text, enough)];
        let mut marks = Vec::new();
        let said = quotes(seen);
        for reading in readings(seen) {
            for forms in all() {
                let before = marks.len();
                forms.mark(&reading, &mut marks);
                if forms.is_word && !is_said {
                    let quoted = |(from, to): (usize, usize)| {
                        said.iter().any(|(begin, end)| *begin <= from && to <= *end)
                    };
                    let own = marks.split_off(before);
                    marks.extend(own.into_iter().filter(|mark| quoted(*mark)));
                }
            }
        }
        let told = boundary(text, LOOKED_AT);
        let mut out = String::new();
        let mut at = 0;
        for (from, to) in merged(seen, marks).into_iter().filter(|(from, _)| *from < told) {
            out.push_str(&seen[at..from]);
            out.push_str(MASK);
            at = to;
        }
        if at < told {
            out.push_str(&seen[at..told]);
        }
        shortened(&out.replace(SAID, ""), text.len() > told)
    }

    /// The same for all that is told of a failure.
    pub fn failure(&self, failure: Failure) -> Failure {
        Failure {
            kind: failure.kind,
            what: self.sentence(&failure.what),
            why: self.sentence(&failure.why),
            hint: self.sentence(&failure.hint),
        }
    }

    /// Whether a value holds a token as it is. A password is a word that anybody may be called by; a token is none.
    pub fn is_told_by(&self, value: &str) -> bool {
        const TOKEN: usize = 16;
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.own.iter().map(|own| own.plain.reveal()).any(|secret| {
            let is_token = secret.len() >= TOKEN && !secret.contains(char::is_whitespace);
            is_token && value.contains(secret)
        })
    }
}

/// Where a server is quoted.
fn quotes(text: &str) -> Vec<(usize, usize)> {
    let begins = text.match_indices(SAID[0]).map(|(at, _)| at);
    begins.map(|at| (at, text[at..].find(SAID[1]).map_or(text.len(), |end| at + end))).collect()
}

/// Marks in their order, each beside the others, that cut no letter.
fn merged(text: &str, mut marks: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    marks.sort_unstable();
    let mut all: Vec<(usize, usize)> = Vec::new();
    for (from, to) in marks {
        let (from, to) = (boundary(text, from), boundary_after(text, to));
        match all.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => all.push((from, to)),
        }
    }
    all
}

/// The last place up to `most` where no letter is cut.
fn boundary(text: &str, most: usize) -> usize {
    let mut at = most.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn boundary_after(text: &str, mut at: usize) -> usize {
    while at < text.len() && !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

fn shortened(text: &str, goes_on: bool) -> String {
    let text = text.trim();
    match text.char_indices().nth(MOST) {
        Some(_) => text.chars().take(MOST - 1).chain(['…']).collect(),
        None if goes_on => format!("{text}…"),
        None => text.to_owned(),
    }
}
