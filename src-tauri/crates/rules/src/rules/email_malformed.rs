use std::borrow::Cow;

use email_address::{EmailAddress, Options};
use unicode_normalization::UnicodeNormalization;

use super::{
    Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope, stray,
};
use muster_roster::finding::{Safety, Severity};
use muster_roster::profile::FieldKind;
use muster_roster::roster::trimmed;

pub static RULE: Rule = Rule {
    code: "email-malformed",
    title: "Not an e-mail address",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |_, column| column.kind == FieldKind::Email,
        classes: CharClasses::FILLED,
        check,
    },
    page: include_str!("email_malformed.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    if is_plain(cell.text.as_bytes()) || trimmed(cell.text).is_empty() {
        return;
    }
    let keeps = cell.context.roster.field(cell.column.at).and_then(|f| f.keep_word.as_deref());
    for &value in cell.values {
        if keeps == Some(value) || is_address(value) {
            continue;
        }
        // A stray character is reported by the rule about such.
        let meant = stray::normalized(value);
        if is_address(&meant) || cell.is_nobodys {
            continue;
        }
        sink.cell(cell, || {
            let fix = near(&meant).map(|address| {
                let after = cell.text.replacen(value, &address, 1);
                cell.fix(format!("make it `{address}`"), Safety::Unsafe, after)
            });
            FindingText::new(value, fault(&meant)).fix(fix)
        });
    }
}

/// A part of a domain is no longer.
const LABEL: usize = 63;

/// Whether a text is an address of the usual kind; most are, and need no closer look.
fn is_plain(text: &[u8]) -> bool {
    let (mut at, mut dotted, mut part) = (None, false, 0usize);
    for (n, byte) in text.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => part += 1,
            b'_' | b'-' | b'+' if at.is_none() => part += 1,
            b'.' if part > 0 && (at.is_none() || part <= LABEL) => (part, dotted) = (0, true),
            b'@' if part > 0 && at.is_none() => (at, part, dotted) = (Some(n), 0, false),
            _ => return false,
        }
    }
    let fits = at.is_some_and(|at| at <= 64 && text.len() - at <= 181);
    fits && dotted && (2..=LABEL).contains(&part)
}

pub(super) fn is_address(text: &str) -> bool {
    is_plain(text.as_bytes()) || is_one_of_any_kind(text)
}

fn is_one_of_any_kind(text: &str) -> bool {
    let options =
        Options::default().with_required_tld().without_domain_literal().without_display_text();
    EmailAddress::parse_with_options(text, options).is_ok_and(|address| {
        // Quotes and spaces are allowed by the standard and taken by hardly any LMS.
        !text.contains(['"', ' '])
            && address.domain().rsplit('.').next().is_some_and(|tld| tld.chars().nth(1).is_some())
    })
}

/// The address that a text is nearly.
fn near(value: &str) -> Option<String> {
    // Full-width letters and signs, as Chinese and Japanese keyboards write them.
    let text: Cow<str> =
        if value.is_ascii() { value.into() } else { value.nfkc().collect::<String>().into() };
    if text.matches('@').count() > 1 && !text.contains("@@") {
        return None;
    }
    let inner =
        text.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(inner, _)| inner);
    let bare = inner.unwrap_or(&text).trim();
    let bare =
        bare.get(..7).filter(|s| s.eq_ignore_ascii_case("mailto:")).map_or(bare, |_| &bare[7..]);
    let bare = bare.trim_matches(|c: char| ".,;:<>()[]'\"".contains(c) || c.is_whitespace());
    let mut tries = vec![bare.to_owned()];
    for (from, to) in [
        ("@@", "@"),
        ("(at)", "@"),
        ("[at]", "@"),
        (" at ", "@"),
        (" dot ", "."),
        (" ", ""),
        (",", "."),
        (";", "."),
        ("..", "."),
        (".@", "@"),
        ("@.", "@"),
    ] {
        let last = tries.last().cloned().unwrap_or_default();
        tries.push(last.replace(from, to));
    }
    tries.into_iter().find(|t| is_address(t) && t != value)
}

fn fault(text: &str) -> String {
    let why = match text.matches(['@', '＠']).count() {
        0 => "has no @",
        1 => {
            let (local, domain) = text.split_once(['@', '＠']).unwrap_or_default();
            if local.trim().is_empty() {
                "has nothing before the @"
            } else if domain.trim().is_empty() {
                "has nothing after the @"
            } else if text.contains(char::is_whitespace) {
                "has a space in it"
            } else if text.contains([',', ';']) {
                "has a comma or semicolon in it"
            } else if text.contains("..") {
                "has two dots in a row"
            } else if text.starts_with('.')
                || text.ends_with('.')
                || text.contains(".@")
                || text.contains("@.")
            {
                "has a dot too many"
            } else if !domain.contains('.') {
                "has no dot after the @"
            } else {
                "is not an e-mail address"
            }
        }
        _ => "has more than one @",
    };
    format!("`{text}` {why}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_of_the_usual_kind_is_an_address(
            text in "[a1A._+-]{1,66}@[a1A.-]{1,66}\\.[a1A.]{1,66}|[a.@+_-]{0,12}",
        ) {
            prop_assert!(!is_plain(text.as_bytes()) || is_one_of_any_kind(&text));
        }
    }

    #[test]
    fn no_part_of_a_domain_is_longer_than_63_letters() {
        for (length, fits) in [(63, true), (64, false)] {
            let long = "a".repeat(length);
            for text in [format!("ada@{long}.example.com"), format!("ada@example.{long}")] {
                assert_eq!((is_plain(text.as_bytes()), is_address(&text)), (fits, fits), "{text}");
            }
        }
    }
}
