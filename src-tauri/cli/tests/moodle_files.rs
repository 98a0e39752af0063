//! Moodle's own exports, and what its upload makes of a file: read, checked, planned, and made into a kit.

use crate::world::{Answer, World};

const HEADER: &str = "id,username,email,firstname,lastname,idnumber,institution,department,phone1,phone2,city,country,profile_field_costcentre";

/// As “Bulk user actions” writes it: with a mark at the front, line feeds, and quotes where a blank is.
fn bulk() -> String {
    format!(
        "\u{feff}{HEADER}\n\
         130,anna.berg,anna.berg@example.com,Anna,Berg,000071,Northwind,\"Ops & Co\",\"+47 111\",,Oslo,NO,CC-001\n\
         195,bob.finn,bob.finn@example.com,Bob,\"Ó Súilleabháin\",000072,Northwind,\"Ops & Co\",,,Zürich,CH,CC-002\n\
         196,cora.diaz,cora.diaz@example.com,Cora,O'Neil,000073,Northwind,Sales,,,Graz,AT,\n"
    )
}

fn world() -> World {
    World::new().with("had.csv", bulk())
}

/// The bulk export with one more column, with these values.
fn with_column(name: &str, values: [&str; 3]) -> String {
    let mut text = String::new();
    for (line, more) in bulk().lines().zip([name].into_iter().chain(values)) {
        text.push_str(&format!("{line},{more}\n"));
    }
    text
}

fn plan(world: &World, file: &str) -> Answer {
    world.muster(&format!("plan {file} --against had.csv"))
}

#[track_caller]
fn tells(answer: &str, sentences: &[&str]) {
    for sentence in sentences {
        assert!(answer.contains(sentence), "`{sentence}` is not in\n{answer}");
    }
}

#[test]
fn the_export_of_bulk_actions_opens_and_is_checked_as_text_and_as_workbook() {
    let world = world();
    let told = world.muster("check had.csv").exits(0).out;
    tells(&told, &["Read as Moodle. 12 of 13 columns match.", "0 problems"]);
    world.muster("fix had.csv --out had.xlsx").exits(0);
    tells(&world.muster("check had.xlsx").exits(0).out, &["Read as Moodle.", "0 problems"]);
}

#[test]
fn the_export_becomes_a_kit_that_has_every_column_as_moodle_heads_it() {
    let world = world().with("new.csv", bulk().replace("Oslo", "Bergen"));
    world.muster("kit new.csv --against had.csv --out kit --release change=1").exits(0);
    assert_eq!(
        world.text("kit/upload.csv"),
        format!(
            "{HEADER}\n130,anna.berg,anna.berg@example.com,Anna,Berg,000071,Northwind,Ops & Co,+47 111,,Bergen,NO,CC-001\n"
        )
    );
    assert!(world.text("kit/undo.csv").contains(",Oslo,"));
}

#[test]
fn columns_that_the_upload_knows_are_sent_whatever_their_number_and_others_refuse_the_file() {
    let all = "username,firstname,lastname,email,emailstop,lang,timezone,mailformat,maildisplay,maildigest,\
               htmleditor,autosubscribe,description,descriptionformat,auth,suspended,theme,mnethostid,interests,\
               middlename,alternatename,firstnamephonetic,lastnamephonetic,cohort1,cohort12,course3,group3,role3,\
               type4,sysrole2,enrolperiod3,enrolstatus3,enroltimestart3,profile_field_shoes";
    let row = |name: &str| {
        let blanks = ",".repeat(all.split(',').count() - 4);
        format!("{name},Ada,Lo,{name}@example.com{blanks}\n")
    };
    let world = World::new()
        .with("had.csv", format!("{all}\n{}", row("ada")))
        .with("new.csv", format!("{all}\n{}", row("ada").replace("Lo", "Low")))
        .with("bad.csv", format!("{},shoes\n{},1\n", all, row("ada").trim_end()));
    let told = world.muster("check new.csv").exits(0).out;
    assert!(!told.contains("[header-"), "{told}");
    world.muster("kit new.csv --against had.csv --out kit --release change=1").exits(0);
    assert_eq!(world.text("kit/upload.csv").lines().next(), Some(all));
    let told = world.muster("check bad.csv").exits(1).out;
    tells(&told, &["error[header-unknown] shoes: Moodle does not know the column `shoes`"]);
}

