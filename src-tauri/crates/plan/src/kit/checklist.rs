//! What to click in the LMS, in order, with the choices and the numbers of this plan.

use std::fmt::Write;

use crate::kit::page::{Block, Page, Words};
use crate::kit::{Part, Story};
use crate::plan::{Plan, PlanCounts};
use muster_roster::profile::{Choices, Existing, Policy, Profile, Takes};
use muster_table::words::people;

/// The checklist.
pub fn write(story: &Story) -> Page {
    let mut out = Vec::new();
    let lms = story.profile.called();
    let note = story.options.note.trim();
    if !note.is_empty() {
        out.push(Block::Text(Words::plain(note)));
    }
    if !story.options.account.is_empty() {
        let of = Words::plain("For the account ").then_value(story.options.account);
        out.push(Block::Text(of.then(format!(": see that it is its {lms} that you are in."))));
    }
    let made = format!("Made {} with plan ", when(story.options.at));
    out.push(Block::Text(Words::plain(made).then_value(&story.plan.id).then(".")));
    out.push(Block::Text(Words::plain(story.plan.worked_out(story.options.at))));
    if let Some(until) = good_until(story) {
        out.push(Block::Text(Words::plain(until)));
    }

    of_profile(&mut out, story);

    out.push(Block::Heading("What to click"));
    if story.plan.is_old() {
        let first = format!(
            "First export the people of {lms} again: the export that this was made with is {} days old. If Muster finds differences, make this kit anew from the new export.",
            story.plan.snapshot_age.unwrap_or_default()
        );
        out.push(Block::Ticks(vec![Words::plain(first)]));
    }
    let upload = Upload::of_plan(story);
    let steps = steps(story.profile, &upload);
    out.push(Block::Ticks(steps.iter().map(|s| Words::sentence(s)).collect()));

    out.push(Block::Heading("What to expect"));
    out.push(Block::Counts(expected(story.counts(), story.people())));
    let choices = choices(story.profile, &story.plan.choices);
    if !choices.is_empty() {
        out.push(Block::Text(Words::plain("The plan holds for these choices and no others:")));
        out.push(Block::Points(choices));
    }
    effects(&mut out, story);
    left_out(&mut out, story);
    new_people(&mut out, story);
    by_hand(&mut out, story);
    if_they_left(&mut out, story);
    holds(&mut out, story);
    undo(&mut out, story);
    Page { title: format!("Upload to {lms}"), blocks: out }
}

/// That the profile is somebody's own, as a sentence; none where it comes with Muster.
pub fn own_profile(profile: &Profile) -> Option<String> {
    let Profile { origin, name, id, .. } = profile;
    let softens = match origin.softens.is_empty() {
        true => ".",
        false => ", and it softens what is looked for:",
    };
    origin.own.then(|| format!("Own profile: `{name}` (`{id}`) does not come with Muster{softens}"))
}

fn of_profile(out: &mut Vec<Block>, story: &Story) {
    let Some(sentence) = own_profile(story.profile) else { return };
    out.push(Block::Text(Words::sentence(&sentence)));
    let softens = story.profile.origin.softens.iter();
    out.push(Block::Points(softens.map(|s| Words::sentence(s)).collect()));
}

/// Until when the kit is to be uploaded: late, it would put back what was changed meanwhile.
pub fn good_until(story: &Story) -> Option<String> {
    let until = story.plan.good_until(story.options.at)?;
    let lms = story.profile.called();
    let day = crate::plan::written(until);
    let why = match story.profile.existing {
        // Nobody who exists is touched, so nothing of theirs is put back.
        Existing::Ignored => format!("who is new here may be in {lms} by then"),
        Existing::Updated => format!("what was changed in {lms} meanwhile would be put back"),
        Existing::Unknown => {
            format!("what was changed in {lms} meanwhile might be put back")
        }
    };
    Some(format!(
        "Upload it by {day}, and not once a newer export of {lms} is there: {why}. Then make the kit anew."
    ))
}

/// "22 November 2026, 03:28 UTC".
pub fn when(at: &str) -> String {
    let Ok(time) = at.parse::<jiff::Timestamp>() else { return at.to_owned() };
    time.strftime("%-d %B %Y, %H:%M UTC").to_string()
}

/// What a step of the profile's checklist is filled with.
struct Upload<'a> {
    files: String,
    people: u32,
    counts: PlanCounts,
    choices: &'a Choices,
    /// How many people get another key by it.
    renamed: usize,
}

