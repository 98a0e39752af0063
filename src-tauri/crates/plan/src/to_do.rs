//! What somebody still has to do by hand in the LMS, from the plan that said so until it is ticked or an export shows it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::plan::ByHand;
use crate::verify::is_done_in;
use muster_roster::roster::Roster;

/// What is to be done by hand in one account, open and done, in the order in which it came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ToDoList {
    /// All there are; numbers are never given twice while one of them stays.
    pub items: Vec<ToDo>,
}

/// One thing to do by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct ToDo {
    /// By which it is ticked.
    pub id: u32,
    /// When it came onto the list, ISO 8601.
    pub at: String,
    /// What it came with: "staff.csv".
    pub of: String,
    /// Who, what and where.
    pub item: ByHand,
    /// When and by whom it was done; none while it is open.
    pub done: Option<Done>,
}

/// That something was done by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export_to = "engine.ts"))]
pub struct Done {
    /// When it was ticked, ISO 8601.
    pub at: String,
    /// Who ticked it, as the computer calls them; or the export that shows it.
    pub by: String,
    /// Whether an export shows it; else somebody said so.
    pub seen: bool,
}

impl ToDo {
    /// Whether it is still to be done.
    pub fn is_open(&self) -> bool {
        self.done.is_none()
    }
}

impl ToDoList {
    /// What is still to be done, in the order in which it came.
    pub fn open(&self) -> impl Iterator<Item = &ToDo> {
        self.items.iter().filter(|to_do| to_do.is_open())
    }

    /// Puts on what a plan leaves to be done by hand; answers how much of it is new.
    ///
    /// What waits already for the same person and column takes the newer value. What was ticked after the snapshot was
    /// taken (`known_at`) is not asked for again: the plan cannot know of it yet.
    pub fn add(&mut self, by_hand: &[ByHand], of: &str, known_at: &str, now: &str) -> usize {
        let mut new = 0;
        for item in by_hand {
            let same = |to_do: &&mut ToDo| is_same_place(&to_do.item, item);
            let there: Vec<&mut ToDo> = self.items.iter_mut().filter(same).collect();
            let ticked = there.iter().any(|to_do| {
                let done = to_do.done.as_ref();
                to_do.item.value == item.value && done.is_some_and(|d| is_later(&d.at, known_at))
            });
            if ticked {
                continue;
            }
            match there.into_iter().find(|to_do| to_do.is_open()) {
                Some(open) if open.item == *item => {}
                Some(open) => {
                    (open.item, open.of, open.at) = (item.clone(), of.to_owned(), now.to_owned());
                }
                None => {
                    let id = self.items.iter().map(|to_do| to_do.id).max().unwrap_or(0) + 1;
                    let (at, of, item) = (now.to_owned(), of.to_owned(), item.clone());
                    self.items.push(ToDo { id, at, of, item, done: None });
                    new += 1;
                }
            }
        }
        new
    }

    /// Ticks one that is open; answers whether there was such a one.
    pub fn tick(&mut self, id: u32, by: &str, now: &str) -> bool {
        let open = |to_do: &&mut ToDo| to_do.id == id && to_do.is_open();
        let found = self.items.iter_mut().find(open);
        let done = Done { at: now.to_owned(), by: by.to_owned(), seen: false };
        found.map(|to_do| to_do.done = Some(done)).is_some()
    }

    /// Takes a tick back; answers whether there was one.
    pub fn untick(&mut self, id: u32) -> bool {
        let ticked = |to_do: &&mut ToDo| to_do.id == id && !to_do.is_open();
        self.items.iter_mut().find(ticked).map(|to_do| to_do.done = None).is_some()
    }

    /// Ticks what an export shows to be done, and opens again what was ticked by hand and is not so in it; answers with
    /// the numbers of both. What an export cannot show stays as it is.
    pub fn see(&mut self, export: &Roster, name: &str, now: &str) -> (Vec<u32>, Vec<u32>) {
        let (mut seen, mut open_again) = (Vec::new(), Vec::new());
        for to_do in &mut self.items {
            if to_do.done.as_ref().is_some_and(|done| done.seen) {
                continue;
            }
            match is_done_in(&to_do.item, export) {
                Some(true) => {
                    to_do.done = Some(Done { at: now.to_owned(), by: name.to_owned(), seen: true });
                    seen.push(to_do.id);
                }
                Some(false) if to_do.done.is_some() => {
                    to_do.done = None;
                    open_again.push(to_do.id);
                }
                _ => {}
            }
        }
        (seen, open_again)
    }
}

