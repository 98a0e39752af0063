//! What must hold between what Muster says and what an import does, whatever the vendor's silence turns out to mean.
//!
//! A list is invented, a month happens to it, and the command does what somebody would do with it: plan, kit, the upload,
//! and the proof with a fresh export. `SEED` in a failure's words makes it again.

mod asap;
mod edapp;
mod learners;
mod others;
mod roster;
mod said;
mod taking_back;
mod workleap;

use serde_json::Value;

use crate::invented::{Chance, Column, Month, edited, people};
use crate::roll::{Import, Lms, Roll};
use crate::sheet::Sheet;
use crate::world::World;

/// One of the five, as the laws need it.
pub trait Kind {
    type Unsaid: Copy + std::fmt::Debug;
    type Lms: Lms;

    const PROFILE: &'static str;
    const COLUMNS: &'static [Column];
    /// Tells people of the file and of the LMS from one another, newcomers too.
    const TOLD_BY: &'static str;
    /// Columns that only the LMS fills.
    const ITS_OWN: &'static [&'static str] = &[];
    /// Columns that no export shows.
    const HIDDEN: &'static [&'static str] = &[];
    /// Columns of several values.
    const SEVERAL: &'static [&'static str] = &[];
    /// What a newcomer has in a column that their row leaves blank.
    const OF_NEW: &'static [(&'static str, &'static str)] = &[];
    /// Columns of which nobody has written what a newcomer has there.
    const OPEN_OF_NEW: &'static [&'static str] = &[];
    /// Whether the list that somebody edits is a workbook; and whether the export is.
    const WORKBOOKS: (bool, bool);

    /// Every way to answer the page's questions, as `--policy` takes them.
    fn choices() -> Vec<Vec<String>>;

    /// Every way in which what is not written may be.
    fn unsaid(policies: &Value) -> Vec<Self::Unsaid>;

    /// The LMS, with people.
    fn lms(had: &Sheet, unsaid: Self::Unsaid, plan: &Value) -> Self::Lms;

    /// What is answered to its page, as the plan says it.
    fn answers(policies: &Value, plan: &Value) -> <Self::Lms as Lms>::Answers;

    fn roll(lms: &mut Self::Lms) -> &mut Roll;

    /// What else happens in a month.
    fn happens(_chance: &mut Chance, _choices: &[String], _had: &mut Sheet, _now: &mut Sheet) {}

    /// More words of the command, with the files that they name.
    fn words(_world: &mut World) -> Vec<String> {
        Vec::new()
    }

    /// Column and word of whoever is not active.
    const STATUS: Option<(&'static str, &'static str)> = None;

    /// What a row of somebody new says in [`Kind::TOLD_BY`] once it has gone in.
    fn told_by(now: &Sheet, row: &[String]) -> String {
        now.column(Self::TOLD_BY).map(|at| row[at].clone()).unwrap_or_default()
    }

    /// What Muster calls somebody by.
    fn known_by(roll: &Roll, at: usize) -> String {
        roll.people[at].cells[roll.at(Self::TOLD_BY)].clone()
    }

    /// The column by which the LMS finds people.
    fn key(_policies: &Value) -> &'static str {
        Self::TOLD_BY
    }
}

/// What came of one month.
pub struct Told<K: Kind> {
    pub seed: u64,
    pub world: World,
    pub words: Vec<String>,
    pub plan: Value,
    pub had: Sheet,
    pub now: Sheet,
    pub chance: Chance,
    pub kind: std::marker::PhantomData<K>,
}

/// Columns of a list that are called otherwise than in the LMS, by their place.
fn renamed<K: Kind>(seed: u64, now: &Sheet) -> Vec<(usize, String)> {
    let mut chance = Chance::new(seed + 7000);
    if !chance.one_in(3) {
        return Vec::new();
    }
    let may = |header: &String| {
        let goes = K::COLUMNS.iter().any(|c| c.header == header && c.goes);
        goes && !K::HIDDEN.contains(&header.as_str()) && !K::ITS_OWN.contains(&header.as_str())
    };
    let all: Vec<usize> = (0..now.header.len()).filter(|&at| may(&now.header[at])).collect();
    let all = all.into_iter().filter(|_| chance.one_in(2)).collect::<Vec<_>>();
    all.into_iter().map(|at| (at, format!("Feld {at}"))).collect()
}

/// The cells of a plan under the LMS's name of a column.
fn called_as_in_the_lms(plan: &mut Value, name: &str, header: &str) {
    for person in plan["people"].as_array_mut().into_iter().flatten() {
        for cell in person["cells"].as_array_mut().into_iter().flatten() {
            if cell["column"] == name {
                cell["column"] = header.into();
            }
        }
    }
}

