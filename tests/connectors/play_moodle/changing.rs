//! `core_user_create_users`, `core_user_update_users` and `core_user_delete_users`.

use serde_json::{Value, json};

use super::answers::{
    Exception, cannot_write, invalid_parameter, invalid_response, moodle, no_user, weak_password,
};
use super::form::Php;
use super::settings::Version;
use super::state::{CUSTOM_FIELDS, GUEST, Mail, Person, State};

/// What a field holds at most, in letters.
const LONGEST: [(&str, usize); 9] = [
    ("firstname", 100),
    ("lastname", 100),
    ("phone1", 20),
    ("phone2", 20),
    ("city", 120),
    ("idnumber", 255),
    ("institution", 255),
    ("department", 255),
    ("address", 255),
];

/// Logging in with these needs a password that Moodle has itself.
const INTERNAL: [&str; 5] = ["manual", "email", "none", "nologin", "db"];

/// The countries that it knows; any other word is stored as `0` without a word.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR \
    BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ \
    EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW \
    GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY \
    KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV \
    MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY \
    QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG \
    TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM \
    ZW";

/// All or nobody. A mail that was sent is sent.
pub fn create_users(state: &mut State, sent: &Php) -> Result<Value, Exception> {
    let before = state.people.clone();
    let (mut made, mut to_mail) = (Vec::new(), Vec::new());
    for person in sent.each("users") {
        match create(state, person) {
            Ok((id, username, wants_password)) => {
                made.push(json!({ "id": id, "username": username }));
                if wants_password && state.settings.version == Version::V4_5 {
                    to_mail.push(id);
                } else if wants_password {
                    mail_password(state, id);
                }
            }
            Err(exception) => {
                state.people = before;
                return Err(exception);
            }
        }
    }
    for id in to_mail {
        mail_password(state, id);
    }
    Ok(json!(made))
}

fn create(state: &mut State, sent: &Php) -> Result<(u64, String, bool), Exception> {
    let username = sent.text("username");
    // That these are not blank is read in source.
    for field in ["username", "firstname", "lastname"] {
        if sent.text(field).trim().is_empty() {
            return Err(invalid_parameter(format!("The field {field} cannot be blank")));
        }
    }
    if state.by_username(username).is_some() {
        return Err(invalid_parameter(format!("Username already exists: {username}")));
    }
    let mut person = Person::new(state.next_id);
    let auth = sent.get("auth").and_then(Php::as_text).unwrap_or("manual");
    let wants_password = sent.text("createpassword") == "1";
    // Whoever is there may have these, and nobody is made with them.
    if ["mnet", "webservice"].contains(&auth) {
        return Err(invalid_parameter(format!("Invalid authentication type: {auth}")));
    }
    if INTERNAL.contains(&auth) && !wants_password {
        let password = sent.text("password");
        if password.is_empty() {
            return Err(invalid_parameter("Invalid password: you must provide a password"));
        }
        if let Some(html) = weakness(password) {
            return Err(weak_password(&html));
        }
    }
    let email = sent.text("email");
    if !is_address(email) {
        return Err(invalid_parameter(format!("Email address is invalid: {email}")));
    }
    if has_email(state, email, 0) {
        return Err(invalid_parameter(format!("Email address already exists: {email}")));
    }
    fill(&mut person, sent);
    if is_too_long(&person) {
        return Err(cannot_write());
    }
    state.next_id += 1;
    let made = (person.id, username.to_owned(), wants_password);
    state.people.push(person);
    Ok(made)
}

/// Makes a password that has to be changed, and mails it. If the mail cannot be sent nobody is told.
fn mail_password(state: &mut State, id: u64) {
    state.passwords_made += 1;
    let password = format!("Made-0{}-x", state.passwords_made);
    let can_mail = !state.settings.cannot_mail;
    let Some(person) = state.people.iter_mut().find(|person| person.id == id) else { return };
    person.set("password", &password);
    person.preferences.insert("auth_forcepasswordchange".to_owned(), "1".to_owned());
    if can_mail {
        let to = person["email"].to_owned();
        state.mails.push(Mail { to, password });
    }
}

/// Each person on their own; whoever cannot be changed is told of in a warning.
pub fn update_users(state: &mut State, sent: &Php) -> Result<Value, Exception> {
    if state.settings.version == Version::V3_10 {
        return update_without_a_word(state, sent);
    }
    let (mut warnings, mut is_html) = (Vec::new(), false);
    for change in sent.each("users") {
        if let Err(why) = update(state, change) {
            let (code, message) = why.warning();
            // What is HTML fails Moodle's own check of its answer, when everybody else is changed.
            is_html |= code.contains('<');
            let id = change.text("id").parse::<i64>().unwrap_or_default();
            warnings.push(json!({
                "item": "user", "itemid": id, "warningcode": code, "message": message,
            }));
        }
    }
    if is_html { Err(invalid_response()) } else { Ok(json!({ "warnings": warnings })) }
}

/// As 3.10 does it: one transaction, and nobody is told who was passed over. Read in source.
fn update_without_a_word(state: &mut State, sent: &Php) -> Result<Value, Exception> {
    let before = state.people.clone();
    for change in sent.each("users") {
        if let Err(why) = update(state, change) {
            let (code, _) = why.warning();
            if code == "dmlwriteexception" || code.contains('<') {
                state.people = before;
                return Err(why);
            }
        }
    }
    Ok(Value::Null)
}

