//! The law of safe fixes, which stands above every rule: a safe fix never removes or changes what may be meaning. A rule says
//! that a fix is safe; here it is looked at whether it may be, and where it may not, somebody has to look first.
//!
//! `docs/fixes.md` says it for each rule.

use unicode_normalization::char::is_combining_mark;

use super::mojibake::{self, Garbled};
use super::{
    Cell, CheckContext, RULES, cell_runs, character_invisible, country_unknown, equals_kept,
    key_swapped, quote_kept, space_stray, stray, text_escaped, text_mojibake,
};
use muster_roster::dates::{Fit, Reading, fit, may_stand_for};
use muster_roster::finding::{Fix, Safety};
use muster_roster::geo;
use muster_roster::profile::FieldKind;
use muster_roster::roster::{Column, trimmed};
use muster_table::edit::Edit;

/// The rules about how a cell was written or read: before they had their say no other mends it.
const READERS: [&str; 4] = [
    text_mojibake::RULE.code,
    text_escaped::RULE.code,
    quote_kept::RULE.code,
    equals_kept::RULE.code,
];

impl CheckContext {
    /// A fix that is as safe as it may be; none where it would give somebody what another has, and so make one of two people.
    pub(crate) fn held_to_the_law(&self, rule: u8, mut fix: Fix) -> Option<Fix> {
        // Where keys were exchanged none comes and none goes, and all else of each person says whose they are.
        let is_exchange = RULES[usize::from(rule)].code == key_swapped::RULE.code;
        if !is_exchange && self.gives_anothers(&fix, false) {
            return None;
        }
        let keeps = || fix.edits.iter().all(|edit| self.keeps_meaning(rule, edit));
        if fix.safety == Safety::Safe && !is_exchange && !keeps() {
            fix.safety = Safety::Unsafe;
        }
        if !is_exchange && self.gives_anothers(&fix, true) {
            fix.safety = Safety::Unsafe;
        }
        if fix.safety == Safety::Safe && self.writes_a_key_unseen(&fix) {
            fix.safety = Safety::Unsafe;
            fix.title += ", if the LMS has it so: there is no export of it here to tell";
        }
        Some(fix)
    }

    /// Whether a fix writes a key otherwise while nobody knows how the LMS has it: it would make a second person of somebody
    /// whom the LMS knows by the first form.
    fn writes_a_key_unseen(&self, fix: &Fix) -> bool {
        let is_key = |row: u32, column: usize| {
            let is_blank = |key: usize| self.roster.table.cell(row, key).trim().is_empty();
            let stands_in = || self.roster.key_fallback == Some(column);
            self.roster.key == Some(column) || stands_in() && self.roster.key.is_none_or(is_blank)
        };
        let writes = |edit: &Edit| match edit {
            Edit::Set { row, column, before, .. } => {
                !before.trim().is_empty() && is_key(*row, *column as usize)
            }
            _ => false,
        };
        self.snapshot.is_none() && fix.edits.iter().any(writes)
    }

    /// Whether a fix puts into a cell what has to be one person's alone and is another's, who keeps it: asked of what is the
    /// same in another form, or of what is something else.
    fn gives_anothers(&self, fix: &Fix, is_same: bool) -> bool {
        let gives_up = |other: u32, at: u32| {
            fix.edits.iter().any(|edit| match edit {
                Edit::Set { row, column, .. } => *row == other && *column == at,
                Edit::Remove { row, .. } => *row == other,
                _ => false,
            })
        };
        let takes = |edit: &Edit| {
            let Edit::Set { row, column: at, before, after } = edit else { return false };
            // The same in another form is perhaps the same person twice.
            if is_same != has_same_letters(before, after) {
                return false;
            }
            let Some(column) = self.roster.columns.get(*at as usize) else { return false };
            // What the snapshot has of this very person is theirs, whoever has it just now.
            if !is_same && self.is_shown_by_snapshot(*row, column, after) {
                return false;
            }
            let others = self.others_with(*row, column, after);
            others.into_iter().any(|other| !gives_up(other, *at))
        };
        fix.edits.iter().any(takes)
    }

