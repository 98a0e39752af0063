//! What each function takes. Moodle holds a call against that before it does anything: an unknown name, a missing one or
//! a value of another type refuses the whole call.
//!
//! The types of fields are read in its source (`core_user`); what they refuse was seen where the tests say so.

use super::answers::{Exception, invalid_parameter};
use super::form::Php;

/// A type of values. Whatever its cleaning would change is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Raw,
    /// No blanks at either end.
    Trimmed,
    Int,
    /// 0 or 1, and no other word.
    Bool,
    /// No tag: `AT&T <x>` has one, `A < B` has none.
    NoTags,
    Letters,
    Username,
    Lang,
    Auth,
}

pub enum Shape {
    Needed(Kind),
    Optional(Kind),
    Fields(&'static [(&'static str, Shape)]),
    /// Any number of them, or none at all where it need not be there.
    Many(&'static Shape),
    Perhaps(&'static Shape),
}

use Shape::{Fields, Many, Needed, Optional, Perhaps};

/// What a site has, as far as types depend on it.
pub struct Site<'s> {
    pub languages: &'s [String],
}

const AUTHS: [&str; 12] = [
    "manual",
    "email",
    "none",
    "nologin",
    "db",
    "ldap",
    "cas",
    "shibboleth",
    "mnet",
    "oauth2",
    "lti",
    "webservice",
];

const PAIR: Shape = Fields(&[("type", Needed(Kind::Raw)), ("value", Needed(Kind::Raw))]);
const PREFERENCE: Shape = Fields(&[("type", Needed(Kind::Raw)), ("value", Needed(Kind::Raw))]);

/// What create and update have in common.
macro_rules! person {
    ($($more:expr),*) => {
        Many(&Fields(&[
            $($more,)*
            ("auth", Optional(Kind::Auth)),
            ("password", Optional(Kind::Raw)),
            ("maildisplay", Optional(Kind::Int)),
            ("city", Optional(Kind::NoTags)),
            ("country", Optional(Kind::Letters)),
            ("timezone", Optional(Kind::Raw)),
            ("description", Optional(Kind::Raw)),
            ("firstnamephonetic", Optional(Kind::NoTags)),
            ("lastnamephonetic", Optional(Kind::NoTags)),
            ("middlename", Optional(Kind::NoTags)),
            ("alternatename", Optional(Kind::NoTags)),
            ("interests", Optional(Kind::NoTags)),
            ("idnumber", Optional(Kind::Raw)),
            ("institution", Optional(Kind::NoTags)),
            ("department", Optional(Kind::NoTags)),
            ("phone1", Optional(Kind::NoTags)),
            ("phone2", Optional(Kind::NoTags)),
            ("address", Optional(Kind::NoTags)),
            ("lang", Optional(Kind::Lang)),
            ("calendartype", Optional(Kind::Raw)),
            ("theme", Optional(Kind::Raw)),
            ("mailformat", Optional(Kind::Int)),
            ("customfields", Perhaps(&Many(&PAIR))),
            ("preferences", Perhaps(&Many(&PREFERENCE))),
        ]))
    };
}

static CREATE: Shape = Fields(&[(
    "users",
    person!(
        ("createpassword", Optional(Kind::Bool)),
        ("username", Needed(Kind::Username)),
        ("firstname", Needed(Kind::NoTags)),
        ("lastname", Needed(Kind::NoTags)),
        ("email", Needed(Kind::Trimmed))
    ),
)]);

static UPDATE: Shape = Fields(&[(
    "users",
    person!(
        ("id", Needed(Kind::Int)),
        ("username", Optional(Kind::Username)),
        ("suspended", Optional(Kind::Bool)),
        ("firstname", Optional(Kind::NoTags)),
        ("lastname", Optional(Kind::NoTags)),
        ("email", Optional(Kind::Trimmed)),
        ("userpicture", Optional(Kind::Int))
    ),
)]);

static SEARCH: Shape = Fields(&[(
    "criteria",
    Many(&Fields(&[("key", Needed(Kind::Letters)), ("value", Needed(Kind::Raw))])),
)]);

