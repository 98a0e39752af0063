//! `muster check`: every rule that can run, and what it found.

use std::path::PathBuf;

use clap::Args;
use muster_engine::checker::Checker;
use muster_engine::error::Result;
use muster_engine::export::ExportFormat;
use muster_engine::finding::Counts;
use muster_engine::reading::{ReadAs, Reading, SetAside};
use muster_engine::rules::{RULES, rule_index};
use muster_engine::settling::{KeyPair, SettledColumn};
use muster_engine::store::own_files;
use muster_engine::{reading, report};
use serde::Serialize;

use crate::arguments::{Against, Roster, Shared};
use crate::commands::copy::{may_be_written, must_be_new, now};
use crate::commands::findings::AllFindings;
use crate::exit::Exit;
use crate::opening::{About, name, open};
use crate::page::{Page, counted, people};

/// Looks for mistakes, with every rule that has what it needs
#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    roster: Roster,

    /// What the LMS has: an earlier export, or `none` where all of these are new
    #[arg(long, value_name = "SNAPSHOT", value_parser = Against::read)]
    against: Option<Against>,

    /// Writes the findings to a file too: .csv, .xlsx with the cells marked, or .html to mail or print
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    /// Puts the report in the place of a file that is there
    #[arg(long)]
    replace: bool,

    /// Cuts no value and no sentence of the JSON, however long
    #[arg(long)]
    full: bool,

    #[command(flatten)]
    shared: Shared,
}

pub fn run(options: Options, page: &mut Page) -> Result<Exit> {
    let wanted = match &options.report {
        Some(file) => {
            let older = options.against.as_ref().and_then(Against::file);
            let files = options.shared.files().chain(older).chain([&*options.roster.file]);
            must_be_new(file, &files.collect::<Vec<_>>())?;
            Some((file, may_be_written(file, ExportFormat::OF_REPORT, options.replace)?))
        }
        None => None,
    };
    let opened = open(&options.shared, &options.roster.file, options.against.as_ref())?;
    let (checker, about) = opened.completed()?.check()?;
    if let Some((file, format)) = wanted {
        let info = report::ReportInfo { name: &name(&options.roster.file), made_at: now() };
        let bytes = report::write(format, &checker, &info)?;
        own_files::write(file, &bytes, options.replace)?;
    }
    let report = Report {
        roster: facts(&checker, &about),
        understood: checker.is_understood(),
        counts: checker.counts(),
        rules: rules(&checker),
        findings: AllFindings { checker: &checker, full: options.full || !page.is_json() },
        waived: waived(&checker),
    };
    if page.is_json() {
        page.json(&report);
    } else {
        print(&report, &about, page);
    }
    Ok(Exit::found(report.counts.error > 0))
}

#[derive(Serialize)]
struct Report<'a> {
    roster: Facts<'a>,
    /// Whether the list was read whole and nothing is doubted.
    understood: bool,
    counts: Counts,
    rules: Rules,
    findings: AllFindings<'a>,
    /// What the account lets stand; it is in no count.
    waived: Vec<Waived>,
}

#[derive(Serialize)]
struct Waived {
    rule: String,
    count: u32,
}

/// What is not so in a workbook is null.
#[derive(Serialize)]
struct Facts<'a> {
    file: &'a str,
    profile: &'a str,
    /// Whether the profile is a guess: not all is there that tells files of this LMS apart.
    guessed: bool,
    people: usize,
    columns: &'a [String],
    key: Option<&'a str>,
    encoding: Option<&'a str>,
    bom: Option<bool>,
    delimiter: Option<&'a str>,
    line_end: Option<&'a str>,
    sheet: Option<&'a str>,
    /// The line of the column names.
    header: u32,
    set_aside: &'a [SetAside],
    remarks: &'a [String],
    /// What speaks against how it was read.
    doubts: Vec<PrintedDoubt<'a>>,
    /// Columns that were taken for one of the LMS's.
    settled: &'a [SettledColumn],
    /// By which columns people were taken to be known, where nobody had said.
    known_by: Option<&'a KeyPair>,
    /// By which column people are found, as `--policy sync-field=` takes it.
    sync_field: Option<&'a str>,
    /// What the file lacked and was taken from the snapshot.
    completed: &'a [String],
}

#[derive(Serialize)]
struct PrintedDoubt<'a> {
    line: Option<u32>,
    says: &'a str,
    /// As `--as` takes it; null where no other way of reading is better.
    #[serde(rename = "as")]
    read_as: Option<String>,
}

#[derive(Serialize)]
struct Rules {
    run: usize,
    skipped: Vec<Skipped>,
}

#[derive(Serialize)]
struct Skipped {
    rule: &'static str,
    because: String,
}

fn facts<'a>(checker: &'a Checker, about: &'a About) -> Facts<'a> {
    let roster = &checker.context().roster;
    let reading = &about.reading;
    let is_text = !reading.encoding.is_empty();
    Facts {
        file: &about.file,
        profile: &about.chosen.profile.id,
        guessed: about.chosen.is_guess,
        people: somebody(checker),
        columns: roster.table.names(),
        key: roster.key.or(roster.key_fallback).map(|at| roster.columns[at].name.as_str()),
        encoding: is_text.then_some(reading.encoding.as_str()),
        bom: is_text.then_some(reading.bom),
        delimiter: is_text.then_some(reading.delimiter.as_str()),
        line_end: is_text.then_some(reading.line_end.as_str()),
        sheet: reading.sheet.as_deref(),
        header: reading.header,
        set_aside: &reading.set_aside,
        remarks: &reading.remarks,
        doubts: doubts(reading),
        settled: &about.settled,
        known_by: about.known_by.as_ref(),
        sync_field: about.sync_field(&checker.context().choices),
        completed: &about.completed.says,
    }
}

