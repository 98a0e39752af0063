//! Who somebody is, in the file and in the LMS.

use serde_json::Value;

use crate::world::{ANA, BO, CEM, World, edapp, snapshot};

fn messages(answer: &Value, rule: &str) -> Vec<String> {
    let all = answer["findings"].as_array().expect("a list").iter();
    let of_rule = all.filter(|f| f["rule"] == rule);
    of_rule.map(|f| f["message"].as_str().expect("text").to_owned()).collect()
}

fn actions(plan: &Value) -> Vec<(String, String)> {
    let people = plan["people"].as_array().expect("a list").iter();
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    people.map(|p| (text(&p["name"]), text(&p["action"]))).collect()
}

#[test]
fn whoever_married_is_not_made_a_second_time_without_a_word() {
    let moe = "ana.moe@example.com,ana.moe@example.com,Ana,Moe,Sales,Learner; Prizing User,2025-01-03,,E101";
    let world =
        World::new().with("snapshot.csv", snapshot()).with("married.csv", edapp(&[moe, BO, CEM]));
    let check =
        world.muster("check married.csv --against snapshot.csv --format json").exits(0).json();
    assert_eq!(messages(&check, "not-unique"), Vec::<String>::new(), "her own ID");
    let told = messages(&check, "same-person");
    assert_eq!(told.len(), 1, "{told:?}");
    for part in ["probably Ana Silva", "external ID, first name and registered are the same"] {
        assert!(told[0].contains(part), "{told:?}");
    }
    let plan = world.muster("plan married.csv --against snapshot.csv --format json");
    let made = actions(&plan.json()).into_iter().any(|(_, action)| action == "create");
    assert!(!made, "{}", plan.out);
}

#[test]
fn an_id_of_somebody_whom_the_file_leaves_out_is_an_error_that_names_them() {
    let new = "noor@example.com,,Noor,Said,Sales,,,,E103";
    let world = World::new().with("snapshot.csv", snapshot()).with("new.csv", edapp(&[ANA, new]));
    let check = world.muster("check new.csv --against snapshot.csv --format json").exits(1).json();
    let told = messages(&check, "not-unique");
    assert!(told.len() == 1 && told[0].contains("Cem Aydin"), "{told:?}");
}

const ROSTER: &str = "First Name,Last Name,Email Address,Country ISO Code,Employee ID,Hire Date,User Status\n\
    Mara,Okafor,mara.okafor@a.example,USA,000410,2020-01-03,active\n\
    Jonas,Brandt,jonas.brandt@a.example,USA,000411,2020-02-06,active\n\
    Tess,Marlow,tess.marlow@a.example,DEU,000412,2020-03-09,active\n";

#[test]
fn who_comes_back_with_a_new_number_and_address_is_held_and_told_on_both_sides() {
    let back =
        ROSTER.replace("jonas.brandt@a.example", "j.brandt@a.example").replace("000411", "000999");
    let world = World::new().with("roster.csv", ROSTER).with("back.csv", back);
    let check = world.muster("check back.csv --against roster.csv --format json").json();
    let told = messages(&check, "same-person");
    let said = |part: &str| told.len() == 1 && told[0].contains(part);
    assert!(said("may be Jonas Brandt") && said("employee ID differs"), "{told:?}");
    let plan = world.muster("plan back.csv --against roster.csv --format json").json();
    let guards = plan["guards"].as_array().expect("a list");
    assert!(guards.iter().any(|g| g["id"] == "same" && g["held"] == true), "{}", plan["guards"]);
    let mut people = plan["people"].as_array().expect("a list").iter();
    let left = people.find(|p| p["line"].is_null()).expect("left out");
    let why = left["why"].as_str().expect("text");
    assert!(why.contains("may have this person under another key"), "{left}");
}

