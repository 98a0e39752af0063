//! What a push does beside changing people, and what each choice comes to.

use std::collections::{BTreeMap, BTreeSet};

use super::assignment::{lacking, landing};
use super::cells::Kind;
use super::person::{Judge, Verdict};
use super::terms::{Way, makes_fields};
use super::{Action, Effects, Only, PlanCounts};
use muster_roster::profile::{Invitations, KeyGiver, NewGroups, Policy, PolicyId};
use muster_table::narrow;
use muster_table::words::people;

pub(super) fn of(judge: &Judge, verdicts: &[Verdict], counts: &PlanCounts) -> Effects {
    Effects {
        invitations: match judge.choices.invitations {
            Some(Invitations::On) => counts.create,
            Some(Invitations::Off) | None => 0,
        },
        password_resets: narrow::count(verdicts.iter().filter(|v| v.resets).count()),
        seats_after: seats_after(judge, verdicts),
        fields_created: fields_created(judge),
        also: also(judge, verdicts, counts),
    }
}

/// How many people are active once the plan is carried out.
fn seats_after(judge: &Judge, verdicts: &[Verdict]) -> u32 {
    let seats: i64 = verdicts.iter().map(|v| i64::from(v.seats)).sum();
    u32::try_from(i64::from(judge.active()) + seats).unwrap_or(0)
}

/// How the people who are active afterwards stand to the licence. Who is blocked now is meant to come in too.
fn seats(judge: &Judge, verdicts: &[Verdict]) -> String {
    let after = seats_after(judge, verdicts);
    let waiting = verdicts.iter().filter(|v| {
        let person = &v.planned.person;
        person.action == Action::Blocked && v.planned.was.is_none()
    });
    let told = match judge.choices.seats {
        Some(seats) => format!("{after} of {seats} afterwards"),
        None => format!("{} active afterwards", people(after as usize)),
    };
    match waiting.count() {
        0 => told,
        more => format!("{told}, and {more} more who would be new and are blocked now"),
    }
}

