//! What a plan is made with: the profile as a connector carries it out, who is meant, how old the snapshot is.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::plan::{self, ChangedThere, Only, Plan, Protected};
use muster_roster::profile::connector::{Connector, KIT};
use muster_roster::profile::{Choices, Profile};
use muster_rules::checker::Checker;
use muster_table::error::Result;

/// What a plan is asked for.
#[derive(Debug, Clone)]
pub struct PlanFor {
    /// By what it is sent; none for the upload kit.
    pub connector: Option<&'static Connector>,
    /// What was answered to the questions of the profile.
    pub choices: Choices,
    /// Who is to be in the file. Sent one by one, somebody with nothing to change is nothing to send.
    pub only: Only,
    /// How many days ago the snapshot was taken, where that is known.
    pub snapshot_age: Option<u32>,
    /// Who is not taken away.
    pub protected: Protected,
    /// What somebody else changed in the LMS, and the list does not follow.
    pub there: ChangedThere,
}

/// Says what the LMS would do to each person. The list has to be read through the profile [`carried_by`] the connector.
pub fn plan(checker: &Checker, asked: PlanFor) -> Plan {
    make(checker, asked, None)
}

/// The same of some of the people, for a kit of their own. `rows` finds them in the plan of all.
pub fn plan_of_part(
    checker: &Checker,
    asked: PlanFor,
    rows: impl FnOnce(&Plan) -> BTreeSet<u32>,
) -> Plan {
    let all = make(checker, asked.clone(), None);
    let rows = rows(&all);
    make(checker, asked, Some(rows))
}

fn make(checker: &Checker, asked: PlanFor, part: Option<BTreeSet<u32>>) -> Plan {
    let PlanFor { connector, choices, only, snapshot_age, protected, there } = asked;
    let connector = connector.unwrap_or(&KIT);
    let only = if connector.is_one_by_one() { Only::Changed } else { only };
    let options = plan::PlanOptions { choices, only, snapshot_age, part, protected, there };
    plan::make(checker, connector, &options)
}

/// A profile as a connector carries it out; as it is for the upload kit. Fails where it does not say what goes where there.
pub fn carried_by(
    profile: &Arc<Profile>,
    connector: Option<&'static Connector>,
) -> Result<Arc<Profile>> {
    match connector {
        Some(connector) => profile.for_connector(connector),
        None => Ok(profile.clone()),
    }
}

/// How many days of the calendar the second of two times is after the first, both in seconds since 1970 began, in UTC as
/// days are told; none if its day is before.
pub fn days_between(then: i64, now: i64) -> Option<u32> {
    const DAY: i64 = 86_400;
    u32::try_from(now.div_euclid(DAY) - then.div_euclid(DAY)).ok()
}
