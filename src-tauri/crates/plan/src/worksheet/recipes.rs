//! What a step of a recipe comes to on this list, and where the list is not as the one that the recipe was made of.

use super::opening::both_are;
use super::{Arrange, Change, FixScope, arrange, column_named, fix, map_values};
use muster_roster::profile::{Field, FieldKind, Profile, Use, Uses, header_form};
use muster_roster::roster::{Column, Roster};
use muster_roster::value_map::ValueMap;
use muster_rules::checker::Checker;
use muster_rules::recipe::{Recipe, Step, use_of};
use muster_rules::rules::rule_index;
use muster_table::error::Result;
use muster_table::narrow;
use muster_table::words::people;

/// What a step comes to.
#[derive(Debug, Default)]
pub struct Followed {
    /// What is to be made; none if the step cannot be, or has nothing to do.
    pub change: Option<Change>,
    /// Where the list is not as it was, each a sentence.
    pub drift: Vec<String>,
    /// Why the step cannot be made at all: it names what is not there, or is locked. It is among the drift.
    pub misfit: Option<String>,
}

impl Followed {
    pub(super) fn drifted(why: String) -> Followed {
        Followed { change: None, drift: vec![why], misfit: None }
    }

    pub(super) fn misfit(why: String) -> Followed {
        Followed { change: None, drift: vec![why.clone()], misfit: Some(why) }
    }

    pub(super) fn fixed(change: Change) -> Followed {
        if change.edits.is_empty() {
            let why = "there is nothing here that can be fixed by itself";
            return Followed::drifted(why.into());
        }
        Followed::done(change)
    }

    fn done(change: Change) -> Followed {
        Followed { change: Some(change), ..Followed::default() }
    }

    fn of(change: Result<Change>) -> Followed {
        match change {
            Ok(change) => Followed::done(change),
            Err(failure) => Followed::misfit(failure.what),
        }
    }
}

/// What columns are read as, once a recipe has been heeded.
#[derive(Debug, Default)]
pub struct ColumnsRead {
    /// What was chosen before, and what the recipe chooses.
    pub uses: Uses,
    /// Each step about a column, with why it cannot be read so, if it cannot.
    pub steps: Vec<(Step, Option<String>)>,
    /// That the recipe was made for another LMS, and whether that is one that Muster knows.
    pub made_for: Option<(String, bool)>,
    /// What of these does not fit this list at all, or is locked, each a sentence.
    pub misfits: Vec<String>,
}

/// That a recipe was made for another LMS than the list is of, and whether it is one that Muster knows at all: what a recipe
/// of nobody knows what says is followed by nobody.
pub fn made_for_another(recipe: &Recipe, profile: &Profile) -> Option<(String, bool)> {
    let id = recipe.profile.trim();
    let own = [Some(profile.id.as_str()), profile.based_on.as_deref()];
    if id.is_empty() || own.contains(&Some(id)) {
        return None;
    }
    let made_for = Profile::built_in(id);
    let called = made_for.as_ref().map_or_else(|| format!("`{id}`"), |p| p.name.clone());
    // A list of no LMS may become one of an LMS, and a profile of one's own may be based on that of the recipe.
    let is_known = made_for.is_some();
    let why = match is_known {
        true => format!("it was made for {called}, and this list is read as {}", profile.name),
        false => format!(
            "it was made for the profile {called}, which is not the one of this list: {}",
            profile.name
        ),
    };
    Some((why, is_known))
}

/// What a recipe reads columns as, beside what was chosen before: that comes before other steps, as findings depend on it.
/// Who is who is decided by a recipe only where that was unlocked, or where the list itself leaves it open.
pub fn columns_read(
    recipe: &Recipe,
    names: &[String],
    profile: &Profile,
    before: &Uses,
    key_unlocked: bool,
) -> ColumnsRead {
    let mut read = ColumnsRead { uses: before.clone(), ..ColumnsRead::default() };
    read.made_for = made_for_another(recipe, profile);
    if let Some((why, false)) = &read.made_for {
        read.misfits.push(why.clone());
    }
    for step in &recipe.steps {
        let Step::UseColumn { column, used } = step else { continue };
        let locked = || (!key_unlocked).then(|| takes_key(column, used, names, profile)).flatten();
        let needed =
            || (used == "leave" && !key_unlocked).then(|| needs(column, profile)).flatten();
        let why = match not_read(column, used, names, profile).or_else(locked).or_else(needed) {
            None => {
                let mut uses = read.uses.clone();
                uses.insert(header_form(column), use_of(used));
                let twice = profile.field(used).and_then(|field| both_are(names, field, &uses));
                if twice.is_none() {
                    read.uses = uses;
                }
                twice
            }
            why => why,
        };
        read.misfits.extend(why.clone());
        read.steps.push((step.clone(), why));
    }
    read
}

