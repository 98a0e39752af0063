//! Recipes: each step does the same, and says where the list is not as it was.

use serde_json::{Value, json};

use super::{Faces, texts};
use crate::world::World;

#[test]
fn a_recipe_of_every_kind_of_step_writes_the_same_file_and_drifts_alike() {
    let recipe = "name = 'Monthly'\nprofile = 'edapp'\nmade = '2026-11-03'\n\
        [[step]]\ndo = 'use-column'\ncolumn = 'Contact'\nas = 'email'\n\
        [[step]]\ndo = 'use-column'\ncolumn = 'City'\nas = 'nosuchfield'\n\
        [[step]]\ndo = 'use-column'\ncolumn = 'Floor'\nas = 'username'\n\
        [[step]]\ndo = 'use-column'\ncolumn = 'Desk'\nas = 'keep'\n\
        [[step]]\ndo = 'fix'\nrule = 'space-stray'\nsafe_only = true\n\
        [[step]]\ndo = 'fix'\nrule = 'nosuchrule'\n\
        [[step]]\ndo = 'replace-values'\ncolumn = 'Country'\nvalues = { UK = 'GB', NL = 'NLD' }\n\
        [[step]]\ndo = 'add-column'\ncolumn = 'Cost centre'\nat = 2\n\
        [[step]]\ndo = 'add-column'\ncolumn = 'city'\nat = 2\n\
        [[step]]\ndo = 'move-column'\ncolumn = 'Country'\nto = 1\n\
        [[step]]\ndo = 'drop-column'\ncolumn = 'Floor'\n\
        [[step]]\ndo = 'drop-column'\ncolumn = 'Notes'\n";
    let roster = "Contact,username,Country,City,Floor\n\
        \x20ada@example.com,ada,UK,Leeds,2\nbo@example.com,bo,FR,Lyon,3\n";
    let world = World::new().with("in.csv", roster).with("monthly.toml", recipe);
    let faces = Faces::of(world, "in.csv", "edapp");
    let path = faces.world.path("monthly.toml");
    let run = faces.window("run_recipe", json!({ "path": path }));
    let words = ["--recipe", "monthly.toml", "--out", "out.csv"];
    let refused = faces.command("fix", &words).exits(3);
    assert!(refused.err.contains("there is no rule `nosuchrule`"), "{}", refused.err);
    let words = [&words[..], &["--partly"]].concat();
    let answer = faces.command("fix", &words).exits(0).json();
    let written = String::from_utf8(faces.saved()).expect("UTF-8");
    assert_eq!(written, faces.world.text("out.csv"));
    let steps = faces.window("steps", Value::Null);
    let steps = steps.as_array().expect("a list").iter().rev();
    let steps: Vec<&str> = steps.filter_map(|step| step["sentence"].as_str()).collect();
    assert_eq!(steps, texts(&answer["steps"]));
    assert!(written.starts_with("Country,Contact,Cost centre,username,City\nGB,ada@"), "{written}");
    let lines = run["lines"].as_array().expect("lines");
    let drift: Vec<&str> = lines
        .iter()
        .flat_map(|line| line["drift"].as_array().expect("a list"))
        .filter_map(Value::as_str)
        .collect();
    let told = answer["drift"].as_array().expect("a list");
    assert_eq!(drift.len(), 7, "{drift:?}");
    assert_eq!(told.len(), drift.len(), "{told:?}");
    for (told, drift) in told.iter().zip(drift) {
        assert!(told.as_str().is_some_and(|told| told.ends_with(drift)), "{told} {drift}");
    }
}
