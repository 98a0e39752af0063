//! Whether long work is to go on.

use crate::error::{Failure, FailureKind};

/// Is told now and then how much is done; answers whether to go on. Once it says no, it says no ever after.
pub type GoOn<'g> = &'g (dyn Fn(usize) -> bool + Sync);

/// What work answers that was stopped.
pub fn stopped() -> Failure {
    Failure::new(FailureKind::Cancelled, "it was stopped")
}
