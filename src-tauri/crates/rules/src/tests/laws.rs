//! What holds of every profile, whatever stands in the cells.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;

use crate::checker::Checker;
use crate::rules::{CheckContext, Concerns, RULES, rule_index};
use crate::waiver::{Waiver, Waivers};
use muster_roster::finding::{Finding, Safety, Severity};
use muster_roster::lists::Lists;
use muster_roster::profile::{BUILT_IN, Profile, VendorTemplate};
use muster_roster::roster::Roster;
use muster_table::edit::Edit;
use muster_table::table::Table;

/// What cells may hold that some rule has something to say of, and what none has.
const VALUES: [&str; 24] = [
    "",
    "Ada",
    "Berg",
    "ada@example.com",
    "x@y",
    "José",
    "中村",
    "a  b",
    " Ann",
    "Ann\u{200B}",
    "Rоbert",
    "Account Owner",
    "Learner; Nobody",
    "2026-02-03",
    "31/02/2026",
    "12/15/2026",
    "3/4/2026",
    "CA",
    "ZZ",
    "USA",
    "Yes",
    "no",
    "x",
    "a very long value that hardly any LMS has room for, and that no field is headed by at all",
];

fn profiles() -> impl Iterator<Item = Arc<Profile>> {
    BUILT_IN.iter().filter_map(|(id, _)| Profile::built_in(id)).map(Arc::new)
}

/// A list of people with every column of the profile; `cells` says what each holds.
fn text(profile: &Profile, cells: &[Vec<usize>]) -> String {
    let quoted = |text: &str| format!("\"{text}\"");
    let header = profile.fields.iter().map(|field| quoted(&field.headers[0]));
    let mut text = header.collect::<Vec<_>>().join(",") + "\n";
    for (n, cells) in cells.iter().enumerate() {
        let cell = |(at, value): (usize, &usize)| {
            let is_key = profile.fields[at].id == profile.key.field;
            let unique = profile.fields[at].unique.is_some();
            match is_key || unique {
                true => quoted(&format!("k{n}@example.com")),
                false => quoted(VALUES[value % VALUES.len()]),
            }
        };
        text += &(cells.iter().enumerate().map(cell).collect::<Vec<_>>().join(",") + "\n");
    }
    text
}

fn read(profile: &Arc<Profile>, text: &str) -> Roster {
    Roster::read(Table::from_text(text).expect("a table"), profile.clone())
}

fn checked(now: Roster, before: Option<Roster>, waivers: Vec<Waiver>) -> Checker {
    let mut context = CheckContext::new(now, before, Lists::new());
    context.waivers = Waivers::new(waivers);
    Checker::new(context, &|_| true).expect("nothing stops it")
}

fn is_of_a_value(checker: &Checker, finding: &Finding) -> bool {
    let roster = &checker.context().roster;
    let column = finding.column.map(|column| column as usize);
    if column == roster.key || column == roster.key_fallback {
        return false;
    }
    let rule = RULES[usize::from(rule_index(&finding.rule).expect("a rule"))];
    matches!(rule.concerns, Concerns::Value | Concerns::Beside(_))
}

/// Rules that say no more of what somebody in the LMS has.
const OF_THE_LMS: [&str; 2] = ["role-unknown", "value-unseen"];

