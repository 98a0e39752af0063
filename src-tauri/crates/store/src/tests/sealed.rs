//! What was frozen of a push is sent as it was frozen, or not at all.

use std::fs;

use rusqlite::Connection;

use super::*;
use crate::outbox::{OrderRecord, PushRecord};
use muster_plan::plan::Action;
use muster_plan::push::{
    ChangeOutcome, Order, OrderState, PushMeta, PushState, QueuedChange, Secret, Target, Value,
    Values,
};
use muster_table::error::{Failure, Result};

const PASSWORD: &str = "not-a-real-one-";

fn target() -> Target {
    let mut target = Target::read("scim+https://lms.example.com/").expect("an address");
    target.options.insert("timeout".into(), "30".into());
    target
}

fn order(place: u32, state: OrderState) -> OrderRecord {
    let login = format!("new{place}@example.com");
    let is_sent = state == OrderState::Waiting;
    let order = Order {
        key: login.clone(),
        name: format!("New {place}"),
        line: Some(place + 2),
        action: Action::Create,
        id: String::new(),
        login: login.clone(),
        before: Values::new(),
        after: Values::from([("userName".into(), Value::One(login))]),
    };
    OrderRecord {
        waiting: QueuedChange {
            place,
            order,
            password: is_sent.then(|| Secret::new(format!("{PASSWORD}{place}"))),
            state,
        },
        password_erased: false,
        why: if is_sent { String::new() } else { "a group is misspelt".into() },
        lms_id: String::new(),
        at: None,
    }
}

/// Two pushes; the last person of each is left out.
fn filled(people: u32) -> TempDir {
    let folder = folder();
    let store = open(folder.path());
    let orders: Vec<OrderRecord> = (0..people)
        .map(|place| order(place, OrderState::Waiting))
        .chain([order(people, OrderState::LeftOut)])
        .collect();
    for title in ["staff", "guests"] {
        let facts = PushMeta { title: title.into(), ..PushMeta::default() };
        store.freeze_push(None, NOW, &target(), &facts, &orders).expect("kept");
    }
    folder
}

fn change(folder: &TempDir, sql: &str) -> usize {
    let connection = Connection::open(folder.path().join("muster.db")).expect("opens");
    connection.execute_batch("pragma foreign_keys = off").expect("set");
    connection.execute(sql, ()).unwrap_or_else(|e| panic!("{sql}: {e}"))
}

fn to_send(store: &Store, push: u32) -> Result<(PushRecord, Vec<OrderRecord>)> {
    store.push_to_send(&store.hold_push(push).expect("free"), LATER)
}

