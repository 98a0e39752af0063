//! How a number is read as text: the zeros of its format kept, days as ISO dates, anything else in its shortest form.
//!
//! ssfmt and numfmt show a number as Excel would show it, rounded and as a country writes it; here nothing may be lost.

use std::fmt::Write;

use jiff::ToSpan;
use jiff::civil::date;

/// What a number format says about the text of its numbers, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// In its shortest form.
    Plain,
    /// `000000`, `000-00-0000`, `"EMP"0000`: at least two digits in fixed places, with text between.
    Zeros(Vec<Place>),
    /// A day, perhaps with a time, counted in days.
    Date,
    /// A time of day.
    Time,
    /// A length of time, which may exceed a day: `[h]:mm`.
    Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Digit,
    Literal(char),
}

/// What a format that every workbook has by its number means.
pub fn built_in(id: u32) -> Shown {
    match id {
        14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58 => Shown::Date,
        18..=21 | 32..=35 | 45 | 47 | 55 | 56 => Shown::Time,
        46 => Shown::Duration,
        _ => Shown::Plain,
    }
}

/// What a format such as `dd/mm/yyyy` or `000000` means. Only its first section counts: the one for positive numbers.
pub fn shown(format: &str) -> Shown {
    let mut places = Vec::new();
    let mut only_zeros = true;
    let (mut day, mut month_or_minute, mut time) = (false, false, false);
    let mut letters = format.chars();
    if format.len() >= 7
        && format.is_char_boundary(7)
        && format[..7].eq_ignore_ascii_case("general")
    {
        return Shown::Plain;
    }
    while let Some(letter) = letters.next() {
        match letter {
            ';' => break,
            '\\' => places.extend(letters.next().map(Place::Literal)),
            '"' => places.extend(letters.by_ref().take_while(|&c| c != '"').map(Place::Literal)),
            '_' | '*' => {
                // The width of the next character, or a filling with it: no text.
                letters.next();
            }
            '[' => {
                let inside: String = letters.by_ref().take_while(|&c| c != ']').collect();
                if counts_beyond_a_day(&inside) {
                    return Shown::Duration;
                }
                only_zeros &= !inside.starts_with(['<', '>', '=', '$']);
            }
            'A' | 'a' if is_half_of_day(letters.as_str()) => time = true,
            'y' | 'Y' | 'd' | 'D' => day = true,
            'm' | 'M' => month_or_minute = true,
            'h' | 'H' | 's' | 'S' => time = true,
            '0' => places.push(Place::Digit),
            '-' | ' ' | '(' | ')' | '+' | ':' | '\'' => places.push(Place::Literal(letter)),
            _ => only_zeros = false,
        }
    }
    let digits = places.iter().filter(|place| **place == Place::Digit).count();
    if day || month_or_minute && !time {
        Shown::Date
    } else if time {
        Shown::Time
    } else if only_zeros && digits >= 2 {
        Shown::Zeros(places)
    } else {
        Shown::Plain
    }
}

/// `[h]`, `[mm]`, `[ss]`.
fn counts_beyond_a_day(inside: &str) -> bool {
    ['h', 'm', 's'].iter().any(|unit| {
        !inside.is_empty() && inside.chars().all(|letter| letter.eq_ignore_ascii_case(unit))
    })
}

/// Whether what follows an `A` makes it `AM/PM` or `A/P`.
fn is_half_of_day(rest: &str) -> bool {
    ["M/PM", "/P"]
        .iter()
        .any(|half| rest.get(..half.len()).is_some_and(|r| r.eq_ignore_ascii_case(half)))
}

/// Adds the text of a number, given as the file writes it. What is no number is added as it stands.
pub fn push(raw: &str, shown: &Shown, days_from_1904: bool, text: &mut String) {
    let plain = raw.trim();
    let Some(value) = plain.parse::<f64>().ok().filter(|value| value.is_finite()) else {
        text.push_str(raw);
        return;
    };
    let written = match shown {
        Shown::Plain => false,
        Shown::Zeros(places) => push_zeros(plain, value, places, text),
        Shown::Date => push_date(value, days_from_1904, text),
        Shown::Time => push_time(value, text) || push_date(value, days_from_1904, text),
        Shown::Duration => push_duration(value, text),
    };
    if !written {
        push_plain(plain, value, text);
    }
}

