//! Calls that change something: one by one, or many in one call where a service offers that. Whatever way they take,
//! each has an answer of its own.

use serde_json::{Value as Json, json};

use super::Scim;
use super::bulk_patch::PatchInBulk;
use super::names::text;
use super::offered::Bulk;
use super::schemas::Refusal;
use crate::http::{Lost, Repeat, Reply, said};
use muster_plan::push::percent_decoded;
use muster_table::error::{Failure, FailureKind};

const BULK: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
pub(super) const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
pub(super) const SCIM_JSON: (&str, &str) = ("content-type", "application/scim+json");

/// Why something could not be carried out.
#[derive(Debug, Clone)]
pub(super) enum CallError {
    /// With the status, and the service's own words.
    Refused(u16, String),
    /// There is no way by which the service takes it, and why.
    ByHand(String),
    Lost(Lost),
}

impl From<Lost> for CallError {
    fn from(lost: Lost) -> CallError {
        CallError::Lost(lost)
    }
}

impl From<Refusal> for CallError {
    fn from(refusal: Refusal) -> CallError {
        match refusal {
            Refusal::Value(why) => CallError::Refused(0, why),
            Refusal::Any(why) => CallError::ByHand(why),
        }
    }
}

/// Something to be changed.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub method: &'static str,
    /// `Users/2819c223`
    pub path: String,
    pub body: Option<Json>,
    /// The version that is to be changed: if there is another one by now, nothing happens.
    pub version: Option<String>,
}

/// What a service did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Done {
    pub id: String,
    pub version: Option<String>,
    pub location: Option<String>,
}

pub(super) type Result = std::result::Result<Done, CallError>;

/// Why many calls in one came to nothing, or nobody knows to what.
pub(super) enum NoBulk {
    /// The whole was not taken, with that status.
    Refused(u16),
    Lost(CallError),
}

impl Call {
    /// The id that is in the path; none for something new.
    fn id(&self) -> String {
        self.path.split_once('/').map_or(String::new(), |(_, id)| percent_decoded(id))
    }
}

impl Scim {
    /// Carries out calls and says of each, in their order, what became of it.
    pub(super) fn run(&mut self, calls: &[Call]) -> Vec<Result> {
        match self.offered.bulk {
            Some(bulk) if calls.len() > 1 => {
                let mut results = Vec::with_capacity(calls.len());
                for part in parts(calls, bulk) {
                    results.extend(match self.lost_before(&results) {
                        Some(lost) => vec![Err(CallError::Lost(lost)); part.len()],
                        None => self.many(part),
                    });
                }
                results
            }
            _ => self.one_by_one(calls),
        }
    }

    fn one_by_one(&mut self, calls: &[Call]) -> Vec<Result> {
        let mut results: Vec<Result> = Vec::with_capacity(calls.len());
        for call in calls {
            let result = match self.lost_before(&results) {
                Some(lost) => Err(CallError::Lost(lost)),
                None => self.one(call),
            };
            results.push(result);
        }
        results
    }

    /// Once the network is gone it is gone for the rest.
    pub(super) fn lost_before(&self, results: &[Result]) -> Option<Lost> {
        match results.last() {
            Some(Err(CallError::Lost(lost @ Lost::NotSent(_)))) => Some(lost.clone()),
            _ => None,
        }
    }

    pub(super) fn one(&mut self, call: &Call) -> Result {
        let mut more = vec![SCIM_JSON];
        if let Some(version) = &call.version {
            more.push(("if-match", version));
        }
        let reply =
            self.http.call(call.method, &call.path, &more, call.body.as_ref(), Repeat::Once)?;
        self.no_access(&reply)?;
        let version = reply.header("etag").map(str::to_owned);
        let location = reply.header("location").map(str::to_owned);
        let body = reply.json.clone().unwrap_or(Json::Null);
        self.outcome(
            call,
            &Outcome { status: reply.status, body: &body, version, location },
            || reply.message(),
        )
    }

    /// A token that is no longer taken ends everything; what one person is refused for does not.
    fn no_access(&self, reply: &Reply) -> std::result::Result<(), CallError> {
        match reply.status {
            401 => {
                Err(CallError::Lost(Lost::NotSent(self.fault(reply, "the token is not accepted"))))
            }
            _ => Ok(()),
        }
    }

