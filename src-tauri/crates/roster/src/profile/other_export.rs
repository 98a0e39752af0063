//! What an LMS exports too, and its import does not take: other words in the place of values, or no login at all.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Profile;

/// An export of the LMS that is no list to upload.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherExport {
    /// What it is called by in a file that is based on this profile: small letters, digits and hyphens.
    pub id: String,
    /// What it is, after "this is": "a custom report of Moodle".
    pub title: String,
    /// How columns of it are headed, in any case; blanks and signs count.
    pub headers: Vec<String>,
    /// So many of these make it known.
    pub at_least: usize,
    /// Why it is none to upload, after the title and a colon.
    pub says: String,
    /// What to do instead, as a sentence without its full stop.
    pub next: String,
}

impl OtherExport {
    /// How many of its columns are there.
    fn count(&self, names: &[String]) -> usize {
        let bare = |name: &String| name.trim().to_lowercase();
        let there: Vec<String> = names.iter().map(bare).collect();
        self.headers.iter().filter(|header| there.contains(&bare(header))).count()
    }
}

impl Profile {
    /// Which other export of this LMS a file with these columns is, and how many of its columns that says.
    pub fn other_export(&self, names: &[String]) -> Option<(&OtherExport, usize)> {
        let found = self.other_exports.iter().map(|other| (other, other.count(names)));
        found.filter(|(other, count)| *count >= other.at_least.max(1)).max_by_key(|(_, n)| *n)
    }
}
