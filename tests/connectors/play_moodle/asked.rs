//! One call of `webservice/rest/server.php`: who may, whether it is written as the function takes it, and what comes of it.

use std::sync::Mutex;

use serde_json::{Value, json};

use super::answers::{
    Exception, account_refused, as_php_writes, closed, invalid_parameter, invalid_token, moodle,
    no_access, no_permission, no_record,
};
use super::changing::{create_users, delete_users, update_users};
use super::cohorts::{add_members, delete_members, get_cohorts, get_members};
use super::compared::differences;
use super::form::{Php, pairs, tree};
use super::http::{Answer, Request};
use super::reading::{get_users, get_users_by_field, site_info};
use super::settings::{Fault, Settings};
use super::shapes::{Site, of};
use super::state::{Call, State};
use super::{PATH, TOKEN};

/// Functions of Moodle's that are in no service here.
const OTHERS: [&str; 3] =
    ["core_cohort_search_cohorts", "core_cohort_create_cohorts", "core_course_get_courses"];

/// A function, the capability without which it is refused, and what that is called.
const CAPABILITIES: [(&str, &str, &str); 7] = [
    ("core_user_create_users", "moodle/user:create", "Create users"),
    ("core_user_update_users", "moodle/user:update", "Update user profiles"),
    ("core_user_delete_users", "moodle/user:delete", "Delete users"),
    ("core_cohort_get_cohorts", "moodle/cohort:view", "View site-wide cohorts"),
    ("core_cohort_get_cohort_members", "moodle/cohort:view", "View site-wide cohorts"),
    ("core_cohort_add_cohort_members", "moodle/cohort:assign", "Add and remove cohort members"),
    ("core_cohort_delete_cohort_members", "moodle/cohort:assign", "Add and remove cohort members"),
];

const JOIN: &str = "core_cohort_add_cohort_members";

const PAGE: &str =
    "<!DOCTYPE html><html><head><title>Northwind Academy</title></head><body></body></html>";

/// What is said to a call, and what becomes of that.
pub fn answer(state: &Mutex<State>, request: &Request) -> (Answer, Option<Fault>, Settings) {
    let mut state = state.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    state.put();
    let settings = state.settings.clone();
    let Some(real) = state.real.clone() else {
        let (answer, fault) = played(&mut state, request);
        return (answer, fault, settings);
    };
    let heard = Heard::of(request);
    let is_call = request.address.starts_with(PATH);
    let fault = if is_call { heard.note(&mut state, request) } else { None };
    state.put();
    let ask = || real.answer(request, settings.wwwroot.is_some());
    let answer = match fault {
        Some(Fault::Cut) => Answer::new(200, "OK", ""),
        Some(Fault::Refuse) => {
            let refused = invalid_parameter("refused").told(&settings);
            Answer::new(200, "OK", &as_php_writes(&refused))
        }
        Some(Fault::Pretend) => {
            // What was there before is put there again.
            state.read();
            let answer = ask();
            state.is_ahead = true;
            state.put();
            answer
        }
        // Others may look meanwhile, and end whoever asked.
        _ if !settings.delay.is_zero() || !is_call => {
            drop(state);
            ask()
        }
        _ => {
            state.read();
            // What is to become of a call was settled above.
            let mut other = State { real: None, faults: Vec::new(), ..state.clone() };
            let answer = ask();
            let (would_be, _) = played(&mut other, request);
            state.read();
            let differences = differences(&heard.function, (&answer, &state), (&would_be, &other));
            state.differences.extend(differences);
            answer
        }
    };
    (answer, fault, settings)
}

/// A call as it was sent.
struct Heard {
    function: String,
    token: String,
    is_json: bool,
    fields: Vec<(String, String)>,
}

impl Heard {
    fn of(request: &Request) -> Heard {
        let (_, query) = request.address.split_once('?').unwrap_or((&request.address, ""));
        let mut fields = [pairs(query), pairs(&request.body)].concat();
        let mut of_every_call = |name: &str| {
            let place = fields.iter().position(|(field, _)| field == name);
            place.map(|place| fields.remove(place).1).unwrap_or_default()
        };
        Heard {
            token: of_every_call("wstoken"),
            function: of_every_call("wsfunction"),
            is_json: of_every_call("moodlewsrestformat") == "json",
            fields,
        }
    }

    /// Keeps it, and answers what is to become of it.
    fn note(&self, state: &mut State, request: &Request) -> Option<Fault> {
        let passwords = self.fields.iter().filter(|(name, _)| name.ends_with("[password]"));
        state.passwords_known.extend(passwords.map(|(_, word)| word.clone()));
        state.calls.push(Call {
            function: self.function.clone(),
            address: request.address.clone(),
            fields: self.fields.clone(),
        });
        let fault = state.fault_of(&self.function);
        match fault {
            Some(Fault::Expires) => state.settings.expired = true,
            Some(Fault::Closes) => state.settings.closed = true,
            _ => return fault,
        }
        state.is_ahead = true;
        fault
    }
}

