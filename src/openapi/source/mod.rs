//! Where API documents come from. A source yields a document in which every value knows its place; that is the
//! provenance map. Documents of several sources merge, overlays change what came before them.

mod command;
mod comments;
mod jsonpath;
mod limits;
mod merge;
mod overlay;
mod rust;

pub use command::{Recording, recording};
pub use jsonpath::{Path, Selected};
pub use limits::{Limit, apply as limit, read as limit_of, stated as stated_limit};
pub use merge::merge;
pub use overlay::{apply as apply_overlay, update};

use super::Document;
use super::node::{Map, Node, Value};
use super::read::{Format, read};
use super::utoipa::{Cache, Request};
use crate::base::{Fingerprint, RelPath};
use crate::diag::{Place, Problem, code};
use crate::world::World;

/// Something that yields an API document, or changes one.
#[derive(Clone, Debug)]
pub enum Source {
    /// A document in JSON or YAML.
    File(RelPath),
    /// `@openapi` YAML in comments of these files.
    Comments(Vec<RelPath>),
    /// An OpenAPI Overlay 1.0.
    Overlay(RelPath),
    /// Rust source with utoipa's annotations.
    Utoipa(Request),
    /// The recorded output of a command.
    Command {
        /// As configured.
        command: String,
        /// The record.
        record: RelPath,
        /// The files that the output is made of, sorted.
        inputs: Vec<RelPath>,
    },
}

/// What a source yielded.
#[derive(Clone, Debug)]
pub struct Yield {
    /// The document; null if there is none.
    pub root: Node,
    /// What is wrong with the source.
    pub problems: Vec<Problem>,
    /// Pointers to what could not be read.
    pub holes: Vec<String>,
}

impl Yield {
    fn nothing(place: &Place, problems: Vec<Problem>) -> Self {
        Self { root: Node::null(place.clone()), problems, holes: Vec::new() }
    }
}

/// A source, and where it is configured.
pub type Configured = (Source, Place);

/// The document of several sources, in order, and pointers to what could not be read. `cache` remembers what files of Rust
/// say, by their contents: a preview reads the same service again and again.
pub fn assemble(world: &dyn World, sources: &[Configured], cache: &Cache) -> (Document, Vec<String>) {
    let mut problems = Vec::new();
    let mut holes = Vec::new();
    let mut root: Option<Node> = None;
    for (source, place) in sources {
        if let Source::Overlay(file) = source {
            let overlay = of_file(world, file, place);
            problems.extend(overlay.problems);
            match &mut root {
                Some(root) => overlay::apply(root, &overlay.root, &mut problems),
                None => problems.push(
                    Problem::new(
                        code::OPENAPI_SOURCE,
                        place,
                        file.as_str(),
                        "an overlay stands before every document",
                    )
                    .help("name the document that it changes first"),
                ),
            }
            continue;
        }
        let yielded = source.read(world, place, cache);
        problems.extend(yielded.problems);
        holes.extend(yielded.holes);
        if matches!(yielded.root.value, Value::Null) {
            continue;
        }
        match &mut root {
            Some(root) => merge(root, yielded.root, &mut problems),
            None => root = Some(yielded.root),
        }
    }
    let nowhere =
        || sources.first().map_or_else(|| Place::whole(RelPath::root()), |(_, place)| place.clone());
    (Document::new(root.unwrap_or_else(|| Node::null(nowhere())), problems), holes)
}

impl Source {
    /// Reads the source; `place` is where it is configured, for what concerns all of it.
    pub fn read(&self, world: &dyn World, place: &Place, cache: &Cache) -> Yield {
        match self {
            Self::File(file) | Self::Overlay(file) => of_file(world, file, place),
            Self::Utoipa(request) => rust::extracted(world, request, place, cache),
            Self::Comments(files) => comments::of_files(world, files, place),
            Self::Command { command, record, inputs } => {
                command::recorded(world, command, record, inputs, place)
            }
        }
    }
}

fn of_file(world: &dyn World, file: &RelPath, place: &Place) -> Yield {
    match world.text(file) {
        Ok(text) => {
            let tree = read(file, &text, 0, Format::of(file, &text));
            Yield { root: tree.root, problems: tree.problems, holes: Vec::new() }
        }
        Err(error) => {
            let message = format!("`{file}` cannot be read: {error}");
            let problem = Problem::new(code::OPENAPI_SOURCE, place, file.as_str(), message);
            Yield::nothing(place, vec![problem.help("the path is relative to the folder of book.toml")])
        }
    }
}

/// The fingerprint of files: their paths and contents, in order.
pub fn fingerprint(world: &dyn World, files: &[RelPath]) -> Fingerprint {
    let contents: Vec<Vec<u8>> = files.iter().map(|file| world.read(file).unwrap_or_default()).collect();
    Fingerprint::of_parts(
        files
            .iter()
            .zip(&contents)
            .flat_map(|(file, content)| [file.as_str().as_bytes(), content.as_slice()]),
    )
}

fn object(place: &Place) -> Node {
    Node { value: Value::Map(Map::default()), place: place.clone() }
}
