//! A table read through a profile: which column is which field, and who each row is.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::dates::is_written_date;
use crate::profile::{
    Field, FieldKind, KeyGiver, Profile, Unique, Use, header_form, is_password_name,
    is_secret_name, matching, synonyms,
};
pub use muster_table::key_index::{KeyIndex, hash_in_any_case, hash_of, hash_of_number};
use muster_table::table::Table;

/// A table read through a profile. What is changed in the table is not seen here until it is read anew.
#[derive(Debug, Clone)]
pub struct Roster {
    /// What the file says.
    pub table: Table,
    /// What it means to the LMS.
    pub profile: Arc<Profile>,
    /// The table's columns, in their order.
    pub columns: Vec<Column>,
    /// The column of the key, and the one that stands in where it is blank.
    pub key: Option<usize>,
    /// The column whose value stands in for a blank key, where the profile names one and the file has it.
    pub key_fallback: Option<usize>,
    /// The rows by the hash of their key's form, [`Roster::key_form`]; rows without a key are not in it.
    pub keys: KeyIndex,
}

/// A column as the file has it, with what the profile says of it.
#[derive(Debug, Clone)]
pub struct Column {
    /// Where it stands in the file, counted from 0.
    pub at: usize,
    /// As the header has it.
    pub name: String,
    /// The name without case, spaces and punctuation.
    pub form: String,
    /// The place of its field in the profile; none for a column that the profile does not know.
    pub field: Option<usize>,
    /// The place of the field as which it is read though it is no field itself: one of a family of columns.
    pub like: Option<usize>,
    /// Whether it says who a row is.
    pub is_key: bool,
    /// What its values are: the profile says it, or the name where that leaves no doubt.
    pub kind: FieldKind,
    /// What stands between several values, such as `; `; none where a cell holds one.
    pub separator: Option<String>,
    /// What parts several values: the separator without its blanks.
    split: Option<char>,
    /// The list its values come from, such as `groups`.
    pub list: Option<String>,
    /// Whether no two people may have the same value, and what counts as the same.
    pub unique: Option<Unique>,
    /// Whether nearly everybody has another value, where no profile says that it has to be so: numbers, codes and addresses.
    pub nearly_unique: bool,
    /// Whether it holds a number or code that stays with a person whatever else of them changes, such as an employee ID.
    pub identifies: bool,
    /// Whether everybody has to have a value.
    pub required: bool,
    /// What a column of dates says of a person, where its name leaves no doubt.
    pub moment: Option<Moment>,
    /// Whether it is named like a password, be it that the profile knows it as one or not.
    named_secret: bool,
    /// Part of what a person is called, where 1 comes first; 0 for no part.
    pub name_part: u8,
    /// What it is used as, where that was chosen or a synonym says so, and not its own name.
    pub used: Option<Use>,
}

/// What a date says of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The day or year of birth.
    Born,
    /// The first day at work.
    Begins,
    /// The last day at work.
    Ends,
}

impl Column {
    /// The single values of a cell; one value where the column has no separator.
    #[inline]
    pub fn values<'v>(&self, cell: &'v str) -> impl Iterator<Item = &'v str> + use<'v> {
        let (by, mut rest) = (self.split, Some(cell));
        std::iter::from_fn(move || {
            while let Some(text) = rest.take() {
                let value = match by.map(|by| (by, find(text, by))) {
                    Some((by, Some(at))) => {
                        rest = Some(&text[at + by.len_utf8()..]);
                        trimmed(&text[..at])
                    }
                    Some((_, None)) => trimmed(text),
                    None => text,
                };
                if !value.is_empty() {
                    return Some(value);
                }
            }
            None
        })
    }

    /// Whether a cell cannot hold a value as one, because what parts values stands in it.
    pub fn takes_apart(&self, value: &str) -> bool {
        self.split.is_some_and(|by| value.contains(by))
    }

    /// It stays in the file and is neither looked at nor sent.
    pub fn is_left_out(&self) -> bool {
        self.used == Some(Use::Leave)
    }

    /// Whether it holds what is shown nowhere: passwords, and what is named like one. People are found by their key, so that
    /// one is shown.
    #[inline]
    pub fn is_secret(&self) -> bool {
        self.kind == FieldKind::Password || (self.named_secret && !self.is_key)
    }

    /// Whether it holds what the profile calls a password: it is sent to the LMS as one, and kept nowhere.
    #[inline]
    pub fn is_password(&self) -> bool {
        self.kind == FieldKind::Password && self.field.is_some() && !self.is_key
    }
}

