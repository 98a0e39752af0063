//! What every way to an LMS can do.

use muster_plan::push::{Order, Secret, Value, Values};
use muster_roster::profile::Choices;
use muster_table::error::{Failure, Result};

/// Told how far long work has come; says whether to go on.
pub type OnProgress<'t> = &'t dyn Fn(&str, usize, usize) -> bool;

/// Somebody whom the LMS has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RemotePerson {
    /// The LMS's own id.
    pub id: String,
    /// What nobody else there may have: a username, an e-mail.
    pub login: String,
    /// What it holds, by the interface's names.
    pub values: Values,
}

/// An order, and what the LMS has of that person now.
pub struct ChangeRequest<'j> {
    /// What is to be done.
    pub order: &'j Order,
    /// What was found of them before the push; none where they were not there, or the link cannot read.
    pub now: Option<&'j RemotePerson>,
    /// A password that is to be set.
    pub password: Option<&'j Secret>,
}

/// The account that a push is sent as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnAccount {
    /// The LMS's own id.
    pub id: String,
    /// Its login.
    pub login: String,
    /// It may suspend administrators too, and the LMS tells of nobody whether they are one.
    pub may_change_administrators: bool,
}

/// What became of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeResult {
    /// It was carried out; the LMS's own id of this person.
    Done(String),
    /// The LMS said no, in these words. Nothing of it, or only a part that these words name, was carried out.
    Refused(String),
    /// There is no way by which the LMS takes it from Muster, for a reason in these words: somebody has to see to it there.
    /// Nothing of it, or only a part, was carried out.
    ByHand(String),
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
/// use muster_connect::own_account::Protection;
/// use muster_connect::pushing::{PushOptions, Ended, Record, carry_out};
/// use muster_connect::{ChangeResult, RemotePerson, ChangeRequest, Link, Stop, OnProgress};
/// use muster_plan::plan::Action;
/// use muster_plan::push::{Order, OrderState, ChangeOutcome, Value, Values, QueuedChange};
/// use muster_table::error::Result;
///
/// /// An LMS that makes people, and has no groups.
/// #[derive(Default)]
/// struct Lms(Vec<RemotePerson>);
///
/// impl Link for Lms {
///     fn identify(&mut self) -> Result<String> {
///         Ok("An LMS in memory".into())
///     }
///     fn people(&mut self, _: OnProgress) -> Result<Vec<RemotePerson>> {
///         Ok(self.0.clone())
///     }
///     fn find(&mut self, order: &Order) -> Result<Option<RemotePerson>> {
///         Ok(self.0.iter().find(|entry| entry.login == order.login).cloned())
///     }
///     fn missing_groups(&self, _: &[&Order]) -> Vec<String> {
///         Vec::new()
///     }
///     fn make_group(&mut self, _: &str) -> Result<()> {
///         Ok(())
///     }
///     fn send(&mut self, requests: &[ChangeRequest]) -> Vec<ChangeResult> {
///         let made = requests.iter().map(|request| {
///             let Order { login, after, .. } = request.order.clone();
///             let id = format!("id-of-{login}");
///             self.0.push(RemotePerson { id: id.clone(), login, values: after });
///             ChangeResult::Done(id)
///         });
///         made.collect()
///     }
/// }
///
/// /// Somebody who keeps no books; the store does.
/// struct Nothing;
///
/// impl Record for Nothing {
///     fn sending(&self, _: &[u32]) -> Result<()> {
///         Ok(())
///     }
///     fn concluded(&self, _: &[ChangeOutcome]) -> Result<()> {
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
/// let mut orders = [QueuedChange { place: 0, order, password: None, state: OrderState::Waiting }];
/// let options = PushOptions {
///     make_groups: false,
///     protection: Protection { own: Ok(None), administrators_released: false },
///     titles: &|name| name.to_owned(),
///     pass_over_changed: false,
///     look_again: |took| took * 10,
///     stop: Stop::default(),
///     on_progress: &|_, _, _| true,
/// };
/// let ended = carry_out(&mut Lms::default(), &mut orders, &Nothing, &options)?;
/// assert!(matches!(ended, Ended::Through(Some(people)) if people[0].id == "id-of-ada"));
/// assert_eq!(orders[0].state, OrderState::Done);
/// # Ok(())
/// # }
/// ```
///
/// [`carry_out`]: crate::pushing::carry_out
pub trait Link {
    /// Who and what answers there, in a sentence: "Kolibri 0.19.5, facility “Peer School”, as `admin`".
    fn identify(&mut self) -> Result<String>;

