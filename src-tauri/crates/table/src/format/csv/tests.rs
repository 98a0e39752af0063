use crate::format::quoting::write_cell;
use std::ops::Range;

use super::scan::{Source, parts, scan_parts};
use super::*;
use proptest::prelude::*;

fn rows(text: &str, delimiter: u8) -> Vec<Vec<String>> {
    rows_quoted(text, delimiter, Quoting::default())
}

fn rows_quoted(text: &str, delimiter: u8, quoting: Quoting) -> Vec<Vec<String>> {
    let places = scan(text, delimiter, quoting, &mut |_| true).expect("short texts are read");
    let value = |raw| quoting.value(raw);
    (0..places.records())
        .map(|r| {
            (0..places.cells(r))
                .map(|c| value(places.raw(text, r, c).expect("within the record")).into_owned())
                .collect()
        })
        .collect()
}

fn csv_crate_rows(text: &str, delimiter: u8) -> Vec<Vec<String>> {
    ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes())
        .records()
        .map(|r| r.expect("valid text").iter().map(String::from).collect())
        .collect()
}

fn is_blank_line(row: &[String]) -> bool {
    row.len() == 1 && row[0].is_empty()
}

fn agrees(text: &str, delimiter: u8) {
    let ours: Vec<_> = rows(text, delimiter).into_iter().filter(|r| !is_blank_line(r)).collect();
    let theirs: Vec<_> =
        csv_crate_rows(text, delimiter).into_iter().filter(|r| !is_blank_line(r)).collect();
    assert_eq!(ours, theirs, "{text:?}");
}

#[test]
fn quotes_breaks_and_ragged_rows_are_read_as_the_csv_crate_reads_them() {
    for text in [
        "",
        "a",
        "a,b\nc,d",
        "a,b\r\nc\r\n",
        "\"a\"\"b\",c\n",
        "\"a\nb\",c\r",
        "a\"b,c\"\n\"x\"y,z",
        "\"open,\n",
        "\n\n,\n",
        "\"\"\n",
        "a,\"",
        ",,,\r\n\r\nb",
        "\"a\"\r\n\"b\"",
        "\"\"\"\",\"\"\"\"\"\"",
    ] {
        agrees(text, b',');
    }
}

#[test]
fn records_put_together_are_the_text() {
    let text = "a,b\r\n\"x\ny\",z\n\nlast";
    let places = scan(text, b',', Quoting::default(), &mut |_| true).expect("read");
    let again: String = (0..places.records()).map(|r| places.record(text, r)).collect();
    assert_eq!(again, text);
    let of: Vec<_> = (0..places.records()).map(|r| places.line(r)).collect();
    assert_eq!(of, [1, 2, 4, 5]);
}

proptest! {
    #[test]
    fn arbitrary_text_is_read_as_the_csv_crate_reads_it(text in "[a;,\"\r\n é]{0,200}") {
        agrees(&text, b',');
        agrees(&text, b';');
    }

    #[test]
    fn parts_that_are_scanned_at_once_are_as_one(
        text in "[a,'\"\\\\\r\n é]{0,300}",
        mark in prop::sample::select(vec![None, Some(b'"'), Some(b'\'')]),
        escape: bool,
        threads in 1usize..5,
    ) {
        let quoting = Quoting { mark, escape };
        let all = Source { bytes: text.as_bytes(), delimiter: b',', quoting };
        let scanned = |parts: &[Range<usize>]| {
            scan_parts(all, parts, &mut |_| true).expect("nothing stops it")
        };
        let parts = parts(text.as_bytes(), threads, 8);
        let whole = 0..text.len();
        prop_assert_eq!(scanned(&parts), scanned(std::slice::from_ref(&whole)));
    }

    #[test]
    fn a_written_cell_reads_back(
        cells in prop::collection::vec("[a;,'\"\\\\\r\n éN]{1,40}", 1..4),
        quoted: bool,
        mark in prop::sample::select(vec![b'"', b'\'']),
        escape: bool,
    ) {
        let quoting = Quoting { mark: Some(mark), escape };
        let dialect = Dialect { delimiter: b';', line_end: LineEnd::Lf, mixed: false, always_quoted: false, quoting };
        let mut text = String::new();
        for (n, cell) in cells.iter().enumerate() {
            if n > 0 {
                text.push(';');
            }
            write_cell(&mut text, cell, &dialect, quoted);
        }
        prop_assert_eq!(rows_quoted(&text, b';', quoting), vec![cells]);
    }

    #[test]
    fn nothing_is_lost_however_it_is_quoted(
        text in "[a,'\"\\\\\r\n é]{0,200}",
        mark in prop::sample::select(vec![None, Some(b'"'), Some(b'\'')]),
        escape: bool,
    ) {
        let quoting = Quoting { mark, escape };
        let places = scan(&text, b',', quoting, &mut |_| true).expect("read");
        let again: String = (0..places.records()).map(|r| places.record(&text, r)).collect();
        prop_assert_eq!(again, text);
    }
}

#[test]
fn backslashes_hold_cells_together_where_they_are_asked_to() {
    let text = "u1,\"Ada \\\"Addie\\\" Berg\",Sales\\, EMEA,C:\\Users\nu2,Bo,\\N,a\\\nb\n";
    let escaped = Quoting { mark: Some(b'"'), escape: true };
    assert_eq!(
        rows_quoted(text, b',', escaped),
        [["u1", "Ada \"Addie\" Berg", "Sales, EMEA", "C:\\Users"], ["u2", "Bo", "\\N", "a\nb"]]
    );
}

#[test]
fn quotes_out_of_their_place_are_remembered_by_record() {
    let odd = |text: &str| {
        let places = scan(text, b',', Quoting::default(), &mut |_| true).expect("read");
        places.odd().to_vec()
    };
    assert_eq!(odd("a,\"b\"\"c\",d\r\n\"x\ny\",\"\"\n\"\"\n"), [] as [u32; 0]);
    assert_eq!(odd("a\n1,\"b\" c\n5\" x\n\"y\n"), [1, 2, 3]);
    assert_eq!(odd("a,\""), [0]);
}
