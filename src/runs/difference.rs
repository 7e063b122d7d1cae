//! What is different between two runs of a runbook, in one line, for whoever reviews its evidence.

use super::evidence::{Evidence, Measured, Run};
use super::standing::File;
use crate::base::{RelPath, amount, lasting};
use std::time::Duration;

/// A step is slower or faster when it took more than a quarter longer or shorter, and this many milliseconds.
const NOTABLE_MS: u64 = 100;

/// One line: `passed → failed at answers, rto 38 s → 41 s (< 1 h), 3 steps slower, in 4 min → 5 min`.
pub fn line(was: &Evidence, is: &Evidence) -> String {
    let (before, now) = (was.run(), is.run());
    let mut parts = vec![status(before, now)];
    if before.target.name != now.target.name {
        parts.push(format!("on {} → {}", before.target.name, now.target.name));
    }
    if was.fingerprint() != is.fingerprint() {
        parts.push("the steps have changed".into());
    }
    parts.extend(now.objectives.iter().filter_map(|one| objective(before, one)));
    let gone = before.objectives.iter().filter(|one| same(&now.objectives, one).is_none());
    parts.extend(gone.map(|one| format!("{} is no longer measured", one.name)));
    parts.extend(steps(before, now));
    if let (Some(was), Some(is)) = (before.bytes, now.bytes)
        && amount::told(was) != amount::told(is)
    {
        parts.push(format!("{} → {} moved", amount::told(was), amount::told(is)));
    }
    for (tool, version) in &now.tools {
        if let Some(was) = before.tools.get(tool).filter(|was| *was != version) {
            parts.push(format!("{tool} {was} → {version}"));
        }
    }
    parts.push(format!("in {}", turned(told(before.ms), told(now.ms))));
    parts.join(", ")
}

/// A run as one line, where there is none before it.
pub fn first(is: &Evidence) -> String {
    let run = is.run();
    let mut parts = vec![format!("{} for the first time on {}", ended(run), run.target.name)];
    parts.extend(run.objectives.iter().map(|one| format!("{} {}", one.name, figure(one))));
    parts.push(format!("in {}", told(run.ms)));
    parts.join(", ")
}

/// What evidence says, a line each, so that two files are compared line by line: how it ended, objectives, steps, captures.
pub fn lines(is: &Evidence) -> Vec<String> {
    let run = is.run();
    let mut out = vec![
        format!("{} on {} ({}): {}", is.stem(), run.target.name, run.target.size, ended(run)),
        format!("began {} by {}, took {}", run.started, run.who, told(run.ms)),
    ];
    out.extend(run.objectives.iter().map(|one| format!("{} of {}: {}", one.name, one.of, figure(one))));
    out.extend(run.bytes.map(|bytes| format!("moved {}", amount::told(bytes))));
    for step in &run.steps {
        let why = step.failed.as_ref().map_or_else(String::new, |why| format!(": FAILED: {why}"));
        out.push(format!("{} {} {}{why}", step.phase, step.name, told(step.ms)));
    }
    out.extend(run.captures.iter().map(|(name, value)| format!("{name} = {value}")));
    out.extend(run.left.iter().map(|left| format!("left running by {}: {}", left.step, left.program)));
    out.push(format!("steps {}", is.fingerprint()));
    out
}

/// The evidence that is new against what was there before, each with its line. It is held against the newest before it on its
/// target.
pub fn fresh(before: &[File], now: &[File]) -> Vec<(RelPath, String)> {
    let mut known: Vec<&File> = before.iter().collect();
    let mut out = Vec::new();
    for file in now.iter().filter(|file| !before.iter().any(|known| known.path == file.path)) {
        let said = match &file.evidence {
            Err(refusal) => refusal.to_string(),
            Ok(is) => match earlier(&known, file) {
                Some(was) => line(was, is),
                None => first(is),
            },
        };
        out.push((file.path.clone(), said));
        known.push(file);
    }
    out
}

