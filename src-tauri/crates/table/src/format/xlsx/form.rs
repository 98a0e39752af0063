//! A form: an empty sheet to fill in, with drop-downs, and a second sheet that says how.

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, Format, FormatAlign, Formula,
    Workbook, Worksheet,
};

use super::cells::MOST_ROWS;
use super::write::{
    Making, Trouble, begin, begin_table, column_number, cut, text_format, unharmed,
};
use crate::error::Result;
use crate::narrow;

/// Excel takes no longer list inside a drop-down, and no longer message, counted in UTF-16 units.
const LONGEST_INLINE: usize = 255;
const LONGEST_TITLE: usize = 32;
/// The sheet that says how; the drop-downs of long lists refer to it.
pub const GUIDE: &str = "How to fill it in";

/// A column to fill in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormColumn {
    /// The name that stands above it in the first row.
    pub header: String,
    /// What a cell of it says when the cursor is on it; nothing for no message.
    pub title: String,
    /// What the same box says below the title; blank together with it.
    pub message: String,
    /// The values to choose from, and what each means; none for any text.
    pub values: Vec<(String, String)>,
    /// What happens to a text that is not among them.
    pub others: Others,
    /// The fewest and the most characters, where there are no values to choose from.
    pub least: Option<u32>,
    /// As `least`; none for as long as one likes.
    pub most: Option<u32>,
}

/// What Excel does when a text is typed that is not among the values to choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Others {
    /// Refused.
    #[default]
    Refused,
    /// Taken after a question.
    Asked,
    /// Taken: a cell holds several of the values.
    Taken,
}

/// What the second sheet says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guide {
    /// Its first line, in large letters.
    pub title: String,
    /// The lines below it, each a sentence or two.
    pub notes: Vec<String>,
    /// Of each column: its name, whether it must be filled in, what goes in, how it is written.
    pub columns: Vec<[String; 4]>,
}

/// Writes a form. Its first sheet holds nothing but the names of the columns, every cell a text down to the last row.
pub fn form(columns: &[FormColumn], guide: &Guide, making: &Making) -> Result<Vec<u8>> {
    unharmed(|| {
        let mut workbook = begin(making)?;
        let sheet = workbook.add_worksheet();
        sheet.set_name(making.sheet)?;
        let header: Vec<&str> = columns.iter().map(|column| column.header.as_str()).collect();
        let widths = begin_table(sheet, &header)?;
        for (at, width) in widths.iter().enumerate() {
            let at = column_number(at)?;
            sheet.set_column_width(at, (*width).clamp(12, 40) as f64 + 2.0)?;
            sheet.set_column_format(at, &text_format())?;
        }
        let mut first = first_value(guide);
        for (at, column) in columns.iter().enumerate() {
            let rows = (first, first + narrow::count(column.values.len()));
            first = rows.1;
            if let Some(validation) = validation(column, rows)? {
                let at = column_number(at)?;
                sheet.add_data_validation(1, at, MOST_ROWS - 1, at, &validation)?;
            }
        }
        write_guide(&mut workbook, columns, guide)?;
        Ok(workbook.save_to_buffer()?)
    })
}

fn validation(column: &FormColumn, rows: (u32, u32)) -> Result<Option<DataValidation>, Trouble> {
    let validation = DataValidation::new();
    let validation = if column.values.is_empty() {
        let length = match (column.least, column.most) {
            (Some(least), Some(most)) => DataValidationRule::Between(least, most),
            (Some(least), None) => DataValidationRule::GreaterThanOrEqualTo(least),
            (None, Some(most)) => DataValidationRule::LessThanOrEqualTo(most),
            (None, None) if column.message.is_empty() => return Ok(None),
            (None, None) => return Ok(Some(with_prompt(validation.allow_any_value(), column)?)),
        };
        validation.allow_text_length(length)
    } else if fits_inline(&column.values) {
        let values: Vec<&str> = column.values.iter().map(|(value, _)| value.as_str()).collect();
        validation.allow_list_strings(&values)?
    } else {
        let (first, end) = rows;
        validation.allow_list_formula(Formula::new(format!("='{GUIDE}'!$B${}:$B${end}", first + 1)))
    };
    let validation = match column.others {
        Others::Refused => validation,
        Others::Asked => validation.set_error_style(DataValidationErrorStyle::Warning),
        Others::Taken => validation.show_error_message(false),
    };
    let what = if column.values.is_empty() {
        "This text is too short or too long for the column."
    } else {
        "This is not one of the values to choose from."
    };
    let validation = validation.set_error_title(cut_to(&column.title, LONGEST_TITLE))?;
    Ok(Some(with_prompt(validation.set_error_message(what)?, column)?))
}

