//! Guesses what a delimited text does not say: its delimiter and which record holds the column names.
//!
//! qsv-sniffer and csv-sniffer do not look for column names below titles, and the second sleeps since 2022.

use std::cmp::Reverse;

use super::csv::{Dialect, LineEnd, Places, scan};
use super::quoting::Quoting;

const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];

/// So many bytes of a text tell its delimiter.
pub const SAMPLE: usize = 64 << 10;

/// How many records tell which of them holds the column names.
pub const LOOKED_AT: usize = 200;

/// The delimiter that a line `sep=;` says, which Excel goes by and other programs write for it. It stands first.
pub fn hint(text: &str) -> Option<u8> {
    let line = text.lines().next()?.split('\r').next()?.trim_matches(['"', ' ']);
    let (name, sign) = line.split_at_checked(4)?;
    let is_said = name.eq_ignore_ascii_case("sep=");
    // A spreadsheet may have filled the line up: `sep=;;;;`.
    let sign = sign.bytes().next()?;
    let rest = line[4..].bytes().all(|b| b == sign || b == b',');
    (is_said && rest && CANDIDATES.contains(&sign)).then_some(sign)
}

/// The delimiter that the text itself names, else the one that cuts the first records most evenly into more than one cell
/// and has the column names above them.
pub fn delimiter(text: &str, quoting: Quoting) -> u8 {
    if let Some(said) = hint(text) {
        return said;
    }
    let sample = sample(text);
    let ranked = CANDIDATES.map(|candidate| (rank(sample, candidate, quoting), candidate));
    // Of equals the first.
    let best = ranked.into_iter().rev().max_by_key(|(rank, _)| *rank);
    best.filter(|(rank, _)| rank.is_some()).map_or(b',', |(_, candidate)| candidate)
}

/// How well a delimiter cuts a text; the first that differs decides. None where it cuts nothing.
type Rank = (usize, Reverse<usize>, Reverse<usize>, usize);

fn rank(sample: &str, delimiter: u8, quoting: Quoting) -> Option<Rank> {
    let places = scan(sample, delimiter, quoting, &mut |_| true).ok()?;
    let records: Vec<Vec<&str>> = (0..places.records())
        .filter(|&record| !places.content(sample, record).trim().is_empty())
        .take(LOOKED_AT)
        .map(|record| places.raws(sample, record).collect())
        .collect();
    let mut widths: Vec<usize> = records.iter().map(Vec::len).collect();
    widths.sort_unstable();
    let common = *widths.get(widths.len() / 2)?;
    if common < 2 {
        return None;
    }
    // Another delimiter within an address is a wrong cut.
    let is_wrong = |cell: &&str| {
        let address = |word: &str| word.contains('@') && !word.starts_with('@');
        let is_other =
            |c: char| c != char::from(delimiter) && CANDIDATES.iter().any(|b| char::from(*b) == c);
        cell.contains('@')
            && !cell.split(is_other).all(|part| address(part.trim()))
            && cell.contains(is_other)
    };
    let even =
        records.iter().filter(|cells| cells.len() == common && !cells.iter().any(is_wrong)).count();
    // Titles stand above the column names; below these, a line that is not cut at all is none.
    let is_header = |at: &usize| {
        let (cells, below) = (&records[*at], records.get(at + 1));
        filled(cells) * 2 > common && below.is_none_or(|cells| cells.len() > 1)
    };
    let above = (0..records.len()).find(is_header).unwrap_or(records.len());
    let spaced =
        records.iter().flat_map(|cells| cells.iter().skip(1)).filter(|c| c.starts_with(' '));
    // Evenness in steps of a tenth, so that a wide file with some ragged rows still wins.
    Some((even * 10 / records.len(), Reverse(above), Reverse(spaced.count().min(1)), common))
}

/// Which of the first records holds the column names: the first as wide as most of the people are. Title and blank rows
/// stand above it; a row of data as wide does not, but tells that there are no names.
pub fn header<C: AsRef<str>>(records: &[Vec<C>]) -> usize {
    let own: Vec<usize> = records.iter().map(|record| filled(record)).collect();
    let common = common_width(&own);
    let wide = |r: &usize| own[*r] * 2 > common;
    let mut first = (0..records.len().min(20)).filter(wide);
    let names = first.clone().find(|r| looks_like_names(&records[*r]));
    match (first.next(), names) {
        // Somebody stands above what looks like names, as one of many.
        (Some(first), Some(names)) if first < names && holds_address(&records[first]) => first,
        (_, Some(names)) => names,
        _ => own.iter().position(|&w| w > 0).unwrap_or(0),
    }
}

/// How many cells most people have: lines of one cell above and below a table are many in a short report, and say little.
fn common_width(widths: &[usize]) -> usize {
    let mut filled: Vec<usize> = widths.iter().copied().filter(|w| *w > 0).collect();
    filled.sort_unstable();
    let middle = filled.get(filled.len() / 2).copied().unwrap_or(0);
    let (ones, wide) = filled.split_at(filled.partition_point(|width| *width == 1));
    let weight: usize = wide.iter().map(|width| 2 * width - 1).sum();
    // Half of a report is its head and foot; one row with commas makes no table of a list.
    match middle == 1 && wide.len() > 1 && weight >= ones.len() {
        true => wide[wide.len() / 2],
        false => middle,
    }
}

