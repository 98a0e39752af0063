use std::sync::Arc;

use super::*;
use crate::connect::KIT;
use crate::roster::Roster;
use crate::rules::{List, Lists, Scene};
use crate::table::Table;

const HEADER: &str = "email (required),username (optional),firstname (optional),lastname (optional),usergroups (optional),roles (optional),dateregistered,password (optional),externalid (optional)\n";

fn roster_of(profile: &str, text: &str) -> Roster {
    let profile = Profile::parse(
        crate::profile::BUILT_IN.iter().find(|(id, _)| *id == profile).expect("built in").1,
        profile,
    );
    Roster::read(Table::from_text(text).expect("read"), Arc::new(profile.expect("sound")))
}

fn lists() -> Lists {
    let mut lists = Lists::new();
    let groups = ["Sales", "Ops", "Legal"].map(String::from);
    lists.insert("groups".into(), List::new(groups, "a test", Some("2026-11-22".into())));
    lists
}

fn checked(snapshot: &str, roster: &str) -> Checker {
    let read = |rows: &str| roster_of("edapp", &format!("{HEADER}{rows}"));
    let scene = Scene::new(read(roster), Some(read(snapshot)), lists());
    Checker::new(scene, &|_| true).expect("checked")
}

const ADA: &str = "a@example.com,ada,Ada,Lo,Sales; Ops,Learner,2024-01-02,,\n";
const BO: &str = "b@example.com,bo,Bo,Li,Ops,Learner; Admin,2024-01-02,,7\n";

#[test]
fn nothing_changed_is_nothing_to_do() {
    let plan = make(&checked(&[ADA, BO].concat(), &[ADA, BO].concat()), &KIT, &Asked::default());
    assert_eq!(plan.counts, PlanCounts { same: 2, ..PlanCounts::default() });
    assert!(plan.is_empty() && plan.people.is_empty() && plan.guards.is_empty());
    assert_eq!(plan.blockers, Vec::<String>::new());
}
