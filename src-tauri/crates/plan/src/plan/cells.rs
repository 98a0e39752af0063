//! What the LMS holds in one cell after a push.

use std::borrow::Cow;

use super::CellPlan;
use super::column_rules::{ColumnRule, MergeMode, Unreached};
use muster_roster::diff::added_values;
use muster_roster::profile::{Blank, ByFile, Existing, Field};
use muster_table::narrow;
use muster_table::words::{MASK, listed};

/// What becomes of one cell of a person who exists already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CellOutcome {
    pub cell: CellPlan,
    pub kind: Kind,
    /// Whether single values are taken away, as a group is.
    pub loses: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The LMS holds something else afterwards.
    Changes,
    /// The LMS keeps what it has, although the file says something else.
    Kept,
    /// Nobody has written down what the LMS does then.
    Unknown,
    /// No file can do it; somebody has to.
    ByHand,
    /// A password that would take the place of the one that somebody has.
    Resets,
}

impl CellOutcome {
    /// Where the LMS passes over some who exist, what becomes of a cell is seen only afterwards.
    pub fn perhaps_passed_over(&mut self, lms: &str, whom: &str) {
        if self.kind == Kind::Changes {
            self.kind = Kind::Unknown;
            self.cell.may = vec![self.cell.result.clone(), self.cell.before.clone()];
            NOT_DOCUMENTED.clone_into(&mut self.cell.result);
            self.cell.why = Some(format!(
                "{lms} passes over {whom}, and nobody can see from here who they are"
            ));
        }
    }
}

/// What stands for a result that nobody has written down.
pub const NOT_DOCUMENTED: &str = "not documented";

/// What a cell that differs comes to. None where the two mean the same to this LMS. What is named like a password is not
/// shown.
pub(super) fn cell_outcome(
    column_rule: &ColumnRule,
    lms: &str,
    before: &str,
    after: &str,
) -> Option<CellOutcome> {
    let mut outcome = outcome_in_full(column_rule, lms, before, after)?;
    if column_rule.column.is_secret() && !column_rule.column.is_password() {
        let cell = &mut outcome.cell;
        for text in [&mut cell.before, &mut cell.after, &mut cell.result] {
            if !text.is_empty() && text != NOT_DOCUMENTED {
                MASK.clone_into(text);
            }
        }
        cell.may.clear();
    }
    Some(outcome)
}

fn outcome_in_full(
    column_rule: &ColumnRule,
    lms: &str,
    before: &str,
    after: &str,
) -> Option<CellOutcome> {
    let field = column_rule.field;
    if let Some(unreached) = &column_rule.unreached {
        // Whom the LMS leaves as they are anyway, nobody has to change by hand.
        let is_left = column_rule.existing == Existing::Ignored;
        if !(is_left && matches!(unreached, Unreached::Template(_))) {
            return out_of_reach(column_rule, unreached.why(), before, after);
        }
    }
    if field.is_some_and(|f| f.new_only) {
        let why = format!("{lms}'s interface sets it for new people only");
        return out_of_reach(column_rule, why, before, after);
    }
    if column_rule.column.is_password() {
        let cell_outcome = password(column_rule, before, after)?;
        let ignored = column_rule.existing == Existing::Ignored;
        return Some(if ignored { ignored_secret(cell_outcome, lms) } else { cell_outcome });
    }
    // What the LMS does not read changes nothing; the file has it as it was.
    if field.is_some_and(|f| f.read_only || f.same_kept(before, after)) {
        return None;
    }
    let at = Place { column_rule, before, after };
    match column_rule.existing {
        Existing::Updated => {}
        Existing::Ignored if field.is_some_and(|f| f.create_only) => {
            return Some(at.kept(format!("{lms} takes this only for new people")));
        }
        Existing::Ignored => {
            return Some(at.kept(format!("{lms} changes nobody who exists already")));
        }
        Existing::Unknown => {
            let why =
                format!("whether {lms} changes somebody who exists already is not documented");
            return Some(at.unknown(why, at.in_any_way()));
        }
    }
    if field.is_some_and(|f| f.by_file(before, after) == ByFile::No) {
        return Some(at.by_hand("no file changes this for somebody who exists".to_owned()));
    }
    Some(if column_rule.column.separator.is_some() { many(&at, lms) } else { one(&at, lms) })
}

