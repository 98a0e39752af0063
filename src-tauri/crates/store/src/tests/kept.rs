use super::*;
use crate::events::{Event, EventKind};
use crate::lists::ListCard;
use crate::snapshots::SnapshotFacts;

fn snapshot(note: &str) -> SnapshotFacts {
    SnapshotFacts {
        at: NOW.into(),
        note: note.into(),
        source: "users.csv".into(),
        people: 2,
        profile: Some("edapp".into()),
        reading: json!({ "delimiter": ";" }),
    }
}

#[test]
fn snapshots_are_kept_newest_first_with_their_text() {
    let folder = folder();
    let store = open(folder.path());
    let (lock, other) = (begin(&store, "staff"), begin(&store, "guests"));
    let text = "email;name\na@example.com;Zoë\n";
    let kept = store.blobs().keep(text.as_bytes()).expect("kept");
    let first = store.keep_snapshot(&lock, &snapshot("October"), kept).expect("kept");
    let kept = store.blobs().keep(b"").expect("kept");
    let second = store.keep_snapshot(&lock, &snapshot("empty"), kept).expect("kept");
    let id = lock.id();
    drop((store, lock));

    let store = open(folder.path());
    let snapshots = store.snapshots(id).expect("readable");
    assert_eq!(snapshots.iter().map(|s| s.id).collect::<Vec<_>>(), [second, first]);
    assert_eq!(snapshots[1].facts, snapshot("October"));
    assert_eq!(snapshots[1].card().note, "October");
    assert_eq!(store.snapshot_text(id, first).expect("readable"), text);
    assert_eq!(store.snapshot_text(id, second).expect("readable"), "");
    store.snapshot_text(other.id(), first).expect_err("it is the other job's");
    assert!(store.snapshots(other.id()).expect("readable").is_empty());
}

#[test]
fn packing_a_snapshot_keeps_no_step_waiting() {
    let folder = folder();
    let store = open(folder.path());
    let lock = begin(&store, "staff");
    let blobs = store.blobs();
    let (told, hear) = std::sync::mpsc::channel();
    let text = roster(200_000);
    std::thread::scope(|scope| {
        let packing = scope.spawn(move || {
            let kept = blobs.keep(text.as_bytes()).expect("kept");
            told.send(()).ok();
            kept
        });
        let mut saved = 0;
        while hear.try_recv().is_err() {
            saved += 1;
            store.append(&lock, &set(saved)).expect("saved");
        }
        assert!(saved > 1, "steps are saved while the snapshot is packed");
        store
            .keep_snapshot(&lock, &snapshot("large"), packing.join().expect("no panic"))
            .expect("kept");
    });
}

#[test]
fn a_snapshot_takes_a_quarter_of_the_csv() {
    let folder = folder();
    let store = open(folder.path());
    let text = roster(100_000);
    let kept = store.blobs().keep(text.as_bytes()).expect("kept");
    let ratio = kept.packed as f64 / text.len() as f64;
    println!("{} bytes, {} packed: {ratio:.3}", text.len(), kept.packed);
    assert!(ratio <= 0.25, "it takes {ratio:.3} of the CSV");
}

#[test]
#[ignore = "a million people"]
fn a_million_people_are_kept_in_seconds() {
    let folder = folder();
    let store = open(folder.path());
    let lock = begin(&store, "staff");
    let text = roster(1_000_000);
    let began = std::time::Instant::now();
    let kept = store.blobs().keep(text.as_bytes()).expect("kept");
    println!("{} MB packed to {} MB in {:?}", text.len() >> 20, kept.packed >> 20, began.elapsed());
    let began = std::time::Instant::now();
    let id = store.keep_snapshot(&lock, &snapshot("large"), kept).expect("kept");
    let settled = began.elapsed();
    println!("given its place in {settled:?}");
    let began = std::time::Instant::now();
    assert!(store.snapshot_text(lock.id(), id).expect("readable") == text);
    println!("read in {:?}", began.elapsed());
    assert!(settled < std::time::Duration::from_millis(200));
}

