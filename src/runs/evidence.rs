//! What a run leaves: an in-toto Statement whose subject is the runbook, as one file.
//!
//! <https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md>. All figures are whole numbers, so that a file
//! that is read and written again is the same to the byte: whatever was edited by hand is seen, and what was edited with
//! care, sum and all, is seen where evidence is signed.

use super::convention::{Objective, Phase, Runbook, Source};
use crate::base::Date;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// `_type` of a statement.
pub const STATEMENT: &str = "https://in-toto.io/Statement/v1";

/// `predicateType` of a run.
pub const PREDICATE: &str = "https://oathbook.dev/run/v1";

/// The name of the signature's purpose, `ssh-keygen -n`.
pub const NAMESPACE: &str = "oathbook-evidence";

/// Bytes of a step's output that are kept of its beginning, and of its end.
pub const KEPT: usize = 2_000;

/// A statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    #[serde(rename = "_type")]
    statement: String,
    subject: Vec<Subject>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    predicate: Run,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Subject {
    name: String,
    digest: Sum,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sum {
    sha256: String,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// How it ended.
    pub status: Status,
    /// When it began: `2026-11-20T03:15:02Z`.
    pub started: String,
    /// How long it took, in milliseconds of a clock that never jumps.
    pub ms: u64,
    /// Where.
    pub target: TargetRecord,
    /// Whose role it was to run it, as `ci` or `on-call`; never a person.
    pub who: String,
    /// The commit that was checked out, and whether files differed from it.
    pub commit: Option<Commit>,
    /// Versions of what ran it.
    pub tools: BTreeMap<String, String>,
    /// The steps that began, in their order.
    pub steps: Vec<StepRecord>,
    /// What holes took.
    pub captures: BTreeMap<String, String>,
    /// Bytes that the run moved: what the hole `bytes` took.
    pub bytes: Option<u64>,
    /// Whether the objectives were met.
    pub objectives: Vec<Measured>,
    /// What steps left running; it was ended with the run.
    pub left: Vec<Left>,
    sum: Sum,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Every step did what it says.
    Passed,
    /// One did not.
    Failed,
    /// Somebody stopped it.
    Interrupted,
}

impl Status {
    /// As in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }
}

/// The target of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetRecord {
    /// Its name.
    pub name: String,
    /// How large its data are.
    pub size: String,
    /// Whether steps ran in a sandbox.
    pub sandbox: bool,
}

/// What was checked out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commit {
    /// Its name.
    pub id: String,
    /// Whether tracked files differed from it.
    pub changed: bool,
}

/// How a step went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepRecord {
    /// Its name.
    pub name: String,
    /// Its phase.
    pub phase: String,
    /// When it began, in milliseconds since the run began.
    pub start_ms: u64,
    /// How long it took, in milliseconds.
    pub ms: u64,
    /// Its exit code; none when a signal or the time ended it.
    pub exit: Option<i32>,
    /// Why it failed; none when it passed.
    pub failed: Option<String>,
    /// What it wrote to standard output.
    pub stdout: Output,
    /// What it wrote to standard error.
    pub stderr: Output,
}

impl StepRecord {
    /// When it ended, in milliseconds since the run began.
    pub fn end_ms(&self) -> u64 {
        self.start_ms.saturating_add(self.ms)
    }
}

/// Output of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// How many bytes it was.
    pub bytes: u64,
    /// Its text, or beginning and end of it, without secrets.
    pub text: String,
}

/// What a step left running.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Left {
    /// The step.
    pub step: String,
    /// The program.
    pub program: String,
}

/// An objective after a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// `rto` or `rpo`.
    pub name: String,
    /// As on the page: `lose-disk..writable`.
    pub of: String,
    /// In milliseconds.
    pub limit_ms: u64,
    /// In milliseconds; none where it could not be measured.
    pub measured_ms: Option<u64>,
    /// Whether it was measured in a run that passed, and is below the limit.
    pub met: bool,
}

