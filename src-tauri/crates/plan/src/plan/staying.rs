//! People whom the LMS has and the file does not, and who stay active: whoever of them has left is to be taken out.

use super::person::{PersonOutcome, Planner};
use super::{Action, Staying, known_by};
use muster_roster::profile::{Existing, Missing, PolicyId, Spelt};
use muster_table::words::listed;

/// As many names a sentence holds.
const FEW: usize = 3;

impl Planner<'_> {
    /// Those who stay because the file leaves them out. Nobody, where it leaves out so many that it is plainly no whole
    /// list: then it says nothing of them.
    pub fn staying(&self, outcomes: &[PersonOutcome]) -> Vec<Staying> {
        let Some(snapshot) = self.snapshot else { return Vec::new() };
        let context = self.checker.context();
        let left_out = outcomes.iter().filter(|outcome| {
            let person = &outcome.planned.person;
            person.row.is_none() && person.action == Action::Ignored
        });
        let rows = left_out.filter_map(|outcome| outcome.planned.was);
        let here = self.certainly_here();
        let rows = rows.filter(|was| {
            !snapshot.is_inactive(*was) && !context.is_claimed(*was) && !here.contains(was)
        });
        let rows: Vec<u32> = rows.collect();
        if rows.len() * 2 > snapshot.table.len() {
            return Vec::new();
        }
        let staying = |&was: &u32| {
            let (key, name) = (snapshot.key_text(was).into_owned(), snapshot.name(was));
            let name = if name == key { String::new() } else { name };
            Staying { known_by: known_by(snapshot, was), key, name }
        };
        rows.iter().map(staying).collect()
    }

    /// "Bo Li (`bo`) is not in the file and stays active in EdApp.", and what to do if they have left.
    pub fn told_of_staying(&self, staying: &[Staying]) -> Option<String> {
        let more = staying.len().saturating_sub(FEW);
        let mut who: Vec<String> = staying.iter().take(FEW).map(Staying::who).collect();
        if more > 0 {
            who.push(format!("{more} more"));
        }
        let are = if staying.len() == 1 { "is" } else { "are" };
        let then = self.of_left_out(staying.len(), &format!("active in {}", self.lms()));
        (!staying.is_empty()).then(|| {
            format!("{} {are} not in the file{then}. {}", listed(&who), self.if_they_left())
        })
    }

    /// What becomes of so many people whom the file leaves out, after "is not in the file": " and stays active in EdApp".
    pub fn of_left_out(&self, count: usize, how: &str) -> String {
        let (stay, them) = if count == 1 { ("stays", "this person") } else { ("stay", "them") };
        match self.knows_of_left_out() {
            true => format!(" and {stay} {how}"),
            false => format!("; what {} does with {them} then is not documented", self.lms()),
        }
    }

    /// What is to be done with people who have left, as far as the profile knows: "If they have left, …".
    pub fn if_they_left(&self) -> String {
        let profile = &self.roster.profile;
        let mut ways = Vec::new();
        let status = self.column_rules.iter().find_map(|rule| {
            let field = rule.field?;
            let by_file = rule.unreached.is_none()
                && !field.read_only
                && field.by_hand.is_none()
                && !field.create_only;
            Some((&rule.column.name, field.inactive.first().filter(|_| by_file)?))
        });
        let status = status.filter(|_| profile.existing == Existing::Updated);
        if let Some((column, word)) = status {
            ways.push(format!("put them back into the file with `{word}` in `{column}`"));
        }
        let removes = profile.policy(PolicyId::Missing).and_then(|policy| {
            let word = [Missing::Deactivate, Missing::Delete].map(Missing::word);
            Some((policy, word.iter().find_map(|word| policy.choice(word))?))
        });
        if let Some((policy, choice)) = removes {
            ways.push(format!("answer “{}” with “{}”", policy.title, choice.title));
        }
        ways.push(match &profile.leavers {
            Some(by_hand) => by_hand.clone(),
            None => format!("deactivate or remove them in {} itself", self.lms()),
        });
        format!("If they have left, {}.", ways.join(", or "))
    }
}

impl Staying {
    /// "Ada Lo (`ada`)".
    pub fn who(&self) -> String {
        super::who(&self.name, &self.known_by)
    }
}
