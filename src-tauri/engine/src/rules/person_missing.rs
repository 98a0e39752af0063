use super::{Absent, Look, Needs, Report, Rule, Told};
use crate::edit::Edit;
use crate::finding::{Fix, Safety, Severity};

pub static RULE: Rule = Rule {
    code: "person-missing",
    title: "Not in the file",
    severity: Severity::Note,
    needs: Needs::Snapshot,
    look: Look::Absent(check),
    page: include_str!("person_missing.md"),
};

fn check(absent: &Absent, report: &mut Report) {
    let Some(snapshot) = &absent.scene.snapshot else { return };
    let key = snapshot.key_text(absent.was);
    report.header(None, || {
        let table = &absent.scene.roster.table;
        let cell = |column: usize| {
            absent.scene.was_cell(absent.was, column).unwrap_or_default().into_owned()
        };
        let cells = (0..table.width()).map(cell).collect();
        let fix = Fix {
            title: format!("bring back `{key}`"),
            safety: Safety::Unsafe,
            edits: vec![Edit::Insert { row: table.fresh_row(), at: table.len() as u32, cells }],
        };
        Told::new(&*key, format!("{} (`{key}`) is not in the file", snapshot.name(absent.was)))
            .fix(Some(fix))
    });
}
