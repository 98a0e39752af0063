//! A rule's page taken apart: help above the first `##`, then cases made of fenced blocks.

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

    pub fn help(&self) -> &str {
        self.text.split("\n## ").next().unwrap_or_default()
    }

    /// The text of a case's block, if it has one.
    pub fn block(&self, case: &Case, kind: &str) -> Option<String> {
        let block = case.blocks.iter().find(|b| b.kind == kind)?;
        Some(unescaped(&self.text[block.place.clone()]))
    }

    /// Puts other texts into blocks and writes the page.
    pub fn rewrite(&mut self, mut texts: Vec<(Range<usize>, String)>) {
        texts.sort_by_key(|(place, _)| place.start);
        for (place, text) in texts.into_iter().rev() {
            self.text.replace_range(place, &text);
        }
        fs::write(&self.path, &self.text).expect("a page can be written");
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
pub fn unescaped(text: &str) -> String {
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

/// The reverse, for whatever cannot be seen or would not survive an editor.
pub fn escaped(text: &str) -> String {
    let hidden = |c: char| {
        muster_roster::lists::is_invisible(c)
            || (c.is_control() && c != '\n')
            || (c.is_whitespace() && !matches!(c, ' ' | '\n'))
    };
    text.chars()
        .map(|c| if hidden(c) { format!("\\u{{{:X}}}", c as u32) } else { c.to_string() })
        .collect()
}
