//! The findings as one page to mail or to print: nothing but HTML with its styles inside, light, without scripts.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Places, Told};
use crate::checker::Checker;
use crate::rules::{RULES, Rule, rule_index};
use muster_roster::finding::{Finding, Severity};
use muster_table::html::{escaped, sentence};
use muster_table::words::{counted, people};

/// More rows than this make a page that no mail program opens; the workbook lists all.
const MOST: usize = 2_000;

const STYLE: &str = "\
:root{color-scheme:light}\
body{margin:0;background:#fff;color:#1a1a1a;font:14px/1.45 'Segoe UI',Helvetica,Arial,sans-serif}\
main{max-width:66em;margin:0 auto;padding:24px}\
h1{font-size:22px;margin:0 0 4px}\
h2{font-size:16px;margin:28px 0 4px}\
p{margin:0 0 8px;max-width:52em}\
.soft{color:#555}\
.counts{margin:12px 0 16px}\
.counts strong{font-size:20px}\
.counts td{padding:0 28px 0 0}\
.error{color:#a3201d}.warning{color:#7a5200}.note{color:#1f4e78}\
table.list{border-collapse:collapse;width:100%}\
.list th,.list td{padding:4px 10px 4px 0;vertical-align:top;text-align:left;border-bottom:1px solid #ddd;overflow-wrap:anywhere}\
.list th{border-bottom:2px solid #888;font-weight:600}\
.list .where{width:5em;white-space:nowrap}.list .who{width:24%}.list .column{width:14%}.list .todo{width:22%}\
code{font:13px/1.3 Consolas,'DejaVu Sans Mono',monospace;background:#f2f2f2;padding:0 3px;border-radius:3px;white-space:pre-wrap}\
@page{margin:16mm 14mm}\
@media print{body{font-size:10pt}main{max-width:none;padding:0}h2{break-after:avoid}tr{break-inside:avoid}\
thead{display:table-header-group}code{background:none;padding:0}}";

/// Every finding by rule, the gravest first: why it matters, where it is, what to do.
pub fn html(checker: &Checker, told: &Told) -> String {
    let mut out = String::new();
    let roster = &checker.scene().roster;
    let name = escaped(told.name);
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>Problems in {name}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>Problems in {name}</h1>\n\
         <p class=\"soft\">{}, checked for {} on {}. Nothing is sent anywhere by this page.</p>\n",
        people(roster.table.len()),
        escaped(&roster.profile.name),
        escaped(&told.when()),
    );
    counts(&mut out, checker);
    let places = Places::of(checker);
    let mut left = MOST;
    let mut not_shown = 0;
    for (rule, findings) in by_rule(checker) {
        heading(&mut out, checker, rule, &findings);
        if left == 0 {
            not_shown += findings.len();
            continue;
        }
        let shown = findings.len().min(left);
        list(&mut out, checker, &places, &findings[..shown]);
        not_shown += findings.len() - shown;
        left -= shown;
    }
    if not_shown > 0 {
        let more = counted(not_shown, "place is", "places are");
        let _ = writeln!(
            out,
            "<p class=\"soft\">{more} not listed here. The report as a workbook has all.</p>"
        );
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
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

fn counts(out: &mut String, checker: &Checker) {
    let counts = checker.counts();
    if counts.error + counts.warning + counts.note == 0 {
        let run = RULES.len() - checker.skipped().len();
        let _ = writeln!(out, "<p>No problems: {} passed.</p>", counted(run, "check", "checks"));
        return;
    }
    let all = [
        (Severity::Error, counts.error, "to put right before the upload"),
        (Severity::Warning, counts.warning, "to look at"),
        (Severity::Note, counts.note, "to know"),
    ];
    out.push_str("<table class=\"counts\"><tr>");
    for (severity, count, meaning) in all {
        let words = match severity {
            Severity::Error => counted(count as usize, "error", "errors"),
            Severity::Warning => counted(count as usize, "warning", "warnings"),
            Severity::Note => counted(count as usize, "note", "notes"),
        };
        let _ = write!(
            out,
            "<td><strong class=\"{}\">{} {words}</strong><br><span class=\"soft\">{meaning}</span></td>",
            severity.word(),
            sign(severity),
        );
    }
    out.push_str("</tr></table>\n");
}

/// Never colour alone.
fn sign(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "!",
        Severity::Warning => "?",
        Severity::Note => "i",
    }
}

fn heading(out: &mut String, checker: &Checker, rule: &Rule, found: &[Finding]) {
    let severity = gravest(found);
    let _ = writeln!(
        out,
        "<h2><span class=\"{}\">{} {}</span> {} <span class=\"soft\">· {}</span></h2>",
        severity.word(),
        sign(severity),
        severity.word(),
        escaped(rule.title),
        counted(found.len(), "place", "places"),
    );
    for paragraph in rule.help().split("\n\n").map(|text| text.replace('\n', " ")) {
        let _ = writeln!(out, "<p>{}</p>", sentence(paragraph.trim()));
    }
    let setting = checker.scene().roster.profile.rules.get(rule.code);
    if let Some(setting) = setting.filter(|setting| !setting.why.is_empty()) {
        let source = match setting.source.as_str() {
            "" => String::new(),
            source => format!(" <span class=\"soft\">({})</span>", escaped(source)),
        };
        let _ = writeln!(out, "<p>{}{source}</p>", sentence(&setting.why));
    }
}

fn list(out: &mut String, checker: &Checker, places: &Places, found: &[Finding]) {
    out.push_str(
        "<table class=\"list\">\n<thead><tr><th class=\"where\">Cell</th><th class=\"who\">Person</th>\
         <th class=\"column\">Column</th><th>Problem</th><th class=\"todo\">What to do</th></tr></thead>\n<tbody>\n",
    );
    for finding in found {
        row(out, checker, places, finding);
    }
    out.push_str("</tbody>\n</table>\n");
}

fn row(out: &mut String, checker: &Checker, places: &Places, finding: &Finding) {
    let roster = &checker.scene().roster;
    let column = finding.column.and_then(|at| roster.columns.get(at as usize));
    let who = finding.row.map_or(String::new(), |row| {
        let (name, key) = (roster.name(row), roster.key_text(row));
        let key = if *key == name || key.is_empty() {
            String::new()
        } else {
            format!("<br><span class=\"soft\">{}</span>", escaped(&key))
        };
        format!("{}{key}", escaped(&name))
    });
    let todo = match &finding.fix {
        Some(fix) => sentence(&begun(&fix.title)),
        None => "Look, and put it right by hand.".to_owned(),
    };
    let _ = writeln!(
        out,
        "<tr><td class=\"where\">{}</td><td class=\"who\">{who}</td><td class=\"column\">{}</td><td>{}</td><td class=\"todo\">{todo}</td></tr>",
        places.name(finding),
        column.map_or(String::new(), |column| escaped(&column.name)),
        sentence(&begun(&finding.message)),
    );
}

/// With a capital at the beginning.
fn begun(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}
