//! What is told of the findings: counts, marks, and sentences, which the rules say again when they are asked for.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::looking::Remembered;
use super::{Checker, RuleSet, Texts};
use crate::rules::{CheckContext, FindingSink, FindingText, Mark, RULES};
use muster_roster::finding::{Counts, Finding, Fix, Safety};
use muster_table::edit::Edit;
use muster_table::narrow;
use muster_table::table::{Doubt, DoubtKind};
use muster_table::words::MASK;

impl Checker {
    /// What is checked: roster, snapshot, lists and choices.
    pub fn context(&self) -> &CheckContext {
        &self.context
    }

    /// What was checked, with the edits that were made.
    pub fn into_context(self) -> CheckContext {
        self.context
    }

    /// How many findings of each severity there are, also of people who are not in the file.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// How many of the errors doubt that the file was understood.
    pub fn doubts(&self) -> u32 {
        self.doubts
    }

    /// Whether the list was read whole and nothing is doubted: only then does it say something that nothing was found.
    pub fn is_understood(&self) -> bool {
        self.doubts == 0
    }

    /// The rows that are doubted, in the order of the file, but for those that are past `most`.
    pub fn doubted_rows(&self, most: usize) -> Vec<u32> {
        if self.is_understood() {
            return Vec::new();
        }
        let is_doubted = |row: &u32| self.marks(*row).iter().any(Mark::is_doubt);
        self.context.roster.table.rows().filter(is_doubted).take(most).collect()
    }

    /// How many findings of each severity every column has.
    pub fn counts_by_column(&self) -> &[Counts] {
        &self.by_column
    }

    /// How many findings a rule has.
    pub fn count_of(&self, rule: u8) -> u32 {
        self.by_rule[rule as usize]
    }

    /// How many findings were waived; they are in no other count.
    pub fn waived(&self) -> u32 {
        self.context.set_aside.waived().values().sum()
    }

    /// How many findings each waiver lets stand, in the order of [`CheckContext::waivers`].
    pub fn waived_by(&self) -> Vec<u32> {
        let waived = self.context.set_aside.waived();
        let count = |place: usize| waived.get(&place).copied().unwrap_or_default();
        (0..self.context.waivers.iter().count()).map(count).collect()
    }

    /// How many findings of each rule were waived, by the rules' codes.
    pub fn waived_by_rule(&self) -> BTreeMap<&str, u32> {
        let mut by_rule: BTreeMap<&str, u32> = BTreeMap::new();
        let counted = self.context.waivers.iter().zip(self.waived_by());
        for (waiver, count) in counted.filter(|(_, count)| *count > 0) {
            *by_rule.entry(&waiver.rule).or_default() += count;
        }
        by_rule
    }

    /// The rules that did not run, and why.
    pub fn skipped(&self) -> &[(u8, String)] {
        &self.skipped
    }

    /// The marks of one row.
    pub fn marks(&self, row: u32) -> &[Mark] {
        self.rows.get(&row).map_or(&[], Vec::as_slice)
    }

    /// The marks about the header and the file as a whole.
    pub fn whole_marks(&self) -> impl Iterator<Item = &Mark> {
        self.header_marks.iter().chain(&self.whole_marks)
    }

    /// The rows with findings, in the order of the file.
    pub fn rows_with_findings(&self) -> Vec<u32> {
        let table = &self.context.roster.table;
        table.rows().filter(|row| self.rows.contains_key(row)).collect()
    }

    /// All that is to be said of a row.
    pub fn findings(&self, row: u32) -> Vec<Finding> {
        let marks = self.marks(row);
        if marks.is_empty() {
            return Vec::new();
        }
        let marked = RuleSet::of(marks.iter().map(|mark| mark.rule));
        self.to_findings(self.told(Some(row), self.texts(row, marked)))
    }

    /// What rules have to say of a row, also of what is set aside.
    pub(super) fn texts(&self, row: u32, asked: RuleSet) -> Texts {
        let mut texts = Vec::new();
        let mut sink = FindingSink::texts(&mut texts);
        self.look_at_row(row, asked, &mut Remembered::default(), &mut sink);
        texts
    }

    /// Those that are not set aside.
    fn told(&self, row: Option<u32>, texts: Texts) -> Texts {
        let marks: Vec<Mark> = texts.iter().map(|(mark, _)| *mark).collect();
        let values = || texts.iter().map(|(_, text)| text.value.clone()).collect();
        let why = self.context.asides(row, &marks, values);
        texts.into_iter().zip(why).filter(|(_, why)| why.is_none()).map(|(text, _)| text).collect()
    }

    /// All that is to be said of the header, the file, and people who are not in it.
    pub fn findings_of_the_whole(&self) -> Vec<Finding> {
        let mut all = self.findings_of_header_and_file();
        all.extend(self.absent().flat_map(|was| self.findings_of_absent(was)));
        all
    }

    /// Of whom something is to be said though they are not in the file, in the order of the snapshot.
    pub(super) fn absent(&self) -> impl Iterator<Item = u32> {
        self.absent_marks.keys().copied()
    }

