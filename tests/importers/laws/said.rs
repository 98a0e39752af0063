//! What a plan says of somebody is what the import does, and a proof sees what is otherwise.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Kind, Told, holds};
use crate::roll::{Did, Import, Lms, Person, Roll};

/// What stands in a plan where nobody has written what an import does.
const NOT_DOCUMENTED: &str = "not documented";
const MASK: &str = "•••";

pub fn same<K: Kind>(column: &str, one: &str, other: &str) -> bool {
    if !K::SEVERAL.contains(&column) {
        return one == other;
    }
    let set = |cell: &'_ str| {
        cell.split("; ").map(str::to_owned).filter(|v| !v.is_empty()).collect::<BTreeSet<_>>()
    };
    set(one) == set(other)
}

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().unwrap_or_default()
}

/// What the plan says of somebody; none where nothing is said.
pub fn entry<'v>(plan: &'v Value, key: &str) -> Option<&'v Value> {
    plan["people"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|p| p["action"] != "create" && text(p, "key").eq_ignore_ascii_case(key))
}

fn cell<'v>(entry: &'v Value, column: &str) -> Option<&'v str> {
    let cells = entry["cells"].as_array().into_iter().flatten();
    cells.filter(|c| c["column"] == column).find_map(|c| c["result"].as_str())
}

pub fn is_open(entry: Option<&Value>, column: &str) -> bool {
    entry.and_then(|e| cell(e, column)) == Some(NOT_DOCUMENTED)
}

/// The number of a hold; 0 where nothing is held so.
fn held(plan: &Value, guard: &str) -> usize {
    let mut guards = plan["guards"].as_array().into_iter().flatten();
    let found = guards.find(|g| g["id"] == guard && g["held"] == true);
    found.and_then(|g| g["actual"].as_u64()).and_then(|n| n.try_into().ok()).unwrap_or_default()
}

/// Whether nobody has written what becomes of this person at all.
fn all_is_open(entry: &Value) -> bool {
    let mut cells = entry["cells"].as_array().into_iter().flatten();
    cells.all(|c| c["result"] == NOT_DOCUMENTED)
}

/// Whether nobody has written what becomes of anybody in the file.
pub fn all_are_open(plan: &Value) -> bool {
    let mut people = plan["people"].as_array().into_iter().flatten();
    people.all(|p| p["action"] == "ignored" || p["action"] == "update" && all_is_open(p))
}

/// Everybody is counted once, and is what the plan says of them.
pub fn is_done<K: Kind>(
    told: &Told<K>,
    before: &Roll,
    after: &Roll,
    import: &Import,
    unsaid: &str,
) {
    let plan = &told.plan;
    let key = before.at(K::key(&plan["policies"]));
    let mut resets = 0;
    for person in &before.people {
        let entry = entry(plan, &person.cells[key]);
        let now = after.people.iter().find(|p| p.id == person.id);
        let Some(now) = now else {
            let may = entry.is_some_and(|e| e["action"] == "deactivate" || e["action"] == "delete");
            holds!(told, may, "`{}` is gone, with {unsaid}: {entry:?}", person.cells[key]);
            continue;
        };
        resets += now.passwords - person.passwords;
        known(told, before, (person, now), entry, unsaid);
    }
    let created: Vec<&Person> =
        after.people.iter().filter(|p| !before.people.iter().any(|b| b.id == p.id)).collect();
    let planned: Vec<&Value> = plan["people"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|p| p["action"] == "create")
        .collect();
    holds!(
        told,
        created.len() == planned.len(),
        "{} are new, not {}, with {unsaid}",
        created.len(),
        planned.len()
    );
    for entry in &planned {
        newcomer(told, after, &created, entry, unsaid);
    }
    for row in import.rows.iter().filter(|row| row.did == Did::Refused) {
        let of = before.people.iter().find(|p| Some(p.id) == row.id);
        let open = of.and_then(|p| entry(plan, &p.cells[key])).is_some_and(all_is_open);
        holds!(told, open, "refused, with {unsaid}: {row:?}");
    }
    let effects = &plan["effects"];
    holds!(
        told,
        effects["invitations"] == import.mails.len(),
        "mails: {:?}, not {effects}",
        import.mails
    );
    holds!(
        told,
        effects["password_resets"] == resets || held(plan, "password") == resets,
        "{resets} passwords, not {effects}, with {unsaid}"
    );
}