/// [`str::find`], without its preparations: most of these texts are a few letters long.
fn find(text: &str, sign: char) -> Option<usize> {
    if sign.is_ascii() { text.bytes().position(|b| b == sign as u8) } else { text.find(sign) }
}

/// [`str::trim`], which has nothing to do for most texts: those that begin and end with a letter of ASCII.
#[inline]
pub fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

impl Roster {
    /// Reads a table through a profile: finds which column is which field, and who each row is. Where the profile names no key,
    /// a column is guessed whose name says so and which tells nearly all rows apart.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use muster_roster::profile::Profile;
    /// use muster_roster::roster::Roster;
    /// use muster_table::table::Table;
    ///
    /// # fn main() -> muster_table::error::Result<()> {
    /// let profile = Arc::new(Profile::built_in("edapp").expect("it comes with Muster"));
    /// let table = Table::from_text("Username,Firstname,Locker\nada,Ada,17\n")?;
    /// let roster = Roster::read(table, profile);
    ///
    /// assert_eq!(roster.field(0).map(|field| field.id.as_str()), Some("username"));
    /// assert_eq!(roster.key, Some(0));
    /// assert!(roster.field(2).is_none(), "a column that the profile does not know");
    /// let row = roster.table.row_at(0).expect("there is one");
    /// assert_eq!(roster.name(row), "Ada");
    /// # Ok(())
    /// # }
    /// ```
    pub fn read(table: Table, profile: Arc<Profile>) -> Roster {
        let mut columns = columns(&table, &profile);
        let place = |id: &str| {
            let field = profile.fields.iter().position(|f| f.id == id)?;
            columns.iter().position(|c| c.field == Some(field))
        };
        let mut key = place(&profile.key.field);
        let key_fallback = profile.key.falls_back_to.as_deref().and_then(place);
        if profile.key.field.is_empty() {
            key = guess_key(&table, &columns);
        }
        for column in &mut columns {
            column.is_key = Some(column.at) == key;
        }
        let mut roster =
            Roster { table, profile, columns, key, key_fallback, keys: KeyIndex::default() };
        // Blank keys are not in it.
        roster.keys = KeyIndex::build(&roster.table, |row| {
            let key = roster.key_text(row);
            let form = roster.key_form(&key);
            (!form.is_empty()).then(|| hash_of(&form))
        });
        roster
    }

