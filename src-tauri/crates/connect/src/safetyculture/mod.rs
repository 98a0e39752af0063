//! SafetyCulture's jobs that make or change many people at once. Written from its developer pages and from client
//! programs; nobody has run it against SafetyCulture.
//!
//! Each batch is validated by a job of its own before another one is started for real. The answer about a job has the
//! people as they were read: whoever is not in it as they were sent is never called done. What a finished job says of each
//! of them is not written down: where its state does not say it for all, it stays unknown, and SafetyCulture's mail says it.
//! Nothing is compared before or after.
#![expect(clippy::disallowed_methods, reason = "connectors are where the network is waited for")]

use serde_json::Value as Json;

use super::http::watch::Watch;
use super::http::{Http, Lost, Repeat};
use super::link::{ChangeRequest, ChangeResult, Link, OnProgress, RemotePerson};
use muster_plan::plan::Action;
use muster_plan::push::{Order, Secret, Target};
use muster_table::error::{Failure, FailureKind, Result};

mod answers;
mod jobs;
mod record;
mod room;

use answers::{Finding, Reach, findings, lacking, said};
use jobs::{CallError, End, JOBS};
use record::person;
use room::Room;

pub(super) fn open(
    target: &Target,
    secret: &Secret,
    _: &[String],
    watch: Watch,
) -> Result<Box<dyn Link>> {
    let http = Http::new(target, watch)?
        .with_header("authorization", format!("Bearer {}", secret.reveal()));
    Ok(Box::new(SafetyCulture {
        http,
        host: target.host(),
        begins: Room::new(BEGINS),
        starts: Room::new(STARTS),
    }))
}

struct SafetyCulture {
    http: Http,
    host: String,
    begins: Room,
    starts: Room,
}

/// The name by which somebody is found. It is their e-mail.
const USERNAME: &str = "username";
const MOST: usize = 2000;
/// Calls in a minute that SafetyCulture allows.
const BEGINS: usize = 200;
const STARTS: usize = 5;
const BY_MAIL: &str = "SafetyCulture mails the results to whoever the token belongs to: look there, then open a new export";
const CANCELLED: &str = "somebody cancelled the job in SafetyCulture";
const BACK: &str = "SafetyCulture took it; whether somebody is active again by that, or asked by mail to come back, is not written down";

impl Link for SafetyCulture {
    /// Asks for a job that is not there: whoever may not ask is told so, and nothing is done.
    fn identify(&mut self) -> Result<String> {
        let path = format!("{JOBS}/00000000-0000-0000-0000-000000000000");
        let reply = self.http.call("GET", &path, &[], None, Repeat::Safe).map_err(Lost::failure)?;
        if matches!(reply.status, 401 | 403) {
            return Err(Failure::new(
                FailureKind::Refused,
                "SafetyCulture does not accept the token",
            )
            .why(reply.message())
            .hint("Correct it in the connection, then try again."));
        }
        // What answers so is something else: it would say in data that there is no such job.
        if reply.is_page() {
            return Err(reply.unread("what SafetyCulture says"));
        }
        Ok(format!("SafetyCulture at `{}`, and this token may look at jobs", self.host))
    }

    fn reads(&self) -> bool {
        false
    }

    fn people(&mut self, _: OnProgress) -> Result<Vec<RemotePerson>> {
        Err(Failure::state("SafetyCulture cannot be asked whom it has"))
    }

    fn find(&mut self, _: &Order) -> Result<Option<RemotePerson>> {
        Err(Failure::state("SafetyCulture cannot be asked whom it has"))
    }

    fn missing_groups(&self, _: &[&Order]) -> Vec<String> {
        Vec::new()
    }

    fn make_group(&mut self, name: &str) -> Result<()> {
        Err(Failure::state(format!("the group `{name}` has to be made in SafetyCulture")))
    }

    fn batch(&self) -> usize {
        MOST
    }

    fn send(&mut self, requests: &[ChangeRequest]) -> Vec<ChangeResult> {
        let mut answers: Vec<Option<ChangeResult>> = vec![None; requests.len()];
        let mut people = Vec::new();
        for (at, job) in requests.iter().enumerate() {
            match person(job) {
                Ok(person) => people.push((at, person)),
                Err(why) => answers[at] = Some(ChangeResult::Refused(why)),
            }
        }
        for (at, answer) in self.push(people) {
            // Nobody can look whether they are.
            let is_back = requests[at].order.action == Action::Reactivate;
            answers[at] = Some(match answer {
                ChangeResult::Done(_) if is_back => ChangeResult::Unknown(
                    Failure::new(FailureKind::Refused, BACK).hint("Look at the person there."),
                ),
                answer => answer,
            });
        }
        let missing = || ChangeResult::Unknown(Failure::internal("an order was passed over"));
        answers.into_iter().map(|answer| answer.unwrap_or_else(missing)).collect()
    }
}

type People = Vec<(usize, Json)>;
type Answers = Vec<(usize, ChangeResult)>;

