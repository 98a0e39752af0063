//! What a report of another system lacks and the snapshot has: the key of people who are known by another column, and the
//! status of those who have left, which `leavers` works out. Each is a column that is added, with a sentence that says so;
//! what a report of leavers has beside it is taken out, as no LMS keeps it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::leavers::{self, called};
use super::{Change, Rosters};
use crate::plan::{ByHand, ChangedThere, Plan, few};
use muster_roster::diff::Columns;
use muster_roster::profile::{Choices, PolicyId, Profile, Scope, Spelt, Use};
use muster_roster::roster::{Column, Roster};
use muster_roster::settling::{self, KeyPair};
use muster_table::edit::Edit;
use muster_table::error::Result;
use muster_table::narrow;
use muster_table::words::{counted, listed};

/// What a list lacks and the snapshot has, put in as one change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completed {
    /// The columns that are added, and those of a report that the LMS does not keep taken out.
    pub change: Change,
    /// What is to be told of it.
    pub told: Told,
    /// What a report of leavers holds; none for other lists, and where the LMS's way of importing has no word for it.
    pub holds: Option<Holds>,
}

/// What is to be told of a list that Muster put something into by itself; kept with a job.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Told {
    /// What was done and what was not, each a sentence.
    pub says: Vec<String>,
    /// What somebody has to see to on a day that lies ahead: who leaves later.
    pub later: Vec<ByHand>,
    /// What somebody else changed in the LMS and the list does not follow, whatever became of the steps.
    pub there: ChangedThere,
}

impl Told {
    /// Has a plan of the list tell it too.
    pub fn tell(&self, plan: &mut Plan) {
        plan.effects.also.extend(self.says.iter().cloned());
        plan.later.extend(self.later.iter().cloned());
    }
}

/// What a file is taken to hold, unless somebody says otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holds {
    /// The policy that asks it.
    pub policy: String,
    /// Which of its choices.
    pub answer: String,
    /// A sentence that says so.
    pub says: String,
}

/// A column that is added.
pub(super) struct Added {
    pub name: String,
    pub cells: Vec<(u32, String)>,
    pub told: Told,
}

/// How the sentence of a change begins that completes a list.
const COMPLETES: &str = "Add what the report lacks";

/// Whether a step with this sentence has completed a list.
pub fn is_completing(sentence: &str) -> bool {
    sentence.starts_with(COMPLETES)
}

impl Rosters {
    /// The same with the columns that a report lacks and the snapshot has, and what is to be told of it. `today` decides
    /// who has left, and `day_first` of which columns somebody has said so; of a report of leavers the choices say what it
    /// holds, unless somebody has.
    pub fn completed(
        self,
        today: Date,
        day_first: &BTreeMap<String, bool>,
        choices: &mut Choices,
    ) -> Result<(Rosters, Told)> {
        let older = self.snapshot.as_ref();
        let made = older.map(|older| complete(&self.roster, older, today, day_first));
        let made = made.transpose()?.flatten();
        let Some(Completed { change, mut told, holds }) = made else {
            return Ok((self, Told::default()));
        };
        let Roster { mut table, profile, .. } = self.roster;
        for edit in &change.edits {
            table.apply(edit)?;
        }
        if let Some(holds) = holds.filter(|_| !choices.scope_is_said)
            && let Some(policy) = profile.policy_named(&holds.policy)
        {
            choices.answer(policy, &holds.answer);
            choices.scope_is_said = true;
            told.says.push(holds.says);
        }
        Ok((Rosters { roster: Roster::read(table, profile), ..self }, told))
    }
}

/// What a list lacks and what the LMS has has; none where it lacks nothing that can be told.
pub fn complete(
    roster: &Roster,
    older: &Roster,
    today: Date,
    day_first: &BTreeMap<String, bool>,
) -> Result<Option<Completed>> {
    let mut growing = Growing { roster: roster.clone(), edits: Vec::new() };
    let (mut told, mut holds) = (Told::default(), None);
    if let Some((added, put_back)) = key(&growing.roster, older) {
        told.says.extend(added.told.says.clone());
        growing.add(vec![added])?;
        growing.set(put_back)?;
    }
    if let Some(added) = leavers::status(&growing.roster, older, today, day_first) {
        // Who has left is what somebody looks for first.
        told.says.splice(0..0, added.told.says.clone());
        told.later.clone_from(&added.told.later);
        // What the LMS does not keep of them is not sent, and makes nobody another.
        let of_report = not_kept(&growing.roster, older);
        told.says.extend(growing.set_aside(older)?);
        let names = names(&growing.roster, older);
        growing.add(std::iter::once(added).chain(names).collect())?;
        if let Some(left) = growing.drop_all(of_report)? {
            told.says.push(format!(
                "Not kept by {}, and so taken out of the list: {left}.",
                older.profile.called()
            ));
        }
        holds = changes_only(&roster.profile);
    }
    if growing.edits.is_empty() {
        return Ok(None);
    }
    growing.put_in_order_of(older)?;
    let sentence = format!("{COMPLETES}, from what {} has", older.profile.called());
    let change = Change { sentence, edits: growing.edits, general: Vec::new() };
    Ok(Some(Completed { change, told, holds }))
}

