//! The sample, from its nine planted mistakes to a kit.

use serde_json::{Value, json};

use crate::home::{Computer, Muster};

/// What was planted, and the one finding that each leads to: rule, line, value.
const PLANTED: [(&str, u64, &str); 10] = [
    ("separator-wrong", 5, "Warehouse North, Operations"),
    ("group-unknown", 6, "Markting"),
    ("group-unknown", 13, "Markting"),
    ("email-malformed", 9, "hiro.santos@example,com"),
    ("role-unknown", 12, "Learnr"),
    ("space-stray", 16, "Finance "),
    ("password-resets", 17, "•••"),
    ("key-changed", 18, "q.kowalska@example.com"),
    ("zeros-lost", 37, "646"),
    ("key-duplicate", 41, "liam.byrne@example.com"),
];

fn found(muster: &Muster) -> Vec<(String, Option<u64>, String)> {
    let problems = muster.call("problems", Value::Null);
    let rules = problems["rules"].as_array().expect("a list").iter();
    rules
        .flat_map(|group| {
            let asked = json!({ "rule": group["rule"], "value": null, "first": 0, "count": 999 });
            let reply = muster.call("findings", asked);
            let found = reply["findings"].as_array().expect("a list").clone();
            found.into_iter().map(|placed| {
                let finding = &placed["finding"];
                let text = |value: &Value| value.as_str().expect("a text").to_owned();
                (text(&finding["rule"]), placed["line"].as_u64(), text(&finding["value"]))
            })
        })
        .collect()
}

#[test]
fn the_sample_has_its_nine_mistakes_and_no_others() {
    let computer = Computer::new();
    let muster = computer.start();
    let job = muster.call("open_sample", Value::Null);
    assert_eq!((&job["people"], &job["profile"]["id"]), (&json!(40), &json!("edapp")));
    assert_eq!(job["snapshot"]["people"], 39);
    let mut mistakes = found(&muster);
    // Two rows share a key; it is planted on the second.
    mistakes.retain(|(rule, line, _)| (rule.as_str(), *line) != ("key-duplicate", Some(39)));
    // Somebody has left, which is no mistake.
    mistakes.retain(|(rule, _, _)| rule != "person-missing");
    mistakes.sort();
    let mut planted: Vec<_> = PLANTED
        .iter()
        .filter(|(rule, _, _)| muster_engine::rules::RULES.iter().any(|r| r.code == *rule))
        .map(|(rule, line, value)| (rule.to_string(), Some(*line), value.to_string()))
        .collect();
    planted.sort();
    assert_eq!(mistakes, planted);
}
