//! The law of safe fixes: made in bulk, they lose and change nothing that may be meaning, whatever stands in a file.

#![allow(
    clippy::disallowed_methods,
    reason = "these tests read the pages and the page about fixes"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use unicode_normalization::char::is_combining_mark;

use crate::checker::Checker;
use crate::fix_batch::Round;
use crate::rules::{CheckContext, RULES};
use muster_roster::finding::{Finding, Safety};
use muster_roster::lists::{List, Lists};
use muster_roster::profile::{BUILT_IN, FieldKind, Profile};
use muster_roster::roster::Roster;
use muster_table::edit::Edit;
use muster_table::table::Table;

/// What people are called, and what is in other cells, in many languages.
const WORDS: [&str; 34] = [
    "Ada",
    "Jürgen",
    "Łukasz",
    "Şükrü",
    "O'Brien",
    "Muñoz",
    "Nguyễn",
    "王小明",
    "Ольга",
    "Αθηνά",
    "de la Cruz",
    "Anne-Marie",
    "Sales",
    "Sales East",
    "R&D",
    "Team A",
    "Team B",
    "Cohort 2026",
    "Internal",
    "External",
    "Learner",
    "00123",
    "2026-02-03",
    "03/04/2026",
    "15/02/2026",
    "US",
    "Germany",
    "+49 30 123456",
    "ada@example.com",
    "yes",
    "active",
    "x",
    "1.2E+07",
    "Zoë 2",
];

/// What gets into cells.
const DIRT: [&str; 30] = [
    " ", "  ", "\u{A0}", "\t", "\n", "\r", "\u{200B}", "\u{FEFF}", "\u{AD}", "\u{200E}", "\u{0}",
    "\u{8D}", "\u{9D}", "\u{1A}", "\u{B}", "\u{7F}", "&amp;", "&uuml;", "&lt;", "%27", "=C3=A4",
    "\"", "'", "“", "Ã¼", "Ă\u{AD}", "├╝", "=", ";", "\u{301}",
];

/// A text as it was mangled: what stands in it, and what got in where.
type Mangled = (usize, Vec<(usize, usize)>, u8);

fn mangled((word, dirt, how): &Mangled) -> String {
    let mut text: Vec<char> = WORDS[word % WORDS.len()].chars().collect();
    for (what, at) in dirt {
        let at = at % (text.len() + 1);
        text.splice(at..at, DIRT[what % DIRT.len()].chars());
    }
    let text: String = text.into_iter().collect();
    let misread = |encoding: &'static encoding_rs::Encoding| {
        encoding.decode_without_bom_handling(text.as_bytes()).0.into_owned()
    };
    match how {
        0 => misread(encoding_rs::WINDOWS_1252),
        1 => misread(encoding_rs::WINDOWS_1250),
        2 => misread(encoding_rs::MACINTOSH),
        3 => text.to_uppercase(),
        4 => format!("\"{text}\""),
        5 => format!("=\"{text}\""),
        _ => text,
    }
}

fn mangle() -> impl Strategy<Value = Mangled> {
    let dirt = proptest::collection::vec((any::<usize>(), any::<usize>()), 0..4);
    (any::<usize>(), dirt, 0u8..14)
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric() || is_combining_mark(*c)).collect()
}

fn csv(header: &[String], rows: &[Vec<String>]) -> String {
    let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
    let line = |cells: &[String]| cells.iter().map(quoted).collect::<Vec<_>>().join(",") + "\r\n";
    let rows = rows.iter().map(|row| line(row));
    line(header) + &rows.collect::<String>()
}

/// All safe fixes in bulk, round by round, as window and command make them.
fn fix_all(checker: &mut Checker) -> Result<Vec<(Finding, Edit)>, TestCaseError> {
    let mut made = Vec::new();
    for _ in 0..40 {
        let is_safe = |f: &Finding| f.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Safe);
        let found: Vec<Finding> = checker.all_findings().into_iter().filter(is_safe).collect();
        let fixes: Vec<_> = found.iter().filter_map(|f| f.fix.clone()).collect();
        let round = Round::of(&checker.context().roster, fixes.iter().cloned());
        if round.edits.is_empty() {
            return Ok(made);
        }
        for at in &round.made {
            made.extend(fixes[*at].edits.iter().map(|edit| (found[*at].clone(), edit.clone())));
        }
        checker.apply(&round.edits).map_err(|e| TestCaseError::fail(e.to_string()))?;
        checker.flush();
    }
    let last: Vec<String> =
        made.iter().rev().take(4).map(|(f, edit)| format!("{}: {edit:?}", f.rule)).collect();
    Err(TestCaseError::fail(format!("safe fixes come to no end: {}", last.join("; "))))
}

