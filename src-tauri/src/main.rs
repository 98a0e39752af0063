//! Opens the window. What it can do is the engine's; this is the frame around the page.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod dialogs;
mod host;
mod menu;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use tauri::{AppHandle, Manager, Url, WebviewUrl, WebviewWindowBuilder};
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
    let folder = std::env::current_dir().unwrap_or_default();
    let start = host::Start::of(&arguments, &folder);
    tauri::Builder::default()
        .plugin(
            tauri_plugin_single_instance::Builder::new()
                .dbus_id(name_on_the_bus(home))
                .callback(|app, arguments, folder| started_again(app, &arguments, &folder))
                .build(),
        )
        .plugin(
            tauri_plugin_window_state::Builder::new()
                .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
                .with_filename(place.to_string_lossy())
                .build(),
        )
        .manage(Arc::new(engine))
        .manage(host::Starts::new(start))
        .manage(dialogs::Picks::from_environment())
        .invoke_handler(tauri::generate_handler![
            host::call,
            host::start,
            host::open_address,
            dialogs::pick_file,
            dialogs::pick_save,
            dialogs::pick_folder,
        ])
        .menu(menu::build)
        .on_menu_event(|app, event| menu::chosen(app, event.id().as_ref()))
        .setup(move |app| Ok(open(app.handle(), webview_data)?))
        .run(tauri::generate_context!())
}

/// One program for each data folder, on systems where it is found by a name of our choice; elsewhere one for each person.
fn name_on_the_bus(home: &Path) -> String {
    let mut folder = DefaultHasher::new();
    home.hash(&mut folder);
    format!("com.example.muster.home{:016x}", folder.finish())
}

/// Somebody started the program while it runs: a second window would only be in the way of the first.
fn started_again(app: &AppHandle, arguments: &[String], folder: &str) {
    let shown = app.get_webview_window("main").map_or(Ok(()), |window| {
        window.unminimize()?;
        window.show()?;
        window.set_focus()
    });
    // The other program has read its arguments before it handed them over.
    let start = Arguments::try_parse_from(arguments)
        .map(|arguments| host::Start::of(&arguments, Path::new(folder)))
        .unwrap_or_default();
    if let Err(cause) = shown.and_then(|()| app.state::<host::Starts>().again(app, start)) {
        eprintln!("What a second start asked for could not be shown: {cause}");
    }
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
        // Without it WebKitGTK lets no page copy, and says so to nobody.
        .enable_clipboard_access()
        .on_navigation(own_page)
        .build()?
        .set_focus()
}
