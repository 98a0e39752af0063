//! How large a profile may be. What somebody writes is far smaller; what is larger was made to keep a computer busy.

use toml::de::{DeTable, DeValue};

/// The most bytes of a profile's file.
pub const MOST_BYTES: usize = 2_000_000;
/// The most entries with words of their own in one list, such as fields.
const MOST_ENTRIES: usize = 1_000;
/// The most values in one list, such as the words that a field takes.
const MOST_VALUES: usize = 20_000;
/// The most names that columns may have, together.
const MOST_HEADERS: usize = 5_000;
/// The most characters of what says which characters a field takes.
pub(super) const LONGEST_CLASS: usize = 1_000;

/// That a file is longer than any that somebody wrote.
pub(super) fn too_long() -> String {
    format!("it is larger than {} MB", MOST_BYTES / 1_000_000)
}

/// Why a file has too much in it; none for any that somebody wrote.
pub(super) fn too_large(whole: &DeTable) -> Option<String> {
    let mut headers = 0;
    table(whole, "the file", &mut headers).or_else(|| {
        (headers > MOST_HEADERS)
            .then(|| format!("its fields have {headers} column names; {MOST_HEADERS} is the most"))
    })
}

fn table(part: &DeTable, called: &str, headers: &mut usize) -> Option<String> {
    if part.len() > MOST_ENTRIES {
        return Some(format!("`{called}` has {} entries; {MOST_ENTRIES} is the most", part.len()));
    }
    part.iter().find_map(|(name, value)| {
        let name = name.get_ref();
        if let (true, DeValue::Array(all)) = (name.starts_with("headers"), value.get_ref()) {
            *headers += all.len();
        }
        inside(value.get_ref(), name, headers)
    })
}

fn inside(value: &DeValue, called: &str, headers: &mut usize) -> Option<String> {
    match value {
        DeValue::Table(part) => table(part, called, headers),
        DeValue::Array(all) => {
            let has_words = all.iter().any(|one| matches!(one.get_ref(), DeValue::Table(_)));
            let most = if has_words { MOST_ENTRIES } else { MOST_VALUES };
            if all.len() > most {
                return Some(format!("`{called}` has {} entries; {most} is the most", all.len()));
            }
            all.iter().find_map(|one| inside(one.get_ref(), called, headers))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{BUILT_IN, Profile};

    const HEAD: &str = "id = \"x\"\nname = \"X\"\nsummary = \"\"\nversion = \"2026-01-01\"\n";

    fn refused(rest: &str) -> String {
        let text = format!("{HEAD}{rest}");
        Profile::parse(&text, "x.toml", |_| true).expect_err("refused").why
    }

    #[test]
    fn what_nobody_wrote_is_refused_at_once_and_by_number() {
        let field =
            |n: usize| format!("[[field]]\nid = \"f{n}\"\ntitle = \"F\"\nheaders = [\"f{n}\"]\n");
        let fields = |most: usize| (0..most).map(field).collect::<String>();
        let key = "[key]\nfield = \"\"\n";
        assert_eq!(
            refused(&format!("{key}{}", fields(20_000))),
            "`field` has 20000 entries; 1000 is the most"
        );
        assert_eq!(refused(&format!("{key}{}", fields(100_000))), "it is larger than 2 MB");
        let based = "id = 'x'\nname = 'X'\nbased_on = 'edapp'\n";
        let text = format!("{based}{}", fields(20_000));
        let failure = Profile::parse(&text, "x.toml", |_| true).expect_err("refused");
        assert_eq!(failure.why, "`field` has 20000 entries; 1000 is the most");
        let words = format!("{key}[lists]\nroles = [{}]\n", "'a',".repeat(30_000));
        assert_eq!(refused(&words), "`roles` has 30000 entries; 20000 is the most");
        let names: String = (0..6_000).map(|n| format!("'h{n}',")).collect();
        let one = format!(
            "[[field]]\nid = 'f'\ntitle = 'F'\nheaders_inferred = [{names}]\nheaders = ['f']\n"
        );
        assert!(refused(&format!("{key}{one}")).contains("6001 column names; 5000 is the most"));
        let class = format!(
            "{key}[[field]]\nid = 'f'\ntitle = 'F'\nheaders = ['f']\ncharacters = '{}'\n",
            "\\p{L}".repeat(5_000)
        );
        assert!(refused(&class).contains("is the most"), "{}", refused(&class));
        // The largest that is let through takes no time either.
        Profile::parse(&format!("{HEAD}{key}{}", fields(1_000)), "x.toml", |_| true)
            .expect("sound");
    }

    #[test]
    fn the_profiles_that_come_with_muster_are_far_from_it() {
        for (id, text) in BUILT_IN {
            assert!(text.len() * 10 < MOST_BYTES, "{id}");
        }
    }
}
