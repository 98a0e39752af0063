//! One value of the database is not what Muster writes: what else is kept stays usable, and it is told.

use std::collections::BTreeMap;
use std::fmt::Debug;

use rusqlite::Connection;

use super::*;
use crate::accounts::{AccountFacts, AccountSnapshot};
use crate::database::TABLES;
use crate::events::{Event, EventKind, KitFacts};
use crate::lists::ListCard;
use crate::outbox::OrderRecord;
use crate::snapshots::SnapshotFacts;
use muster_plan::plan::Action;
use muster_plan::push::{Order, OrderState, PushMeta, QueuedChange, Secret, Target};
use muster_table::error::{FailureKind, Result};

/// One of everything that can be kept, and a second of each that nobody touches.
fn filled() -> TempDir {
    let folder = folder();
    let store = open(folder.path());
    for name in ["staff", "guests"] {
        let facts = AccountFacts {
            choices: BTreeMap::from([("a".into(), "b".into())]),
            ..AccountFacts::default()
        };
        let account = store.add_account(name, "edapp", &facts).expect("kept");
        let kept = || store.blobs().keep(format!("name\n{name}\n").as_bytes()).expect("kept");
        let snapshot = AccountSnapshot {
            id: 0,
            at: NOW.into(),
            source: "export.csv".into(),
            note: "October".into(),
            people: 1,
            reading: Value::Null,
            sha256: String::new(),
            size: 0,
        };
        store.keep_account_snapshot(account, snapshot, kept()).expect("kept");
        let lock = begin(&store, name);
        let facts = JobFacts { account: Some(account), sends_by: Some(1), ..super::facts(name) };
        store.set_facts(&lock, &facts).expect("kept");
        for number in 1..=3 {
            store.append(&lock, &set(number)).expect("saved");
        }
        let snapshot = SnapshotFacts {
            at: NOW.into(),
            note: "October".into(),
            source: "users.csv".into(),
            people: 2,
            profile: Some("edapp".into()),
            reading: json!({ "encoding": "UTF-8" }),
        };
        store.keep_snapshot(&lock, &snapshot, kept()).expect("kept");
        let list = ListCard {
            kind: "groups".into(),
            count: 1,
            source: "g.txt".into(),
            at: Some(NOW.into()),
        };
        store.set_list(&lock, &list, &["Sales".into()]).expect("kept");
        let event = Event {
            at: NOW.into(),
            kind: EventKind::Kit,
            title: "Made a kit".into(),
            detail: "a note".into(),
            id: None,
            people: Some(2),
            sha256: Some("ab".into()),
            path: Some("/home/ada/kit".into()),
        };
        let facts = KitFacts { files: Value::Null, snapshot: Some(1), planned: 0 };
        store.add_kit(&lock, &event, facts, kept()).expect("kept");
        store.keep_connection(None, name, &target()).expect("kept");
        let job = Some(lock.id());
        store.freeze_push(job, NOW, &target(), &PushMeta::default(), &[order()]).expect("kept");
        store.set_setting(name, &json!({ "look": "dark" })).expect("kept");
    }
    folder
}

fn target() -> Target {
    Target::read("scim+https://lms.example.com/").expect("an address")
}

fn order() -> OrderRecord {
    let waiting = QueuedChange {
        place: 0,
        order: Order {
            key: "ada".into(),
            name: "Ada Byron".into(),
            line: Some(2),
            action: Action::Create,
            id: String::new(),
            login: "ada".into(),
            before: BTreeMap::new(),
            after: BTreeMap::new(),
        },
        password: Some(Secret::new("not-a-real-one")),
        state: OrderState::Waiting,
    };
    OrderRecord {
        waiting,
        password_erased: false,
        why: String::new(),
        lms_id: String::new(),
        at: None,
    }
}

