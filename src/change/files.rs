//! Files and folders as names.

use super::{Declared, page};
use crate::base::{RelPath, Span};
use crate::code::{Kind, Name};
use crate::world::World;
use std::collections::BTreeSet;

/// The files that `there` has and `not_there` has not, and the folders that went with them.
pub(super) fn gone(there: &dyn World, not_there: &dyn World, changed: &[RelPath]) -> Vec<Declared> {
    let mut paths = BTreeSet::new();
    for file in changed {
        if there.kind(file).is_none() || not_there.kind(file).is_some() || !page::is_own_file(file) {
            continue;
        }
        paths.insert(file.clone());
        let mut folder = file.parent();
        while !folder.is_root() && not_there.kind(&folder).is_none() && paths.insert(folder.clone()) {
            folder = folder.parent();
        }
    }
    paths.into_iter().map(declare).collect()
}

/// All files, and all folders that hold one.
pub(super) fn all(world: &dyn World) -> Vec<Declared> {
    let mut paths = BTreeSet::new();
    for file in world.tracked(&RelPath::root()).into_iter().filter(page::is_own_file) {
        let mut folder = file.parent();
        while !folder.is_root() && paths.insert(folder.clone()) {
            folder = folder.parent();
        }
        paths.insert(file);
    }
    paths.into_iter().map(declare).collect()
}

fn declare(file: RelPath) -> Declared {
    let text = file.as_str().to_owned();
    let (span, whole) = (Span::default(), Span::default());
    let name = Name { kind: Kind::File, text, set: String::new(), span, whole, hidden: false };
    Declared { file, name }
}
