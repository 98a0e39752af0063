//! What was done with May's list is done again with June's.

use serde_json::{Value, json};

use crate::home::{Computer, Muster};

const MAY: &str = "Contact,username,usergroups,Country\n ada@example.com,ada,HR,UK\n\
    bo@example.com,bo,Ops ,NL\ncy@example.com,cy,Ops,UK\n";

fn open(muster: &Muster, file: &std::path::Path) -> Value {
    muster.open(file);
    muster.call("choose_profile", json!({ "id": "edapp" }))
}

fn may(computer: &Computer) -> Muster {
    let muster = computer.start();
    open(&muster, &computer.write("may.csv", MAY));
    muster
        .call("set_mapping", json!([{ "column": 0, "used": { "as": "field", "field": "email" } }]));
    let stray = json!({ "rule": "space-stray", "value": null, "row": null, "column": null, "safe_only": true });
    muster.call("apply_fix", stray);
    let pairs = json!([{ "from": "UK", "to": "GB" }, { "from": "NL", "to": "NLD" }]);
    muster.call("map_values", json!({ "column": 3, "pairs": pairs, "remember": false }));
    muster.set(1, 2, "People");
    muster.call("arrange", json!({ "do": "move", "column": 3, "to": 0 }));
    muster
}

#[test]
fn what_was_done_for_everybody_is_kept_and_what_was_done_for_one_person_is_named() {
    let computer = Computer::new();
    let muster = may(&computer);
    let draft = muster.call("recipe_draft", Value::Null);
    assert_eq!(
        draft["carried"],
        json!([
            "Read `Contact` as `email`",
            "Fix what is certain of “Stray space”",
            "Replace `NL` → `NLD`, `UK` → `GB` in `Country`",
            "Move the column `Country` to place 1",
        ])
    );
    assert_eq!(draft["left"], json!(["Set `usergroups` of `ada`"]));
    // What was taken back was not done.
    muster.call("undo", Value::Null);
    assert_eq!(
        muster.call("recipe_draft", Value::Null)["carried"].as_array().map(Vec::len),
        Some(3)
    );
    let card = muster.call("save_recipe", json!({ "name": "Monthly: HR", "replace": false }));
    let text = std::fs::read_to_string(card["path"].as_str().expect("a path")).expect("written");
    assert!(text.contains("do = \"replace-values\"") && !text.contains("ada"), "{text}");
    let twice = muster.refused("save_recipe", json!({ "name": "monthly: hr", "replace": false }));
    assert!(twice.why.contains("exists"), "{twice}");
    assert_eq!(muster.call("recipes", Value::Null)[0]["name"], "Monthly: HR");
}

#[test]
fn the_next_list_is_made_alike_and_what_is_no_longer_so_is_told() {
    let computer = Computer::new();
    let muster = may(&computer);
    let card = muster.call("save_recipe", json!({ "name": "Monthly", "replace": false }));
    drop(muster);
    let muster = computer.start();
    let june = MAY
        .replace("NL", "FR")
        .replace("Contact", "contact")
        .replace(" ada@", "ada@")
        .replace("Ops ,", "Ops,");
    open(&muster, &computer.write("june.csv", june));
    let run = muster.call("run_recipe", json!({ "path": card["path"] }));
    let drift: Vec<&Value> =
        run["lines"].as_array().expect("a list").iter().map(|l| &l["drift"]).collect();
    assert_eq!(
        drift,
        [
            &json!([]),
            &json!(["there is nothing here that can be fixed by itself"]),
            &json!(["`NL` no longer occurs in `Country`"]),
            &json!([]),
        ]
    );
    assert_eq!(run["lines"][2]["people"], 2);
    assert_eq!(muster.cells(json!({}))[0], ["GB", "ada@example.com", "ada", "HR"]);
    assert_eq!(run["job"]["undo"], "Move the column `Country` to place 1");
    muster.call("undo", Value::Null);
    muster.call("undo", Value::Null);
    assert_eq!(muster.cells(json!({}))[0], ["ada@example.com", "ada", "HR", "UK"]);
    let other = computer.write("other.csv", "email,username\nx@example.com,x\n");
    open(&muster, &other);
    let run = muster.call("run_recipe", json!({ "path": card["path"] }));
    assert_eq!(run["lines"][0]["drift"], json!(["there is no column `Contact`"]));
    assert_eq!(run["lines"][3]["drift"], json!(["there is no column `Country`"]));
    assert_eq!(run["job"]["undo"], Value::Null);
}

#[test]
fn a_recipe_that_was_spoilt_is_told_and_stops_nothing() {
    let computer = Computer::new();
    let muster = may(&computer);
    let card = muster.call("save_recipe", json!({ "name": "Monthly", "replace": false }));
    std::fs::write(card["path"].as_str().expect("a path"), "name = 7").expect("written");
    let cards = muster.call("recipes", Value::Null);
    assert!(
        cards[0]["trouble"]["why"].as_str().is_some_and(|why| why.starts_with("line 1")),
        "{cards}"
    );
    let refused = muster.refused("run_recipe", json!({ "path": card["path"] }));
    assert!(refused.what.ends_with("cannot be used"), "{refused}");
    assert!(
        muster
            .refused("save_recipe", json!({ "name": " ", "replace": true }))
            .what
            .contains("needs a name")
    );
}
