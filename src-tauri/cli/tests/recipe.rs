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

const WORDS: &str = "fix june.csv --profile edapp --recipe monthly.toml --out done.csv --partly";

/// A recipe of one step.
fn one(step: &str) -> String {
    format!("name = 'Monthly'\nprofile = 'edapp'\nmade = '2026-11-03'\n[[step]]\n{step}\n")
}

#[test]
fn a_step_that_names_what_is_not_there_is_refused_and_nothing_is_written() {
    for (step, why) in [
        ("do = 'drop-column'\ncolumn = 'Notes'", "there is no column `Notes`"),
        ("do = 'move-column'\ncolumn = 'Notes'\nto = 1", "there is no column `Notes`"),
        (
            "do = 'replace-values'\ncolumn = 'Notes'\nvalues = { a = 'b' }",
            "there is no column `Notes`",
        ),
        ("do = 'fix'\nrule = 'nosuchrule'", "there is no rule `nosuchrule`"),
        ("do = 'fix'\nrule = 'space-stray'\ncolumn = 'Notes'", "there is no column `Notes`"),
        ("do = 'use-column'\ncolumn = 'Country'\nas = 'nosuchfield'", "has no field `nosuchfield`"),
        ("do = 'use-column'\ncolumn = 'Notes'\nas = 'keep'", "there is no column `Notes`"),
    ] {
        let world = world().with("monthly.toml", one(step));
        let words = WORDS.replace(" --partly", "");
        let answer = world.muster(&words).exits(3);
        assert!(answer.err.contains("the recipe does not fit this roster"), "{}", answer.err);
        assert!(answer.err.contains(why) && !world.has("done.csv"), "{step}: {}", answer.err);
        assert!(
            world.muster(&words.replace(".csv --p", ".csv --partly --p")).exits(0).err.is_empty()
        );
    }
    // A value that no longer occurs is told, and stops nothing.
    let gone = one("do = 'replace-values'\ncolumn = 'Country'\nvalues = { NL = 'NLD' }");
    let world = world().with("monthly.toml", gone);
    let answer = world.muster(&WORDS.replace(" --partly", "")).exits(0);
    assert!(answer.out.contains("`NL` no longer occurs in `Country`"), "{}", answer.out);
}

#[test]
fn what_the_window_locks_a_recipe_changes_only_where_that_is_said() {
    let roster = "email,username,password,Country,Nick\n\
        ada@example.com,ada,Sunflower-9,UK,x\nbo@example.com,bo,,FR,y\n";
    let swap = "do = 'replace-values'\ncolumn = 'username'\nvalues = { ada = 'bo', bo = 'ada' }";
    let mail = "do = 'replace-values'\ncolumn = 'email'\nvalues = { 'ada@example.com' = 'bo@example.com' }";
    let known = "do = 'use-column'\ncolumn = 'Nick'\nas = 'username'";
    for step in [swap, mail, known] {
        let world = World::new().with("june.csv", roster).with("monthly.toml", one(step));
        let words = WORDS.replace(" --partly", "");
        let answer = world.muster(&words).exits(3);
        assert!(answer.err.contains("is locked"), "{step}: {}", answer.err);
        assert!(!world.has("done.csv"));
        world.muster(&format!("{words} --partly")).exits(0);
        assert!(world.text("done.csv").contains("ada@example.com,ada,"), "{step}");
        // A column that is there already is not taken the name of, whatever is unlocked.
        let exit = if step == known { 3 } else { 0 };
        world.muster(&format!("{words} --unlock-key --replace")).exits(exit);
    }
    // These no option unlocks.
    for (step, why) in [
        ("do = 'drop-column'\ncolumn = 'username'", "`username` stays"),
        (
            "do = 'replace-values'\ncolumn = 'password'\nvalues = { 'Sunflower-9' = 'Same-for-all1' }",
            "nobody is given another's",
        ),
        ("do = 'use-column'\ncolumn = 'password'\nas = 'firstname'", "called as passwords are"),
    ] {
        let world = World::new().with("june.csv", roster).with("monthly.toml", one(step));
        let words = WORDS.replace("--partly", "--unlock-key");
        let answer = world.muster(&words).exits(3);
        assert!(answer.err.contains(why), "{step}: {}", answer.err);
    }
}

#[test]
fn a_recipe_of_thousands_of_steps_is_refused_by_its_number() {
    let step = "[[step]]\ndo = 'fix'\nrule = 'space-stray'\n";
    let many = format!("{}{}", one("do = 'fix'\nrule = 'space-stray'"), step.repeat(2_000));
    let answer = world().with("monthly.toml", many).muster(WORDS).exits(2);
    assert!(answer.err.contains("it has 2001 steps; 300 is the most"), "{}", answer.err);
}

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

#[test]
fn a_recipe_of_another_profile_is_told_and_one_of_nobody_knows_which_is_refused() {
    let step = "do = 'fix'\nrule = 'space-stray'\nsafe_only = true";
    let words = WORDS.replace(" --partly", "");
    let of = |profile: &str| one(step).replace("'edapp'", profile);
    let nonsense = world().with("monthly.toml", of("'nonsense'"));
    let answer = nonsense.muster(&words).exits(3);
    assert!(answer.err.contains("made for the profile `nonsense`"), "{}", answer.err);
    assert!(!nonsense.has("done.csv"));
    let answer = nonsense.muster(WORDS).exits(0);
    assert!(answer.out.contains("made for the profile `nonsense`"), "{}", answer.out);
    let moodle = world().with("monthly.toml", of("'moodle'"));
    let answer = moodle.muster(&words).exits(0);
    assert!(answer.out.contains("it was made for Moodle"), "{}", answer.out);
}

#[test]
fn a_recipe_takes_out_nothing_that_the_lms_needs_and_says_whom_it_raises() {
    let roster = "email,username,firstname,roles\n\
        ada@example.com,ada,Ada,Learner\nbo@example.com,bo,Bo,Learner\n";
    let words = WORDS.replace(" --partly", "");
    for step in [
        "do = 'drop-column'\ncolumn = 'email'",
        "do = 'use-column'\ncolumn = 'email'\nas = 'leave'",
    ] {
        let world = World::new().with("june.csv", roster).with("monthly.toml", one(step));
        let answer = world.muster(&words).exits(3);
        assert!(answer.err.contains("`email` is locked"), "{step}: {}", answer.err);
    }
    let step = "do = 'replace-values'\ncolumn = 'roles'\nvalues = { Learner = 'Admin' }";
    let world = World::new().with("june.csv", roster).with("monthly.toml", one(step));
    let answer = world.muster(&words).exits(0);
    assert!(answer.out.contains("makes administrators of EdApp: 2 people"), "{}", answer.out);
}
