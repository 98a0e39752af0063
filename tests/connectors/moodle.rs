//! A roster of Moodle is fetched, edited, planned and pushed, and who is there afterwards is compared with what was
//! ordered, by what the Moodle itself holds.

use std::ffi::OsStr;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::command::Muster;
use crate::play_moodle::{Moodle, TOKEN};
use crate::sheet::Sheet;

/// A Moodle, somebody with the command, and a folder for files.
struct World {
    moodle: Moodle,
    folder: TempDir,
    muster: Muster,
}

impl World {
    fn new(moodle: Moodle) -> World {
        let folder = tempfile::tempdir().expect("a folder");
        let muster = Muster::new(&folder.path().join("data"), TOKEN);
        World { moodle, folder, muster }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn fetch(&self, name: &str) -> Sheet {
        let (from, out) = (self.moodle.address(), self.path(name));
        let words: [&dyn AsRef<OsStr>; 6] =
            [&"fetch", &"--from", &from, &"--out", &out, &"--replace"];
        self.muster.run(&words, 0);
        Sheet::with_login(&out, "username")
    }
}

#[test]
fn everybody_whom_the_administrators_token_sees_is_fetched() {
    let world = World::new(Moodle::start().people(120));
    let people = world.fetch("fetched.csv").people(&["idnumber", "lastname"]);
    for n in 0..120 {
        assert_eq!(people[&format!("user{n:03}")]["idnumber"], format!("{n:06}"));
    }
    assert_eq!(people["user001"]["lastname"], "Ó Súilleabháin");
    let calls = world.moodle.calls();
    assert!(calls.iter().all(|call| !call.address.contains(TOKEN)), "{calls:?}");
}
