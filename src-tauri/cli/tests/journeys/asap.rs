//! Kaspersky ASAP, “Importing users”.

use super::with;

#[test]
fn the_kit_is_headed_as_the_platform_heads_it_and_not_as_the_file_at_hand() {
    let world = with(&["asap-reference-capital.xlsx"]);
    let words = "kit asap-reference-capital.xlsx --against none --out kit";
    world.muster(words).exits(0);
    world.muster("copy kit/upload.xlsx upload.csv").exits(0);
    assert!(world.text("upload.csv").starts_with("Email,userName,reference"));
    // What somebody copies for themselves is as they had it.
    world.muster("copy asap-reference-capital.xlsx copy.csv").exits(0);
    assert!(world.text("copy.csv").starts_with("Email,userName,Reference"));
}