    /// Who else has a value that may not stand twice.
    fn others_with(&self, row: u32, column: &Column, value: &str) -> Vec<u32> {
        if trimmed(value).is_empty() {
            return Vec::new();
        }
        if column.is_key {
            return self.roster.rows_of_key(value).filter(|other| *other != row).collect();
        }
        if column.unique.is_none() {
            return Vec::new();
        }
        self.rows_of_unique(column, value).filter(|other| *other != row).collect()
    }

    fn keeps_meaning(&self, rule: u8, edit: &Edit) -> bool {
        match edit {
            Edit::Set { row, column, before, after } => {
                let column = self.roster.columns.get(*column as usize);
                column.is_some_and(|column| self.sets_the_same(rule, *row, column, before, after))
            }
            Edit::Remove { cells, .. } => cells.iter().all(|cell| cell.trim().is_empty()),
            Edit::Rename { before, after, .. } => has_same_letters(before, after),
            // The upload has its own order, and nothing is lost by one.
            Edit::Move { .. } => true,
            Edit::Insert { .. } | Edit::Add { .. } | Edit::Drop { .. } => false,
        }
    }

    /// Whether a cell certainly says the same, or says what the snapshot or a list shows to be meant.
    fn sets_the_same(
        &self,
        rule: u8,
        row: u32,
        column: &Column,
        before: &str,
        after: &str,
    ) -> bool {
        let begins_to_run = cell_runs::runs(after) && !before.starts_with(['=', '+', '-', '@']);
        if begins_to_run
            || self.is_as_the_lms_has_it(row, column, before, after)
            || !self.is_read_first(rule, row, column, before)
            // What was taken out may be what kept two halves of a letter, or a quotation mark, apart.
            || !self.is_read_first(rule, row, column, after)
        {
            return false;
        }
        // Where a letter may have been lost only what is known to have been there is put in.
        let is_whole = || !before.contains(character_invisible::may_be_a_letter);
        self.is_shown_by_snapshot(row, column, after)
            || is_read_back(before, after)
            || (is_whole() && keeps_letters(before, after))
            || (is_whole() && self.is_shown_by_list(column, before, after))
            || self.is_the_same_day(column, before, after)
    }

    /// A key that the snapshot has, and groups that the snapshot or the list has, are as the LMS has them, however they
    /// look.
    fn is_as_the_lms_has_it(&self, row: u32, column: &Column, before: &str, after: &str) -> bool {
        if before.is_empty() {
            return false;
        }
        if column.is_key || Some(column.at) == self.roster.key_fallback {
            let has_it =
                |was: &u32| self.was_cell(*was, column.at).is_some_and(|key| key == before);
            return self.rows_of_snapshot(before).iter().any(has_it);
        }
        let Some(kind) = &column.list else { return false };
        let had = self.was(row).is_some_and(|was| self.is_cell_as_exported(row, was, column.at));
        let list = self.lists.get(kind);
        let pieces = |text| pieces(column, text);
        let is_real = |piece: &&str| {
            list.is_some_and(|list| list.has(piece)) || self.lms_has_piece(column, piece)
        };
        // A separator at the end is no part of the last one.
        let stays = |piece: &str| {
            pieces(after).any(|p| p == piece) || column.values(after).any(|value| value == piece)
        };
        had || pieces(before).filter(is_real).any(|piece| !stays(piece))
    }

    /// Whether a cell was understood, or the rule is one that says how it is to be read.
    fn is_read_first(&self, rule: u8, row: u32, column: &Column, text: &str) -> bool {
        let values: Vec<&str> = column.values(text).collect();
        let cell = Cell { context: self, row, column, text, values: &values, is_nobodys: false };
        READERS.contains(&RULES[usize::from(rule)].code) || stray::is_understood(&cell)
    }

