//! What several commands take: how a roster is read, and what is known beside it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use muster_engine::reading::{ESCAPES, QUOTES, ReadAs};
use muster_engine::recipe::Recipe;
use muster_engine::verify::Expectation;

/// How a roster is read and what is known beside it.
#[derive(Debug, Clone, Args)]
pub struct Shared {
    /// Which LMS the roster is of; `muster profiles` lists them [default: recognised from the header]
    #[arg(long, value_name = "ID|FILE.toml")]
    pub profile: Option<String>,

    /// Known values, such as groups=groups.txt: one a line, or a column of a CSV or workbook, named as in
    /// groups=teams.csv#Team
    #[arg(long = "list", value_name = "KIND=FILE[#COLUMN]", value_parser = pair)]
    pub lists: Vec<(String, String)>,

    /// What a column is, where its name does not say so: a field of the profile as in "Work mail=email", `keep` for a
    /// column of its own, `leave` for one that is not sent; may be given several times
    #[arg(long = "map", value_name = "COLUMN=FIELD", value_parser = pair)]
    pub map: Vec<(String, String)>,

    /// The column that says who somebody is, where no LMS is known; several parted by commas say it together
    #[arg(long, value_name = "COLUMN[,COLUMN]", value_delimiter = ',')]
    pub key: Vec<String>,

    /// The template that the LMS itself offers (.xlsx): its headers and drop-down lists count
    #[arg(long, value_name = "FILE")]
    pub template: Option<PathBuf>,

    /// The account that the roster is of: what it keeps (LMS, snapshot, lists, columns, template, choices) need not be
    /// said again, and what is said here goes before it
    #[arg(long, value_name = "NAME")]
    pub account: Option<String>,

    /// Says the same, where a column is there and no other is that field.
    #[arg(skip)]
    pub recipe: Option<Recipe>,

    /// Whether it may say otherwise who is who.
    #[arg(skip)]
    pub key_unlocked: bool,

    /// What the file was planned with that it is put beside; what is said here may only say the same.
    #[arg(skip)]
    pub planned: Option<Arc<Expectation>>,

    /// How to read the roster where detection is wrong: delimiter=…,encoding=…,quotes=…,escape=…,sheet=…,header=LINE
    #[arg(long = "as", value_name = "HOW", value_parser = read_as, default_value = "", hide_default_value = true)]
    pub reading: ReadAs,

    /// The same for the older file
    #[arg(long, value_name = "HOW", value_parser = read_as, default_value = "", hide_default_value = true)]
    pub older_as: ReadAs,

    /// What the LMS is told at the upload, such as groups=replace; `muster profiles ID` lists the choices
    #[arg(long = "policy", value_name = "NAME=VALUE", value_parser = pair)]
    pub policies: Vec<(String, String)>,
}

impl Shared {
    /// The files that were named.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        let lists = self.lists.iter().map(|(_, file)| list_place(file).0);
        let profile = self.profile.as_deref().map(Path::new);
        lists.chain(self.template.as_deref()).chain(profile)
    }
}

/// The roster that a command is about.
#[derive(Debug, Clone, Args)]
pub struct Roster {
    /// The roster: CSV, TSV, XLSX, XLS or ODS; `-` reads what is piped in
    #[arg(value_name = "ROSTER")]
    pub file: PathBuf,
}

/// What the LMS has now, as somebody names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Against {
    /// An export of it.
    Export(PathBuf),
    /// Nobody yet: all people of the roster are new.
    Nobody,
}

impl Against {
    /// The word for nobody; a file of this name is `./none`.
    pub const NOBODY: &str = "none";

    /// The export that was named, if it was one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Against::Export(file) => Some(file),
            Against::Nobody => None,
        }
    }

    /// How `--against` is read; it takes any text.
    pub fn read(text: &str) -> Result<Against, std::convert::Infallible> {
        Ok(match text {
            Against::NOBODY => Against::Nobody,
            file => Against::Export(file.into()),
        })
    }
}

pub fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() && !value.is_empty() => {
            Ok((name.trim().to_owned(), value.to_owned()))
        }
        _ => Err("it needs a name and a value: NAME=VALUE".into()),
    }
}

/// `delimiter=;,encoding=windows-1252`. A comma that no name follows belongs to the value before it.
pub fn read_as(text: &str) -> Result<ReadAs, String> {
    const NAMES: &str = "delimiter, encoding, quotes, escape, sheet and header";
    let mut parts: Vec<(String, String)> = Vec::new();
    for part in text.split(',').filter(|_| !text.is_empty()) {
        match (part.split_once('='), parts.last_mut()) {
            (Some((name, value)), _) => parts.push((name.trim().to_owned(), value.to_owned())),
            (None, Some((_, value))) => value.push_str(&format!(",{part}")),
            (None, None) => return Err(format!("`{part}` says nothing; there are {NAMES}")),
        }
    }
    let mut read_as = ReadAs::default();
    for (name, value) in parts {
        if value.is_empty() {
            return Err(format!("`{name}` has no value"));
        }
        match name.as_str() {
            "delimiter" => read_as.delimiter = Some(delimiter(&value)?.to_owned()),
            "encoding" => read_as.encoding = Some(value),
            "quotes" => read_as.quotes = Some(one_of(value, &QUOTES)?),
            "escape" => read_as.escape = Some(one_of(value, &ESCAPES)?),
            "sheet" => read_as.sheet = Some(value),
            "header" => {
                let line = value.parse().ok().filter(|line| *line > 0);
                let why = || format!("`{value}` is not a line of the file; the first is 1");
                read_as.header = Some(line.ok_or_else(why)?);
            }
            _ => return Err(format!("there is no `{name}`; there are {NAMES}")),
        }
    }
    Ok(read_as)
}

fn one_of(value: String, choices: &[&str]) -> Result<String, String> {
    match choices.contains(&&*value) {
        true => Ok(value),
        false => Err(format!("there is no `{value}`; there are {}", choices.join(", "))),
    }
}

fn delimiter(value: &str) -> Result<&'static str, String> {
    match value {
        "," | "comma" => Ok(","),
        ";" | "semicolon" => Ok(";"),
        "\t" | "\\t" | "tab" => Ok("\t"),
        "|" | "pipe" => Ok("|"),
        _ => Err(format!("cells cannot end at `{value}`; choose comma, semicolon, tab or pipe")),
    }
}

/// The file of a list and, after a `#`, the column. A file whose own name holds a `#` is that file.
pub fn list_place(text: &str) -> (&Path, Option<&str>) {
    match text.rsplit_once('#') {
        Some((file, column))
            if muster_engine::store::own_files::stamp(Path::new(text)).is_err() =>
        {
            (Path::new(file), Some(column).filter(|column| !column.is_empty()))
        }
        _ => (Path::new(text), None),
    }
}
