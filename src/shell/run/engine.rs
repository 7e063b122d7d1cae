//! The order of a run: what is read and done, then how it went, and in the end Cleanup, whatever happened.

use super::clock::Clock;
use super::handle::Handle;
use super::talk::{Ended, Piece, Script};
use super::{Event, PATH, Setup, place, supervisor};
use crate::base::lasting;
use crate::runs::convention::Source;
use crate::runs::evidence::{KEPT, Left, Measured, Output, Run, Status, StepRecord, measure};
use crate::runs::expected::{Captures, matched};
use crate::runs::{Objective, Phase, Step, plan};
use crate::shell::{Error, write::RunFolder};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Runs a runbook, and fills in what became of it.
///
/// # Errors
/// When the machine refuses: the supervisor or bash cannot be started, or was ended by force.
pub fn run(setup: &Setup<'_>, mut run: Run, tell: &mut dyn FnMut(&Event<'_>)) -> Result<Run, Error> {
    let (_, target) = setup.target;
    let user = place::user(target)?;
    let folder = RunFolder::new(user)?;
    let handle = Handle::start(place::command(target, user, &folder.work(), setup.root)?)?;
    let mut clock = Clock::of_machine();
    let begin = clock.now();
    let mut engine = Engine {
        setup,
        handle,
        work: folder.work(),
        clock,
        begin,
        captures: Captures::new(),
        interrupted: false,
        steps: Vec::new(),
        left: Vec::new(),
    };
    engine.phases(tell)?;
    run.ms = millis(engine.elapsed());
    engine.handle.end();
    let failed = engine.steps.iter().any(|step| step.failed.is_some());
    run.status = match (engine.interrupted, failed) {
        (true, _) => Status::Interrupted,
        (false, true) => Status::Failed,
        (false, false) => Status::Passed,
    };
    run.steps = engine.steps;
    run.left = engine.left;
    run.bytes = engine.captures.get("bytes").and_then(|bytes| bytes.replace([',', '_'], "").parse().ok());
    run.captures = engine.captures;
    let marked = |name: &str| {
        let captures = |step: &&Step| step.measure && step.captures().contains(&name);
        setup.runbook.steps.iter().any(|step| captures(&step))
    };
    run.objectives = measure(&setup.runbook.objectives, &run, &marked);
    if engine.clock.went_back {
        untimed(&setup.runbook.objectives, &mut run.objectives);
    }
    Ok(run)
}

/// Bytes that are told of why a step failed.
const LONGEST_WHY: usize = 1_000;

struct Engine<'s> {
    setup: &'s Setup<'s>,
    handle: Handle,
    work: PathBuf,
    clock: Clock,
    begin: Duration,
    captures: Captures,
    interrupted: bool,
    steps: Vec<StepRecord>,
    left: Vec<Left>,
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Times between steps that a clock that went back has measured are not known.
fn untimed(objectives: &[Objective], measured: &mut [Measured]) {
    for (objective, one) in objectives.iter().zip(measured) {
        if matches!(objective.source, Source::Between(..)) {
            (one.measured_ms, one.met) = (None, false);
        }
    }
}