    /// All that is to be said of somebody who is not in the file.
    pub(super) fn findings_of_absent(&self, was: u32) -> Vec<Finding> {
        let mut texts = Vec::new();
        if self.absent_marks.contains_key(&was) {
            self.look_at_absent(was, &mut FindingSink::texts(&mut texts));
        }
        self.to_findings(self.told(None, texts))
    }

    pub(super) fn findings_of_header_and_file(&self) -> Vec<Finding> {
        let mut texts = Vec::new();
        let mut sink = FindingSink::texts(&mut texts);
        let is_marked = |marks: &[Mark], rule: u8| marks.iter().any(|m| m.rule == rule);
        let of_header = self.header.iter().filter(|(rule, _)| is_marked(&self.header_marks, *rule));
        let of_whole = self.whole.iter().filter(|(rule, _)| is_marked(&self.whole_marks, *rule));
        for (rule, check) in of_header.chain(of_whole) {
            check(&self.context, sink.of(&self.context, *rule));
        }
        self.to_findings(self.told(None, texts))
    }

    /// Every finding: of the whole first, then by row in the order of the file.
    pub fn all_findings(&self) -> Vec<Finding> {
        let mut all = Vec::new();
        self.each_finding(|finding| finding, |finding| all.push(finding));
        all
    }

    /// The same, one after the other, each made into something else by as many threads as there are. All sentences at once
    /// may be many times the list.
    pub fn each_finding<T: Send>(
        &self,
        make: impl Fn(Finding) -> T + Sync,
        mut tell: impl FnMut(T),
    ) {
        const PART: usize = 1 << 12;
        self.findings_of_the_whole().into_iter().map(&make).for_each(&mut tell);
        let rows = self.rows_with_findings();
        let part = |rows: &[u32]| -> Vec<T> {
            let made = |row: &u32| self.findings(*row).into_iter().map(&make).collect();
            let part: Vec<Vec<T>> = rows.par_iter().map(made).collect();
            part.into_iter().flatten().collect()
        };
        // While a part is told the next is made.
        let mut made = Vec::new();
        for rows in rows.chunks(PART) {
            let mut next = Vec::new();
            rayon::in_place_scope(|scope| {
                scope.spawn(|_| next = part(rows));
                made.drain(..).for_each(&mut tell);
            });
            made = next;
        }
        made.into_iter().for_each(&mut tell);
    }

    fn to_findings(&self, texts: Vec<(Mark, FindingText)>) -> Vec<Finding> {
        // Where the reading is doubted nothing is certain: what looks like a stray character may be a letter or a delimiter.
        let doubts = self.context.roster.table.doubts();
        let (letters, cells): (Vec<&Doubt>, Vec<&Doubt>) =
            doubts.iter().partition(|doubt| doubt.kind == DoubtKind::Letters);
        let changes_letters = |edit: &Edit| match edit {
            Edit::Set { before, .. } | Edit::Rename { before, .. } => !before.is_ascii(),
            _ => false,
        };
        let judged = |rule: u8, fix: Fix| {
            let is_doubted =
                !cells.is_empty() || (!letters.is_empty() && fix.edits.iter().any(changes_letters));
            let safety = if is_doubted { Safety::Unsafe } else { fix.safety };
            self.context.held_to_the_law(rule, Fix { safety, ..fix })
        };
        let told = |(mark, mut text): (Mark, FindingText)| {
            self.mask(&mark, &mut text);
            Finding {
                rule: RULES[mark.rule as usize].code.to_owned(),
                severity: mark.severity,
                row: (mark.row != Mark::NOWHERE).then_some(mark.row),
                column: mark.column().map(narrow::place),
                value: text.value,
                message: text.message,
                fix: text.fix.and_then(|fix| judged(mark.rule, fix)),
            }
        };
        texts.into_iter().map(told).collect()
    }

    /// Whatever a rule says of a cell that is shown nowhere: what stands in it, and stood there, is masked.
    fn mask(&self, mark: &Mark, text: &mut FindingText) {
        let context = &self.context;
        let Some(column) = mark.column().filter(|c| context.roster.columns[*c].is_secret()) else {
            return;
        };
        if mark.row == Mark::NOWHERE {
            return;
        }
        let set = text.fix.iter().flat_map(|fix| &fix.edits).filter_map(|edit| match edit {
            Edit::Set { before, after, .. } => Some([before.clone(), after.clone()]),
            _ => None,
        });
        let mut secrets: Vec<String> = set.flatten().collect();
        secrets.push(context.roster.table.cell(mark.row, column).into_owned());
        secrets.extend(
            context.was(mark.row).and_then(|was| context.was_cell(was, column)).map(String::from),
        );
        secrets.push(std::mem::take(&mut text.value));
        let shown = secrets.last().is_some_and(|value| !value.is_empty());
        text.value = if shown { MASK.into() } else { String::new() };
        // The word that keeps a password is none.
        let keeps = context.roster.field(column).and_then(|field| field.keep_word.as_deref());
        let told = |secret: &&str| !secret.is_empty() && keeps != Some(*secret);
        for secret in secrets.iter().map(|secret| secret.trim()).filter(told) {
            let (quoted, masked) = (format!("`{secret}`"), format!("`{MASK}`"));
            text.message = text.message.replace(&quoted, &masked);
            if let Some(fix) = &mut text.fix {
                fix.title = fix.title.replace(&quoted, &masked);
            }
        }
    }
}
