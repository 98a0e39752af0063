//! A real Kolibri facility with invented people, and what its own commands say.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;

use tempfile::TempDir;

use crate::exports::{COLUMNS, Export};

/// A facility of its own, in a folder that goes away with it.
pub struct Facility {
    folder: TempDir,
}

impl Facility {
    /// With the people of [`seed`], and their export.
    pub fn new() -> Facility {
        let facility = Facility { folder: tempfile::tempdir().expect("a folder") };
        let made = provisioned();
        copy(&made.join("home"), &facility.path("home"));
        std::fs::copy(made.join("export.csv"), facility.path("export.csv")).expect("copied");
        facility
    }

    /// What Kolibri exported of the people of [`seed`]; it is in `export.csv`.
    pub fn first_export(&self) -> Export {
        Export::read(&self.path("export.csv"))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn export(&self, name: &str) -> Export {
        self.export_in("en", name)
    }

    pub fn export_in(&self, locale: &str, name: &str) -> Export {
        export(&self.path("home"), &self.path(name), locale);
        Export::read(&self.path(name))
    }

    /// Kolibri's own import, which has to find nothing wrong. Says how many users it made, changed and deleted.
    pub fn import(&self, file: &Path, how: &[&str]) -> [u32; 3] {
        import(&self.path("home"), file, how)
    }
}

fn export(home: &Path, file: &Path, locale: &str) {
    let file = file.to_str().expect("a plain path");
    manage(home, &["bulkexportusers", "--output-file", file, "--locale", locale]);
}

fn import(home: &Path, file: &Path, how: &[&str]) -> [u32; 3] {
    let file = file.to_str().expect("a plain path");
    let said = manage(home, &[&["bulkimportusers", file], how].concat());
    // A mistake in a row is no failure to Kolibri.
    for errors in ["File errors: []", "Data errors: []"] {
        assert!(said.contains(errors), "{said}");
    }
    let report = said.split("Users report:").nth(1).expect("a report of users");
    ["'created': ", "'updated': ", "'deleted': "].map(|what| {
        let count = report.split(what).nth(1).unwrap_or_default();
        let digits: String = count.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap_or_else(|_| panic!("no number after {what}in {said}"))
    })
}

pub fn program() -> PathBuf {
    let named = std::env::var_os("MUSTER_KOLIBRI");
    named.map(PathBuf::from).filter(|program| program.is_file()).expect(
        "MUSTER_KOLIBRI does not name Kolibri's program. Run `make test ONLY=connectors`, which installs it",
    )
}

fn manage(home: &Path, arguments: &[&str]) -> String {
    let output = Command::new(program())
        .arg("manage")
        .args(arguments)
        .env("KOLIBRI_HOME", home)
        .env("KOLIBRI_ZEROCONF_ENABLED", "0")
        .env("KOLIBRI_DISABLE_PING", "1")
        .env("KOLIBRI_LISTEN_ADDRESS", "127.0.0.1")
        .output()
        .expect("Kolibri starts");
    let said = said(&output);
    assert!(output.status.success(), "kolibri manage {arguments:?}: {said}");
    said
}

pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// The home of a facility with the people of [`seed`] as it was just made, and their export. Making one takes long, so it is kept beside the build for
/// as long as Kolibri's program and the people stay the same.
fn provisioned() -> PathBuf {
    static MAKING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = MAKING.lock();
    let people = seed();
    let made = std::fs::metadata(program()).and_then(|program| program.modified());
    let mut name = DefaultHasher::new();
    (program(), made.expect("its time"), &people).hash(&mut name);
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("facility-{:x}", name.finish()));
    if kept.is_dir() {
        return kept;
    }
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let home = folder.path().join("home");
    manage(
        &home,
        &[
            "provisiondevice",
            "--facility",
            "Peer School",
            "--superusername",
            "admin",
            "--superuserpassword",
            "adminpass",
            "--preset",
            "formal",
            "--language_id",
            "en",
            "--noinput",
        ],
    );
    let file = folder.path().join("people.csv");
    let count = people.len() as u32;
    Export::of(people).write(&file);
    assert_eq!(import(&home, &file, &[]), [count, 0, 0]);
    std::fs::remove_file(file).expect("removed");
    export(&home, &folder.path().join("export.csv"), "en");
    // Another run of these tests may have been faster.
    let _ = std::fs::rename(folder.path(), &kept);
    kept
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("readable");
        let to = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).expect("copied");
        }
    }
}

/// Thirty learners who are like each other, and others who are not.
fn seed() -> Vec<[String; COLUMNS]> {
    const FIRST: [&str; 6] = ["Ana", "Bo", "Chinedu", "Dmitri", "Erin", "Fatima"];
    const LAST: [&str; 5] = ["Silva", "Tanaka", "Adeyemi", "Nguyen", "O'Neil"];
    const CLASSES: [&str; 3] = ["Red", "Blue", "Blue,Red"];
    let learner = |n: usize| {
        let (first, last) = (FIRST[n % 6], LAST[n % 5]);
        let username = format!("{first}_{last}")
            .to_lowercase()
            .replace(|c: char| !c.is_alphanumeric() && c != '_', "");
        let gender = ["FEMALE", "MALE", ""][n % 3];
        [
            String::new(),
            username,
            format!("Secret-{n}"),
            format!("{first} {last}"),
            "LEARNER".into(),
            format!("A-{n:03}"),
            (2008 + n % 5).to_string(),
            gender.into(),
            CLASSES[n % 3].into(),
            String::new(),
        ]
    };
    let others = [
        ["zoë_berg", "Zoë van der Berg", "CLASS_COACH", "C-001", "1985", "FEMALE", "", "Blue,Red"],
        ["max_weber", "Max Weber", "CLASS_COACH", "C-002", "1979", "MALE", "", "Klasse Ü"],
        ["head", "Ingrid “Inga” Lind", "FACILITY_COACH", "C-003", "", "", "", ""],
        ["李雷", "李雷", "LEARNER", "", "2010", "NOT_SPECIFIED", "Klasse Ü", ""],
        ["quoted", "Sam \"Sunny\" Diaz, jr.", "LEARNER", "007", "2011", "MALE", "7 \"B\"; x", ""],
        ["sum_1", "=1+1", "LEARNER", "", "2011", "DEFERRED", "Red", ""],
        ["sum_2", "-Minus", "LEARNER", "", "", "", "=Sums,Red", ""],
        ["two_lines", "Two\nlines", "LEARNER", "", "", "", "", ""],
        ["nobody_yet", "", "LEARNER", "", "", "", "", ""],
    ];
    let other = |[username, name, kind, identifier, born, gender, learns, coaches]: [&str; 8]| {
        ["", username, "Secret-0", name, kind, identifier, born, gender, learns, coaches]
            .map(String::from)
    };
    (0..30).map(learner).chain(others.into_iter().map(other)).collect()
}
