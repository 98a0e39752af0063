//! Profiles of somebody's own: what they soften is told, held and named on all that leaves.

use std::time::{Duration, Instant};

use crate::world::{World, snapshot};

const SOFT: &str = "id = 'ours'\nname = 'Ours'\nbased_on = 'edapp'\n\
    [rules.email-malformed]\noff = true\n[guards.delete]\npeople = 4000000000\n";

fn world(profile: &str) -> World {
    let list = snapshot().replace("Silva", "Souza");
    World::new().with("own.toml", profile).with("old.csv", snapshot()).with("list.csv", list)
}

const KIT: &str = "kit list.csv --against old.csv --profile own.toml --out kit";

#[test]
fn a_profile_that_softens_holds_the_kit_until_that_is_released_by_its_number() {
    let world = world(SOFT);
    let answer = world.muster(KIT).exits(3);
    assert!(answer.err.contains("It switches off 1 of "), "{}", answer.err);
    assert!(answer.err.contains("The hold `delete` waits for more"), "{}", answer.err);
    assert!(answer.err.contains("--release profile=2") && !world.has("kit"), "{}", answer.err);
    world.muster(&format!("{KIT} --release profile=1")).exits(3);
    world.muster(&format!("{KIT} --release profile=2")).exits(0);
    for file in ["checklist.md", "checklist.html", "review.html", "receipt.json"] {
        let text = world.text(&format!("kit/{file}"));
        let says = text.contains("wn profile") || text.contains("\"own_profile\": true");
        assert!(says && text.contains("Not an e-mail address"), "{file}: {text}");
    }
    let check = world.muster("check list.csv --profile own.toml").exits(0);
    assert!(check.out.contains("Read as Ours (own profile). "), "{}", check.out);
    assert!(check.err.contains("does not come with Muster"), "{}", check.err);
    let plan = world.muster("plan list.csv --against old.csv --profile own.toml --format json");
    let plan = plan.exits(1).json();
    assert_eq!(plan["own_profile"], true);
    assert_eq!(plan["softened"].as_array().map(Vec::len), Some(2), "{plan}");
}

#[test]
fn taken_over_once_it_asks_no_more_until_a_letter_of_it_is_changed() {
    let world = world(SOFT);
    let told = world.muster("profiles own.toml").exits(0);
    assert!(told.out.contains("nobody has taken over yet"), "{}", told.out);
    let told = world.muster("profiles own.toml --trust --format json").exits(0).json();
    assert_eq!(told["taken_over"], true, "{told}");
    let answer = world.muster(KIT).exits(0);
    assert_eq!(answer.err, "", "{}", answer.err);
    // It stays named on what leaves.
    assert!(world.text("kit/checklist.md").contains("Own profile"));
    let world = world.with("own.toml", SOFT.replace("4000000000", "4000000001"));
    world.muster(&KIT.replace("--out kit", "--out other")).exits(3);
    world.muster("profiles edapp --trust").exits(2);
}

#[test]
fn a_profile_that_softens_nothing_is_used_as_it_always_was() {
    let world = world(
        "id = 'ours'\nname = 'Ours'\nbased_on = 'edapp'\n[[field]]\nid = 'firstname'\nmax = 40\n",
    );
    let answer = world.muster(KIT).exits(0);
    assert_eq!(answer.err, "", "{}", answer.err);
    assert!(world.text("kit/checklist.md").contains("Own profile: `Ours`"));
    let receipt = world.text("kit/receipt.json");
    assert!(
        receipt.contains("\"own_profile\": true") && !receipt.contains("softened"),
        "{receipt}"
    );
}

/// With the name of one that comes with Muster, and everything off, it is chosen by nobody but by name.
#[test]
fn one_that_switches_everything_off_is_not_recognised_in_place_of_another() {
    let rules = "summary = ''\nversion = '2026-01-01'\n[key]\nfield = 'username'\n\
        [[field]]\nid = 'team'\ntitle = 'Team'\nheaders = ['team no']\n\
        [rules.email-malformed]\noff = true\n";
    let pretender =
        format!("id = 'edapp-2'\nname = 'EdApp (SC Training)'\nbased_on = 'edapp'\n{rules}");
    let list: String = snapshot().lines().map(|line| format!("{line},team no\n")).collect();
    let world = World::new().with("home/profiles/edapp-2.toml", pretender).with("list.csv", list);
    let json = world.muster("check list.csv --format json").json();
    assert_eq!(json["roster"]["profile"], "edapp", "{json}");
    let answer = world.muster("check list.csv --profile edapp-2");
    assert!(answer.err.contains("It has the name of EdApp (SC Training)"), "{}", answer.err);
    // Of the id of another, it is told beside that.
    let world = World::new()
        .with(
            "edapp.toml",
            "id = 'edapp'\nname = 'X'\nbased_on = 'edapp'\n[rules.email-malformed]\noff = true\n",
        )
        .with("list.csv", snapshot());
    let answer = world.muster("check list.csv --profile edapp.toml").exits(0);
    assert!(
        answer.err.contains("It has the name of EdApp") && answer.out.contains("X (own profile)"),
        "{}{}",
        answer.err,
        answer.out
    );
}

