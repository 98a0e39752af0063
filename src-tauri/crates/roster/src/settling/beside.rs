//! What a file says somebody is called in a column that the LMS does not have: nothing is sent of it, and it says whose row
//! a number was put into.

use rustc_hash::FxHashSet;

use crate::letters;
use crate::profile::{FieldKind, synonyms};
use crate::roster::{Column, Roster};

/// How many rows are looked at where the values have to say it.
const LOOKED_AT: usize = 2_000;

/// The columns of a file that say what people are called and are none of the snapshot's: headed so, or with the whole
/// names of most of those who are known.
pub fn names_beside(roster: &Roster, older: &Roster) -> Vec<usize> {
    let is_open = |column: &&Column| {
        column.field.is_none()
            && !column.is_left_out()
            && !column.is_key
            && column.kind == FieldKind::Text
            && !column.form.is_empty()
            && older.columns.iter().all(|other| other.form != column.form)
    };
    let says = |column: &&Column| match synonyms::meaning_of(&column.form) {
        Some(meant) => meant.is_name,
        None => column.name_part > 0 || holds_names(roster, older, column.at),
    };
    roster.columns.iter().filter(is_open).filter(says).map(|c| c.at).collect()
}

/// Whether most cells of a column were the whole name of the person of that row when it was opened; of a family the surname
/// would be the same. What is edited since does not make it another column.
fn holds_names(roster: &Roster, older: &Roster, column: usize) -> bool {
    const LEAST: usize = 2;
    let (mut same, mut of) = (0, 0);
    let table = &roster.table;
    // A key that was put in since is the one that there is.
    let key = roster.key.filter(|at| table.place_in_file(*at).is_some());
    for row in table.opened_rows().take(LOOKED_AT) {
        let name = sorted(name_words(&table.opened(row, column).unwrap_or_default()));
        let key = || match key {
            Some(at) => table.opened(row, at).unwrap_or_default(),
            None => roster.key_text(row),
        };
        let was = || older.row_of_key(&key());
        if let Some(was) = if name.is_empty() { None } else { was() } {
            of += 1;
            same += usize::from(name.len() > 1 && name == sorted(name_words(&older.name(was))));
        }
    }
    same >= LEAST && same * 2 > of
}

/// Whether two names have no word in common, however they are written. Of a name in other letters nobody knows.
pub fn are_other_people(one: &str, other: &str) -> bool {
    let (one, other) = (name_words(one), name_words(other));
    let is_latin = |words: &[String]| {
        words.iter().any(|word| word.contains(|c: char| c.is_ascii_alphabetic()))
    };
    !one.is_empty()
        && !other.is_empty()
        && is_latin(&one) == is_latin(&other)
        && !one.iter().any(|word| other.iter().any(|o| are_alike(word, o)))
}

/// Whether two words are one: mistyped, or the short form of the other.
fn are_alike(one: &str, other: &str) -> bool {
    let most = one.chars().count().max(other.chars().count());
    one.starts_with(other) || other.starts_with(one) || strsim::osa_distance(one, other) * 2 < most
}

/// The words of a name of more than one letter.
fn name_words(text: &str) -> Vec<String> {
    let mut words = letters::folded(text);
    words.retain(|word| word.chars().count() > 1 && word.chars().all(char::is_alphabetic));
    words
}

fn sorted(mut words: Vec<String>) -> Vec<String> {
    words.sort_unstable();
    let mut seen = FxHashSet::default();
    words.retain(|word| seen.insert(word.clone()));
    words
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::profile::Profile;
    use muster_table::table::Table;

    #[test]
    fn who_is_called_wholly_otherwise_is_another() {
        assert!(are_other_people("Zoë Smith", "Élodie Schmidt-Weber"));
        assert!(are_other_people("Nguyen", "Karin Bernard"));
        for (one, other) in [
            ("Smith Zoe", "Zoë Smith"),
            ("Zoë Haddad", "Zoë Smith"),
            ("Juergen Groessl", "Jürgen Größl"),
            ("Kathrin Moser", "Katrin Weber"),
            ("Ольга Ким", "Olga Kim"),
            ("", "Ada Lo"),
        ] {
            assert!(!are_other_people(one, other), "{one} {other}");
        }
    }

    #[test]
    fn a_column_of_names_is_known_by_its_head_or_by_its_values() {
        let profile = Arc::new(Profile::built_in("emtrain-roster").expect("built in"));
        let read =
            |text: &str| Roster::read(Table::from_text(text).expect("read"), profile.clone());
        let older = read(
            "First Name,Last Name,Email Address\nAda,Lo,a@a.example\nBo,Li,b@a.example\nCy,Mo,c@a.example\n",
        );
        let of = |head: &str, names: [&str; 3]| {
            let rows = ["a", "b", "c"].iter().zip(names);
            let rows: String =
                rows.map(|(key, name)| format!("{key}@a.example,{name}\n")).collect();
            names_beside(&read(&format!("Email Address,{head}\n{rows}")), &older)
        };
        for head in ["Nom complet", "Mitarbeiter", "Full name", "Nominativo"] {
            assert_eq!(of(head, ["Di Na", "Ed Oz", "Fi Pe"]), [1], "{head}");
        }
        assert_eq!(of("Wer", ["Lo Ada", "Bo Li", "Di Na"]), [1]);
        assert_eq!(of("Wer", ["Lo Ada", "Ed Oz", "Di Na"]), [0; 0]);
        assert_eq!(of("Manager", ["Ada Lo", "Bo Li", "Cy Mo"]), [0; 0]);
        assert_eq!(of("Team", ["Lo", "Li", "Mo"]), [0; 0]);
    }
}
