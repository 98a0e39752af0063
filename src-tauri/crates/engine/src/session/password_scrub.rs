//! Passwords that a push has set are taken out of everything that is kept of the list: its steps, and Muster's own copy of
//! the file.

use rustc_hash::FxHashSet;

use super::Engine;
use super::open_job::OpenJob;
use muster_store::blobs::Blob;
use muster_table::edit::Edit;
use muster_table::error::{Failure, Result};
use muster_table::format::xlsx;
use muster_table::narrow::count as number;
use muster_table::reading;
use muster_table::words::people;

impl Engine {
    /// Erases the passwords of these people. In the roster itself they are gone already.
    pub(super) fn erase_passwords(
        &self,
        job: &mut OpenJob,
        mut rows: FxHashSet<u32>,
    ) -> Result<()> {
        let roster = job.roster();
        let Some(column) = roster.columns.iter().find(|column| column.is_password()) else {
            return Ok(());
        };
        let keep_word = roster.field(column.at).and_then(|field| field.keep_word.clone());
        let instead = keep_word.unwrap_or_default();
        let says_one = |cell: &str| !cell.is_empty() && cell != instead;
        let (table, at) = (&roster.table, column.at);
        let in_file = table.place_in_file(at).map_or(Vec::new(), |place| {
            let has_one = |row: &u32| table.opened(*row, place).is_some_and(|cell| says_one(&cell));
            rows.iter().copied().filter(has_one).collect()
        });
        let original = match table.place_in_file(at).filter(|_| !in_file.is_empty()) {
            None => None,
            Some(place) => {
                let kept = self.original_without(job, place, &in_file, &instead)?;
                if kept.is_none() {
                    rows.retain(|row| !in_file.contains(row));
                    job.add_notice(format!(
                        "The passwords of {} stay in Muster's own copy of `{}`, as it is a workbook. They go when you \
                         take the list off Home.",
                        people(in_file.len()),
                        job.facts().name
                    ));
                }
                kept
            }
        };
        let mut trail =
            Traces { place: Some(number(at)), id: None, rows: &rows, instead: &instead };
        self.store(|store| {
            store.rewrite(job.lock(), original, |operation| {
                let found = trail.erase(&mut operation.edits);
                if found {
                    operation.general.clear();
                }
                found
            })
        })?;
        job.forget_undone();
        Ok(())
    }

    /// The file as it was opened, but for these cells; none where it is a workbook.
    fn original_without(
        &self,
        job: &OpenJob,
        place: usize,
        rows: &[u32],
        instead: &str,
    ) -> Result<Option<Blob>> {
        let id = job.id();
        let (bytes, blobs) = self.store(|store| Ok((store.original(id)?, store.blobs())))?;
        if xlsx::kind_of(&bytes).is_some() {
            return Ok(None);
        }
        let read = reading::read_bytes(bytes, &job.facts().name, job.read_as(), &|_| true)?;
        let mut table = read.table;
        for row in rows {
            let before = table.cell(*row, place).into_owned();
            let (column, after) = (number(place), instead.to_owned());
            table.apply(&Edit::Set { row: *row, column, before, after })?;
        }
        let bytes = table.to_bytes()?;
        let again =
            reading::read_bytes(bytes.clone(), &job.facts().name, job.read_as(), &|_| true)?;
        if again.table.len() != table.len() {
            return Err(Failure::internal("the file could not be kept without its passwords"));
        }
        blobs.keep(&bytes).map(Some)
    }
}

/// The column of passwords, followed from the last step to the first.
struct Traces<'a> {
    /// Where it stands; none where it does not.
    place: Option<u32>,
    /// Of a column that comes and goes.
    id: Option<u32>,
    rows: &'a FxHashSet<u32>,
    instead: &'a str,
}

