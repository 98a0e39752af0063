//! The job that `make run` does with the sample roster where there is no display.

use std::path::Path;

use crate::world::World;

#[test]
fn the_sample_is_checked_mended_compared_planned_and_made_into_a_kit() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/engine/samples");
    let sample = |name: &str| std::fs::read(samples.join(name)).expect("the sample is there");
    let world = World::new()
        .with("edapp.csv", sample("edapp.csv"))
        .with("last.csv", sample("edapp-snapshot.csv"));
    let report = world.muster("check edapp.csv --against last.csv --format json").exits(1).json();
    assert_eq!(report["roster"]["profile"], "edapp");
    assert_eq!(report["roster"]["people"], 40);
    world.muster("plan edapp.csv --against last.csv").exits(1);
    // Nothing is sent while problems stand.
    world.muster("kit edapp.csv --against last.csv --out kit").exits(3);
    assert!(!world.has("kit"));

    world.muster("fix edapp.csv --against last.csv --unsafe --out mended.csv").exits(0);
    // Two people carry one username: only a person can say who is who.
    world.muster("kit mended.csv --against last.csv --out kit").exits(3);
    let told_apart = world.text("mended.csv").replace(
        "nadia.benali@example.com,liam.byrne@example.com,",
        "nadia.benali@example.com,nadia.benali@example.com,",
    );
    let world = world.with("mended.csv", told_apart);
    world.muster("check mended.csv --against last.csv").exits(0);
    world.muster("diff last.csv mended.csv").exits(1);
    world.muster("plan mended.csv --against last.csv").exits(1);
    world.muster("kit mended.csv --against last.csv --out kit").exits(0);
    // Three were promoted or joined a group, two are new; of the others nothing is sent.
    let upload = world.text("kit/upload.csv");
    let sent: Vec<&str> =
        upload.lines().skip(1).filter_map(|line| line.split('@').next()).collect();
    assert_eq!(sent, ["bo.tanaka", "yara.haddad", "carmen.diaz", "mika.aalto", "nadia.benali"]);

    // The undo file puts back whoever can be put back.
    let undo = world.text("kit/undo.csv");
    assert!(undo.contains("Account manager") && !undo.contains("Key account manager"), "{undo}");
}
