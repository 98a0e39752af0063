//! People who are made, and who are not.

use serde_json::Value;

use super::super::{Mail, Moodle, Version};
use super::{INVALID, WEAK};

#[test]
fn people_are_made_all_or_nobody_and_ten_mistakes_have_one_sentence() {
    let moodle = Moodle::start().people(8);
    assert_eq!(moodle.create(&[]), r#"[{"id":109,"username":"nia"}]"#);
    for (field, value) in [
        ("0.username", "user007"),
        ("0.email", "USER007@example.com"),
        ("0.username", "Nia"),
        ("0.username", "n ia"),
        ("0.username", "nïa"),
        ("0.username", "n+ia"),
        ("0.lang", "de"),
        ("0.auth", "saml9"),
        ("0.auth", "mnet"),
        ("0.auth", "webservice"),
        ("0.password", "…"),
        ("0.firstname", "<b>Nia</b>"),
        ("0.email", "nia"),
        ("0.email", "nia@example.com "),
        ("0.email", "n ia@example.com"),
        ("0.shoesize", "44"),
        ("0.suspended", "1"),
    ] {
        let others = [("0.username", "new"), ("0.email", "new@example.com"), (field, value)];
        let others: Vec<(&str, &str)> =
            others.into_iter().rev().fold(Vec::new(), |mut all, next| {
                if all.iter().all(|(name, _)| *name != next.0) {
                    all.push(next);
                }
                all
            });
        assert_eq!(moodle.create(&others), INVALID, "{field}={value}");
    }
    let two = [
        ("0.username", "new"),
        ("0.email", "new@example.com"),
        ("1.username", "user007"),
        ("1.firstname", "A"),
        ("1.lastname", "B"),
        ("1.email", "b@example.com"),
        ("1.password", "Good-Word-1"),
    ];
    assert_eq!(moodle.create(&two), INVALID);
    assert_eq!(moodle.users().len(), 12, "all or nobody");
    let same = Moodle::start().people(8).with(|settings| settings.same_email = true);
    assert!(same.create(&[("0.email", "USER007@example.com")]).starts_with("[{"));
}

#[test]
fn what_is_too_long_is_a_database_error_and_a_weak_password_is_html() {
    let moodle = Moodle::start();
    let long = |letters: usize| "é".repeat(letters);
    for (field, most) in [
        ("0.firstname", 100),
        ("0.lastname", 100),
        ("0.phone1", 20),
        ("0.phone2", 20),
        ("0.city", 120),
        ("0.idnumber", 255),
        ("0.institution", 255),
        ("0.department", 255),
        ("0.address", 255),
    ] {
        let told: Value =
            serde_json::from_str(&moodle.create(&[(field, &long(most + 1))])).expect("JSON");
        assert_eq!(told["exception"], "dml_write_exception", "{field}");
        assert_eq!(told["errorcode"], "dmlwriteexception", "{field}");
        assert_eq!(told["message"], "Error writing to database", "{field}");
    }
    assert!(moodle.create(&[("0.firstname", &long(100))]).starts_with("[{"));

    let told =
        moodle.create(&[("0.username", "b"), ("0.email", "b@example.com"), ("0.password", "weak")]);
    assert!(told.contains(r#""message":"error\/<div>Passwords must be at least 8 characters long.<\/div><div>Passwords must have at least 1 digit(s).<\/div>"#), "{told}");
    let told: Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!(told["errorcode"], WEAK);
    assert_eq!(told["message"], format!("error/{WEAK}"));
    // Whoever logs in elsewhere needs none.
    let ldap = [
        ("0.username", "c"),
        ("0.email", "c@example.com"),
        ("0.password", "…"),
        ("0.auth", "ldap"),
    ];
    assert!(moodle.create(&ldap).starts_with("[{"));
}

#[test]
fn much_is_taken_without_a_word_and_is_not_there() {
    let moodle = Moodle::start();
    let custom = [
        ("0.country", "UK"),
        ("0.timezone", "Mars/Olympus"),
        ("0.customfields.0.type", "nosuch"),
        ("0.customfields.0.value", "x"),
        ("0.customfields.1.type", "site"),
        ("0.customfields.1.value", "Atlantis"),
    ];
    assert!(moodle.create(&custom).starts_with("[{"));
    let users = moodle.users();
    let nia = &users["nia"];
    assert_eq!((&nia["country"], &nia["timezone"]), ("0", "Mars/Olympus"));
    assert_eq!(nia.custom["site"], "");
    let told = moodle.search(&[("username", "nia")])["users"][0].clone();
    assert!(told.get("country").is_none() && told.get("customfields").is_none(), "{told}");
}

#[test]
fn a_refusal_mails_others_a_password_that_does_not_exist_in_4_2_and_nobody_in_4_5() {
    let two = [
        ("0.createpassword", "1"),
        ("0.password", "…"),
        ("1.username", "user001"),
        ("1.firstname", "A"),
        ("1.lastname", "B"),
        ("1.email", "b@example.com"),
        ("1.createpassword", "1"),
    ];
    let new = Moodle::start().people(2);
    assert_eq!((new.create(&two), new.mails()), (INVALID.to_owned(), vec![]));
    let old = Moodle::start().version(Version::V4_2).people(2);
    let refused = INVALID.replace(r"core\\exception\\", "");
    assert_eq!(old.create(&two), refused);
    assert_eq!(old.create(&two), refused);
    let to: Vec<String> = old.mails().into_iter().map(|mail| mail.to).collect();
    assert_eq!(to, ["nia@example.com", "nia@example.com"]);
    assert_ne!(old.mails()[0].password, old.mails()[1].password);
    assert!(!old.users().contains_key("nia"));

    let alone = &two[..2];
    assert!(new.create(alone).starts_with("[{"));
    let nia = new.users()["nia"].clone();
    assert_eq!(nia.preferences["auth_forcepasswordchange"], "1");
    let mail = Mail { to: "nia@example.com".to_owned(), password: nia["password"].to_owned() };
    assert_eq!(new.mails(), [mail]);
    // That the mail was not sent is nobody told.
    let silent = Moodle::start().with(|settings| settings.cannot_mail = true);
    assert!(silent.create(alone).starts_with("[{") && silent.mails().is_empty());
}