#[test]
fn a_list_replaces_the_one_of_its_kind() {
    let folder = folder();
    let store = open(folder.path());
    let lock = begin(&store, "staff");
    let groups = |values: &[String], source: &str| {
        let card = ListCard {
            kind: "groups".into(),
            count: 0,
            source: source.into(),
            at: Some(NOW.into()),
        };
        store.set_list(&lock, &card, values).expect("kept");
    };
    groups(&["Sales".into(), "Markt\"ing\n".into()], "pasted");
    groups(&["Sales".into(), "Markt\"ing\n".into(), "R&D".into()], "groups.txt");
    let lists = store.lists(lock.id()).expect("readable");
    assert_eq!(lists.len(), 1);
    assert_eq!((lists[0].count, lists[0].source.as_str()), (3, "groups.txt"));
    let values = store.list_values(lock.id(), "groups").expect("readable").expect("there");
    assert_eq!(values, ["Sales", "Markt\"ing\n", "R&D"]);
    assert_eq!(store.list_values(lock.id(), "roles").expect("readable"), None);
    store.forget_list(&lock, "groups").expect("forgotten");
    assert!(store.lists(lock.id()).expect("readable").is_empty());
}

#[test]
fn events_come_newest_first_with_their_facts() {
    let folder = folder();
    let store = open(folder.path());
    let lock = begin(&store, "staff");
    let opened = Event {
        at: NOW.into(),
        kind: EventKind::Opened,
        title: "Opened".into(),
        detail: "2 people".into(),
        id: None,
        people: Some(2),
        sha256: None,
        path: None,
    };
    let kit = Event {
        kind: EventKind::Kit,
        id: Some(3),
        sha256: Some("ab".into()),
        path: Some("kit".into()),
        ..opened.clone()
    };
    store.add_event(&lock, &opened, &Value::Null).expect("added");
    store.add_event(&lock, &kit, &json!({ "created": 1 })).expect("added");
    let events = store.events(lock.id()).expect("readable");
    assert_eq!(events, [(kit, json!({ "created": 1 })), (opened, Value::Null)]);
}

#[test]
fn settings_are_kept() {
    let folder = folder();
    let store = open(folder.path());
    assert_eq!(store.setting("look").expect("readable"), None);
    store.set_setting("look", &json!("dark")).expect("saved");
    store.set_setting("look", &json!({ "theme": "light" })).expect("saved");
    drop(store);
    let store = open(folder.path());
    assert_eq!(store.setting("look").expect("readable"), Some(json!({ "theme": "light" })));
}

/// People as an LMS exports them: keys, addresses and dates that differ, and values that repeat. 242 bytes each.
fn roster(people: u32) -> String {
    const FIRST: [&str; 12] = [
        "Ada", "Ben", "Chiara", "Dmitri", "Elif", "Fatou", "Goran", "Hana", "Ines", "Jun", "Kofi",
        "Lena",
    ];
    const LAST: [&str; 10] = [
        "Andersson",
        "Baptiste",
        "Costa",
        "Dimitrov",
        "Eze",
        "Fischer",
        "Garcia",
        "Haddad",
        "Ito",
        "Jensen",
    ];
    const GROUPS: [&str; 6] =
        ["Sales", "Marketing", "Warehouse North", "Warehouse South", "Finance; Audit", "People"];
    let mut text = String::from(
        "username,email,first name,last name,employee id,manager,usergroups,userroles,country,hired,external id,active\n",
    );
    let mut state: u64 = 7;
    for number in 0..people {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let pick = |shift: u32, of: usize| (state >> shift) as usize % of;
        let (first, last) = (FIRST[pick(33, 12)], LAST[pick(37, 10)]);
        let (lower, lower_last) = (first.to_lowercase(), last.to_lowercase());
        text.push_str(&format!(
            "{lower}.{lower_last}{number},{lower}.{lower_last}{number}@staff.example.com,{first},{last},E{:08},manager{:04}@staff.example.com,{}; All staff of the company,Learner; App user,{},20{:02}-{:02}-{:02},{:08x},Yes\n",
            pick(20, 100_000_000),
            pick(41, 2000),
            GROUPS[pick(45, 6)],
            ["DE", "FR", "GB", "IT", "SE"][pick(48, 5)],
            pick(50, 26),
            pick(52, 12) + 1,
            pick(55, 28) + 1,
            state >> 32,
        ));
    }
    text
}
