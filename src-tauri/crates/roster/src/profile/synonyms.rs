//! Names of one meaning, as HR systems have them: data, in `synonyms.toml`.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::header_form;

#[derive(Deserialize)]
struct Synonyms {
    meaning: Vec<Meaning>,
}

#[derive(Deserialize)]
struct Meaning {
    of: String,
    #[serde(default)]
    identifies: bool,
    #[serde(default)]
    says_who: bool,
    #[serde(default)]
    is_name: bool,
    names: Vec<String>,
}

/// What a column's name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meant {
    group: usize,
    /// Whether it is a number or code that stays with a person.
    pub identifies: bool,
    /// Whether it says by itself who somebody is: such a number or code, an address, a login.
    pub says_who: bool,
    /// Whether it is what somebody is called.
    pub is_name: bool,
    /// Whether it is the last day at work.
    pub is_last_day: bool,
}

/// What the form of a name means; none where nobody knows, or it means several things.
pub fn meaning_of(form: &str) -> Option<Meant> {
    static ALL: OnceLock<FxHashMap<String, Option<Meant>>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let mut all: FxHashMap<String, Option<Meant>> = FxHashMap::default();
        let Ok(read) = toml::from_str::<Synonyms>(include_str!("synonyms.toml")) else {
            return all;
        };
        for (group, meaning) in read.meaning.into_iter().enumerate() {
            let meant = Meant {
                group,
                identifies: meaning.identifies,
                says_who: meaning.says_who || meaning.identifies,
                is_name: meaning.is_name,
                is_last_day: meaning.of == "last day",
            };
            for name in &meaning.names {
                all.entry(header_form(name))
                    .and_modify(|known| *known = known.filter(|k| k.group == group))
                    .or_insert(Some(meant));
            }
        }
        all
    });
    all.get(form).copied().flatten()
}

/// Whether two names mean the same.
pub fn same_meaning(one: &str, other: &str) -> bool {
    meaning_of(one).is_some_and(|meant| meaning_of(other).is_some_and(|o| o.group == meant.group))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read_and_no_name_means_two_things() {
        let read: Synonyms = toml::from_str(include_str!("synonyms.toml")).expect("TOML");
        for name in read.meaning.iter().flat_map(|meaning| &meaning.names) {
            assert!(meaning_of(&header_form(name)).is_some(), "{name} stands in two meanings");
        }
        assert!(read.meaning.len() > 15);
    }

    #[test]
    fn names_of_hr_systems_mean_what_they_say() {
        let same = |one: &str, other: &str| same_meaning(&header_form(one), &header_form(other));
        assert!(same("Worker ID", "Employee ID") && same("Emp No", "Employee Number"));
        assert!(same("Manager's Work Email", "Manager Email"));
        assert!(same("Start", "Hire Date") && same("Last day of work", "Termination Date"));
        assert!(!same("Manager's Work Email", "Email") && !same("Manager", "Manager Email"));
        assert!(!same("Start", "End date") && !same("Shoe size", "Shoe colour"));
    }
}
