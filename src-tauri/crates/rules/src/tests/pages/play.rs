//! A case of a page as a world: its roster, snapshot, lists and profile, checked.

use std::fmt::Write;
use std::sync::Arc;

use jiff::civil::Date;

use super::page::{self, Case, Page};
use crate::checker::Checker;
use crate::rules::{CheckContext, is_rule};
use muster_roster::finding::{Finding, Safety};
use muster_roster::lists::{List, Lists};
use muster_roster::profile::{Choices, Profile};
use muster_roster::roster::Roster;
use muster_table::format::xlsx::{CellNote, NoteKind};
use muster_table::table::Table;

#[derive(Clone)]
pub struct World {
    pub roster: Roster,
    pub snapshot: Option<Roster>,
    pub lists: Lists,
    choices: Choices,
    today: Option<Date>,
}

impl World {
    pub fn of(page: &Page, case: &Case) -> Result<World, String> {
        let profile = Arc::new(match page.block(case, "profile") {
            Some(text) => profile(&text)?,
            None => profile("generic")?,
        });
        let roster = |text: String| {
            let table = Table::from_text(&text).map_err(|e| e.to_string())?;
            Ok::<_, String>(Roster::read(table, profile.clone()))
        };
        let now = page.block(case, "csv after").or_else(|| page.block(case, "csv"));
        let mut lists = Lists::new();
        for block in &case.blocks {
            if let Some(kind) = block.kind.strip_prefix("list ") {
                let values = page.block(case, &block.kind).unwrap_or_default();
                let values = values.lines().map(String::from).collect::<Vec<_>>();
                let at = Some("2026-01-01".to_owned());
                lists.insert(kind.to_owned(), List::new(values, "a list", at));
            }
        }
        let today = page.block(case, "today");
        let policies = page.block(case, "policies").unwrap_or_default();
        let chosen = |line: &str| {
            let (id, choice) = line.split_once('=').ok_or("a policy is `id=choice`")?;
            Ok::<_, String>((id.to_owned(), choice.to_owned()))
        };
        let policies = policies.lines().map(chosen).collect::<Result<_, _>>()?;
        let choices = Choices::asked(&profile, &policies, &[]).map_err(|e| e.to_string())?;
        let notes = page.block(case, "notes").unwrap_or_default();
        let mut now =
            Table::from_text(&now.ok_or("it has no `csv` block")?).map_err(|e| e.to_string())?;
        if !notes.is_empty() {
            let noted = notes.lines().map(|line| note(&now, line)).collect::<Result<_, _>>()?;
            now = now.noted(noted);
        }
        Ok(World {
            choices,
            today: today.map(|day| day.trim().parse()).transpose().map_err(|_| "no such day")?,
            roster: Roster::read(now, profile.clone()),
            snapshot: page.block(case, "csv before").map(roster).transpose()?,
            lists,
        })
    }

    pub fn checked(&self) -> Checker {
        self.checked_with(self.roster.clone())
    }

    /// The same world with another roster in it.
    pub fn checked_with(&self, roster: Roster) -> Checker {
        let mut context = CheckContext::new(roster, self.snapshot.clone(), self.lists.clone());
        context.choices = self.choices.clone();
        context.today = self.today;
        Checker::new(context, &|_| true).expect("nothing stops it")
    }
}

/// `2 phone number`: the line, the column, and what a workbook has there.
fn note(table: &Table, line: &str) -> Result<CellNote, String> {
    let words: Vec<&str> = line.split(' ').collect();
    let &[number, column, kind] = words.as_slice() else {
        return Err("a note is `line column kind`".into());
    };
    let row =
        table.rows().find(|&row| table.line(row).map(|l| l.to_string()).as_deref() == Some(number));
    let column = table.names().iter().position(|name| name == column);
    let kind = match kind {
        "number" => NoteKind::NumberShown,
        "formula" => NoteKind::Formula,
        "formula-unknown" => NoteKind::FormulaUnknown,
        "formula-error" => NoteKind::FormulaError,
        other => return Err(format!("there is no note `{other}`")),
    };
    let (row, column) = row.zip(column).ok_or("a note has no such place")?;
    Ok(CellNote { row, column: column as u32, kind })
}

fn profile(text: &str) -> Result<Profile, String> {
    let whole = page::profile(text)?;
    Profile::parse(&toml::to_string(&whole).map_err(|e| e.to_string())?, "a page", is_rule)
        .map_err(|e| e.to_string())
}

/// Findings as a page shows them.
pub fn shown(checker: &Checker, findings: &[Finding]) -> String {
    let table = &checker.context().roster.table;
    let mut out = String::new();
    for finding in findings {
        let name = |c: u32| table.names().get(c as usize).map(|name| name.replace('\n', " "));
        let column = finding.column.and_then(name);
        let place = match (finding.row, column) {
            (Some(row), column) => {
                let line =
                    table.line(row).map_or("a new row".into(), |line| format!("line {line}"));
                column.map_or(line.clone(), |column| format!("{line}, {column}"))
            }
            (None, Some(column)) => format!("header, {column}"),
            (None, None) => "file".into(),
        };
        let (severity, rule) = (finding.severity.word(), &finding.rule);
        let _ = writeln!(out, "{severity}[{rule}] {place}: {}", finding.message);
        if let Some(fix) = &finding.fix {
            let safety = if fix.safety == Safety::Safe { "safe" } else { "unsafe" };
            let _ = writeln!(out, "  fix ({safety}): {}", fix.title);
        }
    }
    escaped(&out)
}

/// The roster once a rule's fixes are carried out, one after another, as far as they are as safe as asked for.
pub fn fixed(mut checker: Checker, rule: &str, least: Safety) -> Result<String, String> {
    for _ in 0..100 {
        let wanted = |f: &Finding| f.rule == rule && f.fix.is_some();
        let safe_enough = |safety: Safety| least == Safety::Unsafe || safety == Safety::Safe;
        let findings: Vec<Finding> = checker.all_findings().into_iter().filter(wanted).collect();
        let next = findings
            .iter()
            .find_map(|f| f.fix.as_ref().filter(|fix| safe_enough(fix.safety)).map(|fix| (f, fix)));
        let Some((finding, fix)) = next else { return text(&checker) };
        checker.apply(&fix.edits).map_err(|e| format!("the fix `{}`: {e}", fix.title))?;
        checker.flush();
        if checker.all_findings().contains(finding) {
            return Err(format!("the fix `{}` does not end what it is for", fix.title));
        }
    }
    Err("its fixes come to no end".into())
}

fn text(checker: &Checker) -> Result<String, String> {
    let bytes = checker.context().roster.table.to_bytes().map_err(|e| e.to_string())?;
    Ok(escaped(&String::from_utf8_lossy(&bytes)))
}

/// Written out as a page has it: whatever cannot be seen or would not survive an editor.
fn escaped(text: &str) -> String {
    let hidden = |c: char| {
        muster_roster::letters::is_invisible(c)
            || (c.is_control() && c != '\n')
            || (c.is_whitespace() && !matches!(c, ' ' | '\n'))
    };
    text.chars()
        .map(|c| if hidden(c) { format!("\\u{{{:X}}}", c as u32) } else { c.to_string() })
        .collect()
}