/// A report of leavers is nothing but changes.
fn changes_only(profile: &Profile) -> Option<Holds> {
    let policy = profile.policy(PolicyId::Scope)?;
    let choice = policy.choice(Scope::Changes.word())?;
    let says = format!(
        "{}: taken to be `{}`, unless you say otherwise in the plan.",
        policy.title, choice.title
    );
    Some(Holds { policy: policy.id.clone(), answer: choice.id.clone(), says })
}

/// A roster with the edits that have been made to it.
struct Growing {
    roster: Roster,
    edits: Vec<Edit>,
}

impl Growing {
    fn add(&mut self, columns: Vec<Added>) -> Result<()> {
        for Added { name, cells, .. } in columns {
            let table = &mut self.roster.table;
            let (id, at) = (table.fresh_column(), narrow::place(table.width()));
            let edit = Edit::Add { id, at, name, cells };
            table.apply(&edit)?;
            self.edits.push(edit);
        }
        self.read()
    }

    fn set(&mut self, cells: Vec<Edit>) -> Result<()> {
        for edit in cells {
            self.roster.table.apply(&edit)?;
            self.edits.push(edit);
        }
        self.read()
    }

    /// Takes out rows that are nobody's, such as a total under the list; says what stood there.
    fn set_aside(&mut self, older: &Roster) -> Result<Option<String>> {
        let roster = &self.roster;
        let is_nobody = |row: &u32| {
            let is_known = || older.row_of_key(&roster.key_text(*row)).is_some();
            settling::stands_alone(&roster.table, *row) && !is_known()
        };
        let rows: Vec<u32> = roster.table.rows().filter(is_nobody).collect();
        let stood = rows.iter().filter(|row| !roster.is_blank(**row));
        let texts: Vec<String> = stood.map(|&row| called(roster, row)).collect();
        for row in rows {
            let table = &mut self.roster.table;
            let at = narrow::place(table.index_of(row).unwrap_or_default());
            let edit = Edit::Remove { row, at, cells: table.row(row) };
            table.apply(&edit)?;
            self.edits.push(edit);
        }
        self.read()?;
        Ok((!texts.is_empty()).then(|| format!("Nobody, and so set aside: {}.", few(&texts))))
    }

    /// Takes columns out; says which, in their order.
    fn drop_all(&mut self, columns: Vec<usize>) -> Result<Option<String>> {
        let table = &mut self.roster.table;
        let name = |&at: &usize| format!("`{}`", table.names()[at]);
        let names: Vec<String> = columns.iter().map(name).collect();
        for at in columns.into_iter().rev() {
            let Some(edit) = table.dropping(at) else { continue };
            table.apply(&edit)?;
            self.edits.push(edit);
        }
        self.read()?;
        Ok((!names.is_empty()).then(|| listed(&names)))
    }

    /// Columns that the LMS has too stand as they do there, the others after them.
    fn put_in_order_of(&mut self, older: &Roster) -> Result<()> {
        let pairs = Columns::of(older, &self.roster).pairs;
        let place = |at: usize| pairs.iter().find(|pair| pair.new == at).map(|pair| pair.old);
        let mut places: Vec<usize> =
            (0..self.roster.columns.len()).map(|at| place(at).unwrap_or(usize::MAX)).collect();
        for to in 0..places.len() {
            let first = places[to..].iter().min().copied().unwrap_or_default();
            let from = to + places[to..].iter().position(|p| *p == first).unwrap_or_default();
            if from != to {
                let edit = Edit::Move { from: narrow::place(from), to: narrow::place(to) };
                self.roster.table.apply(&edit)?;
                self.edits.push(edit);
                let moved = places.remove(from);
                places.insert(to, moved);
            }
        }
        self.read()
    }

