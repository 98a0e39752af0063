use super::{Look, Needs, Report, Rule, Scene, Told, is_nobody};
use muster_roster::finding::Severity;
use muster_roster::profile::Existing;
use muster_table::words::people;

pub static RULE: Rule = Rule {
    code: "seats-exceeded",
    title: "More people than the licence allows",
    severity: Severity::Error,
    needs: Needs::File,
    look: Look::Roster(check),
    page: include_str!("seats_exceeded.md"),
};

fn check(scene: &Scene, report: &mut Report) {
    let Some(limit) = scene.choices.seats.map(|seats| seats as usize) else { return };
    let after = active_afterwards(scene);
    if after <= limit {
        return;
    }
    report.header(None, || {
        let over = people(after - limit);
        Told::new(
            after.to_string(),
            format!(
                "{} would be active, and the licence is for {limit}: {over} too many",
                people(after)
            ),
        )
    });
}

/// Everybody of the roster who is active, and whoever the LMS has besides.
fn active_afterwards(scene: &Scene) -> usize {
    let roster = &scene.roster;
    let ignores = roster.profile.existing == Existing::Ignored;
    let here = roster.table.rows().filter(|&row| {
        // Somebody whom the import does not change stays as the LMS has them.
        match scene.snapshot.as_ref().zip(scene.was(row)) {
            Some((snapshot, was)) if ignores => !snapshot.is_inactive(was),
            _ => !roster.is_inactive(row) && !is_nobody(roster, row),
        }
    });
    let stays = !scene.choices.takes_missing();
    let besides = scene.snapshot.as_ref().filter(|_| stays).map_or(0, |snapshot| {
        scene.missing.iter().filter(|&&was| !snapshot.is_inactive(was)).count()
    });
    here.count() + besides
}
