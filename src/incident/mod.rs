//! Incidents: what is planned for them, what was logged of each, what is owed for it afterwards, and how often they happen. All of
//! this is pure.
//!
//! Instants are seconds since 1970 in UTC. A record's log only grows: what an incident is now is read off its log.

mod draft;
mod import;
mod load;
mod numbers;
mod plan;
mod postmortem;
mod reading;
mod record;
mod workdays;

pub use draft::{Draft, draft};
pub use import::{Import, Imported, fired, import};
pub use load::{Carried, Fired, Load, Noise, ShiftLoad, history, load};
pub use numbers::{Month, Numbers, metrics, months};
pub use plan::{Holder, Limits, Owed, Plan, Role, Severity};
pub use postmortem::{Flaw, Postmortem, Standing, hold};
pub use reading::{instant, local, told};
pub use record::{Action, Entry, EntryKind, Late, Record, Review, Times, line, opened};
pub use workdays::after;
