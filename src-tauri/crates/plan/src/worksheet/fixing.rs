//! Fixes: which findings are meant, and what would change.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::{Change, who};
use muster_roster::finding::{Finding, Fix, Safety};
use muster_roster::roster::Roster;
use muster_rules::checker::Checker;
use muster_rules::fix_batch::{Round, joined};
use muster_rules::recipe::Step;
use muster_rules::rules::{CheckContext, EitherWay, RULES, rule_index};
use muster_table::edit::{Edit, rows_of};
use muster_table::error::Result;
use muster_table::going::{GoOn, WHOLE, part_of, stopped};
use muster_table::narrow;
use muster_table::words::{counted, people};

/// A fix can make another one possible; more rounds than this mean that fixes undo each other.
const MOST_ROUNDS: usize = 40;

/// So many thousandths of the work are done once the sentences of the findings are there.
const FOUND: usize = WHOLE * 3 / 10;

/// Which findings a fix is applied to: one cell, all with this value, or all of the rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct FixScope {
    /// The rule's code: `group-unknown`.
    pub rule: String,
    /// Only where the finding is about this value.
    pub value: Option<String>,
    /// Only this cell.
    pub row: Option<u32>,
    /// Only this column, by its place counted from 0.
    pub column: Option<u32>,
    /// Only fixes that are certainly right.
    pub safe_only: bool,
    /// In dates that may be read in either way, whether the day comes first: somebody has said so. None where nobody has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub day_first: Option<bool>,
}

/// Which fixes are made of a whole list.
#[derive(Debug, Clone, Default)]
pub struct FixAll {
    /// Those of these rules; where none is named, of all but what the LMS carries out and may be [`MEANT`].
    pub rules: Vec<String>,
    /// Only fixes that are certainly right.
    pub safe_only: bool,
}

/// Rules that tell what the LMS would do with a change that may well be meant.
const MEANT: [&str; 3] = ["person-missing", "membership-lost", "value-cleared"];

/// The fixes of a scope, put together.
pub struct Fixed {
    /// The edits, and their sentence.
    pub change: Change,
    /// How many of them are certain.
    pub safe: u32,
}

/// Fixes that were made.
pub struct Made {
    /// In the order in which they were made.
    pub edits: Vec<Edit>,
    /// What was done, a sentence for each rule, in the order of the rules.
    pub steps: Vec<String>,
    /// How many problems were mended: one fix may change several cells, and one cell mend several problems.
    pub problems: u32,
    asked_by: AskedBy,
}

impl Made {
    /// The codes of the rules that asked for an edit, by its place.
    pub fn asked_by(&self, edit: usize) -> impl Iterator<Item = &'static str> {
        self.asked_by.rules(edit).iter().map(|rule| RULES[usize::from(*rule)].code)
    }
}

/// What the fixes of a scope come to, which are not made. Whatever fails leaves the checker in doubt, also where it is
/// stopped; [`Worksheet::fix`](super::Worksheet::fix) can be.
pub fn fix(checker: &mut Checker, rule: u8, scope: &FixScope) -> Result<Fixed> {
    let fixed = make_fixes(checker, rule, scope, &|_| true, &mut Vec::new())?;
    let back: Vec<Edit> = fixed.change.edits.iter().rev().map(Edit::inverse).collect();
    checker.apply(&back)?;
    checker.flush();
    Ok(fixed)
}

/// Makes the fixes of a scope, for what one fix makes possible can only be told once it has been made. What was made when
/// it fails or is stopped is in `made`.
pub(super) fn make_fixes(
    checker: &mut Checker,
    rule: u8,
    scope: &FixScope,
    go_on: GoOn,
    made: &mut Vec<Edit>,
) -> Result<Fixed> {
    let meant = |checker: &Checker, go_on: GoOn| {
        let found = match scope.row {
            Some(row) => checker.findings(row),
            None => findings_of(checker, rule, go_on)?,
        };
        let context = checker.context();
        let found = found.into_iter().filter(|f| in_scope(f, scope));
        let found = found.filter_map(|finding| by_order(context, finding, scope.day_first));
        Ok(of_findings(found, scope.safe_only))
    };
    let mut rounds = Rounds::default();
    if let Err(failure) = rounds.make(checker, &meant, go_on) {
        *made = rounds.edits;
        return Err(failure);
    }
    let edits = joined(rounds.edits);
    let sentence = rounds.of_rule.get(&rule).map_or(String::new(), |of| of.sentence(rule, &edits));
    let general = general(checker, scope).into_iter().collect();
    Ok(Fixed { change: Change { sentence, edits, general }, safe: rounds.safe })
}

