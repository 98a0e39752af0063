//! Who of a plan is not part of a push: told before anything is sent.

use muster_engine::plan::{Action, Part, Plan, PlannedPerson};

use crate::exit::remark;
use crate::page::people;

/// So many are named.
const NAMED: usize = 10;

/// Says on standard error how many are left out, who, and why.
pub fn tell(plan: &Plan, part: Part) {
    let wanted = part.wanted();
    let with_error: Vec<String> = plan
        .with_errors(part)
        .map(|planned| format!("{}: {}", who(planned), planned.person.why))
        .collect();
    said(&with_error, "left out because of an error", "; ");
    let sent = (0..).zip(&plan.people).filter(|(_, planned)| planned.person.action.changes());
    let (mut chosen, others): (Vec<_>, Vec<_>) = sent.partition(|(at, one)| wanted(*at, one));
    // In the order in which they are sent.
    chosen.sort_by_key(|(_, planned)| (planned.person.action, planned.person.line));
    let first = part.first.map_or(chosen.len(), |first| chosen.len().min(first as usize));
    let not_chosen: Vec<String> =
        chosen[first..].iter().chain(&others).map(|(_, planned)| who(planned)).collect();
    said(&not_chosen, "not chosen", ", ");
    let passed_over = |by_hand: bool| -> Vec<String> {
        let ignored = plan.people.iter().filter(|p| p.person.action == Action::Ignored);
        let those = ignored.filter(|planned| planned.as_before.is_empty() != by_hand);
        those.map(who).collect()
    };
    said(&passed_over(false), "not sent, as the LMS passes over what differs", ", ");
    said(&passed_over(true), "not sent, as all that differs is done by hand", ", ");
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
