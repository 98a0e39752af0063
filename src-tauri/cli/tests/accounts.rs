//! `muster accounts`, and `--account`.

use serde_json::{Value, json};

use crate::gate::EMTRAIN;
use crate::world::{ANA, BO, CEM, World, edapp, snapshot};

/// An account of EdApp with the export of last month.
fn northwind() -> World {
    let world = World::new().with("last.csv", snapshot());
    world.muster("accounts add Northwind --snapshot last.csv").exits(0);
    world
}

fn show(world: &World) -> Value {
    world.muster("accounts show Northwind --format json").exits(0).json()
}

#[test]
fn what_was_given_once_need_not_be_given_again() {
    let hr = "Mail,Username,First name,Surname,Team\n\
              ana@example.com,ana@example.com,Ana,Souza,Night shift\n\
              bo@example.com,bo@example.com,Bo,Tanaka,Sales\n";
    let world = northwind().with("hr.csv", hr).with("groups.txt", "Sales\nMarketing\nOperations\n");
    let flags = "--profile edapp --against last.csv --map Mail=email --map Team=usergroups \
                 --list groups=groups.txt --policy groups=replace";
    let without = world.muster(&format!("plan hr.csv {flags} --format json")).exits(1).json();
    world
        .muster(
            "accounts set Northwind --map Mail=email --map Team=usergroups --list groups=groups.txt \
             --policy groups=replace",
        )
        .exits(0);
    let with = world.muster("plan hr.csv --account northwind --format json").exits(1).json();
    assert_eq!(with, without);
    let check = world.muster("check hr.csv --account Northwind --format json").exits(1).json();
    assert_eq!(check["roster"]["profile"], "edapp");
    assert!(check["findings"].to_string().contains("Night shift"), "{check}");

    // What is said goes before it.
    let added = world.muster("plan hr.csv --account Northwind --policy groups=add --format json");
    assert_eq!(added.exits(1).json()["policies"]["groups"], "add");
    let alone = world.muster("plan hr.csv --account Northwind --against none --format json");
    assert_eq!(alone.exits(1).json()["counts"]["update"], 0);
    let other = world.muster("plan hr.csv --account Northwind --profile moodle").exits(2);
    assert!(other.err.contains("the account `Northwind` is of another LMS"), "{}", other.err);
}

#[test]
fn a_group_that_nobody_is_in_yet_is_real_once_that_was_said() {
    let staff = edapp(&[&ANA.replace("Sales", "Sales; Night shift"), BO, CEM]);
    let world = northwind().with("staff.csv", staff);
    let before = world.muster("check staff.csv --account Northwind").exits(1);
    assert!(before.out.contains("Night shift"), "{}", before.out);
    world.muster_with(&["accounts", "set", "Northwind", "--real", "groups=Night shift"]).exits(0);
    world.muster("check staff.csv --account Northwind").exits(0);
    // It is real to somebody, and not yet to the LMS.
    let plan = world.muster("plan staff.csv --account Northwind --format json").json();
    let also = plan["effects"]["also"].to_string();
    assert!(also.contains("said that `Night shift` is real: see that EdApp has it"), "{also}");
    // All other groups are as known as before.
    let wrong = edapp(&[&ANA.replace("Sales", "Salles"), BO, CEM]);
    let world = world.with("wrong.csv", wrong);
    let answer = world.muster("check wrong.csv --account Northwind").exits(1);
    assert!(answer.out.contains("Salles") && answer.out.contains("Sales"), "{}", answer.out);
    world.muster("accounts set Northwind --drop real=groups").exits(0);
    world.muster("check staff.csv --account Northwind").exits(1);
}

