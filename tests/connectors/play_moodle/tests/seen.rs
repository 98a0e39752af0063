//! Who is told of, and what of them.

use serde_json::{Value, json};

use super::super::{Moodle, Token};
use super::INVALID;

#[test]
fn a_person_is_found_only_by_what_the_token_may_see() {
    // Everybody is 123: the guest, the administrator, the token's own account and 120 people.
    let counts = |token: Token| {
        let moodle = Moodle::start().token(token).people(120);
        let told = moodle.search(&[("lastname", "%")]);
        let of = |field: &str| {
            let told = told["users"].as_array().map(Vec::as_slice).unwrap_or_default();
            told.iter().filter(|person| person.get(field).is_some()).count()
        };
        let by_email = moodle.found(&[("email", "%%")]);
        let by_login = moodle.found(&[("username", "user007")]);
        (
            by_email,
            told["users"].as_array().map_or(0, Vec::len),
            of("username"),
            of("email"),
            by_login,
        )
    };
    assert_eq!(counts(Token::Limited), (2, 123, 1, 2, 0));
    assert_eq!(counts(Token::Details), (2, 123, 123, 2, 1));
    assert_eq!(counts(Token::Identity), (123, 123, 1, 123, 0));
    assert_eq!(counts(Token::Both), (123, 123, 123, 123, 1));
    assert_eq!(counts(Token::Administrator), (123, 123, 123, 123, 1));
}

#[test]
fn a_search_is_in_any_case_with_signs_for_anything_and_unknown_keys_are_passed_over() {
    let moodle = Moodle::start().people(12);
    assert_eq!(moodle.found(&[("email", "USER00_@Example.com")]), 10);
    assert_eq!(moodle.found(&[("lastname", "o'n%")]), 2);
    assert_eq!(moodle.found(&[("lastname", "%"), ("idnumber", "000007")]), 1);
    let unknown = moodle.search(&[("deleted", "0")]);
    assert_eq!(unknown["users"].as_array().map(Vec::len), Some(15), "everybody comes");
    let words = r#"[{"item":"deleted","warningcode":"invalidfieldparameter","message":"The search key 'deleted' is not supported, look at the web service documentation"}]"#;
    assert_eq!(unknown["warnings"].to_string(), words);
    let twice = moodle.search(&[("email", "a"), ("email", "b")]);
    assert_eq!(twice["errorcode"], "keyalreadyset");
    assert_eq!(moodle.said("core_user_get_users", &[]), INVALID);
    // Whoever has no last name is missed by one and found by the other.
    moodle.change(|state| {
        state.person("user003").set("lastname", "");
    });
    assert_eq!(moodle.found(&[("lastname", "%")]), 14);
    assert_eq!(moodle.found(&[("firstname", "%")]), 15);
    let by_field = moodle.ask(
        "core_user_get_users_by_field",
        &[("field", "id"), ("values[0]", "2"), ("values[1]", "101"), ("values[2]", "999")],
    );
    assert_eq!(by_field.as_array().map(Vec::len), Some(2));
    // Nothing marks the guest, administrators or the token's own account.
    let told = moodle.search(&[("lastname", "%")]);
    let guest = &told["users"][0];
    assert_eq!((&guest["id"], &guest["username"]), (&json!(1), &json!("guest")));
    assert_eq!((&guest["firstname"], &guest["lastname"]), (&json!("Guest user"), &json!(" ")));
    assert_eq!(guest["email"], "root@localhost");
}

