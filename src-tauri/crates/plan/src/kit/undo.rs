//! What a file can put back after a push, and what it cannot.

use super::Upload;
use super::rows::Sheet;
use crate::plan::{
    Action, CellPlan, NOT_DOCUMENTED, Plan, PlanCounts, PlannedPerson, SentColumn,
    has_passwords_at_risk, known_by, sent_columns, who,
};
use crate::verify::{self, Expectation};
use muster_roster::diff::{Columns, added_values};
use muster_roster::profile::{
    AddOrReplace, Blank, Choices, Existing, Field, Invitations, KeyGiver, Missing, Policy,
    PolicyId, Profile, Scope, Spelt,
};
use muster_roster::roster::{Column, Roster};
use muster_rules::checker::Checker;
use muster_table::error::Result;
use muster_table::narrow;

/// The undo of a push: an upload of its own, with choices of its own.
pub struct Undo {
    /// The snapshot's rows of the people whom the file puts back.
    pub rows: Vec<u32>,
    /// The roster's rows of new people, whom the file sets inactive again: no file takes somebody out.
    pub retire: Vec<u32>,
    /// What has to be chosen when the undo file is uploaded.
    pub choices: Choices,
    /// What the file cannot take back, each a sentence that names the person.
    pub cannot: Vec<String>,
}

/// Whether a file can put back one cell.
enum Back {
    Yes,
    /// Only along with another field of the same person.
    Along,
    No(String),
}

impl Undo {
    pub fn of(plan: &Plan, checker: &Checker) -> Undo {
        let context = checker.context();
        let mut undo = Undo {
            rows: Vec::new(),
            retire: Vec::new(),
            choices: choices(plan, checker),
            cannot: Vec::new(),
        };
        let Some(snapshot) = &context.snapshot else { return undo };
        let blanks = undo.choices.blanks;
        let says_inactive = says_inactive(&plan.profile, &sent(plan, checker));
        let planner =
            UndoPlanner { plan, roster: &context.roster, snapshot, blanks, says_inactive };
        for planned in &plan.people {
            planner.person(planned, &mut undo);
        }
        let lms = plan.profile.called();
        undo.cannot.extend(plan.effects.fields_created.iter().map(|name| {
            format!("`{name}` was made a field for everybody: remove it in {lms} itself.")
        }));
        undo.rows.sort_unstable();
        undo
    }

    /// What an upload of the undo file does to how many: whoever became active again is set inactive by it.
    pub fn counts(&self, plan: &Plan) -> PlanCounts {
        let mut counts =
            PlanCounts { deactivate: narrow::count(self.retire.len()), ..PlanCounts::default() };
        let is_put_back = |was: u32| self.rows.binary_search(&was).is_ok();
        for planned in plan.people.iter().filter(|p| p.was.is_some_and(is_put_back)) {
            match planned.person.action {
                Action::Reactivate => counts.deactivate += 1,
                Action::Deactivate => counts.reactivate += 1,
                _ => counts.update += 1,
            }
        }
        counts
    }
}

/// The choices for the undo upload: nobody taken away who is not in it, no mails, blanks that empty where the LMS can be
/// told so and no password is among them, and nothing taken out of a cell of several values unless it must be.
fn choices(plan: &Plan, checker: &Checker) -> Choices {
    let mut chosen = plan.choices.clone();
    let blanks = if has_passwords(plan, checker) { Blank::Keep } else { Blank::Clear };
    for policy in &plan.profile.policies {
        let wanted = match policy.known() {
            Some(PolicyId::Missing) => Missing::Keep.word(),
            Some(PolicyId::Invitations) => Invitations::Off.word(),
            Some(PolicyId::Blanks) => blanks.word(),
            Some(PolicyId::Scope) => Scope::Changes.word(),
            _ if policy.field.is_some() => AddOrReplace::Add.word(),
            _ => continue,
        };
        if policy.choice(wanted).is_some() {
            chosen.answer(policy, wanted);
        }
    }
    chosen
}

/// Whether the file has a column of passwords, whose blanks would replace those that people have.
fn has_passwords(plan: &Plan, checker: &Checker) -> bool {
    has_passwords_at_risk(&plan.profile, &sent(plan, checker))
}

/// The columns of the upload, which are those of the undo file too.
fn sent(plan: &Plan, checker: &Checker) -> Vec<SentColumn> {
    let context = checker.context();
    let snapshot = context.snapshot.as_ref();
    let columns = snapshot.map_or(Columns::default(), |s| Columns::of(s, &context.roster));
    sent_columns(&context.roster, snapshot, &columns, &plan.choices)
}

/// Whether a file of these columns can say of somebody that they are inactive, be it with one more.
fn says_inactive(profile: &Profile, sent: &[SentColumn]) -> bool {
    has_status_among(profile, sent) || status_to_add(profile, sent).is_some()
}

