//! What is kept of a push is damaged between freezing and sending.

use std::thread;

use rusqlite::Connection;

use super::deeds::{Deed, PASSWORD, Ran};
use super::lms::ALL;
use super::people::Person;
use super::server::Fault;
use super::world::World;
use crate::kolibri_server::holds;

/// What happens to the rows of a push: its name, and how.
const DAMAGES: [(&str, &str); 7] = [
    (
        "letters of a name",
        "update push_order set task = replace(task, 'Orr', 'Ohr') where push = ?1",
    ),
    ("an order is missing", "delete from push_order where push = ?1 and place = 1"),
    ("all are missing", "delete from push_order where push = ?1"),
    (
        "people are swapped",
        "update push_order set task = (
            select other.task from push_order other
            where other.push = ?1 and other.place = 1 - push_order.place
        ) where push = ?1 and place < 2",
    ),
    (
        "passwords are swapped",
        "update push_order set password = (
            select other.password from push_order other
            where other.push = ?1 and other.place = 1 - push_order.place
        ) where push = ?1 and place < 2",
    ),
    (
        "somebody comes twice",
        "insert into push_order (push, place, task, password, state, why, lms_id, at)
            select push, 2, task, password, state, why, lms_id, at
            from push_order where push = ?1 and place = 0",
    ),
    (
        "it goes elsewhere",
        "update push set target = replace(target, '127.0.0.1', '127.0.0.2') where id = ?1",
    ),
];

#[test]
fn nothing_is_sent_of_a_push_that_is_not_as_it_was_frozen() {
    thread::scope(|scope| {
        for lms in ALL {
            scope.spawn(move || {
                let world = World::of_three(lms);
                let tried = u32::from(lms.is_untried());
                let before = world.server.held();
                for (push, (damage, sql)) in (tried + 1..).zip(DAMAGES) {
                    let id = push.to_string();
                    world.server.becomes(Fault::Maintenance);
                    let waits = world.sends_two();
                    assert_eq!(waits.exit, 2, "{lms:?} {damage}: {}", waits.said);
                    let writes_now = world.server.writes();
                    let rows = Connection::open(world.path("data/muster.db")).expect("opens");
                    // What is damaged here leaves nothing behind by itself.
                    rows.pragma_update(None, "secure_delete", "on").expect("set");
                    let changed = rows.execute(sql, [push]).expect("damaged");
                    assert!(changed > 0, "{lms:?} {damage}");
                    drop(rows);
                    world.server.becomes(Fault::None);
                    let ran = world.outbox(&["resume", &id]);
                    let about = format!("{lms:?} {damage}: {}", ran.said);
                    assert_eq!(ran.exit, 2, "{about}");
                    let says = format!("push {push} is damaged");
                    assert!(
                        ran.said.contains(&says) && ran.said.contains("make the plan again"),
                        "{about}"
                    );
                    assert!(!ran.said.contains(PASSWORD), "{about}");
                    assert_eq!(world.server.held().people, before.people, "{about}");
                    assert_eq!(world.server.writes(), writes_now, "{about}");
                    // Its passwords go with it, and it stays closed.
                    assert_eq!(holds(&world.muster.home, "Secret-"), None, "{about}");
                    let again = world.outbox(&["resume", &id]);
                    assert_eq!((again.exit, world.server.writes()), (2, writes_now), "{about}");
                }
            });
        }
    });
}

impl World {
    /// Pushes two new people.
    fn sends_two(&self) -> Ran {
        let lms = self.server.lms;
        let [first, then] = self.lists(&[Deed::Makes], &self.server.held());
        let then = then + &lms.row(&Person::named("gil"), "Secret-34") + "\n";
        Ran::of(self.push_lists(&first, &then, &[&"--format", &"json"]))
    }
}
