//! Reads dates as people and spreadsheets write them.
//!
//! dateparser, dtparse and interim settle quietly whether 3/4 is in March or April; here it has to be said that it may be
//! either.

use jiff::civil::Date;

/// What a text says, read as a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// This day. It is not certain where the century was guessed, or where a number counts days.
    Day {
        /// The day.
        date: Date,
        /// Whether it can be no other.
        certain: bool,
    },
    /// The day or the month may come first.
    Either {
        /// The day that it is if the day comes first.
        day_first: Date,
        /// The day that it is if the month does.
        month_first: Date,
        /// Whether the year is written out.
        certain: bool,
    },
    /// A day and a month.
    NoYear,
    /// A month and a year, or a year alone.
    NoDay,
    /// Written as a date, and no calendar has it.
    NoSuchDay,
    /// Something else.
    NoDate,
}

/// The form that has one meaning everywhere.
pub const ISO: &str = "YYYY-MM-DD";

/// How a text fits a form such as `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// It is this day.
    Day(Date),
    /// It fits, and no calendar has such a day.
    NoSuchDay,
    /// It is written otherwise.
    Not,
}

/// Reads a text by a form of `YYYY`, `YY`, `MM`, `M`, `DD`, `D` and what stands between them.
pub fn fit(text: &str, form: &str) -> Fit {
    if form == ISO {
        return fit_iso(text.as_bytes());
    }
    let (mut year, mut month, mut day) = (None, None, None);
    let (mut rest, mut asked) = (text, form);
    while let Some(letter) = asked.chars().next() {
        let run = asked.len() - asked.trim_start_matches(letter).len();
        asked = &asked[run..];
        let place = match letter {
            'Y' => &mut year,
            'M' => &mut month,
            'D' => &mut day,
            other => {
                let Some(after) =
                    (0..run / other.len_utf8()).try_fold(rest, |rest, _| rest.strip_prefix(other))
                else {
                    return Fit::Not;
                };
                rest = after;
                continue;
            }
        };
        // One letter takes one digit or two.
        let most = if run == 1 { 2 } else { run };
        let digits = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        if digits == 0 || (run > 1 && digits < run) {
            return Fit::Not;
        }
        let Ok(number) = rest[..digits].parse::<i16>() else { return Fit::Not };
        *place = Some(if letter == 'Y' && run == 2 { century(number) } else { number });
        rest = &rest[digits..];
    }
    if !rest.is_empty() {
        return Fit::Not;
    }
    match calendar(year.unwrap_or(2000), month.unwrap_or(1), day.unwrap_or(1)) {
        Some(date) => Fit::Day(date),
        None => Fit::NoSuchDay,
    }
}

/// What most dates are, and so read at once.
fn fit_iso(text: &[u8]) -> Fit {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return Fit::Not };
    let number = |digits: &[u8]| {
        digits
            .iter()
            .try_fold(0, |n: i16, d| d.is_ascii_digit().then(|| n * 10 + i16::from(d - b'0')))
    };
    let parts = (number(&[y1, y2, y3, y4]), number(&[m1, m2]), number(&[d1, d2]));
    let (Some(year), Some(month), Some(day)) = parts else { return Fit::Not };
    calendar(year, month, day).map_or(Fit::NoSuchDay, Fit::Day)
}

/// A day written in a form.
pub fn written(date: Date, form: &str) -> String {
    let mut out = String::new();
    let mut asked = form;
    while let Some(letter) = asked.chars().next() {
        let run = asked.len() - asked.trim_start_matches(letter).len();
        let number = match letter {
            'Y' if run == 2 => i32::from(date.year()) % 100,
            'Y' => i32::from(date.year()),
            'M' => i32::from(date.month()),
            'D' => i32::from(date.day()),
            _ => {
                out.push_str(&asked[..run]);
                asked = &asked[run..];
                continue;
            }
        };
        out.push_str(&format!("{number:0run$}"));
        asked = &asked[run..];
    }
    out
}

