//! `muster rules`: what is looked for, and why.

use clap::Args;
use muster_engine::error::{Failure, Result};
use muster_engine::finding::Severity;
use muster_engine::rules::{RULES, Requires, Rule, rule_index};
use serde::Serialize;

use crate::exit::Exit;
use crate::page::Page;

/// Lists the rules, or explains one
#[derive(Debug, Args)]
pub struct Options {
    /// The rule to explain, such as group-unknown
    code: Option<String>,
}

pub fn run(options: Options, page: &mut Page) -> Result<Exit> {
    match options.code {
        None => list(page),
        Some(code) => explain(find(&code)?, page),
    }
    Ok(Exit::Fine)
}

fn find(code: &str) -> Result<&'static Rule> {
    let at = rule_index(code).ok_or_else(|| no_rule(code))?;
    RULES.get(usize::from(at)).copied().ok_or_else(|| no_rule(code))
}

/// That there is no such rule.
pub fn no_rule(code: &str) -> Failure {
    Failure::state(format!("there is no rule `{code}`")).hint("`muster rules` lists them.")
}

#[derive(Serialize)]
struct Listed {
    rule: &'static str,
    title: &'static str,
    severity: Severity,
    needs: String,
}

#[derive(Serialize)]
struct Explained {
    #[serde(flatten)]
    listed: Listed,
    /// Markdown.
    text: &'static str,
}

fn listed(rule: &'static Rule) -> Listed {
    Listed {
        rule: rule.code,
        title: rule.title,
        severity: rule.severity,
        needs: match rule.requires {
            Requires::File => "the file".into(),
            Requires::List(kind) => format!("a list of {kind}"),
            Requires::Snapshot => "a snapshot".into(),
        },
    }
}

fn list(page: &mut Page) {
    let rules: Vec<Listed> = RULES.iter().map(|rule| listed(rule)).collect();
    if page.is_json() {
        #[derive(Serialize)]
        struct All {
            rules: Vec<Listed>,
        }
        return page.json(&All { rules });
    }
    let row = |rule: &Listed| {
        [rule.rule.into(), rule.severity.word().into(), rule.needs.clone(), rule.title.into()]
    };
    page.columns(&rules.iter().map(row).collect::<Vec<_>>());
}

fn explain(rule: &'static Rule, page: &mut Page) {
    let explained = Explained { listed: listed(rule), text: rule.help() };
    if page.is_json() {
        return page.json(&explained);
    }
    page.line(format!("{}: {}", rule.code, rule.title));
    page.line(format!("{}; needs {}", rule.severity.word(), explained.listed.needs));
    page.line("");
    for line in explained.text.lines() {
        page.line(line);
    }
}
