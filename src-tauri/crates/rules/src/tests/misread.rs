//! No all-clear on what was not understood: of a file that got a quote or a delimiter too many or too few, or was written in
//! another encoding, never both "0 problems" and other people than before.

use std::sync::Arc;

use proptest::prelude::*;

use crate::checker::Checker;
use crate::rules::CheckContext;
use muster_roster::lists::Lists;
use muster_roster::profile::Profile;
use muster_roster::roster::Roster;
use muster_table::format::encoding::Encoding;
use muster_table::reading::{ReadAs, read_bytes};
use muster_table::table::Table;

/// Files of the sample list and of journeys, and one of no LMS.
const FILES: [(&str, &str); 4] = [
    ("edapp", include_str!("../../../engine/samples/edapp.csv")),
    ("edapp", include_str!("../../../../cli/tests/journeys/files/edapp-export.csv")),
    ("generic", include_str!("../../../../cli/tests/journeys/files/roster-export.csv")),
    (
        "generic",
        "employee_id;name;email;team;note\r\n1;\"Love; Ada\";ada@example.com;Sales;\"27\"\" screen\"\r\n\
         2;Bo Li;bo@example.com;Ops;\"Block A\r\nFloor 2\"\r\n3;\"Cy \"\"C\"\" Ko\";cy@example.com;Sales;\r\n\
         4;Di Ng;di@example.com;Ops;x\r\n",
    ),
];

/// The first people of a file: as many as tell.
fn some_of((profile, text): (&'static str, &'static str)) -> (&'static str, &'static str) {
    let end = text.match_indices('\n').nth(12).map_or(text.len(), |(at, _)| at + 1);
    (profile, &text[..end])
}

fn read(bytes: &[u8]) -> Table {
    let read = read_bytes(bytes.to_vec(), "staff.csv", &ReadAs::default(), &|_| true);
    read.expect("a text is read").table
}

/// The column names and everybody below them.
fn says(table: &Table) -> Vec<Vec<String>> {
    let rows = table.rows().map(|row| table.row(row));
    std::iter::once(table.names().to_vec()).chain(rows).collect()
}

fn findings(table: Table, profile: &str) -> Vec<String> {
    let profile = Arc::new(Profile::built_in(profile).expect("there is one"));
    let context = CheckContext::new(Roster::read(table, profile), None, Lists::new());
    let found = Checker::new(context, &|_| true).expect("checked").all_findings().into_iter();
    found.map(|finding| format!("{}: {}", finding.rule, finding.message)).collect()
}

/// Fails where other people are told without a word.
fn is_told(before: &str, bytes: &[u8], profile: &str) -> Result<(), TestCaseError> {
    let (was, now) = (read(before.as_bytes()), read(bytes));
    if says(&was) == says(&now) {
        return Ok(());
    }
    let known = findings(was, profile);
    let told = findings(now, profile).into_iter().any(|finding| !known.contains(&finding));
    prop_assert!(told, "nothing is told of {:?}", String::from_utf8_lossy(bytes));
    Ok(())
}

