//! How an account is told.

use std::collections::BTreeMap;

use muster_engine::store::accounts::{AccountRecord, AccountSnapshot};
use muster_engine::to_do::ToDo;
use muster_engine::waiver::Waiver;
use muster_engine::words::day;
use serde::Serialize;

use super::given::in_words;
use crate::page::{Page, counted, people, quoted};

/// One of the list.
#[derive(Serialize)]
pub struct Card<'a> {
    name: &'a str,
    profile: &'a str,
    snapshot: Option<Snapshot<'a>>,
    /// How much is to be done by hand.
    open: usize,
}

#[derive(Serialize)]
struct Snapshot<'a> {
    at: &'a str,
    source: &'a str,
    note: &'a str,
    people: u32,
}

/// All that one keeps.
#[derive(Serialize)]
pub struct Whole<'a> {
    #[serde(flatten)]
    card: Card<'a>,
    connection: Option<&'a str>,
    /// Older snapshots, the newest first.
    before: Vec<Snapshot<'a>>,
    lists: Vec<KeptList<'a>>,
    real: Vec<Real<'a>>,
    waivers: &'a [Waiver],
    protected: &'a [String],
    day_first: &'a BTreeMap<String, bool>,
    choices: &'a BTreeMap<String, String>,
    columns: BTreeMap<&'a str, &'a str>,
    values: &'a BTreeMap<String, BTreeMap<String, String>>,
    template: Option<Template<'a>>,
    recipes: Vec<&'a str>,
    reports: Vec<Report<'a>>,
    to_do: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct KeptList<'a> {
    kind: &'a str,
    count: usize,
    source: &'a str,
    at: Option<&'a str>,
}

#[derive(Serialize)]
struct Real<'a> {
    kind: &'a str,
    value: &'a str,
    at: &'a str,
}

#[derive(Serialize)]
struct Template<'a> {
    file: &'a str,
    at: &'a str,
}

#[derive(Serialize)]
struct Report<'a> {
    file: &'a str,
    at: &'a str,
}

#[derive(Serialize)]
struct Item<'a> {
    id: u32,
    at: &'a str,
    of: &'a str,
    key: &'a str,
    name: &'a str,
    known_by: &'a str,
    column: &'a str,
    before: &'a str,
    value: &'a str,
    r#where: &'a str,
    done: Option<Ticked<'a>>,
}

#[derive(Serialize)]
struct Ticked<'a> {
    at: &'a str,
    by: &'a str,
    seen: bool,
}

impl<'a> Card<'a> {
    pub fn of(record: &'a AccountRecord) -> Card<'a> {
        Card {
            name: &record.name,
            profile: &record.profile,
            snapshot: record.facts.snapshot().map(snapshot),
            open: record.facts.to_do.open().count(),
        }
    }

    pub fn row(&self) -> [String; 4] {
        let had = self.snapshot.as_ref().map_or("no snapshot".to_owned(), Snapshot::says);
        let open = match self.open {
            0 => String::new(),
            open => format!("{open} to do by hand"),
        };
        [self.name.to_owned(), self.profile.to_owned(), had, open]
    }
}

fn snapshot(kept: &AccountSnapshot) -> Snapshot<'_> {
    Snapshot { at: &kept.at, source: &kept.source, note: &kept.note, people: kept.people }
}

impl Snapshot<'_> {
    fn says(&self) -> String {
        format!("snapshot of {}, {}", day(self.at), people(self.people as usize))
    }
}

