//! `book.toml`.

pub(super) mod configuration;

use super::check::Check;
use super::{Context, Evidence};
use crate::diag::{Group, Problem, code};

/// The keys of `book.toml`. What is wrong with them is known when it is read.
pub struct Settings;

impl Evidence for Settings {
    const NAME: &'static str = "settings";
    const CHECKS: &'static [&'static Check] = &[
        &configuration::CHECK,
        &Check::seen::<Self>(
            code::CONFIGURATION_KEY,
            Group::Suspect,
            "a key of book.toml has no effect",
            include_str!("configuration-key.md"),
            "src/config/read.rs",
        ),
    ];

    fn problems<'c>(cx: &'c Context<'_>) -> Vec<&'c Problem> {
        cx.mistakes.iter().collect()
    }

    fn read(_: &Context<'_>) -> Self {
        Self
    }
}