fn known<K: Kind>(
    told: &Told<K>,
    before: &Roll,
    (was, now): (&Person, &Person),
    entry: Option<&Value>,
    unsaid: &str,
) {
    let acts = entry.is_some_and(|e| !["ignored", "blocked"].contains(&text(e, "action")));
    for (at, column) in
        before.header.iter().enumerate().filter(|(_, c)| !K::HIDDEN.contains(&c.as_str()))
    {
        let result = entry.filter(|_| acts).and_then(|e| cell(e, column));
        if result == Some(NOT_DOCUMENTED) {
            continue;
        }
        let expected = match text(entry.unwrap_or(&Value::Null), "action") {
            // Nobody's row says so: the page was told.
            "deactivate"
                if result.is_none() && K::STATUS.is_some_and(|(status, _)| status == column) =>
            {
                K::STATUS.map_or("", |(_, inactive)| inactive)
            }
            _ => result.unwrap_or(&was.cells[at]),
        };
        let is = &now.cells[at];
        holds!(
            told,
            same::<K>(column, expected, is),
            "`{column}` of {:?} is `{is}` and should be `{expected}`, with {unsaid}: {entry:?}",
            was.cells
        );
    }
    let sets = entry.is_some_and(|e| acts && K::HIDDEN.iter().any(|c| cell(e, c) == Some(MASK)));
    let new = now.passwords - was.passwords;
    let may = held(&told.plan, "password") > 0;
    holds!(
        told,
        new == usize::from(sets) || may && new == 1,
        "password of {:?}, with {unsaid}: {entry:?}",
        was.cells
    );
}

fn newcomer<K: Kind>(
    told: &Told<K>,
    after: &Roll,
    created: &[&Person],
    entry: &Value,
    unsaid: &str,
) {
    let line = usize::try_from(entry["line"].as_u64().unwrap_or_default()).unwrap_or_default();
    let Some(row) = told.now.rows.get(line.wrapping_sub(2)) else {
        told.fails(&format!("no line: {entry}"))
    };
    let by = K::told_by(&told.now, row);
    let by_column = after.at(K::TOLD_BY);
    let Some(person) = created.iter().find(|p| p.cells[by_column] == by) else {
        told.fails(&format!("`{by}` is not there, with {unsaid}"))
    };
    for (at, column) in after.header.iter().enumerate() {
        if [K::ITS_OWN, K::HIDDEN, K::OPEN_OF_NEW].concat().contains(&column.as_str()) {
            continue;
        }
        let of_new = K::OF_NEW.iter().find(|(c, _)| c == column).map_or("", |(_, value)| value);
        let expected = cell(entry, column).unwrap_or(of_new);
        let is = &person.cells[at];
        let holds = expected == NOT_DOCUMENTED || same::<K>(column, expected, is);
        holds!(
            told,
            holds,
            "`{column}` of the new {:?} is `{is}`, not `{expected}`, with {unsaid}: {entry}",
            person.cells
        );
    }
}

/// A proof of an export that is otherwise in one thing names it.
fn is_named<K: Kind>(told: &Told<K>, lms: &mut K::Lms, at: usize, what: &str) {
    let said = told.prove(&lms.export(), 1);
    let key = K::key(&told.plan["policies"]);
    let roll = K::roll(lms);
    let by = [K::known_by(roll, at), roll.people[at].cells[roll.at(key)].clone()];
    // Where case does not count, somebody goes by their key as the file has it.
    let (by, all) = (by.map(|who| who.to_lowercase()), said.to_lowercase());
    let named = by.iter().any(|who| !who.is_empty() && all.contains(who.as_str()));
    holds!(told, named, "nobody names {by:?}: {what}\n{said}");
}

/// What was promised of new people is held against the export cell by cell: typed, filled or blank, all but what only the
/// LMS gives.
pub fn a_changed_cell_of_a_newcomer_is_named<K: Kind>(
    told: &mut Told<K>,
    before: &Roll,
    lms: &K::Lms,
    unsaid: &str,
) {
    let mut lms = lms.clone();
    let roll = K::roll(&mut lms).clone();
    let is_new = |at: &usize| !before.people.iter().any(|b| b.id == roll.people[*at].id);
    let new: Vec<usize> = (0..roll.people.len()).filter(is_new).collect();
    if new.is_empty() {
        return;
    }
    let is_seen = |header: &&String| !K::HIDDEN.contains(&header.as_str());
    let is_seen = |header: &&String| is_seen(header) && !K::ITS_OWN.contains(&header.as_str());
    let columns: Vec<&String> = roll.header.iter().filter(is_seen).collect();
    for _ in 0..3 {
        let (at, header) = (*told.chance.pick(&new), (*told.chance.pick(&columns)).clone());
        let mut lms = lms.clone();
        let cell = &mut K::roll(&mut lms).people[at].cells[roll.at(&header)];
        *cell = if cell.is_empty() { "Zz".to_owned() } else { format!("{cell}z") };
        is_named(told, &mut lms, at, &format!("`{header}` of somebody new, with {unsaid}"));
    }
}

