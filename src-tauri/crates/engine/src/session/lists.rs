//! Lists: the values that a column may have, from a file or pasted.

use serde::{Deserialize, Serialize};
use std::path::Path;

use rustc_hash::FxHashSet;

use super::Engine;
use super::job::JobView;
use super::open_job::OpenJob;
use super::opening::file_name;
use muster_plan::worksheet::Sources;
use muster_roster::lists::List;
use muster_roster::profile::header_form;
use muster_store::accounts::AccountList;
use muster_store::lists::ListCard;
use muster_store::own_files;
use muster_table::error::{Failure, FailureKind, Result};
use muster_table::format::side::Side;
use muster_table::format::{text, xlsx};
use muster_table::narrow::count as number;
use muster_table::reading::{self, OnProgress, ReadAs};
use muster_table::table::Table;

/// Where the values of a list come from. With neither path nor text the list is forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct SetList {
    /// `groups`, `roles`, …
    pub kind: String,
    /// A text file with one value a line, or a CSV.
    pub path: Option<String>,
    /// The column of that CSV; its first if left out.
    pub column: Option<String>,
    /// Pasted values, one a line.
    pub text: Option<String>,
}

impl Engine {
    /// Loads the values that a column may have, or forgets them.
    pub fn set_list(&self, request: SetList) -> Result<JobView> {
        self.rebuild(|_, working| {
            let (kind, now) = (request.kind.clone(), self.now());
            let found = match (&request.path, &request.text) {
                (Some(path), _) => {
                    let path = Path::new(path);
                    let name = file_name(path);
                    let (bytes, _) = own_files::read(path)?;
                    working.step(format!("Reading `{name}`"), bytes.len());
                    let column = request.column.as_deref();
                    let on_progress = |done| working.report(done);
                    Some((values_of_file(bytes, &name, &kind, column, &on_progress)?, name))
                }
                (None, Some(text)) => Some((values_of_lines(text, &kind), "pasted".to_owned())),
                (None, None) => None,
            };
            let found = match found {
                None => None,
                Some((values, source)) => {
                    let values = each_once(values);
                    if values.is_empty() {
                        return Err(Failure::state(format!("there are no {kind} in it"))
                            .hint("One value a line is enough."));
                    }
                    let card = ListCard {
                        kind: kind.clone(),
                        count: number(values.len()),
                        source,
                        at: Some(now),
                    };
                    Some((card, values))
                }
            };
            let list = found.clone().map(|(card, values)| List::new(values, card.source, card.at));
            let of = kind.clone();
            let keep = move |job: &mut OpenJob| {
                if let Some(account) = job.facts().account {
                    return self.change_account_of(job, account, |facts| {
                        facts.lists.remove(&of);
                        facts.lists.extend(found.map(|(card, values)| {
                            (of, AccountList { values, source: card.source, at: card.at })
                        }));
                    });
                }
                self.store(|store| match &found {
                    None => store.forget_list(job.lock(), &of),
                    Some((card, values)) => store.set_list(job.lock(), card, values),
                })
            };
            let change = move |sources: &mut Sources| {
                match list {
                    Some(list) => sources.lists.insert(kind, list),
                    None => sources.lists.remove(&kind),
                };
            };
            Ok((change, keep))
        })
    }
}

/// The values of a file, each once: of a text with one a line, or of a column of a table. Without a name for it, that is
/// the column headed like the list, else the first.
pub fn values_of_file(
    bytes: Vec<u8>,
    name: &str,
    kind: &str,
    column: Option<&str>,
    on_progress: OnProgress,
) -> Result<Vec<String>> {
    let side = if xlsx::kind_of(&bytes).is_some() {
        of_workbook(&reading::read_bytes(bytes, name, &ReadAs::default(), on_progress)?.table)
    } else {
        let text =
            text::decode(bytes, None).map_err(|failure| reading::naming(failure, name))?.text;
        let side = Side::read(&text)?;
        if column.is_none() && !is_table(&side, kind) {
            return Ok(each_once(values_of_lines(&text, kind)));
        }
        reading::refuse_nothing(&side.names, side.rows.is_empty(), name)?;
        side
    };
    let column = match column {
        Some(column) => {
            let form = header_form(column);
            side.names.iter().position(|name| header_form(name) == form).ok_or_else(|| {
                Failure::new(FailureKind::Format, format!("`{name}` has no column `{column}`"))
                    .hint(format!("It has {}.", side.names.join(", ")))
            })?
        }
        None => {
            let named = |name: &String| is_heading(name, kind);
            side.names.iter().position(named).unwrap_or(0)
        }
    };
    let cell = |row: &Vec<String>| Side::cell(row, column).trim().to_owned();
    Ok(each_once(side.rows.iter().map(cell).collect()))
}

