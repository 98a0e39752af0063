//! The native menu, made from the same list of actions that the page's keys and palette read.

use serde::Deserialize;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem, Submenu};
use tauri::{AppHandle, Emitter, Runtime};

/// Written from `ui/src/actions`.
const LIST: &str = include_str!("../../ui/src/actions/menu.json");

#[derive(Debug, Deserialize)]
struct Entry {
    /// The menu it stands in: "File".
    menu: String,
    /// The action; without one the entry is a line between others.
    id: Option<String>,
    #[serde(default)]
    label: String,
    /// As Tauri writes keys: `CmdOrCtrl+O`, `F8`.
    key: Option<String>,
}

/// Keys that a text field needs for itself. Given to the menu they would never reach the page, so the page keeps them.
const KEYS_OF_TEXT_FIELDS: [&str; 13] = [
    "CmdOrCtrl+Z",
    "CmdOrCtrl+Shift+Z",
    "CmdOrCtrl+Y",
    "CmdOrCtrl+X",
    "CmdOrCtrl+C",
    "CmdOrCtrl+V",
    "CmdOrCtrl+Shift+V",
    "CmdOrCtrl+A",
    "Delete",
    "CmdOrCtrl+Delete",
    "Backspace",
    "Enter",
    "Escape",
];

pub fn build<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<Menu<R>> {
    let entries: Vec<Entry> = serde_json::from_str(LIST)?;
    let menu = Menu::new(app)?;
    let mut open: Option<(String, Submenu<R>)> = None;
    for entry in &entries {
        let submenu = match &open {
            Some((name, submenu)) if *name == entry.menu => submenu.clone(),
            _ => {
                let submenu = Submenu::new(app, &entry.menu, true)?;
                menu.append(&submenu)?;
                open = Some((entry.menu.clone(), submenu.clone()));
                submenu
            }
        };
        match &entry.id {
            Some(id) => {
                let key = entry.key.as_deref().filter(|key| !KEYS_OF_TEXT_FIELDS.contains(key));
                // One alone would mark the letter behind it.
                let label = entry.label.replace('&', "&&");
                submenu.append(&MenuItem::with_id(app, id, &label, true, key)?)?;
            }
            None => submenu.append(&PredefinedMenuItem::separator(app)?)?,
        }
    }
    Ok(menu)
}

/// Quitting never asks, because nothing can be lost; everything else is the page's.
pub fn chosen<R: Runtime>(app: &AppHandle<R>, id: &str) {
    if id == "quit" {
        app.exit(0);
    } else if let Err(cause) = app.emit("action", id) {
        eprintln!("The menu's `{id}` did not reach the page: {cause}");
    }
}
