//! The output of a command that made an API document, recorded by `oathbook update --exec` with the fingerprint of the
//! files it was made from. Nothing is run here: the record is read, and its fingerprint compared.

use super::{Yield, fingerprint};
use crate::base::{Fingerprint, RelPath};
use crate::diag::{Place, Problem, code};
use crate::openapi::node::{Map, Node, Value};
use crate::openapi::read::{Format, read};
use crate::world::World;

/// What `oathbook update --exec` writes.
#[derive(Clone, Debug)]
pub struct Recording {
    /// The record's text.
    pub text: String,
}

/// The record of a command's output, which is JSON or YAML; problems if it is neither.
///
/// # Errors
/// What is wrong with the output; its places are in `record`, which is not written then.
pub fn recording(
    world: &dyn World,
    command: &str,
    record: &RelPath,
    inputs: &[RelPath],
    output: &str,
) -> Result<Recording, Vec<Problem>> {
    // The record's name says nothing of how the command writes.
    let format = if output.trim_start().starts_with('{') { Format::Json } else { Format::Yaml };
    let document = read(record, output, 0, format);
    if !document.problems.is_empty() || document.root.map().is_none() {
        let mut problems = document.problems;
        if problems.is_empty() {
            let message =
                format!("the command's output is {}, not an API document", document.root.type_name());
            problems.push(Problem::new(
                code::OPENAPI_SOURCE,
                &Place::whole(record.clone()),
                command,
                message,
            ));
        }
        return Err(problems);
    }
    let nowhere = Place::whole(record.clone());
    let mut map = Map::default();
    let mut set = |key: &str, node: Node| drop(map.insert(key, nowhere.clone(), node));
    set("command", Node::of_text(command, nowhere.clone()));
    set("fingerprint", Node::of_text(&current(world, command, inputs).to_string(), nowhere.clone()));
    set("document", document.root);
    let root = Node { value: Value::Map(map), place: nowhere };
    Ok(Recording { text: root.to_json() + "\n" })
}

/// Of the command and what it read.
fn current(world: &dyn World, command: &str, inputs: &[RelPath]) -> Fingerprint {
    Fingerprint::of_parts([command.as_bytes(), fingerprint(world, inputs).to_string().as_bytes()])
}

pub(super) fn recorded(
    world: &dyn World,
    command: &str,
    record: &RelPath,
    inputs: &[RelPath],
    place: &Place,
) -> Yield {
    const HELP: &str = "`oathbook update --exec` runs the command and records its output";
    let text = match world.text(record) {
        Ok(text) => text,
        Err(error) => {
            let message =
                format!("the output of `{command}` is not recorded: `{record}` cannot be read: {error}");
            return Yield::nothing(
                place,
                vec![Problem::new(code::OPENAPI_STALE, place, command, message).help(HELP)],
            );
        }
    };
    let tree = read(record, &text, 0, Format::Json);
    let mut problems = tree.problems;
    let Some(document) = tree.root.get("document") else {
        if problems.is_empty() {
            let message = format!("`{record}` is no record of a command");
            problems.push(
                Problem::new(code::OPENAPI_STALE, &Place::whole(record.clone()), command, message).help(HELP),
            );
        }
        return Yield::nothing(place, problems);
    };
    if inputs.is_empty() {
        let message = format!("no file is what `{command}` reads: its `inputs` match nothing");
        problems.push(Problem::new(code::OPENAPI_SOURCE, place, command, message));
    }
    let now = current(world, command, inputs).to_string();
    if tree.root.get_text("fingerprint") != Some(&now) {
        let message = format!("what `{command}` reads has changed since its output was recorded");
        let at = tree.root.place_of("fingerprint");
        problems.push(
            Problem::new(code::OPENAPI_STALE, place, command, message)
                .related(at, "recorded of these")
                .help(HELP),
        );
    }
    Yield { root: document.clone(), problems, holes: Vec::new() }
}