fn update(state: &mut State, sent: &Php) -> Result<(), Exception> {
    let id: u64 = sent.text("id").parse().unwrap_or_default();
    let place = state.people.iter().position(|person| person.id == id);
    let place = place.ok_or_else(|| moodle("invaliduserid", "Invalid user ID"))?;
    let person = &state.people[place];
    if person.site_administrator && !state.settings.token.is_administrator() {
        return Err(moodle("usernotupdatedadmin", "Cannot update admin accounts"));
    }
    let refused = |code: &str| Err(moodle(code, &format!("error/{code}")));
    if person.deleted {
        return refused("usernotupdateddeleted");
    }
    if id == GUEST {
        return refused("usernotupdatedguest");
    }
    let given = |field: &str| sent.get(field).and_then(Php::as_text);
    if let Some(email) = given("email").filter(|email| **email != person["email"]) {
        if !is_address(email) {
            return refused("useremailinvalid");
        }
        if has_email(state, email, id) {
            return Err(moodle("useremailduplicate", "Duplicate address"));
        }
    }
    let auth = given("auth").unwrap_or(&person["auth"]);
    if let Some(password) = given("password").filter(|_| INTERNAL.contains(&auth))
        && let Some(html) = weakness(password)
    {
        return Err(weak_password(&html));
    }
    let mut changed = person.clone();
    fill(&mut changed, sent);
    let taken = |name: &str| state.by_username(name).is_some_and(|other| other.id != id);
    if is_too_long(&changed) || given("username").is_some_and(taken) {
        return Err(cannot_write());
    }
    state.people[place] = changed;
    Ok(())
}

/// Puts what was sent into somebody; an empty value empties.
fn fill(person: &mut Person, sent: &Php) {
    for (field, value) in sent.items() {
        let Some(value) = value.as_text() else { continue };
        match field.as_str() {
            "id" | "createpassword" => {}
            "suspended" => person.suspended = value == "1",
            "country" if !value.is_empty() && COUNTRIES.split(' ').all(|code| code != value) => {
                person.set("country", "0");
            }
            field => {
                person.set(field, value);
            }
        }
    }
    for custom in sent.each("customfields") {
        let (short, value) = (custom.text("type"), custom.text("value"));
        let Some((_, _, menu)) = CUSTOM_FIELDS.iter().find(|(name, ..)| *name == short) else {
            continue;
        };
        let value = if menu.is_empty() || menu.contains(&value) { value } else { "" };
        person.custom.insert(short.to_owned(), value.to_owned());
    }
    for preference in sent.each("preferences") {
        let (name, value) = (preference.text("type"), preference.text("value"));
        person.preferences.insert(name.to_owned(), value.to_owned());
    }
}

/// Everybody, or nobody where one of them cannot be (that it is one transaction is read in source).
pub fn delete_users(state: &mut State, sent: &Php) -> Result<Value, Exception> {
    let mut gone = Vec::new();
    for id in sent.each("userids").filter_map(Php::as_text) {
        let person = id.parse().ok().and_then(|id| state.by_id(id)).ok_or_else(no_user)?;
        if gone.contains(&person.id) {
            return Err(no_user());
        }
        if person.site_administrator {
            let message = "Administrator accounts cannot be deleted.";
            return Err(moodle("useradminodelete", message));
        }
        if person.id == state.own_id() {
            return Err(moodle("usernotdeletederror", "User not deleted - error"));
        }
        gone.push(person.id);
    }
    gone.retain(|id| *id != GUEST);
    for person in state.people.iter_mut().filter(|person| gone.contains(&person.id)) {
        let username = format!("{}.1795000000", &person["email"]);
        let email = format!("{:032x}", person.id);
        person.set("username", &username).set("email", &email).set("idnumber", "");
        person.deleted = true;
    }
    for cohort in &mut state.cohorts {
        cohort.members.retain(|id| !gone.contains(id));
    }
    Ok(Value::Null)
}

fn has_email(state: &State, email: &str, except: u64) -> bool {
    let same = |person: &&Person| person["email"].to_lowercase() == email.to_lowercase();
    let mut others = state.people.iter().filter(|p| !p.deleted && p.id != except);
    !state.settings.same_email && others.any(|person| same(&person))
}

fn is_address(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else { return false };
    let plain = !text.contains(|c: char| c.is_whitespace() || ",;<>()".contains(c));
    plain && !local.is_empty() && host.contains('.') && !host.contains('@')
}

fn is_too_long(person: &Person) -> bool {
    LONGEST.iter().any(|(field, most)| person[field].chars().count() > *most)
}

/// What Moodle says of a weak password: a page's worth of HTML.
fn weakness(password: &str) -> Option<String> {
    let has = |test: fn(&char) -> bool| password.chars().any(|c| test(&c));
    let rules = [
        (password.chars().count() >= 8, "Passwords must be at least 8 characters long."),
        (has(char::is_ascii_digit), "Passwords must have at least 1 digit(s)."),
        (has(|c| c.is_lowercase()), "Passwords must have at least 1 lower case letter(s)."),
        (has(|c| c.is_uppercase()), "Passwords must have at least 1 upper case letter(s)."),
        (
            has(|c| !c.is_alphanumeric()),
            "The password must have at least 1 special character(s) such as *, -, or #.",
        ),
    ];
    let html: String = rules
        .iter()
        .filter(|(holds, _)| !holds)
        .map(|(_, words)| format!("<div>{words}</div>"))
        .collect();
    (!html.is_empty()).then_some(html)
}
