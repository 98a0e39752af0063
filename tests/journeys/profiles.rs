//! Profiles of one's own: taken in, handed on, removed.

use serde_json::{Value, json};

use crate::home::Computer;

const ACME: &str = "#:schema ./profile.schema.json\nid = \"acme\"\nname = \"Acme\"\nbased_on = \"edapp\"\n\
                    [[field]]\nid = \"firstname\"\nheaders = [\"given name\"]\n";

#[test]
fn a_colleagues_profile_is_taken_in_used_handed_on_and_removed() {
    let computer = Computer::new();
    let sent = computer.write("sent.toml", ACME);
    let muster = computer.start();
    let taken = muster.call("import_profile", json!({ "path": sent, "replace": false }));
    assert_eq!(taken["taken"], Value::Null);
    assert_eq!(
        (&taken["profile"]["own"], &taken["profile"]["based_on"]),
        (&json!(true), &json!("EdApp (SC Training)"))
    );
    assert!(computer.path("profiles/acme.toml").exists());
    let schema = std::fs::read(computer.path("profiles/profile.schema.json")).expect("beside it");
    assert!(schema.starts_with(b"{"));

    let file = "email,username,given name,lastname\na@example.com,a,Ada,L\n";
    let job = muster.open(&computer.write("staff.csv", file));
    assert_eq!(job["profile"]["id"], "acme");
    assert_eq!(job["columns"][2]["field"], "firstname");

    let copy = computer.path("copy.toml");
    muster.call("export_profile", json!({ "id": "acme", "path": copy, "replace": false }));
    assert_eq!(std::fs::read_to_string(&copy).expect("written"), ACME);

    let facts = muster.call("profile_facts", json!({ "id": "acme" }));
    assert_eq!(facts["statements"][0]["topic"], "What identifies a person");
    assert!(facts["statements"][0]["source"].to_string().contains("Managing users via CSV"));
    assert!(facts["unknown"].as_array().is_some_and(|unknown| unknown.len() > 3));

    muster.call("remove_profile", json!({ "id": "acme" }));
    assert!(!computer.path("profiles/acme.toml").exists());
    let home = muster.call("home", Value::Null);
    assert!(!home["profiles"].to_string().contains("acme"));
    let still = muster.call("profile_facts", json!({ "id": "acme" }));
    assert_eq!(still["profile"]["name"], "Acme", "the open list is still read through it");
    let gone = muster.refused("profile_facts", json!({ "id": "none" }));
    assert_eq!(gone.what, "there is no profile `none`");
}

#[test]
fn an_id_that_is_taken_is_asked_about_and_one_of_musters_own_is_refused() {
    let computer = Computer::new();
    let muster = computer.start();
    let first = computer.write("first.toml", ACME);
    muster.call("import_profile", json!({ "path": first, "replace": false }));
    let second = computer.write("second.toml", ACME.replace("\"Acme\"", "\"Acme 2\""));
    let asked = muster.call("import_profile", json!({ "path": second, "replace": false }));
    assert_eq!(asked["taken"], "Acme");
    let named = |name: &str| {
        muster.call("home", Value::Null)["profiles"].to_string().contains(&format!("\"{name}\""))
    };
    assert!(named("Acme") && !named("Acme 2"));
    muster.call("import_profile", json!({ "path": second, "replace": true }));
    assert!(!named("Acme") && named("Acme 2"));

    for (id, why) in [
        ("edapp", "`edapp` is the id of a profile that comes with Muster"),
        ("../acme", "`../acme` is no id: only small letters, digits and hyphens are"),
        ("acme.", "`acme.` is no id: only small letters, digits and hyphens are"),
        ("acme ", "`acme ` is no id: only small letters, digits and hyphens are"),
        ("con", "on Windows no file can be called `con`"),
        ("com1", "on Windows no file can be called `com1`"),
        ("lpt9", "on Windows no file can be called `lpt9`"),
    ] {
        let path = computer.write("third.toml", ACME.replace("acme", id));
        let refused = muster.refused("import_profile", json!({ "path": path, "replace": true }));
        assert_eq!(refused.why, why);
    }
    let refused = muster.refused("remove_profile", json!({ "id": "edapp" }));
    assert!(refused.what.contains("comes with Muster"), "{refused}");
    let broken = computer.write("broken.toml", "id = \"x\"\nkye = 1\n");
    let refused = muster.refused("import_profile", json!({ "path": broken, "replace": false }));
    assert!(refused.why.starts_with("line 2: nothing is called `kye` here"), "{refused}");
}

fn field<'f>(form: &'f mut Value, id: &str) -> &'f mut Value {
    let fields = form["fields"].as_array_mut().expect("fields");
    fields.iter_mut().find(|field| field["id"] == id).expect("there")
}

fn rule<'r>(of: &'r mut Value, code: &str) -> &'r mut Value {
    let rules = of["rules"].as_array_mut().expect("rules");
    let is = |rule: &&mut Value| rule["code"] == code || rule["rule"] == code;
    rules.iter_mut().find(is).expect("there")
}

