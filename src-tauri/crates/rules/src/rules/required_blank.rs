use super::{Cell, Look, Needs, Report, Rule, Shape, Told};
use muster_roster::finding::{Safety, Severity};

pub static RULE: Rule = Rule {
    code: "required-blank",
    title: "Required value missing",
    severity: Severity::Error,
    needs: Needs::File,
    look: Look::Cell {
        // A blank key is a fault of its own: `key-blank`.
        of: |_, column| column.required && !column.is_key,
        shape: Shape::BLANK.or(Shape::SPACED),
        check,
    },
    page: include_str!("required_blank.md"),
};

fn check(cell: &Cell, report: &mut Report) {
    let roster = &cell.scene.roster;
    // A row that ends early is reported as such.
    let has_cell = roster.table.cells(cell.row) > cell.column.at;
    if !cell.text.trim().is_empty() || !has_cell || cell.is_nobodys {
        return;
    }
    report.cell(cell, || {
        let was = cell.was().filter(|was| !was.trim().is_empty());
        let fix =
            was.map(|was| cell.fix(format!("put back `{was}`"), Safety::Unsafe, was.into_owned()));
        let (lms, name) = (&roster.profile.name, &cell.column.name);
        Told::new("", format!("{lms} needs a value for `{name}`, and there is none")).fix(fix)
    });
}
