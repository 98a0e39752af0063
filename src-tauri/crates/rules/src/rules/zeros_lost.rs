use super::damage::{Damage, is_digits};
use super::{Look, Needs, Person, Report, Rule, Told};
use muster_roster::finding::{Fix, Safety, Severity};

pub static RULE: Rule = Rule {
    code: "zeros-lost",
    title: "Leading zeros lost",
    severity: Severity::Warning,
    needs: Needs::File,
    look: Look::Person(check),
    page: include_str!("zeros_lost.md"),
};

fn check(person: &Person, report: &mut Report) {
    let (scene, row) = (person.scene, person.row);
    let mut told = Vec::new();
    let mut tell = |report: &mut Report, column: usize, before: &str| {
        told.push(column);
        report.at(row, Some(column), severity(person, column), || {
            let now = person.cell(column);
            let fix = Fix {
                title: format!("put back `{before}`"),
                safety: Safety::Safe,
                edits: vec![person.set(column, before)],
            };
            Told::new(&*now, format!("was `{before}`, is `{now}`: zeros at the front are gone"))
                .fix(Some(fix))
        });
    };
    for changed in &person.changes() {
        if Damage::between(&changed.before, &changed.now) == Some(Damage::ZerosLost) {
            tell(report, changed.column.at, &changed.before);
        }
    }
    for (column, stats) in scene.roster.columns.iter().zip(&scene.stats) {
        if let Some(usual) = stats.padded_to() {
            shorter_than_the_others(person, column.at, usual, &told, report);
        }
    }
}

fn severity(person: &Person, column: usize) -> Option<Severity> {
    person.scene.roster.columns[column].is_key.then_some(Severity::Error)
}

fn shorter_than_the_others(
    person: &Person,
    column: usize,
    usual: usize,
    told: &[usize],
    report: &mut Report,
) {
    let now = person.cell(column);
    if now.len() >= usual || !is_digits(&now) || now.starts_with('0') || told.contains(&column) {
        return;
    }
    // As the LMS has it, or changed to something else on purpose.
    if person.was_cell(column).is_some_and(|before| !before.trim().is_empty()) {
        return;
    }
    report.at(person.row, Some(column), severity(person, column), || {
        let padded = format!("{now:0>usual$}");
        let fix = Fix {
            title: format!("make it `{padded}`"),
            safety: Safety::Unsafe,
            edits: vec![person.set(column, &*padded)],
        };
        let message = format!("`{now}` has {} digits where the others have {usual}", now.len());
        Told::new(&*now, message).fix(Some(fix))
    });
}
