//! Who is in the LMS, beside what a push wants of them: what is done already, what somebody else changed, and whether it
//! came as planned.

use rustc_hash::FxHashMap;

use super::link::{Link, RemotePerson};
use muster_plan::plan::Action;
use muster_plan::push::{Order, OrderState, QueuedChange, Value};

/// The LMS's people as they were found.
pub(crate) struct RemoteState<'p> {
    people: &'p [RemotePerson],
    by_id: FxHashMap<String, usize>,
    by_login: FxHashMap<String, usize>,
}

impl<'p> RemoteState<'p> {
    /// The same people, to be found by id and, whatever its case, by login.
    pub fn new(people: &'p [RemotePerson]) -> RemoteState<'p> {
        let by = |name: fn(&RemotePerson) -> String| {
            people.iter().enumerate().map(|(at, entry)| (name(entry), at)).collect()
        };
        RemoteState {
            by_id: by(|entry| entry.id.clone()),
            by_login: by(|entry| entry.login.to_lowercase()),
            people,
        }
    }

    /// Whom an order is about.
    pub fn find(&self, order: &Order) -> Option<&'p RemotePerson> {
        let at = match order.id.as_str() {
            "" => self.by_login.get(&order.login.to_lowercase()),
            id => self.by_id.get(id),
        };
        at.map(|&at| &self.people[at])
    }

    /// That somebody who is to be deleted is there under another login, as a sentence: to call them gone would be untrue. They
    /// are known by an address, where nothing else that is known of them is otherwise.
    pub fn is_elsewhere(&self, link: &dyn Link, order: &Order) -> Option<String> {
        if order.action != Action::Delete || self.find(order).is_some() {
            return None;
        }
        let known = order.before.iter().filter(|(name, was)| {
            let is_login = was.one().eq_ignore_ascii_case(&order.login);
            !is_login && !was.is_blank() && link.exposes(name)
        });
        let known: Vec<(&String, &Value)> = known.collect();
        let blank = Value::none();
        let is_one = |entry: &&RemotePerson| {
            let has = |name: &String| entry.values.get(name).unwrap_or(&blank);
            known.iter().all(|(name, was)| is_held(link, name, has(name), (&blank, was)))
        };
        let has_address = known.iter().any(|(_, was)| was.one().contains('@'));
        let entry = self.people.iter().filter(|_| has_address).find(is_one)?;
        Some(format!("{}: has the login `{}` there now", order.who(), entry.login))
    }
}

/// Whether the LMS has of somebody what an order wants, so that nothing is left to send.
pub(crate) fn is_as_ordered(
    link: &dyn Link,
    waiting: &QueuedChange,
    entry: Option<&RemotePerson>,
) -> bool {
    let order = &waiting.order;
    if order.action == Action::Delete {
        return entry.is_none();
    }
    // Nobody can look at a password; it goes along with making somebody, else it is set again.
    if waiting.password.is_some() && !order.is_new() {
        return false;
    }
    entry.is_some_and(|entry| holds(link, order, entry))
}

fn holds(link: &dyn Link, order: &Order, entry: &RemotePerson) -> bool {
    let blank = Value::none();
    order.after.iter().filter(|(name, _)| link.exposes(name)).all(|(name, wanted)| {
        let has = entry.values.get(name).unwrap_or(&blank);
        let was = order.before.get(name).unwrap_or(&blank);
        is_held(link, name, has, (was, wanted))
    })
}

/// Whether what is there is what comes of a change from the one value to the other.
fn is_held(link: &dyn Link, name: &str, has: &Value, (was, wanted): (&Value, &Value)) -> bool {
    if !link.leaves_others(name) {
        return alike(link, name, has, wanted);
    }
    let is_in = |value: &String, all: &Value| is_among(link, name, value, all);
    let gone = was.many().iter().filter(|value| !is_in(value, wanted));
    wanted.many().iter().all(|value| is_in(value, has))
        && !gone.into_iter().any(|value| is_in(value, has))
}

/// Whether one of several values means the same there.
fn is_among(link: &dyn Link, name: &str, value: &str, all: &Value) -> bool {
    let one = Value::One(value.to_owned());
    all.many().iter().any(|other| link.same(name, &one, &Value::One(other.clone())))
}

/// Whether two values mean the same there; nothing is nothing, in whatever form.
fn alike(link: &dyn Link, name: &str, one: &Value, other: &Value) -> bool {
    link.same(name, one, other) || (one.is_blank() && other.is_blank())
}

