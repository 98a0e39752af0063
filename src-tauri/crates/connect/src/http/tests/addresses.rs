//! Whatever an id is, it is one part of a path below the address of the connection.

use proptest::prelude::*;
use url::Url;

use crate::http::address::{below, query, segment};
use muster_plan::push::percent_decoded;

fn base() -> Url {
    Url::parse("https://lms.example.com:8443/scim/v2/").expect("an address")
}

fn ids() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{1,12}",
        r"[./\\?#%&=:@;+*~a2eE\x00-\x20]{1,12}",
        Just("../../Users/1?x=".to_owned()),
        Just("%2e%2e/%2E%2e".to_owned()),
        Just("//evil.example.com/".to_owned()),
        Just("https://evil.example.com/".to_owned()),
        Just("1#".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_id_is_one_part_of_a_path_whatever_is_in_it(id in ids()) {
        match segment(&id) {
            Err(_) => prop_assert!(["", ".", ".."].contains(&id.as_str()), "{id}"),
            Ok(part) => {
                let url = below(&base(), &format!("Users/{part}/more")).expect("below");
                prop_assert_eq!(url.origin(), base().origin());
                prop_assert_eq!((url.query(), url.fragment()), (None, None));
                let parts: Vec<&str> = url.path_segments().expect("parts").collect();
                prop_assert_eq!(parts.len(), 5, "{}", url);
                prop_assert_eq!(&parts[..3], &["scim", "v2", "Users"]);
                prop_assert_eq!(percent_decoded(parts[3]), id);
                prop_assert_eq!(parts[4], "more");
            }
        }
    }

    #[test]
    fn a_text_in_a_query_is_one_value_whatever_is_in_it(text in ids()) {
        let url = below(&base(), &format!("Users?filter={}&count=1", query(&text))).expect("below");
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        prop_assert_eq!(pairs, [("filter".to_owned(), text), ("count".to_owned(), "1".to_owned())]);
    }
}

#[test]
fn ids_that_no_path_can_hold_are_refused_in_words() {
    for id in ["", ".", ".."] {
        let refused = segment(id).expect_err("refused").to_string();
        assert!(refused.contains("no id that can be asked for"), "{refused}");
    }
}

#[test]
fn a_call_that_would_leave_the_address_is_not_made() {
    for path in
        ["../Users", "//evil.example.com/", "https://evil.example.com/", "/Users", "Users#1"]
    {
        assert!(below(&base(), path).is_err(), "{path}");
    }
    assert!(below(&base(), "Users?startIndex=1").is_ok());
}