/// All that is kept, each thing by a name of its own; a failure is told as it is told to a person.
fn everything(store: &Store) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut told: Vec<(String, Result<String>)> = Vec::new();
    fn shown<T: Debug>(value: Result<T>) -> Result<String> {
        value.map(|value| format!("{value:?}"))
    }
    let jobs = store.jobs().expect("Home opens");
    for job in &jobs {
        let id = job.id;
        all.insert(format!("job {id}"), format!("{job:?}"));
        told.push((format!("original {id}"), shown(store.original(id))));
        told.push((format!("steps {id}"), shown(store.steps(id))));
        all.insert(
            format!("history {id}"),
            format!("{:?}", store.events(id).expect("the history opens")),
        );
        let snapshots = store.snapshots(id).expect("the snapshots are listed");
        for snapshot in &snapshots {
            let name = format!("snapshot {} of {id}", snapshot.id);
            told.push((name, shown(store.snapshot_text(id, snapshot.id))));
        }
        all.insert(format!("snapshots {id}"), format!("{snapshots:?}"));
        for list in store.lists(id).expect("the lists are listed") {
            let values = store.list_values(id, &list.kind);
            told.push((format!("list {} of {id}", list.kind), shown(values.map(|v| (list, v)))));
        }
        if let Ok((lock, _)) = store.hold(id, NOW) {
            told.push((format!("done {id}"), shown(store.load_done(&lock))));
        }
    }
    for push in store.pushes().expect("the outbox opens") {
        all.insert(format!("push {}", push.id), format!("{push:?}"));
        let orders = store.push_orders(push.id);
        let orders = orders.map(|all| all.iter().map(|o| format!("{o:?}")).collect::<Vec<_>>());
        told.push((format!("orders {}", push.id), shown(orders)));
    }
    for account in store.accounts().expect("the accounts open") {
        for snapshot in &account.facts.snapshots {
            let text = store.account_snapshot_text(account.id, snapshot);
            told.push((format!("snapshot of account {}", account.id), shown(text)));
        }
        all.insert(format!("account {}", account.id), format!("{account:?}"));
    }
    for connection in store.connections().expect("the connections open") {
        all.insert(format!("connection {}", connection.id), format!("{connection:?}"));
    }
    for name in ["staff", "guests"] {
        told.push((format!("setting {name}"), shown(store.setting(name))));
    }
    for (name, outcome) in told {
        let text = outcome.unwrap_or_else(|failure| {
            assert!(
                matches!(
                    failure.kind,
                    FailureKind::Store
                        | FailureKind::NotFound
                        | FailureKind::File
                        | FailureKind::State
                ),
                "{name}: {failure:?}"
            );
            assert!(!failure.why.is_empty() || !failure.hint.is_empty(), "{name}: {failure}");
            format!("told: {failure}")
        });
        all.insert(name, text);
    }
    all
}

/// Whether a person who opens this is told that something of it could not be read.
fn is_said(text: &str) -> bool {
    text.starts_with("told: ") || (text.contains("unreadable: ") && !text.contains("unreadable: 0"))
}

/// The columns whose values have a form of their own; in the others any text may be meant.
const FORMED: &[&str] = &[
    "reading",
    "policies",
    "view",
    "said",
    "completed",
    "values",
    "facts",
    "target",
    "why",
    "changed",
    "proof",
    "task",
    "value",
    "state",
];

#[test]
fn one_damaged_value_costs_no_more_than_itself_and_is_told() {
    let sound = {
        let folder = filled();
        everything(&open(folder.path()))
    };
    assert!(sound.len() > 20, "{sound:?}");
    let folder = filled();
    let columns: Vec<(String, String)> = {
        let connection = Connection::open(folder.path().join("muster.db")).expect("opens");
        let columns = |table: &&str| -> Vec<(String, String)> {
            let mut read =
                connection.prepare(&format!("select * from \"{table}\"")).expect("a table");
            let names: Vec<String> = read.column_names().map(str::to_owned).collect();
            let _ = read.query(()).expect("readable");
            names.into_iter().map(|name| ((*table).to_owned(), name)).collect()
        };
        TABLES.iter().flat_map(columns).collect()
    };
    let pristine = std::fs::read(folder.path().join("muster.db")).expect("there");
    let log = folder.path().join("muster.db-wal");
    assert!(!log.exists() || std::fs::metadata(&log).expect("there").len() == 0);
    let mut tried = 0;
    for (table, column) in &columns {
        if ["id", "job", "push", "account"].contains(&column.as_str()) {
            continue;
        }
        for bad in [
            "-1",
            "9223372036854775807",
            "''",
            "'nonsense'",
            "cast(x'fffe' as text)",
            "'{\"a\":'",
            "x'00'",
        ] {
            std::fs::write(folder.path().join("muster.db"), &pristine).expect("written");
            let changed = {
                let connection = Connection::open(folder.path().join("muster.db")).expect("opens");
                let first = format!("(select min(id) from \"{table}\")");
                let update =
                    format!("update \"{table}\" set \"{column}\" = {bad} where id = {first}");
                // A value of a kind that the table itself refuses cannot stand there.
                let changed = connection.execute(&update, ()).unwrap_or(0);
                let kind =
                    format!("select typeof(\"{column}\") from \"{table}\" where id = {first}");
                let kind: String =
                    connection.query_row(&kind, (), |row| row.get(0)).expect("a row");
                (changed, kind == "text" && !bad.starts_with("cast"))
            };
            let (changed, is_text) = changed;
            if changed == 0 {
                continue;
            }
            tried += 1;
            let store = open(folder.path());
            let now = everything(&store);
            let case = format!("{table}.{column} = {bad}");
            let is_told = !store.notices().is_empty() || now.values().any(|text| is_said(text));
            let lost: Vec<&String> = sound.keys().filter(|key| !now.contains_key(*key)).collect();
            let may_be_meant = is_text
                && (!FORMED.contains(&column.as_str()) || table == "push_order" && column == "why");
            assert!(
                lost.is_empty() || is_told || may_be_meant,
                "{case}: {lost:?} is gone without a word"
            );
            let of_others: Vec<&String> = sound
                .iter()
                .filter(|(key, was)| now.get(*key) != Some(was))
                .map(|(key, _)| key)
                .collect();
            // What hangs on the row is in two or three of these at most: the job and its history, a push and its orders.
            assert!(of_others.len() <= 3, "{case}: {of_others:?}");
            assert!(
                of_others.iter().all(|key| !key.contains('2') || key.contains('1')),
                "{case} changed what it has nothing to do with: {of_others:?}"
            );
            assert!(
                of_others.is_empty() || is_told || may_be_meant || bad.starts_with(['-', '9']),
                "{case}: {of_others:?}"
            );
        }
    }
    assert!(tried > 150, "{tried}");
}

