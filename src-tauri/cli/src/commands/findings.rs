//! Findings as the command tells them.

use muster_engine::checker::Checker;
use muster_engine::edit::Edit;
use muster_engine::finding::{Finding, Fix, Safety, Severity};
use muster_engine::roster::{Column, Roster};
use muster_engine::words::MASK;
use serde::Serialize;

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
}

#[derive(Debug, Serialize)]
pub struct PrintedFix {
    pub title: String,
    pub safety: Safety,
    /// What takes the place of the finding's value; null where it is more than that.
    pub value: Option<String>,
}

/// Every finding: of the whole first, then by row in the order of the file.
pub fn printed(checker: &Checker) -> Vec<PrintedFinding> {
    let roster = &checker.context().roster;
    checker.all_findings().into_iter().map(|finding| print_one(roster, finding)).collect()
}

fn print_one(roster: &Roster, finding: Finding) -> PrintedFinding {
    let column = finding.column.and_then(|at| roster.columns.get(at as usize));
    let fix = finding.fix.as_ref().map(|fix| PrintedFix {
        title: fix.title.clone(),
        safety: fix.safety,
        value: value_of(roster, fix, column, &finding.value),
    });
    PrintedFinding {
        url: roster.profile.url_of_rule(&finding.rule),
        rule: finding.rule,
        severity: finding.severity,
        line: finding.row.and_then(|row| roster.table.line(row)),
        column: column.map(|column| column.name.clone()),
        key: finding.row.map(|row| roster.key_text(row).into_owned()),
        value: finding.value,
        message: finding.message,
        fix,
    }
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