#[test]
fn a_report_is_read_as_what_the_snapshot_is_and_says_which_column_is_which() {
    let world = World::new()
        .with("roster.csv", ROSTER)
        .with("report.csv", "Nr,Worker,Work mail\n000411,Jonas Brandt,jonas.brandt@a.example\n000412,Tess Marlow,tess.marlow@a.example\n");
    let check = world.muster("check report.csv --against roster.csv --format json").json();
    assert_eq!(check["roster"]["profile"], "emtrain-roster");
    let settled = check["roster"]["settled"].as_array().expect("a list");
    let told: Vec<(&str, &str)> = settled
        .iter()
        .map(|s| (s["column"].as_str().expect("text"), s["of_lms"].as_str().expect("text")))
        .collect();
    assert_eq!(told, [("Nr", "Employee ID"), ("Work mail", "Email Address")]);
    let text = world.muster("check report.csv --against roster.csv").out;
    assert!(text.contains("`Nr` is `Employee ID`: 2 of 2 values are there."), "{text}");
}

#[test]
fn two_profiles_that_fit_equally_well_are_a_question() {
    let team = "[[field]]\nid = 'team'\ntitle = 'Team'\nheaders = ['Team no.']\n";
    let own = |id: &str| format!("id = '{id}'\nname = '{id}'\nbased_on = 'edapp'\n{team}");
    let list: String = snapshot()
        .lines()
        .enumerate()
        .map(|(n, line)| if n == 0 { format!("{line},Team no.\n") } else { format!("{line},7\n") })
        .collect();
    let world = World::new()
        .with("home/profiles/acme.toml", own("acme"))
        .with("home/profiles/beta.toml", own("beta"))
        .with("home/profiles/gamma.toml", "id = 'gamma'\nname = 'Gamma'\nbased_on = 'edapp'\n")
        .with("plain.csv", snapshot())
        .with("list.csv", list);
    // What fits no better than one that comes with Muster does not go before it.
    let plain = world.muster("check plain.csv").exits(0);
    assert!(plain.out.contains("Read as EdApp (SC Training). "), "{}", plain.out);
    assert!(plain.out.contains("Your own `Gamma` fits as well."), "{}", plain.out);
    let answer = world.muster("check list.csv").exits(2);
    for part in ["`acme`", "`beta`", "--profile acme or --profile beta"] {
        assert!(answer.err.contains(part), "{}", answer.err);
    }
    let json = world.muster("check list.csv --profile beta --format json").exits(0).json();
    assert_eq!(json["roster"]["profile"], "beta");
}

/// What Emtrain's Upload/Edit Learners downloads.
pub const LEARNERS: &str = "KEY,Login Name,Password,First Name,Last Name,Email Address,Active,Location,Employee ID\n\
    2001,okafor,,Mara,Okafor,mara@a.example,Yes,TX,00031\n\
    2008,brandt,,Jonas,Brandt,jonas@a.example,Yes,NY,00032\n\
    2015,marlow,,Tess,Marlow,tess@a.example,Yes,TX,00033\n";

/// What an HR system says of the same people, in words of its own.
pub const REPORT: &str = "Emp No,Given name,Surname,Work mail,Site\n\
    00031,Mara,Okafor,mara@a.example,TX\n00032,Jonas,Brandt,jonas@a.example,NY\n\
    00033,Tess,Marlow,tess@a.example,NY\n";

#[test]
fn learners_of_an_hr_report_are_known_by_the_number_that_the_lms_has() {
    let world = World::new().with("export.csv", LEARNERS).with("report.csv", REPORT);
    let check = world.muster("check report.csv --against export.csv --format json").json();
    assert_eq!(check["roster"]["known_by"]["of_lms"], "Employee ID", "{check:#}");
    assert_eq!(check["roster"]["known_by"]["matched"], 3);
    for asked in ["sync-field=Emp No", "sync-field=Work mail", "sync-field=Employee ID"] {
        let words = ["plan", "report.csv", "--against", "export.csv", "--policy", asked];
        let plan = world
            .muster_with(&[&words[..], &["--policy", "blanks=keep", "--format", "json"]].concat());
        let plan = plan.json();
        assert_eq!(plan["counts"]["update"], 1, "{asked}: {plan:#}");
        assert_eq!(plan["counts"]["create"], 0, "{asked}");
    }
}

