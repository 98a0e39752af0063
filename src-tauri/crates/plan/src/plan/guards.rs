//! Reasons to hold a plan unless the person insists: much of one kind at once, or something that cannot be taken back.

use super::admins::Admins;
use super::changed_there::CHANGED_THERE;
use super::person::{PersonOutcome, Planner};
use super::protected::OWN_ACCOUNT;
use super::{Action, CellPlan, Effects, Guard, PersonPlan, PlanCounts, who};
use muster_roster::profile::connector;
use muster_roster::profile::{PolicyId, Scope, Takes};
use muster_table::narrow;
use muster_table::words::{listed, people};

/// When a guard holds, unless profile or connection say otherwise: more than so many people and so many percent.
struct Kind {
    id: &'static str,
    people: u32,
    percent: u32,
}

const KINDS: [Kind; 11] = [
    Kind { id: DELETE, people: 5, percent: 5 },
    Kind { id: "deactivate", people: 5, percent: 5 },
    Kind { id: "change", people: 10, percent: 30 },
    Kind { id: "key", people: 0, percent: 0 },
    Kind { id: "membership", people: 5, percent: 5 },
    Kind { id: "password", people: 0, percent: 0 },
    Kind { id: "field", people: 0, percent: 0 },
    Kind { id: "admin", people: 0, percent: 0 },
    Kind { id: "same", people: 0, percent: 0 },
    Kind { id: "reused", people: 0, percent: 0 },
    // Only where the LMS is said to have nobody yet: if it has, every one of these would be there twice.
    Kind { id: "new", people: 5, percent: 0 },
];

const DELETE: &str = "delete";
/// The hold of a profile that softens what is looked for.
const PROFILE: &str = "profile";

/// The guards that count people or fields: id, and when one holds unless a profile says otherwise, in people and in
/// per cent.
pub fn kinds() -> impl Iterator<Item = (&'static str, u32, u32)> {
    KINDS.iter().map(|kind| (kind.id, kind.people, kind.percent))
}

/// The ids of all guards there may be, those too that count something else.
pub fn ids() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|kind| kind.id).chain([
        "scope",
        "match",
        "stale",
        PROFILE,
        OWN_ACCOUNT,
        CHANGED_THERE,
    ])
}

/// The guards that have something to count, held or not. Percentages are of the people in the snapshot; of nobody, any
/// number is more.
pub(super) fn of(
    planner: &Planner,
    outcomes: &[PersonOutcome],
    counts: &PlanCounts,
    effects: &Effects,
    snapshot_age: Option<u32>,
) -> Vec<Guard> {
    let of_profile = own_profile(planner);
    let Some(snapshot) = planner.snapshot else { return of_profile.into_iter().collect() };
    let people = narrow::count(snapshot.table.len());
    let count = |what: fn(&PersonOutcome) -> bool| {
        narrow::count(outcomes.iter().filter(|v| what(v)).count())
    };
    let mut guards: Vec<Guard> = KINDS
        .iter()
        .filter_map(|kind| {
            let actual = match kind.id {
                DELETE => counts.delete,
                "deactivate" => counts.deactivate,
                "change" => counts.update + counts.reactivate,
                "key" => count(|v| v.key_changed),
                "membership" => count(|v| v.loses),
                "password" => effects.password_resets + planner.overwritten_passwords(outcomes),
                "new" if people == 0 => counts.create,
                "new" => 0,
                "same" => narrow::count(doubles(planner, outcomes).count()),
                "reused" => narrow::count(put_over(planner, outcomes).count()),
                "admin" => narrow::count(Admins::of(planner, outcomes).count()),
                _ => narrow::count(effects.fields_created.len()),
            };
            (actual > 0).then(|| guard(planner, outcomes, kind, actual, people))
        })
        .collect();
    guards.extend(of_profile);
    guards.extend(planner.protected.guard(planner, outcomes, people));
    guards.extend(planner.there.guard(planner, outcomes, people));
    guards.extend(scope(planner, outcomes, people));
    guards.extend(poor_match(planner, counts.create, people));
    guards.extend(snapshot_age.filter(|days| *days > 0).map(|days| stale(planner, days, people)));
    guards
}

fn guard(
    planner: &Planner,
    outcomes: &[PersonOutcome],
    kind: &Kind,
    actual: u32,
    of: u32,
) -> Guard {
    let set = planner.roster.profile.guards.get(kind.id).copied().unwrap_or_default();
    // Whom nobody can bring back is asked about whatever their number.
    let (least, percent) = match kind.id == DELETE && is_for_good(planner) {
        true => (0, 0),
        false => (kind.people, kind.percent),
    };
    let least = set.people.unwrap_or(least);
    let percent = set.percent.unwrap_or(percent);
    let by_percent = u64::from(actual) * 100 > u64::from(percent) * u64::from(of);
    let held = actual > least && by_percent;
    // The larger of the two is the one that counts.
    let percent_counts = u64::from(percent) * u64::from(of) > u64::from(least) * 100;
    let limit = if percent_counts { format!("{percent} %") } else { many(least) };
    let message = message(kind.id, (planner, outcomes), (actual, of), &limit, held);
    Guard { id: kind.id.to_owned(), actual, of, limit, held, message }
}