/// Whether a place of a text lies within a quoted cell.
fn is_quoted(text: &str, at: usize) -> bool {
    !text[..at].matches('"').count().is_multiple_of(2)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_quote_too_many_or_too_few_swallows_nobody_in_silence(
        file in prop::sample::select(FILES.to_vec()),
        at: prop::sample::Index,
        remove: bool,
    ) {
        let (profile, text) = some_of(file);
        let places: Vec<usize> = match remove {
            true => text.match_indices('"').map(|(at, _)| at).collect(),
            false => text.char_indices().map(|(at, _)| at).collect(),
        };
        prop_assume!(!places.is_empty());
        let at = places[at.index(places.len())];
        let mut mangled = text.to_owned();
        if remove { mangled.remove(at); } else { mangled.insert(at, '"'); }
        is_told(text, mangled.as_bytes(), profile)?;
    }

    #[test]
    fn two_quotes_that_hold_people_together_are_told(
        file in prop::sample::select(FILES.to_vec()),
        first: prop::sample::Index,
        second: prop::sample::Index,
    ) {
        let (profile, text) = some_of(file);
        let by = if text.contains(';') && profile == "generic" { ';' } else { ',' };
        // Where a cell begins, and where one ends.
        let is_free = |at: &usize| !is_quoted(text, *at);
        let begins: Vec<usize> =
            text.match_indices([by, '\n']).map(|(at, _)| at + 1).filter(is_free).collect();
        let ends: Vec<usize> = text.match_indices([by, '\r', '\n']).map(|(at, _)| at).filter(is_free).collect();
        let (first, second) = (begins[first.index(begins.len())], ends[second.index(ends.len())]);
        prop_assume!(first < second && text[first..second].contains('\n'));
        let mut mangled = text.to_owned();
        mangled.insert(second, '"');
        mangled.insert(first, '"');
        is_told(text, mangled.as_bytes(), profile)?;
    }

    #[test]
    fn a_delimiter_too_many_or_too_few_is_told(
        file in prop::sample::select(FILES.to_vec()),
        at: prop::sample::Index,
        remove: bool,
    ) {
        let (profile, text) = some_of(file);
        let by = char::from(read(text.as_bytes()).dialect().delimiter);
        let is_free = |at: &usize| !is_quoted(text, *at);
        let places: Vec<usize> = match remove {
            true => text.match_indices(by).map(|(at, _)| at).filter(is_free).collect(),
            false => text.char_indices().map(|(at, _)| at).filter(is_free).collect(),
        };
        let at = places[at.index(places.len())];
        let mut mangled = text.to_owned();
        if remove { mangled.remove(at); } else { mangled.insert(at, by); }
        is_told(text, mangled.as_bytes(), profile)?;
    }
}

#[test]
fn letters_of_any_encoding_are_read_rightly_or_told() {
    let people: [(&[&str], &str); 5] = [
        (
            &["UTF-8", "windows-1252", "IBM850", "IBM437", "macintosh", "ISO-8859-15", "IBM858"],
            "1,Jörg Müller,Köln\n2,Bärbel Groß,Düren\n3,José Muñoz,Málaga\n4,François Noël,Besançon\n",
        ),
        (
            &["UTF-8", "windows-1250", "IBM852", "ISO-8859-2"],
            "1,Łukasz Wójcik,Łódź\n2,Małgorzata Żak,Gdańsk\n3,Šárka Říhová,Plzeň\n4,Jiří Dvořák,Kroměříž\n",
        ),
        (
            &["UTF-8", "windows-1252", "IBM850", "IBM865", "macintosh"],
            "1,Øystein Åse,Ørsta\n2,Søren Ødegård,Århus\n3,Pär Sjöström,Växjö\n",
        ),
        (
            &["UTF-8", "windows-1251", "IBM866", "KOI8-R"],
            "1,Иван Петров,Москва\n2,Анна Смирнова,Казань\n",
        ),
        (&["UTF-8", "Shift_JIS", "EUC-JP"], "1,田中太郎,東京\n2,鈴木花子,大阪\n3,ｱﾝﾅ,京都\n"),
    ];
    for (encodings, people) in people {
        for end in ["\n", "\r\n", "\r"] {
            let text = format!("employee_id,name,city\n{people}").replace('\n', end);
            for label in encodings {
                let encoding = Encoding::for_label(label).expect(label);
                let bytes = encoding.encode(&text).expect(label).into_owned();
                let outcome = is_told(&text, &bytes, "generic");
                assert!(outcome.is_ok(), "{label}: {outcome:?}");
            }
        }
    }
}

