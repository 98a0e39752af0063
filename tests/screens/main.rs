//! A few stories in the real window: they prove that page, shell and engine are joined. What the page can do is tested
//! in the browser, what the engine can do in the engine.
#![cfg(target_os = "linux")]

mod window;

use std::path::PathBuf;

use tempfile::TempDir;
use window::Window;

struct World {
    folder: TempDir,
}

impl World {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder for the test") }
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    async fn open(&self, arguments: &[&str]) -> Window {
        std::fs::create_dir_all(self.home()).expect("a home can be made");
        Window::open(&self.home(), &self.folder.path().join("picks.txt"), arguments).await
    }
}

fn story(steps: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(steps);
}

#[test]
#[ignore = "opens a window: `make test ONLY=window`"]
fn the_window_opens() {
    story(async {
        let world = World::new();
        let window = world.open(&[]).await;
        window.see("main").await;
        window.read("h1", "Muster").await;
        window.keep_picture("home");
        window.close().await;
    });
}
