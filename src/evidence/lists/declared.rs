//! Lists that say what they list: `<!-- lists: src/cli.rs#Command -->` before a list, a table or a block.

use crate::base::{RelPath, Span};
use crate::code::{Name, Names};
use crate::diag::{Nearest, Place};
use crate::evidence::names::gaps as lists;
use crate::markdown::listings;
use crate::world::World;
use std::collections::HashMap;
use std::rc::Rc;

/// A declared list, held against the code.
#[derive(Clone, Debug)]
pub struct DeclaredList {
    /// The remark that declares it.
    pub place: Place,
    /// What it says it lists.
    pub what: String,
    /// What became of it.
    pub outcome: ListOutcome,
}

/// What became of a declared list.
#[derive(Clone, Debug)]
pub enum ListOutcome {
    /// No such file in the repository.
    NoFile(String),
    /// The file declares no such set; one that may be meant.
    NoSet(RelPath, Option<String>),
    /// Nothing that could be a list follows.
    NoList,
    /// Held against the set: how many members there are, those that the list lacks with their places, and where the
    /// list ends.
    Held {
        /// How many members.
        all: usize,
        /// The missing ones.
        missing: Vec<(String, Place)>,
        /// The last entry.
        end: Span,
    },
}

/// The declared lists of one page.
pub fn declared_lists(world: &dyn World, page: &RelPath) -> Vec<DeclaredList> {
    let Ok(text) = world.text(page) else { return Vec::new() };
    let mut out = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    let mut held = Held { world, files: HashMap::new(), near: Nearest::default() };
    for list in listings(&text) {
        let Some((what, span)) = &list.declared else { continue };
        if !seen.insert(*span) {
            continue;
        }
        let end = list.entries.last().map_or(*span, |entry| entry.span);
        if list.entries.is_empty() {
            let place = Place { file: page.clone(), span: *span };
            out.push(DeclaredList { place, what: what.clone(), outcome: ListOutcome::NoList });
            continue;
        }
        let missing = |members: &[&Name]| -> Vec<Name> {
            lists::missing(&list, members).into_iter().cloned().collect()
        };
        let outcome = held.outcome(what, end, missing);
        out.push(DeclaredList {
            place: Place { file: page.clone(), span: *span },
            what: what.clone(),
            outcome,
        });
    }
    out
}

/// The files that the lists of a page are held against, each read once.
struct Held<'w> {
    world: &'w dyn World,
    files: HashMap<RelPath, Option<Rc<Names>>>,
    near: Nearest,
}

impl Held<'_> {
    fn names(&mut self, file: &RelPath) -> Option<Rc<Names>> {
        let world = self.world;
        let read = || world.text(file).ok().map(|text| Rc::new(Names::of(file, &text)));
        self.files.entry(file.clone()).or_insert_with(read).clone()
    }

    fn outcome(&mut self, what: &str, end: Span, missing: impl Fn(&[&Name]) -> Vec<Name>) -> ListOutcome {
        let (path, set) = what.split_once('#').unwrap_or((what, ""));
        let file = RelPath::parse(path).ok();
        let found = file.and_then(|file| self.names(&file).map(|names| (file, names)));
        let Some((file, names)) = found else { return ListOutcome::NoFile(path.to_owned()) };
        let members = names.members(set);
        if members.is_empty() {
            let near = self.near.find(path, set, names.sets());
            return ListOutcome::NoSet(file, near);
        }
        let place = |name: Name| (name.text, Place { file: file.clone(), span: name.span });
        let lacking = missing(&members).into_iter().map(place).collect();
        ListOutcome::Held { all: members.len(), missing: lacking, end }
    }
}
