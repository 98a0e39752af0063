use std::fs;

use super::forgetting::files_with_marker;
use super::*;
use crate::accounts::{AccountFacts, AccountList, AccountSnapshot, HandedOver, Taken};
use crate::said::RealValue;
use muster_plan::plan::ByHand;
use muster_roster::profile::Use;
use muster_rules::attaching::KnownReport;
use muster_table::error::FailureKind;

const MARKER: &str = "zerberus-4711";

fn snapshot(at: &str) -> AccountSnapshot {
    AccountSnapshot {
        id: 0,
        at: at.into(),
        source: "users.csv".into(),
        note: String::new(),
        people: 1,
        reading: json!({ "delimiter": "," }),
        sha256: String::new(),
        size: 0,
    }
}

/// Everything that an account can keep, each thing with the marker in it.
fn full() -> AccountFacts {
    let marker = || MARKER.to_owned();
    let mut facts = AccountFacts {
        connection: Some(format!("kolibri+https://{MARKER}.example/")),
        lists: [(
            "groups".to_owned(),
            AccountList { values: vec![marker()], source: marker(), at: Some(NOW.into()) },
        )]
        .into(),
        said: Said {
            real: [("roles".to_owned(), vec![RealValue { value: marker(), at: NOW.into() }])]
                .into(),
            ..Said::default()
        },
        choices: [("sync-field".to_owned(), marker())].into(),
        columns: [(marker(), Use::Keep)].into(),
        values: [(marker(), [(marker(), marker())].into())].into(),
        recipes: [("Monthly".to_owned(), marker())].into(),
        reports: vec![KnownReport { header: vec![marker()], ..KnownReport::default() }],
        ..AccountFacts::default()
    };
    let item = ByHand {
        key: marker(),
        name: marker(),
        known_by: marker(),
        column: "Last Name".into(),
        before: "Silva".into(),
        value: "Souza".into(),
        r#where: "on the page".into(),
    };
    facts.to_do.add(&[item], "staff.csv", NOW, NOW);
    facts
}

fn keep(store: &Store, id: u32, at: &str, text: &str) -> AccountSnapshot {
    let kept = store.blobs().keep(text.as_bytes()).expect("kept");
    store.keep_account_snapshot(id, snapshot(at), kept).expect("kept")
}

#[test]
fn what_is_kept_of_an_account_is_there_again_and_no_two_are_called_the_same() {
    let folder = folder();
    let store = open(folder.path());
    let id = store.add_account("  EdApp, Northwind ", "edapp", &full()).expect("added");
    let other = store.add_account("EdApp, Southwind", "edapp", &AccountFacts::default());
    let other = other.expect("added");
    keep(&store, id, NOW, "name\nAda\n");
    drop(store);

    let store = open(folder.path());
    let account = store.account_named("edapp, northwind").expect("known");
    assert_eq!((account.id, &*account.name, &*account.profile), (id, "EdApp, Northwind", "edapp"));
    let kept = account.facts.snapshot().expect("kept").clone();
    assert_eq!((kept.id, kept.size, &*kept.at), (1, 9, NOW));
    assert_eq!(store.account_snapshot_text(id, &kept).expect("kept"), "name\nAda\n");
    let facts = AccountFacts { snapshots: vec![kept], snapshots_taken: 1, ..full() };
    assert_eq!(account.facts, facts);
    assert_eq!(store.account(other).expect("known").facts, AccountFacts::default());

    let taken = store.rename_account(other, "EDAPP, Northwind").expect_err("taken");
    assert_eq!(taken.what, "there is an account `EDAPP, Northwind` already");
    store.rename_account(id, "edapp, northwind").expect("its own name in small letters");
    store.add_account(" ", "edapp", &full()).expect_err("no name");
    let missing = store.account_named("Elsewhere").expect_err("none");
    assert_eq!(missing.hint, "There are `edapp, northwind`, `EdApp, Southwind`.");
}

#[test]
fn a_wrong_snapshot_can_be_removed_and_old_ones_are_erased() {
    let folder = folder();
    let store = open(folder.path());
    let id = store.add_account("North", "edapp", &AccountFacts::default()).expect("added");
    for n in 1..=5 {
        keep(&store, id, NOW, &format!("name\n{n}\n"));
    }
    let newest = |store: &Store| {
        let facts = store.account(id).expect("known").facts;
        let text = store.account_snapshot_text(id, facts.snapshot().expect("there")).expect("kept");
        (text, facts.snapshots.len())
    };
    assert_eq!(newest(&store), ("name\n5\n".to_owned(), AccountFacts::MOST_SNAPSHOTS));
    store.remove_account_snapshot(id, 5).expect("removed");
    assert_eq!(newest(&store), ("name\n4\n".to_owned(), 2));
    store.remove_account_snapshot(id, 5).expect_err("no longer there");
    let files = || fs::read_dir(folder.path().join("accounts/1")).expect("there").count();
    assert_eq!(files(), 2);
    keep(&store, id, NOW, "name\n6\n");
    assert_eq!(newest(&store).0, "name\n6\n");

    // What the account does not know may be newer than it; a folder with nothing in it is nothing.
    fs::write(folder.path().join("accounts/1/snapshot-9.zst"), "newer").expect("written");
    fs::create_dir(folder.path().join("accounts/7")).expect("made");
    drop(store);
    let store = open(folder.path());
    assert_eq!((files(), newest(&store).1), (4, 3));
    assert!(!folder.path().join("accounts/7").exists());
}

