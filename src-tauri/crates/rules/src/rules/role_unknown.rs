use super::group_unknown::not_on_the_list;
use super::{Look, Needs, Rule, Shape};
use muster_roster::finding::Severity;

pub static RULE: Rule = Rule {
    code: "role-unknown",
    title: "Role not known",
    severity: Severity::Error,
    needs: Needs::List("roles"),
    look: Look::Value {
        of: |_, column| column.list.as_deref() == Some("roles"),
        shape: Shape::FILLED,
        check: |cell, report| not_on_the_list(cell, "roles", "role", report),
    },
    page: include_str!("role_unknown.md"),
};
