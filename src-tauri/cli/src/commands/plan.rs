//! `muster plan`: what the LMS would do to each person.

use std::collections::BTreeSet;

use clap::Args;
use muster_engine::checker::Checker;
use muster_engine::error::Result;
use muster_engine::plan::{
    Action, CellPlan, ChangedThere, ColumnTotal, Effects, Only, PersonPlan, Plan, PlanCounts,
    Protected,
};
use muster_engine::profile::connector::Connector;
use muster_engine::push::Target;
use muster_engine::worksheet::{self, PlanFor};

use crate::arguments::{Against, Roster, Shared};
use crate::exit::Exit;
use crate::of_account::{must_know, protected_of};
use crate::opening::open_for;
use crate::page::{Page, quoted};
use crate::reaching::{self, target_named};

/// Says what the LMS would do to each person
#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    roster: Roster,

    /// What the LMS has: an earlier export, or `none` where all of these are new
    #[arg(long, value_name = "SNAPSHOT", value_parser = Against::read, required_unless_present = "account")]
    against: Option<Against>,

    /// Plan for a push to this connection, not for an upload: a saved one, or an address
    #[arg(long = "to", value_name = "CONNECTION")]
    to: Option<String>,

    #[command(flatten)]
    shared: Shared,
}

pub fn run(options: Options, page: &mut Page) -> Result<Exit> {
    must_know(&options.shared, options.against.as_ref())?;
    let to = options.to.as_deref();
    let target = to.map(|to| target_named(&reaching::store()?, to)).transpose()?;
    let connector = target.as_ref().map(Target::connector).transpose()?;
    let opened =
        open_for(&options.shared, &options.roster.file, options.against.as_ref(), connector)?;
    let (checker, about) = opened.completed()?.check()?;
    let protected = protected_of(about.account.as_ref(), target.as_ref())?;
    let kept = (protected, about.changed_there(&checker)?);
    let mut plan = make(&checker, Only::Changed, about.snapshot_age, connector, kept);
    about.completed.tell(&mut plan);
    if page.is_json() {
        let table = &checker.context().roster.table;
        page.json(&plan.report(&crate::clock::stamp(), |row| table.index_of(row)));
    } else {
        let sync_field = about.sync_field(&checker.context().choices);
        super::check::print_columns(&about, sync_field, page);
        print(&plan, page);
    }
    let something = !plan.is_empty() || plan.counts.blocked > 0 || !plan.by_hand.is_empty();
    // That a snapshot is old is nothing to do about anybody.
    let is_held = plan.guards.iter().any(|guard| guard.held && guard.id != "stale");
    Ok(Exit::found(something || is_held || !plan.blockers.is_empty()))
}

/// The plan of a list that was read for a connector; without one, for the upload kit.
pub fn make(
    checker: &Checker,
    only: Only,
    snapshot_age: Option<u32>,
    connector: Option<&'static Connector>,
    (protected, there): (Protected, ChangedThere),
) -> Plan {
    let choices = checker.context().choices.clone();
    worksheet::plan(checker, PlanFor { connector, choices, only, snapshot_age, protected, there })
}

/// The plan of a list for an upload of some of its people.
pub fn make_part(
    checker: &Checker,
    only: Only,
    snapshot_age: Option<u32>,
    (protected, there): (Protected, ChangedThere),
    rows: impl FnOnce(&Plan) -> BTreeSet<u32>,
) -> Plan {
    let choices = checker.context().choices.clone();
    let asked = PlanFor { connector: None, choices, only, snapshot_age, protected, there };
    worksheet::plan_of_part(checker, asked, rows)
}

