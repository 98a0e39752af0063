//! Filling a column from others: a login made of last name and employee ID.

use std::collections::BTreeMap;

use muster_roster::letters;
use muster_roster::profile::header_form;
use muster_roster::roster::Roster;
use muster_table::edit::Edit;
use muster_table::error::{Failure, Result};
use muster_table::going::{GoOn, stopped};
use muster_table::narrow;

/// Text with the names of columns in braces: `{Last Name}{Employee ID}`.
///
/// ```
/// use std::sync::Arc;
///
/// use muster_roster::profile::Profile;
/// use muster_roster::roster::Roster;
/// use muster_rules::filling::{FillOptions, Pattern};
/// use muster_table::edit::Edit;
/// use muster_table::table::Table;
///
/// # fn main() -> muster_table::error::Result<()> {
/// let profile = Arc::new(Profile::built_in("generic").expect("it comes with Muster"));
/// let table = Table::from_text("id,last_name,login\n7,Lovász,\n")?;
/// let roster = Roster::read(table, profile);
/// let pattern = Pattern::read("{last_name}{id}", &roster)?;
/// let filled = pattern.fill(&roster, 2, FillOptions { only_blank: true, plain: true }, &|_| None, &|_| true)?;
/// assert!(matches!(&filled.edits[0], Edit::Set { after, .. } if after == "lovasz7"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Column(usize),
}

/// How a column is to be filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FillOptions {
    /// Cells that hold something stay as they are.
    pub only_blank: bool,
    /// What comes from a column is put in small letters and digits, without accents, blanks and signs.
    pub plain: bool,
}

/// What a pattern comes to.
#[derive(Debug, Default)]
pub struct Filled {
    /// One for each cell that gets another value.
    pub edits: Vec<Edit>,
    /// People of whom a column of the pattern is blank; their cells are left alone.
    pub without: usize,
    /// People who would have the same value as somebody else.
    pub repeated: usize,
}

impl Pattern {
    /// Reads a pattern against the columns of a roster. Fails with kind `State` where a brace has no other, where it
    /// names a column that is not there or one of passwords, or names none at all.
    pub fn read(text: &str, roster: &Roster) -> Result<Pattern> {
        let refuse = |what: String| {
            Err(Failure::state(what)
                .hint("Put the names of columns in braces: {Last Name}{Employee ID}."))
        };
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            let Some((name, after)) = after.split_once('}') else {
                return refuse("a `{` of the pattern has no `}`".to_owned());
            };
            let form = header_form(name);
            let found = roster.columns.iter().find(|c| c.name == name.trim() || c.form == form);
            let Some(column) = found else {
                return refuse(format!("there is no column `{}`", name.trim()));
            };
            if column.is_secret() {
                return refuse(format!("`{}` holds passwords, which go nowhere else", column.name));
            }
            parts.push(Part::Column(column.at));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        if !parts.iter().any(|part| matches!(part, Part::Column(_))) {
            return refuse("the pattern names no column".to_owned());
        }
        Ok(Pattern(parts))
    }

