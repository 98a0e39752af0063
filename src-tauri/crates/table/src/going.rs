//! Whether long work is to go on.

use std::ops::Range;

use crate::error::{Failure, FailureKind};

/// Is told now and then how much is done; answers whether to go on. Once it says no, it says no ever after.
pub type GoOn<'g> = &'g (dyn Fn(usize) -> bool + Sync);

/// How much is done of work that has several parts is told in thousandths.
pub const WHOLE: usize = 1000;

/// What a part of such work tells that goes through `parts` of something: so many thousandths of the whole.
pub fn part_of(
    go_on: GoOn<'_>,
    share: Range<usize>,
    parts: usize,
) -> impl Fn(usize) -> bool + Sync + '_ {
    move |done| go_on(share.start + share.len() * done.min(parts) / parts.max(1))
}

/// What work answers that was stopped.
pub fn stopped() -> Failure {
    Failure::new(FailureKind::Cancelled, "it was stopped")
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn parts_of_work_are_told_as_thousandths_of_all_of_it() {
        let told = Mutex::new(Vec::new());
        let go_on = |done| {
            told.lock().expect("no other test has it").push(done);
            done < WHOLE
        };
        let first = part_of(&go_on, 0..200, 50);
        let second = part_of(&go_on, 200..WHOLE, 3);
        assert!(first(0) && first(25) && first(80) && second(0) && second(1) && !second(3));
        let nothing = part_of(&go_on, 0..WHOLE, 0);
        assert!(nothing(0), "of nothing");
        assert_eq!(*told.lock().expect("read"), [0, 100, 200, 200, 466, 1000, 0]);
    }
}
