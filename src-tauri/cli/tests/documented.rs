//! `docs/command-line.md` names every command, option, exit code and field, and none that is not there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::contract::{Contract, PARTS, spans};
use crate::gate::EMTRAIN;
use crate::identity::{LEARNERS, REPORT};
use crate::world::{ANA, BO, CEM, World, edapp, snapshot};

const OPTIONS: &str = "Options that several commands have";
const EVERYWHERE: &str = "every command";
const READING: &str = "commands that read a roster";
const REACHING: &str = "commands that reach an LMS";

/// What `--help` says of a command.
struct Help {
    text: String,
}

impl Help {
    fn of(words: &str) -> Help {
        Help { text: World::new().muster(&format!("{words} --help")).exits(0).out }
    }

    fn under<'h>(&'h self, heading: &str) -> impl Iterator<Item = &'h str> {
        let part = self.text.split(heading).nth(1).unwrap_or_default();
        part.split("\n\n").next().unwrap_or_default().lines().skip(1)
    }

    /// The words that go on from here.
    fn commands(&self) -> Vec<String> {
        let first = |line: &str| line.split_whitespace().next().map(str::to_owned);
        let lines =
            self.under("\nCommands:").filter(|l| l.starts_with("  ") && !l.starts_with("    "));
        lines.filter_map(first).filter(|word| word != "help").collect()
    }

    /// `--against SNAPSHOT`.
    fn options(&self) -> BTreeSet<String> {
        let part = self.text.split("\nOptions:").nth(1).unwrap_or_default();
        // Descriptions that go on stand further to the right.
        let begins =
            |line: &&str| line.trim_start().starts_with('-') && !line.starts_with("        ");
        let option = |line: &str| {
            let long = &line[line.find("--").unwrap_or_default()..];
            let mut words = long.split_whitespace();
            let name = words.next().unwrap_or_default();
            match words.next().and_then(|word| word.strip_prefix('<')?.strip_suffix('>')) {
                Some(value) => format!("{name} {value}"),
                None => name.to_owned(),
            }
        };
        part.lines().filter(begins).map(option).collect()
    }

    /// What is typed without a name: `ROSTER`.
    fn arguments(&self) -> Vec<String> {
        let usage = self.text.lines().find(|line| line.starts_with("Usage:")).unwrap_or_default();
        let bare = usage.replace(['[', ']', '<', '>'], " ").replace("...", " ");
        let words = bare.split_whitespace().skip(1);
        let words = words.filter(|word| word.chars().any(char::is_uppercase));
        words.filter(|word| !["OPTIONS", "COMMAND"].contains(word)).map(str::to_owned).collect()
    }
}

/// Every command: how it is typed, and where it is told about.
fn commands() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for command in Help::of("").commands() {
        let heading = format!("`muster {command}`");
        let more = Help::of(&command).commands();
        all.extend(more.into_iter().map(|word| (format!("{command} {word}"), heading.clone())));
        all.push((command, heading));
    }
    assert!(all.len() >= 20, "{all:?}");
    all
}

#[test]
fn every_command_has_its_section_and_every_section_its_command() {
    let contract = Contract::read();
    let documented: Vec<(String, String)> = commands();
    for (words, heading) in &documented {
        let section = contract.section(heading);
        if let Some((_, word)) = words.split_once(' ') {
            let words = contract.named(heading, "word");
            let first = |named: &String| named.split(' ').next() == Some(word);
            assert!(words.iter().any(first), "nothing is said of `{words:?}`");
        }
        for argument in Help::of(words).arguments() {
            assert!(
                section.contains(&argument.replace('|', "¦")) || section.contains(&argument),
                "{words}: {argument}"
            );
        }
    }
    let headings = contract.text.lines().filter_map(|line| line.strip_prefix("## "));
    let headings = headings.filter(|heading| heading.starts_with("`muster "));
    let documented: BTreeSet<&str> =
        documented.iter().map(|(_, heading)| heading.as_str()).collect();
    assert_eq!(headings.collect::<BTreeSet<_>>(), documented);
}

