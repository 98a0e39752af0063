//! People who are being moved to another LMS: what is otherwise there, and their roster in its form.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use muster_roster::profile::{Field, FieldKind, KeyGiver, Profile, header_form};
use muster_roster::roster::{Column, Roster};
use muster_table::error::{Failure, Result};
use muster_table::export::{self, ExportFormat};
use muster_table::format::xlsx::write::Making;

/// What differs between two LMSs, and what becomes of each column of a roster that is moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Conversion {
    /// What the two are called.
    pub from: String,
    /// What the LMS is called that they are moved to.
    pub to: String,
    /// Whether the converted list is an Excel workbook.
    pub workbook: bool,
    /// How the name of its file ends: `csv`, `xlsx` or `xls`.
    pub ending: String,
    /// What the two do otherwise, by topic.
    pub topics: Vec<Topic>,
    /// What becomes of each column: first the other LMS's fields in its order, then the columns it has no field for.
    pub columns: Vec<MovedColumn>,
    /// Things to know about the converted roster, each a sentence.
    pub remarks: Vec<String>,
}

/// What each of the two says about one thing; none where its profile says nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Topic {
    /// What it is about: "What identifies a person".
    pub topic: String,
    /// What the LMS does that people are moved from; none where its profile says nothing.
    pub from: Option<String>,
    /// What the LMS does that people are moved to; none where its profile says nothing.
    pub to: Option<String>,
}

/// What becomes of one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct MovedColumn {
    /// The header in the roster; none for a column that is new.
    pub column: Option<String>,
    /// The header in the converted roster; none for a column that is left behind.
    pub becomes: Option<String>,
    /// Why, or what to see to, as half a sentence: "passwords do not move"; blank where there is nothing to say.
    pub why: String,
}

/// A roster in another LMS's form.
pub struct Converted<'r> {
    roster: &'r Roster,
    to: &'r Profile,
    columns: Vec<Made<'r>>,
    /// What there is to tell about it.
    pub conversion: Conversion,
}

/// One column of it: its header, and where its values are from.
struct Made<'r> {
    header: String,
    from: Option<&'r Column>,
    field: Option<&'r Field>,
}

