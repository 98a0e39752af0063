//! The real window on a screen of its own, driven as a person would drive it.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::actions::{
    InputSource, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction,
};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

pub struct Window {
    /// Dropped in this order: the driver closes the window, then the screen may go.
    pub page: Client,
    _driver: Stopped,
    screen: Screen,
    bus: Bus,
    home: PathBuf,
}

/// How long a person would wait before giving up, and then some for a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

impl Window {
    /// Opens the window with these arguments. `home` keeps its data; `picks` answers its dialogs, one path a line.
    pub async fn open(home: &Path, picks: &Path, arguments: &[&str]) -> Self {
        let (screen, bus) = (Screen::new(), Bus::new());
        let (port, native_port) = (free_port(), free_port());
        let driver = Command::new(tauri_driver())
            .args(["--port", &port.to_string(), "--native-port", &native_port.to_string()])
            .envs(surroundings(&screen, &bus, home))
            .env_remove("WAYLAND_DISPLAY")
            .env("MUSTER_PICK", picks)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("tauri-driver starts; `make setup` builds it");
        let driver = Stopped(driver);
        let page = connect(port, arguments).await;
        Self { page, _driver: driver, screen, bus, home: home.to_owned() }
    }

    /// Starts the program a second time, as a double-click on a file would, and waits until it has ended.
    pub fn start_again(&self, arguments: &[&str]) {
        let mut second = Command::new(env!("CARGO_BIN_EXE_muster-desktop"))
            .args(arguments)
            .envs(surroundings(&self.screen, &self.bus, &self.home))
            .env_remove("WAYLAND_DISPLAY")
            .spawn()
            .expect("it starts");
        let began = Instant::now();
        while second.try_wait().expect("it can be asked").is_none() {
            if began.elapsed() > PATIENCE {
                second.kill().expect("it can be stopped");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let ended = second.wait().expect("it has ended");
        assert!(ended.success(), "the second start failed, or went on beside the first: {ended}");
    }

    /// Closes the window, as its title bar would.
    pub async fn close(self) {
        self.page.clone().close().await.expect("the window closes");
    }

    pub async fn see(&self, css: &str) -> Element {
        self.page
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::Css(css))
            .await
            .unwrap_or_else(|cause| panic!("`{css}` did not appear: {cause}"))
    }

    /// Waits until the text of an element holds `words`, and gives it back.
    pub async fn read(&self, css: &str, words: &str) -> String {
        let began = Instant::now();
        loop {
            let script = "return document.querySelector(arguments[0])?.textContent ?? ''";
            let text = self.page.execute(script, vec![json!(css)]).await.expect("scripts run");
            let text = text.as_str().unwrap_or_default().to_owned();
            if text.contains(words) {
                return text;
            }
            assert!(began.elapsed() < PATIENCE, "`{css}` says `{text}`, not `{words}`");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn cell(&self, text: &str) -> Element {
        // Not one of the rows that are shown before the list is open: these are replaced.
        let path = format!(
            "//*[@data-pane='grid' and not(contains(@class,'provisional'))]\
             //*[contains(@class,'slick-cell')][.//*[normalize-space()='{text}']]"
        );
        // Of columns that are far out of sight there is nothing: the rows are moved sideways until it comes.
        let sideways =
            "const views = [...document.querySelectorAll(\".grid .slick-viewport-top\")];
            const view = views.find((one) => one.scrollWidth > one.clientWidth);
            if (!view) return;
            const isAtEnd = view.scrollLeft + view.clientWidth >= view.scrollWidth - 1;
            view.scrollLeft = isAtEnd ? 0 : view.scrollLeft + view.clientWidth / 2;";
        let began = Instant::now();
        let cell = loop {
            let soon = self.page.wait().at_most(Duration::from_millis(500));
            match soon.for_element(Locator::XPath(&path)).await {
                Ok(cell) => break cell,
                Err(cause) => assert!(began.elapsed() < PATIENCE, "no cell says `{text}`: {cause}"),
            }
            self.page.execute(sideways, Vec::new()).await.expect("scripts run");
        };
        let into_view = "arguments[0].scrollIntoView({ block: 'nearest', inline: 'center' })";
        let place = serde_json::to_value(&cell).expect("an element has a name");
        self.page.execute(into_view, vec![place]).await.expect("scripts run");
        cell
    }

    /// Puts the cursor on a cell.
    pub async fn choose_cell(&self, text: &str) {
        let cell = self.cell(text).await;
        let once = MouseActions::new("mouse".into())
            .then(PointerAction::MoveToElement { element: cell, duration: None, x: 0.0, y: 0.0 })
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.page.perform_actions(once).await.expect("the mouse can be used");
    }

    /// Double-clicks the cell with this text, or with this among its values, and types another one over it.
    pub async fn change_cell(&self, text: &str, becomes: &str) {
        let cell = self.cell(text).await;
        let twice = MouseActions::new("mouse".into())
            .then(PointerAction::MoveToElement { element: cell, duration: None, x: 0.0, y: 0.0 })
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT })
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.page.perform_actions(twice).await.expect("the mouse moves");
        let editor = self.see(".cell-editor").await;
        editor.clear().await.expect("the editor can be emptied");
        editor.send_keys(becomes).await.expect("it takes text");
        editor.send_keys(&char::from(Key::Enter).to_string()).await.expect("it takes Enter");
    }

    /// Presses the button that says this, in the dialog if one is open.
    pub async fn click(&self, button: &str) {
        let path = format!(
            "//button[normalize-space(.)='{button}' and not(@disabled)]\
             [ancestor::*[@role='dialog'] or not(//*[@role='dialog'])]"
        );
        self.press_element(&path, button).await;
    }

    /// Chooses the answer that begins so.
    pub async fn answer(&self, begins: &str) {
        let path = format!(
            "//label[.//strong[starts-with(normalize-space(.), '{begins}')]]//input[@type='radio']"
        );
        self.press_element(&path, begins).await;
    }

    async fn press_element(&self, path: &str, name: &str) {
        let began = Instant::now();
        loop {
            let found = self.page.wait().at_most(PATIENCE).for_element(Locator::XPath(path)).await;
            let found = found.unwrap_or_else(|cause| panic!("nothing says `{name}`: {cause}"));
            // What was found may be drawn anew, or lie below another thing for a moment.
            match found.click().await {
                Ok(()) => return,
                Err(cause) if began.elapsed() > PATIENCE => {
                    panic!("`{name}` takes no click: {cause}")
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }

    /// Does what the palette calls so.
    pub async fn command(&self, name: &str) {
        let keys = KeyActions::new("keys".into())
            .then(KeyAction::Down { value: Key::Control.into() })
            .then(KeyAction::Down { value: Key::Shift.into() })
            .then(KeyAction::Down { value: 'p' })
            .then(KeyAction::Up { value: 'p' })
            .then(KeyAction::Up { value: Key::Shift.into() })
            .then(KeyAction::Up { value: Key::Control.into() });
        self.page.perform_actions(keys).await.expect("keys can be pressed");
        self.write("[role=dialog] input", name).await;
        self.write("[role=dialog] input", &char::from(Key::Enter).to_string()).await;
    }

    /// Types into a field.
    pub async fn write(&self, css: &str, text: &str) {
        self.see(css).await.send_keys(text).await.expect("it takes text");
    }

    /// Presses Ctrl and this key.
    pub async fn press(&self, key: char) {
        let keys = KeyActions::new("keys".into())
            .then(KeyAction::Down { value: Key::Control.into() })
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key })
            .then(KeyAction::Up { value: Key::Control.into() });
        self.page.perform_actions(keys).await.expect("keys can be pressed");
    }

    /// Keeps a picture once what the page holds has been drawn.
    pub async fn keep_picture(&self, name: &str) {
        let drawn = "const done = arguments[arguments.length - 1];
            requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(() => done()), 400));";
        self.page.execute_async(drawn, vec![]).await.expect("scripts run");
        self.picture(name);
    }