#[test]
fn a_cohort_that_is_not_there_is_told_with_how_many_and_digits_are_moodles_own_number() {
    let world = world()
        .with("new.csv", with_column("cohort7", ["SAFETY", "4711", "SAFETY"]))
        .with("cohorts.txt", "SAFETY\n");
    let told = plan(&world, "new.csv").out;
    tells(
        &told,
        &[
            "Moodle makes a new cohort of each name that it does not have. Nobody is known to be in these yet: `SAFETY` (2 people).",
            "Digits alone are Moodle's own number of a cohort, whatever anybody calls it: `4711` (1 person).",
        ],
    );
    let listed = world.muster("plan new.csv --against had.csv --list groups=cohorts.txt").out;
    assert!(!listed.contains("makes a new cohort"), "{listed}");
    let told = world.muster("check new.csv --against had.csv").out;
    tells(&told, &["warning[own-number] line 3, cohort7"]);
    world.muster("kit new.csv --against had.csv --out kit --release change=3").exits(0);
    tells(&world.text("kit/checklist.md"), &["`SAFETY` (2 people)", "`4711` (1 person)"]);
    tells(&world.text("kit/upload.csv"), &["cohort7", ",SAFETY\n", ",4711\n"]);
}

#[test]
fn a_cohort_is_known_whichever_of_its_columns_somebody_has_it_in() {
    let world = World::new()
        .with("had.csv", with_column("cohort1", ["SAFETY", "NIGHT", ""]))
        .with("new.csv", with_column("cohort2", ["NIGHT", "", "MORNING"]));
    let told = plan(&world, "new.csv").out;
    tells(&told, &["Nobody is known to be in these yet: `MORNING` (1 person)."]);
}

#[test]
fn a_file_takes_nobody_out_of_a_cohort() {
    let world = World::new()
        .with("had.csv", with_column("cohort1", ["SAFETY", "NIGHT", "SAFETY"]))
        .with("new.csv", with_column("cohort1", ["NIGHT", "", "SAFETY"]));
    let told = plan(&world, "new.csv").out;
    tells(
        &told,
        &[
            "cohort1: `SAFETY` → `NIGHT`; `SAFETY` stays too: a file takes nobody out of it",
            "a file takes nobody out of anything in Moodle",
        ],
    );
    assert!(!told.contains("lose a group"), "{told}");
}

#[test]
fn a_role_with_a_minus_before_it_is_taken_away_and_counted() {
    let world = world().with("new.csv", with_column("sysrole1", ["-manager", "manager", ""]));
    let told = plan(&world, "new.csv").out;
    tells(
        &told,
        &[
            "Moodle takes away, as system role: `-manager` (1 person).",
            "1 person would lose a group or role.",
            "sysrole1: nothing → `-manager`; Moodle takes `manager` away",
        ],
    );
}

#[test]
fn deleted_people_are_left_to_somebodys_hand() {
    let world = world().with("new.csv", with_column("deleted", ["1", "0", ""]));
    let told = plan(&world, "new.csv").out;
    tells(&told, &["nothing brings back whoever is deleted"]);
    let edited = with_column("deleted", ["1", "0", ""]).replace("Oslo", "Bergen");
    let world = world.with("more.csv", edited);
    world.muster("kit more.csv --against had.csv --out kit --release change=1").exits(0);
    let upload = world.text("kit/upload.csv");
    assert!(upload.lines().nth(1).is_some_and(|row| row.ends_with(",NO,,CC-001")), "{upload}");
}

#[test]
fn the_checklist_sets_every_switch_that_the_plan_relies_on() {
    let world = world().with("new.csv", bulk().replace("Oslo", "Bergen"));
    world.muster("kit new.csv --against had.csv --out kit --release change=1").exits(0);
    let list = world.text("kit/checklist.md");
    tells(
        &list,
        &[
            "The switch that matters most, “Existing user details”: choose “Override with file”.",
            "It stands at “No changes” until you choose: then nobody who exists is changed",
            "“Upload type”: “Add new and update existing users”.",
            "“New user password”: choose “Create password if needed and send via email”.",
            "“Existing user password”: “No changes”.",
            "“Force password change”: “Users having a weak password”.",
            "“Allow renames”: No.",
            "“Allow deletes”: No.",
            "“Match on email address”: No.",
            "“Allow suspending and activating of accounts”: Yes.",
            "“Prevent email address duplicates”: Yes",
            "“Standardise usernames”: Yes.",
            "“Default values”",
        ],
    );
}

#[test]
fn a_blank_empties_what_moodle_empties_and_keeps_the_rest() {
    let columns = "username,firstname,lastname,email,city,lang,auth,suspended,timezone";
    let row = |rest: &str| format!("{columns}\nada,Ada,Lo,ada@example.com,{rest}\n");
    let world = World::new()
        .with("had.csv", row("Graz,de,ldap,1,Europe/Vienna"))
        .with("new.csv", row(",,,,"));
    let told = plan(&world, "new.csv").out;
    tells(&told, &["city: `Graz` → nothing", "timezone: `Europe/Vienna` → nothing"]);
    for kept in ["lang: `de`", "auth: `ldap`", "suspended: `1`"] {
        let line = told.lines().find(|line| line.contains(kept)).unwrap_or_default();
        assert!(line.contains("Moodle keeps what it has"), "{kept}: {told}");
    }
}

