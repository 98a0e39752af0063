use super::{
    Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope, equals_kept,
    text_escaped,
};
use muster_roster::finding::Severity;

pub static RULE: Rule = Rule {
    code: "cell-runs",
    title: "Runs in a spreadsheet",
    severity: Severity::Warning,
    requires: Requires::File,
    concerns: Concerns::Damage,
    scope: RuleScope::Value {
        of: |_, column| !column.is_secret(),
        classes: CharClasses::FORMULA,
        check,
    },
    page: include_str!("cell_runs.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    if !runs(cell.text) || equals_kept::meant(cell.text).is_some() || text_escaped::is_escaped(cell)
    {
        return;
    }
    sink.cell(cell, || {
        let text = cell.text;
        let sign = text.trim_start().chars().next().unwrap_or_default();
        FindingText::new(text, format!("begins with `{sign}`, so a spreadsheet would run `{text}`"))
    });
}

/// Numbers, telephone numbers and lone dashes begin so too, and do nothing.
pub(super) fn runs(text: &str) -> bool {
    let text = text.trim_start_matches(['\t', '\r']);
    let mut letters = text.chars();
    let first = letters.next();
    let rest = letters.as_str().trim_start();
    match first {
        Some('=') => !rest.is_empty(),
        Some('+') if is_phone(rest) => false,
        Some('+' | '-' | '@') => rest.contains(|c: char| c.is_alphabetic() || "(|!=".contains(c)),
        _ => false,
    }
}

/// What stands behind the `+` of a telephone number: digits and what parts them, perhaps with an extension, or with a word
/// in place of its last digits.
fn is_phone(rest: &str) -> bool {
    const LEAST: usize = 6;
    const WORDS: [&str; 14] = [
        "ext",
        "extn",
        "extension",
        "x",
        "xt",
        "tel",
        "dw",
        "durchwahl",
        "poste",
        "int",
        "interno",
        "wew",
        "toestel",
        "anexo",
    ];
    let parts = |c: char| c.is_ascii_digit() || c.is_whitespace() || "()-./,;:#*–".contains(c);
    let digits = rest.chars().filter(char::is_ascii_digit).count();
    let words: Vec<&str> =
        rest.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).collect();
    let is_known = |word: &str| WORDS.contains(&word.to_lowercase().as_str());
    let is_vanity = |word: &str| word.len() >= 3 && word.bytes().all(|b| b.is_ascii_uppercase());
    rest.starts_with(|c: char| c.is_ascii_digit() || c == '(')
        && rest.chars().all(|c| c.is_alphabetic() || parts(c))
        && match words.as_slice() {
            [] => digits >= LEAST,
            [word] => (digits >= LEAST && is_known(word)) || (digits >= 4 && is_vanity(word)),
            _ => false,
        }
}
