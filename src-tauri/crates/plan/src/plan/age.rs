//! From when what a plan takes the LMS to hold is, and until when that may be relied upon.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::Plan;
use muster_roster::profile::Profile;

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
        good_until(&self.profile, self.taken(at).or_else(|| day(at))?)
    }

    /// Whether the snapshot is older than is usual.
    pub fn is_old(&self) -> bool {
        self.snapshot_age.is_some_and(|days| days > self.profile.snapshot_max_age_days)
    }

    fn taken(&self, at: &str) -> Option<Date> {
        day(at)?.checked_sub(Span::new().days(i64::from(self.snapshot_age?))).ok()
    }
}

/// A kit that was made some time ago. The times are ISO 8601.
#[derive(Debug, Clone, Copy, Default)]
pub struct OldKit<'a> {
    /// When it was made.
    pub made: &'a str,
    /// When the LMS had what it was planned against; none where nobody has said.
    pub taken: Option<&'a str>,
    /// When the LMS had what is known of it by now, where that is another export.
    pub newer: Option<&'a str>,
    /// When its result was looked at last.
    pub checked: Option<&'a str>,
}

impl OldKit<'_> {
    /// Why it is not to be uploaded any more, as a sentence; none while it may be.
    pub fn is_stale(&self, profile: &Profile, today: Date) -> Option<String> {
        let told = |at: &str| day(at).map_or_else(|| at.to_owned(), written);
        if let Some(at) = self.checked {
            return Some(format!(
                "Stale: its result was checked on {}. It is not to be uploaded again.",
                told(at)
            ));
        }
        if let Some(at) = self.newer {
            return Some(format!(
                "Stale: what {} has is known from a newer export by now, of {}. Make a new kit.",
                profile.called(),
                told(at)
            ));
        }
        let until = good_until(profile, day(self.taken.unwrap_or(self.made))?)?;
        let is_old = today > until;
        is_old.then(|| {
            format!(
                "Stale: it was good until {}, as long as its snapshot was not old. Take a fresh export, and make a new kit.",
                written(until)
            )
        })
    }
}

/// The last day on which a snapshot of a day is not old.
fn good_until(profile: &Profile, taken: Date) -> Option<Date> {
    taken.checked_add(Span::new().days(i64::from(profile.snapshot_max_age_days))).ok()
}

fn day(at: &str) -> Option<Date> {
    Some(at.parse::<Timestamp>().ok()?.to_zoned_datetime(TimeZone::UTC).date())
}

/// "28 November 2026".
pub(crate) fn written(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stale(kit: OldKit, today: &str) -> Option<String> {
        let edapp = Profile::built_in("edapp").expect("built in");
        assert_eq!(edapp.snapshot_max_age_days, 31);
        kit.is_stale(&edapp, today.parse().expect("a day"))
    }

    #[test]
    fn a_kit_is_stale_when_its_snapshot_is() {
        let kit = OldKit {
            made: "2026-11-28T10:00:00Z",
            taken: Some("2026-11-20T08:00:00Z"),
            ..OldKit::default()
        };
        assert_eq!(stale(kit, "2026-12-21"), None, "on its last day");
        let why = stale(kit, "2026-12-22").expect("stale");
        assert!(why.starts_with("Stale: it was good until 21 December 2026"), "{why}");
        let unknown = OldKit { taken: None, ..kit };
        assert_eq!(stale(unknown, "2026-12-22"), None, "counted from the day it was made");
    }

    #[test]
    fn a_kit_is_stale_once_something_newer_is_known() {
        let kit = OldKit { made: "2026-11-28T10:00:00Z", ..OldKit::default() };
        let newer = stale(OldKit { newer: Some("2026-11-29T08:00:00Z"), ..kit }, "2026-11-29");
        assert_eq!(
            newer.as_deref(),
            Some(
                "Stale: what EdApp has is known from a newer export by now, of 29 November 2026. Make a new kit."
            )
        );
        let checked = stale(OldKit { checked: Some("2026-11-29T08:00:00Z"), ..kit }, "2026-11-29");
        assert!(checked.expect("stale").contains("its result was checked on 29 November 2026"));
    }
}
