//! The findings as one page to mail or to print.

use std::collections::BTreeMap;

use askama::Template;

use super::{Places, ReportInfo};
use crate::checker::Checker;
use crate::rules::{RULES, Rule, rule_index};
use muster_roster::finding::{Finding, Severity};
use muster_table::error::Result;
use muster_table::html::{self, Sentence};
use muster_table::words::{counted, people};

/// More rows than this make a page that no mail program opens; the workbook lists all.
const MOST: usize = 2_000;

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    name: &'a str,
    people: String,
    lms: &'a str,
    when: String,
    counts: [(Severity, String, &'static str); 3],
    /// How many checks there were.
    passed: String,
    rules: Vec<Ruled<'a>>,
    /// How many places are not listed.
    more: Option<String>,
}

/// What one rule found.
struct Ruled<'a> {
    severity: Severity,
    title: &'static str,
    places: String,
    help: Vec<String>,
    why: Option<Why<'a>>,
    rows: Vec<Row>,
}

/// Why the profile sets the rule as it does.
struct Why<'a> {
    why: &'a str,
    source: &'a str,
}

struct Row {
    place: String,
    name: String,
    /// Blank where it says no more than the name.
    key: String,
    column: String,
    problem: String,
    todo: String,
}

impl Page<'_> {
    fn title(&self) -> String {
        format!("Problems in {}", self.name)
    }
}

/// Every finding by rule, the gravest first: why it matters, where it is, what to do.
pub fn html(checker: &Checker, info: &ReportInfo) -> Result<String> {
    let roster = &checker.context().roster;
    let places = Places::of(checker);
    let mut left = MOST;
    let mut not_shown = 0;
    let mut rules = Vec::new();
    for (rule, findings) in by_rule(checker) {
        let shown = findings.len().min(left);
        not_shown += findings.len() - shown;
        left -= shown;
        let rows = findings[..shown].iter().map(|finding| row(checker, &places, finding));
        let setting = roster.profile.rules.get(rule.code).filter(|setting| !setting.why.is_empty());
        let paragraphs = rule.help().split("\n\n").map(|text| text.replace('\n', " "));
        rules.push(Ruled {
            severity: gravest(&findings),
            title: rule.title,
            places: counted(findings.len(), "place", "places"),
            help: paragraphs.map(|text| text.trim().to_owned()).collect(),
            why: setting.map(|setting| Why { why: &setting.why, source: &setting.source }),
            rows: rows.collect(),
        });
    }
    let counts = checker.counts();
    html::written(&Page {
        name: info.name,
        people: people(roster.table.len()),
        lms: &roster.profile.name,
        when: info.when(),
        counts: [
            (
                Severity::Error,
                counted(counts.error as usize, "error", "errors"),
                "to put right before the upload",
            ),
            (
                Severity::Warning,
                counted(counts.warning as usize, "warning", "warnings"),
                "to look at",
            ),
            (Severity::Note, counted(counts.note as usize, "note", "notes"), "to know"),
        ],
        passed: counted(RULES.len() - checker.skipped().len(), "check", "checks"),
        rules,
        more: (not_shown > 0).then(|| counted(not_shown, "place is", "places are")),
    })
}

/// Errors before warnings before notes; within them, the rule that found most first.
fn by_rule(checker: &Checker) -> Vec<(&'static Rule, Vec<Finding>)> {
    let mut found: BTreeMap<u8, Vec<Finding>> = BTreeMap::new();
    for finding in checker.all_findings() {
        if let Some(rule) = rule_index(&finding.rule) {
            found.entry(rule).or_default().push(finding);
        }
    }
    let mut rules: Vec<(&Rule, Vec<Finding>)> =
        found.into_iter().map(|(rule, found)| (RULES[usize::from(rule)], found)).collect();
    rules.sort_by_key(|(rule, found)| {
        (std::cmp::Reverse(gravest(found)), std::cmp::Reverse(found.len()), rule.code)
    });
    rules
}

fn gravest(found: &[Finding]) -> Severity {
    found.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Note)
}

/// Never colour alone.
fn sign(severity: &Severity) -> &'static str {
    match severity {
        Severity::Error => "!",
        Severity::Warning => "?",
        Severity::Note => "i",
    }
}

fn row(checker: &Checker, places: &Places, finding: &Finding) -> Row {
    let roster = &checker.context().roster;
    let column = finding.column.and_then(|at| roster.columns.get(at as usize));
    let name = finding.row.map_or(String::new(), |row| roster.name(row));
    let key = finding.row.map_or(String::new(), |row| roster.key_text(row).into_owned());
    Row {
        place: places.name(finding),
        key: if key == name { String::new() } else { key },
        name,
        column: column.map_or(String::new(), |column| column.name.clone()),
        problem: begun(&finding.message),
        todo: match &finding.fix {
            Some(fix) => begun(&fix.title),
            None => "Look, and put it right by hand.".to_owned(),
        },
    }
}

/// With a capital at the beginning.
fn begun(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}
