//! How Moodle says no: with status 200, in one sentence, and mostly without the reason.

use serde_json::{Value, json};

use super::settings::{Settings, Version};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    class: &'static str,
    code: String,
    message: String,
    /// What is told where debugging is on, as it is on no site in use.
    reason: String,
}

/// Since 4.5 these have a namespace; the others were seen without one.
const NAMESPACED: [&str; 4] = [
    "moodle_exception",
    "invalid_parameter_exception",
    "invalid_response_exception",
    // Read in source.
    "required_capability_exception",
];

impl Exception {
    pub fn told(&self, settings: &Settings) -> Value {
        let new = settings.version == Version::V4_5;
        let class = if new && NAMESPACED.contains(&self.class) {
            format!("core\\exception\\{}", self.class)
        } else {
            self.class.to_owned()
        };
        let mut told = json!({
            "exception": class, "errorcode": self.code, "message": self.message,
        });
        if settings.debugging && !self.reason.is_empty() {
            if new {
                told["message"] = json!(format!("{} ({})", self.message, self.reason));
            }
            told["debuginfo"] = json!(self.reason);
        }
        told
    }

    /// The code and the message of a warning, where one person of many is concerned.
    pub fn warning(&self) -> (&str, &str) {
        (&self.code, &self.message)
    }
}

fn exception(class: &'static str, code: &str, message: &str) -> Exception {
    let (code, message, reason) = (code.to_owned(), message.to_owned(), String::new());
    Exception { class, code, message, reason }
}

pub fn moodle(code: &str, message: &str) -> Exception {
    exception("moodle_exception", code, message)
}

pub fn invalid_parameter(reason: impl Into<String>) -> Exception {
    let (code, message) = ("invalidparameter", "Invalid parameter value detected");
    Exception { reason: reason.into(), ..exception("invalid_parameter_exception", code, message) }
}

pub fn invalid_response() -> Exception {
    let (code, message) = ("invalidresponse", "Invalid response value detected");
    exception("invalid_response_exception", code, message)
}

pub fn invalid_token() -> Exception {
    moodle("invalidtoken", "Invalid token - token not found")
}

/// One text for four causes: the service is off, the function is not in it, the address may not, the token is too old.
pub fn no_access() -> Exception {
    exception("webservice_access_exception", "accessexception", "Access control exception")
}

/// `what` is the capability's name in words: “Create users”.
pub fn no_permission(what: &str) -> Exception {
    let message = format!("Sorry, but you do not currently have permissions to do that ({what}).");
    exception("required_capability_exception", "nopermissions", &message)
}

/// The message was seen, the code is read in source.
pub fn account_refused(how: &str, username: &str) -> Exception {
    let (code, words) = match how {
        "suspended" => ("wsaccessusersuspended", "suspended username"),
        "unconfirmed" => ("wsaccessuserunconfirmed", "unconfirmed username"),
        _ => ("wsaccessusernologin", "nologin authentication username"),
    };
    moodle(code, &format!("Refused web service access for {words}: {username}"))
}

pub fn closed() -> Exception {
    moodle("sitemaintenance", "The site is undergoing maintenance and is currently not available")
}

pub fn no_record(table: &str) -> Exception {
    let message = format!("Can't find data record in database table {table}.");
    exception("dml_missing_record_exception", "invalidrecord", &message)
}

pub fn no_user() -> Exception {
    exception("dml_missing_record_exception", "invaliduser", "Invalid user")
}

/// A text that is too long, or a username that is taken. The code and the message of a warning are the same two.
pub fn cannot_write() -> Exception {
    exception("dml_write_exception", "dmlwriteexception", "Error writing to database")
}

/// Both the code and the message are HTML.
pub fn weak_password(html: &str) -> Exception {
    moodle(html, &format!("error/{html}"))
}

/// As PHP writes JSON: slashes and all letters beyond ASCII are escaped.
pub fn as_php_writes(value: &Value) -> String {
    let mut text = String::new();
    for letter in value.to_string().chars() {
        match letter {
            '/' => text.push_str("\\/"),
            ' '..='~' => text.push(letter),
            other => {
                let mut units = [0; 2];
                for unit in other.encode_utf16(&mut units) {
                    text.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    text
}