    /// The columns that say who somebody is: the key and what stands in for it, a name, a login, an e-mail. Those that the
    /// profile does not know are known by what they are called, in whatever language, or by the addresses in them.
    pub fn who(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| {
            let id = self.field(column.at).map(|field| field.id.as_str());
            let is_key = |id| {
                id == self.profile.key.field
                    || self.profile.key.falls_back_to.as_deref() == Some(id)
            };
            !column.is_left_out()
                && !column.is_secret()
                && (id.is_some_and(is_key)
                    || column.name_part > 0
                    || synonyms::says_who(&column.name)
                    || holds_addresses(&self.table, column.at))
        })
    }

    /// How dates in a column are to be written; empty where nobody says.
    pub fn date_forms(&self, column: usize) -> &[String] {
        let field = self.field(column).filter(|field| !field.of_template);
        field.map_or(&self.profile.columns.date_forms, |field| &field.date_forms)
    }

    /// What the profile says of a column; none for one that it does not know.
    #[inline]
    pub fn field(&self, column: usize) -> Option<&Field> {
        self.columns.get(column).and_then(|c| c.field).map(|f| &self.profile.fields[f])
    }

    /// What the profile says of a column, be it by another of the same family.
    pub fn says_of(&self, column: usize) -> Option<&Field> {
        let like = || self.columns.get(column)?.like.map(|at| &self.profile.fields[at]);
        self.field(column).or_else(like)
    }

    /// Whether a cell has a word by which the LMS's export says that there is nothing, and which its import would take for
    /// a value.
    pub fn is_no_value(&self, column: &Column, cell: &str) -> bool {
        let words = &self.profile.columns.no_values;
        let is_one = || words.iter().any(|word| word.eq_ignore_ascii_case(cell.trim()));
        column.field.is_none() && is_one() && self.profile.has_in_family(&column.name)
    }

    /// How a column is headed in what the LMS is sent: one that stands for a field without its name gets that name, as
    /// an older file of the LMS has it.
    pub fn header<'r>(&'r self, column: &'r Column, older: Option<&'r Roster>) -> &'r str {
        let (Some(Use::Field { .. }), Some(field)) = (&column.used, self.field(column.at)) else {
            return &self.table.names()[column.at];
        };
        let had = older.and_then(|older| older.columns.iter().find(|c| c.field == column.field));
        match had.filter(|had| had.used.is_none()) {
            Some(had) => &had.name,
            None => &field.headers[0],
        }
    }

    /// The column of a field, by the field's id.
    pub fn column_of(&self, field: &str) -> Option<usize> {
        let at = self.profile.fields.iter().position(|f| f.id == field)?;
        self.columns.iter().position(|c| c.field == Some(at))
    }

    /// What a column is called inside a sentence: "e-mail"; its own name where the profile does not know it.
    pub fn called(&self, column: usize) -> String {
        let Some(field) = self.field(column) else {
            return self.columns.get(column).map_or(String::new(), |c| match c.name.trim() {
                "" => format!("column {}", column + 1),
                _ => format!("`{}`", c.name),
            });
        };
        let mut letters = field.title.chars();
        // An abbreviation stays one: `ID number`.
        if letters.clone().nth(1).is_some_and(char::is_uppercase) {
            return field.title.clone();
        }
        let first = letters.next().map(char::to_lowercase);
        first.into_iter().flatten().chain(letters).collect()
    }

    /// The key of a row as the file has it, or the value that stands in for it; blank if neither is there.
    #[inline]
    pub fn key_text(&self, row: u32) -> Cow<'_, str> {
        let own = self.key.map_or(Cow::Borrowed(""), |c| self.table.cell(row, c));
        match self.key_fallback {
            Some(column) if trimmed(&own).is_empty() => self.table.cell(row, column),
            _ => own,
        }
    }

    /// What of a key counts when people are paired: blanks around it do not, nor case where the LMS ignores it.
    #[inline]
    pub fn key_form<'k>(&self, key: &'k str) -> Cow<'k, str> {
        let key = trimmed(key);
        if let Some(field) = self.cleaned_key() {
            match field.cleaned(key) {
                // Where nothing would be left, it is refused; until then it is somebody's own.
                cleaned if cleaned.is_empty() => {}
                Cow::Owned(cleaned) if !self.profile.key.case_matters => {
                    return Cow::Owned(cleaned.to_lowercase());
                }
                cleaned => return cleaned,
            }
        }
        if self.profile.key.case_matters
            || !key.bytes().any(|b| b.is_ascii_uppercase() || b >= 0x80)
        {
            Cow::Borrowed(key)
        } else {
            Cow::Owned(key.to_lowercase())
        }
    }

    /// The field of the key, where the LMS leaves characters of it out.
    fn cleaned_key(&self) -> Option<&Field> {
        self.key.and_then(|at| self.field(at)).filter(|field| field.leaves_out)
    }

    /// The rows that carry a key, given in any form.
    pub fn rows_of_key<'a>(&'a self, key: &'a str) -> impl Iterator<Item = u32> + use<'a> {
        let form = self.key_form(key);
        let hash = hash_of(&form);
        self.keys.rows(hash).filter(move |&row| self.key_form(&self.key_text(row)) == form)
    }

    /// The only row of a key; none if there is no such row or more than one.
    pub fn row_of_key(&self, key: &str) -> Option<u32> {
        let mut rows = self.rows_of_key(key);
        let first = rows.next()?;
        rows.next().is_none().then_some(first)
    }

    /// The column that says whether somebody is active, where one does.
    pub fn status(&self) -> Option<usize> {
        let says = |c: &&Column| self.field(c.at).is_some_and(|f| !f.inactive.is_empty());
        self.columns.iter().find(says).map(|c| c.at)
    }

    /// Whether a column is headed as one of last days at work, by its own name or by one that its field goes by.
    pub fn names_last_day(&self, column: &Column) -> bool {
        let means = |form: &str| synonyms::meaning_of(form).is_some_and(|meant| meant.is_last_day);
        column.moment == Some(Moment::Ends)
            || means(&column.form)
            || self
                .field(column.at)
                .is_some_and(|field| field.headers.iter().any(|h| means(&header_form(h))))
    }

    /// Whether a column is headed as one of first days at work.
    pub fn names_first_day(&self, column: &Column) -> bool {
        let means = |form: &str| synonyms::meaning_of(form).is_some_and(|meant| meant.is_first_day);
        column.moment == Some(Moment::Begins)
            || means(&column.form)
            || self
                .field(column.at)
                .is_some_and(|field| field.headers.iter().any(|h| means(&header_form(h))))
    }

    /// Whether a row says that the person is not active; where no column says so, everybody is.
    pub fn is_inactive(&self, row: u32) -> bool {
        self.status().is_some_and(|column| {
            let cell = self.table.cell(row, column);
            let words = self.field(column).map_or(&[][..], |f| &f.inactive);
            words.iter().any(|w| w.eq_ignore_ascii_case(cell.trim()))
        })
    }

    /// Whether nothing stands in a row.
    pub fn is_blank(&self, row: u32) -> bool {
        (0..self.table.cells(row)).all(|column| self.table.cell(row, column).trim().is_empty())
    }

    /// Fields that everybody has to have who is new, that the file has no column of, and that nothing stands in for.
    pub fn lacking_for_new(&self) -> impl Iterator<Item = &Field> {
        let profile = &self.profile;
        let has_own_keys = profile.key.given_by == KeyGiver::Lms;
        profile.fields.iter().filter(move |field| {
            let is_key = field.id == profile.key.field;
            let stands_in = is_key && (has_own_keys || self.key_fallback.is_some());
            field.value_required
                && !stands_in
                && !field.read_only
                && field.of_newcomer().is_none()
                && self.column_of(&field.id).is_none()
        })
    }

    /// Why a field is lacking, after "needs it of somebody new, and": a column of that name may be taken for another field,
    /// such as the key.
    pub fn why_lacking(&self, field: &Field) -> String {
        let named = self.columns.iter().find(|column| field.is_headed(&column.form));
        let other = named.and_then(|column| Some((column, self.field(column.at)?)));
        match other.filter(|(_, used)| used.id != field.id) {
            None => "the file has no such column".to_owned(),
            Some((column, used)) => {
                let key = if column.is_key { ", by which people are found" } else { "" };
                let used = &used.title;
                format!("the file's column `{}` is taken for `{used}`{key}", column.name)
            }
        }
    }

    /// What a person is called: the parts of the name, else the key, else the first that the row says.
    pub fn name(&self, row: u32) -> String {
        let mut parts: Vec<(u8, usize)> = self
            .columns
            .iter()
            .map(|c| (c.name_part, c.at))
            .filter(|(part, _)| *part > 0)
            .collect();
        parts.sort_unstable();
        let words: Vec<_> = parts.iter().map(|&(_, c)| self.table.cell(row, c)).collect();
        let name =
            words.iter().map(|w| w.trim()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
        if !name.is_empty() {
            return name;
        }
        let key = self.key_text(row);
        if !key.trim().is_empty() {
            return key.into_owned();
        }
        let cells = self.columns.iter().filter(|column| !column.is_secret());
        let mut cells = cells.map(|column| self.table.cell(row, column.at).trim().to_owned());
        cells.find(|cell| !cell.is_empty()).unwrap_or_default()
    }
}

