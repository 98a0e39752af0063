use jiff::civil::Date;

use super::date_order::decided;
use super::{
    Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope, stray,
};
use muster_roster::dates::{Fit, ISO, Reading, fit, may_stand_for, written};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::profile::FieldKind;

pub static RULE: Rule = Rule {
    code: "date-malformed",
    title: "Not a date",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |_, column| column.kind == FieldKind::Date,
        classes: CharClasses::FILLED,
        check,
    },
    page: include_str!("date_malformed.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let field = cell.context.roster.field(cell.column.at);
    let forms = cell.context.roster.date_forms(cell.column.at);
    if is_read(cell.text, forms)
        || field.is_some_and(|f| f.keep_word.as_deref() == Some(cell.text))
        || cell.text.trim().is_empty()
    {
        return;
    }
    let text = stray::normalized(cell.text);
    if is_read(&text, forms) || cell.is_nobodys {
        return;
    }
    let reading = Reading::of(&text);
    let no_such_day =
        reading == Reading::NoSuchDay || forms.iter().any(|f| fit(&text, f) == Fit::NoSuchDay);
    // Who knows what an unknown LMS takes for a date.
    // What the LMS's own export writes it can be thought to read.
    let so_written = !forms.is_empty()
        && matches!(reading, Reading::Day { .. } | Reading::Either { .. })
        && !no_such_day
        && cell.context.lms_writes_so(cell.column.at, &text);
    let unsure = so_written || (forms.is_empty() && !no_such_day);
    let severity = if unsure { Severity::Warning } else { Severity::Error };
    sink.cell_as(severity, cell, || {
        let form = forms.first().map_or(ISO, String::as_str);
        let lms = &cell.context.roster.profile.name;
        let mut message = match reading {
            _ if no_such_day => format!("`{text}` is not a day of the calendar"),
            Reading::NoYear => format!("`{text}` has no year"),
            Reading::NoDay => format!("`{text}` has no day"),
            Reading::Day { date, .. }
                if text.bytes().all(|b| b.is_ascii_digit()) && text.len() == 5 =>
            {
                format!("`{text}` is how a spreadsheet counts days; it stands for {}", shown(date))
            }
            Reading::Day { .. } => format!("{lms} reads dates as `{form}`, and this is `{text}`"),
            Reading::Either { day_first, month_first, .. } => {
                let (a, b) = (shown(day_first), shown(month_first));
                let because = decided(cell, day_first, month_first).map(|d| d.because);
                let because = because.map_or(String::new(), |because| format!("; {because}"));
                format!("{lms} reads dates as `{form}`; `{text}` could be {a} or {b}{because}")
            }
            _ => format!("`{text}` is not a date"),
        };
        let mut fix = fixed(cell, &text, reading, form);
        if so_written {
            message.push_str("; its own export has them so");
            fix.iter_mut().for_each(|fix| fix.safety = Safety::Unsafe);
        }
        FindingText::new(&*text, message).fix(fix)
    });
}

fn is_read(text: &str, forms: &[String]) -> bool {
    if forms.is_empty() {
        return matches!(Reading::of(text), Reading::Day { .. } | Reading::Either { .. })
            && !(text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit()));
    }
    forms.iter().any(|form| matches!(fit(text, form), Fit::Day(_)))
}

fn fixed(cell: &Cell, text: &str, reading: Reading, form: &str) -> Option<Fix> {
    // What a spreadsheet made of a date that the snapshot still has.
    if let Some(was) = cell.was()
        && let Some(day) = day_in(&was, form)
        && may_stand_for(text, day)
    {
        let title = format!("put back `{was}`");
        return Some(cell.fix(title, Safety::Safe, was.into_owned()));
    }
    let (date, safety) = match reading {
        Reading::Day { date, certain: true } => (date, Safety::Safe),
        Reading::Day { date, .. } => (date, Safety::Unsafe),
        Reading::Either { day_first, month_first, certain } => {
            let decided = decided(cell, day_first, month_first)?;
            let safe = decided.certain && certain;
            (decided.date, if safe { Safety::Safe } else { Safety::Unsafe })
        }
        _ => {
            let was = cell.was().filter(|was| day_in(was, form).is_some())?;
            let title = format!("put back `{was}`");
            return Some(cell.fix(title, Safety::Unsafe, was.into_owned()));
        }
    };
    let after = written(date, form);
    Some(cell.fix(format!("make it `{after}`"), safety, after))
}

fn day_in(text: &str, form: &str) -> Option<Date> {
    match fit(text, form) {
        Fit::Day(date) => Some(date),
        _ => None,
    }
}

/// A day as one says it: 4 March 2024.
pub(super) fn shown(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}
