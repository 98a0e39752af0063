//! What a plan wants of each person, written down under the LMS's own column names.

use std::collections::BTreeMap;

use super::{Expectation, Expected, Left, Place};
use crate::plan::{
    Action, NOT_DOCUMENTED, Plan, PlannedPerson, SentColumn, header_in_lms, known_by, sent_columns,
};
use muster_roster::dates::Reading;
use muster_roster::diff::Columns;
use muster_roster::profile::synonyms::same_meaning;
use muster_roster::profile::{Field, Use, Uses, header_form};
use muster_roster::roster::{Column, Roster};
use muster_rules::checker::Checker;
use muster_table::narrow;
use rustc_hash::FxHashSet;

impl Expectation {
    /// What a plan wants of each person whom it changes. `files` are the SHA-256 of what was made of it.
    pub fn of(plan: &Plan, checker: &Checker, at: &str, files: Vec<String>) -> Expectation {
        let context = checker.context();
        let (roster, snapshot) = (&context.roster, context.snapshot.as_ref());
        let columns = snapshot.map_or(Columns::default(), |s| Columns::of(s, roster));
        let sent = sent_columns(roster, snapshot, &columns, &plan.choices);
        let writer = Writer { plan, roster, snapshot, columns, sent };
        let people: Vec<Expected> = plan.people.iter().filter_map(|p| writer.expected(p)).collect();
        let elsewhere: Vec<Expected> =
            plan.elsewhere.iter().filter_map(|p| writer.elsewhere(p)).collect();
        let by_hand = writer.by_hand();
        let all = roster.columns.iter().map(|column| writer.place(column));
        let all = all.chain(writer.filled().map(|(place, _)| place));
        let is_used = |place: &Place| {
            let name = &place.name;
            let is_about = |p: &Expected| {
                p.cells.contains_key(name) || p.open.contains(name) || p.may.contains_key(name)
            };
            people.iter().chain(&elsewhere).any(is_about)
                || by_hand.iter().any(|left| left.column == *name)
        };
        let used = all.filter(is_used).collect();
        Expectation {
            time: at.to_owned(),
            plan: plan.id.clone(),
            profile: plan.profile.id.clone(),
            files,
            policies: plan.choices.written().clone(),
            uses: writer.uses(),
            key: roster.key.map(|key| writer.header(key)),
            columns: used,
            blank_of_new: writer.blank_of_new(),
            people,
            by_hand,
            elsewhere,
        }
    }
}

struct Writer<'a> {
    plan: &'a Plan,
    roster: &'a Roster,
    snapshot: Option<&'a Roster>,
    columns: Columns,
    /// What an upload file has, from left to right.
    sent: Vec<SentColumn>,
}