/// What nobody has written down may come out in one way or another, and in no third.
pub fn a_third_value_is_named<K: Kind>(told: &mut Told<K>, lms: &K::Lms, unsaid: &str) {
    let mut lms = lms.clone();
    let key = K::key(&told.plan["policies"]);
    let roll = K::roll(&mut lms);
    let open: Vec<(usize, usize)> = roll
        .people
        .iter()
        .enumerate()
        .flat_map(|(at, person)| {
            let entry = entry(&told.plan, &person.cells[roll.at(key)]);
            let is_open = |(_, header): &(usize, &String)| is_open(entry, header);
            let columns: Vec<usize> =
                roll.header.iter().enumerate().filter(is_open).map(|(column, _)| column).collect();
            columns.into_iter().map(move |column| (at, column))
        })
        .collect();
    if open.is_empty() {
        return;
    }
    let (at, column) = *told.chance.pick(&open);
    let header = roll.header[column].clone();
    roll.people[at].cells[column] = "Zz 3".to_owned();
    is_named(told, &mut lms, at, &format!("`{header}` is not documented, with {unsaid}"));
}

/// What is planned in a column that an export lacks is never as planned.
pub fn a_lacking_column_is_not_as_planned<K: Kind>(told: &mut Told<K>, lms: &K::Lms) {
    let mut lms = lms.clone();
    // Without what every export of it has, nobody could say which LMS it is of.
    let stays = K::COLUMNS.iter().filter(|c| !c.goes).map(|c| c.header);
    let kept: Vec<&str> = [K::HIDDEN, K::ITS_OWN].concat().into_iter().chain(stays).collect();
    let changed = |p: &&Value| p["action"] == "update" || p["action"] == "reactivate";
    let people = told.plan["people"].as_array().into_iter().flatten().filter(changed);
    let cells = people.flat_map(|p| p["cells"].as_array().into_iter().flatten());
    let by_file = cells.filter(|c| c["result"] != c["before"]);
    let columns: BTreeSet<String> = by_file.map(|c| text(c, "column").to_owned()).collect();
    let roll = K::roll(&mut lms);
    let may = |column: &&String| !kept.contains(&column.as_str()) && roll.header.contains(column);
    let columns: Vec<&String> = columns.iter().filter(may).collect();
    if columns.is_empty() {
        return;
    }
    let column = (*told.chance.pick(&columns)).clone();
    let at = roll.at(&column);
    roll.header.remove(at);
    for person in &mut roll.people {
        person.cells.remove(at);
    }
    let said = told.prove(&lms.export(), 1);
    let unseen = said.lines().next().is_some_and(|line| line.ends_with(" cannot be seen"));
    holds!(told, unseen, "`{column}` cannot be seen\n{said}");
}

/// Somebody who stands in an export once more is told, whether the plan was about them or not.
pub fn a_doubled_row_is_named<K: Kind>(told: &mut Told<K>, lms: &K::Lms, unsaid: &str) {
    let mut lms = lms.clone();
    let roll = K::roll(&mut lms);
    let at = told.chance.below(roll.people.len());
    let twice = roll.people[at].clone();
    roll.people.push(twice);
    is_named(told, &mut lms, at, &format!("their row stands there twice, with {unsaid}"));
}

/// One cell of a fresh export that is otherwise is told, with whose it is.
pub fn a_changed_cell_is_named<K: Kind>(told: &mut Told<K>, lms: &K::Lms, unsaid: &str) {
    let mut lms = lms.clone();
    let key = K::key(&told.plan["policies"]);
    let roll = K::roll(&mut lms);
    for _ in 0..20 {
        let (at, column) =
            (told.chance.below(roll.people.len()), told.chance.below(roll.header.len()));
        let header = roll.header[column].clone();
        let who = roll.people[at].cells[roll.at(key)].clone();
        let own = K::HIDDEN.contains(&header.as_str()) || K::ITS_OWN.contains(&header.as_str());
        let newcomer = !told.had.rows.iter().any(|row| row.contains(&who));
        let open = newcomer && K::OPEN_OF_NEW.contains(&header.as_str());
        if own || open || is_open(entry(&told.plan, &who), &header) {
            continue;
        }
        let cell = &mut roll.people[at].cells[column];
        *cell = if cell.is_empty() { "Zz".to_owned() } else { format!("{cell}z") };
        let file = lms.export();
        let said = told.prove(&file, 1);
        let by = [K::known_by(K::roll(&mut lms), at), who];
        let named = by.iter().any(|who| said.contains(who.as_str()));
        holds!(
            told,
            named,
            "nobody names {by:?} whose `{header}` was changed, with {unsaid}\n{said}"
        );
        return;
    }
}
