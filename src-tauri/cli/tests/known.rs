//! `muster profiles` and `muster rules`.

use crate::world::World;

#[test]
fn profiles_are_listed_and_one_is_told_about() {
    let world = World::new();
    let text = world.muster("profiles").exits(0).out;
    assert!(text.contains("edapp") && text.contains("EdApp (SC Training)"), "{text}");
    let all = world.muster("profiles --format json").exits(0).json();
    let ids: Vec<&str> = all["profiles"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|p| p["id"].as_str())
        .collect();
    assert!(ids.contains(&"edapp") && ids.contains(&"generic"), "{ids:?}");
    let edapp = world.muster("profiles edapp --format json").exits(0).json();
    assert_eq!(edapp["key"]["field"], "username");
    assert_eq!(edapp["policies"][0]["id"], "groups");
    let told = world.muster("profiles edapp").exits(0).out;
    assert!(told.contains("groups=add (default): "), "{told}");
}

#[test]
fn a_profile_of_ones_own_counts_and_a_broken_one_says_where() {
    let own = "id = 'acme'\nname = 'Acme'\nsummary = 'Of Acme.'\nversion = '2026-01-01'\n[key]\nfield = ''\n";
    let world = World::new()
        .with("home/profiles/acme.toml", own)
        .with("home/profiles/broken.toml", "id = 'broken'\nname = \n")
        .with("staff.csv", "mail,name\nana@example.com,Ana\n");
    let report = world.muster("check staff.csv --profile acme --format json").exits(0).json();
    assert_eq!(report["roster"]["profile"], "acme");
    let told = world.muster("profiles").exits(0).out;
    assert!(told.contains("broken.toml") && told.contains("line 2"), "{told}");
    let answer = world.muster("check staff.csv --profile broken").exits(2);
    assert!(answer.err.contains("line 2"), "{}", answer.err);
}

#[test]
fn a_profile_file_counts_wherever_it_lies_and_may_hold_only_what_differs() {
    let world = World::new()
        .with(
            "sent/acme.toml",
            "id = 'acme'\nname = 'Acme'\nbased_on = 'edapp'\n\
             [[field]]\nid = 'firstname'\nheaders = ['given name']\nmax = 3\n",
        )
        .with("staff.csv", "email,username,given name\nana@example.com,ana,Anastasia\n");
    let asked = "check staff.csv --profile sent/acme.toml --format json";
    let report = world.muster(asked).exits(1).json();
    assert_eq!(report["roster"]["profile"], "acme");
    assert_eq!(report["findings"][0]["rule"], "too-long");
    let told = world.muster("profiles sent/acme.toml").exits(0).out;
    assert!(told.contains("Based on edapp") && told.contains("given name"), "{told}");
    let answer = world.muster("profiles sent/none.toml").exits(2);
    assert!(answer.err.contains("it does not exist"), "{}", answer.err);
}

#[test]
fn a_misspelt_policy_is_refused_and_never_planned_without() {
    let own = "id = 'acme'\nname = 'Acme'\nsummary = ''\nversion = '2026-01-01'\n\
               [key]\nfield = 'mail'\n\
               [[field]]\nid = 'mail'\ntitle = 'E-mail'\nheaders = ['mail']\n\
               [[policy]]\nid = 'missing'\ntitle = 'People who are not in the file'\ndefault = 'deactivate'\n\
               [[policy.choices]]\nid = 'keep'\ntitle = 'Keep them'\nsays = 'They stay.'\n\
               [[policy.choices]]\nid = 'deactivate'\ntitle = 'Deactivate them'\nsays = 'They go.'\n";
    let planned = |profile: String| {
        let world = World::new()
            .with("home/profiles/acme.toml", profile)
            .with("last.csv", "mail\nana@example.com\nbo@example.com\n")
            .with("staff.csv", "mail\nana@example.com\n");
        world.muster("plan staff.csv --against last.csv --profile acme")
    };
    let answer = planned(own.to_owned()).exits(1);
    assert!(answer.out.contains("1 deactivate"), "{}", answer.out);
    for (wrong, why) in [
        (
            own.replace("'missing'", "'misssing'"),
            "line 11: there is no policy `misssing`; did you mean `missing`? There are `groups`,",
        ),
        (
            own.replace("'deactivate'", "'deactivat'"),
            "line 11: the policy `missing` has no choice `deactivat`; did you mean `deactivate`? \
             There are `keep`, `deactivate`, `delete`",
        ),
    ] {
        let answer = planned(wrong).exits(2);
        assert_eq!(answer.out, "");
        assert!(answer.err.contains("acme.toml` cannot be used: "), "{}", answer.err);
        assert!(answer.err.contains(why), "{}", answer.err);
    }
}

#[test]
fn no_file_takes_the_place_of_a_profile_that_comes_with_muster() {
    let own = "id = 'edapp'\nname = 'Ours'\nbased_on = 'edapp'\n";
    let world = World::new().with("home/profiles/edapp.toml", own);
    let all = world.muster("profiles --format json").exits(0).json();
    let broken = &all["broken"][0];
    assert_eq!(broken["why"], "`edapp` is the id of a profile that comes with Muster");
    let told = world.muster("profiles edapp").exits(0).out;
    assert!(told.starts_with("edapp: EdApp (SC Training)"), "{told}");
}

#[test]
fn the_schema_of_profile_files_is_printed() {
    let schema = World::new().muster("profiles --schema").exits(0).json();
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    assert!(schema["properties"]["rules"]["properties"]["key-changed"].is_object());
}

#[test]
fn rules_are_listed_and_one_is_explained() {
    let world = World::new();
    let text = world.muster("rules").exits(0).out;
    assert!(text.lines().any(|line| line.starts_with("  group-unknown ")), "{text}");
    let rule = world.muster("rules group-unknown --format json").exits(0).json();
    assert_eq!(rule["severity"], "error");
    assert_eq!(rule["needs"], "a list of groups");
    assert!(rule["text"].as_str().is_some_and(|text| text.len() > 40 && !text.contains("```")));
    world.muster("rules group-unknown").exits(0);
    world
        .muster("rules no-such")
        .exits(2)
        .only_says("muster: there is no rule `no-such`\n        `muster rules` lists them.");
    let answer = world.muster("profiles no-such").exits(2);
    assert!(answer.err.contains("there is no profile `no-such`"), "{}", answer.err);
}
