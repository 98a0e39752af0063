//! A profile as a form to fill in, and what the form says as a profile.

use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use muster_plan::plan::guard_kinds;
use muster_roster::finding::Severity;
use muster_roster::profile::{Field, FieldKind, Policy, Profile, Takes, Unique};
use muster_rules::rules::RULES;
use muster_table::narrow::count as number;

/// What can be changed of a profile without writing a file by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ProfileForm {
    /// The id of the profile that the form was made of.
    pub from: String,
    /// Small letters, digits and hyphens.
    pub id: String,
    /// What lists call it.
    pub name: String,
    /// One sentence for the list to choose from.
    pub summary: String,
    /// The file that is written again; none for a new profile.
    pub file: Option<String>,
    /// The name of the profile that it differs from; none for a profile that stands alone.
    pub based_on: Option<String>,
    /// The id of the field that says who a person is; empty where that is found out from the file.
    pub key: String,
    /// The field that stands in where the key is blank; empty for none.
    pub key_falls_back_to: String,
    /// Whether keys that differ only in capital letters are two people.
    pub key_case_matters: bool,
    /// What it knows of columns, in its order.
    pub fields: Vec<FieldForm>,
    /// The lists that it fixes, and those that its fields name.
    pub lists: Vec<ListForm>,
    /// What it asks and assumes about imports.
    pub policies: Vec<PolicyForm>,
    /// Every rule there is, whether it runs or not.
    pub rules: Vec<RuleForm>,
    /// Every hold there is.
    pub guards: Vec<GuardForm>,
    /// Days after which a snapshot is old.
    pub cadence_days: u32,
}

/// A field of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct FieldForm {
    /// Empty for a field that was just added; it is then made of the title.
    pub id: String,
    /// What it is called: "E-mail".
    pub title: String,
    /// The first is the one to write.
    pub headers: Vec<String>,
    /// What sort of values it has.
    pub kind: FieldKind,
    /// The column has to be there.
    pub needed: bool,
    /// Every person has to have a value.
    pub required: bool,
    /// Whether no two people may share a value, and whether capital letters tell values apart; none where they may.
    pub unique: Option<Unique>,
    /// How several values are joined in a cell; empty where a cell holds one.
    pub separator: String,
    /// The list its values come from; empty for none.
    pub list: String,
    /// The words it takes; empty where it takes any.
    pub choices: Vec<String>,
    /// The fewest characters of a value that is not blank; none for any.
    pub min: Option<u32>,
    /// The most characters of a value; none for any.
    pub max: Option<u32>,
    /// As in a character class; empty where any is taken.
    pub characters: String,
    /// How dates are to be written, the first the one to write: `YYYY-MM-DD`; empty where nobody says.
    pub date_forms: Vec<String>,
    /// What to know about it, in plain words.
    pub about: String,
}

/// A list of values of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ListForm {
    /// `roles`.
    pub kind: String,
    /// None where the file or the person says which there are.
    pub values: Vec<String>,
}

/// A choice of the form, what an import does where the file does not say it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct PolicyForm {
    /// `groups`, `roles`, `invitations`, `blanks`, `missing`.
    pub id: String,
    /// What the window asks.
    pub title: String,
    /// What is asked for.
    pub takes: Takes,
    /// What can be chosen, where it is a choice.
    pub choices: Vec<PolicyFormChoice>,
    /// What holds unless somebody says otherwise, a choice by its id; empty where they have to say.
    pub default: String,
    /// Where it is documented; empty where it is not.
    pub source: String,
}

/// One of the answers of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct PolicyFormChoice {
    /// `keep`.
    pub id: String,
    /// "Keep".
    pub title: String,
    /// What the LMS does then, as a sentence.
    pub says: String,
}

