use super::{Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope};
use muster_roster::finding::{Safety, Severity};
use muster_roster::profile::Blank;

pub static RULE: Rule = Rule {
    code: "value-cleared",
    title: "Value emptied",
    severity: Severity::Note,
    requires: Requires::Snapshot,
    concerns: Concerns::Change,
    scope: RuleScope::Person(check),
    page: include_str!("value_cleared.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    if !person.differs {
        return;
    }
    let context = person.context;
    // Of two rows with one key, who is meant is told first.
    if context.roster.rows_of_key(person.key).nth(1).is_some() {
        return;
    }
    for changed in &person.changes() {
        let column = changed.column;
        let field = context.roster.field(column.at);
        let told_elsewhere = column.is_key
            || column.required
            || column.is_secret()
            || Some(column.at) == context.roster.key_fallback
            || field.is_some_and(|f| f.read_only || context.choices.values_of(&f.id).is_some());
        if told_elsewhere || !changed.now.trim().is_empty() || changed.before.trim().is_empty() {
            continue;
        }
        sink.row(person.row, Some(column.at), || {
            let lms = context.roster.profile.called();
            let then = match field.and_then(|f| f.blank).or(context.choices.blanks) {
                Some(Blank::Clear) => format!("{lms} would empty it too"),
                Some(Blank::Keep) => format!("{lms} keeps the value, so this changes nothing"),
                None => "what a blank does there is not documented".to_owned(),
            };
            let message = format!("was `{}`, is blank; {then}", changed.before);
            FindingText::new("", message).fix(Some(person.put_back(changed, Safety::Unsafe)))
        });
    }
}
