//! What Kolibri's answers say.

use serde_json::Value as Json;

use super::{CallError, Reply, said};

pub fn refused(reply: &Reply) -> CallError {
    CallError::Refused(words(reply))
}

/// Kolibri's own words: a list of faults, each with a message and the field that it is about.
pub fn words(reply: &Reply) -> String {
    let faults: Vec<String> = reply
        .json
        .iter()
        .flat_map(list)
        .map(|fault| {
            let (message, field) =
                (text(&fault["metadata"], "message"), text(&fault["metadata"], "field"));
            let message = if message.is_empty() { text(fault, "id") } else { message };
            match field.as_str() {
                "" | "non_field_errors" => message,
                field => format!("{field}: {message}"),
            }
        })
        .filter(|words| !words.is_empty())
        .collect();
    if faults.is_empty() { reply.message() } else { said(&faults.join("; ")) }
}

pub fn list(json: &Json) -> &[Json] {
    json.as_array().map_or(&[], Vec::as_slice)
}

pub fn text(json: &Json, name: &str) -> String {
    match &json[name] {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        _ => String::new(),
    }
}
