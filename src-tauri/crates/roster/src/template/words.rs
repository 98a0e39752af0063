//! What a template says of a column, in plain words.

use super::{Column, Values};
use crate::profile::{Blank, FieldKind, KeyGiver, PasswordNeed, Profile};
use muster_table::export::ExportFormat;

/// What to know before filling in anything.
pub fn notes(profile: &Profile) -> Vec<String> {
    let lms = profile.called();
    let mut notes = vec![
        "Fill in the first sheet: one row for each person. Leave the names of the columns as they are.".to_owned(),
        "Every cell is a text, so zeros at the front and dates stay as you type them. What you copy from elsewhere, \
         paste as values only (Paste Special, Values), or it brings its own form with it."
            .to_owned(),
    ];
    let other = match profile.file.written_as() {
        ExportFormat::Workbook => None,
        ExportFormat::OldWorkbook => Some("an old Excel workbook (.xls)"),
        _ => Some("a text file (CSV)"),
    };
    notes.push(match other {
        None => format!("{lms} takes an Excel workbook. Open the filled file in Muster first: it looks for mistakes."),
        Some(other) => format!("{lms} takes {other}, not this workbook. Open the filled workbook in Muster, which looks for mistakes and writes the file for {lms}."),
    });
    if let Some(why) = &profile.provisional {
        notes.push(format!("The names of the columns are not certain. {why}"));
    }
    notes
}

/// A row of the second sheet: name, must be filled in, what goes in, how it is written.
pub fn guide_row(profile: &Profile, column: &Column) -> [String; 4] {
    let name = column.field.headers.first().cloned().unwrap_or_default();
    [name, needed(profile, column), about(column), form(column)]
}

/// The same for the small note on a cell.
pub fn in_short(profile: &Profile, column: &Column) -> String {
    let form = form(column);
    let needed = needed(profile, column);
    if form.is_empty() { format!("{needed}.") } else { format!("{needed}. {form}") }
}

fn needed(profile: &Profile, column: &Column) -> String {
    let field = column.field;
    let is_key = field.id == profile.key.field;
    let falls_back = profile.key.falls_back_to.as_deref();
    if is_key && profile.key.given_by == KeyGiver::Lms {
        format!("Leave blank for a new person; {} gives it", profile.called())
    } else if field.value_required || (is_key && falls_back.is_none()) {
        "Must be filled in".into()
    } else if let (true, Some(other)) = (is_key, falls_back.and_then(|id| profile.field(id))) {
        format!("May stay blank: then “{}” stands in", other.title)
    } else if field.kind == FieldKind::Password {
        "Best left blank".into()
    } else {
        "May stay blank".into()
    }
}

fn about(column: &Column) -> String {
    let field = column.field;
    let mut facts = vec![sentence(&format!("{}.", field.title))];
    if !field.about.is_empty() {
        facts.push(sentence(&field.about));
    }
    if field.kind == FieldKind::Password {
        facts.push("Do not send this file to anybody once there is a password in it.".into());
    }
    if field.create_only {
        facts.push("It counts for new people only; of those who exist it is not changed.".into());
    }
    if let Some(place) = &field.by_hand {
        facts.push(format!("Of those who exist a file cannot change it: {}", sentence(place)));
    }
    match field.blank {
        Some(Blank::Keep) => facts.push("Blank keeps what somebody has.".into()),
        Some(Blank::Clear) => facts.push("Blank takes away what somebody has.".into()),
        None => {}
    }
    facts.join(" ")
}

/// How a cell is written: its form, separator, length, values.
fn form(column: &Column) -> String {
    let field = column.field;
    let mut facts: Vec<String> = Vec::new();
    match field.kind {
        FieldKind::Date => facts.push(match field.date_forms.first() {
            Some(form) => format!("A date, written {form}."),
            None => "A date, best written YYYY-MM-DD.".into(),
        }),
        FieldKind::Email => facts.push("An e-mail address, such as name@example.com.".into()),
        FieldKind::Number => facts.push("A number.".into()),
        _ => {}
    }
    if let Some(list) = &column.list {
        facts.push(values(list));
    }
    if let Some(separator) = &field.separator {
        facts.push(format!("Several are joined by {}.", joined_by(separator)));
    }
    match (field.min, field.max) {
        (Some(least), Some(most)) => facts.push(format!("{least} to {most} characters.")),
        (Some(least), None) => facts.push(format!("At least {least} characters.")),
        (None, Some(most)) => facts.push(format!("At most {most} characters.")),
        (None, None) => {}
    }
    if !field.password_needs.is_empty() {
        let needs: Vec<&str> = field.password_needs.iter().map(|need| needed_in(*need)).collect();
        facts.push(format!("It needs {}.", needs.join(", ")));
    }
    if let Some(word) = &field.keep_word {
        facts.push(format!("{word} keeps what somebody has."));
    }
    if field.unique.is_some() {
        facts.push("No two people may have the same.".into());
    }
    facts.join(" ")
}

fn values(list: &Values) -> String {
    const FEW: usize = 6;
    let which = if list.values.len() <= FEW {
        format!("One of: {}.", list.values.join(", "))
    } else {
        format!("One of the {} values of the drop-down.", list.values.len())
    };
    let when = list.at.as_deref().and_then(|at| at.get(..10)).unwrap_or_default();
    match (list.source.as_str(), when) {
        ("", _) => which,
        (source, "") => format!("{which} They are from {source}."),
        (source, when) => format!("{which} They are from {source}, as of {when}."),
    }
}

fn joined_by(separator: &str) -> String {
    let sign = match separator.trim() {
        ";" => "a semicolon",
        "," => "a comma",
        "|" => "a vertical bar",
        "/" => "a slash",
        other => return format!("“{other}”"),
    };
    let sign = sign.to_owned();
    if separator.ends_with(' ') { sign + " and a space" } else { sign }
}

fn needed_in(need: PasswordNeed) -> &'static str {
    match need {
        PasswordNeed::Upper => "a capital letter",
        PasswordNeed::Lower => "a small letter",
        PasswordNeed::Digit => "a digit",
        PasswordNeed::Special => "a special character",
        PasswordNeed::DigitOrSpecial => "a digit or a special character",
    }
}

/// Without the backticks that screens show as code; a workbook shows them as they are.
fn sentence(text: &str) -> String {
    text.replace('`', "")
}