/// Whether the key tells everybody apart: "412 people, 412 different, none blank".
fn proof_of_key(judge: &Judge) -> String {
    let roster = judge.roster;
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

/// Columns that the LMS would make into a new field for everybody.
fn fields_created(judge: &Judge) -> Vec<String> {
    if !makes_fields(&judge.roster.profile, judge.choices) {
        return Vec::new();
    }
    unknown_columns(judge)
}

fn unknown_columns(judge: &Judge) -> Vec<String> {
    let profile = &judge.roster.profile;
    if profile.fields.is_empty() || judge.snapshot.is_none() {
        return Vec::new();
    }
    let added = judge.columns.added.iter().map(|&at| &judge.roster.columns[at]);
    added.filter(|c| c.field.is_none()).map(|c| c.name.clone()).collect()
}

fn also(judge: &Judge, verdicts: &[Verdict], counts: &PlanCounts) -> Vec<String> {
    let lms = judge.lms();
    let mut all = Vec::new();
    let losing = verdicts.iter().filter(|v| v.loses).count();
    if losing > 0 {
        all.push(format!("{} would lose a group or role.", people(losing)));
    }
    let kept = with_kind(judge, verdicts, Kind::Kept, |way| way == Way::Add);
    if kept > 0 {
        let verb = if kept == 1 { "keeps" } else { "keep" };
        all.push(format!(
            "{} {verb} groups or roles that the roster no longer lists, because Add takes none away.",
            people(kept)
        ));
    }
    if counts.create > 0 {
        for term in judge.terms.iter().filter(|t| !t.always().is_empty()) {
            let title = term.field.map_or("values", |f| f.title.as_str()).to_lowercase();
            let who = if counts.create == 1 { "The new person" } else { "All new people" };
            let verb = if counts.create == 1 { "gets" } else { "get" };
            all.push(format!("{who} {verb} the {title} {}.", term.always().join(" and ")));
        }
    }
    let unknown = verdicts.iter().flat_map(|v| &v.fates).filter(|(_, k)| *k == Kind::Unknown);
    let blank = unknown.filter(|(n, _)| judge.terms[*n].way != Way::Open).count();
    if blank > 0 {
        let cells =
            if blank == 1 { "1 cell becomes".into() } else { format!("{blank} cells become") };
        all.push(format!("{cells} blank; what {lms} does then is not documented."));
    }
    let missing = verdicts.iter().filter(|v| v.planned.person.row.is_none());
    let missing = missing.filter(|v| v.planned.person.action == Action::Ignored).count();
    if missing > 0 {
        let who = people(missing);
        all.push(if missing == 1 {
            format!("{who} of the snapshot is not in the file and stays unchanged.")
        } else {
            format!("{who} of the snapshot are not in the file and stay unchanged.")
        });
    }
    also_assigned(judge, verdicts, &mut all);
    also_new_groups(judge, verdicts, &mut all);
    if judge.choices.is_partial() {
        let absent = judge.pairing.absent().count();
        if absent > 0 {
            all.push(format!(
                "The file is not the whole list, so nothing is said of {} whom it leaves out.",
                people(absent)
            ));
        }
    }
    if judge.roster.profile.columns.creates && !makes_fields(&judge.roster.profile, judge.choices) {
        for name in unknown_columns(judge) {
            all.push(format!("The column `{name}` is not sent, so no new field is made of it."));
        }
    }
    if !judge.roster.profile.columns.creates {
        for name in unknown_columns(judge) {
            let says = &judge.roster.profile.columns.unknown;
            all.push(
                format!("The column `{name}` is none of those that {lms} is known to read. {says}")
                    .trim_end()
                    .to_owned(),
            );
        }
    }
    all
}

/// Groups that nobody has yet and no list names: the LMS may lack them.
fn also_new_groups(judge: &Judge, verdicts: &[Verdict], all: &mut Vec<String>) {
    const FEW: usize = 8;
    let Some(choice) = judge.choices.new_groups else { return };
    let lists = &judge.checker.scene().lists;
    let mut lacking: BTreeSet<&str> = BTreeSet::new();
    for term in judge.terms.iter().filter(|t| t.column.separator.is_some() && !t.unreached) {
        let Some(list) = term.column.list.as_ref().and_then(|kind| lists.get(kind)) else {
            continue;
        };
        let any_case = term.field.is_some_and(|f| f.values_any_case);
        let known = |value: &str| match any_case {
            true => list.values.iter().any(|v| v.to_lowercase() == value.to_lowercase()),
            false => list.values.contains(value),
        };
        let cells = verdicts
            .iter()
            .filter(|v| matches!(v.planned.person.action, Action::Create | Action::Update))
            .flat_map(|v| &v.planned.person.cells)
            .filter(|cell| cell.column == Some(narrow::place(term.column.at)));
        lacking
            .extend(cells.flat_map(|cell| term.column.values(&cell.result)).filter(|v| !known(v)));
    }
    if lacking.is_empty() {
        return;
    }
    let named: Vec<String> = lacking.iter().take(FEW).map(|name| format!("`{name}`")).collect();
    let more = lacking.len().saturating_sub(FEW);
    let names =
        if more == 0 { named.join(", ") } else { format!("{} and {more} more", named.join(", ")) };
    let lms = judge.lms();
    all.push(match choice {
        NewGroups::Create => format!("Groups that nobody is in yet are made if {lms} does not have them: {names}."),
        NewGroups::Refuse => format!("Nobody is in these groups yet. If {lms} does not have them, the people concerned are held back: {names}."),
    });
}

/// Which group each new person lands in, in the order of the rules, and who lands in none.
fn also_assigned(judge: &Judge, verdicts: &[Verdict], all: &mut Vec<String>) {
    const FEW: usize = 5;
    let rules = &judge.choices.assignment;
    if rules.is_empty() {
        return;
    }
    for name in lacking(rules, judge.roster) {
        all.push(format!("The rule about `{name}` fits nobody: there is no such column."));
    }
    let mut landed: BTreeMap<(usize, String), Vec<&str>> = BTreeMap::new();
    for verdict in verdicts.iter().filter(|v| v.planned.person.action == Action::Create) {
        let person = &verdict.planned.person;
        let Some(row) = person.row else { continue };
        let place = landing(rules, judge.roster, row)
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

fn one_or_many(count: u32, one: &str, many: &str) -> String {
    format!("{} {}", people(count as usize), if count == 1 { one } else { many })
}

/// How many people have a cell of a kind in a column of several values that is treated in a way.
fn with_kind(judge: &Judge, verdicts: &[Verdict], kind: Kind, way: fn(Way) -> bool) -> usize {
    let is = |(n, k): &(usize, Kind)| {
        let term = &judge.terms[*n];
        *k == kind && way(term.way) && term.column.separator.is_some()
    };
    verdicts.iter().filter(|v| v.fates.iter().any(is)).count()
}

/// What each choice of the profile comes to in this plan, as half a sentence.
pub(super) fn of_policies(
    judge: &Judge,
    verdicts: &[Verdict],
    counts: &PlanCounts,
) -> BTreeMap<String, String> {
    let profile = &judge.roster.profile;
    let told = |policy: &Policy, id: PolicyId| match id {
        PolicyId::Invitations => match (judge.choices.invitations, counts.create) {
            (_, 0) => "nobody is new".to_owned(),
            (Some(Invitations::On), n) => format!("{} a mail", one_or_many(n, "gets", "get")),
            (_, n) => format!("{} new and without a mail", one_or_many(n, "is", "are")),
        },
        PolicyId::Missing => {
            let missing = verdicts.iter().filter(|v| v.planned.person.row.is_none()).count();
            if missing == 0 {
                "nobody is missing".to_owned()
            } else {
                format!("{} missing", people(missing))
            }
        }
        PolicyId::Seats => seats(judge, verdicts),
        PolicyId::SyncField => proof_of_key(judge),
        PolicyId::NewFields => match unknown_columns(judge).len() {
            0 => "there is no new column".to_owned(),
            1 => "1 new column".to_owned(),
            more => format!("{more} new columns"),
        },
        PolicyId::ImportGroups => {
            let new = counts.create;
            let known = verdicts.iter().filter(|v| v.planned.was.is_some()).count();
            match (!judge.choices.import_groups.is_empty(), judge.only) {
                (false, _) => "no group".to_owned(),
                (true, Only::Changed) => one_or_many(new, "gets them", "get them"),
                (true, Only::All) => format!("{} who exist already get them too", people(known)),
            }
        }
        PolicyId::Blanks => {
            let blank = |(n, k): &(usize, Kind)| {
                let term = &judge.terms[*n];
                term.field.is_none_or(|f| f.blank.is_none())
                    && matches!(k, Kind::Kept | Kind::Unknown | Kind::Changes)
            };
            let emptied = verdicts.iter().filter(|v| {
                v.planned.person.cells.iter().zip(&v.fates).any(|(cell, fate)| {
                    cell.after.is_empty() && !cell.before.is_empty() && blank(fate)
                })
            });
            format!("{} with an emptied cell", people(emptied.count()))
        }
        PolicyId::Groups | PolicyId::Roles => of_field(judge, verdicts, policy),
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
        None => of_field(judge, verdicts, policy),
    };
    profile.policies.iter().map(|p| (p.id.clone(), told(p))).collect()
}

fn of_field(judge: &Judge, verdicts: &[Verdict], policy: &Policy) -> String {
    let is = |n: usize| {
        judge.terms[n].field.is_some_and(|f| policy.field.as_deref() == Some(f.id.as_str()))
    };
    let with = |kind: Kind| {
        let here = |(n, k): &(usize, Kind)| is(*n) && *k == kind;
        verdicts.iter().filter(|v| v.fates.iter().any(here)).count()
    };
    let (changes, kept, unknown) = (with(Kind::Changes), with(Kind::Kept), with(Kind::Unknown));
    let losing = verdicts
        .iter()
        .filter(|v| v.fates.iter().any(|(n, k)| is(*n) && *k == Kind::Changes) && v.loses);
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
