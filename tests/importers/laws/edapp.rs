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
                for (any_case, other_roles) in [(true, OtherRoles::Kept), (false, OtherRoles::Kept)]
                {
                    all.push(Unsaid {
                        blank,
                        blank_replace,
                        defaults_stay: any_case,
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

    fn told_by(now: &Sheet, row: &[String]) -> String {
        let cell = |header: &str| now.column(header).map(|at| row[at].clone()).unwrap_or_default();
        let username = cell(Self::TOLD_BY);
        if username.is_empty() { cell("email (required)") } else { username }
    }

    fn happens(chance: &mut Chance, _: &[String], had: &mut Sheet, now: &mut Sheet) {
        let Some(roles) = now.column("roles (optional)") else { return };
        let [user, groups] =
            ["username (optional)", "usergroups (optional)"].map(|c| now.column(c));
        let [Some(user), Some(password)] = [user, now.column("password (optional)")] else {
            return;
        };
        let (many, places) = (now.rows.len(), now.header.clone());
        for _ in 0..chance.below(4) {
            let row = &mut now.rows[chance.below(many)];
            let known = had.rows.iter().position(|was| was[1] == row[user]);
            match (chance.below(8), known) {
                (0, Some(_)) => row[user] = row[user].to_uppercase(),
                // An owner's role is in the export, and stays as it is.
                (1, Some(known)) => {
                    "Account Owner; Learner; Prizing User".clone_into(&mut had.rows[known][5]);
                    row[roles].clone_from(&had.rows[known][5]);
                }
                (2, _) => "Admin; Learner; Prizing User".clone_into(&mut row[roles]),
                (3, _) => "Tulips-77".clone_into(&mut row[password]),
                (4, _) => "Reviewer;".clone_into(&mut row[roles]),
                // Somebody married: all is another but what is theirs alone.
                (7, Some(known)) => {
                    let other = Invented::new(700 + known);
                    for (header, value) in [
                        ("email (required)", other.address()),
                        ("username (optional)", other.login()),
                        ("lastname (optional)", other.last.to_owned()),
                    ] {
                        if let Some(at) = places.iter().position(|h| h == header) {
                            row[at] = value;
                        }
                    }
                }
                (5, None) => row[user].clear(),
                (6, _) => {
                    if let Some(groups) = groups {
                        "marketing; Bar;".clone_into(&mut row[groups]);
                    }
                }
                _ => {}
            }
        }
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
