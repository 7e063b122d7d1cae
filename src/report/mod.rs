//! Diagnostics to people and machines. Every form takes a writer; places become lines and columns here and nowhere
//! else, and what a stranger's text becomes in each form stands in `escape.rs`.

mod changes;
mod escape;
mod forge;
mod machine;
mod markdown;
mod sarif;
mod terminal;

pub use changes::{Changes, Text};
pub use forge::{gitlab, suggestions};
pub use machine::{JSON_SCHEMA, github, json, junit};
pub use markdown::{Story, summary};
pub use sarif::sarif;
pub use terminal::{Style, terminal};

pub use crate::base::count;
use crate::base::{LineIndex, Position, RelPath, Span};
use crate::diag::{Diagnostic, Place};
use crate::world::{World, decode_lossy};
use std::collections::HashMap;

/// Files' texts and line tables, read as they are needed.
pub struct Sources<'w> {
    world: &'w dyn World,
    files: HashMap<RelPath, Option<(String, LineIndex)>>,
}

/// A place as people count it.
#[derive(Clone, Debug)]
pub struct Located {
    /// Begin.
    pub start: Position,
    /// End.
    pub end: Position,
    /// The line it begins on.
    pub line: String,
}

impl<'w> Sources<'w> {
    /// Reads from `world`.
    pub fn new(world: &'w dyn World) -> Self {
        Self { world, files: HashMap::new() }
    }

    fn file(&mut self, path: &RelPath) -> Option<&(String, LineIndex)> {
        let read = || {
            let bytes = self.world.read(path).ok()?;
            let text = decode_lossy(&bytes);
            let index = LineIndex::new(&text);
            Some((text, index))
        };
        self.files.entry(path.clone()).or_insert_with(read).as_ref()
    }

    /// Lines and columns of a place.
    pub fn locate(&mut self, place: &Place) -> Located {
        let Span { start, end } = place.span;
        match self.file(&place.file) {
            Some((text, index)) => {
                let from = index.position(text, start);
                let line: String = index.line(text, from.line).chars().take(400).collect();
                Located { start: from, end: index.position(text, end.max(start)), line }
            }
            None => {
                let first = Position { line: 1, column: 1 };
                Located { start: first, end: first, line: String::new() }
            }
        }
    }
}

/// What every form of a list of diagnostics starts from.
#[derive(Clone, Copy)]
pub struct Listing<'l> {
    /// Settled diagnostics.
    pub diagnostics: &'l [Diagnostic],
    /// Whether they were compared with a base revision, so that their origins mean something.
    pub compared: bool,
}
