//! When a plan is held.

use super::Told;
use crate::plan::guard_kinds;
use muster_roster::profile::{GuardSetting, Profile};
use muster_table::words;

/// The holds that it takes more than is usual for.
pub fn told(told: &mut Told, profile: &Profile, base: Option<&Profile>) {
    for (id, people, percent) in guard_kinds() {
        let set = |profile: &Profile| {
            let GuardSetting { people: own, percent: own_percent } =
                profile.guards.get(id).copied().unwrap_or_default();
            (own.unwrap_or(people), own_percent.unwrap_or(percent))
        };
        let (now, before) = (set(profile), base.map_or((people, percent), set));
        if now.0 > before.0 || now.1 > before.1 {
            told.softens(format!(
                "The hold `{id}` waits for more: {}, in place of {}.",
                limit(now),
                limit(before)
            ));
        } else if now != before {
            told.differs(format!("The hold `{id}` waits for less: {}.", limit(now)));
        }
    }
    let usual = base.map_or(31, |base| base.snapshot_max_age_days);
    let now = profile.snapshot_max_age_days;
    if now > usual {
        told.softens(format!("A snapshot counts as old after {now} days, in place of {usual}."));
    } else if now != usual {
        told.differs(format!("A snapshot counts as old after {now} days."));
    }
}

fn limit((people, percent): (u32, u32)) -> String {
    match percent {
        0 => format!("more than {}", words::people(people as usize)),
        _ => {
            let percent = words::grouped(percent as usize);
            format!("more than {} and {percent} % of all", words::people(people as usize))
        }
    }
}