fn with_prompt(validation: DataValidation, column: &FormColumn) -> Result<DataValidation, Trouble> {
    Ok(validation
        .set_input_title(cut_to(&column.title, LONGEST_TITLE))?
        .set_input_message(cut_to(&column.message, LONGEST_INLINE))?)
}

/// A comma parts the values of a list that stands in the drop-down itself.
fn fits_inline(values: &[(String, String)]) -> bool {
    let length: usize =
        values.iter().map(|(v, _)| v.replace('"', "\"\"").encode_utf16().count() + 1).sum();
    length <= LONGEST_INLINE + 1
        && values.iter().all(|(v, _)| !v.contains(',') && v.trim() == v && !v.contains('\n'))
}

/// The row of the second sheet in which the first value to choose from stands, counted from 0.
fn first_value(guide: &Guide) -> u32 {
    let above = 1 + guide.notes.len() + 1 + 1 + guide.columns.len() + 1 + 2;
    narrow::count(above)
}

/// Writes the second sheet: what it is, then a row for each column, then a row for each value to choose from.
fn write_guide(
    workbook: &mut Workbook,
    columns: &[FormColumn],
    guide: &Guide,
) -> Result<(), Trouble> {
    let sheet = workbook.add_worksheet();
    sheet.set_name(GUIDE)?;
    sheet.set_landscape();
    let plain = text_format().set_align(FormatAlign::Top);
    let wrapped = plain.clone().set_text_wrap();
    let bold = plain.clone().set_bold();
    for (at, width) in (0u16..).zip([30.0, 26.0, 62.0, 62.0]) {
        sheet.set_column_width(at, width)?;
    }
    let mut row = 0;
    line(sheet, &mut row, &[&guide.title], &bold.clone().set_font_size(14))?;
    for note in &guide.notes {
        line(sheet, &mut row, &[note], &plain)?;
    }
    row += 1;
    let names = ["Column", "Must be filled in", "What goes in", "How it is written"];
    line(sheet, &mut row, &names, &bold)?;
    for column in &guide.columns {
        let cells: Vec<&str> = column.iter().map(String::as_str).collect();
        line(sheet, &mut row, &cells, &wrapped)?;
    }
    row += 1;
    if columns.iter().all(|column| column.values.is_empty()) {
        return Ok(());
    }
    line(sheet, &mut row, &["The values to choose from"], &bold)?;
    line(sheet, &mut row, &["Column", "Value", "Means"], &bold)?;
    for column in columns {
        for (value, means) in &column.values {
            line(sheet, &mut row, &[&column.header, value, means], &plain)?;
        }
    }
    Ok(())
}

fn line(
    sheet: &mut Worksheet,
    row: &mut u32,
    cells: &[&str],
    format: &Format,
) -> Result<(), Trouble> {
    for (at, cell) in (0u16..).zip(cells) {
        sheet.write_string_with_format(*row, at, cut(cell, 2_000), format)?;
    }
    *row += 1;
    Ok(())
}

/// The beginning of a text, in at most so many UTF-16 units.
fn cut_to(text: &str, units: usize) -> String {
    if text.encode_utf16().count() <= units {
        return text.to_owned();
    }
    let mut left = units - 1;
    let kept = text.chars().take_while(|c| {
        let fits = c.len_utf16() <= left;
        left = left.saturating_sub(c.len_utf16());
        fits
    });
    kept.chain(['…']).collect()
}
