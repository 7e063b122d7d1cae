//! The blocks of a runbook: which are steps, what each must print, and whether their names fit together.

use super::{ATTRIBUTES, LONGEST, Phase, Step, StepReader, TIMEOUT, is_name};
use crate::base::lasting;
use crate::diag::{Place, Problem, code, nearest};
use crate::markdown::{CodeFact, Sample};
use crate::runs::holes::{self, Part};
use std::collections::BTreeMap;

/// What stands between the braces behind a block's language, if that is `sh` or `bash`.
pub(super) fn attributes(code: &CodeFact) -> Option<(&Sample, String)> {
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

impl StepReader<'_> {
    /// Steps, each with its output, phase by phase as the headings stand.
    pub(super) fn blocks(&mut self) {
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
    pub(super) fn names(&mut self) {
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
