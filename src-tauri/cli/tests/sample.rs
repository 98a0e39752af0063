//! The job that `make run` does with the sample roster where there is no display.

use std::path::Path;

use crate::world::World;

#[test]
fn the_sample_is_checked_mended_compared_planned_and_made_into_a_kit() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../engine/samples");
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
    world.muster("diff last.csv mended.csv").exits(1);
    world.muster("plan mended.csv --against last.csv").exits(1);
    let made = world.muster("kit mended.csv --against last.csv --out kit");
    println!("{}{}", made.out, made.err);
}
