//! Who must not be cut off by a push: the account that it is sent as, and the LMS's own.

use super::link::{Link, OwnAccount, RemotePerson};
use super::remote_state::RemoteState;
use muster_plan::plan::{Action, few};
use muster_plan::push::{ACTIVE, Order, QueuedChange};
use muster_table::error::{Failure, FailureKind, Result};

/// What is known of the account before a push.
pub struct Protection {
    /// The account that the push is sent as, as the LMS told it or did not.
    pub own: Result<Option<OwnAccount>>,
    /// The person has seen that administrators may be among whom it suspends, or it only takes back what Muster did.
    pub administrators_released: bool,
}

/// What an order would do to an account so that nobody could go on working with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Loss {
    Deleted,
    Suspended,
    Renamed,
}

impl Loss {
    fn of(link: &dyn Link, order: &Order, entry: &RemotePerson) -> Option<Loss> {
        let suspends = order.after.get(ACTIVE).is_some_and(|active| active.one() == "false");
        match order.action {
            Action::Create => None,
            Action::Delete => Some(Loss::Deleted),
            Action::Deactivate => Some(Loss::Suspended),
            _ if suspends || link.locks_out(order) => Some(Loss::Suspended),
            _ => renames(order, entry).then_some(Loss::Renamed),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Loss::Deleted => "delete",
            Loss::Suspended => "suspend, or lock out,",
            Loss::Renamed => "rename",
        }
    }
}

/// Whether what somebody logs in with becomes another.
fn renames(order: &Order, entry: &RemotePerson) -> bool {
    let is_login = |name: &String| {
        entry.values.get(name).is_some_and(|has| has.one().eq_ignore_ascii_case(&entry.login))
    };
    let mut changed = order.after.iter().filter(|(name, _)| is_login(name));
    changed.any(|(_, to)| !to.one().eq_ignore_ascii_case(&entry.login))
}

/// Looks at all that is still to be sent. Answers the places of those who are accounts of the LMS itself, and are left
/// alone; fails where the push would cut itself off, or may cut off others and nobody has let go of that.
pub(super) fn look(
    link: &dyn Link,
    orders: &[QueuedChange],
    now: &RemoteState,
    protection: &Protection,
) -> Result<Vec<usize>> {
    let losing: Vec<(usize, &Order, &RemotePerson, Loss)> = orders
        .iter()
        .enumerate()
        .filter(|(_, waiting)| waiting.state.is_open())
        .filter_map(|(at, waiting)| {
            let entry = now.find(&waiting.order)?;
            Some((at, &waiting.order, entry, Loss::of(link, &waiting.order, entry)?))
        })
        .collect();
    if losing.is_empty() {
        return Ok(Vec::new());
    }
    let (built_in, losing): (Vec<_>, Vec<_>) =
        losing.into_iter().partition(|(_, _, entry, _)| link.is_built_in(entry));
    let built_in = built_in.into_iter().map(|(at, ..)| at).collect();
    if losing.is_empty() {
        return Ok(built_in);
    }
    let Some(own) = protection.own.clone()? else { return Ok(built_in) };
    let is_own = |entry: &RemotePerson| {
        let same = |one: &str, other: &str| !one.is_empty() && one.eq_ignore_ascii_case(other);
        entry.id == own.id || same(&own.login, &entry.login)
    };
    if let Some((_, order, _, loss)) = losing.iter().find(|(_, _, entry, _)| is_own(entry)) {
        let loss = loss.word();
        return Err(Failure::new(
            FailureKind::Refused,
            format!("this push would {loss} the account that it is sent as: nothing was sent"),
        )
        .why(format!("the connection signs in as {}", order.who()))
        .hint("Make the plan again: Muster knows this account now, and leaves it out. Or sign in with another one."));
    }
    let gone: Vec<String> = losing
        .iter()
        .filter(|(.., loss)| *loss != Loss::Renamed)
        .map(|(_, order, ..)| order.who())
        .collect();
    if own.may_change_administrators && !gone.is_empty() && !protection.administrators_released {
        return Err(Failure::new(
            FailureKind::Refused,
            "administrators may be among the people whom this push suspends or deletes: nothing was sent",
        )
        .why(format!(
            "the connection signs in as an administrator, who may do that, and the LMS does not say who else is one. It concerns {}",
            few(&gone)
        ))
        .hint("Make the plan again: it names them, and asks. Keep people whom nobody is to take away in the account: `muster accounts set NAME --protect KEY`."));
    }
    Ok(built_in)
}