/// Whether the snapshot, a list or the encoding shows that a cell that was changed in its letters was meant so.
fn is_shown(context: &CheckContext, column: usize, before: &str, after: &str) -> bool {
    let of = &context.roster.columns[column];
    let by_snapshot = || {
        let snapshot = context.snapshot.as_ref();
        let at = context.snapshot_columns[column];
        snapshot
            .zip(at)
            .is_some_and(|(s, at)| s.table.rows().any(|was| s.table.cell(was, at) == after))
    };
    let list = of.list.as_ref().and_then(|kind| context.lists.get(kind));
    let field = context.roster.field(column);
    let by_list = || {
        let mut values = of.values(after);
        values.all(|v| {
            list.is_some_and(|list| list.has(v))
                || field.is_some_and(|f| f.choices.iter().any(|c| c == v))
        })
    };
    // UTF-8 read as something else and back, once more or less.
    let by_encoding = || {
        let as_read = |text: &str| {
            [encoding_rs::WINDOWS_1252, encoding_rs::MACINTOSH, encoding_rs::WINDOWS_1251].map(
                |encoding| encoding.decode_without_bom_handling(text.as_bytes()).0.into_owned(),
            )
        };
        let once = as_read(after);
        let twice = once.iter().flat_map(|text| as_read(text)).collect::<Vec<_>>();
        // Latin 1 and windows-1252 differ in what nobody writes.
        let same = |(a, b): (char, char)| a == b || ('\u{80}'..'\u{A0}').contains(&b);
        let is_it = |text: &String| {
            text.chars().count() == before.chars().count()
                && text.chars().zip(before.chars()).all(same)
        };
        once.iter().chain(&twice).any(is_it)
    };
    let is_place = context.places[column].is_some();
    let is_day = of.kind == FieldKind::Date;
    is_place || is_day || by_snapshot() || by_list() || by_encoding()
}

fn holds(context: CheckContext) -> Result<(), TestCaseError> {
    let mut checker = Checker::new(context, &|_| true).expect("nothing stops it");
    let opened = checker.context().roster.table.clone();
    let made = fix_all(&mut checker)?;
    let context = checker.context();
    let roster = &context.roster;
    for (finding, edit) in &made {
        let Edit::Set { row, column, before, after } = edit else { continue };
        let (row, column) = (*row, &roster.columns[*column as usize]);
        let told = format!(
            "{}: `{}` → `{}` by {}",
            column.name,
            before.escape_debug(),
            after.escape_debug(),
            finding.rule
        );
        let shown = is_shown(context, column.at, before, after);
        prop_assert!(letters(before) == letters(after) || shown, "a letter was lost: {told}");
        let may_be_a_letter = |c: char| matches!(c, '\u{80}'..='\u{9F}' | '\u{1A}');
        let count = |text: &str| text.chars().filter(|c| may_be_a_letter(*c)).count();
        prop_assert!(
            count(before) == count(after) || shown,
            "what may be a letter was taken out: {told}"
        );
        let runs = |text: &str| text.starts_with(['=', '+', '-', '@']);
        prop_assert!(runs(before) || !after.starts_with('='), "a formula came about: {told}");
        let has_it = |s: &Roster, at: usize| match column.is_key {
            true => s.table.rows().any(|was| s.table.cell(was, at) == *before),
            false => context.was(row).is_some_and(|was| s.table.cell(was, at) == *before),
        };
        let is_exact = column.is_key || column.list.is_some();
        let known = context.snapshot.as_ref().zip(context.snapshot_columns[column.at]);
        prop_assert!(
            // Exchanged keys are as the snapshot has them, of each other.
            !is_exact
                || before.is_empty()
                || finding.rule == "key-swapped"
                || !known.is_some_and(|(s, at)| has_it(s, at)),
            "the snapshot has it so: {told}"
        );
        if let Some(list) = column.list.as_ref().and_then(|kind| context.lists.get(kind)) {
            let stays = |value: &&str| column.values(after).any(|now| now == *value);
            let gone = column.values(before).filter(|v| list.has(v)).find(|v| !stays(v));
            prop_assert!(gone.is_none(), "the list has it so: {told}");
        }
    }
    let gone = opened.rows().filter(|row| roster.table.index_of(*row).is_none());
    for row in gone {
        let cells = opened.row(row);
        prop_assert!(
            cells.iter().all(|cell| cell.trim().is_empty()),
            "somebody was dropped: {cells:?}"
        );
    }
    // No two keys became one.
    let keys = |table: &Table| {
        let cell = |row: u32| roster.key.map(|key| table.cell(row, key).into_owned());
        let keys = table.rows().filter_map(cell).filter(|key| !key.trim().is_empty());
        keys.collect::<BTreeSet<String>>().len()
    };
    prop_assert!(keys(&opened) <= keys(&roster.table), "two keys became one");
    prop_assert!(fix_all(&mut checker)?.is_empty(), "made twice they change something");
    Ok(())
}

