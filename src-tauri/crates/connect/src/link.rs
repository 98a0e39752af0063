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
    /// What is to be done.
    pub order: &'j Order,
    /// What was found of them before the push; none where they were not there, or the link cannot read.
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
///
/// A connector says who is there and carries out orders; the rest of a push is in [`carry_out`], the same for all.
///
/// ```
/// use muster_connect::pushing::{Asked, Ended, Record, carry_out};
/// use muster_connect::{Answer, Entry, Job, Link, Stop, Told};
/// use muster_plan::plan::Action;
/// use muster_plan::push::{Order, OrderState, Settled, Value, Values, Waiting};
/// use muster_table::error::Outcome;
///
/// /// An LMS that makes people, and has no groups.
/// #[derive(Default)]
/// struct Lms(Vec<Entry>);
///
/// impl Link for Lms {
///     fn greet(&mut self) -> Outcome<String> {
///         Ok("An LMS in memory".into())
///     }
///     fn people(&mut self, _: Told) -> Outcome<Vec<Entry>> {
///         Ok(self.0.clone())
///     }
///     fn find(&mut self, order: &Order) -> Outcome<Option<Entry>> {
///         Ok(self.0.iter().find(|entry| entry.login == order.login).cloned())
///     }
///     fn lacking(&self, _: &[&Order]) -> Vec<String> {
///         Vec::new()
///     }
///     fn make_group(&mut self, _: &str) -> Outcome<()> {
///         Ok(())
///     }
///     fn send(&mut self, jobs: &[Job]) -> Vec<Answer> {
///         let made = jobs.iter().map(|job| {
///             let Order { login, after, .. } = job.order.clone();
///             let id = format!("id-of-{login}");
///             self.0.push(Entry { id: id.clone(), login, values: after });
///             Answer::Done(id)
///         });
///         made.collect()
///     }
/// }
///
/// /// Somebody who keeps no books; the store does.
/// struct Nothing;
///
/// impl Record for Nothing {
///     fn sending(&self, _: &[u32]) -> Outcome<()> {
///         Ok(())
///     }
///     fn settled(&self, _: &[Settled]) -> Outcome<()> {
///         Ok(())
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let order = Order {
///     key: String::new(),
///     name: "Ada Lo".into(),
///     line: Some(2),
///     action: Action::Create,
///     id: String::new(),
///     login: "ada".into(),
///     before: Values::new(),
///     after: Values::from([("login".into(), Value::One("ada".into()))]),
/// };
/// let mut orders = [Waiting { place: 0, order, password: None, state: OrderState::Waiting }];
/// let asked = Asked {
///     make_groups: false,
///     titles: &|name| name.to_owned(),
///     pass_over_changed: false,
///     stop: Stop::default(),
///     told: &|_, _, _| true,
/// };
/// let ended = carry_out(&mut Lms::default(), &mut orders, &Nothing, &asked)?;
/// assert!(matches!(ended, Ended::Through(Some(people)) if people[0].id == "id-of-ada"));
/// assert_eq!(orders[0].state, OrderState::Done);
/// # Ok(())
/// # }
/// ```
///
/// [`carry_out`]: crate::pushing::carry_out
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
