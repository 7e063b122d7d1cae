//! The convention: a runbook is plain Markdown, and what of it runs is told by its headings and code fences.
//!
//! The phase is the heading of level 2. A block of `sh` or `bash` with `{…}` behind its language is a step of the phase
//! under whose heading it stands, and the next block of `output` is what it must print. Nothing else runs.

mod blocks;
mod front;

use super::holes::{self, Part};
use crate::base::RelPath;
use crate::diag::{Place, Problem, code};
use crate::markdown::{Doc, Facts, Front};
use blocks::attributes;
use std::time::Duration;

/// A step without a `timeout` is ended after this.
pub const TIMEOUT: Duration = Duration::from_secs(600);

/// The longest script of a step, in bytes: it is handed over as one argument, of which Linux takes 128 KiB.
pub const LONGEST: usize = 100_000;

/// The attributes of a step, in the order of the reference.
pub static ATTRIBUTES: &[(&str, &str)] = &[
    ("name=NAME", "what it is called in objectives and evidence; without it `steps-1`"),
    ("destructive", "it destroys something: the run asks first; only in phases that may change things"),
    (
        "timeout=TIME",
        "after which it and all it started are ended, as `30s`, `10m`, `1h`; without it 10 minutes",
    ),
    ("exit=CODE", "the exit code it must end with; without it 0"),
    ("measure", "what it captures may be an objective's figure"),
];

/// The phases of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// What must be so before; reads only.
    Preconditions,
    /// What is wrong; reads only.
    Diagnosis,
    /// What is done.
    Steps,
    /// What is done about it.
    Mitigation,
    /// Whether it worked.
    Verify,
    /// What is done when something failed.
    Rollback,
    /// What is done at the end, however it went.
    Cleanup,
}

impl Phase {
    /// All, in the order in which they run.
    pub const ALL: [Self; 7] = [
        Self::Preconditions,
        Self::Diagnosis,
        Self::Steps,
        Self::Mitigation,
        Self::Verify,
        Self::Rollback,
        Self::Cleanup,
    ];

    /// Its heading.
    pub fn name(self) -> &'static str {
        match self {
            Self::Preconditions => "Preconditions",
            Self::Diagnosis => "Diagnosis",
            Self::Steps => "Steps",
            Self::Mitigation => "Mitigation",
            Self::Verify => "Verify",
            Self::Rollback => "Rollback",
            Self::Cleanup => "Cleanup",
        }
    }

    /// The phase of a heading.
    pub fn find(heading: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.name().eq_ignore_ascii_case(heading.trim()))
    }

    /// Whether its steps change nothing.
    pub fn reads_only(self) -> bool {
        matches!(self, Self::Preconditions | Self::Diagnosis)
    }
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is called; unique on the page.
    pub name: String,
    /// Its phase.
    pub phase: Phase,
    /// The heading under which it stands.
    pub heading: String,
    /// The script.
    pub code: String,
    /// What it must print; none where the page does not say.
    pub expected: Option<String>,
    /// See [`ATTRIBUTES`].
    pub destructive: bool,
    /// See [`ATTRIBUTES`].
    pub measure: bool,
    /// See [`ATTRIBUTES`].
    pub timeout: Duration,
    /// See [`ATTRIBUTES`].
    pub exit: i32,
    /// Which of the page's blocks it is.
    pub block: usize,
    /// Which of the page's blocks its output is.
    pub output: Option<usize>,
    /// The block.
    pub place: Place,
}

impl Step {
    /// The names of the holes in what it must print, each once, in their order.
    pub fn captures(&self) -> Vec<&str> {
        let mut out = Vec::new();
        for part in self.expected.iter().flat_map(|text| text.lines()).flat_map(holes::parts) {
            if let Part::Hole { name, .. } = part
                && !name.is_empty()
                && !out.contains(&name)
            {
                out.push(name);
            }
        }
        out
    }
}

/// `rto` or `rpo`: a time that must be shorter than a limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objective {
    /// `rto` or `rpo`.
    pub name: &'static str,
    /// It is met below this.
    pub limit: Duration,
    /// As written.
    pub of: String,
    /// How it is measured.
    pub source: Source,
    /// Where it is written.
    pub place: Place,
}

/// How an objective is measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// From the start of one step to the end of another.
    Between(String, String),
    /// Seconds that a step captured.
    Captured(String),
}

