//! The Problems pane: findings grouped by rule, then by value.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::Engine;
use super::accounts::RealSaid;
use super::open_job::OpenJob;
use super::saying::Standing;
use muster_plan::worksheet::{self, LackingField};
use muster_roster::finding::{Finding, Safety, Severity};
use muster_roster::profile::header_form;
use muster_rules::checker::{Checker, EitherOrder, FoundByValue, Grouped};
use muster_rules::rules::{RULES, day_in_words, rule_index};
use muster_rules::waiver::{Waiver, is_about_one_person};
use muster_table::error::{Failure, FailureKind, Result};
use muster_table::narrow::count as number;

/// All findings of the open list, grouped, and which rules could not run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Problems {
    /// The gravest and most frequent first.
    pub rules: Vec<RuleGroup>,
    /// How many different fixes are certain, of those that are made together: one for each rule, column and value.
    pub safe: u32,
    /// How many cells they change, as far as that can be told before.
    #[serde(default)]
    pub safe_cells: u32,
    /// How many rules ran with everything they need.
    pub checks: u32,
    /// Those that could not run, and why.
    pub skipped: Vec<Skipped>,
    /// What somebody looked at and let stand; in no other count.
    pub standing: Vec<Standing>,
    /// Values that somebody said are real.
    pub real: Vec<RealSaid>,
}

/// The findings of one rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct RuleGroup {
    /// The rule's code: `group-unknown`.
    pub rule: String,
    /// "Group not known".
    pub title: String,
    /// The gravest of them.
    pub severity: Severity,
    /// How many findings it has.
    pub count: u32,
    /// Why this LMS minds, with its source.
    pub why: String,
    /// The address of that source, to be opened in a browser; none where nobody has noted it.
    pub url: Option<String>,
    /// How many of them a fix would end, and how many of those are certain.
    pub fixable: u32,
    /// How many a safe fix would end.
    pub safe: u32,
    /// Columns in whose dates the day or the month may come first, which somebody has to say.
    #[serde(default)]
    pub orders: Vec<OrderQuestion>,
    /// The most frequent first; at most 200.
    pub values: Vec<ValueGroup>,
}

/// A column in whose dates the day or the month may come first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct OrderQuestion {
    /// The column's place, counted from 0.
    pub column: u32,
    /// Its header.
    pub name: String,
    /// How many of its dates may be read in either way.
    pub count: u32,
    /// The first of them: "07/12/2026".
    pub example: String,
    /// What that is if the day comes first: "7 December 2026".
    pub day_first: String,
    /// What that is if the month does: "12 July 2026".
    pub month_first: String,
}

/// The findings of one rule about one value of one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ValueGroup {
    /// As it stands in the cell, or the part of a cell that is meant; a password is `•••`.
    pub value: String,
    /// The column's place, counted from 0; none where rows or the file are meant.
    pub column: Option<u32>,
    /// The column's header; empty without one.
    pub column_name: String,
    /// How many findings it has.
    pub count: u32,
    /// One sentence about these people and this value.
    pub sentence: String,
    /// What would end them; none where nothing certain is known for the first of them.
    pub fix: Option<FixOffer>,
    /// The first place, to go to.
    pub row: Option<u32>,
    /// The kind of the list that lacks the value, which somebody may know to be real all the same; none elsewhere.
    pub lacked_by: Option<String>,
    /// Whether it may be let stand: the LMS takes it, and nobody is taken for somebody else by it.
    pub may_stand: bool,
    /// Whether it asks who the one person is: letting it stand says that they are somebody new.
    #[serde(default)]
    pub asks_who: bool,
    /// The field that has no column and could be filled from others; none where something else is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub lacks: Option<String>,
}

/// A fix, as a button offers it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct FixOffer {
    /// "put back `00417`".
    pub title: String,
    /// Safe only if that of each of them is.
    pub safety: Safety,
}

/// A rule that did not run, and what it lacks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Skipped {
    /// The rule's code: `key-changed`.
    pub rule: String,
    /// What it is called: "Group not known".
    pub title: String,
    /// "no snapshot".
    pub because: String,
}

/// A part of the findings of one rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct FindingsRequest {
    /// The rule's code.
    pub rule: String,
    /// Only those about this value; none for all.
    pub value: Option<String>,
    /// The first that is wanted, counted from 0.
    pub first: u32,
    /// How many are wanted.
    pub count: u32,
}

/// Findings one by one, in the order of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Findings {
    /// How many there are, on all pages.
    pub total: u32,
    /// Those of this page.
    pub findings: Vec<PlacedFinding>,
}

/// A finding with the person whom it is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct PlacedFinding {
    /// The line of the file on which they begin; none for somebody who was added, and without a row.
    pub line: Option<u32>,
    /// Their key; empty without a row.
    pub key: String,
    /// Their name; empty without a row.
    pub name: String,
    /// What was found.
    pub finding: Finding,
}

