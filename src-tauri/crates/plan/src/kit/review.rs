//! The plan as one page to mail or to print.

use askama::Template;

use crate::kit::Story;
use crate::kit::checklist::{effect_sentences, good_until, own_profile, when};
use crate::plan::{Action, ByHand, CellPlan, NOT_DOCUMENTED, PersonPlan, PlannedPerson};
use muster_roster::diff::added_values;
use muster_roster::profile::{Choice, Policy};
use muster_roster::roster::Column;
use muster_table::error::Result;
use muster_table::html::{self, Sentence};

/// More people than this make a page that no mail program opens; the rest is in the upload file.
const MOST: usize = 2_000;

#[derive(Template)]
#[template(path = "review.html")]
struct Page<'a> {
    story: &'a Story<'a>,
    made: String,
    worked_out: String,
    good_until: String,
    note: &'a str,
    own_profile: String,
    softens: &'a [String],
    counts: Vec<(u32, &'static str)>,
    chosen: Vec<(&'a Policy, &'a Choice)>,
    effects: Vec<String>,
    released: Vec<&'a str>,
    people: Vec<Person<'a>>,
    /// How many people are not listed.
    more: usize,
    /// What is to be done, of whom and where.
    by_hand: Vec<(&'a ByHand, String, &'a str)>,
    /// Who stays active because the file leaves them out.
    staying: Vec<String>,
    if_they_left: &'a str,
    cannot_undo: &'a [String],
}

/// Somebody, and what stands beside the name: the sign, the class and the word of the action.
struct Person<'a> {
    person: &'a PersonPlan,
    sign: &'static str,
    class: &'static str,
    word: &'static str,
    is_new: bool,
    /// Of someone new or changed, the cells say all there is.
    tells_why: bool,
}

pub fn write(story: &Story) -> Result<String> {
    let people = &story.plan.people;
    let policies = story.profile.policies.iter();
    html::written(&Page {
        story,
        made: when(story.options.at),
        worked_out: story.plan.worked_out(story.options.at),
        good_until: good_until(story).unwrap_or_default(),
        note: story.options.note.trim(),
        own_profile: own_profile(story.profile).unwrap_or_default(),
        softens: &story.profile.origin.softens,
        counts: counts(story),
        chosen: policies.filter_map(|policy| chosen(story, policy)).collect(),
        effects: effect_sentences(story.plan),
        released: story.released.iter().map(|guard| guard.message.as_str()).collect(),
        people: people.iter().take(MOST).map(Person::of).collect(),
        more: people.len().saturating_sub(MOST),
        by_hand: story.plan.by_hand.iter().map(by_hand).collect(),
        staying: story.plan.effects.staying.iter().map(|p| p.who()).collect(),
        if_they_left: &story.plan.effects.if_they_left,
        cannot_undo: &story.undo.cannot,
    })
}

impl Page<'_> {
    fn title(&self) -> String {
        format!("Upload to {}", self.story.profile.called())
    }
}

fn chosen<'a>(story: &Story, policy: &'a Policy) -> Option<(&'a Policy, &'a Choice)> {
    let choice = policy.choice(story.plan.choices.answer_to(policy)?)?;
    Some((policy, choice))
}

fn by_hand(item: &ByHand) -> (&ByHand, String, &str) {
    (item, item.who().replace('`', ""), &item.r#where)
}

/// How many are new and how many are changed; of the others only what there is.
fn counts(story: &Story) -> Vec<(u32, &'static str)> {
    let counts = story.counts();
    let always = [(counts.create, "new"), (counts.update, "changed")];
    let others = [
        (counts.reactivate, "active again"),
        (counts.deactivate, "deactivated"),
        (counts.delete, "deleted"),
        (counts.blocked, "left out because of a problem"),
        (counts.ignored, "left alone"),
        (counts.same, "unchanged"),
    ];
    always.into_iter().chain(others.into_iter().filter(|(count, _)| *count > 0)).collect()
}

impl<'a> Person<'a> {
    fn of(planned: &'a PlannedPerson) -> Person<'a> {
        let action = planned.person.action;
        let (sign, class, word) = match action {
            Action::Create => ("+", "come", "new"),
            Action::Update => ("~", "changed", "changed"),
            Action::Reactivate => ("~", "changed", "active again"),
            Action::Deactivate => ("−", "gone", "deactivated"),
            Action::Delete => ("−", "gone", "deleted"),
            Action::Blocked => ("!", "gone", "left out"),
            Action::Ignored => ("·", "soft", "left alone"),
            Action::Same => ("", "soft", "unchanged"),
        };
        let is_new = action == Action::Create;
        let tells_why = !is_new && action != Action::Update;
        Person { person: &planned.person, sign, class, word, is_new, tells_why }
    }

    /// Of several values, those that go.
    fn gone<'c>(&self, story: &Story, cell: &'c CellPlan) -> Vec<&'c str> {
        self.column(story, cell).map_or(Vec::new(), |c| added_values(c, &cell.result, &cell.before))
    }

    /// Of several values, those that come.
    fn come<'c>(&self, story: &Story, cell: &'c CellPlan) -> Vec<&'c str> {
        self.column(story, cell).map_or(Vec::new(), |c| added_values(c, &cell.before, &cell.result))
    }

    /// The column of a cell of several values, where it is known how the cell was and how it will be.
    fn column<'s>(&self, story: &'s Story, cell: &CellPlan) -> Option<&'s Column> {
        let known = !self.is_new && cell.result != NOT_DOCUMENTED;
        let column = story.columns.get(cell.column? as usize)?;
        (known && column.separator.is_some()).then_some(column)
    }
}
