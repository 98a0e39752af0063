//! How counts, lists and times stand in a sentence: once, so that all sentences agree.

/// What is shown in place of a password.
pub const MASK: &str = "•••";

/// So many people: "1 person", "1,412 people".
pub fn people(count: usize) -> String {
    counted(count, "person", "people")
}

/// A count with its word, `one` for 1 and `many` for any other: "1 cell", "1,200 cells".
pub fn counted(count: usize, one: &str, many: &str) -> String {
    let word = if count == 1 { one } else { many };
    format!("{} {word}", grouped(count))
}

/// A number with a comma before each three digits: "1,200".
pub fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Names as a sentence has them: "a, b and c".
///
/// ```
/// use muster_table::words::{counted, listed};
///
/// assert_eq!(counted(1_200, "cell", "cells"), "1,200 cells");
/// assert_eq!(listed(&["Ada".into(), "Bo".into(), "Li".into()]), "Ada, Bo and Li");
/// ```
pub fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A value as a sentence has it: in backticks, or "the blank".
pub fn quoted(value: &str) -> String {
    if value.is_empty() { "the blank".into() } else { format!("`{value}`") }
}

/// "3 November 2026", of a time in ISO 8601; what is no such time is returned as it is.
pub fn day(at: &str) -> String {
    match at.parse::<jiff::Timestamp>() {
        Ok(at) => at.strftime("%-d %B %Y").to_string(),
        Err(_) => at.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_and_agree_with_their_word() {
        assert_eq!(people(1), "1 person");
        assert_eq!(people(412), "412 people");
        assert_eq!(counted(1_234_567, "cell", "cells"), "1,234,567 cells");
    }

    #[test]
    fn names_are_listed_as_one_says_them() {
        let names = |all: &[&str]| listed(&all.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>());
        assert_eq!(names(&["a"]), "a");
        assert_eq!(names(&["a", "b", "c"]), "a, b and c");
    }

    #[test]
    fn a_time_is_told_as_its_day() {
        assert_eq!(day("2026-11-03T08:00:00Z"), "3 November 2026");
        assert_eq!(day("some day"), "some day");
    }
}
