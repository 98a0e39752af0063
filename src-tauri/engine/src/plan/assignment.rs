//! Rules that put people into groups as they come in: tried here before the LMS does it.

use crate::profile::header_form;
use crate::roster::Roster;

/// The rules in their order; the first that fits a person decides.
///
/// Written one a line, or one from the next by a semicolon: `Department is Sales -> Sales basics`. Between the column
/// and its value stands `is`, `contains` or `begins`. Upper and lower case are the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules(Vec<Rule>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    column: String,
    test: Test,
    value: String,
    group: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Test {
    Is,
    Contains,
    Begins,
}

/// Where somebody lands: the group, and the number of the rule, counted from 1.
pub struct Landing<'r> {
    pub group: &'r str,
    pub rule: usize,
}

const TESTS: [(&str, Test); 3] =
    [(" is ", Test::Is), (" contains ", Test::Contains), (" begins ", Test::Begins)];

impl Rules {
    /// Reads rules as somebody wrote them; what is wrong with them otherwise.
    pub fn read(text: &str) -> Result<Rules, String> {
        let by = if text.trim().contains('\n') { '\n' } else { ';' };
        let lines = text.split(by).map(str::trim).filter(|line| !line.is_empty());
        lines.map(Rule::read).collect::<Result<_, _>>().map(Rules)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Columns that the rules name and a roster does not have.
    pub fn lacking<'s>(&'s self, roster: &'s Roster) -> impl Iterator<Item = &'s str> {
        let named = self.0.iter().map(|rule| rule.column.as_str());
        named.filter(|name| column(roster, name).is_none())
    }

    /// Where a person lands; none where no rule fits.
    pub fn landing(&self, roster: &Roster, row: u32) -> Option<Landing<'_>> {
        let at = self.0.iter().position(|rule| rule.fits(roster, row))?;
        Some(Landing { group: &self.0[at].group, rule: at + 1 })
    }
}

impl Rule {
    fn read(line: &str) -> Result<Rule, String> {
        let why = || format!("`{line}` is no rule; write `Department is Sales -> Sales basics`");
        let (condition, group) =
            line.split_once("->").or_else(|| line.split_once('→')).ok_or_else(why)?;
        let first =
            |(words, test): (&'static str, Test)| Some((condition.find(words)?, words, test));
        let (at, words, test) =
            TESTS.into_iter().filter_map(first).min_by_key(|(at, ..)| *at).ok_or_else(why)?;
        let part = |text: &str| text.trim().to_owned();
        let rule = Rule {
            column: part(&condition[..at]),
            test,
            value: part(&condition[at + words.len()..]),
            group: part(group),
        };
        let whole = ![&rule.column, &rule.value, &rule.group].iter().any(|part| part.is_empty());
        whole.then_some(rule).ok_or_else(why)
    }

    fn fits(&self, roster: &Roster, row: u32) -> bool {
        let Some(column) = column(roster, &self.column) else { return false };
        let cell = roster.table.cell(row, column).trim().to_lowercase();
        let value = self.value.to_lowercase();
        match self.test {
            Test::Is => cell == value,
            Test::Contains => cell.contains(&value),
            Test::Begins => cell.starts_with(&value),
        }
    }
}

fn column(roster: &Roster, name: &str) -> Option<usize> {
    let form = header_form(name);
    let named = |c: &&crate::roster::Column| c.form == form;
    roster.columns.iter().find(named).map(|c| c.at).or_else(|| roster.column_of(name))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::profile::Profile;
    use crate::table::Table;

    const RULES: &str = "Department is sales -> Selling\nTitle contains manager -> Leading\nTitle begins Sales -> Never";

    fn landed(title: &str, department: &str) -> Option<(usize, String)> {
        let text = format!("Email,Title,Department\na@example.com,{title},{department}\n");
        let profile = Arc::new(Profile::built_in("generic").expect("built in"));
        let roster = Roster::read(Table::from_text(&text).expect("read"), profile);
        let rules = Rules::read(RULES).expect("rules");
        rules.landing(&roster, 1).map(|l| (l.rule, l.group.to_owned()))
    }

    #[test]
    fn the_first_rule_that_fits_decides() {
        assert_eq!(landed("Sales Manager", "Sales"), Some((1, "Selling".into())));
        assert_eq!(landed("Sales Manager", "Care"), Some((2, "Leading".into())));
        assert_eq!(landed("Sales person", "Care"), Some((3, "Never".into())));
        assert_eq!(landed("Nurse", "Care"), None);
    }

    #[test]
    fn what_is_no_rule_is_told_with_an_example() {
        for text in ["Sales", "Department is Sales", "Department is -> Selling", " is Sales -> X"] {
            let why = Rules::read(text).expect_err("refused");
            assert!(why.contains("Department is Sales -> Sales basics"), "{why}");
        }
        assert!(Rules::read("").expect("no rule").is_empty());
        assert_eq!(Rules::read("A is b -> C; D is e -> F").expect("two").0.len(), 2);
    }
}