    fn many(&mut self, calls: &[Call]) -> Vec<Result> {
        if let [call] = calls {
            return vec![self.one(call)];
        }
        match self.in_bulk(calls, self.patch_in_bulk) {
            Ok(results) => results,
            Err(NoBulk::Lost(no)) => vec![Err(no); calls.len()],
            Err(NoBulk::Refused(413)) => {
                let (first, second) = calls.split_at(calls.len() / 2);
                let mut results = self.many(first);
                let lost = self.lost_before(&results);
                results.extend(match lost {
                    Some(lost) => vec![Err(CallError::Lost(lost)); second.len()],
                    None => self.many(second),
                });
                results
            }
            Err(NoBulk::Refused(status)) => {
                if matches!(status, 404 | 405 | 501) {
                    self.offered.bulk = None;
                }
                self.one_by_one(calls)
            }
        }
    }

    /// Carries out calls by one, with changes of single values in that form.
    pub(super) fn in_bulk(
        &self,
        calls: &[Call],
        form: PatchInBulk,
    ) -> std::result::Result<Vec<Result>, NoBulk> {
        let body = json!({ "schemas": [BULK], "Operations": operations(calls, form) });
        let reply = self.http.call("POST", "Bulk", &[SCIM_JSON], Some(&body), Repeat::Once);
        let reply = reply.map_err(CallError::Lost).and_then(|reply| {
            self.no_access(&reply)?;
            Ok(reply)
        });
        let reply = reply.map_err(NoBulk::Lost)?;
        if let status @ (400..=499 | 501) = reply.status {
            return Err(NoBulk::Refused(status));
        }
        let answers = reply.json.as_ref().and_then(|json| json["Operations"].as_array());
        let Some(answers) = answers.filter(|_| reply.is_fine()) else {
            return Err(NoBulk::Lost(CallError::Lost(Lost::Unknown(unread(&reply)))));
        };
        let answer = |at: usize, call: &Call| {
            let mine = |answer: &&Json| text(answer.get("bulkId")) == at.to_string();
            let by_place = || {
                let all = (answers.len() == calls.len()).then(|| &answers[at])?;
                let same = text(all.get("method")).eq_ignore_ascii_case(call.method);
                (same && text(all.get("bulkId")).is_empty()).then_some(all)
            };
            answers.iter().find(mine).or_else(by_place)
        };
        let result = |(at, call): (usize, &Call)| match answer(at, call) {
            None => Err(CallError::Lost(Lost::Unknown(unread(&reply)))),
            Some(answer) => {
                let status = match &answer["status"] {
                    // Drafts of the standard had it in an object.
                    Json::Object(status) => text(status.get("code")),
                    _ => text(answer.get("status")),
                };
                let detail = || said(&text(Some(&answer["response"]["detail"])));
                let outcome = Outcome {
                    status: status.parse().unwrap_or(0),
                    body: &answer["response"],
                    version: Some(text(answer.get("version"))).filter(|text| !text.is_empty()),
                    location: Some(text(answer.get("location"))),
                };
                self.outcome(call, &outcome, detail)
            }
        };
        Ok(calls.iter().enumerate().map(result).collect())
    }

    /// What an answer comes to. One that does not fit the call says nothing about what was done.
    fn outcome(&self, call: &Call, got: &Outcome, whole: impl Fn() -> String) -> Result {
        let unknown = || {
            let failure =
                Failure::new(FailureKind::Network, format!("`{}` gave no clear answer", self.host));
            Err(CallError::Lost(Lost::Unknown(failure.why(whole()))))
        };
        let id = text(got.body.get("id"));
        let version = got.version.clone().or_else(|| {
            let version = text(got.body["meta"].get("version"));
            (!version.is_empty()).then_some(version)
        });
        match (call.method, got.status) {
            ("POST", 200..300) => {
                let location = got.location.as_deref().unwrap_or_default();
                let of_location = location.rsplit('/').next().unwrap_or_default();
                let id = if id.is_empty() { percent_decoded(of_location) } else { id };
                let told = text(got.body["meta"].get("location"));
                let told = if told.is_empty() { location.to_owned() } else { told };
                if id.is_empty() {
                    unknown()
                } else {
                    Ok(Done { id, version, location: Some(told) })
                }
            }
            // Gone already is as good.
            ("DELETE", 404 | 410) => Ok(Done { id: call.id(), ..Done::default() }),
            (_, 200..300) if id.is_empty() && got.body.as_object().is_none_or(|b| b.is_empty()) => {
                Ok(Done { id: call.id(), version, location: None })
            }
            ("PATCH" | "PUT", 200..300) if id == call.id() => {
                Ok(Done { id, version, location: None })
            }
            (_, 200..300) => unknown(),
            (_, 412) => Err(CallError::Refused(
                412,
                "somebody else changed this person in the meantime, so nothing was sent".into(),
            )),
            (_, status @ (400..=499 | 501)) => {
                Err(CallError::Refused(status, words(got.body, whole())))
            }
            _ => unknown(),
        }
    }
}

