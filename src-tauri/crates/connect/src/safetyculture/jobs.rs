//! A job is made, started, and waited for.

use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use super::SafetyCulture;
use super::answers::{said, state};
use crate::http::{self, Lost, Repeat, Reply, segment};

pub(super) const JOBS: &str = "users/v1/users/upsert/jobs";
/// How long a job is waited for.
const PATIENCE: Duration = Duration::from_secs(600);
/// A job of which nobody knows whether it was started is asked for so often.
const ASKED_OF_LOST: usize = 3;

/// How a job ended.
pub(super) enum End {
    /// It is through, with or without mistakes, as the answer says.
    Over {
        is_well: bool,
        answer: Json,
    },
    /// It was not carried out as a whole.
    Stopped(String),
    Cancelled,
    /// Its answer cannot be read, or it did not end in time.
    Unclear(String),
}

pub(super) enum CallError {
    Refused(String),
    /// What was sent is not of the form that is wanted.
    Form(String),
    Lost(Lost),
}

impl From<Lost> for CallError {
    fn from(lost: Lost) -> CallError {
        CallError::Lost(lost)
    }
}

impl SafetyCulture {
    /// Makes a job.
    pub(super) fn begin(&mut self, people: &[(usize, Json)]) -> Result<String, CallError> {
        let users: Vec<Json> = people.iter().map(|(_, person)| json!({ "user": person })).collect();
        if !self.begins.wait(&self.http) {
            return Err(CallError::Lost(Lost::NotSent(http::cancelled())));
        }
        let body = json!({ "users": users });
        // A job that is not started does nothing, so that one too many does no harm.
        let reply = self.http.call("POST", JOBS, &[], Some(&body), Repeat::Safe)?;
        self.begins.hear(&reply);
        match id_of_job(&reply) {
            Err(CallError::Refused(words)) if matches!(reply.status, 400 | 422) => {
                Err(CallError::Form(words))
            }
            result => result,
        }
    }

    /// Makes a job, starts it, and waits for its end.
    pub(super) fn run(
        &mut self,
        people: &[(usize, Json)],
        only_validate: bool,
    ) -> Result<End, CallError> {
        let job = self.begin(people)?;
        if !self.starts.wait(&self.http) {
            return Err(CallError::Lost(Lost::NotSent(http::cancelled())));
        }
        let path = format!("{JOBS}/{}", segment_of(&job)?);
        let body = json!({ "validate_only": only_validate });
        // Whether it may be started twice is not known; what became of it can be asked.
        let reply = match self.http.call("POST", &path, &[], Some(&body), Repeat::Once) {
            Err(Lost::Unknown(_)) => return self.end_of(&job, only_validate, ASKED_OF_LOST),
            reply => reply?,
        };
        self.starts.hear(&reply);
        // What runs may have an id of its own.
        let job =
            if reply.is_fine() { id_of_job(&reply).unwrap_or(job) } else { id_of_job(&reply)? };
        self.end_of(&job, only_validate, usize::MAX)
    }

    /// Asks gently until the job has ended; of one that does not begin only so often.
    fn end_of(&self, job: &str, only_validate: bool, most: usize) -> Result<End, CallError> {
        let path = match segment(job) {
            Ok(job) => format!("{JOBS}/{job}"),
            Err(failure) => return Ok(End::Unclear(failure.to_string())),
        };
        let end = Instant::now() + PATIENCE;
        let mut pause = Duration::from_secs(1);
        let mut pending = 0;
        while Instant::now() < end {
            // It was started: what cannot be asked of it any more is unclear, not unsent.
            let reply = match self.http.call("GET", &path, &[], None, Repeat::Safe) {
                Ok(reply) if reply.is_fine() => reply,
                Ok(reply) => return Ok(End::Unclear(reply.message())),
                Err(lost) if only_validate => return Err(CallError::Lost(lost)),
                Err(lost) => return Ok(End::Unclear(lost.failure().to_string())),
            };
            let answer = reply.json.unwrap_or_default();
            match state(&answer) {
                Some("STATUS_COMPLETED") => return Ok(End::Over { is_well: true, answer }),
                Some("STATUS_VALIDATED") if only_validate => {
                    return Ok(End::Over { is_well: true, answer });
                }
                Some("STATUS_COMPLETED_WITH_ERRORS") => {
                    return Ok(End::Over { is_well: false, answer });
                }
                Some("STATUS_VALIDATED_WITH_ERRORS") if only_validate => {
                    return Ok(End::Over { is_well: false, answer });
                }
                Some("STATUS_ERRORED") => return Ok(End::Stopped(said(&answer))),
                Some("STATUS_CANCELLED") => return Ok(End::Cancelled),
                Some("STATUS_PENDING") => pending += 1,
                Some(_) => {}
                None => {
                    return Ok(End::Unclear("its answer does not say how the job ended".into()));
                }
            }
            if pending >= most {
                return Ok(End::Unclear("whether the job was started is not known".into()));
            }
            if !self.http.rest(pause) {
                return match only_validate {
                    true => Err(CallError::Lost(Lost::NotSent(http::cancelled()))),
                    false => Ok(End::Unclear("it was stopped while the job ran".into())),
                };
            }
            pause = (pause * 2).min(Duration::from_secs(15));
        }
        Ok(End::Unclear("the job did not end within ten minutes".into()))
    }
}

fn id_of_job(reply: &Reply) -> Result<String, CallError> {
    let id = reply.json.as_ref().and_then(|json| json["job_id"].as_str()).unwrap_or_default();
    if reply.is_fine() && !id.is_empty() {
        return Ok(id.to_owned());
    }
    Err(CallError::Refused(reply.message()))
}

fn segment_of(id: &str) -> Result<String, CallError> {
    segment(id).map_err(|failure| CallError::Refused(failure.to_string()))
}
