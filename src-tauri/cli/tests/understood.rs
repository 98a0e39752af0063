//! No all-clear on what was not understood: a doubt is an error, holds kit and push, and no profile switches it off.

use crate::world::{ANA, BO, CEM, World, edapp, snapshot};

/// A profile file that switches every rule off that there is.
fn silenced(world: &World, id: &str) -> String {
    let rules = world.muster("rules --format json").exits(0).json();
    let codes = rules["rules"].as_array().expect("a list").iter();
    let off = codes.map(|rule| {
        let code = rule["rule"].as_str().expect("a code");
        format!("[rules.{code}]\noff = true\n")
    });
    let off: String = off.collect();
    format!(
        "id = \"{id}\"\nname = \"Silent\"\nsummary = \"Says nothing.\"\nbased_on = \"edapp\"\n\n{off}"
    )
}

#[test]
fn a_row_of_another_length_is_a_doubt_and_nothing_is_sent() {
    let cut = BO.split_once(',').map_or(BO, |(first, _)| first);
    let world = World::new()
        .with("staff.csv", edapp(&[&ANA.replace("Sales", "Marketing"), cut, CEM]))
        .with("last.csv", snapshot());
    let report = world.muster("check staff.csv --against last.csv --format json").exits(1).json();
    assert_eq!(report["understood"], false);
    let told = world.muster("check staff.csv --against last.csv").exits(1).out;
    assert!(told.contains("Not all of the list was understood"), "{told}");
    let plan = world.muster("plan staff.csv --against last.csv --format json").exits(1).json();
    assert_eq!(plan["understood"], false);
    let blocked = plan["blockers"][0].as_str().expect("a sentence");
    assert!(
        blocked.starts_with("The list was not understood whole, and line 3 is to be"),
        "{blocked}"
    );
    let kit = world.muster("kit staff.csv --against last.csv --out kit").exits(3);
    assert!(kit.err.contains("not understood whole") && !world.has("kit"), "{}", kit.err);
}

#[test]
fn what_was_read_whole_is_understood() {
    let world = World::new().with("staff.csv", snapshot()).with("last.csv", snapshot());
    let report = world.muster("check staff.csv --against last.csv --format json").exits(0).json();
    assert_eq!(report["understood"], true);
    let plan = world.muster("plan staff.csv --against last.csv --format json").exits(0).json();
    assert_eq!(plan["understood"], true);
}

#[test]
fn where_a_profile_switches_most_checks_off_there_is_no_all_clear() {
    let world = World::new().with("staff.csv", snapshot()).with("last.csv", snapshot());
    let silent = silenced(&world, "silent");
    let world = world.with("silent.toml", silent);
    let command = "check staff.csv --against last.csv --profile silent.toml";
    let report = world.muster(&format!("{command} --format json")).exits(1).json();
    assert_eq!(report["understood"], false);
    assert_eq!(report["findings"][0]["rule"], "checks-off");
    let told = world.muster(command).exits(1).out;
    assert!(!told.contains("0 problems"), "{told}");
    let changed = edapp(&[&ANA.replace("Sales", "Marketing"), BO, CEM]);
    let world = world.with("staff.csv", changed);
    world.muster("kit staff.csv --against last.csv --profile silent.toml --out kit").exits(3);
}

#[test]
fn somebody_lets_a_doubt_stand_in_words() {
    let cut = BO.split_once(',').map_or(BO, |(first, _)| first);
    let world =
        World::new().with("staff.csv", edapp(&[ANA, cut, CEM])).with("last.csv", snapshot());
    world.muster("accounts add Acme --profile edapp").exits(0);
    world
        .muster_with(&[
            "accounts",
            "set",
            "Acme",
            "--waive",
            "row-ragged",
            "--reason",
            "Bo is a test user",
        ])
        .exits(0);
    let command = "check staff.csv --against last.csv --account Acme --format json";
    let report = world.muster(command);
    assert_eq!(report.json()["understood"], true, "{}", report.out);
    assert_eq!(report.json()["waived"][0]["rule"], "row-ragged");
}

