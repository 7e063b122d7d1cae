//! Lists that say what they list: `<!-- lists: src/cli.rs#Command -->` before a list, a table or a block.

use super::lists;
use crate::base::{RelPath, Span};
use crate::code;
use crate::diag::Place;
use crate::markdown::listings;
use crate::world::World;

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
    /// The file declares no such set; the sets that it declares.
    NoSet(RelPath, Vec<String>),
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
        let outcome =
            held(world, what, end, |members| lists::missing(&list, members).into_iter().cloned().collect());
        out.push(DeclaredList {
            place: Place { file: page.clone(), span: *span },
            what: what.clone(),
            outcome,
        });
    }
    out
}

fn held(
    world: &dyn World,
    what: &str,
    end: Span,
    missing: impl Fn(&[crate::code::Name]) -> Vec<crate::code::Name>,
) -> ListOutcome {
    let (path, set) = what.split_once('#').unwrap_or((what, ""));
    let file = RelPath::parse(path).ok();
    let Some((file, code)) = file.and_then(|file| world.text(&file).ok().map(|text| (file, text))) else {
        return ListOutcome::NoFile(path.to_owned());
    };
    let members = code::members(&file, &code, set);
    if members.is_empty() {
        return ListOutcome::NoSet(file.clone(), code::sets_of(&file, &code));
    }
    let place = |name: crate::code::Name| (name.text, Place { file: file.clone(), span: name.span });
    ListOutcome::Held { all: members.len(), missing: missing(&members).into_iter().map(place).collect(), end }
}
