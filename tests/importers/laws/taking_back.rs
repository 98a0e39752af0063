//! The undo file brings back what the kit changed, and nothing else.

use super::said::same;
use super::{Kind, Told, holds};
use crate::roll::{Person, Roll};

/// `before` is what the LMS had before the kit; `lms` has taken it.
pub fn undoes<K: Kind>(told: &Told<K>, before: &Roll, lms: &mut K::Lms, unsaid: &str) {
    let receipt = told.json("kit/receipt.json");
    let cannot: Vec<&str> = receipt["cannot_undo"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|s| s.as_str())
        .collect();
    keys_back(before, K::roll(lms), K::key(&told.plan["policies"]), &cannot);
    let after = K::roll(lms).clone();
    let Some(taken) = told.upload(lms, "undo", &receipt["undo_policies"]) else { return };
    holds!(told, taken.mails.is_empty(), "the undo file sends mails: {:?}", taken.mails);
    let back = K::roll(lms).clone();
    let key = before.at(K::key(&told.plan["policies"]));
    let by_hand = told.plan["by_hand"].as_array().cloned().unwrap_or_default();
    for now in &back.people {
        let Some(was) = before.people.iter().find(|p| p.id == now.id) else {
            let named = format!("`{}`", now.cells[key]);
            if !cannot.iter().any(|line| line.contains(&named) && line.contains("somebody new")) {
                newcomer(told, &after, now, unsaid);
            }
            continue;
        };
        let Some(meanwhile) = after.people.iter().find(|p| p.id == now.id) else { continue };
        holds!(
            told,
            now.passwords == meanwhile.passwords,
            "the undo file resets {:?}, with {unsaid}",
            now.cells
        );
        let who = [
            was.cells[key].clone(),
            K::known_by(
                &after,
                after.people.iter().position(|p| p.id == now.id).unwrap_or_default(),
            ),
        ];
        for (at, column) in before.header.iter().enumerate() {
            let said = |line: &str| {
                who.iter().any(|w| line.to_lowercase().contains(&format!("`{w}`").to_lowercase()))
                    && (line.contains(&format!("`{column}`")) || line.contains("was deactivated"))
            };
            let hand = by_hand.iter().any(|b| {
                b["column"] == *column
                    && who.iter().any(|w| b["known_by"] == **w || b["key"] == **w)
            });
            let expected = if hand { &meanwhile.cells[at] } else { &was.cells[at] };
            let as_it_was = same::<K>(column, expected, &now.cells[at]);
            let told_so = cannot.iter().any(|line| said(line))
                && same::<K>(column, &meanwhile.cells[at], &now.cells[at]);
            holds!(
                told,
                as_it_was || told_so,
                "`{column}` of {:?} was `{}`, became `{}` and is `{}` after the undo, with {unsaid}: {cannot:?}",
                was.cells,
                was.cells[at],
                meanwhile.cells[at],
                now.cells[at]
            );
        }
    }
}

/// A key that was changed by hand is changed back by hand, as the kit asks for before its undo file is used.
fn keys_back(before: &Roll, roll: &mut Roll, key: &str, cannot: &[&str]) {
    let at = before.at(key);
    for was in &before.people {
        let named = format!("`{}` was changed by hand, change it back", was.cells[at]);
        if cannot.iter().any(|line| line.contains(&named))
            && let Some(now) = roll.people.iter_mut().find(|p| p.id == was.id)
        {
            now.cells[at].clone_from(&was.cells[at]);
        }
    }
}

/// Somebody whom the kit made stays, and may have been made inactive.
fn newcomer<K: Kind>(told: &Told<K>, after: &Roll, now: &Person, unsaid: &str) {
    let was = after.people.iter().find(|p| p.id == now.id);
    let left = was.is_some_and(|was| {
        let mut expected = was.clone();
        if let Some((column, inactive)) = K::STATUS {
            inactive.clone_into(&mut expected.cells[after.at(column)]);
        }
        now == was || *now == expected
    });
    holds!(told, left, "the undo file makes or changes {:?}, with {unsaid}", now.cells);
}
