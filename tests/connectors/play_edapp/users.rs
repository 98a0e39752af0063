//! Somebody is made.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::asked::refusal;
use super::listing::json_of;
use super::state::{State, User};
use crate::strict::http::Reply;
use crate::strict::shape::{Fields, Kind, check, is_strong};

/// [C] The body of `POST /v2/users`; [D csv] the e-mail is what somebody needs.
const USER: &Fields = &[
    ("email", Kind::Text),
    ("username?", Kind::Text),
    ("name?", Kind::Text),
    ("firstName?", Kind::Text),
    ("lastName?", Kind::Text),
    ("password?", Kind::Text),
    ("externalIdentifier?", Kind::Text),
    ("roles?", Kind::Texts),
    ("userGroups?", Kind::Texts),
    ("userGroupsManaged?", Kind::Texts),
    ("customFields?", Kind::Object),
    ("sendWelcomeEmail?", Kind::YesOrNo),
    ("passwordChangeRequired?", Kind::YesOrNo),
];

/// [D users] Seven; [C] the eighth is `facilitator`.
const ROLES: [&str; 8] = [
    "app-user",
    "prizing-user",
    "account-admin",
    "content-author",
    "manager-analytics",
    "exclude-from-analytics",
    "reviewer",
    "facilitator",
];
/// [D csv] “The default role for new users is Learner & Prizing User.”
const DEFAULT: [&str; 2] = ["app-user", "prizing-user"];

pub fn make(state: &mut State, mut body: Value) -> Reply {
    let switches = state.switches;
    if let Err(why) = check(&mut body, USER, switches.drops_unknown) {
        return refusal(400, &why);
    }
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let texts = |name: &str| -> BTreeSet<String> {
        let all = body[name].as_array().into_iter().flatten();
        all.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let (email, external_id) = (text("email"), text("externalIdentifier"));
    if !email.contains('@') {
        return refusal(400, "Email not valid");
    }
    // [D csv] “Optional (will take on the email if left empty)”; [U] here.
    let username = match text("username") {
        none if none.is_empty() && switches.needs_username => {
            return refusal(400, "username is required");
        }
        none if none.is_empty() => email.clone(),
        username => username,
    };
    let taken = if switches.conflicts { 409 } else { 400 };
    if state.is_taken(&username) {
        return refusal(taken, "username already in use");
    }
    // [D users] “External identifiers must be unique within your account.”
    if !external_id.is_empty() && state.users.iter().any(|user| user.external_id == external_id) {
        return refusal(taken, "external id already in use");
    }
    let password = text("password");
    if !password.is_empty() && !is_strong(&password, false) {
        // [D csv] In these words.
        return refusal(
            400,
            "Password minimum length 8 characters & must contain 1 uppercase letter & must contain 1 number or special character",
        );
    }
    let mut roles = texts("roles");
    if let Some(role) = roles.iter().find(|role| !ROLES.contains(&role.as_str())) {
        return refusal(400, &format!("no role {role}"));
    }
    if roles.is_empty() || switches.adds_roles {
        roles.extend(DEFAULT.map(str::to_owned));
    }
    let mut groups = texts("userGroups");
    if let Some(id) = groups.iter().find(|id| !state.groups.iter().any(|own| own.id == **id)) {
        return refusal(400, &format!("no user group {id}"));
    }
    if switches.has_rule {
        groups.insert("g3".to_owned());
    }
    if body["sendWelcomeEmail"] == true {
        state.mails.push(email.clone());
    }
    state.next += 1;
    let user = User {
        id: format!("u{}", state.next),
        email,
        username,
        first_name: text("firstName"),
        last_name: text("lastName"),
        external_id,
        roles,
        groups,
        password,
        hidden: usize::from(switches.lists_late),
    };
    // [C] 200; [U] what of them is told.
    let told = match switches.made_says_nothing {
        true => json!({}),
        false => json_of(&user, switches.names_usernames),
    };
    state.users.push(user);
    if let Some(gone) = state.vanishes.take() {
        state.groups.retain(|group| group.id != gone);
        for user in &mut state.users {
            user.groups.remove(gone);
        }
    }
    Reply::new(200, &told)
}
