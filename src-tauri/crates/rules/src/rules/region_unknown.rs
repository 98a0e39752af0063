use super::country_unknown::{form, unknown};
use super::{Look, Needs, Rule, Shape};
use muster_roster::finding::Severity;

pub static RULE: Rule = Rule {
    code: "region-unknown",
    title: "Region not known",
    severity: Severity::Error,
    needs: Needs::File,
    look: Look::Value {
        of: |scene, column| form(scene, column).is_some_and(|form| form.is_region),
        shape: Shape::FILLED,
        check: |cell, report| unknown(cell, "regions", report),
    },
    page: include_str!("region_unknown.md"),
};