#[test]
fn every_option_is_named_where_it_goes_and_no_other() {
    let contract = Contract::read();
    let group = |group: &str| contract.named(OPTIONS, group);
    let goes_with = |group: &str| {
        let after = contract.section(OPTIONS).split(&format!("| {group} |")).nth(1);
        let sentence =
            after.and_then(|text| text.split("They go with ").nth(1)).expect("a sentence");
        spans(sentence.split('.').next().unwrap_or_default())
    };
    let (with_reading, with_reaching) = (goes_with(READING), goes_with(REACHING));
    let (reading, reaching) = (group(READING), group(REACHING));
    let mut own_of = BTreeMap::<String, BTreeSet<String>>::new();
    for (words, heading) in commands() {
        let help = Help::of(&words).options();
        let mut wanted = contract.named(&heading, "option");
        for (group, goes_with) in [(&reading, &with_reading), (&reaching, &with_reaching)] {
            if goes_with.contains(&words) {
                assert!(group.is_subset(&help), "{words} has not all of {group:?}: {help:?}");
                wanted.extend(group.iter().cloned());
            }
        }
        wanted.extend(group(EVERYWHERE));
        let unnamed: Vec<&String> = help.difference(&wanted).collect();
        assert!(unnamed.is_empty(), "nothing is said of {unnamed:?} of `muster {words}`");
        own_of.entry(heading).or_default().extend(help);
    }
    for (heading, there) in own_of {
        let named = contract.named(&heading, "option");
        let gone: Vec<&String> = named.difference(&there).collect();
        assert!(gone.is_empty(), "{heading} has no {gone:?}");
    }
}

#[test]
fn every_exit_code_is_named() {
    let help = Help::of("").text;
    let said = help.split("Exit codes:").nth(1).expect("the help tells them");
    let words = said.split(|c: char| !c.is_ascii_alphanumeric());
    let codes: BTreeSet<String> = words
        .filter(|word| word.len() == 1 && word.parse::<u8>().is_ok())
        .map(str::to_owned)
        .collect();
    assert!(codes.len() >= 4, "{help}");
    assert_eq!(Contract::read().named("Exit codes", "code"), codes);
}

/// The answers of a command, or files that it writes, against what the page says of them.
struct Documented {
    contract: Contract,
    heading: String,
    seen: BTreeSet<String>,
}

impl Documented {
    fn of(heading: &str) -> Documented {
        Documented {
            contract: Contract::read(),
            heading: heading.to_owned(),
            seen: BTreeSet::new(),
        }
    }

    #[track_caller]
    fn value(&mut self, value: &Value) {
        self.seen.extend(self.contract.fields(&self.heading, value));
    }

    /// What a command answers; its exit code has to be named too.
    #[track_caller]
    fn answer(&mut self, world: &World, words: &str, exit: i32) {
        let words: Vec<&str> = words.split_whitespace().chain(["--format", "json"]).collect();
        let answer = world.muster_with(&words).exits(exit);
        self.value(&answer.json());
        let section = self.contract.section(&self.heading);
        let codes = section.split("\nExit codes: ").nth(1).expect("its exit codes are told");
        let codes = codes.split("\n\n").next().unwrap_or_default();
        assert!(codes.contains(&format!("`{exit}`")), "{}: nothing of {exit}", self.heading);
    }

    #[track_caller]
    fn file(&mut self, world: &World, name: &str) {
        self.value(&serde_json::from_str(&world.text(name)).expect("JSON"));
    }

    /// Nothing is named that was not seen, but what is only there once a server has answered.
    #[track_caller]
    fn is_all(&self, but: &[&str]) {
        let named = self.contract.named(&self.heading, "field");
        assert!(!named.is_empty(), "{}", self.heading);
        let unseen: Vec<&String> = named
            .difference(&self.seen)
            .filter(|name| !but.iter().any(|start| name.starts_with(start)))
            .collect();
        assert!(unseen.is_empty(), "no answer of {} has {unseen:?}", self.heading);
    }
}

const DEE: &str = "dee@example.com,dee@example.com,Dee,Okoro,Salles,Learner; Prizing User,,,E104";
const EVE: &str = "eve@example.com,eve@example.com,Eve,Lund,Sales,Learner; Prizing User,,,E105";

/// Ana got a group, Dee is in one that nobody knows, Eve is new.
fn world() -> World {
    let ana = ANA.replace("Sales", "Sales; Marketing");
    World::new()
        .with("last.csv", snapshot())
        .with("staff.csv", edapp(&[&ana, BO, CEM, DEE, EVE]))
        .with("sound.csv", edapp(&[&ana, BO, CEM, EVE]))
}

/// A list of `tests/profiles`.
fn month(profile: &str, name: &str) -> String {
    let lists = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/profiles");
    std::fs::read_to_string(lists.join(profile).join(name)).expect("the list is there")
}