#[cfg(test)]
mod tests {
    use super::super::link::{ChangeRequest, ChangeResult, OnProgress};
    use super::*;
    use muster_plan::push::{OrderState, Value, Values};

    struct Lms;

    impl Link for Lms {
        fn identify(&mut self) -> Result<String> {
            Ok("An LMS".into())
        }
        fn people(&mut self, _: OnProgress) -> Result<Vec<RemotePerson>> {
            Ok(Vec::new())
        }
        fn find(&mut self, _: &Order) -> Result<Option<RemotePerson>> {
            Ok(None)
        }
        fn is_built_in(&self, entry: &RemotePerson) -> bool {
            entry.login == "guest"
        }
        fn locks_out(&self, order: &Order) -> bool {
            order.after.get("auth").is_some_and(|auth| auth.one() == "nologin")
        }
        fn missing_groups(&self, _: &[&Order]) -> Vec<String> {
            Vec::new()
        }
        fn make_group(&mut self, _: &str) -> Result<()> {
            Ok(())
        }
        fn send(&mut self, _: &[ChangeRequest]) -> Vec<ChangeResult> {
            Vec::new()
        }
    }

    fn person(login: &str) -> RemotePerson {
        let values = Values::from([
            ("username".into(), Value::One(login.into())),
            ("city".into(), Value::One("Oslo".into())),
        ]);
        RemotePerson { id: format!("id-{login}"), login: login.into(), values }
    }

    fn order(login: &str, action: Action, after: &[(&str, &str)]) -> QueuedChange {
        let after = after.iter().map(|(name, to)| ((*name).into(), Value::One((*to).into())));
        let order = Order {
            key: login.into(),
            name: login.into(),
            line: None,
            action,
            id: String::new(),
            login: login.into(),
            before: Values::new(),
            after: after.collect(),
        };
        QueuedChange { place: 0, order, password: None, state: OrderState::Waiting }
    }

    fn looked(orders: &[QueuedChange], protection: &Protection) -> Result<Vec<usize>> {
        let people: Vec<RemotePerson> = ["ada", "ws", "guest"].map(person).into();
        look(&Lms, orders, &RemoteState::new(&people), protection)
    }

    fn signed_in(may_change_administrators: bool, released: bool) -> Protection {
        let own = OwnAccount { id: "id-ws".into(), login: "WS".into(), may_change_administrators };
        Protection { own: Ok(Some(own)), administrators_released: released }
    }

    #[test]
    fn a_push_that_would_cut_off_the_account_that_it_is_sent_as_sends_nothing() {
        let cuts: [(Action, &[(&str, &str)]); 5] = [
            (Action::Delete, &[]),
            (Action::Deactivate, &[]),
            (Action::Update, &[(ACTIVE, "false")]),
            (Action::Update, &[("auth", "nologin")]),
            (Action::Update, &[("username", "other")]),
        ];
        for (action, after) in cuts {
            for released in [false, true] {
                let orders = [order("ada", Action::Update, &[]), order("ws", action, after)];
                let refused = looked(&orders, &signed_in(true, released)).expect_err("refused");
                assert_eq!(refused.kind, FailureKind::Refused, "{action:?} {after:?}");
                assert!(refused.what.contains("the account that it is sent as"), "{refused}");
            }
        }
        for after in [&[("city", "Rome")][..], &[("username", "WS")], &[(ACTIVE, "true")]] {
            let orders = [order("ws", Action::Update, after)];
            assert_eq!(looked(&orders, &signed_in(true, false)), Ok(Vec::new()), "{after:?}");
        }
    }

    #[test]
    fn where_nobody_knows_whose_account_it_is_nobody_is_taken_away() {
        let untold = Failure::new(FailureKind::Refused, "it does not tell");
        let untold = Protection { own: Err(untold), administrators_released: true };
        assert!(looked(&[order("ada", Action::Deactivate, &[])], &untold).is_err());
        let harmless = [order("ada", Action::Update, &[("city", "Rome")])];
        assert_eq!(looked(&harmless, &untold), Ok(Vec::new()));
    }

    #[test]
    fn an_administrator_who_cannot_tell_others_apart_is_asked_and_a_guest_is_left_alone() {
        let orders = [order("guest", Action::Deactivate, &[]), order("ada", Action::Delete, &[])];
        let refused = looked(&orders, &signed_in(true, false)).expect_err("asked");
        assert!(refused.why.contains("ada") && !refused.why.contains("guest"), "{refused}");
        assert_eq!(looked(&orders, &signed_in(true, true)), Ok(vec![0]));
        assert_eq!(looked(&orders, &signed_in(false, false)), Ok(vec![0]));
    }
}
