//! The system's own dialogs for choosing files. None of them opens a file: they answer with a path, or nothing.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use muster_engine::session::Engine;
use muster_engine::session::granted::Granted;
use rfd::{AsyncFileDialog, FileHandle, MessageDialog, MessageLevel};
use serde::Deserialize;
use tauri::{State, WebviewWindow};

/// Answers prepared for a test, which cannot click in a native dialog. `MUSTER_PICK` names a file with one path a line;
/// each dialog takes the next one instead of opening, and an empty line is "cancelled".
pub struct Picks {
    prepared: Option<PathBuf>,
    taken: Mutex<usize>,
}

impl Picks {
    pub fn from_environment() -> Self {
        // A program that people use takes no such answers: whoever sets a variable for it would choose its files.
        let prepared = std::env::var_os("MUSTER_PICK").filter(|_| cfg!(debug_assertions));
        Self { prepared: prepared.map(PathBuf::from), taken: Mutex::new(0) }
    }

    /// `None` if dialogs are to open; otherwise the prepared answer.
    fn next(&self) -> Option<Option<String>> {
        let text = std::fs::read_to_string(self.prepared.as_ref()?).unwrap_or_default();
        let mut taken = self.taken.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let answer = text.lines().nth(*taken).filter(|line| !line.is_empty());
        *taken += 1;
        Some(answer.map(str::to_owned))
    }
}

/// Files of one kind, as the dialog offers them: "Rosters", `["csv", "xlsx"]`.
#[derive(Debug, Deserialize)]
pub struct Kind {
    name: String,
    endings: Vec<String>,
}

#[tauri::command]
pub async fn pick_file(
    window: WebviewWindow,
    picks: State<'_, Picks>,
    engine: State<'_, Arc<Engine>>,
    title: String,
    kinds: Vec<Kind>,
) -> Result<Option<String>, ()> {
    let answer = match picks.next() {
        Some(answer) => answer,
        None => path(dialog(&window, &title, &kinds).pick_file().await),
    };
    Ok(chosen(&engine, answer, Granted::read))
}

#[tauri::command]
pub async fn pick_save(
    window: WebviewWindow,
    picks: State<'_, Picks>,
    engine: State<'_, Arc<Engine>>,
    title: String,
    suggested: String,
    kinds: Vec<Kind>,
) -> Result<Option<String>, ()> {
    let answer = match picks.next() {
        Some(answer) => answer,
        None => path(dialog(&window, &title, &kinds).set_file_name(suggested).save_file().await),
    };
    Ok(chosen(&engine, answer, Granted::written))
}

#[tauri::command]
pub async fn pick_folder(
    window: WebviewWindow,
    picks: State<'_, Picks>,
    engine: State<'_, Arc<Engine>>,
    title: String,
    begin: Option<PathBuf>,
) -> Result<Option<String>, ()> {
    let answer = match picks.next() {
        Some(answer) => answer,
        None => {
            let mut dialog = dialog(&window, &title, &[]);
            if let Some(folder) = begin.filter(|folder| folder.is_dir()) {
                dialog = dialog.set_directory(folder);
            }
            path(dialog.pick_folder().await)
        }
    };
    Ok(chosen(&engine, answer, Granted::folder))
}

/// What was chosen may be named by the page from now on.
fn chosen(engine: &Engine, answer: Option<String>, grant: fn(&Granted, &Path)) -> Option<String> {
    if let (Some(path), Some(granted)) = (&answer, engine.granted()) {
        grant(granted, Path::new(path));
    }
    answer
}

/// For when there is no window to say it in.
pub fn tell_it_cannot_start(sentence: &str) {
    MessageDialog::new()
        .set_level(MessageLevel::Error)
        .set_title("Muster could not start")
        .set_description(sentence)
        .show();
}

/// The dialog belongs to the window where the system lets it; with GTK it stands beside it.
fn dialog(window: &WebviewWindow, title: &str, kinds: &[Kind]) -> AsyncFileDialog {
    let dialog = AsyncFileDialog::new().set_parent(window).set_title(title);
    kinds.iter().fold(dialog, |dialog, kind| dialog.add_filter(&kind.name, &kind.endings))
}

fn path(chosen: Option<FileHandle>) -> Option<String> {
    chosen.map(|file| file.path().to_string_lossy().into_owned())
}