#[test]
fn what_somebody_let_stand_is_told_no_more_in_files_of_the_account() {
    let staff = edapp(&[&ANA.replace("Silva", " Silva"), BO, CEM]);
    let world = northwind().with("staff.csv", staff);
    let strays = |words: &str| {
        let check = world.muster(&format!("check staff.csv {words} --format json")).json();
        let of = check["findings"].as_array().expect("a list").iter();
        of.filter(|f| f["rule"] == "space-stray").count()
    };
    assert_eq!(strays("--account Northwind"), 1);
    let why = "accounts set Northwind --waive space-stray:lastname";
    world.muster(why).exits(2);
    let words = [
        "accounts",
        "set",
        "Northwind",
        "--waive",
        "space-stray:lastname: Silva",
        "--reason",
        "So she signs",
    ];
    world.muster_with(&words).exits(0);
    assert_eq!((strays("--account Northwind"), strays("")), (0, 1));
    let told = world.muster("check staff.csv --account Northwind --format json").json();
    assert_eq!(told["waived"], serde_json::json!([{ "rule": "space-stray", "count": 1 }]));
    let told = world.muster("check staff.csv --account Northwind").out;
    assert!(told.contains("1 problem is let stand by the account: 1 space-stray"), "{told}");
    assert_eq!(show(&world)["waivers"][0]["reason"], "So she signs");
    world.muster("accounts set Northwind --drop waiver=space-stray").exits(0);
    assert_eq!(strays("--account Northwind"), 1);
}

#[test]
fn what_a_rule_finds_is_let_stand_column_by_column_or_as_a_whole() {
    let header = "First Name,Last Name,Email Address,Employee ID,Title,User Status,City,Hire Date,Cost Center,Team,Floor";
    let row =
        |n: u32| format!("A{n},B{n},a{n}@example.com,E{n},Cook,active,Graz,2020-01-0{n},7,Red,2");
    let last = [header.to_owned(), row(1), row(2)].join("\n");
    // A list from which so many columns were taken, the last ones first.
    let without = |gone: usize| {
        let cut = |line: &str| line.split(',').take(11 - gone).collect::<Vec<_>>().join(",");
        last.lines().map(cut).collect::<Vec<_>>().join("\n")
    };
    let world = World::new().with("last.csv", &last);
    world.muster("accounts add North --profile emtrain-roster --snapshot last.csv --policy sync-field=email").exits(0);
    let told = |gone: usize| {
        std::fs::write(world.path("staff.csv"), without(gone)).expect("written");
        let check = world.muster("check staff.csv --account North --format json").json();
        let all = check["findings"].as_array().expect("a list").clone().into_iter();
        let all = all.filter(|f| f["rule"] == "header-missing");
        all.map(|f| f["value"].as_str().expect("text").to_owned()).collect::<Vec<_>>()
    };
    let set = |words: &[&str]| {
        let words = [&["accounts", "set", "North"], words, &["--reason", "not ours"]].concat();
        world.muster_with(&words)
    };
    assert_eq!(told(2), ["Team", "Floor"]);
    set(&["--waive", "header-missing:Floor"]).exits(0);
    assert_eq!(told(2), ["Team"]);
    // It stays so when more of them are missing, until there are so many that they are one thing to know.
    assert_eq!(told(3), ["Cost Center", "Team"]);
    assert_eq!(told(6).len(), 1);
    set(&["--waive", "header-missing:Team"]).exits(0);
    assert_eq!(told(5), ["City", "Hire Date", "Cost Center"]);
    let kept = world.muster("accounts show North --format json").exits(0).json();
    let columns: Vec<&Value> =
        kept["waivers"].as_array().expect("a list").iter().map(|w| &w["column"]).collect();
    assert_eq!(columns, [&json!("floor"), &json!("team")]);
    set(&["--waive", "header-missing"]).exits(0);
    assert_eq!(told(6), [] as [&str; 0]);

    let slip = set(&["--waive", "header-missing:Flor"]).exits(2);
    assert!(slip.err.contains("there is no column `Flor`"), "{}", slip.err);
    let key = set(&["--waive", "key-duplicate"]).exits(2);
    assert!(key.err.contains("it is about who is who"), "{}", key.err);
    assert!(!key.err.contains("refuses"), "{}", key.err);
}

/// That somebody is active after their last day is about nobody else, and no LMS refuses it.
#[test]
fn who_stays_active_after_their_last_day_is_let_stand() {
    let staff = "First Name,Last Name,Email Address,Country ISO Code,User Status,Attrition Date\n\
        Ada,Lo,ada@example.com,USA,active,2020-01-31\n";
    let world = World::new().with("staff.csv", staff);
    world.muster("accounts add North --profile emtrain-roster --snapshot staff.csv").exits(0);
    let told = || {
        let check = world.muster("check staff.csv --account North --against none --format json");
        check.json()["findings"].to_string().matches("active-after-last-day").count()
    };
    assert_eq!(told(), 1);
    let words = "accounts set North --waive active-after-last-day --reason sabbatical";
    world.muster(words).exits(0);
    assert_eq!(told(), 0);
}

