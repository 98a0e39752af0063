//! What the interface does not tell is neither shown as nothing, nor taken back to nothing, nor proved.

use serde_json::json;

use super::World;
use crate::play_moodle::{Moodle, Token};

/// Everybody has a middle name, another name and phones, and nobody says so.
fn silent(token: Token) -> World {
    let moodle = Moodle::start().token(token).people(40);
    moodle.change(|state| {
        for person in &mut state.people {
            person.set("middlename", "Maria").set("alternatename", "Mia");
            person.set("phone1", "+47 1").set("phone2", "+47 2");
            person.set("description", "Works in <b>IT</b> & likes 5 < 6");
        }
    });
    World::new(moodle)
}

const UNTOLD: [&str; 2] = ["middlename", "alternatename"];
const PHONES: [&str; 2] = ["phone1", "phone2"];

#[test]
fn what_is_not_told_is_in_no_column() {
    for (token, phones) in [(Token::Administrator, true), (Token::Both, false)] {
        let world = silent(token);
        let header = world.fetched().header;
        for column in UNTOLD {
            assert!(!header.contains(&column.to_owned()), "{column}: {header:?}");
        }
        for column in PHONES {
            assert_eq!(header.contains(&column.to_owned()), phones, "{column}: {header:?}");
        }
    }
}

#[test]
fn a_change_and_its_way_back_leave_alone_what_is_not_told() {
    for token in [Token::Administrator, Token::Both] {
        let world = silent(token);
        let before = world.moodle.users();
        let mut roster = world.fetched();
        roster.edit("user007", &[("city", "Graz"), ("department", "Sales")]);
        roster.edit("user008", &[("lastname", "Dahl"), ("suspended", "1")]);
        let receipt = world.push(&roster, &[], 0);
        assert_eq!(receipt["proof"]["as_planned"], 2, "{receipt:#}");
        assert_eq!(&world.moodle.users()["user007"]["city"], "Graz");
        world.undo(&receipt, 0);
        assert_eq!(world.moodle.users(), before, "{token:?}");
    }
}

#[test]
fn what_is_not_told_is_written_where_it_is_ordered_and_neither_proved_nor_emptied() {
    let world = silent(Token::Both);
    let mut roster = world.fetched();
    for column in UNTOLD.iter().chain(&PHONES) {
        roster.add_column_if_missing(column);
    }
    let ordered = [("middlename", "Ruth"), ("alternatename", "Ru"), ("phone1", "+47 9")];
    roster.edit("user007", &ordered);
    let receipt = world.push(&roster, &[], 0);
    let user = |column: &str| world.moodle.users()["user007"][column].to_owned();
    for (column, value) in ordered {
        assert_eq!(user(column), value, "{receipt:#}");
    }
    assert_eq!(user("phone2"), "+47 2", "what is blank in a column that was added empties nothing");
    assert_eq!(&world.moodle.users()["user009"]["middlename"], "Maria");
    let proof = &receipt["proof"];
    assert_eq!(proof["differing"], json!([]), "{receipt:#}");
    assert_ne!(proof["unseen"], json!([]), "it was not seen: {receipt:#}");

    let id = receipt["id"].to_string();
    let (exit, words) = world.muster.try_to(&[&"outbox", &"undo", &id]);
    assert!(exit > 0 && words.contains("nobody knows what was"), "{exit}: {words}");
    for (column, value) in ordered {
        assert_eq!(user(column), value, "what was there before is not known: {words}");
    }
}

#[test]
fn a_description_is_not_sent_back_as_a_page_shows_it() {
    let world = silent(Token::Administrator);
    let mut roster = world.fetched();
    roster.add_column_if_missing("description");
    roster.edit("user007", &[("description", "Diver"), ("city", "Graz")]);
    let receipt = world.push(&roster, &[], 0);
    assert_eq!(&world.moodle.users()["user007"]["description"], "Diver", "{receipt:#}");
    assert_eq!(&world.moodle.users()["user008"]["description"], "Works in <b>IT</b> & likes 5 < 6");
    let back = world.undo_whatever(&receipt);
    let now = world.moodle.users()["user007"].clone();
    assert_eq!(&now["city"], "Zürich", "{back:#}");
    assert!(!now["description"].contains("&amp;"), "{now:?}: {back:#}");
    assert!(back.to_string().contains("nobody knows what was"), "{back:#}");
}
