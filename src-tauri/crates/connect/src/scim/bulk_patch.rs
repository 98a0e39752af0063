//! Changes of single values among many calls in one. The standard shows two forms of them (RFC 7644, 3.5.2 and the example
//! in 3.7.3), and a service that expects the one may take the other, say that it was done, and do nothing. So the
//! first is looked at again before the rest are sent so; where neither form is seen to work, each goes alone.

use super::Scim;
use super::calls::{Call, CallError, NoBulk, Result};
use crate::http::Lost;
use crate::{ChangeRequest, Link};
use muster_plan::push::Value;

/// How a service takes changes of single values among many calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum PatchInBulk {
    /// Nobody has tried.
    #[default]
    Untried,
    /// As the message that a call of its own has.
    AsMessage,
    /// As the bare list of operations.
    AsList,
    Never,
}

/// So many are tried before it is given up: what is refused may be refused for the person's sake.
const TRIES: u8 = 3;

impl Scim {
    /// Carries out calls about people, of the requests at these places, in their order.
    pub(super) fn run_for(
        &mut self,
        requests: &[ChangeRequest],
        of: &[usize],
        calls: &[Call],
    ) -> Vec<Result> {
        let mut results: Vec<Result> = Vec::with_capacity(calls.len());
        while results.len() < calls.len() {
            let rest = &calls[results.len()..];
            if let Some(lost) = self.lost_before(&results) {
                results.extend(vec![Err(CallError::Lost(lost)); rest.len()]);
                break;
            }
            let patches = rest.iter().filter(|call| call.method == "PATCH").count();
            let is_known =
                matches!(self.patch_in_bulk, PatchInBulk::AsMessage | PatchInBulk::AsList);
            if self.offered.bulk.is_none() || is_known || patches == 0 {
                let done = self.run(rest);
                results.extend(done);
            } else if rest[0].method == "PATCH" {
                let request = &requests[of[results.len()]];
                let shows = patches > 1 && self.shows_a_change(request);
                results.push(match self.patch_in_bulk {
                    PatchInBulk::Untried if shows => self.try_in_bulk(request, &rest[0]),
                    _ => self.one(&rest[0]),
                });
            } else {
                let before = rest.iter().take_while(|call| call.method != "PATCH").count();
                let done = self.run(&rest[..before]);
                results.extend(done);
            }
        }
        results
    }

    /// Whether somebody can be seen to be changed: a password cannot.
    fn shows_a_change(&self, request: &ChangeRequest) -> bool {
        let blank = Value::none();
        let Some(now) = request.now else { return false };
        self.own_values(request.order).any(|(name, wanted)| {
            let has = now.values.get(&name.name).unwrap_or(&blank);
            self.exposes(&name.name) && !self.same(&name.name, has, wanted)
        })
    }

    /// Sends one change as one of many, in the one form and the other, until it is seen to have worked.
    fn try_in_bulk(&mut self, request: &ChangeRequest, call: &Call) -> Result {
        let mut call = call.clone();
        for form in [PatchInBulk::AsMessage, PatchInBulk::AsList] {
            let answer = match self.in_bulk(std::slice::from_ref(&call), form) {
                Ok(mut answers) => answers.pop(),
                Err(NoBulk::Refused(404 | 405 | 501)) => {
                    self.offered.bulk = None;
                    break;
                }
                Err(NoBulk::Refused(_)) => None,
                Err(NoBulk::Lost(no)) => return Err(no),
            };
            match answer {
                Some(Err(CallError::Lost(lost))) => return Err(CallError::Lost(lost)),
                // Somebody else was at this person meanwhile.
                Some(Err(no @ CallError::Refused(412, _))) => return Err(no),
                Some(Ok(done)) => {
                    let there = self
                        .find_alone(&done.id)
                        .map_err(|failure| CallError::Lost(Lost::Unknown(failure)))?;
                    let Some(there) = there else { return Ok(done) };
                    call.version = self.known.get(&there.id).and_then(|one| one.version.clone());
                    if self.holds(request.order, &there) {
                        self.patch_in_bulk = form;
                        return Ok(super::calls::Done { version: call.version, ..done });
                    }
                }
                _ => {}
            }
        }
        self.tried_in_bulk += 1;
        if self.tried_in_bulk >= TRIES {
            self.patch_in_bulk = PatchInBulk::Never;
        }
        self.one(&call)
    }
}