/// What a safe fix mends is no reason to choose another column.
#[test]
fn where_only_the_zeros_are_gone_they_are_to_be_put_back() {
    let report = REPORT.replace("000", "");
    let world = World::new().with("export.csv", LEARNERS).with("report.csv", report);
    let words = "report.csv --against export.csv --policy blanks=keep";
    let asked = ["plan", "report.csv", "--against", "export.csv", "--policy", "blanks=keep"];
    let plan = world.muster_with(&[&asked[..], &["--policy", "sync-field=Employee ID"]].concat());
    let told = plan.out;
    assert!(told.contains("and 3 more if zeros at the front are put back"), "{told}");
    assert!(!told.contains("Choose that column"), "{told}");
    world.muster(&format!("check {words}"));
}

#[test]
fn leavers_of_the_month_are_inactive_from_their_last_day_on_and_later_ones_are_listed() {
    let leavers = "Worker ID,Worker,Termination Date,Termination Reason\n\
        000411,Jonas Brandt,2026-11-13,Resigned\n000412,Tess Marlow,2026-11-30,Retired\n";
    // A spreadsheet has taken the zeros.
    let without = leavers.replace("000", "");
    let world = World::new()
        .with("roster.csv", ROSTER)
        .with("leavers.csv", leavers)
        .with("without.csv", without);
    let words =
        "--against roster.csv --policy scope=changes --policy sync-field=email --format json";
    for (today, gone) in [("2026-11-12", 0), ("2026-11-13", 1), ("2026-11-30", 2)] {
        for file in ["leavers.csv", "without.csv"] {
            let asked: Vec<&str> =
                ["plan", file].into_iter().chain(words.split_whitespace()).collect();
            let made =
                world.command(&asked).env("MUSTER_TODAY", today).output().expect("muster runs");
            let plan: Value = serde_json::from_slice(&made.stdout).expect("JSON");
            assert_eq!(plan["counts"]["deactivate"], gone, "{today}: {plan:#}");
            assert_eq!(plan["counts"]["blocked"], 0, "{today}: {plan:#}");
            // Whoever leaves later is not in the file.
            assert_eq!(plan["counts"]["update"], 0, "{today}: {plan:#}");
            let also = plan["effects"]["also"].to_string();
            assert_eq!(also.matches("not in this kit").count(), 2 - gone, "{today}: {also}");
        }
    }
}

#[test]
fn a_last_day_is_past_where_the_computer_is_and_not_in_greenwich() {
    let world = World::new().with("roster.csv", ROSTER);
    // The day of the islands where it begins first; where it begins last it lies ahead, at whatever hour this runs.
    let ahead =
        jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::fixed(jiff::tz::offset(14)));
    let leavers =
        format!("Worker ID,Worker,Termination Date\n000411,Jonas Brandt,{}\n", ahead.date());
    std::fs::write(world.path("leavers.csv"), leavers).expect("written");
    let words = "plan leavers.csv --against roster.csv --policy scope=changes --policy sync-field=email --format json";
    let words: Vec<&str> = words.split(' ').collect();
    for (zone, gone) in [("<+14>-14", 1), ("<-12>12", 0)] {
        let made = world.command(&words).env("TZ", zone).output().expect("muster runs");
        let plan: Value = serde_json::from_slice(&made.stdout).expect("JSON");
        assert_eq!(plan["counts"]["deactivate"], gone, "{zone}: {plan:#}");
    }
}