    /// Whether it can be asked whom it has. Where not, nothing is compared before a push and nothing proved after it, and
    /// an order whose answer was lost stays unknown.
    fn reads(&self) -> bool {
        true
    }

    /// The account that the token is of; none where the LMS has no way to tell it. Fails where it could tell and does not:
    /// then nobody is sent who might be that one.
    fn own_account(&mut self) -> Result<Option<OwnAccount>> {
        Ok(None)
    }

    /// Whether somebody is an account of the LMS itself, such as its guest: no person of a roster, and left alone.
    fn is_built_in(&self, _entry: &RemotePerson) -> bool {
        false
    }

    /// Whether an order keeps somebody from logging in, beside suspending, deleting and renaming them.
    fn locks_out(&self, _order: &Order) -> bool {
        false
    }

    /// Whether somebody has logged in there: what they have done since would be lost with them.
    fn has_logged_in(&self, _entry: &RemotePerson) -> bool {
        false
    }

    /// Hears what was chosen for the push.
    fn configure(&mut self, _choices: &Choices) {}

    /// Everybody whom the LMS has, in its order. Fails with `Cancelled` when told to stop.
    fn people(&mut self, on_progress: OnProgress) -> Result<Vec<RemotePerson>>;

    /// One person by login or id as they are now, to learn what became of an order whose answer was lost.
    fn find(&mut self, order: &Order) -> Result<Option<RemotePerson>>;

    /// Of the groups that orders name, those that are not there. Asked after [`Link::people`].
    fn missing_groups(&self, orders: &[&Order]) -> Vec<String>;

    /// Makes a group.
    fn make_group(&mut self, name: &str) -> Result<()>;

    /// The login of somebody who has to be there before an order can be carried out, such as a manager.
    fn depends_on<'o>(&self, _order: &'o Order) -> Option<&'o str> {
        None
    }

    /// Whether a value is set by a call of its own after somebody was made, as groups are. Somebody made by half may lack
    /// it.
    fn set_after_create(&self, _name: &str) -> bool {
        false
    }

    /// How many orders to hand over at a time.
    fn batch(&self) -> usize {
        10
    }

    /// Carries out orders and says of each, in their order, what became of it. Each is carried out so that doing it
    /// again does no harm: what is as it should be already is not sent.
    fn send(&mut self, requests: &[ChangeRequest]) -> Vec<ChangeResult>;

    /// Puts a file where the LMS takes it from; for connectors that drop files.
    fn deliver(&mut self, _bytes: &[u8]) -> Result<()> {
        Err(Failure::internal("this connector takes no files"))
    }

    /// Whether somebody is in an export of this LMS.
    fn is_exported(&self, _entry: &RemotePerson) -> bool {
        true
    }

    /// Why the LMS's export leaves out whoever is not in it, and what that means for them.
    fn why_not_exported(&self) -> &'static str {
        "its export leaves them out, and they stay as they are"
    }

    /// Whether the LMS says what it holds under a name. What it keeps to itself is not compared.
    fn exposes(&self, _name: &str) -> bool {
        true
    }

    /// Whether of several values only those count that an order adds or takes away, and others stay as they are: cohorts
    /// that the roster has no column for are no mistake.
    fn leaves_others(&self, _name: &str) -> bool {
        false
    }

    /// What could not be seen of the people who were told last, each a sentence.
    fn doubts(&self) -> Vec<String> {
        Vec::new()
    }

    /// The logins of people whom the LMS refused to change because they are administrators.
    fn administrators_found(&self) -> Vec<String> {
        Vec::new()
    }

    /// Whether two values of one name mean the same there.
    fn same(&self, _name: &str, one: &Value, other: &Value) -> bool {
        one.same(other)
    }
}
