//! What Muster writes, given to the real systems that take it. `make test ONLY=connectors` sets them up.

mod asked;
mod command;
#[path = "../../src-tauri/cli/tests/contract.rs"]
mod contract;
mod conversations;
mod exports;
mod facility;
mod faults;
mod keychain;
mod killing;
mod kolibri;
mod kolibri_server;
mod mock_server;
mod moodle;
mod neighbours;
mod outbox;
mod own_account;
mod play_edapp;
mod play_gateway;
mod play_moodle;
mod play_safetyculture;
mod pushing;
mod scim;
mod scim_others;
mod scim_servers;
mod servers;
mod sftp;
mod sheet;
mod small_lms;
mod strict;
mod strictly;
mod trust;
