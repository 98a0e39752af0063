//! What a file holds: everybody, only new people, or only changes. No import asks it, and yet it decides what is told of
//! those who are not in the file, and who has no business in it.

use super::{Choice, Policy, PolicyId, Profile, Scope, Spelt, Takes};

impl Profile {
    /// Asks it where the profile does not in its own words.
    pub(super) fn with_scope(mut self) -> Profile {
        if self.policy(PolicyId::Scope).is_none() {
            self.policies.push(of_every_list());
        }
        self
    }
}

fn of_every_list() -> Policy {
    let choice = |scope: Scope, title: &str, says: &str| Choice {
        id: scope.word().to_owned(),
        title: title.to_owned(),
        button: false,
        says: says.to_owned(),
        key: None,
        passes_over: None,
    };
    Policy {
        id: PolicyId::Scope.word().to_owned(),
        own: false,
        title: "What the file holds".to_owned(),
        field: None,
        takes: Takes::Choice,
        choices: vec![
            choice(Scope::All, "The whole list", "Whoever is not in it is named."),
            choice(
                Scope::New,
                "New people only",
                "Nothing is said of anybody else, and whoever is known already is named.",
            ),
            choice(
                Scope::Changes,
                "Changes only",
                "Nothing is said of anybody else, and whoever is new is named.",
            ),
        ],
        other: String::new(),
        other_title: String::new(),
        default: Some(Scope::All.word().to_owned()),
        source: String::new(),
        of_every_list: true,
    }
}
