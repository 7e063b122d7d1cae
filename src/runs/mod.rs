//! Runbooks that run: what of a page runs and in which order, what it must print, and what a run leaves as evidence.
//!
//! All of this is pure; `shell::run` starts the processes.

pub mod card;
mod clock;
pub mod convention;
pub mod difference;
pub mod drill;
pub mod evidence;
pub mod expected;
pub mod holes;
pub mod metrics;
pub mod plan;
pub mod projection;
pub mod redact;
pub mod standing;
pub mod status;
pub mod store;
pub mod target;

pub use convention::{Objective, Phase, Runbook, Step};
