//! What a server may take of this computer's time and memory. Each limit has a name, by which a connection raises it.

use std::time::Duration;

use muster_plan::push::Target;
use muster_table::error::{Failure, FailureKind, Result};
use muster_table::words;

/// What a connection allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    /// How long a server may say nothing, where the connection says so.
    timeout: Option<Duration>,
    answer_mb: u64,
    people: u64,
    minutes: u64,
}

/// A limit: its name, what it is unless somebody says otherwise, and the most that it can be.
struct Limit(&'static str, u64, u64);

/// In seconds. Without it, it grows with what is asked for.
const TIMEOUT: Limit = Limit("timeout", 120, 86_400);
const ANSWER_MB: Limit = Limit("answer_mb", 64, 4096);
const PEOPLE: Limit = Limit("people", 200_000, 10_000_000);
const MINUTES: Limit = Limit("minutes", 15, 1440);

/// A whole list in one piece is made before the first byte of it is sent: a Moodle took 100 seconds for 30,000 people.
const SILENCE_BEFORE_A_LIST: Duration = Duration::from_secs(300);
const SILENCE_FOR_ONE: Duration = Duration::from_millis(10);
/// Data as it is worked with takes that many times the room that it takes as a text.
const UNFOLDED: u64 = 12;

impl Limits {
    /// Fails where an option of the connection is no number, or one that cannot be.
    pub fn of(target: &Target) -> Result<Limits> {
        let given = |limit: &Limit| match target.options.get(limit.0) {
            None => Ok(None),
            Some(text) => match text.trim().parse() {
                Ok(number) if (1..=limit.2).contains(&number) => Ok(Some(number)),
                _ => Err(Failure::state(format!("the option `{}` is `{text}`", limit.0))
                    .why(format!("it has to be a number from 1 to {}", limit.2))
                    .hint(format!("Leave it out, and it is {}.", limit.1))),
            },
        };
        let number = |limit: &Limit| Ok::<u64, Failure>(given(limit)?.unwrap_or(limit.1));
        Ok(Limits {
            timeout: given(&TIMEOUT)?.map(Duration::from_secs),
            answer_mb: number(&ANSWER_MB)?,
            people: number(&PEOPLE)?,
            minutes: number(&MINUTES)?,
        })
    }

    /// How long a server may say nothing. `list` is how many people are expected in one piece, where there are any.
    pub fn silence(&self, list: Option<usize>) -> Duration {
        let usual = Duration::from_secs(TIMEOUT.1);
        self.timeout.unwrap_or_else(|| match list {
            None => usual,
            Some(people) => {
                let people = u32::try_from(people).unwrap_or(u32::MAX);
                SILENCE_BEFORE_A_LIST.max(SILENCE_FOR_ONE.saturating_mul(people))
            }
        })
    }

    /// How long one answer, or a look at all people, may take.
    pub fn whole(&self) -> Duration {
        Duration::from_secs(self.minutes * 60)
    }

    /// "15 minutes at most"
    pub fn whole_in_words(&self) -> String {
        format!("{} at most", minutes(self.minutes))
    }

    /// How many bytes an answer may have.
    pub fn answer(&self) -> u64 {
        self.answer_mb << 20
    }

    /// How many bytes of memory it may become.
    pub fn unfolded(&self) -> usize {
        usize::try_from(self.answer().saturating_mul(UNFOLDED)).unwrap_or(usize::MAX)
    }

    /// Fails where a list has gone on for longer than any that an LMS has.
    pub fn list(&self, what: &str, people: usize, pages: usize) -> Result<()> {
        /// A page of fewer people than that is none.
        const FEWEST: u64 = 10;
        let most = self.people;
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let why = if count(people) > most {
            format!("they are more than {most}, and perhaps without end")
        } else if count(pages) > (most / FEWEST).max(100) {
            format!(
                "they came on more than {} pages, and perhaps without end",
                (most / FEWEST).max(100)
            )
        } else {
            return Ok(());
        };
        Err(Failure::new(FailureKind::Refused, format!("{what} could not all be read"))
            .why(why)
            .hint(raised("there are so many", &PEOPLE, most)))
    }

    pub fn too_large(&self, host: &str) -> Failure {
        Failure::new(
            FailureKind::Refused,
            format!("the answer of `{host}` was not read to its end"),
        )
        .why(format!("it has more than {} MB, and perhaps no end", self.answer_mb))
        .hint(raised("the LMS has so many people", &ANSWER_MB, self.answer_mb))
    }

    pub fn too_much(&self, host: &str) -> Failure {
        let most = self.unfolded() >> 20;
        Failure::new(FailureKind::Refused, format!("the answer of `{host}` was not taken"))
            .why(format!("what is in it would fill more than {most} MB of this computer's memory"))
            .hint(raised("the LMS has so many people", &ANSWER_MB, self.answer_mb))
    }

    pub fn too_silent(&self, host: &str, silence: Duration) -> Failure {
        Failure::new(FailureKind::Network, format!("the answer of `{host}` did not arrive"))
            .why(format!("it said nothing for {}", in_words(silence)))
            .hint(format!(
                "Check the network and the address. {}",
                raised("it needs longer to answer", &TIMEOUT, silence.as_secs())
            ))
    }

    pub fn too_long(&self, host: &str) -> Failure {
        let limit = minutes(self.minutes);
        Failure::new(FailureKind::Refused, format!("`{host}` did not tell everything in time"))
            .why(format!("it was not done after {limit}, and perhaps never is"))
            .hint(raised("it needs longer", &MINUTES, self.minutes))
    }
}

/// How a limit is raised: to twice of what it is, for one.
fn raised(when: &str, limit: &Limit, is: u64) -> String {
    let Limit(name, _, most) = *limit;
    let more = is.saturating_mul(2).min(most);
    format!(
        "If {when}, raise the limit: the option `{name}` of the connection, such as `{name}={more}`."
    )
}

fn minutes(number: u64) -> String {
    words::counted(usize::try_from(number).unwrap_or(usize::MAX), "minute", "minutes")
}

fn in_words(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds % 60 {
        0 if seconds > 0 => minutes(seconds / 60),
        _ => words::counted(usize::try_from(seconds).unwrap_or(usize::MAX), "second", "seconds"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_roster::profile::connector::SCIM;

    #[test]
    fn the_form_of_a_connection_asks_for_every_limit_and_says_what_holds_without() {
        let all = [&TIMEOUT, &MINUTES, &ANSWER_MB, &PEOPLE];
        assert_eq!(SCIM.limits().len(), all.len());
        for (Limit(name, without, _), (id, title)) in all.into_iter().zip(SCIM.limits()) {
            assert_eq!(name, id);
            let without = words::grouped(usize::try_from(*without).expect("a number"));
            assert!(title.contains(&format!("({name}; {without} if blank")), "{title}");
        }
    }
}
