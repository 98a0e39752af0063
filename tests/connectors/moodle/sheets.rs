//! Columns that Moodle's lists have and others do not.

use crate::sheet::Sheet;

impl Sheet {
    pub fn remove_if_there(&mut self, login: &str) -> &mut Sheet {
        let there = self.people(&["username"]).contains_key(login);
        if there { self.remove(login) } else { self }
    }

    pub fn add_column_if_missing(&mut self, column: &str) {
        if !self.header.iter().any(|name| name == column) {
            self.header.push(column.to_owned());
            for row in &mut self.rows {
                row.push(String::new());
            }
        }
    }

    fn cohort_places(&self) -> Vec<usize> {
        let is_cohort = |name: &String| {
            let number = name.strip_prefix("cohort");
            number.is_some_and(|number| number.parse::<u32>().is_ok())
        };
        (0..self.header.len()).filter(|n| is_cohort(&self.header[*n])).collect()
    }

    fn row_of(&mut self, login: &str) -> &mut Vec<String> {
        let name = self.header.iter().position(|name| name == "username").expect("logins");
        self.rows.iter_mut().find(|row| row[name] == login).expect("somebody there")
    }

    /// The cohorts in somebody's row.
    pub fn cohorts(&self, login: &str) -> Vec<String> {
        let (mut sheet, places) = (self.clone(), self.cohort_places());
        let row = sheet.row_of(login);
        let mut all: Vec<String> = places.iter().map(|place| row[*place].clone()).collect();
        all.retain(|cohort| !cohort.is_empty());
        all.sort();
        all
    }

    /// Puts these into the row of somebody, in place of those that are there.
    pub fn put_cohorts(&mut self, login: &str, cohorts: &[&str]) -> &mut Sheet {
        for n in 1..=cohorts.len() {
            self.add_column_if_missing(&format!("cohort{n}"));
        }
        let places = self.cohort_places();
        let row = self.row_of(login);
        for (n, place) in places.into_iter().enumerate() {
            cohorts.get(n).copied().unwrap_or_default().clone_into(&mut row[place]);
        }
        self
    }
}
