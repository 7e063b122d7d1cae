//! Quoted files and parts of files.

pub(super) mod include_anchor;
pub(super) mod include_target;

use super::check::Check;
use super::{Context, Evidence};

/// Quoted files. What they quote is known with the pages.
pub struct Includes;

impl Evidence for Includes {
    const NAME: &'static str = "includes";
    const CHECKS: &'static [&'static Check] = &[&include_target::CHECK, &include_anchor::CHECK];

    fn read(_: &Context<'_>) -> Self {
        Self
    }
}
