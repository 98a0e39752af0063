//! Editing: cells, people, undo and redo, what is locked, what a restart keeps.

use serde_json::{Value, json};

use crate::home::Computer;

const STAFF: &str = "email,username,firstname,lastname,usergroups,roles,dateregistered,password,externalid\n\
    ada@example.com,ada,Ada,Lo,Sales; Ops,Learner,2026-01-02,,0041\n\
    bo@example.com,bo,Bo,Li,Sales,Learner,2026-01-02,,0042\n\
    cy@example.com,cy,Cy,Ng,Ops,Learner,2026-01-02,Secret123,0043\n";

const ALL: Value = Value::Null;

fn view(part: Value) -> Value {
    if part.is_null() { json!({}) } else { part }
}

#[test]
fn edits_are_steps_that_can_be_taken_back_and_made_again() {
    let computer = Computer::new();
    let muster = computer.start();
    let job = muster.open(&computer.write("staff.csv", STAFF));
    assert_eq!(job["people"], 3);
    assert_eq!(job["profile"]["id"], "edapp");
    let edited = muster.set(1, 4, "Sales");
    assert_eq!(edited["sentence"], "Set `usergroups` of `ada`");
    assert_eq!(edited["change"]["undo"], "Set `usergroups` of `ada`");
    assert_eq!(edited["change"]["changed_people"], 1);
    muster.set(2, 2, "Bob");
    assert_eq!(muster.cells(view(ALL))[1][2], "Bob");
    assert_eq!(muster.cells(json!({ "show": "changed" })).len(), 2);
    muster.call("undo", Value::Null);
    let job = muster.call("undo", Value::Null)["change"].clone();
    assert_eq!((&job["changed_people"], &job["undo"]), (&json!(0), &Value::Null));
    assert_eq!(job["redo"], "Set `usergroups` of `ada`");
    muster.call("redo", Value::Null);
    assert_eq!(muster.cells(view(ALL))[0][4], "Sales");
    let steps = muster.call("steps", Value::Null);
    assert_eq!(steps[0]["undone"], true);
    assert_eq!(steps[1]["undone"], false);
    muster.set(1, 2, "Adah");
    assert_eq!(muster.call("steps", Value::Null).as_array().map(Vec::len), Some(2));
    assert_eq!(muster.refused("redo", Value::Null).what, "there is no step to make again");
}

#[test]
fn the_key_is_locked_until_it_is_unlocked_and_other_cells_of_the_same_paste_are_set() {
    let computer = Computer::new();
    let muster = computer.start();
    muster.open(&computer.write("staff.csv", STAFF));
    let paste = json!([
        { "row": 1, "column": 1, "value": "adah" },
        { "row": 1, "column": 2, "value": "Adah" },
        { "row": 1, "column": 6, "value": "2027-01-01" },
    ]);
    let edited = muster.call("edit", paste.clone());
    assert_eq!(edited["cells"], 1);
    let refused = edited["refused"].as_str().expect("a sentence");
    assert!(refused.starts_with("1 cell was left alone. `username` is locked:"), "{refused}");
    assert!(refused.contains("`dateregistered` is locked"), "{refused}");
    let job = muster.call("unlock_key", json!({ "unlocked": true }));
    assert_eq!(job["columns"][1]["locked"], Value::Null);
    muster.call("edit", paste);
    let row = muster.cells(view(ALL))[0].clone();
    assert_eq!((row[1].as_str(), row[6].as_str()), ("adah", "2026-01-02"));
}

