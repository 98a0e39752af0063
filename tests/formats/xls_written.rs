//! Old workbooks that we write: read back by us, by calamine and by xlrd, whatever the texts are.

use std::io::Cursor;
use std::process::{Command, Stdio};

use calamine::Reader;
use muster_table::error::Failure;
use muster_table::format::xlsx::write::Making;
use muster_table::format::xlsx::write_xls::{MOST_PEOPLE, write};
use muster_table::format::xlsx::{self, Kind, Sheet};
use proptest::prelude::*;

use crate::xlsx_written::text;

const MAKING: Making = Making { sheet: "Users", made_at: 1_709_280_000, scratch: None };

type Row = Vec<String>;

/// Of a sheet: its name, its cells with the kind of each, the format of one below the names, and where it is frozen.
type Told = (String, Vec<Vec<(u8, String)>>, String, u32);

fn read(bytes: &[u8]) -> Result<Sheet, Failure> {
    assert_eq!(xlsx::kind_of(bytes), Some(Kind::Xls));
    xlsx::read(bytes, Kind::Xls, None, &|_, _| true)
}

fn header(width: usize) -> Row {
    (0..width).map(|column| format!("Column {column}")).collect()
}

/// Whether our reader and calamine itself see these rows.
fn assert_read_back(bytes: &[u8], expected: &[Row]) {
    let sheet = read(bytes).unwrap();
    assert!(sheet.notes.is_empty() && sheet.remarks.is_empty());
    let mut book = calamine::Xls::new(Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["Users"]);
    let range = book.worksheet_range("Users").unwrap();
    for (row, cells) in (0_u32..).zip(expected) {
        for (column, cell) in (0_u32..).zip(cells) {
            assert_eq!(sheet.cell(row as usize, column as usize), cell);
            let value = range.get_value((row, column)).map(ToString::to_string);
            assert_eq!(&value.unwrap_or_default(), cell, "row {row}, column {column}");
        }
    }
}

/// Any text but one that begins with a byte order mark, which calamine takes off.
fn any_text() -> impl Strategy<Value = String> {
    text().prop_map(|text| text.trim_start_matches(['\u{FEFF}', '\u{FFFE}']).to_owned())
}

/// Texts of many lengths and letters, so that some are parted where a record ends.
fn long_text() -> impl Strategy<Value = String> {
    let letters = prop_oneof![Just("a"), Just("é"), Just("✓"), Just("😀"), Just("a😀"), Just("é✓")];
    (letters, 0_usize..6_000).prop_map(|(letters, times)| letters.repeat(times))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_text_comes_back_as_it_was(
        table in (1_usize..6).prop_flat_map(|width| {
            proptest::collection::vec(proptest::collection::vec(any_text(), width), 1..8)
        })
    ) {
        let header = header(table[0].len());
        let bytes = write(&header, &table, &MAKING).unwrap();
        let mut rows = vec![header];
        rows.extend(table);
        assert_read_back(&bytes, &rows);
    }

    #[test]
    fn a_text_that_goes_on_in_another_record_is_whole(
        texts in proptest::collection::vec(long_text(), 1..12)
    ) {
        let table: Vec<Row> = texts.into_iter().map(|text| vec![text]).collect();
        let bytes = write(&header(1), &table, &MAKING).unwrap();
        assert_read_back(&bytes, &[vec![header(1)], table].concat());
    }
}

#[test]
fn a_text_may_end_anywhere_near_the_end_of_a_record() {
    // Eight bytes of counts, and each text has three before its own.
    for length in 8_180..8_230 {
        for letter in ["a", "✓", "😀"] {
            let first = letter
                .repeat(length / letter.encode_utf16().count() / (1 + usize::from(letter != "a")));
            let table = vec![vec![first], vec!["ü".to_owned()], vec!["the next 😀".to_owned()]];
            let bytes = write(&header(1), &table, &MAKING).unwrap();
            assert_read_back(&bytes, &[vec![header(1)], table].concat());
        }
    }
}