/// The columns of rows that nobody changed in which values are found wrong.
fn told_of_others(checker: &Checker, changed: u32) -> BTreeSet<u32> {
    let all = checker.all_findings().into_iter();
    let all = all.filter(|f| !OF_THE_LMS.contains(&f.rule.as_str()));
    let others =
        all.filter(|f| f.row.is_some_and(|row| row != changed) && is_of_a_value(checker, f));
    others.filter_map(|f| f.column).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// One person is changed: nobody else is stopped for what the LMS has, and each column says once what it has.
    #[test]
    fn whom_nobody_changed_nobody_stops(
        cells in proptest::collection::vec(proptest::collection::vec(0..VALUES.len(), 40), 3..8),
        (whom, column, value) in (any::<usize>(), any::<usize>(), 0..VALUES.len()),
    ) {
        for profile in profiles().filter(|p| !p.fields.is_empty() && !p.key.field.is_empty()) {
            let cells: Vec<Vec<usize>> =
                cells.iter().map(|row| row[..profile.fields.len().min(40)].to_vec()).collect();
            let export = text(&profile, &cells);
            let alone = checked(read(&profile, &export), None, Vec::new());
            let own = checked(read(&profile, &export), Some(read(&profile, &export)), Vec::new());
            let mut after = read(&profile, &export);
            let row = after.table.row_at(whom % cells.len()).expect("somebody");
            let column = column % after.columns.len();
            let is_free = |c: &muster_roster::roster::Column| !c.is_key && c.unique.is_none();
            if !is_free(&after.columns[column]) || Some(column) == after.key_fallback {
                continue;
            }
            let before = after.table.cell(row, column).into_owned();
            let now = VALUES[value].to_owned();
            if before == now {
                continue;
            }
            let edit = Edit::Set { row, column: column as u32, before, after: now };
            // A file that is its own snapshot silences nothing, but that the roles and words in it are such as the LMS has,
            // and that what is only not documented is told once for the column.
            let is_unsure = |f: &Finding| f.rule == "character-refused" && f.severity == Severity::Warning;
            let values = |checker: &Checker| {
                let all = checker.all_findings().into_iter().filter(|f| is_of_a_value(checker, f));
                let all = all.filter(|f| !is_unsure(f));
                all.map(|f| (f.row, f.column, f.rule)).collect::<BTreeSet<_>>()
            };
            let (silent, loud) = (values(&own), values(&alone));
            let silenced =
                loud.difference(&silent).filter(|(.., rule)| !OF_THE_LMS.contains(&rule.as_str()));
            let silenced: Vec<_> = silenced.collect();
            prop_assert!(!own.all_findings().iter().any(is_unsure), "{}: each is told once", profile.id);
            prop_assert!(silenced.is_empty(), "{}: {silenced:?}", profile.id);
            after.table.apply(&edit).expect("it fits");
            let beside = checked(after, Some(read(&profile, &export)), Vec::new());
            let refused = |f: &Finding| profile.rules.get(&f.rule).is_some_and(|s| s.refuses);
            for finding in beside.all_findings() {
                let other = finding.row.is_some_and(|other| other != row);
                prop_assert!(
                    !other || !is_of_a_value(&beside, &finding) || refused(&finding) || finding.rule == "manager-unknown",
                    "{}: {finding:?}", profile.id
                );
            }
            // What was found of others before stands in one note for the column.
            let notes: BTreeSet<u32> = beside
                .all_findings()
                .iter()
                .filter(|f| f.rule == "as-exported" && f.severity == Severity::Note)
                .filter_map(|f| f.column)
                .collect();
            let told: BTreeSet<u32> = told_of_others(&beside, row);
            let left: Vec<u32> = told_of_others(&alone, row)
                .into_iter()
                .filter(|c| !notes.contains(c) && !told.contains(c))
                .collect();
            prop_assert!(left.is_empty(), "{}: nothing is told of {left:?}", profile.id);
        }
    }
}

const WITH_FAULTS: &str = "email,username,firstname,lastname,usergroups\n\
     ada@example.com,ada,Ada,Berg,Sales\n\
     bo@example.com,bo,Bo  B,Lund,Slaes\n\
     cy@example,cy,Cy  C,Holt,Slaes\n";

fn edapp(waivers: Vec<Waiver>) -> Checker {
    let profile = Arc::new(Profile::built_in("edapp").expect("built in"));
    let mut lists = Lists::new();
    let groups = ["Sales".to_owned()];
    let at = Some("2026-01-01".to_owned());
    lists.insert("groups".into(), muster_roster::lists::List::new(groups, "groups.txt", at));
    let mut context = CheckContext::new(read(&profile, WITH_FAULTS), None, lists);
    context.waivers = Waivers::new(waivers);
    Checker::new(context, &|_| true).expect("nothing stops it")
}