fn holds_address<C: AsRef<str>>(record: &[C]) -> bool {
    record.iter().any(|cell| cell.as_ref().contains('@'))
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
pub fn dialect(text: &str, places: &Places, delimiter: u8, quoting: Quoting) -> Dialect {
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
            let raw = places.raw(text, record, cell);
            quoted += usize::from(raw.is_some_and(|raw| quoting.is_quoted(raw)));
        }
    }
    let always_quoted = cells > 0 && quoted * 10 >= cells * 9;
    Dialect { delimiter, line_end, mixed, always_quoted, quoting }
}

fn sample(text: &str) -> &str {
    let end = (0..=SAMPLE.min(text.len())).rev().find(|&at| text.is_char_boundary(at));
    &text[..end.unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sniffed(text: &str) -> (char, usize) {
        let quoting = Quoting::default();
        let by = delimiter(text, quoting);
        let places = scan(text, by, quoting, &mut |_| true).expect("read");
        let value = |raw| quoting.value(raw);
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

    /// A head and a line for each of some people, who have their numbers in it.
    fn listed(head: &str, line: &str) -> String {
        let lines = (0..20).map(|n| line.replace('#', &n.to_string()));
        std::iter::once(head.to_owned()).chain(lines).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn titles_groups_and_names_do_not_decide() {
        for (head, line, by) in [
            (
                "Mitarbeiterliste\nName;E-Mail;Gruppen",
                "Müller, Jörg#;j#@example.com;Sales, Ops, HR",
                ';',
            ),
            ("Staff of November, 2026\nName;Email", "Li, Bo#;b#@example.com", ';'),
            ("Staff of November, 2026\n\nName;Team", "Li, Bo#;Sales", ';'),
            ("Report; made by Ada\nEmail,Groups", "a#@example.com,Sales; Ops", ','),
            ("Email,Groups", "a#@example.com,Sales; Ops; HR; Legal", ','),
            ("Groups,Email", "Sales; Ops; HR,a#@example.com", ','),
            ("Name\tGroups", "Li, Bo#\tSales, Ops", '\t'),
            ("Name|Team", "Li; Bo#|Sales; Ops; HR", '|'),
            ("id;name;team", "#;Li, Bo;Sales, Ops", ';'),
            ("Name, Vorname;Ort", "Li, Bo#;Bern", ';'),
            ("a, b, c", "#, 2, 3", ','),
            ("Emails,Team", "a#@example.com; b#@example.com,Ops", ','),
            ("Emails;Team", "a#@example.com, b#@example.com;Ops", ';'),
            ("username;firstname;email;team,,,,", "u#;Ada;u#@example.com;Sales, Ops,,,", ';'),
        ] {
            assert_eq!(sniffed(&listed(head, line)).0, by, "{head} / {line}");
        }
    }

    #[test]
    fn what_the_file_says_of_its_delimiter_is_obeyed() {
        let rows = "Name,Note\nAda,x\n";
        for (line, by) in [
            ("sep=;", ';'),
            ("SEP=|\r", '|'),
            ("\"sep=\t\"", '\t'),
            ("sep=,,,", ','),
            ("sep=;,,", ';'),
        ] {
            assert_eq!(sniffed(&format!("{line}\n{rows}")).0, by, "{line}");
        }
        for line in ["sep=x", "separate;", "sep", "sep=;x"] {
            assert_eq!(hint(&format!("{line}\n{rows}")), None, "{line}");
        }
    }

    #[test]
    fn title_and_blank_rows_stand_above_the_header() {
        let text = "Staff list of November\n\nemail,first,last\na@example.com,Ada,Lo\nb@example.com,Bo,Li\n";
        assert_eq!(sniffed(text), (',', 2));
        assert_eq!(sniffed("email,first\na@example.com,Ada\n").1, 0);
    }

    #[test]
    fn one_person_among_titles_and_footers_has_column_names() {
        let text = "Report: New hires\nGenerated: 28/11/2026\n\nid,last,first,mail\n1,Li,Ann,a@example.com\n\nTotal: 1\nEnd of report\n";
        assert_eq!(sniffed(text), (',', 3));
        let text = "a\nb\nc\nname,mail\nAnn,a@example.com\nd\ne\nf\n";
        assert_eq!(sniffed(text).1, 3);
        // A list of one column in which a value was quoted wrongly is one.
        assert_eq!(
            sniffed("email\na@example.com\nb@example.com\nx,y,z\nc@example.com\nd@example.com\n").1,
            0
        );
    }

    #[test]
    fn where_nobody_put_names_nobody_is_lost_above_somebody_who_looks_like_them() {
        let text = "Ada,Love,ada@example.com,Sales\nBo,Li,,Ops\nCy,Ko,cy@example.com,Sales\n";
        assert_eq!(sniffed(text).1, 0);
        assert_eq!(sniffed("a@example.com,Ada\nBo,Li\nc@example.com,Cy\n").1, 0);
    }
}
