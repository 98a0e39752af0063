//! Edits as they are shown: where, and what stands there before and after.

use muster_roster::roster::{Column, Roster};
use muster_table::edit::Edit;
use muster_table::words::MASK;

/// An edit, as it is shown. What is secret is masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditView {
    /// What kind of edit it is.
    pub did: EditKind,
    /// Whom it is about; none for columns.
    pub row: Option<u32>,
    /// The line of the file; none for columns and for somebody who was put in.
    pub line: Option<u32>,
    /// The column's name; none for a whole person.
    pub column: Option<String>,
    /// As the roster has it; none for columns.
    pub key: Option<String>,
    /// What the person is called; blank for columns.
    pub name: String,
    /// The cell; of a column its name or, where it moves, its place from 1.
    pub before: String,
    /// The same once the edit is made.
    pub after: String,
    /// Column names first, then in the order of the rows, then people who were put in.
    pub place: (u8, usize, usize),
}

/// What an edit does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditKind {
    /// A cell.
    Set,
    /// A person was taken out.
    Remove,
    /// A person was put in, with these cells that are neither blank nor secret.
    Insert {
        /// In the order of the columns.
        filled: Vec<String>,
    },
    /// A column's name.
    Rename,
    /// A column, now before the one of this name; none for the last.
    Move {
        /// That column's name.
        next: Option<String>,
    },
    /// A column came, at this place from 1, filled for so many people.
    AddColumn {
        /// Its place, counted from 1.
        at: u32,
        /// For how many people it has a value.
        filled: usize,
    },
    /// A column went, from this place.
    DropColumn {
        /// Its place, counted from 1.
        at: u32,
    },
}

/// Edits that are in the roster already, as they are shown, in their order.
pub fn views_after(roster: &Roster, edits: &[Edit]) -> Vec<EditView> {
    let mut columns: Vec<Shown> = roster.columns.iter().map(Shown::of).collect();
    // From the last to the first, so that each is shown with the columns where it found them.
    let mut view: Vec<EditView> = Vec::with_capacity(edits.len());
    for edit in edits.iter().rev() {
        let moved = if let Edit::Move { to, .. } = edit { *to } else { 0 };
        view.push(view_of(roster, &columns, edit, moved));
        step(&mut columns, &edit.inverse());
    }
    view.reverse();
    view
}

/// Edits that are still to be made, as they are shown, in their order.
pub fn views_before(roster: &Roster, edits: &[Edit]) -> Vec<EditView> {
    let mut columns: Vec<Shown> = roster.columns.iter().map(Shown::of).collect();
    let view_of = |edit: &Edit| {
        let moved = if let Edit::Move { from, .. } = edit { *from } else { 0 };
        let view = view_of(roster, &columns, edit, moved);
        step(&mut columns, edit);
        view
    };
    edits.iter().map(view_of).collect()
}

fn view_of(roster: &Roster, columns: &[Shown], edit: &Edit, moved: u32) -> EditView {
    let mut view = EditView {
        did: EditKind::Set,
        row: None,
        line: None,
        column: None,
        key: None,
        name: String::new(),
        before: String::new(),
        after: String::new(),
        place: (1, 0, 0),
    };
    if let Edit::Set { row, .. } | Edit::Remove { row, .. } | Edit::Insert { row, .. } = edit {
        view.row = Some(*row);
        view.line = roster.table.line(*row);
        view.key = Some(roster.key_text(*row).into_owned());
        view.name = roster.name(*row);
    }
    let column = |at: u32| columns.get(at as usize);
    match edit {
        Edit::Set { row, column: at, before, after } => {
            view.column = column(*at).map(|c| c.name.clone());
            let secret = column(*at).is_some_and(|c| c.secret);
            let cell = |cell: &String| {
                if secret && !cell.is_empty() { MASK.to_owned() } else { cell.clone() }
            };
            (view.before, view.after) = (cell(before), cell(after));
            view.place = (1, *row as usize, *at as usize);
        }
        Edit::Remove { row, .. } => {
            view.did = EditKind::Remove;
            view.before.clone_from(&view.name);
            view.place = (1, *row as usize, 0);
        }
        Edit::Insert { row, cells, .. } => {
            let open = cells.iter().zip(columns).filter(|(_, column)| !column.secret);
            let filled = open.map(|(cell, _)| cell).filter(|cell| !cell.is_empty());
            view.did = EditKind::Insert { filled: filled.cloned().collect() };
            view.line = None;
            view.after.clone_from(&view.name);
            view.place = (2, *row as usize, 0);
        }
        Edit::Rename { column: at, before, after } => {
            view.did = EditKind::Rename;
            view.column = Some(before.clone());
            (view.before, view.after) = (before.clone(), after.clone());
            view.place = (0, *at as usize, 0);
        }
        Edit::Move { from, to } => {
            // Where the column has moved already, it stands itself at that place.
            let next = to + u32::from(moved == *to || from < to);
            view.did = EditKind::Move { next: column(next).map(|c| c.name.clone()) };
            view.column = column(moved).map(|c| c.name.clone());
            (view.before, view.after) = ((from + 1).to_string(), (to + 1).to_string());
            view.place = (0, *to as usize, 1);
        }
        Edit::Add { at, name, cells, .. } => {
            view.did = EditKind::AddColumn { at: at + 1, filled: cells.len() };
            view.column = Some(name.clone());
            view.after.clone_from(name);
            view.place = (0, *at as usize, 2);
        }
        Edit::Drop { at, name, .. } => {
            view.did = EditKind::DropColumn { at: at + 1 };
            view.column = Some(name.clone());
            view.before.clone_from(name);
            view.place = (0, *at as usize, 2);
        }
    }
    view
}

/// A column as it is shown.
struct Shown {
    name: String,
    secret: bool,
}

impl Shown {
    fn of(column: &Column) -> Shown {
        Shown { name: column.name.clone(), secret: column.is_secret() }
    }
}

/// Puts the columns where they are once an edit is made.
fn step(columns: &mut Vec<Shown>, edit: &Edit) {
    match edit {
        Edit::Move { from, to } if (*from as usize) < columns.len() => {
            let column = columns.remove(*from as usize);
            columns.insert((*to as usize).min(columns.len()), column);
        }
        Edit::Drop { at, .. } if (*at as usize) < columns.len() => {
            columns.remove(*at as usize);
        }
        Edit::Add { at, name, .. } => {
            let at = (*at as usize).min(columns.len());
            columns.insert(at, Shown { name: name.clone(), secret: false });
        }
        Edit::Rename { column, after, .. } => {
            if let Some(column) = columns.get_mut(*column as usize) {
                column.name.clone_from(after);
            }
        }
        _ => {}
    }
}
