//! The vendors' own templates, each kept for the profile that it is of.

use super::Store;
use super::failure::trouble;
use muster_roster::profile::VendorTemplate;
use muster_table::error::Result;

const PREFIX: &str = "template:";

impl Store {
    /// What was learnt, by the id of the profile.
    pub fn templates(&self) -> Result<Vec<(String, VendorTemplate)>> {
        let what = "what was learnt from templates could not be read";
        let read = || -> rusqlite::Result<Vec<(String, String)>> {
            self.connection
                .prepare_cached(
                    "select key, value from setting where key like 'template:%' order by key",
                )?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        };
        let kept = read().map_err(trouble(what))?;
        // Null is a template that was forgotten.
        let template = |(key, json): (String, String)| {
            let template: Option<VendorTemplate> = serde_json::from_str(&json).ok()?;
            Some((key.strip_prefix(PREFIX)?.to_owned(), template?))
        };
        Ok(kept.into_iter().filter_map(template).collect())
    }

    /// Keeps what was learnt from a profile's template; that of an earlier one is replaced.
    pub fn keep_template(&self, profile: &str, template: &VendorTemplate) -> Result<()> {
        self.set_setting(&format!("{PREFIX}{profile}"), &serde_json::json!(template))
    }

    /// Lets go of what was learnt from a profile's template, given by the profile's id; without one, nothing
    /// happens.
    pub fn forget_template(&self, profile: &str) -> Result<()> {
        self.set_setting(&format!("{PREFIX}{profile}"), &serde_json::Value::Null)
    }
}