/// A rule of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct RuleForm {
    /// The rule's code: `group-unknown`.
    pub code: String,
    /// "Group not known".
    pub title: String,
    /// The first sentence of its page.
    pub says: String,
    /// Why this LMS minds.
    pub why: String,
    /// None where the rule is left out.
    pub severity: Option<Severity>,
    /// How grave it is where nobody says otherwise.
    pub usual: Severity,
}

/// A hold of the form: when a plan is stopped until its number is typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct GuardForm {
    /// `delete`, `deactivate`, `key`.
    pub id: String,
    /// "People who would be deleted".
    pub says: String,
    /// The most before the plan is held; both have to be passed.
    pub people: u32,
    /// The most before the plan is held, in per cent of the people of the snapshot.
    pub percent: u32,
}

impl ProfileForm {
    /// A form that says what a profile says, to be changed.
    pub(super) fn of(profile: &Profile) -> ProfileForm {
        let base = profile.based_on.as_deref().and_then(Profile::built_in);
        ProfileForm {
            from: profile.id.clone(),
            id: profile.id.clone(),
            name: profile.name.clone(),
            summary: profile.summary.clone(),
            file: None,
            based_on: base.map(|base| base.name),
            key: profile.key.field.clone(),
            key_falls_back_to: profile.key.falls_back_to.clone().unwrap_or_default(),
            key_case_matters: profile.key.case_matters,
            fields: profile.fields.iter().map(FieldForm::of).collect(),
            lists: lists(profile),
            policies: profile.policies.iter().map(PolicyForm::of).collect(),
            rules: rules(profile),
            guards: guards(profile),
            cadence_days: profile.snapshot_max_age_days,
        }
    }

    /// Says in a profile's table what this form says otherwise than `before`, the form made of that table.
    pub(super) fn lay_on(&self, before: &ProfileForm, table: &mut Table) {
        say(table, "id", &before.id, &self.id);
        say(table, "name", &before.name, &self.name);
        say(table, "summary", &before.summary, &self.summary);
        say(table, "snapshot_max_age_days", &before.cadence_days, &self.cadence_days);
        if let Some(key) = part(table, "key") {
            say(key, "field", &before.key, &self.key);
            say_unless_blank(
                key,
                "falls_back_to",
                &before.key_falls_back_to,
                &self.key_falls_back_to,
            );
            say(key, "case_matters", &before.key_case_matters, &self.key_case_matters);
        }
        self.lay_fields(before, table);
        for list in &self.lists {
            let was = before.lists.iter().find(|l| l.kind == list.kind);
            if was != Some(list)
                && let Some(lists) = part(table, "lists")
            {
                lists.insert(list.kind.clone(), list.values.clone().into());
            }
        }
        for policy in &self.policies {
            let was = before.policies.iter().find(|p| p.id == policy.id);
            if let Some(was) = was
                && let Some(entry) = entry(table, "policy", &policy.id)
            {
                say_unless_blank(entry, "default", &was.default, &policy.default);
            }
        }
        for rule in &self.rules {
            let was = before.rules.iter().find(|r| r.code == rule.code);
            if was.is_some_and(|was| was.severity != rule.severity)
                && let Some(setting) =
                    part(table, "rules").and_then(|rules| part(rules, &rule.code))
            {
                lay_severity(setting, rule.severity);
            }
        }
        for guard in &self.guards {
            let was = before.guards.iter().find(|g| g.id == guard.id);
            if let Some(was) = was.filter(|was| *was != guard)
                && let Some(setting) = part(table, "guards").and_then(|all| part(all, &guard.id))
            {
                say(setting, "people", &was.people, &guard.people);
                say(setting, "percent", &was.percent, &guard.percent);
            }
        }
    }

