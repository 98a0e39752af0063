//! What would happen to one person.

use std::borrow::Cow;

use super::assignment::landing;
use super::cells::{Fate, Kind, fate, of_new, passed_over};
use super::errors::Grave;
use super::terms::{Term, terms};
use super::{Action, ByHand, CellPlan, Only, PersonPlan, Planned, known_by};
use muster_roster::profile::{Choices, KeyGiver, NotFor, OnErrors, Policy, PolicyId};
use muster_roster::roster::Roster;
use muster_rules::checker::Checker;

use muster_roster::diff::{Columns, Match, Pairing};
use muster_table::narrow;

/// Everything that is needed to say what happens to one person.
pub(super) struct Judge<'a> {
    pub checker: &'a Checker,
    pub roster: &'a Roster,
    pub snapshot: Option<&'a Roster>,
    pub choices: &'a Choices,
    pub only: Only,
    pub errors: OnErrors,
    pub terms: Vec<Term<'a>>,
    pub columns: Columns,
    pub pairing: Pairing,
    pub grave: Grave,
    /// Places in `terms` of columns that may matter even where nothing differs.
    passwords: Vec<usize>,
}

/// What happens to somebody, and what it adds to the effects.
pub(super) struct Verdict {
    pub planned: Planned,
    pub by_hand: Vec<ByHand>,
    pub fates: Vec<(usize, Kind)>,
    pub resets: bool,
    /// Loses a group or role.
    pub loses: bool,
    /// Carries another key than the snapshot knows this person by.
    pub key_changed: bool,
    /// Active people more or fewer.
    pub seats: i32,
}

