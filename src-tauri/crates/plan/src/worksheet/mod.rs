//! An open list and what can be done with it, worked out once for the window and the command: each thing comes to a
//! [`Change`], which whoever asked makes and keeps.
//!
//! The window holds a [`Worksheet`], which also knows what differs from the snapshot; the command, which asks once and
//! ends, needs no more than its [`Checker`], and the same functions take that.

mod arranging;
mod catching_up;
mod cells;
mod changes;
mod completing;
mod edit_view;
mod filling;
mod fixing;
mod leavers;
pub mod locks;
mod named;
mod opening;
mod planning;
mod recipes;
mod values;

pub use arranging::{Arrange, arrange};
pub use catching_up::{CaughtUp, catch_up, is_catching_up, set_back};
pub use cells::CellEdit;
pub use changes::Changes;
pub use completing::{Completed, Holds, Told, complete, is_completing};
pub use edit_view::{EditKind, EditView, views_after, views_before};
pub use filling::{Fill, Filled, LackingField, column_to_fill, fill, lacking};
pub use fixing::{
    FixAll, FixScope, Fixed, Made, Place, findings_of, fix, fix_all, is_safely_fixed,
};
pub use named::{
    ROLES, is_role, joined_name, joining, key_parts, must_be_one_key, roles_of, with_key,
    with_roles,
};
pub use opening::{Known, Rosters, Sources, both_are, choices, fitting, nobody};
pub use planning::{PlanFor, carried_by, days_between, plan, plan_of_part};
pub use recipes::{ColumnsRead, Followed, columns_read, follow, only_after};
pub use values::map_values;

use std::collections::BTreeMap;
use std::sync::Arc;

use muster_roster::profile::connector::Connector;
use muster_roster::profile::{Profile, Uses, header_form};
use muster_roster::roster::{Column, Roster};
use muster_roster::settling::{KeyPair, SettledColumn};
use muster_rules::checker::{Checker, Grouped};
use muster_rules::recipe::Step;
use muster_table::edit::{Edit, rows_of};
use muster_table::error::{Failure, FailureKind, Result};
use muster_table::going::{GoOn, WHOLE, part_of, stopped};
use muster_table::table::Table;

/// So many thousandths of a change are made once its rows were looked at; what rests on them is the rest.
const MADE: usize = WHOLE * 9 / 10;

/// An open list: what was read, what was found, and how it differs from what the LMS has. It keeps nothing and asks
/// nobody.
pub struct Worksheet {
    checker: Checker,
    changes: Changes,
    grouped: Grouped,
    profile: Arc<Profile>,
    uses: Uses,
    settled: Vec<SettledColumn>,
    known_by: Option<KeyPair>,
    connector: Option<&'static Connector>,
    is_in_doubt: bool,
    /// Steps that are to be taken back, the one made last at the end.
    owed: Vec<Vec<Edit>>,
    is_recovering: bool,
}

impl Worksheet {
    /// The roster with what was found of it.
    pub fn checker(&self) -> &Checker {
        &self.checker
    }

    /// The people with what their columns mean.
    pub fn roster(&self) -> &Roster {
        &self.checker.context().roster
    }

    /// Columns that were taken for one of the LMS's, and why.
    pub fn settled(&self) -> &[SettledColumn] {
        &self.settled
    }

    /// By which columns people were taken to be known here and there, where nobody had said.
    pub fn known_by(&self) -> Option<&KeyPair> {
        self.known_by.as_ref()
    }

    /// The cells.
    pub fn table(&self) -> &Table {
        &self.checker.context().roster.table
    }

    /// How the list differs from the snapshot; without one, from the file as it was opened.
    pub fn changes(&self) -> &Changes {
        &self.changes
    }

    /// Asks of what was found by rule and value. Fails to answer where something that it rests on is another than was told;
    /// then everything is read again, and it is asked once more.
    pub fn ask_grouped<T>(
        &mut self,
        ask: impl Fn(&mut Grouped, &Checker) -> Option<T>,
    ) -> Option<T> {
        self.grouped.update(&mut self.checker, is_safely_fixed);
        ask(&mut self.grouped, &self.checker).or_else(|| {
            self.grouped.forget(&mut self.checker);
            self.grouped.update(&mut self.checker, is_safely_fixed);
            ask(&mut self.grouped, &self.checker)
        })
    }

    /// The profile that was chosen. The roster's own is that as the connector and the choices make it.
    pub fn profile(&self) -> &Arc<Profile> {
        &self.profile
    }

