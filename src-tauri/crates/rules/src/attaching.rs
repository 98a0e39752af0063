//! Which account a file is of, and why: by its columns, and by the people and groups that occur in it.
//!
//! Two companies may have the same LMS, and their files the same columns. So it is people who decide; columns alone do
//! only where the account has seen this very report before. Where two accounts fit, or one does only half, it is a
//! question, asked with what speaks for each.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use muster_roster::lists::Lists;
use muster_roster::profile::{FieldKind, Profile, Uses, header_form, matching, synonyms};
use muster_roster::roster::{Column, Roster};
use muster_table::going::GoOn;
use muster_table::narrow::count as number;
use muster_table::table::Table;
use muster_table::words::{counted, day, people};

/// A file that came before and is not the LMS's own export: next week's is read as this one was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KnownReport {
    /// The forms of its column names, in their order.
    pub header: Vec<String>,
    /// What it was called.
    pub file: String,
    /// When it was opened, ISO 8601.
    pub at: String,
    /// What its columns were used as.
    pub columns: Uses,
}

impl KnownReport {
    /// A report of these column names.
    pub fn of(names: &[String], file: &str, at: &str, columns: &Uses) -> KnownReport {
        let header = forms(names);
        let used = columns.iter().filter(|(form, _)| header.contains(form));
        let columns = used.map(|(form, used)| (form.clone(), used.clone())).collect();
        KnownReport { columns, header, file: file.to_owned(), at: at.to_owned() }
    }

    /// Whether a file has the same columns, in whatever order.
    pub fn has_columns(&self, names: &[String]) -> bool {
        same_set(&self.header, &forms(names))
    }
}

/// An account, as far as it is asked whether a file is of it.
pub struct Known<'a> {
    /// Its number.
    pub id: u32,
    /// What it is called.
    pub name: &'a str,
    /// Its LMS's profile.
    pub profile: &'a Arc<Profile>,
    /// What its LMS has, and the day of it.
    pub snapshot: Option<(&'a Roster, &'a str)>,
    /// What its columns are used as.
    pub columns: &'a Uses,
    /// Reports that came before.
    pub reports: &'a [KnownReport],
    /// Its lists of known values.
    pub lists: &'a Lists,
}

/// What speaks for an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Evidence {
    /// The account's number.
    pub account: u32,
    /// What it is called.
    pub name: String,
    /// How many of the file's people its snapshot has; none without a snapshot.
    pub known: Option<u32>,
    /// How many people the file has.
    pub people: u32,
    /// How many of the file's groups the account knows, and how many there are; none where it knows no groups.
    pub groups: Option<(u32, u32)>,
    /// All that speaks for or against it, in a sentence without its full stop.
    pub says: String,
    #[serde(skip)]
    #[cfg_attr(feature = "bindings", ts(skip))]
    columns: Columns,
}

/// Whose columns a file has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Columns {
    /// Those of nothing that the account has seen.
    #[default]
    Others,
    /// Those of the LMS.
    Lms,
    /// Those of a report that the account has had before.
    Report,
    /// Those of another LMS. The same people may be in both.
    OtherLms,
}

/// Which account a file is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attached {
    /// This one, without a doubt.
    To(Evidence),
    /// One of these, or none: a person has to say. The likeliest comes first.
    Asked(Vec<Evidence>),
    /// None that is known.
    Nowhere,
}

/// Says which account a file is of. `recognised` is the profile that its column names belong to.
pub fn attach(table: &Table, recognised: &Profile, accounts: &[Known], go_on: GoOn) -> Attached {
    let mut fitting: Vec<Evidence> = Vec::new();
    let mut others = 0;
    for account in accounts.iter().take_while(|_| go_on(0)) {
        let evidence = account.evidence(table, recognised);
        if evidence.fits() {
            fitting.push(evidence);
        } else if evidence.columns != Columns::OtherLms {
            others = others.max(evidence.known.unwrap_or(0));
        }
    }
    fitting.sort_by_key(|e| {
        (e.columns != Columns::Report, std::cmp::Reverse(e.known), e.name.clone())
    });
    let strong = fitting.iter().filter(|evidence| evidence.is_strong()).count();
    match fitting.as_slice() {
        [] => Attached::Nowhere,
        _ if strong == 1 => {
            let at = fitting.iter().position(Evidence::is_strong).unwrap_or(0);
            let rival = |(n, e): (usize, &Evidence)| n != at && !e.is_weak();
            if fitting.iter().enumerate().any(rival) || others * 10 > number(table.len()) {
                return Attached::Asked(fitting);
            }
            Attached::To(fitting.swap_remove(at))
        }
        _ => Attached::Asked(fitting),
    }
}

