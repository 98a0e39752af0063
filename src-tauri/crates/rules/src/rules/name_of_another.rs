use super::{CheckContext, Concerns, FindingSink, FindingText, Person, Requires, Rule, RuleScope};
use muster_roster::finding::Severity;
use muster_roster::roster::Column;
use muster_roster::settling;
use muster_table::words::quoted;

pub static RULE: Rule = Rule {
    code: "name-of-another",
    title: "Number of somebody else",
    severity: Severity::Warning,
    requires: Requires::Snapshot,
    concerns: Concerns::Identity,
    scope: RuleScope::Person(check),
    page: include_str!("name_of_another.md"),
};

fn check(person: &Person, sink: &mut FindingSink) {
    let context = person.context;
    let (Some(snapshot), false) = (&context.snapshot, person.is_nobody) else { return };
    let Some(other) = context.called_another(person.row) else { return };
    sink.row(person.row, Some(other.column), || {
        let roster = &context.roster;
        let message = format!(
            "{} is {} in {}, and `{}` says {}: no part of the name is the same; is the number somebody else's?",
            quoted(person.key.trim()),
            snapshot.name(other.was),
            roster.profile.called(),
            roster.columns[other.column].name,
            other.name,
        );
        FindingText::new(other.name.clone(), message)
    });
}

/// Somebody whose row says another name than the LMS has under the key.
pub struct CalledAnother {
    /// The snapshot's row.
    pub was: u32,
    /// The column that says the name.
    pub column: usize,
    /// What it says.
    pub name: String,
}

impl CheckContext {
    /// Who is found by the key, and is called wholly otherwise in a column that the LMS does not have. None where the key is
    /// told to be another's already.
    pub fn called_another(&self, row: u32) -> Option<CalledAnother> {
        if self.names_beside.is_empty() {
            return None;
        }
        let (snapshot, was) = (self.snapshot.as_ref()?, self.was(row)?);
        let before = snapshot.name(was);
        let is_key = before == snapshot.key_text(was);
        if is_key || self.claim(row).is_some() {
            return None;
        }
        let said = |column: &usize| self.roster.table.cell(row, *column).trim().to_owned();
        let column = self.names_beside.iter().copied().find(|at| !said(at).is_empty())?;
        let name = self.names_beside.iter().map(said).collect::<Vec<_>>().join(" ");
        let name = name.trim().to_owned();
        // A part of the name may stand in a column of the LMS's; what was put in from there says nothing.
        let of_file =
            |c: &&Column| c.field.is_some() && self.roster.table.place_in_file(c.at).is_some();
        let parts = self.roster.columns.iter().filter(|c| c.name_part > 0).filter(of_file);
        let parts = parts.map(|c| said(&c.at)).chain([name.clone()]).collect::<Vec<_>>();
        let is_another = settling::are_other_people(&parts.join(" "), &before);
        is_another.then_some(CalledAnother { was, column, name })
    }
}
