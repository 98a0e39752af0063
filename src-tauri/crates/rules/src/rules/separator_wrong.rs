use super::{
    Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope,
    separator_in_name, stray,
};
use muster_roster::finding::{Safety, Severity};
use muster_roster::lists::List;

pub static RULE: Rule = Rule {
    code: "separator-wrong",
    title: "Wrong separator",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |_, column| column.separator.is_some(),
        classes: CharClasses::FILLED,
        check,
    },
    page: include_str!("separator_wrong.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let right = cell.column.separator.as_deref().unwrap_or_default();
    let other = |b: u8| {
        matches!(b, b',' | b';' | b'|' | b'/' | b'\n' | b'\t') && !right.as_bytes().contains(&b)
    };
    let is_tight = is_tight(cell.text, right);
    let has_other = cell.text.bytes().any(other);
    if !is_tight && !has_other {
        return;
    }
    // What is one name is not put in order as several.
    if cell.values.iter().any(|value| separator_in_name::is_part(cell, value))
        || !stray::is_understood(cell)
    {
        return;
    }
    if is_tight {
        sink.cell(cell, || {
            let joined = joined(cell, cell.values.iter().copied(), right);
            let lms = cell.context.roster.profile.called();
            let message = format!("{lms} takes values joined by `{right}`, exactly so");
            FindingText::new(cell.text, message).fix(Some(cell.fix(
                format!("make it `{joined}`"),
                Safety::Safe,
                joined.clone(),
            )))
        });
    }
    if !has_other {
        return;
    }
    let Some(list) = list(cell) else { return };
    for &value in cell.values {
        let Some(parted) = parted(list, value, right) else { continue };
        sink.cell(cell, || {
            let all = cell
                .values
                .iter()
                .flat_map(|&other| if other == value { parted.parts.clone() } else { vec![other] });
            let joined = joined(cell, all, right);
            let safety = if parted.known { Safety::Safe } else { Safety::Unsafe };
            let by =
                if parted.by == '\n' { "a line break".into() } else { format!("`{}`", parted.by) };
            let lms = cell.context.roster.profile.called();
            let message =
                format!("`{value}` joins several by {by}; {lms} takes `{}`", right.trim());
            FindingText::new(value, message).fix(Some(cell.fix(
                format!("make it `{joined}`"),
                safety,
                joined.clone(),
            )))
        });
    }
}

/// Whether this value is several ones, joined by what the LMS does not take as a separator.
pub(super) fn is_several(cell: &Cell, value: &str) -> bool {
    let right = cell.column.separator.as_deref().unwrap_or_default();
    !right.is_empty() && list(cell).is_some_and(|list| parted(list, value, right).is_some())
}

fn list<'a>(cell: &Cell<'a>) -> Option<&'a List> {
    cell.context.lists.get(cell.column.list.as_deref()?)
}

fn joined<'v>(cell: &Cell, values: impl Iterator<Item = &'v str>, by: &str) -> String {
    let trailing = cell.text.trim_end().ends_with(by.trim());
    let mut text = values.collect::<Vec<_>>().join(by);
    if trailing {
        text.push_str(by.trim());
    }
    text
}

/// Whether a separator that ends with a space stands without it, or with one before it.
fn is_tight(text: &str, separator: &str) -> bool {
    let Some(sign) = separator.strip_suffix(' ').filter(|s| !s.is_empty()) else { return false };
    let (text, sign) = (text.as_bytes(), sign.as_bytes());
    let tight = |at: usize| {
        let after = text.get(at + sign.len());
        text[..at].ends_with(b" ") || after.is_some_and(|b| *b != b' ')
    };
    (0..text.len()).any(|at| text[at] == sign[0] && text[at..].starts_with(sign) && tight(at))
}

struct Parted<'v> {
    parts: Vec<&'v str>,
    by: char,
    /// Whether every part is on the list.
    known: bool,
}

const OTHERS: [char; 6] = [',', ';', '|', '/', '\n', '\t'];

fn parted<'v>(list: &List, value: &'v str, right: &str) -> Option<Parted<'v>> {
    if !value.contains(OTHERS) || list.has(value) {
        return None;
    }
    for by in OTHERS {
        if right.contains(by) || !value.contains(by) {
            continue;
        }
        let parts: Vec<&str> = value.split(by).map(str::trim).filter(|p| !p.is_empty()).collect();
        let known = parts.iter().filter(|part| list.has(part)).count();
        let near =
            |part: &&&str| list.same_but_form(part).is_some() || list.nearest(part).is_some();
        let resembling = parts.iter().filter(near).count();
        // A slash stands in many names.
        let enough = if by == '/' { resembling == parts.len() } else { known.max(resembling) > 0 };
        if parts.len() > 1 && enough {
            return Some(Parted { known: known == parts.len(), parts, by });
        }
    }
    None
}
