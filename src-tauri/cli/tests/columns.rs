//! Columns that were moved or left out, put right by `muster fix`.

use crate::world::World;

const ACME: &str = "id = 'acme'\nname = 'Acme'\nsummary = ''\nversion = '2026-01-01'\n\
    [key]\nfield = 'id'\n[columns]\nordered = true\n\
    [[field]]\nid = 'id'\ntitle = 'Id'\nheaders = ['Id']\n\
    [[field]]\nid = 'first'\ntitle = 'First name'\nheaders = ['First']\n\
    [[field]]\nid = 'last'\ntitle = 'Last name'\nheaders = ['Last']\n";

#[test]
fn the_order_is_put_back_as_a_safe_fix_and_a_lost_column_when_asked_for() {
    let world = World::new()
        .with("home/profiles/acme.toml", ACME)
        .with("last.csv", "Id,First,Last,City\n1,Ada,Lo,Oslo\n2,Bo,Li,Bern\n")
        .with("staff.csv", "Id,Last,First\n1,\"Lo\", Ada\n2,Li,Bo\n");
    let words = "fix staff.csv --profile acme --against last.csv";
    let answer = world.muster(&format!("{words} --out safe.csv")).exits(0);
    let said = "~ column `Last`: place 2 → 3 (header-moved)";
    let moved = "~ column `First`: place 3 → 2 (header-moved)";
    assert!(answer.out.contains(said) || answer.out.contains(moved), "{}", answer.out);
    assert!(answer.out.contains("~ line 2, First: ` Ada` → `Ada` (space-stray)"), "{}", answer.out);
    assert_eq!(world.text("safe.csv"), "Id,First,Last\n1,Ada,\"Lo\"\n2,Bo,Li\n");
    let answer = world.muster(&format!("{words} --unsafe --out all.csv --format json")).exits(0);
    let changes = answer.json()["changes"].clone();
    let did: Vec<&str> =
        changes.as_array().expect("a list").iter().filter_map(|c| c["did"].as_str()).collect();
    assert_eq!(did, ["move", "add-column", "set"], "{changes}");
    assert_eq!(world.text("all.csv"), "Id,First,Last,City\n1,Ada,\"Lo\",Oslo\n2,Bo,Li,Bern\n");
}
