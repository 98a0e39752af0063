//! Moodle says one sentence for ten causes, and on a production site nothing of which. What can be seen from here is named
//! beside its words.

use super::super::link::ChangeRequest;
use super::{EMAIL, Moodle, USERNAME};
use muster_plan::push::Value;

/// How many letters Moodle keeps of each, by its database: more are refused with “Error writing to database”.
const LENGTHS: [(&str, &str, usize); 9] = [
    ("firstname", "the first name", 100),
    ("lastname", "the last name", 100),
    ("phone1", "the phone number", 20),
    ("phone2", "the mobile phone number", 20),
    ("city", "the city", 120),
    ("idnumber", "the ID number", 255),
    ("institution", "the institution", 255),
    ("department", "the department", 255),
    ("address", "the address", 255),
];

impl Moodle {
    /// Moodle's words, with what they most likely mean for this person.
    pub(super) fn likely(&self, request: &ChangeRequest, code: &str, words: &str) -> String {
        let cause = match code {
            "usernotupdatedadmin" => {
                "this is a site administrator, whom this token may not change".to_owned()
            }
            "usernotupdatedguest" => "this is Moodle's own guest account".to_owned(),
            "usernotupdateddeleted" => "this account was deleted".to_owned(),
            "invalidresponse" if request.password.is_some() => {
                "the password is most likely weaker than the site allows".to_owned()
            }
            "useremailduplicate" => match self.owner_of_email(request) {
                Some(owner) => format!("the e-mail is that of `{owner}`"),
                None => "somebody else has this e-mail".to_owned(),
            },
            // Moodle names the cause itself where debugging is on.
            "invalidparameter" if !words.contains('(') => match self.owner_of_email(request) {
                Some(owner) => format!("the e-mail is that of `{owner}`"),
                None => format!("most likely {}", causes(request).join(", or ")),
            },
            "dmlwriteexception" => match too_long(request) {
                Some(cause) => cause,
                None if request.order.after.contains_key(USERNAME) => {
                    "most likely the username is taken".to_owned()
                }
                None => return words.to_owned(),
            },
            _ => return words.to_owned(),
        };
        if words.is_empty() { cause } else { format!("{words}: {cause}") }
    }

    /// The username of whoever else has the e-mail that is sent.
    fn owner_of_email(&self, request: &ChangeRequest) -> Option<&str> {
        let email = request.order.after.get(EMAIL).map(Value::one)?.to_lowercase();
        let owner = self.by_email.get(&email)?;
        (!owner.eq_ignore_ascii_case(&request.order.login)).then_some(owner)
    }
}

/// What Moodle refuses without saying which it is, of what is sent here; the rarest first.
fn causes(request: &ChangeRequest) -> Vec<&'static str> {
    let sends = |name: &str| request.order.after.get(name).is_some_and(|value| !value.is_blank());
    let mut all = Vec::new();
    if sends("auth") {
        all.push("this authentication (auth) is not set up there");
    }
    if sends("lang") {
        all.push("this language (lang) is not installed there");
    }
    if sends(USERNAME) || sends(EMAIL) {
        all.push("the username or the e-mail is taken, perhaps by somebody whom this token may not see, or has letters that are not allowed there");
    }
    if all.is_empty() {
        all.push("a value that is not allowed there");
    }
    all
}

fn too_long(request: &ChangeRequest) -> Option<String> {
    LENGTHS.iter().find_map(|&(name, called, most)| {
        let has = request.order.after.get(name)?.one().chars().count();
        (has > most).then(|| format!("{called} has {has} letters, and Moodle keeps {most}"))
    })
}
