//! Ends a call in the middle of a wait, once somebody wants that.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use ureq::Agent;

use super::watch::Watch;

/// How soon it is noticed.
const PAUSE: Duration = Duration::from_millis(200);

/// Makes a call. If it is to stop meanwhile, its connections are closed, and so it ends with an error; the agent makes no
/// other call then. Only while a connection is being made is its time waited for.
pub(super) fn unless_stopped<T>(agent: &Agent, watch: &Watch, call: impl FnOnce() -> T) -> T {
    let (running, ended) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            while ended.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
                if watch.stopped() {
                    agent.clone().shutdown();
                    break;
                }
            }
        });
        let result = call();
        drop(running);
        result
    })
}