/// Whether nothing of an order was carried out yet.
pub(crate) fn is_as_before(link: &dyn Link, order: &Order, entry: Option<&RemotePerson>) -> bool {
    match (order.action, entry) {
        (Action::Create, entry) => entry.is_none(),
        (_, None) => order.action == Action::Reactivate,
        (_, Some(entry)) => {
            let blank = Value::none();
            order.after.keys().filter(|name| link.exposes(name)).all(|name| {
                let was = order.before.get(name).unwrap_or(&blank);
                let has = entry.values.get(name).unwrap_or(&blank);
                let wanted = order.after.get(name).unwrap_or(&blank);
                is_held(link, name, has, (wanted, was))
            })
        }
    }
}

/// That the login of somebody who was being made belongs to another person, as a sentence. Whoever was made by half
/// has nothing else of what goes along with making them.
pub(crate) fn is_somebody_else(
    link: &dyn Link,
    order: &Order,
    entry: Option<&RemotePerson>,
) -> Option<String> {
    let entry = entry.filter(|_| order.is_new())?;
    let along = order.after.iter().filter(|(name, wanted)| {
        link.exposes(name) && !link.set_after_create(name) && matches!(wanted, Value::One(_))
    });
    let blank = Value::none();
    let fits = along.into_iter().all(|(name, wanted)| {
        let has = entry.values.get(name).unwrap_or(&blank);
        has.is_blank() || alike(link, name, has, wanted)
    });
    (!fits).then(|| taken(order, entry))
}

fn taken(order: &Order, entry: &RemotePerson) -> String {
    format!("{}: the LMS has somebody with the login `{}` already", order.who(), entry.login)
}

/// What somebody else did to a person since the plan was made, as a sentence; none where it does not matter, as where it is
/// what is ordered. Where somebody who was made is taken back, a value that the LMS never kept is nobody's doing.
pub(crate) fn changed_since(
    link: &dyn Link,
    order: &Order,
    entry: Option<&RemotePerson>,
    titles: &dyn Fn(&str) -> String,
    is_back: bool,
) -> Option<String> {
    let who = order.who();
    match (order.action, entry) {
        // Another push may have made them; a second one of the same login is easily made.
        (Action::Create, Some(entry)) if holds(link, order, entry) => {
            Some(format!("{who}: is there already"))
        }
        (Action::Create, Some(entry)) => Some(taken(order, entry)),
        (Action::Create | Action::Delete, None) => None,
        // Somebody who was deleted and is to be brought back.
        (Action::Reactivate, None) => None,
        (_, None) => Some(format!("{who}: is not there any more")),
        (_, Some(entry)) if holds(link, order, entry) && order.action != Action::Delete => None,
        (_, Some(entry)) => {
            let blank = Value::none();
            let differs = |(name, before): &(&String, &Value)| {
                let has = entry.values.get(*name).unwrap_or(&blank);
                let never_kept = is_back && order.action == Action::Delete && has.is_blank();
                let is_done =
                    order.after.get(*name).is_some_and(|to| is_held(link, name, has, (before, to)));
                !never_kept && !is_done && !is_held(link, name, has, (&blank, before))
            };
            let differing: Vec<String> = order
                .before
                .iter()
                .filter(|pair| entry.values.contains_key(pair.0) && link.exposes(pair.0))
                .filter(differs)
                .map(|(name, before)| {
                    let has = entry.values.get(name).map(Value::in_words).unwrap_or_default();
                    format!("{} was `{}` and is `{has}`", titles(name), before.in_words())
                })
                .collect();
            (!differing.is_empty()).then(|| format!("{who}: {}", differing.join("; ")))
        }
    }
}

/// What somebody else wrote of a person who was handed over when a push was cut off, as a sentence: values that are neither
/// those of before nor ordered. What was carried out by half is between the two.
pub(crate) fn written_meanwhile(
    link: &dyn Link,
    order: &Order,
    entry: Option<&RemotePerson>,
    titles: &dyn Fn(&str) -> String,
) -> Option<String> {
    let entry = entry.filter(|_| !order.is_new())?;
    let blank = Value::none();
    let foreign: Vec<String> = order
        .before
        .iter()
        .filter(|(name, _)| link.exposes(name) && !link.set_after_create(name))
        .filter_map(|(name, before)| {
            let has = entry.values.get(name)?;
            let after = order.after.get(name).unwrap_or(&blank);
            let is_known =
                |value: &String| [before, after].iter().any(|all| is_among(link, name, value, all));
            (!has.many().iter().all(is_known)).then(|| {
                format!("{} was `{}` and is `{}`", titles(name), before.in_words(), has.in_words())
            })
        })
        .collect();
    (!foreign.is_empty()).then(|| format!("{}: {}", order.who(), foreign.join("; ")))
}

