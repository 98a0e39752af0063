//! Guesses what a delimited text does not say: its delimiter and which record holds the column names.
//!
//! qsv-sniffer and csv-sniffer do not look for column names below titles, and the second sleeps since 2022.

use super::csv::{Dialect, LineEnd, Places, scan};

const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];
const SAMPLE: usize = 64 << 10;

/// How many records tell which of them holds the column names.
pub const LOOKED_AT: usize = 200;

/// The delimiter that cuts the first records most evenly into more than one cell.
pub fn delimiter(text: &str) -> u8 {
    let sample = sample(text);
    let score = |delimiter: u8| -> (u64, u64) {
        let Ok(places) = scan(sample, delimiter, &mut |_| true) else { return (0, 0) };
        let widths: Vec<usize> = (0..places.records())
            .filter(|&r| !places.content(sample, r).is_empty())
            .take(200)
            .map(|r| places.cells(r))
            .collect();
        let mut sorted = widths.clone();
        sorted.sort_unstable();
        let Some(&common) = sorted.get(sorted.len() / 2) else { return (0, 0) };
        if common < 2 {
            return (0, 0);
        }
        let even = widths.iter().filter(|&&w| w == common).count();
        ((even * 1000 / widths.len()) as u64, common as u64)
    };
    let mut best = (b',', (0, 0));
    for candidate in CANDIDATES {
        let (even, width) = score(candidate);
        // Evenness in steps of a tenth first, so that a wide file with some ragged rows still wins.
        let rank = (even / 100, width);
        if even > 0 && rank > best.1 {
            best = (candidate, rank);
        }
    }
    best.0
}

/// Which of the first records holds the column names: the first as wide as most of them. Title and blank rows stand
/// above it.
pub fn header<C: AsRef<str>>(records: &[Vec<C>]) -> usize {
    let mut widths: Vec<usize> = records.iter().map(|record| filled(record)).collect();
    let own = widths.clone();
    widths.retain(|&w| w > 0);
    widths.sort_unstable();
    let Some(&common) = widths.get(widths.len() / 2) else { return 0 };
    let enough = |r: &usize| own[*r] * 2 > common && looks_like_names(&records[*r]);
    (0..records.len().min(20)).find(enough).or_else(|| own.iter().position(|&w| w > 0)).unwrap_or(0)
}

/// How many cells of a record hold something.
fn filled<C: AsRef<str>>(record: &[C]) -> usize {
    record.iter().filter(|cell| !cell.as_ref().trim().is_empty()).count()
}

/// Column names are short words, not addresses or numbers.
fn looks_like_names<C: AsRef<str>>(record: &[C]) -> bool {
    let (mut names, mut others) = (0, 0);
    for cell in record {
        let name = cell.as_ref().trim();
        if name.is_empty() {
            continue;
        }
        let like_data =
            name.contains('@') || name.bytes().all(|b| b.is_ascii_digit() || b"-./: ".contains(&b));
        if like_data { others += 1 } else { names += 1 }
    }
    names > 0 && names >= others * 3
}

/// The dialect as the places found tell it.
pub fn dialect(text: &str, places: &Places, delimiter: u8) -> Dialect {
    let [lf, crlf, cr] = places.line_ends;
    let line_end = if crlf >= lf && crlf >= cr && crlf > 0 {
        LineEnd::CrLf
    } else if cr > lf {
        LineEnd::Cr
    } else {
        LineEnd::Lf
    };
    let mixed = [lf, crlf, cr].iter().filter(|&&n| n > 0).count() > 1;
    let (mut quoted, mut cells) = (0, 0);
    for record in 0..places.records().min(100) {
        for cell in 0..places.cells(record) {
            cells += 1;
            quoted +=
                usize::from(places.raw(text, record, cell).is_some_and(|raw| raw.starts_with('"')));
        }
    }
    Dialect { delimiter, line_end, mixed, always_quoted: cells > 0 && quoted * 10 >= cells * 9 }
}

fn sample(text: &str) -> &str {
    let end = (0..=SAMPLE.min(text.len())).rev().find(|&at| text.is_char_boundary(at));
    &text[..end.unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::super::csv::value;
    use super::*;

    fn sniffed(text: &str) -> (char, usize) {
        let by = delimiter(text);
        let places = scan(text, by, &mut |_| true).expect("read");
        let records = (0..places.records()).map(|r| places.raws(text, r).map(value).collect());
        (by as char, header(&records.collect::<Vec<Vec<_>>>()))
    }

    #[test]
    fn the_delimiter_is_the_one_that_cuts_evenly() {
        assert_eq!(sniffed("a,b\n1,2\n").0, ',');
        assert_eq!(sniffed("name;groups\nAda;\"x, y, z\"\nBo;x, y\n").0, ';');
        assert_eq!(sniffed("name\tnote\nAda\tone, two\n").0, '\t');
        assert_eq!(sniffed("email|name\na@example.com|Ada\n").0, '|');
        assert_eq!(
            sniffed("email,groups\na@example.com,Sales; Ops\nb@example.com,Sales; HR; Ops\n").0,
            ','
        );
        assert_eq!(sniffed("email\na@example.com\n").0, ',');
    }

    #[test]
    fn title_and_blank_rows_stand_above_the_header() {
        let text = "Staff list of November\n\nemail,first,last\na@example.com,Ada,Lo\nb@example.com,Bo,Li\n";
        assert_eq!(sniffed(text), (',', 2));
        assert_eq!(sniffed("email,first\na@example.com,Ada\n").1, 0);
    }
}
