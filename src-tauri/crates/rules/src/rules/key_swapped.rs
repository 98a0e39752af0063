use super::{Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope};
use muster_roster::finding::{Fix, Safety, Severity};

pub static RULE: Rule = Rule {
    code: "key-swapped",
    title: "Keys exchanged",
    severity: Severity::Error,
    requires: Requires::Snapshot,
    concerns: Concerns::Identity,
    scope: RuleScope::Person(check),
    page: include_str!("key_swapped.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    let context = person.context;
    let (Some(snapshot), Some(was)) = (&context.snapshot, person.was) else { return };
    if !context.is_someone_else(person.row) || context.scrambled().is_any() {
        return;
    }
    let roster = &context.roster;
    let Some(own) = context.seems(person.row, was) else { return };
    // Twice the same key is a fault of its own, and so is a key that nobody has any more.
    let alone = |key: &str| roster.row_of_key(key);
    let (Some(_), Some(holder)) =
        (alone(&roster.key_text(person.row)), alone(&snapshot.key_text(own)))
    else {
        return;
    };
    if !context.is_someone_else(holder) {
        return;
    }
    let column = match (roster.key, roster.key_fallback) {
        (Some(key), Some(fallback)) if person.cell(key).trim().is_empty() => fallback,
        (Some(key), _) => key,
        (None, _) => return,
    };
    sink.row(person.row, Some(column), || {
        let (now, before) = (snapshot.key_text(was), snapshot.key_text(own));
        let (them, me) = (snapshot.name(was), snapshot.name(own));
        let mine = person.set(column, &*context.was_cell(own, column).unwrap_or_default());
        let other = Person { row: holder, was: Some(own), ..*person };
        let theirs = other.set(column, &*context.was_cell(was, column).unwrap_or_default());
        let exchanged = context.exchanged_with(person.row, was) == Some(holder);
        let (title, safety, edits) = if exchanged {
            ("exchange them back".to_owned(), Safety::Safe, vec![mine, theirs])
        } else {
            (format!("put back `{before}`"), Safety::Unsafe, vec![mine])
        };
        let message = if exchanged {
            format!("{me} and {them} have exchanged keys: was `{before}`, is `{now}`")
        } else {
            format!("was `{before}`, is `{now}`, the key of {them}; all else is still of {me}")
        };
        FindingText::new(&*now, message).fix(Some(Fix { title, safety, edits }))
    });
}