impl Roster {
    /// Whether a password of anybody stands in it.
    pub fn has_secrets(&self) -> bool {
        let secret = self.columns.iter().filter(|column| column.is_secret());
        let mut blank = secret.map(|column| {
            self.table.rows().all(|row| self.table.cell(row, column.at).trim().is_empty())
        });
        blank.any(|is_blank| !is_blank)
    }
}

fn columns(table: &Table, profile: &Profile) -> Vec<Column> {
    let forms: Vec<String> = table.names().iter().map(|name| header_form(name)).collect();
    let mut taken = vec![false; profile.fields.len()];
    // What was chosen goes before what the names say; of two columns of one name the first is meant.
    let mut uses: Vec<Option<&Use>> = vec![None; forms.len()];
    for (form, used) in &profile.uses {
        if profile.would_show(form, used) {
            continue;
        }
        if let Some(at) = forms.iter().position(|f| f == form) {
            uses[at] = Some(used);
        }
    }
    let has_first_name = forms.iter().any(|form| FIRST_NAME.contains(&form.as_str()));
    let has = |meaning: &str| forms.iter().any(|form| synonyms::same_meaning(form, meaning));
    let name_is_last = (has_first_name || has("firstname")) && !has("lastname");
    let mut chosen = vec![None; forms.len()];
    for (at, used) in uses.iter().enumerate() {
        let Some(Use::Field { field }) = used else { continue };
        chosen[at] = profile.fields.iter().position(|f| f.id == *field).filter(|n| !taken[*n]);
        if let Some(n) = chosen[at] {
            taken[n] = true;
        }
    }
    // Beside `Email`, `E-mail` is another column: the one that is spelt as the LMS spells it is meant.
    let is_spelt = |at: usize, f: &Field| {
        let name = table.names()[at].trim();
        f.headers.iter().any(|header| header.trim().eq_ignore_ascii_case(name))
    };
    let is_left_to_another = |at: usize, f: &Field| {
        let other = |(other, form): (usize, &String)| {
            other != at && uses[other].is_none() && f.is_headed(form) && is_spelt(other, f)
        };
        !is_spelt(at, f) && forms.iter().enumerate().any(other)
    };
    let named: Vec<Vec<usize>> = forms
        .iter()
        .enumerate()
        .map(|(at, form)| {
            let fields = profile.fields.iter().enumerate();
            let named = fields.filter(|(_, f)| f.is_headed(form) && !is_left_to_another(at, f));
            named.map(|(n, _)| n).collect()
        })
        .collect();
    let mut all: Vec<Column> = table
        .names()
        .iter()
        .zip(forms.clone())
        .enumerate()
        .map(|(at, (name, form))| {
            // Beside a first name, what another language calls the name is the last.
            let is_part = |f: &Field| f.name_part > 0 && f.is_inferred(&form) && has_first_name;
            let free = |n: &usize| !taken[*n] && !is_part(&profile.fields[*n]);
            let found = match uses[at] {
                Some(_) => chosen[at],
                None => named[at].iter().copied().find(free),
            };
            if let Some(n) = found {
                taken[n] = true;
            }
            let is_free = found.is_none() && uses[at].is_none();
            let like = if is_free { profile.read_like(name) } else { None };
            let field = found.or(like).map(|n| &profile.fields[n]);
            // What only the vendor's template knows is a column without words of its own.
            let known = field.filter(|f| !f.of_template);
            let kind = known.map_or_else(|| guess_kind(table, at, &form), |f| f.kind);
            let is_open = known.is_none()
                && uses[at].is_none()
                && !(kind == FieldKind::Date || is_secret_name(&form));
            // A manager's address, and addresses on a list, belong to others.
            let is_own_address = known.is_some_and(|f| {
                f.kind == FieldKind::Email && f.refers_to.is_none() && f.unique.is_none()
            });
            Column {
                at,
                name: name.clone(),
                field: found,
                like,
                is_key: false,
                kind,
                moment: if kind == FieldKind::Date { guess_moment(&form) } else { None },
                separator: field.and_then(|f| f.separator.clone()),
                split: field
                    .and_then(|f| f.separator.as_deref())
                    .and_then(|s| s.trim().chars().next()),
                list: field.and_then(|f| f.list.clone()),
                unique: field.and_then(|f| f.unique),
                nearly_unique: (is_open && is_nearly_unique(table, at))
                    || (is_own_address && is_each_their_own(table, at)),
                identifies: field.is_some_and(|f| f.identifies) || matching::is_an_id(&form),
                required: field.is_some_and(|f| f.value_required),
                named_secret: is_secret_name(&form),
                name_part: known
                    .map_or_else(|| guess_name_part(&form, name_is_last), |f| f.name_part),
                used: uses[at].cloned(),
                form,
            }
        })
        .collect();
    no_name_twice(&mut all, profile);
    all
}