/// The page of a rule, as help.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct RuleView {
    /// The rule's code: `group-unknown`.
    pub code: String,
    /// "Group not known".
    pub title: String,
    /// How grave it is where the profile does not say otherwise.
    pub severity: Severity,
    /// Markdown.
    pub text: String,
    /// The profile's own reason and source.
    pub why: String,
    /// The address of that source, to be opened in a browser; none where nobody has noted it.
    pub url: Option<String>,
}

/// Names a rule whose page is wanted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct RuleRequest {
    /// The rule's code: `group-unknown`.
    pub code: String,
}

/// The most values of a rule that the pane lists.
const MOST_VALUES: usize = 200;

/// What a rule found.
struct RuleFound {
    rule: u8,
    severity: Severity,
    count: u32,
    fixable: u32,
    safe: u32,
    /// By value, and the columns whose dates may be read in either way; none where all is as it was when it was told last.
    told: Option<(Vec<FoundByValue>, BTreeMap<u32, EitherOrder>)>,
}

impl RuleFound {
    fn of(grouped: &mut Grouped, checker: &Checker, rule: u8) -> Option<RuleFound> {
        let found = grouped.of_rule(rule)?;
        let (severity, count) = (found.severity(), found.count());
        let (fixable, safe) = (found.fixable(), found.safe());
        let told = match found.take_moved() {
            true => Some((
                grouped.by_value(checker, rule, MOST_VALUES)?,
                grouped.either_orders(checker, rule),
            )),
            false => None,
        };
        Some(RuleFound { rule, severity, count, fixable, safe, told })
    }
}

impl Engine {
    /// The findings by rule and value.
    pub fn problems(&self, _: ()) -> Result<Problems> {
        self.with_job(|job| Ok(Problems::clone(&job.problems())))
    }

    /// The findings of one rule, one by one, in the order of the file.
    pub fn findings(&self, request: FindingsRequest) -> Result<Findings> {
        self.with_job(|job| {
            let rule = known_rule(&request.rule)?;
            let wanted = |f: &Finding| request.value.as_ref().is_none_or(|value| f.value == *value);
            let mut all = worksheet::findings_of(job.checker(), rule, &|_| true)?;
            all.retain(wanted);
            let total = number(all.len());
            let findings = all
                .into_iter()
                .skip(request.first as usize)
                .take(request.count as usize)
                .map(|finding| job.placed(finding))
                .collect();
            Ok(Findings { total, findings })
        })
    }

    /// That an address may be opened in a browser: a profile names it. No page, and nothing that a file says, has another
    /// one opened.
    pub fn may_open_address(&self, url: &str) -> Result<()> {
        let of_open = self.lock_job().as_ref().map(|job| job.chosen().profile.clone());
        let is_named = of_open.is_some_and(|profile| profile.names_address(url))
            || self.known_profiles()?.names_address(url);
        if is_named {
            return Ok(());
        }
        Err(Failure::new(FailureKind::Refused, "this address is not opened")
            .why("no profile of an LMS names it"))
    }

    /// The page of a rule.
    pub fn rule(&self, request: RuleRequest) -> Result<RuleView> {
        let rule = RULES[known_rule(&request.code)? as usize];
        let (why, url) = match self.lock_job().as_ref() {
            Some(job) => (job.why(rule.code), job.chosen().profile.url_of_rule(rule.code)),
            None => (String::new(), None),
        };
        Ok(RuleView {
            code: rule.code.into(),
            title: rule.title.into(),
            severity: rule.severity,
            text: rule.help().into(),
            why,
            url,
        })
    }
}

pub(super) fn known_rule(code: &str) -> Result<u8> {
    rule_index(code).ok_or_else(|| Failure::state(format!("there is no rule `{code}`")))
}

impl OpenJob {
    fn problems(&mut self) -> Arc<Problems> {
        let problems = match self.cached_mut().problems.take() {
            Some(problems) => problems,
            None => Arc::new(self.group()),
        };
        self.cached_mut().problems = Some(problems.clone());
        problems
    }

