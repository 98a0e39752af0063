//! The encodings that a text can be in: those of the web, which `encoding_rs` knows, and the code pages of DOS, which
//! `oem_cp` knows and which Excel still writes as "CSV (MS-DOS)".
//!
//! yore was looked at too: it has the same pages, as types and not as tables that can be chosen from.

use std::borrow::Cow;

use oem_cp::code_table as tables;

/// What bytes are decoded from, and encoded into.
#[derive(Clone, Copy)]
pub enum Encoding {
    /// One of the web.
    Web(&'static encoding_rs::Encoding),
    /// One of DOS: a letter for each byte.
    Page(&'static CodePage),
}

/// A code page of DOS.
pub struct CodePage {
    /// As IANA calls it: `IBM850`.
    name: &'static str,
    number: &'static str,
    /// What the bytes from 128 on stand for.
    letters: Letters,
}

/// What the bytes from 128 on stand for.
enum Letters {
    /// Each for a letter.
    All(&'static [char; 128]),
    /// Some for nothing.
    Some(&'static [Option<char>; 128]),
}

impl CodePage {
    fn letter(&self, at: usize) -> Option<char> {
        match self.letters {
            Letters::All(letters) => letters.get(at).copied(),
            Letters::Some(letters) => letters.get(at).copied().flatten(),
        }
    }
}

/// Those that lists of people were written in; 866, of Russian, is one of the web.
static PAGES: [CodePage; 12] = [
    CodePage {
        name: "IBM850",
        number: "850",
        letters: Letters::All(&tables::DECODING_TABLE_CP850),
    },
    CodePage {
        name: "IBM437",
        number: "437",
        letters: Letters::All(&tables::DECODING_TABLE_CP437),
    },
    CodePage {
        name: "IBM852",
        number: "852",
        letters: Letters::All(&tables::DECODING_TABLE_CP852),
    },
    CodePage {
        name: "IBM00858",
        number: "858",
        letters: Letters::All(&tables::DECODING_TABLE_CP858),
    },
    CodePage {
        name: "IBM865",
        number: "865",
        letters: Letters::All(&tables::DECODING_TABLE_CP865),
    },
    CodePage {
        name: "IBM860",
        number: "860",
        letters: Letters::All(&tables::DECODING_TABLE_CP860),
    },
    CodePage {
        name: "IBM861",
        number: "861",
        letters: Letters::All(&tables::DECODING_TABLE_CP861),
    },
    CodePage {
        name: "IBM863",
        number: "863",
        letters: Letters::All(&tables::DECODING_TABLE_CP863),
    },
    CodePage {
        name: "IBM737",
        number: "737",
        letters: Letters::All(&tables::DECODING_TABLE_CP737),
    },
    CodePage {
        name: "IBM775",
        number: "775",
        letters: Letters::All(&tables::DECODING_TABLE_CP775),
    },
    CodePage {
        name: "IBM857",
        number: "857",
        letters: Letters::Some(&tables::DECODING_TABLE_CP857),
    },
    CodePage {
        name: "IBM855",
        number: "855",
        letters: Letters::All(&tables::DECODING_TABLE_CP855),
    },
];

impl Encoding {
    /// What everything is in that is made new.
    pub const UTF_8: Encoding = Encoding::Web(encoding_rs::UTF_8);

    /// The encoding of a label: those of the web, and `cp850`, `IBM850`, `850` … for those of DOS.
    pub fn for_label(label: &str) -> Option<Encoding> {
        let label = label.trim();
        if let Some(web) = encoding_rs::Encoding::for_label(label.as_bytes()) {
            return Some(Encoding::Web(web));
        }
        let lower = label.to_ascii_lowercase();
        if matches!(&*lower, "macroman" | "mac-roman" | "mac_roman") {
            return Some(Encoding::Web(encoding_rs::MACINTOSH));
        }
        let prefixes = ["cp-", "cp", "ibm-", "ibm", "dos-", "oem"];
        let number =
            prefixes.iter().find_map(|prefix| lower.strip_prefix(prefix)).unwrap_or(&lower);
        let number = number.trim_start_matches('0');
        PAGES.iter().find(|page| page.number == number).map(Encoding::Page)
    }

    /// "UTF-8", "windows-1252", "IBM850".
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Web(web) => web.name(),
            Encoding::Page(page) => page.name,
        }
    }

    /// Whether it is UTF-16, of either order.
    pub fn is_utf_16(self) -> bool {
        matches!(self, Encoding::Web(web) if web == encoding_rs::UTF_16LE || web == encoding_rs::UTF_16BE)
    }

    /// The text of bytes, and whether some of them stand for nothing.
    pub fn decode(self, bytes: &[u8]) -> (Cow<'_, str>, bool) {
        match self {
            Encoding::Web(web) => web.decode_without_bom_handling(bytes),
            Encoding::Page(page) => {
                let mut lossy = false;
                let letter = |&byte: &u8| match byte {
                    0..128 => char::from(byte),
                    _ => page.letter(usize::from(byte - 128)).unwrap_or_else(|| {
                        lossy = true;
                        char::REPLACEMENT_CHARACTER
                    }),
                };
                let text: String = bytes.iter().map(letter).collect();
                (text.into(), lossy)
            }
        }
    }

    /// The bytes of a text in other encodings than UTF-16; else the first letter that it does not have.
    pub fn encode(self, text: &str) -> Result<Cow<'_, [u8]>, char> {
        match self {
            Encoding::Web(web) => {
                let (bytes, _, lossy) = web.encode(text);
                let lacks = |c: &char| web.encode(c.encode_utf8(&mut [0; 4])).2;
                match lossy {
                    false => Ok(bytes),
                    true => Err(text.chars().find(lacks).unwrap_or(char::REPLACEMENT_CHARACTER)),
                }
            }
            Encoding::Page(page) => {
                let byte = |c: char| match u8::try_from(c) {
                    Ok(byte @ 0..128) => Ok(byte),
                    _ => (128..=255)
                        .find(|byte| page.letter(usize::from(byte - 128)) == Some(c))
                        .ok_or(c),
                };
                text.chars().map(byte).collect::<Result<Vec<u8>, char>>().map(Cow::Owned)
            }
        }
    }
}

impl PartialEq for Encoding {
    fn eq(&self, other: &Encoding) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Encoding {}

impl std::fmt::Debug for Encoding {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl From<&'static encoding_rs::Encoding> for Encoding {
    fn from(web: &'static encoding_rs::Encoding) -> Encoding {
        Encoding::Web(web)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_dos_goes_by_many_names() {
        for label in ["cp850", "CP850", "IBM850", "ibm-850", " 850 ", "CP-850"] {
            assert_eq!(Encoding::for_label(label).map(Encoding::name), Some("IBM850"), "{label}");
        }
        assert_eq!(Encoding::for_label("cp437").map(Encoding::name), Some("IBM437"));
        assert_eq!(Encoding::for_label("cp866").map(Encoding::name), Some("IBM866"));
        assert_eq!(Encoding::for_label("MacRoman").map(Encoding::name), Some("macintosh"));
        assert_eq!(Encoding::for_label("x-mac-roman").map(Encoding::name), Some("macintosh"));
        assert_eq!(Encoding::for_label("cp1252").map(Encoding::name), Some("windows-1252"));
        assert_eq!(Encoding::for_label("cp12345"), None);
        assert_eq!(Encoding::for_label(""), None);
    }

    #[test]
    fn every_byte_of_every_page_comes_back() {
        for page in &PAGES {
            let is_one = |byte: &u8| *byte < 128 || page.letter(usize::from(byte - 128)).is_some();
            let all: Vec<u8> = (0..=255).filter(is_one).collect();
            let page = Encoding::Page(page);
            assert_eq!(Encoding::for_label(page.name()), Some(page));
            let (text, lossy) = page.decode(&all);
            assert!(!lossy);
            assert_eq!(page.encode(&text).as_deref(), Ok(&all[..]), "{page:?}");
            assert_eq!(page.encode("a💥"), Err('💥'));
        }
        let dos = Encoding::for_label("cp850").expect("known");
        assert_eq!(dos.decode(b"J\x94rg M\x81ller").0, "Jörg Müller");
    }
}
