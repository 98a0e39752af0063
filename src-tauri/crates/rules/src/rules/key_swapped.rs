use super::value_swapped::back;
use super::{Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::letters;
use muster_table::words::listed;

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
    // What stayed with the key says that it is the names that moved.
    if !context.is_someone_else(person.row)
        || context.scrambled().is_any()
        || context.has_slid(person.row)
    {
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
        let set = |&(row, own): &(u32, u32)| {
            let before = context.was_cell(own, column).unwrap_or_default();
            Person { row, ..*person }.set(column, &*before)
        };
        let is_all_theirs = |&(row, own): &(u32, u32)| {
            let (agree, disagree) = context.agreement(row, own);
            agree > 1 && disagree == 0
        };
        let ring = context.key_ring(person.row, was);
        let fix = match &ring {
            Some(ring) => Fix {
                title: back(ring.len()).to_owned(),
                // Of namesakes less says so, and so does what no longer agrees with who somebody was.
                safety: match !letters::same(&me, &them) && ring.iter().all(is_all_theirs) {
                    true => Safety::Safe,
                    false => Safety::Unsafe,
                },
                edits: ring.iter().map(set).collect(),
            },
            None => Fix {
                title: format!("put back `{before}`"),
                safety: Safety::Unsafe,
                edits: vec![set(&(person.row, own))],
            },
        };
        let message = match &ring {
            Some(ring) => {
                let names: Vec<String> = ring.iter().map(|(_, own)| snapshot.name(*own)).collect();
                let names = listed(&names);
                let among = if ring.len() > 2 { " among them" } else { "" };
                format!("{names} have exchanged keys{among}: was `{before}`, is `{now}`")
            }
            None => {
                format!("was `{before}`, is `{now}`, the key of {them}; all else is still of {me}")
            }
        };
        FindingText::new(&*now, message).fix(Some(fix))
    });
}
