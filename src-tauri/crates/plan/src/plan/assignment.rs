//! Where the LMS's own rules would put people as they come in: tried here before the LMS does it.

use muster_roster::profile::assignment::Rules;
use muster_roster::profile::header_form;
use muster_roster::roster::Roster;

/// Where somebody lands: the group, and the number of the rule, counted from 1.
pub(super) struct Landing<'r> {
    pub group: &'r str,
    pub rule: usize,
}

/// Columns that rules name and a roster does not have.
pub(super) fn lacking<'s>(rules: &'s Rules, roster: &'s Roster) -> impl Iterator<Item = &'s str> {
    let named = rules.iter().map(|rule| rule.column.as_str());
    named.filter(|name| column(roster, name).is_none())
}

/// Columns that rules name and that do not reach the LMS: no rule about one fits anybody.
pub(super) fn not_sent<'s>(
    rules: &'s Rules,
    roster: &'s Roster,
    is_sent: &'s dyn Fn(usize) -> bool,
) -> impl Iterator<Item = &'s str> {
    let named = rules.iter().map(|rule| rule.column.as_str());
    named.filter(move |name| column(roster, name).is_some_and(|at| !is_sent(at)))
}

/// Where a person lands; none where no rule fits. The LMS sees what is sent and nothing else.
pub(super) fn landing<'r>(
    rules: &'r Rules,
    roster: &Roster,
    is_sent: &dyn Fn(usize) -> bool,
    row: u32,
) -> Option<Landing<'r>> {
    let cell = |name: &str| {
        let at = column(roster, name).filter(|at| is_sent(*at))?;
        Some(roster.table.cell(row, at))
    };
    let (at, rule) = rules
        .iter()
        .enumerate()
        .find(|(_, rule)| cell(&rule.column).is_some_and(|cell| rule.fits(&cell)))?;
    Some(Landing { group: &rule.group, rule: at + 1 })
}

fn column(roster: &Roster, name: &str) -> Option<usize> {
    let form = header_form(name);
    let named = |c: &&muster_roster::roster::Column| c.form == form;
    let of_lms = || {
        let field = roster.profile.fields.iter().find(|f| f.id == name || f.is_headed(&form))?;
        roster.column_of(&field.id)
    };
    roster.columns.iter().find(named).map(|c| c.at).or_else(of_lms)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use muster_roster::profile::Profile;
    use muster_table::table::Table;

    const RULES: &str = "Department is sales -> Selling\nTitle contains manager -> Leading\nTitle begins Sales -> Never";

    fn landed(title: &str, department: &str) -> Option<(usize, String)> {
        let text = format!("Email,Title,Department\na@example.com,{title},{department}\n");
        let profile = Arc::new(Profile::built_in("generic").expect("built in"));
        let roster = Roster::read(Table::from_text(&text).expect("read"), profile);
        let rules = Rules::read(RULES).expect("rules");
        landing(&rules, &roster, &|_| true, 1).map(|l| (l.rule, l.group.to_owned()))
    }

    #[test]
    fn the_first_rule_that_fits_decides() {
        assert_eq!(landed("Sales Manager", "Sales"), Some((1, "Selling".into())));
        assert_eq!(landed("Sales Manager", "Care"), Some((2, "Leading".into())));
        assert_eq!(landed("Sales person", "Care"), Some((3, "Never".into())));
        assert_eq!(landed("Nurse", "Care"), None);
    }
}
