use super::*;

#[test]
fn steps_are_there_after_a_restart_in_their_order() {
    let folder = folder();
    let store = open(folder.path());
    let lock = begin(&store, "staff");
    let made = [
        set(1),
        Operation {
            at: LATER.into(),
            sentence: "Everything else that can be done".into(),
            edits: vec![
                Edit::Insert { row: 9, at: 0, cells: vec!["ä\n\"\u{0}".into(), String::new()] },
                Edit::Remove { row: 2, at: 1, cells: vec!["b@example.com".into()] },
                Edit::Rename { column: 3, before: "Group".into(), after: "group".into() },
                Edit::Move { from: 3, to: 0 },
                Edit::Add { id: 9, at: 1, name: "Site".into(), cells: vec![(2, "Oslo".into())] },
                Edit::Drop { id: 2, at: 4, name: "Old".into(), cells: Vec::new() },
            ],
            general: vec![muster_rules::recipe::Step::DropColumn { column: "Old".into() }],
            remembered: true,
        },
    ];
    for operation in &made {
        store.append(&lock, operation).expect("saved");
    }
    let id = lock.id();
    drop((store, lock));

    let store = open(folder.path());
    let (lock, record) = store.hold(id, LATER).expect("opens");
    assert_eq!(record.saved_at.as_deref(), Some(LATER));
    assert_eq!(store.load_done(&lock).expect("readable").operations, made);
}

#[test]
fn a_new_step_takes_the_place_of_those_that_were_taken_back() {
    let folder = folder();
    let store = open(folder.path());
    let lock = begin(&store, "staff");
    let ids: Vec<u32> = (1..=3).map(|n| store.append(&lock, &set(n)).expect("saved")).collect();

    assert_eq!(store.step_forward(&lock, NOW).expect("asked"), None);
    let back = store.step_back(&lock, LATER).expect("saved").expect("a step");
    assert_eq!((back.id, back.operation), (ids[2], set(3)));
    store.step_back(&lock, LATER).expect("saved").expect("a step");
    let undone: Vec<bool> =
        store.steps(lock.id()).expect("readable").iter().map(|s| s.undone).collect();
    assert_eq!(undone, [false, true, true]);

    let again = store.step_forward(&lock, LATER).expect("saved").expect("a step");
    assert_eq!(again.id, ids[1]);

    let new = store.append(&lock, &set(4)).expect("saved");
    assert!(!ids.contains(&new), "an id is never used twice");
    let done = store.load_done(&lock).expect("readable");
    assert_eq!(sentences(&done.operations), ["Set 1", "Set 2", "Set 4"]);
    assert_eq!(store.step_forward(&lock, NOW).expect("asked"), None);
    for _ in 0..3 {
        store.step_back(&lock, NOW).expect("saved").expect("a step");
    }
    assert_eq!(store.step_back(&lock, NOW).expect("asked"), None);
}

#[test]
fn the_steps_of_one_job_are_not_those_of_another() {
    let folder = folder();
    let store = open(folder.path());
    let (staff, guests) = (begin(&store, "staff"), begin(&store, "guests"));
    for number in 1..=3 {
        store.append(&staff, &set(number)).expect("saved");
        store.append(&guests, &set(number * 10)).expect("saved");
    }
    store.step_back(&staff, NOW).expect("saved");
    store.clear_steps(&guests, LATER).expect("saved");
    assert_eq!(
        sentences(&store.load_done(&staff).expect("readable").operations),
        ["Set 1", "Set 2"]
    );
    assert!(store.steps(guests.id()).expect("readable").is_empty());
}

#[test]
fn no_step_is_saved_before_the_file_it_belongs_to() {
    let folder = folder();
    let store = open(folder.path());
    let lock = store.begin_job(&facts("staff"), NOW).expect("begins");
    store.append(&lock, &set(1)).expect_err("there would be nothing to replay it on");
    assert!(store.steps(lock.id()).expect("readable").is_empty());
}

#[test]
fn what_was_sent_is_told_from_what_was_not() {
    let folder = folder();
    let store = open(folder.path());
    let lock = begin(&store, "staff");
    let unsent = || store.jobs().expect("readable")[0].unsent;
    store.append(&lock, &set(1)).expect("saved");
    store.append(&lock, &set(2)).expect("saved");
    assert_eq!(unsent(), 2);
    store.mark_sent(&lock).expect("saved");
    assert_eq!(unsent(), 0);
    store.step_back(&lock, NOW).expect("saved");
    assert_eq!(unsent(), 1);
    store.append(&lock, &set(3)).expect("saved");
    assert_eq!(unsent(), 1);
}

#[test]
fn a_step_that_cannot_be_read_ends_the_journal_and_the_next_begins_there() {
    let folder = folder();
    let store = open(folder.path());
    let lock = begin(&store, "staff");
    for number in 1..=5 {
        store.append(&lock, &set(number)).expect("saved");
    }
    let spoil = "update operation set edits = substr(edits, 1, length(edits) - 1) where step = 3";
    assert_eq!(store.connection.execute(spoil, ()).expect("spoilt"), 1);

    let done = store.load_done(&lock).expect("readable");
    assert_eq!((sentences(&done.operations), done.unreadable), (vec!["Set 1", "Set 2"], 3));
    store.step_forward(&lock, NOW).expect_err("it cannot be made again");
    store.append(&lock, &set(6)).expect("saved");
    let done = store.load_done(&lock).expect("readable");
    assert_eq!(
        (sentences(&done.operations), done.unreadable),
        (vec!["Set 1", "Set 2", "Set 6"], 0)
    );
}

#[test]
fn a_fix_of_a_whole_column_is_one_step() {
    save_and_read(50_000);
}

#[test]
#[ignore = "a million people"]
fn a_million_edits_are_one_step() {
    save_and_read(1_000_000);
}

fn save_and_read(cells: u32) {
    let folder = folder();
    let store = open(folder.path());
    let lock = begin(&store, "staff");
    let edits = (0..cells)
        .map(|row| Edit::Set {
            row,
            column: 4,
            before: "Markting".into(),
            after: "Marketing".into(),
        })
        .collect();
    let operation = Operation {
        at: NOW.into(),
        sentence: "Fix all".into(),
        edits,
        general: Vec::new(),
        remembered: false,
    };
    let began = std::time::Instant::now();
    store.append(&lock, &operation).expect("saved");
    println!("{cells} edits saved in {:?}", began.elapsed());
    assert_eq!(store.steps(lock.id()).expect("readable")[0].cells, cells);
    let began = std::time::Instant::now();
    let done = store.load_done(&lock).expect("readable");
    println!("read in {:?}", began.elapsed());
    assert!(done.operations == [operation], "the edits are not those that were saved");
}
