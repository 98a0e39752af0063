//! What time it is, for everything that the command does.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use muster_engine::error::{Failure, Result};

/// The day that is taken for today, ISO, so that what depends on it can be tried before, on and after a day.
const TODAY: &str = "MUSTER_TODAY";

/// Refuses a day that there is not: the real one would be taken instead, and nobody would know.
pub fn must_be_a_day() -> Result<()> {
    match std::env::var(TODAY) {
        Ok(day) if !day.is_empty() && day.trim().parse::<Date>().is_err() => {
            Err(Failure::state(format!("`{day}` is no day"))
                .why(format!("`{TODAY}` is to be one, such as 2026-11-28"))
                .hint(format!("Put a day there, or take `{TODAY}` away.")))
        }
        _ => Ok(()),
    }
}

/// The day that `MUSTER_TODAY` names, if it names one.
fn named() -> Option<Date> {
    std::env::var(TODAY).ok().and_then(|day| day.trim().parse().ok())
}

/// Now; noon of the day that `MUSTER_TODAY` names, if it names one.
pub fn now() -> Timestamp {
    let noon = named().and_then(|day| day.at(12, 0, 0, 0).to_zoned_datetime(TimeZone::UTC).ok());
    noon.map_or_else(Timestamp::now, |noon| noon.timestamp())
}

/// The day where this computer is: a last day ends there, and not in Greenwich.
pub fn today() -> Date {
    let here = || Timestamp::now().to_zoned_datetime(TimeZone::system()).date();
    named().unwrap_or_else(here)
}

/// Now, as it is written into receipts: ISO 8601 in UTC, to the second.
pub fn stamp() -> String {
    now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
