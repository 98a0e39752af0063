//! What a push does beside changing people: mails, seats, fields, groups, and columns that go or stay.

use std::collections::BTreeMap;

use super::assignment::{lacking, landing, not_sent};
use super::by_itself;
use super::cells::Kind;
use super::column_rules::{ColumnRule, MergeMode, Unreached, makes_fields};
use super::person::{PersonOutcome, Planner};
use super::see_to;
use super::{Action, Effects, PlanCounts, SentColumn, Staying};
use muster_roster::diff::added_values;
use muster_roster::profile::Invitations;
use muster_roster::roster::Column;
use muster_table::narrow;
use muster_table::words::{listed, people};

pub(super) fn of(planner: &Planner, outcomes: &[PersonOutcome], counts: &PlanCounts) -> Effects {
    let staying = planner.staying(outcomes);
    Effects {
        invitations: match planner.choices.invitations {
            _ if planner.roster.profile.always_invites => counts.create,
            Some(Invitations::On) => counts.create,
            Some(Invitations::Off) | None => 0,
        },
        password_resets: narrow::count(outcomes.iter().filter(|v| v.resets).count()),
        seats_after: seats_after(planner, outcomes),
        fields_created: fields_created(planner),
        also: also(planner, outcomes, counts, &staying),
        if_they_left: match staying.is_empty() {
            true => String::new(),
            false => planner.if_they_left(),
        },
        staying,
    }
}

/// How many people are active once the plan is carried out.
pub(super) fn seats_after(planner: &Planner, outcomes: &[PersonOutcome]) -> u32 {
    let seats: i64 = outcomes.iter().map(|v| i64::from(v.seats)).sum();
    u32::try_from(i64::from(planner.active()) + seats).unwrap_or(0)
}

/// Columns that the LMS would make into a new field for everybody.
fn fields_created(planner: &Planner) -> Vec<String> {
    if !makes_fields(&planner.roster.profile, planner.choices) {
        return Vec::new();
    }
    unknown_columns(planner)
}

pub(super) fn unknown_columns(planner: &Planner) -> Vec<String> {
    let profile = &planner.roster.profile;
    if profile.fields.is_empty() || planner.snapshot.is_none() {
        return Vec::new();
    }
    let added = planner.columns.added.iter().map(|&at| &planner.roster.columns[at]);
    let is_own = |c: &Column| planner.roster.field(c.at).is_some_and(|field| field.read_only);
    let sent = |at: usize| planner.sent_columns.iter().any(|s| s.of_roster == Some(at));
    let creates = profile.columns.creates;
    let unknown =
        added.filter(|c| if creates { c.field.is_none() } else { !sent(c.at) && !is_own(c) });
    unknown.map(|c| c.name.clone()).collect()
}