/// The plan for people: removals first.
pub fn print(plan: &Plan, page: &mut Page) {
    let chosen: Vec<String> =
        plan.choices.written().iter().map(|(id, to)| format!("{id}={to}")).collect();
    let chosen = if chosen.is_empty() { String::new() } else { format!("; {}", chosen.join(", ")) };
    page.line(format!("{}, {}{chosen}", plan.profile.told(), plan.connector.title));
    for sentence in plan.profile.origin.softens.iter() {
        page.line(format!("  {sentence}"));
    }
    page.line(plan.worked_out(&crate::clock::stamp()));
    page.line(in_words(&plan.counts));
    let listed = plan.people.iter().map(|planned| &planned.person);
    let mut listed = listed.filter(|person| person.action != Action::Same).peekable();
    if listed.peek().is_some() {
        page.line("");
    }
    for person in listed {
        page.line(headline(person));
        for cell in &person.cells {
            page.line(format!("    {}", cell_line(cell)));
        }
    }
    let totals = plan.column_totals();
    heading("By column", totals.is_empty(), page);
    for ColumnTotal { column, people, emptied } in totals {
        let emptied = if emptied == 0 { String::new() } else { format!(", {emptied} emptied") };
        page.line(format!("  {column}: {}{emptied}", crate::page::people(people as usize)));
    }
    heading("By hand", plan.by_hand.is_empty(), page);
    for by_hand in &plan.by_hand {
        page.line(format!(
            "  {}, {}: {} → {} ({})",
            by_hand.who(),
            by_hand.column,
            quoted(&by_hand.before),
            quoted(&by_hand.value),
            by_hand.r#where
        ));
    }
    let effects = effects(&plan.effects);
    heading("Besides", effects.is_empty(), page);
    for effect in effects {
        page.line(format!("  {effect}"));
    }
    heading("Holds", !plan.guards.iter().any(|guard| guard.held), page);
    for guard in plan.guards.iter().filter(|guard| guard.held) {
        page.line(format!("  {} (--release {}={})", guard.message, guard.id, guard.actual));
    }
    heading("In the way", plan.blockers.is_empty(), page);
    for blocker in &plan.blockers {
        page.line(format!("  {blocker}"));
    }
}

fn heading(words: &str, empty: bool, page: &mut Page) {
    if !empty {
        page.line("");
        page.line(words);
    }
}

fn in_words(counts: &PlanCounts) -> String {
    let always = [("+", counts.create, "create"), ("~", counts.update, "update")];
    let sometimes = [
        ("−", counts.deactivate, "deactivate"),
        ("−", counts.delete, "delete"),
        ("+", counts.reactivate, "reactivate"),
        ("!", counts.blocked, "blocked"),
        ("·", counts.ignored, "left alone"),
    ];
    let there = sometimes.into_iter().filter(|(_, count, _)| *count > 0);
    let parts: Vec<String> = always
        .into_iter()
        .chain(there)
        .map(|(sign, count, word)| format!("{sign} {count} {word}"))
        .collect();
    format!("{}, {} the same", parts.join(", "), counts.same)
}

/// `~ update Ana Silva (ana@example.com), line 12: …`.
fn headline(person: &PersonPlan) -> String {
    let (sign, word) = match person.action {
        Action::Delete => ("−", "delete"),
        Action::Deactivate => ("−", "deactivate"),
        Action::Blocked => ("!", "blocked"),
        Action::Reactivate => ("+", "reactivate"),
        Action::Update => ("~", "update"),
        Action::Create => ("+", "create"),
        Action::Ignored => ("·", "left alone"),
        Action::Same => (" ", "same"),
    };
    let key = if person.key == person.name || person.key.is_empty() {
        String::new()
    } else {
        format!(" ({})", person.key)
    };
    let line = person.line.map_or(String::new(), |line| format!(", line {line}"));
    let why = if person.why.is_empty() { String::new() } else { format!(": {}", person.why) };
    format!("{sign} {word} {}{key}{line}{why}", person.name)
}

fn cell_line(cell: &CellPlan) -> String {
    let (before, after, result) = (quoted(&cell.before), quoted(&cell.after), quoted(&cell.result));
    let mut line = format!("{}: {before} → {result}", cell.title);
    if cell.result != cell.after {
        line.push_str(&format!("; the file says {after}"));
    }
    if let Some(why) = &cell.why {
        line.push_str(&format!("; {why}"));
    }
    line
}

fn effects(effects: &Effects) -> Vec<String> {
    let mut all = Vec::new();
    let many = |count: u32, one: &str, many: &str| {
        format!("{count} {}", if count == 1 { one } else { many })
    };
    if effects.invitations > 0 {
        all.push(format!(
            "{} would be sent",
            many(effects.invitations, "invitation", "invitations")
        ));
    }
    if effects.password_resets > 0 {
        all.push(format!(
            "{} would be replaced",
            many(effects.password_resets, "password", "passwords")
        ));
    }
    if !effects.fields_created.is_empty() {
        all.push(format!("New fields for everybody: {}", effects.fields_created.join(", ")));
    }
    all.extend(effects.also.iter().cloned());
    all
}
