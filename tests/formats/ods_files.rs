//! OpenDocument spreadsheets, as odfpy and LibreOffice write them, and as nobody should.

use std::io::{Cursor, Write};

use muster_table::error::{Failure, FailureKind};
use muster_table::format::xlsx::{self, Kind, Limits, Sheet};
use muster_table::reading::{ReadAs, about, read_bytes};
use proptest::prelude::*;

use crate::xlsx_files::{file, notes, rows, sheet};

const KIND: &str = "application/vnd.oasis.opendocument.spreadsheet";

fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let packed = zip::write::SimpleFileOptions::default();
    for (name, text) in parts {
        zip.start_file(*name, if *name == "mimetype" { stored } else { packed }).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A file as LibreOffice writes it, with these tables.
fn document(tables: &str) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="b" xmlns:style="s" xmlns:calcext="c" xmlns:draw="d" office:version="1.3"><office:scripts/><office:automatic-styles><style:style style:name="ta1" style:family="table"><style:table-properties table:display="true"/></style:style><style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"><style:none/></style:table-properties></style:style></office:automatic-styles><office:body><office:spreadsheet><table:calculation-settings/>{tables}<table:named-expressions/></office:spreadsheet></office:body></office:document-content>"#
    );
    zipped(&[("mimetype", KIND), ("content.xml", &content)])
}

fn one_table(rows: &str) -> Vec<u8> {
    document(&format!(
        r#"<table:table table:name="People" table:style-name="ta1">{rows}</table:table>"#
    ))
}

fn read(bytes: &[u8]) -> Result<Sheet, Failure> {
    assert_eq!(xlsx::kind_of(bytes), Some(Kind::Ods));
    xlsx::read(bytes, Kind::Ods, None, &|_, _| true)
}

/// The texts of one row of cells, written so.
fn cells(xml: &str) -> Vec<String> {
    let sheet = read(&one_table(&format!("<table:table-row>{xml}</table:table-row>"))).unwrap();
    sheet.cells(0).map(str::to_owned).collect()
}

