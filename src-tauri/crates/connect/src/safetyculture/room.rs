//! How many calls of a kind SafetyCulture allows in a minute: what it says of that, or else what its pages say.

use std::time::{Duration, Instant};

use crate::http::{Http, Reply};

const MINUTE: Duration = Duration::from_secs(60);

pub(super) struct Room {
    most: usize,
    /// When calls were made, as far as that counts.
    made: Vec<Instant>,
    /// It counts itself.
    is_told: bool,
    full_until: Option<Instant>,
}

impl Room {
    pub fn new(most: usize) -> Room {
        Room { most, made: Vec::new(), is_told: false, full_until: None }
    }

    /// Rests until one more call is allowed; says whether it is, or it was told to stop.
    pub fn wait(&mut self, http: &Http) -> bool {
        self.made.retain(|call| call.elapsed() < MINUTE);
        let oldest = self.made.first().filter(|_| !self.is_told && self.made.len() >= self.most);
        let rest = match (self.full_until.take(), oldest) {
            (Some(until), _) => until.saturating_duration_since(Instant::now()),
            (None, Some(oldest)) => MINUTE.saturating_sub(oldest.elapsed()),
            (None, None) => Duration::ZERO,
        };
        let goes_on = http.rest(rest);
        self.made.push(Instant::now());
        goes_on
    }

    /// Hears how many calls are left, and after how many seconds all are.
    pub fn hear(&mut self, reply: &Reply) {
        let number = |name: &str| reply.header(name).and_then(|text| text.trim().parse().ok());
        let left: Option<u64> = number("x-ratelimit-remaining");
        let Some((left, resets)) = left.zip(number("x-ratelimit-reset")) else { return };
        self.is_told = true;
        let until = Instant::now() + Duration::from_secs(resets).min(MINUTE);
        self.full_until = (left == 0).then_some(until);
    }
}
