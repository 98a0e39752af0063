//! What a server means by yes and no. They say it as truth, as a number and as a word, and some in capitals.

use serde_json::Value as Json;

/// What is neither yes nor no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NeitherYesNorNo;

/// Yes or no; none where nothing is said.
pub(crate) fn yes_or_no(json: &Json) -> Result<Option<bool>, NeitherYesNorNo> {
    match json {
        Json::Null => Ok(None),
        Json::Bool(yes) => Ok(Some(*yes)),
        Json::Number(number) => match number.as_f64() {
            Some(0.0) => Ok(Some(false)),
            Some(1.0) => Ok(Some(true)),
            _ => Err(NeitherYesNorNo),
        },
        Json::String(text) => match text.trim().to_lowercase().as_str() {
            "" => Ok(None),
            "true" | "yes" | "1" => Ok(Some(true)),
            "false" | "no" | "0" => Ok(Some(false)),
            _ => Err(NeitherYesNorNo),
        },
        Json::Array(_) | Json::Object(_) => Err(NeitherYesNorNo),
    }
}

/// Whether it is a yes, for what does no harm where it is missing.
pub(crate) fn is_yes(json: &Json) -> bool {
    yes_or_no(json) == Ok(Some(true))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn yes_and_no_are_understood_as_truth_number_and_word_and_nothing_else_is() {
        for yes in [json!(true), json!(1), json!(1.0), json!("true"), json!("True"), json!(" YES ")]
        {
            assert_eq!(yes_or_no(&yes), Ok(Some(true)), "{yes}");
        }
        for no in [
            json!(false),
            json!(0),
            json!(0.0),
            json!(-0.0),
            json!("false"),
            json!("False"),
            json!("0"),
        ] {
            assert_eq!(yes_or_no(&no), Ok(Some(false)), "{no}");
        }
        for nothing in [json!(null), json!(""), json!("  ")] {
            assert_eq!(yes_or_no(&nothing), Ok(None), "{nothing}");
        }
        for other in [
            json!(2),
            json!(0.5),
            json!(-1),
            json!("maybe"),
            json!("inactive"),
            json!([]),
            json!([false]),
            json!({}),
        ] {
            assert_eq!(yes_or_no(&other), Err(NeitherYesNorNo), "{other}");
        }
    }
}
