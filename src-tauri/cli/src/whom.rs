//! Whom `--only-key` names: people by their keys, and whoever is to get one from the LMS by what is theirs alone.

use muster_engine::checker::Checker;
use muster_engine::error::{Failure, Result};
use muster_engine::plan::Part;
use muster_engine::profile::KeyGiver;
use muster_engine::roster::Roster;

/// People of a list.
#[derive(Debug, Default)]
pub struct Whom {
    keys: Vec<String>,
    rows: Vec<u32>,
}

impl Whom {
    /// All who were named, as the list has them. Somebody who is not there is refused: a slip would make a kit or a push of
    /// nobody.
    pub fn named(named: &[String], checker: &Checker) -> Result<Whom> {
        let context = checker.context();
        let mut whom = Whom::default();
        for text in named {
            let of_roster = |roster: &Roster| {
                let row = roster.rows_of_key(text).next()?;
                Some(roster.key_text(row).into_owned())
            };
            // Somebody under another key goes by the one that the LMS has.
            let had = context.snapshot.as_ref().and_then(of_roster);
            let keys: Vec<String> = of_roster(&context.roster).into_iter().chain(had).collect();
            if !keys.is_empty() {
                whom.keys.extend(keys);
                continue;
            }
            match keyless(&context.roster, text).as_slice() {
                [row] => whom.rows.push(*row),
                [] => return Err(nobody(text, &context.roster)),
                _ => {
                    return Err(Failure::state(format!("`{text}` is more than one person"))
                        .why("several rows without a key have it")
                        .hint("Name them by something that only one of them has, such as a login or an e-mail."));
                }
            }
        }
        Ok(whom)
    }

    /// The same as a part of a plan: of all whom nobody named, everybody.
    pub fn part(&self, first: Option<u32>) -> Part<'_> {
        Part { first, keys: &self.keys, rows: &self.rows, ..Part::default() }
    }
}

/// Rows without a key that have this value where no two have the same, or in the name.
fn keyless(roster: &Roster, text: &str) -> Vec<u32> {
    let wanted = text.trim().to_lowercase();
    let blank = |row: &u32| roster.key_text(*row).trim().is_empty() && !roster.is_blank(*row);
    let own: Vec<usize> =
        roster.columns.iter().filter(|c| c.unique.is_some() && !c.is_key).map(|c| c.at).collect();
    let has = |row: u32, at: usize| roster.table.cell(row, at).trim().to_lowercase() == wanted;
    let is_them = |row: &u32| {
        own.iter().any(|at| has(*row, *at)) || roster.name(*row).trim().to_lowercase() == wanted
    };
    match wanted.is_empty() {
        true => Vec::new(),
        false => roster.table.rows().filter(blank).filter(is_them).collect(),
    }
}

fn nobody(text: &str, roster: &Roster) -> Failure {
    let hint = match roster.profile.key.given_by {
        KeyGiver::Lms => {
            "Look at --only-key again: keys are written as in the list. Who is new and has no key yet goes by their login, \
             e-mail or name."
        }
        _ => "Look at --only-key again: keys are written as in the list.",
    };
    Failure::state(format!("nobody has the key `{text}`"))
        .why("neither the list nor what the LMS has knows it")
        .hint(hint)
}