fn also(
    planner: &Planner,
    outcomes: &[PersonOutcome],
    counts: &PlanCounts,
    staying: &[Staying],
) -> Vec<String> {
    let lms = planner.lms();
    let mut all = super::named_first::told(planner, outcomes);
    let losing = outcomes.iter().filter(|v| v.loses).count();
    if losing > 0 {
        all.push(format!("{} would lose a group or role.", people(losing)));
    }
    let kept = outcomes.iter().filter(|v| keeps(planner, v, |_| true)).count();
    if kept > 0 {
        let verb = if kept == 1 { "keeps" } else { "keep" };
        all.push(format!(
            "{} {verb} groups or roles that the roster no longer lists, because Add takes none away.",
            people(kept)
        ));
    }
    if counts.create > 0 {
        for column_rule in planner.column_rules.iter().filter(|t| !t.always().is_empty()) {
            let title = column_rule.field.map_or("values", |f| f.title.as_str()).to_lowercase();
            let who = if counts.create == 1 { "The new person" } else { "All new people" };
            let verb = if counts.create == 1 { "gets" } else { "get" };
            all.push(format!("{who} {verb} the {title} {}.", column_rule.always().join(" and ")));
        }
    }
    let strangers = planner.snapshot.map(|s| planner.protected.strangers(s)).unwrap_or_default();
    if !strangers.is_empty() {
        let named: Vec<String> = strangers.iter().map(|named| format!("`{named}`")).collect();
        all.push(format!(
            "Nobody whom {lms} has is known by {}, so {} protects nobody. See the account.",
            listed(&named),
            if named.len() == 1 { "it" } else { "each" }
        ));
    }
    all.extend(see_to::said_to_be_real(planner, outcomes));
    all.extend(see_to::not_documented(planner, outcomes));
    all.extend(see_to::all_or_none(planner, outcomes, counts));
    let overwritten = planner.overwritten_passwords(outcomes);
    if overwritten > 0 {
        all.push(format!(
            "Blank cells overwrite, and the file has a column of passwords: what {lms} does with the passwords of {} is not documented.",
            people(overwritten as usize)
        ));
    }
    all.extend(see_to::old_addresses(planner, outcomes));
    all.extend(see_to::days_at_work(planner));
    all.extend(planner.told_of_staying(staying));
    all.extend(unnamed_missing(planner, outcomes, staying.len()));
    also_assigned(planner, outcomes, &mut all);
    see_to::new_groups(planner, outcomes, &mut all);
    all.extend(by_itself::told(planner, outcomes));
    if planner.choices.is_partial() {
        let absent = planner.pairing.absent().count();
        if absent > 0 {
            all.push(format!(
                "The file is not the whole list, so nothing is said of {} whom it leaves out.",
                people(absent)
            ));
        }
    }
    if planner.roster.profile.columns.creates
        && !makes_fields(&planner.roster.profile, planner.choices)
    {
        for name in unknown_columns(planner) {
            all.push(format!("The column `{name}` is not sent, so no new field is made of it."));
        }
    }
    if !planner.roster.profile.columns.creates {
        let unknown: Vec<String> =
            unknown_columns(planner).iter().map(|name| format!("`{name}`")).collect();
        let told = listed(&unknown);
        let says = &planner.roster.profile.columns.unknown;
        match unknown.len() {
            0 => {}
            1 => all.push(format!(
                "The column {told} is none of those that {lms} has, and is not sent. {says}"
            )),
            _ => all.push(format!(
                "The columns {told} are none of those that {lms} has, and are not sent. {says}"
            )),
        }
    }
    also_not_in_template(planner, &mut all);
    also_filled(planner, counts, &mut all);
    let inactive = outcomes.iter().filter(|v| v.planned.person.action == Action::Deactivate);
    let may = planner.roster.profile.inactive_may.as_deref().zip(Some(inactive.count()));
    if let Some((may, count)) = may.filter(|(_, count)| *count > 0) {
        all.push(format!("{} would be set inactive: {may}.", people(count)));
    }
    all
}

/// Who of the snapshot is not in the file and is neither told of by name nor certainly there under another key.
fn unnamed_missing(planner: &Planner, outcomes: &[PersonOutcome], named: usize) -> Option<String> {
    let here = planner.certainly_here();
    let missing = outcomes.iter().map(|v| &v.planned).filter(|planned| {
        planned.person.row.is_none()
            && planned.person.action == Action::Ignored
            && planned.was.is_none_or(|was| !here.contains(&was))
    });
    let missing = missing.count().saturating_sub(named);
    (missing > 0).then(|| {
        let are = if missing == 1 { "is" } else { "are" };
        let then = planner.of_left_out(missing, "unchanged");
        format!("{} of the snapshot {are} not in the file{then}.", people(missing))
    })
}

/// Columns that the LMS reads and its own template has no place for.
fn also_not_in_template(planner: &Planner, all: &mut Vec<String>) {
    let Some(template) = planner.roster.profile.template.as_deref() else { return };
    let lacks = |rule: &&ColumnRule| matches!(rule.unreached, Some(Unreached::Template(_)));
    let named = planner.column_rules.iter().filter(lacks);
    let named: Vec<String> = named.map(|rule| format!("`{}`", rule.column.name)).collect();
    let file = &template.file;
    match named.as_slice() {
        [] => {}
        [one] => all.push(format!(
            "The column {one} is not sent: the template `{file}` has no such column."
        )),
        several => all.push(format!(
            "The columns {} are not sent: the template `{file}` has no such columns.",
            listed(several)
        )),
    }
}