impl<'r> Converted<'r> {
    /// Works out what becomes of each column of a roster in another LMS's form; nothing is written yet.
    pub fn of(roster: &'r Roster, to: &'r Profile) -> Converted<'r> {
        let from = &roster.profile;
        let mut columns = Vec::new();
        let mut told = Vec::new();
        let mut taken = Vec::new();
        for field in &to.fields {
            let source = source(roster, field, to, &taken);
            taken.extend(source.map(|column| column.at));
            let header = field.headers[0].clone();
            let why = why(field, to, source.is_some());
            if source.is_none() && !field.column_required && active_word(field).is_none() {
                continue;
            }
            told.push(MovedColumn {
                column: source.map(|column| column.name.clone()),
                becomes: Some(header.clone()),
                why,
            });
            columns.push(Made { header, from: source, field: Some(field) });
        }
        for column in roster.columns.iter().filter(|column| !taken.contains(&column.at)) {
            let (becomes, why) = own(roster, column, to);
            if let Some(header) = &becomes {
                columns.push(Made { header: header.clone(), from: Some(column), field: None });
            }
            told.push(MovedColumn { column: Some(column.name.clone()), becomes, why });
        }
        let mut converted = Converted {
            roster,
            to,
            columns,
            conversion: Conversion {
                from: from.called().to_owned(),
                to: to.called().to_owned(),
                workbook: to.file.is_workbook(),
                ending: to.file.ending().to_owned(),
                topics: topics(from, to),
                columns: told,
                remarks: Vec::new(),
            },
        };
        converted.conversion.remarks = converted.remarks();
        converted
    }

    /// The file in one of the formats of rosters. `made_at` is in seconds since 1970 began, UTC.
    pub fn bytes(&self, format: ExportFormat, made_at: i64) -> Result<Vec<u8>> {
        if self.people() == 0 && self.somebody().next().is_some() {
            let to = self.to.called();
            return Err(Failure::state("nobody can be moved")
                .why(format!("nothing that says who somebody is would stand in the file for {to}"))
                .hint(
                    "Say which column is the name, the login or the e-mail, and move them again.",
                ));
        }
        let header: Vec<&str> = self.columns.iter().map(|made| made.header.as_str()).collect();
        let cells = self.rows().map(|row| self.cells(row));
        if format != ExportFormat::Text {
            let making = Making { sheet: "Users", made_at, scratch: None };
            return export::workbook(format, &header, cells, &making);
        }
        let header: Vec<Cow<str>> = header.into_iter().map(Cow::Borrowed).collect();
        self.to.file.text(std::iter::once(header).chain(cells))
    }

    /// How many people are in it: a row that is nobody is not.
    pub fn people(&self) -> usize {
        self.rows().count()
    }

    /// Whoever has something that says who they are: a row of blanks, or one whose name stands in no column that goes over,
    /// would be made anew as nobody.
    fn rows(&self) -> impl Iterator<Item = u32> {
        let is_who = |at: usize| self.roster.who().any(|column| column.at == at);
        // What the other LMS has no field for says nothing there, unless nobody knows its fields.
        let is_read = |made: &&Made| made.field.is_some() || self.to.fields.is_empty();
        let sources = self.columns.iter().filter(is_read);
        let sources = sources.filter_map(|made| made.from.map(|column| column.at));
        let who: Vec<usize> = sources.filter(|at| is_who(*at)).collect();
        let has = move |row: u32, at: usize| !self.roster.table.cell(row, at).trim().is_empty();
        self.somebody().filter(move |row| who.iter().any(|at| has(*row, *at)))
    }

    fn somebody(&self) -> impl Iterator<Item = u32> {
        self.roster.table.rows().filter(|row| !crate::rules::is_nobody(self.roster, *row))
    }

    fn cells(&self, row: u32) -> Vec<Cow<'r, str>> {
        self.columns.iter().map(|made| self.cell(made, row)).collect()
    }

    fn cell(&self, made: &Made<'r>, row: u32) -> Cow<'r, str> {
        let (Some(column), field) = (made.from, made.field) else {
            let word = made.field.and_then(active_word);
            return word.map_or(Cow::Borrowed(""), |word| Cow::Owned(word.to_owned()));
        };
        let cell = self.roster.table.cell(row, column.at);
        match field.map(|field| (column.separator.as_deref(), field.separator.as_deref())) {
            Some((Some(before), Some(after))) if before != after => {
                Cow::Owned(column.values(&cell).collect::<Vec<_>>().join(after))
            }
            _ => cell,
        }
    }

    fn remarks(&self) -> Vec<String> {
        let mut all = Vec::new();
        let to = self.to.called();
        if self.to.key.given_by == KeyGiver::Lms {
            all.push(format!(
                "{to} gives its own keys, so everybody in the converted list is new to it. Once it has them, export them and go on with that file."
            ));
        }
        let left = self.somebody().count() - self.people();
        if left > 0 {
            all.push(format!(
                "{} nothing in the columns that say who somebody is, and {} not in the converted list.",
                if left == 1 { "1 row has".to_owned() } else { format!("{left} rows have") },
                if left == 1 { "is" } else { "are" }
            ));
        }
        for made in &self.columns {
            let (Some(column), Some(field)) = (made.from, made.field) else { continue };
            if let (Some(_), Some(by)) = (&column.separator, &field.separator) {
                let sign = by.trim();
                let torn = self.roster.table.rows().filter(|&row| {
                    let cell = self.roster.table.cell(row, column.at);
                    column.values(&cell).any(|value| value.contains(sign))
                });
                let torn = torn.count();
                if torn > 0 {
                    all.push(format!(
                        "{} a value with `{sign}` in it in the column `{}`; {to} would take it for two. Rename such groups first.",
                        if torn == 1 { "1 person has".to_owned() } else { format!("{torn} people have") },
                        column.name
                    ));
                }
            }
        }
        if self.to.provisional.is_some() {
            all.push(format!("The column names of {to} are not confirmed: compare them with its own file before you upload."));
        }
        all
    }
}

/// The roster's column that a field of the other LMS is filled from.
fn source<'r>(
    roster: &'r Roster,
    field: &Field,
    to: &Profile,
    taken: &[usize],
) -> Option<&'r Column> {
    // A key of the other LMS's own is not known yet, and passwords do not move.
    let theirs = field.id == to.key.field && to.key.given_by == KeyGiver::Lms;
    if theirs || field.kind == FieldKind::Password || field.read_only {
        return None;
    }
    let free = |column: &&Column| !taken.contains(&column.at) && !column.is_secret();
    let headed = |column: &&Column| {
        field.is_headed(&column.form)
            || roster.field(column.at).is_some_and(|f| header_form(&f.id) == header_form(&field.id))
    };
    let listed = |column: &&Column| field.list.is_some() && column.list == field.list;
    let mailed = |column: &&Column| {
        field.kind == FieldKind::Email
            && field.refers_to.is_none()
            && column.kind == FieldKind::Email
    };
    let columns = || roster.columns.iter().filter(free);
    columns().find(headed).or_else(|| columns().find(listed)).or_else(|| columns().find(mailed))
}