/// Somebody whom the LMS said that it did, and who is not as ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differing {
    /// The order's place in the push.
    pub place: u32,
    /// "Ada Lo (`ada`)".
    pub who: String,
    /// "is not there", or which values differ.
    pub what: String,
    /// Whether they are there, or gone, as they were to be, and something of what was ordered for them came.
    pub is_seen: bool,
}

/// How the LMS's people are, beside what a push was to do: how many are as planned, and who is not and how.
pub fn compare(
    link: &dyn Link,
    orders: &[QueuedChange],
    people: &[RemotePerson],
    titles: &dyn Fn(&str) -> String,
) -> (u32, Vec<Differing>) {
    let now = RemoteState::new(people);
    let mut times: FxHashMap<String, usize> = FxHashMap::default();
    for entry in people {
        *times.entry(entry.login.to_lowercase()).or_default() += 1;
    }
    let mut as_planned = 0;
    let mut differing = Vec::new();
    for waiting in orders.iter().filter(|w| w.state == OrderState::Done) {
        let order = &waiting.order;
        // A rename has been carried out by now.
        let renamed = || {
            let names = order.after.values().map(Value::one);
            names.filter_map(|name| now.by_login.get(&name.to_lowercase())).next()
        };
        let entry = now.find(order).or_else(|| renamed().map(|&at| &now.people[at]));
        let (is_seen, what) = match entry {
            None if order.action == Action::Delete => (true, Vec::new()),
            None => (false, vec!["is not there".to_owned()]),
            Some(_) if order.action == Action::Delete => (false, vec!["is still there".to_owned()]),
            Some(entry) => {
                let times = times.get(&entry.login.to_lowercase()).copied().unwrap_or_default();
                let twice = (times > 1 && !entry.login.is_empty())
                    .then(|| format!("is there {times} times"));
                let what: Vec<String> =
                    twice.into_iter().chain(differences(link, order, entry, titles)).collect();
                // Of whom nothing came is not done, whatever the LMS said.
                let is_nothing = !order.is_new()
                    && !order.after.is_empty()
                    && is_as_before(link, order, Some(entry));
                (what.is_empty() || !is_nothing, what)
            }
        };
        if what.is_empty() {
            as_planned += 1;
        } else {
            let (place, who, what) = (waiting.place, order.who(), what.join("; "));
            differing.push(Differing { place, who, what, is_seen });
        }
    }
    (as_planned, differing)
}

/// What of an order the LMS does not have, each a sentence.
fn differences(
    link: &dyn Link,
    order: &Order,
    entry: &RemotePerson,
    titles: &dyn Fn(&str) -> String,
) -> Vec<String> {
    let blank = Value::none();
    let exposed = order.after.iter().filter(|(name, _)| link.exposes(name));
    let told = exposed.filter_map(|(name, wanted)| {
        let has = entry.values.get(name).unwrap_or(&blank);
        let was = order.before.get(name).unwrap_or(&blank);
        (!is_held(link, name, has, (was, wanted))).then(|| {
            let (wanted, has) = (wanted.in_words(), has.in_words());
            format!("{} should be `{wanted}` and is `{has}`", titles(name))
        })
    });
    told.collect()
}