/// A page as a runbook.
#[derive(Clone, Debug, Default)]
pub struct Runbook {
    /// The page's file name without its ending: the name of its evidence.
    pub stem: String,
    /// Where it may run.
    pub targets: Vec<String>,
    /// Variables that it gets from the environment and that are shown nowhere.
    pub secrets: Vec<String>,
    /// Days after which it has to run again.
    pub verify_every: Option<i64>,
    /// Bytes that production has, to which times between steps are projected.
    pub project_to: Option<u64>,
    /// Its objectives.
    pub objectives: Vec<Objective>,
    /// In the order in which they run.
    pub steps: Vec<Step>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Front matter of runbooks that this module reads, for places.
const KEYS: &[&str] = &["targets", "secrets", "verify-every", "rto", "rpo", "project-to"];

/// Reads a page as a runbook.
pub fn read(source: &RelPath, doc: &Doc) -> Runbook {
    let mut reader = StepReader { source, facts: &doc.facts, out: Runbook::default() };
    reader.out.stem = source.stem().to_owned();
    reader.front();
    reader.blocks();
    reader.names();
    reader.objectives();
    let phase = |step: &Step| Phase::ALL.iter().position(|phase| *phase == step.phase);
    reader.out.steps.sort_by_key(phase);
    reader.out
}

/// Whether a page has anything of the convention: a step, or a key that only runs need.
pub fn concerns(doc: &Doc) -> bool {
    KEYS.iter().any(|key| doc.facts.front.get(key).is_some())
        || doc.facts.code.iter().any(|code| attributes(code).is_some())
}

struct StepReader<'r> {
    source: &'r RelPath,
    facts: &'r Facts,
    out: Runbook,
}