/// The newest of some files that is older than one, on the same target.
fn earlier<'f>(known: &[&'f File], file: &File) -> Option<&'f Evidence> {
    let run = file.evidence.as_ref().ok()?.run();
    let fits = |one: &&&File| {
        one.path < file.path
            && one.evidence.as_ref().is_ok_and(|other| other.run().target.name == run.target.name)
    };
    known.iter().filter(fits).max_by_key(|one| &one.path)?.evidence.as_ref().ok()
}

fn told(ms: u64) -> String {
    lasting::told(Duration::from_millis(ms))
}

fn turned(was: String, is: String) -> String {
    if was == is { is } else { format!("{was} → {is}") }
}

fn ended(run: &Run) -> String {
    let step = run.failure().map_or_else(String::new, |(step, _)| format!(" at {step}"));
    format!("{}{step}", run.status.name())
}

fn status(was: &Run, is: &Run) -> String {
    let (before, now) = (ended(was), ended(is));
    if before == now { format!("{now} again") } else { format!("{before} → {now}") }
}

fn same<'m>(all: &'m [Measured], one: &Measured) -> Option<&'m Measured> {
    all.iter().find(|other| other.name == one.name && other.of == one.of)
}

/// What was measured: `38 s`.
fn bare(one: &Measured) -> String {
    one.measured_ms.map_or_else(|| "not measured".to_owned(), told)
}

/// The same with its limit: `38 s (< 1 h)`.
fn figure(one: &Measured) -> String {
    let missed = if one.met { "" } else { ", NOT met" };
    format!("{} (< {}{missed})", bare(one), told(one.limit_ms))
}

fn objective(was: &Run, is: &Measured) -> Option<String> {
    let Some(before) = same(&was.objectives, is) else {
        return Some(format!("{} {}, new", is.name, figure(is)));
    };
    let alike = bare(before) == bare(is) && before.met == is.met && before.limit_ms == is.limit_ms;
    if alike {
        return None;
    }
    let limit = if before.limit_ms == is.limit_ms {
        String::new()
    } else {
        format!(", the limit was {}", told(before.limit_ms))
    };
    let was = if bare(before) == bare(is) { String::new() } else { format!("{} → ", bare(before)) };
    Some(format!("{} {was}{}{limit}", is.name, figure(is)))
}