impl<'a> Upload<'a> {
    fn of_plan(story: &'a Story) -> Upload<'a> {
        Upload {
            files: file_names(&story.upload),
            people: story.people(),
            counts: *story.counts(),
            choices: &story.plan.choices,
            renamed: story.plan.people.iter().filter(|planned| planned.renamed_by_file).count(),
        }
    }

    fn of_undo(story: &'a Story) -> Upload<'a> {
        let people = story.back.iter().map(|p| p.people).sum();
        let is_put_back = |was: Option<u32>| was.is_some_and(|was| story.undo.rows.contains(&was));
        let renamed = story.plan.people.iter();
        let renamed = renamed.filter(|p| p.renamed_by_file && is_put_back(p.was));
        Upload {
            files: file_names(&story.back),
            people,
            counts: story.undo.counts(story.plan),
            choices: &story.undo.choices,
            renamed: renamed.count(),
        }
    }
}

fn file_names(parts: &[Part]) -> String {
    let names: Vec<&str> = parts.iter().map(|p| p.name.as_str()).collect();
    names.join("`, then `")
}

/// The profile's steps with `{file}`, `{people}` (“12 people”), a count such as `{create}`, and `{policy:groups}` filled in.
fn steps(profile: &Profile, upload: &Upload) -> Vec<String> {
    let generic = [
        "Open the page where {lms} takes a file of people.".to_owned(),
        "Choose `{file}` ({people}).".to_owned(),
    ];
    let steps = if profile.checklist.is_empty() { &generic[..] } else { &profile.checklist };
    steps.iter().map(|step| filled(step, profile, upload)).collect()
}

fn filled(step: &str, profile: &Profile, upload: &Upload) -> String {
    let mut out = String::new();
    let mut rest = step;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        match value(name, profile, upload) {
            Some(value) => out.push_str(&value),
            None => {
                let _ = write!(out, "{{{name}}}");
            }
        }
        rest = after;
    }
    out.push_str(rest);
    // An answer may end a sentence that the step ends too.
    out.replace("..", ".")
}

fn value(name: &str, profile: &Profile, upload: &Upload) -> Option<String> {
    if let Some(id) = name.strip_prefix("policy:") {
        return Some(choice(profile.policy_named(id)?, upload.choices).0);
    }
    let counts = &upload.counts;
    Some(match name {
        "file" => upload.files.clone(),
        "lms" => profile.called().to_owned(),
        "people" => people(upload.people as usize),
        "create" => counts.create.to_string(),
        "edited" => upload.people.saturating_sub(counts.create).to_string(),
        "update" => (counts.update + counts.reactivate).to_string(),
        "deactivate" => counts.deactivate.to_string(),
        "delete" => counts.delete.to_string(),
        "renames" => match upload.renamed {
            0 => "No".to_owned(),
            1 => "Yes, as 1 person is renamed".to_owned(),
            many => format!("Yes, as {} are renamed", people(many)),
        },
        _ => return None,
    })
}

/// What was chosen of a policy, and what the LMS does then: "choose “Add”. EdApp adds …".
fn choice(policy: &Policy, choices: &Choices) -> (String, String) {
    let chosen = choices.answer_to(policy).unwrap_or_default().trim();
    match policy.choice(chosen) {
        Some(choice) if choice.button => {
            (format!("choose “{}”. {}", choice.title, choice.says), choice.title.clone())
        }
        // What is no word of the LMS's own page is nothing to look for on it.
        Some(choice) => (format!("{}. {}", choice.title, choice.says), choice.title.clone()),
        None if policy.takes == Takes::Choice => {
            ("not chosen yet".to_owned(), "not chosen yet".to_owned())
        }
        None if policy.takes == Takes::Column && !policy.other_title.is_empty() => (
            format!("choose “{}”, and `{chosen}` as the key", policy.other_title),
            chosen.to_owned(),
        ),
        None if chosen.is_empty() && policy.takes == Takes::Number => {
            ("nothing yet.".to_owned(), "nothing yet".to_owned())
        }
        None if chosen.is_empty() => ("leave it as it is".to_owned(), "nothing".to_owned()),
        None => (format!("`{chosen}`"), chosen.to_owned()),
    }
}

fn choices(profile: &Profile, choices: &Choices) -> Vec<Words> {
    let told = |policy: &Policy| {
        choices.answer_to(policy).filter(|answer| !answer.trim().is_empty())?;
        // What the LMS never hears of is no choice of the upload.
        if policy.of_every_list {
            return None;
        }
        let (_, title) = choice(policy, choices);
        Some(Words::plain(format!("{}: ", policy.title)).then_strong(title))
    };
    profile.policies.iter().filter_map(told).collect()
}

fn expected(counts: &PlanCounts, people: u32) -> Vec<(&'static str, u32)> {
    let rows = [
        ("In the file", people),
        ("New", counts.create),
        ("Changed", counts.update),
        ("Active again", counts.reactivate),
        ("Deactivated", counts.deactivate),
        ("Deleted", counts.delete),
        ("Left out because of a problem", counts.blocked),
        ("Left alone", counts.ignored),
    ];
    let told = |(n, row): (usize, (&'static str, u32))| (n < 3 || row.1 > 0).then_some(row);
    rows.into_iter().enumerate().filter_map(told).collect()
}

/// The effects of a plan beside its counts, each a sentence.
pub fn effect_sentences(plan: &Plan) -> Vec<String> {
    let effects = &plan.effects;
    let mut all = Vec::new();
    if effects.invitations > 0 {
        all.push(format!(
            "{} would get an invitation by mail.",
            people(effects.invitations as usize)
        ));
    }
    if effects.password_resets > 0 {
        all.push(format!(
            "The password of {} would be replaced.",
            people(effects.password_resets as usize)
        ));
    }
    if !effects.fields_created.is_empty() {
        all.push(format!("New fields for everybody: `{}`.", effects.fields_created.join("`, `")));
    }
    all.extend(effects.also.iter().cloned());
    all.push(format!("Active people afterwards: {}.", effects.seats_after));
    all
}

fn effects(out: &mut Vec<Block>, story: &Story) {
    out.push(Block::Text(Words::plain("What else happens:")));
    let all = effect_sentences(story.plan);
    out.push(Block::Points(all.iter().map(|s| Words::sentence(s)).collect()));
}

/// Nobody is left out silently.
fn left_out(out: &mut Vec<Block>, story: &Story) {
    let everybody = crate::plan::Part::default();
    let blocked = story.plan.with_errors(everybody).map(|p| &p.person);
    let told: Vec<Words> =
        blocked.map(|p| named(&p.name, &p.key).then(": ").then_sentence(&p.why)).collect();
    if !told.is_empty() {
        out.push(Block::Heading("Left out because of a problem"));
        out.push(Block::Points(told));
    }
}

/// Where an import only adds people, what comes next in the LMS is about those who are new.
fn new_people(out: &mut Vec<Block>, story: &Story) {
    let told: Vec<Words> = story.new_people().map(|p| named(&p.name, &p.key)).collect();
    if !told.is_empty() {
        out.push(Block::Heading("New people, for what comes next"));
        out.push(Block::Points(told));
    }
}

fn named(name: &str, key: &str) -> Words {
    Words::plain(format!("{name} (")).then_value(key).then(")")
}

fn by_hand(out: &mut Vec<Block>, story: &Story) {
    if story.plan.by_hand.is_empty() {
        return;
    }
    out.push(Block::Heading("To do by hand"));
    out.push(Block::Text(Words::plain("No file carries these out:")));
    let told = |item: &crate::plan::ByHand| {
        Words::sentence(&item.who())
            .then(format!(": {} ", item.column))
            .then_value(&item.before)
            .then(" becomes ")
            .then_value(&item.value)
            .then(format!(" ({})", item.r#where))
    };
    out.push(Block::Ticks(story.plan.by_hand.iter().map(told).collect()));
}

/// Whoever is not in the file may have left: nobody knows from here, so none of it is certain.
fn if_they_left(out: &mut Vec<Block>, story: &Story) {
    const FEW: usize = 25;
    let effects = &story.plan.effects;
    if effects.staying.is_empty() {
        return;
    }
    out.push(Block::Heading("To do by hand, if they have left"));
    let then = Words::plain("These people are not in the file. ");
    out.push(Block::Text(then.then_sentence(&effects.if_they_left)));
    let few = effects.staying.iter().take(FEW);
    out.push(Block::Ticks(few.map(|p| Words::sentence(&p.who())).collect()));
    let more = effects.staying.len().saturating_sub(FEW);
    if more > 0 {
        let more = format!("And {more} more: the review page of this kit names them.");
        out.push(Block::Text(Words::plain(more)));
    }
}

fn holds(out: &mut Vec<Block>, story: &Story) {
    if story.released.is_empty() {
        return;
    }
    out.push(Block::Heading("Holds that were released"));
    let told = story.released.iter();
    let told = told.map(|g| Words::value(&g.id).then(": ").then_sentence(&g.message));
    out.push(Block::Points(told.collect()));
}

/// Why there is no file that takes the upload back.
fn no_undo(story: &Story) -> String {
    let lms = story.profile.called();
    match story.profile.existing {
        Existing::Ignored => format!(
            "There is no undo file: an import of {lms} changes nobody who exists already, so no file takes anything back."
        ),
        _ => "There is no undo file: nothing of this upload can be put back by one.".to_owned(),
    }
}

fn undo(out: &mut Vec<Block>, story: &Story) {
    out.push(Block::Heading("If it has to be taken back"));
    let upload = Upload::of_undo(story);
    if upload.people == 0 {
        out.push(Block::Text(Words::plain(no_undo(story))));
    } else {
        let says = format!(
            " puts back what this upload changes ({}). Upload it in the same way:",
            people(upload.people as usize)
        );
        out.push(Block::Text(Words::sentence(&format!("`{}`", upload.files)).then(says)));
        let steps = steps(story.profile, &upload);
        out.push(Block::Steps(steps.iter().map(|s| Words::sentence(s)).collect()));
    }
    if !story.undo.cannot.is_empty() {
        out.push(Block::Text(Words::plain("This it cannot take back:")));
        let cannot = story.undo.cannot.iter().map(|c| Words::sentence(c));
        out.push(Block::Points(cannot.collect()));
    }
}
