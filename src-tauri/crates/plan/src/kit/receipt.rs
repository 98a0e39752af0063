//! What a kit is, for the record: when, which files, which choices, which numbers. No cell of the roster but names and
//! keys of people whom the undo file cannot help.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::kit::{File, Story};
use crate::plan::{ByHand, Effects, PlanCounts};
use muster_table::error::{Failure, Result};

#[derive(Serialize)]
struct Receipt<'a> {
    time: &'a str,
    plan: &'a str,
    connector: &'a str,
    profile: &'a str,
    profile_version: &'a str,
    /// Whether it is somebody's own, and does not come with Muster.
    own_profile: bool,
    /// What such a one softens, each a sentence.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    softened: &'a [String],
    muster: &'a str,
    note: &'a str,
    /// Who made it: the account on this computer.
    by: &'a str,
    only: &'a str,
    policies: &'a BTreeMap<String, String>,
    counts: PlanCounts,
    effects: &'a Effects,
    by_hand: &'a [ByHand],
    /// Whom the import makes, where it does nothing else: for what the LMS offers next.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    new_people: Vec<NewPerson<'a>>,
    /// The number typed for each hold.
    releases: BTreeMap<&'a str, u32>,
    files: Vec<Entry<'a>>,
    undo_policies: &'a BTreeMap<String, String>,
    cannot_undo: &'a [String],
    /// The last day on which it is to be uploaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    good_until: Option<String>,
    /// Names of the roster and of the snapshot as they were.
    roster: &'a str,
    snapshot: &'a str,
}

#[derive(Serialize)]
struct NewPerson<'a> {
    key: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct Entry<'a> {
    name: &'a str,
    sha256: String,
    bytes: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    people: Option<u32>,
}

pub fn write(story: &Story, files: &[File]) -> Result<String> {
    let plan = story.plan;
    let parts = || story.upload.iter().chain(&story.back);
    let entry = |file: &'_ File| -> (String, usize, Option<u32>) {
        let people = parts().find(|p| p.name == file.name).map(|p| p.people);
        (file.sha256(), file.bytes.len(), people)
    };
    let receipt = Receipt {
        time: story.options.at,
        plan: &plan.id,
        connector: plan.connector.id,
        profile: &plan.profile.id,
        profile_version: &plan.profile.version,
        own_profile: plan.profile.origin.own,
        softened: &plan.profile.origin.softens,
        muster: env!("CARGO_PKG_VERSION"),
        note: story.options.note,
        by: story.options.by,
        only: plan.only.word(),
        policies: plan.choices.written(),
        counts: plan.counts,
        effects: &plan.effects,
        by_hand: &plan.by_hand,
        new_people: story.new_people().map(|p| NewPerson { key: &p.key, name: &p.name }).collect(),
        releases: story.released.iter().map(|g| (g.id.as_str(), g.actual)).collect(),
        files: files
            .iter()
            .map(|file| {
                let (sha256, bytes, people) = entry(file);
                Entry { name: &file.name, sha256, bytes, people }
            })
            .collect(),
        undo_policies: story.undo.choices.written(),
        cannot_undo: &story.undo.cannot,
        good_until: plan.good_until(story.options.at).map(|day| day.to_string()),
        roster: &plan.basis.roster,
        snapshot: &plan.basis.snapshot,
    };
    serde_json::to_string_pretty(&receipt)
        .map(|text| text + "\n")
        .map_err(|e| Failure::internal("the receipt could not be written").why(e))
}