fn calendar(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Two digits of a year, as spreadsheets take them.
fn century(year: i16) -> i16 {
    if year < 50 { 2000 + year } else { 1900 + year }
}

/// Whether the day comes first in a date such as `14/03/2024`, where only one order makes a date of it.
pub fn day_comes_first(text: &str) -> Option<bool> {
    if let [_, _, _, _, b'-', ..] = text.as_bytes() {
        return None;
    }
    let by = if text.contains('/') { '/' } else { '-' };
    let mut parts = text.trim().split(by);
    let mut part = |most: usize| {
        let digits = parts.next().filter(|p| (1..=most).contains(&p.len()))?;
        digits.parse::<u16>().ok()
    };
    let (a, b, _) = (part(2)?, part(2)?, part(4)?);
    match (a, b) {
        (13..=31, 1..=12) => Some(true),
        (1..=12, 13..=31) => Some(false),
        _ => None,
    }
}

#[derive(Debug, Clone, Copy)]
enum Piece {
    /// A number and how many digits it has.
    Number(i32, usize),
    Month(i16),
}

impl Reading {
    /// Reads a text.
    pub fn of(text: &str) -> Reading {
        if let Fit::Day(date) = fit(text, ISO) {
            return Reading::Day { date, certain: true };
        }
        let (text, midnight) = without_time(text.trim());
        let Some(pieces) = pieces(text) else { return Reading::NoDate };
        use Piece::{Month, Number};
        let reading = match pieces.as_slice() {
            [Number(n, digits)] => of_one(*n, *digits),
            [Number(_, 4), Number(..)] | [Number(..), Number(_, 4)] => Reading::NoDay,
            [Number(..), Number(..)] => Reading::NoYear,
            [Number(y, 4), Number(m, _), Number(d, _)] => day(*y, *m, *d, true),
            [Number(a, 1..=2), Number(b, 1..=2), Number(y, digits @ (2 | 4))] => {
                let (y, certain) = year(*y, *digits);
                if text.contains('.') {
                    day(y, *b, *a, certain)
                } else {
                    either(y, *a, *b, certain)
                }
            }
            [Month(m), Number(d, 1..=2), Number(y, digits @ (2 | 4))]
            | [Number(d, 1..=2), Month(m), Number(y, digits @ (2 | 4))] => {
                let (y, certain) = year(*y, *digits);
                day(y, i32::from(*m), *d, certain)
            }
            [Number(y, 4), Month(m), Number(d, _)] => day(*y, i32::from(*m), *d, true),
            [Number(_, 4), Month(_)] | [Month(_), Number(_, 4)] => Reading::NoDay,
            [Number(..), Month(_)] | [Month(_), Number(..)] => Reading::NoYear,
            _ => Reading::NoDate,
        };
        match reading {
            Reading::Day { date, certain } => Reading::Day { date, certain: certain && midnight },
            other => other,
        }
    }

    /// The day, where there is no doubt about it.
    pub fn certain_day(self) -> Option<Date> {
        match self {
            Reading::Day { date, certain: true } => Some(date),
            _ => None,
        }
    }
}

/// Whether a text that is no whole date, or a number for one, is what a spreadsheet shows for a day.
pub fn may_stand_for(text: &str, day: Date) -> bool {
    use Piece::{Month, Number};
    let (d, m, y) = (i32::from(day.day()), day.month(), i32::from(day.year()));
    match (Reading::of(text), pieces(text.trim()).as_deref()) {
        (Reading::Day { date, certain: false }, _) => date == day,
        (_, Some([Number(n, _), Month(month)])) => *month == i16::from(m) && *n == d,
        (_, Some([Month(month), Number(n, _)])) => {
            *month == i16::from(m) && [d, y, y % 100].contains(n)
        }
        _ => false,
    }
}

fn of_one(number: i32, digits: usize) -> Reading {
    match (digits, number) {
        (8, 19_000_101..=21_991_231) => {
            day(number / 10_000, number / 100 % 100, number % 100, true)
        }
        // Spreadsheets count days from the end of 1899.
        (5, 20_000..=60_000) => {
            let first = Date::constant(1899, 12, 30);
            match first.checked_add(jiff::Span::new().days(number)) {
                Ok(date) => Reading::Day { date, certain: false },
                Err(_) => Reading::NoDate,
            }
        }
        (4, 1900..=2199) => Reading::NoDay,
        _ => Reading::NoDate,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a year of two digits")]
fn year(year: i32, digits: usize) -> (i32, bool) {
    if digits == 2 { (i32::from(century(year as i16)), false) } else { (year, true) }
}

fn day(year: i32, month: i32, day: i32, certain: bool) -> Reading {
    let part = |n: i32| i16::try_from(n).unwrap_or(-1);
    match calendar(part(year), part(month), part(day)) {
        Some(date) => Reading::Day { date, certain },
        None => Reading::NoSuchDay,
    }
}

fn either(year: i32, a: i32, b: i32, certain: bool) -> Reading {
    match (day(year, b, a, certain), day(year, a, b, certain)) {
        (Reading::Day { date: day_first, .. }, Reading::Day { date: month_first, .. })
            if day_first != month_first =>
        {
            Reading::Either { day_first, month_first, certain }
        }
        (Reading::NoSuchDay, other) | (other, _) => other,
    }
}

/// The text before a time of day, and whether that time is midnight or not there.
fn without_time(text: &str) -> (&str, bool) {
    let cut = text.find(['T', ' ']).filter(|at| {
        let time = text[at + 1..].trim();
        time.contains(':') && time.starts_with(|c: char| c.is_ascii_digit())
    });
    match cut {
        Some(at) => {
            let midnight = text[at + 1..].chars().filter(char::is_ascii_digit).all(|c| c == '0');
            (&text[..at], midnight)
        }
        None => (text, true),
    }
}

/// At most three numbers and names of months; none where anything else stands there.
fn pieces(text: &str) -> Option<Vec<Piece>> {
    if text.len() > 40 || !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut pieces = Vec::new();
    let apart = |c: char| matches!(c, '-' | '/' | '.' | ',' | ' ');
    for word in text.split(apart).filter(|w| !w.is_empty()) {
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = word.split_at(digits);
        match (number, rest) {
            ("", "of" | "de" | "del") => {}
            ("", name) => pieces.push(Piece::Month(month(name)?)),
            (_, "" | "st" | "nd" | "rd" | "th" | "er") if digits <= 8 => {
                pieces.push(Piece::Number(number.parse().ok()?, digits));
            }
            _ => return None,
        }
    }
    (!pieces.is_empty() && pieces.len() <= 3).then_some(pieces)
}

/// How months begin in English, German, French, Spanish, Italian, Portuguese, Dutch and the Nordic languages.
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene", "gen"],
    &["feb", "fév", "fev"],
    &["mar", "mär", "mrz", "maa", "mrt"],
    &["apr", "avr", "abr"],
    &["may", "mai", "mei", "mag", "maj"],
    &["jun", "juin", "giu"],
    &["jul", "juil", "lug"],
    &["aug", "aoû", "aou", "ago"],
    &["sep", "set"],
    &["oct", "okt", "ott", "out"],
    &["nov"],
    &["dec", "déc", "dez", "dic", "des"],
];

fn month(name: &str) -> Option<i16> {
    let name = name.to_lowercase();
    let begins = |starts: &&[&str]| starts.iter().any(|start| name.starts_with(start));
    if name.len() > 12 || !name.chars().all(char::is_alphabetic) {
        return None;
    }
    (1i16..).zip(MONTHS).find(|(_, month)| begins(month)).map(|(number, _)| number)
}

/// Whether a text is written as a whole date with a year of four digits, as no number, code or phone number is.
///
/// ```
/// use muster_roster::dates::is_written_date;
///
/// assert!(is_written_date("12/15/2026") && is_written_date("2026-12-15") && is_written_date("15 Dec 2026"));
/// assert!(!is_written_date("20261215") && !is_written_date("15 Dec") && !is_written_date("Room 5"));
/// ```
pub fn is_written_date(text: &str) -> bool {
    // A year of two digits stands in version numbers too.
    let mut numbers = text.split(|c: char| !c.is_ascii_digit());
    numbers.any(|number| number.len() == 4)
        && !matches!(Reading::of(text), Reading::NoYear | Reading::NoDay | Reading::NoDate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match Reading::of(text) {
            Reading::Day { date, certain } => format!("{date}{}", if certain { "" } else { "?" }),
            Reading::Either { day_first, month_first, .. } => {
                format!("{day_first} or {month_first}")
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        for text in [
            "2024-03-14",
            "14/03/2024",
            "3/14/2024",
            "14.3.2024",
            "2024/3/14",
            "20240314",
            "14 March 2024",
            "Mar 14, 2024",
            "14th of March 2024",
            "14. März 2024",
            "2024-03-14T00:00:00Z",
            "2024-03-14 00:00",
        ] {
            assert_eq!(read(text), "2024-03-14", "{text}");
        }
        for text in ["14-Mar-24", "14/3/24", "45365", "2024-03-14 08:30"] {
            assert_eq!(read(text), "2024-03-14?", "{text}");
        }
        assert_eq!(read("3/4/2024"), "2024-04-03 or 2024-03-04");
        assert_eq!(read("3/3/2024"), "2024-03-03");
        assert_eq!(read("3.4.2024"), "2024-04-03");
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        assert_eq!(read("3-Mar"), "NoYear");
        assert_eq!(read("3/4"), "NoYear");
        assert_eq!(read("March 2024"), "NoDay");
        assert_eq!(read("2024"), "NoDay");
        assert_eq!(read("2024-02-30"), "NoSuchDay");
        assert_eq!(read("31/02/2024"), "NoSuchDay");
        for text in ["", "soon", "n/a", "1-2-3-4", "12", "Room 5", "20241399999999999999"] {
            assert_eq!(read(text), "NoDate", "{text}");
        }
    }

    #[test]
    fn a_day_is_known_by_what_a_spreadsheet_shows_for_it() {
        let day = Date::constant(2024, 3, 14);
        for text in ["14-Mar", "Mar-24", "Mar-14", "March 2024", "45365", "14-Mar-24"] {
            assert!(may_stand_for(text, day), "{text}");
        }
        for text in ["15-Mar", "Apr-24", "45366", "soon", "2023-03-14"] {
            assert!(!may_stand_for(text, day), "{text}");
        }
    }

    #[test]
    fn a_form_is_met_exactly_or_not_at_all() {
        assert_eq!(fit("2024-03-14", "YYYY-MM-DD"), Fit::Day(Date::constant(2024, 3, 14)));
        assert_eq!(fit("2024-3-14", "YYYY-MM-DD"), Fit::Not);
        assert_eq!(fit("3/14/2024", "M/D/YYYY"), Fit::Day(Date::constant(2024, 3, 14)));
        assert_eq!(fit("31/02/2024", "DD/MM/YYYY"), Fit::NoSuchDay);
        assert_eq!(fit("1990", "YYYY"), Fit::Day(Date::constant(1990, 1, 1)));
        assert_eq!(written(Date::constant(2024, 3, 4), "D.M.YY"), "4.3.24");
        assert_eq!(written(Date::constant(2024, 3, 4), "YYYY-MM-DD"), "2024-03-04");
    }
}