#[test]
fn whoever_is_new_is_suspended_by_the_undo_file_though_the_export_has_no_such_column() {
    let new = "197,dan.eek,dan.eek@example.com,Dan,Eek,000074,,,,,,,\n";
    let world = world().with("new.csv", bulk() + new);
    world.muster("kit new.csv --against had.csv --out kit").exits(0);
    let undo = world.text("kit/undo.csv");
    assert_eq!(undo.lines().next(), Some(&*format!("{HEADER},suspended")));
    assert!(undo.lines().nth(1).is_some_and(|row| row.ends_with(",1")), "{undo}");
}

#[test]
fn whoever_has_another_username_is_renamed_by_the_kit_and_back_by_its_undo() {
    let renamed = bulk().replace("anna.berg,", "anna.holm,").replace("Berg", "Holm");
    let world = world().with("new.csv", renamed);
    let held = world.muster("kit new.csv --against had.csv --out kit").exits(3);
    tells(&held.err, &["The file has the new key, and the old one beside it"]);
    world
        .muster("kit new.csv --against had.csv --out kit --release key=1 --release change=1")
        .exits(0);
    let upload = world.text("kit/upload.csv");
    assert_eq!(upload.lines().next(), Some(&*format!("{HEADER},oldusername")));
    assert_eq!(
        upload.lines().nth(1),
        Some(
            "130,anna.holm,anna.berg@example.com,Anna,Holm,000071,Northwind,Ops & Co,+47 111,,Oslo,NO,CC-001,anna.berg"
        )
    );
    let undo = world.text("kit/undo.csv");
    assert!(undo.lines().nth(1).is_some_and(|row| row.starts_with("130,anna.berg,")), "{undo}");
    assert!(undo.lines().nth(1).is_some_and(|row| row.ends_with(",anna.holm")), "{undo}");
    let list = world.text("kit/checklist.md");
    assert_eq!(list.matches("“Allow renames”: Yes, as 1 person is renamed.").count(), 2, "{list}");
    assert!(!list.contains("To do by hand"), "{list}");
    let after = bulk().replace("anna.berg,", "anna.holm,").replace("Berg", "Holm");
    let world = world.with("after.csv", after);
    tells(&world.muster("prove kit after.csv --against had.csv").exits(0).out, &["1 of 1"]);
    let world = world.with("half.csv", bulk().replace("Berg", "Holm"));
    let told = world.muster("prove kit half.csv --against had.csv").exits(1).out;
    tells(&told, &["0 of 1", "Username should be `anna.holm` and is `anna.berg`"]);
}

#[test]
fn a_column_of_old_usernames_renames_whom_moodle_has_and_nobody_else() {
    let rows = |old: [&str; 3]| {
        let text = with_column("oldusername", old);
        text.replace("anna.berg,", "a.holm,")
            .replace("anna.berg@", "holm@")
            .replace("000071", "900071")
    };
    let world = world().with("new.csv", rows(["anna.berg", "", ""]));
    let told = plan(&world, "new.csv").out;
    tells(&told, &["~ update Anna Berg (anna.berg), line 2"]);
    assert!(!told.contains("create A"), "{told}");
    world
        .muster("kit new.csv --against had.csv --out kit --release key=1 --release change=1")
        .exits(0);
    tells(&world.text("kit/upload.csv"), &["130,a.holm,", ",NO,anna.berg,CC-001\n"]);
    for (old, why) in [
        (["nobody", "", ""], "by all else is Anna Berg (`anna.berg`)"),
        (["anna.berg", "cora.diaz", ""], "Moodle has `bob.finn` already"),
    ] {
        let world = World::new().with("had.csv", bulk()).with("new.csv", rows(old));
        let told = plan(&world, "new.csv").out;
        tells(&told, &["! blocked", why]);
    }
    let dan = "197,dan.eek,dan.eek@example.com,Dan,Eek,000074,,,,,,,,nobody\n";
    let text = with_column("oldusername", ["", "", ""]) + dan;
    let world = World::new().with("had.csv", bulk()).with("new.csv", text);
    tells(&plan(&world, "new.csv").out, &["! blocked Dan Eek", "Moodle has nobody called so"]);
}

/// As “Browse list of users” is downloaded: the initials of the picture stand before the name.
const BROWSE: &str = "\u{feff}\"Full name with picture and link\",\"Email address\",\"Last access\"\n\
                      \"ABAnna Berg\",anna.berg@example.com,Never\n";