/// An answer to one call, however it came.
struct Outcome<'o> {
    status: u16,
    body: &'o Json,
    version: Option<String>,
    location: Option<String>,
}

fn operations(calls: &[Call], form: PatchInBulk) -> Vec<Json> {
    let operation = |(at, call): (usize, &Call)| {
        let mut operation = json!({
            "method": call.method, "path": format!("/{}", call.path), "bulkId": at.to_string(),
        });
        if let Some(body) = &call.body {
            let is_bare = call.method == "PATCH" && form == PatchInBulk::AsList;
            operation["data"] = if is_bare { &body["Operations"] } else { body }.clone();
        }
        if let Some(version) = &call.version {
            operation["version"] = json!(version);
        }
        operation
    };
    calls.iter().enumerate().map(operation).collect()
}

/// As many calls at a time as a service takes.
fn parts(calls: &[Call], bulk: Bulk) -> Vec<&[Call]> {
    const AROUND: usize = 200;
    let size = |call: &Call| {
        let body = call.body.as_ref().map_or(0, |body| body.to_string().len());
        body + call.path.len() + AROUND
    };
    let mut all = Vec::new();
    let (mut from, mut bytes) = (0, AROUND);
    for (at, call) in calls.iter().enumerate() {
        let size = size(call);
        if at > from && (at - from == bulk.operations || bytes + size > bulk.bytes) {
            all.push(&calls[from..at]);
            (from, bytes) = (at, AROUND);
        }
        bytes += size;
    }
    if from < calls.len() {
        all.push(&calls[from..]);
    }
    all
}

fn unread(reply: &Reply) -> Failure {
    Failure::new(FailureKind::Network, "the answer could not be read").why(reply.message())
}

/// The service's own words (RFC 7644, 3.12): what is wrong, and the word that the standard has for it.
pub(super) fn words(body: &Json, otherwise: String) -> String {
    let (detail, kind) = (text(body.get("detail")), text(body.get("scimType")));
    match (detail.as_str(), kind.as_str()) {
        ("", "") if otherwise.is_empty() => "the service gave no reason".to_owned(),
        ("", "") => otherwise,
        ("", kind) => said(kind),
        (detail, "") => said(detail),
        (detail, kind) => said(&format!("{detail} ({kind})")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_parted_by_number_and_by_size() {
        let call = |size: usize| Call {
            method: "POST",
            path: "Users".into(),
            body: Some(json!("x".repeat(size))),
            version: None,
        };
        let sizes = |calls: &[Call], operations, bytes| -> Vec<usize> {
            parts(calls, Bulk { operations, bytes }).iter().map(|part| part.len()).collect()
        };
        let small: Vec<Call> = (0..7).map(|_| call(1)).collect();
        assert_eq!(sizes(&small, 3, 100_000), [3, 3, 1]);
        let large: Vec<Call> = [1, 900, 900, 5000, 1].map(call).into();
        assert_eq!(sizes(&large, 100, 2500), [2, 1, 1, 1], "one that is too large goes alone");
        assert_eq!(sizes(&[], 3, 100), Vec::<usize>::new());
    }

    #[test]
    fn a_refusal_is_told_in_the_words_of_the_service() {
        let body = json!({ "detail": "userName is taken", "scimType": "uniqueness" });
        assert_eq!(words(&body, String::new()), said("userName is taken (uniqueness)"));
        assert_eq!(words(&Json::Null, "it answered 400".into()), "it answered 400");
    }
}
