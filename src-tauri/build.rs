fn main() {
    let attributes =
        tauri_build::Attributes::new().capabilities_path_pattern("src-tauri/capabilities/*.json");
    if let Err(failure) = tauri_build::try_build(attributes) {
        panic!("the window cannot be built: {failure:#}");
    }
}
