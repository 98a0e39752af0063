//! Who of the missing is called as a row is, though the name is written differently: another spelling, turned, with a second
//! surname or a letter mistyped; or who shares the given name and most of the rest. Who marries, comes back or goes by a
//! short name would be set up a second time. It is a resemblance, no more. Relatives and others share a surname, and what
//! most people have says nothing: two given names are two people.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::CheckContext;
use super::identity::is_slip;
use super::lookalike::{FOLLOWED, IDENTIFYING};
use muster_roster::letters;
use muster_roster::roster::Roster;

/// How two names are one. The first says most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Alike {
    /// The same words, in whatever order.
    SameWords,
    /// All words of the one are among those of the other, two at least.
    WithMore,
    /// A letter or two are other ones.
    Mistyped,
    /// The given name is the same, and so are most of the other cells.
    InPart,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum GivenNames {
    Same,
    Short,
}

impl CheckContext {
    /// The one missing person whose name is that of a row, written differently. An ID that differs says that it is somebody
    /// else, unless the words of the name are the same.
    pub(super) fn called_alike(&self, row: u32) -> Option<u32> {
        let now = self.name_words_of(row);
        let mut shared: FxHashMap<u32, (usize, bool)> = FxHashMap::default();
        // A word that a name has twice is one word.
        for (at, word) in now.iter().enumerate() {
            if now[..at].contains(word) {
                continue;
            }
            let people = self.missing_with_word(word);
            if people.len() > FOLLOWED {
                continue;
            }
            for &was in people {
                let entry = shared.entry(was).or_default();
                *entry = (entry.0 + 1, entry.1 || people.len() <= IDENTIFYING);
            }
        }
        let mut found: Vec<(Alike, u32)> = shared
            .into_iter()
            .filter(|(_, (words, is_rare))| *words > 1 || *is_rare)
            .filter_map(|(was, _)| Some((self.how_alike(row, was, &now)?, was)))
            .collect();
        found.sort_unstable();
        match found[..] {
            [(_, only)] => Some(only),
            [(best, first), (next, _), ..] if best < next => Some(first),
            _ => None,
        }
    }

    fn how_alike(&self, row: u32, was: u32, now: &[String]) -> Option<Alike> {
        let before = self.name_words_before(was);
        let (some, all) =
            if now.len() < before.len() { (now, &before[..]) } else { (&before[..], now) };
        if now.len() == before.len() && sorted(now) == sorted(&before) {
            return (now.len() > 1).then_some(Alike::SameWords);
        }
        if self.is_denied(row, was) {
            return None;
        }
        let given = self.given_names(row, was)?;
        let is_mistyped = || {
            let rest = |of: &[String], other: &[String]| -> String {
                of.iter().filter(|word| !other.contains(word)).map(String::as_str).collect()
            };
            let (one, other) = (rest(now, &before), rest(&before, now));
            one.chars().count().min(other.chars().count()) > 3 && is_slip(&one, &other)
        };
        if some.len() > 1 && some.iter().all(|word| all.contains(word)) {
            Some(Alike::WithMore)
        } else if given == GivenNames::Same && is_mistyped() {
            Some(Alike::Mistyped)
        } else {
            let all = || self.is_nearly_all(row, was) || self.has_all_of_a_team(row, was);
            (!self.is_file_of_a_few() && all()).then_some(Alike::InPart)
        }
    }

    /// How the given names are one: the same, or the one short for the other; none where they are two. One that is blank
    /// makes nobody another person.
    fn given_names(&self, row: u32, was: u32) -> Option<GivenNames> {
        let now = given_name(&self.roster, |c| Some(self.roster.table.cell(row, c)));
        let (Some(now), Some(before)) = (now, given_name(&self.roster, |c| self.was_cell(was, c)))
        else {
            return Some(GivenNames::Same);
        };
        let is_short = |one: &str, other: &str| one.chars().count() > 2 && other.starts_with(one);
        match now == before {
            true => Some(GivenNames::Same),
            false => {
                (is_short(&now, &before) || is_short(&before, &now)).then_some(GivenNames::Short)
            }
        }
    }

    /// Whether a row that shares a word of the name with a person of the snapshot may be called alike.
    pub(super) fn may_be_called_alike(&self, row: u32, was: u32) -> bool {
        self.how_alike(row, was, &self.name_words_of(row)).is_some()
    }

    /// Whether somebody of the snapshot may have the given name of a row.
    pub(super) fn may_be_called_so(&self, row: u32, was: u32) -> bool {
        self.given_names(row, was).is_some()
    }

    /// Whether the file, as it was opened, has not half of the people of a longer snapshot: a list of those who are new or
    /// change. Then most people are missing from it, and that somebody is says nothing.
    pub(super) fn is_file_of_a_few(&self) -> bool {
        const LONGER: usize = 20;
        let known = self.snapshot.as_ref().map_or(0, |snapshot| snapshot.table.len());
        known >= LONGER && self.roster.table.opened_rows().len() * 2 < known
    }

    /// Whether the given name is the same, and so is all else that both have, of which not everybody has the same: who marries
    /// stays in the team. It is for lists that say little of people; one cell alone is none.
    fn has_all_of_a_team(&self, row: u32, was: u32) -> bool {
        let now = given_name(&self.roster, |c| Some(self.roster.table.cell(row, c)));
        let is_called_so =
            now.is_some() && now == given_name(&self.roster, |c| self.was_cell(was, c));
        is_called_so && self.is_all_and_says_something(row, was)
    }

    /// The words of a row's name, folded.
    pub(super) fn name_words_of(&self, row: u32) -> Vec<String> {
        name_words(&self.roster, |c| Some(self.roster.table.cell(row, c)))
    }

    /// The words of a missing person's name, folded.
    pub(super) fn name_words_before(&self, was: u32) -> Vec<String> {
        name_words(&self.roster, |c| self.was_cell(was, c))
    }
}

/// The words of a name of more than one letter, as [`letters::folded`] gives them.
fn name_words<'t>(roster: &Roster, cell: impl Fn(usize) -> Option<Cow<'t, str>>) -> Vec<String> {
    let parts = roster.columns.iter().filter(|c| c.name_part > 0);
    let words = parts.filter_map(|c| cell(c.at)).flat_map(|text| letters::folded(&text));
    words.filter(|word| word.chars().count() > 1).collect()
}

/// The first given name, folded: before the surname, unless a comma stands behind that.
fn given_name<'t>(roster: &Roster, cell: impl Fn(usize) -> Option<Cow<'t, str>>) -> Option<String> {
    let given = roster.columns.iter().find(|c| c.name_part == 1)?;
    let text = cell(given.at)?;
    let has_surname = roster.columns.iter().any(|c| c.name_part == 2);
    let text = if has_surname { &text } else { text.split_once(',').map_or(&*text, |(_, t)| t) };
    letters::folded(text).into_iter().next().filter(|word| word.chars().count() > 1)
}

fn sorted(words: &[String]) -> Vec<&String> {
    let mut words: Vec<&String> = words.iter().collect();
    words.sort_unstable();
    words
}
