//! A page for each LMS that somebody is led through their day by: it stays true, as it is made from the profile.

use std::path::Path;

use muster_engine::guide;
use muster_engine::profile::{BUILT_IN, Profile};

use crate::world::World;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

#[test]
fn every_lms_has_a_page_that_says_what_its_profile_says() {
    for (id, _) in BUILT_IN.iter().filter(|(id, _)| *id != "generic") {
        let page = guide::page(&Profile::built_in(id).expect("built in"));
        let file = root().join(format!("docs/lms/{id}.md"));
        if std::env::var_os("BLESS").is_some() {
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
            std::fs::write(&file, &page).expect("written");
        }
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(kept, page, "docs/lms/{id}.md is not as its profile; BLESS=1 rewrites it");
        assert!(!page.contains(['{', '}']), "{id}: every step is filled in");
        assert!(!["schema", "enum", "null"].iter().any(|word| page.contains(word)), "{id}");
    }
    let told = World::new().muster("profiles edapp --guide").exits(0);
    assert!(told.out.starts_with("# A day with EdApp"), "{}", told.out);
}

#[test]
fn what_the_pages_call_things_stands_in_the_window() {
    let mut sources = String::new();
    let mut folders = vec![root().join("ui/src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("the page's sources").flatten() {
            let path = entry.path();
            match path.extension().and_then(|e| e.to_str()) {
                _ if path.is_dir() => folders.push(path),
                Some("svelte" | "ts" | "json") => {
                    sources.push_str(&std::fs::read_to_string(&path).expect("text"));
                }
                _ => {}
            }
        }
    }
    for words in guide::ON_SCREEN {
        assert!(sources.contains(words), "no place of the window says “{words}”");
    }
}
