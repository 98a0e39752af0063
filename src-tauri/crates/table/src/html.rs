//! Pages to mail or to print: nothing but HTML with its styles inside, light, without scripts. `askama` fills the
//! templates in; what it puts between their marks is escaped here, as `askama.toml` says.

use std::fmt;

use crate::error::{Failure, Result};

/// Shows a text as it stands, whatever is in it: none of it is a mark, and none rearranges what follows it.
#[derive(Debug, Clone, Copy)]
pub struct Shown;

impl askama::filters::Escaper for Shown {
    fn write_escaped_str<W: fmt::Write>(&self, mut dest: W, text: &str) -> fmt::Result {
        for c in text.chars() {
            match c {
                '&' => dest.write_str("&amp;")?,
                '<' => dest.write_str("&lt;")?,
                '>' => dest.write_str("&gt;")?,
                '"' => dest.write_str("&quot;")?,
                '\'' => dest.write_str("&#39;")?,
                '\n' => dest.write_str("<br>")?,
                c if c.is_control() => dest.write_char(' ')?,
                c if turns_text(c) => write!(dest, "{}", c.escape_unicode())?,
                c => dest.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// Whether a character makes what follows it run the other way, to its end or to the end of the line. The marks that
/// only say which way they run themselves belong to names in Arabic and Hebrew.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A piece of a sentence of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'t> {
    /// Its characters, without the backticks.
    pub text: &'t str,
    /// It stood in backticks.
    pub is_value: bool,
}

/// What templates ask of a sentence.
pub trait Sentence {
    /// Its pieces. One whose backticks do not pair is plain.
    fn parts(&self) -> Vec<Part<'_>>;
}

impl Sentence for str {
    fn parts(&self) -> Vec<Part<'_>> {
        let all: Vec<&str> = self.split('`').collect();
        if all.len().is_multiple_of(2) {
            return vec![Part { text: self, is_value: false }];
        }
        all.iter().enumerate().map(|(n, text)| Part { text, is_value: n % 2 == 1 }).collect()
    }
}

/// A page filled in; a template that fails is a mistake of ours, of kind `Internal`.
pub fn written(page: &impl askama::Template) -> Result<String> {
    page.render().map_err(|e| Failure::internal("the page could not be written").why(e))
}

#[cfg(test)]
mod tests {
    use askama::Template;

    use super::*;

    #[derive(Template)]
    #[template(
        ext = "html",
        source = "{% import \"words.html\" as words %}{{ value }}|{% call words::sentence(sentence) %}{% endcall %}"
    )]
    struct Line<'a> {
        value: &'a str,
        sentence: &'a str,
    }

    fn shown(value: &str) -> String {
        let sentence = format!("It is `{value}`.");
        let all = written(&Line { value, sentence: &sentence }).expect("written");
        let (value, sentence) = all.split_once('|').expect("both");
        assert_eq!(sentence, format!("It is <code>{value}</code>."));
        value.to_owned()
    }

    #[test]
    fn whatever_a_cell_holds_is_shown_and_does_nothing() {
        assert_eq!(shown("<script>alert(1)</script>"), "&lt;script&gt;alert(1)&lt;/script&gt;");
        assert_eq!(shown("\" onload='x' & \""), "&quot; onload=&#39;x&#39; &amp; &quot;");
        assert_eq!(shown("&lt;b&gt;{{ 7 }}{% if %}"), "&amp;lt;b&amp;gt;{{ 7 }}{% if %}");
        assert_eq!(shown("a\nb\u{0}\u{1b}[31m\tc"), "a<br>b  [31m c");
        assert_eq!(shown("Ada\u{202E}gpj.exe"), "Ada\\u{202e}gpj.exe");
        assert_eq!(shown("\u{2067}x\u{2069}"), "\\u{2067}x\\u{2069}");
        assert_eq!(shown("שרה\u{200F} محمد Zoë 李"), "שרה\u{200F} محمد Zoë 李");
    }

    #[test]
    fn a_backtick_without_its_pair_is_a_backtick() {
        let one = Line { value: "", sentence: "5` <b>" };
        assert_eq!(written(&one).expect("written"), "|5` &lt;b&gt;");
    }
}
