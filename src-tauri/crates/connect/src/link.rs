//! What every way to an LMS can do.

use muster_plan::push::{Order, Secret, Value, Values};
use muster_roster::profile::Choices;
use muster_table::error::{Failure, Outcome};

/// Told how far long work has come; says whether to go on.
pub type Told<'t> = &'t dyn Fn(&str, usize, usize) -> bool;

/// Somebody whom the LMS has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// The LMS's own id.
    pub id: String,
    /// What nobody else there may have: a username, an e-mail.
    pub login: String,
    /// What it holds, by the interface's names.
    pub values: Values,
}

/// An order, and what the LMS has of that person now.
pub struct Job<'j> {
    pub order: &'j Order,
    pub now: Option<&'j Entry>,
    /// A password that is to be set.
    pub password: Option<&'j Secret>,
}

/// What became of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It was carried out; the LMS's own id of this person.
    Done(String),
    /// The LMS said no, in these words. Nothing of it, or only a part that these words name, was carried out.
    Refused(String),
    /// Nobody knows whether it was carried out.
    Unknown(Failure),
    /// It was surely not carried out, and neither can the next one be: the network is gone.
    NotSent(Failure),
}

/// The way to an LMS, opened.
pub trait Link {
    /// Who and what answers there, in a sentence: "Kolibri 0.19.5, facility “Peer School”, as `admin`".
    fn greet(&mut self) -> Outcome<String>;

    /// Whether it can be asked whom it has. Where not, nothing is compared before a push and nothing proved after it, and
    /// an order whose answer was lost stays unknown.
    fn reads(&self) -> bool {
        true
    }

    /// Hears what was chosen for the push.
    fn heed(&mut self, _choices: &Choices) {}

    /// Everybody whom the LMS has, in its order. Fails with `Cancelled` when told to stop.
    fn people(&mut self, told: Told) -> Outcome<Vec<Entry>>;

    /// One person by login or id as they are now, to learn what became of an order whose answer was lost.
    fn find(&mut self, order: &Order) -> Outcome<Option<Entry>>;

    /// Of the groups that orders name, those that are not there. Asked after [`Link::people`].
    fn lacking(&self, orders: &[&Order]) -> Vec<String>;

    /// Makes a group.
    fn make_group(&mut self, name: &str) -> Outcome<()>;

    /// The login of somebody who has to be there before an order can be carried out, such as a manager.
    fn leans_on<'o>(&self, _order: &'o Order) -> Option<&'o str> {
        None
    }

    /// Whether a value is set by a call of its own after somebody was made, as groups are. Somebody made by half may lack
    /// it.
    fn comes_after(&self, _name: &str) -> bool {
        false
    }

    /// How many orders to hand over at a time.
    fn batch(&self) -> usize {
        10
    }

    /// Carries out orders and says of each, in their order, what became of it. Each is carried out so that doing it
    /// again does no harm: what is as it should be already is not sent.
    fn send(&mut self, jobs: &[Job]) -> Vec<Answer>;

    /// Puts a file where the LMS takes it from; for connectors that drop files.
    fn deliver(&mut self, _bytes: &[u8]) -> Outcome<()> {
        Err(Failure::internal("this connector takes no files"))
    }

    /// Whether somebody is in an export of this LMS.
    fn is_exported(&self, _entry: &Entry) -> bool {
        true
    }

    /// Whether the LMS says what it holds under a name. What it keeps to itself is not compared.
    fn tells(&self, _name: &str) -> bool {
        true
    }

    /// Whether two values of one name mean the same there.
    fn same(&self, _name: &str, one: &Value, other: &Value) -> bool {
        one.same(other)
    }
}
