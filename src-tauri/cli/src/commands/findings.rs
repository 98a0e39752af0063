//! Findings as the command tells them.

use muster_engine::checker::Checker;
use muster_engine::edit::Edit;
use muster_engine::finding::{Finding, Fix, Safety, Severity};
use muster_engine::roster::{Column, Roster};
use muster_engine::words::MASK;
use serde::ser::{Error, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_json::value::to_raw_value;

#[derive(Debug, Serialize)]
pub struct PrintedFinding {
    pub rule: String,
    pub severity: Severity,
    pub line: Option<u32>,
    pub column: Option<String>,
    pub key: Option<String>,
    pub value: String,
    pub message: String,
    pub fix: Option<PrintedFix>,
    /// The vendor's article behind it.
    pub url: Option<String>,
    /// Whether a long text of it was cut.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
}

#[derive(Debug, Serialize)]
pub struct PrintedFix {
    pub title: String,
    pub safety: Safety,
    /// What takes the place of the finding's value; null where it is more than that.
    pub value: Option<String>,
}

/// Every finding: of the whole first, then by row in the order of the file. They are made as they are written: a list may
/// have millions of them.
pub struct AllFindings<'a> {
    pub checker: &'a Checker,
    /// Whether long texts stay whole.
    pub full: bool,
}

impl AllFindings<'_> {
    pub fn is_empty(&self) -> bool {
        let counts = self.checker.counts();
        counts.error + counts.warning + counts.note == 0
    }

    pub fn each(&self, tell: impl FnMut(PrintedFinding)) {
        let roster = &self.checker.context().roster;
        self.checker.each_finding(|finding| print_one(roster, finding, self.full), tell);
    }
}

impl Serialize for AllFindings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let roster = &self.checker.context().roster;
        let mut written = Ok(());
        let mut all = serializer.serialize_seq(None)?;
        // Each on a line of its own, written out by the thread that made it: one alone takes longer to write a million than
        // all take to find them.
        let made = |finding| to_raw_value(&print_one(roster, finding, self.full));
        self.checker.each_finding(made, |finding| {
            if written.is_ok() {
                written = finding.map_err(S::Error::custom).and_then(|f| all.serialize_element(&f));
            }
        });
        written?;
        all.end()
    }
}

fn print_one(roster: &Roster, finding: Finding, full: bool) -> PrintedFinding {
    let column = finding.column.and_then(|at| roster.columns.get(at as usize));
    let fix = finding.fix.as_ref().map(|fix| PrintedFix {
        title: fix.title.clone(),
        safety: fix.safety,
        value: value_of(roster, fix, column, &finding.value),
    });
    let mut printed = PrintedFinding {
        url: roster.profile.url_of_rule(&finding.rule),
        rule: finding.rule,
        severity: finding.severity,
        line: finding.row.and_then(|row| roster.table.line(row)),
        column: column.map(|column| column.name.clone()),
        key: finding.row.map(|row| roster.key_text(row).into_owned()),
        value: finding.value,
        message: finding.message,
        fix,
        cut: false,
    };
    if !full {
        printed.cut();
    }
    printed
}

/// In a cell of several values, the one that comes in the place of the one that was found.
fn value_of(roster: &Roster, fix: &Fix, column: Option<&Column>, found: &str) -> Option<String> {
    let (at, before, after) = match fix.edits.as_slice() {
        [Edit::Set { column, before, after, .. }] => (*column as usize, before, after),
        [Edit::Rename { after, .. }] => return Some(after.clone()),
        _ => return None,
    };
    if roster.columns.get(at).is_some_and(Column::is_secret) {
        return Some(if after.is_empty() { String::new() } else { MASK.into() });
    }
    let Some(column) = column.filter(|c| c.at == at && c.separator.is_some() && found != before)
    else {
        return Some(after.clone());
    };
    let held: Vec<&str> = column.values(before).collect();
    let mut came = column.values(after).filter(|value| !held.contains(value));
    match (came.next(), came.next()) {
        (Some(value), None) => Some(value.to_owned()),
        _ => Some(after.clone()),
    }
}

impl PrintedFinding {
    /// Cuts what is longer than anybody reads. A part of what a fix writes would be worse than nothing.
    fn cut(&mut self) {
        const LONGEST: usize = 300;
        let longer = |text: &str| text.char_indices().nth(LONGEST).map(|(end, _)| end);
        if let Some(fix) = &mut self.fix
            && fix.value.as_deref().is_some_and(|value| longer(value).is_some())
        {
            (fix.value, self.cut) = (None, true);
        }
        let title = self.fix.as_mut().map(|fix| &mut fix.title);
        for text in [&mut self.value, &mut self.message].into_iter().chain(title) {
            if let Some(end) = longer(text) {
                text.truncate(end);
                text.push('…');
                self.cut = true;
            }
        }
    }

    /// `error[group-unknown] line 12, usergroups: …`, and the fix below it.
    pub fn lines(&self) -> Vec<String> {
        let place = match (self.line, &self.column) {
            (Some(line), Some(column)) => format!(" line {line}, {column}"),
            (Some(line), None) => format!(" line {line}"),
            (None, Some(column)) => format!(" {column}"),
            (None, None) => String::new(),
        };
        let mut lines =
            vec![format!("{}[{}]{place}: {}", self.severity.word(), self.rule, self.message)];
        if let Some(fix) = &self.fix {
            let safety = if fix.safety == Safety::Safe { "safe" } else { "unsafe" };
            lines.push(format!("  fix ({safety}): {}", fix.title));
        }
        lines
    }
}
