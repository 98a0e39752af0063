//! Nobody is cut off by a push who is needed: the account that it is sent as, and people whom an account keeps as protected.

use std::ffi::OsStr;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::command::Muster;
use crate::sheet::Sheet;
use crate::small_lms::SmallLms;

struct World {
    lms: SmallLms,
    folder: TempDir,
    muster: Muster,
}

impl World {
    fn new() -> World {
        let lms = SmallLms::new(&["ada", "bo", "cy"]);
        let folder = tempfile::tempdir().expect("a folder");
        let muster = Muster::new(&folder.path().join("data"), "token-of-the-small-lms");
        let world = World { lms, folder, muster };
        let (from, out) = (world.lms.address(), world.path("fetched.csv"));
        world.muster.run(&[&"fetch", &"--from", &from, &"--profile", &"scim", &"--out", &out], 0);
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Pushes what a change makes of the roster.
    fn push(&self, change: impl FnOnce(&mut Sheet), more: &[&str]) -> (i32, String) {
        let mut sheet = Sheet::with_login(&self.path("fetched.csv"), "userName");
        change(&mut sheet);
        sheet.write(&self.path("roster.csv"));
        let (roster, before) = (self.path("roster.csv"), self.path("fetched.csv"));
        let to = self.lms.address();
        let mut words: Vec<&dyn AsRef<OsStr>> =
            vec![&"push", &roster, &"--against", &before, &"--to", &to, &"--profile", &"scim"];
        words.extend(more.iter().map(|word| word as &dyn AsRef<OsStr>));
        self.muster.try_to(&words)
    }
}

#[test]
fn whoever_a_scim_service_says_the_token_is_of_is_never_taken_away() {
    let world = World::new();
    world.lms.lets_in("ada");
    let suspends = |sheet: &mut Sheet| {
        sheet.edit("ada", &[("active", "false")]).edit("bo", &[("title", "Chef")]);
    };
    let (exit, words) = world.push(suspends, &[]);
    assert_eq!((exit, world.lms.writes()), (3, 0), "{words}");
    assert!(words.contains("the account that it is sent as") && words.contains("ada"), "{words}");
    // From now on the plan knows, and letting go of it helps nothing.
    let (exit, words) = world.push(suspends, &[]);
    assert!(exit == 3 && words.contains("own-account"), "{words}");
    let (exit, words) = world.push(suspends, &["--release", "own-account=1"]);
    assert_eq!((exit, world.lms.writes()), (3, 0), "{words}");
    // Left out of the file, it is no leaver.
    let leaves = |sheet: &mut Sheet| {
        sheet.remove("ada").remove("cy");
    };
    let (exit, words) = world.push(leaves, &["--policy", "missing=deactivate"]);
    assert_eq!((exit, world.lms.writes()), (0, 1), "{words}");
}
