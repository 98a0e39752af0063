use super::{Look, Needs, Person, Report, Rule, Told};
use crate::finding::Severity;

pub static RULE: Rule = Rule {
    code: "key-duplicate",
    title: "Same key twice",
    severity: Severity::Error,
    needs: Needs::File,
    look: Look::Person(check),
    page: include_str!("key_duplicate.md"),
};

fn check(person: &Person, report: &mut Report) {
    let roster = &person.scene.roster;
    let key = roster.key_text(person.row);
    let mut others = roster.rows_of_key(&key).filter(|&row| row != person.row);
    let Some(other) = others.next() else { return };
    report.row(person.row, roster.key, || {
        // The first by row, whatever order the index has them in.
        let (other, more) = others.fold((other, 0), |(first, n), row| (first.min(row), n + 1));
        let place =
            roster.table.line(other).map_or("a new person".into(), |line| format!("line {line}"));
        let also = if more == 0 { String::new() } else { format!(" and {more} more") };
        Told::new(&*key, format!("`{key}` also stands on {place}{also} ({})", roster.name(other)))
    });
}
