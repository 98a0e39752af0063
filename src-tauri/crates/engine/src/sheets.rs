//! Which sheet of a workbook is the list of people, where nobody said it: the one whose columns an LMS has, else one that
//! says who somebody is, else the one that lay open when the workbook was saved.

use muster_roster::profile::{candidates, synonyms};
use muster_table::error::Result;
use muster_table::reading::{self, OnProgress, Read, ReadAs};
use muster_table::words::listed;

use crate::profiles::built_in;

/// Of so many sheets the columns are looked at; a workbook of more is no list of people with some notes beside it.
const MOST: usize = 12;

/// How well a sheet's columns are those of people: how many of them one LMS has, and how many say who somebody is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fit(usize, bool);

impl Fit {
    fn of(read: &Read) -> Fit {
        let names = read.table.names();
        let known = candidates(names, built_in().iter().map(|profile| &**profile));
        let known = known.first().map_or(0, |found| found.known);
        let who = names.iter().any(|name| synonyms::says_who(name));
        Fit(known, who && !read.table.is_empty())
    }
}

/// [`reading::read_bytes`], with the sheet that fits, and the others named.
pub fn read(bytes: Vec<u8>, name: &str, asked: &ReadAs, on_progress: OnProgress) -> Result<Read> {
    let is_workbook = muster_table::format::xlsx::kind_of(&bytes).is_some();
    if asked.sheet.is_some() || !is_workbook {
        return reading::read_bytes(bytes, name, asked, on_progress);
    }
    let of = |sheet: &str| {
        let asked = ReadAs { sheet: Some(sheet.to_owned()), ..asked.clone() };
        reading::read_bytes(bytes.clone(), name, &asked, on_progress)
    };
    let first = reading::read_bytes(bytes.clone(), name, asked, on_progress);
    let sheets = match &first {
        Ok(read) => read.reading.sheets.clone(),
        Err(_) => return first,
    };
    if sheets.len() < 2 {
        return first;
    }
    let mut best = first?;
    let open = best.active.clone().filter(|open| best.reading.sheet.as_ref() != Some(open));
    let mut fit = Fit::of(&best);
    let first = best.reading.sheet.clone();
    let others = sheets.iter().filter(|sheet| first.as_ref() != Some(sheet)).take(MOST);
    // The one that lay open is as good as the first where neither fits better, and better where both do.
    let others = open.iter().chain(others.filter(|sheet| open.as_ref() != Some(sheet)));
    for sheet in others {
        // One that cannot be read is not the list, and is no reason to refuse another.
        let Ok(read) = of(sheet) else { continue };
        let its = Fit::of(&read);
        if its > fit || (its == fit && open.as_ref() == Some(sheet)) {
            (best, fit) = (read, its);
        }
    }
    let others = sheets.iter().filter(|sheet| best.reading.sheet.as_ref() != Some(sheet));
    let others: Vec<String> = others.map(|sheet| format!("`{sheet}`")).collect();
    let read = best.reading.sheet.as_deref().unwrap_or_default();
    let (are, another) = if others.len() == 1 { ("is", "it") } else { ("are", "one of them") };
    best.reading.remarks.push(format!(
        "The sheet `{read}` was read; there {are} also {}. Choose {another} if that is the list.",
        listed(&others)
    ));
    Ok(best)
}
