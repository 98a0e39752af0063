//! `muster profiles`: which LMSs are known, and what is known of one.

use std::path::Path;

use clap::Args;
use muster_engine::error::{Failure, Result};
use muster_engine::guide;
use muster_engine::profile::{CrossCheck, Field, KeyGiver, Policy, Profile, StatementText, schema};
use muster_engine::profiles::Chosen;
use muster_engine::profiles::ProfileCard;
use muster_engine::store::{self, own_profiles};
use serde::Serialize;

use crate::exit::Exit;
use crate::opening::{profile_named, profiles};
use crate::page::Page;
use muster_engine::rules::names;

/// Lists the LMSs that Muster knows, or tells all about one
#[derive(Debug, Args)]
pub struct Options {
    /// The profile to tell about, such as edapp, or a profile file
    #[arg(value_name = "ID|FILE.toml")]
    id: Option<String>,

    /// Prints the JSON Schema of profile files instead, for editors that complete and check them
    #[arg(long, conflicts_with = "id")]
    schema: bool,

    /// Prints a page instead, as Markdown: a day with this LMS, from its export to the proof
    #[arg(long, requires = "id", conflicts_with = "schema")]
    guide: bool,

    /// Says that what this profile softens was read and is meant: kit and push ask no more, until its file is changed
    #[arg(long, requires = "id", conflicts_with_all = ["schema", "guide"])]
    trust: bool,
}

pub fn run(options: Options, page: &mut Page) -> Result<Exit> {
    if options.schema {
        page.json(&schema::schema(&names()));
        return Ok(Exit::Fine);
    }
    match options.id {
        Some(named) if options.guide => {
            page.line(guide::page(&profile_named(&named, &[])?.profile).trim_end());
        }
        Some(named) => {
            let mut chosen = profile_named(&named, &[])?;
            if options.trust {
                chosen = taken_over(&named, &chosen)?;
            }
            print_profile(&chosen, page);
        }
        None => {
            let profiles = profiles()?;
            let cards = profiles.cards();
            if page.is_json() {
                page.json(&All {
                    profiles: cards.iter().map(Card::of).collect(),
                    broken: &profiles.broken,
                });
                return Ok(Exit::Fine);
            }
            let row = |card: &ProfileCard| {
                let provisional = if card.provisional.is_some() { " (provisional)" } else { "" };
                let own = if card.own { " (own profile)" } else { "" };
                [card.id.clone(), format!("{}{own}{provisional}", card.name), card.summary.clone()]
            };
            page.columns(&cards.iter().map(row).collect::<Vec<_>>());
            for failure in &profiles.broken {
                page.line("");
                page.line(failure.to_string());
            }
        }
    }
    Ok(Exit::Fine)
}

/// Keeps that what the profile softens is meant.
fn taken_over(named: &str, chosen: &Chosen) -> Result<Chosen> {
    if !chosen.profile.origin.own {
        return Err(Failure::state(format!("`{named}` comes with Muster"))
            .why("only of a profile of somebody's own there is something to take over"));
    }
    let text = own_profiles::read_one(Path::new(&chosen.source))?;
    own_profiles::take_over(&store::profile_folder()?, &text)?;
    profile_named(named, &[])
}

#[derive(Serialize)]
struct All<'a> {
    profiles: Vec<Card<'a>>,
    /// Profile files of the person's own that have a mistake.
    broken: &'a [Failure],
}

#[derive(Serialize)]
struct Card<'a> {
    id: &'a str,
    name: &'a str,
    summary: &'a str,
    /// Set where the vendor does not publish the header.
    provisional: Option<&'a str>,
    source: &'a str,
    /// The name of the profile that it differs from, if it only differs.
    based_on: Option<&'a str>,
    /// Whether it is somebody's own, and does not come with Muster.
    own: bool,
    /// What such a one softens, each a sentence.
    softens: &'a [String],
    /// Whether somebody has read that and taken it over.
    taken_over: bool,
}

#[derive(Serialize)]
struct Whole<'a> {
    id: &'a str,
    name: &'a str,
    summary: &'a str,
    version: &'a str,
    provisional: Option<&'a str>,
    source: &'a str,
    /// The id of the profile that it differs from, if it only differs.
    based_on: Option<&'a str>,
    key: Key<'a>,
    file: File<'a>,
    fields: Vec<PrintedField<'a>>,
    policies: Vec<PrintedPolicy<'a>>,
    statements: Vec<PrintedStatement<'a>>,
    unknown: &'a [String],
    checks: Vec<PrintedCheck<'a>>,
    /// Whether it is somebody's own, and does not come with Muster.
    own: bool,
    /// What such a one softens, each a sentence.
    softens: &'a [String],
    /// What else it says otherwise than the one that comes with Muster, each a sentence.
    differs: &'a [String],
    /// What it says and is not heeded, each a sentence.
    unheeded: &'a [String],
    /// Whether somebody has read what it softens and taken it over.
    taken_over: bool,
}