/// A part of the name that a column of the profile has is not taken from another column too; nor is any where the profile
/// has the whole name in one.
fn no_name_twice(columns: &mut [Column], profile: &Profile) {
    let has = |part: u8| profile.fields.iter().any(|field| field.name_part == part);
    let there: Vec<u8> =
        columns.iter().filter(|c| c.field.is_some()).map(|c| c.name_part).collect();
    let is_whole = there.contains(&1) && !has(2);
    for column in columns.iter_mut().filter(|column| column.field.is_none()) {
        if is_whole || there.contains(&column.name_part) {
            column.name_part = 0;
        }
    }
}

/// What a column holds that no profile knows; only where its name or its values leave no doubt.
pub(crate) fn guess_kind(table: &Table, column: usize, form: &str) -> FieldKind {
    match form {
        "email" | "emailaddress" | "mail" | "workemail" | "manageremail" | "notificationemail" => {
            FieldKind::Email
        }
        _ if synonyms::same_meaning(form, "email") => FieldKind::Email,
        _ if is_password_name(form) => FieldKind::Password,
        "hiredate" | "startdate" | "enddate" | "birthdate" | "dateofbirth" => FieldKind::Date,
        _ if holds_dates(table, column) => FieldKind::Date,
        _ => FieldKind::Text,
    }
}

