//! What is sent to Moodle, and what it says to each person of it.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::super::http::{Repeat, said as by_moodle};
use super::super::link::{ChangeRequest, ChangeResult, RemotePerson};
use super::calls::{CallError, Fields, list, plain, text};
use super::{COHORTS, Moodle, SUSPENDED, USERNAME};
use muster_plan::plan::Action;
use muster_plan::push::{ACTIVE, Value};
use muster_table::error::{Failure, FailureKind};

/// Ways of signing in for which Moodle itself keeps the password.
const OWN_PASSWORDS: [&str; 6] = ["", "manual", "email", "none", "nologin", "db"];
/// Of a cohort's warnings, the one that is none: somebody is in it already.
const IN_IT_ALREADY: &str = "3";
/// Whom only a site administrator's token may change.
const ADMINISTRATOR: &str = "usernotupdatedadmin";
/// Moodle stumbles over its own answer then, and has changed the others of the call.
const STUMBLED: &str = "invalidresponse";
/// Somebody who is to be deleted, and is gone.
const GONE: &str = "invaliduser";

/// A change of somebody who is there.
struct Pending {
    at: usize,
    id: String,
    login: String,
    /// The fields of `users[n]`, by their names.
    fields: Fields,
    /// They were made a moment ago.
    is_made: bool,
}

impl Pending {
    fn sets_password(&self) -> bool {
        self.fields.iter().any(|(name, _)| name == "password")
    }
}

impl Moodle {
    /// Makes and changes people, then suspends whom it made, then sees to their cohorts: each is done only when all of it is.
    pub(super) fn carry_out(&mut self, requests: &[ChangeRequest]) -> Vec<ChangeResult> {
        let mut answers: Vec<Option<ChangeResult>> = vec![None; requests.len()];
        let (mut make, mut changes) = (Vec::new(), Vec::new());
        for (at, request) in requests.iter().enumerate() {
            let order = request.order;
            if let Some(why) = self.why_not(request) {
                answers[at] = Some(ChangeResult::Refused(why));
                continue;
            }
            match (order.action, request.now) {
                (Action::Delete, None) => answers[at] = Some(ChangeResult::Done(order.id.clone())),
                (Action::Delete, Some(now)) => answers[at] = Some(self.delete(&now.id)),
                (Action::Create, None) => make.push(at),
                (_, Some(now)) => changes.push(change_of(at, request, now)),
                (_, None) => {
                    let why = "Moodle has nobody of this username any more";
                    answers[at] = Some(ChangeResult::Refused(why.to_owned()));
                }
            }
        }
        for (at, answer) in self.make(requests, &make) {
            match answer {
                ChangeResult::Done(id) => changes.push(suspension_of(at, &requests[at], id)),
                other => answers[at] = Some(other),
            }
        }
        let (idle, changes): (Vec<Pending>, Vec<Pending>) =
            changes.into_iter().partition(|change| change.fields.is_empty());
        let mut ids: BTreeMap<usize, String> =
            idle.into_iter().map(|change| (change.at, change.id)).collect();
        for (at, answer) in self.change(requests, changes) {
            match answer {
                ChangeResult::Done(id) => {
                    ids.insert(at, id);
                }
                other => answers[at] = Some(other),
            }
        }
        for (at, answer) in self.see_to_cohorts(requests, &ids) {
            answers[at] = Some(answer);
        }
        let missing = || ChangeResult::Unknown(Failure::internal("an order was passed over"));
        answers.into_iter().map(|answer| answer.unwrap_or_else(missing)).collect()
    }

    /// Why an order cannot be carried out, where that is known without asking.
    fn why_not(&self, request: &ChangeRequest) -> Option<String> {
        let order = request.order;
        let auth = order.after.get("auth").map_or("", Value::one);
        let needs_one = OWN_PASSWORDS.contains(&auth) && request.password.is_none();
        if order.is_new() && request.now.is_none() && needs_one && !self.makes_passwords {
            return Some(
                "somebody new needs a password, or the choice that Moodle makes one and mails it"
                    .into(),
            );
        }
        let touches = order.after.get(COHORTS).is_some_and(|wanted| {
            !wanted.is_blank() || order.before.get(COHORTS).is_some_and(|was| !was.is_blank())
        });
        (touches && self.cohorts.is_none()).then(|| {
            "in which cohorts people are cannot be read there, so that nobody could see whether this came to be; nothing of it was sent".into()
        })
    }

