use super::{CheckContext, Concerns, FindingSink, FindingText, RULES, Requires, Rule, RuleScope};
use muster_roster::finding::Severity;

pub static RULE: Rule = Rule {
    code: "checks-off",
    title: "Most checks switched off",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Reading,
    scope: RuleScope::Header(check),
    page: include_str!("checks_off.md"),
};

fn check(context: &CheckContext, sink: &mut FindingSink) {
    if context.switched_off() * 2 <= RULES.len() {
        return;
    }
    sink.header(None, || {
        let name = &context.roster.profile.name;
        let message = format!(
            "the profile {name} switches off most checks, so it says nothing that little is found: choose another \
             profile, or take `off = true` out of its file"
        );
        FindingText::new(name, message)
    });
}
