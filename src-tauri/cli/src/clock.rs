//! What time it is, for everything that the command does.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The day that is taken for today, ISO, so that what depends on it can be tried before, on and after a day.
const TODAY: &str = "MUSTER_TODAY";

/// Now; noon of the day that `MUSTER_TODAY` names, if it names one.
pub fn now() -> Timestamp {
    let named = std::env::var(TODAY).ok().and_then(|day| day.trim().parse::<Date>().ok());
    let noon = named.and_then(|day| day.at(12, 0, 0, 0).to_zoned_datetime(TimeZone::UTC).ok());
    noon.map_or_else(Timestamp::now, |noon| noon.timestamp())
}

/// The day, in UTC.
pub fn today() -> Date {
    now().to_zoned_datetime(TimeZone::UTC).date()
}

/// Now, as it is written into receipts: ISO 8601 in UTC, to the second.
pub fn stamp() -> String {
    now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
