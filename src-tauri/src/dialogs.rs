//! The system's own dialogs for choosing files. None of them opens a file: they answer with a path, or nothing.

use std::path::PathBuf;
use std::sync::Mutex;

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
    title: String,
    kinds: Vec<Kind>,
) -> Result<Option<String>, ()> {
    if let Some(answer) = picks.next() {
        return Ok(answer);
    }
    Ok(path(dialog(&window, &title, &kinds).pick_file().await))
}

#[tauri::command]
pub async fn pick_save(
    window: WebviewWindow,
    picks: State<'_, Picks>,
    title: String,
    suggested: String,
    kinds: Vec<Kind>,
) -> Result<Option<String>, ()> {
    if let Some(answer) = picks.next() {
        return Ok(answer);
    }
    Ok(path(dialog(&window, &title, &kinds).set_file_name(suggested).save_file().await))
}

#[tauri::command]
pub async fn pick_folder(
    window: WebviewWindow,
    picks: State<'_, Picks>,
    title: String,
    begin: Option<PathBuf>,
) -> Result<Option<String>, ()> {
    if let Some(answer) = picks.next() {
        return Ok(answer);
    }
    let mut dialog = dialog(&window, &title, &[]);
    if let Some(folder) = begin.filter(|folder| folder.is_dir()) {
        dialog = dialog.set_directory(folder);
    }
    Ok(path(dialog.pick_folder().await))
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
