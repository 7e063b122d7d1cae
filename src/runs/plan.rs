//! What a run would do, for `--plan`.

use super::convention::{Phase, Runbook, Step};
use super::target::{Destructive, Network, Target};
use crate::base::lasting;
use std::fmt::Write as _;

/// The steps of a run: all of them, or of the phases that only read.
pub fn steps(runbook: &Runbook, diagnose: bool) -> Vec<&Step> {
    runbook.steps.iter().filter(|step| !diagnose || step.phase.reads_only()).collect()
}

/// The plan of a run on a target.
pub fn text(runbook: &Runbook, (name, target): (&str, &Target), diagnose: bool) -> String {
    let mut out = format!("target {name}: {}", target.size.name());
    if let Some(user) = &target.user {
        let _ = write!(out, ", as {user}");
    }
    match (target.sandbox, target.network) {
        (true, Network::None) => out.push_str(", in a sandbox without a network"),
        (true, Network::Host) => out.push_str(", in a sandbox"),
        (false, _) => {}
    }
    out.push('\n');
    let names = |title: &str, names: Vec<&str>| {
        if names.is_empty() { String::new() } else { format!("{title}: {}\n", names.join(", ")) }
    };
    let variables = target.env.keys().chain(&target.pass).map(String::as_str).collect();
    out.push_str(&names("variables", variables));
    out.push_str(&names("secrets", runbook.secrets.iter().map(String::as_str).collect()));
    for objective in &runbook.objectives {
        let _ = writeln!(out, "{}: < {} of {}", objective.name, lasting::told(objective.limit), objective.of);
    }
    let steps = steps(runbook, diagnose);
    let mut phase = None;
    for step in &steps {
        if phase != Some(step.phase) {
            phase = Some(step.phase);
            let _ = writeln!(out, "\n{}{}", step.phase.name(), when(step.phase));
        }
        let _ = writeln!(out, "  {}", line(step, target));
        for code in step.code.trim_end().lines() {
            let _ = writeln!(out, "    $ {code}");
        }
        let captures: Vec<String> = step.captures().iter().map(|name| format!("${name}")).collect();
        if !captures.is_empty() {
            let _ = writeln!(out, "    captures {}", captures.join(", "));
        }
    }
    if steps.is_empty() {
        out.push_str("\nno step would run\n");
    }
    out
}

/// When a phase runs, where that is not in its turn.
fn when(phase: Phase) -> &'static str {
    match phase {
        Phase::Preconditions | Phase::Diagnosis => " (reads only)",
        Phase::Rollback => " (when a step fails)",
        Phase::Cleanup => " (always)",
        Phase::Steps | Phase::Mitigation | Phase::Verify => "",
    }
}

fn line(step: &Step, target: &Target) -> String {
    let mut out = format!("{}, at most {}", step.name, lasting::told(step.timeout));
    if step.exit != 0 {
        let _ = write!(out, ", exit code {}", step.exit);
    }
    if step.measure {
        out.push_str(", measures");
    }
    if step.expected.is_some() {
        out.push_str(", output compared");
    }
    if step.destructive {
        out.push_str(match target.destructive {
            Destructive::Allow => ", DESTRUCTIVE",
            Destructive::Confirm => ", DESTRUCTIVE: asks first",
            Destructive::Deny => ", DESTRUCTIVE: refused on this target",
        });
    }
    out
}
