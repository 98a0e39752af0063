use super::{Look, Needs, Report, Rule, Scene, Told, naming};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::roster::{Column, Roster};
use muster_table::edit::Edit;
use muster_table::narrow;

pub static RULE: Rule = Rule {
    code: "header-moved",
    title: "Columns in another order",
    severity: Severity::Error,
    needs: Needs::Snapshot,
    look: Look::Header(check),
    page: include_str!("header_moved.md"),
};

fn check(scene: &Scene, report: &mut Report) {
    let (roster, Some(snapshot)) = (&scene.roster, &scene.snapshot) else { return };
    if !roster.profile.columns.ordered {
        return;
    }
    // A column that is missing is another fault, as is one whose name is misspelt; and one that is new does no harm
    // behind all others.
    let twins: Vec<Option<usize>> =
        roster.columns.iter().map(|column| twin_or_meant(scene, snapshot, column)).collect();
    let there: Vec<usize> =
        (0..snapshot.columns.len()).filter(|was| twins.contains(&Some(*was))).collect();
    let moved = |(at, was): (usize, &usize)| {
        (twins.get(at).copied().flatten() != Some(*was)).then_some((at, *was))
    };
    let Some((at, was)) = there.iter().enumerate().find_map(moved) else { return };
    report.header(Some(at), || {
        let (here, expected) = (&roster.columns[at].name, &snapshot.columns[was].name);
        let lms = &roster.profile.name;
        let place = at + 1;
        Told::new(
            here,
            format!("{lms} goes by the order of the columns: column {place} was `{expected}` and is `{here}`"),
        )
        .fix(Some(in_order_again(&twins, &there)))
    });
}

fn twin_or_meant(scene: &Scene, snapshot: &Roster, column: &Column) -> Option<usize> {
    let of_field = || snapshot.column_of(&naming::meant(scene, column)?.id);
    let own = || naming::meant_own(scene, column).map(|own| own.at);
    scene.twins[column.at].or_else(of_field).or_else(own)
}

/// The columns of the snapshot in its order, then those that are new.
fn in_order_again(twins: &[Option<usize>], there: &[usize]) -> Fix {
    let of = |was: &usize| twins.iter().position(|twin| *twin == Some(*was));
    let known = there.iter().filter_map(of);
    let new = (0..twins.len()).filter(|at| twins[*at].is_none());
    let mut now: Vec<usize> = (0..twins.len()).collect();
    let mut edits = Vec::new();
    for (to, column) in known.chain(new).enumerate() {
        let Some(from) = now.iter().position(|at| *at == column) else { continue };
        if from != to {
            now.remove(from);
            now.insert(to, column);
            edits.push(Edit::Move { from: narrow::place(from), to: narrow::place(to) });
        }
    }
    Fix { title: "put the columns back in their order".into(), safety: Safety::Safe, edits }
}
