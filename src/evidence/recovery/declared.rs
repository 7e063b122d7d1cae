//! The file itself: values with their places.

use crate::base::{RelPath, lasting};
use crate::diag::{Place, Problem, code};
use crate::evidence::context::Context;
use crate::openapi::node::Node;
use crate::openapi::{Format, read};
use std::time::Duration;

/// A recovery file.
pub(super) struct Declared {
    pub(super) file: RelPath,
    pub(super) root: Node,
}

/// A value of it: a text, or a number or a truth as text.
pub(super) struct Value<'d> {
    /// Its path, as in `backups.wal.archive`.
    pub(super) name: String,
    pub(super) text: String,
    pub(super) place: &'d Place,
}

impl Declared {
    pub(super) fn read(cx: &Context<'_>, file: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let book = Place::whole(cx.config.file.clone().unwrap_or_else(RelPath::root));
        let mut refuse = |place: &Place, message: String| {
            let found = Problem::new(code::RECOVERY_PLAN, place, "file", message);
            problems.push(found.help("`run.recovery` names it, from the folder of book.toml"));
        };
        let Ok(path) = cx.config.root.join(file) else {
            refuse(&book, format!("`{file}` leads out of the repository"));
            return None;
        };
        let text = match cx.world.text(&path) {
            Ok(text) => text,
            Err(error) => {
                refuse(&book, format!("what is declared about recovery cannot be read: {error}"));
                return None;
            }
        };
        let tree = read(&path, &text, 0, Format::Yaml);
        if let Some(problem) = tree.problems.first() {
            refuse(&problem.place, format!("it cannot be read: {}", problem.message));
            return None;
        }
        Some(Self { file: path, root: tree.root })
    }

    /// The node at a path of keys with dots between.
    pub(super) fn node(&self, path: &str) -> Option<&Node> {
        path.split('.').try_fold(&self.root, |node, key| node.get(key))
    }

    pub(super) fn value(&self, path: &str) -> Option<Value<'_>> {
        value_of(self.node(path)?, path)
    }

    /// A time of work, or a problem with the value.
    pub(super) fn time(&self, path: &str) -> Option<Result<Duration, String>> {
        let value = self.value(path)?;
        Some(
            lasting::work(&value.text)
                .ok_or_else(|| format!("`{path}` is no time: write it as `60s`, `15m`, `1h` or `1d`")),
        )
    }

    /// A file beside this one.
    pub(super) fn beside(&self, name: &str) -> Option<RelPath> {
        self.file.parent().join(name).ok()
    }

    /// Where a path of keys is, or the nearest of it that is there.
    pub(super) fn place(&self, path: &str) -> Place {
        let mut node = &self.root;
        let mut place = Place::whole(self.file.clone());
        for key in path.split('.') {
            let Some(entry) = node.map().and_then(|map| map.entry(key)) else { break };
            place = entry.place.clone();
            node = &entry.node;
        }
        place
    }
}

pub(super) fn value_of<'d>(node: &'d Node, name: &str) -> Option<Value<'d>> {
    let number = || node.number().map(|number| number.as_str().to_owned());
    let truth = || node.bool().map(|is| is.to_string());
    let text = node.text().map(str::to_owned).or_else(number).or_else(truth)?;
    Some(Value { name: name.to_owned(), text, place: &node.place })
}