#[test]
fn the_day_of_somebody_who_leaves_later_is_said_to_be_sent_where_the_lms_keeps_it() {
    let roster = "First Name,Last Name,Email Address,Employee ID,User Status,Hire Date,Attrition Date\n\
        Jonas,Brandt,jonas@a.example,000411,active,2020-01-03,\n\
        Tess,Marlow,tess@a.example,000412,active,2020-01-03,2026-12-15\n";
    let leavers = "Worker ID,Worker,Termination Date\n\
        000411,Jonas Brandt,2026-12-15\n000412,Tess Marlow,2026-12-15\n";
    let world = World::new().with("roster.csv", roster).with("leavers.csv", leavers);
    let words = "leavers.csv --against roster.csv --policy scope=changes --policy sync-field=email";
    let plan =
        world.muster_on("2026-11-28", &format!("plan {words} --format json")).exits(1).json();
    assert_eq!((&plan["counts"]["update"], &plan["counts"]["deactivate"]), (&1.into(), &0.into()));
    let also = plan["effects"]["also"].to_string();
    assert!(also.contains("Jonas Brandt leaves on 15 December 2026: `Termination Date` is sent, and the status stays `active`."), "{also}");
    assert!(also.contains("Tess Marlow leaves on 15 December 2026: not in this kit"), "{also}");
    world.muster_on("2026-11-28", &format!("kit {words} --out kit")).exits(0);
    let upload = world.text("kit/upload.csv");
    assert!(
        upload.contains("000411,active,2020-01-03,2026-12-15") && !upload.contains("Tess"),
        "{upload}"
    );
}

#[test]
fn a_list_of_no_lms_has_the_key_that_it_is_given() {
    let rows: Vec<String> = (0..60)
        .map(|n| format!("s{:05},Name {n},n{n}@a.example,A", if n == 7 { 3 } else { n }))
        .collect();
    let world = World::new()
        .with("staff.csv", format!("Staff No,Name,Work mail,Team\n{}\n", rows.join("\n")))
        .with("old.csv", "Site,Locker,Size\nA,1,40\nA,2,41\nB,1,42\n")
        .with("new.csv", "Site,Locker,Size\nA,1,40\nA,2,45\nB,1,42\n");
    let check = world.muster("check staff.csv --format json").exits(1).json();
    assert_eq!(check["roster"]["key"], "Staff No");
    assert_eq!(messages(&check, "key-duplicate").len(), 2);
    let none = world.muster("check old.csv").out;
    assert!(
        none.contains("No column says who somebody is") && !none.contains("0 problems"),
        "{none}"
    );
    world.muster("diff old.csv new.csv").exits(2);
    let diff = world.muster("diff old.csv new.csv --key Site,Locker --format json").exits(1).json();
    assert_eq!(
        (&diff["counts"]["update"], &diff["counts"]["same"]),
        (&Value::from(1), &Value::from(2))
    );
    let words = ["check", "old.csv", "--map", "Locker=key", "--format", "json"];
    let check = world.muster_with(&words).json();
    assert_eq!(check["roster"]["key"], "Locker");
    assert_eq!(messages(&check, "key-duplicate").len(), 2);
}

#[test]
fn a_column_that_knows_nobody_is_refused_where_another_knows_them_all() {
    let (mut export, mut report) = (
        "KEY,Login Name,Password,First Name,Last Name,Email Address,Active,Location,Employee ID\n"
            .to_owned(),
        "Emp No,Given name,Surname,Private mail\n".to_owned(),
    );
    for n in 0..12 {
        export += &format!("{},l{n},,Given{n},Sur{n},p{n}@a.example,Yes,TX,0003{n:02}\n", 2000 + n);
        report += &format!("0003{n:02},Given{n},Sur{n},private{n}@b.example\n");
    }
    let world = World::new().with("export.csv", export).with("report.csv", report);
    let plan = |asked: &str| {
        let words = ["plan", "report.csv", "--against", "export.csv", "--policy", asked];
        world
            .muster_with(&[&words[..], &["--policy", "blanks=keep", "--format", "json"]].concat())
            .json()
    };
    let poor = plan("sync-field=Private mail");
    let told = poor["blockers"].to_string();
    assert!(told.contains("`Emp No`, which is `Employee ID` there, it has 12"), "{poor:#}");
    let good = plan("sync-field=Emp No");
    assert!(!good["blockers"].to_string().contains("Choose that column"), "{good:#}");
    assert_eq!(good["counts"]["create"], 0);
}
