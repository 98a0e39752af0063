//! What runs in a process of its own besides `muster`: the peers that are crates, and the parts of Muster that no command
//! does alone.

use std::fs;
use std::io::{BufWriter, Error, Write};
use std::path::Path;
use std::sync::Arc;

use calamine::{Reader, Xlsx, open_workbook};
use csv_diff::csv::Csv;
use csv_diff::csv_diff::CsvByteDiffLocalBuilder;
use csv_diff::diff_row::DiffByteRecord;
use muster_engine::checker::Checker;
use muster_engine::diff;
use muster_engine::format::text;
use muster_engine::lists::{List, Lists};
use muster_engine::profile::Profile;
use muster_engine::reading::{ReadAs, read_bytes};
use muster_engine::roster::Roster;
use muster_engine::rules::{CheckContext, RULES, Rule};
use muster_engine::store::Store;
use muster_engine::table::{Cut, Table};
use rust_xlsxwriter::Workbook;
use serde_json::{Map, Value, json};

pub type Outcome<T = Value> = Result<T, Box<dyn std::error::Error>>;

/// `alone WHAT FILES…`
pub fn run(what: &str, files: &[String]) -> Outcome {
    match (what, files) {
        ("simd-csv", [file]) => iterate(file),
        ("csv-diff", [older, newer]) => compare_by_csv_diff(older, newer),
        ("calamine", [file]) => read_by_calamine(file),
        ("rust-xlsxwriter", [file, out]) => write_by_rust_xlsxwriter(file, out),
        ("read", [file]) => Ok(json!({ "people": table(file)?.len() })),
        ("write", [file, out]) => {
            let mut made = fs::File::create(out)?;
            made.write_all(&fs::read(file)?)?;
            made.sync_all()?;
            Ok(Value::Null)
        }
        ("keep", [file, folder]) => {
            let bytes = fs::read(file)?;
            let store = Store::open(Path::new(folder), "2026-11-28T00:00:00Z").map_err(told)?;
            let kept = store.blobs().keep(&bytes).map_err(told)?;
            Ok(json!({ "share": kept.packed as f64 / bytes.len() as f64 }))
        }
        ("job", [older, newer, profile, groups, out]) => job(older, newer, profile, groups, out),
        ("edits", [newer, older, profile, groups]) => {
            let mut checker = checked(newer, (older != "none").then_some(older), profile, groups)?;
            Ok(crate::edits::measure(&mut checker))
        }
        ("columns", [file, profile, groups, home]) => {
            crate::whole::measure(file, profile, groups, home)
        }
        _ => Err(format!("there is no part `{what}` of so many files").into()),
    }
}

fn told(failure: muster_engine::error::Failure) -> Error {
    Error::other(failure.what)
}

fn iterate(file: &str) -> Outcome {
    let mut reader = simd_csv::ZeroCopyReaderBuilder::new().from_reader(fs::File::open(file)?);
    let mut cells = 0;
    while let Some(record) = reader.read_byte_record()? {
        cells += record.len();
    }
    Ok(json!({ "cells": cells }))
}

fn compare_by_csv_diff(older: &str, newer: &str) -> Outcome {
    let key = crate::roster::KEY;
    let diff = CsvByteDiffLocalBuilder::new().primary_key_columns([key]).build()?;
    let open = |file| fs::File::open(file).map(Csv::with_reader_seek);
    let found = diff.diff(open(older)?, open(newer)?)?;
    let (mut create, mut leave, mut update, mut cells) = (0, 0, 0, 0);
    for row in found.as_slice() {
        match row {
            DiffByteRecord::Add(_) => create += 1,
            DiffByteRecord::Delete(_) => leave += 1,
            DiffByteRecord::Modify { field_indices, .. } => {
                update += 1;
                cells += field_indices.len();
            }
        }
    }
    Ok(json!({ "create": create, "leave": leave, "update": update, "cells": cells }))
}

fn read_by_calamine(file: &str) -> Outcome {
    let mut book: Xlsx<_> = open_workbook(file)?;
    let sheet = book.sheet_names()[0].clone();
    let mut stream = book.worksheet_cells_reader(&sheet)?;
    let mut cells = 0;
    while let Some(cell) = stream.next_cell()? {
        std::hint::black_box(cell.get_value());
        cells += 1;
    }
    Ok(json!({ "cells": cells }))
}

fn write_by_rust_xlsxwriter(file: &str, out: &str) -> Outcome {
    let mut reader = simd_csv::ReaderBuilder::new();
    let mut reader = reader.has_headers(false).from_reader(fs::File::open(file)?);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory()?;
    let mut record = simd_csv::ByteRecord::new();
    let mut row = 0;
    while reader.read_byte_record(&mut record)? {
        for (column, cell) in record.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(row, u16::try_from(column)?, std::str::from_utf8(cell)?)?;
        }
        row += 1;
    }
    book.save(out)?;
    Ok(Value::Null)
}

fn table(file: &str) -> Outcome<Table> {
    let bytes = fs::read(file)?;
    if file.ends_with(".csv") {
        let decoded = text::decode(bytes, None).map_err(told)?;
        return Ok(Table::read(decoded, Cut::default(), &mut |_| true).map_err(told)?);
    }
    Ok(read_bytes(bytes, file, &ReadAs::default(), &|_| true).map_err(told)?.table)
}

fn roster(file: &str, profile: &Arc<Profile>) -> Outcome<Roster> {
    Ok(Roster::read(table(file)?, profile.clone()))
}

fn checked(file: &str, older: Option<&String>, profile: &str, groups: &str) -> Outcome<Checker> {
    let profile =
        Arc::new(Profile::parse(&fs::read_to_string(profile)?, profile, |_| true).map_err(told)?);
    let (newer, older) = rayon::join(
        || roster(file, &profile).map_err(|e| e.to_string()),
        || older.map(|file| roster(file, &profile).map_err(|e| e.to_string())).transpose(),
    );
    let mut lists = Lists::new();
    let known: Vec<String> = fs::read_to_string(groups)?.lines().map(str::to_owned).collect();
    lists.insert("groups".into(), List::new(known, "the bench", None));
    let context = CheckContext::new(newer?, older?, lists);
    Ok(Checker::new(context, &|_| true).map_err(told)?)
}

/// Both files read, the newer one checked, both compared, and the rows written that changed or are new.
fn job(older: &str, newer: &str, profile: &str, groups: &str, out: &str) -> Outcome {
    let checker = checked(newer, Some(&older.to_owned()), profile, groups)?;
    let context = checker.context();
    let snapshot = context.snapshot.as_ref().ok_or("no older file was read")?;
    let found = diff::compare(snapshot, &context.roster);
    let mut writer = BufWriter::new(fs::File::create(out)?);
    writeln!(writer, "{}", context.roster.table.names().join(","))?;
    for row in found.entries.iter().filter_map(|entry| entry.new) {
        writeln!(writer, "{}", context.roster.table.record(row).unwrap_or_default())?;
    }
    writer.flush()?;
    let found_by = |n: usize, rule: &Rule| {
        let count = checker.count_of(u8::try_from(n).unwrap_or_default());
        (rule.code.to_owned(), Value::from(count))
    };
    let findings: Map<String, Value> =
        RULES.iter().enumerate().map(|(n, rule)| found_by(n, rule)).collect();
    Ok(json!({ "findings": findings, "update": found.counts.update }))
}
