//! The vendor's own workbook, kept with what was learnt of it.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A template's file, and where its list of people is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorWorkbook {
    /// The name of the sheet.
    pub sheet: String,
    /// The line of the sheet that holds the column names, counted from 1.
    pub header: u32,
    /// The whole file.
    #[serde(serialize_with = "as_text", deserialize_with = "of_text")]
    pub bytes: Vec<u8>,
}

impl fmt::Debug for VendorWorkbook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "VendorWorkbook({}, line {}, {} bytes)",
            self.sheet,
            self.header,
            self.bytes.len()
        )
    }
}

fn as_text<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&STANDARD.encode(bytes))
}

fn of_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    STANDARD.decode(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}