#[test]
fn what_is_left_to_be_done_by_hand_stays_until_it_is_ticked_or_an_export_shows_it() {
    // Titles go by the file; who is an administrator is said on the LMS's own page.
    let staff =
        EMTRAIN.replace("Nurse", "Surgeon").replace("E2,Cook,active,No", "E2,Cook,active,Yes");
    let world = World::new().with("last.csv", EMTRAIN).with("staff.csv", &staff);
    world.muster("accounts add North --profile emtrain-roster --snapshot last.csv --policy sync-field=employee_id").exits(0);
    let kit = |out: &str| {
        let plan = world.muster("plan staff.csv --account North --format json").exits(1).json();
        let held = plan["guards"].as_array().expect("a list").iter().filter(|g| g["held"] == true);
        let released: Vec<String> =
            held.map(|g| format!("{}={}", g["id"].as_str().expect("text"), g["actual"])).collect();
        let mut words =
            vec!["kit", "staff.csv", "--account", "North", "--format", "json", "--out", out];
        words.extend(released.iter().flat_map(|r| ["--release", r]));
        world.muster_with(&words).exits(0).json()
    };
    assert_eq!(kit("first")["to_do"], 1);
    assert_eq!(kit("second")["to_do"], 1, "the same is not asked for twice");
    let to_do = &world.muster("accounts show North --format json").exits(0).json()["to_do"][0];
    assert_eq!(
        (&to_do["id"], &to_do["of"], &to_do["value"]),
        (&json!(1), &json!("staff.csv"), &json!("Yes"))
    );
    assert!(to_do["done"].is_null(), "{to_do}");
    let listed = world.muster("accounts done North").exits(0);
    assert!(listed.out.contains("Bo Li") && listed.out.contains("`No` → `Yes`"), "{}", listed.out);

    let none = world.muster("accounts done North 7").exits(2);
    assert!(none.err.contains("nothing open with the number 7"), "{}", none.err);
    let ticked = world.muster("accounts done North 1 --format json").exits(0).json();
    assert_eq!((&ticked["open"], &ticked["to_do"][0]["done"]["by"]), (&json!(0), &json!("ada")));
    assert_eq!(kit("third")["to_do"], 0, "it was ticked after the snapshot was taken");

    // It was not so: the export says it, and it is open again.
    let world = world.with("after.csv", EMTRAIN.replace("Nurse", "Surgeon"));
    let proof = world.muster("prove first after.csv --account North --format json").exits(1).json();
    assert_eq!(
        (&proof["account"]["open_again"], &proof["account"]["to_do"]),
        (&json!([1]), &json!(1))
    );
    let world = world.with("later.csv", &staff);
    let proof = world.muster("prove first later.csv --account North --format json").exits(0).json();
    assert_eq!((&proof["account"]["seen"], &proof["account"]["to_do"]), (&json!([1]), &json!(0)));
    let kept = world.muster("accounts show North --format json").exits(0).json();
    let done = &kept["to_do"][0]["done"];
    assert_eq!((&done["by"], &done["seen"]), (&json!("later.csv"), &json!(true)));
    assert_eq!(kept["snapshot"]["source"], "later.csv");
    world.muster("plan staff.csv --account North").exits(0);
    world.muster("accounts done North --all").exits(0);
}

#[test]
fn who_leaves_later_is_to_be_seen_to_after_that_day() {
    let leavers =
        "Employee ID,Worker,Termination Date\nE1,Ada Lo,2026-11-13\nE2,Bo Li,2026-12-12\n";
    let world = World::new().with("last.csv", EMTRAIN).with("leavers.csv", leavers);
    world.muster("accounts add North --profile emtrain-roster --snapshot last.csv --policy sync-field=employee_id").exits(0);
    let kit = |day: &str, out: &str| {
        let words = "leavers.csv --account North --format json";
        let plan = world.muster_on(day, &format!("plan {words}")).exits(1).json();
        let held = plan["guards"].as_array().expect("a list").iter().filter(|g| g["held"] == true);
        let releases: Vec<String> = held
            .map(|g| format!("--release {}={}", g["id"].as_str().expect("text"), g["actual"]))
            .collect();
        let words = format!("kit {words} --out {out} {}", releases.join(" "));
        world.muster_on(day, &words).exits(0).json()
    };
    assert_eq!(kit("2026-11-28", "kit")["to_do"], 1);
    let listed = world.muster("accounts done North").exits(0).out;
    assert!(listed.contains("Bo Li") && listed.contains("`active` → `inactive`"), "{listed}");
    assert!(listed.contains("after 12 December 2026: "), "{listed}");

    // What lies ahead is no fault of an upload of today.
    let gone = EMTRAIN.replace("E1,Nurse,active", "E1,Nurse,inactive");
    let world = world.with("after.csv", &gone);
    let proof = world.muster("prove kit after.csv --account North --format json").exits(0).json();
    assert_eq!(proof["account"]["to_do"], 1);
    let world = world.with("later.csv", gone.replace("E2,Cook,active", "E2,Cook,inactive"));
    let proof = world.muster("prove kit later.csv --account North --format json").json();
    assert_eq!((&proof["account"]["seen"], &proof["account"]["to_do"]), (&json!([1]), &json!(0)));
}

