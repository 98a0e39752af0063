//! What is to be done with one person, in the words of the interface that it goes to.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Secret;
use crate::plan::{Action, CellPlan, Part, Plan, PlannedPerson};
use muster_roster::profile::Field;
use muster_roster::roster::{Column, Roster};
use muster_rules::checker::Checker;
use muster_table::narrow;

/// A value as an interface has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A text; blank stands for nothing.
    One(String),
    /// Groups, classes: their order says nothing.
    Many(Vec<String>),
}

/// Values by the interface's names.
pub type Values = BTreeMap<String, Value>;

/// What is to be done with one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The person's key, as the plan has it.
    pub key: String,
    /// What the person is called.
    pub name: String,
    /// The line of the file, for people who are in it.
    pub line: Option<u32>,
    /// What is to become of them.
    pub action: Action,
    /// The LMS's own id; empty where it is not known.
    pub id: String,
    /// Whom to look for: the login that the LMS knows until then, or a new person is to get.
    pub login: String,
    /// What the LMS had when the plan was made, of all that the interface reaches.
    pub before: Values,
    /// What it is to have: for somebody new all that is not blank, else only what changes.
    pub after: Values,
}

/// The interface's name of whether somebody is active; its values are `true` and `false`.
pub const ACTIVE: &str = "active";

impl Value {
    /// Nothing: a blank text.
    pub fn none() -> Value {
        Value::One(String::new())
    }

    /// The text, or the first of several; blank where there is none.
    pub fn one(&self) -> &str {
        match self {
            Value::One(text) => text,
            Value::Many(all) => all.first().map_or("", String::as_str),
        }
    }

    /// All single values; a text that is not blank is one.
    pub fn many(&self) -> &[String] {
        match self {
            Value::One(text) if text.is_empty() => &[],
            Value::One(text) => std::slice::from_ref(text),
            Value::Many(all) => all,
        }
    }

    /// Whether it holds nothing but blanks.
    pub fn is_blank(&self) -> bool {
        self.many().iter().all(|value| value.trim().is_empty())
    }

    /// Whether two say the same; of several values the order does not count.
    pub fn same(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::One(one), Value::One(other)) => one == other,
            _ => {
                let sorted = |value: &Value| {
                    let mut all = value.many().to_vec();
                    all.sort_unstable();
                    all
                };
                sorted(self) == sorted(other)
            }
        }
    }

    /// "Red, Blue", for a sentence.
    pub fn in_words(&self) -> String {
        self.many().join(", ")
    }
}

impl Order {
    /// What a plan comes to for its connector, with the passwords that are to be set: of those who are sent of a part,
    /// and only if they are really changed.
    pub fn all_of(plan: &Plan, checker: &Checker, part: Part) -> Vec<(Order, Option<Secret>)> {
        let context = checker.context();
        let chosen = plan.chosen(part);
        let all = Reading {
            plan,
            roster: &context.roster,
            snapshot: context.snapshot.as_ref(),
            names: plan.profile.names_at(plan.connector.id),
            shared: plan.profile.shared_names_at(plan.connector.id),
        };
        // In the plan new people stand last: who leaves makes room in a licence, who is renamed frees a login.
        let sent = (0..).zip(&plan.people).filter(|(at, _)| chosen.contains(at));
        sent.map(|(_, planned)| all.order(planned))
            .filter(|(order, secret)| order.does_something() || secret.is_some())
            .collect()
    }

    fn does_something(&self) -> bool {
        self.action == Action::Delete || self.action == Action::Create || !self.after.is_empty()
    }

    /// Whether it makes somebody whom the LMS does not have.
    pub fn is_new(&self) -> bool {
        self.action == Action::Create
    }

    /// "Ada Lo (`ada`)".
    pub fn who(&self) -> String {
        let known = if self.login.is_empty() { &self.key } else { &self.login };
        crate::plan::who(&self.name, known)
    }
}

/// The plan, and what it was made of.
struct Reading<'a> {
    plan: &'a Plan,
    roster: &'a Roster,
    snapshot: Option<&'a Roster>,
    /// The interface's name by field.
    names: BTreeMap<String, String>,
    /// Names that several fields have together: each holds one of several values, as `cohort1` and `cohort2` of Moodle do.
    shared: BTreeSet<String>,
}

