//! Files to begin with, and what is done to them: the same ones each time.

use std::path::{Path, PathBuf};

/// Numbers that look like chance and are the same each time (xorshift, Marsaglia 2003).
pub struct Chance(u64);

impl Chance {
    /// Those that belong to a seed.
    pub fn of(seed: u64) -> Chance {
        Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        if most == 0 { 0 } else { usize::try_from(self.0 % most as u64).unwrap_or(0) }
    }

    fn one_of<'t, T: ?Sized>(&mut self, all: &[&'t T]) -> &'t T {
        all[self.below(all.len())]
    }
}

/// What turns up where files go wrong.
const TOKENS: &[&[u8]] = &[
    b"\"",
    b"\"\"",
    b"'",
    b",",
    b";",
    b"\t",
    b"\r",
    b"\n",
    b"\r\n",
    b"\0",
    b"\\",
    b"\\N",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
    b"\x81",
    b"\x85",
    b"\xA0",
    b"\xC3",
    b"\xE2\x80",
    b"=",
    b"=\"1\"",
    b"+",
    b"@",
    b"sep=;\n",
    b"<",
    b">",
    b"&amp;",
    b"&#0;",
    b"<row>",
    b"</row>",
    b"<c r=\"XFD1048576\"/>",
    b"</c>",
    b"<v>",
    b"[[step]]\n",
    b"[[field]]\n",
    b"based_on = \"edapp\"\n",
    b"-1",
    b"0",
    b"4294967296",
    b"1e999",
    b"null",
    b"{",
    b"}",
    b"[",
    b"]",
    b"\xFF\xFF\xFF\xFF",
    b"\x00\x00\x00\x00",
];

/// A file that was changed in a few places, and may have part of another in it.
pub fn mutated(file: &[u8], other: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = file.to_vec();
    for _ in 0..=chance.below(4) {
        let at = chance.below(bytes.len() + 1);
        let end = (at + 1 + chance.below(12)).min(bytes.len());
        match chance.below(8) {
            0 if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
            1 => drop(bytes.drain(at.min(end)..end)),
            2 => bytes.truncate(at),
            3 => {
                let again = bytes[at.min(end)..end].to_vec();
                bytes.splice(at..at, again);
            }
            4 if !other.is_empty() => {
                let from = chance.below(other.len());
                let to = (from + chance.below(200)).min(other.len());
                bytes.splice(at..at, other[from..to].iter().copied());
            }
            5 if at < bytes.len() => bytes[at] = chance.one_of::<[u8]>(TOKENS)[0],
            _ => {
                let token = chance.one_of(TOKENS);
                bytes.splice(at..at, token.iter().copied());
            }
        }
    }
    bytes
}

/// The project's own files of a kind, none of them large.
pub fn files_for(target: &str) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let of = |folder: &str, endings: &[&str]| -> Vec<Vec<u8>> {
        let mut paths: Vec<PathBuf> = Vec::new();
        walk(&root.join(folder), &mut paths);
        paths.sort();
        let has_ending = |path: &Path| {
            path.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known))
        };
        let read = paths.iter().filter(|path| has_ending(path)).map(std::fs::read);
        read.flatten().filter(|bytes| bytes.len() < 64 << 10).collect()
    };
    let mut files = match target {
        "table" => {
            [of("src-tauri/cli/tests", &["csv", "tsv", "txt"]), of("tests/profiles", &["csv"])]
                .concat()
        }
        "xlsx" => {
            [of("tests/formats", &["xlsx", "ods"]), of("src-tauri/cli/tests", &["xlsx"])].concat()
        }
        "xls" => of("tests/formats", &["xls"]),
        "profile" => of("src-tauri/crates/roster/profiles", &["toml"]),
        "recipe" => [of("tests/journeys", &["toml"]), of("tests/fuzz/files", &["toml"])].concat(),
        "planned" => of("tests/fuzz/files", &["json"]),
        _ => Vec::new(),
    };
    if target == "xlsx" {
        files.push(
            b"<worksheet><cols><col min=\"2\" max=\"3\" hidden=\"1\"/></cols><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c>\
              <c r=\"C1\" s=\"1\"><f>1+1</f><v>2</v></c></row></sheetData><mergeCells><mergeCell ref=\"A1:B2\"/></mergeCells></worksheet>\0\
              <sst><si><t>name</t></si><si><r><t>A</t></r><r><t>da</t></r></si></sst>\0\
              <styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"00000\"/></numFmts><cellXfs><xf/><xf numFmtId=\"164\"/></cellXfs></styleSheet>"
                .to_vec(),
        );
    }
    files
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { walk(&path, found) } else { found.push(path) }
    }
}
