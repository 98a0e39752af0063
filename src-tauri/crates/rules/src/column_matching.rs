//! Which columns look like fields that the file lacks: by a similar name, or by their values. A guess, told with what it
//! rests on.

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::rules::{CheckContext, column_guess};
use muster_roster::profile::{Field, FieldKind};
use muster_roster::roster::Column;
use muster_table::narrow;
use muster_table::words::counted;

/// How many people are looked at; the first of a list tell what a column holds.
const LOOKED_AT: usize = 2_000;

/// Fewer values than this say nothing.
const LEAST: usize = 2;

/// How a column came to be a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(rename_all = "lowercase")]
pub enum MatchSource {
    /// Its name says so.
    Name,
    /// Its name means the same.
    Synonym,
    /// Somebody chose it.
    Chosen,
    /// Its name is nearly that of the field: a guess.
    Similar,
    /// Its values look like it: a guess.
    Content,
}

impl MatchSource {
    /// Whether it is no guess.
    pub fn is_sure(self) -> bool {
        matches!(self, MatchSource::Name | MatchSource::Synonym | MatchSource::Chosen)
    }
}

/// A column that looks like a field that the file lacks.
#[derive(Debug, Clone, PartialEq)]
pub struct Guess {
    /// Where the column stands in the file, counted from 0.
    pub column: usize,
    /// The field's place in the profile.
    pub field: usize,
    /// What it was guessed by: [`MatchSource::Similar`] or [`MatchSource::Content`].
    pub how: MatchSource,
    /// What it rests on, as part of a sentence.
    pub evidence: String,
}

/// A guess for each column and field that look like each other and like nothing else.
pub fn guesses(context: &CheckContext) -> Vec<Guess> {
    let fields: Vec<(usize, &Field)> = lacking(context).collect();
    let columns: Vec<&Column> =
        context.roster.columns.iter().filter(|c| is_open(context, c)).collect();
    if fields.is_empty() || columns.is_empty() {
        return Vec::new();
    }
    let named: Vec<Guess> =
        columns.iter().filter_map(|column| by_name(context, column, &fields)).collect();
    let taken = |field: usize| named.iter().any(|g| g.field == field);
    let mut pairs: Vec<(Strength, Guess)> = Vec::new();
    for column in columns.iter().filter(|c| !named.iter().any(|g| g.column == c.at)) {
        let values = values(context, column);
        if values.len() < LEAST {
            continue;
        }
        for &(n, field) in fields.iter().filter(|(n, _)| !taken(*n)) {
            if let Some((strength, evidence)) = resembles(context, &values, n, field) {
                let (column, how) = (column.at, MatchSource::Content);
                pairs.push((strength, Guess { column, field: n, how, evidence }));
            }
        }
    }
    let mut found = named;
    found.extend(only_pairs(pairs));
    found.sort_by_key(|guess| guess.column);
    found
}

/// The fields that no column is and that a file may be searched for.
fn lacking(context: &CheckContext) -> impl Iterator<Item = (usize, &Field)> {
    let roster = &context.roster;
    let there = |n: usize| roster.columns.iter().any(|c| c.field == Some(n));
    roster.profile.fields.iter().enumerate().filter(move |(n, f)| !there(*n) && f.is_sought())
}

/// Whether nobody has said yet what a column is. One that the snapshot has too is the account's own.
fn is_open(context: &CheckContext, column: &Column) -> bool {
    column.field.is_none()
        && column.used.is_none()
        && !column.form.is_empty()
        && !column_guess::is_known_by_snapshot(context, column)
        && !context.roster.profile.has_in_family(&column.name)
}

fn by_name(context: &CheckContext, column: &Column, fields: &[(usize, &Field)]) -> Option<Guess> {
    let meant = column_guess::closest_field(context, column)?;
    column_guess::column_for(context, meant)?;
    let (field, _) = fields.iter().find(|(_, field)| field.id == meant.id)?;
    let evidence = format!("its name is nearly `{}`", meant.headers[0]);
    Some(Guess { column: column.at, field: *field, how: MatchSource::Similar, evidence })
}

