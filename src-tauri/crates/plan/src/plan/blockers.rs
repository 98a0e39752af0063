//! What stands in the way of sending anything.

use super::Action;
use super::person::{PersonOutcome, Planner};
use muster_roster::finding::{Finding, Severity};
use muster_roster::profile::connector::Connector;
use muster_roster::profile::{OnErrors, Profile};
use muster_roster::roster::Roster;
use muster_roster::settling;
use muster_rules::rules::{RULES, Rule, rule_index};
use muster_table::words::people;
use rustc_hash::FxHashMap;

/// Faults of the opened file that its upload does not have: the columns go in the LMS's own order.
const MENDED_BY_THE_UPLOAD: [&str; 1] = ["header-moved"];

/// Why nothing can be sent.
pub(super) struct InTheWay {
    /// Each a sentence.
    pub blockers: Vec<String>,
    /// The policies that have to be answered, by id.
    pub open: Vec<String>,
    /// Whether errors on people are among it.
    pub errors_stop: bool,
}

pub(super) fn of(planner: &Planner, outcomes: &[PersonOutcome]) -> InTheWay {
    let lms = planner.lms();
    let takes_missing = planner.choices.takes_missing();
    let mut all = Vec::new();
    if planner.snapshot.is_none() {
        all.push(format!(
            "There is no snapshot of what {lms} has, so nobody can tell who is new. Keep an export of {lms} as the snapshot first."
        ));
    }
    let whole = planner.checker.findings_of_the_whole();
    let by_file = planner.roster.profile.sent_by.is_none();
    let mended = |f: &&Finding| by_file && MENDED_BY_THE_UPLOAD.contains(&f.rule.as_str());
    let blocking = whole.iter().filter(|f| f.severity == Severity::Error && !mended(f));
    all.extend(blocking.map(|f| format!("{}.", f.message)));
    all.extend(doubted_rows(planner));
    if planner.choices.is_partial() && takes_missing {
        all.push(format!(
            "The file is not the whole list, and {lms} would take away everybody whom it leaves out. Choose one or the other."
        ));
    }
    all.extend(better_match(planner, outcomes));
    let mut open = Vec::new();
    for policy in planner.open_choices() {
        open.push(policy.id.clone());
        all.push(format!("Choose what {lms} is to do: {}.", policy.title));
    }
    let blocked: Vec<&PersonOutcome> =
        outcomes.iter().filter(|v| v.planned.person.action == Action::Blocked).collect();
    let mut errors_stop = false;
    if !blocked.is_empty() && planner.errors == OnErrors::Stop {
        errors_stop = true;
        all.push(format!(
            "{} would stop the whole file: {}.",
            people_have(blocked.len(), "a problem that", "problems that"),
            names(&blocked)
        ));
    } else if takes_missing {
        let known: Vec<&PersonOutcome> =
            blocked.into_iter().filter(|v| v.planned.was.is_some()).collect();
        if !known.is_empty() {
            errors_stop = true;
            all.push(format!(
                "{} would be left out of the file, and whoever is not in it would be taken away: {}.",
                people_have(known.len(), "a problem and", "problems and"),
                names(&known)
            ));
        }
    }
    InTheWay { blockers: all, open, errors_stop }
}

/// That rows of the file were perhaps not read as they were meant: what one of them swallowed is missed by nobody.
fn doubted_rows(planner: &Planner) -> Option<String> {
    const FEW: usize = 3;
    let rows = planner.checker.doubted_rows(FEW + 1);
    let first = *rows.first()?;
    let is_doubt = |finding: &Finding| {
        let rule = rule_index(&finding.rule).map(|rule| RULES[usize::from(rule)]);
        finding.severity == Severity::Error && rule.is_some_and(Rule::is_doubt)
    };
    let says = planner.checker.findings(first).into_iter().find(is_doubt)?;
    let lines = rows.iter().take(FEW).filter_map(|row| planner.roster.table.line(*row));
    let lines: Vec<String> = lines.map(|line| line.to_string()).collect();
    let more = if rows.len() > FEW { " and more" } else { "" };
    let (word, is) = if rows.len() == 1 { ("line", "is") } else { ("lines", "are") };
    Some(format!(
        "The list was not understood whole, and {word} {}{more} {is} to be put right first: {}.",
        lines.join(", "),
        says.message
    ))
}

