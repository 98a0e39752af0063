//! Calls without an answer: whether they may have had an effect, whether it is worth asking again, and why in words.

use std::time::Duration;

use ureq::Timeout;
use ureq::http::{HeaderMap, header};

use super::Http;
use super::blanking::said;
use super::reply::Reply;
use muster_table::error::{Failure, FailureKind};

/// Why there is no answer.
#[derive(Debug, Clone)]
pub(crate) enum Lost {
    /// The call surely had no effect.
    NotSent(Failure),
    /// It may have had one.
    Unknown(Failure),
}

impl Lost {
    pub fn failure(self) -> Failure {
        match self {
            Lost::NotSent(failure) | Lost::Unknown(failure) => failure,
        }
    }
}

/// Whether the same call may have an answer another time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Again {
    Soon,
    /// The server said nothing for so long.
    AfterSilence(Duration),
    /// What stood in the way will stand there again.
    Never,
}

pub(super) struct Missed {
    pub lost: Lost,
    pub again: Again,
}

impl Missed {
    pub fn not_sent(failure: Failure) -> Missed {
        let again = match failure.kind {
            FailureKind::Network => Again::Soon,
            _ => Again::Never,
        };
        Missed { lost: Lost::NotSent(failure), again }
    }

    pub fn unknown(failure: Failure, again: Again) -> Missed {
        Missed { lost: Lost::Unknown(failure), again }
    }

    /// The answer had begun, so the call was surely sent.
    pub fn after_sending(self) -> Missed {
        Missed { lost: Lost::Unknown(self.lost.failure()), ..self }
    }
}

const CHECK: &str = "Check the network and the address.";

impl Http {
    pub(super) fn host(&self) -> &str {
        self.base.host_str().unwrap_or_default()
    }

    pub(super) fn missed(&self, cause: ureq::Error, silence: Duration) -> Missed {
        use std::io::ErrorKind as K;
        use ureq::Error as E;
        let limits = self.watch.limits();
        let host = self.host();
        let what = format!("`{host}` could not be reached");
        let network = |why: &str| {
            let failure = Failure::new(FailureKind::Network, what.clone());
            Missed::not_sent(failure.why(why).hint(CHECK))
        };
        let cut = || {
            let what = format!("the answer of `{host}` did not arrive");
            let failure = Failure::new(FailureKind::Network, what);
            Missed::unknown(failure.why("the connection was cut").hint(CHECK), Again::Soon)
        };
        match cause {
            E::HostNotFound => network("no computer of this name was found"),
            E::ConnectionFailed => network("nobody answers there"),
            E::Timeout(Timeout::Resolve | Timeout::Connect) => network("nobody answers there"),
            E::Timeout(Timeout::Global) => Missed::unknown(limits.too_long(host), Again::Never),
            E::Timeout(_) => {
                let again = Again::AfterSilence(silence);
                Missed::unknown(limits.too_silent(host, silence), again)
            }
            E::BodyExceedsLimit(_) => Missed::unknown(limits.too_large(host), Again::Never),
            E::LargeResponseHeader(..) => Missed::unknown(self.endless_headers(), Again::Never),
            E::Protocol(e) if e.to_string().contains("too many headers") => {
                Missed::unknown(self.endless_headers(), Again::Never)
            }
            E::Io(e) => match e.kind() {
                K::ConnectionRefused => network("nobody answers there"),
                K::HostUnreachable | K::NetworkUnreachable | K::NetworkDown => {
                    network("there is no network")
                }
                _ if is_certificate(&e) => Missed::not_sent(self.distrusted(&e)),
                _ => cut(),
            },
            E::Tls(_) | E::Rustls(_) => Missed::not_sent(self.distrusted(&cause)),
            E::RequireHttpsOnly(_) => Missed::not_sent(
                Failure::new(FailureKind::Refused, what).why("it would go without encryption"),
            ),
            _ => cut(),
        }
    }

    fn endless_headers(&self) -> Failure {
        let what = format!("the answer of `{}` was not read to its end", self.host());
        Failure::new(FailureKind::Refused, what)
            .why("it begins with more headers than any answer has")
            .hint("Check the address. If it is right, ask the people who run it.")
    }

    fn distrusted(&self, cause: &dyn std::fmt::Display) -> Failure {
        let host = self.host();
        Failure::new(FailureKind::Refused, format!("`{host}` cannot be trusted: nothing was sent"))
            .why(format!("its certificate is not accepted by this computer ({cause})"))
            .hint("Check the address. If it is right, ask the people who run it, or your IT.")
    }

    pub(super) fn elsewhere(&self, headers: &HeaderMap) -> Failure {
        let there = headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
        let there = there.and_then(|to| self.base.join(to).ok());
        let to = there.map_or("another place".to_owned(), |url| {
            let to = format!("{}{}", url.origin().ascii_serialization(), url.path());
            format!("`{}`", said(&to))
        });
        Failure::new(FailureKind::Refused, format!("the address leads to {to}"))
            .why("a token is never sent on to another address")
            .hint("If that is the right place, put its address into the connection.")
    }

    /// An answer that does not say what became of the call. What only reads is told what is wrong with the address.
    pub(super) fn unclear(&self, reply: &Reply, reads: bool) -> Failure {
        let what = format!("`{}` gave no clear answer", self.host());
        if reads {
            return Failure { what, ..reply.unread("it") };
        }
        Failure::new(FailureKind::Network, what)
            .why(reply.message())
            .hint("It is asked again what it has before anything is sent once more.")
    }
}

/// A header has only letters of ASCII, on one line.
pub(super) fn unsendable(header: &str) -> Failure {
    let is_token = header == "authorization";
    let what = if is_token { "the token" } else { "what the LMS gave" };
    let hint = match is_token {
        true => "Copy it from the LMS once more, without anything before or behind it.",
        false => "Ask the people who run the LMS.",
    };
    Failure::new(FailureKind::Refused, format!("{what} cannot be sent (`{header}`)"))
        .why("it has a sign in it that no header can have, such as a line end or an é")
        .hint(hint)
}

fn is_certificate(e: &std::io::Error) -> bool {
    let text = e.to_string().to_lowercase();
    text.contains("certificate") || text.contains("tls") || text.contains("handshake")
}
