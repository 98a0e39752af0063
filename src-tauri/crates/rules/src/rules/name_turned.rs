//! Given name and surname in each other's place under an unchanged key; told row by row here, and once for the column in
//! `names_turned` where many have it.

use super::{CheckContext, Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::letters;
use muster_roster::profile::Existing;
use muster_roster::roster::Column;
use muster_table::words::{listed, quoted};

pub static RULE: Rule = Rule {
    code: "name-turned",
    title: "Name turned round",
    severity: Severity::Warning,
    requires: Requires::Snapshot,
    concerns: Concerns::Identity,
    scope: RuleScope::Person(check),
    page: include_str!("name_turned.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    let context = person.context;
    if context.scrambled().names || !context.is_name_turned(person.row) {
        return;
    }
    let (Some(snapshot), Some(was)) = (&context.snapshot, person.was) else { return };
    let columns = context.name_columns();
    sink.row(person.row, columns.first().copied(), || {
        let edits = columns.iter().filter_map(|&column| {
            let had = context.was_cell(was, column)?;
            (had != person.cell(column)).then(|| person.set(column, &*had))
        });
        let (before, now) = (snapshot.name(was), context.roster.name(person.row));
        let fix = Fix {
            title: format!("put back {}", quoted(&before)),
            safety: Safety::Unsafe,
            edits: edits.collect(),
        };
        let message = format!("was {}, is {}: {}", quoted(&before), quoted(&now), how(context));
        FindingText::new(now, message).fix(Some(fix))
    });
}

/// What was turned round: two columns, or the words in one.
pub(super) fn how(context: &CheckContext) -> String {
    let columns = context.name_columns();
    let names: Vec<String> = columns.iter().map(|&c| context.roster.called(c)).collect();
    match names.as_slice() {
        [one] => format!("the words of {one} stand in another order"),
        _ => format!("{} are in each other's column", listed(&names)),
    }
}

impl CheckContext {
    /// The columns of the name, the first part before the others.
    pub(super) fn name_columns(&self) -> Vec<usize> {
        let parts = self.roster.columns.iter().filter(|c| c.name_part > 0);
        let mut parts: Vec<(u8, usize)> = parts.map(|c| (c.name_part, c.at)).collect();
        parts.sort_unstable();
        parts.into_iter().map(|(_, at)| at).collect()
    }

    /// Whether a row has the name of the snapshot's person turned round. Not where it was turned there, as far as others' names
    /// say, and not where the LMS takes no other name.
    pub(super) fn is_turned(&self, row: u32, was: u32) -> bool {
        let is_changed = |c: &Column| {
            c.name_part > 0
                && self
                    .was_cell(was, c.at)
                    .is_some_and(|had| had != self.roster.table.cell(row, c.at))
        };
        if !self.roster.columns.iter().any(is_changed) {
            return false;
        }
        let columns = self.name_columns();
        let takes = |column: &usize| !self.roster.field(*column).is_some_and(|f| f.create_only);
        if self.roster.profile.existing == Existing::Ignored || !columns.iter().all(takes) {
            return false;
        }
        let now = |column: usize| self.roster.table.cell(row, column);
        let had = |column: usize| self.was_cell(was, column).unwrap_or_default();
        match columns[..] {
            [name] => is_in_another_order(&had(name), &now(name)),
            [first, last] => {
                let (had, now) = ((had(first), had(last)), (now(first), now(last)));
                is_exchanged((&had.0, &had.1), (&now.0, &now.1))
                    && (self.is_usual(was, (first, &had.0), (last, &had.1))
                        || !self.is_usual(was, (first, &now.0), (last, &now.1)))
            }
            _ => false,
        }
    }

    /// Whether others have one of these names in the same column. What very many have is usual.
    fn is_usual(&self, was: u32, first: (usize, &str), last: (usize, &str)) -> bool {
        [first, last].into_iter().any(|(column, value)| {
            let people = self.few_having(column, value);
            people.is_none_or(|people| people.iter().any(|other| *other != was))
        })
    }
}

fn is_exchanged(had: (&str, &str), now: (&str, &str)) -> bool {
    let is_blank = |name: (&str, &str)| name.0.trim().is_empty() || name.1.trim().is_empty();
    !is_blank(had)
        && !is_blank(now)
        && letters::same(had.0, now.1)
        && letters::same(had.1, now.0)
        && !letters::same(had.0, had.1)
}

fn is_in_another_order(had: &str, now: &str) -> bool {
    let (mut had, mut now) = (letters::folded(had), letters::folded(now));
    if had.len() < 2 || had.len() != now.len() || had == now {
        return false;
    }
    had.sort_unstable();
    now.sort_unstable();
    had == now
}
