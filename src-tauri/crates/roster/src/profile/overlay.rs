//! How a profile differs from another, and the file that says so.
//!
//! `toml_edit` writes it. No crate was found that compares or merges tables of which each has an id.

use toml::{Table, Value};
use toml_edit::{ArrayOfTables, DocumentMut, Item};

use super::file::{self, BASED_ON, NAMED, REMOVED, UNSET};
use super::{Profile, old_keys, schema};

/// The order in which a new file says things.
const ORDER: [&str; 43] = [
    "id",
    "based_on",
    "name",
    "summary",
    "version",
    "provisional",
    "errors",
    "snapshot_max_age_days",
    "unset",
    "removed",
    "topic",
    "says",
    "source",
    "title",
    "headers",
    "kind",
    "column_required",
    "value_required",
    "unique",
    "separator",
    "list",
    "choices",
    "min",
    "max",
    "characters",
    "date_forms",
    "default",
    "off",
    "severity",
    "why",
    "unknown",
    "checklist",
    "about",
    "key",
    "file",
    "columns",
    "lists",
    "field",
    "check",
    "policy",
    "statement",
    "rules",
    "guards",
];

/// All that a profile file says, together with what it is based on. None where it cannot be used.
pub fn effective(text: &str) -> Option<Table> {
    file::effective(text)
}

/// What a table says as a profile, or why it is none.
pub fn profile_of(table: &Table) -> Result<Profile, String> {
    let profile: Profile = table.clone().try_into().map_err(|e| e.message().to_owned())?;
    profile.validate()?;
    Ok(profile)
}

/// The text of a file that says what `now` says, where `before` is the text that it takes the place of, or empty. What
/// did not change keeps its words, its place and its remarks.
pub fn written(before: &str, now: &Table) -> String {
    let before = &*old_keys::renamed(before);
    let based_on = now.get(BASED_ON).and_then(Value::as_str).and_then(Profile::built_in_text);
    let now = match based_on.and_then(effective) {
        Some(base) => differences(&base, now),
        None => now.clone(),
    };
    let old: Table = before.parse().unwrap_or_default();
    let mut document: DocumentMut = before.parse().unwrap_or_default();
    lay(document.as_table_mut(), &old, &now);
    let text = document.to_string();
    if before.is_empty() { format!("#:schema ./{}\n{text}", schema::FILE) } else { text }
}

/// What has to be said so that `base` becomes `now`.
fn differences(base: &Table, now: &Table) -> Table {
    let mut differs = Table::new();
    for (word, value) in now {
        let difference = match (base.get(word), value) {
            (Some(before), _) if before == value => continue,
            (Some(Value::Table(before)), Value::Table(now)) => {
                Value::Table(differences(before, now))
            }
            (Some(Value::Array(before)), Value::Array(now)) => match name_in(word) {
                Some(name) => Value::Array(list_differences(before, now, name)),
                None => value.clone(),
            },
            _ => value.clone(),
        };
        differs.insert(word.clone(), difference);
    }
    let gone = base.keys().filter(|word| !now.contains_key(*word));
    let gone: Vec<Value> = gone.map(|word| Value::String(word.clone())).collect();
    if !gone.is_empty() {
        differs.insert(UNSET.into(), Value::Array(gone));
    }
    differs
}

fn list_differences(base: &[Value], now: &[Value], name: &str) -> Vec<Value> {
    let mut differs = Vec::new();
    for entry in now {
        let Value::Table(own) = entry else { continue };
        let Some(Value::Table(before)) = entry_of(base, own.get(name), name) else {
            differs.push(entry.clone());
            continue;
        };
        let mut difference = differences(before, own);
        if !difference.is_empty() {
            difference.extend(own.get(name).map(|value| (name.to_owned(), value.clone())));
            differs.push(Value::Table(difference));
        }
    }
    for entry in base {
        let Some(id) = entry.get(name) else { continue };
        if entry_of(now, Some(id), name).is_none() {
            let mut gone = Table::new();
            gone.insert(name.to_owned(), id.clone());
            gone.insert(REMOVED.into(), Value::Boolean(true));
            differs.push(Value::Table(gone));
        }
    }
    differs
}

/// The word by which the entries of a list are found, if they are found by one.
fn name_in(list: &str) -> Option<&'static str> {
    NAMED.iter().find(|(name, _)| *name == list).map(|(_, word)| *word)
}

fn entry_of<'t>(entries: &'t [Value], id: Option<&Value>, name: &str) -> Option<&'t Value> {
    let id = id?;
    entries.iter().find(|entry| entry.get(name) == Some(id))
}

/// Makes a part of a file say what `now` says. `old` is what the part says already.
fn lay(part: &mut toml_edit::Table, old: &Table, now: &Table) {
    for word in old.keys().filter(|word| !now.contains_key(*word)) {
        part.remove(word);
    }
    let place = |word: &str| ORDER.iter().position(|w| *w == word).unwrap_or(ORDER.len());
    let mut words: Vec<(&String, &Value)> = now.iter().collect();
    words.sort_by_key(|(word, _)| place(word));
    for (word, value) in words {
        let before = old.get(word);
        if before == Some(value) {
            continue;
        }
        match (part.get_mut(word), before, value) {
            (Some(Item::Table(part)), Some(Value::Table(old)), Value::Table(now)) => {
                lay(part, old, now);
            }
            (Some(Item::ArrayOfTables(list)), Some(Value::Array(old)), Value::Array(now))
                if now.iter().all(Value::is_table) && name_in(word).is_some() =>
            {
                lay_list(list, old, now, name_in(word).unwrap_or_default());
            }
            _ => {
                part.insert(word, item(value));
            }
        }
    }
}

