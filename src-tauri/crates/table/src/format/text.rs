//! From bytes to text and back, without loss.
//!
//! `encoding_rs`, `oem_cp` and `chardetng` do the work; a text that would not come back as the bytes it was is refused here.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::encoding::Encoding;
use crate::error::{Failure, FailureKind, Result};

/// A file's text and how it was encoded.
#[derive(Debug, Clone)]
pub struct Decoded {
    /// The text as UTF-8, without a byte-order mark.
    pub text: String,
    /// What the bytes were decoded from, and [`encode`] is to make of them again.
    pub encoding: Encoding,
    /// Whether the file began with a byte-order mark, which is written back.
    pub bom: bool,
}

/// Reads bytes as text: in the encoding asked for, else by byte-order mark, else as UTF-8, else by a guess.
///
/// Whatever is returned can be turned back into the same bytes with [`encode`]; where that is not so, it fails
/// with kind `Format`, as it does for an encoding that there is not, and for what is no text at all.
///
/// ```
/// use muster_table::format::text::{decode, encode};
///
/// # fn main() -> muster_table::error::Result<()> {
/// let bytes = b"name\nJos\xE9\n".to_vec();
/// let decoded = decode(bytes.clone(), Some("windows-1252"))?;
/// assert_eq!(decoded.text, "name\nJosé\n");
/// assert_eq!(encode(&decoded.text, decoded.encoding, decoded.bom)?, bytes);
/// # Ok(())
/// # }
/// ```
pub fn decode(bytes: Vec<u8>, asked: Option<&str>) -> Result<Decoded> {
    match told(&bytes, bytes.len() as u64, asked)? {
        Some((encoding, bom)) => decode_as(bytes, encoding, bom),
        None => decode_guessed(bytes),
    }
}

/// Reads the first bytes of a file up to the last whole line, as [`decode`] reads all of them. `size` is how many bytes the
/// file has. None where they are too few to guess by, and where [`decode`] would fail.
pub fn decode_beginning(mut bytes: Vec<u8>, size: u64, asked: Option<&str>) -> Option<Decoded> {
    if size <= bytes.len() as u64 {
        return decode(bytes, asked).ok();
    }
    let told = told(&bytes, size, asked).ok()?;
    let is_wide = told.is_some_and(|(encoding, _)| encoding.is_utf_16());
    let read = bytes.len();
    let end = whole_lines(&bytes, is_wide);
    match told {
        Some((encoding, bom)) => {
            bytes.truncate(end);
            decode_as(bytes, encoding, bom).ok()
        }
        None if std::str::from_utf8(&bytes[..end]).is_ok() => {
            bytes.truncate(end);
            decode_as(bytes, Encoding::UTF_8, false).ok()
        }
        // Guessed by fewer, it may be another.
        None if read < GUESSED_BY => None,
        None => {
            let encoding = guess(&bytes);
            bytes.truncate(end);
            decode_as(bytes, encoding.into(), false).ok()
        }
    }
}

/// Where the last line ends of which all bytes are there. No encoding but UTF-16 has the bytes of a line end in other
/// letters.
fn whole_lines(bytes: &[u8], is_wide: bool) -> usize {
    if !is_wide {
        return memchr::memrchr2(b'\n', b'\r', bytes).map_or(0, |at| at + 1);
    }
    let ends = |unit: &[u8; 2]| matches!(unit, [b'\n' | b'\r', 0] | [0, b'\n' | b'\r']);
    bytes.as_chunks::<2>().0.iter().rposition(ends).map_or(0, |at| (at + 1) * 2)
}

/// The encoding that somebody asked for, or that a file of this size says itself, and whether it has a mark; none where
/// it is UTF-8 or to be guessed.
fn told(bytes: &[u8], size: u64, asked: Option<&str>) -> Result<Option<(Encoding, bool)>> {
    if let Some(label) = asked {
        let encoding = Encoding::for_label(label).ok_or_else(|| {
            Failure::new(FailureKind::Format, format!("`{label}` is not an encoding Muster knows"))
                .hint("Use a name such as UTF-8, UTF-16LE, windows-1252, IBM850 or Shift_JIS.")
        })?;
        return Ok(Some((encoding, bom_of(bytes) == Some(encoding))));
    }
    if let Some(encoding) = bom_of(bytes) {
        return Ok(Some((encoding, true)));
    }
    if let Some(encoding) = utf16_without_bom(bytes, size) {
        return Ok(Some((encoding.into(), false)));
    }
    refuse_binary(bytes)?;
    Ok(None)
}

