//! Accepted findings that are wrong, over or unused. The work is done where they are applied (`check/allow.rs`).

use crate::diag::{Group, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;

pub(super) static CHECK: Check = Check {
    code: code::SUPPRESSION,
    group: Group::Suspect,
    severity: None,
    title: "an accepted finding is unknown, over, or holds nothing back",
    doc: include_str!("suppression.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(_cx: &Context<'_>, _findings: &mut Findings) {}