/// Every file of the data folder that has these bytes in it.
fn files_with(folder: &TempDir, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder.path()).expect("a folder").flatten() {
        let holds = |bytes: Vec<u8>| memchr::memmem::find(&bytes, text.as_bytes()).is_some();
        if entry.path().is_file() && fs::read(entry.path()).is_ok_and(holds) {
            found.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    found
}

fn is_closed_as_damaged(store: &Store, failure: &Failure, what: &str) {
    assert_eq!(failure.what, "push 1 is damaged", "{what}: {failure}");
    assert!(failure.hint.contains("make the plan again"), "{what}: {failure}");
    if let Ok(push) = store.push(1) {
        assert_eq!(push.state, PushState::Cancelled, "{what}");
        assert_eq!(push.why.as_ref(), Some(failure), "{what}");
    }
    let left: u32 = store
        .connection
        .query_row("select count(*) from push_order where push = 1 and password != ''", (), |row| {
            row.get(0)
        })
        .expect("readable");
    assert_eq!(left, 0, "{what}: passwords are left");
    let is_open = to_send(store, 1).is_ok_and(|(push, _)| push.state.is_open());
    assert!(!is_open, "{what}: it stays closed");
}

/// Each is a change that the database takes and that nothing but the seal can know of.
const DAMAGES: &[&str] = &[
    "update push set job = 7 where id = 1",
    "update push set at = '2026-11-03T08:15:01Z' where id = 1",
    "update push set target = replace(target, 'lms.', 'lns.') where id = 1",
    "update push set target = replace(target, '\"30\"', '\"31\"') where id = 1",
    "update push set facts = replace(facts, 'staff', 'stuff') where id = 1",
    "update push set facts = replace(facts, '\"orders\":4', '\"orders\":null') where id = 1",
    "update push set facts = replace(facts, '\"orders\":4', '\"orders\":3') where id = 1",
    "update push set facts = '{' where id = 1",
    "update push set state = 'sending-' where id = 1",
    "update push set seal = '' where id = 1",
    "update push set seal = 'f' || substr(seal, 2) || 'f' where id = 1",
    "update push set seal = '', facts = replace(facts, '\"orders\":4', '\"orders\":null') where id = 1",
    "update push set password_seal = '' where id = 1",
    "update push set password_seal = '0' || password_seal where id = 1",
    "update push_order set task = replace(task, 'new0@', 'new1@') where push = 1 and place = 0",
    "update push_order set task = replace(task, 'New 2', 'New 7') where push = 1 and place = 2",
    "update push_order set task = replace(task, 'create', 'delete') where push = 1 and place = 1",
    "update push_order set task = task || ' ' where push = 1 and place = 1",
    "update push_order set password = 'not-a-real-one-7' where push = 1 and place = 1",
    "update push_order set password = '' where push = 1 and place = 1",
    "update push_order set password = null where push = 1 and place = 1",
    "update push_order set password = 'given' where push = 1 and place = 3",
    "update push_order set state = 'left-out' where push = 1 and place = 2",
    "update push_order set state = 'done' where push = 1 and place = 2",
    "update push_order set state = 'waiting' where push = 1 and place = 3",
    "update push_order set state = 'waitinG' where push = 1 and place = 2",
    "update push_order set why = 'another reason' where push = 1 and place = 3",
    "update push_order set place = 9 where push = 1 and place = 3",
    "update push_order set place = 1 where push = 1 and place = 2",
    "update push_order set place = 3 - place where push = 1",
    "update push_order set place = case place when 0 then 1 when 1 then 0 else place end where push = 1",
    "update push_order set task = (select task from push_order as o where o.push = 1 and o.place = 1 - push_order.place) where push = 1 and place < 2",
    "update push_order set password = (select password from push_order as o where o.push = 1 and o.place = 1 - push_order.place) where push = 1 and place < 2",
    "update push_order set push = 3 where push = 1 and place = 2",
    "delete from push_order where push = 1 and place = 3",
    "delete from push_order where push = 1 and place = 0",
    "delete from push_order where push = 1",
    "insert into push_order (push, place, task, state) select push, 4, task, state from push_order where push = 1 and place = 1",
    "insert into push_order (push, place, task, password, state, why) select push, place, task, password, state, why from push_order where push = 1 and place = 1",
];

#[test]
fn whatever_is_not_as_it_was_frozen_closes_the_push_before_anything_is_sent() {
    for damage in DAMAGES {
        let folder = filled(3);
        assert!(change(&folder, damage) > 0, "{damage}");
        let store = open(folder.path());
        assert!(store.push_orders(1).is_err(), "{damage}");
        let failure = to_send(&store, 1).map(|_| ()).expect_err(damage);
        is_closed_as_damaged(&store, &failure, damage);
        let (push, orders) = to_send(&store, 2).expect("the other one is whole");
        assert_eq!((push.facts.orders, orders.len()), (Some(4), 4), "{damage}");
    }
}

#[test]
fn every_letter_of_what_was_frozen_counts() {
    let folder = filled(3);
    let texts: Vec<(&str, &str, String)> = {
        let connection = Connection::open(folder.path().join("muster.db")).expect("opens");
        let read = |column, of| {
            let text = format!("select {column} from {of}");
            (column, of, connection.query_row(&text, (), |row| row.get(0)).expect("text"))
        };
        let push = ["at", "target", "facts", "seal", "password_seal"]
            .map(|c| read(c, "push where id = 1"));
        let one = "push_order where push = 1 and place = 1";
        push.into_iter().chain(["task", "password"].map(|c| read(c, one))).collect()
    };
    let store = open(folder.path());
    for (column, of, text) in texts {
        let (table, condition) = of.split_once(" where ").expect("a condition");
        let sql = format!("update {table} set {column} = ? where {condition}");
        for (at, _) in text.char_indices() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            let Ok(damaged) = String::from_utf8(bytes) else { continue };
            store.connection.execute(&sql, [&damaged]).expect("changed");
            assert!(store.push_orders(1).is_err(), "{column}: {damaged}");
        }
        store.connection.execute(&sql, [&text]).expect("put back");
        assert_eq!(store.push_orders(1).expect("whole again").len(), 4, "{column}");
    }
}

#[test]
fn what_happens_to_a_push_while_it_is_sent_is_no_damage() {
    let folder = filled(3);
    let store = open(folder.path());
    let (mut push, _) = to_send(&store, 1).expect("whole");
    push.state = PushState::Sending;
    push.started = Some(NOW.into());
    store.set_push(&push).expect("kept");
    store.orders_sending(1, &[0, 1]).expect("kept");
    let outcome = |place: u32, state: OrderState| ChangeOutcome {
        place,
        state,
        why: "so it said".into(),
        id: "7".into(),
    };
    let all = [outcome(0, OrderState::Done), outcome(1, OrderState::Refused)];
    store.orders_settled(1, &all, LATER).expect("kept");
    let mut moved = target();
    moved.options.insert("timeout".into(), "60".into());
    store.set_push_target(1, &moved).expect("kept");
    let (again, orders) = to_send(&store, 1).expect("whole");
    assert_eq!(again.target, moved);
    assert_eq!(orders[2].waiting.state, OrderState::Waiting);
    push.state = PushState::Partly;
    store.set_push(&push).expect("kept");
    let orders = store.push_orders(1).expect("whole");
    assert!(orders[..3].iter().all(|o| o.password_erased && o.waiting.password.is_none()));
    assert!(!orders[3].password_erased, "who is left out had none");
    assert_eq!(files_with(&folder, &format!("{PASSWORD}0")), ["muster.db"], "of push 2");
    let mut other = store.push(2).expect("there");
    other.state = PushState::Cancelled;
    store.set_push(&other).expect("kept");
    assert_eq!(files_with(&folder, PASSWORD), Vec::<String>::new());
}