#[derive(Serialize)]
struct Key<'a> {
    /// Null where the person has to choose.
    field: Option<&'a str>,
    falls_back_to: Option<&'a str>,
    given_by: &'static str,
}

#[derive(Serialize)]
struct File<'a> {
    format: &'a str,
    encoding: &'a str,
    bom: bool,
    delimiter: &'a str,
    line_end: &'a str,
    most_people: Option<u32>,
}

#[derive(Serialize)]
struct PrintedField<'a> {
    id: &'a str,
    title: &'a str,
    headers: &'a [String],
    /// Read as well, and nobody has published them.
    headers_inferred: &'a [String],
    required: bool,
    read_only: bool,
    separator: Option<&'a str>,
    list: Option<&'a str>,
    choices: &'a [String],
    about: &'a str,
    needed: bool,
    /// The fewest and the most characters; null where there is no known limit.
    min: Option<usize>,
    max: Option<usize>,
}

#[derive(Serialize)]
struct PrintedPolicy<'a> {
    id: &'a str,
    title: &'a str,
    default: Option<&'a str>,
    choices: Vec<PrintedChoice<'a>>,
    source: &'a str,
}

#[derive(Serialize)]
struct PrintedChoice<'a> {
    id: &'a str,
    title: &'a str,
    says: &'a str,
}

#[derive(Serialize)]
struct PrintedStatement<'a> {
    topic: &'a str,
    says: &'a str,
    source: &'a str,
    /// The address of the source; null where nobody has noted it.
    url: Option<String>,
}

#[derive(Serialize)]
struct PrintedCheck<'a> {
    id: &'a str,
    kind: &'static str,
    fields: &'a [String],
    says: &'a str,
}

impl<'a> Card<'a> {
    fn of(card: &'a ProfileCard) -> Card<'a> {
        Card {
            id: &card.id,
            name: &card.name,
            summary: &card.summary,
            provisional: card.provisional.as_deref(),
            source: &card.source,
            based_on: card.based_on.as_deref(),
            own: card.own,
            softens: &card.softens,
            taken_over: card.taken_over,
        }
    }
}

fn whole(chosen: &Chosen) -> Whole<'_> {
    let profile: &Profile = &chosen.profile;
    let (key, file) = (&profile.key, &profile.file);
    Whole {
        id: &profile.id,
        name: &profile.name,
        summary: &profile.summary,
        version: &profile.version,
        provisional: profile.provisional.as_deref(),
        source: &chosen.source,
        based_on: profile.based_on.as_deref(),
        key: Key {
            field: (!key.field.is_empty()).then_some(&key.field),
            falls_back_to: key.falls_back_to.as_deref(),
            given_by: if key.given_by == KeyGiver::Lms { "lms" } else { "you" },
        },
        file: File {
            format: &file.format,
            encoding: &file.encoding,
            bom: file.bom,
            delimiter: &file.delimiter,
            line_end: &file.line_end,
            most_people: (file.most_people > 0).then_some(file.most_people),
        },
        fields: profile.fields.iter().map(field).collect(),
        policies: profile.policies.iter().map(policy).collect(),
        statements: profile.statements.iter().map(|said| statement(profile, said)).collect(),
        unknown: &profile.unknown,
        checks: profile.checks.iter().map(check).collect(),
        own: profile.origin.own,
        softens: &profile.origin.softens,
        differs: &profile.origin.differs,
        unheeded: &profile.origin.unheeded,
        taken_over: profile.origin.accepted,
    }
}

fn field(field: &Field) -> PrintedField<'_> {
    PrintedField {
        id: &field.id,
        title: &field.title,
        headers: &field.headers,
        headers_inferred: &field.headers_inferred,
        required: field.value_required,
        read_only: field.read_only,
        separator: field.separator.as_deref(),
        list: field.list.as_deref(),
        choices: &field.choices,
        about: &field.about,
        needed: field.column_required,
        min: field.min,
        max: field.max,
    }
}

