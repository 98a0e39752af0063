//! What the LMS holds in one cell after a push.

use std::borrow::Cow;

use super::CellPlan;
use super::terms::{Term, Way};
use muster_roster::diff::added_values;
use muster_roster::profile::{Blank, ByFile, Existing};
use muster_table::narrow;
use muster_table::words::{MASK, listed};

/// What becomes of one cell of a person who exists already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fate {
    pub told: CellPlan,
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

/// What stands for a result that nobody has written down.
pub const NOT_DOCUMENTED: &str = "not documented";

/// What a cell that differs comes to. None where the two mean the same to this LMS.
pub(super) fn fate(term: &Term, lms: &str, before: &str, after: &str) -> Option<Fate> {
    let field = term.field;
    if term.unreached {
        return out_of_reach(term, format!("{lms}'s interface has no place for it"), before, after);
    }
    if field.is_some_and(|f| f.new_only) {
        let why = format!("{lms}'s interface sets it for new people only");
        return out_of_reach(term, why, before, after);
    }
    if term.column.is_secret() {
        let fate = password(term, before, after)?;
        let ignored = term.existing == Existing::Ignored;
        return Some(if ignored { ignored_secret(fate, lms) } else { fate });
    }
    if field.is_some_and(|f| f.same_kept(before, after)) {
        return None;
    }
    let at = Place { term, before, after };
    match term.existing {
        Existing::Updated => {}
        Existing::Ignored if field.is_some_and(|f| f.create_only) => {
            return Some(at.kept(format!("{lms} takes this only for new people")));
        }
        Existing::Ignored => {
            return Some(at.kept(format!("{lms} changes nobody who exists already")));
        }
        Existing::Unknown => {
            return Some(at.unknown(format!(
                "whether {lms} changes somebody who exists already is not documented"
            )));
        }
    }
    if field.is_some_and(|f| f.read_only) {
        return Some(at.by_hand(format!("{lms} keeps this column itself; no file changes it")));
    }
    if field.is_some_and(|f| f.by_file(before, after) == ByFile::No) {
        return Some(at.by_hand("no file changes this for somebody who exists".to_owned()));
    }
    Some(if term.column.separator.is_some() { many(&at, lms) } else { one(&at, lms) })
}

/// What the connector cannot do, and somebody has to do by hand. A password is not shown for that.
fn out_of_reach(term: &Term, why: String, before: &str, after: &str) -> Option<Fate> {
    if term.column.is_secret() {
        password(term, before, after)?;
        return Some(Place { term, before: "", after: MASK }.by_hand(why));
    }
    let same = term.field.is_some_and(|f| f.same_kept(before, after));
    (!same).then(|| Place { term, before, after }.by_hand(why))
}

fn password(term: &Term, before: &str, after: &str) -> Option<Fate> {
    let keeps = |cell: &str| {
        cell.is_empty()
            || term.field.and_then(|f| f.keep_word.as_deref()).is_some_and(|word| word == cell)
    };
    if keeps(after) {
        return None;
    }
    let shown = if keeps(before) { String::new() } else { MASK.to_owned() };
    let told = CellPlan {
        column: Some(narrow::place(term.column.at)),
        title: term.column.name.clone(),
        before: shown,
        after: MASK.to_owned(),
        result: MASK.to_owned(),
        why: Some("takes the place of the password that this person has".to_owned()),
    };
    Some(Fate { told, kind: Kind::Resets, loses: false })
}

fn ignored_secret(mut fate: Fate, lms: &str) -> Fate {
    fate.kind = Kind::Kept;
    fate.told.result.clone_from(&fate.told.before);
    fate.told.why = Some(format!("{lms} changes nobody who exists already"));
    fate
}

/// A cell that the LMS passes over for this person, who keeps what there was.
pub(super) fn passed_over(term: &Term, why: String, before: &str, after: &str) -> Fate {
    Place { term, before, after }.kept(why)
}

struct Place<'a> {
    term: &'a Term<'a>,
    before: &'a str,
    after: &'a str,
}

impl Place<'_> {
    fn told(&self, result: impl Into<String>, why: Option<String>) -> CellPlan {
        CellPlan {
            column: Some(narrow::place(self.term.column.at)),
            title: self.term.column.name.clone(),
            before: self.before.to_owned(),
            after: self.after.to_owned(),
            result: result.into(),
            why,
        }
    }

    fn changes(&self, result: impl Into<String>) -> Fate {
        Fate { told: self.told(result, None), kind: Kind::Changes, loses: false }
    }

    fn kept(&self, why: String) -> Fate {
        Fate { told: self.told(self.before, Some(why)), kind: Kind::Kept, loses: false }
    }

    fn by_hand(&self, why: String) -> Fate {
        Fate { told: self.told(self.before, Some(why)), kind: Kind::ByHand, loses: false }
    }

    fn unknown(&self, why: String) -> Fate {
        Fate { told: self.told(NOT_DOCUMENTED, Some(why)), kind: Kind::Unknown, loses: false }
    }

    fn blank(&self, lms: &str) -> Fate {
        match self.term.blank {
            Some(Blank::Keep) => {
                self.kept(format!("{lms} keeps what it has where a cell is blank"))
            }
            Some(Blank::Clear) => self.changes(""),
            None => self.unknown(format!("what {lms} does with a blank cell is not documented")),
        }
    }
}