fn lay_list(list: &mut ArrayOfTables, old: &[Value], now: &[Value], name: &str) {
    let mut laid = ArrayOfTables::new();
    for entry in now {
        let Value::Table(entry) = entry else { continue };
        let at = old.iter().position(|o| o.get(name).is_some_and(|id| Some(id) == entry.get(name)));
        let there = at.and_then(|at| Some((list.get(at)?.clone(), old[at].as_table()?)));
        let (mut part, old) = match there {
            Some((part, old)) => (part, old.clone()),
            None => (toml_edit::Table::new(), Table::new()),
        };
        lay(&mut part, &old, entry);
        laid.push(part);
    }
    *list = laid;
}

/// A value as a new file has it: short lists on one line, tables under headings of their own.
fn item(value: &Value) -> Item {
    match value {
        Value::Table(table) => {
            let mut part = toml_edit::Table::new();
            part.set_implicit(table.values().all(Value::is_table) && !table.is_empty());
            lay(&mut part, &Table::new(), table);
            Item::Table(part)
        }
        Value::Array(entries) if !entries.is_empty() && entries.iter().all(Value::is_table) => {
            let mut list = ArrayOfTables::new();
            for entry in entries.iter().filter_map(Value::as_table) {
                let mut part = toml_edit::Table::new();
                lay(&mut part, &Table::new(), entry);
                list.push(part);
            }
            Item::ArrayOfTables(list)
        }
        _ => Item::Value(plain(value)),
    }
}

fn plain(value: &Value) -> toml_edit::Value {
    const LONG: usize = 80;
    match value {
        Value::String(text) => text.as_str().into(),
        Value::Integer(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::Boolean(yes) => (*yes).into(),
        Value::Datetime(at) => (*at).into(),
        Value::Array(entries) => {
            let mut array: toml_edit::Array = entries.iter().map(plain).collect();
            if array.to_string().len() > LONG {
                for entry in array.iter_mut() {
                    entry.decor_mut().set_prefix("\n    ");
                }
                array.set_trailing("\n");
                array.set_trailing_comma(true);
            }
            toml_edit::Value::Array(array)
        }
        Value::Table(table) => {
            let words = table.iter().map(|(word, value)| (word.as_str(), plain(value)));
            toml_edit::Value::InlineTable(words.collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "# Ours, since May.\nid = \"acme\"\nname = \"Acme\"\nbased_on = \"edapp\"\n\n\
                       [[field]]\nid = \"firstname\" # as HR says it\nheaders = [\"given name\"]\nmax = 40\n";

    fn entry<'t>(table: &'t mut Table, list: &str, id: &str) -> &'t mut Table {
        let entries = table.get_mut(list).and_then(Value::as_array_mut).expect("a list");
        let entry = entries.iter_mut().find(|e| e["id"].as_str() == Some(id)).expect("there");
        entry.as_table_mut().expect("a table")
    }

    #[test]
    fn a_new_file_says_only_what_differs_and_reads_back_as_the_same() {
        let mut now = effective(Profile::built_in_text("edapp").expect("built in")).expect("sound");
        now.insert("id".into(), "acme".into());
        now.insert("name".into(), "Acme".into());
        now.insert(BASED_ON.into(), "edapp".into());
        entry(&mut now, "field", "email").insert("max".into(), 80.into());
        entry(&mut now, "field", "password").remove("min");
        entry(&mut now, "policy", "groups").insert("default".into(), "replace".into());
        let fields = now["field"].as_array_mut().expect("a list");
        fields.retain(|field| field["id"].as_str() != Some("externalid"));
        let text = written("", &now);
        assert_eq!(
            text,
            "#:schema ./profile.schema.json\nid = \"acme\"\nbased_on = \"edapp\"\nname = \"Acme\"\n\n\
             [[field]]\nid = \"email\"\nmax = 80\n\n\
             [[field]]\nid = \"password\"\nunset = [\"min\"]\n\n\
             [[field]]\nid = \"externalid\"\nremoved = true\n\n\
             [[policy]]\nid = \"groups\"\ndefault = \"replace\"\n"
        );
        assert_eq!(effective(&text).as_ref(), Some(&now));
    }

    #[test]
    fn a_file_that_is_written_again_keeps_its_remarks_and_what_did_not_change() {
        let mut now = effective(OWN).expect("sound");
        assert_eq!(written(OWN, &now), OWN);
        entry(&mut now, "field", "firstname").insert("max".into(), 50.into());
        let rules = now["rules"].as_table_mut().expect("rules");
        rules["group-unknown"].as_table_mut().expect("one").insert("off".into(), true.into());
        assert_eq!(
            written(OWN, &now),
            OWN.replace("40", "50") + "\n[rules.group-unknown]\noff = true\n"
        );
        entry(&mut now, "field", "firstname").remove("max");
        assert!(!written(OWN, &now).contains("max"));
    }

    #[test]
    fn a_whole_profile_stays_whole() {
        let text = Profile::built_in_text("edapp").expect("built in");
        let mut now = effective(text).expect("sound");
        assert_eq!(written(text, &now), text);
        now.insert("snapshot_max_age_days".into(), 7.into());
        assert_eq!(
            written(text, &now),
            text.replace("snapshot_max_age_days = 31", "snapshot_max_age_days = 7")
        );
    }
}