/// Whether a target, a step may have this name: it is part of file names and of what is typed.
pub fn is_name(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

impl StepReader<'_> {
    fn say(&mut self, place: &Place, subject: &str, message: String, help: &str) {
        self.out.problems.push(Problem::new(code::RUN_CONVENTION, place, subject, message).help(help));
    }

    fn place_of(&self, key: &str) -> Place {
        let front: &Front = &self.facts.front;
        let place = front.place_of(key).or(front.place.as_ref()).cloned();
        place.unwrap_or_else(|| Place::whole(self.source.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::highlight::Colourless;
    use crate::markdown::{Dialect, Input, Options, parse};
    use crate::world::MemoryWorld;

    fn of(text: &str) -> Runbook {
        let (file, world) = (RelPath::parse("ops/restore.md").unwrap(), MemoryWorld::new());
        let options = Options::new(Dialect::Book);
        read(
            &file,
            &parse(&Input { file: &file, text, options: &options, highlighter: &Colourless, world: &world }),
        )
    }

    fn problems(text: &str) -> Vec<String> {
        of(text).problems.into_iter().map(|problem| problem.message).collect()
    }

    const WHOLE: &str = "---\ntargets: [drill]\nsecrets: [KEY]\nverify-every: 31d\nrto: < 1h of lose..check-1\nrpo: < 15m of lost\n---\n# R\n\n```sh\nnot me\n```\n\n## Diagnosis\n\nText.\n\n```bash {name=look timeout=30s exit=2}\nls\n```\n\n## Steps\n\n### Lose\n\n```sh {name=lose destructive measure}\nlose\n```\n```console\n$ x\n```\n```output\nlost {{lost:number}} {{lost:number}} [NUMBER]\n```\n\n## Verify\n\n```sh {name=check-1}\ncheck\n```\n";

    #[test]
    fn a_runbook_is_read_as_its_author_meant_it() {
        let runbook = of(WHOLE);
        assert_eq!(runbook.problems, []);
        let names: Vec<_> =
            runbook.steps.iter().map(|step| (step.phase, step.name.as_str(), step.exit)).collect();
        assert_eq!(
            names,
            [(Phase::Diagnosis, "look", 2), (Phase::Steps, "lose", 0), (Phase::Verify, "check-1", 0)]
        );
        let [look, lose, check] = runbook.steps.as_slice() else { panic!() };
        assert_eq!((look.timeout, check.timeout), (Duration::from_secs(30), TIMEOUT));
        assert!(lose.destructive && lose.measure && !look.destructive);
        assert_eq!(lose.expected.as_deref(), Some("lost {{lost:number}} {{lost:number}} [NUMBER]\n"));
        assert_eq!(
            (lose.captures(), lose.heading.as_str(), lose.code.as_str()),
            (vec!["lost"], "Lose", "lose\n")
        );
        assert_eq!((runbook.stem.as_str(), runbook.verify_every), ("restore", Some(31)));
        let [rto, rpo] = runbook.objectives.as_slice() else { panic!() };
        assert_eq!((rto.limit.as_secs(), rto.of.as_str()), (3_600, "lose..check-1"));
        assert_eq!(rpo.source, Source::Captured("lost".into()));
    }

    #[test]
    fn a_block_without_braces_or_of_another_language_never_runs() {
        let text = "## Steps\n\n```sh\na\n```\n\n```console run\n$ b\n```\n\n```python {name=c}\nd\n```\n\n```sh {2}\ne\n```\n";
        assert!(of(text).steps.is_empty());
        assert!(problems(text).is_empty());
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn each_mistake_is_told() {
        let with = |front: &str, body: &str| {
            problems(&format!("---\ntargets: [drill]\n{front}\n---\n## Steps\n\n{body}\n"))
        };
        let step = "```sh {name=a}\nx\n```\n";
        let cases = [
            (with("", "```sh {nam=a}\nx\n```"), "a step has no attribute `nam=a`"),
            (
                with("", "```sh {name=../a}\nx\n```"),
                "`name=../a` is no name of a step: small letters, digits and `-`",
            ),
            (
                with("", "```sh {timeout=often}\nx\n```"),
                "`timeout=often` is no time: write `timeout=30s`, `10m` or `1h`",
            ),
            (with("", "```sh {exit=256}\nx\n```"), "`exit=256` is no exit code: 0 to 255"),
            (with("", &step.repeat(2)), "a second step is called `a`"),
            (
                with("", &format!("{step}```output\n{{{{http_proxy:word}}}}\n```")),
                "a capture may not be called `http_proxy`, which is a variable already",
            ),
            (with("", &format!("{step}```output\n{{{{A:word}}}}\n```")), "`A` is no name of a capture"),
            (
                with("", &format!("{step}```output\n{{{{n:int}}}} {{{{n:word}}}}\n```")),
                "the capture `n` is of type int elsewhere, and word here",
            ),
            (
                with("", &format!("{step}```output\na\n```\n```output\nb\n```")),
                "a second output of the step `a`: only the first is held against it",
            ),
            (with("rto: 1h", step), "`rto` is no objective"),
            (with("rto: < 1h of a..b", step), "`rto` is measured to `b`, and no step is called so"),
            (with("rpo: < 1h of n", step), "`rpo` is measured by `n`, and no step captures that"),
            (
                with("rpo: < 1h of n", &format!("{step}```output\n{{{{n:int}}}}\n```")),
                "`rpo` is measured by `n`, and the step `a` that captures it is not marked `measure`",
            ),
            (with("secrets: [A-B]", step), "`A-B` is no name of a variable"),
            (with("verify-every: often", step), "`verify-every` is no time span"),
            (problems("---\ntargets: [../x]\n---\n"), "`../x` is no name of a target"),
            (problems("---\ntargets: drill\n---\n"), "`targets` is no list of texts"),
            (
                problems("## Steps\n\n```sh {name=a}\nx\n```\n"),
                "this runbook has steps, and names no target on which they may run",
            ),
            (with("", "## Steps\n\n```sh {name=a}\nx\n```\n"), "the phase Steps stands here a second time"),
            (
                with("", "## Notes\n\n```sh {name=a}\nx\n```\n"),
                "this block is marked as a step, and stands under no phase",
            ),
            (
                with("", &format!("{step}\n## Diagnosis\n\n```sh {{name=b}}\nx\n```\n")),
                "Diagnosis stands behind Steps, and runs before it",
            ),
            (
                with(
                    "",
                    &format!(
                        "{step}\n## Rollback\n\n```sh {{name=b}}\nx\n```\n\n## Diagnosis\n\n```sh {{name=c destructive}}\nx\n```"
                    ),
                ),
                "a destructive step under Diagnosis, which only reads",
            ),
        ];
        for (got, wanted) in cases {
            assert!(got.iter().any(|message| message == wanted), "{wanted}: {got:?}");
        }
    }
}