fn text(xml: &str) -> String {
    let cell = format!(r#"<table:table-cell office:value-type="string">{xml}</table:table-cell>"#);
    cells(&cell).first().cloned().unwrap_or_default()
}

fn number(value: &str, shown: &str) -> String {
    cells(&format!(
        r#"<table:table-cell office:value-type="float" office:value="{value}" calcext:value-type="float"><text:p>{shown}</text:p></table:table-cell>"#
    ))
    .remove(0)
}

#[test]
fn it_reads_like_a_workbook_of_excel() {
    let sheet = sheet("roster.ods", None);
    assert_eq!(
        (sheet.name.as_str(), sheet.sheets.as_slice()),
        ("Leute", ["Leute".to_owned()].as_slice())
    );
    assert_eq!(
        rows(&sheet),
        [
            ["Username", "Name", "Number", "Start", "Active", "Points", "Share", "Team"],
            [
                "ada@example.com",
                " Ada  Exämple ✓",
                "000417",
                "2024-03-01",
                "TRUE",
                "12000000",
                "0.125",
                "2"
            ],
            ["ben@example.com", "", "000018", "2024-03-01T12:00:00", "", "", "08:30:00", "Err:502"],
            ["", "", "", "", "", "", "", ""],
            ["", "", "", "", "", "", "", ""],
            ["cleo@example.com", "Cleo\nExample", "000-00-0018", "", "", "", "", ""],
            ["same", "same", "", "", "", "", "", ""],
            ["same", "same", "", "", "", "", "", ""],
            ["Exported by nobody", "", "", "", "", "", "", ""],
        ]
    );
    assert_eq!(
        notes(&sheet),
        [
            "C2 NumberShown",
            "D2 NumberShown",
            "E2 NumberShown",
            "F2 NumberShown",
            "G2 NumberShown",
            "H2 Formula",
            "D3 NumberShown",
            "G3 NumberShown",
            "H3 FormulaError",
            "C6 NumberShown",
        ]
    );
    assert_eq!(
        sheet.remarks,
        [
            "1 hidden row was read too (line 3)",
            "1 hidden column was read too (E)",
            "1 range of cells is merged (A9:C9); only the first cell holds a text",
            "The sheet `Lists` is hidden in the workbook",
        ]
    );
}

#[test]
fn a_hidden_sheet_can_be_asked_for_and_a_sheet_that_is_not_there_names_those_that_are() {
    assert_eq!(rows(&sheet("roster.ods", Some("Lists"))), [["Support"]]);
    let failure =
        xlsx::read(&file("roster.ods"), Kind::Ods, Some("Staff"), &|_, _| true).unwrap_err();
    assert_eq!(failure.what, "The ODS file could not be read");
    assert_eq!(failure.hint, "It has `Leute`. Choose one of them.");
    let all_hidden = document(
        r#"<table:table table:name="A" table:style-name="ta2"><table:table-row><table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell></table:table-row></table:table>"#,
    );
    assert_eq!(rows(&read(&all_hidden).unwrap()), [["a"]]);
}

#[test]
fn it_is_opened_as_a_list() {
    let read = read_bytes(file("roster.ods"), "staff.ods", &ReadAs::default(), &|_| true).unwrap();
    assert_eq!(about(&read.reading), "ODS, sheet `Leute`");
    assert_eq!((read.table.names()[0].as_str(), read.table.len()), ("Username", 8));
}

#[test]
fn numbers_keep_the_zeros_that_are_shown_and_nothing_of_a_countrys_way() {
    assert_eq!(number("417", "000417"), "000417");
    assert_eq!(number("178051120", "178-05-1120"), "178-05-1120");
    assert_eq!(number("42", "EMP0042"), "EMP0042");
    assert_eq!(number("0", "0000"), "0000");
    for (value, shown) in [
        ("1234", "1.234"),
        ("1234", "1,234"),
        ("1234", "1 234"),
        ("1234", "1\u{202F}234"),
        ("1234", "1'234"),
        ("12", "12 years"),
        ("12", "12kg"),
        ("12", "€ 12"),
        ("12", "1,2E+01"),
        ("1999", "###"),
        ("12", "12,00"),
    ] {
        assert_eq!(number(value, shown), value, "{shown}");
    }
    assert_eq!(number("0.1", "0,10"), "0.1");
    assert_eq!(number("-5", "-005"), "-5");
    assert_eq!(number("1E+021", "1E21"), "1000000000000000000000");
}

#[test]
fn texts_are_as_they_are_shown() {
    assert_eq!(text("<text:p>00417</text:p>"), "00417");
    assert_eq!(
        text("<text:p>a<text:s/>b<text:s text:c=\"2\"/>c<text:tab/>d<text:line-break/>e</text:p>"),
        "a b  c\td\ne"
    );
    assert_eq!(text("<text:p>one</text:p><text:p/><text:p>three</text:p>"), "one\n\nthree");
    assert_eq!(text("<text:p>\n   a\n   <text:span>b</text:span>\n  </text:p>"), "a b");
    assert_eq!(text("<text:p>ends so </text:p>"), "ends so ");
    assert_eq!(
        text("<text:p>Fo &amp; &#x1F600; <text:a>x@example.com</text:a></text:p>"),
        "Fo & 😀 x@example.com"
    );
    assert_eq!(
        text(
            "<office:annotation><text:p>a comment</text:p></office:annotation><text:p>a</text:p><draw:frame><draw:text-box><text:p>drawn</text:p></draw:text-box></draw:frame>"
        ),
        "a"
    );
    assert_eq!(
        cells(r#"<table:table-cell office:value-type="string" office:string-value="kept"/>"#),
        ["kept"]
    );
}

#[test]
fn what_was_deleted_and_what_is_elsewhere_is_no_part_of_the_list() {
    let bytes = document(
        r#"<table:tracked-changes><table:deletion><table:table-row><table:table-cell office:value-type="string"><text:p>gone</text:p></table:table-cell></table:table-row></table:deletion></table:tracked-changes><table:dde-links><table:dde-link><table:table><table:table-row/></table:table></table:dde-link></table:dde-links><table:table table:name="People" table:style-name="ta1"><table:shapes><draw:frame><text:p>a picture</text:p></draw:frame></table:shapes><table:table-column table:number-columns-repeated="16384"/><table:table-header-rows><table:table-row><table:table-cell office:value-type="string"><text:p>Name</text:p></table:table-cell></table:table-row></table:table-header-rows><table:table-row-group><table:table-row><table:table-cell office:value-type="string"><text:p>Ada</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16383"/></table:table-row></table:table-row-group><table:table-row table:number-rows-repeated="1048574"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>"#,
    );
    let sheet = read(&bytes).unwrap();
    assert_eq!(
        (rows(&sheet), sheet.sheets),
        (vec![vec!["Name".to_owned()], vec!["Ada".to_owned()]], vec!["People".to_owned()])
    );
}

#[test]
fn a_formula_that_was_never_worked_out_is_told() {
    let sheet = read(&one_table(r#"<table:table-row><table:table-cell table:formula="of:=A2"/><table:table-cell table:formula="of:=&quot;&quot;" office:value-type="string"><text:p/></table:table-cell></table:table-row>"#)).unwrap();
    assert_eq!(notes(&sheet), ["A1 FormulaUnknown", "B1 Formula"]);
    assert!(sheet.remarks[0].contains("1 formula has no saved value"), "{:?}", sheet.remarks);
}

#[test]
fn a_small_file_cannot_become_a_huge_table() {
    let cell = |times: u64| {
        format!(
            r#"<table:table-cell office:value-type="string" table:number-columns-repeated="{times}"><text:p>{}</text:p></table:table-cell>"#,
            "x".repeat(40)
        )
    };
    let rows = |rows: u64, columns: u64| {
        one_table(&format!(
            r#"<table:table-row table:number-rows-repeated="{rows}">{}</table:table-row>"#,
            cell(columns)
        ))
    };
    let why = |bytes: &[u8]| read(bytes).unwrap_err().why;
    let few = Limits { cells: 100_000, ..Limits::default() };
    let failure =
        xlsx::read_within(&rows(1_000_000, 100), Kind::Ods, None, &few, &|_, _| true).unwrap_err();
    assert_eq!(failure.why, "the sheet has more than 100000 cells, which is the limit");
    assert!(why(&rows(1, 4_000_000_000)).contains("column"), "wider than any sheet");
    assert!(why(&rows(4_000_000_000, 1)).contains("row"), "longer than any sheet");
    let limits = Limits { unpacked: 500, ..Limits::default() };
    let failure =
        xlsx::read_within(&rows(1, 1), Kind::Ods, None, &limits, &|_, _| true).unwrap_err();
    assert!(failure.why.contains("it would unpack to"), "{failure}");
    let long = format!("<text:p>{}</text:p>", r#"<text:s text:c="32767"/>"#.repeat(600));
    let long = one_table(&format!(
        "<table:table-row><table:table-cell>{long}</table:table-cell></table:table-row>"
    ));
    assert!(why(&long).contains("one of its cells holds more"), "one cell");
}

#[test]
fn files_that_are_none_are_refused_with_a_sentence() {
    let locked = zipped(&[
        ("mimetype", KIND),
        ("META-INF/manifest.xml", "<manifest:encryption-data/>"),
        ("content.xml", "\u{1}\u{2}"),
    ]);
    assert_eq!(read(&locked).unwrap_err().why, "it is protected with a password");
    assert!(
        read(&zipped(&[("mimetype", KIND)])).unwrap_err().why.contains("its content is missing")
    );
    assert!(read(&document("")).unwrap_err().why.contains("there is no sheet with cells in it"));
    let late = zipped(&[("content.xml", "<a/>"), ("mimetype", KIND)]);
    assert_eq!(xlsx::kind_of(&late), Some(Kind::Ods), "the first entry need not be the one");
    let stopped = xlsx::read(&file("roster.xlsx"), Kind::Ods, None, &|_, _| true).unwrap_err();
    assert!(stopped.what.contains("ODS"));
}

#[test]
fn a_file_cut_off_or_with_a_wrong_byte_never_ends_the_program() {
    let whole = file("roster.ods");
    for length in 4..whole.len() {
        let failure = xlsx::read(&whole[..length], Kind::Ods, None, &|_, _| true).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Format, "{failure}");
    }
    for place in 0..whole.len() {
        for flip in [0xFF, 0x01] {
            let mut bytes = whole.clone();
            bytes[place] ^= flip;
            if let Err(failure) = xlsx::read(&bytes, Kind::Ods, None, &|_, _| true) {
                assert_eq!(failure.kind, FailureKind::Format, "{failure}");
            }
        }
    }
    // In the XML itself, where the archive's own sums do not watch.
    let content = r#"<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="float" office:value="417"><text:p>000417</text:p></table:table-cell></table:table-row>"#;
    for place in 0..content.len() {
        for letter in ["<", ">", "9999999999", "\"", "&", ""] {
            let mut xml = content.to_owned();
            xml.replace_range(place..=place, letter);
            let _ = read(&one_table(&xml));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn repeats_of_cells_and_rows_say_the_same_as_many_alike(
        table in proptest::collection::vec(
            (proptest::collection::vec(("[a-c]{0,2}", 1_u32..4), 1..5), 1_u32..4), 1..6)
    ) {
        let cell = |text: &str, repeated: u32| {
            let content = if text.is_empty() { String::new() } else { format!("<text:p>{text}</text:p>") };
            format!(r#"<table:table-cell table:number-columns-repeated="{repeated}">{content}</table:table-cell>"#)
        };
        let mut short = String::new();
        let mut long = String::new();
        for (cells, repeated) in &table {
            let row = cells.iter().map(|(text, times)| cell(text, *times)).collect::<String>();
            short += &format!(r#"<table:table-row table:number-rows-repeated="{repeated}">{row}</table:table-row>"#);
            let row = cells.iter().map(|(text, times)| cell(text, 1).repeat(*times as usize)).collect::<String>();
            long += &format!("<table:table-row>{row}</table:table-row>").repeat(*repeated as usize);
        }
        prop_assert_eq!(read(&one_table(&short)).unwrap(), read(&one_table(&long)).unwrap());
    }
}
