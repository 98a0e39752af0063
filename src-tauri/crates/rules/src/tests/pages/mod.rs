//! Runs the pages of the rules, and guards the list of rules.
//!
//! A page is `some_rule.md` beside `some_rule.rs`. Above its first `##` stands the help that the window shows; below,
//! each `##` is a case, told in fenced blocks:
//!
//! - `csv`: the roster. Or `csv before` and `csv after`: the last snapshot, and the roster.
//! - `profile`: the name of a profile that comes with Muster, then TOML that changes it; or TOML alone, for an
//!   invented LMS that is called Acme. Without it no profile is chosen.
//! - `policies`: what was chosen, one `id=choice` a line; else the profile's defaults hold.
//! - `notes`: what a workbook has in a cell beside its text, as `2 phone number`, `3 name formula`,
//!   `formula-unknown` or `formula-error`.
//! - `today`: the day on which it is looked at.
//! - `list groups`: the values of a list, one a line.
//! - `findings`: what this page's rule reports. `all findings`: what all rules report.
//! - `after fix`: the roster once the rule's safe fixes are carried out. `after unsafe fix`: once all of them are.
//!
//! What cannot be seen is written `\u{200B}`. `BLESS=1 cargo test` rewrites the results; read the diff.

#![allow(
    clippy::disallowed_methods,
    reason = "these tests read and bless the pages beside the rules"
)]

mod edits;
mod page;
mod play;

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use page::{Case, Page};
use play::{World, fixed, shown};

use crate::rules::{CheckContext, RULES, Rule};
use muster_roster::finding::{Finding, Safety};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules")
}

fn pages() -> Vec<(&'static Rule, Page)> {
    let page = |rule: &&'static Rule| {
        (*rule, Page::read(folder().join(format!("{}.md", rule.code.replace('-', "_")))))
    };
    RULES.iter().map(page).collect()
}

/// The world of every case of every page, each with its title.
pub fn worlds() -> Vec<(String, CheckContext)> {
    let mut worlds = Vec::new();
    for (rule, page) in pages() {
        for case in &page.cases {
            let world = World::of(&page, case).expect("a sound case");
            let title = format!("{}, “{}”", rule.code, case.title);
            worlds.push((title, world.checked().into_context()));
        }
    }
    worlds
}

/// What stands above the first case.
fn help(page: &Page) -> &str {
    page.text.split("\n## ").next().unwrap_or_default()
}

/// What a results block of a case has to say; none for blocks that are given.
fn result(rule: &Rule, world: &World, kind: &str) -> Result<Option<String>, String> {
    let own = |f: &Finding| f.rule == rule.code;
    let checker = world.checked();
    let all = checker.all_findings();
    Ok(Some(match kind {
        "findings" => shown(&checker, &all.into_iter().filter(own).collect::<Vec<_>>()),
        "all findings" => shown(&checker, &all),
        "after fix" => fixed(checker, rule.code, Safety::Safe)?,
        "after unsafe fix" => fixed(checker, rule.code, Safety::Unsafe)?,
        "csv" | "csv before" | "csv after" | "profile" | "policies" | "notes" | "today" => {
            return Ok(None);
        }
        kind if kind.starts_with("list ") => return Ok(None),
        other => return Err(format!("there is no block `{other}`")),
    }))
}

#[test]
fn each_page_says_what_its_rule_reports() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for (rule, mut page) in pages() {
        let mut blessed = Vec::new();
        for case in &page.cases {
            let place = format!("{}, “{}”", page.path.display(), case.title);
            let outcome = results(rule, &page, case);
            let results = match outcome {
                Ok(results) if results.is_empty() => {
                    wrong.push(format!("{place}: it has no `findings` block"));
                    continue;
                }
                Ok(results) => results,
                Err(why) => {
                    wrong.push(format!("{place}: {why}"));
                    continue;
                }
            };
            for (at, got) in results {
                let block = &case.blocks[at];
                let said = &page.text[block.place.clone()];
                if said != got && bless {
                    blessed.push((block.place.clone(), got));
                } else if said != got {
                    let kind = &block.kind;
                    wrong.push(format!("{place}, `{kind}` says\n{said}but it is\n{got}"));
                }
            }
        }
        if !blessed.is_empty() {
            rewrite(&mut page, blessed);
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

fn results(rule: &Rule, page: &Page, case: &Case) -> Result<Vec<(usize, String)>, String> {
    let world = World::of(page, case)?;
    let mut results = Vec::new();
    for (at, block) in case.blocks.iter().enumerate() {
        if let Some(text) = result(rule, &world, &block.kind)? {
            results.push((at, text));
        }
    }
    Ok(results)
}

/// Puts other texts into blocks and writes the page.
fn rewrite(page: &mut Page, mut texts: Vec<(Range<usize>, String)>) {
    texts.sort_by_key(|(place, _)| place.start);
    for (place, text) in texts.into_iter().rev() {
        page.text.replace_range(place, &text);
    }
    fs::write(&page.path, &page.text).expect("a page can be written");
}

#[test]
fn every_fix_ends_what_it_is_for() {
    for (rule, page) in pages() {
        for case in &page.cases {
            let checker = World::of(&page, case).expect("a sound case").checked();
            if let Err(why) = fixed(checker, rule.code, Safety::Unsafe) {
                panic!("{}, “{}”: {why}", rule.code, case.title);
            }
        }
    }
}

#[test]
fn every_page_explains_itself_and_has_a_case_with_a_finding_and_one_without() {
    for (rule, page) in pages() {
        let code = rule.code;
        let (heading, text) = help(&page).split_once('\n').expect("a heading");
        assert_eq!(heading, format!("# {code}"));
        assert!(text.trim().len() > 80, "{code}: the help says too little");
        assert!(rule.page.starts_with(help(&page)), "{code}: shows another page's help");
        let reports = |case: &Case| {
            let found = World::of(&page, case).expect("a sound case").checked().all_findings();
            found.iter().any(|f| f.rule == code)
        };
        let (with, without): (Vec<_>, Vec<_>) = page.cases.iter().partition(|case| reports(case));
        assert!(!with.is_empty(), "{code}: no case has a finding");
        assert!(!without.is_empty(), "{code}: every case has a finding");
    }
}

#[test]
fn every_rule_is_listed_once_and_has_a_page_and_every_page_a_rule() {
    let listed: BTreeSet<String> = RULES.iter().map(|r| r.code.replace('-', "_")).collect();
    assert_eq!(listed.len(), RULES.len(), "a code stands twice");
    let (mut rules, mut pages) = (BTreeSet::new(), BTreeSet::new());
    for entry in fs::read_dir(folder()).expect("a folder") {
        let path = entry.expect("a file").path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        match path.extension().and_then(|e| e.to_str()) {
            Some("md") => {
                pages.insert(stem);
            }
            Some("rs") => {
                let text = fs::read_to_string(&path).expect("source is UTF-8");
                if text.contains("pub static RULE: Rule") {
                    let code = format!("code: \"{}\"", stem.replace('_', "-"));
                    assert!(text.contains(&code), "{stem}.rs has another code");
                    rules.insert(stem);
                }
            }
            _ => {}
        }
    }
    assert_eq!(rules, listed, "the files and the list `RULES` differ");
    assert_eq!(pages, listed, "the pages and the list `RULES` differ");
    for rule in RULES {
        let kebab = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(rule.code.chars().all(kebab), "`{}` is not kebab-case", rule.code);
    }
}