static BY_FIELD: Shape =
    Fields(&[("field", Needed(Kind::Letters)), ("values", Many(&Needed(Kind::Raw)))]);

static DELETE: Shape = Fields(&[("userids", Many(&Needed(Kind::Int)))]);

static COHORTS: Shape = Fields(&[("cohortids", Perhaps(&Many(&Needed(Kind::Int))))]);

static COHORT_MEMBERS: Shape = Fields(&[("cohortids", Many(&Needed(Kind::Int)))]);

static JOIN: Shape =
    Fields(&[("members", Many(&Fields(&[("cohorttype", PAIR), ("usertype", PAIR)])))]);

static LEAVE: Shape = Fields(&[(
    "members",
    Many(&Fields(&[("cohortid", Needed(Kind::Int)), ("userid", Needed(Kind::Int))])),
)]);

static NOTHING: Shape = Fields(&[]);

pub fn of(function: &str) -> &'static Shape {
    match function {
        "core_user_create_users" => &CREATE,
        "core_user_update_users" => &UPDATE,
        "core_user_delete_users" => &DELETE,
        "core_user_get_users" => &SEARCH,
        "core_user_get_users_by_field" => &BY_FIELD,
        "core_cohort_get_cohorts" => &COHORTS,
        "core_cohort_get_cohort_members" => &COHORT_MEMBERS,
        "core_cohort_add_cohort_members" => &JOIN,
        "core_cohort_delete_cohort_members" => &LEAVE,
        _ => &NOTHING,
    }
}

impl Site<'_> {
    pub fn holds(&self, shape: &Shape, sent: Option<&Php>, name: &str) -> Result<(), Exception> {
        let wrong = |why: &str| Err(invalid_parameter(format!("{why}: {name}")));
        match (shape, sent) {
            (Optional(_) | Perhaps(_), None) => Ok(()),
            (Perhaps(shape), sent) => self.holds(shape, sent, name),
            (_, None) => wrong("Missing required key in single structure"),
            (Needed(kind) | Optional(kind), Some(Php::Text(text))) => {
                let clean = self.is(*kind, text);
                if clean { Ok(()) } else { wrong("Invalid external api parameter") }
            }
            (Needed(_) | Optional(_), Some(_)) => wrong("Scalar type expected, array received"),
            (_, Some(Php::Text(_))) => wrong("Only arrays accepted"),
            (Many(shape), Some(list)) => {
                list.items().iter().try_for_each(|(n, one)| self.holds(shape, Some(one), n))
            }
            (Fields(fields), Some(list)) => {
                for (name, shape) in *fields {
                    self.holds(shape, list.get(name), name)?;
                }
                let known = |name: &String| fields.iter().any(|(field, _)| field == name);
                match list.items().iter().find(|(name, _)| !known(name)) {
                    None => Ok(()),
                    Some((name, _)) => Err(invalid_parameter(format!(
                        "Unexpected keys ({name}) detected in parameter array."
                    ))),
                }
            }
        }
    }

    fn is(&self, kind: Kind, text: &str) -> bool {
        match kind {
            Kind::Raw => true,
            Kind::Trimmed => text.trim() == text,
            Kind::Int => text.parse::<i64>().is_ok_and(|number| number.to_string() == text),
            Kind::Bool => matches!(text, "0" | "1"),
            Kind::NoTags => !has_tag(text),
            Kind::Letters => text.chars().all(|c| c.is_ascii_alphabetic()),
            Kind::Username => {
                text.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '.' | '_' | '-' | '@'))
            }
            Kind::Lang => text.is_empty() || self.languages.iter().any(|have| have == text),
            Kind::Auth => AUTHS.contains(&text),
        }
    }
}

/// As PHP's `strip_tags` sees it: `<` before a blank is a sign, and no tag.
fn has_tag(text: &str) -> bool {
    text.match_indices('<')
        .any(|(at, _)| text[at + 1..].chars().next().is_some_and(|next| !next.is_whitespace()))
}
