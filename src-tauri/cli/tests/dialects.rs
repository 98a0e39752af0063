//! How a CSV was written: what is found out, what is doubted, what can be chosen, and that it goes back as it was.

use serde_json::Value;

use crate::world::World;

fn checked(name: &str, bytes: &[u8], arguments: &str) -> Value {
    let world = World::new().with(name, bytes);
    let run = world.muster(&format!("check {name} --format json {arguments}"));
    run.json()
}

fn rules(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().expect("a list").iter();
    findings.map(|finding| finding["rule"].as_str().expect("a code")).collect()
}

/// What `--as` is advised to take.
fn advised(report: &Value) -> Option<&str> {
    report["roster"]["doubts"].as_array()?.iter().find_map(|doubt| doubt["as"].as_str())
}

const STRAYS: &str = "username,firstname,lastname,email\nada,\"Ada,Love,ada@example.com\nbo,Bo,Li,bo@example.com\n\
                      cy,\"Cy,Ko,cy@example.com\ndi,Di,Ng,di@example.com\n";

#[test]
fn nobody_is_swallowed_by_a_quotation_mark_and_a_fix_brings_them_back() {
    let world = World::new().with("staff.csv", STRAYS);
    let report = world.muster("check staff.csv --format json").exits(1).json();
    assert_eq!(report["understood"], false);
    assert_eq!(rules(&report), ["quote-stray"]);
    assert_eq!(report["findings"][0]["line"], 2);
    let message = report["findings"][0]["message"].as_str().expect("a sentence");
    assert!(message.contains("lines 2 to 4 were read as one row"), "{message}");
    world.muster("fix staff.csv --unsafe --out out.csv").exits(0);
    assert_eq!(world.text("out.csv"), STRAYS.replace('"', ""));
    let report = world.muster("check out.csv --format json").exits(0).json();
    assert_eq!(
        (report["roster"]["people"].as_u64(), &report["understood"]),
        (Some(4), &Value::Bool(true))
    );
}

#[test]
fn quotation_marks_can_be_read_as_letters_and_go_back_as_they_were() {
    let world = World::new().with("staff.csv", STRAYS);
    let report = world.muster("check staff.csv --as quotes=none --format json").json();
    assert_eq!(report["roster"]["people"], 4);
    assert!(!rules(&report).is_empty(), "the quotes are told");
    world.muster("copy staff.csv --as quotes=none out.csv").exits(0);
    assert_eq!(world.text("out.csv"), STRAYS);
}

const WESTERN: &str =
    "employee_id;name;city\r\n1;Jörg Müller;Köln\r\n2;José Muñoz;Málaga\r\n3;Bärbel Groß;Düren\r\n";

#[test]
fn letters_of_dos_and_of_the_mac_are_doubted_and_read_rightly_where_that_is_chosen() {
    use muster_engine::format::encoding::Encoding;
    for label in ["cp850", "cp437", "macintosh"] {
        let encoding = Encoding::for_label(label).expect("known");
        let lines =
            if label == "macintosh" { WESTERN.replace("\r\n", "\r") } else { WESTERN.into() };
        let bytes = encoding.encode(&lines).expect("has the letters").into_owned();
        let world = World::new().with("staff.csv", &bytes);
        let report = world.muster("check staff.csv --format json").exits(1).json();
        assert_eq!(report["understood"], false, "{label}");
        let read_as = advised(&report).expect("advised").to_owned();
        assert!(
            matches!(&*read_as, "encoding=IBM850" | "encoding=macintosh"),
            "{label}: {read_as}"
        );
        let told = world.muster("check staff.csv").exits(1).out;
        assert!(
            told.contains("the letters look wrong") && told.contains(&format!("--as {read_as}")),
            "{told}"
        );
        // A fix takes no letter away.
        world.muster("fix staff.csv --out fixed.csv");
        if world.has("fixed.csv") {
            assert_eq!(world.read("fixed.csv"), bytes, "{label}");
        }
        let report =
            world.muster(&format!("check staff.csv --as {read_as} --format json")).exits(0).json();
        assert_eq!(report["understood"], true, "{label}");
        assert_eq!(advised(&report), None);
        world.muster(&format!("copy staff.csv --as encoding={label} again.csv")).exits(0);
        assert_eq!(world.read("again.csv"), bytes, "{label}");
        // What is fixed is read by others, who are told of no encoding.
        let fixed = world.muster(&format!("fix staff.csv --as encoding={label} --out utf8.csv"));
        assert!(fixed.exits(0).err.contains("`utf8.csv` is in UTF-8: nothing in a file says"));
        let report = world.muster("check utf8.csv --format json").json();
        assert_eq!((&report["understood"], advised(&report)), (&true.into(), None), "{label}");
    }
}

