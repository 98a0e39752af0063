//! What each choice of the profile comes to in this plan: "3 people get a mail", beside the choice that decides it.

use std::collections::BTreeMap;

use super::cells::Kind;
use super::effects::{keeps, one_or_many, seats_after, unknown_columns};
use super::person::{PersonOutcome, Planner};
use super::{Action, Only, PlanCounts};
use muster_roster::profile::{Invitations, KeyGiver, Policy, PolicyId};
use muster_table::narrow;
use muster_table::words::people;

/// What each choice of the profile comes to in this plan, as half a sentence.
pub(super) fn of(
    planner: &Planner,
    outcomes: &[PersonOutcome],
    counts: &PlanCounts,
) -> BTreeMap<String, String> {
    let profile = &planner.roster.profile;
    let told = |policy: &Policy, id: PolicyId| match id {
        PolicyId::Invitations => match (planner.choices.invitations, counts.create) {
            (_, 0) => "nobody is new".to_owned(),
            (Some(Invitations::On), n) => format!("{} a mail", one_or_many(n, "gets", "get")),
            (_, n) => format!("{} new and without a mail", one_or_many(n, "is", "are")),
        },
        PolicyId::Missing => {
            let missing = outcomes.iter().filter(|v| v.planned.person.row.is_none()).count();
            if missing == 0 {
                "nobody is missing".to_owned()
            } else {
                format!("{} missing", people(missing))
            }
        }
        PolicyId::Seats => seats(planner, outcomes),
        PolicyId::SyncField => proof_of_key(planner),
        PolicyId::NewFields => match unknown_columns(planner).len() {
            0 => "there is no new column".to_owned(),
            1 => "1 new column".to_owned(),
            more => format!("{more} new columns"),
        },
        PolicyId::ImportGroups => {
            let new = counts.create;
            let known = outcomes.iter().filter(|v| v.planned.was.is_some()).count();
            match (!planner.choices.import_groups.is_empty(), planner.only) {
                (false, _) => "no group".to_owned(),
                (true, Only::Changed) => one_or_many(new, "gets them", "get them"),
                (true, Only::All) => format!(
                    "{} already get them too",
                    one_or_many(narrow::count(known), "who exists", "who exist")
                ),
            }
        }
        PolicyId::Blanks => {
            let blank = |(n, k): &(usize, Kind)| {
                let column_rule = &planner.column_rules[*n];
                column_rule.field.is_none_or(|f| f.blank.is_none())
                    && matches!(k, Kind::Kept | Kind::Unknown | Kind::Changes)
            };
            let emptied = outcomes.iter().filter(|v| {
                v.planned.person.cells.iter().zip(&v.cell_outcomes).any(|(cell, cell_outcome)| {
                    cell.after.is_empty() && !cell.before.is_empty() && blank(cell_outcome)
                })
            });
            format!("{} with an emptied cell", people(emptied.count()))
        }
        PolicyId::Groups | PolicyId::Roles => of_field(planner, outcomes, policy),
        PolicyId::Scope
        | PolicyId::Message
        | PolicyId::Notes
        | PolicyId::Errors
        | PolicyId::Assignment
        | PolicyId::NewGroups => String::new(),
    };
    let told = |policy: &Policy| match policy.known() {
        Some(id) => told(policy, id),
        None if policy.own => String::new(),
        None => of_field(planner, outcomes, policy),
    };
    profile.policies.iter().map(|p| (p.id.clone(), told(p))).collect()
}

fn of_field(planner: &Planner, outcomes: &[PersonOutcome], policy: &Policy) -> String {
    let is = |n: usize| {
        planner.column_rules[n]
            .field
            .is_some_and(|f| policy.field.as_deref() == Some(f.id.as_str()))
    };
    let with = |kind: Kind| {
        let here = |(n, k): &(usize, Kind)| is(*n) && *k == kind;
        outcomes.iter().filter(|v| v.cell_outcomes.iter().any(here)).count()
    };
    let (changes, unknown) = (with(Kind::Changes), with(Kind::Unknown));
    let kept = outcomes.iter().filter(|v| keeps(planner, v, is)).count();
    let losing = outcomes
        .iter()
        .filter(|v| v.cell_outcomes.iter().any(|(n, k)| is(*n) && *k == Kind::Changes) && v.loses);
    let losing = losing.count();
    let mut parts = Vec::new();
    if changes > 0 {
        parts.push(format!("{} changed", people(changes)));
    }
    if losing > 0 {
        parts.push(format!("{losing} of them with less than before"));
    }
    if kept > 0 {
        parts.push(format!(
            "{} what the roster no longer lists",
            one_or_many(narrow::count(kept), "keeps", "keep")
        ));
    }
    if unknown > 0 {
        parts.push(format!("{} where it is not documented or not chosen", people(unknown)));
    }
    if parts.is_empty() { "nobody is affected".to_owned() } else { parts.join(", ") }
}

/// How the people who are active afterwards stand to the licence. Who is blocked now is meant to come in too.
fn seats(planner: &Planner, outcomes: &[PersonOutcome]) -> String {
    let after = seats_after(planner, outcomes);
    let waiting = outcomes.iter().filter(|v| {
        let person = &v.planned.person;
        person.action == Action::Blocked && v.planned.was.is_none()
    });
    let told = match planner.choices.seats {
        Some(seats) => format!("{after} of {seats} afterwards"),
        None => format!("{} active afterwards", people(after as usize)),
    };
    match waiting.count() {
        0 => told,
        more => format!("{told}, and {more} more who would be new and are blocked now"),
    }
}

/// Whether the key tells everybody apart: "412 people, 412 different, none blank".
fn proof_of_key(planner: &Planner) -> String {
    let roster = planner.roster;
    let Some(key) = roster.key else { return "the file has no such column".to_owned() };
    let mut seen = rustc_hash::FxHashSet::default();
    let (mut all, mut blank) = (0, 0);
    for row in roster.table.rows() {
        all += 1;
        let text = roster.key_text(row);
        let form = roster.key_form(&text);
        if form.is_empty() {
            blank += 1;
        } else {
            seen.insert(form.into_owned());
        }
    }
    let blank = match blank {
        0 => "none blank".to_owned(),
        some if roster.profile.key.given_by == KeyGiver::Lms => format!("{some} blank, so new"),
        some => format!("{some} blank"),
    };
    let name = &roster.columns[key].name;
    format!("`{name}`: {}, {} different, {blank}", people(all), seen.len())
}
