//! Opens the window. What it can do is the engine's; this is the frame around the page.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod dialogs;
mod host;
mod menu;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use tauri::{AppHandle, Url, WebviewUrl, WebviewWindowBuilder};
use tauri_plugin_window_state::StateFlags;

/// Edit the roster of a learning management system offline.
#[derive(Debug, Parser)]
#[command(name = "muster-desktop", version)]
pub struct Arguments {
    /// The export to open.
    pub file: Option<PathBuf>,
    /// Opens the sample roster with its earlier snapshot.
    #[arg(long, conflicts_with = "file")]
    pub sample: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    host::spare_the_processor();
    let outcome =
        host::engine().map_err(|failure| failure.to_string()).and_then(|(engine, home)| {
            window(arguments, engine, &home).map_err(|cause| format!("the window: {cause}"))
        });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("muster-desktop could not start: {sentence}");
            dialogs::tell_it_cannot_start(&sentence);
            ExitCode::from(2)
        }
    }
}

fn window(
    arguments: Arguments,
    engine: muster_engine::session::Engine,
    home: &Path,
) -> tauri::Result<()> {
    let webview_data = home.join("window");
    let place = webview_data.join("place.json");
    tauri::Builder::default()
        .plugin(
            tauri_plugin_window_state::Builder::new()
                .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
                .with_filename(place.to_string_lossy())
                .build(),
        )
        .manage(Arc::new(engine))
        .manage(arguments)
        .manage(dialogs::Picks::from_environment())
        .invoke_handler(tauri::generate_handler![
            host::call,
            host::start,
            dialogs::pick_file,
            dialogs::pick_save,
            dialogs::pick_folder,
        ])
        .menu(menu::build)
        .on_menu_event(|app, event| menu::chosen(app, event.id().as_ref()))
        .setup(move |app| Ok(open(app.handle(), webview_data)?))
        .run(tauri::generate_context!())
}

fn open(app: &AppHandle, webview_data: PathBuf) -> tauri::Result<()> {
    let own_page = |url: &Url| {
        url.scheme() == "tauri"
            || url.host_str() == Some("tauri.localhost")
            || (tauri::is_dev() && url.host_str() == Some("localhost"))
    };
    WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
        .title("Muster")
        .inner_size(1360.0, 860.0)
        .min_inner_size(900.0, 560.0)
        .data_directory(webview_data)
        .on_navigation(own_page)
        .build()?
        .set_focus()
}
