//! Which columns of a file are which of the LMS's, where no name of the profile says so: by a name of the same meaning, and
//! by values that the LMS has in one of its columns and in no other. What is settled is told with what it rests on.

mod beside;
mod called;
mod pairs;

use std::cell::OnceCell;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

pub use self::beside::{are_other_people, names_beside};
use self::called::Called;
pub use self::pairs::{KeyPair, key_pairs, sure_pairs};
use crate::letters;
use crate::profile::{Field, FieldKind, Profile, Use, Uses, header_form, matching, synonyms};
use crate::roster::{Column, Roster, guess_kind};
use muster_table::table::Table;

/// The columns of a file, settled.
#[derive(Debug, Clone)]
pub struct Settled {
    /// The profile, with the columns of the account's own that the file has under another name as fields.
    pub profile: Arc<Profile>,
    /// What every column is used as whose name does not say so.
    pub uses: Uses,
    /// What was settled here, and why; what somebody chose is not told again.
    pub told: Vec<SettledColumn>,
}

/// A column that was taken for one of the LMS's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettledColumn {
    /// The column's name in the file.
    pub column: String,
    /// What it is in the LMS: the header there.
    pub of_lms: String,
    /// `name` or `values`.
    pub by: &'static str,
    /// What it rests on, as a part of a sentence: "2 of 2 values are there".
    pub evidence: String,
}

/// Where fewer values than this agree, it may be chance.
const LEAST: usize = 2;
/// How many rows are looked at.
const LOOKED_AT: usize = 20_000;

/// Settles the columns of a file. `chosen` is what was said of them, which goes before all else.
pub fn settle(
    table: &Table,
    older: Option<&Table>,
    profile: &Arc<Profile>,
    chosen: &Uses,
) -> Settled {
    let older_names = older.map_or(&[][..], Table::names);
    let profile = with_own_fields(profile, chosen, older);
    let by_name = matching::settled(table.names(), &profile, chosen, older_names);
    let mut settled = Settled { uses: by_name.clone(), profile: profile.clone(), told: Vec::new() };
    if let Some(older) = older.filter(|older| !older.is_empty()) {
        let of_older = matching::of_older(older_names, &profile, &by_name);
        let values = Values::of(table, older, profile.matched(of_older), chosen);
        if let Some(values) = values {
            values.settle(&mut settled);
        }
    }
    if let Some(older) = older {
        own_by_name(table, older, &mut settled);
    }
    last_name(table, &mut settled);
    let told_by_value: FxHashSet<String> =
        settled.told.iter().map(|t| header_form(&t.column)).collect();
    for (form, used) in &settled.uses {
        let (false, false, Use::Field { field }) =
            (chosen.contains_key(form), told_by_value.contains(form), used)
        else {
            continue;
        };
        let Some(name) = table.names().iter().find(|n| header_form(n) == *form) else { continue };
        let of_lms = header_in(older_names, &settled.profile, field);
        let evidence = "its name means the same".to_owned();
        settled.told.push(SettledColumn { column: name.clone(), of_lms, by: "name", evidence });
    }
    let place = |t: &SettledColumn| table.names().iter().position(|n| *n == t.column);
    settled.told.sort_by_key(place);
    settled
}

/// How a field is headed in what the LMS has.
fn header_in(older: &[String], profile: &Profile, field: &str) -> String {
    let Some(field) = profile.field(field) else { return field.to_owned() };
    let had = older.iter().find(|name| field.is_headed(&header_form(name)));
    had.or_else(|| field.headers.first()).cloned().unwrap_or_default()
}

/// The profile with a field for each column of the account's own that somebody said a column is.
fn with_own_fields(profile: &Arc<Profile>, uses: &Uses, older: Option<&Table>) -> Arc<Profile> {
    let mut profile = profile.clone();
    let Some(older) = older else { return profile };
    for used in uses.values() {
        if let Use::Field { field } = used
            && profile.field(field).is_none()
            && let Some(at) = place_of(older, &header_form(field))
        {
            profile = with_own_field(&profile, field, older, at);
        }
    }
    profile
}

fn place_of(table: &Table, form: &str) -> Option<usize> {
    table.names().iter().position(|name| !form.is_empty() && header_form(name) == form)
}

