//! On call: who is reachable when, computed from a roster. All of this is pure, and time zones are those of the program, never the
//! system's.
//!
//! Instants are minutes since 1970 in UTC: a hand-off never falls within a minute, and whole minutes add up.

mod calendar;
mod coverage;
mod escalation;
pub mod export;
mod first;
pub mod foreign;
mod roster;
mod shifts;

pub use calendar::calendar;
pub use coverage::{Coverage, Gap, Load, coverage, doubled, load};
pub use escalation::{Policy, Step, Target};
pub use first::{First, first};
pub use roster::{Absence, Every, IntendedGap, Layer, Override, Person, Roster};
pub use shifts::{Shift, at, shifts, whole_shifts, window};
