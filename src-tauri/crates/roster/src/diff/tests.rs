use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::profile::Profile;
use muster_table::edit::Edit;
use muster_table::table::Table;
use muster_table::words::MASK;

fn roster_of(profile: &str, text: &str) -> Roster {
    let profile = Arc::new(Profile::built_in(profile).expect("built in"));
    Roster::read(Table::from_text(text).expect("read"), profile)
}

fn edapp(rows: &str) -> Roster {
    roster_of("edapp", &format!("email,username,firstname,usergroups,password\n{rows}"))
}

fn apply(roster: &Roster, edits: &[Edit]) -> Roster {
    let mut table = roster.table.clone();
    for edit in edits {
        table.apply(edit).expect("fits");
    }
    Roster::read(table, roster.profile.clone())
}

fn marks(diff: &Diff, old: &Roster, new: &Roster) -> Vec<(String, String)> {
    let told = diff.comparison(old, new);
    told.changes.into_iter().map(|c| (c.mark, c.key)).collect()
}

#[test]
fn people_are_told_as_new_changed_or_gone_and_those_who_left_come_last() {
    let old =
        edapp("a@example.com,ada,Ada,Sales,\nb@example.com,bo,Bo,Ops,\nc@example.com,cy,Cy,,\n");
    let new = edapp("d@example.com,di,Di,,\nc@example.com,CY,Cy,,\nb@example.com,bo,Bob,Ops,\n");
    let diff = compare(&old, &new);
    let signs = [("+", "di"), ("~", "CY"), ("~", "bo"), ("-", "ada")];
    assert_eq!(
        marks(&diff, &old, &new),
        signs.map(|(mark, key)| (mark.to_owned(), key.to_owned()))
    );
    assert_eq!(diff.counts, DiffCounts { create: 1, update: 2, leave: 1, same: 0 });
    let bo = diff.change(&diff.entries[2], &old, &new);
    assert_eq!((bo.line, bo.name.as_str()), (Some(4), "Bob"));
    assert_eq!((bo.cells[0].before.as_str(), bo.cells[0].after.as_str()), ("Bo", "Bob"));
    assert_eq!(diff.change(&diff.entries[3], &old, &new).line, Some(2));
}

#[test]
fn groups_are_compared_as_sets() {
    let old = edapp("a@example.com,ada,Ada,Sales; Ops,\nb@example.com,bo,Bo,Ops; Sales,\n");
    let new = edapp("a@example.com,ada,Ada,Ops;Sales; Ops;,\nb@example.com,bo,Bo,Sales; Legal,\n");
    let diff = compare(&old, &new);
    assert_eq!(diff.counts, DiffCounts { create: 0, update: 1, leave: 0, same: 1 });
    let cell = &diff.change(&diff.entries[0], &old, &new).cells[0];
    assert_eq!(
        (cell.added.as_slice(), cell.removed.as_slice()),
        (&["Legal".to_owned()][..], &["Ops".to_owned()][..])
    );
    assert_eq!(diff.by_column, [ColumnChanges { column: "usergroups".into(), cells: 1 }]);
}

#[test]
fn a_key_that_stands_twice_or_not_at_all_is_paired_with_nobody() {
    let old = edapp(
        "a@example.com,ada,Ada,,\nb@example.com,bo,Bo,,\nc@example.com,cy,Cy,,\nd@example.com,cy,Cy,,\n",
    );
    let new = edapp(
        "a@example.com,ada,Ada,,\nx@example.com,Ada,Eve,,\nb@example.com,bo,Bo,,\n,,No,,\nc@example.com,cy,Cy,,\n",
    );
    let diff = compare(&old, &new);
    assert_eq!(diff.counts, DiffCounts { create: 0, update: 0, leave: 0, same: 1 });
    let listed: Vec<_> = diff
        .unpaired
        .iter()
        .map(|u| (u.side.as_str(), u.key.as_str(), u.lines.as_slice()))
        .collect();
    assert_eq!(
        listed,
        [
            ("new", "ada", &[2, 3][..]),
            ("new", "", &[5][..]),
            ("new", "cy", &[6][..]),
            ("old", "ada", &[2][..]),
            ("old", "cy", &[4, 5][..]),
        ]
    );
    assert_eq!(diff.unpaired[0].why, "the key stands on 2 rows of the newer file");
    assert_eq!(diff.unpaired[1].why, "a row of the newer file has no key");
    assert_eq!(diff.unpaired[2].why, "the key stands more than once in the older file");
}