/// Makes every fix that is certain, as [`fix_all`] does where no rule is named. What was made when it fails or is stopped
/// is in `made`.
pub(super) fn make_safe_fixes(
    checker: &mut Checker,
    go_on: GoOn,
    made: &mut Vec<Edit>,
) -> Result<Fixed> {
    let asked = FixAll { safe_only: true, ..FixAll::default() };
    let mut rounds = Rounds::default();
    if let Err(failure) = rounds.make(checker, &|checker, go_on| asked.fixes(checker, go_on), go_on)
    {
        *made = rounds.edits;
        return Err(failure);
    }
    let edits = joined(rounds.edits);
    let sentence = match rounds.of_rule.iter().next() {
        Some((rule, of)) if rounds.of_rule.len() == 1 => of.sentence(*rule, &edits),
        _ => format!(
            "Make all safe fixes of {}: {}",
            counted(rounds.of_rule.len(), "check", "checks"),
            people(rows_of(&edits).len())
        ),
    };
    let step = |rule: &u8| Step::Fix {
        rule: RULES[usize::from(*rule)].code.to_owned(),
        column: None,
        value: None,
        safe_only: true,
    };
    let general = rounds.of_rule.keys().map(step).collect();
    Ok(Fixed { change: Change { sentence, edits, general }, safe: rounds.safe })
}

/// Whether a finding has a fix that is made with all others that are certain.
pub fn is_safely_fixed(finding: &Finding) -> bool {
    let asked = FixAll { safe_only: true, ..FixAll::default() };
    asked.wants(&finding.rule) && finding.fix.as_ref().is_some_and(|f| f.safety == Safety::Safe)
}

impl FixAll {
    fn wants(&self, rule: &str) -> bool {
        match self.rules.as_slice() {
            [] => !MEANT.contains(&rule),
            named => named.iter().any(|name| name == rule),
        }
    }

    fn fixes(&self, checker: &Checker, go_on: GoOn) -> Result<Fixes> {
        let wants = |rule: u8| self.wants(RULES[usize::from(rule)].code);
        let found = findings_where(checker, &wants, go_on)?;
        Ok(of_findings(found.into_iter(), self.safe_only))
    }
}

/// Makes the fixes of a whole list.
pub fn fix_all(checker: &mut Checker, asked: &FixAll, go_on: GoOn) -> Result<Made> {
    let mut rounds = Rounds::default();
    rounds.make(checker, &|checker, go_on| asked.fixes(checker, go_on), go_on)?;
    let Rounds { edits, asked_by, of_rule, made: problems, .. } = rounds;
    let step = |(rule, of): (u8, OfRule)| {
        let asked = edits.iter().enumerate().filter(|(at, _)| asked_by.rules(*at).contains(&rule));
        let edits = joined(asked.map(|(_, edit)| edit.clone()).collect());
        (!edits.is_empty()).then(|| of.sentence(rule, &edits))
    };
    let steps = of_rule.into_iter().filter_map(step).collect();
    Ok(Made { edits, steps, problems, asked_by })
}

/// The fixes that may be made now: safe ones as long as there are any, so that an unsafe one never goes before.
fn of_findings(found: impl Iterator<Item = Finding>, safe_only: bool) -> Fixes {
    let all = found.filter_map(|f| Some((rule_index(&f.rule)?, f.fix?)));
    let (safe, others): (Fixes, Fixes) = all.partition(|(_, fix)| fix.safety == Safety::Safe);
    if safe_only || !safe.is_empty() { safe } else { others }
}

/// Each with its rule.
type Fixes = Vec<(u8, Fix)>;

/// What was made in all rounds.
#[derive(Default)]
struct Rounds {
    edits: Vec<Edit>,
    asked_by: AskedBy,
    of_rule: BTreeMap<u8, OfRule>,
    /// How many fixes were made, and how many of them are certain.
    made: u32,
    safe: u32,
}

/// What one rule asked for and got.
#[derive(Default)]
struct OfRule {
    titles: BTreeSet<String>,
    /// The first person whom it is about, as they are named before anything is made of it.
    first: Option<(u32, String)>,
}

