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
    let row = ANA.replace(",Sales,", ",Sales; Marketing,");
    assert_eq!(upload, format!("{HEADER}\r\n{row}\r\n"), "what the report lacks is as it was");
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
