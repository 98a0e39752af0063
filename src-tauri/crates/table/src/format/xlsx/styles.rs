//! Which number format each style of a workbook has.

use std::collections::HashMap;
use std::rc::Rc;

use quick_xml::events::{BytesStart, Event};

use super::number::{self, Shown};
use super::part::{Archive, attribute};
use super::{Kind, damaged};
use crate::error::Result;

/// More styles than Excel itself can save.
const MOST_STYLES: usize = 65_536;
/// A longer format is not one that Excel could have made.
const LONGEST_FORMAT: usize = 1_024;

/// What each style's number format means, by the style's number.
pub struct Styles(Vec<Rc<Shown>>);

impl Styles {
    pub fn read(archive: &mut Archive, part: Option<&str>) -> Result<Self> {
        let mut styles = Self(Vec::new());
        let Some(mut xml) = part.map(|part| archive.xml(part)).transpose()?.flatten() else {
            return Ok(styles);
        };
        let mut formats: HashMap<u32, Rc<Shown>> = HashMap::new();
        // `xf` also stands in lists of named styles, whose numbers no cell uses.
        let mut of_cells = false;
        loop {
            match xml.next()? {
                Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                    "cellXfs" => of_cells = true,
                    "numFmt" if formats.len() < MOST_STYLES => {
                        if let (Some(id), Some(code)) =
                            (format_id(&tag)?, attribute(&tag, "formatCode")?)
                        {
                            let shown = if code.len() > LONGEST_FORMAT {
                                Shown::Plain
                            } else {
                                number::shown(&code)
                            };
                            formats.insert(id, Rc::new(shown));
                        }
                    }
                    "xf" if of_cells => {
                        if styles.0.len() == MOST_STYLES {
                            return Err(damaged(Kind::Xlsx, "it has too many styles"));
                        }
                        let id = format_id(&tag)?.unwrap_or(0);
                        let shown =
                            formats.entry(id).or_insert_with(|| Rc::new(number::built_in(id)));
                        styles.0.push(Rc::clone(shown));
                    }
                    _ => {}
                },
                Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => of_cells = false,
                Event::Eof => return Ok(styles),
                _ => {}
            }
        }
    }

    pub fn get(&self, style: usize) -> &Shown {
        self.0.get(style).map_or(&Shown::Plain, |shown| shown)
    }
}

fn format_id(tag: &BytesStart) -> Result<Option<u32>> {
    Ok(attribute(tag, "numFmtId")?.and_then(|id| id.parse().ok()))
}
