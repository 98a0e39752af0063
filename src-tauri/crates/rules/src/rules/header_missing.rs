use rustc_hash::FxHashSet;

use super::header_unknown::renamed;
use super::{
    CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope, column_guess,
};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::profile::Field;
use muster_roster::profile::synonyms::same_meaning;
use muster_roster::roster::Column;
use muster_table::edit::Edit;
use muster_table::narrow;

pub static RULE: Rule = Rule {
    code: "header-missing",
    title: "Column missing",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::File,
    scope: RuleScope::Header(check),
    page: include_str!("header_missing.md"),
};

fn check(context: &CheckContext, sink: &mut FindingSink) {
    let roster = &context.roster;
    if super::export_other::is_one(roster) {
        return;
    }
    let key = &roster.profile.key.field;
    let wanted = |f: &&Field| match f.id == *key {
        true => !stands_in(context),
        false => f.column_required,
    };
    for field in column_guess::lacking(context).filter(wanted) {
        let like = column_guess::column_for(context, field);
        // Whom the LMS has keeps what it has: the upload takes that from the snapshot.
        let had = like.is_none() && field.id != *key && is_had(context, field);
        let severity = had.then_some(Severity::Warning);
        sink.at(super::Mark::NOWHERE, like.map(|c| c.at), severity, || {
            let (header, lms) = (&field.headers[0], &roster.profile.name);
            let what = match like {
                Some(column) => {
                    let status = context.status_like.as_ref().filter(|s| s.at == column.at);
                    let says = status.map_or(String::new(), |status| status.says());
                    let name = &column.name;
                    format!("{lms} needs the column `{header}`; `{name}` looks like it{says}")
                }
                None if had => format!(
                    "{lms} needs the column `{header}`, which is not there; the upload has it as {} has it",
                    roster.profile.called()
                ),
                None => format!("{lms} needs the column `{header}`, which is not there"),
            };
            let fix = match like {
                Some(column) => Some(renamed(column, header, Safety::Unsafe)),
                None => added(context, field),
            };
            FindingText::new(header, what).fix(fix)
        });
    }
    not_in_template(context, sink);
    let lms = roster.profile.called();
    let together = told_together(context);
    if !together.is_empty() {
        sink.at(super::Mark::NOWHERE, None, Some(Severity::Warning), || {
            let names: Vec<String> = together.iter().map(|c| format!("`{}`", c.name)).collect();
            let what = format!(
                "the last snapshot has {} more columns, which are not there; the upload kit has in them what {lms} has: {}",
                together.len(),
                names.join(", ")
            );
            FindingText::new(&*together[0].name, what)
        });
    }
    let is_told = |column: &&Column| together.iter().any(|told| told.at == column.at);
    for column in gone(context).into_iter().filter(|column| !is_told(column)) {
        sink.at(super::Mark::NOWHERE, None, Some(Severity::Warning), || {
            let name = &column.name;
            let what = if roster.profile.columns.ordered {
                format!("the last snapshot has the column `{name}`, which is not there, and {lms} goes by the order of the columns; the upload kit has it")
            } else {
                format!("the last snapshot has the column `{name}`, which is not there")
            };
            FindingText::new(name, what).fix(put_back(context, column.at))
        });
    }
}

/// Columns that the LMS needs and the template that was named does not have: what is sent is what the template has.
fn not_in_template(context: &CheckContext, sink: &mut FindingSink) {
    let profile = &context.roster.profile;
    let Some(template) = profile.template.as_deref() else { return };
    let needed = |field: &&Field| field.column_required && !template.has(field);
    for field in profile.fields.iter().filter(needed) {
        sink.at(super::Mark::NOWHERE, None, Some(Severity::Warning), || {
            let (header, lms) = (&field.headers[0], &profile.name);
            let what = format!(
                "{lms} needs the column `{header}`, and the template `{}` does not have it: it is not sent. Take the \
                 template from {} anew",
                template.file,
                profile.called()
            );
            FindingText::new(header, what)
        });
    }
}

/// Whether the LMS takes another column for the key, and knows nobody of the file by another key than that. The upload has
/// all columns that it wants.
fn stands_in(context: &CheckContext) -> bool {
    let (roster, Some(column)) = (&context.roster, context.roster.key_fallback) else {
        return false;
    };
    let Some((snapshot, at)) =
        context.snapshot.as_ref().zip(context.snapshot_columns.get(column).copied().flatten())
    else {
        return true;
    };
    let form = |text: &str| roster.key_form(text).to_lowercase();
    let has_another =
        |row: &u32| form(&snapshot.key_text(*row)) != form(&snapshot.table.cell(*row, at));
    let others = snapshot.table.rows().filter(has_another);
    let others: FxHashSet<String> = others.map(|row| form(&snapshot.table.cell(row, at))).collect();
    let opened = roster.table.opened_rows().filter_map(|row| roster.table.opened(row, column));
    !opened.map(|cell| form(&cell)).any(|value| !value.is_empty() && others.contains(&value))
}

/// So many are told one by one.
const FEW: usize = 4;

/// Columns of the snapshot that are not there and are told as one: a report of another system has few of the LMS's
/// columns, and that is one thing to know. What somebody let stand is not among them.
pub(super) fn told_together(context: &CheckContext) -> Vec<&Column> {
    let stands = |column: &&Column| context.waivers.is_of_lacking(context, RULE.code, &column.name);
    let gone: Vec<&Column> = gone(context).into_iter().filter(|column| !stands(column)).collect();
    if gone.len() > FEW { gone } else { Vec::new() }
}

