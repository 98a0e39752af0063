use super::{Look, Needs, Person, Report, Rule, Told};
use muster_roster::finding::{Safety, Severity};
use muster_roster::profile::Blank;

pub static RULE: Rule = Rule {
    code: "value-cleared",
    title: "Value emptied",
    severity: Severity::Note,
    needs: Needs::Snapshot,
    look: Look::Person(check),
    page: include_str!("value_cleared.md"),
};

fn check(person: &Person, report: &mut Report) {
    if !person.differs {
        return;
    }
    let scene = person.scene;
    // Of two rows with one key, who is meant is told first.
    if scene.roster.rows_of_key(person.key).nth(1).is_some() {
        return;
    }
    for changed in &person.changes() {
        let column = changed.column;
        let field = scene.roster.field(column.at);
        let told_elsewhere = column.is_key
            || column.required
            || column.is_secret()
            || Some(column.at) == scene.roster.key_fallback
            || field.is_some_and(|f| f.read_only || scene.choices.values_of(&f.id).is_some());
        if told_elsewhere || !changed.now.trim().is_empty() || changed.before.trim().is_empty() {
            continue;
        }
        report.row(person.row, Some(column.at), || {
            let lms = scene.roster.profile.called();
            let then = match field.and_then(|f| f.blank) {
                Some(Blank::Clear) => format!("{lms} would empty it too"),
                Some(Blank::Keep) => format!("{lms} keeps the value, so this changes nothing"),
                None => "what a blank does there is not documented".to_owned(),
            };
            let message = format!("was `{}`, is blank; {then}", changed.before);
            Told::new("", message).fix(Some(person.put_back(changed, Safety::Unsafe)))
        });
    }
}
