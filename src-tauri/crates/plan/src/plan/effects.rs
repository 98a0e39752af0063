//! What a push does beside changing people, and what each choice comes to.

use std::collections::{BTreeMap, BTreeSet};

use super::assignment::{lacking, landing, not_sent};
use super::cells::Kind;
use super::column_rules::{ColumnRule, MergeMode, Unreached, makes_fields};
use super::person::{PersonOutcome, Planner};
use super::{Action, CellPlan, Effects, Only, PlanCounts, SentColumn, Staying, who};
use muster_roster::diff::added_values;
use muster_roster::profile::{
    Existing, FieldKind, Invitations, KeyGiver, NewGroups, OnErrors, Policy, PolicyId,
};
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
fn seats_after(planner: &Planner, outcomes: &[PersonOutcome]) -> u32 {
    let seats: i64 = outcomes.iter().map(|v| i64::from(v.seats)).sum();
    u32::try_from(i64::from(planner.active()) + seats).unwrap_or(0)
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

/// Columns that the LMS would make into a new field for everybody.
fn fields_created(planner: &Planner) -> Vec<String> {
    if !makes_fields(&planner.roster.profile, planner.choices) {
        return Vec::new();
    }
    unknown_columns(planner)
}

fn unknown_columns(planner: &Planner) -> Vec<String> {
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

/// Values that are sent because somebody said that they are real: nobody in the LMS has them, so it may not know them.
fn to_see_to(planner: &Planner, outcomes: &[PersonOutcome]) -> Vec<String> {
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
    all.extend(to_see_to(planner, outcomes));
    all.extend(not_documented(planner, outcomes));
    all.extend(all_or_none(planner, outcomes, counts));
    let overwritten = planner.overwritten_passwords(outcomes);
    if overwritten > 0 {
        all.push(format!(
            "Blank cells overwrite, and the file has a column of passwords: what {lms} does with the passwords of {} is not documented.",
            people(overwritten as usize)
        ));
    }
    all.extend(old_addresses(planner, outcomes));
    all.extend(planner.told_of_staying(staying));
    all.extend(unnamed_missing(planner, outcomes, staying.len()));
    also_assigned(planner, outcomes, &mut all);
    also_new_groups(planner, outcomes, &mut all);
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

/// Where one mistake stops the whole import, and nobody has written whether somebody who exists already is one.
fn all_or_none(
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
fn old_addresses(planner: &Planner, outcomes: &[PersonOutcome]) -> Option<String> {
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

/// How many cells come to something that nobody has written down, by why.
fn not_documented(planner: &Planner, outcomes: &[PersonOutcome]) -> Vec<String> {
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

/// Groups that nobody has yet and no list names: the LMS may lack them.
fn also_new_groups(planner: &Planner, outcomes: &[PersonOutcome], all: &mut Vec<String>) {
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

fn one_or_many(count: u32, one: &str, many: &str) -> String {
    format!("{} {}", people(count as usize), if count == 1 { one } else { many })
}

/// Whether somebody keeps values that the roster no longer lists, because Add takes none away. Values that everybody has
/// are nobody's to list.
fn keeps(planner: &Planner, outcome: &PersonOutcome, of: impl Fn(usize) -> bool) -> bool {
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

/// What each choice of the profile comes to in this plan, as half a sentence.
pub(super) fn of_policies(
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
