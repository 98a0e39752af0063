//! What the answer about a job says of it and of its people. SafetyCulture documents its words, and not where they stand.

use serde_json::Value as Json;

use super::USERNAME;
use crate::http::said as quoted;

/// How far a mistake reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// A hint or a warning: all is carried out.
    Nothing,
    /// Some of the person's values are not carried out, and the others are.
    Values,
    /// The answer does not say how far.
    Unsaid,
    /// Nothing of the person is carried out.
    Person,
}

/// Something that an answer says about somebody, or does not say about whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub who: Option<String>,
    pub reach: Reach,
    pub words: String,
}

impl Finding {
    pub fn is_of(&self, username: &str) -> bool {
        self.who.as_deref().is_some_and(|who| same(who, username))
    }
}

/// The job's state: the first of its words, the nearest to the top.
pub(super) fn state(answer: &Json) -> Option<&str> {
    match answer {
        Json::String(word) if word.starts_with("STATUS_") => Some(word),
        Json::Array(all) => all.iter().find_map(state),
        Json::Object(all) => {
            let own = all.values().filter(|value| value.is_string()).find_map(state);
            own.or_else(|| all.values().find_map(state))
        }
        _ => None,
    }
}

/// All that is said of people.
pub(super) fn findings(answer: &Json) -> Vec<Finding> {
    let mut all = Vec::new();
    look(answer, None, false, &mut all);
    all
}

/// Looks for what has the documented form of an error, and for whatever is called one. It is about the person whom it
/// stands with.
fn look(answer: &Json, who: Option<&str>, is_called_error: bool, all: &mut Vec<Finding>) {
    match answer {
        Json::Array(parts) => parts.iter().for_each(|one| look(one, who, is_called_error, all)),
        Json::Object(parts) if !parts.is_empty() => {
            let who = username(answer).or(who);
            let begins = |name: &str, with: &str| {
                parts.get(name).and_then(Json::as_str).is_some_and(|word| word.starts_with(with))
            };
            if is_called_error || begins("reason", "REASON_") || begins("level", "LEVEL_") {
                let reach = reach(parts.get("level"));
                all.push(Finding { who: who.map(str::to_owned), reach, words: said(answer) });
                return;
            }
            for (name, value) in parts {
                look(value, who, name.contains("error"), all);
            }
        }
        Json::String(words) if is_called_error && !words.is_empty() => all.push(Finding {
            who: who.map(str::to_owned),
            reach: Reach::Unsaid,
            words: quoted(words),
        }),
        _ => {}
    }
}

fn reach(level: Option<&Json>) -> Reach {
    match level.and_then(Json::as_str) {
        Some("LEVEL_INFO" | "LEVEL_WARNING") => Reach::Nothing,
        Some("LEVEL_ERROR") => Reach::Values,
        Some("LEVEL_FATAL") => Reach::Person,
        _ => Reach::Unsaid,
    }
}

/// What an answer lacks of somebody as they were sent: it is told as it was read, so what is not in it was dropped. None
/// where it does not tell of them.
pub(super) fn lacking(answer: &Json, sent: &Json) -> Option<Vec<String>> {
    let told = record(answer, sent[USERNAME].as_str()?)?;
    let parts = sent.as_object()?;
    // Nobody tells a password again.
    let lacks = parts.iter().filter(|(name, value)| {
        *name != "password" && !is_nothing(value) && !holds(&told[*name], value)
    });
    Some(lacks.map(|(name, _)| name.clone()).collect())
}

/// Whom an answer tells of under a username.
fn record<'a>(answer: &'a Json, name: &str) -> Option<&'a Json> {
    match answer {
        Json::Array(all) => all.iter().find_map(|one| record(one, name)),
        Json::Object(all) => {
            let is_own = answer[USERNAME].as_str().is_some_and(|own| same(own, name));
            if is_own {
                return Some(answer);
            }
            all.values().find_map(|one| record(one, name))
        }
        _ => None,
    }
}