/// The fingerprint of what a runbook does: phases, names, attributes, code and expected output of its steps. Prose, and
/// what the front matter says, do not change it.
pub fn fingerprint(runbook: &Runbook) -> String {
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    part(b"oathbook run 1");
    for step in &runbook.steps {
        let marks = format!(
            "{} {} {} {} {} {}",
            step.phase.name(),
            step.name,
            step.destructive,
            step.measure,
            step.timeout.as_millis(),
            step.exit
        );
        part(marks.as_bytes());
        part(step.code.as_bytes());
        match &step.expected {
            Some(expected) => part(expected.as_bytes()),
            None => part(b"\0"),
        }
    }
    HEXLOWER.encode(&hash.finalize())
}

/// The SHA-256 of bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// Objectives after a run. One whose boundary step did not pass is not measured, and what is not measured is never met.
pub fn measure(objectives: &[Objective], run: &Run, measuring: &dyn Fn(&str) -> bool) -> Vec<Measured> {
    let passed = |name: &str| run.steps.iter().find(|step| step.name == name && step.failed.is_none());
    let one = |objective: &Objective| {
        let measured_ms = match &objective.source {
            Source::Between(first, last) => passed(first)
                .zip(passed(last))
                .and_then(|(first, last)| last.end_ms().checked_sub(first.start_ms)),
            Source::Captured(name) if measuring(name) => {
                run.captures.get(name).and_then(|text| milliseconds(text))
            }
            Source::Captured(_) => None,
        };
        let limit_ms = u64::try_from(objective.limit.as_millis()).unwrap_or(u64::MAX);
        let met = run.status == Status::Passed && measured_ms.is_some_and(|measured| measured < limit_ms);
        Measured { name: objective.name.to_owned(), of: objective.of.clone(), limit_ms, measured_ms, met }
    };
    objectives.iter().map(one).collect()
}

/// Milliseconds of a captured number of seconds, rounded up; of less than nothing there are none.
fn milliseconds(seconds: &str) -> Option<u64> {
    let plain = seconds.replace([',', '_'], "");
    let number = plain.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0)?;
    let all = (number * 1_000.0).ceil();
    // 100 years: whatever is longer is no figure of a run.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 0 and 3.2e12")]
    (all <= 3.2e12).then_some(all as u64)
}

/// Why a file is no evidence for a runbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is no statement about a run, and why.
    Unreadable(String),
    /// It is not as it was written.
    Edited(String),
    /// It is about another runbook.
    Foreign(String),
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable(why) => write!(f, "this is no evidence of a run: {why}"),
            Self::Edited(why) => write!(f, "this evidence was edited after the run: {why}"),
            Self::Foreign(stem) => write!(f, "this is evidence of another runbook, `{stem}`"),
        }
    }
}

impl Run {
    /// Whether it passed and met every objective: what was promised and missed is no success.
    pub fn kept(&self) -> bool {
        self.status == Status::Passed && self.objectives.iter().all(|one| one.met)
    }

    /// A run without a sum; [`Evidence::new`] adds it.
    pub fn new(
        started: String,
        target: TargetRecord,
        who: String,
        commit: Option<Commit>,
        tools: BTreeMap<String, String>,
    ) -> Self {
        Self {
            status: Status::Interrupted,
            started,
            ms: 0,
            target,
            who,
            commit,
            tools,
            steps: Vec::new(),
            captures: BTreeMap::new(),
            bytes: None,
            objectives: Vec::new(),
            left: Vec::new(),
            sum: Sum::default(),
        }
    }

    /// The day on which it began.
    pub fn day(&self) -> Option<Date> {
        self.started.get(..10)?.parse().ok()
    }

    /// The step that failed, and why.
    pub fn failure(&self) -> Option<(&str, &str)> {
        self.steps.iter().find_map(|step| Some((step.name.as_str(), step.failed.as_deref()?)))
    }
}

impl Evidence {
    /// A statement about a run of a runbook.
    pub fn new(stem: &str, fingerprint: String, run: Run) -> Self {
        let subject = Subject { name: stem.to_owned(), digest: Sum { sha256: fingerprint } };
        let mut out = Self {
            statement: STATEMENT.into(),
            subject: vec![subject],
            predicate_type: PREDICATE.into(),
            predicate: Run { sum: Sum::default(), ..run },
        };
        out.predicate.sum.sha256 = out.sum();
        out
    }

