//! How people and groups are read: page by page, from services that take the beginning of a page, from those that tell
//! all at once, and from those that only tell all to a search.

use std::time::Duration;

use rustc_hash::FxHashSet;
use serde_json::{Value as Json, json};

use super::names::text;
use super::{Each, Http, Lost, OnProgress, Repeat, Reply, Scim, calls, query};
use muster_table::error::{Failure, FailureKind, Result};

const SEARCH: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/// So often in a row a list has to come without a `count` and not with one, before none is asked for any more: once, a bad
/// network could be the cause.
const ENOUGH: u8 = 2;

/// How a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    Pages,
    /// All on one page, from a service that takes no other beginning.
    Whole,
    Search,
}

impl Scim {
    /// A part of a list, from its beginning so many. A service that does not get on with the `count` is asked without.
    pub fn part_of(
        &self,
        kind: &str,
        (start, count): (usize, usize),
        filter: Option<&str>,
        what: &str,
    ) -> Result<Json> {
        let filter = filter.map_or(String::new(), |f| format!("&filter={}", query(f)));
        let plain = format!("{kind}?startIndex={start}{filter}");
        if self.refused_counts.get() >= ENOUGH {
            return self.read_page(&plain, what);
        }
        let counted = format!("{kind}?startIndex={start}&count={count}{filter}");
        match self.http.once_read(&counted) {
            Ok(reply) if is_list(&reply) => {
                self.refused_counts.set(0);
                return Ok(reply.json.unwrap_or_default());
            }
            // Nothing to do with how it is asked for.
            Ok(reply) if matches!(reply.status, 401 | 403 | 404 | 410) => {
                return self.page_of(reply, what);
            }
            Ok(reply) if reply.status >= 400 && !matches!(reply.status, 429 | 503) => {
                let without = self.http.once_read(&plain).ok().filter(is_list);
                if let Some(reply) = without {
                    self.refused_counts.set(self.refused_counts.get() + 1);
                    return Ok(reply.json.unwrap_or_default());
                }
            }
            _ => {}
        }
        self.read_page(&counted, what)
    }

    pub fn read_page(&self, path: &str, what: &str) -> Result<Json> {
        self.read_well(
            |http| http.call("GET", path, &[], None, Repeat::Safe),
            |reply| self.page_of(reply, what),
        )
    }

    /// Reads again what was data, but not what was asked for: something on the way may have said it. A call that came to
    /// nothing was repeated by then.
    fn read_well<T>(
        &self,
        ask: impl Fn(&Http) -> Result<Reply, Lost>,
        read: impl Fn(Reply) -> Result<T>,
    ) -> Result<T> {
        const TRIES: u32 = 3;
        for tried in 1.. {
            match read(ask(&self.http).map_err(Lost::failure)?) {
                Err(failure) if failure.kind == FailureKind::Network && tried < TRIES => {}
                result => return result,
            }
            if !self.http.rest(Duration::from_millis(300)) {
                break;
            }
        }
        Err(super::super::http::cancelled())
    }

    fn page_of(&self, mut reply: Reply, what: &str) -> Result<Json> {
        if is_list(&reply) {
            return Ok(reply.json.take().unwrap_or_default());
        }
        match reply.status {
            // Nothing that speaks SCIM says so with a page.
            _ if reply.is_page() => Err(reply.unread(what)),
            400..=499 | 501 => Err(self.fault(&reply, &format!("{what} could not be read"))),
            _ => Err(reply.unread(what)),
        }
    }

    /// One person or group; none where it is not there any more.
    pub fn read_one(&self, path: &str, what: &str) -> Result<Option<Json>> {
        self.read_well(
            |http| http.call("GET", path, &[], None, Repeat::Safe),
            |reply| self.one_of(reply, what),
        )
    }

