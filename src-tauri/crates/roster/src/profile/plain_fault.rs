//! What the reader of TOML says of a mistake, for somebody who writes a profile and no programs.

use super::file::nearest;

/// The sentence, where `line` is the line of the file on which the mistake is.
pub(super) fn told(message: &str, line: &str) -> String {
    let message = message.lines().collect::<Vec<_>>().join(" ");
    let (word, value) = match line.split_once('=') {
        Some((word, value)) => (word.trim(), value.trim()),
        None => ("", line.trim()),
    };
    if let Some((wrong, known)) = between(&message, "unknown field `", "`, expected ") {
        return match nearest(wrong, 2, quoted(known)) {
            Some(near) => format!("nothing is called `{wrong}` here; perhaps `{near}` is meant"),
            None => format!("nothing is called `{wrong}` here"),
        };
    }
    if let Some((wrong, known)) = between(&message, "unknown variant `", "`, expected ") {
        let all = quoted(known).map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        let meant = nearest(wrong, 2, quoted(known))
            .map_or(String::new(), |near| format!("; perhaps `{near}` is meant"));
        let what = if word.is_empty() { String::new() } else { format!("`{word}` cannot be ") };
        return match what.is_empty() {
            true => format!("`{wrong}` is not known here{meant}. There are {all}"),
            false => format!("{what}`{wrong}`{meant}. There are {all}"),
        };
    }
    if let Some(missing) = message.strip_prefix("missing field `") {
        return format!("`{}` is missing here", missing.trim_end_matches('`'));
    }
    if word.is_empty() {
        return message;
    }
    let wanted = message.rsplit_once("expected ").map_or("", |(_, wanted)| wanted);
    let is_typed = message.starts_with("invalid type") || message.starts_with("invalid value");
    let wants = match wanted {
        "usize" | "u8" | "u16" | "u32" | "u64" | "integer" | "an integer" => {
            "a whole number, in digits and without quotes"
        }
        "a boolean" => "`true` or `false`, without quotes",
        "a sequence" => "a list in brackets, such as [\"one\", \"two\"]",
        "a string" => "a text in quotes",
        "a map" | "struct" => "a part of its own, with words in it",
        _ => "",
    };
    if is_typed && !wants.is_empty() {
        return format!("`{word}` is {wants}, and here it is `{value}`");
    }
    if message.contains("wanted string or table") {
        return format!("`{word}` is a word in quotes, and here it is `{value}`");
    }
    if message == "duplicate key" {
        return format!("`{word}` stands twice here");
    }
    // What follows could not be read at all.
    match value.chars().next() {
        None => format!("`{word}` has no value"),
        Some(quote @ ('"' | '\'')) if !value[1..].contains(quote) => {
            format!("the text of `{word}` has no {quote} at its end")
        }
        Some('"' | '\'' | '[' | '{') => format!("`{word}`: {message}"),
        Some(_) if is_typed => format!("`{word}`: {message}"),
        Some(_) => format!(
            "`{word}` cannot be read: `{value}` is no number in digits, no `true` or `false`, and no text in quotes"
        ),
    }
}

fn between<'m>(message: &'m str, before: &str, between: &str) -> Option<(&'m str, &'m str)> {
    message.strip_prefix(before)?.split_once(between)
}

/// The words in backticks.
fn quoted(known: &str) -> impl Iterator<Item = &str> {
    known.split('`').skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use crate::profile::Profile;

    fn why(line: &str) -> String {
        let text = format!(
            "id = \"acme\"\nname = \"Acme\"\nbased_on = \"edapp\"\n\n[[field]]\nid = \"firstname\"\n{line}\n"
        );
        Profile::parse(&text, "acme.toml", |code| code != "group-unknwon").expect_err("refused").why
    }

    #[test]
    fn a_mistake_is_told_with_its_line_and_its_word() {
        for (line, told) in [
            (
                "max = forty",
                "line 7: `max` cannot be read: `forty` is no number in digits, no `true` or `false`, and no text in quotes",
            ),
            (
                "max = \"forty\"",
                "line 7: `max` is a whole number, in digits and without quotes, and here it is `\"forty\"`",
            ),
            (
                "max = -3",
                "line 7: `max` is a whole number, in digits and without quotes, and here it is `-3`",
            ),
            ("max =", "line 7: `max` has no value"),
            ("max = 1\nmax = 2", "line 8: `max` stands twice here"),
            (
                "colunm_required = true",
                "line 7: nothing is called `colunm_required` here; perhaps `column_required` is meant",
            ),
            (
                "column_required = \"yes\"",
                "line 7: `column_required` is `true` or `false`, without quotes, and here it is `\"yes\"`",
            ),
            (
                "headers = \"First\"",
                "line 7: `headers` is a list in brackets, such as [\"one\", \"two\"], and here it is `\"First\"`",
            ),
            ("unique = true", "line 7: `unique` is a word in quotes, and here it is `true`"),
            ("about = \"x", "line 7: the text of `about` has no \" at its end"),
            ("[rules.group-unknwon]\noff = true", "line 7: there is no rule `group-unknwon`"),
        ] {
            assert_eq!(why(line), told);
        }
        let told = why("kind = \"dat\"");
        assert!(told.starts_with(
            "line 7: `kind` cannot be `dat`; perhaps `date` is meant. There are `text`"
        ));
    }
}
