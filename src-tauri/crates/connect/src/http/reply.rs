//! An answer: its status, its data, and what can be said of it in words.

use serde_json::Value as Json;
use ureq::http::HeaderMap;

use super::blanking::said;
use super::limits::Limits;
use super::unfolding::{Fault, unfolded};
use muster_table::error::{Failure, FailureKind, Result};
use muster_table::words::grouped;

/// An answer, whatever its status.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    /// None where the body is no JSON, as a proxy's page is not.
    pub json: Option<Json>,
    /// How the body begins.
    pub text: String,
    /// Where it is no JSON any more, by line and column.
    broken: Option<(usize, usize)>,
}

/// More than that is neither told nor looked at as a text.
const BEGINNING: usize = 64 * 1024;
/// A server that does not know such a call says so before it does anything.
const NOT_IMPLEMENTED: u16 = 501;

impl Reply {
    /// Reads a body. Data that is no UTF-8 is not taken, as nobody knows which names it was to say; nor is data that
    /// would fill the memory.
    pub fn read(
        host: &str,
        status: u16,
        headers: HeaderMap,
        bytes: Vec<u8>,
        limits: &Limits,
    ) -> Result<Reply> {
        const MARK: &[u8] = b"\xef\xbb\xbf";
        let bytes = match bytes.strip_prefix(MARK) {
            Some(rest) => rest.to_vec(),
            None => bytes,
        };
        let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        let is_data = first.is_some_and(|first| b"{[\"".contains(first));
        let mut text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(e) if is_data => {
                return Err(no_text(host, e.as_bytes(), e.utf8_error().valid_up_to()));
            }
            // A page in another encoding: only its title is told.
            Err(e) => String::from_utf8_lossy(e.as_bytes()).into_owned(),
        };
        let (json, broken) = match unfolded(&text, limits.unfolded()) {
            Ok(json) => (Some(json), None),
            Err(Fault::TooMuch) => return Err(limits.too_much(host)),
            Err(Fault::Broken(line, column)) => (None, is_data.then_some((line, column))),
        };
        let mut end = BEGINNING.min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.shrink_to_fit();
        Ok(Reply { status, headers, json, text, broken })
    }

    pub fn is_fine(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Something that a browser would show: of a proxy, or where people sign in.
    pub fn is_page(&self) -> bool {
        self.json.is_none() && self.text.trim_start().starts_with('<')
    }

    /// Whether it does not say if the call was carried out: a server's own fault, or a page of something between.
    pub fn is_unclear(&self) -> bool {
        let garbled = self.json.is_none() && !self.text.trim().is_empty();
        let own_fault = self.status >= 500 && self.status != NOT_IMPLEMENTED;
        own_fault || (garbled && (self.is_fine() || self.is_page()))
    }

    /// The JSON of an answer that has to be one.
    pub fn json(self, what: &str) -> Result<Json> {
        match self.json {
            Some(json) if (200..300).contains(&self.status) => Ok(json),
            _ => Err(self.unread(what)),
        }
    }

    /// That something could not be read, and what to do about it.
    pub fn unread(&self, what: &str) -> Failure {
        let (kind, hint) = match self.status {
            401 | 403 => (
                FailureKind::Refused,
                "Check the account and its password or token, and what it may do in the LMS.",
            ),
            404 | 410 => (
                FailureKind::Refused,
                "Check the address of the connection, to its last part: nothing of this LMS is there.",
            ),
            400..=499 => (FailureKind::Refused, "Check the address, then try again."),
            _ if self.is_fine() && self.is_page() => (
                FailureKind::Network,
                "Check the address, and whether this computer's network asks you to sign in.",
            ),
            _ => (FailureKind::Network, "Check the address, then try again."),
        };
        Failure::new(kind, format!("{what} could not be read")).why(self.message()).hint(hint)
    }

    /// What the server said in its own words, where it did not do what it was asked. What must not be told of it is left
    /// out by whoever hands it on; of data it is only said that it came.
    pub fn message(&self) -> String {
        let status = self.status;
        let text = self.text.trim();
        match self.broken {
            _ if self.is_page() => format!("it answered {status}: {}", title_of(text)),
            Some((line, column)) if self.is_fine() => {
                format!(
                    "it answered {status} with data that is broken (line {line}, column {column})"
                )
            }
            _ if self.is_fine() && self.json.is_some() => {
                format!("it answered {status} with data of something else")
            }
            _ if text.is_empty() => format!("it answered {status} and nothing else"),
            _ => format!("it answered {status}: {}", said(text)),
        }
    }
}

fn no_text(host: &str, bytes: &[u8], at: usize) -> Failure {
    let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
    let before = bytes[..at].rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    let column = String::from_utf8_lossy(before).chars().count() + 1;
    Failure::new(FailureKind::Refused, format!("the answer of `{host}` was not taken"))
        .why(format!(
            "it is not written in UTF-8 as data has to be: byte {} (line {}, column {}) is no part of any letter",
            grouped(at + 1),
            grouped(line),
            grouped(column)
        ))
        .hint("Ask the people who run the LMS: a name in it is kept in another encoding.")
}

fn title_of(page: &str) -> String {
    let after = |tag: &str| page.split_once(tag).map(|(_, rest)| rest);
    let title = after("<title>").or_else(|| after("<h1>")).and_then(|rest| rest.split('<').next());
    title.map_or("a page instead of data".to_owned(), |title| {
        format!("a page, “{}”", said(title.trim()))
    })
}
