//! What a plan wants the LMS to hold afterwards, and whether an export of afterwards says so.
//!
//! Nobody sees from here what becomes of a file. So what was planned is kept when the file is made, and a fresh export is
//! put beside it: who is as planned, who is not and how, what is left to be done by hand, and what else has changed.

mod by_hand;
mod cells;
mod confirmed;
mod expectation;
mod export_index;
mod of_lms;
mod unplanned;
mod written;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::plan::{Action, who};
use muster_roster::profile::Profile;
use muster_roster::roster::Roster;
use muster_table::error::{Failure, FailureKind, Result};
use muster_table::narrow;

pub use by_hand::is_done_in;
pub use cells::in_words;
pub use confirmed::{Confirmed, confirmed, rows_in};
pub use expectation::{Expectation, Expected, Left, Place};
pub use of_lms::{must_be_of, why_not_of};

use export_index::{ExportIndex, Found};

/// How the LMS was when it was looked at after a push or an upload.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(default)]
pub struct Verification {
    /// When it was looked at, ISO 8601.
    pub at: String,
    /// How many people of the plan the LMS has as planned.
    pub as_planned: u32,
    /// How many people the plan was to change.
    pub of: u32,
    /// Who is not as planned, and how, each a sentence.
    pub differing: Vec<String>,
    /// Columns that were planned and that the export does not have.
    pub unseen: Vec<String>,
    /// How many people have something planned in one of those, and are as planned in all that can be seen.
    pub people_unseen: u32,
    /// What came of what nobody has written down, each a sentence.
    pub outcomes: Vec<String>,
    /// What was to be done by hand and is not done yet, each a sentence.
    pub by_hand: Vec<String>,
    /// How many people whom the plan left alone are as they were; none where that is not known.
    pub others: Option<u32>,
    /// What has changed there beside the plan, each a sentence.
    #[serde(rename = "beside")]
    pub unplanned: Vec<String>,
}

/// What an export of afterwards says of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct VerificationDetail {
    /// How many people of the plan the export has as planned.
    pub as_planned: u32,
    /// How many people the plan was to change.
    pub of: u32,
    /// Who is not as planned, in the order of the plan.
    pub differing: Vec<Differs>,
    /// Columns that were planned and that the export does not have, by name.
    pub unseen: Vec<String>,
    /// Who has something planned in one of those, and is as planned in all that can be seen.
    pub people_unseen: Vec<Unseen>,
    /// What came of what nobody has written down.
    pub outcomes: Vec<Outcome>,
    /// What was to be done by hand and is not done yet, each a sentence.
    pub by_hand: Vec<String>,
    /// How many people whom the plan left alone are as they were; none where nobody knows how they were.
    pub others: Option<u32>,
    /// What has changed there beside the plan, each a sentence.
    #[serde(rename = "beside")]
    pub unplanned: Vec<String>,
}

/// Somebody who is not as planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Differs {
    /// The key that was planned; blank where the LMS gives it.
    pub key: String,
    /// What the person is called, as planned.
    pub name: String,
    /// What the LMS's own pages tell this person by.
    #[serde(skip)]
    pub known_by: String,
    /// What was to become of them.
    pub action: Action,
    /// "is not there"; empty where single cells differ.
    pub why: String,
    /// The cells that are not as planned; none where `why` says it all.
    pub cells: Vec<CellDiffers>,
}

/// Somebody of whom the export does not show all that was planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unseen {
    /// The key that was planned; blank where the LMS gives it.
    pub key: String,
    /// What the person is called, as planned.
    pub name: String,
    /// The headers of what cannot be seen, as the plan had them.
    pub columns: Vec<String>,
}

/// What came of a cell that may have gone several ways.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The key that was planned; blank where the LMS gives it.
    pub key: String,
    /// What the person is called, as planned.
    pub name: String,
    /// What the LMS's own pages tell this person by.
    #[serde(skip)]
    pub known_by: String,
    /// The cell, with what might have come of it and what is there.
    #[serde(flatten)]
    pub cell: CellDiffers,
}

impl Outcome {
    /// "Ana Silva (`ana`): Department might be `Sales` or `Care`, and is `Care`".
    pub fn sentence(&self) -> String {
        let CellDiffers { title, found, .. } = &self.cell;
        let might = self.cell.allowed();
        format!(
            "{}: {title} might be {might}, and is {}",
            who(&self.name, &self.known_by),
            in_words(found)
        )
    }
}

/// A cell that is not as planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellDiffers {
    /// The column's header, as the plan had it.
    pub column: String,
    /// What the field is called.
    #[serde(skip)]
    pub title: String,
    /// What should be in it.
    pub expected: String,
    /// What may be in it instead, where nobody has written down which.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub or: Vec<String>,
    /// What is in it.
    pub found: String,
}

impl CellDiffers {
    /// "`Sales` or blank".
    fn allowed(&self) -> String {
        let all = std::iter::once(&self.expected).chain(&self.or);
        all.map(|cell| in_words(cell)).collect::<Vec<_>>().join(" or ")
    }
}

impl Differs {
    /// "Ana Silva (`ana`): User groups should be `Sales; Care` and is `Sales`".
    pub fn sentence(&self) -> String {
        let cell = |cell: &CellDiffers| {
            let should = cell.allowed();
            format!("{} should be {should} and is {}", cell.title, in_words(&cell.found))
        };
        let how = match self.cells.as_slice() {
            [] => self.why.clone(),
            cells => cells.iter().map(cell).collect::<Vec<_>>().join("; "),
        };
        format!("{}: {how}", who(&self.name, &self.known_by))
    }
}