/// Files that are no list of people, and of which nothing may be said that sounds like one.
#[test]
fn what_is_no_table_is_refused_with_the_way_out() {
    let html = "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><head></head><body><table border=1><tr><th>username</th>\
                <th>email</th></tr><tr><td>ada</td><td>ada@example.com</td></tr></table></body></html>\n";
    let xml = "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook \
               xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet><Table><Row><Cell><Data>username</Data></Cell>\
               </Row></Table></Worksheet></Workbook>";
    let ldif =
        "dn: uid=ada,ou=People,dc=example,dc=com\nobjectClass: person\nmail: ada@example.com\n";
    for (name, text, is) in [
        ("export.xls", html, "web page"),
        ("users.xls", xml, "Excel 2003"),
        ("users.json", "[{\"username\":\"ada\",\"email\":\"ada@example.com\"}]\n", "JSON"),
        ("users.rtf", "{\\rtf1\\ansi username, email\\par ada, ada@example.com}", "RTF"),
        ("users.ldif", ldif, "LDIF"),
        (
            "users.mht",
            "MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html>a, b</html>\n",
            "MHT",
        ),
    ] {
        let world = World::new().with(name, text);
        let told = world.muster(&format!("check {name}")).exits(2);
        assert!(told.err.contains(&format!("`{name}` is not a list of people")), "{}", told.err);
        assert!(told.err.contains(is) && told.err.contains("open that"), "{}", told.err);
        assert_eq!(told.out, "");
    }
}

/// `header-none.csv` and its like: line 1 is somebody, names are offered, and the fix loses nobody.
#[test]
fn where_nobody_named_the_columns_names_are_offered() {
    for (text, names, people) in [
        (
            "Ada,Love,ada@example.com,Sales\nBo,Li,bo@example.com,Ops\nCy,Ko,cy@example.com,Sales\n",
            "First name,Last name,Email,Column 4",
            3,
        ),
        (
            "ada.berg@example.com,Ada Berg\nbo.lind@example.com,Bo Lind\ncy.moe@example.com,Cy Moe\n",
            "Email,Name",
            3,
        ),
        ("ada;ada@example.com;Ada Berg\nbo;bo@example.com;Bo Lind\n", "Username;Email;Name", 2),
        ("山田 花子,hanako@example.com\n佐藤 健,ken@example.com\n", "Name,Email", 2),
        ("ada@example.com\nbo@example.com\n", "Email", 2),
    ] {
        let world = World::new().with("staff.csv", text);
        let report = world.muster("check staff.csv --format json").exits(1).json();
        assert_eq!(report["understood"], false, "{text}");
        let found = &report["findings"][0];
        assert_eq!(found["rule"], "header-none");
        let message = found["message"].as_str().expect("a sentence");
        assert!(message.starts_with("line 1 looks like a person"), "{message}");
        world.muster("fix staff.csv --rule header-none --unsafe --out named.csv").exits(0);
        assert_eq!(world.text("named.csv"), format!("{names}\n{text}"));
        let report = world.muster("check named.csv --format json").run_json();
        assert_eq!(
            (&report["understood"], report["roster"]["people"].as_u64()),
            (&true.into(), Some(people))
        );
    }
}

#[test]
fn titles_and_footers_of_reports_are_nobody() {
    let one = "Report: New hires\nGenerated: 28/11/2026\n\nEmployee ID,Last Name,First Name,Work Email\n\
               0000,Li0,Ann0,a0@example.com\n\nTotal Records: 1\nEnd of report\n";
    let totals = "Employee ID,Last Name,First Name,Work Email\n0001,Li,Ann,a@example.com\n0002,Ko,Bo,b@example.com\n\
                  Grand Totals,2,,\n";
    let psql = " username | email \n----------+-----------------\n ada      | ada@example.com\n bo       | bo@example.com\n(2 rows)\n";
    let german = "Mitarbeiterliste\nStand: 28.11.2026\n\nPersonalnummer;Nachname;Vorname;E-Mail\n17;Li;Ann;a@example.com\n\
                  Anzahl Datensätze: 1;;;\nSeite 1 von 1\n";
    let french = "Liste du personnel\n\nMatricule;Nom;Prénom;Courriel\n17;Li;Ann;a@example.com\n18;Ko;Bo;b@example.com\n\
                  Total général;2;;\nÉdité le 28/11/2026\n";
    let japanese = "社員名簿\n\n社員番号,氏名,メール\n17,山田 花子,a@example.com\n合計,1,\n";
    for (text, people, header) in [
        (one, 1, 4),
        (totals, 2, 1),
        (psql, 2, 1),
        (german, 1, 4),
        (french, 2, 3),
        (japanese, 1, 3),
    ] {
        let world = World::new().with("staff.csv", text);
        let report = world.muster("check staff.csv --format json").run_json();
        assert_eq!(report["roster"]["people"].as_u64(), Some(people), "{report:#}");
        assert_eq!(report["roster"]["header"].as_u64(), Some(header), "{text}");
        assert_eq!(report["understood"], true, "{report:#}");
        let told = report["findings"].as_array().expect("a list").iter();
        let nobody = told.filter(|finding| finding["rule"] == "row-not-a-person").count();
        assert!(nobody > 0, "{report:#}");
    }
}

