//! A file of the kit before it is on the disk.

use sha2::{Digest, Sha256};

use super::KitFile;

/// A file of the kit before it is on disk.
pub struct File {
    /// The file's name in the kit's folder, `upload.csv`.
    pub name: String,
    /// What it is, for a list: "For EdApp: 12 people".
    pub about: String,
    /// All of it.
    pub bytes: Vec<u8>,
    /// Only its owner may read it.
    pub secret: bool,
}

impl File {
    /// A file of text, which everybody may read who may read the folder.
    pub fn text(name: &str, about: &str, text: &str) -> File {
        File {
            name: name.to_owned(),
            about: about.to_owned(),
            bytes: text.as_bytes().to_vec(),
            secret: false,
        }
    }

    /// Of its bytes, in hexadecimal digits.
    pub fn sha256(&self) -> String {
        hex::encode(Sha256::digest(&self.bytes))
    }

    /// What is told of it, without its bytes.
    pub fn card(&self) -> KitFile {
        KitFile {
            name: self.name.clone(),
            about: self.about.clone(),
            bytes: u32::try_from(self.bytes.len()).unwrap_or(u32::MAX),
            sha256: self.sha256(),
        }
    }
}
