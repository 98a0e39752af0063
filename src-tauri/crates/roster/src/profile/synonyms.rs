//! Names of one meaning, as HR systems have them: data, in `synonyms.toml`.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::header_form;

#[derive(Deserialize)]
struct Synonyms {
    meaning: Vec<Meaning>,
    at_work: AtWork,
    who: Who,
    goods: Goods,
}

/// What else a column is headed that says who somebody is.
#[derive(Default, Deserialize)]
struct Who {
    names: Vec<String>,
    parts: Vec<String>,
}

/// What columns of invoices and goods are headed, by what they mean.
#[derive(Default, Deserialize)]
struct Goods {
    meanings: Vec<Vec<String>>,
}

/// What a status says in HR systems of somebody who has left, and of somebody who has not.
#[derive(Deserialize)]
struct AtWork {
    left: Vec<String>,
    here: Vec<String>,
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
    /// Whether it is the first day at work.
    pub is_first_day: bool,
    /// Whether it says who is at work and who has left.
    pub is_status: bool,
    /// Whether it is the last name, where one of the first name stands beside it.
    pub is_name_or_last: bool,
}

/// What the form of a name means; none where nobody knows, or it means several things.
pub fn meaning_of(form: &str) -> Option<Meant> {
    static ALL: OnceLock<FxHashMap<String, Option<Meant>>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let mut all: FxHashMap<String, Option<Meant>> = FxHashMap::default();
        for (group, meaning) in all_read().meaning.iter().enumerate() {
            let meant = Meant {
                group,
                identifies: meaning.identifies,
                says_who: meaning.says_who || meaning.identifies,
                is_name: meaning.is_name,
                is_last_day: meaning.of == "last day",
                is_first_day: meaning.of == "first day",
                is_status: meaning.of == "status",
                is_name_or_last: meaning.of == "name or last name",
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

fn all_read() -> &'static Synonyms {
    static READ: OnceLock<Synonyms> = OnceLock::new();
    READ.get_or_init(|| {
        let none = AtWork { left: Vec::new(), here: Vec::new() };
        let read = toml::from_str(include_str!("synonyms.toml"));
        let (who, goods) = (Who::default(), Goods::default());
        read.unwrap_or(Synonyms { meaning: Vec::new(), at_work: none, who, goods })
    })
}

/// Whether the word of a status says that somebody has left; none where it says neither.
pub fn says_left(word: &str) -> Option<bool> {
    static ALL: OnceLock<FxHashMap<String, bool>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let AtWork { left, here } = &all_read().at_work;
        let left = left.iter().map(|word| (header_form(word), true));
        left.chain(here.iter().map(|word| (header_form(word), false))).collect()
    });
    all.get(&header_form(word)).copied()
}

/// Whether a column of this name says who somebody is, in whatever language: a name, a login, an e-mail, a staff number. A
/// code in brackets counts beside the words, as in `User name [userPrincipalName] Required`.
pub fn says_who(name: &str) -> bool {
    static ALL: OnceLock<FxHashSet<String>> = OnceLock::new();
    let all = ALL.get_or_init(|| all_read().who.names.iter().map(|n| header_form(n)).collect());
    let mut parts = name.split(['[', ']', '(', ')', '（', '）']).map(header_form);
    std::iter::once(header_form(name)).chain(parts.by_ref()).any(|form| {
        if let Some(meant) = meaning_of(&form) {
            return meant.is_name || meant.says_who || meant.is_name_or_last;
        }
        let is_part = |part: &String| form.contains(part.as_str());
        all.contains(&form) || all_read().who.parts.iter().any(is_part)
    })
}

/// How many different things of invoices, orders and goods columns of these names tell.
pub fn tells_goods<'n>(names: impl Iterator<Item = &'n str>) -> usize {
    static ALL: OnceLock<FxHashMap<String, usize>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let meanings = all_read().goods.meanings.iter().enumerate();
        meanings
            .flat_map(|(n, names)| names.iter().map(move |name| (header_form(name), n)))
            .collect()
    });
    let told = names.filter_map(|name| all.get(&header_form(name)));
    told.collect::<FxHashSet<_>>().len()
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

    #[test]
    fn who_somebody_is_is_said_in_every_language() {
        for name in [
            "username",
            "E-Mail",
            "Email (required)",
            "ФИО",
            "Prénom",
            "氏名",
            "メールアドレス",
            "이름",
            "الاسم",
            "Ad Soyad",
            "Név",
            "User name [userPrincipalName] Required",
            "Name [displayName] Required",
            "Employee ID",
            "Matricule",
            "Private E-Mail",
            "Nombre",
            "Họ và tên",
            "Sähköposti",
            "Benutzername (USERNAME)",
            "Student ID",
            "Nom",
        ] {
            assert!(says_who(name), "{name}");
        }
        for name in [
            "Department",
            "Colour",
            "Start",
            "Manager email",
            "Total",
            "Invoice",
            "2026-01-01",
            "",
            "Id",
            "Group",
        ] {
            assert!(!says_who(name), "{name}");
        }
        let goods = |names: &str| tells_goods(names.split(','));
        assert_eq!(goods("Invoice no,Date,Customer,VAT,Amount"), 3);
        assert_eq!(goods("Rechnungsnummer,Kunde,MwSt,Rechnungsdatum"), 2);
        assert_eq!(goods("username,firstname,lastname,email,department"), 0);
    }

    #[test]
    fn a_status_says_in_every_language_who_has_left() {
        for word in ["Inactif", "TERMINATED", "ausgeschieden", "Uit dienst", "Baja", "In-active"] {
            assert_eq!(says_left(word), Some(true), "{word}");
        }
        for word in ["Actif", "active", "Aktiv", "In dienst", "On leave"] {
            assert_eq!(says_left(word), Some(false), "{word}");
        }
        assert_eq!((says_left("Full-time"), says_left("")), (None, None));
        let heads = ["Dernier jour", "Date de fin de contrat", "Vertragsende", "Laatste werkdag"];
        for head in heads {
            assert!(meaning_of(&header_form(head)).is_some_and(|m| m.is_last_day), "{head}");
        }
    }
}
