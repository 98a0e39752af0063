//! People who are changed and deleted, and cohorts.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::state::{GUEST, SERVICE_ACCOUNT};
use super::super::{Moodle, Token, Version};
use super::{INVALID, warning};

#[test]
fn people_are_changed_one_by_one_with_a_warning_for_each_who_cannot_be() {
    let moodle = Moodle::start().token(Token::Limited).people(8);
    let (six, seven) = (moodle.number("user006"), moodle.number("user007"));
    let of = |id: &str, field: &str, value: &str| moodle.update(&[("0.id", id), (field, value)]);
    let duplicate = warning(&seven, "useremailduplicate", "Duplicate address");
    assert_eq!(of(&seven, "0.email", "User006@example.com"), duplicate);
    assert_eq!(
        of(&seven, "0.email", "nothing"),
        warning(&seven, "useremailinvalid", r"error\/useremailinvalid")
    );
    assert_eq!(
        of("2", "0.city", "Oslo"),
        warning("2", "usernotupdatedadmin", "Cannot update admin accounts")
    );
    assert_eq!(
        of("1", "0.city", "Oslo"),
        warning("1", "usernotupdatedguest", r"error\/usernotupdatedguest")
    );
    assert_eq!(of("4711", "0.city", "Oslo"), warning("4711", "invaliduserid", "Invalid user ID"));
    let database = warning(&seven, "dmlwriteexception", "Error writing to database");
    assert_eq!(of(&seven, "0.city", &"x".repeat(121)), database);
    assert_eq!(of(&seven, "0.username", "user006"), database);
    assert_eq!(moodle.ask("core_user_delete_users", &[("userids[0]", &six)]), Value::Null);
    assert_eq!(
        of(&six, "0.city", "Oslo"),
        warning(&six, "usernotupdateddeleted", r"error\/usernotupdateddeleted")
    );

    // The others of the call are changed.
    let two = [
        ("0.id", "2"),
        ("0.city", "Oslo"),
        ("1.id", &seven),
        ("1.username", "seven"),
        ("1.suspended", "1"),
    ];
    assert!(moodle.update(&two).contains("usernotupdatedadmin"));
    assert!(moodle.users()["seven"].suspended);
    // Nobody is, where one value has another type.
    for (field, value) in [
        ("1.username", "Seven"),
        ("1.auth", "saml9"),
        ("1.lang", "de"),
        ("1.department", "AT&T <x>"),
        ("1.email", " b@example.com"),
        ("1.suspended", "yes"),
        ("1.shoesize", "44"),
    ] {
        let two = [("0.id", seven.as_str()), ("0.city", "Oslo"), ("1.id", "3"), (field, value)];
        assert_eq!(moodle.update(&two), INVALID, "{field}={value}");
    }
    assert_eq!(&moodle.users()["seven"]["city"], "Zürich");
    assert_eq!(of(&seven, "0.department", "A < B"), r#"{"warnings":[]}"#);
    // But a weak password, which tells of nobody and changes everybody else.
    let two = [("0.id", seven.as_str()), ("0.password", "weak"), ("1.id", "3"), ("1.city", "Oslo")];
    let told = moodle.update(&two);
    assert_eq!(
        told,
        r#"{"exception":"core\\exception\\invalid_response_exception","errorcode":"invalidresponse","message":"Invalid response value detected"}"#
    );
    assert_eq!(&moodle.users()["wsmuster"]["city"], "Oslo");
    assert_eq!(&moodle.users()["seven"]["password"], "");

    let old = Moodle::start().version(Version::V3_10).token(Token::Limited).people(1);
    let two = [("0.id", "2"), ("0.city", "Oslo"), ("1.id", "101"), ("1.city", "Oslo")];
    assert_eq!(old.update(&two), "null");
    assert_eq!((&old.users()["admin"]["city"], &old.users()["user000"]["city"]), ("", "Oslo"));
}

#[test]
fn whoever_is_deleted_is_gone_for_good_and_the_guest_only_seems_to_be() {
    let moodle = Moodle::start().token(Token::Limited).people(2);
    let id = moodle.number("user000");
    let delete = |id: &str| moodle.said("core_user_delete_users", &[("userids[0]", id)]);
    assert_eq!(delete(&id), "null");
    let gone = r#"{"exception":"dml_missing_record_exception","errorcode":"invaliduser","message":"Invalid user"}"#;
    assert_eq!(delete(&id), gone);
    assert!(!moodle.cohort("SAFETY").contains("user000"));
    let told: Value = serde_json::from_str(&delete("2")).expect("JSON");
    assert_eq!(told["errorcode"], "useradminodelete");
    assert_eq!(told["message"], "Administrator accounts cannot be deleted.");
    assert!(delete(&SERVICE_ACCOUNT.to_string()).contains("usernotdeletederror"));
    assert_eq!(delete(&GUEST.to_string()), "null");
    assert_eq!(
        moodle.users().keys().collect::<Vec<_>>(),
        ["admin", "guest", "user001", "wsmuster"]
    );
    // Their name and address are free again.
    assert!(
        moodle
            .create(&[("0.username", "user000"), ("0.email", "user000@example.com")])
            .starts_with("[{")
    );
}

#[test]
fn cohorts_are_joined_by_number_and_those_who_cannot_are_told_of() {
    let moodle = Moodle::start().people(8);
    let join = |cohort: &str, user: &str| {
        let (cohort_type, cohort) = cohort.split_once('=').expect("a pair");
        let (user_type, user) = user.split_once('=').expect("a pair");
        moodle.said(
            "core_cohort_add_cohort_members",
            &[
                ("members[0][cohorttype][type]", cohort_type),
                ("members[0][cohorttype][value]", cohort),
                ("members[0][usertype][type]", user_type),
                ("members[0][usertype][value]", user),
                ("members[1][cohorttype][type]", "id"),
                ("members[1][cohorttype][value]", "3"),
                ("members[1][usertype][type]", "username"),
                (
                    "members[1][usertype][value]",
                    if user == "wsmuster" { "admin" } else { "wsmuster" },
                ),
            ],
        )
    };
    let one = |code: &str, words: &str| {
        format!(r#"{{"warnings":[{{"warningcode":"{code}","message":"{words}"}}]}}"#)
    };
    let missing = join("idnumber=NOPE", "username=user007");
    assert_eq!(missing, one("2", "cohort idnumber=NOPE not exists"));
    moodle.change(|state| state.cohorts[2].members.clear());
    assert_eq!(
        join("idnumber=SAFETY", "username=nobody"),
        one("2", "user username=nobody not exists")
    );
    moodle.change(|state| state.cohorts[2].members.clear());
    assert_eq!(join("idnumber=SAFETY", "username=user007"), r#"{"warnings":[]}"#);
    moodle.change(|state| state.cohorts[2].members.clear());
    let again = "record already exists: cohort(idnumber=SAFETY username=user007)";
    assert_eq!(join("idnumber=SAFETY", "username=user007"), one("3", again));
    // By its name no cohort is found.
    moodle.change(|state| state.cohorts[2].members.clear());
    assert_eq!(
        join("idnumber=Safety team", "id=101"),
        one("2", "cohort idnumber=Safety team not exists")
    );

    let told = moodle.said("core_cohort_get_cohorts", &[]);
    let safety = r#"[{"id":1,"name":"Safety team","idnumber":"SAFETY","description":"","descriptionformat":1,"visible":true,"theme":"","customfields":[]},"#;
    assert!(told.starts_with(safety) && told.contains(r#""idnumber":null"#), "{told}");
    // In the order of their names, as the database sorts them.
    let members = moodle.ask("core_cohort_get_cohort_members", &[("cohortids[0]", "1")]);
    let ids: BTreeSet<u64> =
        members[0]["userids"].as_array().expect("ids").iter().filter_map(Value::as_u64).collect();
    assert_eq!((&members[0]["cohortid"], ids), (&json!(1), [101, 103, 105, 107, 108].into()));
    for _ in 0..2 {
        let leave = [("members[0][cohortid]", "1"), ("members[0][userid]", "101")];
        assert_eq!(moodle.said("core_cohort_delete_cohort_members", &leave), "null");
    }
    assert!(!moodle.cohort("SAFETY").contains("user000"));
    // Nobody of a call leaves, where somebody of it is gone or a cohort is.
    let mut leave = [
        ("members[0][cohortid]", "1"),
        ("members[0][userid]", "103"),
        ("members[1][cohortid]", "1"),
        ("members[1][userid]", "4711"),
    ];
    assert_eq!(moodle.ask("core_cohort_delete_cohort_members", &leave)["errorcode"], "invaliduser");
    leave[2].1 = "99";
    let missing = moodle.ask("core_cohort_delete_cohort_members", &leave);
    assert_eq!(missing["exception"], "dml_missing_record_exception");
    assert_eq!(missing["message"], "Can't find data record in database table cohort.");
    assert!(moodle.cohort("SAFETY").contains("user002"));
    let blind = Moodle::start().token(Token::Limited).lacks("moodle/cohort:view");
    assert_eq!(blind.ask("core_cohort_get_cohorts", &[])["errorcode"], "nopermissions");
}