#[test]
fn people_are_added_without_a_key_and_copied_without_what_is_their_own() {
    let computer = Computer::new();
    let muster = computer.start();
    muster.open(&computer.write("staff.csv", STAFF));
    let added = muster.call("insert_person", json!({ "after": 1 }));
    let row = added["added"][0].as_u64().expect("a row") as u32;
    assert_eq!(muster.cells(view(ALL))[1].concat(), "");
    // Nobody has this key yet, so it can be given.
    assert_eq!(muster.set(row, 1, "dee")["refused"], Value::Null);
    assert_eq!(muster.edited("duplicate_people", json!([3])), "Duplicate `cy`");
    let people = muster.cells(view(ALL));
    assert_eq!(people[4], ["", "", "Cy", "Ng", "Ops", "Learner", "", "", ""]);
    assert_eq!(muster.cells(json!({ "show": "new" })).len(), 2);
    assert_eq!(muster.edited("delete_people", json!([1, 3])), "Delete 2 people");
    assert_eq!(muster.cells(view(ALL)).len(), 3);
    for _ in 0..4 {
        muster.call("undo", Value::Null);
    }
    assert_eq!(muster.cells(view(ALL)).len(), 3);
    assert_eq!(muster.cells(view(ALL))[2][0], "cy@example.com");
}

#[test]
fn a_password_is_never_shown_and_its_mask_is_never_written() {
    let computer = Computer::new();
    let muster = computer.start();
    muster.open(&computer.write("staff.csv", STAFF));
    assert_eq!(muster.cells(view(ALL))[2][7], "•••");
    let edited = muster.set(3, 7, "•••");
    assert_eq!(edited["cells"], 0);
    let column =
        muster.call("column", json!({ "column": 7, "search": "", "first": 0, "count": 9 }));
    assert_eq!((&column["distinct"], &column["values"]), (&json!(1), &json!([])));
    assert_eq!(muster.cells(json!({ "search": "secret1" })).len(), 0);
    assert!(!muster.call("person", json!({ "row": 3 })).to_string().contains("Secret123"));
}

