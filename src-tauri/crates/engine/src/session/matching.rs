//! Which column is which field: what is settled, what is guessed, and what the person chose.

use serde::{Deserialize, Serialize};

use super::completing::TakenBack;
use super::open_job::OpenJob;
use super::{Engine, opening::json};
use crate::session::job::JobView;
use muster_plan::worksheet::{self, Sources};
use muster_roster::profile::{Use, Uses, header_form};
use muster_roster::roster::Column;
use muster_rules::column_matching::{Guess, MatchSource, guesses};
use muster_table::error::{Failure, Result};
use muster_table::narrow::count as number;
use muster_table::words::MASK;

/// The columns of the file beside the fields of the LMS.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Mapping {
    /// All columns of the file, in its order.
    pub columns: Vec<MappedColumn>,
    /// All fields of the profile, in its order.
    pub fields: Vec<MappedField>,
    /// What the LMS does with a column that it does not know, as a sentence; blank where nobody says.
    pub unknown: String,
    /// The LMS makes such a column into a field for everybody.
    pub creates: bool,
    /// How the columns differ from those of the snapshot, each a sentence.
    pub drift: Vec<String>,
}

/// A column, and what it is used as.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct MappedColumn {
    /// Its place, counted from 0.
    pub column: u32,
    /// Its header, as the file has it.
    pub name: String,
    /// What it is used as now, or would be if the guess is right; none where nobody has said.
    pub used: Option<Use>,
    /// How that came about; none for a column of its own.
    pub how: Option<MatchSource>,
    /// Whether that is certain; a guess changes nothing until it is confirmed.
    pub sure: bool,
    /// "All values look like e-mail addresses."
    pub evidence: String,
    /// Its first different values, at most three.
    pub samples: Vec<String>,
    /// How many of its cells are not blank.
    pub filled: u32,
}

/// A field that a column can be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct MappedField {
    /// By which the profile names it: `email`.
    pub id: String,
    /// What it is called: "E-mail".
    pub title: String,
    /// How its column is headed in what the LMS is sent.
    pub header: String,
    /// Whether its column has to be there.
    pub needed: bool,
}

/// What a column is to be used as; none for what its name says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct UseColumn {
    /// The column's place, counted from 0.
    pub column: u32,
    /// A field, a column of its own, or left out.
    pub used: Option<Use>,
}

impl Engine {
    /// What each column is used as, with guesses for those that nobody has said anything about.
    pub fn mapping(&self, _: ()) -> Result<Mapping> {
        self.with_job(|job| Ok(job.mapping()))
    }

    /// Says what columns are used as, here and in later files of this LMS.
    pub fn set_mapping(&self, request: Vec<UseColumn>) -> Result<JobView> {
        let key = self.join_key(&request)?;
        self.set_uses(|job| {
            let mut uses = job.uses().clone();
            for UseColumn { column, used } in request {
                let form = job.column_at(column)?.form.clone();
                match used {
                    // Of a key of several columns the one that they come to is the key.
                    Some(used) if key.is_none() || !is_key(&used) => uses.insert(form, used),
                    _ => uses.remove(&form),
                };
            }
            if let Some(key) = key {
                uses.retain(|_, used| !is_key(used));
                uses.insert(header_form(&key), Use::Field { field: KEY.to_owned() });
            }
            Ok(uses)
        })
    }

    /// Adds the column that several say together who somebody is, where more than one was said to; answers with what it is
    /// called.
    fn join_key(&self, request: &[UseColumn]) -> Result<Option<String>> {
        self.changing(|job, working| {
            let said: Vec<&UseColumn> =
                request.iter().filter(|c| c.used.as_ref().is_some_and(is_key)).collect();
            if said.len() < 2 || !job.chosen().profile.fields.is_empty() {
                return Ok(None);
            }
            let name = |said: &&UseColumn| Ok(job.column_at(said.column)?.name.clone());
            let names = said.iter().map(name).collect::<Result<Vec<String>>>()?;
            let key = worksheet::joined_name(&names);
            if !job.table().names().contains(&key) {
                let change = worksheet::joining(&names, job.table())
                    .ok_or_else(|| Failure::internal("a column that was chosen is not there"))?;
                self.make_change(job, working, change)?;
            }
            Ok(Some(key))
        })
    }