#[test]
fn where_cells_end_is_found_out_whatever_stands_around_them() {
    let rows = |row: &str| (0..20).map(|n| row.replace('#', &n.to_string())).collect::<String>();
    let people = rows("Müller, Jörg#;j#@example.com;Sales, Ops, HR\n");
    for (head, sign) in [
        ("Mitarbeiterliste\nName;E-Mail;Gruppen\n", ";"),
        ("sep=;\r\nName;E-Mail;Gruppen\n", ";"),
        ("Liste, Stand November\nName;E-Mail;Gruppen\n", ";"),
    ] {
        let report = checked("staff.csv", format!("{head}{people}").as_bytes(), "");
        assert_eq!(report["roster"]["delimiter"], sign, "{head}");
        assert_eq!(report["roster"]["header"], 2, "{head}");
        assert_eq!(report["roster"]["people"], 20, "{head}");
    }
    let text = format!("Email,Groups\n{}", rows("a#@example.com,Sales; Ops; HR; Legal\n"));
    let report = checked("staff.csv", text.as_bytes(), "");
    assert_eq!(report["roster"]["delimiter"], ",");
    let one = checked("staff.csv", b"sep=,\nemail\na@example.com\nb@example.com\n", "");
    assert_eq!((&one["roster"]["header"], &one["roster"]["people"]), (&2.into(), &2.into()));
}

#[test]
fn a_file_that_is_read_better_otherwise_says_how() {
    for (text, read_as, name) in [
        (
            "\"username,name,email\"\r\n\"ada,Ada,ada@example.com\"\r\n\"bo,\"\"Li, Bo\"\",bo@example.com\"\r\n",
            "quotes=lines",
            "Li, Bo",
        ),
        (
            "username;name;email\r\n\"ada;\"\"Lo; A\"\";a@example.com\"\r\nbo;Bo;bo@example.com\r\n",
            "quotes=lines",
            "Lo; A",
        ),
        (
            "username,email,name\nu1,u1@example.com,\"Ada \\\"Addie\\\" Berg\"\nu2,u2@example.com,Bo\n",
            "escape=backslash",
            "Ada \"Addie\" Berg",
        ),
        (
            "username,name,email\nu1,Li\\, Bo,u1@example.com\nu2,Cy,u2@example.com\n",
            "escape=backslash",
            "Li, Bo",
        ),
        (
            "username,name,email\n'u1','Li, Bo','u1@example.com'\n'u2','O''Neill','u2@example.com'\n",
            "quotes=single",
            "O'Neill",
        ),
    ] {
        let world = World::new().with("staff.csv", text);
        let report = world.muster("check staff.csv --format json").exits(1).json();
        assert_eq!(
            (advised(&report), &report["understood"]),
            (Some(read_as), &Value::Bool(false)),
            "{text}"
        );
        let report =
            world.muster(&format!("check staff.csv --as {read_as} --format json")).exits(0).json();
        assert_eq!(report["roster"]["people"], 2, "{text}");
        world.muster(&format!("copy staff.csv --as {read_as} out.csv")).exits(0);
        if read_as != "quotes=lines" {
            assert_eq!(world.text("out.csv"), text);
        }
        world.muster(&format!("copy staff.csv --as {read_as} out.xlsx")).exits(0);
        world.muster("copy out.xlsx sheet.csv").exits(0);
        let quoted = format!("\"{}\"", name.replace('"', "\"\""));
        let sheet = world.text("sheet.csv");
        assert!(sheet.contains(&quoted) || sheet.contains(name), "{sheet}");
    }
}

