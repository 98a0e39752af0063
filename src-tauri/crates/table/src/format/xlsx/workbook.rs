//! What a workbook's index says: its sheets, which are hidden, how days are counted; and what a ZIP archive is that
//! holds no such index.

use quick_xml::events::Event;

use super::part::{Archive, attribute, is_set};
use super::{Kind, damaged, refused};
use crate::error::{Failure, Result};

pub struct Workbook {
    /// In the order of the tabs; sheets of charts and macros left out.
    pub sheets: Vec<Tab>,
    /// The name of the one that lay open when it was saved; none where that is hidden or no sheet of cells.
    pub active: Option<String>,
    pub days_from_1904: bool,
    pub strings: Option<String>,
    pub styles: Option<String>,
    /// What is called by a name, and the formula that the name stands for.
    pub names: Vec<(String, String)>,
}

/// Workbooks that were copied for years carry thousands of dead names.
const MOST_NAMES: usize = 10_000;

pub struct Tab {
    pub name: String,
    pub hidden: bool,
    pub part: String,
}

struct Relation {
    id: String,
    /// The last word of its type: `worksheet`, `styles`.
    kind: String,
    target: String,
}

pub fn read(archive: &mut Archive) -> Result<Workbook> {
    let index = relations(archive, "")?
        .into_iter()
        .find(|relation| relation.kind == "officeDocument")
        .map(|relation| relation.target)
        .filter(|target| archive.find(target).is_some())
        .or_else(|| archive.find("xl/workbook.xml"));
    let Some(index) = index else { return Err(not_a_workbook(archive)) };
    if !index.to_ascii_lowercase().ends_with("workbook.xml") && !index.contains("xl/")
        || index.ends_with(".bin")
    {
        return Err(not_a_workbook(archive));
    }
    let relations = relations(archive, &index)?;
    let of_kind = |kind: &str| relations.iter().find(|r| r.kind == kind).map(|r| r.target.clone());
    let mut workbook = Workbook {
        sheets: Vec::new(),
        active: None,
        days_from_1904: false,
        strings: of_kind("sharedStrings"),
        styles: of_kind("styles"),
        names: Vec::new(),
    };

    let Some(mut xml) = archive.xml(&index)? else { return Err(not_a_workbook(archive)) };
    // Sheets of charts and macros count too, where tabs are told by their number.
    let (mut active, mut tabs) = (0, 0u32);
    loop {
        match xml.next()? {
            Event::Start(tag) if tag.local_name().as_ref() == "definedName" => {
                let name = attribute(&tag, "name")?.unwrap_or_default().into_owned();
                let mut formula = String::new();
                xml.text_into(&mut formula)?;
                if workbook.names.len() < MOST_NAMES {
                    workbook.names.push((name, formula));
                }
            }
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                "workbookPr" => workbook.days_from_1904 = is_set(&tag, "date1904")?,
                "workbookView" => {
                    let at = attribute(&tag, "activeTab")?.and_then(|at| at.parse().ok());
                    active = at.unwrap_or(0);
                }
                "sheet" => {
                    tabs += 1;
                    let (Some(name), Some(id)) = (attribute(&tag, "name")?, attribute(&tag, "id")?)
                    else {
                        return Err(damaged(Kind::Xlsx, "a sheet has no name"));
                    };
                    let state = attribute(&tag, "state")?;
                    let relation = relations.iter().find(|r| r.id == id && r.kind == "worksheet");
                    if let Some(relation) = relation {
                        let is_shown = state.as_ref().is_none_or(|state| state == "visible");
                        if tabs == active + 1 && is_shown {
                            workbook.active = Some(name.clone().into_owned());
                        }
                        workbook.sheets.push(Tab {
                            name: name.into_owned(),
                            hidden: state.is_some_and(|state| state != "visible"),
                            part: relation.target.clone(),
                        });
                    }
                }
                _ => {}
            },
            Event::Eof => return Ok(workbook),
            _ => {}
        }
    }
}

/// What a part refers to; the archive as a whole for the empty path.
fn relations(archive: &mut Archive, part: &str) -> Result<Vec<Relation>> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let slash = if folder.is_empty() { "" } else { "/" };
    let mut relations = Vec::new();
    let Some(mut xml) = archive.xml(&format!("{folder}{slash}_rels/{name}.rels"))? else {
        return Ok(relations);
    };
    loop {
        match xml.next()? {
            Event::Start(tag) | Event::Empty(tag)
                if tag.local_name().as_ref() == "Relationship" =>
            {
                if let (Some(id), Some(kind), Some(target)) =
                    (attribute(&tag, "Id")?, attribute(&tag, "Type")?, attribute(&tag, "Target")?)
                {
                    let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                    relations.push(Relation {
                        id: id.into_owned(),
                        kind,
                        target: resolve(folder, &target),
                    });
                }
            }
            Event::Eof => return Ok(relations),
            _ => {}
        }
    }
}

/// The path in the archive of what a part in `folder` calls `target`.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut steps: Vec<&str> =
        if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.retain(|step| !step.is_empty());
    steps.join("/")
}

fn not_a_workbook(archive: &mut Archive) -> Failure {
    let names: Vec<String> = archive.names().map(|name| name.to_lowercase()).collect();
    let has = |test: &dyn Fn(&str) -> bool| names.iter().any(|name| test(name));
    let kind = String::from_utf8_lossy(&archive.start_of("mimetype", 200)).into_owned();
    if has(&|name| name.starts_with("xl/") && name.ends_with("workbook.bin")) {
        return refused(Kind::Xlsx, "it is a binary Excel workbook (.xlsb)").hint(
            "Open it in Excel and save it as Excel workbook (.xlsx) or as CSV, then open that.",
        );
    }
    if kind.contains("opendocument") {
        return refused(Kind::Xlsx, "it is an OpenDocument file, but not a spreadsheet")
            .hint("Choose the file that the learning system exported.");
    }
    if has(&|name| name.ends_with(".iwa")) {
        return refused(Kind::Xlsx, "it is a document of Apple Numbers, Pages or Keynote")
            .hint("In Numbers, choose File, Export To, CSV, then open that.");
    }
    if has(&|name| name.starts_with("word/") || name.starts_with("ppt/")) {
        return refused(Kind::Xlsx, "it is a Word or PowerPoint file, not a workbook")
            .hint("Choose the file that the learning system exported.");
    }
    if names.is_empty() {
        return refused(Kind::Xlsx, "it is an empty archive").hint("Download or export it again.");
    }
    if has(&|name| name.starts_with("xl/")) {
        return damaged(Kind::Xlsx, "the list of its sheets is missing");
    }
    refused(Kind::Xlsx, "it is a ZIP archive, not a workbook")
        .hint("Unpack it first, then open the file inside.")
}
