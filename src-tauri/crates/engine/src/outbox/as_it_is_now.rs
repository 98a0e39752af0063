//! What the LMS has once a push is through, as its export has it: what is kept as the next snapshot.

use super::RunResult;
use super::remembered::Remembered;
use muster_connect::{RemotePerson, fetched};
use muster_roster::profile::{Field, Profile};
use muster_roster::roster::Roster;
use muster_store::outbox::OrderRecord;
use muster_table::error::Result;
use muster_table::format::text;
use muster_table::table::{Cut, Table};

/// What there was before, by the last snapshot, and what the push changed; none where nobody could look. What others did
/// meanwhile is no change of the list's: taken for what there was before, it would be undone by the next push, and whoever
/// they made would be a leaver, and whoever they deleted somebody new. The next fetch shows it.
pub(crate) fn as_it_is_now(
    profile: &Profile,
    snapshot: Option<&Roster>,
    (result, orders): (&RunResult, &[OrderRecord]),
) -> Result<Option<Table>> {
    let Some(found) = &result.people else { return Ok(None) };
    let connector = result.push.target.connector()?;
    let there = found.iter().zip(&result.exported).filter(|(_, out)| **out).map(|(e, _)| e);
    let remembered = Remembered::of(profile, snapshot, connector).with(orders);
    let gone = remembered.gone(found);
    let there = there.filter(|entry| remembered.is_ours(entry) || remembered.is_known(entry));
    let there: Vec<&RemotePerson> = there.chain(&gone).collect();
    let known = |field: &Field, entry: &RemotePerson| remembered.value(field, entry);
    let instead = |field: &Field, entry: &RemotePerson| {
        if remembered.is_ours(entry) { None } else { remembered.before(field, entry) }
    };
    let untold = &result.untold;
    let bytes = fetched::as_export_but(profile, connector, &there, untold, &known, &instead)?;
    table_of_export(bytes).map(Some)
}

/// A fetched roster, read as a file of its own.
pub(crate) fn table_of_export(bytes: Vec<u8>) -> Result<Table> {
    Table::read(text::decode(bytes, None)?, Cut::default(), &mut |_| true)
}