#[test]
fn columns_are_matched_by_what_they_mean_and_those_that_came_or_went_are_told() {
    let old = roster_of(
        "edapp",
        "email (required),username (optional),shoe size,town\na@example.com,ada,7,Oslo\n",
    );
    let new = roster_of("edapp", "username,email,Town,nickname\nada,a@example.com,Bergen,Addy\n");
    let diff = compare(&old, &new);
    let told = diff.comparison(&old, &new);
    assert_eq!(
        (told.columns_added, told.columns_removed),
        (vec!["nickname".to_owned()], vec!["shoe size".to_owned()])
    );
    assert_eq!(told.changes.len(), 1);
    assert_eq!(told.changes[0].cells.len(), 1);
    assert_eq!(told.changes[0].cells[0].column, "Town");
}

#[test]
fn a_password_is_never_shown() {
    let old = edapp("a@example.com,ada,Ada,,Old-secret1\nb@example.com,bo,Bo,,\n");
    let new = edapp("a@example.com,ada,Ada,,New-secret1\nb@example.com,bo,Bo,,New-secret2\n");
    let told = compare(&old, &new).comparison(&old, &new);
    let shown: Vec<_> = told
        .changes
        .iter()
        .map(|c| (c.cells[0].before.as_str(), c.cells[0].after.as_str()))
        .collect();
    assert_eq!(shown, [(MASK, MASK), ("", MASK)]);
    assert!(!serde_json::to_string(&told).expect("json").contains("secret"));
}

#[test]
fn files_whose_keys_were_guessed_are_compared_by_the_newer_ones_key() {
    let old = roster_of(
        "generic",
        "email,employee id,town\na@example.com,1,Oslo\nb@example.com,2,Oslo\n",
    );
    let new = roster_of(
        "generic",
        "email,employee id,town\na@example.com,,Oslo\nb@example.com,,Bergen\n",
    );
    assert_ne!(old.key, new.key);
    let diff = compare(&old, &new);
    assert_eq!(diff.counts, DiffCounts { create: 0, update: 2, leave: 0, same: 0 });
    let strange = roster_of("generic", "colour\nred\n");
    let none = compare(&old, &strange);
    assert_eq!(none.unpaired[0].why, "no column says in both files who a row is");
}

#[test]
fn one_cell_one_person_one_column_or_everything_is_put_back() {
    let old =
        edapp("a@example.com,ada,Ada,Sales,\nb@example.com,bo,Bo,Ops,\nc@example.com,cy,Cy,,\n");
    let new =
        edapp("n@example.com,ny,Ny,,\nc@example.com,cy,Si,Ops,\na@example.com,ada,Ad,Legal,\n");
    let texts = |edits: &[Edit]| apply(&new, edits).table.to_bytes().expect("written");
    let text = |edits: &[Edit]| String::from_utf8(texts(edits)).expect("UTF-8");
    assert!(text(&revert(&old, &new, Some("ada"), Some("firstname"))).contains("ada,Ada,Legal"));
    assert!(text(&revert(&old, &new, Some("ADA"), None)).contains("ada,Ada,Sales"));
    let column = text(&revert(&old, &new, None, Some("firstname")));
    assert!(
        column.contains("cy,Cy,Ops")
            && column.contains("ada,Ada,Legal")
            && column.contains("ny,Ny")
    );
    assert!(text(&revert(&old, &new, Some("bo"), None)).ends_with("b@example.com,bo,Bo,Ops,\n"));
    assert!(!text(&revert(&old, &new, Some("ny"), None)).contains("ny"));
    assert_eq!(
        text(&revert(&old, &new, None, None)),
        "email,username,firstname,usergroups,password\nc@example.com,cy,Cy,,\na@example.com,ada,Ada,Sales,\nb@example.com,bo,Bo,Ops,\n"
    );
}

