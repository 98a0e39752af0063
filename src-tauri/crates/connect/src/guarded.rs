//! The way to every LMS leads through here: what a server says is told without what is secret, whichever connector heard
//! it, and in whatever words it hands that on; and a look at its people has an end.

use super::http::watch::Watch;
use super::link::{ChangeRequest, ChangeResult, Link, OnProgress, OwnAccount, RemotePerson};
use muster_plan::push::{Order, Value};
use muster_roster::profile::Choices;
use muster_table::error::{Failure, FailureKind, Result};

pub(crate) struct Guarded {
    link: Box<dyn Link>,
    watch: Watch,
}

impl Guarded {
    pub fn new(link: Box<dyn Link>, watch: Watch) -> Guarded {
        Guarded { link, watch }
    }

    fn told<T>(&self, result: Result<T>) -> Result<T> {
        result.map_err(|failure| self.watch.blanking().failure(failure))
    }

    /// A token among people's values would be written into a roster, and from there anywhere.
    fn tells_no_token(&self, entry: &RemotePerson) -> Result<()> {
        let values = entry.values.values().flat_map(Value::many);
        let mut all = values.chain([&entry.id, &entry.login]);
        if !all.any(|value| self.watch.blanking().is_told_by(value)) {
            return Ok(());
        }
        Err(Failure::new(FailureKind::Refused, "what the LMS says of its people was not taken")
            .why("it has the token of this connection in it, which nobody may read")
            .hint("Make a new token in the LMS, and ask the people who run it."))
    }
}

impl Link for Guarded {
    fn identify(&mut self) -> Result<String> {
        let _look = self.watch.look_begins();
        let said = self.link.identify();
        self.told(said).map(|said| self.watch.blanking().sentence(&said))
    }

    fn reads(&self) -> bool {
        self.link.reads()
    }

    fn own_account(&mut self) -> Result<Option<OwnAccount>> {
        let own = self.link.own_account();
        self.told(own)
    }

    fn is_built_in(&self, entry: &RemotePerson) -> bool {
        self.link.is_built_in(entry)
    }

    fn locks_out(&self, order: &Order) -> bool {
        self.link.locks_out(order)
    }

    fn has_logged_in(&self, entry: &RemotePerson) -> bool {
        self.link.has_logged_in(entry)
    }

    fn configure(&mut self, choices: &Choices) {
        self.link.configure(choices);
    }

    fn people(&mut self, on_progress: OnProgress) -> Result<Vec<RemotePerson>> {
        let _look = self.watch.look_begins();
        let most = self.watch.limits().whole_in_words();
        let people =
            self.link.people(&|what, done, of| on_progress(&format!("{what} ({most})"), done, of));
        let people = self.told(people)?;
        self.watch.saw(people.len());
        people.iter().try_for_each(|entry| self.tells_no_token(entry))?;
        Ok(people)
    }

    fn find(&mut self, order: &Order) -> Result<Option<RemotePerson>> {
        let _look = self.watch.look_begins();
        let found = self.link.find(order);
        let found = self.told(found)?;
        found.iter().try_for_each(|entry| self.tells_no_token(entry))?;
        Ok(found)
    }

    fn missing_groups(&self, orders: &[&Order]) -> Vec<String> {
        self.link.missing_groups(orders)
    }

    fn make_group(&mut self, name: &str) -> Result<()> {
        let made = self.link.make_group(name);
        self.told(made)
    }

    fn depends_on<'o>(&self, order: &'o Order) -> Option<&'o str> {
        self.link.depends_on(order)
    }

    fn set_after_create(&self, name: &str) -> bool {
        self.link.set_after_create(name)
    }

    fn batch(&self) -> usize {
        self.link.batch()
    }

    fn send(&mut self, requests: &[ChangeRequest]) -> Vec<ChangeResult> {
        let blanking = self.watch.blanking();
        blanking.passwords(requests.iter().filter_map(|request| request.password));
        let answers = self.link.send(requests).into_iter();
        let told = |answer| match answer {
            ChangeResult::Refused(words) => ChangeResult::Refused(blanking.words(&words)),
            ChangeResult::ByHand(words) => ChangeResult::ByHand(blanking.words(&words)),
            ChangeResult::Unknown(failure) => ChangeResult::Unknown(blanking.failure(failure)),
            ChangeResult::NotSent(failure) => ChangeResult::NotSent(blanking.failure(failure)),
            done @ ChangeResult::Done(_) => done,
        };
        answers.map(told).collect()
    }

    fn deliver(&mut self, bytes: &[u8]) -> Result<()> {
        let delivered = self.link.deliver(bytes);
        self.told(delivered)
    }

    fn is_exported(&self, entry: &RemotePerson) -> bool {
        self.link.is_exported(entry)
    }

    fn why_not_exported(&self) -> &'static str {
        self.link.why_not_exported()
    }

    fn exposes(&self, name: &str) -> bool {
        self.link.exposes(name)
    }

    fn leaves_others(&self, name: &str) -> bool {
        self.link.leaves_others(name)
    }

    fn doubts(&self) -> Vec<String> {
        let blanking = self.watch.blanking();
        self.link.doubts().iter().map(|words| blanking.words(words)).collect()
    }

    fn administrators_found(&self) -> Vec<String> {
        self.link.administrators_found()
    }

    fn same(&self, name: &str, one: &Value, other: &Value) -> bool {
        self.link.same(name, one, other)
    }
}

#[cfg(test)]
mod tests;
