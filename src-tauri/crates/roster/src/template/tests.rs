use crate::profile::FieldKind;
use std::io::{Cursor, Read};

use super::*;
use muster_table::format::xlsx::{self, Kind};
use muster_table::reading::{ReadAs, read_bytes};

const WORKBOOK: &str = r#"
id = "invented"
name = "Invented"
summary = "Only for this test."
version = "2026-11-22"

[file]
format = "xlsx"

[key]
field = "email"

[[field]]
id = "email"
title = "E-mail"
headers = ["Email"]
kind = "email"
value_required = true

[[field]]
id = "active"
title = "Active"
headers = ["Active"]
choices = ["Yes", "No"]

[[field]]
id = "hired"
title = "Hired"
headers = ["Hire date"]
kind = "date"
date_forms = ["YYYY-MM-DD"]

[[field]]
id = "groups"
title = "Groups"
headers = ["Groups"]
separator = "; "
list = "groups"

[[field]]
id = "site"
title = "Site"
headers = ["Site"]
list = "sites"

[[field]]
id = "password"
title = "Password"
headers = ["Password"]
kind = "password"
min = 8

[[field]]
id = "seen"
title = "Last seen"
headers = ["Last seen"]
read_only = true
"#;

fn invented() -> Profile {
    Profile::parse(WORKBOOK, "a test", |_| true).expect("sound")
}

fn lists() -> Lists {
    let at = Some("2026-11-03T08:00:00Z".to_owned());
    let sites = (1..=60).map(|n| format!("Site {n:03}, north"));
    let mut lists = Lists::new();
    lists.insert("sites".into(), List::new(sites, "sites.txt", at.clone()));
    lists.insert("groups".into(), List::new(["Sales".into(), "Ops".into()], "groups.txt", at));
    lists
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a ZIP archive");
    let mut text = String::new();
    zip.by_name(name).expect("there").read_to_string(&mut text).expect("UTF-8");
    text
}

#[test]
fn the_csv_template_is_the_header_in_the_profiles_own_dialect() {
    let edapp = Profile::built_in("edapp").expect("built in");
    let template = Template::of(&edapp, &Lists::new()).expect("a template");
    let text = String::from_utf8(template.csv().expect("written")).expect("UTF-8");
    assert_eq!(
        text,
        "email (required),username (optional),firstname (optional),lastname (optional),usergroups (optional),\
         roles (optional),password (optional),externalid (optional)\r\n"
    );
}

#[test]
fn a_profile_without_columns_has_no_template() {
    let generic = Profile::built_in("generic").expect("built in");
    let told = Template::of(&generic, &Lists::new()).expect_err("refused");
    assert_eq!(told.what, "`Not sure` has no template");
}