fn push_plain(plain: &str, value: f64, text: &mut String) {
    let digits = plain.strip_prefix('-').unwrap_or(plain);
    if value != 0.0 && digits.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than a number can hold are kept as the file has them.
        text.push_str(plain);
    } else {
        // Adding zero turns -0 into 0. Writing to a string cannot fail.
        let _ = write!(text, "{}", value + 0.0);
    }
}

fn push_zeros(plain: &str, value: f64, places: &[Place], text: &mut String) -> bool {
    if value.fract() != 0.0 {
        return false;
    }
    let mut number = String::new();
    push_plain(plain, value.abs(), &mut number);
    let digits = number.trim_start_matches('-').trim_start_matches('0');
    let wanted = places.iter().filter(|place| **place == Place::Digit).count();
    let padding = wanted.saturating_sub(digits.len());
    let mut extra = digits.len().saturating_sub(wanted);
    let mut all = std::iter::repeat_n('0', padding).chain(digits.chars());
    if value < 0.0 {
        text.push('-');
    }
    for place in places {
        match place {
            Place::Literal(letter) => text.push(*letter),
            Place::Digit => {
                // A number longer than its format spills over at the first place.
                text.extend(all.by_ref().take(1 + std::mem::take(&mut extra)));
            }
        }
    }
    true
}

/// Whole days and the milliseconds of the rest.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a float that is too large becomes the largest number, and a day that no calendar has"
)]
fn days_and_millis(value: f64) -> (i64, i64) {
    const DAY: f64 = 86_400_000.0;
    let millis = (value * DAY).round() as i64;
    (millis.div_euclid(DAY as i64), millis.rem_euclid(DAY as i64))
}

fn push_clock(hours: i64, millis: i64, text: &mut String) {
    let (minutes, seconds, rest) = (millis / 60_000 % 60, millis / 1_000 % 60, millis % 1_000);
    let _ = write!(text, "{hours:02}:{minutes:02}:{seconds:02}");
    if rest != 0 {
        let _ = write!(text, ".{rest:03}");
    }
}

/// `2024-03-01`, or `2024-03-01T08:30:00` if there is a part of a day.
fn push_date(value: f64, days_from_1904: bool, text: &mut String) -> bool {
    const LAST: i64 = 2_958_465;
    if !(0.0..3e6).contains(&value) {
        return false;
    }
    let (days, millis) = days_and_millis(value);
    let days = if days_from_1904 { days + 1_462 } else { days };
    if days > LAST {
        return false;
    }
    match days {
        0 if millis > 0 => return push_time(value, text),
        0 => return false,
        // Spreadsheets count a day that never was, and show it.
        60 => text.push_str("1900-02-29"),
        days => {
            let start = if days < 60 { date(1899, 12, 31) } else { date(1899, 12, 30) };
            let Ok(day) = start.checked_add(days.days()) else { return false };
            let _ = write!(text, "{day}");
        }
    }
    if millis > 0 {
        text.push('T');
        push_clock(millis / 3_600_000, millis, text);
    }
    true
}

fn push_time(value: f64, text: &mut String) -> bool {
    let (days, millis) = days_and_millis(value);
    if !(0.0..1.0).contains(&value) || days > 0 {
        return false;
    }
    push_clock(millis / 3_600_000, millis, text);
    true
}

