//! `--map`: a report of the HR system, whose columns are called otherwise than the LMS's.

use crate::world::{ANA, BO, CEM, HEADER, World, edapp};

const REPORT: &str = "Work Email,Who,First,Surname,Crew,City,External ID\n\
    ana@example.com,ana@example.com,Ana,Silva,Sales; Marketing,Lisbon,E101\n";

fn world() -> World {
    World::new().with("last.csv", edapp(&[ANA, BO, CEM])).with("report.csv", REPORT)
}

#[test]
fn the_upload_has_the_lms_own_headers_and_not_what_is_left_out() {
    let world = world();
    let words = "kit report.csv --profile edapp --against last.csv --out kit --map Who=username \
                 --map First=firstname --map crew=usergroups --map City=leave";
    world.muster(words).exits(0);
    let upload = world.text("kit/upload.csv");
    let mut lines = upload.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let known: Vec<&str> = HEADER.split(',').collect();
    assert_eq!(header.len(), 6, "{upload}");
    assert_eq!(header[..5], known[..5], "the LMS's own, in the report's order");
    assert!(upload.contains("Sales; Marketing") && !upload.contains("Lisbon"), "{upload}");
    assert_eq!(world.text("report.csv"), REPORT);
}

#[test]
fn a_column_or_field_that_is_not_there_is_told() {
    let world = world();
    let check = "check report.csv --profile edapp --map";
    let answer = world.muster(&format!("{check} Wo=username")).exits(2);
    answer.only_says("muster: there is no column `Wo`");
    let answer = world.muster(&format!("{check} Who=shoe")).exits(2);
    assert!(
        answer.err.starts_with("muster: EdApp (SC Training) has no field `shoe`"),
        "{}",
        answer.err
    );
    let answer = world.muster(&format!("{check} Who=username --map First=username")).exits(2);
    answer.only_says("muster: two columns cannot both be `username`");
}
