//! Who of a plan is not part of a push: told before anything is sent.

use muster_engine::plan::{NotSent, Part, Plan, PlannedPerson};

use crate::exit::remark;
use crate::page::people;

/// So many are named.
const NAMED: usize = 10;

/// Says on standard error how many are not sent, who, and why.
pub fn tell(plan: &Plan, part: Part) {
    let all = plan.not_sent(part);
    let of = |why: NotSent| all.iter().filter(move |one| one.0 == why).map(|one| one.1);
    let with_error: Vec<String> = of(NotSent::Error)
        .map(|planned| format!("{}: {}", who(planned), planned.person.why))
        .collect();
    let names = |why: NotSent| -> Vec<String> { of(why).map(who).collect() };
    said(&with_error, "left out because of an error", "; ");
    said(&names(NotSent::NotChosen), "not chosen", ", ");
    said(&names(NotSent::Ignored), "not sent, as the LMS passes over what differs", ", ");
    said(&names(NotSent::ByHand), "not sent, as all that differs is done by hand", ", ");
}

fn who(planned: &PlannedPerson) -> String {
    let person = &planned.person;
    muster_engine::plan::who(&person.name, &person.key)
}

fn said(who: &[String], why: &str, between: &str) {
    if who.is_empty() {
        return;
    }
    let mut text = format!("{} {why}: ", people(who.len()));
    text.push_str(&who[..who.len().min(NAMED)].join(between));
    if who.len() > NAMED {
        text.push_str(&format!("{between}and {} more", who.len() - NAMED));
    }
    remark(&format!("{text}."));
}