/// A report of users with their cohorts, as somebody may have made it.
const REPORT: &str = "\u{feff}Username,\"First name\",\"Last name\",\"Email address\",\"ID number\",Suspended,Authentication,City/town,Country,Language,Timezone,Confirmed,\"Time created\",Name,\"Cohort ID\"\n\
    anna.berg,Anna,Berg,anna.berg@example.com,000071,No,\"Manual accounts\",Oslo,Norway,\"English \u{200e}(en)\u{200e}\",\"Server timezone (Europe/London)\",Yes,Never,\"Safety team\",SAFETY\n\
    anna.berg,Anna,Berg,anna.berg@example.com,000071,No,\"Manual accounts\",Oslo,Norway,\"English \u{200e}(en)\u{200e}\",\"Server timezone (Europe/London)\",Yes,Never,\"Night shift\",NIGHT\n\
    cora.diaz,Cora,O&#039;Neil,cora.diaz@example.com,000073,Yes,\"Manual accounts\",Graz,Austria,\"English \u{200e}(en)\u{200e}\",\"Server timezone (Europe/London)\",Yes,Never,,\n";

#[test]
fn an_export_that_no_upload_takes_is_named_and_nothing_is_made_of_it() {
    let world = world().with("browse.csv", BROWSE).with("report.csv", REPORT);
    for (file, what) in [
        ("browse.csv", "this is the table of “Browse list of users”: it has no username"),
        ("report.csv", "this is a custom report of Moodle: it has words in the place of values"),
    ] {
        let told = world.muster(&format!("check {file}")).exits(1).out;
        tells(
            &told,
            &["Read as Moodle.", "error[export-other]", what, "“Bulk user actions” in Moodle"],
        );
        assert!(!told.contains("[header-"), "{told}");
        world.muster(&format!("kit {file} --against had.csv --profile moodle --out kit")).exits(3);
        assert!(!world.has("kit"));
    }
    let told = world.muster("plan had.csv --against report.csv --profile moodle").exits(1).out;
    tells(
        &told,
        &["the file with what the LMS has is a custom report", "“Bulk user actions” in Moodle"],
    );
    let told = world.muster("plan had.csv --against browse.csv --profile moodle").exits(2).err;
    tells(&told, &["does not say what Moodle has", "Take the file that Moodle exports."]);
}

#[test]
fn a_date_that_is_not_set_goes_to_moodle_as_a_blank() {
    let dates = |first: &str| with_column("profile_field_hired", [first, "Not set", "2024-02-01"]);
    let new = dates("2025-01-07").replace("Zürich", "Chur");
    let world = World::new().with("had.csv", dates("Not set")).with("new.csv", new);
    let told = plan(&world, "new.csv").out;
    tells(&told, &["profile_field_hired: nothing → `2025-01-07`", "profile_field_hired: 1 person"]);
    let told = world.muster("check had.csv").out;
    tells(&told, &["warning[nothing-written] line 2, profile_field_hired: `Not set`"]);
    world.muster("kit new.csv --against had.csv --out kit --release change=2").exits(0);
    let (upload, undo) = (world.text("kit/upload.csv"), world.text("kit/undo.csv"));
    assert!(!upload.contains("Not set") && !undo.contains("Not set"), "{upload}{undo}");
    tells(&upload, &[",CC-001,2025-01-07\n", ",CC-002,\n"]);
    let after = dates("2025-01-07").replace("Zürich", "Chur");
    let world = world.with("after.csv", after);
    tells(&world.muster("prove kit after.csv --against had.csv").exits(0).out, &["2 of 2"]);
}

#[test]
fn what_moodle_would_refuse_or_bend_is_told_before() {
    let text = "username,firstname,lastname,email,idnumber,department,phone1,country,lang,auth,timezone,password\n\
                ada,Ada,Lo,ada@example.com,1,R&D <internal>,+44 20 7946 0000 ext 12345,UK,German,okta,Vienna,secret\n";
    let told = World::new().with("new.csv", text).muster("check new.csv").exits(1).out;
    tells(
        &told,
        &[
            "error[tag-lost] line 2, department: Moodle takes `<internal>` for a tag of a web page",
            "error[too-long] line 2, phone1",
            "error[country-unknown] line 2, country",
            "warning[value-unseen] line 2, lang: `German`",
            "warning[value-unseen] line 2, auth: `okta`",
            "warning[value-unseen] line 2, timezone: `Vienna`",
            "warning[password-weak] line 2, password",
        ],
    );
    assert!(!told.contains("secret"), "{told}");
}