    fn group(&mut self) -> Problems {
        let found = self.ask_grouped(|grouped, checker| {
            let rules: Vec<u8> = grouped.rules().collect();
            let found: Option<Vec<_>> =
                rules.into_iter().map(|rule| RuleFound::of(grouped, checker, rule)).collect();
            Some((found?, grouped.made_unseen(), grouped.cells_unseen()))
        });
        let (found, safe, safe_cells) = found.unwrap_or_default();
        let was = std::mem::take(self.rule_groups());
        let told: FxHashMap<u8, RuleGroup> = found
            .into_iter()
            .filter_map(|found| Some((found.rule, self.rule_group(found, &was)?)))
            .collect();
        let mut rules: Vec<RuleGroup> = told.values().cloned().collect();
        *self.rule_groups() = told;
        rules.sort_by(|a, b| {
            (b.severity, b.count).cmp(&(a.severity, a.count)).then_with(|| a.rule.cmp(&b.rule))
        });
        let skipped = self.checker().skipped().iter().map(|(rule, because)| Skipped {
            rule: RULES[*rule as usize].code.into(),
            title: RULES[*rule as usize].title.into(),
            because: because.clone(),
        });
        let skipped: Vec<Skipped> = skipped.collect();
        Problems {
            rules,
            safe: number(safe),
            safe_cells: number(safe_cells),
            checks: number(RULES.len() - skipped.len()),
            skipped,
            standing: self.standing(),
            real: self.real_values(),
        }
    }

    /// What a rule found, in words; as it was told last where nothing of it is another.
    fn rule_group(&self, found: RuleFound, was: &FxHashMap<u8, RuleGroup>) -> Option<RuleGroup> {
        let Some((values, orders)) = found.told else { return was.get(&found.rule).cloned() };
        let rule = RULES[usize::from(found.rule)];
        Some(RuleGroup {
            rule: rule.code.into(),
            title: rule.title.into(),
            severity: found.severity,
            count: found.count,
            why: self.why(rule.code),
            url: self.chosen().profile.url_of_rule(rule.code),
            fixable: found.fixable,
            safe: found.safe,
            orders: orders.into_iter().map(|order| self.order(order)).collect(),
            values: values.into_iter().map(|found| self.value_group(found)).collect(),
        })
    }

    fn order(&self, (column, order): (u32, EitherOrder)) -> OrderQuestion {
        let EitherOrder { count, first } = order;
        OrderQuestion {
            column,
            name: self.roster().columns[column as usize].name.clone(),
            count,
            day_first: day_in_words(first.day_first),
            month_first: day_in_words(first.month_first),
            example: first.text,
        }
    }

    fn value_group(&self, found: FoundByValue) -> ValueGroup {
        let context = self.checker().context();
        let first = &found.first;
        let name = found.column.and_then(|c| self.roster().columns.get(c as usize));
        // A fix for all of them is offered where it is the same one.
        let offer = first.fix.as_ref().map(|fix| FixOffer {
            title: match found.has_one_fix {
                true => fix.title.clone(),
                false => format!("{}, and so on", fix.title),
            },
            safety: if found.all_safe { Safety::Safe } else { Safety::Unsafe },
        });
        ValueGroup {
            column: found.column,
            column_name: name.map_or(String::new(), |c| c.name.clone()),
            count: found.count,
            sentence: self.sentence(&found),
            fix: offer,
            row: first.row,
            lacked_by: context.list_that_lacks(first).map(str::to_owned),
            may_stand: Waiver::of(context, first, "").is_some(),
            asks_who: is_about_one_person(&first.rule),
            lacks: self.lacks(first),
            value: found.value,
        }
    }

    /// The field that a finding says has no column, where one can be filled from others.
    fn lacks(&self, finding: &Finding) -> Option<String> {
        let is_it = finding.rule == "header-missing" && finding.column.is_none();
        let all = is_it.then(|| worksheet::lacking(self.checker().context()))?;
        let is_named = |field: &LackingField| {
            let about = self.roster().profile.field(&field.field);
            let form = header_form(&finding.value);
            field.needed && about.is_some_and(|about| about.is_headed(&form))
        };
        all.into_iter().find(is_named).map(|lacking| lacking.field)
    }

    /// One sentence about all of them: their own where they say the same, else the first one's, with its place.
    fn sentence(&self, found: &FoundByValue) -> String {
        let first = &found.first;
        if found.says_the_same {
            return first.message.clone();
        }
        let line = first.row.and_then(|row| self.table().line(row));
        let place = line.map_or(String::new(), |line| format!(", such as line {line}"));
        let people = muster_table::words::people(found.count as usize);
        format!("{people}{place}: {}", first.message)
    }

    fn placed(&self, finding: Finding) -> PlacedFinding {
        let roster = self.roster();
        let row = finding.row;
        PlacedFinding {
            line: row.and_then(|row| roster.table.line(row)),
            key: row.map_or(String::new(), |row| roster.key_text(row).into_owned()),
            name: row.map_or(String::new(), |row| roster.name(row)),
            finding,
        }
    }

    /// Why this LMS minds, with its source.
    fn why(&self, code: &str) -> String {
        let Some(setting) = self.chosen().profile.rules.get(code) else { return String::new() };
        match (setting.why.as_str(), setting.source.as_str()) {
            ("", _) => String::new(),
            (why, "") => why.to_owned(),
            (why, source) => format!("{why} ({source})"),
        }
    }
}
