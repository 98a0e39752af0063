//! Both sides do the same work only if they find the same: what each said is held against what was planted.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::files::Files;
use crate::roster::MISTAKES;

/// What a program tells of what it found.
#[derive(Clone, Copy)]
pub enum Told {
    Nothing,
    /// The findings of `muster check`, those of the rules whose mistakes were planted.
    Findings,
    /// The same beside a snapshot, but for values that stand twice: there, who by chance is called like somebody whose key was
    /// changed lets the address of that one stand twice too.
    FindingsBeside,
    /// The same of the EdApp export.
    EdappFindings,
    /// The counts of `muster diff`.
    Diff,
    /// The counts of the csv-diff crate, which takes each of two new people of one key for new.
    CsvDiff,
    /// The counts of the polars script: of its rules, of its comparison.
    Polars {
        check: bool,
        diff: bool,
    },
    /// The findings, as beside a snapshot, and changes of the parts of Muster that do all one after the other.
    Job,
}

/// What it should have said and did not, in words.
pub fn compare(told: Told, said: &Value, files: &Files) -> Result<(), String> {
    let truth = &files.truth;
    let mut wanted: BTreeMap<String, u64> = BTreeMap::new();
    let mut found: BTreeMap<String, u64> = BTreeMap::new();
    let mut hold = |what: &str, planted: u32, said: &Value| {
        wanted.insert(what.to_owned(), planted.into());
        found.insert(what.to_owned(), said.as_u64().unwrap_or_default());
    };
    match told {
        Told::Nothing => {}
        Told::Findings | Told::FindingsBeside => {
            let by_rule = by_rule(said);
            let is_beside = matches!(told, Told::FindingsBeside);
            for (rule, count) in truth.findings() {
                if is_beside && rule == "not-unique" {
                    continue;
                }
                hold(rule, count, &by_rule.get(rule).copied().unwrap_or_default().into());
            }
        }
        Told::EdappFindings => {
            let count = by_rule(said).get("group-unknown").copied().unwrap_or_default();
            hold("group-unknown", files.edapp_wrong, &count.into());
        }
        Told::Diff => {
            let cells = said["changes"].as_array().into_iter().flatten();
            let cells: usize = cells.map(|c| c["cells"].as_array().map_or(0, Vec::len)).sum();
            hold("create", truth.create, &said["counts"]["create"]);
            hold("update", truth.update, &said["counts"]["update"]);
            hold("leave", truth.leave, &said["counts"]["leave"]);
            hold("cells", truth.cells, &cells.into());
        }
        Told::CsvDiff => {
            hold("update", truth.update, &said["update"]);
            hold("leave", truth.leave, &said["leave"]);
            hold("cells", truth.cells, &said["cells"]);
        }
        Told::Polars { check, diff } => {
            if check {
                for (mistake, planted) in MISTAKES.iter().zip(truth.planted) {
                    if !mistake.peer.is_empty() {
                        hold(mistake.peer, planted, &said[mistake.peer]);
                    }
                }
                hold("key_twice", truth.twins / 2, &said["key_twice"]);
            }
            if diff {
                hold("create", truth.create, &said["create"]);
                hold("update", truth.update, &said["update"]);
                hold("leave", truth.leave, &said["leave"]);
                hold("cells", truth.cells, &said["cells"]);
            }
        }
        Told::Job => {
            hold("update", truth.update, &said["update"]);
            for (rule, count) in truth.findings().into_iter().filter(|(r, _)| *r != "not-unique") {
                hold(rule, count, &said["findings"][rule]);
            }
        }
    }
    match wanted == found {
        true => Ok(()),
        false => Err(format!("planted {wanted:?}, found {found:?}")),
    }
}

fn by_rule(said: &Value) -> BTreeMap<&str, u64> {
    let mut counts = BTreeMap::new();
    for finding in said["findings"].as_array().into_iter().flatten() {
        *counts.entry(finding["rule"].as_str().unwrap_or_default()).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::files::write_lists;
    use crate::roster::World;

    #[test]
    fn what_was_planted_is_found_by_muster_and_by_a_peer_and_else_the_bench_says_so() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name).display().to_string();
        let world = World::new(200);
        write_lists(folder.path(), &world).expect("written");
        let profile = concat!(env!("CARGO_MANIFEST_DIR"), "/same-rules.toml").to_owned();
        let mut files = Files::make(folder.path(), &world, 12_000).expect("written");
        let [older, newer] = [&files.older, &files.newer].map(|p| p.display().to_string());
        assert!(files.truth.planted.iter().sum::<u32>() > 5 && files.truth.twins > 0);

        let paths = [older, newer, profile, at("groups.txt"), at("changed.csv")];
        let ours = crate::alone::run("job", &paths).expect("done");
        assert_eq!(compare(Told::Job, &ours, &files), Ok(()));
        let theirs = crate::alone::run("csv-diff", &paths[..2]).expect("done");
        assert_eq!(compare(Told::CsvDiff, &theirs, &files), Ok(()));

        let written = std::fs::read_to_string(at("changed.csv")).expect("there");
        let changed = files.truth.create + files.truth.update;
        assert!(written.lines().count() as u32 > changed, "a header, and who is new or changed");

        files.truth.planted[0] += 1;
        let told = compare(Told::Job, &ours, &files).expect_err("one was not found");
        assert!(told.contains("email-malformed"), "{told}");
        assert!(
            compare(Told::Diff, &json!({}), &files).is_err(),
            "what says nothing found nothing"
        );
    }
}
