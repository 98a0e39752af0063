//! The drop-downs of a vendor's template, as other writers write them.

use muster_table::format::xlsx::drop_downs::{self, DropDown};

use crate::xlsx_files::file;

fn on(found: &[DropDown], column: u32) -> Result<Vec<String>, String> {
    let on = |d: &&DropDown| d.columns.iter().any(|(at, _)| *at == column);
    found.iter().find(on).expect("there is one").values.clone()
}

fn values(found: &[DropDown], column: u32) -> Vec<String> {
    on(found, column).expect("its values are there")
}

#[test]
fn values_stand_in_the_rule_in_a_range_or_behind_a_name() {
    let found = drop_downs::read(&file("template.xlsx"), None, &|_, _| true).expect("read");
    assert_eq!(found.len(), 5, "a rule about dates is no drop-down");
    assert_eq!(values(&found, 2), ["English", "Français", "Español"]);
    assert_eq!(values(&found, 3), ["CA", "US", "FR"]);
    assert_eq!(values(&found, 5), ["Sales", "R&D, Québec", "Support", "Sales"]);
    assert_eq!(found[0].columns, [(2, 499)]);
}

#[test]
fn values_of_a_later_excels_rule_are_read_too() {
    let found = drop_downs::read(&file("template.xlsx"), None, &|_, _| true).expect("read");
    assert_eq!(values(&found, 6), ["Hall 1", "Hall 2"]);
}

#[test]
fn a_list_that_a_formula_works_out_is_told_not_guessed() {
    let found = drop_downs::read(&file("template.xlsx"), None, &|_, _| true).expect("read");
    let why = on(&found, 4).expect_err("nobody knows");
    assert_eq!(why, "its values are worked out by a formula");
}

#[test]
fn a_workbook_without_drop_downs_has_none() {
    assert_eq!(drop_downs::read(&file("roster.xlsx"), None, &|_, _| true), Ok(Vec::new()));
    assert!(drop_downs::read(b"PK\x03\x04 and nothing more", None, &|_, _| true).is_err());
}
