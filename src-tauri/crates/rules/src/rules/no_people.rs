use super::{
    CheckContext, Concerns, FindingSink, FindingText, Requires, Rule, RuleScope, header_none,
};
use muster_roster::finding::Severity;
use muster_roster::profile::synonyms;
use muster_table::words::listed;

pub static RULE: Rule = Rule {
    code: "no-people",
    title: "No list of people",
    severity: Severity::Error,
    requires: Requires::File,
    concerns: Concerns::Reading,
    scope: RuleScope::Header(check),
    page: include_str!("no_people.md"),
};

fn check(context: &CheckContext, sink: &mut FindingSink) {
    let roster = &context.roster;
    let names = || roster.columns.iter().map(|column| column.name.as_str());
    // Two things of an invoice, and each row is one, whoever it was sent to.
    let is_goods = synonyms::tells_goods(names()) >= 2;
    if roster.columns.is_empty()
        || header_none::is_doubted(context)
        || (!is_goods && roster.who().next().is_some())
    {
        return;
    }
    sink.header(None, || {
        let all: Vec<String> = names().map(|name| name.trim().to_owned()).collect();
        let shown = told(&all);
        let message = if is_goods {
            format!(
                "this looks like invoices, orders or goods, and not like people: its columns are {shown}; open the list of people"
            )
        } else {
            format!(
                "nothing says who somebody is: of {shown} none is known as a name, a login or an e-mail; choose another \
                 file or sheet, or the line on which the column names stand, or say which column it is"
            )
        };
        FindingText::new(all.join(", ").chars().take(200).collect::<String>(), message)
    });
}

/// The first of the columns by name.
fn told(names: &[String]) -> String {
    const FEW: usize = 6;
    const LONGEST: usize = 40;
    let filled: Vec<&String> = names.iter().filter(|name| !name.is_empty()).collect();
    let mut shown: Vec<String> = filled
        .iter()
        .take(FEW)
        .map(|name| match name.char_indices().nth(LONGEST) {
            Some((at, _)) => format!("`{}…`", &name[..at]),
            None => format!("`{name}`"),
        })
        .collect();
    let more = names.len() - shown.len();
    match (shown.len(), more) {
        (0, 1) => return "a column without a name".to_owned(),
        (0, more) => return format!("{more} columns without names"),
        (_, 0) => {}
        (_, more) => shown.push(format!("{more} more")),
    }
    listed(&shown)
}