/// Whether all that was sent is in what is told; more may be.
fn holds(told: &Json, sent: &Json) -> bool {
    match (told, sent) {
        (Json::Object(told), Json::Object(sent)) => sent.iter().all(|(name, value)| {
            is_nothing(value) || told.get(name).is_some_and(|told| holds(told, value))
        }),
        (Json::Array(told), Json::Array(sent)) => {
            sent.iter().all(|value| told.iter().any(|told| holds(told, value)))
        }
        (Json::String(told), Json::String(sent)) => same(bare(told), bare(sent)),
        (told, sent) => told == sent,
    }
}

/// The pages name the words of a status in a long way, client programs in a short one.
fn bare(word: &str) -> &str {
    word.strip_prefix("USER_ACTIVE_STATUS_").unwrap_or(word)
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn username(object: &Json) -> Option<&str> {
    object[USERNAME].as_str().or_else(|| object["user"][USERNAME].as_str())
}

fn is_nothing(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(all) => all.is_empty(),
        Json::Object(all) => all.is_empty(),
        Json::Bool(yes) => !yes,
        Json::Number(_) => false,
    }
}

/// An answer in SafetyCulture's own words: its messages, or else its reasons. Nothing else of it, which may be of anybody.
pub(super) fn said(answer: &Json) -> String {
    let words = |called: &str| {
        let mut words = Vec::new();
        collect(answer, called, &mut words);
        words.join("; ")
    };
    match (words("message"), words("reason")) {
        (messages, _) if !messages.is_empty() => quoted(&messages),
        (_, reasons) if !reasons.is_empty() => quoted(&reasons),
        _ => "SafetyCulture does not say why".to_owned(),
    }
}

fn collect(answer: &Json, called: &str, words: &mut Vec<String>) {
    match answer {
        Json::Array(all) => all.iter().for_each(|one| collect(one, called, words)),
        Json::Object(all) => {
            for (name, value) in all {
                match value {
                    Json::String(text) if name.contains(called) && !text.is_empty() => {
                        words.push(text.clone());
                    }
                    other => collect(other, called, words),
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_wrong_is_found_wherever_it_stands_and_is_of_whom_it_stands_with() {
        let error = json!({ "reason": "REASON_X", "message": "no", "level": "LEVEL_FATAL" });
        let answer = json!({
            "users": [
                { "user": { "username": "a" }, "errors": [error] },
                { "user": { "username": "b" }, "errors": [{ "level": "LEVEL_WARNING" }] },
                { "username": "c", "error": "no such site" },
            ],
            "results": [{ "index": 1, "reason": "REASON_Y", "level": "LEVEL_ERROR" }],
            "error": "",
        });
        let told: Vec<(Option<String>, Reach)> =
            findings(&answer).into_iter().map(|one| (one.who, one.reach)).collect();
        let who = |name: &str| Some(name.to_owned());
        assert_eq!(
            told,
            [
                (who("a"), Reach::Person),
                (who("b"), Reach::Nothing),
                (who("c"), Reach::Unsaid),
                (None, Reach::Values)
            ]
        );
    }

    #[test]
    fn what_an_answer_lacks_of_somebody_was_dropped() {
        let sent = json!({
            "username": "Ada@example.com", "status": "deactivated", "password": "s",
            "groups": { "remove_references": [{ "name": "*" }], "add_references": [] },
        });
        let told = |user: Json| lacking(&json!({ "users": [{ "user": user }] }), &sent);
        let groups = json!({ "remove_references": [{ "id": "", "name": "*" }] });
        let whole = json!({
            "username": "ada@example.com", "status": "USER_ACTIVE_STATUS_DEACTIVATED",
            "groups": groups,
        });
        assert_eq!(told(whole), Some(Vec::new()));
        let less = json!({ "username": "ada@example.com", "status": "", "groups": groups });
        assert_eq!(told(less), Some(vec!["status".to_owned()]));
        assert_eq!(told(json!({ "username": "bo@example.com" })), None);
    }

    #[test]
    fn nothing_is_quoted_but_what_is_meant_to_be_read() {
        let nothing = said(&json!({ "first_name": "Ada", "code": 3 }));
        assert_eq!(nothing, "SafetyCulture does not say why");
        // What is quoted is marked, to be looked at for secrets.
        assert_eq!(said(&json!({ "reason": "REASON_X", "name": "Ada" })), quoted("REASON_X"));
        assert_eq!(said(&json!({ "reason": "REASON_X", "message": "no" })), quoted("no"));
    }
}
