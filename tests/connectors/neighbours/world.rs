//! Somebody with the command, before a bad neighbour.

use std::ffi::OsStr;
use std::path::PathBuf;

use super::lms::Lms;
use super::server::{Fault, Neighbour};
use crate::command::Muster;

pub struct World {
    pub folder: tempfile::TempDir,
    pub muster: Muster,
    pub server: Neighbour,
}

type Words<'w> = [&'w dyn AsRef<OsStr>];

impl World {
    pub fn new(lms: Lms, fault: Fault, secret: &str) -> World {
        let folder = tempfile::tempdir().expect("a folder");
        let muster = Muster::new(&folder.path().join("data"), secret);
        World { folder, muster, server: Neighbour::new(lms, fault) }
    }

    /// Before an LMS that has these people.
    pub fn with(lms: Lms, fault: Fault, secret: &str, logins: &[&str]) -> World {
        World {
            server: Neighbour::with(lms, fault, logins),
            ..World::new(lms, Fault::None, secret)
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Fetches into `out.csv`.
    pub fn fetch(&self, more: &Words) -> (i32, String) {
        let (from, out) = (self.server.address(), self.path("out.csv"));
        let profile = self.server.lms.connector();
        let fetch: [&dyn AsRef<OsStr>; 9] = [
            &"fetch",
            &"--from",
            &from,
            &"--profile",
            &profile,
            &"--user",
            &"admin",
            &"--out",
            &out,
        ];
        self.muster.try_to(&[&fetch, more].concat())
    }

    /// Pushes somebody new, who gets this password.
    pub fn push(&self, password: &str, more: &Words) -> (i32, String) {
        let [header, old, new] = self.server.lms.sheet(password);
        self.push_lists(&format!("{header}\n{old}\n"), &format!("{header}\n{old}\n{new}\n"), more)
    }

    pub fn push_lists(&self, before: &str, after: &str, more: &Words) -> (i32, String) {
        let lists = (self.path("before.csv"), self.path("after.csv"));
        std::fs::write(&lists.0, before).expect("written");
        std::fs::write(&lists.1, after).expect("written");
        let (to, profile) = (self.server.address(), self.server.lms.connector());
        let push: [&dyn AsRef<OsStr>; 11] = [
            &"push",
            &lists.1,
            &"--against",
            &lists.0,
            &"--to",
            &to,
            &"--profile",
            &profile,
            &"--user",
            &"admin",
            &"--untried",
        ];
        self.muster.try_to(&[&push, more].concat())
    }
}