/// Whether a text is a table. A value may hold a comma, also the first: only where columns are named and most rows have
/// several cells is it one, or where one of the names says what the list is of.
fn is_table(side: &Side, kind: &str) -> bool {
    let first = side.above.first().unwrap_or(&side.names);
    if side.names.len() < 2 || first.len() < 2 {
        return false;
    }
    let is_named = side.names.iter().any(|name| is_heading(name, kind));
    let several = |row: &&Vec<String>| row.len() > 1;
    // In words a blank stands behind a comma, in a table none.
    let in_words = |row: &Vec<String>| row.iter().skip(1).all(|cell| cell.starts_with(' '));
    let wide: Vec<&Vec<String>> = side.rows.iter().filter(several).collect();
    is_named
        || wide.len() * 2 > side.rows.len()
            && !(in_words(&side.names) && wide.iter().all(|row| in_words(row)))
}

fn of_workbook(table: &Table) -> Side {
    let rows = table.rows().map(|row| table.row(row)).collect();
    Side { above: Vec::new(), names: table.names().to_vec(), rows }
}

/// One value a line. That is no CSV: a quote that somebody typed ends with its line. A first line that only names what
/// follows is no value.
fn values_of_lines(text: &str, kind: &str) -> Vec<String> {
    let unquoted = |line: &str| {
        muster_table::format::quoting::Quoting::default().value(line.trim()).trim().to_owned()
    };
    let mut values: Vec<String> = text.lines().map(unquoted).collect();
    if values.first().is_some_and(|first| is_heading(first, kind)) {
        values.remove(0);
    }
    values
}

/// Whether a text is what a list of this kind is headed with: `Groups`, `User groups`, `group name`.
fn is_heading(text: &str, kind: &str) -> bool {
    let form = header_form(text);
    let one = match kind {
        "countries" => "country",
        kind => kind.trim_end_matches('s'),
    };
    let forms = [
        kind.to_owned(),
        one.to_owned(),
        format!("user{kind}"),
        format!("user{one}"),
        format!("{one}name"),
        format!("{one}code"),
        "name".to_owned(),
    ];
    forms.contains(&form)
}

fn each_once(values: Vec<String>) -> Vec<String> {
    let mut seen = FxHashSet::default();
    values.into_iter().filter(|v| !v.is_empty() && seen.insert(v.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_one_value_a_line_with_or_without_a_heading() {
        let values = |text| each_once(values_of_lines(text, "groups"));
        assert_eq!(values("Sales\r\n Ops \n\nSales\n"), ["Sales", "Ops"]);
        assert_eq!(values("User groups\nSales\n\"R, D\""), ["Sales", "R, D"]);
    }

    #[test]
    fn a_group_with_a_comma_is_one_wherever_it_stands_and_a_table_is_a_table() {
        let values = |text: &str| {
            let bytes = text.as_bytes().to_vec();
            values_of_file(bytes, "groups.txt", "groups", None, &|_| true).expect("read")
        };
        let family = "Friends, family and neighbors";
        assert_eq!(values(&format!("{family}\nOps\nSales\n")), [family, "Ops", "Sales"]);
        assert_eq!(values(&format!("Ops\n{family}\nSales\n")), ["Ops", family, "Sales"]);
        assert_eq!(values(&format!("{family}\nHealth, Safety\n")), [family, "Health, Safety"]);
        assert_eq!(values("R; D\nOps\n"), ["R; D", "Ops"]);
        assert_eq!(values("Group,Code\nSales\nOps,2\n"), ["Sales", "Ops"]);
        assert_eq!(values("Team,Code\nSales,1\nOps,2\n"), ["Sales", "Ops"]);
        assert_eq!(values("Code,Groups\n1,Sales\n2,Ops\n"), ["Sales", "Ops"]);
    }
}
