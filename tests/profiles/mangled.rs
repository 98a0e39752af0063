//! No all-clear on what was not understood: whatever is done to an export on its way, Muster either says that it doubts, or
//! knows the same people as the whole export has, those that were taken out apart.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use muster_engine::checker::Checker;
use muster_engine::lists::Lists;
use muster_engine::profile::Profile;
use muster_engine::reading::{ReadAs, read_bytes};
use muster_engine::roster::Roster;
use muster_engine::rules::{CheckContext, is_nobody};
use proptest::prelude::*;

const EXPORTS: [&str; 6] =
    ["edapp", "emtrain-learners", "emtrain-roster", "kaspersky-asap", "safetyculture", "workleap"];

/// What stands above and below reports, in the languages of those who make them.
const TITLES: [(&str, &str); 12] = [
    ("Report: New hires", "Total Records: 30"),
    ("Mitarbeiterliste November", "Gesamtanzahl: 30"),
    ("Liste du personnel", "Total général"),
    ("Informe de empleados", "Total de registros: 30"),
    ("Elenco dipendenti", "Totale"),
    ("Lista de funcionários", "Total geral: 30"),
    ("Personeelslijst", "Totaal aantal: 30"),
    ("Lista pracowników", "Razem"),
    ("Personallista", "Summa"),
    ("社員名簿", "合計"),
    ("Список сотрудников", "Итого: 30"),
    ("직원 목록", "합계"),
];

const INVOICES: &str = "Invoice no,Date,Customer,Email,Quantity,VAT,Amount\n\
    2026-17,2026-11-03,Acme,office@example.com,3,19,357.00\n2026-18,2026-11-04,Bolt,hi@example.com,1,19,119.00\n";

type Rows = Vec<Vec<String>>;

/// The first people of an export, and its header before them.
fn export(id: &str) -> Rows {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/profiles").join(id);
    let text = std::fs::read_to_string(path.join("snapshot.csv")).expect("an export");
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let rows = reader.records().map(|row| row.expect("sound").iter().map(String::from).collect());
    rows.take(31).collect()
}

fn text(rows: &Rows, delimiter: u8) -> String {
    let mut writer =
        csv::WriterBuilder::new().flexible(true).delimiter(delimiter).from_writer(Vec::new());
    rows.iter().for_each(|row| writer.write_record(row).expect("written"));
    String::from_utf8(writer.into_inner().expect("written")).expect("UTF-8")
}

/// The people that Muster knows of a text, each as all that their row says; none where it doubts or refuses.
fn understood(text: &str, profile: &str) -> Option<BTreeSet<String>> {
    let read =
        read_bytes(text.as_bytes().to_vec(), "staff.csv", &ReadAs::default(), &|_| true).ok()?;
    let profile = Arc::new(Profile::built_in(profile).expect("built in"));
    let context = CheckContext::new(Roster::read(read.table, profile), None, Lists::new());
    let checker = Checker::new(context, &|_| true).expect("nothing stops it");
    let roster = &checker.context().roster;
    let people =
        roster.table.rows().filter(|row| !roster.is_blank(*row) && !is_nobody(roster, *row));
    let people = people.map(|row| said(&roster.table.row(row))).collect();
    checker.is_understood().then_some(people)
}

fn said(row: &[String]) -> String {
    let cells: Vec<&str> =
        row.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
    cells.join("|")
}