    fn is_shown_by_snapshot(&self, row: u32, column: &Column, after: &str) -> bool {
        // Under a key that is another's stands somebody else.
        let own = self.was(row).filter(|_| !self.is_someone_else(row));
        let was = own.or_else(|| self.claim(row).map(|claim| claim.was));
        was.and_then(|was| self.was_cell(was, column.at)).is_some_and(|was| was == after)
    }

    /// Whether all that a fix puts in is on the list of the column, or is a word that the LMS takes there.
    fn is_shown_by_list(&self, column: &Column, before: &str, after: &str) -> bool {
        let field = self.roster.field(column.at);
        let list = column.list.as_ref().and_then(|kind| self.lists.get(kind));
        let place = country_unknown::notation(self, column);
        let own = |kind| geo::own_list(&self.lists, kind);
        let is_shown = |value: &str| {
            field.is_some_and(|f| f.choices.iter().any(|choice| choice == value))
                || list.is_some_and(|list| list.has(value))
                || place.is_some_and(|place| {
                    let list = own(if place.is_region { "regions" } else { "countries" });
                    list.map_or_else(|| place.takes(value), |list| list.has(value))
                })
        };
        let stays = |value: &str| column.values(before).any(|was| was == value);
        let is_known = |value: &str| is_shown(value) || stays(value);
        column.values(after).all(is_known)
            && column.values(after).count() >= column.values(before).count()
    }

    fn is_the_same_day(&self, column: &Column, before: &str, after: &str) -> bool {
        let day = |form: &String| match fit(after, form) {
            Fit::Day(day) => Some(day),
            _ => None,
        };
        let read = || match Reading::of(after) {
            Reading::Day { date, .. } => Some(date),
            _ => None,
        };
        let forms = self.roster.date_forms(column.at);
        let day = forms.iter().find_map(day).or_else(read);
        let before = stray::normalized(before);
        let is_read_so = |day| match Reading::of(&before) {
            Reading::Day { date, certain: true } => date == day,
            // Which comes first the rule knows, by the snapshot or by the rest of the column.
            Reading::Either { day_first, month_first, certain: true } => {
                day == day_first || day == month_first
            }
            _ => may_stand_for(&before, day),
        };
        column.kind == FieldKind::Date && day.is_some_and(is_read_so)
    }
}

/// The letters, digits and marks of a text, one after another.
fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| c.is_alphanumeric() || is_combining_mark(*c))
}

fn has_same_letters(before: &str, after: &str) -> bool {
    letters(before).eq(letters(after))
}

/// Whether no letter, digit or sign is lost or another one, and no two words become one.
fn keeps_letters(before: &str, after: &str) -> bool {
    let is_blank = |c: char| c.is_whitespace() || c.is_control();
    let words = |text: &str| text.split(is_blank).filter(|word| !word.is_empty()).count();
    let signs = |text: &str| {
        text.chars()
            .filter(|c| {
                !c.is_alphanumeric() && !c.is_ascii() && !space_stray::is_blank_or_hidden(*c)
            })
            .count()
    };
    has_same_letters(before, after)
        && words(before) <= words(after)
        && signs(before) == signs(after)
}

/// Whether a text is what another was before it was read in a wrong way, and can be nothing else.
fn is_read_back(before: &str, after: &str) -> bool {
    match mojibake::garbled(before, &|_| 0) {
        Some(Garbled::Whole { text, is_certain, .. }) => is_certain && text == after,
        _ => false,
    }
}

/// What stands between the separators of a column, with the spaces that are not the separator's own.
pub(super) fn pieces<'t>(
    column: &'t Column,
    text: &'t str,
) -> Box<dyn Iterator<Item = &'t str> + 't> {
    match column.separator.as_deref().filter(|by| !by.is_empty()) {
        Some(by) => Box::new(text.split(by)),
        None => Box::new(std::iter::once(text)),
    }
}
