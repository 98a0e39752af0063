//! A look at cells and people: which rules are asked of what, and what need not be asked again.

use std::cell::OnceCell;
use std::ops::Range;

use super::{Checker, RuleSet};
use crate::rules::{Cell, CharClasses, FindingSink, Mark, Person, ValueCache, is_nobody};
use muster_roster::roster::{Column, trimmed};

/// The rules that look at the cells of one column, and which classes any of them looks at.
#[derive(Default)]
pub(super) struct ColumnRules {
    pub at_text: Vec<CellRule>,
    pub at_text_classes: CharClasses,
    pub at_cell: Vec<CellRule>,
    pub at_cell_classes: CharClasses,
    pub at_pair: Vec<PairRule>,
    pub at_pair_classes: CharClasses,
    /// All of them.
    pub rules: RuleSet,
    /// Those of a text alone.
    pub of_texts: RuleSet,
}

pub(super) type CellRule = (u8, CharClasses, fn(&Cell, &mut FindingSink));

/// A rule about a text and what stands beside it.
pub(super) struct PairRule {
    pub rule: u8,
    pub classes: CharClasses,
    /// The other column.
    pub with: usize,
    pub check: fn(&Cell, &mut FindingSink),
}

/// What was found clean, so that what half the column has is not looked at half a million times.
#[derive(Default)]
pub(super) struct Remembered {
    texts: ValueCache<CharClasses>,
    pairs: ValueCache<()>,
    /// Room for two texts.
    room: String,
}

impl Remembered {
    pub fn of(columns: usize) -> Remembered {
        let (texts, pairs) = (ValueCache::of(columns), ValueCache::of(columns));
        Remembered { texts, pairs, room: String::new() }
    }

    /// The two texts as one.
    fn pair<'r>(room: &'r mut String, text: &str, beside: &str) -> &'r str {
        room.clear();
        // How long the first is tells the two apart; what is longer is not remembered.
        room.push(char::from(u8::try_from(text.len()).unwrap_or(u8::MAX)));
        room.push_str(text);
        room.push_str(beside);
        room
    }
}

/// A row that is looked at.
#[derive(Clone, Copy)]
struct Looked {
    row: u32,
    is_nobody: bool,
}

/// Of which cells of a row the text is another than when it was looked at last. Where it is not, what rests on the text
/// alone holds still.
#[derive(Clone, Default)]
pub(super) enum Edited {
    #[default]
    Nothing,
    Columns(Vec<usize>),
    All,
}

impl Edited {
    pub fn add(&mut self, column: usize) {
        match self {
            Edited::Nothing => *self = Edited::Columns(vec![column]),
            Edited::Columns(columns) => columns.push(column),
            Edited::All => {}
        }
    }

    fn has(&self, column: usize) -> bool {
        match self {
            Edited::Nothing => false,
            Edited::Columns(columns) => columns.contains(&column),
            Edited::All => true,
        }
    }
}

/// Whether it follows from a text alone that it is clean. Of blanks, and of a line break that may have been taken in, the row
/// has its say.
fn rests_on_itself(text: &str) -> bool {
    text.is_empty()
        || !trimmed(text).is_empty() && memchr::memchr2(b'\n', b'\r', text.as_bytes()).is_none()
}

impl Checker {
    /// What all rules find of rows, by their places; those of a row together. Column by column, a few rows at a time, so that
    /// what is known of a column is at hand while it is gone down.
    pub(super) fn look_at_rows_from(
        &self,
        places: Range<usize>,
        remembered: &mut Remembered,
    ) -> Vec<Mark> {
        const AT_ONCE: usize = 1 << 6;
        let roster = &self.context.roster;
        let (mut all, mut marks) = (Vec::new(), Vec::new());
        let mut block = Vec::with_capacity(AT_ONCE);
        for from in places.clone().step_by(AT_ONCE) {
            block.clear();
            let rows =
                (from..(from + AT_ONCE).min(places.end)).map_while(|n| roster.table.row_at(n));
            block.extend(rows.map(|row| Looked { row, is_nobody: is_nobody(roster, row) }));
            let mut sink = FindingSink::marks(&mut marks);
            for (column, rules) in self.rules_by_column() {
                for looked in &block {
                    self.look_at_cell(*looked, column, rules, RuleSet::ALL, remembered, &mut sink);
                }
            }
            for looked in &block {
                self.look_at_person(*looked, RuleSet::ALL, &mut sink);
            }
            // Stable: the marks of a row stay in the order of its columns and rules.
            marks.sort_by_key(|mark: &Mark| mark.row);
            all.append(&mut marks);
        }
        all
    }

    /// Asks rules what they have to say of a row, in their order.
    pub(super) fn look_at_row(
        &self,
        row: u32,
        asked: RuleSet,
        remembered: &mut Remembered,
        sink: &mut FindingSink,
    ) {
        let looked = Looked { row, is_nobody: is_nobody(&self.context.roster, row) };
        for (column, rules) in self.rules_by_column() {
            if asked.has_any_of(rules.rules) {
                self.look_at_cell(looked, column, rules, asked, remembered, sink);
            }
        }
        self.look_at_person(looked, asked, sink);
    }