fn values(context: &CheckContext, column: &Column) -> Vec<String> {
    let table = &context.roster.table;
    let rows = table.rows().take(LOOKED_AT);
    let cells = rows.map(|row| table.cell(row, column.at).trim().to_owned());
    cells.filter(|cell| !cell.is_empty()).collect()
}

/// What a likeness rests on, the stronger the greater: the snapshot, a list, the form of the values; and their share.
type Strength = (u8, u32);

fn resembles(
    context: &CheckContext,
    values: &[String],
    n: usize,
    field: &Field,
) -> Option<(Strength, String)> {
    let share = |of: usize| narrow::count(of * 1000 / values.len());
    let of_snapshot = in_snapshot(context, values, n);
    if share(of_snapshot) >= 500 && of_snapshot >= LEAST {
        let lms = context.roster.profile.called();
        let evidence = format!("{} in {lms} under this name", how_many(of_snapshot, values));
        return Some(((3, share(of_snapshot)), evidence));
    }
    let same = |a: &str, b: &str| a == b || a.to_lowercase() == b.to_lowercase();
    let parts = |value: &str| -> Vec<String> {
        let by = field.separator.as_deref().and_then(|s| s.trim().chars().next());
        value.split(|c| Some(c) == by).map(|v| v.trim().to_owned()).collect()
    };
    let list = field.list.as_ref().and_then(|kind| Some((kind, context.lists.get(kind)?)));
    let on_list = match (&list, field.choices.as_slice()) {
        (Some((_, list)), _) => count(values, |v| parts(v).iter().all(|v| list.has(v))),
        (None, []) => 0,
        (None, words) => count(values, |v| words.iter().any(|word| same(word, v))),
    };
    if share(on_list) >= 800 {
        let what = match list {
            Some((kind, _)) => format!("on the list of {kind}"),
            None => "words that it takes".to_owned(),
        };
        return Some(((2, share(on_list)), format!("{} {what}", how_many(on_list, values))));
    }
    let (like, what) = match field.kind {
        FieldKind::Email => (count(values, is_email), "like e-mail addresses"),
        FieldKind::Date => (count(values, is_date), "like dates"),
        _ => return None,
    };
    let (all, verb) = if like == values.len() { ("all values", "look") } else { ("most", "look") };
    (share(like) >= 900).then(|| ((1, share(like)), format!("{all} {verb} {what}")))
}

fn how_many(of: usize, values: &[String]) -> String {
    if of == values.len() {
        return format!("all {} are", counted(of, "value", "values"));
    }
    format!("{of} of {} are", counted(values.len(), "value", "values"))
}

fn count(values: &[String], like: impl Fn(&str) -> bool) -> usize {
    values.iter().filter(|value| like(value)).count()
}

/// How many of the values the snapshot has in the field's column; nobody is said to be like a column of one value.
fn in_snapshot(context: &CheckContext, values: &[String], field: usize) -> usize {
    let Some(snapshot) = &context.snapshot else { return 0 };
    let Some(column) = snapshot.columns.iter().find(|c| c.field == Some(field)) else { return 0 };
    let had: FxHashSet<String> = snapshot
        .table
        .rows()
        .map(|row| snapshot.table.cell(row, column.at).trim().to_lowercase())
        .filter(|cell| !cell.is_empty())
        .collect();
    if had.len() < LEAST {
        return 0;
    }
    count(values, |value| had.contains(&value.to_lowercase()))
}

fn is_email(value: &str) -> bool {
    let Some((local, domain)) = value.split_once('@') else { return false };
    !local.is_empty() && domain.contains('.') && !domain.contains('@') && !value.contains(' ')
}