/// Whether whoever is deleted is gone: the way there brings nobody back.
fn is_for_good(planner: &Planner) -> bool {
    let way = planner.roster.profile.sent_by.as_deref().and_then(connector::connector);
    way.is_some_and(|way| way.deletes && !way.brings_back)
}

fn many(count: u32) -> String {
    match count {
        0 => "nobody".to_owned(),
        _ => people(count as usize),
    }
}

/// Most of a longer list are new by a column that was picked for it: perhaps the wrong one says who somebody is. A file of
/// new people alone says so, and a key that the LMS itself goes by is no choice.
fn poor_match(planner: &Planner, new: u32, of: u32) -> Option<Guard> {
    const FEW: u32 = 5;
    let profile = &planner.roster.profile;
    let policy = profile.policy(PolicyId::SyncField).filter(|p| p.takes == Takes::Column)?;
    let picked = planner.choices.answer_to(policy)?;
    if policy.choice(picked).is_some() {
        return None;
    }
    let rows = narrow::count(planner.roster.table.len());
    let told = planner.choices.scope == Some(Scope::New) || of == 0;
    let key = planner.roster.key.map(|at| planner.roster.columns[at].name.as_str())?;
    (new > FEW && new * 2 > rows && !told).then(|| Guard {
        id: "match".to_owned(),
        actual: new,
        of,
        limit: "half of the file".to_owned(),
        held: true,
        message: format!(
            "By `{key}`, {} has {} of the {rows} people in the file, and {new} would be new. If these are known there, \
             another column says who they are. Type {new} to go on.",
            planner.lms(),
            rows - new.min(rows),
        ),
    })
}

/// Whoever is written over the row of somebody else, with whose key that is; and whose name or e-mail was exchanged.
pub(super) fn put_over<'o>(
    planner: &'o Planner,
    outcomes: &'o [PersonOutcome],
) -> impl Iterator<Item = String> + use<'o> {
    let people = outcomes.iter().map(|v| &v.planned.person).filter(|p| p.action.changes());
    people.filter_map(move |person| {
        let context = planner.checker.context();
        let row = person.row?;
        if let Some(was) = context.put_over(row) {
            let (name, known_by) = planner.before(was);
            return Some(format!("{} over {}", person.name, who(&name, &known_by)));
        }
        if let Some(other) = context.called_another(row) {
            let (name, known_by) = planner.before(other.was);
            return Some(format!("{} over {}", other.name, who(&name, &known_by)));
        }
        let (whose, columns) = context.exchanged(row)?;
        // What is not sent changes nobody.
        let is_sent = |cell: &&CellPlan| {
            cell.result != cell.before
                && cell.column.is_some_and(|c| columns.contains(&(c as usize)))
        };
        person.cells.iter().find(is_sent)?;
        let called: Vec<String> = columns.iter().map(|&c| planner.roster.called(c)).collect();
        let (name, known_by) = planner.before(context.was(row)?);
        let (other, _) = planner.before(whose);
        Some(format!("{} with the {} of {other}", who(&name, &known_by), listed(&called)))
    })
}

