//! Columns of which an LMS takes as many as somebody likes: `cohort1`, `cohort2` …, or `profile_field_` with any name behind.

use super::Profile;

/// A family of columns, as a profile writes it down: `cohort#`, `profile_field_*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family<'f> {
    /// A number follows.
    Counted(&'f str),
    /// Any name follows.
    Named(&'f str),
}

impl<'f> Family<'f> {
    /// What a profile means by a family.
    pub fn of(family: &'f str) -> Family<'f> {
        match family.strip_suffix('#') {
            Some(stem) => Family::Counted(stem),
            None => Family::Named(family.trim_end_matches('*')),
        }
    }

    /// Whether a column of this name is one of them, in whatever case.
    pub fn has(self, name: &str) -> bool {
        let name = name.trim().to_lowercase();
        match self {
            Family::Counted(stem) => name
                .strip_prefix(stem)
                .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())),
            Family::Named(stem) => {
                name.strip_prefix(stem).is_some_and(|rest| !rest.trim().is_empty())
            }
        }
    }
}

impl Profile {
    /// The families of columns that it names.
    pub fn families(&self) -> impl Iterator<Item = Family<'_>> {
        self.columns.families.iter().map(|family| Family::of(family))
    }

    /// Whether a column is one of a family that it names.
    pub fn has_in_family(&self, name: &str) -> bool {
        self.families().any(|family| family.has(name))
    }

    /// The place of the field as which a column of a family is read that is no field itself: `cohort12` as `cohort1`. What
    /// stands in columns with a name of somebody's own has nothing in common but where it goes.
    pub(crate) fn read_like(&self, name: &str) -> Option<usize> {
        let counted = |family: &Family| matches!(family, Family::Counted(_)) && family.has(name);
        let family = self.families().find(counted)?;
        self.fields.iter().position(|field| field.headers.iter().any(|header| family.has(header)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_a_counted_family_is_read_as_the_first_that_the_profile_knows() {
        let moodle = Profile::built_in("moodle").expect("built in");
        let like = |name: &str| moodle.read_like(name).map(|at| moodle.fields[at].id.as_str());
        assert_eq!(like("cohort12"), Some("cohort1"));
        assert_eq!(like(" Cohort7 "), Some("cohort1"));
        assert_eq!(like("sysrole3"), Some("sysrole1"));
        for name in ["cohort", "cohortx", "profile_field_shoes", "shoes2"] {
            assert_eq!(like(name), None, "{name}");
        }
        assert!(moodle.has_in_family("profile_field_shoes"));
        assert!(!moodle.has_in_family("profile_field_"));
    }
}
