//! Putting other values into a column, and the replacements that were made before and can be made again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Engine;
use super::editing::Edited;
use super::open_job::OpenJob;
use super::opening::json;
use muster_plan::worksheet::{self, Change, locks};
use muster_roster::roster::Column;
use muster_roster::value_map::ValueMap;
use muster_rules::recipe::Step;
use muster_table::edit::{Edit, rows_of};
use muster_table::error::Result;
use muster_table::narrow::count as number;
use muster_table::words::{counted, people};

/// What values became, by the field or, where the profile knows none, the form of the column's name.
pub(super) type ValueMaps = BTreeMap<String, ValueMap>;

/// Values of a column and what each is to become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct MapValues {
    /// The column's place, counted from 0.
    pub column: u32,
    /// Each value once; pairs that change nothing are passed over.
    pub pairs: Vec<ValuePair>,
    /// Offers the same for later files of this LMS.
    pub remember: bool,
}

/// A value and what is to take its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ValuePair {
    /// A whole cell, or one of several values in it, without the blanks around it.
    pub from: String,
    /// What takes its place; empty to clear it.
    pub to: String,
}

impl Engine {
    /// Puts other values into a column, as one step.
    pub fn map_values(&self, request: MapValues) -> Result<Edited> {
        self.changing(|job, working| {
            working.step("Looking for the values", 0);
            let column = job.column_at(request.column)?.clone();
            let map: ValueMap = request
                .pairs
                .into_iter()
                .filter(|pair| !pair.from.trim().is_empty() && pair.from != pair.to)
                .map(|pair| (pair.from.trim().to_owned(), pair.to))
                .collect();
            let unlocked = job.facts().key_unlocked;
            let change = worksheet::map_values(job.roster(), &column, map.clone(), unlocked)?;
            let mut values = job.value_maps().clone();
            let mut settings = Vec::new();
            if request.remember && !map.is_empty() {
                values.entry(place(&column, job)).or_default().extend(map);
                if job.facts().account.is_none() {
                    settings.push((setting(&job.chosen().profile.id), json(&values)?));
                }
            }
            let (sentence, edits) = (change.sentence.clone(), change.edits.clone());
            self.together(job, working, &settings, |job| {
                self.commit_general_step(job, working, change, request.remember)
            })?;
            if let Some(account) = job.facts().account.filter(|_| request.remember) {
                let kept = values.clone();
                self.change_account_of(job, account, |facts| facts.values = kept)?;
            }
            job.remembers(values);
            Ok(job.edited(sentence, &edits))
        })
    }

    /// Makes all replacements again that were made in an earlier file and apply here, as one step.
    pub fn map_remembered(&self, _: ()) -> Result<Edited> {
        self.changing(|job, working| {
            let mut edits: Vec<Edit> = Vec::new();
            let applying = job.applying();
            let count: usize = applying.iter().map(|(_, map)| map.len()).sum();
            let mut general: Vec<Step> = Vec::new();
            let unlocked = job.facts().key_unlocked;
            for (column, values) in applying {
                let change = worksheet::map_values(job.roster(), &column, values, unlocked)?;
                edits.extend(change.edits);
                general.extend(change.general);
            }
            let of = people(rows_of(&edits).len());
            let values = counted(count, "value", "values");
            let sentence = format!("Replace {values} as before for {of}");
            let change = Change { sentence: sentence.clone(), edits: edits.clone(), general };
            self.commit_general_step(job, working, change, false)?;
            Ok(job.edited(sentence, &edits))
        })
    }

    /// Offers for later files what a step puts in the place of values; or no longer, because it was taken back.
    pub(super) fn offer_values(
        &self,
        job: &mut OpenJob,
        general: &[Step],
        offered: bool,
    ) -> Result<()> {
        let mut values = job.value_maps().clone();
        for step in general {
            let Step::ReplaceValues { column, values: replaced } = step else { continue };
            let columns = &job.roster().columns;
            let Some(column) = columns.iter().find(|c| c.name == *column) else { continue };
            let kept = values.entry(place(column, job)).or_default();
            match offered {
                true => kept.extend(replaced.clone()),
                false => kept.retain(|from, to| replaced.get(from) != Some(to)),
            }
        }
        let kept = values.clone();
        match job.facts().account {
            Some(account) => self.change_account_of(job, account, |facts| facts.values = kept)?,
            None => {
                let key = setting(&job.chosen().profile.id);
                self.store(|store| store.set_setting(&key, &json(&values)?))?;
            }
        }
        job.remembers(values);
        Ok(())
    }

    /// What was replaced in files of a profile.
    pub(super) fn values_of(&self, profile: &str) -> Result<ValueMaps> {
        let kept = self.store(|store| store.setting(&setting(profile)))?;
        Ok(kept.and_then(|kept| serde_json::from_value(kept).ok()).unwrap_or_default())
    }
}

fn setting(profile: &str) -> String {
    format!("values:{profile}")
}

fn place(column: &Column, job: &OpenJob) -> String {
    match job.roster().field(column.at) {
        Some(field) => format!("field:{}", field.id),
        None => format!("column:{}", column.form),
    }
}

impl OpenJob {
    /// How many values of the file were replaced in an earlier one.
    pub fn replaced_before(&self) -> u32 {
        self.applying().iter().map(|(_, map)| number(map.len())).sum()
    }

    /// The remembered replacements whose values the file has, by column. Of a column with very many different values
    /// nothing is known at once, and nothing is offered.
    pub(super) fn applying(&self) -> Vec<(Column, ValueMap)> {
        if self.value_maps().is_empty() {
            return Vec::new();
        }
        let stats = &self.checker().context().stats;
        let of_column = |column: &Column| {
            let all = self.value_maps().get(&place(column, self))?;
            let free = !column.is_secret() && self.locked(column).is_none();
            let there = all.iter().filter(|(from, to)| {
                from != to && stats[column.at].count_of(from) > 0 && !self.is_known(column, from)
            });
            let map: ValueMap = there.map(|(from, to)| (from.clone(), to.clone())).collect();
            (free && !map.is_empty()).then(|| (column.clone(), map))
        };
        self.roster().columns.iter().filter_map(of_column).collect()
    }

    fn locked(&self, column: &Column) -> Option<String> {
        locks::locked(self.roster(), column, self.facts().key_unlocked)
    }

    /// A value that its list has is right as it is.
    fn is_known(&self, column: &Column, value: &str) -> bool {
        let lists = &self.checker().context().lists;
        column.list.as_ref().and_then(|kind| lists.get(kind)).is_some_and(|list| list.has(value))
    }
}