impl Traces<'_> {
    /// Erases what the edits say of these people's passwords. Says whether there was something.
    fn erase(&mut self, edits: &mut [Edit]) -> bool {
        let mut found = false;
        for edit in edits.iter_mut().rev() {
            match edit {
                Edit::Set { row, column, before, after } => {
                    if self.place == Some(*column) && self.rows.contains(row) {
                        found |= self.erase_cell(before) | self.erase_cell(after);
                    }
                }
                Edit::Insert { row, cells, .. } | Edit::Remove { row, cells, .. } => {
                    let cell = self.place.and_then(|place| cells.get_mut(place as usize));
                    if let Some(cell) = cell.filter(|_| self.rows.contains(row)) {
                        found |= self.erase_cell(cell);
                    }
                }
                Edit::Rename { .. } => {}
                Edit::Move { from, to } => self.place = self.place.map(|at| back(at, *from, *to)),
                Edit::Add { id, at, cells, .. } => {
                    if self.place == Some(*at) {
                        self.id = Some(*id);
                        self.place = None;
                        found |= self.erase_cells(cells);
                    } else {
                        self.place = self.place.map(|place| place - u32::from(place > *at));
                    }
                }
                Edit::Drop { id, at, cells, .. } => {
                    if self.place.is_none() && self.id == Some(*id) {
                        self.place = Some(*at);
                        found |= self.erase_cells(cells);
                    } else {
                        self.place = self.place.map(|place| place + u32::from(place >= *at));
                    }
                }
            }
        }
        found
    }

    fn erase_cells(&self, cells: &mut [(u32, String)]) -> bool {
        let mine = cells.iter_mut().filter(|(row, _)| self.rows.contains(row));
        mine.fold(false, |found, (_, cell)| self.erase_cell(cell) | found)
    }

    fn erase_cell(&self, cell: &mut String) -> bool {
        let says_one = !cell.is_empty() && cell != self.instead;
        if says_one {
            self.instead.clone_into(cell);
        }
        says_one
    }
}

/// Where a column stood before one was moved.
fn back(place: u32, from: u32, to: u32) -> u32 {
    if place == to {
        return from;
    }
    let without = place - u32::from(place > to);
    without + u32::from(without >= from)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "what is kept is looked at on the disk")]
mod tests {
    use std::path::Path;
    use std::time::SystemTime;

    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_moved_column_is_found_where_it_stood_before() {
        for from in 0..4u32 {
            for to in 0..4u32 {
                let mut order: Vec<u32> = (0..4).collect();
                let column = order.remove(from as usize);
                order.insert(to as usize, column);
                for (now, then) in order.into_iter().enumerate() {
                    assert_eq!(back(number(now), from, to), then, "{from} to {to}");
                }
            }
        }
    }

    const STAFF: &str = "email,username,firstname,lastname,usergroups,roles,password\r\n\
        ada@example.com,ada,Ada,Lo,Sales,Learner,\r\n\
        bo@example.com,bo,\"Bo\",Li,Sales,Learner,From-File-2\r\n\
        cy@example.com,cy,Cy,Ng,Ops,Learner,From-File-3\r\n";

    fn start(folder: &Path) -> Engine {
        Engine::new(folder.join("data"), folder.join("profiles"), SystemTime::now)
    }

    fn call(engine: &Engine, name: &str, request: Value) -> Value {
        engine.call(name, request).unwrap_or_else(|failure| panic!("{name}: {failure}"))
    }

    fn set(engine: &Engine, row: u32, column: u32, value: &str) {
        call(engine, "edit", json!([{ "row": row, "column": column, "value": value }]));
    }

    fn erase(engine: &Engine, rows: &[u32]) {
        let mut place = engine.lock_job();
        let job = place.as_mut().expect("open");
        engine.erase_passwords(job, rows.iter().copied().collect()).expect("erased");
    }

    /// Everything that is kept of the list, unpacked.
    fn kept(engine: &Engine) -> String {
        let told = |store: &muster_store::Store| {
            let mut all = String::from_utf8_lossy(&store.original(1)?).into_owned();
            for step in store.steps(1)? {
                all += &serde_json::to_string(&store.operation(1, step.id)?).expect("JSON");
            }
            Ok(all)
        };
        engine.store(told).expect("readable")
    }

    fn cells(engine: &Engine) -> Vec<Value> {
        let rows = call(engine, "rows", json!({ "view": {}, "first": 0, "count": 10 }));
        let rows = rows["rows"].as_array().expect("rows");
        rows.iter().map(|row| row["cells"].clone()).collect()
    }

