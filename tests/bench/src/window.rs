//! The window: its page and a release build of the engine in a browser. What knows the page measures it, in
//! `ui/tests/bench`; this begins it and takes what it tells.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::files::Files;
use crate::targets::Place;

/// One thing that was measured, the middle one of several rounds.
#[derive(Deserialize)]
pub struct Figure {
    pub what: String,
    pub value: f64,
    pub unit: String,
    /// At most.
    pub target: Option<f64>,
}

/// What it took, or why the window is left out.
pub fn measure(place: &Place, files: &Files, workbook: &str) -> Result<Vec<Figure>, String> {
    let left_out = |why: &str| format!("the window is left out: {why}");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new("."));
    let ui = root.join("ui");
    let host = Path::new(&place.muster).with_file_name("muster-host");
    let browser = browser(root).ok_or_else(|| left_out("there is no Chromium"))?;
    if !host.exists() {
        return Err(left_out("there is no muster-host beside muster"));
    }
    if !ui.join("node_modules/.bin/vitest").exists() {
        return Err(left_out("the page's packages are not there; `make setup` installs them"));
    }
    let (told, log) = (place.folder.join("window.json"), place.folder.join("window.log"));
    let failed = || left_out(&format!("it could not be measured, see {}", log.display()));
    let _ = fs::remove_file(&told);
    let said = File::create(&log).map_err(|_| failed())?;
    for script in ["build", "bench"] {
        let done = Command::new("npm")
            .args(["run", "--silent", script])
            .current_dir(&ui)
            .env("CHROMIUM", &browser)
            .env("MUSTER_HOST", &host)
            .env("MUSTER_BENCH_CSV", &files.newer)
            .env("MUSTER_BENCH_XLSX", workbook)
            .env("MUSTER_BENCH_OUT", &told)
            .stdin(Stdio::null())
            .stderr(said.try_clone().map_err(|_| failed())?)
            .stdout(said.try_clone().map_err(|_| failed())?)
            .status();
        if !done.map_err(|_| left_out("there is no npm"))?.success() {
            return Err(failed());
        }
    }
    fs::read(&told).ok().and_then(|told| serde_json::from_slice(&told).ok()).ok_or_else(failed)
}

fn browser(root: &Path) -> Option<PathBuf> {
    let said = Command::new(root.join("tests/chromium")).stderr(Stdio::null()).output().ok()?;
    let path = String::from_utf8(said.stdout).ok()?.trim().to_owned();
    said.status.success().then(|| PathBuf::from(path))
}
