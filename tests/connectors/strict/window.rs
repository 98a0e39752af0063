//! So many calls in so long, as documents give limits.

use std::time::{Duration, Instant};

pub struct Window {
    pub most: usize,
    long: Duration,
    /// The next call finds that somebody else has made all that are allowed.
    pub is_late: bool,
    begun: Option<Instant>,
    made: usize,
}

/// How many calls are left, and how many seconds until all are.
pub struct Room {
    pub is_allowed: bool,
    pub left: usize,
    pub resets: u64,
}

impl Window {
    pub fn new(most: usize, long: Duration) -> Window {
        Window { most, long, is_late: false, begun: None, made: 0 }
    }

    /// Counts a call.
    pub fn take(&mut self) -> Room {
        if std::mem::take(&mut self.is_late) {
            (self.begun, self.made) = (Some(Instant::now()), self.most);
        }
        let begun = match self.begun.filter(|begun| begun.elapsed() < self.long) {
            Some(begun) => begun,
            None => {
                self.made = 0;
                *self.begun.insert(Instant::now())
            }
        };
        let is_allowed = self.made < self.most;
        self.made += usize::from(is_allowed);
        let until = self.long.saturating_sub(begun.elapsed());
        Room { is_allowed, left: self.most - self.made, resets: until.as_secs_f64().ceil() as u64 }
    }
}
