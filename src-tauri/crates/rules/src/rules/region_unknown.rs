use super::country_unknown::{notation, unknown};
use super::{CharClasses, Concerns, Requires, Rule, RuleScope};
use muster_roster::finding::Severity;

pub static RULE: Rule = Rule {
    code: "region-unknown",
    title: "Region not known",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |context, column| notation(context, column).is_some_and(|notation| notation.is_region),
        classes: CharClasses::FILLED,
        check: |cell, sink| unknown(cell, "regions", sink),
    },
    page: include_str!("region_unknown.md"),
};