#[test]
fn nothing_of_a_forgotten_account_can_be_found_in_any_file() {
    let folder = folder();
    let store = open(folder.path());
    let id = store.add_account("North", "edapp", &full()).expect("added");
    keep(&store, id, NOW, MARKER);
    let lock = begin(&store, "staff");
    store.set_facts(&lock, &JobFacts { account: Some(id), ..facts("staff") }).expect("saved");
    for _ in 0..40 {
        store
            .change_account(id, |facts| Ok(facts.choices.insert(MARKER.into(), MARKER.into())))
            .expect("changed");
    }
    assert!(files_with_marker(folder.path()).len() >= 2);
    store.forget_account(id).expect("forgotten");
    assert_eq!(files_with_marker(folder.path()), [""; 0]);
    assert_eq!(store.jobs().expect("readable")[0].facts.account, None);
    assert_eq!(store.account(id).expect_err("gone").kind, FailureKind::NotFound);
    assert_eq!(store.add_account("North", "edapp", &full()).expect("added"), id + 1);
}

#[test]
fn an_account_is_handed_over_as_one_file_that_only_this_person_can_read() {
    let (here, there) = (folder(), folder());
    let file = here.path().join("North.muster-account");
    let store = open(here.path());
    let id = store.add_account("North", "edapp", &full()).expect("added");
    keep(&store, id, LATER, "name\nOld\n");
    keep(&store, id, NOW, "name\nAda\n");
    store.export_account(id, Some("id = 'edapp'".into()), &file, false).expect("written");
    store.export_account(id, None, &file, false).expect_err("it is there");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&file).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
    }

    let other = open(there.path());
    let handed = HandedOver::read(&file).expect("readable");
    assert_eq!(handed.own_profile.as_deref(), Some("id = 'edapp'"));
    let taken = other.import_account(handed.clone(), Taken::As("North")).expect("taken over");
    let clash = other.import_account(handed.clone(), Taken::As("north")).expect_err("taken");
    assert_eq!(clash.what, "there is an account `north` already");
    let account = other.account(taken).expect("there");
    assert_eq!(account.facts.to_do, full().to_do);
    let kept = account.facts.snapshot().expect("kept");
    assert_eq!((account.facts.snapshots.len(), &*kept.at), (1, NOW));
    assert_eq!(other.account_snapshot_text(taken, kept).expect("kept"), "name\nAda\n");

    let lock = begin(&other, "staff");
    other.set_facts(&lock, &JobFacts { account: Some(taken), ..facts("staff") }).expect("saved");
    let again = other.import_account(handed, Taken::InPlace).expect("taken over");
    assert_eq!(other.accounts().expect("readable").len(), 1);
    assert_eq!(other.jobs().expect("readable")[0].facts.account, Some(again));

    fs::write(&file, "{\"muster_account\": 99}").expect("written");
    assert_eq!(HandedOver::read(&file).expect_err("newer").why, "a newer Muster wrote it");
    fs::write(&file, "email\nada@example.com\n").expect("written");
    assert_eq!(HandedOver::read(&file).expect_err("none").why, "it is no file that Muster made");
}

#[test]
fn an_account_goes_by_the_new_name_of_its_connection_and_loses_one_that_is_removed() {
    use muster_plan::push::Target;
    let folder = folder();
    let store = open(folder.path());
    let target = Target::read("kolibri+https://kolibri.example.com/").expect("an address");
    let connection = store.keep_connection(None, "Staging", &target).expect("kept");
    let facts = AccountFacts { connection: Some("Staging".into()), ..AccountFacts::default() };
    let id = store.add_account("North", "kolibri", &facts).expect("added");
    let now = || store.account(id).expect("there").facts.connection;
    store.keep_connection(Some(connection), "Live", &target).expect("kept");
    assert_eq!(now().as_deref(), Some("Live"));
    store.remove_connection(connection).expect("removed");
    assert_eq!(now(), None);
}