/// That most people would be new, and are known by another column.
fn better_match(planner: &Planner, outcomes: &[PersonOutcome]) -> Option<String> {
    let (roster, snapshot) = (planner.roster, planner.snapshot?);
    let rows = roster.table.len();
    const LOOKED_AT: usize = 200_000;
    // Also those who cannot be sent: by the right column most would be known.
    let is_new = |o: &&PersonOutcome| {
        let action = o.planned.person.action;
        o.planned.was.is_none() && matches!(action, Action::Create | Action::Blocked)
    };
    let new = outcomes.iter().filter(is_new).count().min(rows);
    if new * 2 <= rows || rows > LOOKED_AT {
        return None;
    }
    let known = rows - new;
    let key = roster.key.map(|at| roster.columns[at].name.as_str())?;
    let lms = planner.lms();
    let zeros = known_but_for_zeros(planner, snapshot, outcomes);
    if (known + zeros) * 2 > rows {
        return Some(format!(
            "By `{key}`, {lms} has {known} of {rows} people, and {zeros} more if zeros at the front are put back. Put \
             them back first: each is a safe fix."
        ));
    }
    let better = settling::key_pairs(roster, snapshot).into_iter().find(|pair| {
        let matched = pair.matched as usize;
        pair.column != key
            && matched * 2 > rows
            && matched > known * 2 + 1
            && pair.is_borne_out(roster, snapshot) != Some(false)
    })?;
    Some(format!(
        "By `{key}`, {lms} has {known} of {rows} people; by `{}`, which is `{}` there, it has {}. Choose that column.",
        better.column, better.of_lms, better.matched
    ))
}

/// How many of those who would be new, or are blocked, have the key of one person of the LMS without its zeros.
fn known_but_for_zeros(planner: &Planner, snapshot: &Roster, outcomes: &[PersonOutcome]) -> usize {
    let mut padded: FxHashMap<String, usize> = FxHashMap::default();
    for row in snapshot.table.rows() {
        let key = snapshot.key_text(row);
        if let Some(rest) = key.trim().strip_prefix('0') {
            *padded.entry(rest.trim_start_matches('0').to_owned()).or_default() += 1;
        }
    }
    let is_one = |outcome: &&PersonOutcome| {
        let row = outcome.planned.person.row.filter(|_| outcome.planned.was.is_none());
        let key = row.map(|row| planner.roster.key_text(row));
        key.is_some_and(|key| !key.trim().is_empty() && padded.get(key.trim()) == Some(&1))
    };
    outcomes.iter().filter(is_one).count()
}

/// Where people do not fit into one file: a file that is dropped is one file, and of several that each have to hold
/// everybody, each would take away whom the others hold.
pub(super) fn too_long(
    connector: &Connector,
    profile: &Profile,
    people: u32,
    takes_missing: bool,
) -> Option<String> {
    let most = profile.file.most_in_one();
    if connector.is_one_by_one() || most == 0 || people <= most {
        return None;
    }
    let lms = profile.called();
    let too_long = format!(
        "The file would be too long: {lms} takes {most} people at a time, and these are {people}."
    );
    if takes_missing {
        return Some(format!(
            "{too_long} In several files, each would take away everybody who is in the others. Choose that {lms} leaves alone whoever is not in the file, and deactivate people in their own rows."
        ));
    }
    connector.drops_files.then(|| format!("{too_long} Make an upload kit: it has several files."))
}

fn people_have(count: usize, one: &str, many: &str) -> String {
    let has = if count == 1 { "has" } else { "have" };
    format!("{} {has} {}", people(count), if count == 1 { one } else { many })
}

fn names(outcomes: &[&PersonOutcome]) -> String {
    const FEW: usize = 3;
    let named: Vec<String> = outcomes
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
    let more = outcomes.len().saturating_sub(FEW);
    if more == 0 { named.join(", ") } else { format!("{} and {more} more", named.join(", ")) }
}
