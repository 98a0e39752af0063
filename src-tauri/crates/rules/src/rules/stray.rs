//! What a text would be without characters that got into it unseen, so that one fault gives one finding: a group with
//! a space behind it is a stray space, and not also a group that nobody knows.

use std::borrow::Cow;

use super::{
    Cell, character_invisible, equals_kept, letter_lookalike, quote_kept, space_stray,
    text_escaped, text_mojibake,
};

/// Whether a cell says what it seems to say. Where its letters are garbled or escaped, or quotes became part of it, that is
/// told, and until it is mended no other rule looks for a space, a separator or a group in it.
pub fn is_understood(cell: &Cell) -> bool {
    let text = cell.text;
    let is_quoted = || quote_kept::is_no_prose(cell.column) && quote_kept::bare(text).is_some();
    let is_written_otherwise = text_mojibake::is_garbled(text)
        || text_escaped::is_escaped(cell)
        || equals_kept::meant(text).is_some()
        || is_quoted();
    !is_written_otherwise
}

/// The text that was meant, as far as the rules about stray characters can tell.
pub fn normalized(text: &str) -> Cow<'_, str> {
    let mut normalized = Cow::Borrowed(quote_kept::bare(text).unwrap_or(text));
    if !text.is_ascii() {
        for clean in
            [text_mojibake::repaired, character_invisible::cleaned, letter_lookalike::unmixed]
        {
            if let Some(clean) = clean(&normalized) {
                normalized = Cow::Owned(clean);
            }
        }
    } else if let Some(clean) = character_invisible::cleaned(&normalized) {
        normalized = Cow::Owned(clean);
    }
    if space_stray::is_stray(&normalized) {
        normalized = Cow::Owned(space_stray::tidied(&normalized));
    }
    normalized
}
