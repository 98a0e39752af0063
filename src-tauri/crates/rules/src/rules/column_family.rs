//! What a misspelt column of a family was meant to be.

use muster_roster::profile::{Family, Profile};

/// The column of a family that a name is a misspelling of; its number or its own part is as it was.
pub fn meant(profile: &Profile, name: &str) -> Option<String> {
    let name = name.trim();
    let found = |family: Family| {
        let (stem, own) = match family {
            Family::Counted(stem) => {
                let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
                let number = &name[letters.len()..];
                (!number.is_empty() && is_near(letters, stem)).then_some((stem, number))?
            }
            Family::Named(stem) => {
                let parts = stem.matches('_').count();
                let (at, _) = name.match_indices(['_', '-', ' ']).nth(parts.checked_sub(1)?)?;
                let own = &name[at + 1..];
                (!own.trim().is_empty() && is_near(&name[..at], stem)).then_some((stem, own))?
            }
        };
        Some(format!("{stem}{own}"))
    };
    let mut all = profile.families().filter_map(found);
    all.next().filter(|_| all.next().is_none())
}

fn is_near(letters: &str, stem: &str) -> bool {
    let (letters, stem) = (letters.to_lowercase(), stem.trim_end_matches('_'));
    let most = if stem.len() >= 9 { 2 } else { 1 };
    strsim::osa_distance(&letters, stem) <= most
}
