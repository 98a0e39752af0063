use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::{Safety, Severity};
use muster_roster::profile::FieldKind;
use muster_roster::roster::Column;

pub static RULE: Rule = Rule {
    code: "quote-kept",
    title: "Quotation marks in a value",
    severity: Severity::Warning,
    requires: Requires::File,
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |_, column| !column.is_secret() && is_no_prose(column),
        classes: CharClasses::MARKED
            .or(CharClasses::SPACED)
            .or(CharClasses::BEYOND_ASCII)
            .or(CharClasses::CONTROL),
        check,
    },
    page: include_str!("quote_kept.md"),
};

/// A remark may be a quotation as a whole; a name, a number or a group is none.
pub(super) fn is_no_prose(column: &Column) -> bool {
    column.is_key
        || column.list.is_some()
        || column.identifies
        || column.name_part > 0
        || column.field.is_some()
        || column.kind != FieldKind::Text
        || column.form.ends_with("name")
}

fn check(cell: &Cell, sink: &mut FindingSink) {
    let alone = || cell.context.roster.table.dialect().quoting.mark.is_none();
    let Some(bare) = bare(cell.text).or_else(|| without_one(cell.text).filter(|_| alone())) else {
        return;
    };
    let severity = if cell.is_exact() { Severity::Error } else { Severity::Warning };
    sink.cell_as(severity, cell, || {
        let text = cell.text.trim();
        let fix = cell.fix(format!("make it `{bare}`"), Safety::Unsafe, bare);
        let message = format!("the quotation marks of `{text}` became part of the value");
        FindingText::new(cell.text, message).fix(Some(fix))
    });
}

/// How texts are quoted in the languages of our users.
const PAIRS: [(char, char); 11] = [
    ('"', '"'),
    ('\'', '\''),
    ('“', '”'),
    ('„', '“'),
    ('„', '”'),
    ('”', '”'),
    ('‘', '’'),
    ('‚', '‘'),
    ('«', '»'),
    ('»', '«'),
    ('‹', '›'),
];

/// What stands between quotes that hold the whole text, without spaces around either; none where none do.
pub(super) fn bare(text: &str) -> Option<&str> {
    let trimmed = text.trim();
    let (first, last) = (trimmed.chars().next()?, trimmed.chars().next_back()?);
    if !PAIRS.contains(&(first, last)) {
        return None;
    }
    let inner = trimmed.strip_prefix(first)?.strip_suffix(last)?;
    // `'t Hof, genaamd 'x'` or `"A" and "B"` begin and end with another pair each.
    (!inner.contains([first, last])).then(|| inner.trim()).filter(|inner| !inner.is_empty())
}

/// A text without a quote at one of its ends alone.
fn without_one(text: &str) -> Option<&str> {
    let trimmed = text.trim();
    let bare = trimmed.strip_prefix('"').or_else(|| trimmed.strip_suffix('"'))?;
    (!bare.contains('"') && !bare.ends_with(|c: char| c.is_ascii_digit())).then_some(bare)
}