impl Reading<'_> {
    fn order(&self, planned: &PlannedPerson) -> (Order, Option<Secret>) {
        let person = &planned.person;
        let mut after = Values::new();
        let mut together = BTreeSet::new();
        for cell in &person.cells {
            let Some((column, field, name)) = self.column(cell) else { continue };
            let by_hand = planned.as_before.contains(&narrow::place(column.at));
            if column.is_secret() || by_hand || cell.result == cell.before {
                continue;
            }
            if self.shared.contains(&name) {
                together.insert(name);
            } else {
                after.insert(name, value(column, field, &cell.result));
            }
        }
        for name in together {
            let all = self.together(planned, &name);
            after.insert(name, all);
        }
        if person.action == Action::Deactivate && person.row.is_none() {
            after.insert(ACTIVE.to_owned(), Value::One("false".to_owned()));
        }
        let before = planned.was.map(|was| self.before(was)).unwrap_or_default();
        let text = |values: &Values, name: &str| values.get(name).map(|v| v.one().to_owned());
        let login = self.plan.profile.login_at(self.plan.connector.id);
        let login = login.and_then(|name| text(&before, name).or_else(|| text(&after, name)));
        let own_key = self.plan.profile.key.given_by == muster_roster::profile::KeyGiver::Lms;
        // A key that another field stands in for is what the LMS takes where the cell is blank.
        let stand_in = || (!own_key).then(|| person.key.clone());
        let login = login.filter(|login| !login.trim().is_empty()).or_else(stand_in);
        let order = Order {
            key: person.key.clone(),
            name: person.name.clone(),
            line: person.line,
            action: person.action,
            id: if own_key { person.key.clone() } else { String::new() },
            login: login.unwrap_or_default(),
            before,
            after,
        };
        (order, self.password(planned))
    }

    fn column(&self, cell: &CellPlan) -> Option<(&Column, &Field, String)> {
        let column = cell.column_of(self.roster)?;
        let field = self.roster.field(column.at)?;
        Some((column, field, self.names.get(&field.id)?.clone()))
    }

    /// All that somebody is to have of what several columns hold together. A column that the file does not have says nothing:
    /// what the snapshot has in it stays.
    fn together(&self, planned: &PlannedPerson, name: &str) -> Value {
        let fields = self.names.iter().filter(|(_, of)| *of == name).map(|(field, _)| field);
        let one = |field: &String| -> Option<String> {
            let Some(at) = self.roster.column_of(field) else {
                let snapshot = self.snapshot?;
                let cell = snapshot.table.cell(planned.was?, snapshot.column_of(field)?);
                return Some(cell.into_owned());
            };
            let of_column = |cell: &&CellPlan| cell.column == Some(narrow::place(at));
            if let Some(cell) = planned.person.cells.iter().find(of_column) {
                let by_hand = planned.as_before.contains(&narrow::place(at));
                return Some(if by_hand { &cell.before } else { &cell.result }.clone());
            }
            Some(self.roster.table.cell(planned.person.row?, at).into_owned())
        };
        let mut all = Vec::new();
        for value in fields.filter_map(one).map(|cell| cell.trim().to_owned()) {
            if !value.is_empty() && !all.contains(&value) {
                all.push(value);
            }
        }
        Value::Many(all)
    }

    /// What the snapshot has of somebody, as far as the interface reaches it.
    fn before(&self, was: u32) -> Values {
        let Some(snapshot) = self.snapshot else { return Values::new() };
        let reached = snapshot.columns.iter().filter(|c| !c.is_secret()).filter_map(|column| {
            let field = snapshot.field(column.at)?;
            let name = self.names.get(&field.id)?.clone();
            let cell = snapshot.table.cell(was, column.at);
            Some((name, value(column, field, snapshot.profile.file.without_guard(&cell))))
        });
        let mut all = Values::new();
        for (name, value) in reached {
            if !self.shared.contains(&name) {
                all.insert(name, value);
                continue;
            }
            let mut values = all.remove(&name).unwrap_or(Value::Many(Vec::new())).many().to_vec();
            if !value.is_blank() && !values.contains(&value.one().to_owned()) {
                values.push(value.one().to_owned());
            }
            all.insert(name, Value::Many(values));
        }
        all
    }

    fn password(&self, planned: &PlannedPerson) -> Option<Secret> {
        let row = planned.person.row?;
        let mut told = planned.person.cells.iter().filter_map(|c| c.column_of(self.roster));
        let column = told.find(|column| column.is_password())?;
        let field = self.roster.field(column.at)?;
        self.names.get(&field.id)?;
        let only_for_new = field.create_only || field.new_only;
        if only_for_new && planned.person.action != Action::Create {
            return None;
        }
        let cell = self.roster.table.cell(row, column.at);
        (!cell.is_empty()).then(|| Secret::new(cell.into_owned()))
    }
}

fn value(column: &Column, field: &Field, cell: &str) -> Value {
    if column.separator.is_some() {
        return Value::Many(column.values(cell).map(str::to_owned).collect());
    }
    if !field.inactive.is_empty() {
        let inactive = field.inactive.iter().any(|w| w.eq_ignore_ascii_case(cell.trim()));
        return Value::One((!inactive).to_string());
    }
    Value::One(cell.to_owned())
}
