//! What is measured, by which command, and how it should compare: `docs/performance.md` has the same table.

use std::path::{Path, PathBuf};

use crate::counts::Told;
use crate::files::Files;

/// One thing that is measured.
pub struct Measure {
    pub name: &'static str,
    pub command: Vec<String>,
    pub told: Told,
    /// At most so many times as long as another, by its name.
    pub targets: Vec<(&'static str, f64)>,
    /// At most so many bytes of memory for a cell of the roster.
    pub per_cell: Option<f64>,
    /// Is made anew in each round.
    pub makes: Option<PathBuf>,
}

/// Where everything is.
pub struct Place {
    pub folder: PathBuf,
    pub muster: String,
    pub me: String,
    pub polars: Option<PathBuf>,
    pub has_qsv: bool,
    /// What a plan of the newer roster would hold, let go of.
    pub releases: Vec<String>,
}

/// A command as it is typed, with the places of files in it.
macro_rules! typed {
    ($($part:expr),* $(,)?) => { vec![$($part.to_string()),*] };
}

impl Place {
    pub fn at(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    fn muster(&self, name: &'static str, files: &Files, words: &[&str], profile: &str) -> Measure {
        let text = |path: &Path| path.display().to_string();
        let mut command = typed![self.muster];
        for word in words {
            command.push(match *word {
                "OLDER" => text(&files.older),
                "NEWER" => text(&files.newer),
                "EDAPP" => text(&files.edapp),
                word if word.starts_with('@') => self.at(&word[1..]),
                word => word.to_owned(),
            });
        }
        let list = if profile == "edapp" { "groups-of-edapp.txt" } else { "groups.txt" };
        if !profile.is_empty() {
            let profile = if profile == "edapp" { profile.to_owned() } else { self.at(profile) };
            command.extend(typed!["--profile", profile, "--list"]);
            command.push(format!("groups={}", self.at(list)));
        }
        command.extend(typed!["--format", "json"]);
        plain(name, command)
    }

    fn alone(&self, name: &'static str, words: Vec<String>) -> Measure {
        let mut command = typed![self.me, "alone"];
        command.extend(words);
        plain(name, command)
    }

    /// Everything that is measured of a roster, peers first.
    pub fn all(&self, files: &Files) -> Vec<Measure> {
        let (older, newer) = (files.older.display(), files.newer.display());
        let (same, all) = ("same-rules.toml", "all-rules.toml");
        let mut measures = vec![
            self.alone("simd-csv", typed!["simd-csv", newer]),
            self.alone("csv-diff", typed!["csv-diff", older, newer]).tells(Told::CsvDiff),
        ];
        if let Some(python) = &self.polars {
            for (name, mode, check, diff) in [
                ("polars, check", "check", true, false),
                ("polars, diff", "diff", false, true),
                ("polars, all", "all", true, true),
            ] {
                let script = self.at("with_polars.py");
                let command =
                    typed![python.display(), script, mode, older, newer, self.folder.display()];
                measures.push(plain(name, command).tells(Told::Polars { check, diff }));
            }
        }
        if self.has_qsv {
            let schema = self.at("qsv.schema.json");
            measures.push(plain("qsv, validate", typed!["qsv", "validate", newer, schema]));
        }
        measures.extend([
            self.alone("read to a table", typed!["read", newer]).below("simd-csv", 1.0),
            self.muster("check, same rules", files, &["check", "NEWER"], same)
                .tells(Told::Findings)
                .below("simd-csv", 3.5)
                .below("polars, check", 0.45)
                .below("qsv, validate", 0.08)
                .takes(24.0),
            self.muster("check, all rules", files, &["check", "NEWER"], all)
                .tells(Told::Findings)
                .below("polars, check", 1.2),
            self.muster(
                "check against, same rules",
                files,
                &["check", "NEWER", "--against", "OLDER"],
                same,
            )
            .tells(Told::FindingsBeside)
            .takes(45.0),
            self.muster("diff", files, &["diff", "OLDER", "NEWER"], same)
                .tells(Told::Diff)
                .below("csv-diff", 0.4),
            self.alone(
                "read, check, compare, write the changed",
                typed![
                    "job",
                    older,
                    newer,
                    self.at(same),
                    self.at("groups.txt"),
                    self.at("changed.csv")
                ],
            )
            .tells(Told::Job)
            .below("simd-csv", 5.0)
            .below("polars, all", 0.3),
            self.muster("plan, all rules", files, &["plan", "NEWER", "--against", "OLDER"], all)
                .below("polars, all", 0.6),
            self.kit(files, "kit").below("polars, all", 0.8),
            self.muster("fix", files, &["fix", "NEWER", "--out", "@fixed.csv", "--replace"], all),
            self.muster(
                "convert",
                files,
                &["convert", "NEWER", "--to", "edapp", "--out", "@converted.csv", "--replace"],
                all,
            ),
            self.muster("prove", files, &["prove", "@planned", "NEWER", "--against", "OLDER"], all),
            self.muster("check of an EdApp export", files, &["check", "EDAPP"], "edapp")
                .tells(Told::EdappFindings),
        ]);
        measures
    }

    /// The upload kit, in a folder.
    pub fn kit(&self, files: &Files, folder: &str) -> Measure {
        let words = ["kit", "NEWER", "--against", "OLDER", "--out", &format!("@{folder}")];
        let mut kit = self.muster("kit, all rules", files, &words, "all-rules.toml");
        for held in &self.releases {
            kit.command.extend(typed!["--release", held]);
        }
        kit.making(self.folder.join(folder))
    }

    /// Single edits, also beside a snapshot.
    pub fn edits(&self, files: &Files, beside: bool) -> Measure {
        let older = if beside { files.older.display().to_string() } else { "none".into() };
        let (profile, groups) = (self.at("all-rules.toml"), self.at("groups.txt"));
        self.alone("edits", typed!["edits", files.newer.display(), older, profile, groups])
    }

    /// What takes a whole column at once.
    pub fn columns(&self, files: &Files) -> Measure {
        let (profile, groups, home) =
            (self.at("all-rules.toml"), self.at("groups.txt"), self.at("desk"));
        self.alone("columns", typed!["columns", files.newer.display(), profile, groups, home])
            .making(self.folder.join("desk"))
    }

    /// Workbooks; Muster's own is read by both.
    pub fn workbooks(&self, files: &Files) -> Vec<Measure> {
        let (book, made) = (self.at("newer.xlsx"), self.at("made.xlsx"));
        vec![
            self.alone("calamine, cells", typed!["calamine", book]),
            self.alone("read a workbook", typed!["read", book]).below("calamine, cells", 1.1),
            self.alone("rust_xlsxwriter", typed!["rust-xlsxwriter", files.newer.display(), made]),
            self.muster(
                "write a workbook",
                files,
                &["copy", "NEWER", "@made.xlsx", "--replace"],
                "",
            )
            .below("rust_xlsxwriter", 1.1),
        ]
    }

    /// What is kept of a snapshot.
    pub fn snapshots(&self, files: &Files) -> Vec<Measure> {
        vec![
            self.alone(
                "write the bytes",
                typed!["write", files.older.display(), self.at("bytes.csv")],
            ),
            self.alone("keep a snapshot", typed!["keep", files.older.display(), self.at("kept")])
                .below("write the bytes", 2.0)
                .making(self.folder.join("kept")),
        ]
    }
}

fn plain(name: &'static str, command: Vec<String>) -> Measure {
    Measure { name, command, told: Told::Nothing, targets: Vec::new(), per_cell: None, makes: None }
}

impl Measure {
    fn tells(mut self, told: Told) -> Measure {
        self.told = told;
        self
    }

    fn below(mut self, other: &'static str, ratio: f64) -> Measure {
        self.targets.push((other, ratio));
        self
    }

    fn takes(mut self, bytes: f64) -> Measure {
        self.per_cell = Some(bytes);
        self
    }

    fn making(mut self, made: PathBuf) -> Measure {
        self.makes = Some(made);
        self
    }
}
