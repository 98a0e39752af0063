use super::{Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope};
use muster_roster::finding::{Safety, Severity};

pub static RULE: Rule = Rule {
    code: "quotes-curled",
    title: "Quotes or dashes replaced",
    severity: Severity::Note,
    requires: Requires::Snapshot,
    concerns: Concerns::Damage,
    scope: RuleScope::Person(check),
    page: include_str!("quotes_curled.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    for changed in &person.changes() {
        let curled = !changed.now.is_ascii() && !changed.column.is_secret();
        if !curled || straight(&changed.now) != straight(&changed.before) {
            continue;
        }
        sink.row(person.row, Some(changed.column.at), || {
            let message = format!("was `{}`, is `{}`", changed.before, changed.now);
            FindingText::new(&*changed.now, message)
                .fix(Some(person.put_back(changed, Safety::Safe)))
        });
    }
}

/// As a keyboard types it.
fn straight(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '‘' | '’' | '‚' | '‛' => out.push('\''),
            '“' | '”' | '„' | '‟' => out.push('"'),
            '–' | '—' => out.push('-'),
            '…' => out.push_str("..."),
            other => out.push(other),
        }
    }
    out.replace("--", "-")
}