#[test]
fn an_order_that_is_damaged_is_never_sent() {
    let folder = filled();
    let connection = Connection::open(folder.path().join("muster.db")).expect("opens");
    for (column, bad) in [("task", "'{}x'"), ("state", "'sent-ish'"), ("place", "-4")] {
        connection
            .execute(&format!("update push_order set {column} = {bad} where push = 1"), ())
            .expect("changed");
        let store = open(folder.path());
        let failure = store.push_orders(1).expect_err("damaged");
        assert!(failure.to_string().contains("Nothing more of it is sent"), "{failure}");
        assert!(store.push_orders(2).is_ok());
    }
}

#[test]
fn a_damaged_byte_of_the_database_is_survived_wherever_it_is() {
    let folder = filled();
    let place = folder.path().join("muster.db");
    let pristine = std::fs::read(&place).expect("there");
    let mut chance = 0x2545_F491_4F6C_DD1D_u64;
    for _ in 0..300 {
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        let at = (chance % pristine.len() as u64) as usize;
        let mut bytes = pristine.clone();
        bytes[at] ^= (chance >> 40) as u8 | 1;
        for log in ["muster.db-wal", "muster.db-shm"] {
            let _ = std::fs::remove_file(folder.path().join(log));
        }
        std::fs::write(&place, &bytes).expect("written");
        // A newer Muster's is refused; all else opens, and whatever is asked for is answered or told.
        match Store::open(folder.path(), NOW) {
            Ok(store) => drop(everything(&store)),
            Err(failure) => assert!(failure.why.contains("newer Muster"), "byte {at}: {failure}"),
        }
        for entry in std::fs::read_dir(folder.path()).expect("a folder").flatten() {
            if entry.file_name().to_string_lossy().contains("damaged-") {
                std::fs::remove_file(entry.path()).expect("removed");
            }
        }
    }
}

#[test]
fn a_file_that_is_gone_or_damaged_is_told_and_the_rest_is_there() {
    let sound = {
        let folder = filled();
        everything(&open(folder.path()))
    };
    for damage in ["gone", "empty", "cut", "other"] {
        for name in [
            "jobs/1/original.zst",
            "jobs/1/snapshot-1.zst",
            "jobs/1/planned-1.zst",
            "jobs/1/lock",
            "accounts/1/snapshot-1.zst",
        ] {
            let folder = filled();
            let path = folder.path().join(name);
            let bytes = std::fs::read(&path).expect("there");
            match damage {
                "gone" => std::fs::remove_file(&path).expect("removed"),
                "empty" => std::fs::write(&path, b"").expect("written"),
                "cut" => std::fs::write(&path, &bytes[..bytes.len() / 2]).expect("written"),
                _ => std::fs::write(&path, b"something else").expect("written"),
            }
            let now = everything(&open(folder.path()));
            let other: Vec<&String> = sound
                .iter()
                .filter(|(key, was)| now.get(*key) != Some(was))
                .map(|(key, _)| key)
                .collect();
            assert!(other.len() <= 1, "{damage} {name}: {other:?}");
            for key in other {
                assert!(
                    is_said(&now[key]),
                    "{damage} {name}: {key} changed without a word: {}",
                    now[key]
                );
            }
        }
    }
}
