//! What stands in the way of sending anything.

use super::Action;
use super::person::{Judge, Verdict};
use muster_roster::finding::Severity;
use muster_roster::profile::OnErrors;
use muster_table::words::people;

/// Why nothing can be sent, each a sentence.
pub(super) fn of(judge: &Judge, verdicts: &[Verdict]) -> Vec<String> {
    let lms = judge.lms();
    let takes_missing = judge.choices.takes_missing();
    let mut all = Vec::new();
    if judge.snapshot.is_none() {
        all.push(format!(
            "There is no snapshot of what {lms} has, so nobody can tell who is new. Keep an export of {lms} as the snapshot first."
        ));
    }
    let whole = judge.checker.findings_of_the_whole();
    let grave = whole.iter().filter(|f| f.severity == Severity::Error);
    all.extend(grave.map(|f| format!("{}.", f.message)));
    if judge.choices.is_partial() && takes_missing {
        all.push(format!(
            "The file is not the whole list, and {lms} would take away everybody whom it leaves out. Choose one or the other."
        ));
    }
    for policy in judge.open_choices() {
        all.push(format!("Choose what {lms} is to do: {}.", policy.title));
    }
    let blocked: Vec<&Verdict> =
        verdicts.iter().filter(|v| v.planned.person.action == Action::Blocked).collect();
    if !blocked.is_empty() && judge.errors == OnErrors::Stop {
        all.push(format!(
            "{} would stop the whole file: {}.",
            people_have(blocked.len(), "a problem that", "problems that"),
            names(&blocked)
        ));
    } else if takes_missing {
        let known: Vec<&Verdict> =
            blocked.into_iter().filter(|v| v.planned.was.is_some()).collect();
        if !known.is_empty() {
            all.push(format!(
                "{} would be left out of the file, and whoever is not in it would be taken away: {}.",
                people_have(known.len(), "a problem and", "problems and"),
                names(&known)
            ));
        }
    }
    all
}

fn people_have(count: usize, one: &str, many: &str) -> String {
    let has = if count == 1 { "has" } else { "have" };
    format!("{} {has} {}", people(count), if count == 1 { one } else { many })
}

fn names(verdicts: &[&Verdict]) -> String {
    const FEW: usize = 3;
    let named: Vec<String> = verdicts
        .iter()
        .take(FEW)
        .map(|v| {
            let person = &v.planned.person;
            match person.line {
                Some(line) => format!("{} (line {line})", person.name),
                None => person.name.clone(),
            }
        })
        .collect();
    let more = verdicts.len().saturating_sub(FEW);
    if more == 0 { named.join(", ") } else { format!("{} and {more} more", named.join(", ")) }
}
