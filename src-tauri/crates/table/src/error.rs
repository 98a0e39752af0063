//! What went wrong in the program, as opposed to what is wrong in a roster (that is a `Finding` of `muster-roster`).

use serde::{Deserialize, Serialize};

/// Why something could not be done, in words for the person at the keyboard.
///
/// The window and the command line show these sentences as they are; only `kind` may be used to decide something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Failure {
    /// What a program may decide by; the sentences are for people.
    pub kind: FailureKind,
    /// What could not be done: "`staff.csv` could not be read".
    pub what: String,
    /// The reason: "the file does not exist". Empty when `what` says it all.
    pub why: String,
    /// What to do next. Empty when there is nothing to advise.
    pub hint: String,
}

/// What sort of failure it is. Its name in kebab-case (`not-found`) is what crosses to the page and stands in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// A file is missing, may not be read or written, or the disk is full.
    File,
    /// A file was read and is not something we can open.
    Format,
    /// A profile is not there or has a mistake in it.
    Profile,
    /// The data folder or its database.
    Store,
    /// The request does not fit the state: nothing open, no snapshot.
    State,
    /// What was asked for is not there, or no longer.
    NotFound,
    /// All is as it was asked to be already. Nothing went wrong.
    NothingToDo,
    /// Something has moved since it was looked at; asking anew helps.
    Stale,
    /// Another window or program has it.
    Busy,
    /// The person stopped it.
    Cancelled,
    /// A hold or an error stands in the way of a push.
    Refused,
    /// The network or the LMS.
    Network,
    /// A mistake in Muster itself.
    Internal,
}

/// What anything answers that can fail with a sentence for the person at the keyboard.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    /// A failure without reason or advice; `what` is "`staff.csv` could not be read", without a full stop.
    ///
    /// ```
    /// use muster_table::error::{Failure, FailureKind};
    ///
    /// let failure = Failure::new(FailureKind::File, "`staff.csv` could not be read")
    ///     .why("it does not exist")
    ///     .hint("Check the name.");
    /// assert_eq!(failure.to_string(), "`staff.csv` could not be read: it does not exist. Check the name.");
    /// ```
    pub fn new(kind: FailureKind, what: impl Into<String>) -> Self {
        Self { kind, what: what.into(), why: String::new(), hint: String::new() }
    }

    /// The same with its reason, which begins small and follows a colon: "the file does not exist".
    pub fn why(mut self, why: impl std::fmt::Display) -> Self {
        self.why = why.to_string();
        self
    }

    /// The same with advice, whole sentences: "Check the name, or whether it was moved.".
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Nothing is open, or it does not fit what is; of kind [`FailureKind::State`].
    pub fn state(what: impl Into<String>) -> Self {
        Self::new(FailureKind::State, what)
    }

    /// What was asked for is not there, or no longer; of kind [`FailureKind::NotFound`].
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::new(FailureKind::NotFound, what)
    }

    /// A mistake in Muster itself, of kind [`FailureKind::Internal`]; the hint asks for a report.
    pub fn internal(what: impl Into<String>) -> Self {
        Self::new(FailureKind::Internal, what)
            .hint("This is a mistake in Muster. Your work is saved; please report it.")
    }

    /// A file operation that failed, with the system's reason said plainly; of kind [`FailureKind::File`].
    pub fn file(what: impl Into<String>, cause: &std::io::Error) -> Self {
        use std::io::ErrorKind as K;
        let (why, hint) = match cause.kind() {
            K::NotFound => ("it does not exist", "Check the name, or whether it was moved."),
            K::PermissionDenied => {
                ("you may not use it", "Ask for permission, or choose another folder.")
            }
            K::StorageFull | K::QuotaExceeded => {
                ("the disk is full", "Make room, then try again. Nothing was lost.")
            }
            K::ReadOnlyFilesystem => ("the folder cannot be written to", "Choose another folder."),
            K::AlreadyExists => ("it exists already", "Choose another name."),
            K::IsADirectory => ("it is a folder, not a file", "Choose a file inside it."),
            K::NotADirectory => ("a part of its path is a file, not a folder", "Check the path."),
            _ => {
                return Self::new(FailureKind::File, what)
                    .why(cause)
                    .hint("Try again; if it stays so, choose another place.");
            }
        };
        Self::new(FailureKind::File, what).why(why).hint(hint)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.what)?;
        if !self.why.is_empty() {
            write!(f, ": {}", self.why)?;
        }
        if !self.hint.is_empty() {
            write!(f, ". {}", self.hint)?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}