    fn lay_fields(&self, before: &ProfileForm, table: &mut Table) {
        let fields = table.entry("field").or_insert_with(|| Value::Array(Vec::new()));
        let Some(fields) = fields.as_array_mut() else { return };
        let id_of = |entry: &Value| entry.get("id").and_then(Value::as_str).map(str::to_owned);
        fields.retain(|entry| id_of(entry).is_some_and(|id| self.field(&id).is_some()));
        for field in &self.fields {
            let at = fields.iter().position(|entry| id_of(entry).as_deref() == Some(&field.id));
            let at = at.unwrap_or_else(|| {
                let mut entry = Table::new();
                entry.insert("id".into(), field.id.as_str().into());
                fields.push(Value::Table(entry));
                fields.len() - 1
            });
            if let Some(entry) = fields[at].as_table_mut() {
                field.lay_on(before.field(&field.id).unwrap_or(&FieldForm::blank()), entry);
            }
        }
    }

    fn field(&self, id: &str) -> Option<&FieldForm> {
        self.fields.iter().find(|field| field.id == id)
    }
}

impl FieldForm {
    fn of(field: &Field) -> FieldForm {
        FieldForm {
            id: field.id.clone(),
            title: field.title.clone(),
            headers: field.headers.clone(),
            kind: field.kind,
            needed: field.column_required,
            required: field.value_required,
            unique: field.unique,
            separator: field.separator.clone().unwrap_or_default(),
            list: field.list.clone().unwrap_or_default(),
            choices: field.choices.clone(),
            min: field.min.map(number),
            max: field.max.map(number),
            characters: field.characters.as_ref().map_or("", |c| c.written()).to_owned(),
            date_forms: field.date_forms.clone(),
            about: field.about.clone(),
        }
    }

    fn blank() -> FieldForm {
        FieldForm {
            id: String::new(),
            title: String::new(),
            headers: Vec::new(),
            kind: FieldKind::Text,
            needed: false,
            required: false,
            unique: None,
            separator: String::new(),
            list: String::new(),
            choices: Vec::new(),
            min: None,
            max: None,
            characters: String::new(),
            date_forms: Vec::new(),
            about: String::new(),
        }
    }

    fn lay_on(&self, before: &FieldForm, entry: &mut Table) {
        say(entry, "title", &before.title, &self.title);
        say(entry, "headers", &before.headers, &self.headers);
        say_word(entry, "kind", &before.kind, &self.kind);
        say(entry, "column_required", &before.needed, &self.needed);
        say(entry, "value_required", &before.required, &self.required);
        match self.unique {
            Some(_) => say_word(entry, "unique", &before.unique, &self.unique),
            None => drop(entry.remove("unique")),
        }
        say_unless_blank(entry, "separator", &before.separator, &self.separator);
        say_unless_blank(entry, "list", &before.list, &self.list);
        say(entry, "choices", &before.choices, &self.choices);
        say_if(entry, "min", before.min, self.min);
        say_if(entry, "max", before.max, self.max);
        say_unless_blank(entry, "characters", &before.characters, &self.characters);
        say(entry, "date_forms", &before.date_forms, &self.date_forms);
        say(entry, "about", &before.about, &self.about);
    }
}

impl PolicyForm {
    fn of(policy: &Policy) -> PolicyForm {
        let choice = |choice: &muster_roster::profile::Choice| PolicyFormChoice {
            id: choice.id.clone(),
            title: choice.title.clone(),
            says: choice.says.clone(),
        };
        PolicyForm {
            id: policy.id.clone(),
            title: policy.title.clone(),
            takes: policy.takes,
            choices: policy.choices.iter().map(choice).collect(),
            default: policy.default.clone().unwrap_or_default(),
            source: policy.source.clone(),
        }
    }
}

/// The lists that the profile fixes, and those that its fields name.
fn lists(profile: &Profile) -> Vec<ListForm> {
    let mut kinds: Vec<&String> = profile.lists.keys().collect();
    kinds.extend(profile.fields.iter().filter_map(|field| field.list.as_ref()));
    kinds.sort_unstable();
    kinds.dedup();
    let values = |kind: &String| profile.lists.get(kind).cloned().unwrap_or_default();
    kinds.into_iter().map(|kind| ListForm { kind: kind.clone(), values: values(kind) }).collect()
}