/// Steps that took longer or shorter, that are new, that are gone.
fn steps(was: &Run, is: &Run) -> Vec<String> {
    let before = |name: &str| was.steps.iter().find(|step| step.name == name);
    let notable = |one: u64, other: u64| other > one.saturating_add((one / 4).max(NOTABLE_MS));
    let pairs: Vec<(u64, u64)> =
        is.steps.iter().filter_map(|step| Some((before(&step.name)?.ms, step.ms))).collect();
    let slower = pairs.iter().filter(|(was, is)| notable(*was, *is)).count();
    let faster = pairs.iter().filter(|(was, is)| notable(*is, *was)).count();
    let new = is.steps.iter().filter(|step| before(&step.name).is_none()).count();
    let gone = was.steps.iter().filter(|step| !is.steps.iter().any(|one| one.name == step.name)).count();
    let counts = [(slower, "slower"), (faster, "faster"), (new, "more"), (gone, "fewer")];
    let count = |(number, how): (usize, &str)| {
        (number > 0).then(|| format!("{} {how}", crate::base::count(number, "step")))
    };
    counts.into_iter().filter_map(count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::evidence::{Output, Status, StepRecord, TargetRecord, file_name};
    use std::collections::BTreeMap;

    struct Made {
        day: &'static str,
        status: Status,
        rto: Option<u64>,
        steps: &'static [(&'static str, u64)],
        bytes: Option<u64>,
    }

    const MADE: Made = Made {
        day: "2026-11-01",
        status: Status::Passed,
        rto: Some(38_000),
        steps: &[("lose", 500), ("restore", 30_000), ("answers", 200)],
        bytes: None,
    };

    fn evidence(made: &Made, fingerprint: &str) -> Evidence {
        let target = TargetRecord { name: "drill".into(), size: "synthetic".into(), sandbox: false };
        let tools = BTreeMap::from([("bash".to_owned(), "5.2".to_owned())]);
        let mut run = Run::new(format!("{}T03:15:02Z", made.day), target, "ci".into(), None, tools);
        run.status = made.status;
        run.bytes = made.bytes;
        let mut start_ms = 0;
        for (name, ms) in made.steps {
            let last = *name == "answers" && made.status == Status::Failed;
            let failed = last.then(|| "it broke".to_owned());
            let (stdout, stderr) = (Output::default(), Output::default());
            let (name, phase) = ((*name).to_owned(), "Steps".to_owned());
            run.steps.push(StepRecord {
                name,
                phase,
                start_ms,
                ms: *ms,
                exit: Some(0),
                failed,
                stdout,
                stderr,
            });
            start_ms += ms;
        }
        run.ms = start_ms;
        let met = made.status == Status::Passed && made.rto.is_some_and(|ms| ms < 3_600_000);
        let (name, of) = ("rto".into(), "lose..answers".into());
        run.objectives = vec![Measured { name, of, limit_ms: 3_600_000, measured_ms: made.rto, met }];
        Evidence::new("r", fingerprint.into(), run)
    }

    #[test]
    fn what_changed_between_two_runs_stands_on_one_line() {
        let was = evidence(&MADE, "a");
        let of = |made: Made| line(&was, &evidence(&made, "a"));
        assert_eq!(of(MADE), "passed again, in 30.7 s");
        let slow: &[_] = &[("lose", 700), ("restore", 40_000), ("answers", 900)];
        assert_eq!(
            of(Made { rto: Some(41_600), steps: slow, ..MADE }),
            "passed again, rto 38.0 s → 41.6 s (< 1 h), 3 steps slower, in 30.7 s → 41.6 s"
        );
        assert_eq!(
            of(Made { status: Status::Failed, rto: None, ..MADE }),
            "passed → failed at answers, rto 38.0 s → not measured (< 1 h, NOT met), in 30.7 s"
        );
        assert_eq!(
            of(Made { rto: Some(3_700_000), bytes: Some(1), ..MADE }),
            "passed again, rto 38.0 s → 1 h 1 min (< 1 h, NOT met), in 30.7 s"
        );
        let other: &[_] = &[("lose", 100), ("more", 1), ("answers", 200)];
        assert_eq!(
            line(&was, &evidence(&Made { steps: other, ..MADE }, "b")),
            "passed again, the steps have changed, 1 step faster, 1 step more, 1 step fewer, in 30.7 s → 301 ms"
        );
        let large = Made { bytes: Some(48_000_000), ..MADE };
        assert_eq!(
            line(&evidence(&large, "a"), &evidence(&Made { bytes: Some(480_000_000), ..MADE }, "a")),
            "passed again, 48 MB → 480 MB moved, in 30.7 s"
        );
    }

    #[test]
    fn new_evidence_is_held_against_the_newest_before_it() {
        let file = |made: &Made| {
            let name = file_name(&format!("{}T03:15:02Z", made.day));
            let evidence = Ok(evidence(made, "a"));
            File { path: RelPath::parse(&format!("e/{name}")).unwrap(), evidence, signed: false }
        };
        let first = file(&MADE);
        let second = file(&Made { day: "2026-11-08", status: Status::Failed, rto: None, ..MADE });
        let third = file(&Made { day: "2026-11-15", ..MADE });
        let said: Vec<String> =
            fresh(&[], std::slice::from_ref(&first)).into_iter().map(|(_, said)| said).collect();
        assert_eq!(said, ["passed for the first time on drill, rto 38.0 s (< 1 h), in 30.7 s"]);
        let said: Vec<String> = fresh(std::slice::from_ref(&first), &[first.clone(), second, third])
            .into_iter()
            .map(|(_, said)| said)
            .collect();
        assert_eq!(
            said,
            [
                "passed → failed at answers, rto 38.0 s → not measured (< 1 h, NOT met), in 30.7 s",
                "failed at answers → passed, rto not measured → 38.0 s (< 1 h), in 30.7 s"
            ]
        );
    }
}