    fn one_of(&self, mut reply: Reply, what: &str) -> Result<Option<Json>> {
        let is_one = |json: &Json| !text(json.get("id")).is_empty();
        if reply.is_fine() && reply.json.as_ref().is_some_and(is_one) {
            return Ok(reply.json.take());
        }
        match reply.status {
            _ if reply.is_page() => Err(reply.unread(what)),
            404 | 410 => Ok(None),
            400..=499 => Err(self.fault(&reply, &format!("{what} could not be read"))),
            _ => Err(reply.unread(what)),
        }
    }

    pub fn list(&self, kind: &str, filter: Option<&str>, what: &str, each: Each) -> Result<()> {
        self.list_while(kind, filter, what, &|_, _, _| true, each)
    }

    /// Everything of a kind, each once, page by page. `each` says whether to go on.
    pub fn list_while(
        &self,
        kind: &str,
        filter: Option<&str>,
        what: &str,
        on_progress: OnProgress,
        each: Each,
    ) -> Result<()> {
        let mut seen: FxHashSet<String> = FxHashSet::default();
        let (mut way, mut start, mut total) = (self.paging.get(), 1, 0);
        for pages in 1.. {
            self.http.within(what, seen.len(), pages)?;
            if !on_progress(&format!("Asking for {what}"), seen.len(), total) {
                return Err(super::super::http::cancelled());
            }
            let count = if way == Paging::Whole { total } else { self.offered.page };
            let page = match way {
                Paging::Search => match self.search(kind, filter, what, start, count) {
                    // It was the last way to come by them, and the service does not have it.
                    Err(failure) if failure.kind == FailureKind::Refused && !seen.is_empty() => {
                        return Err(left_out_of(what, total, seen.len()));
                    }
                    page => page?,
                },
                _ => self.part_of(kind, (start, count), filter, what)?,
            };
            let says = page["totalResults"].as_u64().and_then(|n| usize::try_from(n).ok());
            let all = page["Resources"].as_array().map(Vec::as_slice).unwrap_or_default();
            let before = seen.len();
            for one in all {
                let id = text(one.get("id"));
                if id.is_empty() {
                    return Err(Failure::new(
                        FailureKind::Network,
                        format!("{what} could not be read"),
                    )
                    .why("one of them has no id")
                    .hint("Check the address, then try again."));
                }
                if seen.insert(id) && !each(one)? {
                    return Ok(());
                }
                self.http.within(what, seen.len(), pages)?;
            }
            total = says.unwrap_or(0);
            if says.is_some_and(|total| seen.len() >= total) || total == 0 && seen.len() == before {
                return Ok(());
            }
            start += all.len();
            if seen.len() > before {
                continue;
            }
            // It shows the same again, whatever page is asked for.
            (way, start) = match way {
                Paging::Pages => (Paging::Whole, 1),
                Paging::Whole => (Paging::Search, 1),
                Paging::Search => return Err(left_out_of(what, total, seen.len())),
            };
            self.paging.set(way);
        }
        Ok(())
    }

    /// A page by `.search`, which some services do in full that pass over what an address says (RFC 7644, 3.4.3).
    fn search(
        &self,
        kind: &str,
        filter: Option<&str>,
        what: &str,
        start: usize,
        count: usize,
    ) -> Result<Json> {
        let mut body = json!({ "schemas": [SEARCH], "startIndex": start, "count": count });
        if let Some(filter) = filter {
            body["filter"] = json!(filter);
        }
        let path = format!("{kind}/.search");
        let reply = self.http.call("POST", &path, &[calls::SCIM_JSON], Some(&body), Repeat::Safe);
        self.page_of(reply.map_err(Lost::failure)?, what)
    }
}

fn is_list(reply: &Reply) -> bool {
    let has = |json: &Json| json["totalResults"].is_u64() || json["Resources"].is_array();
    reply.is_fine() && reply.json.as_ref().is_some_and(has)
}

/// That a service has more than it shows.
fn left_out_of(what: &str, total: usize, shown: usize) -> Failure {
    Failure::new(FailureKind::Network, format!("{what} could not all be read"))
        .why(format!("the service speaks of {total} and shows {shown}"))
        .hint("Try again. If that stays so, ask the people who run it.")
}
