//! The beginning of a file says what all of it says, wherever it is cut.

use proptest::prelude::*;

use super::*;
use crate::format::encoding::Encoding;
use crate::format::text::encode;

/// A file, and how it is asked to be read.
#[derive(Debug, Clone)]
struct Written {
    bytes: Vec<u8>,
    asked: ReadAs,
}

/// How lists are written: by this, with or without a mark, told or found out.
const ENCODINGS: [(&str, bool, bool); 8] = [
    ("UTF-8", false, false),
    ("UTF-8", true, false),
    ("UTF-16LE", true, false),
    ("UTF-16BE", true, false),
    ("UTF-16LE", false, false),
    ("IBM850", false, true),
    ("Shift_JIS", false, true),
    ("windows-1252", false, false),
];

/// What stands above the people.
const HEADS: [&str; 4] =
    ["email#name#note", "Staff list\n\nemail#name#note", "sep=#\nemail#name#note", ""];

/// A person's name and what is written beside it, of which some cells need quotes and hold line breaks.
fn people(about: &[(u8, u8)], encoding: &str) -> Vec<[String; 3]> {
    let names = match encoding {
        "Shift_JIS" => ["山田太郎", "表示ソ", "Ada"],
        _ => ["Jörg Müller", "Zoë", "Ada"],
    };
    let notes = [
        "",
        "plain",
        "one, two; three|four",
        "line\nbreak",
        "line\r\nbreak",
        "say \"hi\"",
        "tab\there",
    ];
    let person = |(n, (name, note)): (usize, &(u8, u8))| {
        let name = names[usize::from(*name) % names.len()];
        let note = notes[usize::from(*note) % notes.len()];
        [
            format!("person{n}.with.a.long.address@example.com"),
            format!("{name} {n}"),
            note.to_owned(),
        ]
    };
    about.iter().enumerate().map(person).collect()
}

fn written(
    about: &[(u8, u8)],
    (encoding, bom, is_asked): (&str, bool, bool),
    head: &str,
    delimiter: char,
    line_end: &str,
) -> Written {
    let quoted = |cell: &String| match cell.contains(['"', '\n', '\r', ',', ';', '\t', '|']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.clone(),
    };
    let mut text = head.replace('#', &delimiter.to_string()).replace('\n', line_end);
    if !text.is_empty() {
        text.push_str(line_end);
    }
    for person in people(about, encoding) {
        let cells: Vec<String> = person.iter().map(quoted).collect();
        text.push_str(&cells.join(&delimiter.to_string()));
        text.push_str(line_end);
    }
    let known = Encoding::for_label(encoding).expect("it is known");
    let asked = ReadAs { encoding: is_asked.then(|| encoding.to_owned()), ..ReadAs::default() };
    Written { bytes: encode(&text, known, bom).expect("its letters are known"), asked }
}

fn lists(people: std::ops::Range<usize>) -> impl Strategy<Value = Written> {
    (
        proptest::collection::vec(any::<(u8, u8)>(), people),
        proptest::sample::select(ENCODINGS.to_vec()),
        proptest::sample::select(HEADS.to_vec()),
        proptest::sample::select(vec![',', ';', '\t', '|']),
        proptest::sample::select(vec!["\n", "\r\n", "\r"]),
    )
        .prop_map(|(about, encoding, head, delimiter, line_end)| {
            written(&about, encoding, head, delimiter, line_end)
        })
}

