//! A page of a kit before it is Markdown or HTML: what it says, and which of it is a value of somebody's list.

use std::fmt::Write;

use askama::Template;

use super::markdown;
use muster_table::error::Result;
use muster_table::html::{self, Sentence};

/// A title and what stands below it.
pub struct Page {
    /// The page's own name.
    pub title: String,
    /// In their order.
    pub blocks: Vec<Block>,
}

/// A part of a page.
pub enum Block {
    /// What the blocks after it are about.
    Heading(&'static str),
    /// A paragraph.
    Text(Words),
    /// To be done and ticked.
    Ticks(Vec<Words>),
    /// Told one by one.
    Points(Vec<Words>),
    /// To be done one after the other.
    Steps(Vec<Words>),
    /// How many people, by what becomes of them.
    Counts(Vec<(&'static str, u32)>),
}

/// A text in pieces.
#[derive(Default)]
pub struct Words(Vec<Piece>);

/// A piece of a text.
pub enum Piece {
    /// As it stands.
    Plain(String),
    /// Of somebody's list.
    Value(String),
    /// What was chosen.
    Strong(String),
}

impl Words {
    /// A text as it stands.
    pub fn plain(text: impl Into<String>) -> Words {
        Words::default().then(text)
    }

    /// A value.
    pub fn value(text: impl Into<String>) -> Words {
        Words::default().then_value(text)
    }

    /// A sentence of ours: what stands between backticks is a value.
    pub fn sentence(text: &str) -> Words {
        Words::default().then_sentence(text)
    }

    /// Goes on with a text.
    pub fn then(mut self, text: impl Into<String>) -> Words {
        self.0.push(Piece::Plain(text.into()));
        self
    }

    /// Goes on with a value.
    pub fn then_value(mut self, text: impl Into<String>) -> Words {
        self.0.push(Piece::Value(text.into()));
        self
    }

    /// Goes on with what was chosen.
    pub fn then_strong(mut self, text: impl Into<String>) -> Words {
        self.0.push(Piece::Strong(text.into()));
        self
    }

    /// Goes on with a sentence.
    pub fn then_sentence(mut self, text: &str) -> Words {
        self.0.extend(text.parts().into_iter().map(|part| match part.is_value {
            true => Piece::Value(part.text.to_owned()),
            false => Piece::Plain(part.text.to_owned()),
        }));
        self
    }

    fn markdown(&self) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Plain(text) => markdown::plain(text),
            Piece::Value(text) => markdown::code(text),
            Piece::Strong(text) => format!("**{}**", markdown::plain(text)),
        };
        self.0.iter().map(piece).collect()
    }
}

impl Page {
    /// As a text that every editor shows.
    pub fn markdown(&self) -> String {
        let mut out = format!("# {}\n\n", markdown::plain(&self.title));
        for block in &self.blocks {
            // Writing to a text cannot fail.
            let _ = match block {
                Block::Heading(text) => write!(out, "## {text}\n\n"),
                Block::Text(words) => write!(out, "{}\n\n", words.markdown()),
                Block::Ticks(all) => list(&mut out, "- [ ] ", all),
                Block::Points(all) => list(&mut out, "- ", all),
                Block::Steps(all) => list(&mut out, "1. ", all),
                Block::Counts(rows) => {
                    out.push_str("| | people |\n|---|---:|");
                    rows.iter().for_each(|(name, count)| {
                        let _ = write!(out, "\n| {name} | {count} |");
                    });
                    write!(out, "\n\n")
                }
            };
        }
        out
    }

    /// As a page to look at, to mail or to print.
    pub fn html(&self) -> Result<String> {
        html::written(&InHtml { page: self })
    }
}

#[derive(Template)]
#[template(path = "checklist.html")]
struct InHtml<'a> {
    page: &'a Page,
}

impl InHtml<'_> {
    fn title(&self) -> &str {
        &self.page.title
    }
}

fn list(out: &mut String, mark: &str, all: &[Words]) -> std::fmt::Result {
    for words in all {
        writeln!(out, "{mark}{}", words.markdown())?;
    }
    if all.is_empty() { Ok(()) } else { writeln!(out) }
}
