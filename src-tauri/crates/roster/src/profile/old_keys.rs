//! Profile files that were written before some keys had the names that they have now.
//!
//! The names of now are put in the place of the old ones before anything else looks at the text, so that such a file can
//! be based on a profile that says it in the new way. An alias at each field could not do that: both names would be there.
//! To be taken out with the next version.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::file::UNSET;

/// The part of a profile in which a key stands, its old name, and the one of now.
const RENAMED: [(&str, &str, &str); 10] = [
    (WHOLE, "told_by", "recognised_by"),
    (WHOLE, "cadence_days", "snapshot_max_age_days"),
    ("file", "faults_count_people", "error_rows_skip_header"),
    ("file", "guards_with_apostrophe", "formula_prefixes"),
    ("field", "needed", "column_required"),
    ("field", "required", "value_required"),
    ("field", "rides_along", "only_with_other_changes"),
    ("field", "rises_from_first", "promote_only"),
    ("field", "shown_blank", "exported_as_blank"),
    ("policy", "takes", "type"),
];

const WHOLE: &str = "";
/// Below it stand the connectors, each with policies of its own.
const CONNECTORS: &str = "connector";

/// The text with the names of now. What cannot be read stays as it is, for whoever says why.
pub(super) fn renamed(text: &str) -> Cow<'_, str> {
    let Ok(whole) = DeTable::parse(text) else { return Cow::Borrowed(text) };
    let mut found = Vec::new();
    look_through(whole.get_ref(), WHOLE, &mut found);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    found.sort_by_key(|(place, _)| place.start);
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (place, name) in found {
        out.push_str(&text[done..place.start]);
        out.push_str(&name);
        done = place.end;
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

fn name_of_now(part: &str, word: &str) -> Option<&'static str> {
    RENAMED.iter().find(|(of, old, _)| *of == part && *old == word).map(|(_, _, new)| *new)
}

fn look_through(table: &DeTable, part: &str, found: &mut Vec<(Range<usize>, String)>) {
    for (key, value) in table {
        let word: &str = key.get_ref();
        match name_of_now(part, word) {
            // Where both stand, the old one is refused like any other word that is not known.
            Some(name) if !table.contains_key(name) => found.push((key.span(), name.to_owned())),
            _ => {}
        }
        match (part, word, value.get_ref()) {
            (_, UNSET, DeValue::Array(words)) => {
                for unset in words.iter() {
                    let name = unset.get_ref().as_str().and_then(|word| name_of_now(part, word));
                    found.extend(name.map(|name| (unset.span(), format!("\"{name}\""))));
                }
            }
            (WHOLE, "file", DeValue::Table(file)) => look_through(file, "file", found),
            (WHOLE, CONNECTORS, DeValue::Table(connectors)) => {
                for connector in connectors.values().map(Spanned::get_ref) {
                    if let DeValue::Table(connector) = connector {
                        look_through(connector, CONNECTORS, found);
                    }
                }
            }
            (WHOLE, "field" | "policy", DeValue::Array(entries))
            | (CONNECTORS, "policy", DeValue::Array(entries)) => {
                for entry in entries.iter().map(Spanned::get_ref) {
                    if let DeValue::Table(entry) = entry {
                        look_through(entry, word, found);
                    }
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{Profile, overlay};

    /// A whole profile with each of the keys, by the names that it is given.
    fn whole(names: impl Fn(&'static str, &'static str) -> &'static str) -> String {
        format!(
            "id = \"acme\"\nname = \"Acme\"\nsummary = \"S.\"\nversion = \"2026-11-01\"\n\
             {} = [\"email\"]\n{} = 9 # days\n\
             [key]\nfield = \"email\"\n\
             [file]\n{} = true\n{} = \"=+\"\n\
             [[field]]\nid = \"email\"\ntitle = \"E-mail\"\nheaders = [\"email\"]\n{} = true\n{} = true\n\
             [[field]]\nid = \"kind\"\ntitle = \"Kind\"\nheaders = [\"kind\"]\nchoices = [\"A\", \"B\"]\n\
             by_hand = \"there\"\n{} = true\n{} = true\n{} = [\"A\"]\n\
             [[policy]]\nid = \"seats\"\ntitle = \"Seats\"\n{} = \"number\"\n\
             [connector.kolibri]\nlogin = \"email\"\nfields = {{ email = \"mail\" }}\n\
             [[connector.kolibri.policy]]\nid = \"message\"\ntitle = \"Message\"\n{} = \"text\"\n",
            names("told_by", "recognised_by"),
            names("cadence_days", "snapshot_max_age_days"),
            names("faults_count_people", "error_rows_skip_header"),
            names("guards_with_apostrophe", "formula_prefixes"),
            names("needed", "column_required"),
            names("required", "value_required"),
            names("rides_along", "only_with_other_changes"),
            names("rises_from_first", "promote_only"),
            names("shown_blank", "exported_as_blank"),
            names("takes", "type"),
            names("takes", "type"),
        )
    }

    #[test]
    fn each_old_key_reads_as_the_one_of_now() {
        let (old, new) = (whole(|old, _| old), whole(|_, new| new));
        for (_, was, is) in RENAMED {
            assert!(old.contains(&format!("{was} = ")) && new.contains(&format!("{is} = ")));
        }
        assert_eq!(renamed(&old), new);
        assert!(matches!(renamed(&new), Cow::Borrowed(_)));
        let read = |text: &str| format!("{:?}", Profile::parse(text, "acme", |_| true));
        assert!(read(&new).starts_with("Ok("), "{}", read(&new));
        assert_eq!(read(&old), read(&new));
    }

    #[test]
    fn an_old_file_that_is_based_on_a_new_one_differs_from_it_as_it_did() {
        let own = |days: &str, column: &str, value: &str| {
            format!(
                "id = \"acme\"\nname = \"Acme\"\nbased_on = \"edapp\"\nunset = [\"{days}\"]\n\
                 [[field]]\nid = \"email\"\n{column} = false\nunset = [\"{value}\"]\n"
            )
        };
        let old = own("cadence_days", "needed", "required");
        let new = own("snapshot_max_age_days", "column_required", "value_required");
        assert_eq!(renamed(&old), new);
        let effective = overlay::effective(&old);
        assert!(effective.is_some() && effective == overlay::effective(&new));

        let dotted =
            "file.guards_with_apostrophe = \"=\"\nfield = [{ id = \"a\", needed = true }]\n";
        assert_eq!(
            renamed(dotted),
            "file.formula_prefixes = \"=\"\nfield = [{ id = \"a\", column_required = true }]\n"
        );
    }

    #[test]
    fn a_file_that_is_written_again_has_the_names_of_now() {
        let old = whole(|old, _| old);
        let now = overlay::effective(&old).expect("it can be read");
        assert_eq!(overlay::written(&old, &now), whole(|_, new| new));
    }

    #[test]
    fn of_both_names_the_old_one_is_refused() {
        let both = whole(|_, new| new).replace("[key]\n", "told_by = [\"email\"]\n[key]\n");
        let failure = Profile::parse(&both, "acme", |_| true).expect_err("both");
        assert!(failure.why.contains("`told_by`"), "{}", failure.why);
    }
}
