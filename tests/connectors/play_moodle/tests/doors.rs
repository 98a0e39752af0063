//! Who may ask, how much of a call is read, and what may become of it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::super::{Fault, Moodle, PATH, TOKEN, Token, Version};
use super::INVALID;

#[test]
fn who_may_not_is_told_so_with_status_200_and_in_one_text_for_many_reasons() {
    let told = |moodle: Moodle| moodle.said("core_user_get_users", &[]);
    let no_access = r#"{"exception":"webservice_access_exception","errorcode":"accessexception","message":"Access control exception"}"#;
    assert_eq!(told(Moodle::start().without_function("core_user_get_users")), no_access);
    let expired = Moodle::start().with(|settings| settings.expired = true);
    assert_eq!(expired.said("core_user_get_users", &[]), no_access);
    let gone = r#"{"exception":"core\\exception\\moodle_exception","errorcode":"invalidtoken","message":"Invalid token - token not found"}"#;
    assert_eq!(told(expired), gone);

    let rests = Moodle::start().with(|settings| settings.closed = true);
    assert!(rests.ask("core_webservice_get_site_info", &[])["userid"].is_number());
    let closed = r#"{"exception":"core\\exception\\moodle_exception","errorcode":"sitemaintenance","message":"The site is undergoing maintenance and is currently not available"}"#;
    assert_eq!(rests.token(Token::Limited).said("core_user_get_users", &[]), closed);

    let moodle = Moodle::start();
    let wrong = moodle.raw(PATH, "wstoken=wrong&wsfunction=x&moodlewsrestformat=json");
    assert!(wrong.ends_with(gone), "{wrong}");
    let unknown = moodle.ask("core_user_nosuch", &[]);
    assert_eq!(unknown["exception"], "dml_missing_record_exception");
    assert_eq!(unknown["errorcode"], "invalidrecord");
    let words = "Can't find data record in database table external_functions.";
    assert_eq!(unknown["message"], words);

    let moodle = Moodle::start().token(Token::Limited).lacks("moodle/user:create");
    let refused: Value = serde_json::from_str(&moodle.create(&[])).expect("JSON");
    assert_eq!(refused["errorcode"], "nopermissions");
    let words = "Sorry, but you do not currently have permissions to do that (Create users).";
    assert_eq!(refused["message"], words);

    for (moodle, code) in [
        (Moodle::start().with(|settings| settings.not_set_up = true), "usernotfullysetup"),
        (Moodle::start().with(|settings| settings.policy_not_agreed = true), "sitepolicynotagreed"),
    ] {
        // Of a policy administrators are not asked.
        let is_asked = code == "usernotfullysetup";
        assert_eq!(moodle.create(&[]).contains(code), is_asked);
        let moodle = moodle.token(Token::Limited);
        assert!(moodle.found(&[("lastname", "%")]) >= 3, "people are told of");
        assert!(moodle.create(&[("0.username", "bo")]).contains(code));
        for (function, field) in [
            ("core_user_update_users", "users[0][id]"),
            ("core_user_delete_users", "userids[0]"),
            ("core_cohort_get_cohorts", "cohortids[0]"),
            ("core_cohort_get_cohort_members", "cohortids[0]"),
        ] {
            assert_eq!(moodle.ask(function, &[(field, "1")])["errorcode"], code, "{function}");
        }
        let of_one = [("members[0][cohortid]", "1"), ("members[0][userid]", "2")];
        let left = moodle.ask("core_cohort_delete_cohort_members", &of_one);
        assert_eq!(left["errorcode"], code);
        let joined = moodle.said(
            "core_cohort_add_cohort_members",
            &[
                ("members[0][cohorttype][type]", "id"),
                ("members[0][cohorttype][value]", "1"),
                ("members[0][usertype][type]", "id"),
                ("members[0][usertype][value]", "2"),
            ],
        );
        assert!(joined.contains(r#""errorcode":"Error","message":"cohort\/Error""#), "{joined}");
    }
}

#[test]
fn the_account_of_a_token_can_be_cut_off_by_its_own_token() {
    for (token, own, name) in
        [(Token::Administrator, "2", "admin"), (Token::Limited, "3", "wsmuster")]
    {
        let moodle = Moodle::start().token(token);
        let done = moodle.update(&[("0.id", own), ("0.suspended", "1")]);
        assert_eq!(done, r#"{"warnings":[]}"#);
        let refused = moodle.ask("core_webservice_get_site_info", &[]);
        let words = format!("Refused web service access for suspended username: {name}");
        assert_eq!(refused["message"], words);
        moodle.change(|state| {
            state.person(name).suspended = false;
            state.person(name).unconfirmed = true;
        });
        let refused = moodle.ask("core_webservice_get_site_info", &[]);
        let words = format!("Refused web service access for unconfirmed username: {name}");
        assert_eq!(refused["message"], words);
        moodle.change(|state| {
            state.person(name).unconfirmed = false;
            state.person(name).set("auth", "nologin");
        });
        let refused = moodle.ask("core_webservice_get_site_info", &[]);
        let words =
            format!("Refused web service access for nologin authentication username: {name}");
        assert_eq!(refused["message"], words);
    }
}

#[test]
fn a_site_that_is_off_in_maintenance_or_elsewhere_says_so_by_its_status() {
    let head = |moodle: Moodle, path: &str| {
        let answer = moodle.raw(path, "");
        answer.split_once("\r\n\r\n").map(|(head, body)| (head.to_owned(), body.to_owned()))
    };
    let (told, body) = head(Moodle::start(), "/moodle/webservice/rest/server.php").expect("told");
    assert!(told.starts_with("HTTP/1.1 404") && told.contains("text/html"), "{told}");
    assert!(body.to_lowercase().starts_with("<!doctype html>"));
    let (told, _) = head(Moodle::start(), "/login/index.php").expect("told");
    assert!(told.starts_with("HTTP/1.1 200") && told.contains("text/html"), "{told}");
    let off = Moodle::start().with(|settings| settings.services_on = false);
    let (told, body) = head(off, PATH).expect("told");
    assert!(told.starts_with("HTTP/1.1 403") && body.is_empty(), "{told}");
    let resting = Moodle::start().with(|settings| settings.maintenance = true);
    let (told, body) = head(resting, PATH).expect("told");
    assert!(told.starts_with("HTTP/1.1 503 Moodle under maintenance\r\n"), "{told}");
    assert!(told.contains("\r\nRetry-After: 300") && body.starts_with("<!DOCTYPE html>"), "{told}");
    let root = Some("https://moodle.example.com".to_owned());
    let elsewhere = Moodle::start().with(|settings| settings.wwwroot = root);
    let (told, _) = head(elsewhere, PATH).expect("told");
    assert!(told.starts_with("HTTP/1.1 303"), "{told}");
    assert!(told.contains("Location: https://moodle.example.com"), "{told}");
}

#[test]
fn reasons_are_told_where_debugging_is_on_twice_in_4_5_and_once_in_4_2() {
    let told = |version: Version| {
        let moodle = Moodle::start().version(version).with(|settings| settings.debugging = true);
        serde_json::from_str::<Value>(&moodle.create(&[("0.username", "Nia")])).expect("JSON")
    };
    let new = told(Version::V4_5);
    let reason = new["debuginfo"].as_str().expect("a reason");
    assert_eq!(new["message"], format!("Invalid parameter value detected ({reason})"));
    let old = told(Version::V4_2);
    assert_eq!(old["exception"], "invalid_parameter_exception");
    assert_eq!(old["message"], "Invalid parameter value detected");
    assert!(old["debuginfo"].is_string());
}

#[test]
fn a_token_is_told_whose_it_is_and_what_it_may_ask() {
    let info = Moodle::start().ask("core_webservice_get_site_info", &[]);
    assert_eq!((&info["userid"], &info["username"]), (&json!(2), &json!("admin")));
    assert_eq!(info["userissiteadmin"], true);
    assert_eq!(info["functions"].as_array().map(Vec::len), Some(10));
    let limited = Moodle::start().token(Token::Limited);
    let info = limited.ask("core_webservice_get_site_info", &[]);
    assert_eq!((&info["userid"], &info["username"]), (&json!(3), &json!("wsmuster")));
    assert_eq!(info["userissiteadmin"], false);
}

#[test]
fn fields_beyond_the_thousandth_are_dropped_without_a_word() {
    let moodle = Moodle::start();
    let mut fields = Vec::new();
    for n in 0..250 {
        let login = format!("new{n}");
        for (field, value) in [
            ("username", login.clone()),
            ("firstname", "A".to_owned()),
            ("lastname", "B".to_owned()),
            ("email", format!("{login}@example.com")),
            ("auth", "ldap".to_owned()),
        ] {
            fields.push((format!("{n}.{field}"), value));
        }
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    // 998 fields beside the three of every call: 199 people, and the next one's username, first name and last name.
    assert_eq!(moodle.send("core_user_create_users", &fields), INVALID);
    assert!(moodle.send("core_user_create_users", &fields[..995]).contains("new198"));
    assert_eq!(moodle.users().len(), 3 + 199);
}

#[test]
fn a_call_can_be_lost_cut_held_up_refused_and_answered_with_a_lie() {
    let moodle = Moodle::start().costs(Duration::from_millis(2)).people(20);
    let begun = Instant::now();
    assert_eq!(moodle.found(&[("lastname", "%")]), 23);
    assert!(begun.elapsed() >= Duration::from_millis(46), "{:?}", begun.elapsed());

    let created = |name: &str| {
        let email = format!("{name}@example.com");
        let fields = [
            ("users[0][username]", name),
            ("users[0][firstname]", "A"),
            ("users[0][lastname]", "B"),
            ("users[0][auth]", "ldap"),
            ("users[0][email]", &email),
        ];
        let form: String = fields.iter().map(|(n, v)| format!("&{n}={v}")).collect();
        let form = format!(
            "wstoken={TOKEN}&wsfunction=core_user_create_users&moodlewsrestformat=json{form}"
        );
        (moodle.raw(PATH, &form), moodle.users().contains_key(name))
    };
    moodle.lose_answer_after("core_user_create_users", 1);
    assert!(created("first").0.ends_with("\"username\":\"first\"}]"));
    assert_eq!(created("second"), (String::new(), true));
    moodle.fault_after("core_user_create_users", 0, Fault::Cut);
    assert_eq!(created("third"), (String::new(), false));
    moodle.fault_after("core_user_create_users", 0, Fault::Pretend);
    let (said, there) = created("fourth");
    assert!(said.ends_with("\"username\":\"fourth\"}]") && !there, "{said}");
    moodle.fault_after("core_user_create_users", 0, Fault::Refuse);
    let (said, there) = created("fifth");
    assert!(said.ends_with(INVALID) && !there, "{said}");
    moodle.fault_after("core_user_create_users", 0, Fault::Stall(Duration::from_millis(50)));
    let begun = Instant::now();
    assert!(created("sixth").1 && begun.elapsed() >= Duration::from_millis(50));
    let calls = moodle.calls();
    assert_eq!(calls.len(), 7);
    assert!(calls.iter().all(|call| call.address == PATH && !format!("{call:?}").contains(TOKEN)));
}
