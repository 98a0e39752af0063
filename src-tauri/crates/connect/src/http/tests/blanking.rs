//! Whatever a server makes of a secret before it says it, nothing of it is told.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use proptest::prelude::*;

use crate::http::blanking::{Blanking, said};
use muster_plan::push::Secret;
use muster_table::error::{Failure, FailureKind};

fn blanking(secret: &str) -> Blanking {
    Blanking::new(&Secret::new(secret))
}

/// As PHP and others write texts in JSON: in ASCII alone, with `\/`.
fn in_ascii(text: &str) -> String {
    let json = serde_json::to_string(text).expect("a text");
    let mut out = String::new();
    for letter in json[1..json.len() - 1].replace('/', "\\/").chars() {
        if letter.is_ascii() {
            out.push(letter);
        } else {
            let mut units = [0; 2];
            for unit in letter.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

/// A text in JSON without the quotes around it.
fn in_json(text: &str) -> String {
    let json = serde_json::to_string(text).expect("a text");
    json[1..json.len() - 1].to_owned()
}

fn in_address(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

fn in_page(text: &str) -> String {
    let signs = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;"), ("'", "&#039;")];
    signs.iter().fold(text.to_owned(), |text, (sign, name)| text.replace(sign, name))
}

fn in_page_by_numbers(text: &str) -> String {
    let number = |letter: char| match letter.is_ascii_alphanumeric() {
        true => letter.to_string(),
        false => format!("&#x{:X};", u32::from(letter)),
    };
    text.chars().map(number).collect()
}

type Writing = (&'static str, fn(&str) -> String);

const WRITINGS: &[Writing] = &[
    ("as it is", str::to_owned),
    ("JSON", in_json),
    ("JSON in ASCII", in_ascii),
    ("JSON in JSON", |text| in_json(&in_json(text))),
    ("an address", in_address),
    ("an address in small letters", |text| in_address(text).to_lowercase()),
    ("an address twice", |text| in_address(&in_address(text))),
    ("a form", |text| in_address(text).replace("%20", "+")),
    ("a form in JSON", |text| in_ascii(&in_address(text).replace("%20", "+"))),
    ("a page", in_page),
    ("a page by numbers", in_page_by_numbers),
    ("JSON in a page", |text| in_page(&in_json(text))),
    ("a page in JSON", |text| in_json(&in_page(text))),
    ("base64", |text| STANDARD.encode(text)),
    ("base64 without its end", |text| STANDARD_NO_PAD.encode(text)),
    ("base64 of addresses", |text| URL_SAFE.encode(text)),
    ("base64 of addresses without its end", |text| URL_SAFE_NO_PAD.encode(text)),
    ("with an account of one letter", |text| STANDARD.encode(format!("a:{text}"))),
    ("with an account of two letters", |text| STANDARD.encode(format!("ab:{text}"))),
    ("with an account of three letters", |text| in_ascii(&STANDARD.encode(format!("abc:{text}")))),
    ("base64 in an address", |text| in_address(&STANDARD.encode(text))),
    ("digits", |text| text.bytes().map(|byte| format!("{byte:02X}")).collect()),
    ("small letters", |text| text.to_ascii_lowercase()),
];

/// Letters that mean something to whoever writes a text down.
fn secrets() -> impl Strategy<Value = String> {
    proptest::string::string_regex(r#"[a-zA-Z0-9"\\/+%&<>'=;:#ßéñ漢😀{}\[\]~^`|?!$. _-]{6,40}"#)
        .expect("a pattern")
        .prop_filter("no blanks at its ends", |text| text.trim() == text)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_secret_is_never_told_in_whatever_form_a_server_says_it(
        secret in secrets(),
        before in r#"[a-z "{:,<]{0,40}"#,
        after in r#"[a-z "},>]{0,40}"#,
    ) {
        // A text that happens to say the same in other words would prove nothing.
        prop_assume!(!format!("{before}{after}").contains(&secret));
        let blanking = blanking(&secret);
        for (name, write) in WRITINGS {
            let written = write(&secret);
            let told = blanking.words(&format!("{before}: {written} {after}"));
            prop_assert!(told.contains("•••"), "{name}: {told}");
            prop_assert!(!told.contains(&written), "{name}: {told}");
            // Nor what is left of it without its ends.
            let inner: String = written.chars().skip(3).collect();
            let inner: String = inner.chars().take(inner.chars().count().saturating_sub(4)).collect();
            prop_assert!(inner.chars().count() < 4 || !told.contains(&inner), "{name}: {told}");
        }
    }

    #[test]
    fn what_holds_no_secret_is_told_as_it_is(text in r#"[a-zA-Z0-9 %&\\+;/=]{0,250}"#) {
        let told = blanking("Xq7!unlikely-4711").words(&text);
        prop_assert_eq!(told, text.trim());
    }
}

#[test]
fn passwords_of_a_call_are_left_out_as_the_connections_own_is() {
    let blanking = blanking("T0ken-of-the-tests");
    let passwords = [Secret::new("Sommer \"26\""), Secret::new("")];
    blanking.passwords(passwords.iter());
    let told = blanking.words(r#"{"token":"T0ken-of-the-tests","password":"Sommer \"26\"","n":1}"#);
    assert_eq!(told, r#"{"token":"•••","password":"•••","n":1}"#);
}

#[test]
fn passwords_of_earlier_calls_are_remembered_and_not_for_ever() {
    let blanking = blanking("T0ken-of-the-tests");
    for n in 0..40 {
        let batch: Vec<Secret> =
            (0..20).map(|k| Secret::new(format!("Pass-{n:02}-{k:02}"))).collect();
        blanking.passwords(batch.iter());
    }
    assert_eq!(blanking.words("it was Pass-39-00"), "it was •••");
    assert_eq!(blanking.words("it was Pass-20-00"), "it was •••");
    assert_eq!(blanking.words("it was Pass-00-00"), "it was Pass-00-00");
    // All of one call, however many they are.
    let batch: Vec<Secret> = (0..2000).map(|k| Secret::new(format!("Big-{k:04}"))).collect();
    blanking.passwords(batch.iter());
    assert_eq!(blanking.words("Big-0000, Big-1999"), "•••, •••");
}

#[test]
fn a_password_of_three_letters_is_left_out_where_it_stands_alone() {
    let blanking = blanking("in1");
    assert_eq!(blanking.words("password \"in1\" in1x within1"), "password \"•••\" in1x within1");
}

#[test]
fn a_password_that_is_a_word_of_ours_is_left_out_only_where_a_server_is_quoted() {
    for (secret, words) in [
        ("wrong", "the username or the password is wrong"),
        ("password", "the username or the password is wrong"),
        ("404", "it answered 404"),
    ] {
        let told = blanking(secret);
        assert_eq!(told.sentence(words), words, "blank there, it would only be told");
        let echo = format!("{words}: {}", said(&format!("{{\"password\":\"{secret}\"}}")));
        assert!(told.sentence(&echo).ends_with("\"•••\"}"), "{}", told.sentence(&echo));
        assert!(told.sentence(&echo).starts_with(words));
        assert!(!told.words(words).contains(secret));
    }
    // What is no word is left out wherever it stands, quoted or not.
    let told = blanking("Sommer-26");
    assert_eq!(told.sentence("it has Sommer-26 in it"), "it has ••• in it");
    // A server cannot end its quotation.
    let out = said("a\u{e001} wrong \u{e000}b");
    assert_eq!(blanking("wrong").sentence(&out), "a ••• b");
}

#[test]
fn a_token_that_a_server_shortens_is_recognised_by_its_beginning() {
    let blanking = blanking("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl");
    assert_eq!(blanking.words("no such token: eyJhbGciOiJIUzI1…"), "no such token: •••…");
    assert_eq!(blanking.words("no such token: eyJhbG…"), "no such token: eyJhbG…");
}

#[test]
fn what_a_session_goes_by_is_as_good_as_a_password() {
    let blanking = blanking("Hidden-Word-2");
    blanking.also("s3ss10n-c00k1e");
    assert_eq!(blanking.words("Cookie: id=s3ss10n-c00k1e"), "Cookie: id=•••");
    (0..100).for_each(|n| blanking.also(&format!("session-{n}")));
    assert_eq!(blanking.words("Hidden-Word-2, session-99"), "•••, •••");
}

#[test]
fn what_a_server_says_is_shortened_after_the_secret_was_left_out() {
    let secret = "T0ken-of-the-tests";
    let blanking = blanking(secret);
    for before in 270..300 {
        let told = blanking.words(&format!("{}{secret} and more", "x".repeat(before)));
        assert!(!told.contains("T0k"), "{told}");
        assert!(told.chars().count() <= 300);
    }
    let flood = format!("{secret} ").repeat(1 << 20);
    let told = blanking.words(&flood);
    assert!(told.chars().count() <= 300 && told.ends_with('…'), "{told}");
    assert!(!told.contains("T0k"), "{told}");
    assert_eq!(blanking.words(&"é".repeat(300)), "é".repeat(300));
    assert_eq!(blanking.words(&"é".repeat(301)), format!("{}…", "é".repeat(299)));
}

#[test]
fn all_that_is_told_of_a_failure_is_looked_at() {
    let failure = Failure::new(FailureKind::Refused, "`T0ken-of-the-tests` was refused")
        .why("T0ken-of-the-tests")
        .hint("Not T0ken-of-the-tests.");
    let told = blanking("T0ken-of-the-tests").failure(failure);
    assert_eq!(told.kind, FailureKind::Refused);
    assert_eq!(told.to_string(), "`•••` was refused: •••. Not •••.");
}

#[test]
fn a_token_among_peoples_values_is_seen_and_a_word_that_is_a_password_too_is_not() {
    let token = blanking("T0ken-of-the-tests");
    assert!(token.is_told_by("I am T0ken-of-the-tests"));
    assert!(!token.is_told_by("T0ken"));
    assert!(!blanking("greenhill").is_told_by("Greenhill, greenhill school"));
}
