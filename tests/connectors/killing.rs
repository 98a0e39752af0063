//! A push whose process is ended at moments that nobody chooses, and which is gone on with until it is through.

use std::ffi::OsStr;
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::command::Muster;

/// Begins a push, ends it and goes on with it, so many times, then lets it end. Answers its receipt.
pub fn kill_until_through(muster: &Muster, push_words: &[&dyn AsRef<OsStr>], kills: u32) -> Value {
    let resume: [&dyn AsRef<OsStr>; 3] = [&"outbox", &"resume", &"1"];
    let mut child = muster.begin(push_words);
    let mut least = Duration::from_millis(300);
    let (mut killed, mut before) = (0, Value::Null);
    while killed < kills {
        sleep(least + least.mul_f64(chance()));
        let has_ended = !matches!(child.try_wait(), Ok(None));
        let _ = child.kill();
        let _ = child.wait();
        let (_, listed) = muster.try_to(&[&"outbox", &"--format", &"json"]);
        let listed = listed.find('{').zip(listed.rfind('}')).map(|(from, to)| &listed[from..=to]);
        let listed = listed.and_then(|json| serde_json::from_str::<Value>(json).ok());
        let push = listed.map(|listed| listed["pushes"][0].clone()).unwrap_or_default();
        if has_ended && (push["state"] == "sent" || push["counts"]["waiting"] == 0) {
            break;
        }
        killed += 1;
        // Asking the LMS who is there takes a while; whoever is ended sooner never gets on.
        if push["counts"]["done"] == before {
            least += Duration::from_millis(200);
        }
        before = push["counts"]["done"].clone();
        // It may have been ended before there was a push to go on with.
        child = if push.is_null() { muster.begin(push_words) } else { muster.begin(&resume) };
    }
    let _ = child.wait();
    muster.try_to(&resume);
    let receipt = muster.answer(&[&"outbox", &"show", &"1"], 0);
    assert!(killed >= 3, "it was ended {killed} times only");
    println!("ended {killed} times: {}", receipt["counts"]);
    receipt
}

/// Between 0 and 1, as good as random.
fn chance() -> f64 {
    let now = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.subsec_nanos());
    f64::from(now / 1000 % 1000) / 1000.0
}