#[test]
fn an_edit_and_its_undo_leave_no_difference() {
    let old = edapp("a@example.com,ada,Ada,Sales,\n");
    let set = Edit::Set { row: 1, column: 2, before: "Ada".into(), after: "Eve".into() };
    let new = apply(&old, std::slice::from_ref(&set));
    assert_eq!(compare(&old, &new).counts.update, 1);
    let edits = revert(&old, &new, None, None);
    assert_eq!(edits, [set.inverse()]);
    assert!(compare(&old, &apply(&new, &edits)).is_empty());
}

#[test]
fn a_page_is_filtered_by_mark_and_by_name() {
    let old = edapp("a@example.com,ada,Ada,Sales,\nb@example.com,bo,Bo,Ops,\n");
    let new =
        edapp("a@example.com,ada,Ad,Sales,\nb@example.com,bo,Bob,Ops,\nc@example.com,cy,Cy,,\n");
    let diff = compare(&old, &new);
    let (all, page) = diff.page(&old, &new, Some("~"), "", (1, 5));
    assert_eq!((all, page.len(), page[0].key.as_str()), (2, 1, "bo"));
    assert_eq!(diff.page(&old, &new, None, "CY", (0, 5)).0, 1);
}

/// What two rosters have to agree on to be the same: each row as key and cells, in no order.
fn sorted(roster: &Roster) -> Vec<Vec<String>> {
    let set = |c: usize, cell: &str| {
        let column = &roster.columns[c];
        if column.separator.is_none() {
            return cell.to_owned();
        }
        let mut values: Vec<&str> = column.values(cell).collect();
        values.sort_unstable();
        values.dedup();
        values.join("; ")
    };
    let row =
        |row: u32| (0..roster.table.width()).map(|c| set(c, &roster.table.cell(row, c))).collect();
    let mut rows: Vec<Vec<String>> = roster.table.rows().map(row).collect();
    rows.sort();
    rows
}

