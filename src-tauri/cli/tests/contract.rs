//! `docs/command-line.md`, as tests read it.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

/// Where the fields stand that several answers have.
pub const PARTS: &str = "Parts that come again";

pub struct Contract {
    pub text: String,
}

impl Contract {
    pub fn read() -> Contract {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/command-line.md");
        let text = std::fs::read_to_string(&page);
        let text = text.unwrap_or_else(|e| panic!("`{}` is not there: {e}", page.display()));
        // A bar in a cell ends no cell.
        Contract { text: text.replace("\\|", "¦") }
    }

    /// What stands under a heading, up to the next of its kind.
    pub fn section(&self, heading: &str) -> &str {
        let begin = format!("\n## {heading}\n");
        let at = self.text.find(&begin);
        let rest = &self.text[at.unwrap_or_else(|| panic!("no section `{heading}`")) + 1..];
        rest.split("\n## ").next().unwrap_or_default()
    }

    /// What the first cells name in those tables of a section whose first column is headed so.
    pub fn named(&self, heading: &str, column: &str) -> BTreeSet<String> {
        let head = format!("| {column} |");
        let tables = self.section(heading).split("\n\n").filter(|part| part.starts_with(&head));
        let rows = tables.flat_map(|table| table.lines().skip(2));
        rows.flat_map(|row| spans(row.split('|').nth(1).unwrap_or_default())).collect()
    }

    /// The fields of an answer as the page has them. Fails if it lacks one.
    #[track_caller]
    pub fn fields(&self, heading: &str, answer: &Value) -> BTreeSet<String> {
        let mut known = self.named(heading, "field");
        known.extend(self.named(PARTS, "field"));
        let named = |path: String| match known.get(&path) {
            Some(_) => path,
            None => known
                .iter()
                .find(|name| name.strip_suffix('*').is_some_and(|start| path.starts_with(start)))
                .unwrap_or_else(|| {
                    panic!("docs/command-line.md says nothing of `{path}` under `{heading}`")
                })
                .clone(),
        };
        paths(answer).into_iter().map(named).collect()
    }
}

/// What stands between backticks.
pub fn spans(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(|span| span.replace('¦', "|")).collect()
}

/// Every field, as the page writes them: `findings[].fix.title`.
fn paths(value: &Value) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    collect(value, "", &mut all);
    all
}

fn collect(value: &Value, path: &str, all: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let dot = if path.is_empty() { "" } else { "." };
                collect(value, &format!("{path}{dot}{name}"), all);
            }
        }
        Value::Array(values) => {
            let path = format!("{path}[]");
            for value in values {
                collect(value, &path, all);
            }
            all.insert(path);
        }
        _ => {
            all.insert(path.to_owned());
        }
    }
}