#[test]
fn of_check_every_field_is_named() {
    let titled = format!("Staff of November\r\n\r\n{}", edapp(&[ANA, BO, CEM]));
    let world = world()
        .with("titled.csv", titled)
        .with("nobody.csv", edapp(&[]))
        .with("learners.csv", LEARNERS)
        .with("report.csv", REPORT)
        .with("damaged.csv", month("edapp", "damaged.csv"))
        .with("earlier.csv", month("edapp", "snapshot.csv"));
    let mut documented = Documented::of("`muster check`");
    documented.answer(&world, "check damaged.csv --against earlier.csv", 1);
    documented.answer(&world, "check titled.csv", 0);
    documented.answer(&world, "check report.csv --against learners.csv", 0);
    documented.answer(&world, "check nobody.csv", 0);
    let wrapped = "\"employee_id,name\"\n\"1,Ada\"\n\"2,Bo\"\n";
    let world = world.with("wrapped.csv", wrapped);
    documented.answer(&world, "check wrapped.csv", 1);
    let world = world.with("long.csv", edapp(&[&ANA.replace("Silva", &"Silva ".repeat(60)), BO]));
    documented.answer(&world, "check long.csv", 0);

    let stray = edapp(&[&ANA.replace("Silva", " Silva"), BO, CEM]);
    let world = world.with("stray.csv", stray);
    world.muster("accounts add North --profile edapp --snapshot last.csv").exits(0);
    let waive = ["accounts", "set", "North", "--waive", "space-stray:lastname: Silva"];
    world.muster_with(&[&waive[..], &["--reason", "So she signs"]].concat()).exits(0);
    documented.answer(&world, "check stray.csv --account North", 0);
    documented.is_all(&[]);
}

#[test]
fn of_fix_every_field_is_named() {
    let recipe = "name = 'Monthly'\nprofile = 'edapp'\nmade = '2026-11-03'\n\
        [[step]]\ndo = 'drop-column'\ncolumn = 'Notes'\n";
    let world = world()
        .with("monthly.toml", recipe)
        .with("damaged.csv", month("edapp", "damaged.csv"))
        .with("earlier.csv", month("edapp", "snapshot.csv"));
    let mut documented = Documented::of("`muster fix`");
    documented.answer(&world, "fix damaged.csv --against earlier.csv --unsafe --out a.csv", 0);
    documented.answer(
        &world,
        "fix staff.csv --profile edapp --recipe monthly.toml --partly --out b.csv",
        0,
    );

    // A report is corrected; meanwhile one of its cells is changed in the list too.
    let wrong = edapp(&[ANA, &BO.replace("Marketing", "Markting"), &CEM.replace("Oper", "Opper")]);
    let groups = "Sales\nMarketing\nOperations\n";
    let world = world.with("wrong.csv", wrong.clone()).with("groups.txt", groups);
    world.muster("check wrong.csv --list groups=groups.txt --report back.csv").exits(1);
    let back = world
        .text("back.csv")
        .replace("\"Sales; Markting\",\"\"", "\"Sales; Markting\",\"Sales; Marketing\"")
        .replace("\"Opperations\",\"\"", "\"Opperations\",\"Operations\"")
        + "\"\",\"\",\"\",\"9\",\"dee@example.com\",\"Dee\",\"roles\",\"\",\"Learner\"\r\n"
        + "\"\",\"\",\"\",\"2\",\"ana@example.com\",\"Ana\",\"shoe\",\"\",\"41\"\r\n";
    let world = world.with("back.csv", back).with("wrong.csv", wrong.replace("Opper", "Oppper"));
    documented.answer(&world, "fix wrong.csv --merge back.csv --out merged.csv", 1);
    documented.is_all(&[]);
}

#[test]
fn of_diff_every_field_is_named() {
    let other = edapp(&[&ANA.replace("Sales", "Marketing"), BO, BO, DEE]);
    let world = world().with("other.csv", other.replace("externalid", "notes"));
    let mut documented = Documented::of("`muster diff`");
    documented.answer(&world, "diff last.csv other.csv", 1);
    documented.answer(&world, "diff last.csv last.csv", 0);
    documented.answer(&world, "diff last.csv staff.csv --match lastname,usergroups", 1);
    documented.is_all(&[]);
}

/// Of SafetyCulture: people who come and go, and one whose e-mail no file changes.
fn safetyculture() -> World {
    let edited = month("safetyculture", "clean.csv");
    World::new()
        .with("before.csv", month("safetyculture", "snapshot.csv"))
        .with("edited.csv", edited.replace("mateo.fernandez@", "m.fernandez@"))
}

