//! A SafetyCulture that is played: its bulk user operations, as its developer pages describe them, as strictly as they do.
//!
//! It was written from the documents, before the connector was read beside it; nobody has seen a real one. They are:
//!
//! | short | document |
//! |---|---|
//! | bulk | developer.safetyculture.com/reference/bulk-user-operations |
//! | errors | …/reference/bulk-user-operations-errors |
//! | init, start, get | …/reference/usersservice_initcreateorupdateusersjob, …_startcreateorupdateusersjob, …_getcreateorupdateusersjob |
//! | limits | …/reference/rate-limits |
//! | adduser | …/reference/thepubservice_adduser |
//! | csv | help.safetyculture.com/005176, “Bulk manage users via CSV or Excel” |
//! | client | client programs on GitHub that take users out of sites, and deactivate them, by such jobs |
//!
//! What Muster does not ask for (the call for ten people at once, the list of jobs, the data feeds) is not played: like any
//! other path it is unknown here.

mod asked;
mod executing;
mod jobs;
mod record;
mod state;
mod switches;
mod validating;

use std::sync::{Arc, Mutex, MutexGuard};

use crate::strict::http::serve;
use crate::strict::told::World;
pub use state::{Call, State};
pub use switches::Switches;

pub const TOKEN: &str = "T0ken-of-safetyculture";

pub struct SafetyCulture {
    port: u16,
    state: Arc<Mutex<State>>,
}

impl SafetyCulture {
    pub fn start(switches: Switches) -> SafetyCulture {
        let state = Arc::new(Mutex::new(State::new(switches)));
        SafetyCulture { port: serve(state.clone(), asked::answer), state }
    }

    /// How the connector is addressed.
    pub fn address(&self) -> String {
        format!("safetyculture+http://127.0.0.1:{}/", self.port)
    }

    /// What it holds, and what it is to do.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panicked")
    }

    /// Everybody, by their e-mail.
    pub fn world(&self) -> World {
        self.state().world()
    }
}