/// Whether most of what a column had when it was opened is e-mail addresses.
fn holds_addresses(table: &Table, column: usize) -> bool {
    const LOOK_AT: usize = 200;
    let rows = table.opened_rows();
    let step = rows.len().div_ceil(LOOK_AT).max(1);
    let cells = rows.step_by(step).filter_map(|row| table.opened(row, column));
    let (mut filled, mut addresses) = (0, 0);
    for cell in cells.filter(|cell| !cell.trim().is_empty()) {
        filled += 1;
        addresses += usize::from(is_address(cell.trim()));
    }
    addresses > 0 && addresses * 2 >= filled
}

/// Whether a text is an e-mail address and nothing else.
pub fn is_address(text: &str) -> bool {
    let parts = text.split_once('@').filter(|(name, _)| !name.is_empty());
    parts.is_some_and(|(_, host)| {
        host.split_once('.').is_some_and(|(a, b)| !a.is_empty() && !b.is_empty())
            && !text.contains(char::is_whitespace)
            && !host.contains('@')
    })
}

/// Whether most of what a column had when it was opened is dates. What is edited since does not make it another column.
fn holds_dates(table: &Table, column: usize) -> bool {
    const LOOK_AT: usize = 200;
    let rows = table.opened_rows();
    let step = rows.len().div_ceil(LOOK_AT).max(1);
    let (mut filled, mut dates) = (0, 0);
    for row in rows.step_by(step) {
        let Some(cell) = table.opened(row, column).filter(|cell| !cell.trim().is_empty()) else {
            continue;
        };
        filled += 1;
        dates += usize::from(is_written_date(&cell));
    }
    dates * 3 >= filled * 2 && dates >= filled.min(2) && dates > 0
}

