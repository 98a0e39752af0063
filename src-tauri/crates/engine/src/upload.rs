//! An upload kit, from the plan to the folder.

use std::path::Path;

use muster_plan::kit::{self, KitMade, KitOptions};
use muster_plan::plan::{Plan, Stopped};
use muster_plan::verify::Expectation;
use muster_rules::checker::Checker;
use muster_store::kit_folder;

/// Makes the kit of a plan in a folder, which appears whole or not at all; one that holds something already is refused.
/// Says what the LMS should hold once it has taken the file. See [`kit::make`].
pub fn make_kit(
    plan: &Plan,
    checker: &Checker,
    folder: &Path,
    asked: &KitOptions,
) -> Result<(KitMade, Expectation), Stopped> {
    let kit = kit::make(plan, checker, asked)?;
    kit_folder::write(folder, &kit.files).map_err(Stopped::Failed)?;
    Ok(kit.made(folder.to_string_lossy().into_owned()))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the kit is looked at on the disk")]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::PathBuf;
    use std::sync::Arc;

    use muster_plan::plan;
    use muster_roster::lists::Lists;
    use muster_roster::profile::connector::KIT;
    use muster_roster::profile::{Choices, Profile};
    use muster_roster::roster::Roster;
    use muster_rules::rules::CheckContext;
    use muster_table::error::{Failure, FailureKind, Result};
    use muster_table::format::text::decode;
    use muster_table::table::{Cut, Table};

    use super::*;

    const HEADER: &str = "email (required),username (optional),password (optional)\n";

    /// A list in which a new person brings a password.
    fn checked() -> Checker {
        let profile = Arc::new(Profile::built_in("edapp").expect("built in"));
        let read = |rows: &str| {
            let decoded = decode(format!("{HEADER}{rows}").into_bytes(), None).expect("text");
            let table = Table::read(decoded, Cut::default(), &mut |_| true).expect("a table");
            Roster::read(table, profile.clone())
        };
        let (old, new) = ("a@example.com,ada,\n", "d@example.com,di,Secret-42x\n");
        let context =
            CheckContext::new(read(&format!("{old}{new}")), Some(read(old)), Lists::new());
        Checker::new(context, &|_| true).expect("checked")
    }

    fn plan_of(checker: &Checker) -> Plan {
        let profile = &checker.context().roster.profile;
        let chosen = ["groups", "roles"].map(|id| (id.to_owned(), "add".to_owned()));
        let invited = [("invitations".to_owned(), "off".to_owned())];
        let answers: BTreeMap<String, String> = chosen.into_iter().chain(invited).collect();
        let choices = Choices::of(profile, &answers);
        plan::make(checker, &KIT, &plan::PlanOptions { choices, ..plan::PlanOptions::default() })
    }

    fn make_in(folder: PathBuf) -> Result<(KitMade, Expectation)> {
        let checker = checked();
        let plan = plan_of(&checker);
        let releases = plan.guards.iter().map(|g| (g.id.clone(), g.actual)).collect();
        let asked = KitOptions {
            releases: &releases,
            note: "",
            at: "2026-11-23T08:15:00Z",
            by: "",
            account: "",
        };
        make_kit(&plan, &checker, &folder, &asked).map_err(Failure::from)
    }

    #[test]
    fn a_folder_with_something_in_it_is_left_alone_and_an_empty_one_is_used() {
        let place = tempfile::tempdir().expect("a place");
        let folder = place.path().join("kit");
        fs::create_dir(&folder).expect("made");
        let (made, _) = make_in(folder.clone()).expect("an empty folder is used");
        for file in &made.files {
            let bytes = fs::read(folder.join(&file.name)).expect("in the folder");
            assert_eq!(bytes.len(), file.bytes as usize, "{}", file.name);
        }
        let told = make_in(folder.clone()).expect_err("refused");
        assert_eq!(told.why, "it exists already and is not empty");
        assert_eq!(fs::read_dir(place.path()).expect("readable").count(), 1, "no rest beside it");
        let told = make_in(place.path().join("no").join("kit")).expect_err("refused");
        assert_eq!(told.kind, FailureKind::File);
        make_in(folder.join("upload.csv").join("kit")).expect_err("refused");
        make_in(PathBuf::from("/")).expect_err("refused");
    }

    #[test]
    fn nothing_is_left_of_a_kit_whose_choices_are_open() {
        let place = tempfile::tempdir().expect("a place");
        let checker = checked();
        let plan = plan::make(&checker, &KIT, &plan::PlanOptions::default());
        let asked =
            KitOptions { releases: &BTreeMap::new(), note: "", at: "", by: "", account: "" };
        make_kit(&plan, &checker, &place.path().join("kit"), &asked).expect_err("refused");
        assert_eq!(fs::read_dir(place.path()).expect("readable").count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn what_may_hold_passwords_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let place = tempfile::tempdir().expect("a place");
        let folder = place.path().join("kit");
        make_in(folder.clone()).expect("made");
        let mode =
            |name: &str| fs::metadata(folder.join(name)).expect("there").permissions().mode();
        assert_eq!(mode("upload.csv") & 0o777, 0o600);
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_may_not_be_written_to_gets_a_sentence() {
        use std::os::unix::fs::PermissionsExt;
        let place = tempfile::tempdir().expect("a place");
        fs::set_permissions(place.path(), PermissionsExt::from_mode(0o555)).expect("set");
        if fs::write(place.path().join("probe"), "").is_ok() {
            // Whoever may do anything cannot be refused.
            return;
        }
        let told = make_in(place.path().join("kit")).expect_err("refused");
        assert_eq!(told.why, "you may not use it");
        fs::set_permissions(place.path(), PermissionsExt::from_mode(0o755)).expect("set");
    }
}
