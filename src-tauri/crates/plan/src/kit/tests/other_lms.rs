//! Kits for an LMS that differs from EdApp in what its file can do.

use crate::kit::tests::*;
use muster_rules::rules::is_rule;

const ACME: &str = r#"
id = "acme"
name = "Acme"
summary = ""
version = "2026-11-22"
errors = "skip"
[file]
bom = true
line_end = "LF"
delimiter = ";"
formula_prefixes = "=+-@"
[key]
field = "id"
given_by = "lms"
[[field]]
id = "id"
title = "ID"
headers = ["id"]
[[field]]
id = "login"
title = "Login"
headers = ["login"]
by_hand = "the person's page"
[[field]]
id = "name"
title = "Name"
headers = ["name"]
name_part = 1
blank = "clear"
[[field]]
id = "password"
title = "Password"
headers = ["password"]
kind = "password"
keep_word = "*"
[[field]]
id = "classes"
title = "Classes"
headers = ["classes"]
separator = ","
only_with_other_changes = true
by_hand = "the page of classes"
blank = "clear"
[[field]]
id = "active"
title = "Active"
headers = ["active"]
inactive = ["no"]
[[policy]]
id = "missing"
title = "People who are not in the file"
default = "keep"
[[policy.choices]]
id = "keep"
title = "Leave them"
says = "Acme leaves them."
[[policy.choices]]
id = "deactivate"
title = "Deactivate them"
says = "Acme deactivates them."
[[policy.choices]]
id = "delete"
title = "Delete them"
says = "Acme deletes them."
"#;

const ANN: &str = "1;ann;Ann;*;A,B;yes\n";
const BEN: &str = "2;ben;'=Ben;*;A;yes\n";
const CAT: &str = "3;cat;Cat;*;;yes\n";

fn checked(snapshot: &[&str], roster: &[&str]) -> Checker {
    let text = |rows: &[&str]| format!("id;login;name;password;classes;active\n{}", rows.concat());
    let profile = Profile::parse(ACME, "acme", is_rule).expect("sound");
    check(&Arc::new(profile), &text(snapshot), &text(roster))
}

fn kit_of(checker: &Checker, missing: &str) -> Made {
    let answers = [("missing".to_owned(), missing.to_owned())].into();
    let choices = Choices::of(&checker.context().roster.profile, &answers);
    let options = plan::PlanOptions { choices, ..plan::PlanOptions::default() };
    let plan = plan::make(checker, &KIT, &options);
    kit_with(&plan, checker, &all_releases(&plan)).expect("made")
}

#[test]
fn the_file_has_the_dialect_of_its_lms() {
    let checker = checked(&[ANN, BEN], &[&ANN.replace("Ann", "\"Anna; B\""), BEN]);
    let made = kit_of(&checker, "keep");
    assert_eq!(
        made.text("upload.csv"),
        "\u{feff}id;login;name;password;classes;active\n1;ann;\"Anna; B\";*;A,B;yes\n"
    );
}

#[test]
fn what_is_done_by_hand_is_sent_as_it_was() {
    let renamed = ANN.replace("ann", "anna").replace("Ann", "Anna");
    let made = kit_of(&checked(&[ANN], &[&renamed]), "keep");
    assert!(made.text("upload.csv").ends_with("1;ann;Anna;*;A,B;yes\n"));
    assert!(
        made.text("checklist.md")
            .contains("- [ ] Ann (`1`): login `ann` becomes `anna` (the person's page)")
    );
}

#[test]
fn a_password_that_stays_is_marked_and_an_apostrophe_of_the_export_is_taken_off() {
    let checker =
        checked(&[BEN], &[&BEN.replace("*", "").replace("A;", "A,B;").replace("'=Ben", "'=Bob")]);
    let made = kit_of(&checker, "keep");
    assert!(
        made.text("upload.csv").ends_with("2;ben;=Bob;*;A,B;yes\n"),
        "{}",
        made.text("upload.csv")
    );
    assert!(made.text("undo.csv").ends_with("2;ben;=Ben;*;A;yes\n"), "{}", made.text("undo.csv"));
}

