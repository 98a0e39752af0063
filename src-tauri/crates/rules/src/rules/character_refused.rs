use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::{
    Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope, stray,
};
use muster_roster::finding::{Safety, Severity};
use muster_roster::profile::{Characters, Field};
use muster_table::words::quoted;

pub static RULE: Rule = Rule {
    code: "character-refused",
    title: "Character not taken",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |context, column| {
            let field = context.roster.field(column.at);
            field.is_some_and(|f| f.characters.is_some() && f.choices.is_empty())
                && !column.is_secret()
        },
        classes: CharClasses::FILLED,
        check,
    },
    page: include_str!("character_refused.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let Some(field) = cell.context.roster.field(cell.column.at) else { return };
    let Some(taken) = &field.characters else { return };
    if cell.text.chars().all(|c| taken.takes(c)) || field.keep_word.as_deref() == Some(cell.text) {
        return kept_in_lower_case(cell, field, sink);
    }
    for &value in cell.values {
        // Stray characters are reported by the rules about such.
        let text = stray::normalized(value);
        let mut refused: Vec<char> = text.chars().filter(|c| !taken.takes(*c)).collect();
        refused.sort_unstable();
        refused.dedup();
        if refused.is_empty() || cell.is_nobodys {
            continue;
        }
        let unsure = field.characters_unsure.as_ref();
        let unsure = unsure.is_some_and(|unsure| refused.iter().all(|c| unsure.takes(*c)));
        let severity = unsure.then_some(Severity::Warning);
        sink.at(cell.row, Some(cell.column.at), severity, || {
            let lms = &cell.context.roster.profile.name;
            let shown = refused.iter().map(|c| shown(*c)).collect::<Vec<_>>().join(" ");
            // A letter is not taken from a name on the mere chance that it might not be taken.
            let is_evident = !unsure || !refused.iter().any(|c| c.is_alphabetic());
            let fix = plain(&text, taken).filter(|_| is_evident).map(|plain| {
                let after = cell.text.replacen(value, &plain, 1);
                cell.fix(format!("make it `{plain}`"), Safety::Unsafe, after)
            });
            let message = if field.leaves_out {
                let kept = field.cleaned(text.trim());
                format!("{lms} leaves out {shown} here, so that {} is kept", quoted(&kept))
            } else if unsure {
                format!("it is not documented whether {lms} takes {shown} here")
            } else {
                format!("{lms} does not take {shown} here")
            };
            FindingText::new(value, message).fix(fix)
        });
    }
}

/// What is kept in lower case becomes another word without a word said.
fn kept_in_lower_case(cell: &Cell, field: &Field, sink: &mut FindingSink) {
    if !field.stored_lower || !cell.text.chars().any(char::is_uppercase) || cell.is_nobodys {
        return;
    }
    sink.cell_as(Severity::Note, cell, || {
        let lms = &cell.context.roster.profile.name;
        let kept = field.cleaned(cell.text.trim()).into_owned();
        let fix = cell.fix(format!("make it `{kept}`"), Safety::Unsafe, &*kept);
        FindingText::new(cell.text, format!("{lms} keeps it as `{kept}`")).fix(Some(fix))
    });
}

fn shown(c: char) -> String {
    if c == ' ' { "a space".into() } else { format!("`{c}`") }
}

/// The text in characters that are taken: accents off, typographic signs as typewriters have them.
fn plain(text: &str, taken: &Characters) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if taken.takes(c) {
            out.push(c);
            continue;
        }
        let plain: String = match PLAIN.iter().find(|(fancy, _)| *fancy == c) {
            Some((_, plain)) => (*plain).into(),
            None => c.nfkd().filter(|c| !is_combining_mark(*c)).collect(),
        };
        if plain.is_empty() || !plain.chars().all(|c| taken.takes(c)) {
            return None;
        }
        out.push_str(&plain);
    }
    Some(out)
}

/// What has no accent to take off.
const PLAIN: &[(char, &str)] = &[
    ('ß', "ss"),
    ('ẞ', "SS"),
    ('æ', "ae"),
    ('Æ', "AE"),
    ('œ', "oe"),
    ('Œ', "OE"),
    ('ø', "o"),
    ('Ø', "O"),
    ('ł', "l"),
    ('Ł', "L"),
    ('đ', "d"),
    ('Đ', "D"),
    ('ð', "d"),
    ('Ð', "D"),
    ('þ', "th"),
    ('Þ', "Th"),
    ('ı', "i"),
    ('ħ', "h"),
    ('‘', "'"),
    ('’', "'"),
    ('‚', "'"),
    ('“', "\""),
    ('”', "\""),
    ('„', "\""),
    ('«', "\""),
    ('»', "\""),
    ('–', "-"),
    ('—', "-"),
    ('‐', "-"),
    ('−', "-"),
    ('…', "..."),
    ('&', "and"),
];