    /// The run.
    pub fn run(&self) -> &Run {
        &self.predicate
    }

    /// The fingerprint of the runbook that ran.
    pub fn fingerprint(&self) -> &str {
        self.subject.first().map_or("", |subject| &subject.digest.sha256)
    }

    /// The stem of the runbook that ran.
    pub fn stem(&self) -> &str {
        self.subject.first().map_or("", |subject| &subject.name)
    }

    fn sum(&self) -> String {
        let mut bare = self.clone();
        bare.predicate.sum = Sum::default();
        sha256(bare.text().as_bytes())
    }

    /// The file.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Reads a file as evidence for the runbook of that stem.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(text: &str, stem: &str) -> Result<Self, Refusal> {
        let found = Self::of_any(text)?;
        if found.stem() != stem {
            return Err(Refusal::Foreign(found.stem().to_owned()));
        }
        Ok(found)
    }

    /// Reads a file as evidence, of whichever runbook, and does not believe what does not fit together.
    ///
    /// # Errors
    /// Why it is none.
    pub fn of_any(text: &str) -> Result<Self, Refusal> {
        // A checkout may have turned line ends around.
        let text = text.replace("\r\n", "\n");
        let found: Self =
            serde_json::from_str(&text).map_err(|error| Refusal::Unreadable(error.to_string()))?;
        if found.statement != STATEMENT || found.predicate_type != PREDICATE || found.subject.len() != 1 {
            return Err(Refusal::Unreadable(format!("it is no statement `{PREDICATE}`")));
        }
        if found.predicate.sum.sha256 != found.sum() {
            return Err(Refusal::Edited("its sum is another".into()));
        }
        if found.text() != text {
            return Err(Refusal::Edited("it is laid out in another way".into()));
        }
        found.predicate.contradiction().map_or(Ok(found), |why| Err(Refusal::Edited(why)))
    }
}

impl Run {
    /// What cannot be so in a run.
    fn contradiction(&self) -> Option<String> {
        let failed = self.steps.iter().find(|step| step.failed.is_some());
        match (self.status, failed) {
            (Status::Passed, Some(step)) => {
                return Some(format!("it says passed, and that the step `{}` failed", step.name));
            }
            (Status::Passed, None) if self.steps.is_empty() => {
                return Some("it says passed, and no step ran".into());
            }
            (Status::Failed, None) => return Some("it says failed, and no step did".into()),
            _ => {}
        }
        let met = |one: &&Measured| {
            one.met && (self.status != Status::Passed || one.measured_ms.is_none_or(|ms| ms >= one.limit_ms))
        };
        if let Some(one) = self.objectives.iter().find(met) {
            return Some(format!("it says that `{}` was met, which does not follow from it", one.name));
        }
        let order = self.steps.windows(2).any(|two| match two {
            [first, second] => second.start_ms < first.end_ms(),
            _ => false,
        });
        if order {
            return Some("its steps overlap".into());
        }
        let unknown = self.steps.iter().find(|step| Phase::find(&step.phase).is_none());
        if let Some(step) = unknown {
            return Some(format!("there is no phase `{}`", step.phase));
        }
        self.day().is_none().then(|| format!("`{}` is no time", self.started))
    }
}

