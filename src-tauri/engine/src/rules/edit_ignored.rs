use super::{Changed, Look, Needs, Person, Report, Rule, Scene, Told};
use crate::finding::{Fix, Safety, Severity};

pub static RULE: Rule = Rule {
    code: "edit-ignored",
    title: "Change without effect",
    severity: Severity::Warning,
    needs: Needs::Snapshot,
    look: Look::Person(check),
    page: include_str!("edit_ignored.md"),
};

fn check(person: &Person, report: &mut Report) {
    if !person.differs {
        return;
    }
    let scene = person.scene;
    let lms = scene.roster.profile.called();
    // Of two rows with one key, who is meant is told first.
    if scene.roster.rows_of_key(&scene.roster.key_text(person.row)).nth(1).is_some() {
        return;
    }
    for changed in &person.changes() {
        let at = changed.column.at;
        if scene.roster.field(at).is_some_and(|f| f.read_only) {
            report.row(person.row, Some(at), || {
                let name = &changed.column.name;
                let message = format!("{lms} writes the column `{name}` and never reads it");
                Told::new(&*changed.now, message)
                    .fix(Some(person.put_back(changed, Safety::Unsafe)))
            });
        }
        let Some(kept) = taken_away(scene, changed, "add") else { continue };
        // A value that is misspelled was not taken away.
        if changed.column.values(&changed.now).any(|value| is_unknown(scene, changed, value)) {
            continue;
        }
        report.row(person.row, Some(at), || {
            let by = changed.column.separator.as_deref().unwrap_or_default();
            let values: Vec<String> = kept.iter().map(|v| format!("`{v}`")).collect();
            let name = scene.roster.name(person.row);
            let all = changed.column.values(&changed.now).chain(kept.iter().copied());
            let fix = Fix {
                title: "list them again".into(),
                safety: Safety::Unsafe,
                edits: vec![person.set(at, all.collect::<Vec<_>>().join(by))],
            };
            let message =
                format!("Add takes nothing away: {name} would keep {}", super::listed(&values));
            Told::new(kept.join(by), message).fix(Some(fix))
        });
    }
}

fn is_unknown(scene: &Scene, changed: &Changed, value: &str) -> bool {
    let list = changed.column.list.as_ref().and_then(|kind| scene.lists.get(kind));
    list.is_some_and(|list| !list.has(value))
}

/// The values that a cell no longer lists, where the LMS was told to add or to replace.
pub(super) fn taken_away<'c>(
    scene: &Scene,
    changed: &'c Changed,
    chosen: &str,
) -> Option<Vec<&'c str>> {
    let field = scene.roster.field(changed.column.at)?;
    changed.column.separator.as_ref()?;
    if scene.policy_of(&field.id) != Some(chosen) {
        return None;
    }
    let stays = |value: &str| chosen == "replace" && field.always.iter().any(|a| a == value);
    let gone =
        |value: &&str| !stays(value) && !changed.column.values(&changed.now).any(|v| v == *value);
    let gone: Vec<&str> = changed.column.values(&changed.before).filter(gone).collect();
    (!gone.is_empty()).then_some(gone)
}
