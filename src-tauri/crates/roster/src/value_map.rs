//! Values that stand for others: what the HR system calls `UK` is `GB` to the LMS.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::roster::{Column, Roster};
use muster_table::edit::Edit;
use muster_table::narrow;

/// What each value becomes.
pub type ValueMap = BTreeMap<String, String>;

/// The edits that put other values into a column. In a cell of several, each value counts by itself.
pub fn edits(roster: &Roster, column: &Column, map: &ValueMap) -> Vec<Edit> {
    let table = &roster.table;
    let edit = |row: u32| {
        let before = table.cell(row, column.at);
        let after = mapped(column, &before, map).filter(|after| *after != before)?;
        Some(Edit::Set {
            row,
            column: narrow::place(column.at),
            before: before.into_owned(),
            after,
        })
    };
    let rows = (0..table.len()).into_par_iter().with_min_len(4096);
    rows.filter_map(|at| table.row_at(at)).filter_map(edit).collect()
}

fn mapped(column: &Column, cell: &str, map: &ValueMap) -> Option<String> {
    let Some(separator) = &column.separator else { return map.get(cell.trim()).cloned() };
    if !column.values(cell).any(|value| map.contains_key(value)) {
        return None;
    }
    let mut values: Vec<&str> = Vec::new();
    for value in column.values(cell) {
        let value = map.get(value).map_or(value, String::as_str);
        // Two values may become one.
        if !value.is_empty() && !values.contains(&value) {
            values.push(value);
        }
    }
    Some(values.join(separator))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::profile::Profile;
    use muster_table::table::Table;

    #[test]
    fn whole_values_are_replaced_also_among_several_and_nothing_else() {
        let text = "username,usergroups,city\nada,HR; Sales,UK\nbo,Human Resources; HR, UK \n\
            cy,HRx,UKR\n";
        let profile = Arc::new(Profile::built_in("edapp").expect("built in"));
        let mut roster = Roster::read(Table::from_text(text).expect("read"), profile);
        let map = |pairs: &[(&str, &str)]| -> ValueMap {
            pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
        };
        let mut made = edits(&roster, &roster.columns[1], &map(&[("HR", "Human Resources")]));
        made.extend(edits(&roster, &roster.columns[2], &map(&[("UK", "GB")])));
        for edit in &made {
            roster.table.apply(edit).expect("fits");
        }
        assert_eq!(
            roster.table.to_text(),
            "username,usergroups,city\nada,Human Resources; Sales,GB\nbo,Human Resources,GB\n\
                cy,HRx,UKR\n"
        );
    }
}