/// The name of a file of evidence, from the time at which its run began: `20261120T031502Z.json`.
pub fn file_name(started: &str) -> String {
    started.chars().filter(char::is_ascii_alphanumeric).collect::<String>() + ".json"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::RelPath;
    use crate::diag::Place;
    use crate::runs::Step;
    use crate::runs::standing::{File, Standing, standing};
    use std::time::Duration;

    fn step(name: &str, phase: Phase) -> Step {
        let place = Place::whole(RelPath::parse("r.md").unwrap());
        let (heading, code) = (String::new(), format!("{name}\n"));
        let timeout = Duration::from_secs(9);
        let (destructive, measure, exit, block) = (false, true, 0, 0);
        Step {
            name: name.into(),
            phase,
            heading,
            code,
            expected: None,
            destructive,
            measure,
            timeout,
            exit,
            block,
            output: None,
            place,
        }
    }

    fn runbook() -> Runbook {
        let place = Place::whole(RelPath::parse("r.md").unwrap());
        let objective = |name, of: &str, source| Objective {
            name,
            limit: Duration::from_secs(60),
            of: of.into(),
            source,
            place: place.clone(),
        };
        Runbook {
            stem: "r".into(),
            steps: vec![step("lose", Phase::Steps), step("check", Phase::Verify)],
            objectives: vec![
                objective("rto", "lose..check", Source::Between("lose".into(), "check".into())),
                objective("rpo", "lost", Source::Captured("lost".into())),
            ],
            ..Runbook::default()
        }
    }

    fn record(name: &str, phase: &str, start_ms: u64, ms: u64, failed: Option<&str>) -> StepRecord {
        let (stdout, stderr) = (Output::default(), Output::default());
        StepRecord {
            name: name.into(),
            phase: phase.into(),
            start_ms,
            ms,
            exit: Some(0),
            failed: failed.map(str::to_owned),
            stdout,
            stderr,
        }
    }

    fn run(status: Status, day: &str) -> Run {
        let target = TargetRecord { name: "drill".into(), size: "synthetic".into(), sandbox: false };
        let started = format!("{day}T03:15:02Z");
        let failed = (status == Status::Failed).then_some("it broke");
        let mut run = Run::new(started, target, "ci".into(), None, BTreeMap::new());
        run.status = status;
        run.steps = vec![record("lose", "Steps", 10, 100, None), record("check", "Verify", 150, 50, failed)];
        run.captures = BTreeMap::from([("lost".into(), "9.5".into())]);
        run.objectives = measure(&runbook().objectives, &run, &|_| true);
        run
    }

    fn file(status: Status, day: &str) -> File {
        let evidence = Evidence::new("r", fingerprint(&runbook()), run(status, day));
        File {
            path: RelPath::parse(&format!("e/{}", file_name(&format!("{day}T03:15:02Z")))).unwrap(),
            evidence: Evidence::read(&evidence.text(), "r"),
            signed: false,
        }
    }

    fn on(day: &str) -> Date {
        day.parse().unwrap()
    }

    #[test]
    fn evidence_that_is_edited_or_copied_is_refused_with_the_reason() {
        let text = Evidence::new("r", fingerprint(&runbook()), run(Status::Failed, "2026-11-20")).text();
        assert!(
            Evidence::read(&text, "r").is_ok() && Evidence::read(&text.replace('\n', "\r\n"), "r").is_ok()
        );
        assert_eq!(Evidence::read(&text, "other").unwrap_err(), Refusal::Foreign("r".into()));
        for (from, to) in [
            ("\"failed\"", "\"passed\""),
            ("\"it broke\"", "null"),
            ("9.5", "0.5"),
            ("drill", "prod"),
            ("\n  ", "\n"),
        ] {
            let edited = text.replacen(from, to, 1);
            assert!(matches!(Evidence::read(&edited, "r"), Err(Refusal::Edited(_))), "{from}");
        }
        // With a sum that fits, it must still fit together.
        let mut forged = run(Status::Failed, "2026-11-20");
        forged.status = Status::Passed;
        let forged = Evidence::new("r", String::new(), forged).text();
        assert_eq!(
            Evidence::read(&forged, "r").unwrap_err().to_string(),
            "this evidence was edited after the run: it says passed, and that the step `check` failed"
        );
        let mut forged = run(Status::Passed, "2026-11-20");
        forged.objectives[0].measured_ms = None;
        let forged = Evidence::new("r", String::new(), forged).text();
        assert!(Evidence::read(&forged, "r").unwrap_err().to_string().contains("`rto` was met"));
        for text in ["", "{}", "[]", "null", &text.replace("run/v1", "run/v9")] {
            assert!(matches!(Evidence::read(text, "r"), Err(Refusal::Unreadable(_))), "{text}");
        }
    }

    #[test]
    fn an_objective_whose_boundary_step_failed_is_not_measured_and_never_met() {
        let figures =
            |run: &Run| run.objectives.iter().map(|one| (one.measured_ms, one.met)).collect::<Vec<_>>();
        assert_eq!(figures(&run(Status::Passed, "2026-11-20")), [(Some(190), true), (Some(9_500), true)]);
        assert_eq!(figures(&run(Status::Failed, "2026-11-20")), [(None, false), (Some(9_500), false)]);
        let mut other = run(Status::Passed, "2026-11-20");
        for (text, measured) in [("-1", None), ("1e400", None), ("1,000.0001", Some(1_000_001)), ("x", None)]
        {
            other.captures.insert("lost".into(), text.into());
            assert_eq!(measure(&runbook().objectives, &other, &|_| true)[1].measured_ms, measured, "{text}");
        }
        assert_eq!(
            measure(&runbook().objectives, &other, &|_| false)[1].measured_ms,
            None,
            "a step that does not measure"
        );
    }

    #[test]
    fn the_fingerprint_is_of_what_runs_and_not_of_prose() {
        let now = fingerprint(&runbook());
        let change = |change: fn(&mut Step)| {
            let mut runbook = runbook();
            change(&mut runbook.steps[0]);
            fingerprint(&runbook)
        };
        assert_eq!(now, change(|step| step.heading = "Another heading".into()));
        let changes: [fn(&mut Step); 6] = [
            |step| step.code.push('#'),
            |step| step.name.push('x'),
            |step| step.expected = Some(String::new()),
            |step| step.exit = 1,
            |step| step.phase = Phase::Diagnosis,
            |step| step.timeout = Duration::from_secs(1),
        ];
        let mut all: Vec<String> = changes.into_iter().map(change).chain([now]).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 7);
    }

    #[test]
    fn a_runbook_stands_by_the_newest_run_on_each_target() {
        let mut book = runbook();
        book.verify_every = Some(31);
        let stands = |files: &[File], day: &str| standing(&book, files, on(day));
        assert_eq!(stands(&[], "2026-11-21"), Standing::Never);
        let (passed, failed) = (file(Status::Passed, "2026-11-20"), file(Status::Failed, "2026-11-21"));
        let one = [passed.clone()];
        assert_eq!(stands(&one, "2026-11-21"), Standing::Passed { file: 0, missed: None, late: None });
        assert_eq!(stands(&one, "2026-12-21"), Standing::Passed { file: 0, missed: None, late: None });
        assert_eq!(stands(&one, "2026-12-22"), Standing::Passed { file: 0, missed: None, late: Some(1) });
        assert_eq!(stands(&one, "2026-11-01"), Standing::Passed { file: 0, missed: None, late: Some(-19) });
        assert_eq!(stands(&[passed.clone(), failed.clone()], "2026-11-21"), Standing::Failed { file: 1 });
        let again = file(Status::Passed, "2026-11-22");
        assert_eq!(
            stands(&[failed.clone(), again], "2026-11-22"),
            Standing::Passed { file: 1, missed: None, late: None }
        );
        // Whoever interrupts a run proves nothing, and refutes nothing.
        let interrupted = file(Status::Interrupted, "2026-11-23");
        assert_eq!(
            stands(&[passed.clone(), interrupted.clone()], "2026-11-23"),
            Standing::Passed { file: 0, missed: None, late: None }
        );
        assert_eq!(stands(&[interrupted], "2026-11-23"), Standing::Never);
        let mut changed = runbook();
        changed.steps[0].code.push_str("more");
        assert_eq!(standing(&changed, &one, on("2026-11-21")), Standing::Changed(on("2026-11-20")));
        let mut harder = runbook();
        harder.objectives[1].limit = Duration::from_secs(9);
        assert_eq!(
            standing(&harder, &one, on("2026-11-21")),
            Standing::Passed { file: 0, missed: Some("rpo".into()), late: None }
        );
    }

    #[test]
    fn a_file_is_named_by_the_time_of_its_run() {
        assert_eq!(file_name("2026-11-20T03:15:02Z"), "20261120T031502Z.json");
    }
}