/// Ana has a new password, Bo's last name was emptied, Eve is new.
fn secretive() -> World {
    let ana = ANA.replace(",,E101", ",Sunflower-2026,E101").replace("Silva", "Souza");
    world().with("staff.csv", edapp(&[&ana, &BO.replace("Tanaka", ""), CEM, EVE]))
}

#[test]
fn of_plan_every_field_is_named() {
    let world = world()
        .with("asap.csv", month("kaspersky-asap", "damaged.csv"))
        .with("asap-before.csv", month("kaspersky-asap", "snapshot.csv"));
    let mut documented = Documented::of("`muster plan`");
    documented.answer(&world, "plan staff.csv --against last.csv", 1);
    documented.answer(&world, "plan last.csv --against last.csv", 0);
    let own = "id = 'own'\nname = 'Own'\nbased_on = 'edapp'\n[rules.value-rare]\noff = true\n";
    let world = world.with("own.toml", own);
    documented.answer(&world, "plan last.csv --against last.csv --profile own.toml", 1);
    let asap = "plan asap.csv --against asap-before.csv --profile kaspersky-asap";
    documented.answer(&world, &format!("{asap} --policy new-fields=accept"), 1);
    documented.is_all(&[]);

    // With the counts of findings, these are all the parts that come again.
    let mut parts = Documented::of("`muster check`");
    parts.answer(&world, "check staff.csv", 0);
    parts.seen.extend(documented.seen);
    parts.heading = PARTS.to_owned();
    parts.is_all(&[]);
}

#[test]
fn of_kits_every_field_is_named() {
    let (world, secretive) = (safetyculture(), secretive());
    let mut documented = Documented::of("`muster kit`");
    documented.answer(
        &world,
        "kit edited.csv --against before.csv --profile safetyculture --out kit",
        0,
    );
    documented.answer(
        &secretive,
        "kit staff.csv --against last.csv --release password=1 --out kit",
        0,
    );
    let wrong =
        EMTRAIN.replace("Nurse", "Doctor").replace("Cy,Ng", ",Ng").replace("E3,Cook", "E3,Chef");
    let wrong = World::new().with("last.csv", EMTRAIN).with("staff.csv", wrong);
    let by_mail = "--profile emtrain-roster --policy sync-field=email";
    documented.answer(&wrong, &format!("kit staff.csv --against last.csv {by_mail} --out kit"), 1);
    documented.is_all(&["to_do"]);

    let grown = secretive
        .with("grown.csv", month("workleap", "clean.csv"))
        .with("before.csv", month("workleap", "snapshot.csv"));
    grown.muster("kit grown.csv --against before.csv --profile workleap --out new").exits(0);
    let mut receipt = Documented::of("`receipt.json` of a kit");
    receipt.file(&world, "kit/receipt.json");
    receipt.file(&grown, "kit/receipt.json");
    receipt.file(&grown, "new/receipt.json");
    receipt.is_all(&[]);

    let mut planned = Documented::of("`planned.json` of a kit");
    planned.file(&world, "kit/planned.json");
    planned.file(&grown, "kit/planned.json");
    // Somebody under another key, and one of two people who are changed.
    let renamed = snapshot().replace(",bo@example.com,Bo,", ",bo.t@example.com,Bo,");
    let parts = World::new().with("last.csv", snapshot()).with("staff.csv", &renamed);
    let cem = renamed.replace("Cem,Aydin", "Cem,Aydan").replace("Bo,Tanaka", "Bo,Tanaki");
    let parts = parts.with("staff.csv", cem.replace("lastname (optional)", "Nachname"));
    let first = "kit staff.csv --against last.csv --map Nachname=lastname --first 1";
    parts.muster(&format!("{first} --release key=1 --out kit")).exits(0);
    planned.file(&parts, "kit/planned.json");
    planned.is_all(&[]);
}

