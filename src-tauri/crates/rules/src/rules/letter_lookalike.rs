use super::{
    Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope, stray,
};
use muster_roster::finding::{Safety, Severity};
use muster_roster::letters::is_invisible;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

pub static RULE: Rule = Rule {
    code: "letter-lookalike",
    title: "Look-alike letter",
    severity: Severity::Warning,
    requires: Requires::File,
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |_, column| !column.is_secret(),
        classes: CharClasses::BEYOND_ASCII,
        check,
    },
    page: include_str!("letter_lookalike.md"),
};

/// Letters that are drawn alike: Latin, then Cyrillic, then Greek. Not taken from Unicode's confusables, which make
/// `I` and `l` the same and so cannot say which was meant.
const ALIKE: &[(char, &str, &str)] = &[
    ('A', "А", "Α"),
    ('B', "В", "Β"),
    ('C', "С", ""),
    ('E', "Е", "Ε"),
    ('H', "Н", "Η"),
    ('I', "І", "Ι"),
    ('J', "Ј", ""),
    ('K', "К", "Κ"),
    ('M', "М", "Μ"),
    ('N', "", "Ν"),
    ('O', "О", "Ο"),
    ('P', "Р", "Ρ"),
    ('S', "Ѕ", ""),
    ('T', "Т", "Τ"),
    ('X', "Х", "Χ"),
    ('Y', "У", "Υ"),
    ('Z', "", "Ζ"),
    ('a', "а", "α"),
    ('c', "с", ""),
    ('e', "е", ""),
    ('i', "і", "ι"),
    ('j', "ј", ""),
    ('k', "к", "κ"),
    ('o', "о", "ο"),
    ('p', "р", "ρ"),
    ('s', "ѕ", ""),
    ('u', "", "υ"),
    ('v', "", "ν"),
    ('x', "х", "χ"),
    ('y', "у", ""),
    ('ë', "ё", ""),
    ('ï', "ї", ""),
    ('ó', "", "ό"),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Cyrillic,
    Greek,
}

fn script(c: char) -> Option<Script> {
    match c {
        'A'..='Z' | 'a'..='z' => Some(Script::Latin),
        'À'..='ɏ' | '\u{1E00}'..='\u{1EFF}' if c.is_alphabetic() => Some(Script::Latin),
        '\u{400}'..='\u{52F}' => Some(Script::Cyrillic),
        '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}' if c.is_alphabetic() => Some(Script::Greek),
        _ => None,
    }
}

fn check(cell: &Cell, sink: &mut FindingSink) {
    let text = cell.text;
    let Some((word, letter)) = words(text).find_map(|word| Some((word, offender(word)?))) else {
        return;
    };
    if !stray::is_understood(cell) {
        return;
    }
    let severity = if cell.is_exact() { Severity::Error } else { Severity::Warning };
    sink.cell_as(severity, cell, || {
        let clean = unmixed(text).unwrap_or_default();
        let list = cell.column.list.as_ref().and_then(|kind| cell.context.lists.get(kind));
        let known = list.is_some_and(|list| cell.column.values(&clean).all(|v| list.has(v)));
        let safety = if known { Safety::Safe } else { Safety::Unsafe };
        let (name, other) = (script(letter).map_or("", name), target(word).map_or("", name));
        let message =
            format!("the `{letter}` in `{word}` is a {name} letter that looks like a {other} one");
        FindingText::new(word, message).fix(Some(cell.fix(
            format!("make it `{clean}` in {other} letters"),
            safety,
            clean,
        )))
    });
}

fn name(script: Script) -> &'static str {
    match script {
        Script::Latin => "Latin",
        Script::Cyrillic => "Cyrillic",
        Script::Greek => "Greek",
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| script(c).is_none()).filter(|w| !w.is_ascii() && w.len() > 2)
}

/// The first letter of a word that is of another script than the word is.
fn offender(word: &str) -> Option<char> {
    let target = target(word)?;
    word.chars().find(|c| script(*c) != Some(target))
}

/// The script that a mixed word is meant to be in: the one that all its other letters look like letters of. Where two
/// would do, the one that more of it is in; none where it is not mixed or really of two scripts, as `Яndex` is.
fn target(word: &str) -> Option<Script> {
    let first = script(word.chars().next()?);
    if word.chars().all(|c| script(c) == first) {
        return None;
    }
    let count = |wanted| word.chars().filter(|c| script(*c) == Some(wanted)).count();
    let would_do = |wanted: &Script| {
        count(*wanted) > 0
            && word.chars().all(|c| script(c) == Some(*wanted) || alike(c, *wanted).is_some())
    };
    let scripts = [Script::Greek, Script::Cyrillic, Script::Latin];
    scripts.into_iter().filter(would_do).max_by_key(|wanted| count(*wanted))
}

/// The letter of a script that a letter of another looks like.
fn alike(c: char, wanted: Script) -> Option<char> {
    let of = |script: Script, row: &(char, &str, &str)| match script {
        Script::Latin => Some(row.0),
        Script::Cyrillic => single(row.1),
        Script::Greek => single(row.2),
    };
    let from = script(c)?;
    let row = ALIKE.iter().find(|row| of(from, row) == Some(c))?;
    of(wanted, row)
}

fn single(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

/// A name as it looks to whoever reads it: letters of other alphabets that are drawn as Latin ones are those, what nobody
/// sees is left out, and wide or otherwise dressed letters are plain.
pub fn as_seen(name: &str) -> String {
    let plain = name.nfkc().filter(|c| !is_invisible(*c) && !is_combining_mark(*c));
    plain.map(|c| if c.is_ascii() { c } else { alike(c, Script::Latin).unwrap_or(c) }).collect()
}

/// The text with each mixed word in one script; none if no word is mixed.
pub(super) fn unmixed(text: &str) -> Option<String> {
    words(text).any(|w| target(w).is_some()).then(|| {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(|c| script(c).is_some()) {
            let end = rest[start..].find(|c| script(c).is_none()).map_or(rest.len(), |n| start + n);
            out.push_str(&rest[..start]);
            let word = &rest[start..end];
            match target(word) {
                Some(wanted) => out.extend(word.chars().map(|c| {
                    if script(c) == Some(wanted) { c } else { alike(c, wanted).unwrap_or(c) }
                })),
                None => out.push_str(word),
            }
            rest = &rest[end..];
        }
        out + rest
    })
}