#[test]
fn the_next_start_opens_the_job_where_it_stood() {
    let computer = Computer::new();
    let file = computer.write("staff.csv", STAFF);
    let before = {
        let muster = computer.start();
        muster.open(&file);
        muster.set(1, 4, "Sales");
        muster.call("insert_person", json!({ "after": null }));
        muster.call("delete_people", json!([2]));
        muster.set(3, 2, "Cyd");
        muster.call("undo", Value::Null);
        muster.cells(view(ALL))
    };
    let muster = computer.start();
    let home = muster.call("home", Value::Null);
    assert_eq!(home["recent"][0]["name"], "staff.csv");
    assert_eq!(home["recent"][0]["profile"], "EdApp (SC Training)");
    let job = muster.call("open_job", json!({ "id": home["recent"][0]["id"] }));
    assert_eq!(job["redo"], "Set `firstname` of `cy`");
    assert_eq!(muster.cells(view(ALL)), before);
    // The same file again is the same job.
    assert_eq!(muster.open(&file)["id"], job["id"]);
    assert_eq!(muster.call("home", Value::Null)["recent"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_view_searches_sorts_and_filters_and_the_file_keeps_its_order() {
    let computer = Computer::new();
    let muster = computer.start();
    muster.open(&computer.write("staff.csv", STAFF));
    let names = |view: Value| -> Vec<String> {
        muster.cells(view).into_iter().map(|row| row[2].clone()).collect()
    };
    assert_eq!(names(json!({ "search": "OPS" })), ["Ada", "Cy"]);
    assert_eq!(names(json!({ "value": { "column": 4, "value": "Sales" } })), ["Ada", "Bo"]);
    assert_eq!(names(json!({ "sort": { "column": 2, "descending": true } })), ["Cy", "Bo", "Ada"]);
    assert_eq!(names(json!({})), ["Ada", "Bo", "Cy"]);
    let column =
        muster.call("column", json!({ "column": 4, "search": "", "first": 0, "count": 9 }));
    assert_eq!(column["values"][0]["value"], "Ops");
    let find = json!({
        "view": {}, "from_row": 1, "from_column": 4, "backwards": false,
        "what": { "kind": "text", "text": "ops" },
    });
    let found = muster.call("find", find);
    assert_eq!((&found["row"], &found["column"]), (&json!(3), &json!(4)));
}

#[test]
fn a_fix_is_previewed_and_made_for_all_with_that_value_as_one_step() {
    let computer = Computer::new();
    let mut staff = String::from("email,username,usergroups\n");
    for n in 0..40 {
        let group = if n < 3 { "Markting" } else { "Marketing" };
        staff.push_str(&format!("p{n}@example.com,p{n},{group}\n"));
    }
    let muster = computer.start();
    muster.open(&computer.write("staff.csv", staff));
    let problems = muster.call("problems", Value::Null);
    let rare = &problems["rules"][0];
    assert_eq!((&rare["rule"], &rare["count"]), (&json!("value-rare"), &json!(3)));
    let scope = json!({
        "rule": "value-rare", "value": "Markting", "row": null, "column": 2, "safe_only": false,
    });
    let preview = muster.call("preview_fix", scope.clone());
    assert_eq!(preview["title"], "Fix 3 people: `Markting` → `Marketing`");
    assert_eq!(preview["changes"][0]["after"], "Marketing");
    assert_eq!(muster.call("job", Value::Null)["undo"], Value::Null);
    let edited = muster.call("apply_fix", scope);
    assert_eq!(edited["cells"], 3);
    assert_eq!(edited["change"]["counts"]["warning"], 0);
    assert_eq!(muster.call("steps", Value::Null).as_array().map(Vec::len), Some(1));
    muster.call("undo", Value::Null);
    assert_eq!(muster.call("problems", Value::Null)["rules"][0]["count"], 3);
}

#[test]
fn a_date_is_unlikely_as_seen_from_today_also_after_the_profile_was_changed() {
    let computer = Computer::new();
    let muster = computer.start();
    let staff = "email,username,Hire Date\nada@example.com,ada,2199-01-02\n";
    let job = muster.open(&computer.write("staff.csv", staff));
    assert_eq!(job["counts"]["warning"], 1, "{job}");
    let job = muster.call("choose_profile", json!({ "id": "generic" }));
    assert_eq!(job["counts"]["warning"], 1, "{job}");
}

#[test]
fn problems_and_changes_are_walked_through_in_both_directions_and_round_the_end() {
    let computer = Computer::new();
    let muster = computer.start();
    let text =
        "email,username,firstname\na@example.com,ada, Ada\nb@example.com,bo,Bo\nc@example,cy,Cy \n";
    muster.open(&computer.write("staff.csv", text));
    let next = |what: &str, from: Option<(u32, u32)>, backwards: bool| {
        let found = muster.call(
            "find",
            json!({
                "view": {}, "from_row": from.map(|f| f.0), "from_column": from.map(|f| f.1),
                "backwards": backwards, "what": { "kind": what },
            }),
        );
        (found["row"].as_u64(), found["column"].as_u64(), found["index"].as_u64())
    };
    let place = |row, column, index| (Some(row), Some(column), Some(index));
    assert_eq!(next("problem", None, false), place(1, 2, 0));
    assert_eq!(next("problem", Some((1, 2)), false), place(3, 0, 2));
    assert_eq!(next("problem", Some((3, 0)), false), place(3, 2, 2));
    assert_eq!(next("problem", Some((3, 2)), false), place(1, 2, 0), "round the end");
    assert_eq!(next("problem", Some((1, 2)), true), place(3, 2, 2), "round the beginning");
    assert_eq!(next("change", None, false), (None, None, None));
    muster.set(2, 2, "Bob");
    assert_eq!(next("change", Some((1, 0)), false), place(2, 2, 1));
    assert_eq!(next("change", Some((2, 2)), false), place(2, 2, 1), "it is the only one");
}

#[test]
fn an_edit_is_answered_with_what_changed_of_the_job_and_no_more() {
    let computer = Computer::new();
    let more: Vec<String> = (0..37).map(|n| format!("Something about people {n}")).collect();
    let header = format!("email,username,usergroups,{}\n", more.join(","));
    let person =
        |n: u32| format!("p{n}@example.com,p{n},Group {:03}{}\n", n % 280, ",x".repeat(37));
    let text: String = std::iter::once(header).chain((0..560).map(person)).collect();
    let muster = computer.start();
    let file = computer.write("staff.csv", text);
    muster.call("open", json!({ "path": file, "profile": "edapp" }));
    let groups: Vec<String> = (0..280).map(|n| format!("Group {n:03}")).collect();
    let list = json!({ "kind": "groups", "path": null, "column": null, "text": groups.join("\n") });
    let job = muster.call("set_list", list);
    assert_eq!(job["columns"].as_array().map(Vec::len), Some(40));
    assert_eq!(job["columns"][2]["choices"].as_array().map(Vec::len), Some(280));

    let edited = muster.set(2, 2, "Grop 001");
    let size = edited.to_string().len();
    assert!(size < 2048, "{size} bytes: {edited}");
    assert!(edited.get("job").is_none(), "{edited}");
    let changed = edited["change"]["columns"].as_array().expect("a list");
    assert_eq!(changed.len(), 1, "only one column has other numbers: {edited}");

    // Put into the job that was told before, it is the job as it stands.
    let mut told = job;
    for (name, value) in edited["change"].as_object().expect("named values") {
        if name != "columns" {
            told[name] = value.clone();
        }
    }
    for column in changed {
        let at = column["column"].as_u64().expect("a place") as usize;
        for (name, value) in column.as_object().expect("named values") {
            told["columns"][at][name] = value.clone();
        }
    }
    assert_eq!(told, muster.call("job", Value::Null));

    let added = muster.call("arrange", json!({ "do": "add", "at": 0, "name": "Floor" }));
    assert_eq!(added["job"]["columns"].as_array().map(Vec::len), Some(41), "told whole");
}

#[test]
fn long_work_stops_when_asked_and_leaves_nothing_behind() {
    let computer = Computer::new();
    let mut text = String::from("email,username,firstname\n");
    for n in 0..60_000 {
        text.push_str(&format!("p{n}@example.com,p{n},Person {n}\n"));
    }
    let file = computer.write("many.csv", text);
    let muster = computer.start();
    let stopped = std::thread::scope(|scope| {
        let opening = scope.spawn(|| muster.engine.call("open", json!({ "path": file })));
        while !opening.is_finished() {
            if muster.call("progress", Value::Null)["what"] == "Checking 60,000 people" {
                muster.call("cancel", Value::Null);
            }
        }
        opening.join().expect("it ends")
    });
    let failure = stopped.expect_err("it was stopped");
    assert_eq!(failure.kind, muster_engine::error::FailureKind::Cancelled, "{failure}");
    assert_eq!(muster.call("progress", Value::Null), Value::Null);
    assert_eq!(muster.call("home", Value::Null)["recent"], json!([]));
    assert_eq!(std::fs::read_dir(computer.path("data/jobs")).expect("there").count(), 0);
    assert_eq!(muster.open(&file)["people"], 60_000);
}

#[test]
fn the_key_of_somebody_whom_the_lms_does_not_have_may_be_typed_into() {
    let computer = Computer::new();
    let muster = computer.start();
    muster.open(&computer.write("staff.csv", STAFF));
    let job = muster.call("say_lms_has", json!({ "kind": "nobody" }));
    assert_eq!(job["columns"][1]["open_for_new"], true, "{job}");
    let edited = muster.set(1, 1, "adah");
    assert_eq!((&edited["cells"], &edited["refused"]), (&json!(1), &Value::Null));
    // What the LMS writes itself is nobody's to write.
    assert_eq!(muster.set(1, 6, "2027-01-01")["cells"], 0);

    let known = computer.write("known.csv", STAFF.replace("ada,Ada", "adelaide,Ada"));
    muster.open(&computer.write("again.csv", STAFF));
    muster.call("say_lms_has", json!({ "kind": "file", "path": known }));
    let (new, there) = (muster.set(1, 1, "adah"), muster.set(2, 1, "bobo"));
    assert_eq!((&new["cells"], &there["cells"]), (&json!(1), &json!(0)), "{new} {there}");
}

#[test]
fn dates_that_may_be_read_in_either_way_are_one_answer_for_their_column() {
    let computer = Computer::new();
    let muster = computer.start();
    let hires = "First Name,Last Name,E-mail,Employee ID,Hire Date\n\
        Hans,Gross,hans@example.com,002011,07/12/2026\n\
        Mia,Keller,mia@example.com,002012,08/12/2026\n\
        Ida,Holm,ida@example.com,002014,2026-12-09\n";
    muster.open(&computer.write("hires.csv", hires));
    muster.call("choose_profile", json!({ "id": "emtrain-roster" }));
    let questions = || {
        let problems = muster.call("problems", Value::Null);
        let rules = problems["rules"].as_array().expect("a list").clone();
        let asked = |rule: &Value| rule["orders"].as_array().cloned().unwrap_or_default();
        rules.iter().flat_map(asked).collect::<Vec<Value>>()
    };
    let asked = questions();
    assert_eq!(
        asked,
        [json!({
            "column": 4, "name": "Hire Date", "count": 2, "example": "07/12/2026",
            "day_first": "7 December 2026", "month_first": "12 July 2026",
        })]
    );
    let scope = |day_first: bool| {
        json!({ "rule": "date-malformed", "value": null, "row": null, "column": 4,
            "safe_only": false, "day_first": day_first })
    };
    let preview = muster.call("preview_fix", scope(false));
    assert_eq!((&preview["cells"], &preview["safe"]), (&json!(2), &json!(0)), "{preview}");
    assert_eq!(preview["changes"][0]["after"], "2026-07-12");
    assert_eq!(preview["title"], "Fix 2 people: the month comes first");
    assert_eq!(muster.call("apply_fix", scope(true))["cells"], 2);
    let dates: Vec<String> = muster.cells(json!({})).iter().map(|row| row[4].clone()).collect();
    assert_eq!(dates, ["2026-12-07", "2026-12-08", "2026-12-09"]);
    assert_eq!(questions(), [] as [Value; 0]);
    muster.call("undo", Value::Null);
    assert_eq!(questions(), asked);
}

#[test]
fn columns_are_put_back_in_their_order_by_a_fix_that_says_where_each_goes() {
    let computer = Computer::new();
    let muster = computer.start();
    let export = "First Name,Last Name,E-mail,Employee ID,Hire Date,Department\n\
        Mara,Okafor,mara@example.com,000410,2020-01-03,Sales\n";
    let export = computer.write("export.csv", export);
    let hires = "E-mail,First Name,Last Name,Employee ID,Hire Date,Department\n\
        noor@example.com,Noor,Said,000930,2026-11-30,Sales\n";
    muster.open(&computer.write("hires.csv", hires));
    muster.call("choose_profile", json!({ "id": "emtrain-roster" }));
    muster.call("say_lms_has", json!({ "kind": "file", "path": export }));
    let scope = json!({ "rule": "header-moved", "value": null, "row": null, "column": null, "safe_only": false });
    let preview = muster.call("preview_fix", scope.clone());
    assert!(!preview["changes"].as_array().expect("a list").is_empty(), "{preview}");
    let after = preview["changes"][0]["after"].as_str().expect("words");
    assert!(after.contains("before `E-mail`"), "{preview}");
    muster.call("apply_fix", scope);
    let names = |job: &Value| -> Vec<String> {
        let columns = job["columns"].as_array().expect("a list");
        columns.iter().map(|c| c["name"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let first = names(&muster.call("job", Value::Null));
    assert_eq!(first[..3], ["First Name", "Last Name", "E-mail"]);
    muster.call("undo", Value::Null);
    assert_eq!(names(&muster.call("job", Value::Null))[0], "E-mail");
}