#[test]
fn a_person_is_told_of_as_they_were_seen() {
    let moodle = Moodle::start().people(8);
    let id = moodle.number("user007");
    let set = [
        ("0.id", id.as_str()),
        ("0.address", "Street 1"),
        ("0.phone1", "+49 1"),
        ("0.institution", "Works"),
        ("0.middlename", "Maria"),
        ("0.alternatename", "Mia"),
        ("0.customfields.0.type", "costcentre"),
        ("0.customfields.0.value", "CC-002"),
        ("0.description", "Works in <b>IT</b> & likes 5 < 6"),
    ];
    assert_eq!(moodle.update(&set), r#"{"warnings":[]}"#);
    let told = moodle.search(&[("username", "user007")])["users"][0].clone();
    let names: Vec<&str> = told.as_object().expect("a person").keys().map(String::as_str).collect();
    let wanted =
        "id username firstname lastname fullname address phone1 institution idnumber email";
    for name in wanted.split(' ') {
        assert!(names.contains(&name), "{name}: {told}");
    }
    for never in ["middlename", "alternatename", "maildisplay", "phone2", "preferences"] {
        assert!(!names.contains(&never), "{never}: {told}");
    }
    assert_eq!(told["description"], "Works in <b>IT</b> &amp; likes 5 &lt; 6");
    let custom = r#"[{"type":"text","value":"CC-002","displayvalue":"CC-002","name":"Cost centre","shortname":"costcentre"}]"#;
    assert_eq!(told["customfields"].to_string(), custom);
    let words = moodle.said(
        "core_user_get_users",
        &[("criteria[0][key]", "username"), ("criteria[0][value]", "user001")],
    );
    assert!(words.contains(r#""lastname":"\u00d3 S\u00failleabh\u00e1in""#), "{words}");

    // Blank ones are not told, but these are.
    let blank = [
        ("0.id", id.as_str()),
        ("0.city", ""),
        ("0.country", ""),
        ("0.phone1", ""),
        ("0.department", ""),
        ("0.institution", ""),
        ("0.idnumber", ""),
        ("0.timezone", ""),
        ("0.lang", ""),
    ];
    assert_eq!(moodle.update(&blank), r#"{"warnings":[]}"#);
    let told = moodle.search(&[("username", "user007")])["users"][0].clone();
    for gone in ["city", "country", "phone1", "institution", "idnumber", "timezone"] {
        assert!(told.get(gone).is_none(), "{gone}: {told}");
    }
    for there in ["department", "lang", "theme"] {
        assert_eq!(told[there], "", "{told}");
    }
    // What a token sees of its own account has numbers among its texts.
    let own = Moodle::start().token(Token::Limited).search(&[("username", "wsmuster")]);
    let preferences = own["users"][0]["preferences"].as_array().expect("preferences");
    let of = |name: &str| preferences.iter().find(|one| one["name"] == name).expect("it is told");
    assert_eq!(of("core_user_welcome")["value"], "1");
    assert!(of("_lastloaded")["value"].is_number());
}

#[test]
fn others_see_all_of_a_person_but_phones_and_what_is_told_of_themselves() {
    let told = |moodle: Moodle| {
        moodle.change(|state| {
            state.person("user001").set("phone1", "1").set("phone2", "2").set("description", "x");
        });
        let found = moodle.search(&[("firstname", "bob")]);
        found["users"][0].as_object().expect("somebody").clone()
    };
    let all = told(Moodle::start().people(2));
    let both = told(Moodle::start().token(Token::Both).people(2));
    let missing: Vec<&String> = all.keys().filter(|name| !both.contains_key(*name)).collect();
    assert_eq!(missing, ["phone1", "phone2", "description", "descriptionformat"]);
    let listed = Moodle::start().token(Token::Both).with(|settings| settings.phones_listed = true);
    assert!(told(listed.people(2)).contains_key("phone1"));
    let identity = told(Moodle::start().token(Token::Identity).people(2));
    let missing: Vec<&String> = both.keys().filter(|name| !identity.contains_key(*name)).collect();
    let details = "username department idnumber auth confirmed lang theme mailformat trackforums";
    assert_eq!(missing, details.split(' ').collect::<Vec<_>>());
}

#[test]
fn many_are_told_of_by_their_numbers_page_by_page_and_those_beyond_a_form_are_dropped() {
    let moodle = Moodle::start().token(Token::Both).people(1100);
    let by_ids = |ids: std::ops::Range<u64>| {
        let values: Vec<(String, String)> =
            ids.enumerate().map(|(n, id)| (format!("values[{n}]"), id.to_string())).collect();
        let values = values.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let fields: Vec<(&str, &str)> = std::iter::once(("field", "id")).chain(values).collect();
        let told = moodle.ask("core_user_get_users_by_field", &fields);
        told.as_array().expect("people").clone()
    };
    let everybody = moodle.search(&[("lastname", "%")]);
    let everybody = everybody["users"].as_array().expect("people");
    let mut paged = Vec::new();
    for from in (0..1300).step_by(400) {
        paged.extend(by_ids(from..from + 400));
    }
    // The token's own person has a preference that says when it was asked.
    let told = |people: &[Value]| -> Vec<(String, String)> {
        let of = |one: &Value, name: &str| one[name].to_string();
        people.iter().map(|one| (of(one, "id"), of(one, "email"))).collect()
    };
    assert_eq!(told(&paged), told(everybody));
    assert_eq!(paged.last(), everybody.last());
    // PHP reads a thousand fields and one, and four of them are others.
    assert_eq!(by_ids(101..1201).len(), 997);
    // A number that nobody has is passed over. Whoever is deleted is told of, and nothing marks them.
    assert_eq!(by_ids(2000..2010).len(), 0);
    assert_eq!(moodle.said("core_user_delete_users", &[("userids[0]", "108")]), "null");
    let told = by_ids(107..110);
    assert_eq!(told.len(), 3);
    let name = told[1]["username"].as_str().expect("a name");
    assert!(name.starts_with("user007@example.com.1"), "{name}");
    assert_eq!((&told[1]["suspended"], &told[1]["firstname"]), (&json!(false), &json!("Ana")));
    assert_eq!(moodle.found(&[("id", "108")]), 0);
}