    /// The whole screen, native menu included, in `target/screens`.
    fn picture(&self, name: &str) -> PathBuf {
        let folder = target().join("screens");
        std::fs::create_dir_all(&folder).expect("a folder can be made in target");
        let file = folder.join(format!("{name}.png"));
        let taken = Command::new("import")
            .env("DISPLAY", &self.screen.display)
            .args(["-window", "root"])
            .arg(&file)
            .status()
            .expect("imagemagick is installed; `make setup` does it");
        assert!(taken.success(), "no picture could be taken");
        file
    }
}

/// A story that fails leaves a picture of where it stood.
impl Drop for Window {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let story = std::thread::current().name().unwrap_or("story").to_owned();
            eprintln!("Where it stood: {}", self.picture(&format!("failed-{story}")).display());
        }
    }
}

/// A screen, a session bus and a home of its own: no window of a test meets another one, or the person's own.
fn surroundings<'a>(
    screen: &'a Screen,
    bus: &'a Bus,
    home: &'a Path,
) -> [(&'static str, &'a OsStr); 5] {
    [
        ("DISPLAY", screen.display.as_ref()),
        ("GDK_BACKEND", "x11".as_ref()),
        ("DBUS_SESSION_BUS_ADDRESS", bus.address.as_ref()),
        ("HOME", home.as_os_str()),
        ("MUSTER_HOME", home.as_os_str()),
    ]
}