#[test]
fn an_account_without_a_snapshot_says_that_something_has_to_say_what_the_lms_has() {
    let world = World::new().with("staff.csv", snapshot());
    world.muster("accounts add Northwind --profile edapp").exits(0);
    for words in
        ["plan staff.csv --account Northwind", "kit staff.csv --account Northwind --out kit"]
    {
        let answer = world.muster(words).exits(2);
        answer.only_says(
            "muster: nobody has said what the LMS has now: the account `Northwind` has no snapshot\n        \
             Name an export with --against FILE, or `none` where all of these are new; or keep one: muster accounts \
             set \"Northwind\" --snapshot FILE",
        );
    }
    world.muster("plan staff.csv --account Northwind --against none").exits(1);
    world.muster("plan staff.csv").exits(2);
    let unknown = world.muster("check staff.csv --account Elsewhere").exits(2);
    assert!(unknown.err.contains("There are `Northwind`."), "{}", unknown.err);
}

#[test]
fn a_proof_takes_the_fresh_export_as_the_snapshot() {
    let staff = edapp(&[&ANA.replace("Sales", "Sales; Marketing"), BO, CEM]);
    let world = northwind().with("staff.csv", &staff);
    world.muster("kit staff.csv --account Northwind --out kit").exits(0);
    let world = world.with("after.csv", &staff);
    let proof =
        world.muster("prove kit after.csv --account Northwind --format json").exits(0).json();
    assert_eq!(proof["counts"]["others"], 2, "{proof}");
    assert_eq!(proof["account"]["name"], "Northwind");
    let kept = show(&world);
    assert_eq!(
        (&kept["snapshot"]["source"], &kept["before"][0]["source"]),
        (&json!("after.csv"), &json!("last.csv"))
    );
    let plan = world.muster("plan staff.csv --account Northwind").exits(0);
    assert!(plan.out.contains("3 the same"), "{}", plan.out);

    // It was the wrong file: the one before it counts again.
    world.muster("accounts set Northwind --drop snapshot").exits(0);
    assert_eq!(show(&world)["snapshot"]["source"], "last.csv");
    world.muster("plan staff.csv --account Northwind").exits(1);
}

/// A file that is older than what the account has never becomes what the LMS has in silence.
#[test]
fn an_export_of_last_week_is_not_taken_for_what_the_lms_has_now() {
    let staff = edapp(&[&ANA.replace("Sales", "Sales; Marketing"), BO, CEM]);
    let world = northwind().with("staff.csv", &staff).with("after.csv", &staff);
    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(7 * 24 * 3600);
    let is_old = |name: &str| {
        let file = std::fs::File::options().write(true).open(world.path(name)).expect("there");
        file.set_modified(old).expect("its day can be set");
    };
    world.muster("kit staff.csv --account Northwind --out kit").exits(0);
    let before = show(&world);
    is_old("after.csv");
    let proof =
        world.muster("prove kit after.csv --account Northwind --format json").exits(0).json();
    assert_eq!(proof["counts"]["as_planned"], 1, "it is proved all the same: {proof}");
    let why = proof["account"]["not_taken_over"].as_str().expect("a sentence");
    assert!(
        why.starts_with("`after.csv` was last written on ") && why.contains("`last.csv`"),
        "{why}"
    );
    assert_eq!(proof["account"]["snapshot"], before["snapshot"]["at"]);
    assert_eq!(show(&world), before, "nothing of it is taken over");
    let told = world.muster("prove kit after.csv --account Northwind").exits(0).out;
    assert!(told.contains("does not take this export as what the LMS has: `after.csv`"), "{told}");
    // Who names it as the snapshot is told, and how to take that back.
    let set = world.muster("accounts set Northwind --snapshot after.csv").exits(0);
    assert!(set.err.contains("--drop snapshot") && set.err.contains("`last.csv`"), "{}", set.err);
    assert_eq!(show(&world)["snapshot"]["source"], "after.csv");
}

