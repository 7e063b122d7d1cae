//! `book.toml`.

pub(super) mod configuration;

use super::check::Check;
use super::{Context, Evidence};
use crate::diag::{Group, code};

/// The keys of `book.toml`. What is wrong with them is known when it is read.
pub struct Settings;

impl Evidence for Settings {
    const NAME: &'static str = "settings";
    const CHECKS: &'static [&'static Check] = &[
        &configuration::CHECK,
        &Check::handed_on(
            code::CONFIGURATION_KEY,
            Group::Suspect,
            "a key of book.toml has no effect",
            include_str!("configuration-key.md"),
            ("src/config/read.rs", |cx, findings| findings.hand_on(cx.mistakes)),
        ),
    ];

    fn read(_: &Context<'_>) -> Self {
        Self
    }
}