/// That a step would say otherwise who is who than the list's own columns do.
fn takes_key(column: &str, used: &str, names: &[String], profile: &Profile) -> Option<String> {
    let key = profile.field(&profile.key.field)?;
    let form = header_form(column);
    let is_key = |name: &&String| key.is_headed(&header_form(name));
    let (is_it, becomes_it) = (key.is_headed(&form), used == key.id);
    let there = names.iter().find(is_key)?;
    (is_it != becomes_it).then(|| format!("`{there}` is locked: it says who each person is"))
}

/// That an LMS needs a column, which is no matter of a recipe then.
fn needs(column: &str, profile: &Profile) -> Option<String> {
    let form = header_form(column);
    let is_it = |field: &&Field| field.is_headed(&form);
    let field = profile.fields.iter().find(is_it)?;
    (field.column_required || field.value_required)
        .then(|| format!("`{column}` is locked: {} needs it of everybody", profile.called()))
}

/// Why a column cannot be read as a recipe says, whatever the others are.
fn not_read(column: &str, used: &str, names: &[String], profile: &Profile) -> Option<String> {
    let form = header_form(column);
    if !names.iter().any(|name| header_form(name) == form) {
        return Some(missing(column));
    }
    let known = !matches!(use_of(used), Use::Field { .. }) || profile.field(used).is_some();
    if !known {
        return Some(format!("{} has no field `{used}`", profile.name));
    }
    profile
        .would_show(&form, &use_of(used))
        .then(|| format!("`{column}` is called as passwords are, and would be shown"))
}

/// The fixes that a step of a recipe means here; for another step none. Fails with the reason where this list has none such.
pub(super) fn fixes_of(step: &Step, roster: &Roster) -> Option<Result<(u8, FixScope), String>> {
    let Step::Fix { rule, column, value, safe_only } = step else { return None };
    let at = column.as_ref().map(|name| (name, column_named(roster, name)));
    if let Some((name, None)) = at {
        return Some(Err(missing(name)));
    }
    let Some(known) = rule_index(rule) else {
        return Some(Err(format!("there is no rule `{rule}`")));
    };
    let scope = FixScope {
        rule: rule.clone(),
        value: value.clone(),
        row: None,
        column: at.and_then(|(_, column)| column).map(|column| narrow::place(column.at)),
        safe_only: *safe_only,
        day_first: None,
    };
    Some(Ok((known, scope)))
}

/// What a step comes to here, which is not made. Whatever fails leaves the checker in doubt.
pub fn follow(checker: &mut Checker, step: &Step, key_unlocked: bool) -> Result<Followed> {
    match fixes_of(step, &checker.context().roster) {
        None => Ok(follow_other(&checker.context().roster, step, key_unlocked)),
        Some(Err(why)) => Ok(Followed::misfit(why)),
        Some(Ok((rule, scope))) => Ok(Followed::fixed(fix(checker, rule, &scope)?.change)),
    }
}