impl<'a> Whole<'a> {
    pub fn of(record: &'a AccountRecord) -> Whole<'a> {
        let facts = &record.facts;
        let item = |to_do: &'a ToDo| Item {
            id: to_do.id,
            at: &to_do.at,
            of: &to_do.of,
            key: &to_do.item.key,
            name: &to_do.item.name,
            known_by: &to_do.item.known_by,
            column: &to_do.item.column,
            before: &to_do.item.before,
            value: &to_do.item.value,
            r#where: &to_do.item.r#where,
            done: to_do.done.as_ref().map(|d| Ticked { at: &d.at, by: &d.by, seen: d.seen }),
        };
        let real = facts.said.real.iter().flat_map(|(kind, all)| {
            all.iter().map(|real| Real { kind, value: &real.value, at: &real.at })
        });
        let list = |(kind, list): (&'a String, &'a muster_engine::store::accounts::AccountList)| {
            let (source, at) = (list.source.as_str(), list.at.as_deref());
            KeptList { kind, count: list.values.len(), source, at }
        };
        Whole {
            card: Card::of(record),
            connection: facts.connection.as_deref(),
            before: facts.snapshots.iter().skip(1).map(snapshot).collect(),
            lists: facts.lists.iter().map(list).collect(),
            real: real.collect(),
            waivers: &facts.said.waivers,
            protected: &facts.protected,
            day_first: &facts.said.day_first,
            choices: &facts.choices,
            columns: facts.columns.iter().map(|(f, used)| (f.as_str(), in_words(used))).collect(),
            values: &facts.values,
            template: facts.template.as_ref().map(|t| Template { file: &t.file, at: &t.at }),
            recipes: facts.recipes.keys().map(String::as_str).collect(),
            reports: facts.reports.iter().map(|r| Report { file: &r.file, at: &r.at }).collect(),
            to_do: facts.to_do.items.iter().map(item).collect(),
        }
    }

    pub fn print(&self, page: &mut Page) {
        page.line(format!("{}: {}", self.card.name, self.card.profile));
        let mut rows: Vec<[String; 2]> = Vec::new();
        let mut row = |what: &str, says: String| rows.push([what.to_owned(), says]);
        row(
            "The LMS has",
            match &self.card.snapshot {
                Some(snapshot) => format!("{} ({})", snapshot.says(), snapshot.source),
                None => "not known yet: --snapshot FILE".to_owned(),
            },
        );
        if let Some(connection) = self.connection {
            row("Connection", connection.to_owned());
        }
        for list in &self.lists {
            let at = list.at.map_or(String::new(), |at| format!(" of {}", day(at)));
            row(
                &format!("List of {}", list.kind),
                format!("{}, {}{at}", counted(list.count, "value", "values"), list.source),
            );
        }
        for real in &self.real {
            row(
                &format!("Real, of {}", real.kind),
                format!("{}, since {}", quoted(real.value), day(real.at)),
            );
        }
        for waiver in self.waivers {
            let column = waiver.column.as_deref().map_or(String::new(), |c| format!(", {c}"));
            let by = if waiver.by.is_empty() { "" } else { ", said by " };
            let is_all = waiver.value.is_empty() && waiver.person.is_none();
            let what = if is_all { "all that it finds".to_owned() } else { quoted(&waiver.value) };
            row(
                "Let stand",
                format!("{}{column}: {what}; {}{by}{}", waiver.rule, waiver.reason, waiver.by),
            );
        }
        if !self.protected.is_empty() {
            row("Protected", self.protected.join(", "));
        }
        for (column, day_first) in self.day_first {
            let first = if *day_first { "day" } else { "month" };
            row("Dates", format!("{}: the {first} comes first", quoted(column)));
        }
        for (id, answer) in self.choices {
            row("Choice", format!("{id}={answer}"));
        }
        for (column, used) in &self.columns {
            row("Column", format!("{column}={used}"));
        }
        for (place, map) in self.values {
            for (from, to) in map {
                row("Value", format!("{place}: {} → {}", quoted(from), quoted(to)));
            }
        }
        if let Some(template) = &self.template {
            row("Template", format!("{} of {}", template.file, day(template.at)));
        }
        for recipe in &self.recipes {
            row("Recipe", (*recipe).to_owned());
        }
        for report in &self.reports {
            row("Report", format!("{} of {}", report.file, day(report.at)));
        }
        page.columns(&rows);
    }
}

/// What is to be done by hand.
pub fn print_to_do(open: &[&ToDo], page: &mut Page) {
    page.line("To do by hand");
    let row = |to_do: &&ToDo| {
        let item = &to_do.item;
        [
            to_do.id.to_string(),
            item.who(),
            format!("{}: {} → {}", item.column, quoted(&item.before), quoted(&item.value)),
            item.r#where.clone(),
        ]
    };
    page.columns(&open.iter().map(row).collect::<Vec<_>>());
}