#[test]
fn a_blank_can_be_put_back_where_the_lms_clears() {
    let checker = checked(&[CAT], &[&CAT.replace("Cat;*;", "Kit;*;A")]);
    let made = kit_of(&checker, "keep");
    assert!(made.text("undo.csv").ends_with("3;cat;Cat;*;;yes\n"));
    assert_eq!(made.kit.cannot_undo, Vec::<String>::new());
}

#[test]
fn people_taken_away_come_back_by_file_only_where_a_column_says_who_is_active() {
    let checker = checked(&[ANN, BEN], &[ANN]);
    let made = kit_of(&checker, "deactivate");
    assert_eq!(made.text("upload.csv").lines().count(), 2, "everybody is in the file");
    assert!(made.text("undo.csv").ends_with("2;ben;=Ben;*;A;yes\n"));
    let (_, undo) = made.kit.checklist.split_once("## If it has").expect("both parts");
    assert!(undo.contains("Choose `undo.csv`"), "{undo}");
    let gone = kit_of(&checker, "delete");
    assert_eq!(
        gone.kit.cannot_undo,
        ["'=Ben (`2`) was deleted: a file would make somebody new of the same name."]
    );
}

#[test]
fn a_person_with_an_error_is_left_out_by_name_and_the_others_go() {
    let invented = "9;dan;Dan;Secret1;;yes\n";
    let checker = checked(&[ANN], &[&ANN.replace("Ann", "Anna"), invented]);
    let made = kit_of(&checker, "keep");
    assert!(!made.text("upload.csv").contains("dan"));
    assert!(made.text("review.html").contains(">left out<"));
    let checklist = made.text("checklist.md");
    assert!(checklist.contains("| Left out because of a problem | 1 |"));
    assert!(checklist.contains("- Dan (`9`): "), "{checklist}");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 40, failure_persistence: None, ..Default::default() })]

    /// Whoever names whom: where it can be, a new manager stands above those who name them, and everybody is there once.
    #[test]
    fn a_new_manager_stands_above_whoever_names_them(names in proptest::collection::vec(0usize..12, 1..12)) {
        let profile = Arc::new(Profile::built_in("emtrain-roster").expect("built in"));
        let header = "Email Address,First Name,Last Name,Employee ID,Manager Email\n";
        let before = format!("{header}known@example.com,Ada,Lo,k,\n");
        // Nobody names somebody of a higher number, so there is no circle; the file has them the other way round.
        let manager = |n: usize, m: usize| if m < n { format!("p{m}@example.com") } else { "known@example.com".into() };
        let rows: String = names
            .iter()
            .enumerate()
            .rev()
            .map(|(n, m)| format!("p{n}@example.com,First{n},Last{n},{n},{}\n", manager(n, *m)))
            .collect();
        let checker = check(&profile, &before, &format!("{header}{rows}known@example.com,Ada,Lo,k,\n"));
        let choices = Choices::of(&profile, &BTreeMap::from([("sync-field".to_owned(), "email".to_owned())]));
        let plan = plan::make(&checker, &KIT, &plan::PlanOptions { choices, ..Default::default() });
        let sheet = crate::kit::rows::Sheet::upload(&plan, &checker);
        let (bytes, _) = sheet.file(0..sheet.len(), &profile.file, "2026-11-28T00:00:00Z").expect("written");
        let text = String::from_utf8(bytes).expect("UTF-8");
        let place = |n: usize| text.lines().position(|line| line.starts_with(&format!("p{n}@")));
        for (n, m) in names.iter().enumerate().filter(|(n, m)| *m < n) {
            proptest::prop_assert!(place(*m) < place(n), "{text}");
        }
        proptest::prop_assert_eq!(text.lines().count(), names.len() + 1);
    }
}
