//! From when what a plan takes the LMS to hold is, and until when that may be relied upon.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::Plan;

impl Plan {
    /// Where it comes from, as a sentence: no LMS was asked. `at` is when it is told, ISO 8601.
    pub fn worked_out(&self, at: &str) -> String {
        let lms = self.profile.called();
        if self.basis.has_nobody {
            return format!(
                "Worked out here: {lms} is said to have nobody yet, and was not asked."
            );
        }
        match self.taken(at) {
            Some(day) => {
                format!("Worked out here from an export of {}; {lms} was not asked.", written(day))
            }
            None => format!("Worked out here from an export; {lms} was not asked."),
        }
    }

    /// The last day on which a kit of it should be uploaded: after that the snapshot is old.
    pub fn good_until(&self, at: &str) -> Option<Date> {
        let taken = self.taken(at).or_else(|| day(at))?;
        taken.checked_add(Span::new().days(i64::from(self.profile.snapshot_max_age_days))).ok()
    }

    /// Whether the snapshot is older than is usual.
    pub fn is_old(&self) -> bool {
        self.snapshot_age.is_some_and(|days| days > self.profile.snapshot_max_age_days)
    }

    fn taken(&self, at: &str) -> Option<Date> {
        day(at)?.checked_sub(Span::new().days(i64::from(self.snapshot_age?))).ok()
    }
}

fn day(at: &str) -> Option<Date> {
    Some(at.parse::<Timestamp>().ok()?.to_zoned_datetime(TimeZone::UTC).date())
}

/// "28 November 2026".
pub(crate) fn written(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}