fn is_same_place(one: &ByHand, other: &ByHand) -> bool {
    one.key == other.key && one.known_by == other.known_by && one.column == other.column
}

/// Ticks are kept to the second: whoever ticks in the second in which an export was taken has done it since.
fn is_later(at: &str, than: &str) -> bool {
    let second = |text: &str| text.parse::<Timestamp>().ok().map(Timestamp::as_second);
    second(at).is_some_and(|at| second(than).is_none_or(|than| at >= than))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use muster_roster::profile::Profile;
    use muster_table::format::text::decode;
    use muster_table::table::{Cut, Table};

    const DAY: [&str; 4] = [
        "2026-11-01T08:00:00Z",
        "2026-11-02T08:00:00Z",
        "2026-11-03T08:00:00Z",
        "2026-11-04T08:00:00Z",
    ];

    fn item(key: &str, column: &str, value: &str) -> ByHand {
        ByHand {
            key: key.into(),
            name: "Ana Silva".into(),
            known_by: key.into(),
            column: column.into(),
            before: "a".into(),
            value: value.into(),
            r#where: "on the person's page".into(),
        }
    }

    fn export(rows: &str) -> Roster {
        let profile = Arc::new(Profile::built_in("edapp").expect("built in"));
        let text = format!("username,email,lastname,externalid\n{rows}");
        let decoded = decode(text.into_bytes(), None).expect("text");
        Roster::read(Table::read(decoded, Cut::default(), &mut |_| true).expect("a table"), profile)
    }

    #[test]
    fn the_same_comes_onto_the_list_once_and_a_newer_value_takes_its_place() {
        let mut list = ToDoList::default();
        let both = [item("ana", "email", "ana@example.com"), item("bo", "email", "bo@example.com")];
        assert_eq!(list.add(&both, "staff.csv", DAY[0], DAY[1]), 2);
        assert_eq!(list.add(&both, "staff.csv", DAY[0], DAY[2]), 0);
        assert_eq!(
            list.add(&[item("ana", "email", "a.s@example.com")], "later.csv", DAY[0], DAY[2]),
            0
        );
        let open: Vec<_> = list.open().map(|t| (t.id, &*t.item.value, &*t.of)).collect();
        assert_eq!(open, [(1, "a.s@example.com", "later.csv"), (2, "bo@example.com", "staff.csv")]);
    }

    #[test]
    fn what_was_ticked_is_asked_for_again_only_by_a_plan_that_knows_of_the_time_after() {
        let mut list = ToDoList::default();
        let ana = [item("ana", "email", "ana@example.com")];
        list.add(&ana, "staff.csv", DAY[0], DAY[1]);
        assert!(
            list.tick(1, "ada", DAY[2])
                && !list.tick(1, "ada", DAY[2])
                && !list.tick(9, "ada", DAY[2])
        );
        assert_eq!(list.add(&ana, "staff.csv", DAY[0], DAY[3]), 0);
        assert_eq!(list.add(&ana, "staff.csv", DAY[3], DAY[3]), 1);
        assert_eq!(list.open().map(|t| t.id).collect::<Vec<_>>(), [2]);
        assert!(list.untick(1) && !list.untick(1));
    }

    #[test]
    fn an_export_ticks_what_it_shows_and_opens_what_it_shows_otherwise() {
        let mut list = ToDoList::default();
        let all = [
            item("ana", "lastname", "Souza"),
            item("bo", "lastname", "Li"),
            item("cy", "lastname", "Ng"),
            item("ana", "a column of its own", "7"),
            item("old", "username", "new"),
        ];
        list.add(&all, "staff.csv", DAY[0], DAY[1]);
        assert!(list.tick(2, "ada", DAY[1]) && list.tick(4, "ada", DAY[1]));
        let export =
            export("ana,a@example.com,Souza,\nbo,b@example.com,Lee,\nnew,n@example.com,N,\n");
        assert_eq!(list.see(&export, "after.csv", DAY[2]), (vec![1, 5], vec![2]));
        let gone = is_done_in(&item("gone", "lastname", "Li"), &export);
        assert_eq!(gone, None, "who is not there shows nothing but that they are not active");
        let done = list.items[0].done.as_ref().expect("done");
        assert_eq!((&*done.by, done.seen), ("after.csv", true));
        assert_eq!(list.open().map(|t| t.id).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(list.see(&export, "after.csv", DAY[3]), (vec![], vec![]));
    }
}