/// Names that the encodings below have, some of them each.
const NAMES: [&str; 18] = [
    "Jürgen Müller",
    "Peter Weiß",
    "Zoë Brontë",
    "Łukasz Wójcik",
    "Jiří Němec",
    "Çağla Yılmaz",
    "Björn Ångström",
    "José Muñoz",
    "Šárka Říhová",
    "Ødegård",
    "Ann Lo",
    "Bo Li",
    "Șerban Țurcanu",
    "Žydrūnas Šimkus",
    "François Noël",
    "Ágnes Szőke",
    "Guðrún Þór",
    "Ş. Öz",
];

const ENCODINGS: [&str; 9] = [
    "windows-1252",
    "windows-1250",
    "windows-1254",
    "windows-1257",
    "IBM850",
    "IBM852",
    "macintosh",
    "IBM865",
    "IBM857",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// The snapshot decides between encodings: whatever a file was written in and is read as, its letters are those that the
    /// LMS has, or the reading is doubted.
    #[test]
    fn letters_other_than_those_of_the_lms_are_never_understood(
        people in proptest::collection::vec(0..NAMES.len(), 1..8),
        written in 0..ENCODINGS.len(),
        read in prop::option::of(0..ENCODINGS.len()),
    ) {
        let encoding = Encoding::for_label(ENCODINGS[written]).expect("known");
        let has = |name: &&str| encoding.encode(name).is_ok();
        let names: Vec<&str> = people.iter().map(|n| NAMES[*n]).filter(has).collect();
        let rows = names.iter().enumerate().map(|(n, name)| format!("{n},{name},{n}@example.com\n"));
        let text = format!("employee_id,name,email\n{}", rows.collect::<String>());
        let bytes = encoding.encode(&text).expect("it has them").into_owned();
        let asked = ReadAs { encoding: read.map(|n| ENCODINGS[n].to_owned()), ..ReadAs::default() };
        let Ok(now) = read_bytes(bytes, "staff.csv", &asked, &|_| true) else { return Ok(()) };
        let profile = Arc::new(Profile::built_in("generic").expect("there is one"));
        let before = Roster::read(Table::from_text(&text).expect("a table"), profile.clone());
        let roster = Roster::read(now.table, profile);
        let is_same = roster.table.rows().zip(&names).all(|(row, name)| roster.table.cell(row, 1) == *name);
        let context = CheckContext::new(roster, Some(before), Lists::new());
        let checker = Checker::new(context, &|_| true).expect("checked");
        prop_assert!(is_same || !checker.is_understood(), "{text}");
        prop_assert!(!is_same || checker.is_understood(), "{text}");
    }

    /// Where letters of names were lost there is no all-clear, whatever the names.
    #[test]
    fn letters_that_became_question_marks_are_told(
        people in proptest::collection::vec(0..NAMES.len(), 1..8),
        lacks in prop::sample::select(vec!["windows-1252", "windows-1250", "IBM850", "US-ASCII"]),
    ) {
        let encoding = Encoding::for_label(lacks).expect("known");
        let is_lost = |c: &char| match lacks {
            "US-ASCII" => !c.is_ascii(),
            _ => encoding.encode(c.encode_utf8(&mut [0; 4])).is_err(),
        };
        let lossy = |name: &str| -> String {
            name.chars().map(|c| if is_lost(&c) { '?' } else { c }).collect()
        };
        let names: Vec<String> = people.iter().map(|n| lossy(NAMES[*n])).collect();
        let lost = names.iter().filter(|name| name.contains('?')).count();
        let rows = names.iter().enumerate().map(|(n, name)| format!("{n},{name},{n}@example.com\n"));
        let text = format!("employee_id,name,email\n{}", rows.collect::<String>());
        let profile = Arc::new(Profile::built_in("generic").expect("there is one"));
        let roster = Roster::read(Table::from_text(&text).expect("a table"), profile);
        let context = CheckContext::new(roster, None, Lists::new());
        let checker = Checker::new(context, &|_| true).expect("checked");
        let told = checker.all_findings().iter().filter(|f| f.rule == "text-mojibake").count();
        prop_assert!(told == lost, "{told} of {lost}: {text}");
        prop_assert!(checker.is_understood() == (lost < 2), "{text}");
    }
}
