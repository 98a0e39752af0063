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
use tauri::{
    AppHandle, DragDropEvent, Manager, PhysicalPosition, PhysicalSize, Url, WebviewUrl,
    WebviewWindow, WebviewWindowBuilder, WindowEvent,
};
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
    start.file.iter().for_each(|file| host::was_handed_in(&engine, Path::new(file)));
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
            host::open_folder,
            host::open_checklist,
            dialogs::pick_file,
            dialogs::pick_save,
            dialogs::pick_folder,
        ])
        .menu(menu::build)
        .on_window_event(|window, event| {
            if let WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) = event {
                let engine = window.state::<Arc<muster_engine::session::Engine>>();
                paths.iter().for_each(|path| host::was_handed_in(&engine, path));
            }
        })
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
    let engine = app.state::<Arc<muster_engine::session::Engine>>();
    start.file.iter().for_each(|file| host::was_handed_in(&engine, Path::new(file)));
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
    let (least_wide, least_high) = least_size(app)?;
    let window = WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
        .title("Muster")
        .inner_size(1360.0, 860.0)
        .min_inner_size(least_wide, least_high)
        .data_directory(webview_data)
        // Without it WebKitGTK lets no page copy, and says so to nobody.
        .enable_clipboard_access()
        .on_navigation(own_page)
        .build()?;
    bring_into_view(&window)?;
    window.set_focus()
}

/// What the page needs at least, but never more than the screen has: letters of twice the size leave half of it.
fn least_size(app: &AppHandle) -> tauri::Result<(f64, f64)> {
    let (wide, high) = (900.0_f64, 560.0_f64);
    let Some(monitor) = app.primary_monitor()? else { return Ok((wide, high)) };
    let room = monitor.work_area().size.to_logical::<f64>(monitor.scale_factor());
    // The frame around it has its title and its menu.
    Ok((wide.min(room.width), high.min((room.height - 80.0).max(240.0))))
}

/// A size and place that were remembered may be of a screen that is no longer there, or was larger.
fn bring_into_view(window: &WebviewWindow) -> tauri::Result<()> {
    let monitor =
        window.current_monitor()?.map_or_else(|| window.primary_monitor(), |m| Ok(Some(m)))?;
    let Some(monitor) = monitor else { return Ok(()) };
    let (room, size, place) = (monitor.work_area(), window.outer_size()?, window.outer_position()?);
    let fits =
        PhysicalSize::new(size.width.min(room.size.width), size.height.min(room.size.height));
    if fits != size {
        window.set_size(fits)?;
    }
    let within = |at: i32, from: i32, room: u32, size: u32| {
        let last = i64::from(from) + i64::from(room) - i64::from(size);
        at.clamp(from, i32::try_from(last).unwrap_or(from).max(from))
    };
    let seen = PhysicalPosition::new(
        within(place.x, monitor.position().x, monitor.size().width, fits.width),
        within(place.y, monitor.position().y, monitor.size().height, fits.height),
    );
    if seen != place {
        window.set_position(seen)?;
    }
    Ok(())
}