fn file_name(name: &str, workbook: bool) -> String {
    format!("{name}.{}", if workbook { "xlsx" } else { "csv" })
}

fn bytes(sheet: &Sheet, workbook: bool) -> Vec<u8> {
    if workbook { sheet.xlsx() } else { sheet.csv() }
}

/// What was said and done, for somebody who has to find out why.
macro_rules! holds {
    ($told:expr, $test:expr, $($why:tt)+) => {
        if !$test {
            $told.fails(&format!($($why)+));
        }
    };
}
pub(crate) use holds;

impl<K: Kind> Told<K> {
    fn of(seed: u64) -> Told<K> {
        let mut chance = Chance::new(seed);
        let choices = K::choices();
        let choice = choices[usize::try_from(seed).unwrap_or_default() % choices.len()].clone();
        let most = if chance.one_in(4) { 56 } else { 12 };
        let many = 5 + chance.below(most);
        let mut had = people(&mut chance, K::COLUMNS, many);
        let month = Month::any(&mut chance);
        let mut now = edited(&mut chance, K::COLUMNS, &had, month, K::ITS_OWN);
        K::happens(&mut chance, &choice, &mut had, &mut now);
        // The list is somebody's own, under names of their own.
        let renamed = renamed::<K>(seed, &now);
        let mut opened = now.clone();
        for (at, name) in &renamed {
            opened.header[*at].clone_from(name);
        }
        let [theirs, its] = [file_name("now", K::WORKBOOKS.0), file_name("had", K::WORKBOOKS.1)];
        let mut world = World::new()
            .with(&theirs, bytes(&opened, K::WORKBOOKS.0))
            .with(&its, bytes(&had, K::WORKBOOKS.1));
        let mut words =
            [&theirs, "--against", &its, "--profile", K::PROFILE].map(str::to_owned).to_vec();
        words.extend(K::words(&mut world));
        for (at, name) in &renamed {
            words.extend(["--map".to_owned(), format!("{name}={}", now.header[*at])]);
        }
        words.extend(choice.into_iter().flat_map(|policy| ["--policy".to_owned(), policy]));
        let mut told = Told {
            seed,
            world,
            words,
            plan: Value::Null,
            had,
            now,
            chance,
            kind: std::marker::PhantomData,
        };
        let answer = told.muster("plan", &["--format", "json"], &[0, 1]);
        told.plan = serde_json::from_str(&answer).expect("JSON");
        for (at, name) in &renamed {
            called_as_in_the_lms(&mut told.plan, name, &told.now.header[*at]);
        }
        told
    }

    fn fails(&self, why: &str) -> ! {
        let folder = std::env::temp_dir().join(format!("muster-law-{}-{}", K::PROFILE, self.seed));
        let _ = std::fs::remove_dir_all(&folder);
        let _ = std::process::Command::new("cp")
            .arg("-r")
            .arg(self.world.path(""))
            .arg(&folder)
            .status();
        panic!(
            "SEED {} of {}: {why}\nmuster plan {}\nin {}",
            self.seed,
            K::PROFILE,
            self.words.join(" "),
            folder.display()
        );
    }

    fn muster(&self, command: &str, more: &[&str], exits: &[i32]) -> String {
        let mut words = vec![command];
        words.extend(self.words.iter().map(String::as_str));
        words.extend(more);
        let answer = self.world.muster_with(&words);
        holds!(
            self,
            exits.contains(&answer.exit),
            "{command} exits {}\n{}{}",
            answer.exit,
            answer.out,
            answer.err
        );
        answer.out
    }

    /// The folder `kit`, with the holds let go that the plan names; false if there is nothing to send.
    fn kit(&self) -> bool {
        let held =
            self.plan["guards"].as_array().into_iter().flatten().filter(|g| g["held"] == true);
        let releases: Vec<String> = held
            .map(|g| format!("{}={}", g["id"].as_str().unwrap_or_default(), g["actual"]))
            .collect();
        let mut more = vec!["--out", "kit"];
        for release in &releases {
            more.extend(["--release", release]);
        }
        let left_out = self.plan["counts"]["blocked"] != 0;
        self.muster("kit", &more, if left_out { &[1] } else { &[0] });
        self.world.has("kit/planned.json")
    }

    fn json(&self, file: &str) -> Value {
        serde_json::from_slice(&self.world.read(file)).expect("JSON")
    }