#[test]
fn what_was_resaved_with_another_delimiter_is_read_by_its_own_and_the_rest_is_told() {
    let text = "username;firstname;lastname;email;department,,,,,\nada;Ada;Love;ada@example.com;HR,,,,,\n\
                bo;Bo;Li;bo@example.com;Sales, Ops,,,,\n";
    let world = World::new().with("staff.csv", text);
    let report = world.muster("check staff.csv --format json").exits(1).json();
    assert_eq!(report["roster"]["delimiter"], ";");
    assert_eq!(rules(&report), ["delimiters-left"]);
    world.muster("fix staff.csv --unsafe --out out.csv").exits(0);
    let fixed = "username;firstname;lastname;email;department\nada;Ada;Love;ada@example.com;HR\n\
                 bo;Bo;Li;bo@example.com;Sales, Ops\n";
    assert_eq!(world.text("out.csv"), fixed);
    assert_eq!(world.muster("check out.csv --format json").exits(0).json()["understood"], true);
}

#[test]
fn while_the_reading_is_doubted_no_fix_is_safe() {
    let wrapped = "\"employee_id\tname\"\n\"1\tAda\"\n\"2\tBo\"\n";
    for text in [wrapped.as_bytes(), b"employee_id;name\n1;x\x81\x9fy Zo\xeb\n2;\x81\x9fAd\xa0a\n"]
    {
        let world = World::new().with("staff.csv", text);
        let report = world.muster("check staff.csv --format json").exits(1).json();
        assert_eq!(report["understood"], false);
        for finding in report["findings"].as_array().expect("a list") {
            assert_ne!(finding["fix"]["safety"], "safe", "{finding}");
        }
    }
}

#[test]
fn what_is_said_of_quotes_has_to_be_one_of_the_choices() {
    let world = World::new().with("staff.csv", STRAYS);
    let err = world.muster("check staff.csv --as quotes=curled").exits(2).err;
    assert!(err.contains("double, single, none, lines"), "{err}");
    let err = world.muster("check staff.csv --as escape=caret").exits(2).err;
    assert!(err.contains("none, backslash"), "{err}");
}

#[test]
fn ordinary_files_in_other_encodings_stay_silent() {
    use muster_engine::format::encoding::Encoding;
    let header = "username;email;name;city\r\n";
    for (label, people) in [
        (
            "windows-1252",
            "u1;u1@example.com;Jürgen Groß;Köln\r\nu2;u2@example.com;Zoë Çelik;Besançon\r\nu3;u3@example.com;Søren Ødegård;Århus\r\n",
        ),
        ("Shift_JIS", "u1;u1@example.com;田中太郎;東京\r\nu2;u2@example.com;鈴木;大阪\r\n"),
        ("GBK", "u1;u1@example.com;王伟;北京\r\nu2;u2@example.com;Li Na;上海\r\n"),
        ("windows-1251", "u1;u1@example.com;Иван Петров;Москва\r\n"),
        (
            "windows-1250",
            "u1;u1@example.com;Łukasz Wójcik;Łódź\r\nu2;u2@example.com;Šárka Říhová;Plzeň\r\n",
        ),
    ] {
        let text = format!("{header}{people}");
        let bytes = Encoding::for_label(label)
            .expect("known")
            .encode(&text)
            .expect("has them")
            .into_owned();
        let report = checked("staff.csv", &bytes, "");
        assert_eq!(
            (&report["understood"], rules(&report)),
            (&Value::Bool(true), vec![]),
            "{label}"
        );
    }
}
