//! What the page asks of the machine: the engine, and what it was started with.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use muster_engine::error::{Failure, Outcome};
use muster_engine::session::Engine;
use serde::Serialize;
use serde_json::Value;
use tauri::State;

use crate::Arguments;

/// The engine, and the folder that it and the window keep their things in.
pub fn engine() -> Outcome<(Engine, PathBuf)> {
    let home = muster_engine::store::data_folder()?;
    let profiles = muster_engine::store::profile_folder()?;
    Ok((Engine::new(&home, profiles, SystemTime::now), home))
}

/// Carries out a command of the engine. Each call has a thread of its own, so that `progress` and `cancel` reach the
/// engine while a long one is under way.
#[tauri::command]
pub async fn call(
    engine: State<'_, Arc<Engine>>,
    name: String,
    request: Value,
) -> Result<Value, Failure> {
    let engine = Arc::clone(&engine);
    tauri::async_runtime::spawn_blocking(move || engine.call(&name, request))
        .await
        .unwrap_or_else(|_| Err(Failure::internal("the command broke off")))
}

/// What the window was asked to show when it was started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Start {
    pub file: Option<String>,
    pub sample: bool,
}

#[tauri::command]
pub fn start(arguments: State<'_, Arguments>) -> Start {
    let whole = |file: &PathBuf| {
        std::path::absolute(file).unwrap_or_else(|_| file.clone()).to_string_lossy().into_owned()
    };
    Start { file: arguments.file.as_ref().map(whole), sample: arguments.sample }
}

/// Without a graphics processor WebKitGTK draws the page twice as fast, and scrolls without stutter, when it does not
/// go through DMA buffers. It reads that from the environment, so the program starts itself anew with it. Where there is
/// a graphics processor, or somebody has decided already, nothing is touched.
#[cfg(target_os = "linux")]
pub fn spare_the_processor() {
    use std::os::unix::process::CommandExt;

    const DECIDED: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    let has_graphics = std::fs::read_dir("/dev/dri").is_ok_and(|entries| {
        entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("renderD"))
    });
    if has_graphics || std::env::var_os(DECIDED).is_some() {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        let cause = std::process::Command::new(program)
            .args(std::env::args_os().skip(1))
            .env(DECIDED, "1")
            .exec();
        eprintln!("Scrolling may stutter: {cause}");
    }
}

#[cfg(not(target_os = "linux"))]
pub fn spare_the_processor() {}
