//! One call of `webservice/rest/server.php`: who may, whether it is written as the function takes it, and what comes of it.

use serde_json::{Value, json};

use super::answers::{
    Exception, account_refused, as_php_writes, invalid_parameter, invalid_token, moodle, no_access,
    no_permission, no_record,
};
use super::changing::{create_users, delete_users, update_users};
use super::cohorts::{add_members, delete_members, get_cohorts, get_members};
use super::form::{Php, pairs, tree};
use super::http::{Answer, Request};
use super::reading::{get_users, get_users_by_field, site_info};
use super::settings::Fault;
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
    ("core_cohort_get_cohorts", "moodle/cohort:view", "Use cohorts and view members"),
    ("core_cohort_get_cohort_members", "moodle/cohort:view", "Use cohorts and view members"),
    ("core_cohort_add_cohort_members", "moodle/cohort:assign", "Add and remove cohort members"),
    ("core_cohort_delete_cohort_members", "moodle/cohort:assign", "Add and remove cohort members"),
];

const PAGE: &str =
    "<!DOCTYPE html><html><head><title>Northwind Academy</title></head><body></body></html>";

pub fn answer(state: &mut State, request: &Request) -> (Answer, Option<Fault>) {
    let settings = &state.settings;
    if let Some(root) = &settings.wwwroot
        && !root.contains(&format!("//{}", request.host))
    {
        return (Answer::new(303, "See Other", "").header("Location", root), None);
    }
    let (path, query) = request.address.split_once('?').unwrap_or((&request.address, ""));
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
    let fields = [pairs(query), pairs(&request.body)].concat();
    let sent = tree(&fields);
    let function = sent.text("wsfunction").to_owned();
    let always = ["wstoken", "wsfunction", "moodlewsrestformat"];
    state.calls.push(Call {
        function: function.clone(),
        address: request.address.clone(),
        fields: fields.into_iter().filter(|(name, _)| !always.contains(&name.as_str())).collect(),
    });
    let is_json = sent.text("moodlewsrestformat") == "json";
    let token = sent.text("wstoken").to_owned();
    let Php::List(mut sent) = sent else { return (Answer::page(200, "OK", PAGE), None) };
    sent.retain(|(name, _)| !always.contains(&name.as_str()));
    let fault = state.fault_of(&function);
    let answer = match fault {
        Some(Fault::Cut) => Ok(Value::Null),
        Some(Fault::Refuse) => Err(invalid_parameter("refused")),
        Some(Fault::Pretend) => {
            let (people, cohorts) = (state.people.clone(), state.cohorts.clone());
            let answer = call(state, &token, &function, &Php::List(sent));
            (state.people, state.cohorts) = (people, cohorts);
            answer
        }
        _ => call(state, &token, &function, &Php::List(sent)),
    };
    let answer = answer.unwrap_or_else(|exception| exception.told(&state.settings));
    if !is_json {
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
        "core_cohort_delete_cohort_members" => Ok(delete_members(state, sent)),
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
    // Reads work all the same. Seen of create; that the others are as strict is taken from it.
    let writes = matches!(
        function,
        "core_user_create_users" | "core_user_update_users" | "core_user_delete_users"
    );
    if writes && settings.not_set_up {
        return Err(moodle("usernotfullysetup", "User not fully set-up"));
    }
    if writes && settings.policy_not_agreed {
        let message = "The site policy has not been agreed to. \
            <a href=\"https://moodle.example.com/user/policy.php\">Site policy</a>";
        return Err(moodle("sitepolicynotagreed", message));
    }
    Ok(())
}

/// How many people an answer tells of, each of whom takes a while.
pub fn people_in(answer: &Answer) -> u32 {
    let told = serde_json::from_str(&answer.body).unwrap_or(json!(null));
    let users = told["users"].as_array().or_else(|| told.as_array());
    let users = users.map(Vec::as_slice).unwrap_or_default();
    let people = users.iter().filter(|one| one.get("fullname").is_some()).count();
    u32::try_from(people).unwrap_or(u32::MAX)
}
