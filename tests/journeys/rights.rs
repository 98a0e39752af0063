//! Without permission there is a sentence. Whoever runs the tests may be allowed everything, so a child gives that up.
#![cfg(target_os = "linux")]

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::home::{Computer, Muster, engine_in};

const FOLDER: &str = "MUSTER_TEST_FOLDER";

/// Not a test by itself: works in a folder where some things are not allowed.
#[test]
#[ignore = "the child of the test below"]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let folder = Path::new(&folder);
    let muster = Muster { engine: engine_in(&folder.join("mine")) };
    let told = muster.refused("open", json!({ "path": folder.join("secret.csv") }));
    assert_eq!(
        told.to_string(),
        "`secret.csv` could not be read: you may not use it. Ask for permission, or choose another folder."
    );
    muster.open(&folder.join("mine/staff.csv"));
    let copy = json!({ "path": folder.join("readonly/copy.csv"), "replace": false });
    let told = muster.refused("save_copy", copy);
    assert_eq!(
        told.to_string(),
        "`copy.csv` could not be written: you may not use it. Ask for permission, or choose another folder."
    );
    let elsewhere = Muster { engine: engine_in(&folder.join("readonly")) };
    let told = elsewhere.refused("home", Value::Null);
    assert!(told.to_string().contains("you may not use it"), "{told}");
    println!("\nrefused thrice");
}

#[test]
fn a_file_or_folder_that_may_not_be_used_is_told() {
    let computer = Computer::new();
    let folder = computer.path("");
    for (name, mode) in [("mine", 0o777), ("readonly", 0o555)] {
        fs::create_dir(computer.path(name)).expect("made");
        fs::set_permissions(computer.path(name), Permissions::from_mode(mode)).expect("set");
    }
    computer.write("mine/staff.csv", "email,name\na@example.com,Ada\n");
    computer.write("secret.csv", "email,name\na@example.com,Ada\n");
    fs::set_permissions(computer.path("secret.csv"), Permissions::from_mode(0o000)).expect("set");
    fs::set_permissions(&folder, Permissions::from_mode(0o755)).expect("set");
    // Where this program lies others may not be allowed to look.
    let program = computer.path("journeys");
    // Copied by another process: a test beside this one that starts a program would take the open copy along, and
    // what is open for writing cannot be run.
    let copied = Command::new("cp")
        .arg(std::env::current_exe().expect("this program"))
        .arg(&program)
        .status();
    assert!(copied.is_ok_and(|status| status.success()));
    let is_root = fs::metadata("/proc/self").expect("there").uid() == 0;
    let mut command = if is_root {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&program);
        command
    } else {
        Command::new(&program)
    };
    let output = command
        .args(["rights::child", "--exact", "--ignored", "--nocapture"])
        .env(FOLDER, &folder)
        .current_dir("/")
        .output()
        .expect("the child ran");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("refused thrice"), "{told}{}", String::from_utf8_lossy(&output.stderr));
}