fn some_rows() -> impl Strategy<Value = String> {
    let row = ("[a-d]?", "[A-D]?", "(Ada|Bo|\"C, y\"|)", "((Sales|Ops|Legal)(; ?)?){0,3}", "(|x)");
    proptest::collection::vec(row, 0..8).prop_map(|rows| {
        rows.into_iter()
            .map(|(mail, name, first, groups, pass)| {
                format!("{mail},{name},{first},{groups},{pass}z\n")
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn what_differs_put_back_is_the_other_roster(old in some_rows(), new in some_rows()) {
        let (old, new) = (edapp(&old), edapp(&new));
        let diff = compare(&old, &new);
        let mut left = new.table.len() as u32 - diff.counts.create - diff.counts.update - diff.counts.same;
        for unpaired in diff.unpaired.iter().filter(|u| u.side == "new") {
            left -= unpaired.lines.len() as u32;
        }
        prop_assert_eq!(left, 0, "everybody is counted once");
        let back = apply(&new, &revert(&old, &new, None, None));
        prop_assert_eq!(sorted(&back), sorted(&old));
        let forth = apply(&old, &revert(&new, &old, None, None));
        prop_assert_eq!(sorted(&forth), sorted(&new));
        prop_assert!(compare(&old, &back).entries.is_empty());
    }
}

fn bare(rows: &str) -> Roster {
    roster_of("generic", &format!("Name,Email,Team\n{rows}"))
}

fn by(old: &Roster, new: &Roster, columns: &[&str]) -> Comparison {
    let columns: Vec<String> = columns.iter().map(|c| (*c).to_owned()).collect();
    compare_by(old, new, &columns).expect("the columns are there").comparison(old, new)
}

#[test]
fn by_columns_who_agrees_in_all_of_them_alone_is_the_same() {
    let old = bare("Ada Lo,ada@example.com,Ops\nBo Li,bo@example.com,Ops\nCy Mo,,Ops\n");
    let new = bare(
        " ada  LO,Ada@example.com,Sales\nBo Li,bo.li@example.com,Ops\nEve Um,eve@example.com,Ops\n",
    );
    let told = by(&old, &new, &["name", "email"]);
    assert_eq!(told.counts, DiffCounts { create: 1, update: 1, leave: 1, same: 0 });
    assert_eq!(told.changes[0].cells.last().map(|c| c.column.as_str()), Some("Team"));
    let [bo] = &told.uncertain[..] else { panic!("{:?}", told.uncertain) };
    assert_eq!((bo.name.as_str(), bo.line, bo.of), ("Bo Li", Some(3), 1));
    let candidate = &bo.candidates[0];
    assert_eq!((candidate.line, &candidate.agree[..]), (Some(3), &["name".to_owned()][..]));
    assert_eq!(candidate.differ, ["email"]);
    assert!(compare_by(&old, &new, &["shoe".to_owned()]).is_err());
}

#[test]
fn by_columns_namesakes_and_rows_that_stand_twice_are_uncertain() {
    let old = bare("Ada Lo,,Ops\nAda Lo,,Sales\nBo Li,,Ops\n,,Ops\n");
    let new = bare("Ada Lo,,Ops\nBo Li,,Ops\nBo Li,,Sales\n");
    let told = by(&old, &new, &["name"]);
    assert_eq!(told.counts, DiffCounts::default());
    let whom: Vec<(&str, u32)> = told.uncertain.iter().map(|u| (u.name.as_str(), u.of)).collect();
    assert_eq!(whom, [("Ada Lo", 2), ("Bo Li", 1), ("Bo Li", 1)]);
    assert!(told.uncertain[1].why.starts_with("2 rows of the newer file"));
    assert_eq!((told.unpaired.len(), &told.unpaired[0].lines[..]), (1, &[5][..]));
    // A name in two columns here, and in one there.
    let parted = roster_of("generic", "First name,Last name\nBo,Li\n");
    assert_eq!(by(&parted, &bare("Bo Li,,\n"), &["name"]).counts.same, 1);
}

proptest! {
    /// Everybody is in one number, or is told.
    #[test]
    fn by_columns_everybody_is_told_once(
        old in proptest::collection::vec((0u8..5, 0u8..4), 0..9),
        new in proptest::collection::vec((0u8..5, 0u8..4), 0..9),
    ) {
        let cell = |n: u8, of: &str| if n == 0 { String::new() } else { format!("{of}{n}") };
        let list = |people: &[(u8, u8)]| {
            let row = |(n, e): &(u8, u8)| format!("{},{},x\n", cell(*n, "Name"), cell(*e, "mail"));
            bare(&people.iter().map(row).collect::<String>())
        };
        let (was, now) = (list(&old), list(&new));
        let told = by(&was, &now, &["name", "email"]);
        let blank = |side: &str| {
            let of = told.unpaired.iter().filter(|u| u.side == side);
            of.map(|u| u.lines.len()).sum::<usize>()
        };
        let DiffCounts { create, update, leave, same } = told.counts;
        let newer = (create + update + same) as usize + blank("new") + told.uncertain.len();
        prop_assert_eq!(newer, new.len());
        let lines = told.uncertain.iter().flat_map(|u| u.candidates.iter().map(|c| c.line));
        let doubtful = lines.collect::<std::collections::BTreeSet<_>>().len();
        prop_assert_eq!((leave + update + same) as usize + blank("old") + doubtful, old.len());
    }
}

#[test]
fn beside_a_column_that_is_spelt_the_same_one_that_is_nearly_spelt_so_is_another() {
    let old =
        "employee_id,Email,Start Date\n1,a@example.com,2026-01-01\n2,b@example.com,2026-01-02\n";
    let near = |row: &str| row.to_owned();
    let new = [
        near("employee_id,E-mail,Email,Start-Date,Start Date"),
        near("1,alt-a@example.com,a@example.com,x,2026-01-01"),
        near("2,alt-b@example.com,b@example.com,y,2026-01-02\n"),
    ]
    .join("\n");
    for profile in ["generic", "edapp"] {
        let (old, new) = (roster_of(profile, old), roster_of(profile, &new));
        let columns = Columns::of(&old, &new);
        let pairs: Vec<(usize, usize)> = columns.pairs.iter().map(|p| (p.old, p.new)).collect();
        assert_eq!(pairs, [(0, 0), (1, 2), (2, 4)], "{profile}");
        assert_eq!((columns.added, columns.removed), (vec![1, 3], vec![]), "{profile}");
    }
    // Alone it is the same column, however it is spelt.
    let new = roster_of("generic", "employee_id,E-mail\n1,a@example.com\n");
    let columns = Columns::of(&roster_of("generic", old), &new);
    assert_eq!(columns.pairs.len(), 2);
}
