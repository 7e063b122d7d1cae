//! `book.toml`.

pub(super) mod configuration;
pub(super) mod configuration_key;

use super::check::Check;
use super::{Context, Evidence};

/// The keys of `book.toml`. What is wrong with them is known when it is read.
pub struct Settings;

impl Evidence for Settings {
    const NAME: &'static str = "settings";
    const CHECKS: &'static [&'static Check] = &[&configuration::CHECK, &configuration_key::CHECK];

    fn read(_: &Context<'_>) -> Self {
        Self
    }
}
