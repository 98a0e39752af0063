//! A vendor's own workbook that is filled in: the people are there, and nothing else has changed.

use std::io::{Cursor, Read, Write};

use calamine::Reader;
use muster_table::format::xlsx::fill::{ListPlace, fill};
use muster_table::format::xlsx::{self, Kind, drop_downs};
use proptest::prelude::*;

use crate::xlsx_files::{file, rows};
use crate::xlsx_written::text;

/// The parts of an archive in their order, unpacked, and how each is packed.
fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>, u64)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|index| {
            let mut file = zip.by_index(index).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes, file.compressed_size())
        })
        .collect()
}

fn part(bytes: &[u8], name: &str) -> String {
    let found = parts(bytes).into_iter().find(|(other, ..)| other == name).unwrap();
    String::from_utf8(found.1).unwrap()
}

/// The same workbook with another text in one of its parts.
fn with_part(bytes: &[u8], name: &str, text: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (other, bytes, _) in parts(bytes) {
        zip.start_file(&*other, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(if other == name { text.as_bytes() } else { &bytes }).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A template as vendors make them: a title above the names, drop-downs from another sheet, two made-up people, formats.
fn template() -> Vec<u8> {
    file("vendor.xlsx")
}

const SHEET: &str = "xl/worksheets/sheet1.xml";
const PLACE: ListPlace = ListPlace { sheet: "Users", header: 3, columns: &[0, 1, 2, 3, 5] };

fn fill_with(template: &[u8], people: &[[&str; 5]]) -> Vec<u8> {
    fill(template, &PLACE, people).unwrap()
}

fn read(bytes: &[u8]) -> Vec<Vec<String>> {
    rows(&xlsx::read(bytes, Kind::Xlsx, Some("Users"), &|_, _| true).unwrap())
}

const ADA: [&str; 5] = ["ada@example.com", "Ada", "00417", "2026-12-15", "CA"];
const BO: [&str; 5] = ["bo@example.com", "Bo & <Li>", "", "2026-12-01", ""];

#[test]
fn people_take_the_place_of_those_whom_the_vendor_made_up() {
    let before = read(&template());
    assert_eq!(before[3][0], "jane.doe@example.com");
    let filled = read(&fill_with(&template(), &[ADA, BO]));
    assert_eq!(filled[..3], before[..3], "title, blank line and names");
    let cells = |row: usize| filled[row].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(cells(3), ["ada@example.com", "Ada", "00417", "2026-12-15", "kept", "CA"]);
    assert_eq!(cells(4)[..2], ["bo@example.com", "Bo & <Li>"]);
    assert_eq!(filled.len(), 5);
    // Fewer than the vendor made up: nobody of theirs is left.
    let fewer = read(&fill_with(&template(), &[ADA]));
    assert!(fewer.iter().flatten().all(|cell| !cell.contains("@example.com") || cell == ADA[0]));
    assert!(read(&fill_with(&template(), &[])).iter().flatten().all(|cell| !cell.contains('@')));
}

#[test]
fn every_other_part_lies_packed_as_it_lay() {
    let (before, after) = (parts(&template()), parts(&fill_with(&template(), &[ADA, BO])));
    let names =
        |parts: &[(String, Vec<u8>, u64)]| parts.iter().map(|p| p.0.clone()).collect::<Vec<_>>();
    assert_eq!(names(&before), names(&after));
    for (before, after) in before.iter().zip(&after).filter(|(part, _)| part.0 != SHEET) {
        assert_eq!(before, after);
    }
    // Of the sheet itself, what is above the people and what is about the whole of it.
    let (before, after) =
        (part(&template(), SHEET), part(&fill_with(&template(), &[ADA; 40]), SHEET));
    for kept in [
        "<sheetViews>",
        "<pane ",
        "<cols>",
        "<dataValidations",
        "<conditionalFormatting",
        "<pageMargins",
    ] {
        let from = |xml: &str| {
            let at = xml.find(kept).unwrap_or_else(|| panic!("{kept} is in\n{xml}"));
            xml[at..].split('>').take(3).collect::<Vec<_>>().join(">")
        };
        assert_eq!(from(&before), from(&after));
    }
    let title = |xml: &str| {
        xml[xml.find("<sheetData>").unwrap()..xml.find("<row r=\"4\"").unwrap()].to_owned()
    };
    assert_eq!(title(&before), title(&after));
    assert!(after.contains(r#"<dimension ref="A1:F43"/>"#), "{after}");
    let lists = |bytes: &[u8]| drop_downs::read(bytes, None, &|_, _| true).unwrap();
    assert_eq!(lists(&template()), lists(&fill_with(&template(), &[ADA; 40])));
}

#[test]
fn cells_look_as_the_vendor_prepared_them_and_are_texts() {
    let filled = fill_with(&template(), &[ADA, BO, ADA, ADA]);
    let mut book = calamine::Xlsx::new(Cursor::new(&filled)).unwrap();
    let range = book.worksheet_range("Users").unwrap();
    assert_eq!(range.get_value((3, 2)), Some(&calamine::Data::String("00417".into())));
    assert_eq!(range.get_value((6, 3)), Some(&calamine::Data::String("2026-12-15".into())));
    let xml = part(&filled, SHEET);
    let style = |place: &str| {
        let at = xml.find(&format!("<c r=\"{place}\"")).unwrap();
        xml[at..].split('"').nth(3).unwrap().to_owned()
    };
    let before = part(&template(), SHEET);
    let at = before.find("<c r=\"D4\"").unwrap();
    let vendors = before[at..].split('"').nth(3).unwrap();
    assert_eq!(
        [style("D4"), style("D7")],
        [vendors, vendors],
        "below its rows as in its first one"
    );
}

#[test]
fn what_was_merged_or_linked_among_made_up_people_is_not_on_real_ones() {
    let before = part(&template(), SHEET);
    assert!(
        before.contains("ref=\"A1:D1\"")
            && before.contains("<hyperlink ")
            && before.contains("A5:B5")
    );
    let after = part(&fill_with(&template(), &[ADA, BO]), SHEET);
    assert!(after.contains("<mergeCells><mergeCell ref=\"A1:D1\"/></mergeCells>"), "{after}");
    assert!(!after.contains("hyperlink") && !after.contains("A5:B5"));
}

#[test]
fn names_of_elements_may_have_a_prefix_and_rows_no_number() {
    let plain = part(&template(), SHEET);
    let prefixed = plain
        .replace("xmlns=\"http", "xmlns:x=\"http")
        .replace("</", "</x:")
        .replace('<', "<x:")
        .replace("<x:/x:", "</x:")
        .replace("<x:?xml", "<?xml");
    let bytes = with_part(&template(), SHEET, &prefixed);
    assert_eq!(read(&bytes), read(&template()));
    assert_eq!(read(&fill_with(&bytes, &[ADA, BO])), read(&fill_with(&template(), &[ADA, BO])));
    let unnumbered = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row/><row/><row><c t="inlineStr"><is><t>Email</t></is></c></row><row><c t="inlineStr"><is><t>jane@example.com</t></is></c></row></sheetData></worksheet>"#;
    let bytes = with_part(&template(), SHEET, unnumbered);
    let place = ListPlace { columns: &[0], ..PLACE };
    let filled = fill(&bytes, &place, [["ada@example.com"], ["bo@example.com"]]).unwrap();
    assert_eq!(read(&filled), [["Email"], ["ada@example.com"], ["bo@example.com"]]);
}

#[test]
fn what_cannot_be_filled_in_is_said() {
    let formula =
        part(&template(), SHEET).replace("<c r=\"B4\"", "<c r=\"B4\"><f>A4</f></c><c r=\"ZZ4\"");
    let failure = fill(&with_part(&template(), SHEET, &formula), &PLACE, [ADA]).unwrap_err();
    assert_eq!(failure.why, "there are formulas where the people go (column B)");
    let failure = fill(&template(), &ListPlace { sheet: "Staff", ..PLACE }, [ADA]).unwrap_err();
    assert!(failure.why.contains("no sheet `Staff`"), "{failure}");
    let long = "x".repeat(32_768);
    let failure = fill(&template(), &PLACE, [[long.as_str(); 5]]).unwrap_err();
    assert!(failure.why.contains("the cell A4 has 32768 characters"), "{failure}");
    assert!(fill(b"PK\x03\x04", &PLACE, [ADA]).is_err());
    let nothing = with_part(&template(), SHEET, "<worksheet><sheetData/></worksheet>");
    assert!(fill(&nothing, &PLACE, [ADA]).is_err());
    for broken in ["<worksheet><sheetData><row r=\"3\"><c", "", "<worksheet>"] {
        assert!(fill(&with_part(&template(), SHEET, broken), &PLACE, [ADA]).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn any_text_comes_back_as_it_was(
        people in proptest::collection::vec(proptest::collection::vec(text(), 5), 1..8)
    ) {
        let bytes = fill(&template(), &PLACE, &people).unwrap();
        let sheet = xlsx::read(&bytes, Kind::Xlsx, Some("Users"), &|_, _| true).unwrap();
        for (row, cells) in people.iter().enumerate() {
            for (&column, cell) in PLACE.columns.iter().zip(cells) {
                prop_assert_eq!(sheet.cell(3 + row, column as usize), cell);
            }
        }
    }
}
