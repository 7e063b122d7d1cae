//! The convention: a runbook is plain Markdown, and what of it runs is told by its headings and code fences.
//!
//! The phase is the heading of level 2. A block of `sh` or `bash` with `{…}` behind its language is a step of the phase
//! under whose heading it stands, and the next block of `output` is what it must print. Nothing else runs.

use super::holes::{self, Part};
use crate::base::{RelPath, lasting};
use crate::diag::{Place, Problem, code, nearest};
use crate::markdown::{CodeFact, Doc, Facts, Front, Sample, Value};
use std::collections::BTreeMap;
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
    /// Its objectives.
    pub objectives: Vec<Objective>,
    /// In the order in which they run.
    pub steps: Vec<Step>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Front matter of runbooks that this module reads, for places.
const KEYS: &[&str] = &["targets", "secrets", "verify-every", "rto", "rpo"];

/// Reads a page as a runbook.
pub fn read(source: &RelPath, doc: &Doc) -> Runbook {
    let mut reader = Reader { source, facts: &doc.facts, out: Runbook::default() };
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

struct Reader<'r> {
    source: &'r RelPath,
    facts: &'r Facts,
    out: Runbook,
}

/// What stands between the braces behind a block's language, if that is `sh` or `bash`.
fn attributes(code: &CodeFact) -> Option<(&Sample, String)> {
    if !matches!(code.language.as_str(), "sh" | "bash") {
        return None;
    }
    let sample = code.sample.as_deref()?;
    let all = sample.words.join(" ");
    let inside = all.get(all.find('{')? + 1..)?;
    let inside = inside.split('}').next().unwrap_or("");
    Some((sample, inside.to_owned()))
}

fn is_output(code: &CodeFact) -> bool {
    let marked = |sample: &Sample| sample.words.iter().any(|word| word == "output");
    code.language == "output" || code.sample.as_deref().is_some_and(marked)
}

