//! What a receipt says of each person, beside what the server holds of them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::command::{list, text};

/// The name on screen, the login, and what was ordered of them.
pub type Ordered<'o> = (&'o str, &'o str, &'o [(&'o str, &'o str)]);

/// Somebody as a server holds them, in a form that can be compared.
pub type Held = BTreeMap<String, String>;

/// What a server holds, by login.
pub type World = BTreeMap<String, Held>;

/// The word of each person, by their name on screen.
pub fn words(receipt: &Value) -> BTreeMap<String, (String, String)> {
    let person = |person: &Value| {
        let said = (text(person, "outcome").to_owned(), text(person, "why").to_owned());
        (text(person, "name").to_owned(), said)
    };
    list(receipt, "people").map(person).collect()
}

/// The word of somebody.
pub fn word<'w>(words: &'w BTreeMap<String, (String, String)>, name: &str) -> &'w str {
    words.get(name).map_or("nothing", |(outcome, _)| outcome)
}

/// Fails where a word is not true, or somebody has one of whom nothing was said.
pub fn is_true(receipt: &Value, (before, after): (&World, &World), who: &[Ordered]) {
    let words = words(receipt);
    for (name, login, ordered) in who {
        let (was, is) = (before.get(*login), after.get(*login));
        let (outcome, why) = words.get(*name).unwrap_or_else(|| panic!("{name}: {receipt:#}"));
        match outcome.as_str() {
            "done" => {
                // With a word beside it something differs.
                assert_eq!(why, "", "{name}: {receipt:#}");
                let is = is.unwrap_or_else(|| panic!("{name} is not there: {receipt:#}"));
                for (field, wanted) in *ordered {
                    assert_eq!(is[*field], *wanted, "{name}, {field}: {receipt:#}");
                }
            }
            "unknown" => assert!(!why.is_empty(), "{name}: {receipt:#}"),
            _ => assert_eq!(was, is, "{name} is {outcome} ({why}): {receipt:#}"),
        }
    }
    for name in words.keys() {
        assert!(who.iter().any(|(own, ..)| own == name), "{name} is asked of nobody: {receipt:#}");
    }
}
