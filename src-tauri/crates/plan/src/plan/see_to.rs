//! What somebody has to see to before or after an upload, because no file and no vendor's word settles it: values that
//! are real by somebody's word, groups that may be lacking, what is not documented, addresses that stay the old ones.

use std::collections::BTreeSet;

use super::cells::Kind;
use super::column_rules::MergeMode;
use super::effects::one_or_many;
use super::person::{PersonOutcome, Planner};
use super::{Action, CellPlan, PlanCounts, who};
use muster_roster::profile::{Existing, FieldKind, NewGroups, OnErrors};
use muster_rules::rules::rule_index;
use muster_table::narrow;
use muster_table::words::listed;

/// Values that are sent because somebody said that they are real: nobody in the LMS has them, so it may not know them.
pub(super) fn said_to_be_real(planner: &Planner, outcomes: &[PersonOutcome]) -> Vec<String> {
    let context = planner.checker.context();
    let mut all = Vec::new();
    for column in &planner.roster.columns {
        let Some(real) = column.list.as_ref().and_then(|kind| context.real.get(kind)) else {
            continue;
        };
        let values_in = |cell: &str| -> Vec<String> {
            let is_real = |value: &&str| real.iter().any(|real| real == value);
            column.values(cell).filter(is_real).map(str::to_owned).collect()
        };
        let changed = outcomes.iter().filter(|o| o.planned.person.action.changes());
        let mut new: BTreeSet<String> = changed
            .filter_map(|o| o.planned.person.row)
            .flat_map(|row| values_in(&planner.roster.table.cell(row, column.at)))
            .collect();
        if !new.is_empty()
            && let Some(snapshot) = planner.snapshot
        {
            let had = snapshot.table.rows().filter_map(|was| context.was_cell(was, column.at));
            for value in had.flat_map(|cell| values_in(&cell)) {
                new.remove(&value);
            }
        }
        let (lms, called) = (planner.lms(), planner.roster.called(column.at));
        all.extend(new.into_iter().map(|value| {
            format!("Somebody said that `{value}` is real: see that {lms} has it ({called}) before the upload.")
        }));
    }
    all
}

/// How many cells come to something that nobody has written down, by why.
pub(super) fn not_documented(planner: &Planner, outcomes: &[PersonOutcome]) -> Vec<String> {
    let lms = planner.lms();
    let is_open = |n: usize| planner.column_rules[n].mode == MergeMode::Open;
    let (mut blank, mut other) = (0, 0);
    for outcome in outcomes {
        for ((n, kind), cell) in outcome.cell_outcomes.iter().zip(&outcome.planned.person.cells) {
            if *kind == Kind::Unknown && !is_open(*n) {
                *if cell.after.trim().is_empty() { &mut blank } else { &mut other } += 1;
            }
        }
    }
    let cells = |n: usize| if n == 1 { "1 cell".to_owned() } else { format!("{n} cells") };
    let mut all = Vec::new();
    if blank > 0 {
        let verb = if blank == 1 { "becomes" } else { "become" };
        all.push(format!("{} {verb} blank; what {lms} does then is not documented.", cells(blank)));
    }
    if other > 0 {
        let (verb, these) = if other == 1 { ("is", "it") } else { ("are", "them") };
        all.push(match planner.choices.passes_over(&planner.roster.profile) {
            Some(whom) => format!(
                "{lms} passes over {whom}, and nobody can see from here who they are: of {} a fresh export shows whether it took {these}.",
                cells(other)
            ),
            None => format!(
                "{} of people whom {lms} has {verb} other than before; whether it takes {these} over is not documented.",
                cells(other)
            ),
        });
    }
    all
}

/// Where one mistake stops the whole import, and nobody has written whether somebody who exists already is one.
pub(super) fn all_or_none(
    planner: &Planner,
    outcomes: &[PersonOutcome],
    counts: &PlanCounts,
) -> Option<String> {
    let profile = &planner.roster.profile;
    let unsure = profile.existing == Existing::Unknown && planner.errors == OnErrors::Stop;
    let known = outcomes.iter().filter(|v| v.planned.was.is_some());
    let known = known.filter(|v| v.planned.is_in_file(planner.only)).count();
    (unsure && profile.sent_by.is_none() && known > 0 && counts.create > 0).then(|| {
        format!(
            "Whether {} takes {} already for mistakes is not documented: if it does and the import is cancelled, nobody is imported, the new people neither.",
            planner.lms(),
            one_or_many(narrow::count(known), "who exists", "who exist")
        )
    })
}