    /// What columns were chosen to be used as, in files of this profile.
    pub fn uses(&self) -> &Uses {
        &self.uses
    }

    /// By which connector it is sent; none for the upload kit.
    pub fn connector(&self) -> Option<&'static Connector> {
        self.connector
    }

    /// Something failed halfway and could not be taken back: what is here is not what it is said to be.
    pub fn is_in_doubt(&self) -> bool {
        self.is_in_doubt
    }

    /// The same list, to be seen through other eyes: what is changed of these before they are opened is seen otherwise.
    /// The worksheet stays as it is.
    pub fn sources(&self, answers: BTreeMap<String, String>) -> Sources {
        let context = self.checker.context();
        let mut lists = context.lists.clone();
        // What came from the old snapshot or profile is not a list that somebody loaded.
        lists.retain(|_, list| list.is_loaded());
        Sources {
            table: context.roster.table.clone(),
            profile: self.profile.clone(),
            snapshot: context.snapshot.as_ref().map(|snapshot| snapshot.table.clone()),
            lists,
            real: context.real.clone(),
            waivers: context.waivers.clone(),
            day_first: context.day_first.clone(),
            answers,
            today: context.today,
            uses: self.uses.clone(),
            connector: self.connector,
        }
    }

    /// What the fixes of a scope come to, which are not made.
    pub fn fix(&mut self, rule: u8, scope: &FixScope, go_on: GoOn) -> Result<Fixed> {
        let fixed = self.try_fix(rule, scope, &part_of(go_on, 0..WHOLE / 2, WHOLE))?;
        self.put_back(fixed, go_on)
    }

    /// What every fix that is certain would change together; all is as it was afterwards.
    pub fn fix_safe(&mut self, go_on: GoOn) -> Result<Fixed> {
        let fixed = self.try_safe(&part_of(go_on, 0..WHOLE / 2, WHOLE))?;
        self.put_back(fixed, go_on)
    }

    fn put_back(&mut self, fixed: Fixed, go_on: GoOn) -> Result<Fixed> {
        let back: Vec<Edit> = fixed.change.edits.iter().rev().map(Edit::inverse).collect();
        if let Err(failure) =
            self.checker.apply_while(back, &part_of(go_on, WHOLE / 2..WHOLE, WHOLE))
        {
            return self.owe(failure, fixed.change.edits);
        }
        let settled = self.checker.flush_while(&|_| go_on(WHOLE));
        match settled {
            Ok(()) => Ok(fixed),
            Err(failure) => self.owe(failure, Vec::new()),
        }
    }

    /// Makes the fixes of a scope, all or none of them.
    pub fn make_fix(&mut self, rule: u8, scope: &FixScope, go_on: GoOn) -> Result<Fixed> {
        let fixed = self.try_fix(rule, scope, go_on)?;
        self.keep(fixed, go_on)
    }

    /// Makes every fix that is certain, all or none of them.
    pub fn make_safe(&mut self, go_on: GoOn) -> Result<Fixed> {
        let fixed = self.try_safe(go_on)?;
        self.keep(fixed, go_on)
    }

    fn keep(&mut self, fixed: Fixed, go_on: GoOn) -> Result<Fixed> {
        match self.look_again(&fixed.change.edits, &|_| go_on(WHOLE)) {
            Ok(()) => Ok(fixed),
            Err(failure) => self.owe(failure, fixed.change.edits),
        }
    }

    fn try_fix(&mut self, rule: u8, scope: &FixScope, go_on: GoOn) -> Result<Fixed> {
        let mut made = Vec::new();
        let fixed = fixing::make_fixes(&mut self.checker, rule, scope, go_on, &mut made);
        fixed.or_else(|failure| self.owe(failure, made))
    }

    fn try_safe(&mut self, go_on: GoOn) -> Result<Fixed> {
        let mut made = Vec::new();
        let fixed = fixing::make_safe_fixes(&mut self.checker, go_on, &mut made);
        fixed.or_else(|failure| self.owe(failure, made))
    }

    /// Makes what a step of a recipe comes to, whole or not at all.
    pub fn follow(&mut self, step: &Step, key_unlocked: bool, go_on: GoOn) -> Result<Followed> {
        match recipes::fixes_of(step, self.roster()) {
            Some(Ok((rule, scope))) => {
                Ok(Followed::fixed(self.make_fix(rule, &scope, go_on)?.change))
            }
            Some(Err(why)) => Ok(Followed::misfit(why)),
            None => {
                let followed = recipes::follow_other(self.roster(), step, key_unlocked);
                let Followed { change: Some(change), drift, misfit } = followed else {
                    return Ok(followed);
                };
                let edits = self.make(change.edits, go_on)?;
                Ok(Followed { change: Some(Change { edits, ..change }), drift, misfit })
            }
        }
    }

    /// Makes edits, all or none of them, and looks at whatever they can affect; gives them back. `go_on` is told thousandths.
    /// Fails with kind `Cancelled` where `go_on` says no, and with `Internal` where one does not fit.
    pub fn make(&mut self, edits: Vec<Edit>, go_on: GoOn) -> Result<Vec<Edit>> {
        let edits = match self.checker.apply_while(edits, &part_of(go_on, 0..MADE, WHOLE)) {
            Ok(edits) => edits,
            Err(failure) => return self.owe(failure, Vec::new()),
        };
        let rest: GoOn = &|_| go_on(MADE);
        let looked = self.checker.flush_while(rest).and_then(|()| self.look_again(&edits, rest));
        match looked {
            Ok(()) => Ok(edits),
            Err(failure) => self.owe(failure, edits),
        }
    }

    /// Makes edits that must fit, because they were made before or take back what was, unless it is stopped. Where one does
    /// not, the worksheet is in doubt.
    pub fn make_again(&mut self, edits: Vec<Edit>, go_on: GoOn) -> Result<Vec<Edit>> {
        let is_stopped = |failure: &Failure| failure.kind == FailureKind::Cancelled;
        self.make(edits, go_on).inspect_err(|failure| self.is_in_doubt |= !is_stopped(failure))
    }

    /// Steps that were made and are not to be: to be taken back with whatever was stopped after them.
    pub fn take_back(&mut self, steps: impl Iterator<Item = Vec<Edit>>) {
        self.owed.splice(0..0, steps);
        self.is_recovering = true;
    }

    /// Whether something is to be taken back before anything else is asked. Whoever stops work has the answer at once;
    /// what a million people need to be as they were takes longer.
    pub fn is_recovering(&self) -> bool {
        self.is_recovering
    }

    /// Takes back what is to be: everything is as it was. Where that fails, the worksheet is in doubt.
    pub fn recover(&mut self) {
        self.is_recovering = false;
        if self.recovered().is_err() {
            self.is_in_doubt = true;
        }
    }

    fn recovered(&mut self) -> Result<()> {
        self.checker.recover()?;
        while let Some(made) = self.owed.pop() {
            let back: Vec<Edit> = made.iter().rev().map(Edit::inverse).collect();
            let back = self.checker.apply_while(back, &|_| true)?;
            self.checker.flush();
            self.look_again(&back, &|_| true)?;
        }
        self.checker.flush();
        Ok(())
    }

    /// What was stopped is taken back later, with what was `made` by then; what failed otherwise leaves a doubt.
    fn owe<T>(&mut self, failure: Failure, made: Vec<Edit>) -> Result<T> {
        if failure.kind == FailureKind::Cancelled {
            self.owed.push(made);
            self.is_recovering = true;
        } else {
            // What does not fit was not made.
            self.is_in_doubt |= !made.is_empty();
        }
        Err(failure)
    }

    fn look_again(&mut self, edits: &[Edit], go_on: GoOn) -> Result<()> {
        const FEW: usize = 1 << 12;
        let context = self.checker.context();
        if edits.iter().any(Edit::is_of_columns) || edits.len() > context.roster.table.len() / 2 {
            self.changes = Changes::of(context);
            return Ok(());
        }
        for (n, row) in rows_of(edits).into_iter().enumerate() {
            if n % FEW == FEW - 1 && !go_on(0) {
                return Err(stopped());
            }
            self.changes.look_again(context, row);
        }
        Ok(())
    }
}