const STAFF: &str = "email,username,moniker,lastname\n\
                     a@example.com,a,Ada,L\nb@example.com,A,Bo,T\nc@example.com,,Cem,D\n";

#[test]
fn a_profile_is_adapted_in_a_form_tried_on_the_open_list_and_saved_as_what_differs() {
    let computer = Computer::new();
    let muster = computer.start();
    muster.open(&computer.write("staff.csv", STAFF));
    let mut form = muster.call("profile_form", json!({ "id": "edapp" }));
    assert_eq!(
        (&form["id"], &form["name"], &form["file"]),
        (&json!("edapp-own"), &json!("EdApp, our own"), &Value::Null)
    );
    let tried = muster.call("try_profile", form.clone());
    let list = &tried["list"];
    assert_eq!((&list["known"], &list["of"]), (&json!(3), &json!(4)));
    assert_eq!(list["unknown"], json!(["moniker"]));
    let key = &list["key"];
    assert_eq!(key["says"], "3 rows, 2 different, none blank.", "a blank username is the e-mail");
    assert_eq!(key["shared"], json!([{ "key": "a", "rows": 2, "lines": [2, 3] }]));
    assert_eq!(list["before"], list["after"]);

    form["name"] = "Acme".into();
    form["id"] = "acme".into();
    form["key"] = "email".into();
    form["key_falls_back_to"] = "".into();
    field(&mut form, "firstname")["headers"] = json!(["moniker", "first name"]);
    field(&mut form, "firstname")["max"] = 2.into();
    rule(&mut form, "key-duplicate")["severity"] = Value::Null;
    let mut tried = muster.call("try_profile", form.clone());
    assert_eq!(tried["faults"], json!([]));
    assert_eq!(tried["list"]["known"], 4);
    assert_eq!(tried["list"]["key"]["says"], "3 rows, 3 different, none blank.");
    assert_eq!(tried["list"]["key"]["holds"], true);
    let long = rule(&mut tried["list"], "too-long");
    assert_eq!((&long["before"], &long["after"]), (&json!(0), &json!(2)));
    assert!(!computer.path("profiles").exists(), "trying writes nothing");

    let saved = muster.call("save_profile", form);
    assert_eq!(saved["profile"]["name"], "Acme");
    assert_eq!(
        std::fs::read_to_string(computer.path("profiles/acme.toml")).expect("saved"),
        "#:schema ./profile.schema.json\nid = \"acme\"\nbased_on = \"edapp\"\nname = \"Acme\"\n\n\
         [key]\nunset = [\"falls_back_to\"]\nfield = \"email\"\n\n\
         [[field]]\nid = \"firstname\"\nheaders = [\"moniker\", \"first name\"]\nmax = 2\n\n\
         [rules.key-duplicate]\noff = true\n"
    );
    let job = muster.call("choose_profile", json!({ "id": "acme" }));
    assert_eq!(job["profile"]["name"], "Acme");

    let mut again = muster.call("profile_form", json!({ "id": "acme" }));
    assert_eq!(again["based_on"], "EdApp (SC Training)");
    assert!(again["file"].is_string());
    field(&mut again, "firstname")["max"] = Value::Null;
    rule(&mut again, "key-duplicate")["severity"] = "warning".into();
    again["policies"][0]["default"] = "".into();
    again["guards"][0]["people"] = 2.into();
    muster.call("save_profile", again);
    assert_eq!(
        std::fs::read_to_string(computer.path("profiles/acme.toml")).expect("saved"),
        "#:schema ./profile.schema.json\nid = \"acme\"\nbased_on = \"edapp\"\nname = \"Acme\"\n\n\
         [key]\nunset = [\"falls_back_to\"]\nfield = \"email\"\n\n\
         [[field]]\nid = \"firstname\"\nheaders = [\"moniker\", \"first name\"]\n\n\
         [rules.key-duplicate]\noff = false\nseverity = \"warning\"\n\n\
         [[policy]]\nid = \"groups\"\nunset = [\"default\"]\n\n\
         [guards.delete]\npeople = 2\n"
    );
}

#[test]
fn what_is_wrong_in_the_form_is_said_at_its_place_and_nothing_is_saved() {
    let computer = Computer::new();
    let muster = computer.start();
    let mut form = muster.call("profile_form", json!({ "id": "edapp" }));
    form["name"] = " ".into();
    form["id"] = "Ac me".into();
    field(&mut form, "firstname")["headers"] = json!(["lastname"]);
    field(&mut form, "lastname")["headers"] = json!([]);
    field(&mut form, "email")["min"] = 9.into();
    field(&mut form, "email")["max"] = 3.into();
    field(&mut form, "username")["characters"] = "z-a".into();
    field(&mut form, "roles")["separator"] = "--".into();
    form["fields"][6]["title"] = "".into();
    let saved = muster.call("save_profile", form);
    let at: Vec<&str> = saved["faults"]
        .as_array()
        .expect("faults")
        .iter()
        .filter_map(|fault| fault["at"].as_str())
        .collect();
    assert_eq!(
        at,
        [
            "name",
            "id",
            "field.email.max",
            "field.username.characters",
            "field.lastname.headers",
            "field.roles.separator",
            "field.dateregistered.title",
        ]
    );
    assert_eq!(saved["profile"], Value::Null);
    assert!(!computer.path("profiles").exists());
    assert_eq!(
        muster.refused("profile_form", json!({ "id": "none" })).what,
        "there is no profile `none`"
    );
}