#[test]
fn the_example_of_a_template_and_people_without_anything_are_never_written() {
    let entra = "version:v1.0,,,,\n\
        Name [displayName] Required,User name [userPrincipalName] Required,Block sign in (Yes/No) [accountEnabled] Required,First name [givenName]\n\
        Example: Chris Green,chris@example.com,No,\nAda Love,ada@example.com,No,Ada\n";
    let world = World::new().with("entra.csv", entra);
    let report = world.muster("check entra.csv --format json").run_json();
    assert_eq!(report["findings"][0]["rule"], "row-not-a-person", "{report:#}");
    assert_eq!(report["roster"]["people"], 1);
    let refused = world.muster("convert entra.csv --to edapp --out new.csv").exits(2);
    assert!(
        refused.err.contains("nobody can be moved") && !world.has("new.csv"),
        "{}",
        refused.err
    );
    let list = "Name,Email,Team\nExample: Chris Green,chris@example.com,Ops\nAda Love,ada@example.com,Sales\n,,Sales\n";
    let world = World::new().with("list.csv", list);
    world.muster("convert list.csv --to edapp --out new.csv").exits(0);
    let new = world.text("new.csv");
    assert!(
        new.contains("ada@example.com") && !new.contains("chris") && new.lines().count() == 2,
        "{new}"
    );
}

#[test]
fn a_group_with_a_comma_in_the_first_line_is_a_group() {
    let world = World::new()
        .with("groups.txt", "Friends, family and neighbors\nOps\nSales\n")
        .with(
            "staff.csv",
            "email,username,firstname,lastname,usergroups\n\
             a@example.com,a,A,B,\"Friends, family and neighbors\"\nb@example.com,b,B,C,Friends\n\
             c@example.com,c,C,D,Ops\nd@example.com,d,D,D,\"Health, Safety\"\ne@example.com,e,E,E,Sales\n",
        );
    let command = "check staff.csv --profile edapp --list groups=groups.txt --format json";
    let report = world.muster(command).exits(1).json();
    let told = report["findings"].as_array().expect("a list").iter();
    let values: Vec<&str> = told.filter_map(|f| f["value"].as_str()).collect();
    assert_eq!(values, ["Friends", "Health, Safety"]);
}

#[test]
fn the_sheet_that_fits_is_read_and_the_others_are_named() {
    let workbook = include_bytes!("files/wrong-sheet.xlsx");
    let world = World::new().with("staff.xlsx", workbook);
    let report = world.muster("check staff.xlsx --format json").exits(0).json();
    assert_eq!(
        (&report["roster"]["sheet"], &report["understood"]),
        (&"Users".into(), &true.into())
    );
    let told = world.muster("check staff.xlsx").exits(0).out;
    assert!(told.contains("The sheet `Users` was read; there is also `Read me`"), "{told}");
    // Whoever names another sheet gets it, and no all-clear.
    let other =
        world.muster_with(&["check", "staff.xlsx", "--as", "sheet=Read me", "--format", "json"]);
    let other = other.exits(1).json();
    assert_eq!(
        (&other["roster"]["sheet"], &other["understood"]),
        (&"Read me".into(), &false.into())
    );
}
