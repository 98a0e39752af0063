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
            "useremailinvalid" => "the e-mail is no address".to_owned(),
            "invaliduserid" => "Moodle has nobody of this number any more".to_owned(),
            "usernotfullysetup" => {
                "the token's own account lacks something that the site asks of everybody: log in as it once, and fill in its profile".to_owned()
            }
            "sitepolicynotagreed" => {
                "the token's own account has not agreed to the site's policy: log in as it once, and agree".to_owned()
            }
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

/// What Moodle refuses without saying which it is, of what is sent here: what can be seen of it alone, where something can;
/// else what it may be, the rarest first.
fn causes(request: &ChangeRequest) -> Vec<&'static str> {
    let seen = seen(request);
    if !seen.is_empty() {
        return seen;
    }
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

/// What of the values Moodle takes nowhere, unless a site was told to.
fn seen(request: &ChangeRequest) -> Vec<&'static str> {
    let sent = |name: &str| request.order.after.get(name).map_or("", Value::one);
    let mut all = Vec::new();
    if request.order.after.iter().any(|(name, value)| is_text(name) && has_tag(value.one())) {
        all.push("a text with `<` in it, which Moodle takes for a tag of a web page");
    }
    let is_plain = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '.' | '-' | '_' | '@');
    if !sent(USERNAME).chars().all(is_plain) {
        all.push("a letter of the username that is not allowed there");
    }
    let email = sent(EMAIL);
    let is_address =
        email.is_empty() || (email.contains('@') && !email.contains(char::is_whitespace));
    if !is_address {
        all.push("the e-mail, which is no address");
    }
    all
}

/// Of what Moodle takes no tags. A description may have them.
fn is_text(name: &str) -> bool {
    const MORE: [&str; 2] = ["middlename", "alternatename"];
    name != "idnumber"
        && LENGTHS.iter().map(|(name, ..)| *name).chain(MORE).any(|text| text == name)
}

fn has_tag(text: &str) -> bool {
    text.match_indices('<')
        .any(|(at, _)| text[at + 1..].chars().next().is_some_and(|next| !next.is_whitespace()))
}

fn too_long(request: &ChangeRequest) -> Option<String> {
    LENGTHS.iter().find_map(|&(name, called, most)| {
        let has = request.order.after.get(name)?.one().chars().count();
        (has > most).then(|| format!("{called} has {has} letters, and Moodle keeps {most}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_plan::plan::Action;
    use muster_plan::push::Order;

    fn likely(after: &[(&str, &str)]) -> String {
        let order = Order {
            key: String::new(),
            name: String::new(),
            line: None,
            action: Action::Create,
            id: String::new(),
            login: String::new(),
            before: Default::default(),
            after: after
                .iter()
                .map(|(n, v)| ((*n).to_owned(), Value::One((*v).to_owned())))
                .collect(),
        };
        causes(&ChangeRequest { order: &order, now: None, password: None }).join(", or ")
    }

    #[test]
    fn what_can_be_seen_of_a_refusal_is_named_alone_and_else_what_it_may_be() {
        let fine = [("username", "ada"), ("email", "ada@example.com"), ("lang", "de")];
        let with = |name: &'static str, value: &'static str| {
            let mut all = fine.to_vec();
            all.push((name, value));
            likely(&all)
        };
        assert!(with("department", "R&D <x>").starts_with("a text with `<` in it"));
        assert!(with("username", "Ada+1").starts_with("a letter of the username"));
        assert!(with("email", "ada at example.com").starts_with("the e-mail, which is no address"));
        // What Moodle takes is no cause.
        for (name, value) in
            [("department", "A < B"), ("description", "<b>x</b>"), ("city", "Graz")]
        {
            let told = with(name, value);
            assert!(told.starts_with("this language (lang) is not installed there"), "{told}");
            assert!(told.contains("is taken"), "{told}");
        }
    }
}
