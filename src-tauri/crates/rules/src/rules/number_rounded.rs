use super::damage::Damage;
use super::{Look, Needs, Person, Report, Rule, Told};
use muster_roster::finding::{Safety, Severity};

pub static RULE: Rule = Rule {
    code: "number-rounded",
    title: "Last digits lost",
    severity: Severity::Error,
    needs: Needs::Snapshot,
    look: Look::Person(check),
    page: include_str!("number_rounded.md"),
};

fn check(person: &Person, report: &mut Report) {
    for changed in &person.changes() {
        let (before, now) = (&changed.before, &changed.now);
        if Damage::between(before, now) != Some(Damage::Rounded) {
            continue;
        }
        report.row(person.row, Some(changed.column.at), || {
            let message = format!("was `{before}`, is `{now}`: a spreadsheet keeps 15 digits");
            Told::new(&**now, message).fix(Some(person.put_back(changed, Safety::Safe)))
        });
    }
}
