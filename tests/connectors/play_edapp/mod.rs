//! An EdApp that is played: its REST interface, version 2, as its help pages and client programs have it.
//!
//! It was written from these alone; nobody has seen a real one:
//!
//! | short | document |
//! |---|---|
//! | auth | support.edapp.com/api/authentication, “Authenticating and using the EdApp API” |
//! | users | support.edapp.com/api/users, “Users API” |
//! | list | support.edapp.com/users, “Get Users” |
//! | groups | support.edapp.com/api/user-groups, “User Groups API” |
//! | csv | “Managing users via CSV”, the help page on exports and uploads |
//! | client | edapp-python-sdk of SafetyCulture on GitHub, nftl-ed-lms-tools 0.1.5 on PyPI |
//!
//! `users` names two more calls, to change and to delete somebody. What they take is in none of these, so they are refused
//! here, and Muster leaves them alone.

mod asked;
mod groups;
mod listing;
mod state;
mod switches;
mod users;

use std::sync::{Arc, Mutex, MutexGuard};

use crate::strict::http::serve;
use crate::strict::told::World;
pub use state::{Call, State};
pub use switches::Switches;

pub const TOKEN: &str = "T0ken-of-edapp";

pub struct EdApp {
    port: u16,
    state: Arc<Mutex<State>>,
}

impl EdApp {
    pub fn start(switches: Switches) -> EdApp {
        let state = Arc::new(Mutex::new(State::new(switches)));
        EdApp { port: serve(state.clone(), asked::answer), state }
    }

    /// How the connector is addressed.
    pub fn address(&self) -> String {
        format!("edapp+http://127.0.0.1:{}/", self.port)
    }

    /// What it holds, and what it is to do.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nobody panicked")
    }

    /// Everybody, by their username.
    pub fn world(&self) -> World {
        self.state().world()
    }
}
