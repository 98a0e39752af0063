//! Rules that put people into groups as they come in, as somebody wrote them.

/// The rules in their order; the first that fits a person decides.
///
/// Written one a line, or one from the next by a semicolon: `Department is Sales -> Sales basics`. Between the column
/// and its value stands `is`, `contains` or `begins`. Upper and lower case are the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules(Vec<Rule>);

/// One line: who is meant, and the group they come into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The column's name, as it was written.
    pub column: String,
    test: Test,
    value: String,
    /// The group that the LMS puts them into: "Sales basics".
    pub group: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Test {
    Is,
    Contains,
    Begins,
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

    /// Whether there are none, so that nobody is put anywhere.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The rules, first to last.
    pub fn iter(&self) -> std::slice::Iter<'_, Rule> {
        self.0.iter()
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

    /// Whether the cell of its column is one that it is about.
    pub fn fits(&self, cell: &str) -> bool {
        let cell = cell.trim().to_lowercase();
        let value = self.value.to_lowercase();
        match self.test {
            Test::Is => cell == value,
            Test::Contains => cell.contains(&value),
            Test::Begins => cell.starts_with(&value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