    /// The value for one person; none where one of the columns has nothing to give.
    fn of(&self, roster: &Roster, row: u32, plain: bool) -> Option<String> {
        let mut value = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => value.push_str(text),
                Part::Column(at) => {
                    let cell = roster.table.cell(row, *at);
                    let given = if plain { plainly(&cell) } else { cell.trim().to_owned() };
                    if given.is_empty() {
                        return None;
                    }
                    value.push_str(&given);
                }
            }
        }
        Some(value)
    }

    /// What it comes to for everybody; fails with `Cancelled` if `go_on` says no. A column past the last one is yet to be
    /// added, and blank. Whose cell is blank and whom the LMS has
    /// gets what it `has`: a pattern would make another login of it.
    pub fn fill(
        &self,
        roster: &Roster,
        column: usize,
        how: FillOptions,
        has: &dyn Fn(u32) -> Option<String>,
        go_on: GoOn,
    ) -> Result<Filled> {
        const MANY: usize = 1 << 12;
        let mut filled = Filled::default();
        let mut holders: BTreeMap<String, usize> = BTreeMap::new();
        let somebody = roster.table.rows().filter(|row| !crate::rules::is_nobody(roster, *row));
        for (n, row) in somebody.enumerate() {
            if n % MANY == 0 && !go_on(n) {
                return Err(stopped());
            }
            let is_there = column < roster.table.width();
            let cell = is_there.then(|| roster.table.cell(row, column).into_owned());
            let before = cell.unwrap_or_default();
            let stays = how.only_blank && !before.trim().is_empty();
            let has = if before.trim().is_empty() { has(row) } else { None };
            let after = if stays { None } else { has.or_else(|| self.of(roster, row, how.plain)) };
            filled.without += usize::from(!stays && after.is_none());
            let value = after.clone().unwrap_or_else(|| before.clone()).trim().to_lowercase();
            if !value.is_empty() {
                *holders.entry(value).or_default() += 1;
            }
            if let Some(after) = after.filter(|after| *after != before) {
                filled.edits.push(Edit::Set { row, column: narrow::place(column), before, after });
            }
        }
        let shared = |edit: &&Edit| match edit {
            Edit::Set { after, .. } => {
                holders.get(&after.trim().to_lowercase()).is_some_and(|many| *many > 1)
            }
            _ => false,
        };
        filled.repeated = filled.edits.iter().filter(shared).count();
        Ok(filled)
    }
}

/// Small letters of a to z and digits: what has no such letters, as another script, gives nothing.
fn plainly(text: &str) -> String {
    let letters = letters::words(text).concat();
    letters.chars().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use muster_roster::profile::Profile;
    use muster_table::table::Table;

    fn roster() -> Roster {
        let text =
            "Last Name,Employee ID,Login\nO'Neill,007,\nGarcía López,12,taken\n,13,\nO'Neill,7,\n";
        let profile = Arc::new(Profile::built_in("generic").expect("built in"));
        Roster::read(Table::from_text(text).expect("read"), profile)
    }

    fn values(pattern: &str, only_blank: bool, plain: bool) -> (Vec<String>, usize, usize) {
        let roster = roster();
        let pattern = Pattern::read(pattern, &roster).expect("a pattern");
        let filled = pattern
            .fill(&roster, 2, FillOptions { only_blank, plain }, &|_| None, &|_| true)
            .expect("filled");
        let after = filled.edits.iter().map(|edit| match edit {
            Edit::Set { after, .. } => after.clone(),
            other => panic!("{other:?}"),
        });
        (after.collect(), filled.without, filled.repeated)
    }

    #[test]
    fn a_login_is_made_of_last_name_and_employee_id() {
        let all = vec!["oneill007".to_owned(), "garcialopez12".into(), "oneill7".into()];
        assert_eq!(values("{Last Name}{Employee ID}", false, true), (all, 1, 0));
        let blank = vec!["O'Neill-007".to_owned(), "O'Neill-7".into()];
        assert_eq!(values("{last name}-{employee id}", true, false), (blank, 1, 0));
    }

    #[test]
    fn a_plain_value_has_small_letters_and_digits_alone() {
        for (text, plain) in [
            ("Łukasz", "lukasz"),
            ("Ångström-Østergaard", "angstromostergaard"),
            ("Đặng Þór", "dangthor"),
            ("Weiß & Œuvre", "weissoeuvre"),
            ("İpek Yıldız", "ipekyildiz"),
            ("Æsa Ñandú", "aesanandu"),
            ("Анна", ""),
        ] {
            assert!(plainly(text).bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
            assert_eq!(plainly(text), plain, "{text}");
        }
    }

    #[test]
    fn people_who_would_share_a_value_are_counted() {
        assert_eq!(values("{Last Name}", true, true).2, 2);
    }

    #[test]
    fn a_pattern_that_cannot_be_is_told() {
        let roster = roster();
        for (text, told) in [
            ("{Last Name", "a `{` of the pattern has no `}`"),
            ("{Shoe size}", "there is no column `Shoe size`"),
            ("login", "the pattern names no column"),
        ] {
            assert_eq!(Pattern::read(text, &roster).expect_err("refused").what, told);
        }
    }
}