fn lists() -> Lists {
    let at = Some("2026-01-01".to_owned());
    let groups = ["Sales", "Sales ", "R&D", "Team A", "Cohort 2025", "Internal", "Ops;East"]
        .map(String::from);
    [("groups".to_owned(), List::new(groups, "groups.txt", at))].into()
}

#[test]
fn safe_fixes_of_mangled_lists_lose_and_change_nothing() {
    let profiles: Vec<Arc<Profile>> =
        BUILT_IN.iter().filter_map(|(id, _)| Profile::built_in(id)).map(Arc::new).collect();
    for profile in profiles {
        let header: Vec<String> = match profile.fields.as_slice() {
            [] => ["employee_id", "name", "email", "team", "status", "start date"]
                .map(String::from)
                .into(),
            fields => fields.iter().take(12).map(|f| f.headers[0].clone()).collect(),
        };
        let width = header.len();
        let cells = proptest::collection::vec(proptest::collection::vec(mangle(), width), 2..7);
        let config = Config { cases: 40, failure_persistence: None, ..Config::default() };
        let outcome = TestRunner::new(config).run(
            &(cells, any::<[bool; 3]>(), any::<usize>()),
            |(cells, how, whom)| {
                let rows: Vec<Vec<String>> =
                    cells.iter().map(|row| row.iter().map(mangled).collect()).collect();
                let text = csv(&header, &rows);
                // The snapshot is the file before somebody worked on it, or has others.
                let mut older = rows.clone();
                if how[1] {
                    let at = whom % older.len();
                    older[at] = cells[at]
                        .iter()
                        .map(|(word, ..)| WORDS[word % WORDS.len()].to_owned())
                        .collect();
                }
                let read = |text: &str| {
                    Roster::read(Table::from_text(text).expect("a table"), profile.clone())
                };
                let snapshot = how[0].then(|| read(&csv(&header, &older)));
                let lists = if how[2] { lists() } else { Lists::new() };
                holds(CheckContext::new(read(&text), snapshot, lists))
            },
        );
        if let Err(why) = outcome {
            panic!("{}: {why}", profile.id);
        }
    }
}

#[test]
fn safe_fixes_of_every_page_lose_and_change_nothing() {
    let worlds = super::pages::worlds();
    for (title, context) in worlds {
        if let Err(why) = holds(context) {
            panic!("{title}: {why}");
        }
    }
}

/// What `docs/fixes.md` says of each rule that offers a fix.
fn table() -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/fixes.md");
    let text = fs::read_to_string(path).expect("the page about fixes");
    let rows = text.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| `")?.split('|').map(str::trim);
        let rule = cells.next()?.trim_matches('`').to_owned();
        let (safety, why) = (cells.next()?, cells.next()?);
        assert!(why.len() > 20, "{rule}: why?");
        Some((rule, safety.to_owned()))
    });
    rows.collect()
}

#[test]
fn the_page_about_fixes_says_of_each_rule_what_its_cases_show() {
    let mut seen: BTreeMap<String, BTreeSet<Safety>> = BTreeMap::new();
    for (_, context) in super::pages::worlds() {
        let checker = Checker::new(context, &|_| true).expect("nothing stops it");
        for finding in checker.all_findings() {
            if let Some(fix) = finding.fix {
                seen.entry(finding.rule).or_default().insert(fix.safety);
            }
        }
    }
    let shown: BTreeMap<String, String> = seen
        .into_iter()
        .map(|(rule, all)| {
            let word = match (all.contains(&Safety::Safe), all.contains(&Safety::Unsafe)) {
                (true, true) => "some",
                (true, false) => "yes",
                (false, _) => "no",
            };
            (rule, word.to_owned())
        })
        .collect();
    let table = table();
    let mut wrong = Vec::new();
    for rule in RULES {
        let (said, shown) = (table.get(rule.code), shown.get(rule.code));
        if said != shown {
            wrong.push(format!("{}: the page says {said:?}, the cases show {shown:?}", rule.code));
        }
    }
    assert!(wrong.is_empty(), "docs/fixes.md\n{}", wrong.join("\n"));
    for rule in table.keys() {
        assert!(RULES.iter().any(|r| r.code == rule), "there is no rule `{rule}`");
    }
}
