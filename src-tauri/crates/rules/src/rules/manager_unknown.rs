use super::bonds::Referring;
use super::{Look, Needs, Person, Report, Rule, Scene, Told, email_malformed};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::profile::FieldKind;
use muster_table::words::listed;

pub static RULE: Rule = Rule {
    code: "manager-unknown",
    title: "Manager not known",
    severity: Severity::Warning,
    needs: Needs::File,
    look: Look::Person(check),
    page: include_str!("manager_unknown.md"),
};

fn check(person: &Person, report: &mut Report) {
    if person.is_nobody {
        return;
    }
    for referring in person.scene.referring() {
        of_column(person, referring, report);
    }
}

fn of_column(person: &Person, referring: &Referring, report: &mut Report) {
    let scene = person.scene;
    let cell = person.cell(referring.column);
    let value = cell.trim();
    if value.is_empty() {
        return;
    }
    let mut told = |message: &dyn Fn() -> String, fix: &dyn Fn() -> Option<Fix>| {
        report.row(person.row, Some(referring.column), || Told::new(value, message()).fix(fix()));
    };
    let Some(manager) = scene.named_by(referring, person.row) else {
        // What is no address is told as that.
        let address = scene.roster.columns[referring.column].kind == FieldKind::Email;
        let malformed = address && !email_malformed::is_address(value);
        if !malformed && !is_known_elsewhere(scene, referring, value) {
            let by = scene.roster.called(referring.by);
            told(&|| format!("nobody in the file has the {by} `{value}`"), &|| {
                resembling(scene, referring, value).map(|near| Fix {
                    title: format!("make it `{near}`"),
                    safety: Safety::Unsafe,
                    edits: vec![person.set(referring.column, near)],
                })
            });
        }
        return;
    };
    let none = || None;
    if manager == person.row {
        return told(
            &|| format!("{} manages himself or herself", scene.roster.name(manager)),
            &none,
        );
    }
    let chain = scene.chain(referring, person.row);
    if chain.last() == Some(&person.row) {
        let names: Vec<String> = chain.iter().map(|row| scene.roster.name(*row)).collect();
        return told(&|| format!("managers in a circle: {}", listed(&names)), &none);
    }
    let leaves = scene.roster.is_inactive(manager) && !scene.roster.is_inactive(person.row);
    if leaves {
        told(&|| format!("{} is not active", scene.roster.name(manager)), &none);
    }
}

/// A manager whom this file leaves out, but the LMS or a list has.
fn is_known_elsewhere(scene: &Scene, referring: &Referring, value: &str) -> bool {
    let value = value.to_lowercase();
    let listed = scene
        .lists
        .get("managers")
        .is_some_and(|list| list.has(&value) || list.same_but_form(&value).is_some());
    // Whoever is missing from the whole list leaves; in a part of it they are only not named.
    let stays = scene.choices.is_partial() || !scene.choices.takes_missing();
    listed || (stays && scene.known_to_snapshot(referring.by).contains(&value))
}

/// The only value that is one or two letters off.
fn resembling(scene: &Scene, referring: &Referring, value: &str) -> Option<String> {
    const MOST: usize = 2;
    let value = value.to_lowercase();
    let mut best: Option<(usize, String)> = None;
    let mut tie = false;
    for row in scene.roster.table.rows() {
        let cell = scene.roster.table.cell(row, referring.by);
        let known = cell.trim();
        if known.is_empty() || known.len().abs_diff(value.len()) > MOST {
            continue;
        }
        let distance = strsim::osa_distance(&known.to_lowercase(), &value);
        match &best {
            _ if distance > MOST => {}
            Some((least, _)) if distance > *least => {}
            Some((least, name)) if distance == *least => tie |= name != known,
            _ => (best, tie) = (Some((distance, known.to_owned())), false),
        }
    }
    best.filter(|_| !tie).map(|(_, known)| known)
}