fn finding(checker: &Checker, rule: &str) -> Finding {
    checker.all_findings().into_iter().find(|f| f.rule == rule).expect("found")
}

#[test]
fn what_is_waived_is_counted_and_told_nowhere_else() {
    let before = edapp(Vec::new());
    let group = finding(&before, "group-unknown");
    let waiver = Waiver::of(before.context(), &group, " The group is new. ").expect("it may be");
    assert_eq!((waiver.column.as_deref(), waiver.value.as_str()), (Some("usergroups"), "Slaes"));
    assert_eq!((waiver.person.as_deref(), waiver.reason.as_str()), (None, "The group is new."));
    let mut after = edapp(vec![waiver]);
    assert_eq!((before.waived(), after.waived(), after.waived_by()), (0, 2, vec![2]));
    assert!(after.all_findings().iter().all(|f| f.rule != "group-unknown"));
    assert_eq!(after.counts().error + 2, before.counts().error);
    // Another value of that column is told, and the waiver lets stand what is left of its own.
    let row = after.context().roster.table.row_at(1).expect("there");
    let edit = Edit::Set { row, column: 4, before: "Slaes".into(), after: "Slas".into() };
    after.apply(&[edit]).expect("it fits");
    after.flush();
    assert_eq!((finding(&after, "group-unknown").value.as_str(), after.waived()), ("Slas", 1));
}

#[test]
fn a_waiver_of_one_person_is_about_nobody_else() {
    let before = edapp(Vec::new());
    let space = finding(&before, "space-stray");
    let mut waiver = Waiver::of(before.context(), &space, "so in the passport").expect("it may be");
    assert_eq!(waiver.person, None);
    waiver.person = Some("BO".into());
    let after = edapp(vec![waiver.clone()]);
    assert_eq!((after.waived(), finding(&after, "space-stray").value.as_str()), (1, "Cy  C"));
    waiver.person = Some("cy".into());
    assert_eq!(edapp(vec![waiver]).waived(), 0);
}

#[test]
fn nobody_waives_what_the_vendor_refuses() {
    let before = edapp(Vec::new());
    let address = finding(&before, "email-malformed");
    assert_eq!(Waiver::of(before.context(), &address, "it works"), None);
    let waiver = Waiver {
        rule: address.rule.clone(),
        column: Some("email".into()),
        value: address.value.clone(),
        person: None,
        reason: "written by hand".into(),
        at: String::new(),
        by: String::new(),
    };
    assert_eq!(edapp(vec![waiver]).waived(), 0);
}