/// What the connector cannot do, and somebody has to do by hand. A password is not shown for that.
fn out_of_reach(
    column_rule: &ColumnRule,
    why: String,
    before: &str,
    after: &str,
) -> Option<CellOutcome> {
    if column_rule.column.is_password() {
        password(column_rule, before, after)?;
        return Some(Place { column_rule, before: "", after: MASK }.by_hand(why));
    }
    let same = column_rule.field.is_some_and(|f| f.same_kept(before, after));
    (!same).then(|| Place { column_rule, before, after }.by_hand(why))
}

fn password(column_rule: &ColumnRule, before: &str, after: &str) -> Option<CellOutcome> {
    let keeps = |cell: &str| {
        cell.is_empty()
            || column_rule
                .field
                .and_then(|f| f.keep_word.as_deref())
                .is_some_and(|word| word == cell)
    };
    if keeps(after) {
        return None;
    }
    let shown = if keeps(before) { String::new() } else { MASK.to_owned() };
    let cell = CellPlan {
        column: Some(narrow::place(column_rule.column.at)),
        title: column_rule.column.name.clone(),
        before: shown,
        after: MASK.to_owned(),
        result: MASK.to_owned(),
        why: Some("takes the place of the password that this person has".to_owned()),
        may: Vec::new(),
    };
    Some(CellOutcome { cell, kind: Kind::Resets, loses: false })
}

fn ignored_secret(mut cell_outcome: CellOutcome, lms: &str) -> CellOutcome {
    cell_outcome.kind = Kind::Kept;
    cell_outcome.cell.result.clone_from(&cell_outcome.cell.before);
    cell_outcome.cell.why = Some(format!("{lms} changes nobody who exists already"));
    cell_outcome
}

/// A cell that the LMS passes over for this person, who keeps what there was.
pub(super) fn passed_over(
    column_rule: &ColumnRule,
    why: String,
    before: &str,
    after: &str,
) -> CellOutcome {
    Place { column_rule, before, after }.kept(why)
}

/// A cell whose change is made in the LMS itself, after all.
pub(super) fn by_hand_cell(
    column_rule: &ColumnRule,
    why: String,
    outcome: &CellOutcome,
) -> CellOutcome {
    let CellPlan { before, after, .. } = &outcome.cell;
    Place { column_rule, before, after }.by_hand(why)
}

struct Place<'a> {
    column_rule: &'a ColumnRule<'a>,
    before: &'a str,
    after: &'a str,
}

