//! `muster locations`.

use crate::world::World;

#[test]
fn a_location_is_found_by_any_name_in_the_form_of_the_lms() {
    let world = World::new();
    let text = world.muster("locations quebec --profile workleap").exits(0).out;
    assert_eq!(text.lines().next(), Some("  CA  QC  Quebec, Canada (Province)"));
    let text = world.muster("locations quebec canada --profile emtrain-learners").exits(0).out;
    assert_eq!(text.lines().next(), Some("  CAN  –  Quebec, Canada (Province)"));
    let text = world.muster("locations ivory coast").exits(0).out;
    assert_eq!(text, "  CI    Côte d'Ivoire – Ivory Coast\n");
}

#[test]
fn programs_get_every_code_of_a_location() {
    let world = World::new();
    let found = world.muster("locations CA-QC --profile workleap --format json").exits(0).json();
    assert_eq!(found["profile"], "workleap");
    let first = &found["locations"][0];
    assert_eq!(first["country"]["code"], "CA");
    assert_eq!(first["country"]["alpha3"], "CAN");
    assert_eq!(first["country"]["numeric"], "124");
    assert_eq!(first["region"]["code"], "QC");
    assert_eq!(first["region"]["full"], "CA-QC");
    let uk = world.muster("locations UK --format json").exits(0).json();
    assert_eq!(uk["locations"][0]["country"]["code"], "GB");
    assert!(uk["locations"][0]["region"].is_null());
}

#[test]
fn an_own_list_of_codes_is_asked_instead() {
    let world = World::new().with("codes.csv", "Country code\nCAN\nUSA\nHome office\n");
    let text =
        world.muster("locations canada --profile workleap --list countries=codes.csv").exits(0).out;
    assert_eq!(text.lines().next(), Some("  CAN    Canada"));
    let text = world.muster("locations office --list countries=codes.csv").exits(0).out;
    assert!(text.contains("Home office") && text.contains("on your list"), "{text}");
}

#[test]
fn nothing_found_is_said_and_so_is_what_is_wrong() {
    let world = World::new();
    let answer = world.muster("locations xyzzy").exits(1);
    assert_eq!(answer.out, "No country or region is called `xyzzy`.\n");
    let none = world.muster("locations xyzzy --format json").exits(1).json();
    assert_eq!(none["locations"].as_array().map(Vec::len), Some(0));
    let answer = world.muster("locations quebec --profile no-such").exits(2);
    assert!(answer.err.contains("there is no profile `no-such`"), "{}", answer.err);
    world.muster("locations").exits(2);
}

#[test]
fn places_are_checked_and_put_right_in_a_roster() {
    let world = World::new().with(
        "staff.csv",
        "Full name,Email,Country,Region\nAna Silva,ana@example.com,Canada,Québec\nBo Tanaka,bo@example.com,US,QC\n",
    );
    let report = world.muster("check staff.csv --profile workleap --format json").exits(1).json();
    let findings = report["findings"].as_array().expect("a list");
    let rules: Vec<&str> = findings.iter().filter_map(|f| f["rule"].as_str()).collect();
    for rule in ["country-unknown", "region-unknown", "region-elsewhere"] {
        assert!(rules.contains(&rule), "{rule} in {rules:?}");
    }
    world.muster("fix staff.csv --profile workleap --out fixed.csv");
    assert!(
        world.text("fixed.csv").contains("ana@example.com,CA,QC"),
        "{}",
        world.text("fixed.csv")
    );
}