impl SafetyCulture {
    /// Validates people, leaves out who has a mistake, and sends the others in one job.
    fn push(&mut self, people: People) -> Vec<(usize, ChangeResult)> {
        let mut answers = Vec::new();
        let people = self.valid(people, &mut answers);
        if people.is_empty() {
            return answers;
        }
        let unknown = |said: &str| {
            let what = "what became of this person is not known";
            ChangeResult::Unknown(Failure::new(FailureKind::Network, what).why(said).hint(BY_MAIL))
        };
        answers.extend(match self.run(&people, false) {
            Ok(End::Over { is_well, answer }) => {
                let findings = findings(&answer);
                let is_alone = people.len() == 1;
                let of = |person: &Json| {
                    let own = findings.iter().filter(|finding| {
                        finding.is_of(name(person)) || (is_alone && finding.who.is_none())
                    });
                    match own.max_by_key(|finding| finding.reach) {
                        Some(Finding { reach: Reach::Person, words, .. }) => {
                            ChangeResult::Refused(words.clone())
                        }
                        Some(Finding { reach: Reach::Values, words, .. }) => {
                            unknown(&format!("only a part was carried out: {words}"))
                        }
                        Some(Finding { reach: Reach::Unsaid, words, .. }) => unknown(words),
                        _ if !is_well => unknown("some people of this job have mistakes"),
                        _ => match lacking(&answer, person) {
                            Some(lacks) if lacks.is_empty() => ChangeResult::Done(String::new()),
                            _ => unknown("the answer does not show them as they were sent"),
                        },
                    }
                };
                people.iter().map(|(at, person)| (*at, of(person))).collect()
            }
            Ok(End::Stopped(said) | End::Unclear(said)) => all(&people, &unknown(&said)),
            Ok(End::Cancelled) => all(&people, &unknown(CANCELLED)),
            Err(CallError::Refused(words) | CallError::Form(words)) => {
                all(&people, &ChangeResult::Refused(words))
            }
            Err(CallError::Lost(Lost::Unknown(failure))) => {
                all(&people, &unknown(&failure.to_string()))
            }
            Err(CallError::Lost(Lost::NotSent(failure))) => {
                all(&people, &ChangeResult::NotSent(failure))
            }
        });
        answers
    }

    /// Those whose form is taken: a call is refused as a whole, whoever of it is meant. A job that is not started does
    /// nothing.
    fn well_formed(&mut self, mut people: People, answers: &mut Answers) -> People {
        if people.is_empty() {
            return people;
        }
        match self.begin(&people) {
            Err(CallError::Form(words)) if people.len() == 1 => {
                answers.extend(all(&people, &ChangeResult::Refused(words)));
                People::new()
            }
            Err(CallError::Form(_)) => {
                let rest = people.split_off(people.len() / 2);
                let mut formed = self.well_formed(people, answers);
                formed.extend(self.well_formed(rest, answers));
                formed
            }
            // Whatever else is in the way is met again.
            Ok(_) | Err(_) => people,
        }
    }

    /// Those of whom nothing is wrong. A validation changes nothing, however it ends.
    fn valid(&mut self, mut people: People, answers: &mut Answers) -> People {
        if people.is_empty() {
            return people;
        }
        let not_sent = |failure| ChangeResult::NotSent(failure);
        let said = match self.run(&people, true) {
            Ok(End::Unclear(_)) => return people,
            Ok(End::Over { is_well, answer }) => {
                let findings = findings(&answer);
                let is_named = |finding: &Finding, person: &Json| {
                    finding.reach > Reach::Nothing && finding.is_of(name(person))
                };
                let before = people.len();
                people.retain(|(at, person)| {
                    let own = findings.iter().find(|finding| is_named(finding, person));
                    let dropped = lacking(&answer, person).unwrap_or_default().join("`, `");
                    let why = own.map(|finding| finding.words.clone()).or_else(|| {
                        (!dropped.is_empty()).then(|| format!("SafetyCulture drops `{dropped}`"))
                    });
                    answers.extend(why.clone().map(|why| (*at, ChangeResult::Refused(why))));
                    why.is_none()
                });
                let unnamed = findings.iter().find(|finding| {
                    finding.reach > Reach::Nothing
                        && !people.iter().any(|(_, person)| finding.is_of(name(person)))
                });
                // Whoever is left is validated anew: the answer may have named only some of those with mistakes.
                if people.len() < before {
                    return if is_well { people } else { self.valid(people, answers) };
                }
                match unnamed {
                    Some(finding) => finding.words.clone(),
                    // Warnings are no mistakes.
                    None if is_well || !findings.is_empty() => return people,
                    None => said(&answer),
                }
            }
            Ok(End::Stopped(said)) => said,
            Ok(End::Cancelled) => {
                let failure = Failure::new(FailureKind::Refused, CANCELLED)
                    .hint("Go on later, when whoever did it agrees: nothing of it was sent.");
                answers.extend(all(&people, &not_sent(failure)));
                return People::new();
            }
            Err(CallError::Form(words)) => {
                let before = people.len();
                let formed = self.well_formed(people, answers);
                if formed.len() < before {
                    return self.valid(formed, answers);
                }
                answers.extend(all(&formed, &ChangeResult::Refused(words)));
                return People::new();
            }
            Err(CallError::Refused(words)) => {
                answers.extend(all(&people, &ChangeResult::Refused(words)));
                return People::new();
            }
            Err(CallError::Lost(Lost::Unknown(failure) | Lost::NotSent(failure))) => {
                answers.extend(all(&people, &not_sent(failure)));
                return People::new();
            }
        };
        // It does not say who it is: a half of them has the mistake.
        if people.len() == 1 {
            answers.extend(all(&people, &ChangeResult::Refused(said)));
            return People::new();
        }
        let rest = people.split_off(people.len() / 2);
        let mut valid = self.valid(people, answers);
        valid.extend(self.valid(rest, answers));
        valid
    }
}

fn name(person: &Json) -> &str {
    person[USERNAME].as_str().unwrap_or_default()
}

fn all(people: &[(usize, Json)], answer: &ChangeResult) -> Vec<(usize, ChangeResult)> {
    people.iter().map(|(at, _)| (*at, answer.clone())).collect()
}