/// Whoever gets another e-mail and has the old one for a key: no file changes that, and nobody knows whether it should.
pub(super) fn old_addresses(planner: &Planner, outcomes: &[PersonOutcome]) -> Option<String> {
    const FEW: usize = 3;
    let key = planner.roster.key?;
    let is_old = |v: &&PersonOutcome| {
        let person = &v.planned.person;
        let same = |cell: &CellPlan| cell.before.trim().eq_ignore_ascii_case(person.key.trim());
        let is_email = |cell: &CellPlan| {
            let column = cell.column_of(planner.roster);
            column.is_some_and(|c| c.kind == FieldKind::Email && c.at != key)
        };
        let moves = |cell: &CellPlan| cell.result != cell.before && !cell.after.trim().is_empty();
        v.planned.was.is_some()
            && person.action == Action::Update
            && person.cells.iter().any(|c| is_email(c) && same(c) && moves(c))
    };
    let kept: Vec<String> = outcomes
        .iter()
        .filter(is_old)
        .map(|v| who(&v.planned.person.name, &v.planned.person.key))
        .collect();
    let more = kept.len().saturating_sub(FEW);
    let mut named: Vec<String> = kept.iter().take(FEW).cloned().collect();
    if more > 0 {
        named.push(format!("{more} more"));
    }
    let title = planner.roster.called(key);
    let verb = if kept.len() == 1 { "keeps" } else { "keep" };
    (!kept.is_empty()).then(|| {
        format!(
            "{} {verb} the old e-mail as {title}: a file does not change it. If it is to change too, do that by hand: {}.",
            listed(&named),
            planner.where_by_hand(key)
        )
    })
}

/// Whose status is not what the days of the list say: no upload changes that, and nobody would look for it in the plan.
pub(super) fn days_at_work(planner: &Planner) -> Vec<String> {
    let lms = planner.lms();
    let told = |rule: &str, what: String| {
        let (rule, checker) = (rule_index(rule)?, planner.checker);
        let rows = checker.rows_with_findings().into_iter();
        let rows = rows.filter(|row| checker.marks(*row).iter().any(|mark| mark.rule == rule));
        let names: Vec<String> = rows.map(|row| planner.roster.name(row)).collect();
        let few = super::guards::named(names.iter().map(String::as_str));
        (!names.is_empty())
            .then(|| format!("{what}: {few}. See the problems of the list before you upload."))
    };
    let left = format!("The last day in the list is past, and still active in {lms}");
    let here = format!("At work by the days in the list, and inactive in {lms}");
    let told = [told("active-after-last-day", left), told("inactive-at-work", here)];
    told.into_iter().flatten().collect()
}

/// Groups that nobody has yet and no list names: the LMS may lack them.
pub(super) fn new_groups(planner: &Planner, outcomes: &[PersonOutcome], all: &mut Vec<String>) {
    const FEW: usize = 8;
    let Some(choice) = planner.choices.new_groups else { return };
    let lists = &planner.checker.context().lists;
    let mut lacking: BTreeSet<&str> = BTreeSet::new();
    for column_rule in planner
        .column_rules
        .iter()
        .filter(|t| t.column.separator.is_some() && t.unreached.is_none())
    {
        let Some(list) = column_rule.column.list.as_ref().and_then(|kind| lists.get(kind)) else {
            continue;
        };
        let any_case = column_rule.field.is_some_and(|f| f.values_any_case);
        let known = |value: &str| match any_case {
            true => list.values.iter().any(|v| v.to_lowercase() == value.to_lowercase()),
            false => list.values.contains(value),
        };
        let cells = outcomes
            .iter()
            .filter(|v| matches!(v.planned.person.action, Action::Create | Action::Update))
            .flat_map(|v| &v.planned.person.cells)
            .filter(|cell| cell.column == Some(narrow::place(column_rule.column.at)));
        lacking.extend(
            cells.flat_map(|cell| column_rule.column.values(&cell.result)).filter(|v| !known(v)),
        );
    }
    if lacking.is_empty() {
        return;
    }
    let named: Vec<String> = lacking.iter().take(FEW).map(|name| format!("`{name}`")).collect();
    let more = lacking.len().saturating_sub(FEW);
    let names =
        if more == 0 { named.join(", ") } else { format!("{} and {more} more", named.join(", ")) };
    let lms = planner.lms();
    all.push(match choice {
        NewGroups::Create => format!("Groups that nobody is in yet are made if {lms} does not have them: {names}."),
        NewGroups::Refuse => format!("Nobody is in these groups yet. If {lms} does not have them, the people concerned are held back: {names}."),
    });
}
