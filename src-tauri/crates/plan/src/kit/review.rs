//! The plan as one page to mail or to print: nothing but HTML with its styles inside, light, without scripts.

use std::fmt::Write;

use crate::kit::Story;
use crate::kit::checklist::{effect_sentences, when};
use crate::plan::{Action, ByHand, CellPlan, NOT_DOCUMENTED, Planned};
use muster_roster::diff::added_values;
use muster_table::html::{escaped, sentence};

/// More people than this make a page that no mail program opens; the rest is in the upload file.
const MOST: usize = 2_000;

const CELL: &str =
    "padding:4px 10px 4px 0;vertical-align:top;border-bottom:1px solid #dddddd;text-align:left;";
const SOFT: &str = "color:#555555;";

pub fn write(story: &Story) -> String {
    let mut out = String::new();
    let lms = escaped(story.profile.called());
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>Upload to {lms}</title>\n</head>\n<body style=\"margin:0;background:#ffffff;\">\n<div style=\"max-width:60em;margin:0 auto;padding:24px;font:14px/1.45 'Segoe UI',Helvetica,Arial,sans-serif;color:#1a1a1a;background:#ffffff;\">\n<h1 style=\"font-size:22px;margin:0 0 4px;\">Upload to {lms}</h1>\n<p style=\"margin:0 0 12px;{SOFT}\">Made {}. Nothing is sent yet: this is what the upload would do.</p>\n",
        escaped(&when(story.asked.at))
    );
    let note = story.asked.note.trim();
    if !note.is_empty() {
        let _ = writeln!(out, "<p style=\"margin:0 0 12px;\">{}</p>", escaped(note));
    }
    counts(&mut out, story);
    choices(&mut out, story);
    section(&mut out, "What else happens", &sentences(&effect_sentences(story.plan)));
    let released: Vec<String> = story.released.iter().map(|g| g.message.clone()).collect();
    section(&mut out, "Holds that were released", &sentences(&released));
    people(&mut out, story);
    let by_hand: Vec<String> = story.plan.by_hand.iter().map(by_hand).collect();
    section(&mut out, "To do by hand, because no file can", &by_hand);
    section(&mut out, "What the undo file cannot take back", &sentences(&story.undo.cannot));
    out.push_str("</div>\n</body>\n</html>\n");
    out
}

/// Our sentences, with what stands in backticks as code.
fn sentences(all: &[String]) -> Vec<String> {
    all.iter().map(|text| sentence(text)).collect()
}

fn heading(out: &mut String, title: &str) {
    let _ = writeln!(
        out,
        "<h2 style=\"font-size:16px;margin:24px 0 6px;page-break-after:avoid;\">{title}</h2>"
    );
}

fn section(out: &mut String, title: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    heading(out, title);
    out.push_str("<ul style=\"margin:0;padding-left:20px;\">\n");
    for item in items {
        let _ = writeln!(out, "<li>{item}</li>");
    }
    out.push_str("</ul>\n");
}

fn counts(out: &mut String, story: &Story) {
    let counts = story.counts();
    let all = [
        ("new", counts.create),
        ("changed", counts.update),
        ("active again", counts.reactivate),
        ("deactivated", counts.deactivate),
        ("deleted", counts.delete),
        ("left out because of a problem", counts.blocked),
        ("not acted on", counts.ignored),
        ("unchanged", counts.same),
    ];
    out.push_str("<table style=\"border-collapse:collapse;margin:0 0 12px;\">\n<tr>");
    let shown = all.iter().enumerate().filter(|(n, c)| *n < 2 || c.1 > 0);
    for (_, (name, count)) in shown {
        let _ = write!(
            out,
            "<td style=\"padding:4px 20px 4px 0;\"><strong style=\"font-size:20px;\">{count}</strong><br><span style=\"{SOFT}\">{name}</span></td>"
        );
    }
    out.push_str("</tr>\n</table>\n");
}

fn choices(out: &mut String, story: &Story) {
    let told = |policy: &muster_roster::profile::Policy| {
        let choice = policy.choice(story.plan.choices.answer_to(policy)?)?;
        Some(format!(
            "{}: <strong>{}</strong>. {}",
            escaped(&policy.title),
            escaped(&choice.title),
            escaped(&choice.says)
        ))
    };
    let all: Vec<String> = story.profile.policies.iter().filter_map(told).collect();
    section(out, "Chosen for this upload", &all);
}

