use super::{
    Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope, escapes,
};
use muster_roster::finding::{Fix, Safety, Severity};

pub static RULE: Rule = Rule {
    code: "text-escaped",
    title: "Escaped letters",
    severity: Severity::Warning,
    requires: Requires::File,
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |_, column| !column.is_secret(),
        classes: CharClasses::ESCAPE,
        check,
    },
    page: include_str!("text_escaped.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let Some(found) = escapes::first(cell.text).filter(|_| !is_real(cell)) else { return };
    let severity = if cell.is_exact() { Severity::Error } else { Severity::Warning };
    sink.cell_as(severity, cell, || {
        let (text, sign) = (cell.text, found.text);
        let message = match escapes::decoded(text) {
            Some(meant) => {
                let fix: Fix = cell.fix(format!("make it `{meant}`"), Safety::Unsafe, &*meant);
                let what = found.kind.called();
                let message = format!("`{sign}` in `{text}` is {what}; it reads `{meant}`");
                return FindingText::new(text, message).fix(Some(fix));
            }
            None => format!("`{sign}` in `{text}` is {}", found.kind.called()),
        };
        FindingText::new(text, message)
    });
}

/// Whether letters of a cell are escaped, and it is not called so.
pub(super) fn is_escaped(cell: &Cell) -> bool {
    escapes::first(cell.text).is_some() && !is_real(cell)
}

/// Whether the list has it in this very form. A name with the separator in it is taken apart, so that its parts or the
/// whole may be on the list.
fn is_real(cell: &Cell) -> bool {
    let list = cell.column.list.as_deref().and_then(|kind| cell.context.lists.get(kind));
    list.is_some_and(|list| {
        let is_so =
            |name: &String| escapes::first(name).is_some() && cell.text.contains(name.as_str());
        cell.values.iter().all(|value| list.has(value)) || list.values.iter().any(is_so)
    })
}
