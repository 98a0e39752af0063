//! What Muster is held against, set up by the bench itself; what cannot be had is left out, with a word.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const POLARS: &str = "2.1.0";

/// The Python that has polars, or why there is none.
pub fn polars(folder: &Path) -> Result<PathBuf, String> {
    let python = folder.join("python/bin/python");
    let has_it = || {
        let asked = format!("import polars; assert polars.__version__ == '{POLARS}'");
        Command::new(&python).args(["-c", &asked]).output().is_ok_and(|o| o.status.success())
    };
    if has_it() {
        return Ok(python);
    }
    eprintln!("Installing polars {POLARS}, beside which the checks are measured");
    let _ = fs::remove_dir_all(folder.join("python"));
    let venv = Command::new("python3").args(["-m", "venv"]).arg(folder.join("python")).output();
    if !venv.is_ok_and(|o| o.status.success()) {
        return Err("polars is left out: there is no Python 3 with venv".into());
    }
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    let _ = Command::new(&python).args(pip).arg(format!("polars=={POLARS}")).output();
    match has_it() {
        true => Ok(python),
        false => Err(format!("polars is left out: polars {POLARS} could not be installed")),
    }
}

/// Whether `qsv` is there. It is not set up: to compile it takes longer than the bench.
pub fn qsv() -> Result<(), String> {
    match Command::new("qsv").arg("--version").output() {
        Ok(said) if said.status.success() => Ok(()),
        _ => Err("qsv is left out: there is none on the PATH".into()),
    }
}

/// What `qsv validate` is asked to hold the roster against.
pub fn schema_of_qsv() -> String {
    let any_text = serde_json::json!({ "type": ["string", "null"] });
    let mut properties: serde_json::Map<_, _> =
        crate::roster::HEADER.iter().map(|name| ((*name).to_owned(), any_text.clone())).collect();
    properties["email"] = serde_json::json!({ "type": "string", "format": "email" });
    properties["active"] = serde_json::json!({ "enum": ["Yes", "No"] });
    serde_json::json!({ "type": "object", "properties": properties }).to_string()
}