impl Evidence {
    /// Half of the people are known, or the columns are those of a report that only this account has had.
    fn is_strong(&self) -> bool {
        self.columns == Columns::Report
            || self.known.is_some_and(|known| known > 0 && known * 2 >= self.people)
    }

    /// Nearly nobody is known, and only the LMS's own columns are.
    fn is_weak(&self) -> bool {
        self.columns != Columns::Report && self.known.is_none_or(|known| known * 10 <= self.people)
    }

    fn fits(&self) -> bool {
        match self.columns {
            Columns::OtherLms => false,
            Columns::Others => self.known.is_some_and(|known| known * 10 > self.people),
            Columns::Lms | Columns::Report => true,
        }
    }
}

impl Known<'_> {
    fn evidence(&self, table: &Table, recognised: &Profile) -> Evidence {
        let count = number(table.len());
        let names = table.names();
        let report = self.reports.iter().find(|report| report.has_columns(names));
        let is_lms = |header: &[String]| same_set(&forms(header), &forms(names));
        let of_snapshot = self.snapshot.is_some_and(|(s, _)| is_lms(s.table.names()));
        let of_template =
            self.profile.template.as_deref().is_some_and(|template| is_lms(&template.headers));
        let columns = match report {
            Some(_) => Columns::Report,
            None if of_snapshot || of_template || recognised.id == self.profile.id => Columns::Lms,
            None if !recognised.is_of_family(self.profile) && recognised.is_unmistakable(names) => {
                Columns::OtherLms
            }
            None => Columns::Others,
        };
        let known = self.snapshot.map(|(snapshot, _)| known_people(table, snapshot));
        let groups = self.groups(table);
        let mut says = Vec::new();
        match (&known, self.snapshot) {
            (Some((0, _)), Some((_, at))) => {
                says.push(format!("nobody in it is in the snapshot of {}", day(at)));
            }
            (Some((found, by)), Some((_, at))) => says.push(format!(
                "{} of {} are in the snapshot of {}, by `{by}`",
                found,
                people(count as usize),
                day(at)
            )),
            _ => says.push("it has no snapshot to compare with".to_owned()),
        }
        match (report, columns) {
            (Some(report), _) => {
                says.push(format!(
                    "the columns are those of `{}` of {}",
                    report.file,
                    day(&report.at)
                ));
            }
            (None, Columns::Lms) => {
                says.push(format!("the columns are those of {}", self.profile.called()))
            }
            _ => {}
        }
        if let Some((found, of)) = groups {
            says.push(format!(
                "{found} of {} known",
                counted(of as usize, "group is", "groups are")
            ));
        }
        Evidence {
            account: self.id,
            name: self.name.to_owned(),
            known: known.map(|(found, _)| found),
            people: count,
            groups,
            says: says.join("; "),
            columns,
        }
    }

    /// How many of the groups in the file the account knows.
    fn groups(&self, table: &Table) -> Option<(u32, u32)> {
        const GROUPS: &str = "groups";
        let is_group = |column: &&Column| column.list.as_deref() == Some(GROUPS);
        let values = |roster: &Roster| {
            let mut all: FxHashSet<String> = FxHashSet::default();
            for column in roster.columns.iter().filter(is_group) {
                for row in roster.table.rows() {
                    let cell = roster.table.cell(row, column.at);
                    all.extend(column.values(&cell).map(str::to_lowercase));
                }
            }
            all
        };
        let mut known: FxHashSet<String> =
            self.snapshot.map_or_else(FxHashSet::default, |(snapshot, _)| values(snapshot));
        let listed = self.lists.get(GROUPS).into_iter().flat_map(|list| &list.values);
        known.extend(listed.map(|value| value.to_lowercase()));
        let uses = matching::settled(table.names(), self.profile, self.columns, &[]);
        let there = values(&Roster::read(table.clone(), self.profile.matched(uses)));
        let found = there.iter().filter(|value| known.contains(*value)).count();
        (!known.is_empty() && !there.is_empty()).then(|| (number(found), number(there.len())))
    }
}

