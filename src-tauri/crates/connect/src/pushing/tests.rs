use super::*;
use crate::RemotePerson;
use muster_plan::push::{Order, Value, Values};

/// An LMS in which somebody else is at work: whoever was sent is changed, and then the next one by another.
struct Shared {
    people: Vec<RemotePerson>,
    looks: usize,
}

fn values(name: &str) -> Values {
    Values::from([("name".to_owned(), Value::One(name.to_owned()))])
}

impl Link for Shared {
    fn identify(&mut self) -> Result<String> {
        Ok("an LMS in memory".into())
    }
    fn people(&mut self, _: OnProgress) -> Result<Vec<RemotePerson>> {
        self.looks += 1;
        Ok(self.people.clone())
    }
    fn find(&mut self, order: &Order) -> Result<Option<RemotePerson>> {
        Ok(self.people.iter().find(|person| person.login == order.login).cloned())
    }
    fn missing_groups(&self, _: &[&Order]) -> Vec<String> {
        Vec::new()
    }
    fn make_group(&mut self, _: &str) -> Result<()> {
        Ok(())
    }
    fn batch(&self) -> usize {
        1
    }
    fn send(&mut self, requests: &[ChangeRequest]) -> Vec<ChangeResult> {
        let one = |request: &ChangeRequest| {
            let at = self.people.iter().position(|p| p.login == request.order.login);
            let at = at.expect("there");
            self.people[at].values = request.order.after.clone();
            if let Some(next) = self.people.get_mut(at + 1) {
                next.values = values("of somebody else");
            }
            ChangeResult::Done(self.people[at].id.clone())
        };
        requests.iter().map(one).collect()
    }
}

struct Nothing;

impl Record for Nothing {
    fn sending(&self, _: &[u32]) -> Result<()> {
        Ok(())
    }
    fn concluded(&self, _: &[ChangeOutcome]) -> Result<()> {
        Ok(())
    }
}

fn pushed(look_again: fn(Duration) -> Duration) -> (Ended, Shared, Vec<OrderState>) {
    let there = |login: &str| RemotePerson {
        id: format!("id-{login}"),
        login: login.to_owned(),
        values: values("old"),
    };
    let mut lms = Shared { people: ["ada", "bo", "cy"].map(there).into(), looks: 0 };
    let order = |(place, login): (u32, &str)| QueuedChange {
        place,
        order: Order {
            key: login.to_owned(),
            name: login.to_owned(),
            line: None,
            action: Action::Update,
            id: String::new(),
            login: login.to_owned(),
            before: values("old"),
            after: values("new"),
        },
        password: None,
        state: OrderState::Waiting,
    };
    let mut orders: Vec<QueuedChange> = (0..).zip(["ada", "bo", "cy"]).map(order).collect();
    let options = PushOptions {
        make_groups: false,
        titles: &str::to_owned,
        pass_over_changed: false,
        look_again,
        protection: Protection { own: Ok(None), administrators_released: false },
        stop: Stop::default(),
        on_progress: &|_, _, _| true,
    };
    let ended = carry_out(&mut lms, &mut orders, &Nothing, &options).expect("carried out");
    (ended, lms, orders.iter().map(|waiting| waiting.state).collect())
}

#[test]
fn a_push_that_takes_long_looks_again_and_overwrites_nobody_who_was_changed_meanwhile() {
    use OrderState::{Done, Waiting};
    let (ended, lms, states) = pushed(|_| Duration::ZERO);
    let Ended::Changed(changed) = ended else { panic!("{ended:?}") };
    assert!(changed.len() == 1 && changed[0].starts_with("bo: "), "{changed:?}");
    assert!(changed[0].contains("of somebody else"), "{changed:?}");
    assert_eq!(states, [Done, Waiting, Waiting]);
    assert_eq!(lms.people[1].values, values("of somebody else"));
}

#[test]
fn a_short_one_looks_before_and_after() {
    let (ended, lms, states) = pushed(|_| Duration::from_secs(600));
    assert!(matches!(ended, Ended::Through(_)), "{ended:?}");
    assert_eq!((lms.looks, states), (2, vec![OrderState::Done; 3]));
}