fn rules(profile: &Profile) -> Vec<RuleForm> {
    let form = |rule: &&muster_rules::rules::Rule| {
        let setting = profile.rules.get(rule.code);
        let severity = setting.and_then(|s| s.severity).unwrap_or(rule.severity);
        RuleForm {
            code: rule.code.into(),
            title: rule.title.into(),
            says: first_sentence(rule.help()),
            why: setting.map_or(String::new(), |s| s.why.clone()),
            severity: (!setting.is_some_and(|s| s.off)).then_some(severity),
            usual: rule.severity,
        }
    };
    RULES.iter().map(form).collect()
}

fn guards(profile: &Profile) -> Vec<GuardForm> {
    let form = |(id, people, percent): (&str, u32, u32)| {
        let set = profile.guards.get(id).copied().unwrap_or_default();
        GuardForm {
            id: id.into(),
            says: counted_by(id).into(),
            people: set.people.unwrap_or(people),
            percent: set.percent.unwrap_or(percent),
        }
    };
    guard_kinds().map(form).collect()
}

/// What a guard counts.
fn counted_by(id: &str) -> &str {
    match id {
        "delete" => "People who would be deleted",
        "deactivate" => "People who would be deactivated",
        "change" => "People who would be changed",
        "key" => "People whose key would change",
        "membership" => "People who would lose a group or role",
        "password" => "People whose password would be replaced",
        "same" => "New people whom the LMS may have already",
        "reused" => "People under the key of somebody else",
        "admin" => "People who would become administrators, or be none any more",
        "new" => "New people where the LMS has nobody yet",
        "field" => "New fields that would be made for everybody",
        other => other,
    }
}

fn first_sentence(text: &str) -> String {
    let text = text.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    match text.find(". ") {
        Some(end) => text[..=end].to_owned(),
        None => text,
    }
}

fn lay_severity(setting: &mut Table, severity: Option<Severity>) {
    let was_off = setting.get("off") == Some(&Value::Boolean(true));
    match severity {
        None => drop(setting.insert("off".into(), true.into())),
        Some(severity) => {
            if was_off {
                setting.insert("off".into(), false.into());
            }
            setting.insert("severity".into(), severity.word().into());
        }
    }
}

fn part<'t>(table: &'t mut Table, word: &str) -> Option<&'t mut Table> {
    table.entry(word).or_insert_with(|| Value::Table(Table::new())).as_table_mut()
}

fn entry<'t>(table: &'t mut Table, list: &str, id: &str) -> Option<&'t mut Table> {
    let entries = table.get_mut(list)?.as_array_mut()?.iter_mut();
    entries
        .filter_map(Value::as_table_mut)
        .find(|e| e.get("id").and_then(Value::as_str) == Some(id))
}

fn say<T: PartialEq + Clone + Into<Value>>(table: &mut Table, word: &str, before: &T, now: &T) {
    if before != now {
        table.insert(word.into(), now.clone().into());
    }
}

fn say_unless_blank(table: &mut Table, word: &str, before: &str, now: &str) {
    say_if(
        table,
        word,
        Some(before).filter(|b| !b.is_empty()),
        Some(now).filter(|n| !n.is_empty()),
    );
}

fn say_if<T: PartialEq + Into<Value>>(
    table: &mut Table,
    word: &str,
    before: Option<T>,
    now: Option<T>,
) {
    match now {
        Some(now) if before.as_ref() != Some(&now) => drop(table.insert(word.into(), now.into())),
        Some(_) => {}
        None => drop(table.remove(word)),
    }
}

/// One of a few words, as a file has it.
fn say_word<T: PartialEq + Serialize>(table: &mut Table, word: &str, before: &T, now: &T) {
    if before != now
        && let Ok(value) = Value::try_from(now)
    {
        table.insert(word.into(), value);
    }
}