impl Engine<'_> {
    /// Time since the run began.
    fn elapsed(&mut self) -> Duration {
        self.clock.now().saturating_sub(self.begin)
    }

    fn phases(&mut self, tell: &mut dyn FnMut(&Event<'_>)) -> Result<(), Error> {
        let steps = plan::steps(self.setup.runbook, self.setup.diagnose);
        let of = |wanted: &[Phase]| -> Vec<&Step> {
            steps.iter().filter(|step| wanted.contains(&step.phase)).copied().collect()
        };
        let (rollback, cleanup) = (of(&[Phase::Rollback]), of(&[Phase::Cleanup]));
        let mut passed = true;
        for step in steps.iter().filter(|step| !matches!(step.phase, Phase::Rollback | Phase::Cleanup)) {
            if self.stop_asked() {
                break;
            }
            passed = self.step(step, tell)?;
            if !passed {
                break;
            }
        }
        if !passed && !self.interrupted && !rollback.is_empty() {
            tell(&Event::Turns(Phase::Rollback));
            for step in rollback {
                if self.stop_asked() || !self.step(step, tell)? {
                    break;
                }
            }
        }
        if !cleanup.is_empty() {
            tell(&Event::Turns(Phase::Cleanup));
            // Each tidies up something of its own, so one that fails does not keep the next from it.
            for step in cleanup {
                self.step(step, tell)?;
            }
        }
        Ok(())
    }

    fn stop_asked(&mut self) -> bool {
        self.interrupted |= self.setup.stopped.again();
        self.interrupted
    }

    /// Runs a step; whether it passed.
    fn step(&mut self, step: &Step, tell: &mut dyn FnMut(&Event<'_>)) -> Result<bool, Error> {
        tell(&Event::Begins(step));
        let start = self.elapsed();
        let script = Script {
            code: step.code.clone(),
            variables: self.variables(),
            folder: self.work.clone(),
            timeout_ms: millis(step.timeout),
        };
        let (stopped, hidden) = (self.setup.stopped, self.setup.hidden);
        let begin = Instant::now();
        let ended = self.handle.run(script, &mut |line| {
            let line = line.map(|line| hidden.redact(line));
            tell(&Event::Runs(begin.elapsed(), line.as_deref()));
            stopped.again()
        })?;
        let took = self.elapsed().saturating_sub(start);
        self.interrupted |= ended.stopped;
        let (failed, captured) = match self.judge(step, &ended) {
            Ok(captured) => (None, captured),
            Err(why) => (Some(beginning(&self.told(&why), LONGEST_WHY).to_owned()), Captures::new()),
        };
        tell(&Event::Ends(took, failed.as_deref()));
        let passed = failed.is_none();
        self.captures.extend(captured);
        let named = |program: &String| Left { step: step.name.clone(), program: self.told(program) };
        let left: Vec<Left> = ended.left.iter().map(named).collect();
        self.left.extend(left);
        self.steps.push(StepRecord {
            name: step.name.clone(),
            phase: step.phase.name().to_owned(),
            start_ms: millis(start),
            ms: millis(took),
            exit: ended.exit,
            failed,
            stdout: self.output(&ended.stdout),
            stderr: self.output(&ended.stderr),
        });
        Ok(passed)
    }

    /// What a step sees of the world.
    fn variables(&self) -> Vec<(String, String)> {
        let (name, target) = self.setup.target;
        let own = |name: &str, value: String| (name.to_owned(), value);
        let mut out = vec![
            own("PATH", PATH.into()),
            own("LANG", "C.UTF-8".into()),
            own("TERM", "dumb".into()),
            own("NO_COLOR", "1".into()),
            own("HOME", self.work.to_string_lossy().into_owned()),
            own("TMPDIR", self.work.join("tmp").to_string_lossy().into_owned()),
            // This very program, for steps that ask it; a sandbox shows it where it lies.
            own("OATHBOOK", std::env::current_exe().unwrap_or_default().to_string_lossy().into_owned()),
            own("OATHBOOK_ROOT", self.setup.root.to_string_lossy().into_owned()),
            own("OATHBOOK_TARGET", name.to_owned()),
        ];
        let passed = target.pass.iter().filter_map(|name| Some((name.clone(), std::env::var(name).ok()?)));
        out.extend(passed);
        out.extend(target.env.iter().map(|(name, value)| (name.clone(), value.clone())));
        out.extend(self.setup.secrets.iter().cloned());
        out.extend(self.captures.iter().map(|(name, value)| (name.clone(), value.clone())));
        out
    }

    /// What a step captured, or why it failed.
    fn judge(&self, step: &Step, ended: &Ended) -> Result<Captures, String> {
        if ended.stopped {
            return Err("it was interrupted".into());
        }
        if ended.timed_out {
            return Err(format!("it ran longer than {}", lasting::told(step.timeout)));
        }
        match (ended.exit, ended.signal) {
            (Some(exit), _) if exit == step.exit => {}
            (Some(exit), _) => {
                return Err(format!(
                    "it ended with exit code {exit}, not {}{}",
                    step.exit,
                    last_words(ended)
                ));
            }
            (None, Some(signal)) => return Err(format!("signal {signal} ended it{}", last_words(ended))),
            (None, None) => return Err("nobody knows how it ended".into()),
        }
        let Some(expected) = &step.expected else { return Ok(Captures::new()) };
        if ended.stdout.bytes > supervisor::HEAD as u64 {
            return Err(format!(
                "it wrote {} bytes, and only {} are compared",
                ended.stdout.bytes,
                supervisor::HEAD
            ));
        }
        let found = matched(expected, &ended.stdout.head, &self.captures)
            .map_err(|differs| format!("the output is another: {}", differs.words()))?;
        let fresh: Captures =
            found.into_iter().filter(|(name, _)| !self.captures.contains_key(name)).collect();
        for (name, value) in &fresh {
            if let Some(secret) = self.setup.hidden.find(value) {
                return Err(format!("the capture `{name}` holds the secret {secret}"));
            }
        }
        Ok(fresh)
    }

    /// A text without secrets, and with names in the place of folders of this machine.
    fn told(&self, text: &str) -> String {
        let mut out = self.setup.hidden.redact(text);
        for (folder, name) in [(self.work.as_path(), "$HOME"), (self.setup.root, "$OATHBOOK_ROOT")] {
            // `/` alone stands in too many texts.
            if let Some(folder) = folder.to_str().filter(|folder| folder.len() > 3) {
                out = out.replace(folder, name);
            }
        }
        out
    }

    /// What evidence keeps of an output. It is looked through for secrets before anything is cut off.
    fn output(&self, piece: &Piece) -> Output {
        let held = (piece.head.len() + piece.tail.len()) as u64;
        if piece.tail.is_empty() || held >= piece.bytes {
            let all = self.told(&format!("{}{}", piece.head, piece.tail));
            return Output { bytes: piece.bytes, text: shortened(&all, &all) };
        }
        // What is kept of the end begins far behind where it was cut off.
        let text = shortened(&self.told(&piece.head), &self.told(&piece.tail));
        Output { bytes: piece.bytes, text }
    }
}

/// The last lines of what a step said, in what went wrong.
fn last_words(ended: &Ended) -> String {
    let said = if ended.stderr.bytes > 0 { &ended.stderr } else { &ended.stdout };
    let text = if said.tail.is_empty() { &said.head } else { &said.tail };
    let lines: Vec<&str> = text.trim().lines().collect();
    let last = lines.get(lines.len().saturating_sub(3)..).unwrap_or_default().join("\n");
    if last.is_empty() { last } else { format!(": {last}") }
}

/// A text, or its beginning and the end of what came last.
fn shortened(first: &str, last: &str) -> String {
    if first.len() <= 2 * KEPT && first.len() == last.len() {
        return first.to_owned();
    }
    format!("{}\n[…]\n{}", beginning(first, KEPT), ending(last, KEPT))
}

fn beginning(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.get(..end).unwrap_or("")
}

fn ending(text: &str, most: usize) -> &str {
    let least = text.len().saturating_sub(most);
    let start = (least..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    text.get(start..).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::RelPath;
    use crate::diag::Place;

    #[test]
    fn what_a_clock_that_went_back_has_measured_meets_nothing() {
        let place = Place::whole(RelPath::root());
        let limit = Duration::from_secs(60);
        let objective =
            |name, source| Objective { name, limit, of: "x".into(), source, place: place.clone() };
        let objectives = [
            objective("rto", Source::Between("a".into(), "b".into())),
            objective("rpo", Source::Captured("x".into())),
        ];
        let measured = |name: &str| Measured {
            name: name.into(),
            of: "x".into(),
            limit_ms: 60_000,
            measured_ms: Some(1),
            met: true,
        };
        let mut all = [measured("rto"), measured("rpo")];
        untimed(&objectives, &mut all);
        let found = all.map(|one| (one.measured_ms, one.met));
        assert_eq!(found, [(None, false), (Some(1), true)], "a captured figure is none of this clock's");
    }
}
