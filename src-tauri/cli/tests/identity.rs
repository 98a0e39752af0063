//! Who somebody is, in the file and in the LMS.

use serde_json::Value;

use crate::world::{ANA, BO, CEM, World, edapp, snapshot};

fn messages(answer: &Value, rule: &str) -> Vec<String> {
    let all = answer["findings"].as_array().expect("a list").iter();
    let of_rule = all.filter(|f| f["rule"] == rule);
    of_rule.map(|f| f["message"].as_str().expect("text").to_owned()).collect()
}

fn actions(plan: &Value) -> Vec<(String, String)> {
    let people = plan["people"].as_array().expect("a list").iter();
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    people.map(|p| (text(&p["name"]), text(&p["action"]))).collect()
}

#[test]
fn whoever_married_is_not_made_a_second_time_without_a_word() {
    let moe = "ana.moe@example.com,ana.moe@example.com,Ana,Moe,Sales,Learner; Prizing User,2025-01-03,,E101";
    let world =
        World::new().with("snapshot.csv", snapshot()).with("married.csv", edapp(&[moe, BO, CEM]));
    let check =
        world.muster("check married.csv --against snapshot.csv --format json").exits(1).json();
    let told = messages(&check, "same-person");
    assert_eq!(told.len(), 1, "{told:?}");
    for part in ["probably Ana Silva", "external ID, first name and registered are the same"] {
        assert!(told[0].contains(part), "{told:?}");
    }
    let plan = world.muster("plan married.csv --against snapshot.csv --format json");
    let made = actions(&plan.json()).into_iter().any(|(_, action)| action == "create");
    assert!(!made, "{}", plan.out);
}

#[test]
fn an_id_of_somebody_whom_the_file_leaves_out_is_an_error_that_names_them() {
    let new = "noor@example.com,,Noor,Said,Sales,,,,E103";
    let world = World::new().with("snapshot.csv", snapshot()).with("new.csv", edapp(&[ANA, new]));
    let check = world.muster("check new.csv --against snapshot.csv --format json").exits(1).json();
    let told = messages(&check, "not-unique");
    assert!(told.len() == 1 && told[0].contains("Cem Aydin"), "{told:?}");
}