#[test]
fn no_password_is_kept() {
    let secret = edapp(&[&ANA.replace(",,E101", ",Sunflower-2026,E101"), BO, CEM]);
    let world = World::new().with("last.csv", secret);
    world.muster("accounts add Northwind --snapshot last.csv").exits(0);
    world.muster("accounts export Northwind --out north.muster-account").exits(0);
    let text = world.text("north.muster-account");
    assert!(text.contains("ana@example.com") && !text.contains("Sunflower"), "{text}");
}

#[test]
fn next_weeks_report_is_read_as_this_weeks_and_belongs_to_the_same_account() {
    let report = |name: &str, id: &str| {
        format!(
            "Emp No,Work mail,Login,Given,Family\n{id},{name}@example.com,{name}@example.com,{name},Li\n"
        )
    };
    let world = northwind()
        .with("week1.csv", report("dee", "E904"))
        .with("week2.csv", report("eve", "E905"));
    let nowhere = world.muster("accounts of week1.csv").exits(1);
    assert_eq!(nowhere.out, "It is of no account that is kept here.\n");
    let words = [
        "kit",
        "week1.csv",
        "--account",
        "Northwind",
        "--out",
        "kit",
        "--map",
        "Emp No=externalid",
        "--map",
        "Work mail=email",
        "--map",
        "Login=username",
        "--map",
        "Given=firstname",
        "--map",
        "Family=lastname",
    ];
    world.muster_with(&words).exits(0);
    let of = world.muster("accounts of week2.csv --format json").exits(0).json();
    assert_eq!(of["account"], "Northwind", "{of}");
    assert!(of["fitting"][0]["why"].as_str().expect("text").contains("week1.csv"), "{of}");
    let plan = world.muster("plan week2.csv --account Northwind --format json");
    assert_eq!(plan.exits(1).json()["counts"]["create"], 1);
}

#[test]
fn two_accounts_of_one_lms_are_told_apart_by_their_people_or_asked_about() {
    let south = snapshot().replace("example.com", "south.example").replace(",E1", ",S1");
    let world = northwind()
        .with("south.csv", &south)
        .with("mixed.csv", format!("{}{}", snapshot(), south.split_once("\r\n").expect("lines").1));
    world.muster("accounts add Southwind --profile edapp --snapshot south.csv").exits(0);
    let of = world.muster("accounts of south.csv --format json").exits(0).json();
    assert_eq!(of["account"], "Southwind");
    let asked = world.muster("accounts of mixed.csv --format json").exits(1).json();
    assert!(asked["account"].is_null());
    assert_eq!(asked["fitting"].as_array().expect("a list").len(), 2, "{asked}");
    world.muster("accounts set Southwind --list groups=south.csv#usergroups").exits(0);
    assert_eq!(show(&world)["lists"], json!([]));
}

#[test]
fn an_account_is_renamed_handed_over_and_forgotten() {
    let world = northwind();
    world.muster_with(&["accounts", "rename", "Northwind", "EdApp, Northwind"]).exits(0);
    world.muster_with(&["accounts", "export", "EdApp, Northwind"]).exits(0);
    let file = "EdApp, Northwind.muster-account";
    assert!(world.has(file));
    let clash = world.muster_with(&["accounts", "import", file]).exits(2);
    assert!(clash.err.contains("there is an account `EdApp, Northwind` already"), "{}", clash.err);
    assert!(clash.err.contains("--name"), "{}", clash.err);
    world.muster_with(&["accounts", "import", file, "--name", "Copy"]).exits(0);
    world.muster_with(&["accounts", "import", file, "--replace"]).exits(0);
    let all = world.muster("accounts --format json").exits(0).json();
    let names: Vec<&Value> =
        all["accounts"].as_array().expect("a list").iter().map(|a| &a["name"]).collect();
    assert_eq!(names, ["Copy", "EdApp, Northwind"]);
    world.muster("accounts forget Copy").exits(0);
    world.muster_with(&["accounts", "forget", "EdApp, Northwind"]).exits(0);
    assert!(world.muster("accounts").exits(0).out.starts_with("There is no account yet"));
    assert!(!world.has("home/accounts/1"));
    world.muster("check last.csv --account Copy").exits(2);
}

