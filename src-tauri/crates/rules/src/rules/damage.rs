//! What a spreadsheet or another system does to codes, told from the text before and after.

use unicode_normalization::UnicodeNormalization;

use super::CheckContext;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    ZerosLost,
    Scientific,
    Rounded,
    /// The same letters, put together otherwise: `ü` as one sign or as `u` and two dots.
    OtherForm,
}

impl Damage {
    /// What was done to `before`, if `now` is what a spreadsheet makes of it.
    pub fn between(before: &str, now: &str) -> Option<Damage> {
        if lost_zeros(before, now) {
            Some(Damage::ZerosLost)
        } else if Scientific::read(now).is_some_and(|s| s.can_be(before)) {
            Some(Damage::Scientific)
        } else if was_rounded(before, now) {
            Some(Damage::Rounded)
        } else if is_other_form(before, now) {
            Some(Damage::OtherForm)
        } else {
            None
        }
    }
}

/// Whether two texts differ, and only in how their letters are put together.
pub fn is_other_form(before: &str, now: &str) -> bool {
    before != now && !(before.is_ascii() && now.is_ascii()) && before.nfc().eq(now.nfc())
}

pub fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn lost_zeros(before: &str, now: &str) -> bool {
    is_digits(now)
        && before.len() > now.len()
        && before.strip_suffix(now).is_some_and(|zeros| zeros.bytes().all(|b| b == b'0'))
        && (!now.starts_with('0') || now == "0")
}

/// Spreadsheets keep fifteen digits of a number.
const KEPT: usize = 15;

fn was_rounded(before: &str, now: &str) -> bool {
    is_digits(now)
        && now.len() > KEPT
        && now != before
        && now.len() == before.len()
        && before.is_char_boundary(KEPT)
        && is_digits(before)
        && now[..KEPT] == before[..KEPT]
        && now[KEPT..].bytes().all(|b| b == b'0')
}

/// A number as `1.2E+07`.
pub struct Scientific {
    /// Its digits without the point, without zeros at the end.
    digits: String,
    exponent: usize,
}

impl Scientific {
    pub fn read(text: &str) -> Option<Scientific> {
        let text = text.trim();
        let plus = text.find('+')?;
        let (mantissa, power) = (&text[..plus], &text[plus + 1..]);
        let mantissa = mantissa.strip_suffix(['E', 'e'])?;
        if !(2..=3).contains(&power.len()) || !is_digits(power) {
            return None;
        }
        let (whole, part) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
        let one_digit = whole.len() == 1 && is_digits(whole) && whole != "0";
        if !one_digit || !(part.is_empty() || is_digits(part)) {
            return None;
        }
        let digits = format!("{whole}{part}").trim_end_matches('0').to_owned();
        Some(Scientific { digits, exponent: power.parse().ok()? })
    }

    /// Whether it may have been this number before it was shortened.
    pub fn can_be(&self, before: &str) -> bool {
        let before = before.trim().trim_start_matches('0');
        if !is_digits(before) || before.len() != self.exponent + 1 {
            return false;
        }
        let kept = self.digits.len().min(before.len());
        let (shown, cut_off) = before.split_at(kept);
        if !cut_off.starts_with(['5', '6', '7', '8', '9']) {
            return shown == self.digits;
        }
        // The last digit that is shown was rounded up.
        shown.parse::<u64>().is_ok_and(|n| (n + 1).to_string() == self.digits)
    }

    /// The number in full, where so few digits are shown that they may be all there were.
    pub fn in_full(&self) -> Option<String> {
        const SHOWN: usize = 5;
        let zeros = (self.exponent + 1).checked_sub(self.digits.len())?;
        (self.digits.len() <= SHOWN && self.exponent < 30)
            .then(|| self.digits.clone() + &"0".repeat(zeros))
    }
}

/// Among more who are missing nobody is sought by a key of which a spreadsheet left the first digits alone.
pub(super) const MANY_MISSING: usize = 2000;

/// Whether a spreadsheet left the first digits of a key alone.
pub(super) fn is_rounded(key: &str) -> bool {
    let long = is_digits(key) && key.len() > KEPT && key[KEPT..].bytes().all(|b| b == b'0');
    long || Scientific::read(key).is_some()
}

impl CheckContext {
    /// For a row whose key the snapshot does not have: the person whose key a spreadsheet made this of.
    pub fn damaged_key(&self, row: u32) -> Option<(Damage, u32)> {
        let snapshot = self.snapshot.as_ref()?;
        let key = self.roster.table.cell(row, self.roster.key?);
        let key = key.trim();
        if !key.is_ascii() && !self.missing.is_empty() {
            let forms: [String; 2] = [key.nfc().collect(), key.nfd().collect()];
            let others = forms.iter().filter(|form| *form != key);
            let mut found = others
                .flat_map(|form| self.rows_of_snapshot(form))
                .filter(|was| self.missing.contains(was));
            return found
                .next()
                .filter(|_| found.next().is_none())
                .map(|was| (Damage::OtherForm, was));
        }
        let numeric = key.bytes().next().is_some_and(|b| b.is_ascii_digit());
        if !numeric || self.missing.is_empty() {
            return None;
        }
        if is_digits(key) && !key.starts_with('0') {
            let mut found = (1..=12).flat_map(|zeros| {
                let padded = "0".repeat(zeros) + key;
                self.rows_of_snapshot(&padded).into_iter().filter(|was| self.missing.contains(was))
            });
            if let Some(was) = found.next() {
                return found.next().is_none().then_some((Damage::ZerosLost, was));
            }
        }
        if !is_rounded(key) {
            return None;
        }
        let fits = |&was: &u32| Some((Damage::between(snapshot.key_text(was).trim(), key)?, was));
        if let Some(found) = self.lookalike(row).as_ref().and_then(fits) {
            return Some(found);
        }
        if self.missing.len() > MANY_MISSING {
            return None;
        }
        let mut all = self.missing.iter().filter_map(fits);
        all.next().filter(|_| all.next().is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_is_known_by_what_it_leaves() {
        let cases = [
            ("00417", "417", Some(Damage::ZerosLost)),
            ("417", "00417", None),
            ("0417", "418", None),
            ("000", "0", Some(Damage::ZerosLost)),
            ("12000000", "1.2E+07", Some(Damage::Scientific)),
            ("123456789012", "1.23457E+11", Some(Damage::Scientific)),
            ("123456789012", "1,23457E+11", Some(Damage::Scientific)),
            ("999999999999", "1E+12", None),
            ("123456789012", "1.3E+11", None),
            ("12345678901234567", "12345678901234500", Some(Damage::Rounded)),
            ("12345678901234567", "12345678901234567", None),
        ];
        for (before, now, damage) in cases {
            assert_eq!(Damage::between(before, now), damage, "{before} → {now}");
        }
    }

    #[test]
    fn codes_that_only_resemble_a_number_are_left_alone() {
        for code in ["1E10", "12E+5", "E+07", "1.2E+7", "0.5E+07", "AB1.2E+07", "1E-05"] {
            assert!(Scientific::read(code).is_none(), "{code}");
        }
        assert_eq!(
            Scientific::read("1.2E+07").and_then(|s| s.in_full()).as_deref(),
            Some("12000000")
        );
        assert!(Scientific::read("1.23457E+11").and_then(|s| s.in_full()).is_none());
    }
}
