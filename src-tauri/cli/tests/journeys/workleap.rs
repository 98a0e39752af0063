//! Workleap LMS, “User import”.

use super::{holds, plan, who, with};

#[test]
fn dates_are_known_as_such_and_all_of_these_are_new_is_an_answer_and_a_hold() {
    let world = with(&["workleap-new-hires.xlsx"]);
    // `Joined` is no column that anybody has told of; its values say what it is, and which of two orders they have.
    let told = world.muster("check workleap-new-hires.xlsx --against none --format json").exits(1);
    let told = told.json();
    let dates = told["findings"].as_array().expect("findings");
    assert_eq!(dates.iter().filter(|f| f["rule"] == "date-malformed").count(), 6, "{told}");
    world.muster("fix workleap-new-hires.xlsx --against none --out fixed.xlsx").exits(0);
    let plan = plan(&world, "fixed.xlsx --against none");
    assert_eq!(who(&plan, "create").len(), 6);
    assert!(plan["people"].to_string().contains("2026-12-10"), "month before day, for all six");
    assert_eq!(holds(&plan), [("new".to_owned(), 6)]);
    assert_eq!(plan["effects"]["invitations"], 6, "each gets a mail, whatever is chosen");
    world.muster("kit fixed.xlsx --against none --out kit").exits(3);
    world.muster("kit fixed.xlsx --against none --out kit --release new=6").exits(0);
    assert!(world.has("kit/upload.xlsx"));
}