fn played(state: &mut State, request: &Request) -> (Answer, Option<Fault>) {
    let settings = &state.settings;
    if let Some(root) = &settings.wwwroot
        && !root.contains(&format!("//{}", request.host))
    {
        return (Answer::new(303, "See Other", "").header("Location", root), None);
    }
    let path = request.address.split('?').next().unwrap_or_default();
    if settings.maintenance {
        let page = Answer::page(503, "Moodle under maintenance", PAGE);
        return (page.header("Retry-After", "300"), None);
    }
    if path == "/" || path == "/login/index.php" {
        return (Answer::page(200, "OK", PAGE), None);
    }
    if path != PATH {
        return (Answer::page(404, "Not Found", PAGE), None);
    }
    if !settings.services_on {
        return (Answer::new(403, "Forbidden", ""), None);
    }
    let heard = Heard::of(request);
    let fault = heard.note(state, request);
    let (token, function, sent) = (&heard.token, &heard.function, &tree(&heard.fields));
    let answer = match fault {
        Some(Fault::Cut) => Ok(Value::Null),
        Some(Fault::Refuse) => Err(invalid_parameter("refused")),
        Some(Fault::Pretend) => {
            let (people, cohorts) = (state.people.clone(), state.cohorts.clone());
            let answer = call(state, token, function, sent);
            (state.people, state.cohorts) = (people, cohorts);
            answer
        }
        _ => call(state, token, function, sent),
    };
    let answer = answer.unwrap_or_else(|exception| exception.told(&state.settings));
    if !heard.is_json {
        // Without that word Moodle answers with XML.
        let text = "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<RESPONSE></RESPONSE>";
        return (Answer::new(200, "OK", text).header("Content-Type", "application/xml"), fault);
    }
    (Answer::new(200, "OK", &as_php_writes(&answer)), fault)
}

fn call(state: &mut State, token: &str, function: &str, sent: &Php) -> Result<Value, Exception> {
    may_call(state, token, function)?;
    let site = Site { languages: &state.settings.languages };
    site.holds(of(function), Some(sent), function)?;
    may_do(state, function)?;
    match function {
        "core_webservice_get_site_info" => Ok(site_info(state)),
        "core_user_get_users" => get_users(state, sent),
        "core_user_get_users_by_field" => get_users_by_field(state, sent),
        "core_user_create_users" => create_users(state, sent),
        "core_user_update_users" => update_users(state, sent),
        "core_user_delete_users" => delete_users(state, sent),
        "core_cohort_get_cohorts" => Ok(get_cohorts(state, sent)),
        "core_cohort_get_cohort_members" => get_members(state, sent),
        "core_cohort_add_cohort_members" => Ok(add_members(state, sent)),
        "core_cohort_delete_cohort_members" => delete_members(state, sent),
        _ => Err(no_record("external_functions")),
    }
}

fn may_call(state: &mut State, token: &str, function: &str) -> Result<(), Exception> {
    let own = state.own_id();
    let settings = &mut state.settings;
    if token != TOKEN || settings.token_is_gone {
        return Err(invalid_token());
    }
    if settings.expired {
        // It is deleted at that call, and the next one is told of a wrong token.
        settings.token_is_gone = true;
        return Err(no_access());
    }
    // The tokens of an account go with it (read in source).
    let Some(account) = state.by_id(own) else { return Err(invalid_token()) };
    let how = [
        (account.suspended, "suspended"),
        (account.unconfirmed, "unconfirmed"),
        (&account["auth"] == "nologin", "nologin"),
    ];
    if let Some((_, how)) = how.iter().find(|(is_so, _)| *is_so) {
        return Err(account_refused(how, &account["username"]));
    }
    let exists = super::FUNCTIONS.contains(&function) || OTHERS.contains(&function);
    if state.settings.closed && !state.settings.token.is_administrator() {
        return Err(closed());
    }
    match (state.settings.functions.contains(function), exists) {
        (true, _) => Ok(()),
        (false, true) => Err(no_access()),
        (false, false) => Err(no_record("external_functions")),
    }
}

fn may_do(state: &State, function: &str) -> Result<(), Exception> {
    let settings = &state.settings;
    let needed = CAPABILITIES.iter().find(|(of, ..)| *of == function);
    if let Some((_, capability, words)) = needed
        && !settings.token.is_administrator()
        && settings.lacks.contains(capability)
    {
        return Err(no_permission(words));
    }
    // These two look at people without looking at the account that asks.
    if matches!(function, "core_webservice_get_site_info" | "core_user_get_users") {
        return Ok(());
    }
    let why = if settings.not_set_up {
        moodle("usernotfullysetup", "User not fully set-up")
    } else if settings.policy_not_agreed && !settings.token.is_administrator() {
        let message = "Site policy not agreed: <a href=\"https://moodle.example.com/\
            user/policy.php\">Click here to open the site policy.</a>";
        moodle("sitepolicynotagreed", message)
    } else {
        return Ok(());
    };
    // This one catches what is in the way, and loses it.
    Err(if function == JOIN { moodle("Error", "cohort/Error") } else { why })
}

/// How many people an answer tells of, each of whom takes a while.
pub fn people_in(answer: &Answer) -> u32 {
    let told = serde_json::from_str(&answer.body).unwrap_or(json!(null));
    let users = told["users"].as_array().or_else(|| told.as_array());
    let users = users.map(Vec::as_slice).unwrap_or_default();
    let people = users.iter().filter(|one| one.get("fullname").is_some()).count();
    u32::try_from(people).unwrap_or(u32::MAX)
}
