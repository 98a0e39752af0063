//! Addresses of calls. What a server gave, such as an id, is one part of a path and nothing else, whatever is in it.

use url::Url;

use muster_table::error::{Failure, FailureKind, Result};

/// An id or a name as one part of a path. Fails for those that no path can have as a part of it.
pub(crate) fn segment(text: &str) -> Result<String> {
    if matches!(text, "" | "." | "..") {
        let shown = if text.is_empty() { "a blank".to_owned() } else { format!("`{text}`") };
        return Err(Failure::new(
            FailureKind::Refused,
            format!("{shown} is no id that can be asked for"),
        )
        .why("the LMS gave it, and in an address it would stand for something else")
        .hint("Ask the people who run the LMS."));
    }
    Ok(query(text))
}

/// A text as the value of a query.
pub(crate) fn query(text: &str) -> String {
    let all = url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    all.replace('+', "%20").replace('*', "%2A")
}

/// The address of a call, which lies below that of the connection.
pub(super) fn below(base: &Url, path: &str) -> Result<Url> {
    let url = base.join(path).map_err(|e| Failure::internal("a call could not be made").why(e))?;
    let is_below = url.origin() == base.origin()
        && url.path().starts_with(base.path())
        && (url.username(), url.password()) == (base.username(), base.password())
        && url.fragment().is_none();
    match is_below {
        true => Ok(url),
        false => Err(Failure::internal("a call would have gone to another address")),
    }
}
