//! A rule's page taken apart: help above the first `##`, then cases made of fenced blocks. The command's tests read it too.

use std::fs;
use std::ops::Range;
use std::path::PathBuf;

pub struct Page {
    pub path: PathBuf,
    pub text: String,
    pub cases: Vec<Case>,
}

/// What stands under one `##`.
pub struct Case {
    pub title: String,
    pub blocks: Vec<Block>,
}

/// A fenced block: what it is, and where in the page its text stands.
pub struct Block {
    pub kind: String,
    pub place: Range<usize>,
}

impl Page {
    pub fn read(path: PathBuf) -> Page {
        let text = fs::read_to_string(&path).expect("a page is UTF-8");
        let cases = cases(&text);
        Page { path, text, cases }
    }

    /// The text of a case's block, if it has one.
    pub fn block(&self, case: &Case, kind: &str) -> Option<String> {
        let block = case.blocks.iter().find(|b| b.kind == kind)?;
        Some(unescaped(&self.text[block.place.clone()]))
    }
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut open: Option<(String, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let next = at + line.len();
        let plain = line.trim_end();
        match (&open, plain.strip_prefix("```")) {
            (None, Some(kind)) => open = Some((kind.trim().to_owned(), next)),
            (Some((kind, start)), Some("")) => {
                if let Some(case) = cases.last_mut() {
                    case.blocks.push(Block { kind: kind.clone(), place: *start..at });
                }
                open = None;
            }
            (None, None) => {
                if let Some(title) = plain.strip_prefix("## ") {
                    cases.push(Case { title: title.to_owned(), blocks: Vec::new() });
                }
            }
            _ => {}
        }
        at = next;
    }
    cases
}

/// `\u{200B}` in a page stands for the character, which nobody would see in it.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\u{") {
        out.push_str(before);
        let named = after.split_once('}').and_then(|(hex, tail)| {
            Some((char::from_u32(u32::from_str_radix(hex, 16).ok()?)?, tail))
        });
        match named {
            Some((c, tail)) => {
                out.push(c);
                rest = tail;
            }
            None => {
                out.push_str("\\u{");
                rest = after;
            }
        }
    }
    out + rest
}

/// The TOML of a `profile` block: one of Muster's by its name and what the page adds to it, or a whole one.
pub fn profile(text: &str) -> Result<toml::Table, String> {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let first = first.trim();
    let named = muster_roster::profile::BUILT_IN.iter().find(|(id, _)| *id == first);
    let (base, over) = match named {
        Some((_, base)) => (*base, rest),
        None => (NOBODYS, text),
    };
    let mut whole: toml::Table = toml::from_str(base).map_err(|e| e.to_string())?;
    merge(&mut whole, toml::from_str(over).map_err(|e| e.to_string())?);
    Ok(whole)
}

const NOBODYS: &str =
    "id = 'acme'\nname = 'Acme'\nsummary = ''\nversion = '2026-01-01'\n[key]\nfield = ''\n";

fn merge(into: &mut toml::Table, from: toml::Table) {
    use toml::Value::{Array, Table};
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Table(mine)), Table(theirs)) => merge(mine, theirs),
            (Some(Array(mine)), Array(theirs)) if key == "field" => {
                for field in theirs {
                    let same = |f: &&mut toml::Value| f.get("id") == field.get("id");
                    match mine.iter_mut().find(same) {
                        Some(known) => *known = field,
                        None => mine.push(field),
                    }
                }
            }
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}
