//! Ways to an LMS. A connector states what it is, and the plan says what it therefore leaves out.
//!
//! Beside `store`, this is the only part of the engine that touches the world.

pub mod kit;

/// What a connector is, for the plan.
#[derive(Debug, PartialEq, Eq)]
pub struct Connector {
    pub id: &'static str,
    /// "Upload kit".
    pub title: &'static str,
}

/// The upload kit: files, and a checklist of what to click.
pub static KIT: Connector = Connector { id: "kit", title: "Upload kit" };