#[test]
fn a_damaged_push_is_not_sent_elsewhere_either() {
    let folder = filled(3);
    change(&folder, "update push_order set task = task || ' ' where push = 1 and place = 1");
    let store = open(folder.path());
    let refused = store.set_push_target(1, &target()).expect_err("damaged");
    assert_eq!(refused.what, "push 1 is damaged");
    assert!(to_send(&store, 1).is_err(), "and it got no new seal");
}

#[test]
fn a_page_of_the_database_that_is_gone_never_makes_a_push_smaller() {
    const PAGE: usize = 4096;
    let folder = filled(120);
    let place = folder.path().join("muster.db");
    let pristine = fs::read(&place).expect("there");
    let (mut whole, mut closed) = (0, 0);
    for page in 0..pristine.len() / PAGE {
        let mut bytes = pristine.clone();
        bytes[page * PAGE..(page + 1) * PAGE].fill(0);
        for log in ["muster.db-wal", "muster.db-shm"] {
            let _ = fs::remove_file(folder.path().join(log));
        }
        fs::write(&place, &bytes).expect("written");
        let store = open(folder.path());
        for push in [1, 2] {
            match to_send(&store, push) {
                Ok((_, orders)) => {
                    assert_eq!(orders.len(), 121, "page {page}");
                    whole += 1;
                }
                Err(_) => closed += 1,
            }
        }
        drop(store);
        for entry in fs::read_dir(folder.path()).expect("a folder").flatten() {
            if entry.file_name().to_string_lossy().contains("damaged-") {
                fs::remove_file(entry.path()).expect("removed");
            }
        }
    }
    assert!(whole > 10 && closed > 10, "{whole} {closed}");
}

#[test]
fn an_open_push_of_an_earlier_version_is_closed_and_one_that_ended_can_be_read() {
    let folder = filled(3);
    for sql in [
        "update push set seal = '', password_seal = '', facts = replace(facts, '\"orders\":4', '\"orders\":null')",
        "update push set state = 'sent' where id = 2",
        "update push_order set state = 'done', at = '2026-11-03T08:15:00Z', password = '' where push = 2 and place < 3",
    ] {
        change(&folder, sql);
    }
    let store = open(folder.path());
    let refused = to_send(&store, 1).map(|_| ()).expect_err("nobody knows whether it is whole");
    assert!(refused.what.contains("an earlier version"), "{refused}");
    let push = store.push(1).expect("there");
    assert_eq!((push.state, push.why), (PushState::Cancelled, Some(refused)));
    assert_eq!(files_with(&folder, PASSWORD), Vec::<String>::new());
    assert_eq!(store.push_orders(2).expect("readable").len(), 4);
    change(&folder, "delete from push_order where push = 2 and place = 1");
    assert!(store.push_orders(2).is_err(), "a gap is seen");
}

#[test]
fn passwords_that_an_earlier_version_left_are_swept_at_the_next_start() {
    let folder = filled(3);
    change(&folder, "update push set state = 'partly' where id = 1");
    change(&folder, "update push set state = 'cancelled' where id = 2");
    let sizes = files_with(&folder, PASSWORD);
    assert_eq!(sizes, ["muster.db"], "as a process that was killed in between left it");
    let store = open(folder.path());
    assert_eq!(files_with(&folder, PASSWORD), Vec::<String>::new());
    assert!(store.push_orders(1).expect("whole").iter().take(3).all(|o| o.password_erased));
    drop(store);

    let folder = filled(3);
    drop(open(folder.path()));
    assert!(to_send(&open(folder.path()), 1).is_ok(), "what waits keeps its passwords");
    assert_eq!(files_with(&folder, PASSWORD), ["muster.db"]);
}

#[test]
fn two_data_folders_do_not_send_to_one_lms_at_once() {
    let folders = [filled(1), filled(1)];
    let stores = folders.each_ref().map(|folder| open(folder.path()));
    let pushes = stores.each_ref().map(|store| {
        let mut push = store.push(1).expect("there");
        // Each test has an LMS of its own: the lock is this person's.
        push.target.address = format!("https://{}.example.com/", std::process::id());
        push
    });
    let mut other = pushes[1].clone();
    other.target.address = format!("https://{}.EXAMPLE.com:443", std::process::id());
    let held = stores[0].hold_target(&pushes[0], NOW).expect("free");
    let busy = stores[1].hold_target(&other, NOW).expect_err("taken");
    assert_eq!(busy.kind, muster_table::error::FailureKind::Busy);
    let own = folders[0].path().display().to_string();
    assert!(busy.why.contains("push 1") && busy.why.contains(&own), "{busy}");
    drop(held);
    let held = stores[1].hold_target(&other, NOW).expect("free again");
    let mut elsewhere = other.clone();
    elsewhere.target.connector = "kolibri".into();
    assert!(stores[0].hold_target(&elsewhere, NOW).is_ok(), "another LMS");
    drop(held);
}
