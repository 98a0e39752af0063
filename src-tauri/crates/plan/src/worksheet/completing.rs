//! What a report of another system lacks and the snapshot has: the key of people who are known by another column, and the
//! status of those who have left. Each is a column that is added, with a sentence that says so.

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::Rosters;
use muster_roster::dates::{self, Reading};
use muster_roster::profile::{Use, header_form, synonyms};
use muster_roster::roster::{Column, Moment, Roster};
use muster_roster::settling::{self, KeyPair};
use muster_table::edit::Edit;
use muster_table::error::Result;
use muster_table::narrow;
use muster_table::words::counted;

/// A column that was added.
struct Added {
    name: String,
    cells: Vec<(u32, String)>,
    says: Vec<String>,
}

impl Rosters {
    /// The same with the columns that a report lacks and the snapshot has, and what was done, each a sentence. `today`
    /// decides who has left.
    pub fn completed(mut self, today: Date) -> Result<(Rosters, Vec<String>)> {
        let mut says = Vec::new();
        let Some(older) = &self.snapshot else { return Ok((self, says)) };
        if let Some(added) = key(&self.roster, older) {
            says.extend(added.says.clone());
            self.roster = with(self.roster, vec![added], &[])?;
        }
        if let Some(added) = status(&self.roster, older, today) {
            says.extend(added.says.clone());
            // What the LMS does not keep of them is not sent, and makes nobody another.
            let of_report = not_kept(&self.roster, older);
            let names = names(&self.roster, older);
            self.roster =
                with(self.roster, std::iter::once(added).chain(names).collect(), &of_report)?;
        }
        Ok((self, says))
    }
}

/// A roster with more columns, and without the use of some.
fn with(roster: Roster, added: Vec<Added>, left_out: &[String]) -> Result<Roster> {
    let Roster { mut table, profile, .. } = roster;
    for Added { name, cells, .. } in added {
        let (id, at) = (table.fresh_column(), narrow::place(table.width()));
        table.apply(&Edit::Add { id, at, name, cells })?;
    }
    let mut uses = profile.uses.clone();
    uses.extend(left_out.iter().map(|form| (form.clone(), Use::Leave)));
    Ok(Roster::read(table, profile.matched(uses)))
}

/// Columns of a report that what the LMS has does not have, by the forms of their names.
fn not_kept(roster: &Roster, older: &Roster) -> Vec<String> {
    let is_kept = |column: &&Column| match column.field {
        Some(field) => older.columns.iter().any(|c| c.field == Some(field)),
        None => older.columns.iter().any(|c| c.form == column.form),
    };
    let all = roster.columns.iter().filter(|c| !is_kept(c) && !c.form.is_empty());
    all.map(|column| column.form.clone()).collect()
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
        Added { name: column.name.clone(), cells: cells.collect(), says: Vec::new() }
    };
    older.columns.iter().filter(lacks).map(column).collect()
}

/// The key of people whom the file knows by another column.
fn key(roster: &Roster, older: &Roster) -> Option<Added> {
    let key = older.key.filter(|_| roster.key.is_none() && !roster.profile.key.field.is_empty())?;
    let pairs = settling::key_pairs(roster, older);
    let pair = pairs.into_iter().find(|pair| is_certain(pair, roster, older))?;
    let known = by_pair(&pair, roster, older)?;
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
    let says = vec![format!("`{name}` is taken from what {lms} has, for {people}: by {of}.")];
    Some(Added { name, cells, says })
}

/// Whether nearly all people of the file are known by a pair: a single one only where the columns are one field.
fn is_certain(pair: &KeyPair, roster: &Roster, older: &Roster) -> bool {
    let field = |roster: &Roster, name: &str| {
        roster.columns.iter().find(|c| c.name == name).and_then(|c| c.field)
    };
    let same = field(roster, &pair.column);
    let is_one = same.is_some() && same == field(older, &pair.of_lms);
    pair.fits && pair.matched * 10 >= pair.of * 9 && (is_one || pair.matched > 1)
}

