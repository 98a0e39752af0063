//! What the disk and the database may answer, as failures for the person at the keyboard.

use std::io::{Error, ErrorKind};

use rusqlite::ErrorCode as Code;

use muster_table::error::{Failure, FailureKind};

/// Turns a database error into a failure that begins with `what`.
pub(super) fn trouble(what: &str) -> impl Fn(rusqlite::Error) -> Failure + '_ {
    move |error| match error.sqlite_error_code() {
        Some(Code::DiskFull) => Failure::file(what, &Error::from(ErrorKind::StorageFull)),
        Some(Code::ReadOnly) => Failure::file(what, &Error::from(ErrorKind::ReadOnlyFilesystem)),
        Some(Code::CannotOpen | Code::PermissionDenied | Code::AuthorizationForStatementDenied) => {
            Failure::file(what, &Error::from(ErrorKind::PermissionDenied))
        }
        Some(Code::DatabaseBusy | Code::DatabaseLocked | Code::FileLockingProtocolFailed) => {
            Failure::new(FailureKind::Busy, what)
                .why("another window is writing just now")
                .hint("Try again in a moment.")
        }
        Some(Code::DatabaseCorrupt | Code::NotADatabase) => Failure::new(FailureKind::Store, what)
            .why("Muster's database is damaged")
            .hint("Close Muster and start it again: it then saves what can be read."),
        Some(Code::SystemIoFailure) => Failure::new(FailureKind::Store, what)
            .why("the disk did not read or write as it should")
            .hint("Check the disk, then try again."),
        Some(Code::TooBig | Code::OutOfMemory) => Failure::new(FailureKind::Store, what)
            .why("it is too much at once")
            .hint("Do it in smaller parts."),
        _ => Failure::internal(what).why(error),
    }
}

/// The bytes on disk are not what was written there.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(Code::DatabaseCorrupt | Code::NotADatabase))
}
