use super::{Claim, How, Look, Needs, Person, Report, Rule, Told};
use muster_roster::finding::{Fix, Safety, Severity};

pub static RULE: Rule = Rule {
    code: "key-changed",
    title: "Key changed",
    severity: Severity::Error,
    needs: Needs::Snapshot,
    look: Look::Person(check),
    page: include_str!("key_changed.md"),
};

fn check(person: &Person, report: &mut Report) {
    let scene = person.scene;
    let (Some(snapshot), Some(key)) = (&scene.snapshot, scene.roster.key) else { return };
    let Some(Claim { was, how }) = scene.claim(person.row) else { return };
    if !matches!(how, How::Plain | How::Foreign) || scene.scrambled().is_any() {
        return;
    }
    // Where both keys are blank, what stands in for them has changed.
    let own = |column: usize| scene.was_cell(was, column).unwrap_or_default();
    let column = match scene.roster.key_fallback {
        Some(fallback) if person.cell(key).trim().is_empty() => {
            if !own(key).trim().is_empty() {
                return;
            }
            fallback
        }
        _ if person.cell(key).trim().is_empty() => return,
        _ => key,
    };
    report.row(person.row, Some(column), || {
        let (now, before) = (person.cell(column), snapshot.key_text(was));
        let put_back = own(column);
        let fix = Fix {
            title: format!("put back {}", muster_table::words::quoted(&put_back)),
            // A namesake has the whole name too, and another key altogether.
            safety: if scene.is_certainly(person.row, was) || is_slip(&now, &put_back) {
                Safety::Safe
            } else {
                Safety::Unsafe
            },
            edits: vec![person.set(column, &*put_back)],
        };
        let evidence = scene.evidence(person.row, was);
        let theirs = person
            .was
            .map_or(String::new(), |other| format!(", the key of {}", snapshot.name(other)));
        let message = format!("was `{before}`, is `{now}`{theirs}; {evidence}");
        Told::new(&*now, message).fix(Some(fix))
    });
}

/// Whether one key is the other with a letter or two mistyped, which is no key of somebody else.
fn is_slip(now: &str, before: &str) -> bool {
    let (now, before) = (now.trim().to_lowercase(), before.trim().to_lowercase());
    let most = if before.chars().count() >= 6 { 2 } else { 1 };
    strsim::osa_distance(&now, &before) <= most
}
