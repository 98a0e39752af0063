//! Workbooks that are damaged, protected, something else, or lie about their size.

use std::io::{Cursor, Write};

use muster_table::error::{Failure, FailureKind};
use muster_table::format::xlsx::{self, Kind, Limits, Sheet};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::xlsx_files::{file, rows};

fn read(bytes: &[u8]) -> Result<Sheet, Failure> {
    xlsx::read(bytes, Kind::Xlsx, None, &|_, _| true)
}

/// What is said, without the advice.
fn refusal(bytes: &[u8]) -> String {
    let failure = read(bytes).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Format);
    assert!(!failure.hint.is_empty(), "no advice: {failure}");
    format!("{}: {}", failure.what, failure.why)
}

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const BOOK: &[u8] = br#"<workbook xmlns:r="r"><sheets><sheet name="People" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const RELATIONS: &[u8] = br#"<Relationships>
    <Relationship Id="rId1" Type="http://example.com/worksheet" Target="worksheets/sheet1.xml"/>
    <Relationship Id="rId2" Type="http://example.com/sharedStrings" Target="sharedStrings.xml"/>
</Relationships>"#;

/// A workbook of one sheet with these rows.
fn book(rows: &str, strings: &[u8]) -> Vec<u8> {
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    zipped(&[
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ("xl/sharedStrings.xml", strings),
    ])
}

#[test]
fn places_may_be_left_out() {
    let bytes = book(
        r#"<row><c t="inlineStr"><is><t>a</t></is></c><c/><c t="str"><v>b</v></c></row><row r="3"><c r="B3"><v>1</v></c></row>"#,
        b"<sst/>",
    );
    assert_eq!(rows(&read(&bytes).unwrap()), [["a", "", "b"], ["", "", ""], ["", "1", ""]]);
}

