use std::sync::OnceLock;

use super::mojibake::{self, Garbled};
use super::{
    Cell, CharClasses, CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope,
    letters_lost,
};
use muster_roster::finding::{Safety, Severity};
use muster_roster::profile::FieldKind;
use muster_table::table::DoubtKind;

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
    if cell.is_as_before() && !text.contains('\u{FFFD}') {
        return;
    }
    let was = cell.was();
    if was.as_deref() == Some(text) && !text.contains('\u{FFFD}') {
        return;
    }
    if let Some(was) = was.as_deref().filter(|was| stands_for(text, was)) {
        let fix = cell.fix(format!("put back `{was}`"), Safety::Safe, was);
        return sink.cell(cell, || FindingText::new(text, lost(text)).fix(Some(fix)));
    }
    if text.contains('\u{FFFD}') {
        return sink.cell(cell, || FindingText::new(text, lost(text)));
    }
    let list = cell.column.list.as_ref().and_then(|kind| cell.context.lists.get(kind));
    let is_real = || list.is_some_and(|list| cell.values.iter().all(|value| list.has(value)));
    if letters_lost::with_lost(cell.column, text).is_some() && !is_real() {
        // An address with another letter is another mailbox.
        let is_address = cell.column.kind == FieldKind::Email;
        let severity = if is_address { Severity::Error } else { Severity::Warning };
        return sink.cell_as(severity, cell, || {
            let message = format!(
                "a `?` stands in `{text}`, perhaps for a letter that was lost when the file was written"
            );
            FindingText::new(text, message)
        });
    }
    turned(cell, was.as_deref(), sink);
}

fn lost(text: &str) -> String {
    format!("letters of `{text}` were lost when the file was written")
}

/// Letters that another code page made of those that were written, one for one.
fn turned(cell: &Cell, was: Option<&str>, sink: &mut FindingSink) {
    let text = cell.text;
    let doubts = || cell.context.roster.table.doubts().iter();
    let is_told = || {
        let beside = cell.context.letters_beside().is_some();
        beside || doubts().any(|doubt| doubt.kind == DoubtKind::Letters)
    };
    if text.is_ascii() {
        return;
    }
    let strange = letters_lost::with_strange(cell.column, text);
    let worse = |was: &&str| {
        letters_lost::is_turned(was, text)
            && letters_lost::oddity(was) <= letters_lost::oddity(text)
    };
    if let Some(was) = was.filter(worse) {
        if is_told() {
            return;
        }
        let safety = if strange.is_some() { Safety::Safe } else { Safety::Unsafe };
        let fix = cell.fix(format!("put back `{was}`"), safety, was);
        return sink.cell(cell, || {
            let message =
                format!("`{text}` is probably `{was}`, of which letters were read in a wrong way");
            FindingText::new(text, message).fix(Some(fix))
        });
    }
    let Some((word, sign)) = strange.filter(|_| !is_told()) else { return };
    sink.cell_as(Severity::Warning, cell, || {
        let message =
            format!("the `{sign}` in `{word}` stands where another letter was probably written");
        FindingText::new(text, message)
    });
}

/// Whether a text is another one in which letters beyond ASCII became `?` or `�`.
pub(super) fn stands_for(text: &str, was: &str) -> bool {
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

/// A text to be shown: a control character is drawn, or it would look right.
pub(super) fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
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