/// Rows of the file, each with the snapshot's row of the same person.
fn by_pair(pair: &KeyPair, roster: &Roster, older: &Roster) -> Option<Vec<(u32, u32)>> {
    let at = |roster: &Roster, name: &str| roster.table.names().iter().position(|n| n == name);
    let (here, there) = (at(roster, &pair.column)?, at(older, &pair.of_lms)?);
    let plain = |roster: &Roster, row, column| roster.table.cell(row, column).trim().to_lowercase();
    let mut people: FxHashMap<String, Option<u32>> = FxHashMap::default();
    for row in older.table.rows() {
        people.entry(plain(older, row, there)).and_modify(|one| *one = None).or_insert(Some(row));
    }
    let known = |row: u32| Some((row, people.get(&plain(roster, row, here)).copied().flatten()?));
    Some(roster.table.rows().filter_map(known).collect())
}

/// The status of people whose last day the file has.
fn status(roster: &Roster, older: &Roster, today: Date) -> Option<Added> {
    let field = roster.profile.fields.iter().find(|field| !field.inactive.is_empty())?;
    let had = older.column_of(&field.id).filter(|_| roster.column_of(&field.id).is_none())?;
    let inactive = field.inactive.first()?;
    let column = roster.columns.iter().find(|column| is_last_day(roster, column))?;
    let order = order_of(roster, column.at);
    let known: Vec<(u32, u32)> = roster
        .table
        .rows()
        .filter_map(|row| Some((row, older.row_of_key(&roster.key_text(row))?)))
        .collect();
    let text = |row| roster.table.cell(row, column.at).trim().to_owned();
    let dated = known.iter().filter(|(row, _)| !text(*row).is_empty()).count();
    // A list of those who leave; in a list of everybody most have no such day.
    if known.is_empty() || known.len() * 2 < roster.table.len() || dated * 2 < known.len() {
        return None;
    }
    let lms = older.profile.called();
    let (mut cells, mut gone, mut later, mut open) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (row, was) in known {
        let before = older.table.cell(was, had).into_owned();
        let (name, text) = (older.name(was), text(row));
        let is_past = past(&text, order, today);
        match (text.is_empty(), is_past) {
            (true, _) => {}
            (false, Some((true, date))) => gone.push(format!("{name} (last day {})", shown(date))),
            (false, Some((false, date))) => later.push(format!(
                "{name} leaves on {}: not in this kit, and still {}.",
                shown(date),
                if before.is_empty() { "as before".to_owned() } else { format!("`{before}`") }
            )),
            (false, None) => open.push(format!(
                "{name}: `{text}` is no day that can be read in one way, so nothing is changed."
            )),
        }
        let is_gone = !text.is_empty() && is_past.is_some_and(|(past, _)| past);
        cells.push((row, if is_gone { inactive.clone() } else { before }));
    }
    let mut says = Vec::new();
    if !gone.is_empty() {
        says.push(format!(
            "A report of leavers: `{inactive}` for {}, by `{}`: {}. All else stays as {lms} has it.",
            counted(gone.len(), "person", "people"),
            column.name,
            gone.join(", ")
        ));
    }
    says.extend(later);
    says.extend(open);
    cells.retain(|(_, cell)| !cell.is_empty());
    Some(Added { name: older.columns[had].name.clone(), cells, says })
}