async fn connect(port: u16, arguments: &[&str]) -> Client {
    let window = json!({
        "browserName": "wry",
        "tauri:options": { "application": env!("CARGO_BIN_EXE_muster-desktop"), "args": arguments },
    });
    let Value::Object(capabilities) = window else { unreachable!("it is one") };
    let began = Instant::now();
    loop {
        let attempt = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.clone())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await;
        match attempt {
            Ok(client) => return client,
            Err(cause) if began.elapsed() > PATIENCE => panic!("no window: {cause}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
        }
    }
}

/// A screen that nobody sees.
struct Screen {
    display: String,
    _server: Stopped,
}

impl Screen {
    fn new() -> Self {
        let (server, number) = served(Command::new("Xvfb").args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1360x860x24",
            "-nolisten",
            "tcp",
        ]));
        Self { display: format!(":{number}"), _server: server }
    }
}

/// A session bus that nobody else is on.
struct Bus {
    address: String,
    _server: Stopped,
}

impl Bus {
    fn new() -> Self {
        let (server, address) =
            served(Command::new("dbus-daemon").args(["--session", "--nofork", "--print-address"]));
        Self { address, _server: server }
    }
}

/// Starts a program that serves until it is stopped, and gives the first line it says.
fn served(program: &mut Command) -> (Stopped, String) {
    let name = program.get_program().to_string_lossy().into_owned();
    let mut server = program
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|_| panic!("{name} is installed; `make setup` does it"));
    let mut line = String::new();
    let output = server.stdout.take().expect("it is piped");
    BufReader::new(output).read_line(&mut line).expect("it tells where it is");
    assert!(!line.trim().is_empty(), "{name} did not start");
    (Stopped(server), line.trim().to_owned())
}

/// A program that is asked to end with this value. `Child::kill` would orphan what tauri-driver has started.
struct Stopped(Child);

impl Drop for Stopped {
    fn drop(&mut self) {
        let process = rustix::process::Pid::from_child(&self.0);
        let _ = rustix::process::kill_process(process, rustix::process::Signal::TERM);
        let _ = self.0.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    listener.local_addr().expect("it has an address").port()
}

fn target() -> PathBuf {
    // The window's program lies in target/debug.
    let program = Path::new(env!("CARGO_BIN_EXE_muster-desktop"));
    program.ancestors().nth(2).expect("it lies two folders deep").to_owned()
}

fn tauri_driver() -> PathBuf {
    target().join("tools/bin/tauri-driver")
}
