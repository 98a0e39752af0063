//! What is chosen for an upload or a push, and by whom nobody is asked.

use super::fields::few;
use super::{Told, shown};
use muster_roster::profile::{Choice, Policy};

/// What is otherwise of the choices; `by` names the way of sending, where they are one's.
pub fn told(told: &mut Told, by: &str, now: &[Policy], usual: &[Policy]) {
    for before in usual {
        let Some(own) = now.iter().find(|policy| policy.id == before.id) else {
            if !before.of_every_list {
                told.softens(format!("It no longer asks{by}: {}.", before.title));
            }
            continue;
        };
        one(told, by, own, before);
    }
    for own in now.iter().filter(|own| usual.iter().all(|before| before.id != own.id)) {
        if own.of_every_list {
            continue;
        }
        let answer =
            own.default.as_ref().map_or(String::new(), |to| format!(", and answers {}", shown(to)));
        let (title, id) = (shown(&own.title), shown(&own.id));
        told.softens(format!("It asks something more{by}: {title} ({id}){answer}."));
    }
}

fn one(told: &mut Told, by: &str, own: &Policy, before: &Policy) {
    let Policy {
        id,
        own: passed_on,
        title,
        field,
        takes,
        choices,
        other,
        other_title,
        default,
        source,
        of_every_list: _,
    } = own;
    let called = &before.title;
    if default != &before.default {
        let was = before.default.as_deref().map_or("nothing".into(), shown);
        told.softens(match default {
            Some(now) => {
                format!("{called}{by} (`{id}`): it answers {}, not {was}.", shown(now))
            }
            None => format!("{called}{by} (`{id}`): it answers nothing, not {was}."),
        });
    }
    if (passed_on, field, takes) != (&before.own, &before.field, &before.takes) {
        told.softens(format!("{called}{by} (`{id}`): it is about something else."));
    }
    let ids = |choices: &[Choice]| choices.iter().map(|c| c.id.clone()).collect::<Vec<_>>();
    let (now, was) = (ids(choices), ids(&before.choices));
    let added = super::fields::more(&now, &was);
    let gone = super::fields::more(&was, &now);
    if !added.is_empty() {
        told.softens(format!("{called}{by} (`{id}`): it may be answered by {} too.", few(&added)));
    }
    if !gone.is_empty() {
        told.softens(format!("{called}{by} (`{id}`): it may not be answered by {}.", few(&gone)));
    }
    let mut says = (title, other, other_title, source)
        != (&before.title, &before.other, &before.other_title, &before.source);
    for choice in choices {
        let Some(usual) = before.choices.iter().find(|c| c.id == choice.id) else { continue };
        let Choice { id: answer, title, button, says: what, key, passes_over } = choice;
        if key != &usual.key {
            told.softens(format!(
                "{called}{by}: by `{answer}` people are known by another column."
            ));
        }
        if passes_over != &usual.passes_over {
            told.softens(format!("{called}{by}: whom `{answer}` passes over is said otherwise."));
        }
        says |= (title, button, what) != (&usual.title, &usual.button, &usual.says);
    }
    if says {
        told.softens(format!("{called}{by} (`{id}`): it says in its own words what is done."));
    }
}