/// How many rows of a file are somebody whom the snapshot has, and by which of the file's columns.
fn known_people(table: &Table, snapshot: &Roster) -> (u32, String) {
    let form = |cell: &str| cell.trim().to_lowercase();
    let values = |column: &Column| -> FxHashSet<String> {
        let rows = snapshot.table.rows();
        rows.map(|row| form(&snapshot.table.cell(row, column.at)))
            .filter(|v| !v.is_empty())
            .collect()
    };
    let telling: Vec<FxHashSet<String>> =
        snapshot.columns.iter().filter(|column| tells(column, snapshot)).map(values).collect();
    let mut best = (0, String::new());
    // What is named as something else, such as the manager's address, says nobody of its row.
    let may_tell = |name: &str| synonyms::meaning_of(&header_form(name)).is_none_or(|m| m.says_who);
    for (at, name) in table.names().iter().enumerate().filter(|(_, name)| may_tell(name)) {
        for values in &telling {
            let known =
                table.rows().filter(|&row| values.contains(&form(&table.cell(row, at)))).count();
            if number(known) > best.0 {
                best = (number(known), name.clone());
            }
        }
    }
    best
}

/// Whether a column of a snapshot tells somebody from everybody else, in any company: keys and addresses do, and IDs of
/// more than a few signs. Small numbers are in every list.
fn tells(column: &Column, snapshot: &Roster) -> bool {
    const FEW: usize = 3;
    if column.is_secret() || column.name_part > 0 || column.kind == FieldKind::Date {
        return false;
    }
    let named = column.is_key || column.unique.is_some() || column.kind == FieldKind::Email;
    let mut filled = 0;
    let mut each: FxHashSet<String> = FxHashSet::default();
    for row in snapshot.table.rows() {
        let cell = snapshot.table.cell(row, column.at);
        let cell = cell.trim();
        if !cell.is_empty() {
            filled += 1;
            each.insert(cell.to_lowercase());
        }
    }
    let is_long = each.iter().filter(|value| value.chars().count() > FEW).count() * 2 > each.len();
    let is_full = filled * 10 >= snapshot.table.len() * 9;
    is_long && (named || (each.len() == filled && is_full && filled > FEW))
}

fn forms(names: &[String]) -> Vec<String> {
    names.iter().map(|name| header_form(name)).collect()
}