/// The same for a step that is no fix.
pub(super) fn follow_other(roster: &Roster, step: &Step, key_unlocked: bool) -> Followed {
    let place = |name: &str| column_named(roster, name).map(|column| narrow::place(column.at));
    match step {
        // See `columns_read` and `fixes_of`.
        Step::UseColumn { .. } | Step::Fix { .. } => Followed::default(),
        Step::ReplaceValues { column, values } => match column_named(roster, column) {
            None => Followed::misfit(missing(column)),
            Some(column) => {
                if let Some(why) = not_for_everybody(roster, column, key_unlocked) {
                    return Followed::misfit(why);
                }
                let (there, drift) = values_there(roster, column, values);
                if there.is_empty() {
                    return Followed { change: None, drift, misfit: None };
                }
                let raised = raised(roster, column, &there);
                let mut followed = Followed::of(map_values(roster, column, there, key_unlocked));
                followed.drift.splice(..0, drift.into_iter().chain(raised));
                followed
            }
        },
        Step::AddColumn { column, at } => {
            let asked = Arrange::Add { at: at.saturating_sub(1), name: column.clone() };
            // What is there already is no harm.
            arrange(roster, &asked).map_or_else(|e| Followed::drifted(e.what), Followed::done)
        }
        Step::MoveColumn { column: name, to } => match place(name) {
            None => Followed::misfit(missing(name)),
            Some(column) => {
                let last = narrow::place(roster.table.width().saturating_sub(1));
                let to = to.saturating_sub(1).min(last);
                Followed::of(arrange(roster, &Arrange::Move { column, to }))
            }
        },
        Step::DropColumn { column: name } => match place(name) {
            None => Followed::misfit(missing(name)),
            Some(column) => match needs(name, &roster.profile).filter(|_| !key_unlocked) {
                Some(why) => Followed::misfit(why),
                None => Followed::of(arrange(roster, &Arrange::Drop { column })),
            },
        },
    }
}

/// Who is made an administrator by values that a recipe puts in, a sentence for each.
fn raised(roster: &Roster, column: &Column, values: &ValueMap) -> Vec<String> {
    let Some(field) = roster.field(column.at).filter(|field| !field.admin.is_empty()) else {
        return Vec::new();
    };
    let is_admin = |text: &str| {
        let same = |value: &str| field.admin.iter().any(|admin| admin.eq_ignore_ascii_case(value));
        column.values(text).any(same)
    };
    let lms = roster.profile.called();
    let rises = |(from, to): &(&String, &String)| is_admin(to) && !is_admin(from);
    let who = |(from, to): (&String, &String)| {
        let has = |row: &u32| column.values(&roster.table.cell(*row, column.at)).any(|v| v == from);
        let people = people(roster.table.rows().filter(has).count());
        format!("`{to}` in `{}` makes administrators of {lms}: {people} with `{from}`", column.name)
    };
    values.iter().filter(rises).map(who).collect()
}

/// What can only be said once a step has been made: values that neither it nor the list knows, at most a few of them.
pub fn only_after(checker: &Checker, step: &Step) -> Vec<String> {
    const FEW: usize = 5;
    let Step::ReplaceValues { column, .. } = step else { return Vec::new() };
    let context = checker.context();
    let Some(column) = column_named(&context.roster, column) else { return Vec::new() };
    let Some(list) = column.list.as_ref().and_then(|kind| context.lists.get(kind)) else {
        return Vec::new();
    };
    let values = context.stats[column.at].values();
    let mut new: Vec<&str> = values.filter(|(v, n)| *n > 0 && !list.has(v)).map(|v| v.0).collect();
    new.sort_unstable();
    new.truncate(FEW);
    new.iter()
        .map(|value| format!("`{value}` is not on the list, and no step is about it"))
        .collect()
}

/// Why values of a column are no matter of a recipe: each belongs to one person, or nobody may see them.
fn not_for_everybody(roster: &Roster, column: &Column, key_unlocked: bool) -> Option<String> {
    let name = &column.name;
    if column.is_secret() {
        return Some(format!("`{name}` holds passwords, and nobody is given another's"));
    }
    let own_address = |field: &Field| field.kind == FieldKind::Email && field.refers_to.is_none();
    let is_of_one = column.unique.is_some()
        || column.identifies
        || roster.field(column.at).is_some_and(own_address);
    (is_of_one && !key_unlocked)
        .then(|| format!("`{name}` is locked: each of its values is one person's own"))
}

fn missing(column: &str) -> String {
    format!("there is no column `{column}`")
}

/// Which of the values the column has, and a sentence about each of the others.
fn values_there(roster: &Roster, column: &Column, values: &ValueMap) -> (ValueMap, Vec<String>) {
    let table = &roster.table;
    let mut there = ValueMap::new();
    for row in table.rows() {
        for value in column.values(&table.cell(row, column.at)) {
            if let Some(to) = values.get(value.trim()) {
                there.insert(value.trim().to_owned(), to.clone());
            }
        }
        if there.len() == values.len() {
            break;
        }
    }
    let gone = values.keys().filter(|value| !there.contains_key(*value));
    let drift =
        gone.map(|value| format!("`{value}` no longer occurs in `{}`", column.name)).collect();
    (there, drift)
}
