//! A folder with invented files, and what `muster` answers in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

pub struct World {
    folder: tempfile::TempDir,
}

#[derive(Debug)]
pub struct Answer {
    pub exit: i32,
    pub out: String,
    pub err: String,
}

impl World {
    pub fn new() -> World {
        World { folder: tempfile::tempdir().expect("a folder can be made") }
    }

    pub fn with(self, name: &str, content: impl AsRef<[u8]>) -> World {
        let path = self.path(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).expect("the folder can be made");
        }
        std::fs::write(path, content).expect("the file can be written");
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|e| panic!("`{name}` is not there: {e}"))
    }

    pub fn text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).expect("UTF-8")
    }

    pub fn has(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    /// `muster` with these words, in the folder. Words are parted at blanks.
    pub fn muster(&self, words: &str) -> Answer {
        self.muster_with(&words.split_whitespace().collect::<Vec<_>>())
    }

    pub fn muster_with(&self, words: &[&str]) -> Answer {
        answered(&mut self.command(words))
    }

    /// The same on a day.
    pub fn muster_on(&self, day: &str, words: &str) -> Answer {
        let words: Vec<&str> = words.split_whitespace().collect();
        answered(self.command(&words).env("MUSTER_TODAY", day))
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
        command
            .args(words)
            .current_dir(self.folder.path())
            .env("MUSTER_HOME", self.path("home"))
            .env("USER", "ada")
            .env_remove("COLUMNS")
            .stdin(Stdio::null());
        command
    }
}

fn answered(command: &mut Command) -> Answer {
    let made = command.output().expect("muster runs");
    let text = |bytes| String::from_utf8(bytes).expect("what muster says is UTF-8");
    Answer {
        exit: made.status.code().unwrap_or(-1),
        out: text(made.stdout),
        err: text(made.stderr),
    }
}

impl Answer {
    /// The answer, which came with this exit code.
    #[track_caller]
    pub fn exits(self, code: i32) -> Answer {
        assert_eq!(self.exit, code, "\n{}\n{}", self.out, self.err);
        let panicked = self.err.contains("panicked") || self.err.contains("RUST_BACKTRACE");
        assert!(!panicked, "{}", self.err);
        self
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e} in\n{}", self.out))
    }

    /// What a command reports that may have found something.
    #[track_caller]
    pub fn run_json(self) -> Value {
        assert!(self.exit < 2, "\n{}\n{}", self.out, self.err);
        self.json()
    }

    /// Nothing was answered but a reason, in sentences without a stack or a code.
    #[track_caller]
    pub fn only_says(&self, reason: &str) {
        assert_eq!(self.out, "");
        assert_eq!(self.err.trim_end(), reason);
    }
}

/// Compares with a file in `tests/expected`; `BLESS=1` writes it.
#[track_caller]
pub fn expect(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected").join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, text).expect("the expected text can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "not as in {name}; BLESS=1 rewrites it");
}

/// The header of an EdApp export.
pub const HEADER: &str = "email (required),username (optional),firstname (optional),lastname (optional),\
                          usergroups (optional),roles (optional),dateregistered,password (optional),\
                          externalid (optional)";

/// Rows under the header, as EdApp writes them.
pub fn edapp(rows: &[&str]) -> String {
    let mut text = format!("{HEADER}\r\n");
    for row in rows {
        text.push_str(row);
        text.push_str("\r\n");
    }
    text
}

pub const ANA: &str =
    "ana@example.com,ana@example.com,Ana,Silva,Sales,Learner; Prizing User,2025-01-03,,E101";
pub const BO: &str = "bo@example.com,bo@example.com,Bo,Tanaka,Sales; Marketing,Learner; Prizing User,2025-02-04,,E102";
pub const CEM: &str =
    "cem@example.com,cem@example.com,Cem,Aydin,Operations,Learner; Prizing User,2025-03-05,,E103";

/// What the LMS has.
pub fn snapshot() -> String {
    edapp(&[ANA, BO, CEM])
}