impl Place<'_> {
    fn cell(&self, result: impl Into<String>, why: Option<String>) -> CellPlan {
        CellPlan {
            column: Some(narrow::place(self.column_rule.column.at)),
            title: self.column_rule.column.name.clone(),
            before: self.before.to_owned(),
            after: self.after.to_owned(),
            result: result.into(),
            why,
            may: Vec::new(),
        }
    }

    fn changes(&self, result: impl Into<String>) -> CellOutcome {
        CellOutcome { cell: self.cell(result, None), kind: Kind::Changes, loses: false }
    }

    fn kept(&self, why: String) -> CellOutcome {
        CellOutcome { cell: self.cell(self.before, Some(why)), kind: Kind::Kept, loses: false }
    }

    fn by_hand(&self, why: String) -> CellOutcome {
        CellOutcome { cell: self.cell(self.before, Some(why)), kind: Kind::ByHand, loses: false }
    }

    /// `may` is what it comes to if the LMS does one thing or the other: nothing else is as planned.
    fn unknown(&self, why: String, may: Vec<String>) -> CellOutcome {
        let cell = CellPlan { may, ..self.cell(NOT_DOCUMENTED, Some(why)) };
        CellOutcome { cell, kind: Kind::Unknown, loses: false }
    }

    /// All that may become of a cell where nothing at all is written: it is taken, added to what there is, or left.
    fn in_any_way(&self) -> Vec<String> {
        if self.after.trim().is_empty() {
            return self.blanked();
        }
        let ColumnRule { column, .. } = self.column_rule;
        let mut may = vec![stored(self.column_rule, self.after).into_owned()];
        if column.separator.is_some() {
            let (had, mut has) =
                (added_values(column, "", self.before), added_values(column, "", self.after));
            let added = added_values(column, self.before, self.after);
            may.push(self.column_rule.joined(&[had, added].concat()));
            for always in self.column_rule.always() {
                if !has.contains(&always.as_str()) {
                    has.push(always);
                }
            }
            may.push(self.column_rule.joined(&has));
        }
        may.push(self.before.to_owned());
        may
    }

    /// What a blank may come to: nothing, what there was, what everybody has, or what somebody new has there.
    fn blanked(&self) -> Vec<String> {
        let mut may = vec![String::new(), self.before.to_owned()];
        let always = self.column_rule.always();
        let had: Vec<&str> = added_values(self.column_rule.column, "", self.before);
        let kept: Vec<&str> = had.into_iter().filter(|v| always.iter().any(|a| a == v)).collect();
        may.extend((!kept.is_empty()).then(|| self.column_rule.joined(&kept)));
        may.extend(self.column_rule.field.and_then(Field::of_newcomer).map(str::to_owned));
        may
    }

    fn blank(&self, lms: &str) -> CellOutcome {
        match self.column_rule.blank {
            Some(Blank::Keep) => {
                self.kept(format!("{lms} keeps what it has where a cell is blank"))
            }
            Some(Blank::Clear) => self.changes(""),
            None => self.unknown(
                format!("what {lms} does with a blank cell is not documented"),
                self.blanked(),
            ),
        }
    }
}

fn one(at: &Place, lms: &str) -> CellOutcome {
    if at.column_rule.field.is_some_and(|f| f.only_adds) {
        return added(at, lms);
    }
    // One of several groups, where each has a column of its own.
    let was_in = at.column_rule.field.is_some_and(|f| f.shares) && !at.before.trim().is_empty();
    if at.after.trim().is_empty() {
        let mut cell_outcome = at.blank(lms);
        cell_outcome.loses = was_in && cell_outcome.kind != Kind::Kept;
        return cell_outcome;
    }
    let kept = stored(at.column_rule, at.after);
    let why = hidden(at.column_rule, at.after, lms);
    let mut cell_outcome = at.changes(kept);
    cell_outcome.cell.why = why;
    cell_outcome.loses = was_in;
    cell_outcome
}

/// A cell by which people are put into something and taken out of nothing.
fn added(at: &Place, lms: &str) -> CellOutcome {
    let (before, after) = (at.before.trim(), at.after.trim());
    if after.is_empty() {
        return at.kept(format!("a file takes nobody out of anything in {lms}"));
    }
    let field = at.column_rule.field;
    let sign = field.and_then(|f| f.takes_away.as_deref()).unwrap_or_default();
    let taken = after.strip_prefix(sign).filter(|_| !sign.is_empty());
    let mut cell_outcome = at.changes(after);
    cell_outcome.loses = taken.is_some();
    cell_outcome.cell.why = match taken {
        Some(taken) => Some(format!("{lms} takes `{taken}` away")),
        None if before.is_empty() => None,
        None => Some(format!("`{before}` stays too: a file takes nobody out of it")),
    };
    cell_outcome
}

/// A value as the LMS keeps it.
fn stored<'c>(column_rule: &ColumnRule, cell: &'c str) -> Cow<'c, str> {
    column_rule.field.map_or(Cow::Borrowed(cell), |field| field.as_kept(cell))
}

/// Why a value that is sent will not be seen again.
fn hidden(column_rule: &ColumnRule, cell: &str, lms: &str) -> Option<String> {
    let hidden = !cell.trim().is_empty() && stored(column_rule, cell).is_empty();
    hidden.then(|| format!("an export of {lms} shows this as a blank cell"))
}

