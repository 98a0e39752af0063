//! Calls over HTTP: what is safe to repeat is repeated, unless it can only come to the same; rests are kept, time and
//! memory have limits, and what went wrong is said in words.
//!
//! An address that leads elsewhere is not followed, so that no token reaches another host.
//!
//! backon repeats calls too, but knows no third outcome beside done and failed: sent, and nobody knows what became of it.
#![expect(clippy::disallowed_methods, reason = "connectors are where the network is touched")]

mod address;
pub(crate) mod blanking;
pub(crate) mod limits;
mod lost;
mod readings;
mod reply;
mod resting;
mod stopping;
#[cfg(test)]
mod tests;
mod unfolding;
pub(crate) mod watch;

use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use ureq::http::{HeaderMap, HeaderValue, Request, header};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, AsSendBody, Body as Answer, Proxy};
use url::Url;

pub(crate) use address::{query, segment};
pub(crate) use blanking::said;
pub(crate) use lost::Lost;
pub(crate) use reply::Reply;

use lost::{Again, Missed};
use muster_plan::push::{Target, is_this_machine};
use muster_table::error::{Failure, FailureKind, Result};
use watch::{Patience, Watch};

const TRIES: u32 = 5;
/// A page in place of data is asked for once more: what stands between may have been passing.
const TRIES_OF_A_PAGE: u32 = 2;
/// Longer rests are not kept: the push waits in the outbox instead, and can be left there.
const LONGEST_REST: Duration = Duration::from_secs(60);
/// A server that said nothing for so long will say nothing.
const LONGEST_SILENCE: Duration = Duration::from_secs(240);

pub(super) struct Http {
    agent: Agent,
    base: Url,
    headers: Vec<(&'static str, String)>,
    watch: Watch,
}

/// What kind of text is sent, and the text.
type Body = (&'static str, String);

/// A status, the headers, and the body as it came.
type Exchanged = (u16, HeaderMap, Vec<u8>);

/// Whether a call that may have been carried out can be made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    /// It only reads, or doing it twice is the same as once.
    Safe,
    /// It would make something twice.
    Once,
}

/// What is asked.
struct Call<'c> {
    method: &'c str,
    path: &'c str,
    more: &'c [(&'c str, &'c str)],
    body: Option<Body>,
    repeat: Repeat,
    /// A page is an answer too.
    takes_pages: bool,
}

