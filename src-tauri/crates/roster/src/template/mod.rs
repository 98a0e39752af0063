//! An empty file of an LMS's form, for a colleague to fill in.

mod words;

use std::borrow::Cow;

use crate::geo;
use crate::lists::{List, Lists};
use crate::profile::{Field, Profile, kind_of_list};
use muster_table::error::{Failure, Result};
use muster_table::export::{self, ExportFormat};
use muster_table::format::xlsx::form::{FormColumn, Guide, Others, form};
use muster_table::format::xlsx::write::Making;
use muster_table::narrow;

/// The name of the sheet to fill in.
pub const SHEET: &str = "People";

/// An empty file of one profile's form, not written yet.
#[derive(Debug, Clone)]
pub struct Template<'p> {
    profile: &'p Profile,
    columns: Vec<Column<'p>>,
}

/// One column of it.
#[derive(Debug, Clone)]
pub struct Column<'p> {
    /// What the profile says of it.
    pub field: &'p Field,
    /// The values that it may hold, where there is a list of them, and where that is from.
    pub list: Option<Values>,
}

/// What a column may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Values {
    /// In the order of the drop-down.
    pub values: Vec<String>,
    /// The LMS takes no other, as far as the profile knows.
    pub fixed: bool,
    /// "groups.txt"; blank for the profile's own.
    pub source: String,
    /// When the list was loaded, ISO 8601.
    pub at: Option<String>,
}

impl<'p> Template<'p> {
    /// The columns that the LMS reads, with the values that they may hold: the profile's, or those of a list.
    ///
    /// Fails with kind `State` where the profile names no columns.
    ///
    /// ```
    /// use muster_roster::lists::Lists;
    /// use muster_roster::profile::Profile;
    /// use muster_roster::template::Template;
    ///
    /// # fn main() -> muster_table::error::Result<()> {
    /// let profile = Profile::built_in("edapp").expect("it comes with Muster");
    /// let template = Template::of(&profile, &Lists::new())?;
    /// assert_eq!(template.headers()[0], profile.fields[0].headers[0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn of(profile: &'p Profile, lists: &Lists) -> Result<Template<'p>> {
        let columns: Vec<Column> = profile
            .columns_to_send()
            .map(|field| Column { field, list: values(profile, field, lists) })
            .collect();
        if columns.is_empty() {
            return Err(Failure::state(format!("`{}` has no template", profile.name))
                .why("Muster knows none of its columns")
                .hint("Choose the LMS that the file is for."));
        }
        Ok(Template { profile, columns })
    }

    /// Those that the LMS reads, in the profile's order.
    pub fn columns(&self) -> &[Column<'p>] {
        &self.columns
    }

    /// What the first row holds: each field's header, the one to write.
    pub fn headers(&self) -> Vec<&'p str> {
        self.columns.iter().map(|c| c.field.headers.first().map_or("", String::as_str)).collect()
    }

    /// The file: a workbook with drop-downs, or the header alone as an old workbook or a text. `made_at` is in seconds
    /// since 1970 began, UTC.
    pub fn written(&self, format: ExportFormat, made_at: i64) -> Result<Vec<u8>> {
        match format {
            ExportFormat::Workbook => self.workbook(made_at),
            ExportFormat::OldWorkbook => {
                let nobody = std::iter::empty::<[&str; 0]>();
                let making = Making { sheet: SHEET, made_at, scratch: None };
                export::workbook(format, &self.headers(), nobody, &making)
            }
            _ => self.csv(),
        }
    }

    /// The header alone, in the profile's own dialect and encoding.
    pub fn csv(&self) -> Result<Vec<u8>> {
        let header: Vec<Cow<str>> = self.headers().into_iter().map(Cow::Borrowed).collect();
        self.profile.file.text([header])
    }

    /// A workbook: a sheet to fill in, every cell a text, with drop-downs; and a sheet that says how. `made_at` is in
    /// seconds since 1970 began, UTC.
    pub fn workbook(&self, made_at: i64) -> Result<Vec<u8>> {
        let columns: Vec<FormColumn> = self.columns.iter().map(|c| self.column(c)).collect();
        let guide = Guide {
            title: format!("A list of people for {}", self.profile.name),
            notes: words::notes(self.profile),
            columns: self.columns.iter().map(|c| words::guide_row(self.profile, c)).collect(),
        };
        form(&columns, &guide, &Making { sheet: SHEET, made_at, scratch: None })
    }

    fn column(&self, column: &Column) -> FormColumn {
        let field = column.field;
        let values = column.list.as_ref().map_or(&[][..], |list| &list.values);
        FormColumn {
            header: field.headers.first().cloned().unwrap_or_default(),
            title: field.title.clone(),
            message: words::in_short(self.profile, column),
            values: named(field, values),
            others: match &column.list {
                _ if field.separator.is_some() => Others::Taken,
                Some(list) if list.fixed && !field.choices_any_case => Others::Refused,
                _ => Others::Asked,
            },
            // Several values are longer than one, and some lengths are about one.
            least: field.min.filter(|_| field.separator.is_none()).map(narrow::count),
            most: field.max.filter(|_| field.separator.is_none()).map(narrow::count),
        }
    }
}

fn values(profile: &Profile, field: &Field, lists: &Lists) -> Option<Values> {
    let own = |values: &[String]| Values {
        values: values.to_vec(),
        fixed: true,
        source: String::new(),
        at: None,
    };
    if !field.choices.is_empty() {
        return Some(own(&field.choices));
    }
    let kind = kind_of_list(field)?;
    let loaded = |list: &List| {
        let mut values: Vec<String> = list.values.iter().cloned().collect();
        values.sort_by_cached_key(|value| (value.to_lowercase(), value.clone()));
        Values { values, fixed: false, source: list.source.clone(), at: list.at.clone() }
    };
    let others = |list: &&List| !list.values.is_empty() && !list.of_profile;
    let found = lists.get(kind).filter(others).map(loaded);
    let of_profile = |values: &Vec<String>| {
        let (source, at) = profile.source_of_list(kind);
        // The profile's own are no news; those of the vendor's template have an age.
        let source = if at.is_some() { source.replace('`', "") } else { String::new() };
        Values { source, at, ..own(values) }
    };
    found.or_else(|| profile.lists.get(kind).map(of_profile)).or_else(|| codes(field))
}

/// The codes of places, where nobody loaded those of the LMS.
fn codes(field: &Field) -> Option<Values> {
    let values: Vec<String> =
        geo::choices(field).into_iter().map(|(code, _)| code.to_owned()).collect();
    let source = "ISO 3166".to_owned();
    (!values.is_empty()).then_some(Values { values, fixed: false, source, at: None })
}

/// Values, each with what a code among them stands for.
fn named(field: &Field, values: &[String]) -> Vec<(String, String)> {
    let names = geo::choices(field);
    let name = |value: &String| {
        let found = names.iter().find(|(code, name)| code == value && name != value);
        found.map_or(String::new(), |(_, name)| (*name).to_owned())
    };
    values.iter().map(|value| (value.clone(), name(value))).collect()
}

#[cfg(test)]
mod tests;
