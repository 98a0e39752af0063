//! Pushes from the moment they are frozen to their receipt: what is kept of them, how one is carried out, and how it is
//! taken back. The window and the command both work through here.

mod as_it_is_now;
mod cancelling;
mod file_drop;
mod freezing;
mod receipt;
mod remembered;
mod running;
mod undo_push;

pub(crate) use as_it_is_now::{as_it_is_now, table_of_export};
pub use cancelling::cancel;
pub use freezing::{Chosen, freeze};
pub use receipt::Receipt;
pub(crate) use receipt::{outcome_word, rows_of};
pub(crate) use remembered::Remembered;
pub use running::{RunContext, RunResult, carry_out, try_again};
pub use undo_push::undo_push;
