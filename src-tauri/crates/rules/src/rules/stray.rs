//! What a text would be without characters that got into it unseen, so that one fault gives one finding: a group with
//! a space behind it is a stray space, and not also a group that nobody knows.

use std::borrow::Cow;

use super::{character_invisible, letter_lookalike, quote_kept, space_stray, text_mojibake};

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
