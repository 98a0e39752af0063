//! Secrets in a real keychain: GNOME's, on a message bus of the test's own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use muster_engine::session::Engine;
use serde_json::{Value, json};

use crate::facility::{Facility, said};
use crate::kolibri_server::{ADMIN, KolibriServer, PASSWORD, holds};

/// Says to the part of the test that runs beside the keychain where its folder and its Kolibri are.
const INSIDE: &str = "MUSTER_TEST_KEYCHAIN";

#[test]
#[ignore = "needs Kolibri and a keychain: `make test ONLY=connectors`"]
fn a_secret_is_in_the_keychain_and_nowhere_else_and_the_command_finds_it_there() {
    let facility = Facility::new();
    let server = KolibriServer::new(&facility);
    let home = facility.path("home-of-the-keychain");
    std::fs::create_dir_all(home.join("run")).expect("folders");
    private(&home.join("run"));
    let this = std::env::current_exe().expect("this test");
    let inside = format!("{}\n{}", facility.path("data").display(), server.port());
    let output = Command::new("dbus-run-session")
        .args(["--", "bash", "-c"])
        .arg("printf word | gnome-keyring-daemon --unlock --components=secrets > /dev/null & sleep 2; exec \"$0\" --ignored --exact --nocapture keychain::inside")
        .arg(this)
        .env("HOME", &home)
        .env("XDG_RUNTIME_DIR", home.join("run"))
        .env("XDG_DATA_HOME", home.join("share"))
        .env(INSIDE, inside)
        .output()
        .expect("a message bus");
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("1 passed"), "{}", said(&output));
    assert_eq!(holds(&facility.path("data"), PASSWORD), None);
}

#[cfg(unix)]
fn private(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::Permissions::from_mode(0o700);
    std::fs::set_permissions(folder, mode).expect("set");
}

#[cfg(not(unix))]
fn private(_: &Path) {}

/// Runs on the bus of the test above; alone it has nothing to do.
#[test]
#[ignore = "the test above runs it"]
fn inside() {
    let Ok(inside) = std::env::var(INSIDE) else { return };
    let (data, port) = inside.split_once('\n').expect("two lines");
    let data = PathBuf::from(data);
    let engine = || Engine::new(&data, data.join("profiles"), SystemTime::now);
    let call = |name: &str, request: Value| {
        engine().call(name, request).unwrap_or_else(|failure| panic!("{name}: {failure}"))
    };
    let mut form = json!({
        "id": null, "name": "Peer School", "connector": "kolibri",
        "address": format!("http://127.0.0.1:{port}/"), "user": ADMIN, "options": {}, "secret": PASSWORD,
    });
    // Known before anything is kept.
    assert_eq!(call("connections", Value::Null)["keychain"], true);
    let saved = call("save_connection", form.clone());
    assert_eq!(saved["secret_kept"], true);
    let listed = call("connections", Value::Null);
    assert_eq!(listed["saved"][0]["has_secret"], true, "{listed:#}");

    // The command shares it.
    let out = data.join("fetched.csv");
    let fetch = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
        command.args(["fetch", "--from", "Peer School", "--replace", "--out"]).arg(&out);
        command.env("MUSTER_HOME", &data).env_remove("MUSTER_SECRET").output().expect("starts")
    };
    assert!(fetch().status.success(), "{}", said(&fetch()));

    // A new address takes the secret along; what is removed is forgotten.
    form["id"] = saved["id"].clone();
    form["secret"] = Value::Null;
    form["address"] = json!(format!("http://localhost:{port}/"));
    assert_eq!(call("save_connection", form)["secret_kept"], true);
    assert!(fetch().status.success(), "{}", said(&fetch()));
    call("remove_connection", json!({ "id": saved["id"] }));
    let refused = fetch();
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    for name in ["127.0.0.1", "localhost"] {
        let kept = format!("{ADMIN} kolibri+http://{name}:{port}/");
        assert_eq!(muster_engine::connect::secrets::kept(&kept).expect("read"), None);
    }
}
