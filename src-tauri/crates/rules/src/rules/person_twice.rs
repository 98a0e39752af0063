use super::{Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_table::edit::Edit;
use muster_table::narrow;

pub static RULE: Rule = Rule {
    code: "person-twice",
    title: "Perhaps the same person twice",
    severity: Severity::Warning,
    requires: Requires::File,
    concerns: Concerns::Identity,
    scope: RuleScope::Person(check),
    page: include_str!("person_twice.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    let context = person.context;
    let Some(key) = context.roster.key else { return };
    if person.is_nobody {
        return;
    }
    let is_new = person.was.is_none();
    if let Some(other) = is_new.then(|| context.comes_back(person.row)).flatten() {
        return sink.row(person.row, Some(key), || comes_back(person, key, other));
    }
    let Some((other, evidence)) = context.twice(person.row) else { return };
    // Two people whom the LMS knows under two keys were two before; of one who comes back the new row tells.
    if (person.was.is_some() && context.was(other).is_some())
        || context.comes_back(other) == Some(person.row)
    {
        return;
    }
    sink.row(person.row, Some(key), || {
        let roster = &context.roster;
        let place = place(person, other);
        let (name, other) = (roster.name(person.row), roster.key_text(other));
        let other =
            if other.trim().is_empty() { "no key".to_owned() } else { format!("`{other}`") };
        FindingText::new(
            person.key,
            format!("{name} is there already with {other}{place}: {evidence}"),
        )
    });
}

/// Somebody new who is there already and not active.
fn comes_back(person: &Person, key: usize, other: u32) -> FindingText {
    let roster = &person.context.roster;
    let theirs = roster.key_text(other);
    let table = &roster.table;
    let cells = (0..table.width()).map(|column| table.cell(other, column).into_owned()).collect();
    let remove =
        table.index_of(other).map(|at| Edit::Remove { row: other, at: narrow::place(at), cells });
    let fix = remove.map(|remove| Fix {
        title: format!("take over the key `{}`, and take the inactive row out", theirs.trim()),
        safety: Safety::Unsafe,
        edits: vec![person.set(key, &*theirs), remove],
    });
    let message = format!(
        "{} is there already with `{}`{}, and inactive: whoever comes back would be there twice",
        roster.name(person.row),
        theirs.trim(),
        place(person, other),
    );
    FindingText::new(person.key, message).fix(fix)
}

fn place(person: &Person, other: u32) -> String {
    let line = person.context.roster.table.line(other);
    line.map_or(String::new(), |line| format!(" on line {line}"))
}
