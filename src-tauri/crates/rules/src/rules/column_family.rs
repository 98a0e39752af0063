//! Columns of which an LMS takes as many as somebody likes: `cohort1`, `cohort2` …, or `profile_field_` with any name behind.

use muster_roster::profile::Profile;

/// Whether a column is one of a family that the profile names.
pub fn is_known(profile: &Profile, name: &str) -> bool {
    let name = name.trim().to_lowercase();
    profile.columns.families.iter().any(|family| match Stem::of(family) {
        Stem::Counted(stem) => name
            .strip_prefix(stem)
            .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())),
        Stem::Named(stem) => name.strip_prefix(stem).is_some_and(|rest| !rest.trim().is_empty()),
    })
}

/// The column of a family that a name is a misspelling of; its number or its own part is as it was.
pub fn meant(profile: &Profile, name: &str) -> Option<String> {
    let name = name.trim();
    let found = |family: &String| {
        let (stem, own) = match Stem::of(family) {
            Stem::Counted(stem) => {
                let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
                let number = &name[letters.len()..];
                (!number.is_empty() && is_near(letters, stem)).then_some((stem, number))?
            }
            Stem::Named(stem) => {
                let parts = stem.matches('_').count();
                let (at, _) = name.match_indices(['_', '-', ' ']).nth(parts.checked_sub(1)?)?;
                let own = &name[at + 1..];
                (!own.trim().is_empty() && is_near(&name[..at], stem)).then_some((stem, own))?
            }
        };
        Some(format!("{stem}{own}"))
    };
    let mut all = profile.columns.families.iter().filter_map(found);
    all.next().filter(|_| all.next().is_none())
}

fn is_near(letters: &str, stem: &str) -> bool {
    let (letters, stem) = (letters.to_lowercase(), stem.trim_end_matches('_'));
    let most = if stem.len() >= 9 { 2 } else { 1 };
    strsim::osa_distance(&letters, stem) <= most
}

enum Stem<'f> {
    /// A number follows.
    Counted(&'f str),
    /// Any name follows.
    Named(&'f str),
}

impl Stem<'_> {
    fn of(family: &str) -> Stem<'_> {
        match family.strip_suffix('#') {
            Some(stem) => Stem::Counted(stem),
            None => Stem::Named(family.trim_end_matches('*')),
        }
    }
}
