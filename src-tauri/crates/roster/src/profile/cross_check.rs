//! What has to hold between several columns of one person, as the author of a profile says it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Profile;
use crate::finding::Severity;

/// A check of several columns of one person at once.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CrossCheck {
    /// What it is called by in a file that is based on this profile: small letters, digits and hyphens.
    pub id: String,
    /// What is checked: `required-together`, `allowed-pairs` or `date-not-before`.
    pub kind: CrossKind,
    /// The ids of the fields, in the order that the kind says.
    pub fields: Vec<String>,
    /// For `allowed-pairs`: the pairs that go together, each a value of the first field and one of the second.
    #[serde(default)]
    pub pairs: Vec<(String, String)>,
    /// Why, as a sentence: "Whoever leaves has a reason". It stands behind each finding.
    #[serde(default)]
    pub says: String,
    /// How grave a finding is: `error` where nothing is said.
    #[serde(default)]
    pub severity: Option<Severity>,
}

/// What a check of several columns looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CrossKind {
    /// Where one of the fields has a value, all of them have one.
    RequiredTogether,
    /// The values of two fields are one of `pairs`; blanks are passed over.
    AllowedPairs,
    /// The day in the first field is not before the one in the second.
    DateNotBefore,
}

impl CrossKind {
    /// The word for it in a profile's file.
    pub fn word(self) -> &'static str {
        match self {
            CrossKind::RequiredTogether => "required-together",
            CrossKind::AllowedPairs => "allowed-pairs",
            CrossKind::DateNotBefore => "date-not-before",
        }
    }
}

pub(super) fn validate(profile: &Profile) -> Result<(), String> {
    for (n, check) in profile.checks.iter().enumerate() {
        let id = &check.id;
        if profile.checks[..n].iter().any(|other| other.id == *id) {
            return Err(format!("the check `{id}` stands twice"));
        }
        if let Some(field) = check.fields.iter().find(|field| profile.field(field).is_none()) {
            return Err(format!("the check `{id}` names the field `{field}`, which is not there"));
        }
        let two = check.fields.len() == 2;
        match check.kind {
            CrossKind::RequiredTogether if check.fields.len() < 2 => {
                return Err(format!("the check `{id}` needs two fields or more"));
            }
            CrossKind::AllowedPairs | CrossKind::DateNotBefore if !two => {
                return Err(format!("the check `{id}` needs two fields"));
            }
            CrossKind::AllowedPairs if check.pairs.is_empty() => {
                return Err(format!("the check `{id}` allows no pair: say them in `pairs`"));
            }
            CrossKind::RequiredTogether | CrossKind::DateNotBefore if !check.pairs.is_empty() => {
                return Err(format!("the check `{id}` is none of pairs, and has `pairs`"));
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(checks: &str) -> Result<Profile, String> {
        let text = format!("id = 'acme'\nname = 'Acme'\nbased_on = 'emtrain-roster'\n{checks}");
        Profile::parse(&text, "acme.toml", |_| true).map_err(|failure| failure.why)
    }

    #[test]
    fn a_check_names_its_fields_and_what_it_needs() {
        let sound = "[[check]]\nid = 'leavers'\nkind = 'required-together'\n\
                     fields = ['attrition_date', 'attrition_reason']\n";
        let acme = read(sound).expect("sound");
        assert_eq!((acme.checks.len(), acme.checks[0].kind), (1, CrossKind::RequiredTogether));
        let told = |from: &str, to: &str| read(&sound.replace(from, to)).expect_err("refused");
        assert_eq!(
            told("'attrition_reason'", "'reason'"),
            "the check `leavers` names the field `reason`, which is not there"
        );
        assert_eq!(told("'attrition_date', ", ""), "the check `leavers` needs two fields or more");
        assert_eq!(
            told("required-together", "allowed-pairs"),
            "the check `leavers` allows no pair: say them in `pairs`"
        );
        assert!(told("required-together", "required-togethr").contains("required-togethr"));
    }
}