/// Where findings are, by rule.
fn places(checker: &Checker) -> BTreeSet<(String, Option<u32>, Option<u32>)> {
    checker.all_findings().into_iter().map(|f| (f.rule, f.row, f.column)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// A template that is learnt adds checks and takes none away but those of the header, which it answers.
    #[test]
    fn a_template_takes_no_check_away(
        cells in proptest::collection::vec(proptest::collection::vec(0..VALUES.len(), 41), 1..6),
        listed in any::<usize>(),
    ) {
        for profile in profiles().filter(|p| !p.fields.is_empty()) {
            let width = profile.fields.len();
            let known: Vec<Vec<usize>> = cells.iter().map(|row| row[..width.min(40)].to_vec()).collect();
            let dates = ["12/15/2026", "01/11/2027", "3/4/2026", "2026-05-06", "soon"];
            let export: String = text(&profile, &known)
                .lines()
                .enumerate()
                .map(|(n, line)| match n {
                    0 => format!("{line},Joined\n"),
                    n => format!("{line},{}\n", dates[(n + cells[n - 1][40]) % dates.len()]),
                })
                .collect();
            let plain = read(&profile, &export);
            let headers: Vec<String> = plain.table.names().to_vec();
            // One column has a drop-down, which offers what stands in it: what it answers is right.
            let at = listed % headers.len();
            let offered = plain.table.rows().map(|row| plain.table.cell(row, at).into_owned());
            let values = [(at, offered.filter(|v| !v.trim().is_empty()).collect())].into();
            let template = VendorTemplate {
                file: "users.xlsx".into(),
                at: "2026-11-03T08:00:00Z".into(),
                headers,
                values,
                remarks: Vec::new(),
                workbook: None,
            };
            let Ok(learnt) = profile.with_template(Arc::new(template)) else { continue };
            let without = places(&checked(plain, None, Vec::new()));
            let with = places(&checked(read(&Arc::new(learnt), &export), None, Vec::new()));
            // Of which country a region is, nobody can tell where the drop-down has codes of its own for countries.
            let own_codes = without
                .iter()
                .any(|(rule, _, column)| rule == "country-unknown" && *column == Some(at as u32));
            let answered = |(rule, _, column): &&(String, Option<u32>, Option<u32>)| {
                rule.starts_with("header")
                    || rule == "field-created"
                    || *column == Some(at as u32)
                    || (rule == "region-elsewhere" && own_codes)
            };
            let lost: Vec<_> = without.difference(&with).filter(|found| !answered(found)).collect();
            prop_assert!(lost.is_empty(), "{}: {lost:?}", profile.id);
        }
    }
}

/// Where a profile has a column of countries and one of regions, a region of another country is told.
#[test]
fn a_region_goes_with_its_country_in_every_profile_that_has_both() {
    use muster_roster::profile::{FieldKind, PlaceCode};
    let mut seen = Vec::new();
    for profile in profiles() {
        let at = |kind| profile.fields.iter().position(|f| f.kind == kind);
        let (Some(country), Some(region)) = (at(FieldKind::Country), at(FieldKind::Region)) else {
            continue;
        };
        let header = profile.fields.iter().map(|f| format!("\"{}\"", f.headers[0]));
        let header = header.collect::<Vec<_>>().join(",");
        let (us, de) = match profile.fields[country].code {
            Some(PlaceCode::Alpha3) => ("USA", "DEU"),
            Some(PlaceCode::Name) => ("United States", "Germany"),
            _ => ("US", "DE"),
        };
        let state = match profile.fields[region].code {
            Some(PlaceCode::Full) => "US-CA",
            Some(PlaceCode::Name) => "California",
            _ => "CA",
        };
        let row = |(line, land): (usize, &str)| {
            let cell = |n: usize| match n {
                n if n == country => land.to_owned(),
                n if n == region => state.to_owned(),
                n => format!("\"x{n}-{line}@example.com\""),
            };
            (0..profile.fields.len()).map(cell).collect::<Vec<_>>().join(",")
        };
        let rows = [us, us, us, us, us, us, de].into_iter().enumerate().map(row);
        let text = format!("{header}\n{}\n", rows.collect::<Vec<_>>().join("\n"));
        let all = checked(read(&profile, &text), None, Vec::new()).all_findings();
        let found: Vec<Option<u32>> =
            all.iter().filter(|f| f.rule == "region-elsewhere").map(|f| f.row).collect();
        assert_eq!(found, [Some(7)], "{}", profile.id);
        seen.push(profile.id.clone());
    }
    assert!(seen.len() >= 2, "{seen:?}");
}

#[test]
fn the_order_of_dates_is_known_after_those_that_told_it_were_mended() {
    let profile = Arc::new(Profile::built_in("emtrain-roster").expect("built in"));
    let text = "Email Address,First Name,Last Name,Hire Date\n\
                ada@example.com,Ada,Lo,01/03/2020\n\
                bo@example.com,Bo,Li,05/15/2020\n";
    let mut checker = checked(read(&profile, text), None, Vec::new());
    let plain =
        checker.all_findings().into_iter().find(|f| f.value == "05/15/2020").expect("found");
    checker.apply(&plain.fix.expect("safe").edits).expect("it fits");
    checker.flush();
    let left = finding(&checker, "date-malformed");
    let fix = left.fix.expect("still known");
    assert_eq!((fix.title.as_str(), fix.safety), ("make it `2020-01-03`", Safety::Safe));
    assert!(left.message.ends_with("this column has the month first: `05/15/2020` on line 3"));
}
