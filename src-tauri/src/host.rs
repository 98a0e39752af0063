//! What the page asks of the machine: the engine, and what it was started with.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use muster_engine::error::{Failure, Result};
use muster_engine::session::Engine;
use muster_engine::session::granted::not_chosen;
use serde::Serialize;
use serde_json::Value;
use tauri::{AppHandle, Emitter, Runtime, State};

use crate::Arguments;

/// The engine, and the folder that it and the window keep their things in.
pub fn engine() -> Result<(Engine, PathBuf)> {
    let home = muster_engine::store::data_folder()?;
    let profiles = muster_engine::store::profile_folder()?;
    Ok((Engine::new(&home, profiles, SystemTime::now).by_local_days().only_granted(), home))
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

/// Opens the article behind a finding in the person's own browser. The page may name only what a profile names.
#[tauri::command]
pub async fn open_address(engine: State<'_, Arc<Engine>>, url: String) -> Result<(), Failure> {
    engine.may_open_address(&url)?;
    let hint = format!("Open it yourself: {url}");
    if handed_over(url).await {
        return Ok(());
    }
    Err(Failure::state("no browser could be opened").why("none answered").hint(hint))
}

/// Shows a folder, such as that of an upload kit, in the system's own program for files. Nothing but a folder is opened.
#[tauri::command]
pub async fn open_folder(engine: State<'_, Arc<Engine>>, folder: PathBuf) -> Result<(), Failure> {
    must_be_known(&engine, &folder)?;
    let why = match folder.is_dir() {
        true if handed_over(folder.clone()).await => return Ok(()),
        true => "no program for files answered on this computer",
        false => "it is not there any more",
    };
    Err(Failure::state("the folder could not be shown")
        .why(why)
        .hint(format!("It was made as {}", folder.display())))
}

/// Opens the checklist of an upload kit in the browser, from where it is printed. No other file is opened.
#[tauri::command]
pub async fn open_checklist(
    engine: State<'_, Arc<Engine>>,
    folder: PathBuf,
) -> Result<(), Failure> {
    must_be_known(&engine, &folder)?;
    let page = folder.join(muster_engine::kit::CHECKLIST);
    let hint = format!("Open it yourself: {}", page.display());
    let why = match page.is_file() {
        true if handed_over(page).await => return Ok(()),
        true => "no browser answered on this computer",
        false => "it is not there any more",
    };
    Err(Failure::state("the checklist could not be opened").why(why).hint(hint))
}

fn must_be_known(engine: &Engine, folder: &Path) -> Result<()> {
    match engine.granted().is_none_or(|granted| granted.may_be_read(folder)) {
        true => Ok(()),
        false => Err(not_chosen(folder)),
    }
}

/// Lets the page open what the window was started with, or what was let fall on it.
pub fn was_handed_in(engine: &Engine, file: &Path) {
    if let Some(granted) = engine.granted() {
        granted.read(file);
    }
}

/// Whether a program of the system took over a folder or an address. That there is none is only said as the one that
/// looks for it ends, so it is waited for a moment; whatever is still there by then shows it. Windows says it at once.
async fn handed_over(what: impl AsRef<OsStr> + Send + 'static) -> bool {
    const MOMENT: Duration = Duration::from_secs(2);
    let opened = tauri::async_runtime::spawn_blocking(move || {
        if cfg!(windows) {
            open::that_detached(what)
        } else {
            open::that_detached_with_timeout(what, MOMENT)
        }
    });
    opened.await.is_ok_and(|opened| opened.is_ok())
}

/// What the window was asked to show when it was started.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Start {
    pub file: Option<String>,
    pub sample: bool,
}

impl Start {
    /// A path is meant as seen from the folder that the program was started in.
    pub fn of(arguments: &Arguments, folder: &Path) -> Self {
        let whole = |file: &PathBuf| folder.join(file).to_string_lossy().into_owned();
        Self { file: arguments.file.as_ref().map(whole), sample: arguments.sample }
    }
}

/// What the page is to show, from the first start and from later ones, which hand theirs over to the running program.
pub struct Starts(Mutex<Kept>);

struct Kept {
    start: Start,
    /// The page has asked; from then on it hears of each new start.
    page_listens: bool,
}

impl Starts {
    pub fn new(start: Start) -> Self {
        Self(Mutex::new(Kept { start, page_listens: false }))
    }

    /// Shows what the program was started with once more, in the window that is there.
    pub fn again<R: Runtime>(&self, app: &AppHandle<R>, start: Start) -> tauri::Result<()> {
        let mut kept = self.kept();
        if !kept.page_listens {
            // Without a file, the page shows what it was first asked for.
            if start != Start::default() {
                kept.start = start;
            }
            return Ok(());
        }
        match start {
            Start { file: Some(file), .. } => app.emit("open-file", file),
            Start { sample: true, .. } => app.emit("action", "open-sample"),
            _ => Ok(()),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The page listens already when it asks this.
#[tauri::command]
pub fn start(starts: State<'_, Starts>) -> Start {
    let mut kept = starts.kept();
    kept.page_listens = true;
    kept.start.clone()
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