#[test]
fn passwords_are_sent_as_nothing_else_and_that_is_told() {
    let profile = "id = 'ours'\nname = 'Ours'\nbased_on = 'scim'\n[[field]]\nid = 'password'\nkind = 'text'\n\
        [connector.scim.fields]\npassword = 'displayName'\n";
    let list = "userName,name.givenName,password\nada,Ada,Sunflower-9\n";
    let world = World::new().with("own.toml", profile).with("list.csv", list);
    let answer = world.muster("plan list.csv --against none --profile own.toml");
    assert!(
        answer.err.contains("passwords of `password` are sent as `displayName`. Muster does not"),
        "{}",
        answer.err
    );
    assert!(!answer.out.contains("Sunflower-9") && answer.out.contains("•••"), "{}", answer.out);
    // Nor does --map make a name of one, in any language.
    let list = "userName,name.givenName,Kennwort\nada,,Sunflower-9\n";
    let world = World::new().with("list.csv", list);
    let words = [
        "plan",
        "list.csv",
        "--against",
        "none",
        "--profile",
        "scim",
        "--map",
        "Kennwort=displayName",
    ];
    let answer = world.muster_with(&words).exits(2);
    assert!(answer.err.contains("called as passwords are"), "{}", answer.err);
}

#[test]
fn a_password_that_a_profile_reads_as_something_else_is_sent_nowhere() {
    let profile = "id = 'ours'\nname = 'Ours'\nbased_on = 'edapp'\n\
        [[field]]\nid = 'city'\ntitle = 'City'\nheaders = ['Kennwort', 'City']\n";
    let list = "email,username,firstname,Kennwort\nada@example.com,ada,Ada,Sunflower-9\n";
    let world = World::new().with("own.toml", profile).with("list.csv", list);
    let kit = "kit list.csv --against none --profile own.toml --out kit --policy groups=add --policy roles=add";
    let held = world.muster(kit).exits(3);
    assert!(held.err.contains("Kennwort"), "{}", held.err);
    let plan = world.muster("plan list.csv --against none --profile own.toml");
    assert!(!plan.out.contains("Sunflower-9"), "{}", plan.out);
    assert!(plan.err.contains("shown nowhere, and not sent"), "{}", plan.err);
    world.muster(&format!("{kit} --release profile=1"));
    assert!(world.has("kit/upload.csv"));
    assert!(!world.text("kit/upload.csv").contains("Sunflower-9"));
}

#[test]
fn a_profile_of_a_hundred_thousand_fields_is_refused_at_once() {
    let field =
        |n: usize| format!("[[field]]\nid = \"f{n}\"\ntitle = \"F\"\nheaders = [\"f{n}\"]\n");
    for (fields, why) in [(100_000, "larger than 2 MB"), (20_000, "`field` has 20000 entries")] {
        let fields: String = (0..fields).map(field).collect();
        let world = World::new()
            .with("own.toml", format!("id = 'x'\nname = 'X'\nbased_on = 'edapp'\n{fields}"))
            .with("list.csv", snapshot());
        let began = Instant::now();
        let answer = world.muster("check list.csv --profile own.toml").exits(2);
        assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
        assert!(answer.err.contains(why), "{}", answer.err);
    }
}

#[test]
fn where_several_lmss_answer_in_one_way_their_profiles_are_named() {
    let answer =
        World::new().muster("fetch --from scim+http://127.0.0.1:9/ --out new.csv").exits(2);
    assert!(answer.err.contains("`edapp`") && answer.err.contains("`scim`"), "{}", answer.err);
    assert!(!answer.err.contains("`moodle`"), "{}", answer.err);
}
