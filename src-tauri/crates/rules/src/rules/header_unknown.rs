use super::{Look, Needs, Report, Rule, Scene, Told, header_duplicate, naming};
use muster_roster::finding::{Fix, Safety, Severity};
use muster_roster::roster::Column;
use muster_table::edit::Edit;
use muster_table::narrow;

pub static RULE: Rule = Rule {
    code: "header-unknown",
    title: "Column not known",
    severity: Severity::Warning,
    needs: Needs::File,
    look: Look::Header(check),
    page: include_str!("header_unknown.md"),
};

fn check(scene: &Scene, report: &mut Report) {
    let profile = &scene.roster.profile;
    // Where the LMS makes a new field of such a column, `field-created` says so.
    if profile.fields.is_empty() || profile.columns.creates {
        return;
    }
    for column in &scene.roster.columns {
        let meant = naming::meant(scene, column);
        // Without a snapshot nobody can say which columns an account has of its own.
        let may_be_own = profile.columns.custom
            && (scene.snapshot.is_none() || naming::is_known_by_snapshot(scene, column));
        if column.field.is_some()
            || column.used.is_some()
            || column.name.trim().is_empty()
            || (may_be_own && meant.is_none())
            || header_duplicate::earlier(scene, column).is_some()
            || meant.is_some_and(|f| f.needed && naming::column_for(scene, f).is_some())
        {
            continue;
        }
        report.header(Some(column.at), || {
            let name = &column.name;
            let meant = naming::meant_name(scene, column);
            let resembles = meant.map_or(String::new(), |m| format!("; it looks like `{m}`"));
            Told::new(
                name,
                format!("{} does not know the column `{name}`{resembles}", profile.name),
            )
            .fix(meant.map(|name| renamed(column, name, Safety::Unsafe)))
        });
    }
}

/// A fix that gives a column another name.
pub(super) fn renamed(column: &Column, after: &str, safety: Safety) -> Fix {
    Fix {
        title: format!("rename it to `{after}`"),
        safety,
        edits: vec![Edit::Rename {
            column: narrow::place(column.at),
            before: column.name.clone(),
            after: after.to_owned(),
        }],
    }
}
