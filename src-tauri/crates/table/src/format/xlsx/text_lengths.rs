//! How long the shared texts of an old workbook are, without reading them: a short record can name a long text, and
//! calamine copies the text for each.

/// The most bytes that each shared text can take as UTF-8. The pieces are the parts of one long record; ends early where
/// they make no sense.
pub fn of(pieces: &[&[u8]]) -> Vec<u32> {
    let mut lengths = Vec::new();
    let Some(first) = pieces.first() else { return lengths };
    let mut place = Place { pieces, piece: 0, at: 8.min(first.len()) };
    while let Some(length) = place.next_text() {
        lengths.push(length * 3);
    }
    lengths
}

struct Place<'s> {
    pieces: &'s [&'s [u8]],
    piece: usize,
    at: usize,
}

impl Place<'_> {
    /// Passes over a text and says how many characters it has.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "never more than the piece is long, which is in memory"
    )]
    fn next_text(&mut self) -> Option<u32> {
        if self.left()? == 0 {
            self.next_piece()?;
        }
        let characters = u32::from(self.u8()?) | u32::from(self.u8()?) << 8;
        let mut flags = self.u8()?;
        let runs =
            if flags & 8 != 0 { u64::from(self.u8()?) | u64::from(self.u8()?) << 8 } else { 0 };
        let mut extra = 0_u64;
        if flags & 4 != 0 {
            for shift in [0, 8, 16, 24] {
                extra |= u64::from(self.u8()?) << shift;
            }
        }
        let mut left = u64::from(characters);
        loop {
            let width = 1 + u64::from(flags & 1);
            let here = (self.left()? as u64 / width).min(left);
            self.at += (here * width) as usize;
            left -= here;
            if left == 0 {
                break;
            }
            self.next_piece()?;
            // A text that goes on in the next record says again how wide its characters are.
            flags = self.u8()?;
        }
        self.skip(runs * 4 + extra)?;
        Some(characters)
    }

    fn left(&self) -> Option<usize> {
        Some(self.pieces.get(self.piece)?.len() - self.at)
    }

    fn next_piece(&mut self) -> Option<()> {
        self.piece += 1;
        self.at = 0;
        self.pieces.get(self.piece).map(|_| ())
    }

    fn u8(&mut self) -> Option<u8> {
        let byte = *self.pieces.get(self.piece)?.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "never more than the piece is long, which is in memory"
    )]
    fn skip(&mut self, mut bytes: u64) -> Option<()> {
        while bytes > 0 {
            let here = (self.left()? as u64).min(bytes);
            self.at += here as usize;
            bytes -= here;
            if bytes > 0 {
                self.next_piece()?;
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_measured_across_records() {
        let mut first = vec![3, 0, 0, 0, 3, 0, 0, 0];
        // Narrow, with a run of other letters: "abc".
        first.extend([3, 0, 8, 1, 0]);
        first.extend(b"abc");
        first.extend([0, 0, 0, 0]);
        // Wide, with two bytes of extra data: two characters here, one in the next record, narrow there.
        first.extend([3, 0, 5, 2, 0, 0, 0]);
        first.extend([b'a', 0, b'b', 0]);
        let mut second = vec![0, b'c', 9, 9];
        second.extend([1, 0, 0, b'x']);
        assert_eq!(of(&[&first, &second]), [9, 9, 3]);
    }

    #[test]
    fn a_text_that_goes_on_beyond_the_end_is_not_measured() {
        assert_eq!(of(&[&[1, 0, 0, 0, 1, 0, 0, 0, 255, 255, 0, b'x']]), [0_u32; 0]);
        assert_eq!(of(&[&[1, 0]]), [0_u32; 0]);
        assert_eq!(of(&[]), [0_u32; 0]);
    }
}
