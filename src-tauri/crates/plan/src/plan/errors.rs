//! Errors on people who would be sent.

use super::ByHand;
use super::person::{PersonOutcome, Planner};
use muster_roster::diff::Match;
use muster_roster::finding::{Finding, Severity};
use muster_rules::rules::{Mark, rule_index};
use muster_table::edit::Edit;

/// Rules whose findings say that a row carries the key of somebody else.
const KEY_RULES: [&str; 2] = ["key-changed", "key-swapped"];

/// Errors about changes that the plan does not send: it lists them to be done by hand.
const LISTED_BY_HAND: [&str; 1] = ["edit-by-hand"];

/// Errors of somebody under another key that are answered by sending the old one: the row then is that person's.
const ANSWERED_BY_OLD_KEY: [&str; 2] = ["key-changed", "not-unique"];

/// Rules whose errors the plan has to tell from the others, by their places in the list of rules.
pub(super) struct BlockingErrors {
    key_rules: Vec<u8>,
    listed: Vec<u8>,
    answered: Vec<u8>,
}

impl BlockingErrors {
    pub fn new() -> BlockingErrors {
        let places = |codes: &[&str]| codes.iter().filter_map(|code| rule_index(code)).collect();
        BlockingErrors {
            key_rules: places(&KEY_RULES),
            listed: places(&LISTED_BY_HAND),
            answered: places(&ANSWERED_BY_OLD_KEY),
        }
    }
}

impl Planner<'_> {
    /// Errors on a person who would be sent keep that person out.
    pub fn with_errors(
        &self,
        row: u32,
        found: Match,
        outcome: Option<PersonOutcome>,
    ) -> Option<PersonOutcome> {
        let marks = self.checker.marks(row);
        let is_renamed = self.renamed.contains_key(&row);
        let answered = |rule: &u8| is_renamed && self.blocking.answered.contains(rule);
        let stops = |m: &&Mark| {
            let listed = self.blocking.listed.contains(&m.rule);
            m.severity == Severity::Error && !listed && !answered(&m.rule)
        };
        if !marks.iter().any(|m| stops(&m)) {
            return outcome;
        }
        let findings = self.checker.findings(row);
        let listed = |f: &Finding| {
            let rule = f.rule.as_str();
            LISTED_BY_HAND.contains(&rule) || (is_renamed && ANSWERED_BY_OLD_KEY.contains(&rule))
        };
        let blocking: Vec<&Finding> =
            findings.iter().filter(|f| f.severity == Severity::Error && !listed(f)).collect();
        let mut blocked = self.blocked(row, reason(&blocking));
        if let Match::Row(was) = found {
            blocked.planned.was = Some(was);
        }
        blocked.key_changed = marks.iter().any(|m| self.blocking.key_rules.contains(&m.rule));
        blocked.by_hand = outcome.map_or(Vec::new(), |v| v.by_hand);
        blocked.by_hand.extend(self.renames(&blocking));
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
                    column: self.in_lms(key),
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
