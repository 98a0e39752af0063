//! Emtrain, “Upload/Edit Learners tool”.

use super::{plan, who, with};

const EXPORT: &str = "learners-export.xlsx";

#[test]
fn whoever_is_deactivated_for_being_left_out_is_proved_as_planned() {
    let world = with(&[EXPORT, "learners-leaver-left-out.xlsx"]);
    let words = format!(
        "learners-leaver-left-out.xlsx --against {EXPORT} --policy missing=deactivate --policy blanks=keep"
    );
    let plan = plan(&world, &words);
    let leaver = who(&plan, "deactivate");
    assert_eq!(leaver.len(), 1);
    world.muster(&format!("kit {words} --out kit")).exits(0);

    // As Emtrain shows it afterwards: that learner is no longer active, and nothing else has changed.
    world.muster(&format!("copy {EXPORT} before.csv")).exits(0);
    let row = |line: &str| line.starts_with(&format!("{},", leaver[0]));
    let before = world.text("before.csv");
    let after: Vec<String> = before
        .lines()
        .map(|line| if row(line) { line.replace(",Yes,", ",No,") } else { line.to_owned() })
        .collect();
    let world = world.with("after.csv", after.join("\r\n") + "\r\n");
    let proof = world.muster(&format!("prove kit after.csv --against {EXPORT}")).exits(0);
    assert!(proof.out.contains("1 of 1 as planned"), "{}", proof.out);
    // A cell beside it is named.
    let other = world.text("after.csv").replacen(",TX,", ",DEU,", 1);
    let world = world.with("other.csv", other);
    world.muster(&format!("prove kit other.csv --against {EXPORT}")).exits(1);
    // Nobody was deactivated: that person is named.
    let world = world.with("same.csv", before);
    let proof = world.muster(&format!("prove kit same.csv --against {EXPORT}"));
    assert_ne!(proof.exit, 0, "{}", proof.out);
}

#[test]
fn an_undo_never_overwrites_with_blanks_where_passwords_are_a_column() {
    let world = with(&[EXPORT]);
    world.muster(&format!("copy {EXPORT} now.csv")).exits(0);
    let changed = world.text("now.csv").replacen(",Okafor,", ",Okafor-Lind,", 1);
    let world = world.with("now.csv", changed);
    let words = format!("now.csv --against {EXPORT} --policy blanks=clear --out kit");
    let held = world.muster(&format!("kit {words}")).exits(3);
    assert!(
        held.err.contains("(`--release password="),
        "blank passwords would overwrite: {}",
        held.err
    );
    world.muster(&format!("kit {words} --release password=1")).exits(0);
    let checklist = world.text("kit/checklist.md");
    let (upload, back) = checklist.split_once("If it has to be taken back").expect("both");
    assert!(upload.contains("Overwrite with blank cells"), "{upload}");
    assert!(back.contains("Ignore blank cells") && !back.contains("Overwrite"), "{back}");
}

#[test]
fn new_people_come_into_an_undo_once_an_export_has_their_keys() {
    let world = with(&[EXPORT]);
    world.muster(&format!("copy {EXPORT} before.csv")).exits(0);
    let before = world.text("before.csv");
    let new = |key: &str, password: &str| {
        format!(
            "{key},said9,{password},Noor,Said,noor.said@delta.example,Yes,TX,00099,2026-12-01\r\n"
        )
    };
    let world = world.with("now.csv", format!("{before}{}", new("", "Secret-42x")));
    let words = format!("now.csv --against {EXPORT} --policy blanks=keep --out kit --format json");
    let kit = world.muster(&format!("kit {words}")).exits(0).json();
    let cannot = kit["cannot_undo"].to_string();
    assert!(cannot.contains("Noor Said") && cannot.contains("fresh export"), "{cannot}");
    let world = world.with("after.csv", format!("{before}{}", new("2099", "")));
    let proof = format!("prove kit after.csv --against {EXPORT}");
    let told = world.muster(&format!("{proof} --undo back.csv --format json")).exits(0).json();
    assert_eq!(told["undo"], 1);
    // Emtrain's own form, whatever the file is called: read it as such.
    let back = world.read("back.csv");
    let world = world.with("back.xls", back);
    world.muster("copy back.xls shown.csv").exits(0);
    let shown = world.text("shown.csv");
    assert_eq!(shown.lines().count(), 2, "{shown}");
    assert!(shown.contains("2099,said9,,Noor,Said,noor.said@delta.example,No,"), "{shown}");
    world.muster(&format!("prove kit before.csv --against {EXPORT} --undo none.csv")).exits(2);
}

#[test]
fn the_kit_is_the_old_workbook_that_emtrain_takes_and_excel_is_not_asked() {
    let world = with(&[EXPORT, "learners-leaver-left-out.xlsx"]);
    let asked = format!(
        "kit learners-leaver-left-out.xlsx --against {EXPORT} --policy missing=deactivate --policy blanks=keep --out kit"
    );
    world.muster(&asked).exits(0);
    assert!(world.has("kit/upload.xls") && !world.has("kit/upload.xlsx"));
    let checklist = world.text("kit/checklist.md");
    assert!(checklist.contains("`upload.xls`") && !checklist.contains("save it as"), "{checklist}");
    // What was a text in the export is the same text in the upload: no key loses its zeros.
    world.muster("copy kit/upload.xls sent.csv").exits(0);
    world.muster(&format!("copy {EXPORT} had.csv")).exits(0);
    let lines =
        |file: &str| -> Vec<String> { world.text(file).lines().map(str::to_owned).collect() };
    let (sent, had) = (lines("sent.csv"), lines("had.csv"));
    assert_eq!(sent[0], had[0], "the header of the download");
    assert!(sent.len() > 1 && sent.iter().all(|line| had.contains(line)), "{sent:#?}\n{had:#?}");
}

