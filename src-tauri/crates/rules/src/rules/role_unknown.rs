use super::group_unknown::not_on_the_list;
use super::{CharClasses, Concerns, Requires, Rule, RuleScope};
use muster_roster::finding::Severity;

pub static RULE: Rule = Rule {
    code: "role-unknown",
    title: "Role not known",
    severity: Severity::Error,
    requires: Requires::List("roles"),
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |_, column| column.list.as_deref() == Some("roles"),
        classes: CharClasses::FILLED,
        check: |cell, sink| not_on_the_list(cell, "roles", "role", sink),
    },
    page: include_str!("role_unknown.md"),
};