#[test]
fn names_may_have_a_prefix() {
    let sheet = br#"<x:worksheet xmlns:x="x"><x:sheetData><x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c></x:row></x:sheetData>
        <x:controls><x:anchor><row>1</row></x:anchor></x:controls></x:worksheet>"#;
    let bytes = zipped(&[
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("XL\\Worksheets\\Sheet1.xml", sheet),
        ("xl/sharedStrings.xml", br#"<sst><si><r><t>A</t></r><rPh><t>x</t></rPh> <r><t xml:space="preserve"> &#66;&amp;_x000D_</t></r></si></sst>"#),
    ]);
    assert_eq!(rows(&read(&bytes).unwrap()), [["A B&\r"]]);
}

#[test]
fn a_workbook_with_a_password_says_how_to_open_it() {
    let failure = xlsx::read(&file("password.xlsx"), Kind::Xls, None, &|_, _| true).unwrap_err();
    assert_eq!(failure.why, "it is protected with a password");
    assert!(failure.hint.contains("remove the password"));
}

#[test]
fn a_workbook_without_sheets_is_refused() {
    let no_sheet = zipped(&[("xl/workbook.xml", b"<workbook><sheets/></workbook>")]);
    for bytes in [no_sheet, file("charts-only.xlsx")] {
        assert_eq!(
            refusal(&bytes),
            "The XLSX file could not be read: there is no sheet with cells in it"
        );
    }
}

#[test]
fn a_sheet_that_is_not_there_names_those_that_are() {
    let failure =
        xlsx::read(&file("openpyxl.xlsx"), Kind::Xlsx, Some("Wise"), &|_, _| true).unwrap_err();
    assert_eq!(failure.why, "it has no sheet `Wise`");
    assert_eq!(failure.hint, "It has `Übersicht`, `Wide`. Choose one of them.");
}

#[test]
fn other_archives_are_told_apart() {
    let say =
        |parts: &[(&str, &[u8])]| refusal(&zipped(parts)).split(": ").nth(1).unwrap().to_owned();
    assert_eq!(say(&[("xl/workbook.bin", b"")]), "it is a binary Excel workbook (.xlsb)");
    let text = b"application/vnd.oasis.opendocument.text";
    assert_eq!(
        say(&[("mimetype", text), ("content.xml", b"")]),
        "it is an OpenDocument file, but not a spreadsheet"
    );
    assert_eq!(
        say(&[("Index/Document.iwa", b"")]),
        "it is a document of Apple Numbers, Pages or Keynote"
    );
    assert_eq!(
        say(&[("word/document.xml", b"")]),
        "it is a Word or PowerPoint file, not a workbook"
    );
    assert_eq!(say(&[("roster.csv", b"a,b")]), "it is a ZIP archive, not a workbook");
    assert_eq!(say(&[]), "it is an empty archive");
}

#[test]
fn a_file_cut_off_anywhere_is_refused_and_never_panics() {
    for name in ["roster.xlsx", "openpyxl.xlsx"] {
        let whole = file(name);
        for length in (4..whole.len()).step_by(97) {
            assert!(refusal(&whole[..length]).contains("damaged"), "{name} cut at {length}");
        }
    }
}

#[test]
fn a_file_with_a_wrong_byte_never_panics() {
    let whole = file("roster.xlsx");
    for place in (0..whole.len()).step_by(7) {
        let mut bytes = whole.clone();
        bytes[place] ^= 0x55;
        // Not every byte matters; a failure must be one of ours.
        if let Err(failure) = read(&bytes) {
            assert_eq!(failure.kind, FailureKind::Format, "{failure}");
        }
    }
}

#[test]
fn xml_that_makes_no_sense_is_refused() {
    for (rows, say) in [
        (r#"<row r="2"><c><v>1</v></c></row><row r="1"/>"#, "row 1 comes after row 2"),
        (r#"<row r="4000000000"/>"#, "it has a row 4000000000"),
        (r#"<row r="0"/>"#, "it has a row 0"),
        (r#"<row r="x"/>"#, "it has a row `x`"),
        (
            r#"<row><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>"#,
            "the cells of row 1 are out of order",
        ),
        (r#"<row><c r="ZZZZ1"><v>1</v></c></row>"#, "row 1 has a column 475254"),
        (r#"<row><c r="1"><v>1</v></c></row>"#, "it has a cell `1`"),
        (r#"<row><c t="s"><v>7</v></c></row>"#, "a cell refers to a text that is not there"),
        (
            r#"<row><c t="inlineStr"><is><t>&company;</t></is></c></row>"#,
            "unknown entity `&company;`",
        ),
        ("<row><c>", "ill-formed"),
    ] {
        let said = refusal(&book(rows, b"<sst/>"));
        assert!(said.contains(say), "{said}");
    }
}

#[test]
fn a_bomb_is_refused_by_what_its_directory_says() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [("xl/workbook.xml", BOOK), ("xl/_rels/workbook.xml.rels", RELATIONS)] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text).unwrap();
    }
    zip.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default()).unwrap();
    zip.write_all(b"<worksheet><sheetData>").unwrap();
    let rows = b"<row><c><v>1</v></c></row>".repeat(40_000);
    for _ in 0..10 {
        zip.write_all(&rows).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    let limits = Limits { unpacked: 5_000_000, ..Limits::default() };
    let failure = xlsx::read_within(&bytes, Kind::Xlsx, None, &limits, &|_, _| true).unwrap_err();
    assert_eq!(failure.why, "it would unpack to 10.4 MB; the limit is 5.0 MB");

    // The same, with a directory that claims a hundred bytes.
    let mut lying = bytes.clone();
    let real = 10_400_022_u32.to_le_bytes();
    let places: Vec<usize> =
        lying.windows(4).enumerate().filter(|(_, w)| *w == real).map(|(at, _)| at).collect();
    assert!(!places.is_empty());
    for at in places {
        lying[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    let failure = xlsx::read_within(&lying, Kind::Xlsx, None, &limits, &|_, _| true).unwrap_err();
    assert!(
        failure.why.contains("unpacks to more than the limit of 5.0 MB")
            || failure.why.contains("damaged"),
        "{failure}"
    );
}

#[test]
fn a_cell_of_five_megabytes_is_read_and_a_larger_one_refused() {
    let cell = |length: usize| {
        let text = "x".repeat(length);
        book(&format!(r#"<row><c t="inlineStr"><is><t>{text}</t></is></c></row>"#), b"<sst/>")
    };
    assert_eq!(read(&cell(5_000_000)).unwrap().cell(0, 0).len(), 5_000_000);
    let said = refusal(&cell(20_000_000));
    assert!(said.contains("one of its cells holds more than the limit of 16.8 MB"), "{said}");

    // In pieces, each of them small.
    let runs = "<r><t>&#120;xxxxxxxxxxxxxxx</t></r>".repeat(1_100_000);
    let said = refusal(&book("", format!("<sst><si>{runs}</si></sst>").as_bytes()));
    assert!(said.contains("one of its cells holds more than"), "{said}");
}

#[test]
fn a_small_file_cannot_become_a_huge_table() {
    // A long text that many cells share.
    let strings = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(1_000_000));
    let shared = r#"<row><c t="s"><v>0</v></c></row>"#.repeat(2_000);
    let said = refusal(&book(&shared, strings.as_bytes()));
    assert!(said.contains("the texts of the sheet are longer than the limit of "), "{said}");

    // Rows that only have their last column.
    let wide: String =
        (1..8_000).map(|r| format!(r#"<row r="{r}"><c r="XFD{r}"><v>1</v></c></row>"#)).collect();
    let said = refusal(&book(&wide, b"<sst/>"));
    assert!(said.contains("the sheet has more than "), "{said}");
}

#[test]
fn reading_can_be_stopped() {
    let bytes = book(&"<row><c><v>1</v></c></row>".repeat(100_000), b"<sst/>");
    let failure = xlsx::read(&bytes, Kind::Xlsx, None, &|done, of| {
        assert!(done <= of);
        false
    });
    assert_eq!(failure.unwrap_err().kind, FailureKind::Cancelled);
}

/// What a small file claims is counted before memory is taken for it: the table is as large as its last row and column.
#[test]
fn a_few_cells_far_apart_are_refused_by_the_table_that_they_would_make() {
    let far = |row: &str, column: &str| {
        let rows = format!(
            r#"<row r="1"><c r="A1"><v>1</v></c><c r="{column}1"><v>2</v></c></row><row r="{row}"><c r="A{row}"><v>3</v></c></row>"#
        );
        book(&rows, b"<sst/>")
    };
    let said = refusal(&far("1048576", "XFD"));
    assert!(said.contains("XFD1048576") && said.contains("17,179,869,184 cells"), "{said}");
    assert!(refusal(&far("1048576", "Z")).contains("Z1048576"));
    // One cell far down or far right is somebody's slip, and is read.
    assert_eq!(read(&far("1048576", "B")).unwrap().rows.len(), 1_048_576);
    assert_eq!(read(&far("3", "XFD")).unwrap().width, 16_384);
}