/// Whether a target, a step may have this name: it is part of file names and of what is typed.
pub fn is_name(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

impl Reader<'_> {
    fn say(&mut self, place: &Place, subject: &str, message: String, help: &str) {
        self.out.problems.push(Problem::new(code::RUN_CONVENTION, place, subject, message).help(help));
    }

    fn place_of(&self, key: &str) -> Place {
        let front: &Front = &self.facts.front;
        let place = front.place_of(key).or(front.place.as_ref()).cloned();
        place.unwrap_or_else(|| Place::whole(self.source.clone()))
    }

    fn front(&mut self) {
        self.out.targets = self.list("targets");
        for name in self.out.targets.clone() {
            if !is_name(&name) {
                let message = format!("`{name}` is no name of a target");
                self.say(
                    &self.place_of("targets"),
                    &name,
                    message,
                    "small letters, digits and `-`, as in `targets/drill.toml`",
                );
            }
        }
        self.out.secrets = self.list("secrets");
        for name in self.out.secrets.clone() {
            let first = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
            if !first || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                let message = format!("`{name}` is no name of a variable");
                self.say(
                    &self.place_of("secrets"),
                    &name,
                    message,
                    "name the variable; its value stands nowhere",
                );
            }
        }
        if let Some(value) = self.facts.front.get("verify-every") {
            let days = match value {
                Value::Integer(days) => Some(*days).filter(|days| (1..=36_500).contains(days)),
                Value::Text(text) => lasting::days(text),
                _ => None,
            };
            if days.is_none() {
                let message = "`verify-every` is no time span".to_owned();
                self.say(
                    &self.place_of("verify-every"),
                    "verify-every",
                    message,
                    "write it as `31d` or `3 months`",
                );
            }
            self.out.verify_every = days;
        }
    }

    fn list(&mut self, key: &'static str) -> Vec<String> {
        let text = |value: &Value| if let Value::Text(text) = value { Some(text.clone()) } else { None };
        let found = match self.facts.front.get(key) {
            None => return Vec::new(),
            Some(Value::List(list)) => list.iter().map(text).collect::<Option<Vec<_>>>(),
            Some(_) => None,
        };
        if found.is_none() {
            self.say(
                &self.place_of(key),
                key,
                format!("`{key}` is no list of texts"),
                "write it as `[drill, staging]`",
            );
        }
        found.unwrap_or_default()
    }

    /// Steps, each with its output, phase by phase as the headings stand.
    fn blocks(&mut self) {
        let facts = self.facts;
        let mut last: Option<Phase> = None;
        let mut seen: Vec<Phase> = Vec::new();
        let mut sections =
            facts.headings.iter().filter(|heading| heading.place.file == *self.source).peekable();
        let (mut phase, mut heading) = (None, String::new());
        let mut open: Option<usize> = None;
        for (number, code) in facts.code.iter().enumerate() {
            let begins = |place: &Place| place.span.start;
            while let Some(next) = sections.next_if(|next| begins(&next.place) < begins(&code.place)) {
                heading.clone_from(&next.text);
                if next.level > 2 {
                    continue;
                }
                open = None;
                phase = Phase::find(&next.text).filter(|_| next.level == 2);
                let Some(now) = phase else { continue };
                if seen.contains(&now) {
                    let message = format!("the phase {} stands here a second time", now.name());
                    self.say(
                        &next.place,
                        now.name(),
                        message,
                        "one heading of level 2 holds all steps of a phase",
                    );
                }
                seen.push(now);
            }
            if is_output(code) {
                self.output(number, code, open);
                continue;
            }
            let Some((sample, inside)) = attributes(code) else { continue };
            if code.place.file != *self.source {
                self.quoted(code);
                continue;
            }
            let Some(phase) = phase else {
                self.under_no_phase(code, &inside);
                continue;
            };
            if let Some(last) = last.filter(|last| *last > phase) {
                let message = format!("{} stands behind {}, and runs before it", phase.name(), last.name());
                self.say(
                    &code.place,
                    phase.name(),
                    message,
                    "the order of phases on a page is that of a run",
                );
            }
            last = last.max(Some(phase));
            let step = self.step(phase, number, code, (sample, &inside));
            self.out.steps.push(Step { heading: heading.clone(), ..step });
            open = Some(self.out.steps.len() - 1);
        }
    }

    fn quoted(&mut self, code: &CodeFact) {
        let message = format!("a step of `{}` is quoted here, and does not run", code.place.file);
        let help = "write the block on the page; what it holds may be quoted";
        self.say(&Place::whole(self.source.clone()), "quoted", message, help);
    }

    fn under_no_phase(&mut self, code: &CodeFact, inside: &str) {
        let names: Vec<&str> = Phase::ALL.iter().map(|phase| phase.name()).collect();
        let message = "this block is marked as a step, and stands under no phase".to_owned();
        self.say(
            &code.place,
            inside,
            message,
            &format!("steps stand under a heading of level 2: {}", names.join(", ")),
        );
    }

    fn output(&mut self, number: usize, code: &CodeFact, open: Option<usize>) {
        let text = code.sample.as_deref().map(|sample| sample.text.clone());
        let Some(step) = open.and_then(|open| self.out.steps.get_mut(open)) else { return };
        if step.output.is_some() {
            let message =
                format!("a second output of the step `{}`: only the first is held against it", step.name);
            let subject = step.name.clone();
            self.say(
                &code.place,
                &subject,
                message,
                "put the steps between; `...` stands for lines that are left out",
            );
            return;
        }
        (step.expected, step.output) = (text, Some(number));
    }

    fn step(
        &mut self,
        phase: Phase,
        block: usize,
        code: &CodeFact,
        (sample, inside): (&Sample, &str),
    ) -> Step {
        let of_phase = self.out.steps.iter().filter(|step| step.phase == phase).count();
        let mut step = Step {
            name: format!("{}-{}", phase.name().to_lowercase(), of_phase + 1),
            phase,
            heading: String::new(),
            code: sample.text.clone(),
            expected: None,
            destructive: false,
            measure: false,
            timeout: TIMEOUT,
            exit: 0,
            block,
            output: None,
            place: code.place.clone(),
        };
        for word in inside.split_whitespace() {
            self.attribute(&mut step, code, word);
        }
        if sample.text.len() > LONGEST {
            let message = format!("the step `{}` is longer than {LONGEST} bytes", step.name);
            self.say(
                &code.place,
                &step.name,
                message,
                "put the script into a file of the repository, and call it",
            );
        }
        if sample.text.contains('\0') {
            self.say(&code.place, &step.name, format!("the step `{}` holds a NUL byte", step.name), "");
        }
        step
    }

    fn attribute(&mut self, step: &mut Step, code: &CodeFact, word: &str) {
        let (key, value) = word.split_once('=').map_or((word, None), |(key, value)| (key, Some(value)));
        let wrong = |what: &str| Some(format!("`{word}` is no {what}"));
        let problem = match (key, value) {
            ("destructive", None) => {
                step.destructive = true;
                let message = format!("a destructive step under {}, which only reads", step.phase.name());
                step.phase.reads_only().then_some(message)
            }
            ("measure", None) => {
                step.measure = true;
                None
            }
            ("name", Some(name)) if is_name(name) => {
                step.name = name.to_owned();
                None
            }
            ("name", _) => wrong("name of a step: small letters, digits and `-`"),
            ("timeout", Some(text)) => match lasting::work(text) {
                Some(time) => {
                    step.timeout = time;
                    None
                }
                None => wrong("time: write `timeout=30s`, `10m` or `1h`"),
            },
            ("exit", Some(text)) => match text.parse::<u8>() {
                Ok(exit) => {
                    step.exit = i32::from(exit);
                    None
                }
                Err(_) => wrong("exit code: 0 to 255"),
            },
            _ => Some(format!("a step has no attribute `{word}`")),
        };
        let Some(message) = problem else { return };
        let known: Vec<&str> =
            ATTRIBUTES.iter().map(|(form, _)| form.split('=').next().unwrap_or(form)).collect();
        let near = nearest(key, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
        let forms: Vec<&str> = ATTRIBUTES.iter().map(|(form, _)| *form).collect();
        let help = near.unwrap_or_else(|| format!("attributes are {}", forms.join(", ")));
        self.say(&code.place, word, message, &help);
    }

    /// Names of steps and of captures.
    fn names(&mut self) {
        let mut seen: BTreeMap<&str, &Place> = BTreeMap::new();
        let mut types: BTreeMap<&str, &str> = BTreeMap::new();
        let mut problems = Vec::new();
        let mut say = |place: &Place, subject: &str, message: String, help: &str| {
            problems.push(Problem::new(code::RUN_CONVENTION, place, subject, message).help(help));
        };
        for step in &self.out.steps {
            if seen.insert(&step.name, &step.place).is_some() {
                say(
                    &step.place,
                    &step.name,
                    format!("a second step is called `{}`", step.name),
                    "each name once",
                );
            }
            let at = step.output.and_then(|output| self.facts.code.get(output));
            for (number, line) in step.expected.iter().flat_map(|text| text.lines().enumerate()) {
                let place = at.map_or_else(|| step.place.clone(), |code| code.line(number));
                for part in holes::parts(line) {
                    match part {
                        Part::NoHole { name, of, text } => {
                            let (message, help) = no_hole(name, of);
                            say(&place, text, message, &help);
                        }
                        Part::Hole { name, of } if !name.is_empty() => {
                            if holes::steers(name) || self.out.secrets.iter().any(|secret| secret == name) {
                                let message = format!(
                                    "a capture may not be called `{name}`, which is a variable already"
                                );
                                say(&place, name, message, "give it another name");
                            }
                            let before = *types.entry(name).or_insert(of);
                            if before != of {
                                let message = format!(
                                    "the capture `{name}` is of type {before} elsewhere, and {of} here"
                                );
                                say(&place, name, message, "give it one type, or another name");
                            }
                        }
                        _ => {}
                    }
                }
            }
        }
        self.out.problems.extend(problems);
        if self.out.targets.is_empty()
            && self.facts.front.get("targets").is_none()
            && !self.out.steps.is_empty()
        {
            let message = "this runbook has steps, and names no target on which they may run".to_owned();
            self.say(
                &self.place_of("targets"),
                "targets",
                message,
                "add `targets: [NAME]`, and describe it in `targets/NAME.toml`",
            );
        }
    }

    fn objectives(&mut self) {
        for name in ["rto", "rpo"] {
            let Some(value) = self.facts.front.get(name) else { continue };
            let place = self.place_of(name);
            let text = if let Value::Text(text) = value { text.as_str() } else { "" };
            match objective(name, text, &place) {
                None => {
                    let help = "write `< 1h of FIRST..LAST`, the names of steps, or `< 15m of NAME`, a captured number of seconds";
                    self.say(&place, name, format!("`{name}` is no objective"), help);
                }
                Some(found) => {
                    if let Some((message, help)) = self.unmeasured(&found.source) {
                        self.say(&place, name, format!("`{name}` {message}"), &help);
                    }
                    self.out.objectives.push(found);
                }
            }
        }
    }

    /// Why an objective can never be measured.
    fn unmeasured(&self, source: &Source) -> Option<(String, String)> {
        let steps = &self.out.steps;
        match source {
            Source::Between(first, last) => {
                let missing =
                    [first, last].into_iter().find(|name| !steps.iter().any(|step| step.name == **name));
                if let Some(missing) = missing {
                    let near = nearest(missing, steps.iter().map(|step| step.name.as_str()));
                    let help = near.map_or_else(
                        || "steps get names by `{name=NAME}`".into(),
                        |near| format!("did you mean `{near}`?"),
                    );
                    return Some((format!("is measured to `{missing}`, and no step is called so"), help));
                }
                let at = |name: &String| steps.iter().position(|step| step.name == *name);
                let phase = |at: Option<usize>| at.and_then(|at| steps.get(at)).map(|step| step.phase);
                (phase(at(first)) > phase(at(last))
                    || (phase(at(first)) == phase(at(last)) && at(first) > at(last)))
                .then(|| {
                    (format!("ends with `{last}`, which runs before `{first}`"), "turn them around".into())
                })
            }
            Source::Captured(name) => {
                let captures = |step: &&Step| step.captures().contains(&name.as_str());
                match steps.iter().find(captures) {
                    None => Some((
                        format!("is measured by `{name}`, and no step captures that"),
                        format!("write `{{{{{name}:number}}}}` into an output"),
                    )),
                    Some(step) if !step.measure => Some((
                        format!(
                            "is measured by `{name}`, and the step `{}` that captures it is not marked `measure`",
                            step.name
                        ),
                        "the page shows that step's code beside the figure, so that nobody claims a constant"
                            .into(),
                    )),
                    Some(_) => None,
                }
            }
        }
    }
}

fn no_hole(name: &str, of: &str) -> (String, String) {
    if holes::find(of).is_none() {
        let near = nearest(of, holes::TYPES.iter().map(|one| one.name));
        let all: Vec<&str> = holes::TYPES.iter().map(|one| one.name).collect();
        let help = near.map_or_else(
            || format!("types are {}", all.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        return (format!("there is no type of hole `{of}`"), help);
    }
    let message = format!("`{name}` is no name of a capture");
    (
        message,
        "small letters, digits and `_`, and a letter first: a capture is a variable of later steps".into(),
    )
}

/// `< 1h of a..b`.
fn objective(name: &'static str, text: &str, place: &Place) -> Option<Objective> {
    let (limit, of) = text.trim().strip_prefix('<')?.split_once(" of ")?;
    let (limit, of) = (lasting::work(limit)?, of.trim());
    let source = match of.split_once("..") {
        Some((first, last)) if is_name(first) && is_name(last) => {
            Source::Between(first.to_owned(), last.to_owned())
        }
        None if holes::is_capture(of) => Source::Captured(of.to_owned()),
        _ => return None,
    };
    Some(Objective { name, limit, of: of.to_owned(), source, place: place.clone() })
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
