//! Which columns look like fields that a file lacks.

use super::Scene;
use muster_roster::profile::{Field, header_form};
use muster_roster::roster::Column;

/// The fields of the profile that no column of the file is.
pub fn lacking(scene: &Scene) -> impl Iterator<Item = &Field> {
    let roster = &scene.roster;
    let there = |n: usize| roster.columns.iter().any(|c| c.field == Some(n));
    roster.profile.fields.iter().enumerate().filter(move |(n, _)| !there(*n)).map(|(_, f)| f)
}

/// The field that a column without one is probably meant to be: its name is one or two letters off, or contains the
/// field's. None where two fields would do.
pub fn meant<'s>(scene: &'s Scene, column: &Column) -> Option<&'s Field> {
    let settled = column.field.is_some() || column.used.is_some();
    if settled || column.form.is_empty() || is_known_by_snapshot(scene, column) {
        return None;
    }
    let nearest = lacking(scene)
        .filter_map(|field| Some((nearness(field, &column.form)?, field)))
        .collect::<Vec<_>>();
    let least = nearest.iter().map(|(n, _)| *n).min()?;
    let mut best = nearest.into_iter().filter(|(n, _)| *n == least);
    let (_, field) = best.next()?;
    best.next().is_none().then_some(field)
}

/// The column of the snapshot, none of the profile's fields, that a new column is probably meant to be: its name is one
/// or two letters off, and nobody else's.
pub fn meant_own<'s>(scene: &'s Scene, column: &Column) -> Option<&'s Column> {
    let gone = |was: &&Column| {
        was.field.is_none() && !was.form.is_empty() && !scene.twins.contains(&Some(was.at))
    };
    if column.field.is_some() || column.form.is_empty() || scene.twins[column.at].is_some() {
        return None;
    }
    let near = |was: &&Column| off(&was.form, &column.form).is_some();
    let mut all = scene.snapshot.as_ref()?.columns.iter().filter(gone).filter(near);
    all.next().filter(|_| all.next().is_none())
}

/// The column that is probably meant to be one of the snapshot's, where there is only one.
pub fn column_for_own<'s>(scene: &'s Scene, was: &Column) -> Option<&'s Column> {
    let is_it = |c: &&Column| meant_own(scene, c).is_some_and(|own| own.at == was.at);
    let mut columns = scene.roster.columns.iter().filter(is_it);
    columns.next().filter(|_| columns.next().is_none())
}

/// How a column is headed that a column without a field is probably meant to be.
pub fn meant_name<'s>(scene: &'s Scene, column: &Column) -> Option<&'s str> {
    let field = meant(scene, column).map(|field| field.headers[0].as_str());
    field.or_else(|| meant_own(scene, column).map(|own| own.name.as_str()))
}

/// A column that the snapshot has too is one of the account's own.
pub fn is_known_by_snapshot(scene: &Scene, column: &Column) -> bool {
    scene.roster.profile.columns.custom && scene.twins[column.at].is_some()
}

/// The column that is probably meant to be a lacking field, where there is only one.
pub fn column_for<'s>(scene: &'s Scene, field: &Field) -> Option<&'s Column> {
    let mut columns = scene
        .roster
        .columns
        .iter()
        .filter(|column| meant(scene, column).is_some_and(|f| f.id == field.id));
    let column = columns.next()?;
    columns.next().is_none().then_some(column)
}

fn nearness(field: &Field, form: &str) -> Option<usize> {
    let near = |header: &String| {
        let header = header_form(header);
        off(&header, form).or_else(|| {
            let (long, short) =
                if form.len() > header.len() { (form, &*header) } else { (&*header, form) };
            (short.len() >= 5 && long.contains(short)).then_some(FAR)
        })
    };
    field.headers.iter().filter_map(near).min()
}

/// Further off than any slip.
const FAR: usize = 3;

/// How many letters a name is off, where it may be a slip.
fn off(header: &str, form: &str) -> Option<usize> {
    let most = if header.chars().count() >= 6 { 2 } else { 1 };
    let distance = strsim::osa_distance(header, form);
    (distance <= most).then_some(distance)
}
