//! Plan & send: policies, the plan per person, holds, the upload kit.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::plan::{Action, ByHand, Effects, Guard, PersonPlan, PlanCounts};

/// A choice that the LMS asks for at each upload, as sentences.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct PolicyCard {
    /// `groups`, `roles`, `invitations`, `blanks`, `missing`.
    pub id: String,
    /// "Groups of people who exist already".
    pub title: String,
    pub choices: Vec<PolicyChoice>,
    /// The id of what is chosen now; empty where the profile has no default and nobody chose.
    pub chosen: String,
    /// What it comes to in this plan: "12 people would lose a group".
    pub effect: String,
    pub source: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct PolicyChoice {
    pub id: String,
    pub title: String,
    /// What this LMS does then.
    pub says: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct PlanAsked {
    /// Policies by id; those left out stay as they are.
    pub policies: BTreeMap<String, String>,
    /// `changed` or `all`.
    pub only: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct PlanView {
    /// Names this plan; it is stale once the roster or the snapshot has moved.
    pub id: String,
    pub connector: String,
    pub policies: Vec<PolicyCard>,
    pub counts: PlanCounts,
    pub effects: Effects,
    pub guards: Vec<Guard>,
    pub by_hand: Vec<ByHand>,
    /// Errors that stand in the way; empty if the kit may be made.
    pub blockers: Vec<String>,
    pub only: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct PlanPeopleAsked {
    pub plan: String,
    pub action: Option<Action>,
    pub search: String,
    pub first: u32,
    pub count: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct PlanPeople {
    pub total: u32,
    pub people: Vec<PersonPlan>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct KitAsked {
    pub plan: String,
    /// The folder to make; it appears whole or not at all.
    pub folder: String,
    /// The number typed for each hold, by the hold's id.
    pub releases: BTreeMap<String, u32>,
    pub note: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct KitMade {
    pub folder: String,
    pub files: Vec<KitFile>,
    /// The checklist, as Markdown.
    pub checklist: String,
    /// What the undo file cannot take back, by name.
    pub cannot_undo: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "engine.ts")]
pub struct KitFile {
    pub name: String,
    /// "For EdApp: 12 people".
    pub about: String,
    pub bytes: u32,
    pub sha256: String,
}
