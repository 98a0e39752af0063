//! A column's values and how many people have each.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxBuildHasher;

use super::Engine;
use super::open_job::OpenJob;
use super::rows::{ColumnRequest, ColumnView, ValueCount};
use super::view::Needle;
use muster_roster::profile::Unique;
use muster_roster::roster::Column;
use muster_table::error::Result;
use muster_table::narrow::count as number;

impl Engine {
    /// A column's values and their counts.
    pub fn column(&self, request: ColumnRequest) -> Result<ColumnView> {
        self.with_job(|job| {
            let column = job.column_at(request.column)?;
            let filled = job.checker().context().stats[column.at].filled;
            let (secret, about) = (column.is_secret(), job.about(column));
            let values = job.values(request.column);
            let needle = Needle::new(&request.search);
            let shown = values.iter().filter(|v| !secret && needle.is_in(&v.value));
            Ok(ColumnView {
                column: request.column,
                blanks: number(job.table().len()).saturating_sub(filled),
                distinct: number(values.len()),
                values: shown
                    .skip(request.first as usize)
                    .take(request.count as usize)
                    .cloned()
                    .collect(),
                about,
            })
        })
    }
}

impl OpenJob {
    fn values(&mut self, column: u32) -> Arc<Vec<ValueCount>> {
        if let Some((of, values)) = &self.cached().values
            && *of == column
        {
            return values.clone();
        }
        let values = Arc::new(self.count_values(column as usize));
        self.cached_mut().values = Some((column, values.clone()));
        values
    }

    fn count_values(&self, column: usize) -> Vec<ValueCount> {
        type Counts = HashMap<String, u32, FxBuildHasher>;
        const CHUNK: usize = 1 << 14;
        let table = self.table();
        let column = &self.roster().columns[column];
        let count = |mut counts: Counts, from: usize| {
            for row in (from..(from + CHUNK).min(table.len())).filter_map(|i| table.row_at(i)) {
                for value in column.values(&table.cell(row, column.at)) {
                    match counts.get_mut(value) {
                        Some(count) => *count += 1,
                        None => {
                            counts.insert(value.to_owned(), 1);
                        }
                    }
                }
            }
            counts
        };
        let join = |mut all: Counts, part: Counts| {
            for (value, count) in part {
                *all.entry(value).or_default() += count;
            }
            all
        };
        let chunks: Vec<usize> = (0..table.len()).step_by(CHUNK).collect();
        let counts =
            chunks.into_par_iter().fold(Counts::default, count).reduce(Counts::default, join);
        let list = column.list.as_ref().and_then(|kind| self.checker().context().lists.get(kind));
        let mut values: Vec<ValueCount> = counts
            .into_iter()
            .map(|(value, count)| ValueCount { known: list.map(|l| l.has(&value)), value, count })
            .collect();
        values.par_sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        values
    }

    /// What is known of a column, in plain words.
    fn about(&self, column: &Column) -> String {
        let lms = self.roster().profile.called();
        let Some(field) = self.roster().field(column.at) else {
            return match self.roster().profile.fields.is_empty() {
                true => String::new(),
                false => format!("A column of your own; {lms} has none of this name by itself."),
            };
        };
        let mut says = Vec::new();
        if !field.about.is_empty() {
            says.push(field.about.clone());
        }
        if field.value_required {
            says.push("Everybody must have a value.".into());
        }
        match field.unique {
            Some(Unique::CaseMatters) => says.push("No two people may have the same.".into()),
            Some(Unique::AnyCase) => {
                says.push("No two people may have the same, whether in upper or lower case.".into())
            }
            None => {}
        }
        if let Some(separator) = &field.separator {
            says.push(format!("Several values are joined with `{separator}`."));
        }
        if let Some(kind) = &field.list {
            let list = self.checker().context().lists.get(kind);
            says.push(match list {
                Some(list) => {
                    let count = muster_table::words::counted(list.values.len(), "value", "values");
                    format!("It may hold the {count} of the list of {kind} ({}).", list.source)
                }
                None => format!("There is no list of {kind} to compare with yet."),
            });
        }
        says.join(" ")
    }
}