    /// The same of all rules, for a row that was looked at before. A text that was clean is so still, where it is no other now:
    /// rules of a text alone are not asked of it again.
    pub(super) fn look_again(
        &self,
        row: u32,
        edited: &Edited,
        remembered: &mut Remembered,
        sink: &mut FindingSink,
    ) {
        let looked = Looked { row, is_nobody: is_nobody(&self.context.roster, row) };
        if looked.is_nobody || matches!(edited, Edited::All) {
            return self.look_at_row(row, RuleSet::ALL, remembered, sink);
        }
        let aside = self.context.set_aside.of_row(row).iter().map(|(mark, _)| mark);
        let marks: Vec<&Mark> = self.marks(row).iter().chain(aside).collect();
        for (column, rules) in self.rules_by_column() {
            let is_marked = marks.iter().any(|mark| mark.column() == Some(column.at));
            let is_clean = !edited.has(column.at) && !is_marked && {
                let text = self.context.roster.table.cell(row, column.at);
                rests_on_itself(&text)
            };
            let asked = if is_clean { self.beside_a_text } else { RuleSet::ALL };
            self.look_at_cell(looked, column, rules, asked, remembered, sink);
        }
        self.look_at_person(looked, RuleSet::ALL, sink);
    }

    /// The columns that any rule looks at.
    fn rules_by_column(&self) -> impl Iterator<Item = (&Column, &ColumnRules)> {
        let all = self.context.roster.columns.iter().zip(&self.of_columns);
        all.filter(|(_, rules)| rules.rules.has_any_of(RuleSet::ALL))
    }

    fn look_at_cell(
        &self,
        Looked { row, is_nobody }: Looked,
        column: &Column,
        rules: &ColumnRules,
        asked: RuleSet,
        remembered: &mut Remembered,
        sink: &mut FindingSink,
    ) {
        let context = &self.context;
        // A row that ends early lacks its last cells, which are blank then.
        let text = context.roster.table.cell(row, column.at);
        let known = if is_nobody { None } else { remembered.texts.get(column.at, &text).copied() };
        let classes = known.unwrap_or_else(|| CharClasses::of(&text));
        let is_text_asked = known.is_none()
            && classes.any(rules.at_text_classes)
            && asked.has_any_of(rules.of_texts);
        // What was not asked for is not known to be clean.
        let is_all = asked.has_all_of(rules.of_texts);
        let is_cell_asked = classes.any(rules.at_cell_classes);
        let is_pair_asked = classes.any(rules.at_pair_classes);
        if !(is_text_asked || is_cell_asked || is_pair_asked) {
            if known.is_none() && !is_nobody && is_all && rests_on_itself(&text) {
                remembered.texts.put(column.at, &text, classes);
            }
            return;
        }
        let one = [&*text];
        let several: Vec<&str>;
        let values = match &column.separator {
            _ if text.is_empty() => &[][..],
            None => &one[..],
            Some(_) => {
                several = column.values(&text).collect();
                &several
            }
        };
        let cell = Cell { context, row, column, text: &text, values, is_nobodys: is_nobody };
        let look = |rules: &[CellRule], sink: &mut FindingSink| {
            for (rule, of, check) in rules {
                if classes.any(*of) && asked.has(*rule) {
                    check(&cell, sink.of(context, *rule));
                }
            }
        };
        let before = sink.len();
        if is_text_asked {
            look(&rules.at_text, sink);
        }
        let is_clean = is_all && sink.len() == before;
        if known.is_none() && !is_nobody && is_clean && rests_on_itself(&text) {
            remembered.texts.put(column.at, &text, classes);
        }
        if is_cell_asked {
            look(&rules.at_cell, sink);
        }
        for (n, pair) in rules.at_pair.iter().enumerate() {
            if !(classes.any(pair.classes) && asked.has(pair.rule)) {
                continue;
            }
            let beside = context.roster.table.cell(row, pair.with);
            let both = Remembered::pair(&mut remembered.room, &text, &beside);
            // One rule of a column is remembered; there is no column with more.
            let is_remembered = n == 0 && !is_nobody;
            if is_remembered && remembered.pairs.get(column.at, both).is_some() {
                continue;
            }
            let before = sink.len();
            (pair.check)(&cell, sink.of(context, pair.rule));
            if is_remembered && sink.len() == before {
                remembered.pairs.put(column.at, both, ());
            }
        }
    }

    fn look_at_person(
        &self,
        Looked { row, is_nobody }: Looked,
        asked: RuleSet,
        sink: &mut FindingSink,
    ) {
        let context = &self.context;
        let key = context.roster.key_text(row);
        let (was, differs) = (context.was(row), context.differs(row));
        let changed = &OnceCell::new();
        let person = Person { context, row, key: &key, is_nobody, was, differs, changed };
        for (rule, check) in self.person.iter().filter(|(rule, _)| asked.has(*rule)) {
            check(&person, sink.of(context, *rule));
        }
    }
}