fn people(out: &mut String, story: &Story) {
    let people = &story.plan.people;
    if people.is_empty() {
        return;
    }
    heading(out, "Who is affected");
    out.push_str("<table style=\"border-collapse:collapse;width:100%;\">\n<thead><tr>");
    for title in ["", "Person", "Column", "Now", "In the file", "Afterwards"] {
        let _ = write!(out, "<th style=\"{CELL}border-bottom:2px solid #888888;\">{title}</th>");
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for planned in people.iter().take(MOST) {
        person(out, story, planned);
    }
    out.push_str("</tbody>\n</table>\n");
    let more = people.len().saturating_sub(MOST);
    if more > 0 {
        let _ = writeln!(out, "<p style=\"{SOFT}\">And {more} more, who are not listed here.</p>");
    }
}

/// The sign and the colour of an action, and what it is called.
fn action(action: Action) -> (&'static str, &'static str, &'static str) {
    match action {
        Action::Create => ("+", "#1b6e3c", "new"),
        Action::Update => ("~", "#7a5200", "changed"),
        Action::Reactivate => ("~", "#7a5200", "active again"),
        Action::Deactivate => ("−", "#a3201d", "deactivated"),
        Action::Delete => ("−", "#a3201d", "deleted"),
        Action::Blocked => ("!", "#a3201d", "left out"),
        Action::Ignored => ("·", "#555555", "not acted on"),
        Action::Same => ("", "#555555", "unchanged"),
    }
}

fn person(out: &mut String, story: &Story, planned: &Planned) {
    let person = &planned.person;
    let (sign, colour, word) = action(person.action);
    let rows = person.cells.len().max(1);
    let line = person.line.map_or(String::new(), |line| format!(" · line {line}"));
    let _ = write!(
        out,
        "<tr style=\"page-break-inside:avoid;\"><td rowspan=\"{rows}\" style=\"{CELL}color:{colour};font-weight:bold;\">{sign}</td><td rowspan=\"{rows}\" style=\"{CELL}\"><strong>{}</strong> <span style=\"color:{colour};\">{word}</span><br><span style=\"{SOFT}\">{}{line}",
        escaped(&person.name),
        escaped(&person.key),
    );
    // Of someone new or changed, the cells say all there is.
    if !matches!(person.action, Action::Create | Action::Update) {
        let _ = write!(out, "<br>{}", sentences(std::slice::from_ref(&person.why)).concat());
    }
    out.push_str("</span></td>");
    let Some((first, rest)) = person.cells.split_first() else {
        let _ = writeln!(out, "<td colspan=\"4\" style=\"{CELL}\"></td></tr>");
        return;
    };
    let is_new = person.action == Action::Create;
    cell(out, story, first, is_new);
    for next in rest {
        out.push_str("<tr>");
        cell(out, story, next, is_new);
    }
}

fn cell(out: &mut String, story: &Story, cell: &CellPlan, is_new: bool) {
    let shown = |text: &str| match text {
        "" if is_new => String::new(),
        "" => format!("<span style=\"{SOFT}\">blank</span>"),
        text => escaped(text),
    };
    let why = cell.why.as_ref().map_or(String::new(), |why| {
        format!(
            "<br><span style=\"{SOFT}\">{}</span>",
            sentences(std::slice::from_ref(why)).concat()
        )
    });
    let _ = writeln!(
        out,
        "<td style=\"{CELL}{SOFT}\">{}</td><td style=\"{CELL}\">{}</td><td style=\"{CELL}\">{}</td><td style=\"{CELL}\">{}{}{why}</td></tr>",
        escaped(&cell.title),
        shown(&cell.before),
        shown(&cell.after),
        shown(&cell.result),
        if is_new { String::new() } else { moves(story, cell) },
    );
}

/// Of several values, those that come and those that go.
fn moves(story: &Story, cell: &CellPlan) -> String {
    let column = cell.column.and_then(|at| story.columns.get(at as usize));
    let many =
        |c: &&muster_roster::roster::Column| c.separator.is_some() && cell.result != NOT_DOCUMENTED;
    let Some(column) = column.filter(many) else {
        return String::new();
    };
    let mut out = String::new();
    let gone = added_values(column, &cell.result, &cell.before);
    let come = added_values(column, &cell.before, &cell.result);
    let signs =
        gone.iter().map(|v| ("−", "#a3201d", v)).chain(come.iter().map(|v| ("+", "#1b6e3c", v)));
    for (sign, colour, value) in signs {
        let _ = write!(out, "<br><span style=\"color:{colour};\">{sign} {}</span>", escaped(value));
    }
    out
}

fn by_hand(item: &ByHand) -> String {
    let shown = |value: &str| if value.is_empty() { "blank".to_owned() } else { escaped(value) };
    format!(
        "<strong>{}</strong>: {} {} becomes {} <span style=\"{SOFT}\">({})</span>",
        escaped(&item.who().replace('`', "")),
        escaped(&item.column),
        shown(&item.before),
        shown(&item.value),
        escaped(&item.r#where)
    )
}
