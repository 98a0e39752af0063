//! Who is who where no key says so: by columns that somebody names. Whoever agrees in all of them, and nobody else does, is
//! the same; where several do, or only some of the columns agree, that is told and left to whoever reads it.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use super::pairing::{Match, Pairing};
use crate::profile::{FieldKind, header_form};
use crate::roster::Roster;
use muster_table::error::{Failure, Result};
use muster_table::narrow;

/// More people than this have a value that says of nobody who they are.
const SHARED: usize = 8;
/// So many of those whom somebody may be are listed.
const LISTED: usize = 10;

/// Somebody of the newer roster who may be one of some people of the older one, and is paired with none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Uncertain {
    /// What the person is called in the newer file.
    pub name: String,
    /// The line in the newer file.
    pub line: Option<u32>,
    /// Half a sentence: "2 people of the older file agree in all of it".
    pub why: String,
    /// How many people of the older file it may be.
    pub of: u32,
    /// The first of them.
    pub candidates: Vec<Candidate>,
}

/// Whom of the older roster somebody may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// What the person is called in the older file.
    pub name: String,
    /// The line in the older file.
    pub line: Option<u32>,
    /// Which of the named columns agree, as they were named.
    pub agree: Vec<String>,
    /// Which do not; a blank agrees with nothing.
    pub differ: Vec<String>,
}

/// Named columns, as places in one roster: a name may be in several.
type Places = Vec<Vec<usize>>;

/// A column as somebody names it: by its header, as a field of the LMS, or `name` and `email` by what they are.
fn places(roster: &Roster, words: &[String]) -> Result<Places> {
    words.iter().map(|word| place(roster, word)).collect()
}

fn place(roster: &Roster, word: &str) -> Result<Vec<usize>> {
    let form = header_form(word);
    let fields = roster.columns.iter().filter_map(|c| Some((c.at, roster.field(c.at)?)));
    let headed = roster.columns.iter().find(|c| c.form == form).map(|c| c.at);
    let is_called = |id: &str, title: &str| header_form(id) == form || header_form(title) == form;
    let known = || fields.clone().find(|(_, f)| is_called(&f.id, &f.title)).map(|(at, _)| at);
    if let Some(at) = headed.or_else(known) {
        return Ok(vec![at]);
    }
    let mut parts: Vec<(u8, usize)> = Vec::new();
    match form.as_str() {
        "name" => {
            parts = roster.columns.iter().map(|c| (c.name_part, c.at)).collect();
            parts.retain(|(part, _)| *part > 0);
            parts.sort_unstable();
        }
        "email" => {
            let email = roster.columns.iter().find(|c| {
                let of_other = roster.field(c.at).is_some_and(|f| f.refers_to.is_some());
                c.kind == FieldKind::Email && !of_other
            });
            parts.extend(email.map(|c| (1, c.at)));
        }
        _ => {}
    }
    if parts.is_empty() {
        let names: Vec<String> = roster.table.names().iter().map(|n| format!("`{n}`")).collect();
        return Err(Failure::state(format!("there is no column `{word}`"))
            .hint(format!("There are {}.", muster_table::words::listed(&names))));
    }
    Ok(parts.into_iter().map(|(_, at)| at).collect())
}