/// What is done to an export, and whether that is to be doubted whatever is left of it.
fn mangled(rows: &Rows, how: usize, at: usize) -> (String, Option<bool>) {
    let (mut rows, n) = (rows.clone(), rows.len());
    let width = rows[0].len();
    let blank = |words: &str| {
        std::iter::once(words.to_owned()).chain(vec![String::new(); width - 1]).collect::<Vec<_>>()
    };
    let (title, footer) = TITLES[at % TITLES.len()];
    let doubted = match how {
        // As it is.
        0 => Some(false),
        // Without the column names.
        1 => {
            rows.remove(0);
            Some(true)
        }
        // Rows and columns exchanged.
        2 => {
            rows = (0..width)
                .map(|c| rows.iter().map(|row| row.get(c).cloned().unwrap_or_default()).collect())
                .collect();
            Some(true)
        }
        // A title above and a total below, as short lines and as whole rows.
        3 => {
            rows.insert(0, vec![title.to_owned()]);
            rows.insert(1, vec![String::new()]);
            rows.push(vec![footer.to_owned()]);
            Some(false)
        }
        4 => {
            rows.insert(0, blank(title));
            rows.push(blank(footer));
            Some(false)
        }
        // One person alone among titles.
        5 => {
            rows.truncate(2);
            let above =
                [vec![title.to_owned()], vec!["2026-11-28".to_owned()], vec![String::new()]];
            rows.splice(0..0, above);
            rows.extend([
                vec![String::new()],
                vec![footer.to_owned()],
                vec!["End of report".to_owned()],
            ]);
            Some(false)
        }
        // A cell lost, and a cell too many, somewhere.
        6 => {
            let row = 1 + at % (n - 1);
            rows[row].pop();
            Some(true)
        }
        7 => {
            let row = 1 + at % (n - 1);
            rows[row].insert(at % width, "x".to_owned());
            Some(true)
        }
        // The column names stand among the people.
        8 => {
            let names = rows.remove(0);
            rows.insert(1 + at % (n - 2), names);
            None
        }
        // The column names once more.
        9 => {
            let names = rows[0].clone();
            rows.insert(2 + at % (n - 2), names);
            Some(false)
        }
        // Columns in another order.
        10 => {
            rows.iter_mut().for_each(|row| row.rotate_left(at % width));
            Some(false)
        }
        // All lines twice as far apart.
        11 => {
            rows = rows.into_iter().flat_map(|row| [row, vec![String::new()]]).collect();
            None
        }
        // What somebody pasted below.
        12 => return (text(&rows, b',') + "\n" + INVOICES, (width != 7).then_some(true)),
        13 => return (INVOICES.to_owned(), Some(true)),
        // Column names that nobody knows.
        14 => {
            rows[0] = (0..width).map(|c| format!("Feld {c}")).collect();
            None
        }
        // Numbers in the place of the column names.
        15 => {
            rows[0] = (0..width).map(|c| (c + 1).to_string()).collect();
            None
        }
        _ => return (text(&rows, [b';', b'\t', b'|'][at % 3]), Some(false)),
    };
    (text(&rows, b','), doubted)
}

const WAYS: usize = 17;

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nobody_is_swallowed_or_made_up_without_a_doubt(
        export_of in prop::sample::select(EXPORTS.to_vec()),
        how in 0..WAYS,
        at in any::<prop::sample::Index>().prop_map(|at| at.index(1000)),
        is_known in any::<bool>(),
    ) {
        let rows = export(export_of);
        let (text, doubted) = mangled(&rows, how, at);
        let profile = if is_known { export_of } else { "generic" };
        let people: BTreeSet<String> = rows[1..].iter().map(|row| said(row)).collect();
        let found = understood(&text, profile);
        if let Some(doubted) = doubted {
            prop_assert_eq!(found.is_none(), doubted, "{}, {}, {}:\n{}", export_of, how, at, text);
        }
        // The same cells in another order are the same person.
        let sorted = |people: &BTreeSet<String>| -> BTreeSet<String> {
            people.iter().map(|person| {
                let mut cells: Vec<&str> = person.split('|').collect();
                cells.sort_unstable();
                cells.join("|")
            }).collect()
        };
        if let Some(found) = found {
            let all = if how == 5 { rows[1..2].iter().map(|row| said(row)).collect() } else { people };
            prop_assert_eq!(sorted(&found), sorted(&all), "{}, {}, {}:\n{}", export_of, how, at, text);
        }
    }
}