/// What of an order the LMS has by now that was otherwise before, by what it is called.
pub(crate) fn done_of(
    link: &dyn Link,
    order: &Order,
    entry: &RemotePerson,
    titles: &dyn Fn(&str) -> String,
) -> Vec<String> {
    let blank = Value::none();
    let is_done = |(name, wanted): &(&String, &Value)| {
        let was = order.before.get(*name).unwrap_or(&blank);
        let has = entry.values.get(*name).unwrap_or(&blank);
        !alike(link, name, was, wanted) && is_held(link, name, has, (was, wanted))
    };
    let exposed = order.after.iter().filter(|(name, _)| link.exposes(name));
    exposed.filter(is_done).map(|(name, _)| titles(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{ChangeRequest, ChangeResult, OnProgress};
    use super::*;
    use muster_plan::push::Values;
    use muster_table::error::{Failure, Result};

    struct Nowhere;

    impl Link for Nowhere {
        fn identify(&mut self) -> Result<String> {
            Err(Failure::state("nobody is there"))
        }
        fn people(&mut self, _: OnProgress) -> Result<Vec<RemotePerson>> {
            Ok(Vec::new())
        }
        fn find(&mut self, _: &Order) -> Result<Option<RemotePerson>> {
            Ok(None)
        }
        fn missing_groups(&self, _: &[&Order]) -> Vec<String> {
            Vec::new()
        }
        fn make_group(&mut self, _: &str) -> Result<()> {
            Ok(())
        }
        fn set_after_create(&self, name: &str) -> bool {
            name == "kind"
        }
        fn leaves_others(&self, name: &str) -> bool {
            name == "cohorts"
        }
        fn send(&mut self, _: &[ChangeRequest]) -> Vec<ChangeResult> {
            Vec::new()
        }
    }

    fn values(all: &[(&str, &str)]) -> Values {
        all.iter().map(|(name, one)| ((*name).into(), Value::One((*one).into()))).collect()
    }

    fn order() -> Order {
        let mut after = values(&[("login", "ana"), ("name", "Ana Silva"), ("kind", "COACH")]);
        after.insert("groups".into(), Value::Many(vec!["Red".into()]));
        let (key, name, login) = (String::new(), "Ana Silva".into(), "ana".into());
        let (before, id) = (Values::new(), String::new());
        Order { key, name, line: Some(2), action: Action::Create, id, login, before, after }
    }

    fn there(name: &str, kind: &str) -> RemotePerson {
        let values = values(&[("login", "ana"), ("name", name), ("kind", kind)]);
        RemotePerson { id: "7".into(), login: "ana".into(), values }
    }

    #[test]
    fn who_was_made_by_half_is_gone_on_with_and_who_came_in_between_is_not_overwritten() {
        let order = order();
        let somebody_else = |entry: &RemotePerson| is_somebody_else(&Nowhere, &order, Some(entry));
        assert_eq!(somebody_else(&there("Ana Silva", "LEARNER")), None);
        assert_eq!(somebody_else(&there("", "LEARNER")), None);
        let other = somebody_else(&there("Anatole Sand", "LEARNER")).expect("somebody else");
        assert!(other.contains("somebody with the login `ana` already"), "{other}");
        assert_eq!(is_somebody_else(&Nowhere, &order, None), None);
    }

    #[test]
    fn of_cohorts_only_what_is_added_and_taken_away_counts() {
        let many = |all: &[&str]| Value::Many(all.iter().map(|one| (*one).into()).collect());
        let mut order = Order { action: Action::Update, ..order() };
        order.before = Values::from([("cohorts".into(), many(&["A", "B"]))]);
        order.after = Values::from([("cohorts".into(), many(&["B", "C"]))]);
        let there = |all: &[&str]| RemotePerson {
            values: Values::from([("cohorts".into(), many(all))]),
            ..RemotePerson::default()
        };
        let held = |all: &[&str]| holds(&Nowhere, &order, &there(all));
        assert!(held(&["B", "C"]) && held(&["C", "B", "X"]));
        assert!(!held(&["A", "B", "C"]) && !held(&["B"]) && !held(&["C"]));
        let untouched = |all: &[&str]| is_as_before(&Nowhere, &order, Some(&there(all)));
        assert!(untouched(&["A", "B", "X"]) && !untouched(&["A", "B", "C"]) && !untouched(&["B"]));
        let since = |all: &[&str]| {
            changed_since(&Nowhere, &order, Some(&there(all)), &str::to_owned, false)
        };
        assert_eq!(since(&["A", "B", "X"]), None, "others come and go");
        assert!(since(&["A"]).is_some(), "somebody took one of these away");
    }

    #[test]
    fn what_is_as_ordered_already_or_was_never_kept_is_nobodys_change() {
        let mut order = Order { action: Action::Update, ..order() };
        order.before = values(&[("name", "Ana"), ("title", "Cook"), ("city", "Rome")]);
        order.after = values(&[("name", "Anna"), ("title", "Diver")]);
        let there = |all: &[(&str, &str)]| RemotePerson { values: values(all), ..there("", "") };
        let since = |order: &Order, all: &[(&str, &str)], is_back| {
            changed_since(&Nowhere, order, Some(&there(all)), &str::to_owned, is_back)
        };
        let changed = [("name", "Ana"), ("title", "Diver"), ("city", "Rome")];
        assert_eq!(since(&order, &changed, false), None);
        let changed = [("name", "Ana"), ("title", "Nurse"), ("city", "Rome")];
        assert!(since(&order, &changed, false).is_some());

        let order = Order { action: Action::Delete, after: Values::new(), ..order };
        let kept = [("name", "Ana"), ("title", ""), ("city", "Rome")];
        assert_eq!(since(&order, &kept, true), None, "taken back");
        assert!(since(&order, &kept, false).is_some(), "somebody took it away");
        let changed = [("name", "Ana"), ("title", "Nurse"), ("city", "Rome")];
        assert!(since(&order, &changed, true).is_some(), "somebody is at work on them");
    }
}