impl Call<'_> {
    fn reads(&self) -> bool {
        self.method == "GET"
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
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(Duration::from_secs(15)))
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

    /// The next calls of this look are answered with so many people in one piece, as far as that is known: a server
    /// may be silent for minutes before it.
    pub fn expects(&self, people: usize) {
        self.watch.expects(people);
    }

    /// Fails where a list of so many people, on so many pages, has no end.
    pub fn within(&self, what: &str, people: usize, pages: usize) -> Result<()> {
        self.watch.limits().list(what, people, pages)
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
        self.repeated(&Call { method, path, more, body, repeat, takes_pages: false })
    }

    /// Asks for what need not be there: whatever is answered says as much, and so does a page.
    pub fn glance(&self, path: &str) -> Result<Reply, Lost> {
        let (more, body, repeat) = (&[], None, Repeat::Safe);
        self.repeated(&Call { method: "GET", path, more, body, repeat, takes_pages: true })
    }

    /// Asks once, whatever is answered: for what can be asked in another way too.
    pub fn once_read(&self, path: &str) -> Result<Reply, Lost> {
        let (more, body, repeat) = (&[], None, Repeat::Safe);
        let call = Call { method: "GET", path, more, body, repeat, takes_pages: false };
        self.once(&call).map_err(|missed| missed.lost)
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
        let body = Some(("application/x-www-form-urlencoded", text));
        self.repeated(&Call { method: "POST", path, more: &[], body, repeat, takes_pages: false })
    }

    /// A call that only reads, of which the answer has to be JSON.
    pub fn get(&self, path: &str, what: &str) -> Result<Json> {
        self.call("GET", path, &[], None, Repeat::Safe).map_err(Lost::failure)?.json(what)
    }

    fn repeated(&self, call: &Call) -> Result<Reply, Lost> {
        let mut pause = Duration::from_millis(400);
        let mut silence = Duration::ZERO;
        for attempt in 1.. {
            if self.stopped() {
                return Err(Lost::NotSent(cancelled()));
            }
            let result = self.once(call);
            let last = attempt >= TRIES;
            let rest = match result {
                Ok(reply) if matches!(reply.status, 429 | 503) => {
                    let asked = resting::rest_asked(&reply);
                    if last || asked.is_some_and(|rest| rest > LONGEST_REST) {
                        return Err(Lost::NotSent(resting::resting(self.host(), &reply, asked)));
                    }
                    // A full server says so before it does anything, if it says when to come back.
                    if reply.status == 503 && asked.is_none() && call.repeat == Repeat::Once {
                        return Err(Lost::Unknown(self.unclear(&reply, false)));
                    }
                    asked.unwrap_or(pause)
                }
                Ok(reply) if call.takes_pages && reply.status < 500 => return Ok(reply),
                // A wrong path, or somebody who may not come in: that stays so.
                Ok(reply) if (400..500).contains(&reply.status) && reply.is_page() => {
                    if call.reads() {
                        return Ok(reply);
                    }
                    return Err(Lost::Unknown(self.unclear(&reply, call.repeat == Repeat::Safe)));
                }
                Ok(reply) if reply.is_unclear() => {
                    let is_page = reply.is_fine() && reply.is_page();
                    let enough = last || (is_page && attempt >= TRIES_OF_A_PAGE);
                    if enough && call.takes_pages {
                        return Ok(reply);
                    }
                    if enough || call.repeat == Repeat::Once {
                        let failure = self.unclear(&reply, call.repeat == Repeat::Safe);
                        return Err(Lost::Unknown(failure));
                    }
                    pause
                }
                Ok(reply) => return Ok(reply),
                Err(Missed { lost, again }) => {
                    if let Again::AfterSilence(more) = again {
                        silence += more;
                    }
                    let may = call.repeat == Repeat::Safe || matches!(lost, Lost::NotSent(_));
                    if last || again == Again::Never || silence >= LONGEST_SILENCE || !may {
                        return Err(lost);
                    }
                    pause
                }
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

    fn once(&self, call: &Call) -> Result<Reply, Missed> {
        let internal = |e: &dyn std::fmt::Display| {
            Missed::not_sent(Failure::internal("a call could not be made").why(e))
        };
        let address = address::below(&self.base, call.path).map_err(Missed::not_sent)?;
        let mut request = Request::builder()
            .method(call.method)
            .uri(address.as_str())
            .header(header::ACCEPT, "application/json, application/scim+json");
        let own = self.headers.iter().map(|(name, value)| (*name, value.as_str()));
        for (name, value) in own.chain(call.more.iter().copied()) {
            // One with other letters would be taken here, and break the call.
            let value = HeaderValue::from_str(value).ok().filter(|value| value.to_str().is_ok());
            let value = value.ok_or_else(|| Missed::not_sent(lost::unsendable(name)))?;
            request = request.header(name, value);
        }
        let named = |name: &str| call.more.iter().any(|(n, _)| n.eq_ignore_ascii_case(name));
        if let Some((kind, _)) = call.body.as_ref().filter(|_| !named("content-type")) {
            request = request.header(header::CONTENT_TYPE, *kind);
        }
        let (status, headers, bytes) = match &call.body {
            Some((_, text)) => {
                self.exchanged(request.body(text.as_str()).map_err(|e| internal(&e))?)?
            }
            None => self.exchanged(request.body(()).map_err(|e| internal(&e))?)?,
        };
        Reply::read(self.host(), status, headers, bytes, self.watch.limits())
            .map_err(|failure| Missed::unknown(failure, Again::Never))
    }

    /// Sends a request and reads the answer, within the limits of time and size.
    fn exchanged(&self, request: Request<impl AsSendBody>) -> Result<Exchanged, Missed> {
        let Some(Patience { silence, whole }) = self.watch.patience() else {
            return Err(Missed::unknown(self.watch.limits().too_long(self.host()), Again::Never));
        };
        let request = self
            .agent
            .configure_request(request)
            .timeout_per_read(Some(silence))
            .timeout_per_write(Some(silence))
            .timeout_global(Some(whole))
            .build();
        let result = stopping::unless_stopped(&self.agent, &self.watch, || {
            let mut response = self.agent.run(request).map_err(|e| self.missed(e, silence))?;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            self.remember_session(&headers);
            if (300..400).contains(&status) && status != 304 {
                return Err(Missed::not_sent(self.elsewhere(&headers)));
            }
            let bytes = self.bytes(response.body_mut());
            let bytes = bytes.map_err(|e| self.missed(e, silence).after_sending())?;
            Ok((status, headers, bytes))
        });
        match result {
            // What it was cut by is no fault of the network.
            Err(_) if self.stopped() => Err(Missed::unknown(cancelled(), Again::Never)),
            result => result,
        }
    }

    fn bytes(&self, answer: &mut Answer) -> Result<Vec<u8>, ureq::Error> {
        let most = self.watch.limits().answer();
        if let Some(length) = answer.content_length().filter(|length| *length > most) {
            return Err(ureq::Error::BodyExceedsLimit(length));
        }
        answer.with_config().limit(most).read_to_vec()
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