#[test]
fn a_login_that_the_report_lacks_is_filled_for_new_people_and_kept_for_the_others() {
    let world = with(&[EXPORT, "learners-hr-report.xlsx"]);
    let words = format!("--against {EXPORT} --profile emtrain-learners --policy sync-field=email");
    let fix = format!("fix learners-hr-report.xlsx {words} --out now.csv");
    let fix: Vec<&str> = fix.split(' ').chain(["--fill", "Login Name={Work mail}"]).collect();
    world.muster_with(&fix).exits(0);
    let plan = plan(&world, &format!("now.csv {words} --policy blanks=keep"));
    assert_eq!(who(&plan, "create"), ["noor.said@delta.example"]);
    assert_eq!(plan["counts"]["update"], 0, "nobody who is known gets another login: {plan}");
    world.muster(&format!("kit now.csv {words} --policy blanks=keep --out kit")).exits(0);
    world.muster("copy kit/upload.xls upload.csv").exits(0);
    let upload = world.text("upload.csv");
    let noor = ",noor.said@delta.example,,Noor,Said,noor.said@delta.example,Yes,";
    assert!(upload.lines().nth(1).expect("one learner").starts_with(noor), "{upload}");
    let method = "choose “Sync LMS Dashboard to HRIS Spreadsheet”, and `Email Address` as the key";
    let checklist = world.text("kit/checklist.md");
    assert!(checklist.contains(method), "by Emtrain's own word: {checklist}");
}

#[test]
fn a_mistyped_key_is_no_advice_to_type_it_into_the_lms() {
    let world = with(&[EXPORT]);
    world.muster(&format!("copy {EXPORT} now.csv")).exits(0);
    let words =
        ["--against", EXPORT, "--policy", "blanks=keep", "--policy", "sync-field=Employee ID"];
    let told = |now: String| {
        std::fs::write(world.path("now.csv"), now).expect("written");
        world.muster_with(&[&["plan", "now.csv"], &words[..]].concat()).out
    };
    let as_it_was = world.text("now.csv");
    let slip = told(as_it_was.replacen(",00032,", ",O0032,", 1));
    for part in [
        "only if it is meant: it looks like `00032` mistyped, which is to be put right in the list",
        "`O0032` looks like `00032` mistyped: if it is, put that right in the list",
        "· left alone Jonas Brandt (00032), line 3",
        "· 1 left alone, 9 the same",
    ] {
        assert!(slip.contains(part), "{part}: {slip}");
    }
    // Another number is meant, and so is a change with another name.
    let meant = told(as_it_was.replacen(",00032,", ",77181,", 1));
    assert!(meant.contains("`00032` → `77181`") && !meant.contains("mistyped"), "{meant}");
    let married =
        as_it_was.replacen(",00032,", ",00033x,", 1).replacen(",Brandt,", ",Lindqvist,", 1);
    let married = told(married);
    assert!(!married.contains("mistyped"), "{married}");
}

#[test]
fn a_report_of_the_hr_system_says_by_which_column_people_were_found() {
    let world = with(&[EXPORT, "learners-hr-report.xlsx"]);
    let words = ["--against", EXPORT, "--policy", "sync-field=email"];
    let ask = |command: &str, more: &[&str]| {
        world.muster_with(&[&[command, "learners-hr-report.xlsx"], &words[..], more].concat())
    };
    for command in ["check", "plan"] {
        let told = ask(command, &[]).out;
        assert!(told.contains("Worked with the choice sync-field=Email Address."), "{told}");
    }
    let check = ask("check", &["--format", "json"]).json();
    assert_eq!(check["roster"]["sync_field"], "Email Address");
    // Where nothing had to be settled, nobody is told of it.
    let own = world.muster(&format!("check {EXPORT} --against {EXPORT}")).out;
    assert!(!own.contains("sync-field"), "{own}");
}

#[test]
fn a_column_that_is_taken_for_the_key_is_not_said_to_be_missing() {
    let world = with(&[EXPORT, "learners-hr-report.xlsx"]);
    world.muster("copy learners-hr-report.xlsx hr.csv").exits(0);
    let report = world.text("hr.csv").replacen("Emp No", "Username", 1);
    let world = world.with("hr.csv", report);
    let words = ["hr.csv", "--against", EXPORT, "--map", "Username=Employee ID"];
    for command in ["check", "plan"] {
        let told = world.muster_with(&[&[command], &words[..]].concat()).out;
        let why = "needs `Login Name` of somebody new, and the file's column `Username` is taken for `Employee ID`";
        assert!(told.contains(why), "{told}");
    }
}

#[test]
fn an_export_that_nobody_touched_tells_once_for_a_column_what_is_only_not_documented() {
    let header = "KEY,Login Name,Password,First Name,Last Name,Email Address,Active,Location";
    let row = |n: u32| {
        let (first, last) =
            (["Léa", "Jörg", "Ana"][n as usize % 3], ["Muñoz", "Li"][n as usize % 2]);
        format!("{},login{n:03},,{first},{last},p{n}@delta.example,Yes,TX", 2000 + n)
    };
    let export = format!("{header}\n{}\n", (1..61).map(row).collect::<Vec<_>>().join("\n"));
    let world = with(&[]).with("export.csv", export);
    let check = world.muster("check export.csv --against export.csv --format json").exits(0).json();
    let told: Vec<String> = check["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|f| format!("{} {}", f["rule"].as_str().expect("text"), f["column"]))
        .collect();
    assert_eq!(told, ["as-exported \"First Name\"", "as-exported \"Last Name\""], "{check:#}");
    let first = check["findings"][0]["message"].as_str().expect("text");
    assert!(first.starts_with("40 cells are as Emtrain LMS exported them"), "{first}");
}
