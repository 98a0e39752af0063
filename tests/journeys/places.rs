//! Countries and regions in the open roster: named, looked up, put in, and held against each other.

use serde_json::{Value, json};

use crate::home::Computer;

const STAFF: &str = "Full name,Email,Country,Region\nAna Silva,ana@example.com,CA,QC\n\
                     Bo Tanaka,bo@example.com,US,QC\nCem Aydin,cem@example.com,,\n";

fn rules(problems: &Value) -> Vec<&str> {
    let rules = problems["rules"].as_array().expect("a list").iter();
    rules.filter_map(|rule| rule["rule"].as_str()).collect()
}

#[test]
fn a_location_is_looked_up_and_put_into_rows_as_one_step() {
    let computer = Computer::new();
    let muster = computer.start();
    let path = computer.write("staff.csv", STAFF);
    let job = muster.call("open", json!({ "path": path, "profile": "workleap" }));
    let kinds: Vec<&Value> =
        job["columns"].as_array().expect("a list").iter().map(|c| &c["places"]).collect();
    assert_eq!(kinds, [&Value::Null, &Value::Null, &json!("countries"), &json!("regions")]);

    let rows = muster.call("rows", json!({ "view": {}, "first": 0, "count": 9 }));
    let row = |n: usize| rows["rows"][n]["id"].clone();
    assert_eq!(
        rows["rows"][0]["places"],
        json!([{ "column": 2, "name": "Canada" }, { "column": 3, "name": "Quebec" }])
    );
    assert_eq!(rows["rows"][2]["places"], json!([]));
    let cell = muster.call("cell", json!({ "row": row(0), "column": 3 }));
    assert_eq!(cell["place"], "Quebec, Canada");

    let asked = json!({ "query": "québec", "column": 3, "rows": [row(1), row(2)] });
    let found = muster.call("locations", asked);
    assert_eq!(found["columns"], json!(["Country", "Region"]));
    let first = &found["found"][0];
    assert_eq!((&first["country"], &first["region"]), (&json!("CA"), &json!("QC")));
    assert_eq!(first["about"], "Province of Canada");
    let edited = muster.call("edit", first["edits"].clone());
    assert_eq!((&edited["cells"], &edited["people"]), (&json!(3), &json!(2)));
    let rows = muster.call("rows", json!({ "view": {}, "first": 0, "count": 9 }));
    assert_eq!(rows["rows"][2]["cells"][3], "QC");
    muster.call("undo", Value::Null);
    let rows = muster.call("rows", json!({ "view": {}, "first": 0, "count": 9 }));
    assert_eq!(rows["rows"][1]["cells"][2], "US");
    assert_eq!(rows["rows"][2]["cells"][2], "");
}

#[test]
fn a_region_elsewhere_is_found_again_when_either_cell_changes() {
    let computer = Computer::new();
    let muster = computer.start();
    let path = computer.write("staff.csv", STAFF);
    muster.call("open", json!({ "path": path, "profile": "workleap" }));
    assert!(rules(&muster.call("problems", Value::Null)).contains(&"region-elsewhere"));
    let rows = muster.call("rows", json!({ "view": {}, "first": 0, "count": 9 }));
    let bo = rows["rows"][1]["id"].clone();
    let set = |column: u32, value: &str| {
        muster.call("edit", json!([{ "row": bo, "column": column, "value": value }]));
        let problems = muster.call("problems", Value::Null);
        rules(&problems).contains(&"region-elsewhere")
    };
    assert!(!set(2, "CA"));
    assert!(set(2, "FR"));
    assert!(!set(3, "IDF"));
}

#[test]
fn an_own_list_of_countries_decides() {
    let computer = Computer::new();
    let muster = computer.start();
    let path = computer.write("staff.csv", STAFF);
    muster.call("open", json!({ "path": path, "profile": "workleap" }));
    let text = "Country code\nCA\nNorth office\n";
    let list = json!({ "kind": "countries", "path": null, "column": null, "text": text });
    let job = muster.call("set_list", list);
    let cards = job["lists"].as_array().expect("a list").iter();
    assert!(cards.clone().any(|l| l["kind"] == "countries" && l["count"] == 2));
    let problems = muster.call("problems", Value::Null);
    assert!(rules(&problems).contains(&"country-unknown"), "{problems}");
    let found = muster.call("locations", json!({ "query": "office", "column": 2, "rows": [] }));
    let own =
        found["found"].as_array().expect("a list").iter().find(|l| l["name"] == "North office");
    assert_eq!(own.expect("there")["country"], "North office");
}
