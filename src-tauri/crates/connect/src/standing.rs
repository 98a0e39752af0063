//! Who is in the LMS, beside what a push wants of them: what is done already, what somebody else changed, and whether it
//! came as planned.

use rustc_hash::FxHashMap;

use super::link::{Entry, Link};
use muster_plan::plan::Action;
use muster_plan::push::{Order, OrderState, Value, Waiting};

/// The LMS's people as they were found.
pub(crate) struct Standing<'p> {
    people: &'p [Entry],
    by_id: FxHashMap<String, usize>,
    by_login: FxHashMap<String, usize>,
}

impl<'p> Standing<'p> {
    /// The same people, to be found by id and, whatever its case, by login.
    pub fn new(people: &'p [Entry]) -> Standing<'p> {
        let by = |name: fn(&Entry) -> String| {
            people.iter().enumerate().map(|(at, entry)| (name(entry), at)).collect()
        };
        Standing {
            by_id: by(|entry| entry.id.clone()),
            by_login: by(|entry| entry.login.to_lowercase()),
            people,
        }
    }

    /// Whom an order is about.
    pub fn find(&self, order: &Order) -> Option<&'p Entry> {
        let at = match order.id.as_str() {
            "" => self.by_login.get(&order.login.to_lowercase()),
            id => self.by_id.get(id),
        };
        at.map(|&at| &self.people[at])
    }
}

/// Whether the LMS has of somebody what an order wants, so that nothing is left to send.
pub(crate) fn is_as_ordered(link: &dyn Link, waiting: &Waiting, entry: Option<&Entry>) -> bool {
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

fn holds(link: &dyn Link, order: &Order, entry: &Entry) -> bool {
    let blank = Value::none();
    order.after.iter().filter(|(name, _)| link.tells(name)).all(|(name, wanted)| {
        let has = entry.values.get(name).unwrap_or(&blank);
        alike(link, name, has, wanted)
    })
}

/// Whether two values mean the same there; nothing is nothing, in whatever form.
fn alike(link: &dyn Link, name: &str, one: &Value, other: &Value) -> bool {
    link.same(name, one, other) || (one.is_blank() && other.is_blank())
}

/// Whether nothing of an order was carried out yet.
pub(crate) fn is_as_before(link: &dyn Link, order: &Order, entry: Option<&Entry>) -> bool {
    match (order.action, entry) {
        (Action::Create, entry) => entry.is_none(),
        (_, None) => order.action == Action::Reactivate,
        (_, Some(entry)) => {
            let blank = Value::none();
            order.after.keys().filter(|name| link.tells(name)).all(|name| {
                let was = order.before.get(name).unwrap_or(&blank);
                let has = entry.values.get(name).unwrap_or(&blank);
                alike(link, name, has, was)
            })
        }
    }
}

/// That the login of somebody who was being made belongs to another person, as a sentence. Whoever was made by half
/// has nothing else of what goes along with making them.
pub(crate) fn is_somebody_else(
    link: &dyn Link,
    order: &Order,
    entry: Option<&Entry>,
) -> Option<String> {
    let entry = entry.filter(|_| order.is_new())?;
    let along = order.after.iter().filter(|(name, wanted)| {
        link.tells(name) && !link.comes_after(name) && matches!(wanted, Value::One(_))
    });
    let blank = Value::none();
    let fits = along.into_iter().all(|(name, wanted)| {
        let has = entry.values.get(name).unwrap_or(&blank);
        has.is_blank() || alike(link, name, has, wanted)
    });
    (!fits).then(|| taken(order, entry))
}

fn taken(order: &Order, entry: &Entry) -> String {
    format!("{}: the LMS has somebody with the login `{}` already", order.who(), entry.login)
}

/// What somebody else did to a person since the plan was made, as a sentence; none where it does not matter.
pub(crate) fn changed_since(
    link: &dyn Link,
    order: &Order,
    entry: Option<&Entry>,
    titles: &dyn Fn(&str) -> String,
) -> Option<String> {
    let who = order.who();
    match (order.action, entry) {
        (Action::Create, Some(entry)) if holds(link, order, entry) => None,
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
                !alike(link, name, has, before)
            };
            let differing: Vec<String> = order
                .before
                .iter()
                .filter(|pair| entry.values.contains_key(pair.0) && link.tells(pair.0))
                .filter(differs)
                .map(|(name, before)| {
                    let has = entry.values.get(name).map(Value::told).unwrap_or_default();
                    format!("{} was `{}` and is `{has}`", titles(name), before.told())
                })
                .collect();
            (!differing.is_empty()).then(|| format!("{who}: {}", differing.join("; ")))
        }
    }
}

/// How the LMS's people are, beside what a push was to do: who is as planned, and who is not and how.
pub fn compare(
    link: &dyn Link,
    orders: &[Waiting],
    people: &[Entry],
    titles: &dyn Fn(&str) -> String,
) -> (u32, Vec<String>) {
    let now = Standing::new(people);
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
        if order.action == Action::Delete {
            match entry {
                None => as_planned += 1,
                Some(_) => differing.push(format!("{}: is still there", order.who())),
            }
            continue;
        }
        match entry {
            Some(entry) if holds(link, order, entry) => as_planned += 1,
            Some(entry) => {
                let blank = Value::none();
                let cells: Vec<String> = order
                    .after
                    .iter()
                    .filter(|(name, _)| link.tells(name))
                    .filter_map(|(name, wanted)| {
                        let has = entry.values.get(name).unwrap_or(&blank);
                        (!alike(link, name, has, wanted)).then(|| {
                            format!(
                                "{} should be `{}` and is `{}`",
                                titles(name),
                                wanted.told(),
                                has.told()
                            )
                        })
                    })
                    .collect();
                differing.push(format!("{}: {}", order.who(), cells.join("; ")));
            }
            None => differing.push(format!("{}: is not there", order.who())),
        }
    }
    (as_planned, differing)
}

#[cfg(test)]
mod tests {
    use super::super::{Answer, Job, Told};
    use super::*;
    use muster_plan::push::Values;
    use muster_table::error::{Failure, Outcome};

    struct Nowhere;

    impl Link for Nowhere {
        fn greet(&mut self) -> Outcome<String> {
            Err(Failure::state("nobody is there"))
        }
        fn people(&mut self, _: Told) -> Outcome<Vec<Entry>> {
            Ok(Vec::new())
        }
        fn find(&mut self, _: &Order) -> Outcome<Option<Entry>> {
            Ok(None)
        }
        fn lacking(&self, _: &[&Order]) -> Vec<String> {
            Vec::new()
        }
        fn make_group(&mut self, _: &str) -> Outcome<()> {
            Ok(())
        }
        fn comes_after(&self, name: &str) -> bool {
            name == "kind"
        }
        fn send(&mut self, _: &[Job]) -> Vec<Answer> {
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

    fn there(name: &str, kind: &str) -> Entry {
        let values = values(&[("login", "ana"), ("name", name), ("kind", kind)]);
        Entry { id: "7".into(), login: "ana".into(), values }
    }

    #[test]
    fn who_was_made_by_half_is_gone_on_with_and_who_came_in_between_is_not_overwritten() {
        let order = order();
        let told = |entry: &Entry| is_somebody_else(&Nowhere, &order, Some(entry));
        assert_eq!(told(&there("Ana Silva", "LEARNER")), None);
        assert_eq!(told(&there("", "LEARNER")), None);
        let other = told(&there("Anatole Sand", "LEARNER")).expect("somebody else");
        assert!(other.contains("somebody with the login `ana` already"), "{other}");
        assert_eq!(is_somebody_else(&Nowhere, &order, None), None);
    }
}
