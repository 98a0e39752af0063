//! From tables to a list that was looked at: the same way whoever opens it.

use std::sync::Arc;

use jiff::civil::Date;

use muster_roster::lists::Lists;
use muster_roster::profile::{Choices, Field, Profile, Use, Uses, header_form, matching};
use muster_roster::roster::Roster;
use muster_rules::checker::Checker;
use muster_rules::rules::Scene;
use muster_table::error::Outcome;
use muster_table::going::{GoOn, stopped};
use muster_table::table::Table;

/// A list and what the LMS had, read through one profile.
pub struct Rosters {
    pub roster: Roster,
    pub snapshot: Option<Roster>,
}

impl Rosters {
    /// Reads both. `uses` are what columns were said to be used as; the others are read by their names, and the older
    /// file's as those of the newer.
    pub fn read(
        table: Table,
        snapshot: Option<Table>,
        profile: &Arc<Profile>,
        uses: &Uses,
        go_on: GoOn,
    ) -> Outcome<Rosters> {
        let older = snapshot.as_ref().map_or(&[][..], Table::names);
        let uses = matching::settled(table.names(), profile, uses, older);
        let of_older = matching::of_older(older, profile, &uses);
        let look = || if go_on(0) { Ok(()) } else { Err(stopped()) };
        look()?;
        let snapshot = snapshot.map(|table| Roster::read(table, profile.matched(of_older)));
        look()?;
        Ok(Rosters { roster: Roster::read(table, profile.matched(uses)), snapshot })
    }

    /// Looks at everything.
    pub fn check(
        self,
        lists: Lists,
        choices: Choices,
        today: Option<Date>,
        go_on: GoOn,
    ) -> Outcome<Checker> {
        let mut scene = Scene::new_while(self.roster, self.snapshot, lists, go_on);
        scene.choices = choices;
        scene.today = today;
        Checker::new(scene, go_on)
    }
}

/// That two columns of a file are one field, in a sentence; none where at most one is.
pub fn both_are(names: &[String], field: &Field, uses: &Uses) -> Option<String> {
    let is_it = |name: &&String| {
        let form = header_form(name);
        match uses.get(&form) {
            Some(used) => matches!(used, Use::Field { field: id } if *id == field.id),
            None => field.is_headed(&form),
        }
    };
    let mut columns = names.iter().filter(is_it);
    let (first, second) = (columns.next()?, columns.next()?);
    Some(format!("`{first}` and `{second}` cannot both be {}", field.title))
}