    pub(super) fn set_uses(&self, uses: impl FnOnce(&OpenJob) -> Result<Uses>) -> Result<JobView> {
        self.rebuild_and_complete(TakenBack::StaysOut, |job, _| {
            let uses = uses(job)?;
            job.must_be_clear(&uses)?;
            let kept = uses.clone();
            let keep = move |job: &mut OpenJob| match job.facts().account {
                Some(account) => self.change_account_of(job, account, |facts| facts.columns = kept),
                None => self.keep_uses(&job.chosen().profile.id, &kept),
            };
            Ok((move |sources: &mut Sources| sources.uses = uses, keep))
        })
    }

    pub(super) fn keep_uses(&self, profile: &str, uses: &Uses) -> Result<()> {
        let (place, kept) = uses_kept(profile, uses)?;
        self.store(|store| store.set_setting(&place, &kept))
    }

    /// What columns were chosen to be used as in files of a profile.
    pub(super) fn uses_of(&self, profile: &str) -> Result<Uses> {
        let kept = self.store(|store| store.setting(&place(profile)))?;
        Ok(kept.and_then(|kept| serde_json::from_value(kept).ok()).unwrap_or_default())
    }
}

/// What the column is called that says who somebody is, in a list of no LMS that Muster knows.
const KEY: &str = "key";

fn is_key(used: &Use) -> bool {
    *used == Use::Field { field: KEY.to_owned() }
}

/// How the store keeps what columns are used as in files of a profile.
pub(super) fn uses_kept(profile: &str, uses: &Uses) -> Result<(String, serde_json::Value)> {
    Ok((place(profile), json(uses)?))
}

fn place(profile: &str) -> String {
    format!("columns:{profile}")
}

impl OpenJob {
    /// How many columns look like fields that the file lacks.
    pub fn guessed(&mut self) -> u32 {
        if let Some(guessed) = self.cached().guessed {
            return guessed;
        }
        let guessed = number(guesses(self.checker().context()).len());
        self.cached_mut().guessed = Some(guessed);
        guessed
    }

    fn mapping(&self) -> Mapping {
        let context = self.checker().context();
        let (roster, profile) = (self.roster(), &self.roster().profile);
        let guesses = guesses(context);
        let header = |n: usize| {
            let snapshot = context.snapshot.as_ref();
            let had = snapshot.and_then(|s| s.columns.iter().find(|c| c.field == Some(n)));
            had.map_or_else(|| profile.fields[n].headers[0].clone(), |c| c.name.clone())
        };
        let fields = profile.fields.iter().enumerate().map(|(n, field)| MappedField {
            id: field.id.clone(),
            title: field.title.clone(),
            header: header(n),
            needed: field.column_required,
        });
        let own = context.snapshot.as_ref().map_or(&[][..], |snapshot| &snapshot.columns);
        let own = own
            .iter()
            .filter(|c| !c.form.is_empty() && !profile.fields.iter().any(|f| f.is_headed(&c.form)))
            .map(|c| MappedField {
                id: c.name.clone(),
                title: c.name.clone(),
                header: c.name.clone(),
                needed: false,
            });
        // Of a list of no LMS that Muster knows somebody says which columns are what.
        let roles = worksheet::ROLES.iter().map(|(role, title)| MappedField {
            id: (*role).to_owned(),
            title: (*title).to_owned(),
            header: (*title).to_owned(),
            needed: false,
        });
        let fields: Vec<MappedField> = match self.chosen().profile.fields.is_empty() {
            true => roles.collect(),
            false => fields.chain(own).collect(),
        };
        Mapping {
            columns: roster.columns.iter().map(|c| self.mapped(c, &guesses)).collect(),
            fields,
            unknown: profile.columns.unknown.clone(),
            creates: profile.columns.creates,
            drift: self.drift(),
        }
    }

