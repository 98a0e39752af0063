//! One call of a function, and what Moodle says to it.

use serde_json::Value as Json;

use super::super::http::{Lost, Repeat, said};
use super::super::link::ChangeResult;
use super::Moodle;
use muster_table::error::{Failure, FailureKind};

const SERVER: &str = "webservice/rest/server.php";

pub(super) type Fields = Vec<(String, String)>;

/// Why there is nothing to go on with.
pub(super) enum CallError {
    /// Moodle's own words, and its code for them.
    Said {
        code: String,
        words: String,
    },
    Lost(Lost),
}

/// What stands in the way of every call, whomever it concerns: the token is none any more, its account may not come in, or
/// nobody may. Of such a call nothing was done.
const SHUT_OUT: [&str; 4] = ["invalidtoken", CLOSED, "usernotfullysetup", "sitepolicynotagreed"];
/// So begins what Moodle says of an account that is suspended, not confirmed, or none to log in with.
const NO_ACCOUNT: &str = "wsaccessuser";

/// Somebody closed the site on its page. By hand on the machine it is closed with a status instead.
const CLOSED: &str = "sitemaintenance";

/// The service has no such function, or not for this token: Moodle says the same of all that it does not let in.
pub(super) const NO_ACCESS: &str = "accessexception";

impl CallError {
    pub fn failure(self, what: &str, function: &str) -> Failure {
        match self {
            CallError::Lost(lost) => lost.failure(),
            CallError::Said { code, words } => {
                let kind = match code.as_str() {
                    CLOSED => FailureKind::Network,
                    _ => FailureKind::Refused,
                };
                let failure = Failure::new(kind, what).why(words);
                failure.hint(match code.as_str() {
                    CLOSED => "Try again when it is open. What waits in the outbox stays there, and nobody in it is sent twice.".to_owned(),
                    "usernotfullysetup" | "sitepolicynotagreed" => "Log in to Moodle with the token's account, and do there what it asks.".to_owned(),
                    "invalidtoken" => "Make a new token in Moodle, and put it into the connection.".to_owned(),
                    NO_ACCESS => format!(
                        "Moodle says so where the token's service has not the function {function}, where it is switched off, and where the token has expired or may not be used from here. Look in “Site administration”, “Server”, “Web services”."
                    ),
                    "nopermissions" => "Give the role of the token's account the capability that Moodle names.".to_owned(),
                    _ => format!("Check the token, and that its service has {function}."),
                })
            }
        }
    }

    /// Where it concerns nobody in particular, the call is as good as not sent.
    fn or_shut_out(self, function: &str) -> CallError {
        match &self {
            CallError::Said { code, .. }
                if SHUT_OUT.contains(&code.as_str()) || code.starts_with(NO_ACCOUNT) =>
            {
                let failure = self.failure("Moodle does not let Muster in", function);
                CallError::Lost(Lost::NotSent(failure))
            }
            _ => self,
        }
    }

    pub fn into_result(self) -> ChangeResult {
        match self {
            CallError::Said { words, .. } => ChangeResult::Refused(words),
            CallError::Lost(lost) => lost.into(),
        }
    }
}

impl From<Lost> for ChangeResult {
    fn from(lost: Lost) -> ChangeResult {
        match lost {
            Lost::Unknown(failure) => ChangeResult::Unknown(failure),
            Lost::NotSent(failure) => ChangeResult::NotSent(failure),
        }
    }
}

impl Moodle {
    /// As `ask`, for what changes people: none of them is refused for what stands in everybody's way.
    pub(super) fn ask_to_change(
        &self,
        function: &str,
        fields: Fields,
        repeat: Repeat,
    ) -> Result<Json, CallError> {
        self.ask(function, fields, repeat).map_err(|no| no.or_shut_out(function))
    }

    /// Calls a function. Moodle answers 200 to a mistake too; the answer says which it is.
    pub(super) fn ask(
        &self,
        function: &str,
        fields: Fields,
        repeat: Repeat,
    ) -> Result<Json, CallError> {
        let mut all = vec![
            ("wstoken".to_owned(), self.token.reveal().to_owned()),
            ("wsfunction".to_owned(), function.to_owned()),
            ("moodlewsrestformat".to_owned(), "json".to_owned()),
        ];
        all.extend(fields);
        let mut reply = self.http.form(SERVER, &all, repeat).map_err(CallError::Lost)?;
        // A list of everybody is long: it is handed on, and not copied.
        if let Some(json) = reply.json.take_if(|json| json.get("exception").is_none())
            && reply.is_fine()
        {
            return Ok(json);
        }
        match &reply.json {
            Some(json) => {
                Err(CallError::Said { code: text(json, "errorcode"), words: said(&words(json)) })
            }
            // The answer of web services that are switched off.
            _ if reply.status == 403 && reply.text.trim().is_empty() => Err(CallError::Said {
                code: "off".to_owned(),
                words: "web services, or REST among them, are switched off there".to_owned(),
            }),
            _ => Err(CallError::Said { code: String::new(), words: reply.message() }),
        }
    }
}

/// An exception in Moodle's words; what lies behind it is told only where the site allows that.
fn words(exception: &Json) -> String {
    let (message, behind) = (text(exception, "message"), text(exception, "debuginfo"));
    let message = if message.is_empty() { text(exception, "errorcode") } else { message };
    // With debugging on, a new Moodle says the same twice.
    let all = match behind.is_empty() || message.contains(&behind) {
        true => message,
        false => format!("{message} ({behind})"),
    };
    plain(&all)
}

/// Words without the tags that Moodle puts into some of them: `error/<div>Passwords must …</div>`.
pub(super) fn plain(words: &str) -> String {
    let mut text = String::new();
    let mut rest = words.strip_prefix("error/").unwrap_or(words);
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        match tag.split_once('>') {
            Some((_, after)) => {
                text.push(' ');
                rest = after;
            }
            None => {
                text.push('<');
                rest = tag;
            }
        }
    }
    text.push_str(rest);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn list(json: &Json) -> &[Json] {
    json.as_array().map_or(&[], Vec::as_slice)
}

pub(super) fn text(json: &Json, name: &str) -> String {
    written(&json[name])
}

/// A single value as a text.
pub(super) fn written(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        Json::Bool(yes) => yes.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_no_tags_and_nothing_twice() {
        let weak = r"error/<div>Passwords must be at least 8 characters long.</div><div>Passwords must have at least 1 digit(s).</div>";
        assert_eq!(
            plain(weak),
            "Passwords must be at least 8 characters long. Passwords must have at least 1 digit(s)."
        );
        assert_eq!(plain("5 < 6"), "5 < 6");
        let twice = serde_json::json!({
            "message": "Invalid parameter value detected (Username already exists: ada)",
            "debuginfo": "Username already exists: ada"
        });
        assert_eq!(
            words(&twice),
            "Invalid parameter value detected (Username already exists: ada)"
        );
    }
}
