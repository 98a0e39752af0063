//! The forms in which corrections come back.

use std::borrow::Cow;
use std::sync::Arc;

use muster_roster::profile::{Profile, header_form};
use muster_roster::roster::Roster;
use muster_table::error::{Failure, FailureKind, Result};
use muster_table::format::xlsx;
use muster_table::format::xlsx::write::AS_IT_WAS;
use muster_table::reading::{self, OnProgress, ReadAs};
use muster_table::table::Table;

/// A file that came back.
pub enum Corrected {
    /// The report as a text: a line for each finding.
    List(Box<Table>),
    /// A list of people. `base` is how it was when the report was made, where the file still says so.
    Roster {
        /// The list as it came back.
        theirs: Box<Roster>,
        /// How it was when the report was made; none where the file does not say.
        base: Option<Box<Roster>>,
    },
}

impl Corrected {
    /// Reads a file that came back, as a list of `profile`'s LMS.
    ///
    /// Fails as [`reading::read_bytes`] does, and with kind `Format` where no column says who each person is.
    pub fn read(
        bytes: Vec<u8>,
        name: &str,
        profile: &Arc<Profile>,
        on_progress: OnProgress,
    ) -> Result<Corrected> {
        let base = as_it_was(&bytes, on_progress);
        let table = reading::read_bytes(bytes, name, &ReadAs::default(), on_progress)?.table;
        if is_list(table.names()) {
            return Ok(Corrected::List(Box::new(table)));
        }
        let theirs = Roster::read(table, profile.clone());
        if theirs.key.is_none() {
            let key = profile.field(&profile.key.field).map_or("key", |field| field.title.as_str());
            return Err(Failure::new(
                FailureKind::Format,
                format!("`{name}` cannot be paired with this list"),
            )
            .why(format!("it has no column that says who each person is ({key})"))
            .hint("Bring back the problem report, or a list that has that column."));
        }
        let base = base.map(|table| Box::new(Roster::read(table, profile.clone())));
        Ok(Corrected::Roster { theirs: Box::new(theirs), base })
    }
}

fn is_list(names: &[String]) -> bool {
    let forms: Vec<String> = names.iter().map(|name| header_form(name)).collect();
    ["key", "column", "value", "corrected"].iter().all(|name| forms.iter().any(|form| form == name))
}

/// The rows as they were when the report was made: a workbook of ours carries them on a sheet that nobody sees.
fn as_it_was(bytes: &[u8], on_progress: OnProgress) -> Option<Table> {
    let kind = xlsx::kind_of(bytes)?;
    let progress = |done: u64, _: u64| on_progress(usize::try_from(done).unwrap_or(usize::MAX));
    let sheet = xlsx::read(bytes, kind, Some(AS_IT_WAS), &progress).ok()?;
    Table::from_sheet(&sheet, Some(1), &mut |done| on_progress(done)).ok()
}

/// A text without the apostrophe that the report puts before what a spreadsheet would run.
pub fn unguarded(text: Cow<'_, str>) -> Cow<'_, str> {
    let guarded =
        text.strip_prefix('\'').is_some_and(|t| t.starts_with(['=', '+', '-', '@', '\t', '\r']));
    if guarded { Cow::Owned(text[1..].to_owned()) } else { text }
}
