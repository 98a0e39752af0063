use super::{Cell, CharClasses, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope};
use muster_roster::finding::Severity;

pub static RULE: Rule = Rule {
    code: "tag-lost",
    title: "Text taken for a tag",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Value,
    scope: RuleScope::Value {
        of: |context, column| {
            context.roster.says_of(column.at).is_some_and(|field| field.no_tags)
                && !column.is_secret()
        },
        classes: CharClasses::ESCAPE,
        check,
    },
    page: include_str!("tag_lost.md"),
};

fn check(cell: &Cell, sink: &mut FindingSink) {
    let Some(tag) = tag(cell.text).filter(|_| !cell.is_nobodys) else { return };
    sink.cell(cell, || {
        let lms = cell.context.roster.profile.called();
        FindingText::new(
            tag,
            format!("{lms} takes `{tag}` for a tag of a web page, and not for text"),
        )
    });
}

/// What of a text is read as a tag: from `<` to the next `>`, or to the end. A `<` before a blank is a sign like any other.
fn tag(text: &str) -> Option<&str> {
    let is_begin = |(at, _): &(usize, &str)| {
        let next = text[at + 1..].chars().next();
        next.is_some_and(|next| !next.is_whitespace())
    };
    let (from, _) = text.match_indices('<').find(is_begin)?;
    let rest = &text[from..];
    Some(rest.find('>').map_or(rest, |end| &rest[..=end]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::tag;

    proptest! {
        /// What is told as a tag stands in the text, and without a `<` nothing is told.
        #[test]
        fn a_tag_is_a_part_of_the_text_and_begins_with_its_sign(text in "[a-z<> &]{0,12}") {
            match tag(&text) {
                Some(tag) => {
                    prop_assert!(text.contains(tag) && tag.starts_with('<') && tag.len() > 1);
                    prop_assert!(!tag[1..].starts_with(' '));
                }
                None => {
                    let begins = text.replace("< ", "");
                    prop_assert!(begins.trim_end_matches('<').find('<').is_none());
                }
            }
        }
    }
}