    fn make(&self, requests: &[ChangeRequest], places: &[usize]) -> Vec<(usize, ChangeResult)> {
        // Older Moodles mail passwords before they take a whole call back: whoever is mailed one is made alone.
        let (alone, together): (Vec<usize>, Vec<usize>) =
            places.iter().partition(|&&at| is_mailed(&requests[at]));
        let mut answers = self.make_together(requests, &together);
        answers.extend(alone.iter().flat_map(|at| self.make_together(requests, &[*at])));
        answers
    }

    fn make_together(
        &self,
        requests: &[ChangeRequest],
        places: &[usize],
    ) -> Vec<(usize, ChangeResult)> {
        if places.is_empty() {
            return Vec::new();
        }
        let mut fields = Fields::new();
        for (n, &at) in places.iter().enumerate() {
            let request = &requests[at];
            let mut own = person(request, |name| name != ACTIVE);
            own.extend(password(request));
            if is_mailed(request) {
                own.push(("createpassword".to_owned(), "1".to_owned()));
            }
            fields.extend(numbered(n, own));
        }
        match self.ask_to_change("core_user_create_users", fields, Repeat::Once) {
            Ok(made) => {
                let id_of = |at: usize| {
                    let same = |one: &&Json| {
                        text(one, USERNAME).to_lowercase()
                            == requests[at].order.login.to_lowercase()
                    };
                    list(&made).iter().find(same).map(|one| text(one, "id"))
                };
                let answer = |at: usize| match id_of(at) {
                    Some(id) => ChangeResult::Done(id),
                    None => ChangeResult::Unknown(
                        Failure::new(FailureKind::Network, "Moodle did not say whom it made")
                            .why("the answer leaves this person out"),
                    ),
                };
                places.iter().map(|&at| (at, answer(at))).collect()
            }
            Err(CallError::Said { .. }) if places.len() > 1 => {
                places.iter().flat_map(|&at| self.make_together(requests, &[at])).collect()
            }
            Err(CallError::Said { code, words }) => {
                let why = |&at: &usize| self.likely(&requests[at], &code, &words);
                places.iter().map(|at| (*at, ChangeResult::Refused(why(at)))).collect()
            }
            Err(no) => the_same(places, no.into_result()),
        }
    }

    fn change(
        &mut self,
        requests: &[ChangeRequest],
        changes: Vec<Pending>,
    ) -> Vec<(usize, ChangeResult)> {
        // A password that is too weak spoils the answer for the others of its call.
        let (alone, together): (Vec<Pending>, Vec<Pending>) =
            changes.into_iter().partition(Pending::sets_password);
        let mut answers = self.change_together(requests, &together);
        for one in alone {
            answers.extend(self.change_together(requests, &[one]));
        }
        answers
    }

