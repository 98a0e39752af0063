//! Counts and places as the wire has them.

/// A count or a place of what is in memory. No file is large enough to have more rows, columns or cells than this can
/// tell; if one were, it would tell the most there is.
pub(crate) fn number(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}