/// Columns of the snapshot that the file has no more.
fn gone(context: &CheckContext) -> Vec<&Column> {
    let key = &context.roster.profile.key.field;
    let Some(snapshot) = &context.snapshot else { return Vec::new() };
    let is_gone = |column: &&Column| {
        let field = snapshot.field(column.at);
        let left_out_freely = field
            .is_some_and(|f| f.column_required || f.read_only || f.id == *key)
            || column.is_secret();
        // A misspelt name is one fault, and `header-unknown` names it.
        let misspelt = || {
            field.is_some_and(|f| column_guess::column_for(context, f).is_some())
                || column_guess::column_for_own(context, column).is_some()
        };
        !left_out_freely
            && !column.form.is_empty()
            && !context.snapshot_columns.contains(&Some(column.at))
            && !misspelt()
    };
    snapshot.columns.iter().filter(is_gone).collect()
}

/// Whether the snapshot has a field, and people who keep what is in it.
pub(super) fn is_had(context: &CheckContext, field: &Field) -> bool {
    let snapshot = context.snapshot.as_ref().filter(|s| !s.table.is_empty());
    snapshot.is_some_and(|s| s.column_of(&field.id).is_some())
}

/// A fix that adds a column that the LMS needs: with what the snapshot has in it, else blank. A key is not added blank,
/// because everybody would be somebody else.
fn added(context: &CheckContext, field: &Field) -> Option<Fix> {
    let was = context.snapshot.as_ref().and_then(|snapshot| snapshot.column_of(&field.id));
    let blank = || {
        let table = &context.roster.table;
        let is_key = field.id == context.roster.profile.key.field;
        (!is_key).then(|| adding(context, &field.headers[0], table.width(), Vec::new()))
    };
    let mut fix = was.and_then(|was| put_back(context, was)).or_else(blank)?;
    if let Some(names) = Names::of(context, field) {
        names.fill(context, &mut fix);
    }
    Some(fix)
}

/// Given name and surname in columns of their own, of which an LMS that has the whole name in one can be given it.
struct Names<'c> {
    given: &'c Column,
    family: &'c Column,
}

impl<'c> Names<'c> {
    fn of(context: &'c CheckContext, field: &Field) -> Option<Names<'c>> {
        let parts = context.roster.profile.fields.iter().filter(|f| f.name_part > 0);
        if field.name_part == 0 || parts.count() > 1 {
            return None;
        }
        let columns = &context.roster.columns;
        let free = |meant: &str, form: Option<&str>| {
            let is_it = |c: &&Column| {
                c.field.is_none() && (same_meaning(&c.form, meant) || Some(&*c.form) == form)
            };
            columns.iter().find(is_it)
        };
        let given = free("firstname", None).or_else(|| free("firstname", Some("prénom")))?;
        // Beside a given name, `Nom` is the surname.
        Some(Names { given, family: free("lastname", Some("nom"))? })
    }

    /// Whoever has no cell yet gets the name that the row says.
    fn fill(&self, context: &CheckContext, fix: &mut Fix) {
        let table = &context.roster.table;
        let [Edit::Add { name, cells, .. }] = fix.edits.as_mut_slice() else { return };
        let had: FxHashSet<u32> = cells.iter().map(|(row, _)| *row).collect();
        let made = table.rows().filter(|row| !had.contains(row)).filter_map(|row| {
            let part = |column: &Column| table.cell(row, column.at).trim().to_owned();
            let whole = format!("{} {}", part(self.given), part(self.family));
            (!whole.trim().is_empty()).then(|| (row, whole.trim().to_owned()))
        });
        let made: Vec<(u32, String)> = made.collect();
        if made.is_empty() {
            return;
        }
        let of = format!("`{}` and `{}`", self.given.name, self.family.name);
        fix.title = match had.is_empty() {
            true => format!("add the column `{name}`, made of {of}"),
            false => format!(
                "put back the column `{name}` with what the snapshot has in it, and of all others {of}"
            ),
        };
        cells.extend(made);
        cells.sort_unstable_by_key(|(row, _)| *row);
    }
}

/// A fix that adds a column of the snapshot with what it has in it; none where nobody is known by it.
fn put_back(context: &CheckContext, was: usize) -> Option<Fix> {
    let snapshot = context.snapshot.as_ref()?;
    let rows = context.roster.table.rows();
    let known: Vec<(u32, u32)> = rows.filter_map(|row| Some((row, context.was(row)?))).collect();
    if known.is_empty() {
        return None;
    }
    let cells = known.into_iter().map(|(row, of)| (row, snapshot.table.cell(of, was).into_owned()));
    let cells = cells.filter(|(_, cell)| !cell.is_empty()).collect();
    Some(adding(context, &snapshot.columns[was].name, place_for(context, was), cells))
}

fn adding(context: &CheckContext, name: &str, at: usize, cells: Vec<(u32, String)>) -> Fix {
    let title = match cells.is_empty() {
        true => format!("add the column `{name}`, blank for everybody"),
        false => format!("put back the column `{name}` with what the snapshot has in it"),
    };
    let id = context.roster.table.fresh_column();
    let edits = vec![Edit::Add { id, at: narrow::place(at), name: name.to_owned(), cells }];
    Fix { title, safety: Safety::Unsafe, edits }
}

/// Where the order matters, behind the column that it stood behind; else behind all others.
fn place_for(context: &CheckContext, was: usize) -> usize {
    let snapshot_columns = &context.snapshot_columns;
    if !context.roster.profile.columns.ordered {
        return snapshot_columns.len();
    }
    let before = (0..was)
        .rev()
        .find_map(|w| snapshot_columns.iter().position(|counterpart| *counterpart == Some(w)));
    before.map_or(0, |at| at + 1)
}