impl<'a> Judge<'a> {
    pub fn new(checker: &'a Checker, choices: &'a Choices, only: Only) -> Judge<'a> {
        let scene = checker.scene();
        let roster = &scene.roster;
        let snapshot = scene.snapshot.as_ref();
        let (pairing, columns) = match snapshot {
            Some(snapshot) => (Pairing::of(snapshot, roster), Columns::of(snapshot, roster)),
            None => (Pairing::of_strangers(roster), Columns::default()),
        };
        let terms = terms(roster, &columns, choices);
        let secret = |(_, term): &(usize, &Term)| term.column.is_secret();
        let passwords = terms.iter().enumerate().filter(secret).map(|(n, _)| n).collect();
        Judge {
            checker,
            roster,
            snapshot,
            choices,
            only,
            errors: choices.errors.unwrap_or(roster.profile.errors),
            terms,
            columns,
            pairing,
            grave: Grave::new(),
            passwords,
        }
    }

    pub fn lms(&self) -> &str {
        self.roster.profile.called()
    }

    /// The roster's people, and the snapshot's whom it does not have.
    pub fn everybody(&self) -> u32 {
        narrow::count(self.roster.table.len()) + narrow::count(self.pairing.absent().count())
    }

    /// Choices that the profile asks for and nobody has made.
    pub fn open_choices(&self) -> impl Iterator<Item = &Policy> {
        let open = |p: &&Policy| p.has_to_be_answered() && self.choices.answer_to(p).is_none();
        self.roster.profile.policies.iter().filter(open)
    }

    /// What happens to the person at a place in the roster's order; none where nothing does.
    pub fn person(&self, at: usize) -> Option<Verdict> {
        let row = self.roster.table.row_at(at)?;
        let found = *self.pairing.new.get(at)?;
        let verdict = match found {
            Match::Row(was) => self.with_import_groups(row, was, self.known(row, was)),
            Match::Stranger if self.lms_gives_keys() => {
                let key = self.roster.key_text(row);
                Some(self.blocked(row, format!("{} never gave the key `{key}`", self.lms())))
            }
            Match::Stranger => Some(self.new_person(row)),
            Match::Blank if self.lms_gives_keys() => Some(self.new_person(row)),
            Match::Blank => Some(self.blocked(row, self.why_nobody())),
            Match::Repeated => {
                let key = self.roster.key_text(row);
                let here = self.roster.rows_of_key(&key).nth(1).is_some();
                let place = if here { "the roster" } else { "the snapshot" };
                Some(self.blocked(row, format!("`{key}` stands on more than one row of {place}")))
            }
        };
        let sent = match &verdict {
            None => self.only == Only::All,
            Some(v) => match v.planned.person.action {
                Action::Ignored | Action::Same => self.only == Only::All,
                _ => true,
            },
        };
        if !sent {
            return verdict;
        }
        self.with_errors(row, found, verdict)
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

    pub fn where_by_hand(&self, column: usize) -> String {
        let of_key = || self.roster.profile.key.by_hand.clone();
        let own = if Some(column) == self.roster.key { of_key() } else { None };
        let own = own.or_else(|| self.roster.field(column).and_then(|f| f.by_hand.clone()));
        own.unwrap_or_else(|| format!("the person's own page in {}", self.lms()))
    }

    fn verdict(&self, row: u32, action: Action, why: String) -> Verdict {
        Verdict {
            planned: Planned {
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
            },
            by_hand: Vec::new(),
            fates: Vec::new(),
            resets: false,
            loses: false,
            key_changed: false,
            seats: 0,
        }
    }

    pub fn blocked(&self, row: u32, why: String) -> Verdict {
        self.verdict(row, Action::Blocked, why)
    }

    fn new_person(&self, row: u32) -> Verdict {
        let why = match self.snapshot {
            Some(_) => "new: the snapshot does not have this person".to_owned(),
            None => "there is no snapshot, so this may be somebody new".to_owned(),
        };
        let mut verdict = self.verdict(row, Action::Create, why);
        verdict.seats = 1;
        for term in &self.terms {
            let after = self.sent(term, row);
            if term.is_inactive(&after) == Some(true) {
                verdict.seats = 0;
            }
            let mut cell = of_new(term, self.lms(), &after).or_else(|| self.stands_in(term, row));
            if let (Some(cell), Some(not_for)) =
                (&mut cell, self.not_for(term, &|other| self.sent(other, row)))
            {
                cell.result.clear();
                cell.why = Some(format!("{} {}", self.lms(), not_for.says));
            }
            verdict.planned.person.cells.extend(cell);
        }
        let groups = self.import_groups(None);
        let lands = self.lands(row);
        verdict.planned.person.cells.extend(groups.into_iter().chain(lands));
        verdict
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
        })
    }

    /// Somebody who exists and is in the file gets the groups of the import too.
    fn with_import_groups(&self, row: u32, was: u32, verdict: Option<Verdict>) -> Option<Verdict> {
        if self.only != Only::All || self.choices.import_groups.is_empty() {
            return verdict;
        }
        let mut verdict =
            verdict.unwrap_or_else(|| self.verdict(row, Action::Update, String::new()));
        verdict.planned.was = Some(was);
        if matches!(verdict.planned.person.action, Action::Ignored | Action::Update) {
            verdict.planned.person.action = Action::Update;
            verdict.planned.person.why = "gets the groups of this import".to_owned();
        }
        verdict.planned.person.cells.extend(self.import_groups(Some("")));
        Some(verdict)
    }

    /// Where the LMS's own rules put somebody new.
    fn lands(&self, row: u32) -> Option<CellPlan> {
        let rules = &self.choices.assignment;
        if rules.is_empty() {
            return None;
        }
        let (group, why) = match landing(rules, self.roster, row) {
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
        })
    }

    /// The value that the LMS takes for a key that is blank.
    fn stands_in(&self, term: &Term, row: u32) -> Option<CellPlan> {
        let is_key = Some(term.column.at) == self.roster.key;
        if !is_key || self.lms_gives_keys() || self.roster.key_fallback.is_none() {
            return None;
        }
        let result = self.roster.key_text(row).into_owned();
        let from = self.roster.called(self.roster.key_fallback?);
        Some(CellPlan {
            column: Some(narrow::place(term.column.at)),
            title: term.column.name.clone(),
            before: String::new(),
            after: String::new(),
            result,
            why: Some(format!("blank, so {} takes the {from}", self.lms())),
        })
    }

    /// What the upload says, which has no apostrophe of the export.
    fn sent(&self, term: &Term, row: u32) -> Cow<'_, str> {
        self.without_guard(self.roster.table.cell(row, term.column.at))
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
        term: &Term<'t>,
        says: &dyn Fn(&Term<'a>) -> Cow<'c, str>,
    ) -> Option<&'t NotFor> {
        let not_for = term.field?.not_for.as_ref()?;
        let is_other = |t: &&Term<'a>| t.field.is_some_and(|f| f.id == not_for.field);
        let other = says(self.terms.iter().find(is_other)?);
        other.trim().eq_ignore_ascii_case(&not_for.word).then_some(not_for)
    }

    fn known(&self, row: u32, was: u32) -> Option<Verdict> {
        let snapshot = self.snapshot?;
        if self.columns.same_bytes(snapshot, was, self.roster, row) && !self.has_password(row) {
            return None;
        }
        let fates = self.fates(snapshot, was, row);
        if fates.is_empty() {
            return None;
        }
        let mut verdict = self.verdict(row, Action::Update, String::new());
        verdict.planned.was = Some(was);
        let takes_effect =
            |kind: Kind| matches!(kind, Kind::Changes | Kind::Unknown | Kind::Resets);
        let acts = fates.iter().any(|(_, fate)| takes_effect(fate.kind));
        verdict.planned.person.action = self
            .status(snapshot, was, row, &fates)
            .unwrap_or(if acts { Action::Update } else { Action::Ignored });
        verdict.seats = match verdict.planned.person.action {
            Action::Deactivate => -1,
            Action::Reactivate => 1,
            _ => 0,
        };
        verdict.planned.person.why = self.why(&fates, acts);
        for (n, fate) in fates {
            let column = self.terms[n].column;
            if fate.kind == Kind::ByHand {
                verdict.planned.as_before.push(narrow::place(column.at));
                verdict.by_hand.push(self.by_hand((row, was), n, &fate));
            }
            verdict.resets |= fate.kind == Kind::Resets;
            verdict.loses |= fate.loses;
            verdict.fates.push((n, fate.kind));
            verdict.planned.person.cells.push(fate.told);
        }
        Some(verdict)
    }

    fn why(&self, fates: &[(usize, Fate)], acts: bool) -> String {
        if acts {
            let acting = fates.iter().filter(|(_, f)| !matches!(f.kind, Kind::Kept | Kind::ByHand));
            let called = acting.map(|(n, _)| self.roster.called(self.terms[*n].column.at));
            return format!("changes {}", called.collect::<Vec<_>>().join(", "));
        }
        let first = fates.iter().find_map(|(_, f)| f.told.why.clone());
        format!("nothing is sent: {}", first.unwrap_or_default())
    }

    fn has_password(&self, row: u32) -> bool {
        self.passwords.iter().any(|&n| {
            let term = &self.terms[n];
            fate(term, "", "", &self.roster.table.cell(row, term.column.at)).is_some()
        })
    }

    /// What becomes of each cell that differs.
    fn fates(&self, snapshot: &Roster, was: u32, row: u32) -> Vec<(usize, Fate)> {
        let mut fates: Vec<(usize, Fate)> = Vec::new();
        for (n, term) in self.terms.iter().enumerate() {
            let before = term.was.map_or(Cow::Borrowed(""), |c| snapshot.table.cell(was, c));
            let before = self.without_guard(before);
            let after = self.sent(term, row);
            let after = term.field.map_or(after.clone(), |f| f.spelt_as(&before, after));
            let secret = term.column.is_secret();
            if !secret && (before == after || !self.says_something_else(term, &before, &after)) {
                continue;
            }
            fates.extend(fate(term, self.lms(), &before, &after).map(|fate| (n, fate)));
        }
        self.passed_over(row, &mut fates);
        self.alone_by_hand(&mut fates);
        fates
    }

    fn says_something_else(&self, term: &Term, before: &str, after: &str) -> bool {
        // A key that is written in another case or is left to the fallback is the same key.
        if Some(term.column.at) == self.roster.key && after.trim().is_empty() {
            return false;
        }
        let twin = self.columns.twins.iter().find(|t| t.new == term.column.at);
        twin.is_none_or(|t| t.differs(before, after))
    }

    /// Some fields are not taken of everybody.
    fn passed_over(&self, row: u32, fates: &mut [(usize, Fate)]) {
        for at in 0..fates.len() {
            let term = &self.terms[fates[at].0];
            let says = |other: &Term| {
                let by_hand = fates.iter().find(|(n, fate)| {
                    self.terms[*n].column.at == other.column.at && fate.kind == Kind::ByHand
                });
                by_hand.map_or_else(
                    || self.sent(other, row),
                    |(_, fate)| Cow::Owned(fate.told.before.clone()),
                )
            };
            let Some(not_for) = self.not_for(term, &says) else { continue };
            let told = &fates[at].1.told;
            // What an import passes over, a call of its own takes away.
            if self.roster.profile.sent_by.is_some() && told.after.trim().is_empty() {
                continue;
            }
            let why = format!("{} {}", self.lms(), not_for.says);
            fates[at].1 = passed_over(term, why, &told.before, &told.after);
        }
    }

    /// Some fields are carried out only along with a change of another.
    fn alone_by_hand(&self, fates: &mut [(usize, Fate)]) {
        let rides = |n: usize| self.terms[n].field.is_some_and(|f| f.rides_along);
        let acts = |kind: Kind| matches!(kind, Kind::Changes | Kind::Resets);
        let carried = fates.iter().any(|(n, fate)| !rides(*n) && acts(fate.kind));
        if carried {
            return;
        }
        for (n, fate) in fates.iter_mut().filter(|(n, _)| rides(*n)) {
            if matches!(fate.kind, Kind::Changes | Kind::Unknown) {
                fate.kind = Kind::ByHand;
                fate.loses = false;
                fate.told.result.clone_from(&fate.told.before);
                let title = self.terms[*n].field.map_or("this", |f| f.title.as_str());
                fate.told.why = Some(format!("no file changes “{title}” and nothing else"));
            }
        }
    }

    fn by_hand(&self, (row, was): (u32, u32), n: usize, fate: &Fate) -> ByHand {
        let term = &self.terms[n];
        let r#where = if term.field.is_some_and(|f| f.read_only) {
            format!("it cannot be changed: {} keeps this column itself", self.lms())
        } else {
            self.where_by_hand(term.column.at)
        };
        let (name, known_by) = self.before(was);
        ByHand {
            key: self.roster.key_text(row).into_owned(),
            name,
            known_by,
            column: term.column.name.clone(),
            before: fate.told.before.clone(),
            value: fate.told.after.clone(),
            r#where,
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
    fn status(&self, old: &Roster, was: u32, row: u32, fates: &[(usize, Fate)]) -> Option<Action> {
        for (n, _) in fates.iter().filter(|(_, f)| f.kind == Kind::Changes) {
            let term = &self.terms[*n];
            let before = term.was.map_or(Cow::Borrowed(""), |c| old.table.cell(was, c));
            let after = self.roster.table.cell(row, term.column.at);
            match (term.is_inactive(&before), term.is_inactive(&after)) {
                (Some(false), Some(true)) => return Some(Action::Deactivate),
                (Some(true), Some(false)) => return Some(Action::Reactivate),
                _ => {}
            }
        }
        None
    }
}
