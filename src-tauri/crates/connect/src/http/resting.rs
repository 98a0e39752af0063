//! A server that asks to be left alone for a while, and until when.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, ZonedDateTime};

use super::reply::Reply;
use muster_table::error::{Failure, FailureKind};

/// `Retry-After`, in seconds or as a date (RFC 9110, 10.2.3); or, where calls were too many, when they are counted anew.
pub(super) fn rest_asked(reply: &Reply) -> Option<Duration> {
    let Some(text) = reply.header("retry-after").map(|text| text.trim().to_owned()) else {
        return counted_anew(reply);
    };
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let then = time(&text)?;
    Some(Duration::from_secs(u64::try_from(then - now(reply)).unwrap_or(0)))
}

/// By the server's own clock, where it tells it: this computer's may be years away from that.
fn now(reply: &Reply) -> i64 {
    let told = reply.header("date").and_then(|date| time(date.trim()));
    told.unwrap_or_else(|| Timestamp::now().as_second())
}

fn time(text: &str) -> Option<i64> {
    Some(jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_second())
}

/// `x-ratelimit-reset`: after so many seconds; some services give the moment, in seconds since 1970.
fn counted_anew(reply: &Reply) -> Option<Duration> {
    const MOMENT: i64 = 1_000_000_000;
    let reset = reply.header("x-ratelimit-reset").filter(|_| reply.status == 429)?;
    let reset: i64 = reset.trim().parse().ok()?;
    let rest = if reset < MOMENT { reset } else { reset - now(reply) };
    Some(Duration::from_secs(u64::try_from(rest).unwrap_or(0)))
}

/// That it takes no more for now, in a sentence that says when to come back.
pub(super) fn resting(host: &str, reply: &Reply, asked: Option<Duration>) -> Failure {
    let why = match asked {
        Some(rest) => {
            format!(
                "it asks to come back {} ({})",
                when(&ZonedDateTime::now(), rest),
                reply.message()
            )
        }
        None => reply.message(),
    };
    Failure::new(FailureKind::Network, format!("`{host}` takes no more for now")).why(why).hint(
        "Try again then. What waits in the outbox stays there, and nobody in it is sent twice.",
    )
}

/// "after 14:35", by the clock of this computer; with the day where that is another one.
fn when(now: &ZonedDateTime, rest: Duration) -> String {
    /// Longer than anybody means.
    const YEARS: u64 = 10 * 366 * 24 * 3600;
    let rest = SignedDuration::from_secs(i64::try_from(rest.as_secs().min(YEARS)).unwrap_or(0));
    let Ok(then) = now.checked_add(rest) else { return "later".to_owned() };
    match then.date() == now.date() {
        true => format!("after {}", then.strftime("%H:%M")),
        false => format!("after {}", then.strftime("%H:%M on %-d %B %Y")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_until_when_a_server_wants_to_be_left_alone() {
        let now: ZonedDateTime = "2026-11-29T14:05:20[Europe/Oslo]".parse().expect("a time");
        let after = |seconds: u64| when(&now, Duration::from_secs(seconds));
        assert_eq!(after(1800), "after 14:35");
        assert_eq!(after(0), "after 14:05");
        assert_eq!(after(12 * 3600), "after 02:05 on 30 November 2026");
        assert!(after(u64::MAX).contains("2036"), "{}", after(u64::MAX));
    }
}
