//! A list of no LMS that Muster knows: its person says which columns are key, name, e-mail and manager.

use std::sync::Arc;

use muster_roster::profile::{Field, FieldKind, Profile, Use, Uses, header_form};

/// What a column can be said to be, with what that is called.
pub const ROLES: [(&str, &str); 4] = [
    ("key", "Who somebody is (the key)"),
    ("name", "Name"),
    ("email", "E-mail"),
    ("manager", "Manager"),
];

/// Whether a word names one of them.
pub fn is_role(word: &str) -> bool {
    ROLES.iter().any(|(role, _)| *role == word)
}

/// A profile that knows no columns, with those that were named, each a role and a column; any other is as it was.
pub fn with_roles(profile: &Arc<Profile>, named: &[(String, String)]) -> Arc<Profile> {
    if !profile.fields.is_empty() || named.is_empty() {
        return profile.clone();
    }
    let mut next = Profile::clone(profile);
    for (role, column) in named {
        next.fields.push(Field {
            id: role.clone(),
            title: column.clone(),
            headers: vec![column.clone()],
            kind: if role == "email" { FieldKind::Email } else { FieldKind::Text },
            name_part: u8::from(role == "name"),
            ..Field::default()
        });
    }
    if named.iter().any(|(role, _)| role == "key") {
        next.key.field = "key".to_owned();
    }
    Arc::new(next)
}

/// What was said of the columns that a file has, in the order of the file.
pub fn roles_of(uses: &Uses, names: &[String]) -> Vec<(String, String)> {
    let said = |name: &String| match uses.get(&header_form(name)) {
        Some(Use::Field { field }) if is_role(field) => Some((field.clone(), name.clone())),
        _ => None,
    };
    names.iter().filter_map(said).collect()
}