#[test]
fn the_workbook_holds_nothing_but_text_cells_below_a_header_that_stays() {
    let profile = invented();
    let bytes = Template::of(&profile, &lists()).expect("a template").workbook(0).expect("written");
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(
        sheet.contains(
            r#"<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>"#
        )
    );
    assert_eq!(sheet.matches("<row ").count(), 1, "the header alone");
    let columns: Vec<&str> = sheet.split("<col ").skip(1).collect();
    assert!(columns.len() == 1 && columns[0].starts_with("min=\"1\" max=\"6\""), "{columns:?}");
    let style = columns[0].split("style=\"").nth(1).expect("a style");
    let style: usize = style.split('"').next().expect("a number").parse().expect("a number");
    let styles = part(&bytes, "xl/styles.xml");
    let formats = styles.split("<cellXfs").nth(1).expect("formats");
    let format = formats.split("<xf ").nth(style + 1).expect("that format");
    assert!(format.starts_with(r#"numFmtId="49""#), "{format}");

    let mut book: calamine::Xlsx<_> =
        calamine::Reader::new(Cursor::new(&bytes)).expect("a workbook");
    assert_eq!(calamine::Reader::sheet_names(&book), ["People", "How to fill it in"]);
    let first = calamine::Reader::worksheet_range(&mut book, "People").expect("read");
    assert_eq!(first.get_size(), (1, 6));

    let read = read_bytes(bytes, "new.xlsx", &ReadAs::default(), &|_| true).expect("read");
    assert_eq!(read.table.names(), ["Email", "Active", "Hire date", "Groups", "Site", "Password"]);
    assert!(read.table.is_empty());
}

#[test]
fn drop_downs_have_their_values_inside_or_on_the_second_sheet() {
    let profile = invented();
    let bytes = Template::of(&profile, &lists()).expect("a template").workbook(0).expect("written");
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    let of = |range: &str| {
        let all = sheet.split("<dataValidation ").skip(1);
        all.into_iter()
            .find(|v| v.contains(&format!("sqref=\"{range}\"")))
            .expect("there")
            .to_owned()
    };
    let active = of("B2:B1048576");
    assert!(
        active.contains(r#"type="list""#) && active.contains("<formula1>\"Yes,No\"</formula1>")
    );
    assert!(active.contains("showErrorMessage=\"1\"") && !active.contains("errorStyle"));
    let groups = of("D2:D1048576");
    assert!(!groups.contains("showErrorMessage"), "several groups are no single value: {groups}");
    let site = of("E2:E1048576");
    assert!(site.contains("errorStyle=\"warning\""), "a list may be old: {site}");
    let range = site.split("<formula1>").nth(1).expect("a range").split("</formula1>").next();
    let (first, last) = range.expect("ends").split_once(':').expect("from and to");
    let number = |cell: &str| cell.rsplit('$').next().and_then(|n| n.parse::<usize>().ok());
    let guide =
        xlsx::read(&bytes, Kind::Xlsx, Some("How to fill it in"), &|_, _| true).expect("read");
    let (first, last) = (number(first).expect("a row"), number(last).expect("a row"));
    assert_eq!((guide.cell(first - 1, 0), guide.cell(first - 1, 1)), ("Site", "Site 001, north"));
    assert_eq!((last - first + 1, guide.cell(last - 1, 1)), (60, "Site 060, north"));
}

#[test]
fn the_second_sheet_says_of_each_column_what_a_colleague_has_to_know() {
    let profile = invented();
    let bytes = Template::of(&profile, &lists()).expect("a template").workbook(0).expect("written");
    let guide =
        xlsx::read(&bytes, Kind::Xlsx, Some("How to fill it in"), &|_, _| true).expect("read");
    let told = |name: &str| {
        let row = (0..guide.rows.len()).find(|&row| guide.cell(row, 0) == name).expect("told");
        guide.cells(row).skip(1).collect::<Vec<_>>().join(" | ")
    };
    assert!(told("Email").starts_with("Must be filled in |"), "{}", told("Email"));
    assert!(told("Hire date").contains("A date, written YYYY-MM-DD."));
    assert!(told("Groups").contains("They are from groups.txt, as of 2026-11-03."));
    assert!(told("Groups").contains("joined by a semicolon and a space"));
    assert!(
        told("Password").contains("Best left blank") && told("Password").contains("At least 8")
    );
    assert!(told("Password").contains("Do not send this file to anybody"));
    assert!(told("Active").contains("One of: Yes, No."));
}

#[test]
fn codes_of_places_are_there_to_pick_from_with_their_names() {
    let profile = Profile::built_in("emtrain-learners").expect("built in");
    let template = Template::of(&profile, &Lists::new()).expect("made");
    let column = template.columns().iter().find(|c| c.field.kind == FieldKind::Region);
    let list = column.and_then(|c| c.list.as_ref()).expect("a list");
    assert_eq!(list.source, "ISO 3166");
    for code in ["CA", "TX", "CAN", "DEU"] {
        assert!(list.values.iter().any(|value| value == code), "{code}");
    }
    let named = named(column.expect("there").field, &list.values);
    assert!(named.contains(&("CA".into(), "California".into())));
    assert!(named.contains(&("CAN".into(), "Canada".into())));
}