#[test]
fn an_account_of_ones_own_profile_is_handed_over_with_it() {
    let own = "id = 'acme'\nname = 'Acme'\nbased_on = 'edapp'\n";
    let world = World::new().with("home/profiles/acme.toml", own).with("last.csv", snapshot());
    let added = world.muster("accounts add Acme --profile acme --snapshot last.csv");
    assert_eq!(added.exit, 0, "{}", added.err);
    world.muster("accounts export Acme --out acme.muster-account").exits(0);
    let there = World::new()
        .with("acme.muster-account", world.read("acme.muster-account"))
        .with("last.csv", snapshot());
    there.muster("accounts import acme.muster-account").exits(0);
    assert!(there.has("home/profiles/acme.toml"));
    there.muster("plan last.csv --account Acme").exits(0);
    let text = world
        .text("acme.muster-account")
        .replace("\"profile\": \"acme\"", "\"profile\": \"../../acme\"");
    let evil = World::new().with("evil.muster-account", text);
    let refused = evil.muster("accounts import evil.muster-account").exits(2);
    assert!(
        refused.err.contains("the profile that came with it is another one"),
        "{}",
        refused.err
    );
}

#[test]
fn values_and_recipes_of_the_account_are_used_by_fix() {
    let recipe = "name = 'Monthly'\nprofile = 'edapp'\nmade = '2026-11-03'\n\
                  [[step]]\ndo = 'replace-values'\ncolumn = 'lastname (optional)'\nvalues = { Silva = 'Souza' }\n";
    let staff = edapp(&[&ANA.replace("Sales", "Vendas"), BO, CEM]);
    let world = northwind().with("staff.csv", staff).with("monthly.toml", recipe);
    world
        .muster("accounts set Northwind --map-value usergroups:Vendas=Sales --recipe monthly.toml")
        .exits(0);
    world.muster("fix staff.csv --account Northwind --recipe Monthly --out fixed.csv").exits(0);
    assert_eq!(world.text("fixed.csv"), edapp(&[&ANA.replace("Silva", "Souza"), BO, CEM]));
    world
        .muster("accounts set Northwind --drop recipe=Monthly --drop map-value=usergroups")
        .exits(0);
    world.muster("fix staff.csv --account Northwind --recipe Monthly --out again.csv").exits(2);
}

#[test]
fn what_an_account_cannot_keep_is_refused_and_nothing_of_it_is_kept() {
    let world = northwind();
    let before = show(&world);
    for (words, says) in [
        ("--policy colour=blue", "has no choice named `colour`"),
        ("--map Mail=nothing", "has no field `nothing`"),
        ("--list colours=last.csv", "there is no list of `colours`"),
        ("--real colours=blue", "there is no list of `colours`"),
        ("--connection nowhere", "there is no connection `nowhere`"),
        ("--drop list=groups", "the account does not keep `list=groups`"),
        ("--drop colour", "`colour` is nothing that an account keeps"),
        ("--snapshot missing.csv", "missing.csv"),
    ] {
        let words = format!("accounts set Northwind --policy groups=replace {words}");
        let answer = world.muster(&words).exits(2);
        assert!(answer.err.contains(says), "{words}: {}", answer.err);
    }
    assert_eq!(show(&world), before);
    let none = world.muster("accounts add Southwind").exits(2);
    assert!(none.err.contains("nobody has said which LMS it is"), "{}", none.err);
    world.muster("accounts add Southwind --profile edapp --policy colour=blue").exits(2);
    world.muster("accounts show Southwind").exits(2);
}

#[test]
fn a_slip_in_whom_to_protect_is_told_at_once() {
    let world = northwind();
    let set = "accounts set Northwind --protect ANA@example.com --protect bo@exmaple.com";
    let told = world.muster(set).exits(0).err;
    assert!(told.contains("known by `bo@exmaple.com`, so it protects nobody"), "{told}");
    assert!(!told.contains("ANA@"), "{told}");
}