fn push_duration(value: f64, text: &mut String) -> bool {
    if value.abs() >= 1e8 {
        return false;
    }
    let (days, millis) = days_and_millis(value.abs());
    if value < 0.0 {
        text.push('-');
    }
    push_clock(days * 24 + millis / 3_600_000, millis, text);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str, format: &str) -> String {
        let mut text = String::new();
        push(raw, &shown(format), false, &mut text);
        text
    }

    #[test]
    fn a_format_of_zeros_pads_as_shown() {
        assert_eq!(read("417", "000000"), "000417");
        assert_eq!(read("417", "000000;-000000;0"), "000417");
        assert_eq!(read("0", "0000"), "0000");
        assert_eq!(read("-5", "000"), "-005");
        assert_eq!(read("12345678", "000000"), "12345678");
        assert_eq!(read("4.17E2", "00000"), "00417");
        assert_eq!(read("78051120", "000-00-0000"), "078-05-1120");
        assert_eq!(read("42", "\"EMP\"0000"), "EMP0042");
        assert_eq!(read("42", "\\E0000_)"), "E0042");
        assert_eq!(read("1234567890", "00\\-00"), "12345678-90");
    }

    #[test]
    fn other_numbers_take_their_shortest_form() {
        assert_eq!(read("1.2E+07", "General"), "12000000");
        assert_eq!(read("12345678901234567890", "General"), "12345678901234567890");
        assert_eq!(read("417.0", "0"), "417");
        assert_eq!(read("0.1", "0.00"), "0.1");
        assert_eq!(read("0.5", "0000"), "0.5");
        assert_eq!(read("1e21", "#,##0"), "1000000000000000000000");
        assert_eq!(read("-0", "General"), "0");
        assert_eq!(read("007", "General"), "007");
        assert_eq!(read("0.25", "0%"), "0.25");
        assert_eq!(read("12", "0.00E+00"), "12");
        assert_eq!(read("12", "[$EUR] 000"), "12");
        assert_eq!(read("3.1415926535897931", "General"), "3.141592653589793");
    }

    #[test]
    fn what_is_no_number_stays_as_it_stands() {
        assert_eq!(read("inf", "General"), "inf");
        assert_eq!(read("1e999", "yyyy"), "1e999");
        assert_eq!(read(" abc", "0000"), " abc");
    }

    #[test]
    fn days_are_iso_dates() {
        assert_eq!(read("45352", "dd/mm/yyyy"), "2024-03-01");
        assert_eq!(read("45352.354166666664", "m/d/yy h:mm"), "2024-03-01T08:30:00");
        assert_eq!(read("45352.0000116", "yyyy-mm-dd"), "2024-03-01T00:00:01.002");
        assert_eq!(read("45352.9999999999", "yyyy-mm-dd"), "2024-03-02");
        assert_eq!(read("1", "yyyy"), "1900-01-01");
        assert_eq!(read("59", "mmm"), "1900-02-28");
        assert_eq!(read("60", "d"), "1900-02-29");
        assert_eq!(read("61", "[$-409]d-mmm-yy;@"), "1900-03-01");
        assert_eq!(read("2958465", "yyyy"), "9999-12-31");
        assert_eq!(read("2958466", "yyyy"), "2958466");
        assert_eq!(read("-1", "yyyy"), "-1");
        assert_eq!(read("0", "yyyy"), "0");
    }

    #[test]
    fn days_may_be_counted_from_1904() {
        let mut text = String::new();
        push("0", &Shown::Date, true, &mut text);
        text.push(' ');
        push("43890", &Shown::Date, true, &mut text);
        assert_eq!(text, "1904-01-01 2024-03-01");
    }

    #[test]
    fn times_and_lengths_of_time_are_clocks() {
        assert_eq!(read("0.354166666666667", "h:mm"), "08:30:00");
        assert_eq!(read("0.354166666666667", "h:mm AM/PM"), "08:30:00");
        assert_eq!(read("0", "h:mm:ss"), "00:00:00");
        assert_eq!(read("45352.5", "h:mm"), "2024-03-01T12:00:00");
        assert_eq!(read("1.5", "[h]:mm"), "36:00:00");
        assert_eq!(read("-0.5", "[hh]:mm:ss"), "-12:00:00");
    }

    #[test]
    fn formats_by_number_are_known() {
        assert_eq!(built_in(14), Shown::Date);
        assert_eq!(built_in(21), Shown::Time);
        assert_eq!(built_in(46), Shown::Duration);
        assert_eq!(built_in(49), Shown::Plain);
    }
}