/// For each edit the rules that asked for it. There may be a million edits, and few different answers.
#[derive(Default)]
struct AskedBy {
    of_edits: Vec<u32>,
    different: Vec<Vec<u8>>,
}

impl AskedBy {
    fn rules(&self, edit: usize) -> &[u8] {
        let which = self.of_edits.get(edit).and_then(|at| self.different.get(*at as usize));
        which.map_or(&[], Vec::as_slice)
    }

    fn push(&mut self, rules: &[u8]) {
        let known = self.different.iter().position(|known| known == rules);
        let at = known.unwrap_or_else(|| {
            self.different.push(rules.to_vec());
            self.different.len() - 1
        });
        self.of_edits.push(narrow::place(at));
    }
}

impl Rounds {
    /// Makes the fixes that are meant, and those that become possible by them, until none is left.
    fn make(
        &mut self,
        checker: &mut Checker,
        meant: &dyn Fn(&Checker, GoOn) -> Result<Fixes>,
        go_on: GoOn,
    ) -> Result<()> {
        let look = || if go_on(0) { Ok(()) } else { Err(stopped()) };
        for _ in 0..MOST_ROUNDS {
            let fixes = meant(checker, &part_of(go_on, 0..FOUND, WHOLE))?;
            look()?;
            let roster = &checker.context().roster;
            let round = Round::of(roster, fixes.iter().map(|(_, fix)| fix.clone()));
            if round.edits.is_empty() {
                break;
            }
            look()?;
            self.note(roster, &round, &fixes);
            let making = part_of(go_on, FOUND..WHOLE, WHOLE);
            self.edits.extend(checker.apply_while(round.edits, &making)?);
            checker.flush_while(&|_| go_on(WHOLE))?;
        }
        Ok(())
    }

    /// Notes of a round that is about to be made who asked for each edit, and what each rule gets.
    fn note(&mut self, roster: &Roster, round: &Round, fixes: &Fixes) {
        let askers = Askers::of(fixes);
        for edit in &round.edits {
            let rules = askers.of_edit(edit);
            if let Edit::Set { row, .. } | Edit::Remove { row, .. } = edit {
                for rule in &rules {
                    let first = &mut self.of_rule.entry(*rule).or_default().first;
                    first.get_or_insert_with(|| (*row, who(roster, *row)));
                }
            }
            self.asked_by.push(&rules);
        }
        for (rule, fix) in round.made.iter().filter_map(|at| fixes.get(*at)) {
            let titles = &mut self.of_rule.entry(*rule).or_default().titles;
            if !titles.contains(&fix.title) {
                titles.insert(fix.title.clone());
            }
            self.made += 1;
            self.safe += u32::from(fix.safety == Safety::Safe);
        }
    }
}

/// Who asks for what in a round.
enum Askers<'f> {
    /// One rule for all of it.
    One(u8),
    Several(FxHashMap<Place, Vec<(u8, &'f Edit)>>),
}

impl Askers<'_> {
    fn of(fixes: &Fixes) -> Askers<'_> {
        if let Some((one, _)) = fixes.first()
            && fixes.iter().all(|(rule, _)| rule == one)
        {
            return Askers::One(*one);
        }
        let mut asked: FxHashMap<Place, Vec<(u8, &Edit)>> = FxHashMap::default();
        for (rule, fix) in fixes {
            for edit in &fix.edits {
                asked.entry(Place::of(edit)).or_default().push((*rule, edit));
            }
        }
        Askers::Several(asked)
    }

    /// Of two rules that ask for different things of one cell, the one that got its way.
    fn of_edit(&self, edit: &Edit) -> Vec<u8> {
        let asked = match self {
            Askers::One(rule) => return vec![*rule],
            Askers::Several(asked) => asked,
        };
        let all = asked.get(&Place::of(edit)).map_or(&[][..], Vec::as_slice);
        let mut rules: Vec<u8> = Vec::new();
        for (rule, asked) in all {
            let same = *asked == edit || !matches!(asked, Edit::Set { .. });
            if same && !rules.contains(rule) {
                rules.push(*rule);
            }
        }
        rules
    }
}

