//! What would happen to one person.

use std::borrow::Cow;

use super::assignment::landing;
use super::cells::{CellOutcome, Kind, cell_outcome, of_new, passed_over};
use super::changed_there::Standing;
use super::column_rules::{ColumnRule, Unreached, column_rules};
use super::errors::BlockingErrors;
use super::protected::{Protected, ProtectedPeople};
use super::renamed;
use super::{
    Action, ByHand, CellPlan, Only, PersonPlan, PlannedPerson, SentColumn, header_in_lms, known_by,
    sent_columns,
};
use muster_roster::profile::{Choices, Field, KeyGiver, NotFor, OnErrors, Policy, PolicyId};
use muster_roster::roster::Roster;
use muster_rules::checker::Checker;
use muster_rules::rules::{SamePerson, rule_index};
use rustc_hash::{FxHashMap, FxHashSet};

use muster_roster::diff::{Columns, Match, Pairing};
use muster_table::narrow;

/// Everything that is needed to say what happens to one person.
pub(super) struct Planner<'a> {
    pub checker: &'a Checker,
    pub roster: &'a Roster,
    pub snapshot: Option<&'a Roster>,
    pub choices: &'a Choices,
    pub only: Only,
    pub errors: OnErrors,
    pub column_rules: Vec<ColumnRule<'a>>,
    /// What an upload file has, from left to right.
    pub sent_columns: Vec<SentColumn>,
    pub columns: Columns,
    pub pairing: Pairing,
    /// Who stands in the roster under another key than the LMS has, by row: they are paired all the same.
    pub renamed: FxHashMap<u32, SamePerson>,
    /// Rows in which nothing stands, or that are told as a title, a total or the like: nobody, of whom nothing is sent.
    pub blank: FxHashSet<u32>,
    pub blocking: BlockingErrors,
    /// Who is not taken away.
    pub protected: ProtectedPeople,
    /// What somebody else changed there.
    pub there: Standing,
    /// Places in `column_rules` of columns that may matter even where nothing differs.
    passwords: Vec<usize>,
}

/// What happens to somebody, and what it adds to the effects.
pub(super) struct PersonOutcome {
    pub planned: PlannedPerson,
    pub by_hand: Vec<ByHand>,
    pub cell_outcomes: Vec<(usize, Kind)>,
    pub resets: bool,
    /// Loses a group or role.
    pub loses: bool,
    /// Carries another key than the snapshot knows this person by.
    pub key_changed: bool,
    /// Active people more or fewer.
    pub seats: i32,
}