    fn change_together(
        &mut self,
        requests: &[ChangeRequest],
        changes: &[Pending],
    ) -> Vec<(usize, ChangeResult)> {
        if changes.is_empty() {
            return Vec::new();
        }
        let mut fields = Fields::new();
        for (n, change) in changes.iter().enumerate() {
            fields.push((format!("users[{n}][id]"), change.id.clone()));
            fields.extend(numbered(n, change.fields.clone()));
        }
        match self.ask_to_change("core_user_update_users", fields, Repeat::Safe) {
            Ok(said) => {
                let refused: BTreeMap<String, (String, String)> = list(&said["warnings"])
                    .iter()
                    .map(|w| (text(w, "itemid"), (text(w, "warningcode"), text(w, "message"))))
                    .collect();
                let mut answers = Vec::new();
                for change in changes {
                    let answer = match refused.get(&change.id) {
                        None => ChangeResult::Done(change.id.clone()),
                        Some((code, words)) => {
                            if code == ADMINISTRATOR {
                                self.administrators.push(change.login.clone());
                            }
                            let why =
                                self.likely(&requests[change.at], code, &by_moodle(&plain(words)));
                            refusal(change, why)
                        }
                    };
                    answers.push((change.at, answer));
                }
                answers
            }
            Err(CallError::Said { code, .. }) if code == STUMBLED && changes.len() > 1 => {
                let nobody_knows = ChangeResult::Unknown(
                    Failure::new(FailureKind::Network, "Moodle gave no clear answer")
                        .why("it has changed some of them, and did not say whom"),
                );
                changes.iter().map(|change| (change.at, nobody_knows.clone())).collect()
            }
            // One of them is at fault, and nobody of the call was changed.
            Err(CallError::Said { .. }) if changes.len() > 1 => {
                changes.chunks(1).flat_map(|one| self.change_together(requests, one)).collect()
            }
            Err(CallError::Said { code, words }) => {
                let said = |change: &Pending| {
                    let why = self.likely(&requests[change.at], &code, &words);
                    (change.at, refusal(change, why))
                };
                changes.iter().map(said).collect()
            }
            Err(CallError::Lost(lost)) => {
                let failure = lost.clone().failure();
                let answer = ChangeResult::from(lost);
                let of = |change: &Pending| match change.is_made {
                    // Whoever was made a moment ago is not as they were, whatever became of this call.
                    true => (change.at, ChangeResult::Unknown(failure.clone())),
                    false => (change.at, answer.clone()),
                };
                changes.iter().map(of).collect()
            }
        }
    }

    fn delete(&self, id: &str) -> ChangeResult {
        let fields = vec![("userids[0]".to_owned(), id.to_owned())];
        match self.ask_to_change("core_user_delete_users", fields, Repeat::Safe) {
            Ok(_) => ChangeResult::Done(id.to_owned()),
            Err(CallError::Said { code, .. }) if code == GONE => ChangeResult::Done(id.to_owned()),
            Err(no) => no.into_result(),
        }
    }

    /// Puts people into cohorts and takes them out, all in one call each; where somebody is in the way, one by one.
    fn see_to_cohorts(
        &self,
        requests: &[ChangeRequest],
        ids: &BTreeMap<usize, String>,
    ) -> Vec<(usize, ChangeResult)> {
        let places: Vec<usize> = ids.keys().copied().collect();
        self.cohorts_of(requests, ids, &places)
    }

    fn cohorts_of(
        &self,
        requests: &[ChangeRequest],
        ids: &BTreeMap<usize, String>,
        places: &[usize],
    ) -> Vec<(usize, ChangeResult)> {
        let (mut joins, mut leaves) = (Fields::new(), Fields::new());
        let (mut joining, mut leaving) = (0, 0);
        for at in places {
            let (join, leave) = self.moves(&requests[*at]);
            let id = &ids[at];
            for cohort in join {
                for (name, value) in [
                    ("[cohorttype][type]", "id"),
                    ("[cohorttype][value]", cohort.as_str()),
                    ("[usertype][type]", "id"),
                    ("[usertype][value]", id),
                ] {
                    joins.push((format!("members[{joining}]{name}"), value.to_owned()));
                }
                joining += 1;
            }
            for cohort in leave {
                leaves.push((format!("members[{leaving}][cohortid]"), cohort));
                leaves.push((format!("members[{leaving}][userid]"), id.clone()));
                leaving += 1;
            }
        }
        match self.send_moves(joins, leaves) {
            Ok(()) => places.iter().map(|at| (*at, ChangeResult::Done(ids[at].clone()))).collect(),
            Err(CallError::Said { .. }) if places.len() > 1 => {
                places.iter().flat_map(|at| self.cohorts_of(requests, ids, &[*at])).collect()
            }
            Err(CallError::Said { words, .. }) => the_same(places, partly(&words)),
            // What was sent before is seen when it is looked up.
            Err(CallError::Lost(lost)) => the_same(places, ChangeResult::Unknown(lost.failure())),
        }
    }

    fn send_moves(&self, joins: Fields, leaves: Fields) -> Result<(), CallError> {
        if !joins.is_empty() {
            let said = self.ask_to_change("core_cohort_add_cohort_members", joins, Repeat::Safe)?;
            let grave = |w: &&Json| text(w, "warningcode") != IN_IT_ALREADY;
            let words: Vec<String> =
                list(&said["warnings"]).iter().filter(grave).map(|w| text(w, "message")).collect();
            if !words.is_empty() {
                return Err(CallError::Said { code: String::new(), words: words.join("; ") });
            }
        }
        if !leaves.is_empty() {
            self.ask_to_change("core_cohort_delete_cohort_members", leaves, Repeat::Safe)?;
        }
        Ok(())
    }