/// The word that means that somebody is active, where a column says so.
fn active_word(field: &Field) -> Option<&str> {
    if field.inactive.is_empty() {
        return None;
    }
    field.choices.iter().find(|word| !field.inactive.contains(word)).map(String::as_str)
}

fn why(field: &Field, to: &Profile, filled: bool) -> String {
    let lms = to.called();
    if filled {
        return String::new();
    }
    if field.id == to.key.field && to.key.given_by == KeyGiver::Lms {
        return format!("{lms} gives it; blank for people who are new there");
    }
    match active_word(field) {
        Some(word) => format!("everybody is `{word}`"),
        None => "blank: the roster has nothing for it".to_owned(),
    }
}

/// What becomes of a column that the other LMS has no field for.
fn own(roster: &Roster, column: &Column, to: &Profile) -> (Option<String>, String) {
    let lms = to.called();
    if column.is_secret() {
        return (None, "passwords do not move".to_owned());
    }
    if roster.field(column.at).is_some_and(|f| f.read_only) {
        return (None, format!("{} wrote it; it means nothing to {lms}", roster.profile.called()));
    }
    // A custom column may be one there too; a field of this LMS is none of the other's.
    if column.field.is_none() && to.columns.custom && !to.columns.creates {
        return (Some(column.name.clone()), format!("a custom field: {lms} has to have it first"));
    }
    (None, format!("{lms} has no such column"))
}

/// What the two profiles say, one beside the other.
fn topics(from: &Profile, to: &Profile) -> Vec<Topic> {
    let says = |profile: &Profile, topic: &str| {
        profile.statements.iter().find(|s| s.topic == topic).map(|s| s.says.clone())
    };
    let mut names: Vec<&str> = from.statements.iter().map(|s| s.topic.as_str()).collect();
    let more = to.statements.iter().map(|s| s.topic.as_str());
    let more: Vec<&str> = more.filter(|topic| !names.contains(topic)).collect();
    names.extend(more);
    let topic =
        |name: &str| Topic { topic: name.to_owned(), from: says(from, name), to: says(to, name) };
    names.into_iter().map(topic).filter(|topic| topic.from != topic.to).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use muster_table::table::Table;

    const EDAPP: &str = "email (required),username (optional),firstname (optional),lastname (optional),usergroups (optional),roles (optional),dateregistered,password (optional),externalid (optional),Job title\n\
        ana@example.com,ana,Ana,Silva,Sales; Field,Learner; Admin,2024-01-02,Secret123,E1,Buyer\n\
        bo@example.com,bo,Bo,Li,\"Legal, Risk\",Learner,2024-01-02,,E2,\n";

    fn converted() -> (String, Conversion) {
        let profile = Arc::new(Profile::built_in("edapp").expect("built in"));
        let to = Profile::built_in("safetyculture").expect("built in");
        let roster = Roster::read(Table::from_text(EDAPP).expect("read"), profile);
        let converted = Converted::of(&roster, &to);
        let text = String::from_utf8(converted.bytes(ExportFormat::Text, 0).expect("written"))
            .expect("UTF-8");
        (text, converted.conversion)
    }

    #[test]
    fn a_roster_of_edapp_is_one_of_safetyculture() {
        let (text, _) = converted();
        assert_eq!(
            text,
            "User ID,Email,First name,Last name,Status,Groups,Job title\r\n\
             ,ana@example.com,Ana,Silva,active,\"Sales,Field\",Buyer\r\n\
             ,bo@example.com,Bo,Li,active,\"Legal, Risk\",\r\n"
        );
    }

    #[test]
    fn what_is_left_behind_and_what_would_be_torn_is_told() {
        let (text, conversion) = converted();
        assert!(!text.contains("Secret123"), "{text}");
        let left: Vec<&str> = conversion
            .columns
            .iter()
            .filter(|c| c.becomes.is_none())
            .filter_map(|c| c.column.as_deref())
            .collect();
        assert_eq!(
            left,
            [
                "username (optional)",
                "roles (optional)",
                "dateregistered",
                "password (optional)",
                "externalid (optional)"
            ]
        );
        assert!(
            conversion.remarks.iter().any(|r| r.starts_with("1 person has a value with `,` in it")),
            "{conversion:?}"
        );
    }

    #[test]
    fn what_the_two_do_otherwise_stands_side_by_side() {
        let (_, conversion) = converted();
        let groups =
            conversion.topics.iter().find(|t| t.topic == "Groups and roles").expect("a topic");
        assert!(groups.from.as_ref().is_some_and(|says| says.contains("Add keeps")), "{groups:?}");
        assert!(groups.to.as_ref().is_some_and(|says| says.contains("overwrite")), "{groups:?}");
    }
}
