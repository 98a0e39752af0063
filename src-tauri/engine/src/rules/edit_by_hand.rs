use super::{Changed, Look, Needs, Person, Report, Rule, Scene, Told};
use crate::finding::{Safety, Severity};

pub static RULE: Rule = Rule {
    code: "edit-by-hand",
    title: "Change to be made by hand",
    severity: Severity::Error,
    needs: Needs::Snapshot,
    look: Look::Person(check),
    page: include_str!("edit_by_hand.md"),
};

fn check(person: &Person, report: &mut Report) {
    if !person.differs {
        return;
    }
    let scene = person.scene;
    let changes = person.changes();
    for changed in &changes {
        let Some(place) = only_by_hand(scene, &changes, changed) else { continue };
        report.row(person.row, Some(changed.column.at), || {
            let lms = scene.roster.profile.called();
            let message = format!("no file can make this change; in {lms}, go to {place}");
            Told::new(&*changed.now, message).fix(Some(person.put_back(changed, Safety::Unsafe)))
        });
    }
}

/// Where in the LMS a change is made that its import does not carry out.
pub fn only_by_hand<'a>(
    scene: &'a Scene,
    changes: &[Changed],
    changed: &Changed,
) -> Option<&'a str> {
    let field = scene.roster.field(changed.column.at)?;
    let place = field.by_hand.as_deref()?;
    if field.rides_along {
        let carries = |other: &Changed| {
            scene.roster.field(other.column.at).is_some_and(|f| {
                let same_to_it = f.stored_upper && same(&other.before, &other.now);
                !f.rides_along && !f.read_only && !same_to_it
            })
        };
        return (!changes.iter().any(carries)).then_some(place);
    }
    if field.rises_only {
        let rank = |value: &str| field.choices.iter().position(|c| same(c, value));
        let (before, now) = (rank(&changed.before)?, rank(&changed.now)?);
        return (now < before).then_some(place);
    }
    Some(place)
}

fn same(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}