fn decode_guessed(bytes: Vec<u8>) -> Result<Decoded> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Decoded { text, encoding: Encoding::UTF_8, bom: false }),
        Err(not_utf8) => {
            let bytes = not_utf8.into_bytes();
            let encoding = guess(&bytes);
            decode_as(bytes.clone(), encoding.into(), false)
                .or_else(|_| decode_as(bytes, WINDOWS_1252.into(), false))
        }
    }
}

/// The same text as bytes in the given encoding; fails with kind `Format` on a character that the encoding does
/// not have.
pub fn encode(text: &str, encoding: impl Into<Encoding>, bom: bool) -> Result<Vec<u8>> {
    let encoding = encoding.into();
    let mut bytes = Vec::with_capacity(text.len() + 3);
    if encoding.is_utf_16() {
        let is_le = encoding == Encoding::Web(UTF_16LE);
        let unit = |u: u16| if is_le { u.to_le_bytes() } else { u.to_be_bytes() };
        if bom {
            bytes.extend(unit(0xFEFF));
        }
        bytes.extend(text.encode_utf16().flat_map(unit));
        return Ok(bytes);
    }
    if encoding == Encoding::UTF_8 {
        if bom {
            bytes.extend(b"\xEF\xBB\xBF");
        }
        bytes.extend(text.as_bytes());
        return Ok(bytes);
    }
    match encoding.encode(text) {
        Ok(encoded) => bytes.extend_from_slice(&encoded),
        Err(stranger) => {
            return Err(Failure::new(
                FailureKind::Format,
                format!("the encoding {} has no letter `{stranger}`", encoding.name()),
            )
            .hint("Save it as UTF-8 instead."));
        }
    }
    Ok(bytes)
}

fn decode_as(mut bytes: Vec<u8>, encoding: Encoding, bom: bool) -> Result<Decoded> {
    if encoding == Encoding::UTF_8 {
        if bom {
            bytes.drain(..3);
        }
        return String::from_utf8(bytes).map(|text| Decoded { text, encoding, bom }).map_err(|e| {
            let at = e.utf8_error().valid_up_to();
            let line = memchr::memchr_iter(b'\n', &e.as_bytes()[..at]).count() + 1;
            Failure::new(FailureKind::Format, "the file is not UTF-8")
                .why(format!("line {line} holds bytes that are not"))
                .hint("Open it as windows-1252, or in the encoding it was saved in.")
        });
    }
    let (text, malformed) = encoding.decode(&bytes);
    let text = if bom {
        text.strip_prefix('\u{FEFF}').unwrap_or(&text).to_owned()
    } else {
        text.into_owned()
    };
    if malformed || encode(&text, encoding, bom).ok().as_deref() != Some(&bytes[..]) {
        return Err(Failure::new(
            FailureKind::Format,
            format!("the file is not whole {} text", encoding.name()),
        )
        .why("some of its bytes stand for no letter there")
        .hint("Export it again, as UTF-8 if you can, or open it in another encoding."));
    }
    Ok(Decoded { text, encoding, bom })
}

fn bom_of(bytes: &[u8]) -> Option<Encoding> {
    encoding_rs::Encoding::for_bom(bytes).map(|(encoding, _)| encoding.into())
}

/// Excel's "Unicode text" has a mark, but other programs leave it out; ASCII text then has a zero in every pair.
fn utf16_without_bom(bytes: &[u8], size: u64) -> Option<&'static encoding_rs::Encoding> {
    let sample = &bytes[..bytes.len().min(4096) & !1];
    if sample.len() < 4 || !size.is_multiple_of(2) {
        return None;
    }
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|&&b| b == 0).count();
    let half = sample.len() / 2;
    match (zeros(0), zeros(1)) {
        (even, odd) if odd * 10 > half * 7 && even * 20 < half => Some(UTF_16LE),
        (even, odd) if even * 10 > half * 7 && odd * 20 < half => Some(UTF_16BE),
        _ => None,
    }
}

