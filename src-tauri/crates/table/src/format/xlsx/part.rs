//! The parts of a ZIP archive, unpacked as a stream that counts and stops at the limits.
//!
//! The archive's directory says how large each part will be, which is checked first; but a directory can lie, so what
//! comes out is counted too.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Cursor, Read};

use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::{Kind, Limits, damaged, protected, size, too_large};
use crate::error::{Failure, Result};

pub struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    limits: Limits,
    /// What the parts opened so far claim to unpack to.
    claimed: u64,
}

impl<'a> Archive<'a> {
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(Kind::Xlsx, e))?;
        Ok(Self { zip, limits: *limits, claimed: 0 })
    }

    /// The name as the archive has it of the part that is called so; parts are found in any case, as Excel does.
    pub fn find(&self, path: &str) -> Option<String> {
        let wanted = path.trim_start_matches('/');
        if self.zip.index_for_name(wanted).is_some() {
            return Some(wanted.to_owned());
        }
        let plain =
            |name: &str| name.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase();
        let wanted = plain(wanted);
        self.names().find(|name| plain(name) == wanted).map(Cow::into_owned)
    }

    pub fn names(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.zip.file_names().filter_map(Result::ok)
    }

    /// Opens a part for reading as XML; `None` if there is no such part.
    pub fn xml(&mut self, path: &str) -> Result<Option<Xml<'_, 'a>>> {
        let Some(name) = self.find(path) else { return Ok(None) };
        let limit = self.limits.unpacked;
        let file = self.zip.by_name(&name).map_err(|e| match e {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => protected(Kind::Xlsx),
            e => damaged(Kind::Xlsx, e),
        })?;
        let claims = file.size();
        self.claimed = self.claimed.saturating_add(claims);
        if self.claimed > limit {
            return Err(too_large(
                Kind::Xlsx,
                format!("it would unpack to {}; the limit is {}", size(self.claimed), size(limit)),
            ));
        }
        // A part that grows past its claim is a lie of the directory, so what was claimed before still counts.
        let left = limit - (self.claimed - claims);
        let part = Part {
            file: BufReader::with_capacity(64 << 10, file),
            read: 0,
            left,
            since: 0,
            limits: self.limits,
        };
        let reader = quick_xml::Reader::from_reader(part);
        Ok(Some(Xml { reader, buffer: Vec::new(), open: 0 }))
    }

    /// What the archive's directory says a part unpacks to, in bytes.
    pub fn claim(&mut self, path: &str) -> u64 {
        let name = self.find(path);
        name.and_then(|name| self.zip.by_name(&name).ok().map(|file| file.size())).unwrap_or(0)
    }

    /// The first bytes of a part; empty if there is no such part or it cannot be unpacked.
    pub fn start_of(&mut self, path: &str, bytes: u64) -> Vec<u8> {
        let mut start = Vec::new();
        if let Ok(file) = self.zip.by_name(path) {
            // A part too broken to peek into is reported by whoever reads it whole.
            let _ = file.take(bytes).read_to_end(&mut start);
        }
        start
    }
}

/// A part being unpacked.
struct Part<'p, 'a> {
    file: BufReader<ZipFile<'p, Cursor<&'a [u8]>>>,
    read: u64,
    left: u64,
    /// Bytes since the last whole piece of XML.
    since: u64,
    limits: Limits,
}

impl Read for Part<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let from = self.fill_buf()?;
        let length = from.len().min(into.len());
        into[..length].copy_from_slice(&from[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl BufRead for Part<'_, '_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.read > self.left {
            return Err(io::Error::other(too_large(
                Kind::Xlsx,
                format!("it unpacks to more than the limit of {}", size(self.limits.unpacked)),
            )));
        }
        if self.since > self.limits.piece {
            return Err(io::Error::other(cell_too_large(&self.limits)));
        }
        self.file.fill_buf()
    }

    fn consume(&mut self, bytes: usize) {
        self.read += bytes as u64;
        self.since += bytes as u64;
        self.file.consume(bytes);
    }
}

