use std::sync::OnceLock;

use super::mojibake::{self, Garbled};
use super::{
    Cell, CharClasses, CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope,
};
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
    if let Some(garbled) = mojibake::garbled(text, &|way| cell.context.garbled_so(cell, way)) {
        // What the LMS has already does no more harm.
        let known = cell.was().is_some_and(|was| was == text);
        let severity = if known { Severity::Warning } else { Severity::Error };
        return sink.cell_as(severity, cell, || told(cell, garbled));
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

fn told(cell: &Cell, garbled: Garbled) -> FindingText {
    let text = cell.text;
    match garbled {
        Garbled::Whole { text: was, is_certain: true, .. } => {
            let fix = cell.fix(format!("make it `{was}`"), Safety::Safe, &*was);
            FindingText::new(text, format!("`{text}` is `{was}`, read in a wrong way"))
                .fix(Some(fix))
        }
        Garbled::Whole { text: was, read_as, .. } => {
            let fix = cell.fix(format!("make it `{was}`"), Safety::Unsafe, &*was);
            let message = format!("`{text}` is probably `{was}`, which was read as {read_as}");
            FindingText::new(text, message).fix(Some(fix))
        }
        Garbled::Half => {
            let message = format!(
                "letters of `{text}` were read in a wrong way, and not all of them can be read back; take the name from where \
                 this file comes from"
            );
            let was = cell.was().filter(|was| !was.trim().is_empty() && was != text);
            let fix = was
                .map(|was| cell.fix(format!("put back `{was}`"), Safety::Unsafe, was.into_owned()));
            FindingText::new(text, message).fix(fix)
        }
    }
}

/// The text as it was before UTF-8 was taken for something else; none if nothing in it looks so, or not all of it can be
/// read back.
pub(super) fn repaired(text: &str) -> Option<String> {
    match mojibake::garbled(text, &|_| 0)? {
        Garbled::Whole { text, .. } => Some(text),
        Garbled::Half => None,
    }
}

/// Whether letters of a text are garbled, be it that they can be read back or not. Until they are, nothing else is taken
/// out of it: what nobody sees may be the second half of a letter.
pub(super) fn is_garbled(text: &str) -> bool {
    !text.is_ascii() && mojibake::garbled(text, &|_| 0).is_some()
}

/// For each column how many of its cells each way explains, made when two would do.
#[derive(Default)]
pub struct GarbledColumns(Vec<OnceLock<Vec<usize>>>);

impl GarbledColumns {
    pub fn of(columns: usize) -> GarbledColumns {
        GarbledColumns(std::iter::repeat_with(OnceLock::new).take(columns).collect())
    }
}

impl CheckContext {
    /// How many cells of a column were garbled in a way. What is edited since the file was opened does not count.
    fn garbled_so(&self, cell: &Cell, way: usize) -> usize {
        const LOOK_AT: usize = 5_000;
        let Some(counts) = self.garbled.0.get(cell.column.at) else { return 0 };
        let count = || {
            let mut counts = vec![0; mojibake::count()];
            let table = &self.roster.table;
            for row in table.opened_rows().take(LOOK_AT) {
                let Some(text) = table.opened(row, cell.column.at) else { continue };
                mojibake::ways(&text).into_iter().for_each(|way| counts[way] += 1);
            }
            counts
        };
        counts.get_or_init(count).get(way).copied().unwrap_or_default()
    }
}