impl Writer<'_> {
    fn header(&self, column: usize) -> String {
        header_in_lms(self.roster, self.snapshot, &self.columns, column).to_owned()
    }

    fn place(&self, column: &Column) -> Place {
        let field = self.roster.field(column.at).map(|field| field.id.clone());
        Place { name: self.header(column.at), field }
    }

    /// What columns were taken for, in the file and in the template: an export may be headed as either.
    fn uses(&self) -> Uses {
        let profile = &self.roster.profile;
        let rosters = self.snapshot.into_iter().chain([self.roster]);
        let mut uses: Uses = rosters
            .flat_map(|roster| &roster.profile.uses)
            .filter(|(_, used)| matches!(used, Use::Field { .. }))
            .map(|(form, used)| (form.clone(), used.clone()))
            .collect();
        let named = profile.template.iter().flat_map(|template| &template.headers);
        for form in named.map(|header| header_form(header)).filter(|form| !form.is_empty()) {
            if let Some(field) =
                profile.fields.iter().find(|f| !f.of_template && f.is_headed(&form))
            {
                uses.insert(form, Use::Field { field: field.id.clone() });
            }
        }
        uses
    }

    fn expected(&self, planned: &PlannedPerson) -> Option<Expected> {
        use Action::{Create, Deactivate, Delete, Reactivate, Update};
        let person = &planned.person;
        if !matches!(person.action, Create | Update | Deactivate | Reactivate | Delete) {
            return None;
        }
        let mut cells = BTreeMap::new();
        let mut open = Vec::new();
        let mut may = BTreeMap::new();
        let mut password = false;
        for cell in &person.cells {
            // What no column of the file stands for, such as the groups of the import, no export can be asked about.
            let Some(column) = cell.column_of(self.roster) else { continue };
            let field = self.roster.field(column.at);
            // What is there of somebody new whom no file gives it is not known before it is done.
            let never = person.action == Create && field.is_some_and(|f| f.never_by_file);
            let by_hand = never || planned.as_before.contains(&narrow::place(column.at));
            password |= column.is_secret();
            let is_known = cell.result != NOT_DOCUMENTED || cell.why.is_none();
            if column.is_secret() || by_hand {
                continue;
            }
            let name = self.header(column.at);
            if is_known {
                cells.entry(name).or_insert_with(|| cell.result.clone());
            } else {
                let mut values = cell.may.clone();
                values.dedup();
                may.insert(name.clone(), values);
                open.push(name);
            }
        }
        if person.action == Create {
            cells.extend(self.filled().map(|(place, value)| (place.name, value.to_owned())));
            may.extend(self.never_by_file(person.row));
        }
        let known_by = match (person.row, planned.was, self.snapshot) {
            (Some(row), _, _) => known_by(self.roster, row),
            (None, Some(was), Some(snapshot)) => known_by(snapshot, was),
            _ => person.key.clone(),
        };
        Some(Expected {
            action: person.action,
            key: person.key.clone(),
            renamed: self.renamed(planned),
            name: person.name.clone(),
            known_by,
            cells,
            open,
            may,
            password,
        })
    }

    /// What another part is to bring about, by its file or by hand.
    fn elsewhere(&self, planned: &PlannedPerson) -> Option<Expected> {
        let mut expected = match planned.person.action {
            Action::Ignored if !planned.as_before.is_empty() => {
                let mut by_hand = planned.clone();
                by_hand.person.action = Action::Update;
                self.expected(&by_hand)?
            }
            _ => self.expected(planned)?,
        };
        for cell in &planned.person.cells {
            let by_hand = cell.column.is_some_and(|column| planned.as_before.contains(&column));
            if let Some(column) = cell.column_of(self.roster).filter(|c| by_hand && !c.is_secret())
            {
                expected.cells.insert(self.header(column.at), cell.after.clone());
            }
        }
        Some(expected)
    }

    /// The key of somebody who exists and stands in the roster under another.
    fn renamed(&self, planned: &PlannedPerson) -> Option<String> {
        let row = planned.person.row.filter(|_| planned.was.is_some())?;
        let key = self.roster.key_text(row);
        let same = |key: &str| self.roster.key_form(key).into_owned();
        (same(&key) != same(&planned.person.key)).then(|| key.into_owned())
    }

    /// The columns in which somebody new has what is sent and nothing else; none where nobody is new.
    fn blank_of_new(&self) -> Vec<Place> {
        let mut all = self.plan.people.iter().chain(&self.plan.elsewhere);
        if !all.any(|planned| planned.person.action == Action::Create) {
            return Vec::new();
        }
        let blank = self.sent.iter().filter(|sent| !self.is_filled_there(sent));
        blank.map(|sent| self.sent_place(sent)).collect()
    }

    fn sent_place(&self, sent: &SentColumn) -> Place {
        let field = sent.field.and_then(|at| self.roster.profile.fields.get(at));
        let name = match sent.of_roster {
            Some(at) => self.header(at),
            None => sent.header.clone(),
        };
        Place { name, field: field.map(|field| field.id.clone()) }
    }

    /// What somebody new is sent in columns that the file lacks.
    fn filled(&self) -> impl Iterator<Item = (Place, &str)> {
        let lacking = self.sent.iter().filter(|sent| sent.of_roster.is_none());
        lacking.filter_map(|sent| {
            let value = self.roster.profile.fields.get(sent.field?)?.of_newcomer()?;
            Some((self.sent_place(sent), value))
        })
    }

    /// What somebody new may have in columns that no file fills: nothing, or what is put there by hand.
    fn never_by_file(&self, row: Option<u32>) -> impl Iterator<Item = (String, Vec<String>)> {
        let by_file = self.roster.profile.sent_by.is_none();
        let columns = self.roster.columns.iter().filter(move |_| by_file);
        columns.filter_map(move |column| {
            let field = self.roster.field(column.at).filter(|field| field.never_by_file)?;
            let typed = self.roster.table.cell(row?, column.at).into_owned();
            let mut may = vec![typed, String::new()];
            may.extend(field.nothing.iter().cloned());
            may.dedup();
            Some((self.header(column.at), may))
        })
    }

    /// Whether the LMS may have something of somebody new in a column that was blank in the upload.
    fn is_filled_there(&self, sent: &SentColumn) -> bool {
        let profile = &self.roster.profile;
        let of_roster = sent.of_roster.map(|at| &self.roster.columns[at]);
        let had = sent.of_snapshot.zip(self.snapshot);
        let Some(field) = sent.field.and_then(|at| profile.fields.get(at)) else {
            // A number that an employer gives no LMS writes.
            let is_given = |(at, snapshot): (usize, &Roster)| {
                same_meaning(&snapshot.columns[at].form, "employeeid")
            };
            return of_roster.is_some_and(Column::is_secret)
                || had.is_some_and(|of| !is_given(of) && counts_by_itself(of.1, of.0));
        };
        let key = &profile.key;
        let is_key = field.id == key.field || Some(&field.id) == key.falls_back_to.as_ref();
        // Whoever comes in is active, has what everybody has, and is put where the import says.
        let is_given =
            field.is_given_there || !field.inactive.is_empty() || !field.always.is_empty();
        let is_put = field.list.as_deref() == Some("groups")
            && !(self.plan.choices.import_groups.is_empty()
                && self.plan.choices.assignment.is_empty());
        let has_default = !field.choices.is_empty()
            && had
                .is_some_and(|(at, snapshot)| filled(snapshot, at).count() == snapshot.table.len());
        let is_secret = |field: &Field| field.kind == muster_roster::profile::FieldKind::Password;
        is_secret(field)
            || field.read_only
            || field.never_by_file
            || field.unreached
            || is_key
            || is_given
            || is_put
            || has_default
    }

    /// What can be done by hand, and can be seen once it is done.
    fn by_hand(&self) -> Vec<Left> {
        let is_seen = |header: &String| {
            let column = self.roster.columns.iter().find(|c| self.header(c.at) == *header);
            column.is_some_and(|column| {
                let fixed = self.roster.field(column.at).is_some_and(|field| field.read_only);
                !column.is_secret() && !fixed
            })
        };
        let seen = self.plan.by_hand.iter().filter(|by_hand| is_seen(&by_hand.column));
        seen.map(|by_hand| Left {
            key: by_hand.key.clone(),
            name: by_hand.name.clone(),
            known_by: by_hand.known_by.clone(),
            column: by_hand.column.clone(),
            value: by_hand.value.clone(),
        })
        .collect()
    }
}

fn filled(roster: &Roster, column: usize) -> impl Iterator<Item = std::borrow::Cow<'_, str>> {
    let cells = roster.table.rows().map(move |row| roster.table.cell(row, column));
    cells.filter(|cell| !cell.trim().is_empty())
}

/// Whether a column that the profile does not know looks like one that the LMS writes itself: everybody has something
/// there, and it is a day, or a number or code that nobody shares.
fn counts_by_itself(snapshot: &Roster, column: usize) -> bool {
    let cells: Vec<_> = filled(snapshot, column).collect();
    if cells.is_empty() || cells.len() < snapshot.table.len() {
        return false;
    }
    let is_day = |cell: &&std::borrow::Cow<str>| {
        matches!(Reading::of(cell.trim()), Reading::Day { .. } | Reading::Either { .. })
    };
    let different: FxHashSet<&str> = cells.iter().map(|cell| cell.trim()).collect();
    cells.iter().all(|cell| is_day(&cell)) || different.len() == cells.len()
}
