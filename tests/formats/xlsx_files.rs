//! XLSX files made by other writers.

use std::path::Path;

use calamine::{Data, Reader};
use muster_table::format::xlsx::{self, Kind, NoteKind, Sheet};

pub fn file(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/formats/workbooks");
    std::fs::read(folder.join(name)).unwrap()
}

pub fn sheet(name: &str, wanted: Option<&str>) -> Sheet {
    let bytes = file(name);
    xlsx::read(&bytes, xlsx::kind_of(&bytes).unwrap(), wanted, &|_, _| true).unwrap()
}

pub fn rows(sheet: &Sheet) -> Vec<Vec<String>> {
    (0..sheet.rows.len()).map(|row| sheet.cells(row).map(str::to_owned).collect()).collect()
}

/// `B2 Formula`, by row number and column letter.
pub fn notes(sheet: &Sheet) -> Vec<String> {
    let name = |column: u32| char::from(b'A' + column as u8);
    sheet
        .notes
        .iter()
        .map(|n| format!("{}{} {:?}", name(n.column), sheet.rows[n.row as usize].number, n.kind))
        .collect()
}

#[test]
fn text_stays_verbatim_and_numbers_read_as_shown() {
    let sheet = sheet("roster.xlsx", None);
    assert_eq!(sheet.name, "People");
    assert_eq!(sheet.sheets, ["People"]);
    assert_eq!(
        rows(&sheet),
        [
            ["Username", "Name", "Number", "Start", "Seen", "Active", "Points", "Team"],
            [
                "ada@example.com",
                " Ada  Example ",
                "000417",
                "2024-03-01",
                "2024-03-01T08:30:00",
                "TRUE",
                "12000000",
                "Sales North"
            ],
            ["ben@example.com", "Ben Exämple ✓", "000018", "", "", "FALSE", "0.1", "#REF!"],
            ["cleo@example.com", "Cleo\nof the _x0041_ line & <co>", "", "", "", "", "", "Support"],
            ["", "", "", "", "", "", "", ""],
            ["dai@example.com", "Dai Example", "", "", "", "", "2", "Support"],
            ["", "", "", "", "", "", "", ""],
            ["", "", "", "", "", "", "", ""],
            ["Exported by nobody", "", "", "", "", "", "", ""],
        ]
    );
    let numbers: Vec<u32> = sheet.rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
}

#[test]
fn every_cell_that_is_our_reading_has_a_note() {
    assert_eq!(
        notes(&sheet("roster.xlsx", None)),
        [
            "C2 NumberShown",
            "D2 NumberShown",
            "E2 NumberShown",
            "F2 NumberShown",
            "G2 NumberShown",
            "H2 Formula",
            "F3 NumberShown",
            "G3 NumberShown",
            "H3 FormulaError",
            "G6 Formula",
        ]
    );
}

#[test]
fn what_a_sheet_hides_is_told() {
    let sheet = sheet("roster.xlsx", None);
    assert_eq!(
        sheet.remarks,
        [
            "2 hidden rows were read too (lines 4, 6)",
            "1 hidden column was read too (G)",
            "1 range of cells is merged (A9:C9); only the first cell holds a text",
            "The sheet `Lists` is hidden in the workbook",
        ]
    );
    let hidden: Vec<bool> = sheet.rows.iter().map(|row| row.hidden).collect();
    assert_eq!(hidden, [false, false, false, true, false, true, false, false, false]);
}

#[test]
fn a_hidden_sheet_can_be_asked_for() {
    let sheet = sheet("roster.xlsx", Some("Lists"));
    assert_eq!(rows(&sheet), [["Sales North"], ["Support"]]);
}

#[test]
fn a_formula_without_a_saved_value_is_told() {
    let sheet = sheet("openpyxl.xlsx", None);
    assert_eq!(sheet.sheets, ["Übersicht", "Wide"]);
    assert_eq!(rows(&sheet)[1..], [["ada@example.com", ""], ["ben@example.com", "2024-02-29"]]);
    assert_eq!(notes(&sheet), ["B2 FormulaUnknown", "B3 NumberShown"]);
    assert_eq!(
        sheet.remarks,
        [
            "1 formula has no saved value and was read as blank (B2). Open the file in Excel, save it, and open it here again"
        ]
    );
}

#[test]
fn three_hundred_columns_are_read() {
    let sheet = sheet("openpyxl.xlsx", Some("Wide"));
    assert_eq!(sheet.width, 300);
    assert_eq!(sheet.cell(2, 299), "r3c300");
}

#[test]
fn days_counted_from_1904_are_the_same_days() {
    assert_eq!(rows(&sheet("from-1904.xlsx", None)), [["Start"], ["2024-03-01"]]);
}

/// calamine reads the same texts and numbers where it says anything about them.
#[test]
fn calamine_agrees() {
    for name in ["roster.xlsx", "openpyxl.xlsx", "from-1904.xlsx"] {
        let bytes = file(name);
        let mut book = calamine::Xlsx::new(std::io::Cursor::new(&bytes)).unwrap();
        for tab in book.sheet_names() {
            let theirs = book.worksheet_range(&tab).unwrap();
            let ours = sheet(name, Some(&tab));
            for (row, column, value) in theirs.used_cells() {
                let ours = ours.cell(row, column);
                match value {
                    Data::String(text) => assert_eq!(ours, text, "{name} {tab} {row} {column}"),
                    Data::Int(number) => assert_eq!(ours.parse::<i64>().unwrap(), *number),
                    Data::Float(number) => assert_eq!(ours.parse::<f64>().unwrap(), *number),
                    Data::Bool(yes) => assert_eq!(ours, if *yes { "TRUE" } else { "FALSE" }),
                    Data::DateTime(when) => {
                        let (year, month, day, ..) = when.to_ymd_hms_milli();
                        assert!(
                            ours.starts_with(&format!("{year:04}-{month:02}-{day:02}")),
                            "{ours}"
                        );
                    }
                    Data::DateTimeIso(_) | Data::DurationIso(_) | Data::Error(_) | Data::Empty => {}
                }
            }
        }
    }
}

#[test]
fn the_first_bytes_tell_what_a_file_is() {
    assert_eq!(xlsx::kind_of(&file("roster.xlsx")), Some(Kind::Xlsx));
    assert_eq!(xlsx::kind_of(&file("roster.xls")), Some(Kind::Xls));
    assert_eq!(xlsx::kind_of(b"Username,Name\n"), None);
    assert_eq!(xlsx::kind_of(b""), None);
}

#[test]
fn no_note_stands_outside_the_sheet() {
    let sheet = sheet("roster.xlsx", None);
    assert!(
        sheet.notes.iter().all(|n| n.column < sheet.width && (n.row as usize) < sheet.rows.len())
    );
    assert!(sheet.notes.iter().any(|n| n.kind == NoteKind::Formula));
    assert_eq!(sheet.cell(99, 0), "");
    assert_eq!(sheet.cells(99).count(), 0);
}