fn is_date(value: &str) -> bool {
    let parts: Vec<&str> = value.split(['-', '/', '.']).collect();
    let numbers = parts.iter().all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()));
    parts.len() == 3 && numbers && (6..=10).contains(&value.len())
}

/// The pairs in which each is the other's best and only match.
fn only_pairs(mut pairs: Vec<(Strength, Guess)>) -> Vec<Guess> {
    pairs.sort_by_key(|(strength, _)| std::cmp::Reverse(*strength));
    let mut found: Vec<Guess> = Vec::new();
    while let Some((best, first)) = pairs.first().cloned() {
        let rival = |(strength, g): &&(Strength, Guess)| {
            *strength == best && (g.column == first.column) != (g.field == first.field)
        };
        let open = pairs.iter().any(|pair| rival(&pair));
        // Two that would do equally well are left to whoever knows.
        if open {
            let tied: Vec<Guess> =
                pairs.iter().filter(rival).map(|(_, g)| g.clone()).chain([first.clone()]).collect();
            pairs.retain(|(_, g)| !tied.iter().any(|t| t.column == g.column || t.field == g.field));
            continue;
        }
        pairs.retain(|(_, g)| g.column != first.column && g.field != first.field);
        found.push(first);
    }
    found
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use muster_roster::lists::{List, Lists};
    use muster_roster::profile::Profile;
    use muster_roster::roster::Roster;
    use muster_table::table::Table;

    fn context(file: &str, snapshot: Option<&str>, lists: Lists) -> CheckContext {
        let profile = Arc::new(Profile::built_in("edapp").expect("built in"));
        let roster =
            |text: &str| Roster::read(Table::from_text(text).expect("read"), profile.clone());
        CheckContext::new(roster(file), snapshot.map(roster), lists)
    }

    fn told(context: &CheckContext) -> Vec<String> {
        let told = |g: Guess| {
            let column = &context.roster.columns[g.column].name;
            let field = &context.roster.profile.fields[g.field].id;
            format!("{column} → {field}: {}", g.evidence)
        };
        guesses(context).into_iter().map(told).collect()
    }

    #[test]
    fn a_similar_name_and_values_of_the_right_form_are_guesses_with_a_reason() {
        let file = "usernme,Contact\nada,ada@example.com\nbo,bo@example.com\n";
        assert_eq!(
            told(&context(file, None, Lists::new())),
            [
                "usernme → username: its name is nearly `username (optional)`",
                "Contact → email: all values look like e-mail addresses",
            ]
        );
    }

    #[test]
    fn values_that_the_lms_has_under_a_name_say_more_than_their_form() {
        let file = "Person,Crew,Mail A,Mail B\nada,Sales,x@example.com,a@example.com\n\
            bo,Ops,y@example.com,b@example.com\ncy,Ops,z@example.com,c@example.com\n";
        let snapshot = "email,username,usergroups\na@example.com,ada,\nb@example.com,bo,\n";
        let groups = List::new(["Sales".to_owned(), "Ops".into()], "a list", Some("2026".into()));
        let lists = Lists::from_iter([("groups".to_owned(), groups)]);
        assert_eq!(
            told(&context(file, Some(snapshot), lists)),
            [
                "Person → username: 2 of 3 values are in EdApp under this name",
                "Crew → usergroups: all 3 values are on the list of groups",
                "Mail B → email: 2 of 3 values are in EdApp under this name",
            ]
        );
    }

    #[test]
    fn of_two_columns_that_would_do_neither_is_guessed() {
        let file =
            "A,B,username\na@example.com,b@example.com,ada\nc@example.com,d@example.com,bo\n";
        assert_eq!(told(&context(file, None, Lists::new())), [""; 0]);
        // What the account has of its own is not searched.
        let own = "A,username,email\na@example.com,ada,a@example.com\n";
        let file = "A,username\na@example.com,ada\nc@example.com,bo\n";
        assert_eq!(told(&context(file, Some(own), Lists::new())), [""; 0]);
    }
}
