//! `muster fix --recipe`.

use crate::world::World;

const RECIPE: &str = "name = 'Monthly'\nprofile = 'edapp'\nmade = '2026-11-03'\n\
    [[step]]\ndo = 'use-column'\ncolumn = 'Contact'\nas = 'email'\n\
    [[step]]\ndo = 'fix'\nrule = 'space-stray'\nsafe_only = true\n\
    [[step]]\ndo = 'replace-values'\ncolumn = 'Country'\nvalues = { UK = 'GB', NL = 'NLD' }\n\
    [[step]]\ndo = 'move-column'\ncolumn = 'Country'\nto = 1\n\
    [[step]]\ndo = 'drop-column'\ncolumn = 'Notes'\n";

fn world() -> World {
    let june = "Contact,username,Country\n ada@example.com,ada,UK\nbo@example,bo,FR\n";
    World::new().with("june.csv", june).with("monthly.toml", RECIPE)
}

const WORDS: &str = "fix june.csv --profile edapp --recipe monthly.toml --out done.csv";

#[test]
fn a_recipe_does_what_it_says_and_tells_where_the_file_is_not_as_before() {
    let world = world();
    let answer = world.muster(WORDS).exits(0);
    let lines = "Country,Contact,username\nGB,ada@example.com,ada\nFR,bo@example,bo\n";
    assert_eq!(world.text("done.csv"), lines, "{}", answer.out);
    assert!(
        answer.out.contains("Not as before: `NL` no longer occurs in `Country`\n"),
        "{}",
        answer.out
    );
    let gone = "Not as before: Take out the column `Notes`: there is no column `Notes`\n";
    assert!(answer.out.contains(gone), "{}", answer.out);
    let report = world.muster(&format!("{WORDS} --replace --format json")).exits(0).json();
    assert_eq!(report["drift"].as_array().map(Vec::len), Some(2), "{report}");
    assert_eq!(report["changes"].as_array().map(Vec::len), Some(3), "{report}");
}

#[test]
fn a_recipe_with_a_mistake_is_told_by_its_line_and_nothing_is_written() {
    let world = world().with("monthly.toml", RECIPE.replace("'move-column'", "'fly'"));
    let answer = world.muster(WORDS).exits(2);
    assert!(
        answer.err.starts_with("muster: the recipe `monthly.toml` cannot be used"),
        "{}",
        answer.err
    );
    assert!(!world.has("done.csv"));
    let answer = world.muster(&format!("{WORDS} --unsafe")).exits(2);
    assert!(answer.err.contains("--recipe"), "{}", answer.err);
}
