//! What goes with a link for as long as it is open: who may stop it, and what must not be told of it.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use super::Stop;
use super::http::blanking::Blanking;
use muster_plan::push::Secret;

/// Shared by a link, its calls, and whoever hands on what it says.
#[derive(Clone)]
pub(crate) struct Watch {
    stop: Stop,
    blanking: Arc<Blanking>,
}

impl Watch {
    pub fn new(secret: &Secret, stop: Stop) -> Watch {
        Watch { stop, blanking: Arc::new(Blanking::new(secret)) }
    }

    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    pub fn stopped(&self) -> bool {
        self.stop.load(Relaxed)
    }

    pub fn blanking(&self) -> &Blanking {
        &self.blanking
    }
}
