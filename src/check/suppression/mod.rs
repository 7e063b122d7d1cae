//! Accepted findings that are wrong, over or unused. The work is done where they are applied (`check/allow.rs`).

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "suppression",
    group: Group::Suspect,
    severity: None,
    title: "an accepted finding is unknown, over, or holds nothing back",
    doc: include_str!("doc.md"),
    run,
};

fn run(_subject: &Subject<'_>, _findings: &mut Findings) {}
