//! EdApp.

use serde_json::Value;

use super::{Kind, months};
use crate::edapp::{Answers, EdApp, Existing, OtherRoles, Unsaid};
use crate::invented::{Chance, Column, Edits, Invented};
use crate::roll::{Blank, Roll};
use crate::sheet::Sheet;
use crate::world::World;

const GROUPS: [&str; 6] =
    ["Bar", "Front Desk", "Kitchen - Cold", "Night, weekends", "Sales", "marketing"];

fn some(chance: &mut Chance, of: &[&str], most: usize) -> String {
    let mut all: Vec<&str> = (0..chance.below(most + 1)).map(|_| *chance.pick(of)).collect();
    all.sort_unstable();
    all.dedup();
    all.join("; ")
}

fn groups(chance: &mut Chance, _: &Invented) -> String {
    some(chance, &GROUPS, 3)
}

fn roles(chance: &mut Chance, _: &Invented) -> String {
    let more = some(chance, &["Content Author", "Facilitator", "Reviewer"], 1);
    [more.as_str(), "Learner; Prizing User"]
        .into_iter()
        .filter(|r| !r.is_empty())
        .collect::<Vec<_>>()
        .join("; ")
        .replace("Reviewer; Learner; Prizing User", "Learner; Prizing User; Reviewer")
}

fn job(chance: &mut Chance, _: &Invented) -> String {
    (*chance.pick(&["Agent", "Lead", "Cook", ""])).to_owned()
}

const fn column(
    header: &'static str,
    fill: fn(&mut Chance, &Invented) -> String,
    edits: Edits,
    goes: bool,
) -> Column {
    Column { header, fill, edits, goes }
}

struct Kept;

impl Kind for Kept {
    type Unsaid = Unsaid;
    type Lms = EdApp;

    const PROFILE: &'static str = "edapp";
    const TOLD_BY: &'static str = "username (optional)";
    const ITS_OWN: &'static [&'static str] = &["dateregistered"];
    const HIDDEN: &'static [&'static str] = &["password (optional)"];
    const SEVERAL: &'static [&'static str] = &["usergroups (optional)", "roles (optional)"];
    const WORKBOOKS: (bool, bool) = (false, false);
    const COLUMNS: &'static [Column] = &[
        column("email (required)", |_, p| p.address(), Edits::Filled, false),
        column("username (optional)", |_, p| p.login(), Edits::Never, false),
        column("firstname (optional)", |_, p| p.first.to_owned(), Edits::Blanked, true),
        column("lastname (optional)", |_, p| p.last.to_owned(), Edits::Blanked, true),
        column("usergroups (optional)", groups, Edits::Blanked, true),
        column("roles (optional)", roles, Edits::Blanked, true),
        column("dateregistered", |_, p| p.day(), Edits::Never, true),
        column("password (optional)", |_, _| String::new(), Edits::Never, true),
        column("externalid (optional)", |_, p| p.number(), Edits::Never, true),
        column("job title", job, Edits::Blanked, true),
    ];

    fn choices() -> Vec<Vec<String>> {
        let mut all = Vec::new();
        for groups in ["add", "replace"] {
            for roles in ["add", "replace"] {
                for invitations in ["on", "off"] {
                    all.push(vec![
                        format!("groups={groups}"),
                        format!("roles={roles}"),
                        format!("invitations={invitations}"),
                    ]);
                }
            }
        }
        all
    }

    fn unsaid(_: &Value) -> Vec<Unsaid> {
        let mut all = Vec::new();
        for blank in [Blank::Keeps, Blank::Clears] {
            for blank_replace in [Blank::Keeps, Blank::Clears] {
                for (any_case, other_roles) in
                    [(true, OtherRoles::Kept), (false, OtherRoles::Refused)]
                {
                    all.push(Unsaid {
                        blank,
                        blank_replace,
                        defaults_stay: true,
                        other_roles,
                        any_case,
                    });
                }
            }
        }
        all
    }

    fn lms(had: &Sheet, unsaid: Unsaid, _: &Value) -> EdApp {
        EdApp::new(had, &GROUPS, unsaid)
    }

    fn answers(policies: &Value, _: &Value) -> Answers {
        let how = |policy: &str| {
            if policies[policy] == "replace" { Existing::Replace } else { Existing::Add }
        };
        Answers {
            groups: how("groups"),
            roles: how("roles"),
            invitations: policies["invitations"] == "on",
        }
    }

    fn roll(lms: &mut EdApp) -> &mut Roll {
        &mut lms.roll
    }

    fn words(world: &mut World) -> Vec<String> {
        std::fs::write(world.path("groups.txt"), GROUPS.join("\n")).expect("it can be written");
        ["--list", "groups=groups.txt"].map(str::to_owned).to_vec()
    }
}

#[test]
fn edapp_does_what_the_plan_says() {
    months::<Kept>(24);
}