fn with_own_field(profile: &Arc<Profile>, id: &str, older: &Table, at: usize) -> Arc<Profile> {
    let name = &older.names()[at];
    let mut next = Profile::clone(profile);
    next.fields.push(Field {
        id: id.to_owned(),
        title: name.clone(),
        headers: vec![name.clone()],
        kind: guess_kind(older, at, &header_form(name)),
        ..Field::default()
    });
    Arc::new(next)
}

/// A name that stands beside a first name is the last: `Nom` beside `Prénom`, `Name` beside `Vorname`. Where the first
/// stands in it too, it is the whole.
fn last_name(table: &Table, settled: &mut Settled) {
    let forms: Vec<String> = table.names().iter().map(|n| header_form(n)).collect();
    let profile = settled.profile.clone();
    let is_used_as = |form: &String, field: &Field| match settled.uses.get(form) {
        Some(Use::Field { field: id }) => *id == field.id,
        Some(_) => false,
        None => field.is_headed(form),
    };
    let column_of = |field: &Field| forms.iter().position(|form| is_used_as(form, field));
    let part = |part: u8| profile.fields.iter().find(|field| field.name_part == part);
    let (Some(first), Some(last)) = (part(1).and_then(column_of), part(2)) else { return };
    let is_free = |form: &&String| {
        let is_name = synonyms::meaning_of(form).is_some_and(|meant| meant.is_name_or_last);
        (is_name || *form == "name")
            && !settled.uses.contains_key(*form)
            && !profile.fields.iter().any(|field| field.is_headed(form))
    };
    let mut free = forms.iter().filter(is_free);
    let (Some(form), None, None) = (free.next(), free.next(), column_of(last)) else { return };
    let at = forms.iter().position(|other| other == form).unwrap_or_default();
    let (mut filled, mut whole) = (0, 0);
    for row in table.rows().take(LOOKED_AT) {
        let (name, first) = (words(&table.cell(row, at)), words(&table.cell(row, first)));
        filled += usize::from(!name.is_empty() && !first.is_empty());
        whole += usize::from(!first.is_empty() && first.iter().all(|word| name.contains(word)));
    }
    if filled > 0 && whole * 2 <= filled {
        settled.uses.insert(form.clone(), Use::Field { field: last.id.clone() });
    }
}

/// Whether a row of a table of several columns has one cell or none: a total, a title or a remark, unless it is a number
/// by which somebody is known.
pub fn stands_alone(table: &Table, row: u32) -> bool {
    const LEAST_COLUMNS: usize = 3;
    let filled = (0..table.width()).filter(|&at| !table.cell(row, at).trim().is_empty());
    table.width() >= LEAST_COLUMNS && filled.take(2).count() < 2
}

/// Columns of the account's own that stand in the file under a name of the same meaning.
fn own_by_name(table: &Table, older: &Table, settled: &mut Settled) {
    let forms: Vec<String> = table.names().iter().map(|n| header_form(n)).collect();
    let of_older: Vec<String> = older.names().iter().map(|n| header_form(n)).collect();
    let headed = |form: &str| settled.profile.fields.iter().any(|f| f.is_headed(form));
    let is_own =
        |(_, form): &(usize, &String)| !form.is_empty() && !headed(form) && !forms.contains(*form);
    let own: Vec<(usize, &String)> = of_older.iter().enumerate().filter(is_own).collect();
    let mut found: Vec<(String, usize)> = Vec::new();
    for &(at, own_form) in &own {
        let free = |form: &&String| {
            !settled.uses.contains_key(*form)
                && !headed(form)
                && !of_older.contains(*form)
                && synonyms::same_meaning(form, own_form)
        };
        let mut columns = forms.iter().filter(free);
        if let (Some(form), None) = (columns.next(), columns.next())
            && own.iter().filter(|(_, other)| synonyms::same_meaning(form, other)).count() == 1
        {
            found.push((form.clone(), at));
        }
    }
    for (form, at) in found {
        let name = &older.names()[at];
        settled.profile = with_own_field(&settled.profile, name, older, at);
        settled.uses.insert(form, Use::Field { field: name.clone() });
    }
}

