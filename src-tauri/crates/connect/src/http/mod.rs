//! Calls over HTTP: what is safe to repeat is repeated, rests are kept, and what went wrong is said in words.
//!
//! An address that leads elsewhere is not followed, so that no token reaches another host.
//!
//! backon repeats calls too, but knows no third outcome beside done and failed: sent, and nobody knows what became of it.
#![expect(clippy::disallowed_methods, reason = "connectors are where the network is touched")]

pub(crate) mod blanking;
mod readings;
#[cfg(test)]
mod tests;

use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use ureq::http::{HeaderMap, Request, header};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Proxy, Timeout};
use url::Url;

use super::watch::Watch;
use muster_plan::push::{Target, is_this_machine};
use muster_table::error::{Failure, FailureKind, Result};

/// How long to wait for an answer unless the connection says otherwise.
const PATIENCE: Duration = Duration::from_secs(120);
const TRIES: u32 = 5;
/// Longer rests are not kept: the push waits in the outbox instead.
const LONGEST_REST: Duration = Duration::from_secs(600);
/// A server that does not know such a call says so before it does anything.
const NOT_IMPLEMENTED: u16 = 501;
const LARGEST_ANSWER: u64 = 512 << 20;

pub(super) struct Http {
    agent: Agent,
    base: Url,
    headers: Vec<(&'static str, String)>,
    watch: Watch,
}

/// An answer, whatever its status.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    /// None where the body is no JSON, as a proxy's page is not.
    pub json: Option<Json>,
    pub text: String,
}

/// What kind of text is sent, and the text.
type Body = (&'static str, String);

/// Why there is no answer.
#[derive(Debug, Clone)]
pub(super) enum Lost {
    /// The call surely had no effect.
    NotSent(Failure),
    /// It may have had one.
    Unknown(Failure),
}

/// Whether a call that may have been carried out can be made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    /// It only reads, or doing it twice is the same as once.
    Safe,
    /// It would make something twice.
    Once,
}

impl Lost {
    pub fn failure(self) -> Failure {
        match self {
            Lost::NotSent(failure) | Lost::Unknown(failure) => failure,
        }
    }
}