fn refuse_binary(bytes: &[u8]) -> Result<()> {
    let kind = match bytes {
        [b'%', b'P', b'D', b'F', ..] => "a PDF",
        [0x89, b'P', b'N', b'G', ..] | [0xFF, 0xD8, 0xFF, ..] => "a picture",
        [b'P', b'K', 3, 4, ..] => "a ZIP archive",
        [0xD0, 0xCF, 0x11, 0xE0, ..] => "an old Office document",
        [0x1F, 0x8B, ..] => "a compressed file",
        [0x7F, b'E', b'L', b'F', ..] | [b'M', b'Z', ..] if bytes.contains(&0) => "a program",
        _ => {
            let sample = &bytes[..bytes.len().min(1 << 16)];
            let strange = sample
                .iter()
                .filter(|&&b| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0))
                .count();
            let zeros = sample.iter().filter(|&&b| b == 0).count();
            if strange * 10 <= sample.len() && zeros * 10 <= sample.len() {
                return Ok(());
            }
            "not text"
        }
    };
    Err(Failure::new(FailureKind::Format, "this is not a list of people")
        .why(format!("the file is {kind}"))
        .hint("Export the list as CSV or Excel (.xlsx) and open that."))
}

/// So many bytes tell an encoding.
const GUESSED_BY: usize = 1 << 20;

fn guess(bytes: &[u8]) -> &'static encoding_rs::Encoding {
    use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let sample = &bytes[..bytes.len().min(GUESSED_BY)];
    detector.feed(sample, true);
    detector.guess(None, Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(bytes: &[u8], asked: Option<&str>) -> Decoded {
        let decoded = decode(bytes.to_vec(), asked).expect("readable");
        let again = encode(&decoded.text, decoded.encoding, decoded.bom).expect("writable");
        assert_eq!(again, bytes);
        decoded
    }

    #[test]
    fn every_encoding_is_told_and_written_back_as_it_was() {
        assert_eq!(round_trip("Zoë".as_bytes(), None).text, "Zoë");
        let marked = round_trip(b"\xEF\xBB\xBFa,b", None);
        assert!(marked.bom && marked.text == "a,b");
        let wide = encode("name\r\nZoë\r\n", UTF_16LE, true).expect("writable");
        assert_eq!(round_trip(&wide, None).encoding, UTF_16LE.into());
        let unmarked =
            encode("name,mail\r\nAda,a@example.com\r\n", UTF_16BE, false).expect("writable");
        assert_eq!(round_trip(&unmarked, None).encoding, UTF_16BE.into());
        let western = round_trip(b"name\r\nJos\xE9 Garc\xEDa\r\nFran\xE7ois\r\n", None);
        assert_eq!(western.text.lines().nth(1), Some("José García"));
        round_trip(b"name\r\n\x8A\x81\r\n", Some("windows-1252"));
        assert_eq!(round_trip(b"M\x81ller\x1A\xFF", Some("cp850")).text, "Müller\u{1A}\u{A0}");
    }

    #[test]
    fn what_is_not_text_is_named() {
        let told = decode(b"%PDF-1.7\n\0\0\0".to_vec(), None).expect_err("refused");
        assert_eq!(told.why, "the file is a PDF");
        assert!(decode((0..200u8).cycle().take(5000).collect(), None).is_err());
    }

    #[test]
    fn a_letter_the_encoding_lacks_is_named() {
        let told = encode("Łukasz", WINDOWS_1252, false).expect_err("refused");
        assert!(told.what.contains("`Ł`"), "{told}");
    }

    #[test]
    fn broken_utf_16_is_refused_and_not_guessed() {
        assert!(decode(b"\xFF\xFEa\0b".to_vec(), None).is_err());
    }
}
