//! Pairs of columns by which people may be known in a file and in what the LMS has. A name says nobody, nor does a place, a
//! team or a manager: only numbers, codes and addresses of one's own do.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use super::called::Called;
use super::{plain, stands_alone, unique_rows};
use crate::profile::{FieldKind, synonyms};
use crate::roster::{Column, Roster};
use muster_table::narrow;

/// A column of a file and one of the snapshot that may say who somebody is in both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyPair {
    /// The column's name in the file.
    pub column: String,
    /// The column's name in the snapshot.
    pub of_lms: String,
    /// How many people of the file the snapshot has by it.
    pub matched: u32,
    /// How many people the file has; a total or a remark is nobody.
    pub of: u32,
    /// Whether it is filled and different for everybody in the file.
    pub fits: bool,
}

impl KeyPair {
    /// Rows of the file, each with the snapshot's row of the same person.
    pub fn people(&self, roster: &Roster, older: &Roster) -> Vec<(u32, u32)> {
        let Some((here, there)) = self.places(roster, older) else { return Vec::new() };
        let mut people: FxHashMap<String, Option<u32>> = FxHashMap::default();
        for row in older.table.rows() {
            let value = plain(&older.table.cell(row, there));
            people.entry(value).and_modify(|one| *one = None).or_insert(Some(row));
        }
        let known = |row: u32| {
            let value = plain(&roster.table.cell(row, here));
            Some((row, people.get(&value).copied().flatten().filter(|_| !value.is_empty())?))
        };
        roster.table.rows().filter_map(known).collect()
    }

    /// Whether people who are paired by it are called the same; none where the file does not say what they are called.
    pub fn is_borne_out(&self, roster: &Roster, older: &Roster) -> Option<bool> {
        self.is_borne_out_by(&Called::of(older), roster, older)
    }

    fn is_borne_out_by(&self, called: &Called, roster: &Roster, older: &Roster) -> Option<bool> {
        let (agree, told) = self.agreeing(called, roster, older)?;
        Some(agree * 2 > told)
    }

    fn agreeing(&self, called: &Called, roster: &Roster, older: &Roster) -> Option<(usize, usize)> {
        let (here, there) = self.places(roster, older)?;
        called.agreeing(&roster.table, here, there, &self.people(roster, older))
    }

    fn is_sure(&self, called: &Called, roster: &Roster, older: &Roster) -> bool {
        let field = |roster: &Roster, at: usize| roster.columns.get(at).and_then(|c| c.field);
        let is_one_field = || {
            let places = self.places(roster, older);
            let fields = places.map(|(here, there)| (field(roster, here), field(older, there)));
            fields.is_some_and(|(here, there)| here.is_some() && here == there)
        };
        let is_address = || {
            let places = self.places(roster, older);
            places.is_some_and(|(_, there)| older.columns[there].kind == FieldKind::Email)
        };
        let most = || self.matched * 2 >= self.of;
        self.fits
            && match self.agreeing(called, roster, older) {
                Some((agree, told)) if agree * 2 > told => most(),
                // Whose number is mistyped is told; the column is what it is called all the same.
                Some((agree, _)) => agree > 0 && most() && is_one_field(),
                None if self.matched * 10 >= self.of * 9 => self.matched > 1 || is_one_field(),
                // An address is nobody else's: who is not known is a stranger.
                None => self.matched > 1 && most() && is_one_field() && is_address(),
            }
    }

    fn places(&self, roster: &Roster, older: &Roster) -> Option<(usize, usize)> {
        let at = |roster: &Roster, name: &str| roster.table.names().iter().position(|n| n == name);
        Some((at(roster, &self.column)?, at(older, &self.of_lms)?))
    }
}

/// Whether a column may say who somebody is, all by itself.
fn says_who(roster: &Roster, column: &Column) -> bool {
    let field = roster.field(column.at);
    let is_aside = column.is_secret()
        || column.is_left_out()
        || column.list.is_some()
        || column.name_part > 0
        || column.kind == FieldKind::Date
        || column.form.is_empty()
        || field.is_some_and(|f| f.refers_to.is_some() || !f.choices.is_empty());
    if is_aside {
        return false;
    }
    if column.is_key || column.unique.is_some() || column.identifies {
        return true;
    }
    match synonyms::meaning_of(&column.form) {
        Some(meant) => meant.says_who,
        None if field.is_some() => column.kind == FieldKind::Email,
        None => holds_codes(roster, column.at),
    }
}

/// Whether nearly all that a column has are numbers, codes or addresses.
fn holds_codes(roster: &Roster, column: usize) -> bool {
    const LOOKED_AT: usize = 200;
    let (mut filled, mut codes) = (0, 0);
    for row in roster.table.rows().take(LOOKED_AT) {
        let cell = roster.table.cell(row, column);
        filled += usize::from(!cell.trim().is_empty());
        codes += usize::from(cell.contains(|c: char| c == '@' || c.is_numeric()));
    }
    filled > 0 && codes * 20 >= filled * 19
}