#[test]
fn of_prove_every_field_is_named() {
    let world = safetyculture();
    let kit = "kit edited.csv --against before.csv --profile safetyculture --out kit";
    world.muster(kit).exits(0);
    // One of those who were to be changed is as before, and somebody else was changed.
    let after = month("safetyculture", "clean.csv");
    let header = after.lines().next().unwrap_or_default().replace("Timezone", "Zone");
    let after = format!("{header}\n{}", after.split_once('\n').map_or("", |(_, rows)| rows));
    let after = after.replace("Amelia", "Amelie").replace("O'Sullivan-Byrne", "O'Sullivan");
    let world = world.with("after.csv", after);
    let mut documented = Documented::of("`muster prove`");
    documented.answer(&world, "prove kit after.csv --against before.csv", 1);
    // What EdApp does with a blank is not documented: it may be this or that, and no third.
    let blank = snapshot().replace("Bo,Tanaka", "Bo,");
    let third = snapshot().replace("Bo,Tanaka", "Bo,Zz");
    let world =
        World::new().with("last.csv", snapshot()).with("staff.csv", blank).with("after.csv", third);
    world.muster("kit staff.csv --against last.csv --out kit").exits(0);
    documented.answer(&world, "prove kit after.csv --against last.csv", 1);
    let world = world.with("as-before.csv", snapshot());
    documented.answer(&world, "prove kit as-before.csv", 0);
    // What there is of an account is seen where accounts are, and the undo of new people where somebody is new.
    documented.is_all(&["account.", "undo"]);
}

/// What a push where nobody answers says: it waits.
fn unanswered(world: &World, words: &str) -> Value {
    let words = format!("push {words} --format json");
    let words: Vec<&str> = words.split_whitespace().collect();
    let mut command = world.command(&words);
    // No keychain: what is kept there on this computer is none of ours.
    command.env("MUSTER_SECRET", "Sunflower").env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
    let made = command.output().expect("muster runs");
    assert_eq!(made.status.code(), Some(2), "{}", String::from_utf8_lossy(&made.stderr));
    serde_json::from_slice(&made.stdout).expect("the receipt")
}

#[test]
fn of_push_and_outbox_every_field_is_named() {
    let people = |name: &str| {
        format!(
            "User ID,Email,First name,Last name,Status,Password,Groups,Sites\n\
             user_1,ana@example.com,Ana,{name},active,,Nurses,\n\
             user_2,bo@example.com,Bo,{name},active,,Nurses,\n"
        )
    };
    let trial = World::new().with("old.csv", people("Silva")).with("new.csv", people("Souza"));
    let to_nobody = "new.csv --profile safetyculture --against old.csv \
                     --to safetyculture+http://127.0.0.1:9/ --untried";
    let dropped = secretive();
    let to_folder = "staff.csv --against last.csv --release password=1 \
                     --to sftp://ada@127.0.0.1:9/drop/roster.csv";
    // Each is tried for some seconds.
    let (trial_said, dropped_said) = std::thread::scope(|scope| {
        let other = scope.spawn(|| unanswered(&dropped, to_folder));
        (unanswered(&trial, to_nobody), other.join().expect("a receipt"))
    });
    let mut documented = Documented::of("`muster push`");
    documented.value(&trial_said);
    documented.value(&dropped_said);
    documented.value(&trial.muster("outbox show 1 --format json").exits(0).json());
    // The connector tests hold every answer against the page, also those of servers.
    documented.is_all(&["proof.", "changed[]", "cannot_undo[]", "passwords_erased"]);

    let mut outbox = Documented::of("`muster outbox`");
    outbox.answer(&dropped, "outbox list", 1);
    let cancelled = dropped.muster("outbox cancel 1 --format json").exits(0).json();
    documented.value(&cancelled);
    outbox.answer(&dropped, "outbox", 0);
    outbox.is_all(&[]);
}