/// Edits that belong together, before they are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// "Fix 7 people: `Markting` → `Marketing`".
    pub sentence: String,
    /// What is to be made, in this order; empty where all is so already.
    pub edits: Vec<Edit>,
    /// What it does on any list of its kind; nothing where it is about single people.
    pub general: Vec<Step>,
}

/// Somebody, as a step names them.
pub fn who(roster: &Roster, row: u32) -> String {
    let key = roster.key_text(row);
    if !key.trim().is_empty() {
        return format!("`{key}`");
    }
    match roster.table.line(row) {
        Some(line) => format!("the person on line {line}"),
        None => "a new person".into(),
    }
}

fn column_at(roster: &Roster, at: u32) -> Result<&Column> {
    roster.columns.get(at as usize).ok_or_else(|| Failure::state("there is no such column"))
}

fn column_named<'r>(roster: &'r Roster, name: &str) -> Option<&'r Column> {
    let form = header_form(name);
    roster.columns.iter().find(|column| column.form == form)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    use super::*;
    use muster_roster::lists::{Lists, RealValues};
    use muster_rules::rules::rule_index;
    use muster_rules::waiver::Waivers;
    use muster_table::reading::{ReadAs, read_bytes};

    fn worksheet() -> Worksheet {
        let text = "id,name\n1,Ana  \n2, Bo\n3,Cy\n";
        let read = read_bytes(text.into(), "staff.csv", &ReadAs::default(), &|_| true);
        let sources = Sources {
            table: read.expect("read").table,
            profile: Profile::built_in("generic").expect("built in").into(),
            snapshot: None,
            lists: Lists::new(),
            real: RealValues::new(),
            waivers: Waivers::default(),
            day_first: BTreeMap::new(),
            answers: BTreeMap::new(),
            today: None,
            uses: Uses::new(),
            connector: None,
        };
        sources.open(&|_| true).expect("opened")
    }

    fn stands(sheet: &Worksheet) -> (String, String, usize) {
        let findings = sheet.checker().all_findings();
        (sheet.table().to_text(), format!("{findings:?}"), sheet.changes().people())
    }

    /// Stops work at each of its looks: the answer comes at that look, and the list is as it was once it has recovered.
    fn stops(what: &str, work: impl Fn(&mut Worksheet, GoOn) -> Result<()>) {
        let looks = AtomicUsize::new(0);
        let count = |_| {
            looks.fetch_add(1, Relaxed);
            true
        };
        work(&mut worksheet(), &count).expect("it can be done");
        let all = looks.load(Relaxed);
        assert!(all > 2, "{what} looks {all} times");
        for at in 1..=all {
            let mut sheet = worksheet();
            let before = stands(&sheet);
            let looks = AtomicUsize::new(0);
            let stop = |_| looks.fetch_add(1, Relaxed) + 1 < at;
            let stopped = work(&mut sheet, &stop).expect_err("stopped");
            assert_eq!(stopped.kind, FailureKind::Cancelled);
            assert!(looks.load(Relaxed) <= at + 2, "{what} goes on after look {at} of {all}");
            assert!(sheet.is_recovering() && !sheet.is_in_doubt());
            sheet.recover();
            assert!(!sheet.is_recovering() && !sheet.is_in_doubt());
            assert_eq!(stands(&sheet), before, "{what}, stopped at look {at} of {all}");
            work(&mut sheet, &|_| true).expect("and then it can be done");
        }
    }

    #[test]
    fn what_is_stopped_is_as_it_was_wherever_that_is() {
        let rule = rule_index("space-stray").expect("a rule");
        let scope = FixScope {
            rule: "space-stray".into(),
            value: None,
            row: None,
            column: None,
            safe_only: false,
            day_first: None,
        };
        stops("a fix", |sheet, go_on| sheet.make_fix(rule, &scope, go_on).map(drop));
        stops("a fix that is only looked at", |sheet, go_on| {
            sheet.fix(rule, &scope, go_on).map(drop)
        });
        let set = |row: u32, before: &str, after: &str| {
            let (before, after) = (before.to_owned(), after.to_owned());
            Edit::Set { row, column: 1, before, after }
        };
        let edits = [set(3, "Cy", "Bo"), set(1, "Ana  ", "")];
        stops("edits", |sheet, go_on| sheet.make(edits.to_vec(), go_on).map(drop));
    }

    #[test]
    fn steps_that_cannot_be_kept_are_taken_back_below_the_one_that_was_stopped() {
        let mut sheet = worksheet();
        let before = stands(&sheet);
        let set = |before: &str, after: &str| {
            let (before, after) = (before.to_owned(), after.to_owned());
            vec![Edit::Set { row: 3, column: 1, before, after }]
        };
        let steps = [set("Cy", "Di"), set("Di", "Ed")];
        for step in &steps {
            sheet.make(step.clone(), &|_| true).expect("made");
        }
        sheet.make(set("Ed", "Fay"), &|_| false).expect_err("stopped");
        sheet.take_back(steps.into_iter());
        sheet.recover();
        assert_eq!(stands(&sheet), before);
    }
}