    fn read(&mut self) -> Result<()> {
        let profile = self.roster.profile.clone();
        self.roster = Roster::read(self.roster.table.clone(), profile);
        Ok(())
    }
}

/// Columns of a report that what the LMS has does not have; one that somebody said is the list's own stays, and so does
/// what people are called where somebody is called otherwise: it says whose row a number was put into.
fn not_kept(roster: &Roster, older: &Roster) -> Vec<usize> {
    let differs = |at: &usize| {
        let is_other = |row: u32| {
            let was = older.row_of_key(&roster.key_text(row));
            let cell = roster.table.cell(row, *at);
            was.is_some_and(|was| settling::are_other_people(&cell, &older.name(was)))
        };
        !roster.profile.columns.creates && roster.table.rows().any(is_other)
    };
    let mut names = settling::names_beside(roster, older);
    names.retain(differs);
    let is_kept = |column: &&Column| match (column.field, &column.used) {
        (_, Some(Use::Keep)) => true,
        (Some(field), _) => older.columns.iter().any(|c| c.field == Some(field)),
        (None, _) => older.columns.iter().any(|c| c.form == column.form),
    };
    let is_out = |c: &&Column| !is_kept(c) && !c.form.is_empty() && !names.contains(&c.at);
    let all = roster.columns.iter().filter(is_out);
    all.map(|column| column.at).collect()
}

/// What people are called, where a report does not say so in the LMS's columns.
fn names(roster: &Roster, older: &Roster) -> Vec<Added> {
    let lacks = |c: &&Column| {
        c.name_part > 0 && c.field.is_none_or(|f| roster.columns.iter().all(|o| o.field != Some(f)))
    };
    let column = |column: &Column| {
        let known = |row: u32| {
            let was = older.row_of_key(&roster.key_text(row))?;
            Some((row, older.table.cell(was, column.at).into_owned()))
        };
        let cells = roster.table.rows().filter_map(known).filter(|(_, cell)| !cell.is_empty());
        Added { name: column.name.clone(), cells: cells.collect(), told: Told::default() }
    };
    older.columns.iter().filter(lacks).map(column).collect()
}

/// The key of people whom the file knows by another column, and the zeros of that column put back: the number says who
/// somebody is, and is not sent as a new one.
fn key(roster: &Roster, older: &Roster) -> Option<(Added, Vec<Edit>)> {
    let key = older.key.filter(|_| roster.key.is_none() && !roster.profile.key.field.is_empty())?;
    let pair = settling::sure_pairs(roster, older).into_iter().next()?;
    let known = pair.people(roster, older);
    let cells: Vec<(u32, String)> = known
        .iter()
        .map(|&(row, was)| (row, older.table.cell(was, key).into_owned()))
        .filter(|(_, cell)| !cell.trim().is_empty())
        .collect();
    let name = older.columns[key].name.clone();
    let (people, lms) = (counted(cells.len(), "person", "people"), older.profile.called());
    let of = if pair.column == pair.of_lms {
        format!("`{}`", pair.column)
    } else {
        format!("`{}`, which is `{}` there", pair.column, pair.of_lms)
    };
    let mut says = vec![format!("`{name}` is taken from what {lms} has, for {people}: by {of}.")];
    let put_back = zeros(roster, older, &pair, &known);
    if !put_back.is_empty() {
        says.push(format!(
            "Zeros that a spreadsheet took from `{}` are put back, for {}.",
            pair.column,
            counted(put_back.len(), "person", "people")
        ));
    }
    Some((Added { name, cells, told: Told { says, ..Told::default() } }, put_back))
}