/// Reads the first bytes of a file, and fails unless they say what all say. Answers how many rows that were.
fn said_alike(written: &Written, cut: usize) -> usize {
    let Written { bytes, asked } = written;
    let cut = cut.min(bytes.len());
    let all = read_bytes(bytes.clone(), "staff.csv", asked, &|_| true).expect("it can be read");
    let some = read_beginning(bytes[..cut].to_vec(), bytes.len() as u64, asked);
    let Some(some) = some else { return 0 };
    assert_eq!(some.names(), all.table.names());
    assert_eq!(some.header_line(), all.table.header_line());
    assert_eq!(some.encoding().name(), all.reading.encoding);
    assert!(some.len() <= all.table.len());
    for (row, same) in some.rows().zip(all.table.rows()) {
        assert_eq!(row, same);
        assert_eq!(some.line(row), all.table.line(row));
        assert_eq!(some.row(row), all.table.row(row), "row {row} of {}", some.len());
    }
    some.len()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_first_rows_are_those_of_the_whole_list(list in lists(1200..2400), cut in 0.0..1.1) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of it")]
        said_alike(&list, (list.bytes.len() as f64 * cut) as usize);
    }

    #[test]
    fn whatever_a_file_holds_its_beginning_breaks_nothing(
        bytes in proptest::collection::vec(any::<u8>(), 0..3000),
        text in "[a-z,;\"\n\r\u{e9}\u{4e00}]{0,300}",
        times in 1usize..400,
        more in 0u64..5_000_000,
        label in proptest::option::of("[A-Za-z0-9-]{0,12}"),
        quotes in proptest::option::of(proptest::sample::select(QUOTES.to_vec())),
    ) {
        let asked = ReadAs { encoding: label, quotes: quotes.map(str::to_owned), ..ReadAs::default() };
        let long = text.repeat(times).into_bytes();
        for bytes in [&bytes, &long, &[&long[..], &bytes].concat()] {
            for asked in [&asked, &ReadAs::default()] {
                let size = bytes.len() as u64 + more;
                let _ = read_beginning(bytes.clone(), size, asked);
                let _ = read_beginning(bytes[..bytes.len() / 2].to_vec(), size, asked);
            }
        }
    }
}

#[test]
fn enough_of_a_list_of_any_kind_tells_its_first_rows() {
    let about: Vec<(u8, u8)> = (0..20_000).map(|n: u16| n.to_be_bytes().into()).collect();
    for encoding in ENCODINGS {
        for (head, delimiter) in HEADS.into_iter().zip([',', ';', '\t', '|']) {
            // Where an encoding is guessed, more is needed.
            let is_guessed = encoding.0 == "windows-1252";
            let enough = if is_guessed { 1 << 20 } else { 200 << 10 };
            let about = if is_guessed { &about } else { &about[..5_000] };
            let list = written(about, encoding, head, delimiter, "\r\n");
            assert!(list.bytes.len() > enough);
            let rows = said_alike(&list, enough);
            assert!(rows > 500, "{encoding:?}, {delimiter:?} below {head:?}: {rows}");
        }
    }
}

#[test]
fn a_list_that_is_there_whole_is_read_whole() {
    let list = written(&[(0, 1), (1, 3)], ENCODINGS[0], HEADS[0], ';', "\n");
    assert_eq!(said_alike(&list, usize::MAX), 2);
}

#[test]
fn a_row_that_goes_on_behind_the_cut_is_left_out() {
    let rows = "a@example.com,\"one\ntwo\",x\n".repeat(4000);
    let bytes = format!("email,note,more\n{rows}").into_bytes();
    let list = Written { bytes, asked: ReadAs::default() };
    for cut in 70_000..70_060 {
        let rows = said_alike(&list, cut);
        let whole = cut / 26;
        assert!(rows + 3 > whole && rows <= whole, "{cut}: {rows}");
    }
}

#[test]
fn what_may_be_no_list_is_not_shown_before_its_end_is_known() {
    for (start, row) in [
        ("[", "{\"email\": \"a@example.com\"},\n"),
        ("<?xml version=\"1.0\"?>\n<users>", "<user name=\"ada\">a,b</user>\n"),
        ("%PDF-1.7\n", "a,b\n"),
        ("PK\u{3}\u{4}", "a,b\n"),
    ] {
        let bytes = format!("{start}{}", row.repeat(20_000)).into_bytes();
        assert!(read_beginning(bytes.clone(), 10_000_000, &ReadAs::default()).is_none(), "{start}");
    }
    let cells: String = ",x".repeat(MOST_COLUMNS + 1);
    let bytes = format!("a{cells}\n").repeat(300).into_bytes();
    assert!(read_beginning(bytes, u64::MAX, &ReadAs::default()).is_none(), "too many columns");
}