#[test]
fn the_longest_text_is_written_and_a_longer_one_refused() {
    for letter in ["x", "✓"] {
        let table = vec![vec![letter.repeat(32_767)]];
        let bytes = write(&["Name"], &table, &MAKING).unwrap();
        assert_read_back(&bytes, &[vec![vec!["Name".to_owned()]], table].concat());
        let failure = write(&["Name"], [[letter.repeat(32_768)]], &MAKING).unwrap_err();
        assert_eq!(failure.why, "the cell A2 has 32768 characters and Excel holds 32767");
    }
}

#[test]
fn as_many_people_as_there_are_lines_and_no_more() {
    let people = |count: u32| (0..count).map(|n| [format!("p{n}@example.com"), format!("{n:06}")]);
    let bytes = write(&["Login Name", "Number"], people(MOST_PEOPLE), &MAKING).unwrap();
    let sheet = read(&bytes).unwrap();
    assert_eq!(sheet.rows.len(), 65_536);
    assert_eq!(sheet.cell(65_535, 1), "065534");
    let failure = write(&["Login Name", "Number"], people(MOST_PEOPLE + 1), &MAKING).unwrap_err();
    assert_eq!(failure.why, "an old workbook's sheet holds 65536 rows and there are more");
    let failure = write(&vec!["x"; 257], [["x"]], &MAKING).unwrap_err();
    assert_eq!(failure.why, "an old workbook's sheet holds 256 columns and there are more");
    assert!(failure.hint.contains("(.xlsx)"));
}

#[test]
fn the_same_table_makes_the_same_bytes_whatever_the_time() {
    let make = || write(&["Username"], [["ada@example.com"]], &MAKING).unwrap();
    let first = make();
    std::thread::sleep(std::time::Duration::from_millis(20));
    assert_eq!(first, make());
}

/// What xlrd, a reader that has nothing in common with ours, says of a file: its cells, each with the kind that it has.
const BY_XLRD: &str = r#"
import json, sys, xlrd
book = xlrd.open_workbook(file_contents=sys.stdin.buffer.read(), formatting_info=True)
sheet = book.sheet_by_index(0)
cells = [[[c.ctype, c.value if c.ctype == 1 else ""] for c in sheet.row(r)] for r in range(sheet.nrows)]
style = book.xf_list[sheet.cell_xf_index(1, 0)]
print(json.dumps([sheet.name, cells, book.format_map[style.format_key].format_str, sheet.horz_split_pos]))
"#;

#[test]
#[ignore = "asks xlrd, which tests/setup installs: MUSTER_XLRD"]
#[allow(clippy::disallowed_methods)]
fn another_program_reads_the_same_texts() {
    let python = std::env::var("MUSTER_XLRD").expect("MUSTER_XLRD names the Python that has xlrd");
    let mut table: Vec<Row> = vec![
        vec!["00417".into(), "=1+1".into(), String::new()],
        vec!["Zoë Ωmega ✓ 😀".into(), " \t\r\n<&>\"' ".into(), "1E+07".into()],
        vec!["x".repeat(32_767), "✓".repeat(32_767), "a😀".repeat(9_000)],
    ];
    // Texts of which some end, and some go on, where a record does.
    table.extend(
        (0..4_000).map(|n| vec![format!("person {n}"), "é".repeat(n % 50), "😀✓".repeat(n % 40)]),
    );
    let header = header(3);
    let bytes = write(&header, &table, &MAKING).unwrap();
    let mut child = Command::new(python)
        .args(["-c", BY_XLRD])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writing =
        std::thread::spawn(move || std::io::Write::write_all(&mut stdin, &bytes).unwrap());
    let out = child.wait_with_output().unwrap();
    writing.join().unwrap();
    assert!(out.status.success());
    let told: Told = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!((told.0.as_str(), told.2.as_str(), told.3), ("Users", "@", 1));
    table.insert(0, header);
    assert_eq!(told.1.len(), table.len());
    for (seen, cells) in told.1.iter().zip(&table) {
        let expected: Vec<(u8, String)> =
            cells.iter().map(|cell| (u8::from(!cell.is_empty()), cell.clone())).collect();
        let seen: Vec<(u8, String)> =
            seen.iter().map(|(kind, text)| (u8::from(*kind == 1), text.clone())).collect();
        assert_eq!(seen, expected);
    }
}