/// The pairs of columns by which somebody may be known in a file and in what the LMS has, the best first: those that are
/// filled and different for everybody go before those that are not, and then who matches more.
pub fn key_pairs(roster: &Roster, older: &Roster) -> Vec<KeyPair> {
    let people: Vec<u32> = roster.table.rows().collect();
    let by_column: Vec<(usize, Vec<String>)> = roster
        .columns
        .iter()
        .filter(|c| says_who(roster, c))
        .map(|c| (c.at, people.iter().map(|&row| plain(&roster.table.cell(row, c.at))).collect()))
        .collect();
    let alone: Vec<bool> = people.iter().map(|&row| stands_alone(&roster.table, row)).collect();
    let mut all = Vec::new();
    for of in older.columns.iter().filter(|c| says_who(older, c)) {
        let Some(rows) = unique_rows(older, of.at) else { continue };
        for (at, values) in &by_column {
            let nobody = |n: usize| alone[n] && !rows.contains_key(&values[n]);
            let of_people = || (0..people.len()).filter(|&n| !nobody(n)).map(|n| &values[n]);
            let (count, values) = (of_people().count(), of_people());
            let filled: Vec<&String> = values.filter(|v| !v.is_empty()).collect();
            let different: FxHashSet<&String> = filled.iter().copied().collect();
            let matched = different.iter().filter(|v| rows.contains_key(**v)).count();
            if matched == 0 {
                continue;
            }
            all.push(KeyPair {
                column: roster.columns[*at].name.clone(),
                of_lms: of.name.clone(),
                matched: narrow::count(matched),
                of: narrow::count(count),
                fits: filled.len() == count && different.len() == count,
            });
        }
    }
    all.sort_by(|a, b| {
        (b.fits, b.matched)
            .cmp(&(a.fits, a.matched))
            .then_with(|| (&a.column, &a.of_lms).cmp(&(&b.column, &b.of_lms)))
    });
    all
}

/// Those of [`key_pairs`] that leave no doubt: filled and different for everybody in the file, and most are known by them
/// and called the same, or nearly all where nothing says what they are called.
pub fn sure_pairs(roster: &Roster, older: &Roster) -> Vec<KeyPair> {
    let mut pairs = key_pairs(roster, older);
    if !pairs.is_empty() {
        let called = Called::of(older);
        pairs.retain(|pair| pair.is_sure(&called, roster, older));
    }
    pairs
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::profile::Profile;
    use muster_table::table::Table;

    const EXPORT: &str = "email,username,firstname,lastname,externalid,department\n\
        oliver.g@a.example,ogrun,Oliver,Grünwald,00486,HR\n\
        emma.p@a.example,emmap,Emma,Peña,00487,IT\n\
        zoe.a@a.example,zoe.a@a.example,Zoë,Ångström,00488,IT\n\
        ian.k@a.example,ian.k@a.example,Ian,Kerr,00489,HR\n";

    fn edapp(text: &str) -> Roster {
        let profile = Arc::new(Profile::built_in("edapp").expect("built in"));
        Roster::read(Table::from_text(text).expect("read"), profile)
    }

    fn sure(file: &str) -> Vec<String> {
        let (roster, older) = (edapp(file), edapp(EXPORT));
        let pairs = sure_pairs(&roster, &older);
        pairs.iter().map(|p| format!("{} = {}", p.column, p.of_lms)).collect()
    }

    #[test]
    fn a_name_says_nobody_however_different_they_all_are() {
        let file = "Employee number,First name,Last name,Department\n\
            00777,Oliver,Twist,HR\n00778,Emma,Nova,IT\n00488,Zoë,Ångström,IT\n00489,Ian,Kerr,HR\n";
        assert_eq!(sure(file), ["Employee number = externalid"]);
        let all = key_pairs(&edapp(file), &edapp(EXPORT));
        assert!(all.iter().all(|p| p.column == "Employee number"), "{all:?}");
        assert_eq!(sure("First name,Last name\nOliver,Twist\nEmma,Nova\n"), [""; 0]);
    }

    #[test]
    fn a_managers_address_says_nobody_whatever_the_column_is_called() {
        for manager in ["Manager e-mail", "Chef", "Someone"] {
            let file = format!(
                "Given name,Surname,E-mail,{manager}\n\
                 Beatrix,Kiddo,bk@a.example,zoe.a@a.example\nOtto,Wels,ow@a.example,ian.k@a.example\n"
            );
            assert_eq!(sure(&file), [""; 0], "{manager}");
        }
    }

    #[test]
    fn who_is_called_otherwise_is_somebody_else() {
        let same = "Emp No,Worker\n00486,\"Grunwald, Oliver\"\n00487,Emma Pena\n00900,New Person\n";
        assert_eq!(sure(same), ["Emp No = externalid"]);
        let other = "Emp No,Worker\n00486,Ada Lo\n00487,Bo Li\n00488,Cy Ng\n";
        assert_eq!(sure(other), [""; 0]);
        // Where no name is told, nearly all have to be known.
        assert_eq!(sure("Emp No,Card\n00486,1\n00487,2\n"), ["Emp No = externalid"]);
        assert_eq!(sure("Emp No,Card\n00486,1\n00487,2\n00900,3\n"), [""; 0]);
    }

    #[test]
    fn a_total_or_one_stranger_leaves_the_others_known() {
        let total = "Emp No,Last day,Note\n00486,x,y\n00487,x,y\n,,\nTotal : 2,,\n";
        assert_eq!(sure(total), ["Emp No = externalid"]);
        let stranger = "email,Last day\noliver.g@a.example,x\nemma.p@a.example,x\nno@a.example,x\n";
        assert_eq!(sure(stranger), ["email = email"]);
        // One of two numbers is mistyped, and the column is headed as the LMS has it.
        let mistyped = "externalid,Worker\n00488,Oliver Grünwald\n00487,Emma Peña\n";
        assert_eq!(sure(mistyped), ["externalid = externalid"]);
        let others = "externalid,Worker\n00488,Oliver Twist\n00487,Ada Lo\n";
        assert_eq!(sure(others), [""; 0]);
    }
}