impl OfRule {
    /// "Fix 7 people: `Markting` → `Marketing`".
    fn sentence(&self, rule: u8, edits: &[Edit]) -> String {
        let rows = rows_of(edits);
        let what = match self.titles.first() {
            Some(title) if self.titles.len() == 1 => title.as_str(),
            _ => RULES[usize::from(rule)].title,
        };
        let sets = edits.iter().any(|edit| matches!(edit, Edit::Set { .. }));
        let whom = match (&self.first, rows.len()) {
            (Some((row, name)), 1) if sets && rows.contains(row) => name.clone(),
            (_, 0) => "the column names".into(),
            (_, count) => people(count),
        };
        format!("Fix {whom}: {what}")
    }
}

/// What an edit is about, to tell who asked for it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A cell, by row and column.
    Cell(u32, u32),
    /// Somebody who is taken out.
    Row(u32),
    /// The name of a column.
    Name(u32),
    /// The order of the columns.
    Order,
    /// A column of this name that comes or goes.
    Column(String),
    /// Somebody with these cells who is put in.
    Somebody(Vec<String>),
}

impl Place {
    /// What an edit is about.
    pub fn of(edit: &Edit) -> Place {
        match edit {
            Edit::Set { row, column, .. } => Place::Cell(*row, *column),
            Edit::Remove { row, .. } => Place::Row(*row),
            Edit::Rename { column, .. } => Place::Name(*column),
            Edit::Move { .. } => Place::Order,
            Edit::Add { name, .. } | Edit::Drop { name, .. } => Place::Column(name.clone()),
            Edit::Insert { cells, .. } => Place::Somebody(cells.clone()),
        }
    }
}

/// Every finding of a rule: of the whole first, then by row in the order of the file.
pub fn findings_of(checker: &Checker, rule: u8, go_on: GoOn) -> Result<Vec<Finding>> {
    findings_where(checker, &|other| other == rule, go_on)
}

/// The findings of some rules, those of the whole first. `go_on` is told thousandths.
fn findings_where(
    checker: &Checker,
    wants: &(dyn Fn(u8) -> bool + Sync),
    go_on: GoOn,
) -> Result<Vec<Finding>> {
    const MANY: usize = 1 << 10;
    let has = |row: &u32| checker.marks(*row).iter().any(|mark| wants(mark.rule));
    let rows: Vec<u32> = checker.context().roster.table.rows().filter(has).collect();
    let is_wanted = |finding: &Finding| rule_index(&finding.rule).is_some_and(wants);
    let of_rows = |rows: &[u32]| -> Vec<Finding> {
        rows.iter().flat_map(|row| checker.findings(*row)).filter(is_wanted).collect()
    };
    let (told, done) = (part_of(go_on, 0..WHOLE, rows.len()), AtomicUsize::new(0));
    let found = rows
        .par_chunks(MANY)
        .map(|rows| told(done.fetch_add(rows.len(), Relaxed)).then(|| of_rows(rows)));
    let found = found.collect::<Option<Vec<_>>>().ok_or_else(stopped)?;
    let mut all = checker.findings_of_the_whole();
    all.retain(is_wanted);
    all.extend(found.into_iter().flatten());
    Ok(all)
}

/// A finding as it is fixed once the order of its column's dates was said: only those that this decides.
fn by_order(context: &CheckContext, mut finding: Finding, said: Option<bool>) -> Option<Finding> {
    if let Some(day_first) = said {
        finding.fix = Some(EitherWay::of(context, &finding)?.fix(context, day_first));
    }
    Some(finding)
}

fn in_scope(finding: &Finding, scope: &FixScope) -> bool {
    finding.rule == scope.rule
        && scope.value.as_ref().is_none_or(|value| finding.value == *value)
        && (scope.row.is_none() || finding.row == scope.row)
        && (scope.column.is_none() || finding.column == scope.column)
}

/// A fix of one person's cell is meant for that person.
fn general(checker: &Checker, scope: &FixScope) -> Option<Step> {
    // Which order the dates of another file have is a question of that file.
    if scope.row.is_some() || scope.day_first.is_some() {
        return None;
    }
    let columns = &checker.context().roster.columns;
    let name = |at: u32| columns.get(at as usize).map(|c| c.name.clone());
    Some(Step::Fix {
        rule: scope.rule.clone(),
        column: scope.column.and_then(name),
        value: scope.value.clone(),
        safe_only: scope.safe_only,
    })
}
