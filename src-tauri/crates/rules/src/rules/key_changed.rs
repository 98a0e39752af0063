use super::{
    Claim, ClaimBasis, Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope,
};
use muster_roster::finding::{Fix, Safety, Severity};

pub static RULE: Rule = Rule {
    code: "key-changed",
    title: "Key changed",
    severity: Severity::Error,
    requires: Requires::Snapshot,
    concerns: Concerns::Identity,
    scope: RuleScope::Person(check),
    page: include_str!("key_changed.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    let context = person.context;
    let (Some(snapshot), Some(key)) = (&context.snapshot, context.roster.key) else { return };
    let Some(Claim { was, how }) = context.claim(person.row) else { return };
    if !matches!(how, ClaimBasis::Plain | ClaimBasis::Mismatched) || context.scrambled().is_any() {
        return;
    }
    // Where both keys are blank, what stands in for them has changed.
    let own = |column: usize| context.was_cell(was, column).unwrap_or_default();
    let column = match context.roster.key_fallback {
        Some(fallback) if person.cell(key).trim().is_empty() => {
            if !own(key).trim().is_empty() {
                return;
            }
            fallback
        }
        _ if person.cell(key).trim().is_empty() => return,
        _ => key,
    };
    // Several people of the snapshot may have this very key: it was not changed, and nothing is to be put back.
    if own(column) == person.cell(column) {
        return;
    }
    sink.row(person.row, Some(column), || {
        let (now, before) = (person.cell(column), snapshot.key_text(was));
        let put_back = own(column);
        let fix = Fix {
            title: format!("put back {}", muster_table::words::quoted(&put_back)),
            // A namesake has the whole name too, and a key that could be one.
            safety: if context.is_certainly(person.row, was)
                || (context.is_a_slip_of(person.row, was) && shape(&now) != shape(&put_back))
            {
                Safety::Safe
            } else {
                Safety::Unsafe
            },
            edits: vec![person.set(column, &*put_back)],
        };
        let evidence = context.evidence(person.row, was);
        let theirs = person
            .was
            .map_or(String::new(), |other| format!(", the key of {}", snapshot.name(other)));
        let message = format!("was `{before}`, is `{now}`{theirs}; {evidence}");
        FindingText::new(&*now, message).fix(Some(fix))
    });
}

/// What a key is made of: "letters, digits" for `ab12`. A key of another shape is none.
fn shape(key: &str) -> Vec<u8> {
    let kind = |c: char| match c {
        _ if c.is_numeric() => b'9',
        _ if c.is_alphabetic() => b'a',
        _ => b'-',
    };
    let mut shape: Vec<u8> = key.trim().chars().map(kind).collect();
    shape.dedup();
    shape
}