    /// The ids of the cohorts that somebody is to join, and of those to leave. Where they are of other cohorts too, they stay
    /// in them.
    fn moves(&self, request: &ChangeRequest) -> (Vec<String>, Vec<String>) {
        let blank = Value::none();
        let (Some(cohorts), Some(wanted)) = (&self.cohorts, request.order.after.get(COHORTS))
        else {
            return (Vec::new(), Vec::new());
        };
        let was = request.order.before.get(COHORTS).unwrap_or(&blank);
        let has = request.now.and_then(|now| now.values.get(COHORTS)).unwrap_or(&blank);
        let ids = |all: Vec<&String>| -> Vec<String> {
            all.into_iter().filter_map(|name| cohorts.named(name)).map(str::to_owned).collect()
        };
        let join = wanted.many().iter().filter(|name| !has.many().contains(name));
        let leave = was.many().iter().filter(|name| !wanted.many().contains(name));
        (ids(join.collect()), ids(leave.filter(|name| has.many().contains(name)).collect()))
    }
}

/// Whether Moodle makes a password for somebody new and mails it.
fn is_mailed(request: &ChangeRequest) -> bool {
    let auth = request.order.after.get("auth").map_or("", Value::one);
    request.password.is_none() && OWN_PASSWORDS.contains(&auth)
}

/// What changes of somebody who is there. Whoever was made by half has the password that they were made with.
fn change_of(at: usize, request: &ChangeRequest, now: &RemotePerson) -> Pending {
    let differs = |name: &str| {
        let wanted = request.order.after.get(name);
        now.values.get(name).is_none_or(|has| Some(has) != wanted)
    };
    let mut fields = person(request, differs);
    if !request.order.is_new() {
        fields.extend(password(request));
    }
    Pending { at, id: now.id.clone(), login: now.login.clone(), fields, is_made: false }
}

/// Nobody is made suspended: that is a change of its own.
fn suspension_of(at: usize, request: &ChangeRequest, id: String) -> Pending {
    let order = request.order;
    let suspended = order.after.get(ACTIVE).is_some_and(|active| active.one() == "false");
    let fields = suspended.then(|| (SUSPENDED.to_owned(), "1".to_owned())).into_iter().collect();
    Pending { at, id, login: order.login.clone(), fields, is_made: true }
}

/// Somebody's values as fields: those that are not sent by another function, and that are wanted.
fn person(request: &ChangeRequest, wanted: impl Fn(&str) -> bool) -> Fields {
    let of_user = request.order.after.iter().filter(|(name, _)| *name != COHORTS);
    let fields =
        of_user.filter(|(name, _)| wanted(name)).map(|(name, value)| match name.as_str() {
            ACTIVE => {
                let suspended = if value.one() == "false" { "1" } else { "0" };
                (SUSPENDED.to_owned(), suspended.to_owned())
            }
            // Moodle refuses capitals in it.
            USERNAME => (name.clone(), value.one().to_lowercase()),
            _ => (name.clone(), value.one().to_owned()),
        });
    fields.collect()
}

fn password(request: &ChangeRequest) -> Option<(String, String)> {
    request.password.map(|password| ("password".to_owned(), password.reveal().to_owned()))
}

fn numbered(n: usize, fields: Fields) -> impl Iterator<Item = (String, String)> {
    fields.into_iter().map(move |(name, value)| (format!("users[{n}][{name}]"), value))
}

fn refusal(change: &Pending, why: String) -> ChangeResult {
    if change.is_made { partly(&why) } else { ChangeResult::Refused(why) }
}

fn the_same(places: &[usize], answer: ChangeResult) -> Vec<(usize, ChangeResult)> {
    places.iter().map(|&at| (at, answer.clone())).collect()
}

fn partly(words: &str) -> ChangeResult {
    ChangeResult::Refused(format!("only a part was carried out: {words}"))
}
