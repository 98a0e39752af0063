//! One page for each LMS: a day with it, from its export to the proof, with the words on the screen. It is made from the
//! profile, so it says what the program does.

use std::fmt::Write;

use muster_roster::profile::{Existing, KeyGiver, Policy, Profile, Takes};

/// Words of the window that the page names. A test looks whether the window still has them.
pub const ON_SCREEN: [&str; 6] = [
    "Open…",
    "have now?",
    "Nothing yet",
    "Plan & send",
    "Make upload kit…",
    "Check the result with a fresh export…",
];

/// The page, as Markdown.
///
/// ```
/// use muster_plan::guide;
/// use muster_roster::profile::Profile;
///
/// let page = guide::page(&Profile::built_in("edapp").expect("it comes with Muster"));
/// assert!(page.starts_with("# A day with EdApp"));
/// assert!(page.contains("“Export users”") && page.contains("What does EdApp have now?"));
/// ```
pub fn page(profile: &Profile) -> String {
    let lms = profile.called();
    let id = &profile.id;
    let mut out = format!("# A day with {lms}\n\n");
    para(&mut out, &format!("{} Facts checked on {}.", profile.summary, profile.version));
    if let Some(why) = &profile.provisional {
        para(&mut out, why);
    }
    heading(&mut out, &format!("1. Take out of {lms} whom it has"));
    if profile.export_steps.is_empty() {
        para(&mut out, &format!("Export the people of {lms}, and keep that file as it is."));
    }
    numbered(&mut out, profile.export_steps.iter().cloned());
    heading(&mut out, "2. Open your list in Muster");
    let new = match profile.existing {
        Existing::Ignored => " If all of them are new, answer “Nothing yet”.",
        _ => "",
    };
    para(
        &mut out,
        &format!(
            "“Open…” the export itself and change it there, or the file that you have: an export edited in a spreadsheet, or a report of your HR system. Muster asks “What does {lms} have now?”: answer with the export.{new}"
        ),
    );
    command(&mut out, &format!("muster check FILE --profile {id} --against EXPORT"));
    heading(&mut out, "3. Put right what is told");
    para(&mut out, &key(profile));
    let by_hand = profile.fields.iter().filter(|f| f.by_hand.is_some());
    let by_hand: Vec<String> = by_hand.map(|f| format!("“{}”", f.title)).collect();
    if !by_hand.is_empty() {
        para(
            &mut out,
            &format!(
                "No file changes {} of somebody who exists: the plan lists it to be done by hand.",
                by_hand.join(", ")
            ),
        );
    }
    command(&mut out, &format!("muster fix FILE --profile {id} --against EXPORT --out NEW"));
    heading(&mut out, "4. Look at the plan");
    para(
        &mut out,
        "“Plan & send” says what will become of every person. A hold stops what is much or cannot be taken back, until its number is typed.",
    );
    let asked: Vec<&Policy> = profile.policies.iter().filter(|p| !p.of_every_list).collect();
    if !asked.is_empty() {
        para(&mut out, &format!("{lms} asks at the upload, and the plan depends on it:"));
        asked.iter().for_each(|policy| choices(&mut out, policy));
        out.push('\n');
    }
    command(&mut out, &format!("muster plan NEW --profile {id} --against EXPORT"));
    heading(&mut out, "5. Make the kit");
    para(
        &mut out,
        &format!(
            "“Make upload kit…” writes a folder: the file in {lms}'s own form, the file that takes it back, the checklist with the numbers of this upload, and a page to review."
        ),
    );
    command(&mut out, &format!("muster kit NEW --profile {id} --against EXPORT --out KIT"));
    heading(&mut out, &format!("6. In {lms}"));
    numbered(&mut out, profile.checklist.iter().map(|step| plain_step(step, profile)));
    heading(&mut out, "7. Prove it");
    para(
        &mut out,
        "“Check the result with a fresh export…” says who is as planned and who is not, by name, and what is left to do by hand.",
    );
    command(&mut out, "muster prove KIT AFTER --against EXPORT");
    heading(&mut out, &format!("What {lms} does, and where that is written"));
    for statement in &profile.statements {
        let _ =
            writeln!(out, "- **{}**: {} *{}*", statement.topic, statement.says, statement.source);
    }
    if !profile.unknown.is_empty() {
        out.push('\n');
        heading(&mut out, "What nobody has written down");
        profile.unknown.iter().for_each(|unknown| {
            let _ = writeln!(out, "- {unknown}");
        });
    }
    out
}

fn key(profile: &Profile) -> String {
    let lms = profile.called();
    let Some(field) = profile.field(&profile.key.field) else {
        return format!("Say which column {lms} knows a person by.");
    };
    match profile.key.given_by {
        KeyGiver::Lms => format!(
            "{lms} knows a person by “{}”, which it gives itself: never change it, and leave it blank for somebody new.",
            field.title
        ),
        KeyGiver::You => format!(
            "{lms} knows a person by “{}”: whoever is there under another makes a second account. Muster says so before it happens.",
            field.title
        ),
    }
}

fn choices(out: &mut String, policy: &Policy) {
    let _ = writeln!(out, "- {}", policy.title);
    for choice in &policy.choices {
        let usual = if policy.default.as_deref() == Some(&choice.id) { " (usual)" } else { "" };
        let _ = writeln!(out, "  - **{}**{usual}: {}", choice.title, choice.says);
    }
    if policy.takes == Takes::Column && !policy.other.is_empty() {
        let _ = writeln!(out, "  - {}", policy.other);
    }
}

/// A step of the checklist without the numbers of a kit.
fn plain_step(step: &str, profile: &Profile) -> String {
    let mut out = String::new();
    let mut rest = step;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = after.split_once('}') else { break };
        out.push_str(&match name {
            "file" => format!("upload.{}", profile.file.format),
            "lms" => profile.called().to_owned(),
            "people" => "so many people".to_owned(),
            "renames" => "as the kit says".to_owned(),
            _ if name.starts_with("policy:") => "as in the plan".to_owned(),
            _ => "…".to_owned(),
        });
        rest = after;
    }
    out.push_str(rest);
    out
}

fn heading(out: &mut String, text: &str) {
    let _ = write!(out, "## {text}\n\n");
}

fn para(out: &mut String, text: &str) {
    let _ = write!(out, "{text}\n\n");
}

fn command(out: &mut String, words: &str) {
    let _ = write!(out, "```sh\n{words}\n```\n\n");
}

fn numbered(out: &mut String, steps: impl Iterator<Item = String>) {
    for (n, step) in steps.enumerate() {
        let _ = writeln!(out, "{}. {step}", n + 1);
    }
    out.push('\n');
}