/// Whether a column holds codes or addresses of which all but a few stand once. What is edited since does not make it
/// another column.
fn is_nearly_unique(table: &Table, column: usize) -> bool {
    const LOOK_AT: usize = 5_000;
    const LEAST: usize = 20;
    let (mut all, mut filled, mut codes) = (0, 0, 0);
    let mut seen: FxHashSet<String> = FxHashSet::default();
    for row in table.opened_rows().take(LOOK_AT) {
        all += 1;
        let Some(cell) = table.opened(row, column) else { continue };
        let value = cell.trim();
        if !value.is_empty() {
            filled += 1;
            codes += usize::from(value.contains(|c: char| c == '@' || c.is_numeric()));
            seen.insert(value.to_lowercase());
        }
    }
    let again = filled - seen.len();
    all >= LEAST && filled * 20 >= all * 19 && codes * 20 >= filled * 19 && again <= few(all)
}

/// Whether nearly everybody who has a value in a column has another than the others, however few they are.
fn is_each_their_own(table: &Table, column: usize) -> bool {
    const LOOK_AT: usize = 5_000;
    let mut filled = 0;
    let mut seen: FxHashSet<String> = FxHashSet::default();
    for row in table.opened_rows().take(LOOK_AT) {
        let Some(cell) = table.opened(row, column) else { continue };
        if !cell.trim().is_empty() {
            filled += 1;
            seen.insert(cell.trim().to_lowercase());
        }
    }
    filled - seen.len() <= few(filled)
}

/// How many rows may have no value of their own in a column that tells people apart: these are mistakes, to be told.
fn few(rows: usize) -> usize {
    (rows / 100).max(2)
}

fn guess_moment(form: &str) -> Option<Moment> {
    match form {
        "birthdate" | "dateofbirth" | "birthday" | "dob" | "birthyear" => Some(Moment::Born),
        "hiredate" | "startdate" | "dateofhire" | "joindate" | "joiningdate" | "dateofjoining" => {
            Some(Moment::Begins)
        }
        "enddate" | "terminationdate" | "attritiondate" | "leavedate" | "leavingdate"
        | "exitdate" | "lastday" => Some(Moment::Ends),
        _ => None,
    }
}

/// How a column of first names alone is headed.
const FIRST_NAME: [&str; 4] = ["firstname", "givenname", "prénom", "prenom"];

/// Which part of a name a column holds that no profile knows. `is_last`: a first name stands beside it, and no last.
fn guess_name_part(form: &str, is_last: bool) -> u8 {
    let is = |one: &str| synonyms::same_meaning(form, one);
    match form {
        "displayname" | "fullname" | "nomcomplet" => 1,
        "prénom" | "prenom" => 1,
        // Beside a first name, what is called the name is the last.
        "nom" | "naam" | "nombre" | "nome" | "name" => 1 + u8::from(is_last),
        _ if form.starts_with("preferred") => 0,
        _ if is("firstname") => 1,
        _ if is("lastname") => 2,
        _ => 0,
    }
}

