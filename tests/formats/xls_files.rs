//! Old workbooks: read by calamine, after we have made sure of them.

use std::io::{Cursor, Read, Write};

use muster_table::error::{Failure, FailureKind};
use muster_table::format::xlsx::{self, Kind, Sheet};

use crate::xlsx_files::{file, notes, rows, sheet};

fn read(bytes: &[u8]) -> Result<Sheet, Failure> {
    xlsx::read(bytes, Kind::Xls, None, &|_, _| true)
}

/// The records of a fixture's workbook.
fn stream(name: &str) -> Vec<u8> {
    let mut container = cfb::CompoundFile::open(Cursor::new(file(name))).unwrap();
    let mut bytes = Vec::new();
    container.open_stream("/Workbook").unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

fn contained(path: &str, bytes: &[u8]) -> Vec<u8> {
    let mut container = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    container.create_stream(path).unwrap().write_all(bytes).unwrap();
    container.flush().unwrap();
    container.into_inner().into_inner()
}

#[test]
fn an_old_workbook_reads_like_a_new_one() {
    let sheet = sheet("roster.xls", None);
    assert_eq!(
        (sheet.name.as_str(), sheet.sheets.as_slice()),
        ("Leute", ["Leute".to_owned()].as_slice())
    );
    assert_eq!(
        rows(&sheet),
        [
            ["Username", "Name", "Number", "Start", "Active", "Points", "Team"],
            ["ada@example.com", " Ada  Exämple ✓ ", "000417", "2024-03-01", "TRUE", "12000000", ""],
            ["ben@example.com", "", "000018", "", "", "0.1", ""],
            ["", "", "", "", "", "", ""],
            ["cleo@example.com", "Cleo\nExample", "000-00-0018", "", "", "", ""],
            ["", "", "", "", "", "", ""],
            ["Exported by nobody", "", "", "", "", "", ""],
        ]
    );
    assert_eq!(
        notes(&sheet),
        [
            "C2 NumberShown",
            "D2 NumberShown",
            "E2 NumberShown",
            "F2 NumberShown",
            "G2 Formula",
            "F3 NumberShown",
            "C5 NumberShown"
        ]
    );
    assert_eq!(
        sheet.remarks,
        [
            "1 hidden row was read too (line 3)",
            "1 range of cells is merged (A7:C7); only the first cell holds a text",
            "The sheet `Lists` is hidden in the workbook",
        ]
    );
}

#[test]
fn days_counted_from_1904_are_the_same_days() {
    assert_eq!(rows(&sheet("from-1904.xls", None)), [["Start"], ["2024-03-01T12:00:00"]]);
}

#[test]
fn a_formula_gives_the_value_it_was_saved_with() {
    let mut bytes = stream("roster.xls");
    // The formula of row 2, column 7; its value is the eight bytes after row, column and style.
    let at = bytes.windows(8).position(|w| w[..2] == [6, 0] && w[4..] == [1, 0, 6, 0]).unwrap();
    bytes[at + 10..at + 18].copy_from_slice(&2.5_f64.to_le_bytes());
    let sheet = read(&contained("/Workbook", &bytes)).unwrap();
    assert_eq!(sheet.cell(1, 6), "2.5");
    assert!(notes(&sheet).contains(&"G2 Formula".to_owned()));
}

#[test]
fn a_hidden_sheet_can_be_asked_for() {
    assert_eq!(rows(&sheet("roster.xls", Some("Lists"))), [["Support"]]);
}

#[test]
fn a_file_cut_off_anywhere_never_panics() {
    let whole = file("roster.xls");
    for length in (8..whole.len()).step_by(97) {
        if let Err(failure) = read(&whole[..length]) {
            assert_eq!(failure.kind, FailureKind::Format, "{failure}");
            assert!(!failure.hint.is_empty());
        }
    }
    assert!(read(&whole[..whole.len() / 2]).is_err());
}

#[test]
fn a_file_with_a_wrong_byte_never_ends_the_program() {
    let whole = file("roster.xls");
    for place in (0..whole.len()).step_by(5) {
        for flip in [0xFF, 0x01] {
            let mut bytes = whole.clone();
            bytes[place] ^= flip;
            if let Err(failure) = read(&bytes) {
                assert_eq!(failure.kind, FailureKind::Format, "{failure}");
            }
        }
    }
}

#[test]
fn a_claim_of_four_thousand_million_rows_is_not_believed() {
    let mut bytes = stream("roster.xls");
    let claims: Vec<usize> = bytes
        .windows(4)
        .enumerate()
        .filter(|(_, w)| *w == [0x00, 0x02, 14, 0])
        .map(|(at, _)| at)
        .collect();
    assert!(!claims.is_empty());
    for at in claims {
        bytes[at + 4..at + 18]
            .copy_from_slice(&[0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 255, 255, 0, 0]);
    }
    assert_eq!(read(&contained("/Workbook", &bytes)).unwrap().cell(1, 2), "000417");
}

#[test]
fn a_short_text_used_a_million_times_is_refused_by_its_size() {
    // A workbook whose one sheet refers to a text of 8,000 characters 60,000 times.
    let record = |kind: u16, data: &[u8]| {
        let mut bytes = kind.to_le_bytes().to_vec();
        bytes.extend((data.len() as u16).to_le_bytes());
        bytes.extend(data);
        bytes
    };
    let begin = record(0x0809, &[0, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let end = record(0x000A, &[]);
    let mut texts = vec![1, 0, 0, 0, 1, 0, 0, 0];
    texts.extend(8_000_u16.to_le_bytes());
    texts.push(0);
    texts.extend(b"x".repeat(8_000));
    let texts = record(0x00FC, &texts);
    let mut bytes = begin.clone();
    let sheet_at = (begin.len() + 4 + 14 + texts.len() + end.len()) as u32;
    let mut tab = sheet_at.to_le_bytes().to_vec();
    tab.extend([0, 0, 6, 0]);
    tab.extend(b"People");
    bytes.extend(record(0x0085, &tab));
    bytes.extend(texts);
    bytes.extend(&end);
    assert_eq!(bytes.len() as u32, sheet_at);
    bytes.extend(&begin);
    for row in 0..60_000_u16 {
        let mut cell = row.to_le_bytes().to_vec();
        cell.extend([0, 0, 0, 0, 0, 0, 0, 0]);
        bytes.extend(record(0x00FD, &cell));
    }
    bytes.extend(&end);
    let failure = read(&contained("/Workbook", &bytes)).unwrap_err();
    assert!(
        failure.why.starts_with("the texts of the sheet are longer than the limit of "),
        "{failure}"
    );
}

#[test]
fn a_password_is_told() {
    let mut bytes = stream("roster.xls");
    // FilePass, right after the first record.
    let first = 4 + usize::from(u16::from_le_bytes([bytes[2], bytes[3]]));
    bytes.splice(first..first, [0x2F, 0, 6, 0, 1, 0, 1, 0, 1, 0]);
    let failure = read(&contained("/Workbook", &bytes)).unwrap_err();
    assert_eq!(failure.why, "it is protected with a password");
}

#[test]
fn other_old_files_are_told_apart() {
    let why = |path: &str| read(&contained(path, b"x")).unwrap_err().why;
    assert_eq!(why("/WordDocument"), "it is an old Word document, not a workbook");
    assert_eq!(why("/Anything"), "there is no workbook in it");
    assert!(why("/Workbook").contains("its end is missing"));
}

/// A workbook whose one sheet has a number in each of these places.
fn with_numbers(places: &[(u16, u16)]) -> Vec<u8> {
    let record = |kind: u16, data: &[u8]| {
        [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
    };
    let begin = record(0x0809, &[0, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let end = record(0x000A, &[]);
    let sheet_at = (begin.len() + 4 + 14 + end.len()) as u32;
    let tab = [&sheet_at.to_le_bytes()[..], &[0, 0, 6, 0], b"People"].concat();
    let mut bytes = [begin.clone(), record(0x0085, &tab), end.clone(), begin].concat();
    for (row, column) in places {
        let place = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
        bytes.extend(record(0x0203, &[place, 1.0_f64.to_le_bytes().to_vec()].concat()));
    }
    bytes.extend(&end);
    contained("/Workbook", &bytes)
}

/// calamine makes a table of all cells between the first and the last: they are counted before it does.
#[test]
fn two_cells_far_apart_are_refused_before_memory_is_taken_for_those_between() {
    let why = |places: &[(u16, u16)]| read(&with_numbers(places)).unwrap_err().why;
    assert!(why(&[(0, 0), (65_535, 65_535)]).contains("has a column 65536"));
    assert!(why(&[(65_535, 65_535)]).contains("has a column 65536"));
    assert!(why(&[(0, 0), (65_535, 255)]).contains("IV65536"));
    assert!(why(&[(0, 0), (65_535, 60)]).contains("BI65536"));
    assert_eq!(read(&with_numbers(&[(0, 0), (65_535, 3)])).unwrap().rows.len(), 65_536);
    assert_eq!(read(&with_numbers(&[(0, 0), (0, 255)])).unwrap().width, 256);
}
