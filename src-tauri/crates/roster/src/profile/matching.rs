//! Which column of a file is which field, where its name alone does not say so: as it was chosen, or by a word that means
//! the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Field, FieldKind, Profile, header_form, is_password_name, synonyms};

/// What a column is used as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(tag = "as", rename_all = "lowercase")]
pub enum Use {
    /// As this field of the profile, under whose header it is sent.
    Field {
        /// The field's id: `email`.
        field: String,
    },
    /// As a column of its own, which is sent as it is.
    Keep,
    /// It stays in the file and is not sent.
    Leave,
}

/// What columns are used as, by the form of their names: those that were chosen, and those that a synonym settles.
pub type Uses = BTreeMap<String, Use>;

/// Whether a column of this name holds a number or code that stays with a person.
pub fn is_an_id(form: &str) -> bool {
    const OF_LMS: &[&str] = &["externalid", "idnumber", "personid", "sisid"];
    OF_LMS.contains(&form) || synonyms::meaning_of(form).is_some_and(|meant| meant.identifies)
}

impl Field {
    /// Whether a column of this name means the same as one of the field's own names.
    fn means(&self, form: &str) -> bool {
        self.headers.iter().any(|header| synonyms::same_meaning(form, &header_form(header)))
    }

    /// Whether a file may be searched for it: nobody's password is guessed, nor what the LMS writes by itself.
    pub fn is_sought(&self) -> bool {
        self.kind != FieldKind::Password && !self.read_only
    }
}

impl Profile {
    /// Whether a column that is named as a password is would be used as something that is shown and sent.
    pub fn would_show(&self, form: &str, used: &Use) -> bool {
        let Use::Field { field } = used else { return false };
        is_password_name(form) && self.field(field).is_none_or(|f| f.kind != FieldKind::Password)
    }

    /// The same for a file some of whose columns are used as something else than their names say.
    pub fn matched(self: &Arc<Profile>, uses: Uses) -> Arc<Profile> {
        if uses == self.uses {
            return self.clone();
        }
        Arc::new(Profile { uses, ..Profile::clone(self) })
    }
}

/// What is settled for a file: what was chosen before, and synonyms of fields that no column is. A column that stands
/// beside the field in an older file is another one.
pub fn settled(names: &[String], profile: &Profile, chosen: &Uses, older: &[String]) -> Uses {
    let forms_of = |names: &[String]| names.iter().map(|n| header_form(n)).collect::<Vec<_>>();
    let (forms, older) = (forms_of(names), forms_of(older));
    let beside = |form: &String, field: &Field| {
        older.contains(form) && older.iter().any(|other| field.is_headed(other))
    };
    let possible = |form: &str, used: &Use| match used {
        Use::Field { field } => profile.field(field).is_some() && !profile.would_show(form, used),
        Use::Keep | Use::Leave => true,
    };
    let there = chosen.iter().filter(|(form, used)| forms.contains(form) && possible(form, used));
    let mut uses: Uses = there.map(|(form, used)| (form.clone(), used.clone())).collect();
    let headed = |form: &String| profile.fields.iter().any(|f| f.is_headed(form));
    let free: Vec<&String> =
        forms.iter().filter(|form| !uses.contains_key(*form) && !headed(form)).collect();
    let taken = |field: &Field| {
        let chosen = |used: &Use| matches!(used, Use::Field { field: id } if *id == field.id);
        uses.values().any(chosen)
            || forms.iter().any(|form| !uses.contains_key(form) && field.is_headed(form))
    };
    let lacking: Vec<&Field> =
        profile.fields.iter().filter(|f| f.is_sought() && !taken(f)).collect();
    let mut found = Vec::new();
    for field in &lacking {
        let mut columns = free.iter().filter(|form| field.means(form) && !beside(form, field));
        let (Some(form), None) = (columns.next(), columns.next()) else { continue };
        // A name that would do for two fields settles neither.
        if lacking.iter().filter(|other| other.means(form)).count() == 1 {
            found.push(((*form).clone(), Use::Field { field: field.id.clone() }));
        }
    }
    uses.extend(found);
    uses
}

/// What holds of that for an older file, such as the LMS's own export: its own names come first.
pub fn of_older(names: &[String], profile: &Profile, uses: &Uses) -> Uses {
    let forms: Vec<String> = names.iter().map(|name| header_form(name)).collect();
    let holds = |form: &String, used: &Use| match used {
        Use::Field { field } => {
            let named = |f: &Field| f.id == *field && forms.iter().any(|form| f.is_headed(form));
            forms.contains(form) && !profile.fields.iter().any(named)
        }
        Use::Keep | Use::Leave => false,
    };
    let uses = uses.iter().filter(|(form, used)| holds(form, used));
    uses.map(|(form, used)| (form.clone(), used.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(header: &str) -> Vec<String> {
        header.split(',').map(String::from).collect()
    }

    fn field(id: &str) -> Use {
        Use::Field { field: id.into() }
    }

    #[test]
    fn synonyms_settle_what_no_column_is_and_what_was_chosen_goes_before() {
        let edapp = Profile::built_in("edapp").expect("built in");
        let header = names("Work Email,username,Given name,Surname,Team");
        let uses = settled(&header, &edapp, &Uses::new(), &[]);
        let expected =
            [("givenname", "firstname"), ("surname", "lastname"), ("workemail", "email")];
        let expected: Uses = expected.map(|(form, id)| (form.to_owned(), field(id))).into();
        assert_eq!(uses, expected);
        let chosen: Uses =
            [("surname".into(), Use::Leave), ("team".into(), field("usergroups"))].into();
        let uses = settled(&header, &edapp, &chosen, &[]);
        assert_eq!(
            (uses.get("surname"), uses.get("team")),
            (Some(&Use::Leave), chosen.get("team"))
        );
    }

    #[test]
    fn nothing_is_settled_where_two_columns_would_do_or_the_account_has_it_of_its_own() {
        let edapp = Profile::built_in("edapp").expect("built in");
        let uses = |header: &str, older: &str| {
            let (header, older) = (names(header), names(older));
            settled(&header, &edapp, &Uses::new(), &older).into_keys().collect::<Vec<_>>()
        };
        assert_eq!(uses("Work Email,Primary Email,username", ""), [""; 0]);
        assert_eq!(uses("email,Work Email,username", ""), [""; 0]);
        assert_eq!(uses("email,username,Surname", "email,lastname,surname"), [""; 0]);
        assert_eq!(uses("email,username,Surname", "email,surname"), ["surname"]);
    }

    #[test]
    fn an_older_file_is_read_by_its_own_names_first() {
        let edapp = Profile::built_in("edapp").expect("built in");
        let uses: Uses = [("workemail".into(), field("email")), ("city".into(), Use::Leave)].into();
        assert_eq!(of_older(&names("email,Work Email,city"), &edapp, &uses), Uses::new());
        assert_eq!(of_older(&names("Work Email,city"), &edapp, &uses).len(), 1);
    }
}
