//! What we write is what is read back, by us and by calamine, and says nothing of the clock.

use std::io::{Cursor, Read};

use calamine::Reader;
use muster_table::format::xlsx::write::{Making, Mark, report, write};
use muster_table::format::xlsx::{self, Kind, Sheet};
use muster_table::severity::Severity;
use proptest::prelude::*;

use crate::xlsx_files::rows;

const MAKING: Making = Making { sheet: "People", made_at: 1_709_280_000, scratch: None };

fn read(bytes: &[u8], sheet: Option<&str>) -> Sheet {
    xlsx::read(bytes, Kind::Xlsx, sheet, &|_, _| true).unwrap()
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// Texts that a cell may hold, the ugly ones more often than chance would have them.
pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,12}",
        "[ -~\\t\\r\\n]{0,12}",
        Just("00417".to_owned()),
        Just("=1+1".to_owned()),
        Just("_x000D_".to_owned()),
        Just("_x005F_x0041_".to_owned()),
        Just("1E+07".to_owned()),
        Just(" \r\n\t<&>\"' ".to_owned()),
        Just("\u{0}\u{1F}\u{FFFE}\u{10FFFF}é😀".to_owned()),
        proptest::collection::vec(any::<char>(), 0..8)
            .prop_map(|letters| letters.into_iter().collect()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn any_text_comes_back_as_it_was(
        table in (1_usize..6).prop_flat_map(|width| {
            proptest::collection::vec(proptest::collection::vec(text(), width), 1..8)
        })
    ) {
        let width = table[0].len();
        let header: Vec<String> = (0..width).map(|column| format!("Column {column}")).collect();
        let bytes = write(&header, &table, &MAKING).unwrap();
        let sheet = read(&bytes, None);
        prop_assert!(sheet.notes.is_empty());
        prop_assert_eq!(sheet.cells(0).collect::<Vec<_>>(), header);
        for (row, cells) in table.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                prop_assert_eq!(sheet.cell(row + 1, column), cell);
            }
        }
    }
}

#[test]
fn a_roster_is_one_sheet_of_texts_below_frozen_names() {
    let bytes = write(&["Username", "Number"], [["ada@example.com", "00417"]], &MAKING).unwrap();
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(
        sheet.contains(
            r#"<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>"#
        ),
        "{sheet}"
    );
    assert!(part(&bytes, "xl/styles.xml").contains(r#"numFmtId="49""#));
    let mut book = calamine::Xlsx::new(Cursor::new(&bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["People"]);
    let range = book.worksheet_range("People").unwrap();
    assert_eq!(range.get_value((1, 1)).unwrap().to_string(), "00417");
}

#[test]
fn the_same_table_makes_the_same_bytes_whatever_the_time() {
    let make = || write(&["Username"], [["ada@example.com"]], &MAKING).unwrap();
    let first = make();
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    assert_eq!(first, make());
    assert!(part(&first, "docProps/core.xml").contains("2024-03-01T08:00:00Z"));
}

#[test]
fn a_report_colours_and_comments_the_cells() {
    let mark = |row, column, severity, message: &str| Mark {
        row,
        column,
        severity,
        message: message.to_owned(),
    };
    let marks = [
        mark(Some(0), Some(1), Severity::Error, "`Supprt` is not a group"),
        mark(Some(0), Some(1), Severity::Note, "looked up in the snapshot"),
        mark(Some(1), None, Severity::Warning, "the row has 1 cell of 2"),
        mark(Some(1), Some(1), Severity::Warning, "the cell is missing"),
        mark(None, None, Severity::Note, "the file has 2 people"),
    ];
    let rows_given = vec![vec!["ada@example.com", "Supprt"], vec!["ben@example.com"]];
    let bytes = report(&["Username", "Group"], || rows_given.clone(), &marks, &MAKING).unwrap();

    let people = read(&bytes, None);
    assert_eq!(
        rows(&people),
        [["Username", "Group"], ["ada@example.com", "Supprt"], ["ben@example.com", ""]]
    );
    assert_eq!(people.sheets, ["People", "Problems"], "nobody is shown the rows as they were");
    assert_eq!(rows(&read(&bytes, Some("As it was"))), rows(&people));
    let problems = read(&bytes, Some("Problems"));
    assert_eq!(
        rows(&problems),
        [
            ["Severity", "Cell", "Column", "Problem"],
            ["error", "B2", "Group", "`Supprt` is not a group"],
            ["note", "B2", "Group", "looked up in the snapshot"],
            ["warning", "row 3", "", "the row has 1 cell of 2"],
            ["warning", "B3", "Group", "the cell is missing"],
            ["note", "", "", "the file has 2 people"],
        ]
    );

    let comments = part(&bytes, "xl/comments1.xml");
    assert!(
        comments.contains("error: `Supprt` is not a group\nnote: looked up in the snapshot"),
        "{comments}"
    );
    assert!(comments.contains(r#"ref="A3""#) && comments.contains(r#"ref="B3""#));
    let styles = part(&bytes, "xl/styles.xml");
    assert!(styles.contains("FFFFC7CE") && styles.contains("FFFFEB9C"));

    // The cell that is wrong wears the colour, and the one beside it does not.
    let mut book = calamine::Xlsx::new(Cursor::new(&bytes)).unwrap();
    let range = book.worksheet_style("People").unwrap();
    let ground = |row, column| {
        range.get((row, column)).and_then(|s| s.fill.as_ref()?.get_color()).map(|c| c.to_argb())
    };
    assert_eq!(ground(1, 1), Some(0xFFFF_C7CE));
    assert_eq!(ground(2, 1), Some(0xFFFF_EB9C));
    assert_eq!(ground(1, 0), None);
}

#[test]
fn a_report_of_many_findings_is_still_made() {
    let rows: Vec<Vec<String>> = (0..6_000).map(|n| vec![format!("{n:05}")]).collect();
    let marks: Vec<Mark> = (0..6_000)
        .map(|row| Mark {
            row: Some(row),
            column: Some(0),
            severity: Severity::Error,
            message: "wrong".to_owned(),
        })
        .collect();
    let bytes = report(&["Number"], || rows.clone(), &marks, &MAKING).unwrap();
    assert_eq!(read(&bytes, Some("Problems")).rows.len(), 6_001);
    assert_eq!(part(&bytes, "xl/comments1.xml").matches("<comment ").count(), 5_000);
}

#[test]
fn what_a_workbook_cannot_hold_is_said() {
    let long = "x".repeat(32_768);
    let failure = write(&["Name"], [[long]], &MAKING).unwrap_err();
    assert_eq!(failure.why, "the cell A2 has 32768 characters and Excel holds 32767");
    let wide = vec!["x"; 16_385];
    let failure = write(&wide, [["x"]], &MAKING).unwrap_err();
    assert_eq!(failure.why, "a sheet holds 16384 columns and there are more");
    let nowhere = Making { scratch: Some(std::path::Path::new("no/such/folder")), ..MAKING };
    assert_eq!(write(&["Name"], [["x"]], &nowhere).unwrap_err().why, "it does not exist");
}