fn same_set(one: &[String], other: &[String]) -> bool {
    let sorted = |forms: &[String]| {
        let mut forms: Vec<String> = forms.iter().filter(|f| !f.is_empty()).cloned().collect();
        forms.sort_unstable();
        forms
    };
    sorted(one) == sorted(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_table::format::text::decode;
    use muster_table::table::Cut;

    const HEADER: &str = "email,username,firstname,lastname,usergroups,externalid\n";

    fn table(text: &str) -> Table {
        let decoded = decode(text.as_bytes().to_vec(), None).expect("text");
        Table::read(decoded, Cut::default(), &mut |_| true).expect("a table")
    }

    /// People of a company, from one number to another.
    fn staff(company: &str, numbers: std::ops::Range<u32>) -> String {
        let row = |n: u32| {
            format!("p{n}@{company}.example,p{n}@{company}.example,P{n},Q{n},Sales,{company}-{n}\n")
        };
        numbers.map(row).collect()
    }

    struct World {
        edapp: Arc<Profile>,
        snapshots: Vec<(String, Option<Roster>, Vec<KnownReport>)>,
    }

    impl World {
        fn of(accounts: &[(&str, Option<String>)]) -> World {
            let edapp = Arc::new(Profile::built_in("edapp").expect("built in"));
            let read =
                |rows: &String| Roster::read(table(&format!("{HEADER}{rows}")), edapp.clone());
            let account = |(name, rows): &(&str, Option<String>)| {
                ((*name).to_owned(), rows.as_ref().map(read), Vec::new())
            };
            World { snapshots: accounts.iter().map(account).collect(), edapp }
        }

        fn attach(&self, file: &str, recognised: &str) -> Attached {
            let (columns, lists) = (Uses::new(), Lists::new());
            let known =
                self.snapshots.iter().enumerate().map(|(n, (name, snapshot, reports))| Known {
                    id: number(n) + 1,
                    name,
                    profile: &self.edapp,
                    snapshot: snapshot.as_ref().map(|roster| (roster, "2026-10-03T08:00:00Z")),
                    columns: &columns,
                    reports,
                    lists: &lists,
                });
            let recognised = Profile::built_in(recognised).expect("built in");
            attach(&table(file), &recognised, &known.collect::<Vec<_>>(), &|_| true)
        }
    }

    fn name(attached: &Attached) -> (&'static str, Vec<&str>) {
        match attached {
            Attached::To(e) => ("to", vec![&e.name]),
            Attached::Asked(all) => ("asked", all.iter().map(|e| &*e.name).collect()),
            Attached::Nowhere => ("nowhere", vec![]),
        }
    }

    #[test]
    fn people_decide_between_two_accounts_of_one_lms() {
        let world = World::of(&[
            ("North", Some(staff("north", 0..40))),
            ("South", Some(staff("south", 0..40))),
        ]);
        let found = world.attach(&format!("{HEADER}{}", staff("south", 2..42)), "edapp");
        assert_eq!(name(&found), ("to", vec!["South"]));
        let Attached::To(evidence) = found else { panic!("certain") };
        assert_eq!(
            evidence.says,
            "38 of 40 people are in the snapshot of 3 October 2026, by `email`; the columns are those of EdApp; \
             1 of 1 group is known"
        );
        let both = format!("{HEADER}{}{}", staff("north", 0..9), staff("south", 0..9));
        assert_eq!(name(&world.attach(&both, "edapp")), ("asked", vec!["North", "South"]));
    }

    #[test]
    fn the_lmss_own_columns_with_nobody_known_are_a_question_and_other_files_are_nobodys() {
        let world = World::of(&[("North", Some(staff("north", 0..40))), ("New", None)]);
        let strangers = format!("{HEADER}{}", staff("west", 0..9));
        assert_eq!(name(&world.attach(&strangers, "edapp")), ("asked", vec!["North", "New"]));
        let canteen = "Dish,Price\nSoup,4\n";
        assert_eq!(name(&world.attach(canteen, "generic")), ("nowhere", vec![]));
        assert_eq!(name(&World::of(&[]).attach(&strangers, "edapp")), ("nowhere", vec![]));
    }

    #[test]
    fn an_hr_report_is_known_by_its_people_and_next_weeks_by_its_columns() {
        let mut world = World::of(&[
            ("North", Some(staff("north", 0..40))),
            ("South", Some(staff("south", 0..40))),
        ]);
        let report =
            "Emp No,Work mail,Team\nnorth-3,p3@north.example,A\nnorth-4,p4@north.example,B\n";
        assert_eq!(name(&world.attach(report, "generic")), ("to", vec!["North"]));
        let hires = "Emp No,Work mail,Team\nnorth-901,a@x.example,A\nnorth-902,b@x.example,A\n";
        assert_eq!(name(&world.attach(hires, "generic")), ("nowhere", vec![]));
        let header = ["Team".to_owned(), "Emp No".to_owned(), "Work mail".to_owned()];
        let known = KnownReport::of(&header, "hr.csv", "2026-11-21T08:00:00Z", &Uses::new());
        world.snapshots[0].2.push(known.clone());
        assert_eq!(name(&world.attach(hires, "generic")), ("to", vec!["North"]));
        world.snapshots[1].2.push(known);
        assert_eq!(name(&world.attach(hires, "generic")), ("asked", vec!["North", "South"]));
    }

    #[test]
    fn people_who_are_in_two_lmss_make_no_file_of_one_a_file_of_the_other() {
        let world = World::of(&[("North", Some(staff("north", 0..40)))]);
        let people = |n: u32| format!("p{n}@north.example,Pat {n},Pat\n");
        let rows: String = (0..30).map(people).collect();
        let asap = format!("Email,userName,reference\n{rows}");
        assert_eq!(name(&world.attach(&asap, "kaspersky-asap")), ("nowhere", vec![]));
        // An HR report has names that every list of people has.
        let report = format!("Email,Name,Nickname\n{rows}");
        assert_eq!(name(&world.attach(&report, "generic")), ("to", vec!["North"]));
    }

    #[test]
    fn small_numbers_are_no_evidence() {
        let rows = |from: u32| -> String {
            (from..from + 30)
                .map(|n| format!("m{n}@north.example,m{n}@north.example,P,Q,S,{n}\n"))
                .collect()
        };
        let world = World::of(&[("North", Some(rows(0)))]);
        assert_eq!(
            name(&world.attach("No,Dish\n1,Soup\n2,Stew\n", "generic")),
            ("nowhere", vec![])
        );
    }
}