/// The numbers by which people were found, where zeros at the front are gone.
fn zeros(roster: &Roster, older: &Roster, pair: &KeyPair, known: &[(u32, u32)]) -> Vec<Edit> {
    let at = |roster: &Roster, name: &str| roster.table.names().iter().position(|n| n == name);
    let (Some(here), Some(there)) = (at(roster, &pair.column), at(older, &pair.of_lms)) else {
        return Vec::new();
    };
    let put_back = |&(row, was): &(u32, u32)| {
        let (before, after) = (roster.table.cell(row, here), older.table.cell(was, there));
        (before.trim() != after.trim() && before.trim() == after.trim().trim_start_matches('0'))
            .then(|| Edit::Set {
                row,
                column: narrow::place(here),
                before: before.into_owned(),
                after: after.into_owned(),
            })
    };
    known.iter().filter_map(put_back).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::civil::date;

    use super::*;
    use muster_roster::profile::{Choices, Profile, Uses};
    use muster_table::table::Table;

    const EXPORT: &str = "First Name,Last Name,Email Address,Employee ID,User Status,Country ISO Code,Hire Date\n\
        Sunniva,Dahl,sunniva@a.example,000414,active,USA,2020-01-03\n\
        Tess,Marlow,tess@a.example,000416,active,USA,2020-02-06\n\
        Mara,Okafor,mara@a.example,000410,on leave,USA,2020-03-09\n";

    fn completed(file: &str, today: Date) -> (Roster, Told) {
        let profile = Arc::new(Profile::built_in("emtrain-roster").expect("built in"));
        let table = |text: &str| Table::from_text(text).expect("read");
        let mut choices = Choices::defaults(&profile);
        let rosters = Rosters::read(
            table(file),
            Some(table(EXPORT)),
            &profile,
            &Uses::new(),
            &mut choices,
            &|_| true,
        );
        let (rosters, told) = rosters
            .expect("read")
            .completed(today, &BTreeMap::new(), &mut choices)
            .expect("completed");
        (rosters.roster, told)
    }

    fn column(roster: &Roster, name: &str) -> Vec<String> {
        let at = roster.table.names().iter().position(|n| n == name).expect(name);
        roster.table.rows().map(|row| roster.table.cell(row, at).into_owned()).collect()
    }

    #[test]
    fn leavers_are_inactive_from_their_last_day_on_however_it_is_written() {
        for (header, first, second) in [
            ("Termination Date", "2026-11-13", "2026-11-30"),
            ("Last day of work", "13.11.2026", "30.11.2026"),
            ("Leave date", "11/13/2026", "11/30/2026"),
            ("Exit Date", "13-Nov-2026", "30-Nov-2026"),
        ] {
            let file = format!(
                "Worker ID,Worker,{header}\n000414,Sunniva Dahl,{first}\n000416,Tess Marlow,{second}\n"
            );
            for (today, expected) in [
                (date(2026, 11, 12), ["active", "active"]),
                (date(2026, 11, 13), ["inactive", "active"]),
                (date(2026, 11, 28), ["inactive", "active"]),
                (date(2026, 11, 30), ["inactive", "inactive"]),
                (date(2026, 12, 24), ["inactive", "inactive"]),
            ] {
                let (roster, Told { says, later: by_hand, .. }) = completed(&file, today);
                assert_eq!(column(&roster, "User Status"), expected, "{header}, {today}");
                let keys = ["sunniva@a.example", "tess@a.example"];
                assert_eq!(column(&roster, "Email Address"), keys);
                let later = expected.iter().filter(|word| **word == "active").count();
                let told = says.iter().filter(|s| s.contains("not in this kit")).count();
                assert_eq!(told, later, "{says:#?}");
                // Each of them is to be seen to once the day is over.
                assert_eq!(by_hand.len(), later, "{by_hand:#?}");
                assert!(by_hand.iter().all(|item| item.value == "inactive"), "{by_hand:#?}");
            }
        }
    }

    #[test]
    fn one_leaver_is_enough_and_a_day_that_may_be_two_changes_nothing() {
        let file = "Worker ID,Termination Date\n000410,2026-11-13\n";
        let (roster, _) = completed(file, date(2026, 11, 28));
        assert_eq!(column(&roster, "User Status"), ["inactive"]);
        let file = "Worker ID,Termination Date\n000410,11/12/2026\n";
        let (roster, Told { says, .. }) = completed(file, date(2026, 11, 28));
        assert_eq!(column(&roster, "User Status"), ["on leave"]);
        assert!(says.iter().any(|s| s.contains("11/12/2026")), "{says:#?}");
        // What would help is told.
        assert!(says.iter().any(|s| s.contains("--dates \"Termination Date=day\"")), "{says:#?}");
    }

    #[test]
    fn what_somebody_said_of_the_days_tells_what_a_day_is() {
        let profile = Arc::new(Profile::built_in("emtrain-roster").expect("built in"));
        let read =
            |text: &str| Roster::read(Table::from_text(text).expect("read"), profile.clone());
        let file = "Email Address,Termination Date\ntess@a.example,11/12/2026\n";
        let (file, older) = (read(file), read(EXPORT));
        for (day_first, expected) in [(false, "inactive"), (true, "active")] {
            let form = file.columns[1].form.clone();
            let said = [(form, day_first)].into();
            let made = complete(&file, &older, date(2026, 11, 28), &said).expect("completed");
            let edits = format!("{:?}", made.expect("completed").change.edits);
            assert!(edits.contains(&format!("\"{expected}\"")), "{edits}");
        }
    }

    #[test]
    fn whoever_begins_again_after_the_last_day_stays() {
        for head in ["Hire Date", "Date d'embauche", "Eintrittsdatum"] {
            let file = format!(
                "Matricule,Date de départ,{head}\n000414,2026-11-13,2026-11-20\n000416,2026-11-13,2020-02-06\n"
            );
            let (roster, Told { says, .. }) = completed(&file, date(2026, 11, 28));
            assert_eq!(column(&roster, "User Status"), ["active", "inactive"], "{head}");
            let told = "Sunniva Dahl left on 13 November 2026 and begins again on 20 November 2026";
            assert!(says.iter().any(|s| s.starts_with(told)), "{says:#?}");
        }
    }

    #[test]
    fn a_total_a_remark_or_a_stranger_leaves_the_others_as_they_are_read() {
        let rows = "000414,Dahl,Sunniva,2026-11-13\n000416,Marlow,Tess,2026-11-13\n";
        for more in
            ["Total : 2,,,\n", ",,,\nÉdité le 29/11/2026 par RH,,,\n", "000999,Lo,Ada,2026-11-13\n"]
        {
            let file = format!("Matricule,Nom,Prénom,Dernier jour\n{rows}{more}");
            let (roster, Told { says, .. }) = completed(&file, date(2026, 11, 28));
            let statuses = column(&roster, "User Status");
            assert_eq!(statuses[..2], ["inactive", "inactive"], "{more}: {says:#?}");
            let stranger = says.iter().any(|s| s.starts_with("Ada Lo (line 4) is nobody whom"));
            assert_eq!(stranger, more.contains("Ada"), "{says:#?}");
            assert_eq!(statuses.len(), if stranger { 3 } else { 2 }, "{says:#?}");
            assert!(statuses[2..].iter().all(String::is_empty), "{statuses:?}");
            let aside = says.iter().any(|s| s.starts_with("Nobody, and so set aside: "));
            assert_ne!(aside, stranger, "{says:#?}");
        }
    }

    #[test]
    fn what_people_are_called_is_not_thrown_away() {
        let file = "Matricule,Nom complet,Fin de contrat,Motif de départ\n000414,Ada Lo,2026-11-13,x\n\
                    000416,Tess Marlow,2026-11-13,x\n000410,Mara Okafor,2026-11-13,x\n";
        let (roster, Told { says, .. }) = completed(file, date(2026, 11, 28));
        assert_eq!(column(&roster, "Nom complet"), ["Ada Lo", "Tess Marlow", "Mara Okafor"]);
        assert!(says.iter().any(|s| s.contains("taken out of the list")), "{says:#?}");
        // Beside a first name it is the last one.
        let file = "Matricule,Nom,Prénom,Dernier jour\n000414,Lo,Ada,2026-11-13\n000416,Marlow,Tess,2026-11-13\n";
        let (roster, _) = completed(file, date(2026, 11, 28));
        let last = roster.column_of("last_name").expect("settled");
        assert_eq!(roster.columns[last].name, "Nom");
    }

    #[test]
    fn a_list_that_is_no_report_of_leavers_stays_as_it_is() {
        for file in [
            "Employee ID,Name,Contract\n000414,Sunniva Dahl,permanent\n000416,Tess Marlow,permanent\n",
            "Worker ID,Worker,Termination Date\n1,Ada Lo,2026-11-13\n2,Bo Li,2026-11-13\n",
            "First Name,Last Name,Email Address,Employee ID,User Status,Termination Date\n\
             Sunniva,Dahl,sunniva@a.example,000414,active,2026-11-13\n",
        ] {
            let (roster, Told { says, .. }) = completed(file, date(2026, 11, 28));
            assert!(!says.iter().any(|s| s.contains("leavers")), "{says:#?}");
            let statuses = roster.table.names().iter().filter(|n| *n == "User Status").count();
            assert_eq!(statuses, usize::from(file.contains("User Status")));
        }
    }
}