/// Columns that the opened file lacks and the upload has: nobody is to lose what they hold.
fn also_filled(planner: &Planner, counts: &PlanCounts, all: &mut Vec<String>) {
    if planner.roster.profile.sent_by.is_some() {
        return;
    }
    let lacking = planner.sent_columns.iter().filter(|s| s.of_roster.is_none());
    let (had, blank): (Vec<_>, Vec<_>) = lacking.partition(|s| s.of_snapshot.is_some());
    let quoted = |columns: &[&SentColumn]| {
        listed(&columns.iter().map(|s| format!("`{}`", s.header)).collect::<Vec<_>>())
    };
    let lms = planner.lms();
    if !had.is_empty() && planner.snapshot.is_some_and(|s| !s.table.is_empty()) {
        let new = if counts.create > 0 { of_newcomers(planner, &had) } else { String::new() };
        all.push(format!(
            "The file has no {} {}: the upload has what {lms} has there{new}.",
            if had.len() == 1 { "column" } else { "columns" },
            quoted(&had)
        ));
    } else if !blank.is_empty() || !had.is_empty() {
        let all_of_them: Vec<&SentColumn> = had.into_iter().chain(blank).collect();
        all.push(format!(
            "The file has no {} {}: blank in the upload.",
            if all_of_them.len() == 1 { "column" } else { "columns" },
            quoted(&all_of_them)
        ));
    }
}

/// What the upload has for new people in columns that the opened file lacks: "; of new people they are blank".
fn of_newcomers(planner: &Planner, columns: &[&SentColumn]) -> String {
    let value = |sent: &SentColumn| {
        let field = planner.roster.profile.fields.get(sent.field?)?;
        field.of_newcomer().map(|value| format!("`{}` is `{value}`", sent.header))
    };
    let values: Vec<String> = columns.iter().filter_map(|sent| value(sent)).collect();
    let blank = if columns.len() == 1 { "it is blank" } else { "they are blank" };
    match columns.len() - values.len() {
        _ if values.is_empty() => format!("; of new people {blank}"),
        0 => format!("; of new people {}", listed(&values)),
        1 => format!("; of new people {}, and the other is blank", listed(&values)),
        _ => format!("; of new people {}, and the others are blank", listed(&values)),
    }
}

/// Which group each new person lands in, in the order of the rules, and who lands in none.
fn also_assigned(planner: &Planner, outcomes: &[PersonOutcome], all: &mut Vec<String>) {
    const FEW: usize = 5;
    let rules = &planner.choices.assignment;
    if rules.is_empty() {
        return;
    }
    for name in lacking(rules, planner.roster) {
        all.push(format!("The rule about `{name}` fits nobody: there is no such column."));
    }
    let is_sent = |column: usize| planner.is_sent(column);
    for name in not_sent(rules, planner.roster, &is_sent) {
        all.push(format!("The rule about `{name}` fits nobody: that column is not sent."));
    }
    let mut landed: BTreeMap<(usize, String), Vec<&str>> = BTreeMap::new();
    for outcome in outcomes.iter().filter(|v| v.planned.person.action == Action::Create) {
        let person = &outcome.planned.person;
        let Some(row) = person.row else { continue };
        let place = landing(rules, planner.roster, &is_sent, row)
            .map_or((usize::MAX, String::new()), |l| (l.rule, l.group.to_owned()));
        landed.entry(place).or_default().push(&person.name);
    }
    for ((rule, group), names) in landed {
        let more = names.len().saturating_sub(FEW);
        let mut named = names.iter().take(FEW).copied().collect::<Vec<_>>().join(", ");
        if more > 0 {
            named.push_str(&format!(" and {more} more"));
        }
        let who = people(names.len());
        all.push(if group.is_empty() {
            format!("{who} would be in no group, because no rule fits: {named}.")
        } else {
            format!("{who} would be in the group `{group}` by rule {rule}: {named}.")
        });
    }
}

pub(super) fn one_or_many(count: u32, one: &str, many: &str) -> String {
    format!("{} {}", people(count as usize), if count == 1 { one } else { many })
}

/// Whether somebody keeps values that the roster no longer lists, because Add takes none away. Values that everybody has
/// are nobody's to list.
pub(super) fn keeps(
    planner: &Planner,
    outcome: &PersonOutcome,
    of: impl Fn(usize) -> bool,
) -> bool {
    let cells = outcome.cell_outcomes.iter().zip(&outcome.planned.person.cells);
    cells.into_iter().any(|((n, kind), cell)| {
        let column_rule = &planner.column_rules[*n];
        let adds = column_rule.mode == MergeMode::Add && column_rule.column.separator.is_some();
        adds && of(*n)
            && matches!(kind, Kind::Kept | Kind::Changes)
            && added_values(column_rule.column, &cell.after, &cell.before)
                .iter()
                .any(|value| !column_rule.always().iter().any(|a| a == value))
    })
}