impl Reply {
    pub fn is_fine(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The JSON of an answer that has to be one.
    pub fn json(self, what: &str) -> Result<Json> {
        match self.json {
            Some(json) if (200..300).contains(&self.status) => Ok(json),
            _ => Err(Failure::new(FailureKind::Network, format!("{what} could not be read"))
                .why(self.message())
                .hint("Check the address, then try again.")),
        }
    }

    /// What the server said in its own words. What must not be told of it is left out by whoever hands it on.
    pub fn message(&self) -> String {
        let text = match &self.json {
            Some(_) => self.text.trim().to_owned(),
            None if self.text.trim_start().starts_with('<') => title_of(&self.text),
            None => self.text.trim().to_owned(),
        };
        if text.is_empty() {
            format!("it answered {} and nothing else", self.status)
        } else {
            format!("it answered {}: {text}", self.status)
        }
    }
}

impl Http {
    pub fn new(target: &Target, watch: Watch) -> Result<Http> {
        let mut base = target.url()?;
        // What is asked for lies below the address.
        if !base.path().ends_with('/') {
            let path = format!("{}/", base.path());
            base.set_path(&path);
        }
        let patience = target.options.get("timeout").and_then(|text| text.parse().ok());
        let patience = patience.map_or(PATIENCE, Duration::from_secs);
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(Duration::from_secs(15)))
            .timeout_global(Some(patience))
            .user_agent(concat!("Muster/", env!("CARGO_PKG_VERSION")))
            .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build());
        config = if is_this_machine(&base) {
            config.proxy(None)
        } else {
            config.https_only(true).proxy(Proxy::try_from_env())
        };
        Ok(Http { agent: config.build().new_agent(), base, headers: Vec::new(), watch })
    }

    /// A header that goes with every call.
    pub fn with_header(mut self, name: &'static str, value: String) -> Http {
        self.headers.push((name, value));
        self
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        let jar = self.agent.cookie_jar_lock();
        let host = self.base.host_str()?;
        let cookie = jar.get(host, "/", name)?;
        Some(cookie.value().to_owned())
    }

    pub fn stopped(&self) -> bool {
        self.watch.stopped()
    }

    /// Makes a call and waits for its answer. `path` is taken from the address of the connection on.
    pub fn call(
        &self,
        method: &str,
        path: &str,
        more: &[(&str, &str)],
        body: Option<&Json>,
        repeat: Repeat,
    ) -> Result<Reply, Lost> {
        let body = body.map(|json| ("application/json", json.to_string()));
        self.repeated(method, path, more, body.as_ref(), repeat)
    }

    /// Posts fields as a form does. What is secret among them is in no address, and so in no server's log.
    pub fn form(
        &self,
        path: &str,
        fields: &[(String, String)],
        repeat: Repeat,
    ) -> Result<Reply, Lost> {
        let text =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let body = ("application/x-www-form-urlencoded", text);
        self.repeated("POST", path, &[], Some(&body), repeat)
    }

    fn repeated(
        &self,
        method: &str,
        path: &str,
        more: &[(&str, &str)],
        body: Option<&Body>,
        repeat: Repeat,
    ) -> Result<Reply, Lost> {
        let mut pause = Duration::from_millis(400);
        for attempt in 1.. {
            if self.stopped() {
                return Err(Lost::NotSent(cancelled()));
            }
            let result = self.once(method, path, more, body);
            let last = attempt >= TRIES;
            let rest = match &result {
                Ok(reply) if reply.status == 429 || reply.status == 503 => {
                    let asked = rest_asked(reply);
                    if last || asked.is_some_and(|rest| rest > LONGEST_REST) {
                        return Err(Lost::NotSent(self.resting(reply, asked)));
                    }
                    // A full server says so before it does anything, if it says when to come back.
                    if reply.status == 503 && asked.is_none() && repeat == Repeat::Once {
                        return Err(Lost::Unknown(self.unclear(reply)));
                    }
                    asked.unwrap_or(pause)
                }
                Ok(reply) if is_unclear(reply) => {
                    if last || repeat == Repeat::Once {
                        return Err(Lost::Unknown(self.unclear(reply)));
                    }
                    pause
                }
                Ok(_) => return result,
                Err(Lost::NotSent(failure)) if last || failure.kind != FailureKind::Network => {
                    return result;
                }
                Err(Lost::Unknown(_)) if last || repeat == Repeat::Once => return result,
                Err(_) => pause,
            };
            // Rests that differ, so that many do not come back at the same moment.
            let most = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX) / 4;
            let jitter = Duration::from_millis(fastrand::u64(0..=most));
            if !self.rest(rest + jitter) {
                return Err(Lost::NotSent(cancelled()));
            }
            pause *= 2;
        }
        Err(Lost::NotSent(Failure::internal("a call was not made")))
    }

    /// A call that only reads, of which the answer has to be JSON.
    pub fn get(&self, path: &str, what: &str) -> Result<Json> {
        self.call("GET", path, &[], None, Repeat::Safe).map_err(Lost::failure)?.json(what)
    }

    fn once(
        &self,
        method: &str,
        path: &str,
        more: &[(&str, &str)],
        body: Option<&Body>,
    ) -> Result<Reply, Lost> {
        let internal = |e: &dyn std::fmt::Display| {
            Lost::NotSent(Failure::internal("a call could not be made").why(e))
        };
        let address = self.base.join(path).map_err(|e| internal(&e))?;
        let mut request = Request::builder()
            .method(method)
            .uri(address.as_str())
            .header(header::ACCEPT, "application/json, application/scim+json");
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        for (name, value) in more {
            request = request.header(*name, *value);
        }
        let named = |name: &str| more.iter().any(|(n, _)| n.eq_ignore_ascii_case(name));
        if let Some((kind, _)) = body.filter(|_| !named("content-type")) {
            request = request.header(header::CONTENT_TYPE, *kind);
        }
        let sent = match body {
            Some((_, text)) => {
                self.agent.run(request.body(text.as_str()).map_err(|e| internal(&e))?)
            }
            None => self.agent.run(request.body(()).map_err(|e| internal(&e))?),
        };
        let mut response = sent.map_err(|e| self.lost(e))?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        self.remember_session(&headers);
        if (300..400).contains(&status) && status != 304 {
            return Err(Lost::NotSent(self.elsewhere(&headers)));
        }
        let read = response.body_mut().with_config().limit(LARGEST_ANSWER).read_to_vec();
        let bytes = read.map_err(|e| match self.lost(e) {
            // It was surely sent: the answer had begun.
            Lost::NotSent(failure) | Lost::Unknown(failure) => Lost::Unknown(failure),
        })?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Ok(Reply { status, headers, json: serde_json::from_str(&text).ok(), text })
    }

    /// Whoever has what a session goes by is signed in.
    fn remember_session(&self, headers: &HeaderMap) {
        const FEWEST: usize = 8;
        for cookie in headers.get_all(header::SET_COOKIE) {
            let value = cookie.to_str().unwrap_or_default().split(';').next();
            let value = value.and_then(|pair| pair.split_once('=')).map_or("", |(_, value)| value);
            if value.len() >= FEWEST {
                self.watch.blanking().also(value);
            }
        }
    }

    fn lost(&self, cause: ureq::Error) -> Lost {
        use std::io::ErrorKind as K;
        use ureq::Error as E;
        let host = self.base.host_str().unwrap_or_default();
        let what = format!("`{host}` could not be reached");
        let network = |why: &str, hint: &str| {
            Failure::new(FailureKind::Network, what.clone()).why(why).hint(hint)
        };
        const LATER: &str = "Check the network and the address. What waits is sent later.";
        let cut = || {
            Lost::Unknown(
                Failure::new(
                    FailureKind::Network,
                    format!("the answer of `{host}` did not arrive"),
                )
                .why("the connection was cut")
                .hint(LATER),
            )
        };
        match cause {
            E::HostNotFound => Lost::NotSent(network("no computer of this name was found", LATER)),
            E::ConnectionFailed => Lost::NotSent(network("nobody answers there", LATER)),
            E::Timeout(Timeout::Resolve | Timeout::Connect) => {
                Lost::NotSent(network("nobody answers there", LATER))
            }
            E::Timeout(_) => Lost::Unknown(
                Failure::new(
                    FailureKind::Network,
                    format!("the answer of `{host}` did not arrive"),
                )
                .why("it took too long")
                .hint(LATER),
            ),
            E::Io(e) => match e.kind() {
                K::ConnectionRefused => Lost::NotSent(network("nobody answers there", LATER)),
                K::HostUnreachable | K::NetworkUnreachable | K::NetworkDown => {
                    Lost::NotSent(network("there is no network", LATER))
                }
                _ if is_certificate(&e) => Lost::NotSent(self.distrusted(&e)),
                _ => cut(),
            },
            E::Tls(_) | E::Rustls(_) => Lost::NotSent(self.distrusted(&cause)),
            E::RequireHttpsOnly(_) => Lost::NotSent(
                Failure::new(FailureKind::Refused, what).why("it would go without encryption"),
            ),
            _ => cut(),
        }
    }

    fn distrusted(&self, cause: &dyn std::fmt::Display) -> Failure {
        let host = self.base.host_str().unwrap_or_default();
        Failure::new(FailureKind::Refused, format!("`{host}` cannot be trusted: nothing was sent"))
            .why(format!("its certificate is not accepted by this computer ({cause})"))
            .hint("Check the address. If it is right, ask the people who run it, or your IT.")
    }

    fn elsewhere(&self, headers: &HeaderMap) -> Failure {
        let there = headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
        let there = there.and_then(|to| self.base.join(to).ok());
        let to = there.map_or("another place".to_owned(), |url| {
            format!("`{}{}`", url.origin().ascii_serialization(), url.path())
        });
        Failure::new(FailureKind::Refused, format!("the address leads to {to}"))
            .why("a token is never sent on to another address")
            .hint("If that is the right place, put its address into the connection.")
    }

    fn unclear(&self, reply: &Reply) -> Failure {
        let host = self.base.host_str().unwrap_or_default();
        Failure::new(FailureKind::Network, format!("`{host}` gave no clear answer"))
            .why(reply.message())
            .hint("It is asked again what it has before anything is sent once more.")
    }

    fn resting(&self, reply: &Reply, asked: Option<Duration>) -> Failure {
        let host = self.base.host_str().unwrap_or_default();
        let wait = match asked {
            Some(rest) => format!("it asks for a rest of {} seconds", rest.as_secs()),
            None => reply.message(),
        };
        Failure::new(FailureKind::Network, format!("`{host}` takes no more for now"))
            .why(wait)
            .hint("What waits is sent later.")
    }

    /// Rests, unless it is told to stop.
    pub fn rest(&self, how_long: Duration) -> bool {
        let end = Instant::now() + how_long;
        loop {
            if self.stopped() {
                return false;
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            thread::sleep(left.min(Duration::from_millis(100)));
        }
    }
}

