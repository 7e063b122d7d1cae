//! Files and folders as names.

use super::{Declared, Sides, page};
use crate::base::LinePairs;
use crate::base::{RelPath, Span};
use crate::code::{Name, NameKind};
use crate::model::is_markdown;
use crate::world::World;
use std::collections::{BTreeSet, HashMap};

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

/// Markdown files that the change took away, and the new file that holds most of their lines.
pub(super) fn lost_pages(sides: Sides<'_>) -> Vec<(RelPath, Option<RelPath>)> {
    let markdown = |world: &dyn World, other: &dyn World| -> Vec<RelPath> {
        let gone =
            |file: &&RelPath| is_markdown(file) && world.kind(file).is_some() && other.kind(file).is_none();
        sides.changed.iter().filter(gone).cloned().collect()
    };
    let new: Vec<(RelPath, String)> = markdown(sides.head, sides.base)
        .into_iter()
        .filter_map(|file| sides.head.text(&file).ok().map(|text| (file, text)))
        .collect();
    let mut by_name: HashMap<&str, Vec<&(RelPath, String)>> = HashMap::new();
    for page in &new {
        by_name.entry(page.0.file_name()).or_default().push(page);
    }
    let now = |lost: &RelPath| -> Option<RelPath> {
        let old = sides.base.text(lost).ok()?;
        let kept = |text: &str| LinePairs::of(&old, text).kept_lines();
        // The same name first; whoever moves more than this at once is not asked about each pair.
        let same = by_name.get(lost.file_name()).map(Vec::as_slice).unwrap_or_default();
        let others = new.iter().filter(|(file, _)| file.file_name() != lost.file_name());
        let near = same.iter().copied().chain(others).take(20);
        let most = near.map(|(file, text)| (kept(text), file)).max_by_key(|(kept, _)| *kept)?;
        (most.0 * 2 > old.lines().count()).then(|| most.1.clone())
    };
    let lost = markdown(sides.base, sides.head);
    lost.into_iter().map(|lost| (lost.clone(), now(&lost))).collect()
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
    let name = Name { kind: NameKind::File, text, set: String::new(), span, whole, hidden: false };
    Declared { file, name }
}