#[test]
fn of_accounts_every_field_is_named() {
    let staff =
        EMTRAIN.replace("Nurse", "Surgeon").replace("E3,Cook,active,No", "E3,Cook,active,Yes");
    let recipe = "name = 'Monthly'\nprofile = 'emtrain-roster'\nmade = '2026-11-03'\n\
        [[step]]\ndo = 'drop-column'\ncolumn = 'Notes'\n";
    let report = EMTRAIN.replace("Employee ID", "Emp");
    let world = World::new()
        .with("last.csv", EMTRAIN)
        .with("staff.csv", &staff)
        .with("later.csv", EMTRAIN.replace("Nurse", "Surgeon"))
        .with("titles.txt", "North\nSouth\n")
        .with("template.csv", EMTRAIN.lines().next().unwrap_or_default())
        .with("monthly.toml", recipe)
        .with("report.csv", report);
    let mut accounts = Documented::of("`muster accounts`");
    accounts.answer(
        &world,
        "accounts add North --profile emtrain-roster --snapshot last.csv --list regions=titles.txt \
         --waive value-rare:Title:Cook --reason Ours \
         --real groups=Night --policy sync-field=employee_id --map Emp=employee_id --map-value Title:Cook=Chef --dates Hired=day \
         --template template.csv --connection sftp://ada@127.0.0.1:9/drop/roster.csv --recipe monthly.toml",
        0,
    );
    let kit = |words: &str, out: &str| {
        let plan = world.muster(&format!("plan {words} --format json")).json();
        let held = plan["guards"].as_array().into_iter().flatten().filter(|g| g["held"] == true);
        let released: String = held
            .map(|g| format!(" --release {}={}", g["id"].as_str().unwrap_or_default(), g["actual"]))
            .collect();
        format!("kit {words} --out {out}{released}")
    };
    let mut kits = Documented::of("`muster kit`");
    kits.answer(&world, &kit("staff.csv --account North", "kit"), 0);
    let mut proofs = Documented::of("`muster prove`");
    proofs.answer(&world, "prove kit later.csv --account North", 1);
    accounts.answer(&world, "accounts done North --all", 0);
    proofs.answer(&world, "prove kit later.csv --account North", 1);
    let words = "report.csv --account North";
    world.muster(&kit(words, "other")).exits(0);
    accounts.answer(&world, "accounts add Empty --profile edapp", 0);
    accounts.answer(&world, "accounts show North", 0);
    accounts.answer(&world, "accounts", 0);
    accounts.answer(&world, "accounts of last.csv", 0);
    accounts.answer(&world, "accounts of monthly.toml", 1);
    accounts.answer(&world, "accounts export North --out north.muster-account", 0);
    accounts.answer(&world, "accounts import north.muster-account --name Other", 0);
    accounts.answer(&world, "accounts forget Other", 0);
    accounts.is_all(&[]);
}

#[test]
fn of_what_writes_other_forms_every_field_is_named() {
    let world = world().with("groups.txt", "Sales\nMarketing\n");
    let mut convert = Documented::of("`muster convert`");
    convert.answer(&world, "convert staff.csv --to safetyculture --out moved.csv", 0);
    convert.is_all(&[]);
    let mut copy = Documented::of("`muster copy`");
    copy.answer(&world, "copy staff.csv again.csv", 0);
    copy.is_all(&[]);
    let mut template = Documented::of("`muster template`");
    template.answer(&world, "template --profile edapp --out new.xlsx --list groups=groups.txt", 0);
    template.is_all(&[]);
}

#[test]
fn of_what_is_looked_up_every_field_is_named() {
    let world = World::new()
        .with("home/profiles/broken.toml", "id = 'broken'\nname = \n")
        .with("codes.txt", "Elsewhere\nQC\n");
    let world = world.with(
        "home/profiles/ours.toml",
        "id = 'ours'\nname = 'Ours'\nbased_on = 'edapp'\n[[check]]\nid = 'names'\n\
         kind = 'required-together'\nfields = ['firstname', 'lastname']\n",
    );
    let mut profiles = Documented::of("`muster profiles`");
    profiles.answer(&world, "profiles", 0);
    profiles.answer(&world, "profiles ours", 0);
    for id in ["edapp", "emtrain-learners", "workleap", "moodle"] {
        profiles.answer(&world, &format!("profiles {id}"), 0);
    }
    profiles.is_all(&[]);
    let mut rules = Documented::of("`muster rules`");
    rules.answer(&world, "rules", 0);
    rules.answer(&world, "rules group-unknown", 0);
    rules.is_all(&[]);
    let mut locations = Documented::of("`muster locations`");
    locations.answer(&world, "locations quebec --profile workleap", 0);
    locations.answer(&world, "locations ivory coast", 0);
    locations.answer(&world, "locations elsewhere --profile workleap --list regions=codes.txt", 0);
    locations.answer(&world, "locations nowhere-at-all", 1);
    locations.is_all(&[]);
}

/// Every test that the page of threats rests on is there.
#[test]
fn each_threat_names_tests_that_are_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("docs/threat-model.md")).expect("readable");
    let is_test = |word: &&str| {
        word.matches('_').count() >= 3
            && word.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit())
    };
    let named: BTreeSet<&str> = page.split('`').skip(1).step_by(2).filter(is_test).collect();
    assert!(named.len() > 20, "{named:?}");
    let mut sources = String::new();
    let mut folders =
        vec![root.join("tests"), root.join("src-tauri/crates"), root.join("src-tauri/cli")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                sources.push_str(&std::fs::read_to_string(path).expect("text"));
            }
        }
    }
    let missing: Vec<&&str> =
        named.iter().filter(|name| !sources.contains(&format!("fn {name}("))).collect();
    assert!(missing.is_empty(), "docs/threat-model.md names tests that are not there: {missing:?}");
}
