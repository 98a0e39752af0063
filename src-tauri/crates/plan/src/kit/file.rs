//! A file of the kit before it is on the disk.

use sha2::{Digest, Sha256};

use super::KitFile;

/// A file of the kit before it is on disk.
pub struct File {
    pub name: String,
    pub about: String,
    pub bytes: Vec<u8>,
    /// Only its owner may read it.
    pub secret: bool,
}

impl File {
    pub fn text(name: &str, about: &str, text: &str) -> File {
        File {
            name: name.to_owned(),
            about: about.to_owned(),
            bytes: text.as_bytes().to_vec(),
            secret: false,
        }
    }

    pub fn sha256(&self) -> String {
        hex::encode(Sha256::digest(&self.bytes))
    }

    pub fn told(&self) -> KitFile {
        KitFile {
            name: self.name.clone(),
            about: self.about.clone(),
            bytes: u32::try_from(self.bytes.len()).unwrap_or(u32::MAX),
            sha256: self.sha256(),
        }
    }
}