fn has_status_among(profile: &Profile, sent: &[SentColumn]) -> bool {
    let mut fields = sent.iter().filter_map(|sent| profile.fields.get(sent.field?));
    fields.any(is_status)
}

/// The place of the field that says who is inactive, where no column does and one can be added that leaves everybody else
/// as they are.
pub(super) fn status_to_add(profile: &Profile, sent: &[SentColumn]) -> Option<usize> {
    if profile.template.is_some() || profile.columns.ordered || has_status_among(profile, sent) {
        return None;
    }
    profile.fields.iter().position(|f| is_status(f) && f.blank == Some(Blank::Keep))
}

fn may_replace(policy: &Policy) -> bool {
    policy.choice(AddOrReplace::Replace.word()).is_some()
}

struct UndoPlanner<'a> {
    plan: &'a Plan,
    roster: &'a Roster,
    snapshot: &'a Roster,
    /// What blank cells of the undo file are chosen to do.
    blanks: Option<Blank>,
    /// Whether the file has or gets a column that says who is inactive.
    says_inactive: bool,
}

impl UndoPlanner<'_> {
    fn profile(&self) -> &Profile {
        &self.plan.profile
    }

    fn person(&self, planned: &PlannedPerson, undo: &mut Undo) {
        let person = &planned.person;
        let lms = self.profile().called();
        let known_by = match (person.row, planned.was) {
            (Some(_), Some(was)) if self.is_renamed(planned) => known_by(self.snapshot, was),
            (Some(row), _) => known_by(self.roster, row),
            (None, Some(was)) => known_by(self.snapshot, was),
            _ => person.key.clone(),
        };
        let name = if person.name == person.key { "" } else { &person.name };
        let who = who(name, &known_by);
        if self.is_renamed(planned) {
            undo.cannot.push(format!(
                "{who}: if the key `{}` was changed by hand, change it back there first; the undo file has the old one.",
                person.key
            ));
        }
        let alone = match (person.action, planned.was) {
            (Action::Update | Action::Deactivate | Action::Reactivate, Some(was))
                if person.row.is_some() =>
            {
                let puts_back = self.cells(planned, &who, undo);
                let may = self.profile().inactive_may.as_ref();
                if let Some(may) = may.filter(|_| person.action == Action::Deactivate) {
                    undo.cannot.push(format!(
                        "{who}: if {lms} deleted this person, the undo file makes somebody new, without what was learnt ({may})."
                    ));
                }
                undo.rows.extend(puts_back.then_some(was));
                return;
            }
            (Action::Deactivate, Some(was)) if self.has_status() => {
                undo.rows.push(was);
                return;
            }
            (Action::Create, _) if self.retires() => {
                undo.retire.extend(person.row);
                return;
            }
            (Action::Create, _) if self.has_status() && self.lms_gives_keys() => {
                format!(
                    "is new, and {lms} gives the key: once a fresh export has been checked, an undo for new people can be made of it. Until then set this person inactive in {lms} itself"
                )
            }
            (Action::Create, _) => {
                format!("is new: to take this back, remove this person in {lms} itself")
            }
            (Action::Delete, _) => {
                "was deleted: a file would make somebody new of the same name".to_owned()
            }
            (Action::Deactivate, _) => format!("was deactivated: activate this person in {lms}"),
            _ => return,
        };
        undo.cannot.push(format!("{who} {alone}."));
    }

    fn is_renamed(&self, planned: &PlannedPerson) -> bool {
        let key = self.roster.key.map(narrow::place);
        planned.was.is_some() && key.is_some_and(|key| planned.as_before.contains(&key))
    }

    /// Whether a column says who is active, so that a file can.
    fn has_status(&self) -> bool {
        has_status(self.profile())
    }

    /// Whether a file can set somebody new inactive again, by a key that is known beforehand.
    fn retires(&self) -> bool {
        !self.lms_gives_keys() && sets_inactive(self.profile()) && self.says_inactive
    }

    fn lms_gives_keys(&self) -> bool {
        self.profile().key.given_by == KeyGiver::Lms
    }

    /// Whether a file puts back anything of a person.
    fn cells(&self, planned: &PlannedPerson, who: &str, undo: &mut Undo) -> bool {
        let changed =
            planned.person.cells.iter().filter(|c| c.result != c.before || self.is_secret(c));
        let backs: Vec<(&CellPlan, Back)> = changed.map(|c| (c, self.cell(c))).collect();
        let carried = backs.iter().any(|(_, back)| matches!(back, Back::Yes));
        for (cell, back) in &backs {
            match back {
                Back::Yes => self.choose(cell, undo),
                Back::Along if carried => self.choose(cell, undo),
                Back::Along => undo
                    .cannot
                    .push(format!("{who}: no file changes `{}` and nothing else.", cell.title)),
                Back::No(why) => undo.cannot.push(format!("{who}: {why}.")),
            }
        }
        carried
    }

    /// Values that have to be taken out again need Replace.
    fn choose(&self, cell: &CellPlan, undo: &mut Undo) {
        let Some(column) = cell.column_of(self.roster) else { return };
        if added_values(column, &cell.before, &cell.result).is_empty() || not_known(cell) {
            return;
        }
        let policy = self.roster.field(column.at).and_then(|f| self.profile().policy_of(&f.id));
        if let Some(policy) = policy.filter(|p| column.separator.is_some() && may_replace(p)) {
            undo.choices.answer(policy, AddOrReplace::Replace.word());
        }
    }

    fn is_secret(&self, cell: &CellPlan) -> bool {
        cell.column_of(self.roster).is_some_and(Column::is_secret)
    }

    /// Whether an upload of what was before turns what the LMS holds now into it.
    fn cell(&self, cell: &CellPlan) -> Back {
        // What comes with the import, such as its groups, no file takes back.
        if cell.column.is_none() {
            let (lms, title) = (self.profile().called(), &cell.title);
            return Back::No(format!("`{}` ({title}) is taken back in {lms} itself", cell.result));
        }
        let Some(column) = cell.column_of(self.roster) else {
            return Back::No(format!("the roster has no column `{}` any more", cell.title));
        };
        let name = &cell.title;
        if column.is_secret() {
            return Back::No("the password was replaced, and nobody knows the old one".to_owned());
        }
        let field = self.roster.says_of(column.at);
        if field.is_some_and(|f| f.only_adds) {
            return Back::No(format!("no file takes back `{}` in `{name}`", cell.result));
        }
        let stays = |values: &[&str]| {
            let always = field.map_or(&[][..], |f| &f.always);
            always.iter().any(|a| values.contains(&a.as_str()))
        };
        if column.separator.is_some() && !not_known(cell) {
            let extra = added_values(column, &cell.before, &cell.result);
            if !extra.is_empty() && stays(&extra) {
                return Back::No(format!("no file takes `{}` out of `{name}`", extra.join("; ")));
            }
            let policy = field.and_then(|f| self.profile().policy_of(&f.id));
            if !extra.is_empty() && !policy.is_none_or(may_replace) {
                return Back::No(format!("no file takes `{}` out of `{name}`", extra.join("; ")));
            }
        }
        if cell.before.trim().is_empty() && !self.clears(field.and_then(|f| f.blank)) {
            let says = match field.and_then(|f| f.blank).or(self.blanks) {
                Some(Blank::Keep) => "a blank cell leaves it",
                _ => "what a blank cell does is not documented",
            };
            // Where nobody knows whether it was taken, it is told by what was sent.
            let put = if cell.result == NOT_DOCUMENTED { &cell.after } else { &cell.result };
            return Back::No(format!("`{put}` was put into `{name}`, which was blank, and {says}"));
        }
        if field.is_some_and(|f| f.promote_only) {
            return Back::No(format!("no file takes `{name}` back to `{}`", cell.before));
        }
        if field.is_some_and(|f| f.only_with_other_changes) { Back::Along } else { Back::Yes }
    }

    /// Whether a blank cell of the undo file empties what the LMS holds.
    fn clears(&self, own: Option<Blank>) -> bool {
        own.or(self.blanks) == Some(Blank::Clear)
    }
}