impl<'a> Planner<'a> {
    pub fn new(
        checker: &'a Checker,
        choices: &'a Choices,
        only: Only,
        protected: &Protected,
    ) -> Planner<'a> {
        let context = checker.context();
        let roster = &context.roster;
        let snapshot = context.snapshot.as_ref();
        let (mut pairing, columns) = match snapshot {
            Some(snapshot) => (Pairing::of(snapshot, roster), Columns::of(snapshot, roster)),
            None => (Pairing::all_unmatched(roster), Columns::default()),
        };
        let renamed = renamed::pair(checker, &mut pairing);
        let no_person = rule_index("row-not-a-person");
        let keyless = pairing.new.iter().zip(roster.table.rows());
        let keyless = keyless.filter(|(found, _)| !matches!(found, Match::Row(_)));
        // Whoever is told as no person is never made one, title or total; what was let stand is somebody.
        let is_told =
            |row: &u32| checker.marks(*row).iter().any(|mark| Some(mark.rule) == no_person);
        let is_no_row = |row: &u32| roster.is_blank(*row) || is_told(row);
        let blank = keyless.map(|(_, row)| row).filter(is_no_row).collect();
        let column_rules = column_rules(roster, snapshot, &columns, choices);
        let secret = |(_, column_rule): &(usize, &ColumnRule)| column_rule.column.is_password();
        let passwords = column_rules.iter().enumerate().filter(secret).map(|(n, _)| n).collect();
        Planner {
            checker,
            roster,
            snapshot,
            choices,
            only,
            errors: choices.errors.unwrap_or(roster.profile.errors),
            column_rules,
            sent_columns: sent_columns(roster, snapshot, &columns, choices),
            columns,
            pairing,
            renamed,
            blank,
            blocking: BlockingErrors::new(),
            protected: ProtectedPeople::of(protected, &roster.profile),
            there: Standing::default(),
            passwords,
        }
    }

    pub fn lms(&self) -> &str {
        self.roster.profile.called()
    }

    /// The roster's people, and the snapshot's whom it does not have. A blank row is nobody.
    pub fn everybody(&self) -> u32 {
        let rows = self.roster.table.len() - self.blank.len();
        narrow::count(rows) + narrow::count(self.pairing.absent().count())
    }

    /// Choices that the profile asks for and nobody has made.
    pub fn open_choices(&self) -> impl Iterator<Item = &Policy> {
        let open = |p: &&Policy| p.has_to_be_answered() && self.choices.answer_to(p).is_none();
        self.roster.profile.policies.iter().filter(open)
    }

    /// What happens to the person at a place in the roster's order; none where nothing does.
    pub fn person(&self, at: usize) -> Option<PersonOutcome> {
        let row = self.roster.table.row_at(at)?;
        let found = *self.pairing.new.get(at)?;
        if self.blank.contains(&row) {
            return None;
        }
        if let Some(why) = self.not_renamed(row, found) {
            return Some(self.blocked(row, why));
        }
        let outcome = match found {
            Match::Row(was) => self.with_import_groups(row, was, self.known(row, was)),
            Match::Unmatched if self.lms_gives_keys() => {
                let key = self.roster.key_text(row);
                Some(self.blocked(row, format!("{} never gave the key `{key}`", self.lms())))
            }
            Match::Unmatched => Some(self.new_person(row)),
            Match::Blank if self.lms_gives_keys() => Some(self.new_person(row)),
            Match::Blank => Some(self.blocked(row, self.why_nobody())),
            Match::Repeated => {
                let key = self.roster.key_text(row);
                let here = self.roster.rows_of_key(&key).nth(1).is_some();
                let place = if here { "the roster" } else { "the snapshot" };
                Some(self.blocked(row, format!("`{key}` stands on more than one row of {place}")))
            }
        };
        let sent = match &outcome {
            None => self.only == Only::All,
            Some(v) => match v.planned.person.action {
                Action::Ignored | Action::Same => self.only == Only::All,
                _ => true,
            },
        };
        if !sent {
            return outcome;
        }
        self.with_errors(row, found, outcome)
    }

    fn why_nobody(&self) -> String {
        let Some(key) = self.roster.key else {
            return "no column says who this is".to_owned();
        };
        let title = self.roster.field(key).map(|f| f.title.to_lowercase());
        format!("has no {}", title.unwrap_or_else(|| self.roster.columns[key].name.clone()))
    }

    /// Keys are the LMS's own: a new person has none, and one that it does not know was made up here.
    fn lms_gives_keys(&self) -> bool {
        self.roster.profile.key.given_by == KeyGiver::Lms
    }

    /// Whether a column of the roster is in the file for the LMS.
    pub fn is_sent(&self, column: usize) -> bool {
        self.sent_columns.iter().any(|sent| sent.of_roster == Some(column))
    }

    /// What the LMS itself calls a column.
    pub fn in_lms(&self, column: usize) -> String {
        header_in_lms(self.roster, self.snapshot, &self.columns, column).to_owned()
    }

    pub fn where_by_hand(&self, column: usize) -> String {
        let of_key = || self.roster.profile.key.by_hand.clone();
        let own = if Some(column) == self.roster.key { of_key() } else { None };
        let own = own.or_else(|| self.roster.field(column).and_then(|f| f.by_hand.clone()));
        own.unwrap_or_else(|| format!("the person's own page in {}", self.lms()))
    }

    fn outcome(&self, row: u32, action: Action, why: String) -> PersonOutcome {
        PersonOutcome {
            planned: PlannedPerson {
                person: PersonPlan {
                    key: self.roster.key_text(row).into_owned(),
                    name: self.roster.name(row),
                    line: self.roster.table.line(row),
                    row: Some(row),
                    action,
                    why,
                    cells: Vec::new(),
                },
                was: None,
                as_before: Vec::new(),
                renamed_by_file: false,
                held_by: 0,
            },
            by_hand: Vec::new(),
            cell_outcomes: Vec::new(),
            resets: false,
            loses: false,
            key_changed: false,
            seats: 0,
        }
    }

    pub fn blocked(&self, row: u32, why: String) -> PersonOutcome {
        self.outcome(row, Action::Blocked, why)
    }

    fn new_person(&self, row: u32) -> PersonOutcome {
        if let Some(field) = self.roster.lacking_for_new().next() {
            let header = field.headers.first().unwrap_or(&field.title);
            let why = self.roster.why_lacking(field);
            let lms = self.lms();
            return self.blocked(row, format!("{lms} needs `{header}` of somebody new, and {why}"));
        }
        let why = match self.snapshot {
            Some(snapshot) if snapshot.table.is_empty() => {
                format!("new: {} has nobody yet", self.lms())
            }
            Some(_) => "new: the snapshot does not have this person".to_owned(),
            None => "there is no snapshot, so this may be somebody new".to_owned(),
        };
        let mut outcome = self.outcome(row, Action::Create, why);
        outcome.seats = 1;
        for column_rule in &self.column_rules {
            let after = self.sent(column_rule, row);
            if column_rule.is_inactive(&after) == Some(true) {
                outcome.seats = 0;
            }
            let mut cell = of_new(column_rule, self.lms(), &after)
                .or_else(|| self.stands_in(column_rule, row));
            if let (Some(cell), Some(not_for)) =
                (&mut cell, self.not_for(column_rule, &|other| self.sent(other, row)))
            {
                cell.result.clear();
                cell.why = Some(format!("{} {}", self.lms(), not_for.says));
            }
            if let (Some(cell), Some(field)) = (&mut cell, self.never_by_file(column_rule)) {
                cell.result.clear();
                cell.why = Some("no file does this: it is to be done by hand".to_owned());
                let nothing = field.nothing.iter().any(|w| w.eq_ignore_ascii_case(after.trim()));
                let by_hand = self.by_hand_of_new(row, column_rule, &after);
                outcome.by_hand.extend((!nothing).then_some(by_hand));
            }
            let is_secret = column_rule.column.is_secret();
            let lacks = matches!(column_rule.unreached, Some(Unreached::Template(_)));
            if cell.is_some() && lacks && !is_secret {
                outcome.planned.as_before.push(narrow::place(column_rule.column.at));
                let shown = cell.as_ref().map(|cell| cell.after.clone()).unwrap_or_default();
                outcome.by_hand.push(self.by_hand_of_new(row, column_rule, &shown));
            }
            outcome.planned.person.cells.extend(cell);
        }
        let filled = self.filled_for_new();
        let groups = self.import_groups(None);
        let lands = self.lands(row);
        outcome.planned.person.cells.extend(filled.chain(groups).chain(lands));
        outcome
    }

    /// What somebody new is sent in columns that the file lacks.
    fn filled_for_new(&self) -> impl Iterator<Item = CellPlan> {
        let sent = self.sent_columns.iter().filter(|sent| sent.of_roster.is_none());
        sent.filter_map(|sent| {
            let value = self.roster.profile.fields.get(sent.field?)?.of_newcomer()?;
            Some(CellPlan {
                column: None,
                title: sent.header.clone(),
                before: String::new(),
                after: String::new(),
                result: value.to_owned(),
                why: Some("the file has no such column, and whoever is new is active".to_owned()),
                may: Vec::new(),
            })
        })
    }

    fn never_by_file(&self, column_rule: &ColumnRule<'a>) -> Option<&'a Field> {
        let by_file = self.roster.profile.sent_by.is_none();
        column_rule.field.filter(|field| field.never_by_file && by_file)
    }

    fn by_hand_of_new(&self, row: u32, column_rule: &ColumnRule, value: &str) -> ByHand {
        let name = self.roster.name(row);
        ByHand {
            key: self.roster.key_text(row).into_owned(),
            name: if name == self.roster.key_text(row) { String::new() } else { name },
            known_by: known_by(self.roster, row),
            column: self.in_lms(column_rule.column.at),
            before: String::new(),
            value: value.to_owned(),
            r#where: self.where_by_hand(column_rule.column.at),
        }
    }

    /// The groups that come with the import, which are no column of it.
    fn import_groups(&self, before: Option<&str>) -> Option<CellPlan> {
        let title = &self.roster.profile.policy(PolicyId::ImportGroups)?.title;
        let groups = self.choices.import_groups.join("; ");
        (!groups.is_empty()).then(|| CellPlan {
            column: None,
            title: title.clone(),
            before: before.unwrap_or_default().to_owned(),
            after: groups.clone(),
            result: groups,
            why: before.map(|_| "beside the groups that this person has".to_owned()),
            may: Vec::new(),
        })
    }

    /// Somebody who exists and is in the file gets the groups of the import too.
    fn with_import_groups(
        &self,
        row: u32,
        was: u32,
        outcome: Option<PersonOutcome>,
    ) -> Option<PersonOutcome> {
        if self.only != Only::All || self.choices.import_groups.is_empty() {
            return outcome;
        }
        let mut outcome =
            outcome.unwrap_or_else(|| self.outcome(row, Action::Update, String::new()));
        outcome.planned.was = Some(was);
        if matches!(outcome.planned.person.action, Action::Ignored | Action::Update) {
            outcome.planned.person.action = Action::Update;
            outcome.planned.person.why = "gets the groups of this import".to_owned();
        }
        outcome.planned.person.cells.extend(self.import_groups(Some("")));
        Some(outcome)
    }

    /// Where the LMS's own rules put somebody new.
    fn lands(&self, row: u32) -> Option<CellPlan> {
        let rules = &self.choices.assignment;
        if rules.is_empty() {
            return None;
        }
        let (group, why) = match landing(rules, self.roster, &|column| self.is_sent(column), row) {
            Some(landing) => (landing.group.to_owned(), format!("by rule {}", landing.rule)),
            None => (String::new(), "no rule fits".to_owned()),
        };
        Some(CellPlan {
            column: None,
            title: "Group".to_owned(),
            before: String::new(),
            after: group.clone(),
            result: group,
            why: Some(why),
            may: Vec::new(),
        })
    }

    /// The value that the LMS takes for a key that is blank.
    fn stands_in(&self, column_rule: &ColumnRule, row: u32) -> Option<CellPlan> {
        let is_key = Some(column_rule.column.at) == self.roster.key;
        if !is_key || self.lms_gives_keys() || self.roster.key_fallback.is_none() {
            return None;
        }
        let result = self.roster.key_text(row).into_owned();
        let from = self.roster.called(self.roster.key_fallback?);
        Some(CellPlan {
            column: Some(narrow::place(column_rule.column.at)),
            title: column_rule.column.name.clone(),
            before: String::new(),
            after: String::new(),
            result,
            why: Some(format!("blank, so {} takes the {from}", self.lms())),
            may: Vec::new(),
        })
    }

    /// What the upload says, which has no apostrophe of the export.
    fn sent(&self, column_rule: &ColumnRule, row: u32) -> Cow<'_, str> {
        let cell = self.without_guard(self.roster.table.cell(row, column_rule.column.at));
        self.or_nothing(column_rule, cell)
    }

    /// A cell; nothing, where that is what the LMS's export means by its word.
    fn or_nothing<'c>(&self, column_rule: &ColumnRule, cell: Cow<'c, str>) -> Cow<'c, str> {
        match self.roster.is_no_value(column_rule.column, &cell) {
            true => Cow::Borrowed(""),
            false => cell,
        }
    }

    fn without_guard<'c>(&self, cell: Cow<'c, str>) -> Cow<'c, str> {
        let form = &self.roster.profile.file;
        match cell {
            Cow::Borrowed(cell) => Cow::Borrowed(form.without_guard(cell)),
            Cow::Owned(cell) => Cow::Owned(form.without_guard(&cell).to_owned()),
        }
    }

    /// Why the LMS does not take a field of a person whose other fields say something.
    fn not_for<'t, 'c>(
        &self,
        column_rule: &ColumnRule<'t>,
        says: &dyn Fn(&ColumnRule<'a>) -> Cow<'c, str>,
    ) -> Option<&'t NotFor> {
        let not_for = column_rule.field?.not_for.as_ref()?;
        let is_other = |t: &&ColumnRule<'a>| t.field.is_some_and(|f| f.id == not_for.field);
        let other = says(self.column_rules.iter().find(is_other)?);
        other.trim().eq_ignore_ascii_case(&not_for.word).then_some(not_for)
    }

    fn known(&self, row: u32, was: u32) -> Option<PersonOutcome> {
        let snapshot = self.snapshot?;
        let is_as_before = self.checker.context().is_as_before(row, was)
            || self.columns.same_bytes(snapshot, was, self.roster, row);
        if is_as_before && !self.has_password(row) {
            return None;
        }
        let kept = self.kept_for_key(snapshot, row, was);
        let mut cell_outcomes = self.cell_outcomes(snapshot, was, row);
        self.rename_by_hand(&kept, &mut cell_outcomes);
        if cell_outcomes.is_empty() && kept.is_empty() {
            return None;
        }
        let mut outcome = self.outcome(row, Action::Update, String::new());
        // A report may have no names; the LMS has.
        let person = &mut outcome.planned.person;
        if person.name == person.key || person.name.is_empty() {
            person.name = snapshot.name(was);
        }
        outcome.planned.was = Some(was);
        outcome.planned.as_before.extend(Planner::places(&kept));
        let takes_effect =
            |kind: Kind| matches!(kind, Kind::Changes | Kind::Unknown | Kind::Resets);
        let acts = cell_outcomes.iter().any(|(_, cell_outcome)| takes_effect(cell_outcome.kind));
        outcome.planned.person.action = self
            .status(snapshot, was, row, &cell_outcomes)
            .unwrap_or(if acts { Action::Update } else { Action::Ignored });
        outcome.seats = match outcome.planned.person.action {
            Action::Deactivate => -1,
            Action::Reactivate => 1,
            _ => 0,
        };
        outcome.planned.person.why = self.why(&cell_outcomes, acts);
        if let Some(same) = self.renamed.get(&row) {
            let why = &mut outcome.planned.person.why;
            *why = format!("{}; {why}", self.renamed_why(row, same));
            outcome.planned.person.key = snapshot.key_text(was).into_owned();
            outcome.planned.renamed_by_file = self.renames_by_file();
            outcome.key_changed = true;
        }
        for (n, mut cell_outcome) in cell_outcomes {
            if let Some(whom) = self.choices.passes_over(&self.roster.profile) {
                cell_outcome.perhaps_passed_over(self.lms(), whom);
            }
            let column = self.column_rules[n].column;
            if cell_outcome.kind == Kind::ByHand {
                let place = narrow::place(column.at);
                if !outcome.planned.as_before.contains(&place) {
                    outcome.planned.as_before.push(place);
                }
                outcome.by_hand.push(self.by_hand((row, was), n, &cell_outcome));
            }
            outcome.resets |= cell_outcome.kind == Kind::Resets;
            outcome.loses |= cell_outcome.loses;
            outcome.cell_outcomes.push((n, cell_outcome.kind));
            outcome.planned.person.cells.push(cell_outcome.cell);
        }
        Some(outcome)
    }

    fn why(&self, cell_outcomes: &[(usize, CellOutcome)], acts: bool) -> String {
        if acts {
            let acting =
                cell_outcomes.iter().filter(|(_, f)| !matches!(f.kind, Kind::Kept | Kind::ByHand));
            let called = acting.map(|(n, _)| self.roster.called(self.column_rules[*n].column.at));
            return format!("changes {}", called.collect::<Vec<_>>().join(", "));
        }
        match cell_outcomes.iter().find_map(|(_, f)| f.cell.why.as_deref()) {
            Some(first) => format!("nothing is sent: {first}"),
            None => "nothing else is to be sent".to_owned(),
        }
    }

    fn has_password(&self, row: u32) -> bool {
        self.passwords.iter().any(|&n| {
            let column_rule = &self.column_rules[n];
            cell_outcome(column_rule, "", "", &self.roster.table.cell(row, column_rule.column.at))
                .is_some()
        })
    }

    /// What becomes of each cell that differs.
    fn cell_outcomes(&self, snapshot: &Roster, was: u32, row: u32) -> Vec<(usize, CellOutcome)> {
        let mut cell_outcomes: Vec<(usize, CellOutcome)> = Vec::new();
        for (n, column_rule) in self.column_rules.iter().enumerate() {
            let before = column_rule.was.map_or(Cow::Borrowed(""), |c| snapshot.table.cell(was, c));
            let before = self.or_nothing(column_rule, self.without_guard(before));
            let after = self.sent(column_rule, row);
            let after = column_rule.field.map_or(after.clone(), |f| f.spelt_as(&before, after));
            let secret = column_rule.column.is_password();
            if !secret
                && (before == after || !self.says_something_else(column_rule, &before, &after))
            {
                continue;
            }
            cell_outcomes.extend(
                cell_outcome(column_rule, self.lms(), &before, &after)
                    .map(|cell_outcome| (n, cell_outcome)),
            );
        }
        self.passed_over(row, &mut cell_outcomes);
        self.alone_by_hand(&mut cell_outcomes);
        cell_outcomes
    }

    fn says_something_else(&self, column_rule: &ColumnRule, before: &str, after: &str) -> bool {
        // A key that is written in another case or is left to the fallback is the same key, and goes as the LMS has it.
        if Some(column_rule.column.at) == self.roster.key {
            let same = self.roster.key_form(before) == self.roster.key_form(after);
            if same || after.trim().is_empty() {
                return false;
            }
        }
        let pair = self.columns.pairs.iter().find(|t| t.new == column_rule.column.at);
        pair.is_none_or(|t| t.differs(before, after))
    }

    /// Some fields are not taken of everybody.
    fn passed_over(&self, row: u32, cell_outcomes: &mut [(usize, CellOutcome)]) {
        for at in 0..cell_outcomes.len() {
            let column_rule = &self.column_rules[cell_outcomes[at].0];
            let says = |other: &ColumnRule| {
                let by_hand = cell_outcomes.iter().find(|(n, cell_outcome)| {
                    self.column_rules[*n].column.at == other.column.at
                        && cell_outcome.kind == Kind::ByHand
                });
                by_hand.map_or_else(
                    || self.sent(other, row),
                    |(_, cell_outcome)| Cow::Owned(cell_outcome.cell.before.clone()),
                )
            };
            let Some(not_for) = self.not_for(column_rule, &says) else { continue };
            let cell = &cell_outcomes[at].1.cell;
            // What an import passes over, a call of its own takes away.
            if self.roster.profile.sent_by.is_some() && cell.after.trim().is_empty() {
                continue;
            }
            let why = format!("{} {}", self.lms(), not_for.says);
            cell_outcomes[at].1 = passed_over(column_rule, why, &cell.before, &cell.after);
        }
    }

    /// Some fields are carried out only along with a change of another.
    fn alone_by_hand(&self, cell_outcomes: &mut [(usize, CellOutcome)]) {
        let rides =
            |n: usize| self.column_rules[n].field.is_some_and(|f| f.only_with_other_changes);
        let acts = |kind: Kind| matches!(kind, Kind::Changes | Kind::Resets);
        let carried =
            cell_outcomes.iter().any(|(n, cell_outcome)| !rides(*n) && acts(cell_outcome.kind));
        if carried {
            return;
        }
        for (n, cell_outcome) in cell_outcomes.iter_mut().filter(|(n, _)| rides(*n)) {
            if matches!(cell_outcome.kind, Kind::Changes | Kind::Unknown) {
                cell_outcome.kind = Kind::ByHand;
                cell_outcome.loses = false;
                cell_outcome.cell.result.clone_from(&cell_outcome.cell.before);
                let title = self.column_rules[*n].field.map_or("this", |f| f.title.as_str());
                cell_outcome.cell.why = Some(format!("no file changes “{title}” and nothing else"));
            }
        }
    }

    fn by_hand(&self, (row, was): (u32, u32), n: usize, cell_outcome: &CellOutcome) -> ByHand {
        let column_rule = &self.column_rules[n];
        let (name, known_by) = self.before(was);
        let key = match self.renamed.contains_key(&row) {
            true => self.snapshot.map_or(Cow::Borrowed(""), |s| s.key_text(was)),
            false => self.roster.key_text(row),
        };
        let column = column_rule.column.at;
        let place = self.where_by_hand(column);
        // Nobody is to copy a slip into the LMS.
        let place = match Some(column) == self.roster.key && self.is_mistyped(row, was) {
            true => format!(
                "only if it is meant: it looks like `{}` mistyped, which is to be put right in the list; {place}",
                cell_outcome.cell.before
            ),
            false => place,
        };
        ByHand {
            key: key.into_owned(),
            name,
            known_by,
            column: self.in_lms(column_rule.column.at),
            before: cell_outcome.cell.before.clone(),
            value: cell_outcome.cell.after.clone(),
            r#where: place,
        }
    }

    /// What the LMS calls somebody until it is told otherwise.
    pub fn before(&self, was: u32) -> (String, String) {
        let Some(snapshot) = self.snapshot else { return Default::default() };
        let name = snapshot.name(was);
        let nameless = name == snapshot.key_text(was);
        (if nameless { String::new() } else { name }, known_by(snapshot, was))
    }

    /// Whether somebody stops or starts being active.
    fn status(
        &self,
        old: &Roster,
        was: u32,
        row: u32,
        cell_outcomes: &[(usize, CellOutcome)],
    ) -> Option<Action> {
        for (n, _) in cell_outcomes.iter().filter(|(_, f)| f.kind == Kind::Changes) {
            let column_rule = &self.column_rules[*n];
            let before = column_rule.was.map_or(Cow::Borrowed(""), |c| old.table.cell(was, c));
            let after = self.roster.table.cell(row, column_rule.column.at);
            match (column_rule.is_inactive(&before), column_rule.is_inactive(&after)) {
                (Some(false), Some(true)) => return Some(Action::Deactivate),
                (Some(true), Some(false)) => return Some(Action::Reactivate),
                _ => {}
            }
        }
        None
    }
}