/// Without a profile: the column that is named like a key and tells every row from every other.
fn guess_key(table: &Table, columns: &[Column]) -> Option<usize> {
    const NAMES: [&str; 16] = [
        "uniquekey",
        "key",
        "uuid",
        "userid",
        "employeeid",
        "employeenumber",
        "personid",
        "staffid",
        "username",
        "login",
        "loginname",
        "externalid",
        "email",
        "emailaddress",
        "mail",
        "id",
    ];
    const LOOKED_AT: usize = 5_000;
    let named = NAMES.iter().filter_map(|name| columns.iter().position(|c| c.form == *name));
    let is_id = |c: &&Column| c.identifies;
    // Last, whatever holds addresses: a person has one, and seldom shares it.
    let is_address = |c: &&Column| {
        let is_one = |cell: &str| cell.contains('@') && !cell.contains(char::is_whitespace);
        let cells = || table.rows().take(LOOKED_AT).map(|row| table.cell(row, c.at));
        let filled = cells().filter(|cell| !cell.trim().is_empty()).count();
        let like = cells().filter(|cell| is_one(cell.trim())).count();
        let of_other = synonyms::same_meaning(&c.form, "manageremail");
        !of_other && !c.is_secret() && filled > 0 && like * 20 >= filled * 19
    };
    let ids = columns.iter().filter(is_id).chain(columns.iter().filter(is_address)).map(|c| c.at);
    named.chain(ids).find(|&column| {
        let (mut seen, mut all) = (std::collections::HashSet::new(), 0);
        for row in table.rows().take(LOOKED_AT) {
            all += 1;
            let cell = table.cell(row, column);
            if !cell.trim().is_empty() {
                seen.insert(cell.trim().to_lowercase());
            }
        }
        // A few that stand twice or are blank are mistakes, to be told as such.
        all - seen.len() <= few(all) && seen.len() * 2 > all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edapp(text: &str) -> Roster {
        let profile = Arc::new(Profile::built_in("edapp").expect("built in"));
        Roster::read(Table::from_text(text).expect("read"), profile)
    }

    #[test]
    fn people_are_found_by_key_whatever_its_case_and_by_e_mail_where_it_is_blank() {
        let roster = edapp(
            "email,username,firstname,lastname\na@example.com,Ada,Ada,Lo\nb@example.com,,Bo,Li\n",
        );
        assert_eq!(roster.row_of_key("ada "), Some(1));
        assert_eq!(roster.row_of_key("B@example.com"), Some(2));
        assert_eq!(roster.row_of_key("nobody"), None);
        assert_eq!(roster.name(2), "Bo Li");
    }

    #[test]
    fn a_column_is_the_field_it_was_chosen_for_and_is_sent_under_the_lms_own_header() {
        let roster = |text: &str, uses: &[(&str, Use)]| {
            let profile = Arc::new(Profile::built_in("edapp").expect("built in"));
            let uses = uses.iter().map(|(form, used)| ((*form).to_owned(), used.clone()));
            Roster::read(Table::from_text(text).expect("read"), profile.matched(uses.collect()))
        };
        let mail = Use::Field { field: "email".into() };
        let hr = roster(
            "email,Work mail,username,City\nold,a@example.com,ada,Oslo\n",
            &[("workmail", mail), ("email", Use::Leave), ("city", Use::Keep)],
        );
        assert_eq!(hr.column_of("email"), Some(1));
        assert!(hr.columns[0].is_left_out() && hr.columns[0].field.is_none());
        let older = roster("email (required),username (optional)\na@example.com,ada\n", &[]);
        assert_eq!(hr.header(&hr.columns[1], None), "email (required)");
        let older_of = |text: &str| roster(text, &[]);
        assert_eq!(hr.header(&hr.columns[1], Some(&older)), "email (required)");
        assert_eq!(hr.header(&hr.columns[1], Some(&older_of("email\nx\n"))), "email");
        assert_eq!(hr.header(&hr.columns[2], Some(&older)), "username");
    }

    #[test]
    fn a_key_is_known_by_its_meaning_and_a_number_given_twice_does_not_hide_it() {
        let generic = Arc::new(Profile::built_in("generic").expect("built in"));
        let key = |header: &str, row: &dyn Fn(usize) -> String| {
            let rows: Vec<String> = (0..60).map(row).collect();
            let text = format!("{header}\n{}\n", rows.join("\n"));
            let roster = Roster::read(Table::from_text(&text).expect("read"), generic.clone());
            roster.key.map(|at| roster.columns[at].name.clone())
        };
        let once = |n: usize| if n == 7 { 3 } else { n };
        let staff = key("Staff No,Name", &|n| format!("s{:05},Name {n}", once(n)));
        assert_eq!(staff.as_deref(), Some("Staff No"));
        let thrice = key("Staff No,Name", &|n| format!("s{:05},Name {n}", n.max(3)));
        assert_eq!(thrice, None);
        let mail = key("Name,Contact,Team", &|n| format!("Name {n},n{n}@a.example,A"));
        assert_eq!(mail.as_deref(), Some("Contact"));
        assert_eq!(key("Name,Team", &|n| format!("Name {},A", n / 2)), None);
    }

    #[test]
    fn several_values_are_told_apart_by_the_profiles_separator() {
        let roster = edapp("email,username,usergroups\na@example.com,ada,\"Sales; Ops;\"\n");
        let cell = roster.table.cell(1, 2);
        assert_eq!(roster.columns[2].values(&cell).collect::<Vec<_>>(), ["Sales", "Ops"]);
    }
}
