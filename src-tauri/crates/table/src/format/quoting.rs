//! What holds a cell together that has a delimiter or a line break in it, and what escapes that.

use std::borrow::Cow;

use super::csv::Dialect;

/// How cells are held together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quoting {
    /// `"` or `'`, doubled where the cell has it; none where quotes are letters as others are.
    pub mark: Option<u8>,
    /// A backslash takes its meaning from the delimiter, quote, line break or backslash behind it.
    pub escape: bool,
}

impl Default for Quoting {
    fn default() -> Quoting {
        Quoting { mark: Some(b'"'), escape: false }
    }
}

impl Quoting {
    /// The value of a cell from its raw text: quotes taken off, doubled quotes single.
    #[inline]
    pub fn value(self, raw: &str) -> Cow<'_, str> {
        if self.escape && raw.contains('\\') {
            return Cow::Owned(self.unescaped(raw));
        }
        match self.mark {
            Some(mark) if raw.as_bytes().first() == Some(&mark) => unquoted(&raw[1..], mark),
            _ => Cow::Borrowed(raw),
        }
    }

    /// Whether a cell's raw text is quoted.
    pub fn is_quoted(self, raw: &str) -> bool {
        self.mark.is_some() && raw.as_bytes().first().copied() == self.mark
    }

    fn unescaped(self, raw: &str) -> String {
        let mark = self.mark.map(char::from);
        let inner = mark.and_then(|mark| raw.strip_prefix(mark));
        let mut in_quotes = inner.is_some();
        let mut out = String::with_capacity(raw.len());
        let mut chars = inner.unwrap_or(raw).chars().peekable();
        while let Some(c) = chars.next() {
            if c == '\\' {
                match chars.next_if(|c| is_escaped(*c)) {
                    Some('\r') => {
                        out.push('\r');
                        out.extend(chars.next_if_eq(&'\n'));
                    }
                    Some(escaped) => out.push(escaped),
                    // `\N` for nothing, `DOMAIN\ada`: a backslash that escapes nothing is one.
                    None => out.push('\\'),
                }
            } else if in_quotes && Some(c) == mark {
                match chars.next_if_eq(&c) {
                    Some(doubled) => out.push(doubled),
                    None => in_quotes = false,
                }
            } else {
                out.push(c);
            }
        }
        out
    }
}

/// What a backslash before it takes the meaning from.
fn is_escaped(c: char) -> bool {
    matches!(c, '"' | '\'' | ',' | ';' | '|' | '\t' | '\\' | '\n' | '\r')
}

fn unquoted(inner: &str, mark: u8) -> Cow<'_, str> {
    let mark = char::from(mark);
    if let Some(plain) = inner.strip_suffix(mark)
        && !plain.contains(mark)
    {
        return Cow::Borrowed(plain);
    }
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find(mark) {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match rest.strip_prefix(mark) {
            Some(after) => {
                text.push(mark);
                rest = after;
            }
            // The closing quote; what follows it belongs to the value all the same.
            None => {
                text.push_str(rest);
                rest = "";
            }
        }
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// Writes one cell so that it reads back as `value`. Where quotes are letters, a cell with a delimiter or a line break in
/// it is quoted all the same: nothing else would hold it together.
pub fn write_cell(out: &mut String, value: &str, dialect: &Dialect, quoted: bool) {
    let Quoting { mark, escape } = dialect.quoting;
    let needs = |b: u8| {
        b == dialect.delimiter
            || matches!(b, b'\n' | b'\r')
            || Some(b) == mark
            || (escape && b == b'\\')
    };
    let is_bare = mark.is_none() || !quoted;
    if is_bare && !value.bytes().any(needs) {
        out.push_str(value);
        return;
    }
    let mark = char::from(mark.unwrap_or(b'"'));
    out.push(mark);
    for c in value.chars() {
        if escape && (c == mark || c == '\\') {
            out.push('\\');
        } else if c == mark {
            out.push(mark);
        }
        out.push(c);
    }
    out.push(mark);
}
