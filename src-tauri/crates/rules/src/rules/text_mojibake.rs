//! Letters that were read in the wrong encoding. plsfix, the port of ftfy, mends more than it is asked for, and
//! quietly, while here somebody has to look at what is not certain; it rests since January 2025.

use std::ops::Range;

use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1251, WINDOWS_1252};

use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::{Safety, Severity};

pub static RULE: Rule = Rule {
    code: "text-mojibake",
    title: "Garbled letters",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Damage,
    scope: RuleScope::Cell {
        of: |_, column| !column.is_secret(),
        classes: CharClasses::BEYOND_ASCII.or(CharClasses::QUESTION),
        check,
    },
    page: include_str!("text_mojibake.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let text = cell.text;
    if let Some(repaired) = repaired(text) {
        // What the LMS has already does no more harm.
        let known = cell.was().is_some_and(|was| was == text);
        let severity = if known { Severity::Warning } else { Severity::Error };
        return sink.cell_as(severity, cell, || {
            let fix = cell.fix(format!("make it `{repaired}`"), Safety::Safe, &*repaired);
            FindingText::new(text, format!("`{text}` is `{repaired}`, read in a wrong way"))
                .fix(Some(fix))
        });
    }
    let lost = |c: char| c == '\u{FFFD}' || c == '?';
    if !text.contains(lost) {
        return;
    }
    let was = cell.was().filter(|was| stands_for(text, was));
    if was.is_none() && !text.contains('\u{FFFD}') {
        return;
    }
    sink.cell(cell, || {
        let finding = FindingText::new(
            text,
            format!("letters of `{text}` were lost when the file was written"),
        );
        finding.fix(
            was.map(|was| cell.fix(format!("put back `{was}`"), Safety::Safe, was.into_owned())),
        )
    });
}

/// Whether a text is another one in which letters beyond ASCII became `?` or `�`.
fn stands_for(text: &str, was: &str) -> bool {
    let is_lost = |c: char| c == '\u{FFFD}' || c == '?';
    let (mut now, mut then) = (text.chars().peekable(), was.chars().peekable());
    let mut any = false;
    loop {
        match (now.next(), then.next()) {
            (None, None) => return any,
            (Some(a), Some(b)) if a == b => {}
            (Some(a), Some(b)) if is_lost(a) && !b.is_ascii() => {
                any = true;
                // One mark for each byte, or one for each letter.
                let mut marks = 1;
                while now.next_if(|c| is_lost(*c)).is_some() {
                    marks += 1;
                }
                let mut letters = 1;
                while letters < marks && then.next_if(|c| !c.is_ascii()).is_some() {
                    letters += 1;
                }
            }
            _ => return false,
        }
    }
}

/// The text as it was before UTF-8 was taken for something else; none if nothing in it looks so.
pub(super) fn repaired(text: &str) -> Option<String> {
    // What one letter becomes is at least two characters side by side.
    let beyond = |c: char| !c.is_ascii();
    if !text.chars().zip(text.chars().skip(1)).any(|(a, b)| beyond(a) && beyond(b)) {
        return None;
    }
    let mut repaired: Option<String> = None;
    // Some files went through it twice.
    for _ in 0..3 {
        let now = repaired.as_deref().unwrap_or(text);
        if now.is_ascii() {
            break;
        }
        let Some(better) = WAYS.iter().find_map(|way| way.undo(now)) else { break };
        repaired = Some(better);
    }
    repaired
}

/// What UTF-8 is taken for, and what the first and the later bytes of its letters then look like.
struct Way {
    encoding: &'static Encoding,
    begins: fn(char) -> bool,
    goes_on: fn(char) -> bool,
}

static WAYS: [Way; 3] = [
    Way {
        encoding: WINDOWS_1252,
        begins: |c| matches!(c, 'Â'..='ô'),
        goes_on: |c| !matches!(c, 'À'..='ÿ'),
    },
    Way {
        encoding: MACINTOSH,
        begins: |c| {
            matches!(
                c,
                '¬' | '√'
                    | 'ƒ'
                    | '≈'
                    | 'Œ'
                    | 'œ'
                    | 'Ÿ'
                    | 'ÿ'
                    | '–'
                    | '—'
                    | '“'
                    | '”'
                    | '‚'
                    | '„'
                    | '‰'
            )
        },
        goes_on: |_| true,
    },
    Way {
        encoding: WINDOWS_1251,
        begins: |c| matches!(c, 'В'..='ф'),
        goes_on: |c| !matches!(c, 'А'..='я'),
    },
];

impl Way {
    fn undo(&self, text: &str) -> Option<String> {
        if !runs(text).any(|run| self.looks_so(&text[run])) {
            return None;
        }
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        let (mut latin, mut foreign) = (0, 0);
        for run in runs(text) {
            let Some(letters) = self.letters_of(&text[run.clone()]) else { continue };
            if !plausible(&letters, &text[run.clone()], text) {
                continue;
            }
            latin += letters.chars().filter(|c| is_western(*c)).count();
            foreign += letters.chars().filter(|c| !is_western(*c)).count();
            out.push_str(&text[done..run.start]);
            out.push_str(&letters);
            done = run.end;
        }
        // One foreign letter alone comes about by chance, as in `Рі`.
        (latin >= 1 || foreign >= 2).then(|| out + &text[done..])
    }

    fn looks_so(&self, run: &str) -> bool {
        let mut chars = run.chars();
        chars.next().is_some_and(self.begins) && chars.next().is_some_and(self.goes_on)
    }

    fn letters_of(&self, run: &str) -> Option<String> {
        if !self.looks_so(run) {
            return None;
        }
        let (bytes, _, lossy) = self.encoding.encode(run);
        if lossy { None } else { String::from_utf8(bytes.into_owned()).ok() }
    }
}

/// Where characters beyond ASCII stand together.
fn runs(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + text[from..].find(|c: char| !c.is_ascii())?;
        let end = text[start..].find(|c: char| c.is_ascii()).map_or(text.len(), |n| start + n);
        from = end;
        Some(start..end)
    })
}

/// Letters, marks and punctuation of texts in Latin letters.
fn is_western(c: char) -> bool {
    matches!(c, '\u{A0}'..='\u{17F}' | '\u{218}'..='\u{21B}' | '\u{300}'..='\u{328}')
        || matches!(c, '\u{1E00}'..='\u{1EFF}' | '\u{2010}'..='\u{203A}' | '€' | '™')
}

/// Whether letters that came out are such as people write, rather than what `CAFÉ’S` or `LUKÁŠ` happen to make.
fn plausible(letters: &str, run: &str, text: &str) -> bool {
    let written = |c: char| {
        is_western(c)
            || (c > '\u{36F}' && c.is_alphanumeric() && !matches!(c, '\u{700}'..='\u{8FF}'))
    };
    let usual_beside_capitals = |c: char| "‘’“”–—•«»ŠŽŒŸ\u{A0}".contains(c);
    let by_chance =
        run.chars().skip(1).any(usual_beside_capitals) && !text.contains(char::is_lowercase);
    letters.chars().all(written) && !by_chance
}