fn has_status(profile: &Profile) -> bool {
    profile.fields.iter().any(is_status)
}

/// Whether a file says by a field who is active.
fn is_status(field: &Field) -> bool {
    !field.inactive.is_empty() && !field.read_only && field.by_hand.is_none()
}

/// Whether a file sets people inactive who exist.
fn sets_inactive(profile: &Profile) -> bool {
    profile.existing == Existing::Updated && has_status(profile)
}

/// The file that sets those inactive whom a kit has made, and how many they are. Where the LMS gives the keys, only a fresh
/// export has them: see `verify`. None where nobody was made, or where no file sets anybody inactive.
pub fn of_new_people(planned: &Expectation, export: &Roster, at: &str) -> Option<Result<Upload>> {
    let rows = verify::made(planned, export);
    if rows.is_empty() || !sets_inactive(&export.profile) {
        return None;
    }
    let sheet = Sheet::retired(export, &rows);
    let people = narrow::count(sheet.len());
    let file = sheet.file(0..sheet.len(), &export.profile.file, at);
    Some(file.map(|(bytes, _)| Upload { bytes, people }))
}

/// A cell that was emptied where nobody says what the LMS does then: whatever it did, the old value puts it back.
fn not_known(cell: &CellPlan) -> bool {
    cell.after.trim().is_empty() && cell.result == NOT_DOCUMENTED
}