/// Whoever carries another key than the LMS has for them.
fn keys_changed(planner: &Planner, outcomes: &[PersonOutcome]) -> String {
    let lms = planner.lms();
    let (renamed, blocked): (Vec<_>, Vec<_>) = outcomes
        .iter()
        .filter(|v| v.key_changed)
        .map(|v| &v.planned.person)
        .partition(|p| p.action != Action::Blocked);
    let mut all = Vec::new();
    if !renamed.is_empty() {
        let told = |p: &&PersonPlan| {
            let same = planner.renamed.get(&p.row?)?;
            Some(format!("{} {}", p.name, planner.renamed_why(p.row?, same)))
        };
        let who: Vec<String> = renamed.iter().filter_map(told).collect();
        let is_blank = |p: &&PersonPlan| p.row.is_some_and(|row| planner.is_key_blank(row));
        let by_file = planner.renames_by_file();
        let renames = format!("{lms} renames them");
        let new_one = match renamed.iter().filter(|p| is_blank(p)).count() {
            0 if by_file => renames.as_str(),
            0 => "the new one is to be put in by hand",
            // Nobody is to empty a key by hand.
            n if n == renamed.len() => "the key stays as it is",
            _ => "the new one is to be put in by hand where the file has one",
        };
        let sent = match renamed.iter().any(|p| p.action.changes()) {
            true if by_file => "The file has the new key, and the old one beside it:",
            true => "The file is sent with the old key, and",
            false => "Nothing else of them is sent, and",
        };
        all.push(format!("{}. {sent} {new_one}.", few(&who)));
        let slip = |p: &&PersonPlan| {
            let (row, same) = p.row.and_then(|row| Some((row, planner.renamed.get(&row)?)))?;
            let key = planner.roster.key_text(row);
            planner
                .is_mistyped(row, same.was)
                .then(|| format!("`{key}` looks like `{}` mistyped", p.key))
        };
        let slips: Vec<String> = renamed.iter().filter_map(slip).collect();
        if !slips.is_empty() {
            let it = if slips.len() == 1 { "it is" } else { "they are" };
            all.push(format!(
                "{}: if {it}, put that right in the list, and nothing of it is to be done by hand.",
                few(&slips)
            ));
        }
    }
    if !blocked.is_empty() {
        let who = many(narrow::count(blocked.len()));
        all.push(format!("The key of {who} would change: {lms} would make them anew."));
    }
    all.join(" ")
}

/// Whoever would be new and may be there already, with what says so.
pub(super) fn doubles<'o>(
    planner: &'o Planner,
    outcomes: &'o [PersonOutcome],
) -> impl Iterator<Item = String> + use<'o> {
    let new = outcomes.iter().map(|v| &v.planned.person).filter(|p| p.action == Action::Create);
    new.filter_map(move |person| {
        let row = person.row?;
        let same = planner.probable(row)?;
        let (name, known_by) = planner.before(same.was);
        let evidence = planner.checker.context().evidence(row, same.was);
        Some(format!("{} as {}, {evidence}", person.name, who(&name, &known_by)))
    })
}

/// The first few by name, and how many more.
pub(super) fn named<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.map(str::to_owned).collect();
    few(&names)
}

/// The first few, and how many more.
pub fn few(names: &[String]) -> String {
    const FEW: usize = 5;
    match names.len().saturating_sub(FEW) {
        0 => listed(names),
        more => format!("{} and {more} more", names[..FEW].join(", ")),
    }
}

fn message(
    id: &str,
    (planner, outcomes): (&Planner, &[PersonOutcome]),
    (actual, of): (u32, u32),
    limit: &str,
    held: bool,
) -> String {
    let lms = planner.lms();
    let who = many(actual);
    let part = share(actual, of);
    let mut text = match id {
        "delete" => format!("{who} would be deleted, {part}."),
        "deactivate" => format!("{who} would be deactivated, {part}."),
        "change" => format!("{who} would be changed, {part}."),
        "key" => keys_changed(planner, outcomes),
        "same" => {
            let all: Vec<String> = doubles(planner, outcomes).collect();
            let if_new = if actual == 1 { "this is somebody new" } else { "they are new" };
            format!("Perhaps {lms} has {who} already: {}. Go on only if {if_new}.", few(&all))
        }
        "membership" => format!("{who} would lose a group or role, {part}."),
        "password" if planner.overwritten_passwords(outcomes) > 0 => {
            format!(
                "The password of {who} may be replaced: blank cells overwrite, and the file has a column of passwords."
            )
        }
        "password" => format!("The password of {who} would be replaced."),
        "admin" => Admins::of(planner, outcomes).told(lms),
        "reused" => {
            let all: Vec<String> = put_over(planner, outcomes).collect();
            let (stands, they) = if actual == 1 {
                ("somebody else stands under a key", "this is the same person")
            } else {
                ("others stand under keys", "each is the same person")
            };
            format!(
                "In the file {stands} that {lms} has: {}. {lms} would give the one what it has of the other. Go on only if {they}.",
                few(&all)
            )
        }
        "new" => format!("All {actual} people would be new: {lms} is said to have nobody yet."),
        _ if actual == 1 => "A new field would be made for everybody.".to_owned(),
        _ => format!("{actual} new fields would be made for everybody."),
    };
    match limit {
        "nobody" => {}
        limit => text.push_str(&format!(" More than {limit} at once are asked about.")),
    }
    if held {
        text.push_str(&format!(" Type {actual} to go on."));
    }
    text
}

fn share(actual: u32, of: u32) -> String {
    let tenths = (u64::from(actual) * 1000 + u64::from(of) / 2) / u64::from(of.max(1));
    match tenths {
        0 => format!("less than 0.1 % of {of}"),
        t if t < 100 && t % 10 != 0 => format!("{}.{} % of {of}", t / 10, t % 10),
        t => format!("{} % of {of}", (t + 5) / 10),
    }
}

