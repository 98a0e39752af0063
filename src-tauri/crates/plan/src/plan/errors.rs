//! Errors on people who would be sent.

use super::ByHand;
use super::person::{Judge, Verdict};
use muster_roster::diff::Match;
use muster_roster::finding::{Finding, Severity};
use muster_rules::rules::{Mark, rule_index};
use muster_table::edit::Edit;

/// Rules whose findings say that a row carries the key of somebody else.
const KEY_RULES: [&str; 2] = ["key-changed", "key-swapped"];

/// Errors about changes that the plan does not send: it lists them to be done by hand.
const SETTLED_HERE: [&str; 1] = ["edit-by-hand"];

/// Rules whose errors the plan has to tell from the others, by their places in the list of rules.
pub(super) struct Grave {
    key_rules: Vec<u8>,
    settled: Vec<u8>,
}

impl Grave {
    pub fn new() -> Grave {
        let places = |codes: &[&str]| codes.iter().filter_map(|code| rule_index(code)).collect();
        Grave { key_rules: places(&KEY_RULES), settled: places(&SETTLED_HERE) }
    }
}

impl Judge<'_> {
    /// Errors on a person who would be sent keep that person out.
    pub fn with_errors(&self, row: u32, found: Match, verdict: Option<Verdict>) -> Option<Verdict> {
        let marks = self.checker.marks(row);
        let stops =
            |m: &&Mark| m.severity == Severity::Error && !self.grave.settled.contains(&m.rule);
        if !marks.iter().any(|m| stops(&m)) {
            return verdict;
        }
        let findings = self.checker.findings(row);
        let settled = |f: &Finding| SETTLED_HERE.contains(&f.rule.as_str());
        let grave: Vec<&Finding> =
            findings.iter().filter(|f| f.severity == Severity::Error && !settled(f)).collect();
        let mut blocked = self.blocked(row, reason(&grave));
        if let Match::Row(was) = found {
            blocked.planned.was = Some(was);
        }
        blocked.key_changed = marks.iter().any(|m| self.grave.key_rules.contains(&m.rule));
        blocked.by_hand = verdict.map_or(Vec::new(), |v| v.by_hand);
        blocked.by_hand.extend(self.renames(&grave));
        Some(blocked)
    }

    /// People whose key was changed, to be renamed where the LMS does it.
    fn renames(&self, findings: &[&Finding]) -> Vec<ByHand> {
        let Some(key) = self.roster.key else { return Vec::new() };
        let back = |finding: &&Finding| {
            finding.fix.iter().flat_map(|f| &f.edits).find_map(|edit| match edit {
                Edit::Set { column, before, after, .. } if *column as usize == key => {
                    Some((after.clone(), before.clone()))
                }
                _ => None,
            })
        };
        findings
            .iter()
            .filter(|f| KEY_RULES.contains(&f.rule.as_str()))
            .filter_map(back)
            .map(|(was, now)| {
                let row = self.snapshot.and_then(|s| s.rows_of_key(&was).next());
                ByHand {
                    name: row.map_or_else(String::new, |row| self.before(row).0),
                    known_by: was.clone(),
                    column: self.roster.columns[key].name.clone(),
                    before: was.clone(),
                    key: was,
                    value: now,
                    r#where: self.where_by_hand(key),
                }
            })
            .collect()
    }
}

fn reason(findings: &[&Finding]) -> String {
    let first = findings.first().map_or(String::new(), |f| f.message.clone());
    match findings.len() {
        0 | 1 => first,
        more => format!("{first}; and {} more", more - 1),
    }
}
