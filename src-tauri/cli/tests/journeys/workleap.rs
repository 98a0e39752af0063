//! Workleap LMS, “User import”.

use super::{holds, plan, who, with};

#[test]
fn all_of_these_are_new_is_an_answer_and_a_hold() {
    let world = with(&["workleap-new-hires.xlsx"]);
    let plan = plan(&world, "workleap-new-hires.xlsx --against none");
    assert_eq!(who(&plan, "create").len(), 6);
    assert_eq!(holds(&plan), [("new".to_owned(), 6)]);
    assert_eq!(plan["effects"]["invitations"], 6, "each gets a mail, whatever is chosen");
    world.muster("kit workleap-new-hires.xlsx --against none --out kit").exits(3);
    world.muster("kit workleap-new-hires.xlsx --against none --out kit --release new=6").exits(0);
    assert!(world.has("kit/upload.xlsx"));
}