    fn prepared(folder: &Path) -> Engine {
        std::fs::write(folder.join("staff.csv"), STAFF).expect("written");
        let engine = start(folder);
        call(&engine, "open", json!({ "path": folder.join("staff.csv") }));
        let secret = 6;
        set(&engine, 1, secret, "Typed-One-1");
        call(&engine, "arrange", json!({ "do": "move", "column": secret, "to": 1 }));
        set(&engine, 1, 1, "Typed-Two-1");
        set(&engine, 2, 1, "Typed-One-2");
        call(&engine, "delete_people", json!([3]));
        call(&engine, "undo", Value::Null);
        // What a push reads in: they are there, and have their passwords.
        for row in [1, 2] {
            set(&engine, row, 1, "");
        }
        engine
    }

    #[test]
    fn passwords_of_people_who_are_done_are_in_no_step_and_in_no_copy_and_the_list_stands_as_it_stood()
     {
        let folder = tempfile::tempdir().expect("a folder");
        let engine = prepared(folder.path());
        let before = cells(&engine);
        assert!(kept(&engine).contains("Typed-One-1") && kept(&engine).contains("From-File-2"));
        erase(&engine, &[1, 2]);
        let all = kept(&engine);
        for gone in ["Typed-One-1", "Typed-Two-1", "Typed-One-2", "From-File-2"] {
            assert!(!all.contains(gone), "{gone} is kept: {all}");
        }
        assert!(all.contains("From-File-3"), "somebody else's password is still to be sent");
        assert!(all.contains("\"Bo\",Li"), "what was not touched keeps its bytes");
        drop(engine);

        let engine = start(folder.path());
        let job = call(&engine, "open", json!({ "path": folder.path().join("staff.csv") }));
        assert_eq!(job["id"], 1, "the same file opens where it stood");
        assert_eq!(cells(&engine), before);
        // Every step can still be taken back, to a list without these passwords.
        while call(&engine, "job", Value::Null)["undo"] != Value::Null {
            call(&engine, "undo", Value::Null);
        }
        let path = folder.path().join("back.csv");
        call(&engine, "save_copy", json!({ "path": path, "replace": false }));
        let back = std::fs::read_to_string(path).expect("readable");
        assert_eq!(back, STAFF.replace("From-File-2", ""));
    }

    #[test]
    fn a_workbook_keeps_its_passwords_until_it_is_forgotten_and_that_is_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let engine = prepared(folder.path());
        let path = folder.path().join("staff.xlsx");
        call(&engine, "undo", Value::Null);
        call(&engine, "save_copy", json!({ "path": path, "replace": false }));
        call(&engine, "forget", json!({ "id": 1 }));
        call(&engine, "open", json!({ "path": path }));
        erase(&engine, &[1, 2]);
        let job = call(&engine, "job", Value::Null);
        assert!(job["notices"].to_string().contains("The passwords of 1 person stay"), "{job}");
    }

    #[test]
    fn a_copy_without_passwords_takes_the_place_of_the_other_only_with_its_steps() {
        let folder = tempfile::tempdir().expect("a folder");
        let engine = prepared(folder.path());
        let before = cells(&engine);
        let next = folder.path().join("data/jobs/1/original-next.zst");
        // Ended before the steps were rewritten: what was laid ready is nothing.
        std::fs::write(&next, b"half of it").expect("written");
        drop(engine);
        let engine = start(folder.path());
        call(&engine, "open_job", json!({ "id": 1 }));
        assert_eq!(cells(&engine), before);
        assert!(!next.exists());
        // Ended after it: it takes its place at the next opening.
        erase(&engine, &[1, 2]);
        drop(engine);
        let original = next.with_file_name("original.zst");
        std::fs::rename(&original, &next).expect("renamed");
        std::fs::write(&original, b"overwritten").expect("written");
        let engine = start(folder.path());
        call(&engine, "open_job", json!({ "id": 1 }));
        assert_eq!(cells(&engine), before);
        assert!(!next.exists() && !kept(&engine).contains("From-File-2"));
    }
}
