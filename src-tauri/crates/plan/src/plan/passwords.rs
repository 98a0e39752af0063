//! Passwords that nobody meant to touch: where blank cells overwrite, a blank column of passwords goes along.

use super::Only;
use super::person::{PersonOutcome, Planner};
use super::sent_columns::SentColumn;
use muster_roster::diff::Match;
use muster_roster::profile::{Blank, FieldKind, Profile};
use muster_table::narrow;

/// Whether one of the columns that are sent has passwords of which nobody says that a blank leaves them.
pub(crate) fn has_passwords_at_risk(profile: &Profile, sent: &[SentColumn]) -> bool {
    let mut fields = sent.iter().filter_map(|sent| profile.fields.get(sent.field?));
    fields.any(|field| {
        field.kind == FieldKind::Password && field.blank.is_none() && field.keep_word.is_none()
    })
}

impl Planner<'_> {
    /// How many people who exist go with a blank that may overwrite their password.
    pub fn overwritten_passwords(&self, outcomes: &[PersonOutcome]) -> u32 {
        let profile = &self.roster.profile;
        let overwrites = self.choices.blanks == Some(Blank::Clear) && profile.sent_by.is_none();
        if !overwrites || !has_passwords_at_risk(profile, &self.sent_columns) {
            return 0;
        }
        let known = |v: &&PersonOutcome| v.planned.was.is_some() && v.planned.person.row.is_some();
        let known = outcomes.iter().filter(known);
        let count = match self.only {
            Only::Changed => known.filter(|v| v.planned.is_in_file(self.only) && !v.resets).count(),
            Only::All => {
                let all = self.pairing.new.iter().filter(|m| matches!(m, Match::Row(_))).count();
                all - known.filter(|v| !v.planned.is_in_file(self.only) || v.resets).count()
            }
        };
        narrow::count(count)
    }
}