/// A column of the snapshot that no column of the file is yet.
struct Target {
    column: Column,
    /// Who of the snapshot has which value, where nearly all are different.
    rows: Option<FxHashMap<String, u32>>,
}

/// A column of a file whose values stand in one of the snapshot's.
struct Overlap {
    /// The column's place in the file.
    at: usize,
    /// The target's place among the targets.
    target: usize,
    /// Rows of the file, each with the snapshot's row that has its value.
    found: Vec<(u32, u32)>,
    /// How many cells of the column are filled.
    of: usize,
}

/// The values of a file beside those of the snapshot.
struct Values<'r> {
    table: &'r Table,
    older: Roster,
    rows: Vec<u32>,
    /// Columns of which nobody has said what they are, by their place; a name of the same meaning is no word of anybody.
    open: Vec<usize>,
    targets: Vec<Target>,
}

impl<'r> Values<'r> {
    /// None where there is nothing to settle, as in an export of the LMS's own.
    fn of(
        table: &'r Table,
        older: &Table,
        profile: Arc<Profile>,
        chosen: &Uses,
    ) -> Option<Values<'r>> {
        let forms: Vec<String> = table.names().iter().map(|n| header_form(n)).collect();
        let headed = |form: &str| profile.fields.iter().position(|f| f.is_headed(form));
        let of_older: FxHashSet<String> = older.names().iter().map(|n| header_form(n)).collect();
        let is_open = |&at: &usize| {
            let form = &forms[at];
            !form.is_empty()
                && !chosen.contains_key(form)
                && headed(form).is_none()
                && !of_older.contains(form)
        };
        let open: Vec<usize> = (0..forms.len()).filter(is_open).collect();
        if open.is_empty() {
            return None;
        }
        // What the file has under its own name, or by somebody's word, is sought no more.
        let taken: FxHashSet<usize> = forms
            .iter()
            .filter_map(|form| match chosen.get(form) {
                Some(Use::Field { field }) => profile.fields.iter().position(|f| f.id == *field),
                Some(_) => None,
                None => headed(form),
            })
            .collect();
        let older = Roster::read(older.clone(), profile.clone());
        let is_target = |column: &&Column| {
            let field = column.field.map(|f| &profile.fields[f]);
            !column.form.is_empty()
                && !column.is_secret()
                && !column.is_left_out()
                && field.is_none_or(|f| !f.read_only)
                && column.field.is_none_or(|f| !taken.contains(&f))
                && (column.field.is_some() || !forms.contains(&column.form))
        };
        let targets: Vec<Column> = older.columns.iter().filter(is_target).cloned().collect();
        if targets.is_empty() {
            return None;
        }
        let target = |column: Column| Target { rows: unique_rows(&older, column.at), column };
        let targets = targets.into_iter().map(target).collect();
        let rows = table.rows().take(LOOKED_AT).collect();
        Some(Values { table, rows, open, targets, older })
    }

    fn value(&self, row: u32, column: usize) -> String {
        plain(&self.table.cell(row, column))
    }

    fn settle(&self, settled: &mut Settled) {
        let mut overlaps: Vec<Overlap> = Vec::new();
        for &at in &self.open {
            let values: Vec<(u32, String)> = self
                .rows
                .iter()
                .map(|&row| (row, self.value(row, at)))
                .filter(|(_, value)| !value.is_empty())
                .collect();
            let different: FxHashSet<&str> = values.iter().map(|(_, v)| v.as_str()).collect();
            // What is named as something else, such as the manager's address, says nobody of this row.
            let form = header_form(&self.table.names()[at]);
            let meant = synonyms::meaning_of(&form);
            let is_else = meant.is_some_and(|m| !m.says_who && !m.is_name);
            let may_be = |of: &Column| !is_else || synonyms::same_meaning(&form, &of.form);
            if values.is_empty() || different.len() * 20 < values.len() * 19 {
                continue;
            }
            for (n, target) in self.targets.iter().enumerate() {
                let Some(rows) = target.rows.as_ref().filter(|_| may_be(&target.column)) else {
                    continue;
                };
                let found: Vec<(u32, u32)> = values
                    .iter()
                    .filter_map(|(row, value)| Some((*row, *rows.get(value)?)))
                    .collect();
                if !found.is_empty() {
                    overlaps.push(Overlap { at, target: n, found, of: values.len() });
                }
            }
        }
        let called = OnceCell::new();
        let mut certain: Vec<&Overlap> = Vec::new();
        for overlap in &overlaps {
            let Overlap { at, target, found, of } = overlap;
            let telling = found.len() >= LEAST && found.len() * 2 >= *of;
            let rival = |other: &Overlap| {
                (other.at == *at) != (other.target == *target)
                    && other.found.len() * 2 >= found.len()
            };
            let alone = !overlaps.iter().any(rival);
            if alone
                && telling
                && self.same_people(&called, *at, &self.targets[*target].column, found)
            {
                certain.push(overlap);
                let evidence = format!("{} of {of} values are there", found.len());
                self.take(settled, *at, *target, evidence);
            }
        }
        let paired = self.paired(&certain);
        self.settle_others(settled, &paired);
    }

    /// Whether people who are paired are the same people: most are called the same. Where the file has no names, the
    /// numbers have to be too long for a count, or be named as such.
    fn same_people<'c>(
        &'c self,
        called: &OnceCell<Called<'c>>,
        at: usize,
        of: &Column,
        found: &[(u32, u32)],
    ) -> bool {
        let called = called.get_or_init(|| Called::of(&self.older));
        if let Some(is_so) = called.agree(self.table, at, of.at, found) {
            return is_so;
        }
        let is_long =
            |(_, was): &(u32, u32)| self.older.table.cell(*was, of.at).trim().chars().count() >= 4;
        let is_named = synonyms::same_meaning(&header_form(&self.table.names()[at]), &of.form);
        of.kind == FieldKind::Email || is_named || found.iter().all(is_long)
    }

    fn take(&self, settled: &mut Settled, at: usize, n: usize, evidence: String) {
        let column = &self.targets[n].column;
        let name = &self.table.names()[at];
        let form = header_form(name);
        let field = match self.older.field(column.at) {
            Some(field) => field.id.clone(),
            None => {
                let older = &self.older.table;
                settled.profile = with_own_field(&settled.profile, &column.name, older, column.at);
                column.name.clone()
            }
        };
        // What a name seemed to say goes to the column that has the values.
        settled.uses.retain(|other, used| {
            *other == form || !matches!(used, Use::Field { field: id } if *id == field)
        });
        settled.uses.insert(form, Use::Field { field });
        settled.told.push(SettledColumn {
            column: name.clone(),
            of_lms: column.name.clone(),
            by: "values",
            evidence,
        });
    }

    /// Who is who, by the best of what is certain, or by a column that has one name in both.
    fn paired(&self, certain: &[&Overlap]) -> Vec<(u32, u32)> {
        if let Some(best) = certain.iter().max_by_key(|overlap| overlap.found.len()) {
            return best.found.clone();
        }
        let names = self.table.names().iter().enumerate();
        let named = names.filter_map(|(at, name)| {
            let of = column_named(&self.older, &header_form(name))?;
            let rows = unique_rows(&self.older, of)?;
            let pair = |&row: &u32| Some((row, *rows.get(&self.value(row, at))?));
            let found: Vec<(u32, u32)> = self.rows.iter().filter_map(pair).collect();
            (found.len() >= LEAST).then_some(found)
        });
        named.max_by_key(Vec::len).unwrap_or_default()
    }

    /// Columns that tell nobody apart: the same people have the same in them.
    fn settle_others(&self, settled: &mut Settled, paired: &[(u32, u32)]) {
        const LEAST_PEOPLE: usize = 3;
        let mut found: Vec<(usize, usize, usize, usize)> = Vec::new();
        for &at in &self.open {
            let form = header_form(&self.table.names()[at]);
            if settled.uses.contains_key(&form) {
                continue;
            }
            for (n, target) in self.targets.iter().enumerate() {
                let column = &target.column;
                let is_taken = settled.uses.values().any(|used| match used {
                    Use::Field { field } => match self.older.field(column.at) {
                        Some(own) => own.id == *field,
                        None => column.name == *field,
                    },
                    Use::Keep | Use::Leave => false,
                });
                if is_taken {
                    continue;
                }
                let (mut same, mut of, mut different) = (0, 0, FxHashSet::default());
                for &(row, was) in paired {
                    let (now, before) =
                        (self.value(row, at), plain(&self.older.table.cell(was, column.at)));
                    if now.is_empty() && before.is_empty() {
                        continue;
                    }
                    of += 1;
                    same += usize::from(now == before);
                    different.insert(before);
                }
                if of >= LEAST_PEOPLE && different.len() >= 2 && same * 10 >= of * 9 {
                    found.push((at, n, same, of));
                }
            }
        }
        for &(at, n, same, of) in &found {
            let rival = |(a, m, _, _): &&(usize, usize, usize, usize)| (*a == at) != (*m == n);
            if !found.iter().any(|other| rival(&other)) {
                let evidence = format!("{same} of {of} people have the same in it");
                self.take(settled, at, n, evidence);
            }
        }
    }
}

