//! Where a profile comes from, and what whoever reads through it has to know of that.

use std::sync::Arc;

use super::Profile;

/// Where a profile comes from. No part of a profile's file.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// It is a file of somebody's own, and not one that comes with Muster.
    pub own: bool,
    /// What it softens or sends elsewhere than the profile that comes with Muster, each a sentence. Whoever looks at a
    /// profile fills it in, as rules and holds are not known here.
    pub softens: Arc<[String]>,
    /// What else it says otherwise, each a sentence.
    pub differs: Arc<[String]>,
    /// What it says and Muster does not heed, each a sentence.
    pub unheeded: Arc<[String]>,
    /// Somebody at this computer has read what it softens, and taken it over.
    pub accepted: bool,
}

impl Origin {
    /// Whether it softens nothing, or somebody has taken over what it does.
    pub fn is_trusted(&self) -> bool {
        !self.own || self.accepted || self.softens.is_empty()
    }
}

impl Profile {
    /// Its name with, where it does not come with Muster, the word that says so: "Acme (own profile)".
    pub fn told(&self) -> String {
        match self.origin.own {
            true => format!("{} (own profile)", self.name),
            false => self.name.clone(),
        }
    }
}