    fn mapped(&self, column: &Column, guesses: &[Guess]) -> MappedColumn {
        let roster = self.roster();
        let guess = guesses.iter().find(|guess| guess.column == column.at);
        let as_field = |n: usize| Use::Field { field: roster.profile.fields[n].id.clone() };
        let (used, how) = match (&column.used, column.field, guess) {
            (Some(used), _, _) if self.uses().contains_key(&column.form) => {
                (Some(used.clone()), Some(MatchSource::Chosen))
            }
            (Some(used), _, _) => (Some(used.clone()), Some(MatchSource::Synonym)),
            (None, Some(field), _) => (Some(as_field(field)), Some(MatchSource::Name)),
            (None, None, Some(guess)) => (Some(as_field(guess.field)), Some(guess.how)),
            (None, None, None) => (None, None),
        };
        MappedColumn {
            column: number(column.at),
            name: column.name.clone(),
            used,
            how,
            sure: how.is_none_or(MatchSource::is_sure),
            evidence: guess.map_or(String::new(), |guess| guess.evidence.clone()),
            samples: self.samples(column),
            filled: self.checker().context().stats[column.at].filled,
        }
    }

    fn samples(&self, column: &Column) -> Vec<String> {
        const FIRST: usize = 500;
        const SHOWN: usize = 3;
        let mut samples: Vec<String> = Vec::new();
        for row in self.table().rows().take(FIRST) {
            let cell = self.table().cell(row, column.at);
            let cell = if column.is_secret() && !cell.is_empty() { MASK.into() } else { cell };
            if !cell.trim().is_empty() && !samples.iter().any(|s| *s == cell) {
                samples.push(cell.into_owned());
            }
            if samples.len() == SHOWN {
                break;
            }
        }
        samples
    }

    fn drift(&self) -> Vec<String> {
        let Some(snapshot) = &self.checker().context().snapshot else { return Vec::new() };
        let columns = muster_roster::diff::Columns::of(snapshot, self.roster());
        let named = |columns: &[usize], of: &[String]| {
            let names: Vec<String> = columns.iter().map(|&at| format!("`{}`", of[at])).collect();
            names.join(", ")
        };
        let mut drift = Vec::new();
        if !columns.added.is_empty() {
            let names = named(&columns.added, self.table().names());
            drift.push(format!("Not in the last snapshot: {names}"));
        }
        if !columns.removed.is_empty() {
            let names = named(&columns.removed, snapshot.table.names());
            drift.push(format!("Only in the last snapshot: {names}"));
        }
        if !columns.pairs.iter().map(|pair| pair.old).is_sorted() {
            drift.push("The columns stand in another order than in the last snapshot.".into());
        }
        drift
    }

    /// Whether only the snapshot has a column of this name: the account's own, which no profile knows.
    fn is_own_column(&self, name: &str) -> bool {
        let snapshot = self.checker().context().snapshot.as_ref();
        snapshot.is_some_and(|snapshot| snapshot.columns.iter().any(|c| c.name == name))
    }

    fn both_said(&self, names: &[String], uses: &Uses, used: &Use) -> Option<String> {
        let is_it = |name: &&String| uses.get(&header_form(name)) == Some(used);
        let mut columns = names.iter().filter(is_it);
        let (first, second) = (columns.next()?, columns.next()?);
        Some(format!("`{first}` and `{second}` cannot both be one column of the LMS"))
    }

    /// No two columns of the file may be one field.
    fn must_be_clear(&self, uses: &Uses) -> Result<()> {
        let names = self.table().names();
        let mut profile = self.roster().profile.clone();
        if self.chosen().profile.fields.is_empty() {
            profile =
                worksheet::with_roles(&self.chosen().profile, &worksheet::roles_of(uses, names));
        }
        for used in uses.values() {
            let Use::Field { field } = used else { continue };
            // What was said of a column of another file waits for that one.
            if self.chosen().profile.fields.is_empty()
                && worksheet::is_role(field)
                && profile.field(field).is_none()
            {
                continue;
            }
            let what = match profile.field(field) {
                Some(about) => worksheet::both_are(names, about, uses),
                None if self.is_own_column(field) => self.both_said(names, uses, used),
                None => return Err(Failure::state(format!("there is no field `{field}`"))),
            };
            if let Some(what) = what {
                return Err(Failure::state(what)
                    .hint("Say of one of them that it is a column of its own, or leave it out."));
            }
        }
        Ok(())
    }
}
