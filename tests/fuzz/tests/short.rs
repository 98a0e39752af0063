//! Each target over files of the project, mutated with fixed seeds: a minute of what `make fuzz` does for longer.

use muster_fuzz::TARGETS;
use muster_fuzz::mutating::{Chance, files_for, mutated};

/// How many mutations of each target; reading a workbook takes longest.
const ROUNDS: u64 = 600;

#[test]
fn strangers_files_break_nothing() {
    std::thread::scope(|scope| {
        for (name, run) in TARGETS {
            scope.spawn(move || {
                let files = files_for(name);
                assert!(!files.is_empty(), "{name} has nothing to begin with");
                files.iter().for_each(|file| run(file));
                for seed in 0..ROUNDS {
                    let mut chance = Chance::of(seed);
                    let file = &files[(seed as usize) % files.len()];
                    let other = &files[(seed as usize * 7 + 3) % files.len()];
                    run(&mutated(file, other, &mut chance));
                }
            });
        }
    });
}

/// Files that `make fuzz` found once, each by the name of its target.
#[test]
fn what_was_found_breaks_nothing_any_more() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("found");
    for file in std::fs::read_dir(folder).expect("the folder") {
        let path = file.expect("readable").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let target = TARGETS.iter().find(|(target, _)| name.starts_with(&format!("{target}-")));
        let (_, run) = target.unwrap_or_else(|| panic!("{name} is of no target"));
        run(&std::fs::read(&path).expect("read"));
    }
}