    /// Those files of the kit that begin so, in their order.
    fn files(&self, begin: &str) -> Vec<Vec<u8>> {
        let receipt = self.json("kit/receipt.json");
        let files = receipt["files"].as_array().into_iter().flatten();
        let names = files.filter(|f| f["people"] != 0).filter_map(|f| f["name"].as_str());
        let read = |name: &str| self.world.read(&format!("kit/{name}"));
        names.filter(|n| n.starts_with(begin)).map(read).collect()
    }

    /// None where the plan has said that perhaps nobody is imported, and nobody was.
    fn upload(&self, lms: &mut K::Lms, files: &str, policies: &Value) -> Option<Import> {
        let answers = K::answers(policies, &self.plan);
        let mut all = Import::default();
        for file in self.files(files) {
            let import = lms.upload(&file, &answers);
            if !import.refused.is_empty() {
                let also = self.plan["effects"]["also"].to_string();
                let said = also.contains("nobody is imported") || said::all_are_open(&self.plan);
                holds!(self, said, "{files} is refused: {:?}", import.refused);
                return None;
            }
            all.rows.extend(import.rows);
            all.mails.extend(import.mails);
            all.left_out.extend(import.left_out);
        }
        Some(all)
    }

    /// What has to be done by hand is done.
    fn by_hand(&self, lms: &mut K::Lms) {
        let roll = K::roll(lms);
        let key = roll.at(K::key(&self.plan["policies"]));
        for item in self.plan["by_hand"].as_array().into_iter().flatten() {
            let text = |field: &str| item[field].as_str().unwrap_or_default();
            let column = roll.at(text("column"));
            let who = roll
                .who(key, |v| v == text("key"))
                .or_else(|| roll.who(key, |v| v == text("known_by")));
            let Some(at) = who else { self.fails(&format!("nobody is {item}")) };
            text("value").clone_into(&mut roll.people[at].cells[column]);
        }
    }

    fn prove(&self, export: &[u8], exits: i32) -> String {
        let name = file_name("after", K::WORKBOOKS.1);
        std::fs::write(self.world.path(&name), export).expect("it can be written");
        // Nothing that was said for the kit is said again, as somebody a week later would not.
        let answer = self.world.muster_with(&["prove", "kit", &name, "--against", &self.words[2]]);
        holds!(
            self,
            answer.exit == exits,
            "prove exits {}, not {exits}\n{}{}",
            answer.exit,
            answer.out,
            answer.err
        );
        answer.out
    }
}

/// The laws, for one month. False where nothing was to be sent.
fn hold<K: Kind>(seed: u64) -> bool {
    let mut told = Told::<K>::of(seed);
    if told.plan["blockers"] != serde_json::json!([]) {
        told.muster("kit", &["--out", "kit"], &[3]);
        return false;
    }
    if !told.kit() {
        return false;
    }
    let policies = told.plan["policies"].clone();
    let ways = K::unsaid(&policies);
    let proved = told.chance.below(ways.len());
    for (n, unsaid) in ways.iter().enumerate() {
        let mut lms = K::lms(&told.had, *unsaid, &told.plan);
        let before = K::roll(&mut lms).clone();
        let Some(import) = told.upload(&mut lms, "upload", &policies) else { continue };
        said::is_done(&told, &before, K::roll(&mut lms), &import, &format!("{unsaid:?}"));
        told.by_hand(&mut lms);
        // Whatever the vendor's silence turns out to mean, it is as planned.
        told.prove(&lms.export(), 0);
        if n == proved {
            let unsaid = format!("{unsaid:?}");
            said::a_changed_cell_is_named(&mut told, &lms, &unsaid);
            said::a_changed_cell_of_a_newcomer_is_named(&mut told, &before, &lms, &unsaid);
            said::a_third_value_is_named(&mut told, &lms, &unsaid);
            said::a_lacking_column_is_not_as_planned(&mut told, &lms);
            said::a_doubled_row_is_named(&mut told, &lms, &unsaid);
        }
        taking_back::undoes(&told, &before, &mut lms, &format!("{unsaid:?}"));
    }
    true
}

/// So many months; a good part of them has something to send.
fn months<K: Kind>(many: u64) {
    if let Some(seed) = std::env::var("SEED").ok().and_then(|s| s.parse().ok()) {
        hold::<K>(seed);
        return;
    }
    let sent = (0..many).filter(|&seed| hold::<K>(seed)).count();
    assert!(
        sent * 3 > usize::try_from(many).unwrap_or_default(),
        "only {sent} of {many} had something to send"
    );
}
