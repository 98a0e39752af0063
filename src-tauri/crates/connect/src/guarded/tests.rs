use std::cell::RefCell;

use super::*;
use muster_plan::plan::Action;
use muster_plan::push::{Secret, Target, Values};

const TOKEN: &str = "T0ken-of-the-tests";
const PASSWORD: &str = "Sommer-26";

/// A connector that hands on whatever it hears, in every place where it can.
struct Careless;

fn careless() -> Failure {
    let echo = format!("it was sent {TOKEN} and {PASSWORD}");
    Failure::new(FailureKind::Network, echo.clone()).why(&echo).hint(echo)
}

impl Link for Careless {
    fn identify(&mut self) -> Result<String> {
        Ok(format!("An LMS that knows {TOKEN}"))
    }
    fn people(&mut self, on_progress: OnProgress) -> Result<Vec<RemotePerson>> {
        match on_progress("Asking for the people", 1, 2) {
            true => Err(careless()),
            false => Ok(vec![person(TOKEN)]),
        }
    }
    fn find(&mut self, order: &Order) -> Result<Option<RemotePerson>> {
        match order.login.as_str() {
            "" => Err(careless()),
            login => Ok(Some(person(login))),
        }
    }
    fn missing_groups(&self, _: &[&Order]) -> Vec<String> {
        Vec::new()
    }
    fn make_group(&mut self, _: &str) -> Result<()> {
        Err(careless())
    }
    fn send(&mut self, requests: &[ChangeRequest]) -> Vec<ChangeResult> {
        let words = careless().to_string();
        let all = [
            ChangeResult::Refused(words.clone()),
            ChangeResult::ByHand(words),
            ChangeResult::Unknown(careless()),
            ChangeResult::NotSent(careless()),
            ChangeResult::Done("7".into()),
        ];
        all.into_iter().take(requests.len()).collect()
    }
    fn deliver(&mut self, _: &[u8]) -> Result<()> {
        Err(careless())
    }
}

fn person(title: &str) -> RemotePerson {
    let values = Values::from([("title".into(), Value::Many(vec!["Lead".into(), title.into()]))]);
    RemotePerson { id: "7".into(), login: "ada".into(), values }
}

fn order(login: &str) -> Order {
    let (key, name, id) = (String::new(), "Ada Lo".into(), String::new());
    let (before, after) = (Values::new(), Values::new());
    Order { key, name, line: None, action: Action::Update, id, login: login.into(), before, after }
}

fn guarded() -> Guarded {
    let target = Target::read("scim+https://lms.example.com/").expect("an address");
    let watch = Watch::new(&target, &Secret::new(TOKEN), crate::Stop::default());
    Guarded::new(Box::new(Careless), watch.expect("no options"))
}

#[test]
fn whatever_a_connector_hands_on_is_told_without_what_is_secret() {
    let mut link = guarded();
    let password = Secret::new(PASSWORD);
    let order_of = order("");
    let request = || ChangeRequest { order: &order_of, now: None, password: Some(&password) };
    let answers = link.send(&[request(), request(), request(), request()]);
    let mut said: Vec<String> = answers.iter().map(|answer| format!("{answer:?}")).collect();
    said.push(link.identify().expect("an LMS"));
    said.push(link.people(&|_, _, _| true).expect_err("careless").to_string());
    said.push(link.find(&order_of).expect_err("careless").to_string());
    said.push(link.make_group("Red").expect_err("careless").to_string());
    said.push(link.deliver(b"").expect_err("careless").to_string());
    for words in said {
        assert!(words.contains("•••"), "{words}");
        assert!(!words.contains(TOKEN) && !words.contains(PASSWORD), "{words}");
    }
}

#[test]
fn a_token_among_peoples_values_is_in_no_roster() {
    let mut link = guarded();
    let refused = link.people(&|_, _, _| false).expect_err("refused").to_string();
    assert!(refused.contains("the token of this connection"), "{refused}");
    let refused = link.find(&order(TOKEN)).expect_err("refused").to_string();
    assert!(!refused.contains(TOKEN), "{refused}");
    assert!(link.find(&order("Nurse")).expect("somebody").is_some());
}

#[test]
fn how_long_a_look_may_take_is_shown_with_what_it_does() {
    let told = RefCell::new(Vec::new());
    let _ = guarded().people(&|what, done, of| {
        told.borrow_mut().push(format!("{what}: {done} of {of}"));
        true
    });
    assert_eq!(told.into_inner(), ["Asking for the people (15 minutes at most): 1 of 2"]);
}

/// A method that is not handed on would answer with what `Link` has for those that have nothing of their own.
#[test]
fn whatever_a_link_can_be_asked_is_handed_on() {
    let (link, here) = (include_str!("../link.rs"), include_str!("../guarded.rs"));
    let of_trait = link.split_once("pub trait Link {").expect("the trait").1;
    let names = of_trait.lines().filter_map(|line| line.trim_start().strip_prefix("fn "));
    let missing: Vec<&str> = names
        .filter_map(|rest| rest.split(['(', '<']).next())
        .filter(|name| !here.contains(&format!("self.link.{name}(")))
        .collect();
    assert!(missing.is_empty(), "guarded.rs does not hand on {missing:?}");
}
