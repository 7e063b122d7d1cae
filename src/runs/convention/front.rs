//! What the front matter of a runbook says: where it may run, its secrets, how often it has to, its objectives.

use super::{Objective, Source, Step, StepReader, is_name};
use crate::base::{amount, lasting};
use crate::diag::{Place, nearest};
use crate::markdown::Value;
use crate::runs::holes;

impl StepReader<'_> {
    pub(super) fn front(&mut self) {
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

    /// The size that times are projected to.
    fn projected(&mut self) {
        let Some(value) = self.facts.front.get("project-to") else { return };
        self.out.project_to = if let Value::Text(text) = value { amount::bytes(text) } else { None };
        if self.out.project_to.is_none() {
            let message = "`project-to` is no amount of data".to_owned();
            self.say(&self.place_of("project-to"), "project-to", message, "write it as `500 GB` or `1.5 TB`");
        }
    }

    pub(super) fn objectives(&mut self) {
        self.projected();
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
