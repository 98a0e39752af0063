//! Counts and places in four bytes, as edits, plans and the wire have them.

/// A count in four bytes; what is larger is told as the largest.
///
/// ```
/// assert_eq!(muster_table::narrow::count(412), 412);
/// assert_eq!(muster_table::narrow::count(usize::MAX), u32::MAX);
/// ```
#[inline]
pub fn count(all: usize) -> u32 {
    u32::try_from(all).unwrap_or(u32::MAX)
}

/// Where a row or column of a table stands, in four bytes, into which each fits: a text in which one would not is larger
/// than [`LARGEST`](crate::format::csv::LARGEST), and refused.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "a text that has more rows or columns is refused; this is asked for each cell"
)]
pub fn place(at: usize) -> u32 {
    debug_assert!(u32::try_from(at).is_ok(), "no table has a place {at}");
    at as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_that_does_not_fit_is_the_largest_and_not_a_small_one() {
        let most = u32::MAX as usize;
        assert_eq!([count(0), count(most), count(most + 1)], [0, u32::MAX, u32::MAX]);
    }

    #[test]
    fn a_place_stays_itself() {
        let last = crate::format::csv::LARGEST;
        assert_eq!(
            [place(0) as usize, place(16_384) as usize, place(last) as usize],
            [0, 16_384, last]
        );
    }
}
