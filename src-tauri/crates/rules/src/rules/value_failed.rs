use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::{Safety, Severity};
use muster_table::format::xlsx::NoteKind;
use muster_table::words::{MASK, quoted};

pub static RULE: Rule = Rule {
    code: "value-failed",
    title: "Error of a spreadsheet",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Damage,
    scope: RuleScope::Cell { of: |_, _| true, classes: CharClasses::FAILED, check },
    page: include_str!("value_failed.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let table = &cell.context.roster.table;
    // The workbook says itself that the formula fails: `formula-kept`.
    if table.has_notes() && table.note(cell.row, cell.column.at) == Some(NoteKind::FormulaError) {
        return;
    }
    let Some(failed) = cell.values.iter().copied().map(str::trim).find(|value| is_error(value))
    else {
        return;
    };
    sink.cell(cell, || {
        let shown = if cell.column.is_secret() { MASK } else { failed };
        let message = match failed.starts_with("##") {
            true => format!("`{shown}` is what a spreadsheet shows where a column is too narrow"),
            false => format!("`{shown}` is an error of a spreadsheet, and no value"),
        };
        let before = cell.was().filter(|before| before != cell.text && !is_error(before.trim()));
        let fix = before.filter(|_| !cell.column.is_secret()).map(|before| {
            cell.fix(format!("put back {}", quoted(&before)), Safety::Unsafe, &*before)
        });
        FindingText::new(failed, message).fix(fix)
    });
}

/// What stands in a cell whose formula failed: in English, German, French, Spanish, Italian, Portuguese, Dutch and Polish.
/// `calamine` and the writers of workbooks know the English ones alone.
const ERRORS: &[&str] = &[
    "#NAME?",
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#DIV/0!",
    "#NUM!",
    "#NULL!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
    "#FIELD!",
    "#BLOCKED!",
    "#UNKNOWN!",
    "#CONNECT!",
    "#BUSY!",
    "#EXTERNAL!",
    "#NV",
    "#BEZUG!",
    "#WERT!",
    "#ZAHL!",
    "#ÜBERLAUF!", // German
    "#NOM?",
    "#VALEUR!",
    "#NOMBRE!",
    "#NUL!", // French
    "#¿NOMBRE?",
    "#N/D",
    "#¡REF!",
    "#¡VALOR!",
    "#¡NUM!",
    "#¡NULO!",
    "#¡DIV/0!", // Spanish
    "#NOME?",
    "#RIF!",
    "#VALORE!",
    "#NULLO!",
    "#VALOR!",
    "#NULO!", // Italian, Portuguese
    "#NAAM?",
    "#N/B",
    "#VERW!",
    "#WAARDE!",
    "#GETAL!",
    "#LEEG!",
    "#DEEL/0!", // Dutch
    "#NAZWA?",
    "#N/D!",
    "#ADR!",
    "#ARG!",
    "#LICZBA!",
    "#ZERO!",
    "#DZIEL/0!", // Polish
];

fn is_error(value: &str) -> bool {
    let too_narrow = || value.len() >= 4 && value.bytes().all(|b| b == b'#');
    // LibreOffice numbers those that Excel does not have.
    let numbered = || {
        value
            .strip_prefix("Err:")
            .is_some_and(|number| number.len() == 3 && number.bytes().all(|b| b.is_ascii_digit()))
    };
    ERRORS.contains(&value) || too_narrow() || numbered()
}
