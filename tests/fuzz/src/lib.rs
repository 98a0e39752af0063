//! What Muster reads of strangers, each kind as a function that takes any bytes and says nothing: it panics where a law is
//! broken. The laws: nothing panics; what is refused is refused in words; a text that is read and not touched is written as
//! it was; what reads it asks for no more memory or time than the bytes justify (the fuzzer sets those limits).
//!
//! `cargo test` runs each over files of the project that were mutated with fixed seeds. `make fuzz` searches further.

pub mod mutating;

use std::io::{Cursor, Write};
use std::sync::Arc;

use muster_plan::verify::Expectation;
use muster_plan::worksheet::{self, FixAll};
use muster_roster::lists::Lists;
use muster_roster::profile::Profile;
use muster_roster::roster::Roster;
use muster_rules::checker::Checker;
use muster_rules::recipe::Recipe;
use muster_rules::rules::{CheckContext, is_rule};
use muster_table::error::{Failure, FailureKind};
use muster_table::format::xlsx::{self, Kind};
use muster_table::reading::{ReadAs, read_beginning, read_bytes};
use muster_table::table::Table;

/// One kind of what is read, by its name.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: &[Target] = &[
    ("table", table),
    ("xlsx", xlsx),
    ("xls", xls),
    ("profile", profile),
    ("recipe", recipe),
    ("planned", planned),
];

/// A roster as text, in whatever encoding.
pub fn table(bytes: &[u8]) {
    for part in 1..4 {
        let beginning = bytes[..bytes.len() * part / 4].to_vec();
        let _ = read_beginning(beginning, bytes.len() as u64, &ReadAs::default());
    }
    match read_bytes(bytes.to_vec(), "staff.csv", &ReadAs::default(), &|_| true) {
        Err(failure) => is_said(&failure),
        Ok(read) => {
            if read.reading.sheet.is_none() {
                let written = read.table.to_bytes().expect("it was read in its own encoding");
                assert!(written == bytes, "what nobody touched is written as it was");
            }
            look_at(read.table, "edapp", &[]);
        }
    }
}

/// A workbook, or the XML of a sheet and its texts, put into one.
pub fn xlsx(bytes: &[u8]) {
    if xlsx::kind_of(bytes).is_some() {
        return workbook(bytes);
    }
    let parts = bytes.split(|byte| *byte == 0).chain(std::iter::repeat(&b""[..]));
    let names =
        ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"];
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let plain = zip::write::SimpleFileOptions::default();
    let mut put = |name: &str, text: &[u8]| {
        zip.start_file(name, plain)
            .and_then(|()| zip.write_all(text).map_err(Into::into))
            .expect("in memory");
    };
    put("xl/_rels/workbook.xml.rels", RELATIONS);
    for (name, part) in names.into_iter().zip(parts) {
        let part = if name == "xl/workbook.xml" && part.is_empty() { BOOK } else { part };
        put(name, part);
    }
    workbook(&zip.finish().expect("in memory").into_inner());
}

const BOOK: &[u8] =
    br#"<workbook xmlns:r="r"><sheets><sheet name="People" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const RELATIONS: &[u8] = br#"<Relationships>
    <Relationship Id="rId1" Type="http://example.com/worksheet" Target="worksheets/sheet1.xml"/>
    <Relationship Id="rId2" Type="http://example.com/sharedStrings" Target="sharedStrings.xml"/>
    <Relationship Id="rId3" Type="http://example.com/styles" Target="styles.xml"/>
</Relationships>"#;

/// An old workbook, or the records of one, put into a container.
pub fn xls(bytes: &[u8]) {
    if xlsx::kind_of(bytes) == Some(Kind::Xls) {
        return workbook(bytes);
    }
    let mut container = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("in memory");
    container.create_stream("/Workbook").and_then(|mut s| s.write_all(bytes)).expect("in memory");
    container.flush().expect("in memory");
    workbook(&container.into_inner().into_inner());
}

/// calamine may panic over a damaged record; that is caught where it is called, and the fuzzer is not to end at it.
#[cfg(feature = "libfuzzer")]
fn let_calamine_panic() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|panic| {
            let is_caught = panic.location().is_some_and(|at| at.file().contains("calamine"));
            if !is_caught {
                eprintln!("{panic}");
                std::process::abort();
            }
        }));
    });
}

fn workbook(bytes: &[u8]) {
    #[cfg(feature = "libfuzzer")]
    let_calamine_panic();
    match read_bytes(bytes.to_vec(), "staff.xlsx", &ReadAs::default(), &|_| true) {
        Err(failure) => is_said(&failure),
        Ok(read) => look_at(read.table, "emtrain-learners", &[]),
    }
}

/// A profile of somebody else's.
pub fn profile(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Profile::parse(text, "theirs.toml", is_rule) {
        Err(failure) => is_said(&failure),
        Ok(profile) => look_at_by(small_list(), Arc::new(profile), &[]),
    }
}

/// A recipe of somebody else's.
pub fn recipe(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Recipe::parse(text, "theirs.toml") {
        Err(failure) => is_said(&failure),
        Ok(recipe) => look_at(small_list(), "edapp", &[recipe]),
    }
}

/// What a kit says it is to bring about.
pub fn planned(bytes: &[u8]) {
    match Expectation::from_json(bytes) {
        Err(failure) => is_said(&failure),
        Ok(expectation) => {
            let roster = Roster::read(small_list(), of("edapp"));
            let _ = muster_plan::verify::made(&expectation, &roster);
        }
    }
}

fn small_list() -> Table {
    let text = "username,firstname,email,usergroups\nada,Ada,ada@example.com,Sales; Ops\nbo,Bo,bo@example.com,\n";
    let read = read_bytes(text.as_bytes().to_vec(), "staff.csv", &ReadAs::default(), &|_| true);
    read.expect("a list").table
}

fn of(profile: &str) -> Arc<Profile> {
    Arc::new(Profile::built_in(profile).expect("built in"))
}

fn look_at(table: Table, profile: &str, recipes: &[Recipe]) {
    look_at_by(table, of(profile), recipes);
}

/// Everything that is said of a table, its safe fixes, and what recipes make of it.
fn look_at_by(table: Table, profile: Arc<Profile>, recipes: &[Recipe]) {
    // What takes long with many people is measured elsewhere; here it would only make the search slow.
    if table.len() * table.width().max(1) > 4_000 {
        return;
    }
    let context = CheckContext::new(Roster::read(table, profile), None, Lists::new());
    let mut checker = Checker::new(context, &|_| true).expect("nobody stops it");
    for finding in checker.all_findings() {
        assert!(!finding.message.trim().is_empty(), "{} says nothing", finding.rule);
    }
    for step in recipes.iter().flat_map(|recipe| &recipe.steps) {
        assert!(!step.sentence().is_empty());
        if let Err(failure) = worksheet::follow(&mut checker, step, false) {
            is_said(&failure);
        }
    }
    if let Err(failure) =
        worksheet::fix_all(&mut checker, &FixAll { rules: Vec::new(), safe_only: true }, &|_| true)
    {
        is_said(&failure);
    }
}

fn is_said(failure: &Failure) {
    assert!(failure.kind != FailureKind::Internal, "{failure}");
    assert!(!failure.what.is_empty(), "{failure}");
    assert!(!failure.why.is_empty() || !failure.hint.is_empty(), "{failure}");
}