fn many(at: &Place, lms: &str) -> CellOutcome {
    let column_rule = at.column_rule;
    let column = column_rule.column;
    let had: Vec<&str> = added_values(column, "", at.before);
    let added = added_values(column, at.before, at.after);
    match column_rule.mode {
        MergeMode::Open => CellOutcome {
            cell: at.cell("depends on the choice", Some("nobody has chosen what happens".into())),
            kind: Kind::Unknown,
            loses: false,
        },
        MergeMode::Add if added.is_empty() => {
            let gone = added_values(column, at.after, at.before);
            at.kept(stays(column_rule, &gone))
        }
        MergeMode::Add => {
            let gone = added_values(column, at.after, at.before);
            let all: Vec<&str> = had.into_iter().chain(added).collect();
            let mut cell_outcome = at.changes(column_rule.joined(&all));
            if !gone.is_empty() {
                cell_outcome.cell.why = Some(stays(column_rule, &gone));
            }
            cell_outcome
        }
        MergeMode::Replace if column.values(at.after).next().is_none() => {
            let mut cell_outcome = at.blank(lms);
            cell_outcome.loses = cell_outcome.kind != Kind::Kept;
            cell_outcome
        }
        MergeMode::Replace => {
            let stays: Vec<&str> = had
                .iter()
                .copied()
                .filter(|v| column_rule.always().iter().any(|a| a == v))
                .filter(|v| !column.values(at.after).any(|a| a == *v))
                .collect();
            let mut all = added_values(column, "", at.after);
            all.extend(&stays);
            let loses = had.iter().any(|v| !all.contains(v));
            let why = (!stays.is_empty()).then(|| format!("{} stays all the same", quoted(&stays)));
            if !loses && added.is_empty() {
                return at.kept(why.unwrap_or_default());
            }
            let mut cell_outcome = at.changes(column_rule.joined(&all));
            cell_outcome.cell.why = why;
            cell_outcome.loses = loses;
            cell_outcome
        }
    }
}

/// Why values that the file no longer lists are still there afterwards.
fn stays(column_rule: &ColumnRule, gone: &[&str]) -> String {
    let verb = if gone.len() == 1 { "stays" } else { "stay" };
    let everybody = gone.iter().all(|v| column_rule.always().iter().any(|a| a == v));
    match everybody {
        true => format!("everybody has {}", quoted(gone)),
        false => format!("Add takes none away, so {} {verb}", quoted(gone)),
    }
}

fn quoted(values: &[&str]) -> String {
    listed(&values.iter().map(|v| format!("`{v}`")).collect::<Vec<_>>())
}

/// What a new person gets of one column; none where that is nothing.
pub(super) fn of_new(column_rule: &ColumnRule, lms: &str, after: &str) -> Option<CellPlan> {
    if column_rule.field.is_some_and(|f| f.read_only) {
        return None;
    }
    let column = column_rule.column;
    let cell = |after: &str, result: String, why: Option<String>| CellPlan {
        column: Some(narrow::place(column.at)),
        title: column.name.clone(),
        before: String::new(),
        after: after.to_owned(),
        result,
        why,
        may: Vec::new(),
    };
    if let Some(unreached) = &column_rule.unreached {
        let shown = if column.is_secret() { MASK } else { after };
        let why = Some(unreached.why());
        return (!after.trim().is_empty()).then(|| cell(shown, String::new(), why));
    }
    if column.is_secret() {
        return (!after.is_empty()).then(|| cell(MASK, MASK.to_owned(), None));
    }
    if column.separator.is_some() {
        let mut all = added_values(column, "", after);
        let given = all.len();
        let more = column_rule.always().iter().map(String::as_str).filter(|v| !all.contains(v));
        let more: Vec<&str> = more.collect();
        all.extend(more);
        if all.is_empty() {
            return None;
        }
        let why = (all.len() > given)
            .then(|| format!("every new person also gets {}", quoted(&all[given..])));
        return Some(cell(after, column_rule.joined(&all), why));
    }
    (!after.trim().is_empty()).then(|| {
        cell(after, stored(column_rule, after).into_owned(), hidden(column_rule, after, lms))
    })
}