/// What the file is said to hold, and does not; or, where nobody said, that it is much shorter than the snapshot and
/// therefore probably not the whole list: who is missing is no leaver then.
fn scope(planner: &Planner, outcomes: &[PersonOutcome], people: u32) -> Option<Guard> {
    const MOST: u32 = 20;
    let lms = planner.lms();
    let guard = |actual: u32, limit: &str, held: bool, message: String| Guard {
        id: "scope".to_owned(),
        actual,
        of: people,
        limit: limit.to_owned(),
        held,
        message,
    };
    // Of somebody known who is told otherwise nothing may be sent, as where the LMS changes nobody: they are no new people.
    let is_known = |o: &&PersonOutcome| {
        let person = &o.planned.person;
        let stands_otherwise = person.action == Action::Ignored && person.row.is_some();
        person.action.changes() && person.action != Action::Create || stands_otherwise
    };
    let is_new = |o: &&PersonOutcome| o.planned.person.action == Action::Create;
    let (odd, what): (&dyn Fn(&&PersonOutcome) -> bool, &str) = match planner.choices.scope {
        Some(Scope::New) => (&is_known, "new people"),
        Some(Scope::Changes) => (&is_new, "changes"),
        Some(Scope::All) | None => {
            let policy = planner.roster.profile.policy(PolicyId::Scope)?;
            let absent = narrow::count(planner.pairing.absent().count());
            let short = absent > 5 && u64::from(absent) * 100 > u64::from(MOST) * u64::from(people);
            if planner.choices.scope_is_said || !short {
                return None;
            }
            // Where it is only a matter of what is told, it is asked and holds nothing up.
            let now = planner.roster.table.len();
            let all_new = outcomes.iter().filter(is_new).count() == now;
            let held = (!policy.of_every_list && !all_new) || planner.choices.takes_missing();
            let rows = if now == 1 { "1 row".to_owned() } else { format!("{now} rows") };
            let type_it = if held { format!(", or type {absent} to go on") } else { String::new() };
            let message = format!(
                "The file has {rows} and the snapshot {people} people, of whom it leaves out {absent}. Say whether it is the whole list{type_it}."
            );
            return Some(guard(absent, &format!("{MOST} %"), held, message));
        }
    };
    let all: Vec<&PersonOutcome> = outcomes.iter().filter(odd).collect();
    let actual = narrow::count(all.len());
    // Whom the LMS calls otherwise is named as both.
    let names = all.iter().map(|o| {
        let name = &o.planned.person.name;
        let had = o.planned.was.map(|was| planner.before(was));
        match had.filter(|(had, _)| !had.is_empty() && had != name) {
            Some((had, known_by)) => format!("{name} as {}", who(&had, &known_by)),
            None => name.clone(),
        }
    });
    let names = few(&names.collect::<Vec<_>>());
    let is = match (planner.choices.scope, actual) {
        (Some(Scope::New), 1) => format!("{lms} has this person already"),
        (Some(Scope::New), _) => format!("{lms} has these {actual} already"),
        (_, 1) => "this person is new".to_owned(),
        _ => format!("these {actual} are new"),
    };
    let message =
        format!("The file is said to hold only {what}, and {is}: {names}. Type {actual} to go on.");
    (actual > 0).then(|| guard(actual, "nobody", true, message))
}

/// What the profile softens, where it does not come with Muster; held until somebody has taken it over.
fn own_profile(planner: &Planner) -> Option<Guard> {
    let profile = &planner.roster.profile;
    let actual = narrow::count(profile.origin.softens.len());
    let held = !profile.origin.is_trusted();
    const FEW: usize = 5;
    let (first, more) = profile.origin.softens.split_at((actual as usize).min(FEW));
    let mut message = format!(
        "The profile {} does not come with Muster, and softens what is looked for. {}",
        profile.name,
        first.join(" ")
    );
    if !more.is_empty() {
        message.push_str(&format!(" And {} more.", more.len()));
    }
    if held {
        message.push_str(&format!(" Type {actual} to go on with it."));
    }
    (actual > 0).then(|| Guard {
        id: PROFILE.to_owned(),
        actual,
        of: actual,
        limit: "nothing".to_owned(),
        held,
        message,
    })
}

fn stale(planner: &Planner, days: u32, people: u32) -> Guard {
    let most = planner.roster.profile.snapshot_max_age_days;
    let held = days > most;
    let old = if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
    let mut message = format!("The snapshot is {old} old; {most} days are usual.");
    if held {
        message.push_str(&format!(
            " Take a fresh export of {}, or type {days} to go on.",
            planner.lms()
        ));
    }
    let limit = format!("{most} days");
    Guard { id: "stale".to_owned(), actual: days, of: people, limit, held, message }
}