/// The column of a roster that a column of this name is.
fn column_named(roster: &Roster, form: &str) -> Option<usize> {
    let same = |c: &&Column| match roster.field(c.at) {
        Some(field) => field.is_headed(form),
        None => !form.is_empty() && c.form == form,
    };
    roster.columns.iter().find(same).filter(|c| !c.is_secret()).map(|c| c.at)
}

/// Who of a roster has which value in a column, where nearly all are different; blanks are nobody's.
fn unique_rows(roster: &Roster, column: usize) -> Option<FxHashMap<String, u32>> {
    let (mut rows, mut filled) = (FxHashMap::default(), 0usize);
    let mut twice = FxHashSet::default();
    for row in roster.table.rows() {
        let value = plain(&roster.table.cell(row, column));
        if value.is_empty() {
            continue;
        }
        filled += 1;
        if rows.insert(value.clone(), row).is_some() {
            twice.insert(value);
        }
    }
    // Half of all people have to have one, and nearly all of those another.
    let tells = filled * 2 >= roster.table.len() && twice.len() * 20 <= filled && filled > 1;
    rows.retain(|value, _| !twice.contains(value));
    tells.then_some(rows)
}

/// What of a value counts: of a number, what a spreadsheet leaves of it.
fn plain(cell: &str) -> String {
    let text = cell.trim();
    let is_number = text.bytes().all(|b| b.is_ascii_digit());
    let text = if is_number { text.trim_start_matches('0') } else { text };
    text.to_lowercase()
}

