//! Whether something was done by hand, as far as an export shows it.

use super::cells::same;
use crate::plan::ByHand;
use muster_roster::profile::header_form;
use muster_roster::roster::{Column, Roster};

/// Whether an export has what was to be put there by hand; none where it cannot show that.
pub fn is_done_in(item: &ByHand, export: &Roster) -> Option<bool> {
    let column = column_of(item, export).filter(|column| !column.is_secret())?;
    if column.is_key && export.row_of_key(&item.value).is_some() {
        return Some(true);
    }
    let known = [&item.key, &item.known_by].into_iter().filter(|key| !key.trim().is_empty());
    let Some(row) = known.into_iter().find_map(|key| export.row_of_key(key)) else {
        // Whom an LMS does not count as active it may leave out.
        let words = export.field(column.at).map_or(&[][..], |field| &field.inactive);
        let leaves = words.iter().any(|word| word.eq_ignore_ascii_case(item.value.trim()));
        return (leaves && !item.key.trim().is_empty()).then_some(true);
    };
    Some(same(export, column.at, &item.value, &export.table.cell(row, column.at)))
}

/// The column that the item is about, under whichever of its names the export has it.
fn column_of<'e>(item: &ByHand, export: &'e Roster) -> Option<&'e Column> {
    let form = header_form(&item.column);
    let named = export.columns.iter().find(|column| column.form == form);
    named.or_else(|| {
        let field = export.profile.fields.iter().find(|field| field.is_headed(&form))?;
        export.columns.get(export.column_of(&field.id)?)
    })
}