fn cell_too_large(limits: &Limits) -> Failure {
    too_large(
        Kind::Xlsx,
        format!("one of its cells holds more than the limit of {}", size(limits.piece)),
    )
}

/// A part read as XML, piece by piece.
pub struct Xml<'p, 'a> {
    reader: quick_xml::Reader<Part<'p, 'a>>,
    buffer: Vec<u8>,
    /// Elements entered and not left yet.
    open: usize,
}

impl Xml<'_, '_> {
    pub fn next(&mut self) -> Result<Event<'_>> {
        self.buffer.clear();
        self.reader.get_mut().since = 0;
        let event = self.reader.read_event_into(&mut self.buffer).map_err(of_xml)?;
        match event {
            Event::Start(_) => self.open += 1,
            Event::End(_) => self.open = self.open.saturating_sub(1),
            Event::Eof if self.open > 0 => {
                return Err(damaged(Kind::Xlsx, "a part ends in the middle"));
            }
            _ => {}
        }
        Ok(event)
    }

    pub fn bytes_read(&self) -> u64 {
        self.reader.get_ref().read
    }

    /// Fails where a cell's text has grown too long.
    pub fn must_be_short(&self, length: usize) -> Result<()> {
        let limits = &self.reader.get_ref().limits;
        if length as u64 > limits.piece { Err(cell_too_large(limits)) } else { Ok(()) }
    }

    /// Adds the text of the element just entered to `text`.
    pub fn text_into(&mut self, text: &mut String) -> Result<()> {
        let before = text.len();
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next()? {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                event => push_text(event, text)?,
            }
            self.must_be_short(text.len() - before)?;
        }
        Ok(())
    }

    /// Adds the text of the rich text just entered: its runs, without how they are to be read aloud.
    pub fn rich_text_into(&mut self, text: &mut String) -> Result<()> {
        let before = text.len();
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "t" => self.text_into(text)?,
                    "rPh" => self.skip()?,
                    _ => depth += 1,
                },
                Event::End(_) => depth -= 1,
                _ => {}
            }
            self.must_be_short(text.len() - before)?;
        }
        Ok(())
    }

    /// Passes over the element just entered.
    pub fn skip(&mut self) -> Result<()> {
        let mut depth = 1_usize;
        while depth > 0 {
            match self.next()? {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                _ => {}
            }
        }
        Ok(())
    }
}

/// Adds the letters that a piece of XML stands for, if it is text.
pub fn push_text(event: Event<'_>, text: &mut String) -> Result<()> {
    match event {
        Event::Text(piece) => text.push_str(&piece.xml10_content()),
        Event::CData(piece) => text.push_str(&piece.xml10_content()),
        Event::GeneralRef(name) => match name.resolve_char_ref().map_err(of_xml)? {
            Some(letter) => text.push(letter),
            None => match quick_xml::escape::resolve_xml_entity(&name) {
                Some(known) => text.push_str(known),
                None => return Err(damaged(Kind::Xlsx, format!("unknown entity `&{};`", &*name))),
            },
        },
        _ => {}
    }
    Ok(())
}

fn of_xml(error: quick_xml::Error) -> Failure {
    if let quick_xml::Error::Io(cause) = &error
        && let Some(ours) = cause.get_ref().and_then(|inner| inner.downcast_ref::<Failure>())
    {
        return ours.clone();
    }
    damaged(Kind::Xlsx, error)
}

/// The value of an attribute, by its name without prefix.
pub fn attribute<'t>(tag: &'t BytesStart<'_>, name: &str) -> Result<Option<Cow<'t, str>>> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|e| damaged(Kind::Xlsx, e))?;
        if attribute.key.local_name().as_ref() == name {
            let value =
                attribute.normalized_value(quick_xml::XmlVersion::Explicit1_0).map_err(of_xml)?;
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// Whether an attribute says yes.
pub fn is_set(tag: &BytesStart<'_>, name: &str) -> Result<bool> {
    Ok(attribute(tag, name)?.is_some_and(|value| value == "1" || value == "true"))
}