/// Whether a column says on which day somebody leaves: by its name, and by its values.
fn is_last_day(roster: &Roster, column: &Column) -> bool {
    let is_used = matches!(column.used, Some(Use::Leave | Use::Keep));
    let named = synonyms::meaning_of(&column.form).is_some_and(|meant| meant.is_last_day)
        || column.moment == Some(Moment::Ends)
        || roster.field(column.at).is_some_and(|field| {
            let means = |header: &String| synonyms::meaning_of(&header_form(header));
            field.headers.iter().any(|h| means(h).is_some_and(|meant| meant.is_last_day))
        });
    let cells = || {
        let rows = roster.table.rows().map(|row| roster.table.cell(row, column.at));
        rows.filter(|cell| !cell.trim().is_empty())
    };
    let is_day = |cell: &std::borrow::Cow<str>| {
        matches!(
            Reading::of(cell.trim()),
            Reading::Day { .. } | Reading::Either { .. } | Reading::NoSuchDay
        )
    };
    let (all, days) = (cells().count(), cells().filter(is_day).count());
    named && !is_used && all > 0 && days * 10 >= all * 8
}

/// Whether the days of a column have the day first; none where they do not say, or say both.
fn order_of(roster: &Roster, column: usize) -> Option<bool> {
    let rows = roster.table.rows();
    let mut told =
        rows.filter_map(|row| dates::day_comes_first(roster.table.cell(row, column).trim()));
    let first = told.next()?;
    told.all(|other| other == first).then_some(first)
}

/// Whether a day is past, today among it; none where it may be read in two ways that differ in that.
fn past(text: &str, order: Option<bool>, today: Date) -> Option<(bool, Date)> {
    match Reading::of(text) {
        Reading::Day { date, .. } => Some((date <= today, date)),
        Reading::Either { day_first, month_first, .. } => {
            let date = match order {
                Some(true) => day_first,
                Some(false) => month_first,
                None if (day_first <= today) == (month_first <= today) => {
                    day_first.max(month_first)
                }
                None => return None,
            };
            Some((date <= today, date))
        }
        _ => None,
    }
}

/// "13 November 2026".
fn shown(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
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

    fn completed(file: &str, today: Date) -> (Roster, Vec<String>) {
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
        let (rosters, says) = rosters.expect("read").completed(today).expect("it can be completed");
        (rosters.roster, says)
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
                let (roster, says) = completed(&file, today);
                assert_eq!(column(&roster, "User Status"), expected, "{header}, {today}");
                let keys = ["sunniva@a.example", "tess@a.example"];
                assert_eq!(column(&roster, "Email Address"), keys);
                let later = expected.iter().filter(|word| **word == "active").count();
                let told = says.iter().filter(|s| s.contains("not in this kit")).count();
                assert_eq!(told, later, "{says:#?}");
            }
        }
    }

    #[test]
    fn one_leaver_is_enough_and_a_day_that_may_be_two_changes_nothing() {
        let file = "Worker ID,Termination Date\n000410,2026-11-13\n";
        let (roster, _) = completed(file, date(2026, 11, 28));
        assert_eq!(column(&roster, "User Status"), ["inactive"]);
        let file = "Worker ID,Termination Date\n000410,11/12/2026\n";
        let (roster, says) = completed(file, date(2026, 11, 28));
        assert_eq!(column(&roster, "User Status"), ["on leave"]);
        assert!(says.iter().any(|s| s.contains("11/12/2026")), "{says:#?}");
    }

    #[test]
    fn a_list_that_is_no_report_of_leavers_stays_as_it_is() {
        for file in [
            "Employee ID,Name,Contract\n000414,Sunniva Dahl,permanent\n000416,Tess Marlow,permanent\n",
            "Worker ID,Worker,Termination Date\n1,Ada Lo,2026-11-13\n2,Bo Li,2026-11-13\n",
            "First Name,Last Name,Email Address,Employee ID,User Status,Termination Date\n\
             Sunniva,Dahl,sunniva@a.example,000414,active,2026-11-13\n",
        ] {
            let (roster, says) = completed(file, date(2026, 11, 28));
            assert!(!says.iter().any(|s| s.contains("leavers")), "{says:#?}");
            let statuses = roster.table.names().iter().filter(|n| *n == "User Status").count();
            assert_eq!(statuses, usize::from(file.contains("User Status")));
        }
    }
}