fn one(at: &Place, lms: &str) -> Fate {
    if at.after.trim().is_empty() {
        return at.blank(lms);
    }
    let kept = stored(at.term, at.after);
    let why = hidden(at.term, at.after, lms);
    let mut fate = at.changes(kept);
    fate.told.why = why;
    fate
}

/// A value as the LMS keeps it.
fn stored<'c>(term: &Term, cell: &'c str) -> Cow<'c, str> {
    term.field.map_or(Cow::Borrowed(cell), |field| field.as_kept(cell))
}

/// Why a value that is sent will not be seen again.
fn hidden(term: &Term, cell: &str, lms: &str) -> Option<String> {
    let hidden = !cell.trim().is_empty() && stored(term, cell).is_empty();
    hidden.then(|| format!("an export of {lms} shows this as a blank cell"))
}

fn many(at: &Place, lms: &str) -> Fate {
    let term = at.term;
    let column = term.column;
    let had: Vec<&str> = added_values(column, "", at.before);
    let added = added_values(column, at.before, at.after);
    match term.way {
        Way::Open => Fate {
            told: at.told("depends on the choice", Some("nobody has chosen what happens".into())),
            kind: Kind::Unknown,
            loses: false,
        },
        Way::Add if added.is_empty() => {
            let gone = added_values(column, at.after, at.before);
            at.kept(format!("Add takes none away, so {} stays", quoted(&gone)))
        }
        Way::Add => {
            let gone = added_values(column, at.after, at.before);
            let all: Vec<&str> = had.into_iter().chain(added).collect();
            let mut fate = at.changes(term.joined(&all));
            if !gone.is_empty() {
                fate.told.why = Some(format!("Add takes none away, so {} stays", quoted(&gone)));
            }
            fate
        }
        Way::Replace if column.values(at.after).next().is_none() => {
            let mut fate = at.blank(lms);
            fate.loses = fate.kind != Kind::Kept;
            fate
        }
        Way::Replace => {
            let stays: Vec<&str> = had
                .iter()
                .copied()
                .filter(|v| term.always().iter().any(|a| a == v))
                .filter(|v| !column.values(at.after).any(|a| a == *v))
                .collect();
            let mut all = added_values(column, "", at.after);
            all.extend(&stays);
            let loses = had.iter().any(|v| !all.contains(v));
            let why = (!stays.is_empty()).then(|| format!("{} stays all the same", quoted(&stays)));
            if !loses && added.is_empty() {
                return at.kept(why.unwrap_or_default());
            }
            let mut fate = at.changes(term.joined(&all));
            fate.told.why = why;
            fate.loses = loses;
            fate
        }
    }
}

fn quoted(values: &[&str]) -> String {
    listed(&values.iter().map(|v| format!("`{v}`")).collect::<Vec<_>>())
}

/// What a new person gets of one column; none where that is nothing.
pub(super) fn of_new(term: &Term, lms: &str, after: &str) -> Option<CellPlan> {
    if term.field.is_some_and(|f| f.read_only) {
        return None;
    }
    let column = term.column;
    let told = |after: &str, result: String, why: Option<String>| CellPlan {
        column: Some(narrow::place(column.at)),
        title: column.name.clone(),
        before: String::new(),
        after: after.to_owned(),
        result,
        why,
    };
    if term.unreached {
        let shown = if column.is_secret() { MASK } else { after };
        let why = Some(format!("{lms}'s interface has no place for it"));
        return (!after.trim().is_empty()).then(|| told(shown, String::new(), why));
    }
    if column.is_secret() {
        return (!after.is_empty()).then(|| told(MASK, MASK.to_owned(), None));
    }
    if column.separator.is_some() {
        let mut all = added_values(column, "", after);
        let given = all.len();
        let more = term.always().iter().map(String::as_str).filter(|v| !all.contains(v));
        let more: Vec<&str> = more.collect();
        all.extend(more);
        if all.is_empty() {
            return None;
        }
        let why = (all.len() > given)
            .then(|| format!("every new person also gets {}", quoted(&all[given..])));
        return Some(told(after, term.joined(&all), why));
    }
    (!after.trim().is_empty())
        .then(|| told(after, stored(term, after).into_owned(), hidden(term, after, lms)))
}