/// The words of a cell that may be a name's, an address's among them.
fn words(cell: &str) -> Vec<String> {
    // What stands behind the sign is everybody's.
    let own = cell.split('@').next().unwrap_or_default();
    let mut words = letters::words(own);
    words.retain(|word| word.chars().count() > 1 && word.chars().all(char::is_alphabetic));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPORT: &str = "First Name,Last Name,Email Address,Country ISO Code,Employee ID,Hire Date,User Status,Badge\n\
        Mara,Okafor,mara.okafor@a.example,USA,000410,2020-01-03,active,B-70\n\
        Jonas,Brandt,jonas.brandt@a.example,USA,000411,2020-02-06,active,B-71\n\
        Tess,Marlow,tess.marlow@a.example,DEU,000412,2020-03-09,active,B-72\n\
        Ivo,Petrov,ivo.petrov@a.example,DEU,000413,2020-04-12,active,B-73\n\
        Sunniva,Dahl,sunniva.dahl@a.example,USA,000414,2020-05-15,active,B-74\n";

    fn settled(file: &str, older: Option<&str>, chosen: &[(&str, &str)]) -> Settled {
        let profile = Arc::new(Profile::built_in("emtrain-roster").expect("built in"));
        let table = |text: &str| Table::from_text(text).expect("read");
        let used = |field: &str| match field {
            "leave" => Use::Leave,
            field => Use::Field { field: field.to_owned() },
        };
        let chosen = chosen.iter().map(|(form, to)| ((*form).to_owned(), used(to))).collect();
        settle(&table(file), older.map(table).as_ref(), &profile, &chosen)
    }

    fn told(settled: &Settled) -> Vec<String> {
        let line =
            |t: &SettledColumn| format!("{} = {} ({}: {})", t.column, t.of_lms, t.by, t.evidence);
        settled.told.iter().map(line).collect()
    }

    #[test]
    fn a_report_of_leavers_is_known_by_the_numbers_that_the_lms_has() {
        let file = "No.,Worker,Termination Date\n000414,Sunniva Dahl,2026-11-13\n000412,Tess Marlow,2026-11-20\n";
        let found = settled(file, Some(EXPORT), &[]);
        assert_eq!(told(&found), ["No. = Employee ID (values: 2 of 2 values are there)"]);
        // Without a name beside it, the number itself has to be one that no count of rows gives.
        let bare = "No.,Termination Date\n000414,2026-11-13\n000412,2026-11-20\n";
        assert_eq!(told(&settled(bare, Some(EXPORT), &[])).len(), 1);
    }

    #[test]
    fn a_column_that_counts_the_rows_is_nobodys_number() {
        let export = "First Name,Last Name,Employee ID,User Status\n\
            Mara,Okafor,3,active\nJonas,Brandt,2,active\nTess,Marlow,1,active\nIvo,Petrov,4,active\n";
        let file = "Row,Person,Canteen\n1,Mara Okafor,Oslo\n2,Tess Marlow,Bergen\n3,Ivo Petrov,Oslo\n4,Noor Said,Oslo\n";
        assert_eq!(told(&settled(file, Some(export), &[])), [""; 0]);
        let bare = "Row,Shift\n1,2\n2,1\n3,2\n";
        assert_eq!(told(&settled(bare, Some(export), &[])), [""; 0]);
    }

    #[test]
    fn a_list_that_is_no_list_of_these_people_is_taken_for_nothing() {
        let file = "Item,Shelf,Colour\nChair,A1,red\nTable,B2,blue\nLamp,C3,green\n";
        assert_eq!(told(&settled(file, Some(EXPORT), &[])), [""; 0]);
    }

    #[test]
    fn columns_that_tell_nobody_apart_follow_the_same_people() {
        let file = "Emp,Nation,Card\n000410,USA,B-70\n000411,USA,B-71\n000412,DEU,B-72\n000413,DEU,B-73\n000999,USA,B-99\n";
        let found = settled(file, Some(EXPORT), &[]);
        assert_eq!(
            told(&found),
            [
                "Emp = Employee ID (values: 4 of 5 values are there)",
                "Nation = Country ISO Code (values: 4 of 4 people have the same in it)",
                "Card = Badge (values: 4 of 5 values are there)",
            ]
        );
        let badge = found.profile.field("Badge").expect("the account's own column is a field now");
        assert_eq!(badge.headers, ["Badge"]);
    }

    #[test]
    fn what_somebody_chose_and_the_profiles_own_names_go_before_all_else() {
        let file = "Work mail,Email Address,Emp No\nmara.okafor@a.example,x@a.example,000410\njonas.brandt@a.example,y@a.example,000411\n";
        let found = settled(file, Some(EXPORT), &[("empno", "leave")]);
        assert_eq!(told(&found), [""; 0]);
        assert_eq!(found.uses.len(), 1);
    }

    #[test]
    fn a_report_of_people_who_are_all_new_is_read_by_its_names() {
        let file = "Worker ID,Legal First Name,Work E-mail Address,Start,Badge number\n\
            000930,Noor,noor.said@a.example,2026-11-30,17\n";
        let found = settled(file, Some(EXPORT), &[]);
        let columns: Vec<&str> = found.told.iter().map(|t| t.of_lms.as_str()).collect();
        // Two columns that may be the number of a person are a question.
        assert_eq!(columns, ["First Name", "Email Address", "Hire Date"]);
    }

    #[test]
    fn the_pairs_of_columns_tell_how_well_each_agrees() {
        let profile = Arc::new(Profile::built_in("emtrain-roster").expect("built in"));
        let roster =
            |text: &str| Roster::read(Table::from_text(text).expect("read"), profile.clone());
        let file = "Emp No,Work mail\n000410,mara.okafor@a.example\n000411,j@a.example\n000999,n@a.example\n";
        let pairs = key_pairs(&roster(file), &roster(EXPORT));
        let told: Vec<(&str, &str, u32, u32)> =
            pairs.iter().map(|p| (p.column.as_str(), p.of_lms.as_str(), p.matched, p.of)).collect();
        assert_eq!(told, [("Emp No", "Employee ID", 2, 3), ("Work mail", "Email Address", 1, 3)]);
    }
}
