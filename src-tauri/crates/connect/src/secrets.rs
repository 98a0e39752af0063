//! Passwords and tokens. They are kept in this computer's keychain and nowhere else.

use keyring::Entry;

use muster_plan::push::Secret;
use muster_table::error::{Failure, FailureKind, Result};

/// What Muster is called in the keychain.
const SERVICE: &str = "Muster";

/// Whether this computer has a keychain. Nobody is asked to unlock it.
pub fn has_keychain() -> bool {
    Entry::store_status().is_ok()
}

/// What is kept under a name; none where nothing is, or where this computer has no keychain.
pub fn kept(name: &str) -> Result<Option<Secret>> {
    let entry = match Entry::new(SERVICE, name) {
        Ok(entry) => entry,
        Err(_) => return Ok(None),
    };
    match entry.get_password() {
        Ok(text) => Ok(Some(Secret::new(text))),
        Err(keyring::Error::NoEntry | keyring::Error::NoDefaultStore) => Ok(None),
        Err(e) => Err(trouble("the keychain could not be read", &e)),
    }
}

/// Keeps a secret under a name. Answers whether this computer has a keychain to keep it in.
pub fn keep(name: &str, secret: &Secret) -> Result<bool> {
    let Ok(entry) = Entry::new(SERVICE, name) else { return Ok(false) };
    match entry.set_password(secret.reveal()) {
        Ok(()) => Ok(true),
        Err(keyring::Error::NoDefaultStore) => Ok(false),
        Err(e) => Err(trouble("the keychain could not take it", &e)),
    }
}

/// Takes what is kept under a name out of the keychain.
pub fn forget(name: &str) -> Result<()> {
    let Ok(entry) = Entry::new(SERVICE, name) else { return Ok(()) };
    match entry.delete_credential() {
        Ok(()) | Err(keyring::Error::NoEntry | keyring::Error::NoDefaultStore) => Ok(()),
        Err(e) => Err(trouble("the keychain could not be written to", &e)),
    }
}

/// The kinds of failure are told in our words: what the library says may quote what it was given.
fn trouble(what: &str, cause: &keyring::Error) -> Failure {
    let why = match cause {
        keyring::Error::NoStorageAccess(_) => "it is locked, or you may not use it",
        keyring::Error::Ambiguous(_) => "it holds several entries of this name",
        keyring::Error::BadEncoding(_) => "what it holds is no text",
        _ => "it did not answer as expected",
    };
    Failure::new(FailureKind::Store, what)
        .why(why)
        .hint("Unlock the keychain of this computer, or type the password each time.")
}

#[cfg(test)]
mod tests {
    use muster_plan::push::Secret;

    #[test]
    fn a_secret_does_not_tell_itself() {
        assert!(!format!("{:?}", Secret::new("hunter2")).contains("hunter2"));
    }
}
