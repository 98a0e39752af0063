//! Files that somebody hands around, such as profiles and recipes: text of a length that somebody may have written.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use muster_table::error::{Failure, FailureKind, Result};

/// The text of such a file. `what` says in a failure, which is of `kind`, what could not be done. No more than `most`
/// bytes are read, and nothing that is no file.
pub(crate) fn text(path: &Path, most: usize, kind: FailureKind, what: &str) -> Result<String> {
    let failed = |e: std::io::Error| Failure::file(what, &e);
    let refused = |why: String, hint: &str| Failure::new(kind, what).why(why).hint(hint);
    // A pipe is not even opened: it may wait for ever.
    if !fs::metadata(path).map_err(failed)?.is_file() {
        return Err(refused("it is no file".into(), "Choose a file."));
    }
    let mut bytes = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path).map_err(failed)?.take(limit).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > most {
        let why = format!("it is larger than {} MB", most / 1_000_000);
        return Err(refused(why, "Nobody writes one as large by hand: ask where it comes from."));
    }
    String::from_utf8(bytes)
        .map_err(|_| refused("it is not text in UTF-8".into(), "Save it as UTF-8, or remove it."))
}

/// Refuses a file that is larger than any of its kind, before a byte of it is read. Of what has no size nothing is said.
pub fn must_be_within(path: &Path, most: u64, what: &str) -> Result<()> {
    let size = fs::metadata(path).map_or(0, |about| about.len());
    if size <= most {
        return Ok(());
    }
    Err(Failure::new(FailureKind::File, what)
        .why(format!("it is larger than {} MB", most / 1_000_000))
        .hint("Nothing that Muster makes is as large: ask where it comes from."))
}

/// The most bytes of a `planned.json`: some three million people.
pub const MOST_OF_PLANNED: u64 = 1_000_000_000;
/// The most bytes of a corrected file: a list of several million people.
pub const MOST_OF_CORRECTED: u64 = 500_000_000;

/// Whether no file can be called so on some computer, whatever its ending is.
pub fn is_reserved(name: &str) -> bool {
    const RESERVED: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];
    let name = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let is_port = |port: &str| {
        let rest = name.strip_prefix(port).unwrap_or_default();
        let mut rest = rest.chars();
        matches!((rest.next(), rest.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
    };
    RESERVED.contains(&name.as_str()) || is_port("com") || is_port("lpt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_windows_keeps_for_devices_are_known_with_any_ending() {
        for name in
            ["con", "CON", "nul", "aux", "prn", "com1", "LPT9", "com¹", "con.toml", "nul ", "com0"]
        {
            assert!(is_reserved(name), "{name}");
        }
        for name in [
            "acme",
            "console",
            "company",
            "com",
            "com10",
            "lpt",
            "nullable",
            "",
            "auxiliary",
            "commerce",
        ] {
            assert!(!is_reserved(name), "{name}");
        }
    }

    #[test]
    fn what_is_longer_than_anybody_writes_is_not_read_to_its_end() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.toml");
        let read = |most| text(&path, most, FailureKind::Profile, "the profile `x` cannot be used");
        fs::write(&path, "a".repeat(2_000_001)).expect("written");
        let failure = read(2_000_000).expect_err("too long");
        assert_eq!(failure.why, "it is larger than 2 MB");
        assert!(read(3_000_000).is_ok());
        fs::write(&path, [0xff, 0xfe]).expect("written");
        assert!(read(100).expect_err("no text").why.contains("UTF-8"));
        let failure = text(folder.path(), 100, FailureKind::Profile, "x").expect_err("a folder");
        assert_eq!(failure.why, "it is no file");
    }

    #[test]
    fn what_is_larger_than_its_kind_is_refused_before_it_is_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("planned.json");
        File::create(&path).and_then(|file| file.set_len(MOST_OF_PLANNED + 1)).expect("made");
        let failure =
            must_be_within(&path, MOST_OF_PLANNED, "it cannot be read").expect_err("large");
        assert_eq!(failure.why, "it is larger than 1000 MB");
        assert!(must_be_within(&path, MOST_OF_PLANNED + 1, "").is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn what_never_ends_and_what_waits_is_no_file() {
        for path in ["/dev/zero", "/dev/null"] {
            let failure =
                text(Path::new(path), 100, FailureKind::Profile, "x").expect_err("a device");
            assert_eq!(failure.why, "it is no file");
        }
    }
}