pub(super) fn cancelled() -> Failure {
    Failure::new(FailureKind::Cancelled, "it was stopped")
}

/// An answer that does not say whether the call was carried out: a server's own fault, or a page of something between.
fn is_unclear(reply: &Reply) -> bool {
    let garbled = reply.json.is_none() && !reply.text.trim().is_empty();
    let own_fault = reply.status >= 500 && reply.status != NOT_IMPLEMENTED;
    own_fault || (garbled && (reply.is_fine() || reply.text.trim_start().starts_with('<')))
}

/// `Retry-After`, in seconds or as a date (RFC 9110, 10.2.3).
fn rest_asked(reply: &Reply) -> Option<Duration> {
    let text = reply.header("retry-after")?.trim().to_owned();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let then = jiff::fmt::rfc2822::parse(&text).ok()?.timestamp().as_second();
    let now = jiff::Timestamp::now().as_second();
    Some(Duration::from_secs(u64::try_from(then - now).unwrap_or(0)))
}

fn is_certificate(e: &std::io::Error) -> bool {
    let text = e.to_string().to_lowercase();
    text.contains("certificate") || text.contains("tls") || text.contains("handshake")
}

fn title_of(page: &str) -> String {
    let after = |tag: &str| page.split_once(tag).map(|(_, rest)| rest);
    let title = after("<title>").or_else(|| after("<h1>")).and_then(|rest| rest.split('<').next());
    title.map_or("a page instead of data".to_owned(), |title| format!("a page, “{}”", title.trim()))
}