fn doubts(reading: &Reading) -> Vec<PrintedDoubt<'_>> {
    let asked = |reopen: &ReadAs| Some(reopen.in_words()).filter(|asked| !asked.is_empty());
    let doubts = reading.doubts.iter();
    doubts
        .map(|doubt| PrintedDoubt {
            line: doubt.line,
            says: &doubt.says,
            read_as: asked(&doubt.reopen),
        })
        .collect()
}

/// How many rows are people: neither blank nor told as a title, a total or a footer.
fn somebody(checker: &Checker) -> usize {
    let told = ["row-blank", "row-not-a-person"].into_iter().filter_map(rule_index);
    let nobody: u32 = told.map(|rule| checker.count_of(rule)).sum();
    checker.context().roster.table.len() - nobody as usize
}

fn rules(checker: &Checker) -> Rules {
    let skipped: Vec<Skipped> = checker
        .skipped()
        .iter()
        .map(|(rule, because)| Skipped {
            rule: RULES[usize::from(*rule)].code,
            because: because.clone(),
        })
        .collect();
    Rules { run: RULES.len() - skipped.len(), skipped }
}

fn waived(checker: &Checker) -> Vec<Waived> {
    let by_rule = checker.waived_by_rule().into_iter();
    by_rule.map(|(rule, count)| Waived { rule: rule.to_owned(), count }).collect()
}

fn print(report: &Report, about: &About, page: &mut Page) {
    let roster = &report.roster;
    page.line(format!(
        "{}: {} in {}; {}",
        roster.file,
        people(roster.people),
        counted(roster.columns.len(), "column", "columns"),
        reading::about(&about.reading),
    ));
    let profile = &about.chosen.profile;
    let of = match profile.fields.is_empty() {
        true => "a list of no known LMS".to_owned(),
        false => profile.told().to_string(),
    };
    page.line(format!("Read as {of}. {}", about.chosen.recognised));
    if about.chosen.is_guess {
        page.line(format!(
            "If it is right, say so with --profile {}; if not, say which it is.",
            profile.id
        ));
    }
    print_columns(about, roster.sync_field, page);
    for sentence in &about.completed.says {
        page.line(sentence);
    }
    for row in roster.set_aside {
        let text = row.text.trim();
        let what = if text.is_empty() { "blank".into() } else { format!("`{text}`") };
        page.line(format!("Set aside line {}: {what}", row.line));
    }
    for remark in roster.remarks {
        page.line(remark);
    }
    for read_as in roster.doubts.iter().filter_map(|doubt| doubt.read_as.as_deref()) {
        page.line(format!("It reads better with --as {read_as}"));
    }
    if !report.findings.is_empty() {
        page.line("");
    }
    report.findings.each(|finding| finding.lines().into_iter().for_each(|line| page.line(line)));
    page.line("");
    let run = counted(report.rules.run, "check", "checks");
    if roster.key.is_none() {
        // Where a profile says who somebody is, --key is refused.
        let name_it = match about.chosen.profile.fields.is_empty() {
            true => {
                ": name it with --key COLUMN, or several that say it together with --key COLUMN,COLUMN"
            }
            false => "",
        };
        page.line(format!(
            "{}; {run} ran. No column says who somebody is, so nobody was looked for twice, in the file or in what \
             the LMS has{name_it}.",
            in_words(&report.counts)
        ));
    } else if report.findings.is_empty() {
        page.line(format!("0 problems, {run} passed"));
    } else {
        page.line(format!("{}; {run} ran", in_words(&report.counts)));
    }
    if !report.understood {
        page.line("Not all of the list was understood, so nothing is said of what was not found: see the errors above.");
    }
    if !report.waived.is_empty() {
        let all = report.waived.iter().map(|w| w.count as usize).sum();
        let by_rule: Vec<String> =
            report.waived.iter().map(|w| format!("{} {}", w.count, w.rule)).collect();
        page.line(format!(
            "{} let stand by the account: {}",
            counted(all, "problem is", "problems are"),
            by_rule.join(", ")
        ));
    }
    if !report.rules.skipped.is_empty() {
        page.line(format!("{} skipped:", counted(report.rules.skipped.len(), "check", "checks")));
        let rows: Vec<[String; 2]> =
            report.rules.skipped.iter().map(|s| [s.rule.into(), s.because.clone()]).collect();
        page.columns(&rows);
    }
}

/// "3 errors, 5 warnings, 1 note".
pub fn in_words(counts: &Counts) -> String {
    let errors = counted(counts.error as usize, "error", "errors");
    let warnings = counted(counts.warning as usize, "warning", "warnings");
    let notes = counted(counts.note as usize, "note", "notes");
    format!("{errors}, {warnings}, {notes}")
}

/// Which columns were taken for one of the LMS's, and why.
pub fn print_columns(about: &About, sync_field: Option<&str>, page: &mut Page) {
    for SettledColumn { column, of_lms, evidence, .. } in &about.settled {
        page.line(format!("`{column}` is `{of_lms}`: {evidence}."));
    }
    if let Some(KeyPair { column, of_lms, matched, of, .. }) = &about.known_by {
        let lms = about.chosen.profile.called();
        page.line(format!(
            "People are known by `{column}` here and `{of_lms}` in {lms}: {matched} of {of} are there."
        ));
    }
    // Whoever opened a report of another system has perhaps never said it: the account did, or its columns.
    if let Some(field) = sync_field.filter(|_| !about.settled.is_empty()) {
        page.line(format!("Worked with the choice sync-field={field}."));
    }
}