impl VerificationDetail {
    /// Whether there is nothing to tell but that all is as planned.
    pub fn is_clean(&self) -> bool {
        self.differing.is_empty()
            && self.people_unseen.is_empty()
            && self.by_hand.is_empty()
            && self.unplanned.is_empty()
    }

    /// The same in sentences, to be kept and shown. `at` is when the export was looked at, ISO 8601.
    pub fn verification(self, at: String) -> Verification {
        Verification {
            at,
            as_planned: self.as_planned,
            of: self.of,
            differing: self.differing.iter().map(Differs::sentence).collect(),
            unseen: self.unseen,
            people_unseen: narrow::count(self.people_unseen.len()),
            outcomes: self.outcomes.iter().map(Outcome::sentence).collect(),
            by_hand: self.by_hand,
            others: self.others,
            unplanned: self.unplanned,
        }
    }
}

impl Verification {
    /// "412 of 412 as planned"; "0 of 2 as planned, 2 cannot be seen".
    pub fn says(&self) -> String {
        let unseen = match self.people_unseen {
            0 => String::new(),
            unseen => format!(", {} cannot be seen", grouped(unseen)),
        };
        format!("{} of {} as planned{unseen}", grouped(self.as_planned), grouped(self.of))
    }
}

fn grouped(count: u32) -> String {
    let text = muster_table::words::people(count as usize);
    text.split(' ').next().unwrap_or_default().to_owned()
}

/// The SHA-256 of a file, in hexadecimal digits.
pub fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Refuses a file that is no export of afterwards: one of the kit itself, or of another LMS. `recognised` is the
/// profile that its column names certainly belong to. A refusal is of kind `Refused`.
pub fn may_verify(
    planned: &Expectation,
    export: (&Roster, &str),
    sha256: &str,
    recognised: Option<&Profile>,
) -> Result<()> {
    let (export, name) = export;
    let refused = |what: String, why: String| {
        Err(Failure::new(FailureKind::Refused, what)
            .why(why)
            .hint("Export the list from your LMS again after the upload, and take that file."))
    };
    if planned.files.iter().any(|own| own == sha256) {
        return refused(
            format!("`{name}` proves nothing"),
            "it is a file that Muster made for the upload, not an export of the LMS".to_owned(),
        );
    }
    let no_key = || export.key.is_none().then(|| "no column of it says who a row is".to_owned());
    match why_not_of(export, recognised).or_else(no_key) {
        None => Ok(()),
        Some(why) => {
            refused(format!("`{name}` is not an export of {}", export.profile.called()), why)
        }
    }
}

/// The rows of those whom the upload has made, in the order of the plan.
pub fn made(planned: &Expectation, export: &Roster) -> Vec<u32> {
    let there = ExportIndex::new(planned, export);
    let new = planned.people.iter().filter(|expected| expected.action == Action::Create);
    let row = |expected| match there.find(expected) {
        Found::Row(row) => Some(row),
        Found::Nowhere | Found::Repeated => None,
    };
    new.filter_map(row).collect()
}

/// Puts an export of afterwards beside what was planned, and, where it is known, what the LMS had before.
///
/// `go_on` takes how many people are done, and answers whether to go on. Refuses an export in which nothing has happened
/// yet: with kind `Refused`. Fails with `Cancelled` when `go_on` says no.
pub fn verify(
    planned: &Expectation,
    before: Option<&Roster>,
    export: &Roster,
    go_on: &dyn Fn(usize) -> bool,
) -> Result<VerificationDetail> {
    let there = ExportIndex::new(planned, export);
    let mut detail = VerificationDetail::default();
    let mut untouched = 0;
    for (n, expected) in planned.people.iter().enumerate() {
        if n % 1024 == 0 && !go_on(n) {
            return Err(Failure::new(FailureKind::Cancelled, "it was stopped"));
        }
        detail.of += 1;
        match there.differs(expected) {
            None => {
                detail.outcomes.extend(there.outcomes(expected));
                match there.unseen_of(expected) {
                    None => detail.as_planned += 1,
                    Some(unseen) => detail.people_unseen.push(unseen),
                }
            }
            Some(differs) => {
                untouched += u32::from(before.is_some_and(|b| there.is_as_before(expected, b)));
                detail.differing.push(differs);
            }
        }
    }
    let unplanned = before.map(|before| unplanned::of(planned, before, &there));
    // With somebody whom nobody knows it is no export of before: that may be one of the new people.
    let is_early = unplanned.as_ref().is_some_and(|unplanned| unplanned.strangers == 0);
    if is_early && detail.of > 0 && untouched == detail.of {
        return Err(Failure::new(FailureKind::Refused, "nothing of the plan is in this export")
            .why("everybody of the plan is still as before")
            .hint(
                "It was taken before the upload, or the LMS has not taken the file. Look there, then export the list again.",
            ));
    }
    detail.unseen = there.unseen();
    detail.by_hand = planned.by_hand.iter().filter_map(|left| there.still_left(left)).collect();
    if let Some(unplanned) = unplanned {
        (detail.others, detail.unplanned) = (Some(unplanned.as_before), unplanned.sentences);
    }
    Ok(detail)
}

#[cfg(test)]
mod tests;