/// What counts of a value: without stray spaces, whatever the capitals.
fn form_in(roster: &Roster, row: u32, columns: &[usize]) -> String {
    let cells: Vec<Cow<str>> = columns.iter().map(|&at| roster.table.cell(row, at)).collect();
    let words = cells.iter().flat_map(|cell| cell.split_whitespace());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

fn forms(roster: &Roster, places: &Places) -> Vec<(u32, Vec<String>)> {
    let of = |row| (row, places.iter().map(|columns| form_in(roster, row, columns)).collect());
    roster.table.rows().map(of).collect()
}

/// What pairing by columns comes to.
pub(super) struct ByColumns {
    pub pairing: Pairing,
    pub uncertain: Vec<Uncertain>,
    /// Rows of the newer and of the older roster in which none of the columns is filled.
    pub blank: (Vec<u32>, Vec<u32>),
}

/// Pairs two rosters by the named columns.
pub(super) fn pair(old: &Roster, new: &Roster, words: &[String]) -> Result<ByColumns> {
    let (of_old, of_new) = (places(old, words)?, places(new, words)?);
    let (olds, news) = (forms(old, &of_old), forms(new, &of_new));
    let is_blank = |forms: &[String]| forms.iter().all(String::is_empty);
    let is_whole = |forms: &[String]| forms.iter().all(|form| !form.is_empty());

    // Rows by all that was named.
    let by_all = |rows: &[(u32, Vec<String>)]| {
        let mut all: FxHashMap<Vec<String>, Vec<u32>> = FxHashMap::default();
        for (row, forms) in rows.iter().filter(|(_, forms)| is_whole(forms)) {
            all.entry(forms.clone()).or_default().push(*row);
        }
        all
    };
    let (old_by_all, new_by_all) = (by_all(&olds), by_all(&news));
    let mut paired: FxHashMap<u32, u32> = FxHashMap::default();
    for (forms, rows) in &new_by_all {
        if let ([row], Some([was])) = (&rows[..], old_by_all.get(forms).map(Vec::as_slice)) {
            paired.insert(*row, *was);
        }
    }
    let taken: FxHashSet<u32> = paired.values().copied().collect();

    // Of those who are left, who has what in each single column.
    let mut by_one: Vec<FxHashMap<&str, Vec<u32>>> = vec![FxHashMap::default(); words.len()];
    let left = || olds.iter().filter(|(row, _)| !taken.contains(row));
    for (row, forms) in left() {
        for (index, form) in by_one.iter_mut().zip(forms).filter(|(_, form)| !form.is_empty()) {
            index.entry(form).or_default().push(*row);
        }
    }
    let old_forms: FxHashMap<u32, &Vec<String>> = olds.iter().map(|(row, f)| (*row, f)).collect();
    let mut found: FxHashMap<u32, Match> = FxHashMap::default();
    let mut uncertain = Vec::new();
    let mut doubtful: FxHashSet<u32> = FxHashSet::default();
    let mut blank = (Vec::new(), Vec::new());
    for (row, forms) in &news {
        if let Some(was) = paired.get(row) {
            found.insert(*row, Match::Row(*was));
            continue;
        }
        if is_blank(forms) {
            blank.0.push(*row);
            continue;
        }
        let all = old_by_all.get(forms).filter(|_| is_whole(forms));
        let mut may_be: Vec<u32> = all.cloned().unwrap_or_default();
        if may_be.is_empty() {
            let having = by_one.iter().zip(forms).filter_map(|(index, form)| index.get(&**form));
            may_be = having.filter(|rows| rows.len() <= SHARED).flatten().copied().collect();
            may_be.sort_unstable();
            may_be.dedup();
        }
        if may_be.is_empty() {
            found.insert(*row, Match::Unmatched);
            continue;
        }
        doubtful.extend(&may_be);
        let candidate = |was: &u32| {
            let agrees = |at: usize| !forms[at].is_empty() && old_forms[was][at] == forms[at];
            let (agree, differ): (Vec<usize>, Vec<usize>) =
                (0..words.len()).partition(|&at| agrees(at));
            let named = |places: Vec<usize>| places.into_iter().map(|at| words[at].clone());
            Candidate {
                name: old.name(*was),
                line: old.table.line(*was),
                agree: named(agree).collect(),
                differ: named(differ).collect(),
            }
        };
        let twice = new_by_all.get(forms).map_or(0, Vec::len);
        uncertain.push(Uncertain {
            name: new.name(*row),
            line: new.table.line(*row),
            why: why(all.map_or(0, Vec::len), twice, may_be.len()),
            of: narrow::count(may_be.len()),
            candidates: may_be.iter().take(LISTED).map(candidate).collect(),
        });
    }
    let state = |row: u32, forms: &[String]| {
        if taken.contains(&row) {
            Some(true)
        } else if doubtful.contains(&row) || is_blank(forms) {
            None
        } else {
            Some(false)
        }
    };
    blank.1.extend(left().filter(|(_, forms)| is_blank(forms)).map(|(row, _)| *row));
    let matches = news.iter().map(|(row, _)| found.get(row).copied().unwrap_or(Match::Blank));
    let states = olds.iter().map(|(row, forms)| (*row, state(*row, forms)));
    let pairing = Pairing::told(matches.collect(), states.collect());
    Ok(ByColumns { pairing, uncertain, blank })
}

fn why(whole: usize, twice: usize, may_be: usize) -> String {
    match (whole, may_be) {
        (0, 1) => "only a part of it agrees".to_owned(),
        (0, n) => format!("a part of it agrees with {n} people of the older file"),
        (1, _) => format!("{twice} rows of the newer file agree in all of it"),
        (n, _) => format!("{n} people of the older file agree in all of it"),
    }
}