#[test]
fn a_column_is_added_and_another_taken_out() {
    let computer = Computer::new();
    let muster = computer.start();
    let mut form = muster.call("profile_form", json!({ "id": "generic" }));
    form["name"] = "Acme".into();
    let mut added =
        field(&mut muster.call("profile_form", json!({ "id": "edapp" })), "email").clone();
    added["id"] = "".into();
    added["title"] = "Badge number".into();
    added["headers"] = json!(["Badge"]);
    let fields = form["fields"].as_array_mut().expect("fields");
    let count = fields.len();
    fields.push(added);
    let saved = muster.call("save_profile", form);
    assert_eq!(saved["faults"], json!([]));
    let mut form = muster.call("profile_form", json!({ "id": "generic-own" }));
    assert_eq!(form["fields"].as_array().map(Vec::len), Some(count + 1));
    assert_eq!(form["fields"][count]["id"], "badge-number");
    form["key"] = "badge-number".into();
    form["fields"].as_array_mut().expect("fields").pop();
    let tried = muster.call("try_profile", form);
    assert_eq!(tried["faults"][0]["at"], "key");
}

#[test]
fn what_a_profile_softens_is_asked_before_it_is_taken_in_and_holds_until_then() {
    let computer = Computer::new();
    let soft = format!("{ACME}[rules.email-malformed]\noff = true\n");
    let sent = computer.write("sent.toml", &soft);
    let muster = computer.start();
    let asked = muster.call("import_profile", json!({ "path": sent, "replace": false }));
    assert_eq!(asked["asks"].as_array().map(Vec::len), Some(1), "{asked}");
    assert!(!computer.path("profiles/acme.toml").exists());

    // Put there by hand, it is nobody's choice: the list is read by what comes with Muster.
    std::fs::create_dir_all(computer.path("profiles")).expect("made");
    std::fs::write(computer.path("profiles/acme.toml"), &soft).expect("written");
    let file =
        computer.write("staff.csv", "email,username,given name,lastname\na@example.com,a,Ada,L\n");
    assert_eq!(muster.open(&file)["profile"]["id"], "edapp");
    muster.call("choose_profile", json!({ "id": "acme" }));
    muster.call("say_lms_has", json!({ "kind": "nobody" }));
    let plan = json!({ "policies": {}, "only": "changed" });
    let held = |plan: &Value| plan["gate"]["held"].to_string().contains("\"profile\"");
    assert!(held(&muster.call("plan", plan.clone())));

    let taken = json!({ "path": sent, "replace": true, "trust": true });
    let taken = muster.call("import_profile", taken);
    assert_eq!((&taken["asks"], &taken["profile"]["taken_over"]), (&json!([]), &json!(true)));
    let job = muster.call("choose_profile", json!({ "id": "acme" }));
    assert!(job["profile"]["softens"][0].to_string().contains("Not an e-mail address"), "{job}");
    assert!(!held(&muster.call("plan", plan)));
}

#[test]
fn two_profiles_that_fit_are_a_question_until_one_is_chosen() {
    let computer = Computer::new();
    let muster = computer.start();
    for (id, name) in [("acme", "Acme"), ("zenith", "Zenith")] {
        let text = ACME.replace("acme", id).replace("Acme", name);
        let sent = computer.write("sent.toml", &text);
        muster.call("import_profile", json!({ "path": sent, "replace": false }));
    }
    let file = "email,username,given name,lastname\na@example.com,a,Ada,L\n";
    let job = muster.open(&computer.write("staff.csv", file));
    let fits = json!([{ "id": "acme", "name": "Acme" }, { "id": "zenith", "name": "Zenith" }]);
    assert_eq!(job["profile_fits"], fits);
    let plan = json!({ "policies": {}, "only": "changed" });
    let refused = muster.refused("plan", plan.clone());
    assert_eq!(refused.what, "the list may be of `acme` and `zenith`");

    // It is asked again tomorrow, and no longer once it was said, whichever was said.
    drop(muster);
    let muster = computer.start();
    let reopened = muster.call("open_job", json!({ "id": job["id"] }));
    assert_eq!(reopened["profile_fits"], fits);
    for id in ["zenith", "acme"] {
        let chosen = muster.call("choose_profile", json!({ "id": id }));
        assert_eq!((&chosen["profile"]["id"], &chosen["profile_fits"]), (&json!(id), &json!([])));
    }
    muster.call("say_lms_has", json!({ "kind": "nobody" }));
    muster.call("plan", plan);
    drop(muster);
    let muster = computer.start();
    let reopened = muster.call("open_job", json!({ "id": job["id"] }));
    assert_eq!(
        (&reopened["profile"]["id"], &reopened["profile_fits"]),
        (&json!("acme"), &json!([]))
    );
}