fn policy(policy: &Policy) -> PrintedPolicy<'_> {
    let choices = policy.choices.iter();
    PrintedPolicy {
        id: &policy.id,
        title: &policy.title,
        default: policy.default.as_deref(),
        choices: choices
            .map(|c| PrintedChoice { id: &c.id, title: &c.title, says: &c.says })
            .collect(),
        source: &policy.source,
    }
}

fn statement<'a>(profile: &Profile, statement: &'a StatementText) -> PrintedStatement<'a> {
    PrintedStatement {
        topic: &statement.topic,
        says: &statement.says,
        source: &statement.source,
        url: profile.url_of(&statement.source),
    }
}

fn check(check: &CrossCheck) -> PrintedCheck<'_> {
    let kind = check.kind.word();
    PrintedCheck { id: &check.id, kind, fields: &check.fields, says: &check.says }
}

fn print_profile(chosen: &Chosen, page: &mut Page) {
    let whole = whole(chosen);
    if page.is_json() {
        return page.json(&whole);
    }
    page.line(format!("{}: {}", whole.id, whole.name));
    page.line(whole.summary);
    page.line(format!("Facts checked on {}; {}", whole.version, whole.source));
    if let Some(base) = whole.based_on {
        page.line(format!("Based on {base}"));
    }
    if let Some(why) = whole.provisional {
        page.line(format!("Provisional: {why}"));
    }
    if whole.own {
        page.line("An own profile: it does not come with Muster");
    }
    let softens = match whole.taken_over {
        true => "What it softens, which was taken over",
        false => "What it softens, which nobody has taken over yet (--trust)",
    };
    let parts =
        [(softens, whole.softens), ("Not heeded", whole.unheeded), ("Otherwise", whole.differs)];
    for (words, sentences) in parts {
        heading(words, !sentences.is_empty(), page);
        for sentence in sentences {
            page.line(format!("  {sentence}"));
        }
    }
    page.line("");
    page.line(match (whole.key.field, whole.key.falls_back_to) {
        (Some(key), Some(other)) => format!("Key: {key}, or {other} where that is blank"),
        (Some(key), None) => format!("Key: {key}"),
        (None, _) => "Key: the column that tells every person from every other".into(),
    });
    heading("Fields", !whole.fields.is_empty(), page);
    page.columns(&whole.fields.iter().map(field_row).collect::<Vec<_>>());
    heading("Choices, for --policy", !whole.policies.is_empty(), page);
    for policy in &whole.policies {
        print_policy(policy, page);
    }
    heading("What it does", !whole.statements.is_empty(), page);
    for statement in &whole.statements {
        page.line(format!("  {}: {}", statement.topic, statement.says));
        if !statement.source.is_empty() {
            page.line(format!("    {}", statement.source));
        }
    }
    heading("Checks across columns", !whole.checks.is_empty(), page);
    for check in &whole.checks {
        page.line(format!(
            "  {} ({}): {} {}",
            check.id,
            check.kind,
            check.fields.join(", "),
            check.says
        ));
    }
    heading("Not known", !whole.unknown.is_empty(), page);
    for unknown in whole.unknown {
        page.line(format!("  {unknown}"));
    }
}

fn heading(words: &str, there: bool, page: &mut Page) {
    if there {
        page.line("");
        page.line(words);
    }
}

fn field_row(field: &PrintedField) -> [String; 4] {
    let mut facts: Vec<String> = Vec::new();
    if field.required {
        facts.push("required".into());
    }
    if field.read_only {
        facts.push("read-only".into());
    }
    match (field.min, field.max) {
        (Some(min), Some(max)) => facts.push(format!("{min} to {max} characters")),
        (Some(min), None) => facts.push(format!("at least {min} characters")),
        (None, Some(max)) => facts.push(format!("at most {max} characters")),
        (None, None) => {}
    }
    if let Some(separator) = field.separator {
        facts.push(format!("several, joined by `{separator}`"));
    }
    if !field.choices.is_empty() {
        facts.push(field.choices.join(" | "));
    }
    let header = field.headers.first().cloned().unwrap_or_default();
    [field.id.into(), field.title.into(), header, facts.join("; ")]
}

fn print_policy(policy: &PrintedPolicy, page: &mut Page) {
    page.line(format!("  {}", policy.title));
    for choice in &policy.choices {
        let default = if policy.default == Some(choice.id) { " (default)" } else { "" };
        page.line(format!("    {}={}{default}: {}", policy.id, choice.id, choice.says));
    }
    if policy.default.is_none() {
        page.line("    no default: you have to say");
    }
}
