//! The members of a workspace, as Cargo finds them: <https://doc.rust-lang.org/cargo/reference/workspaces.html>.

use super::read::{Word, WorkspaceTable};
use crate::base::{Glob, RelPath};
use crate::world::World;

/// Characters that make a path of `members` a glob.
const WILD: [char; 3] = ['*', '?', '['];

/// The folders that an entry of `members` names: itself, or those with a manifest that its glob matches.
pub(super) fn named(world: &dyn World, root: &RelPath, member: &Word) -> Vec<RelPath> {
    let text = member.text.as_str();
    let parts: Vec<&str> = text.split('/').filter(|part| !part.is_empty()).collect();
    let fixed = parts.iter().take_while(|part| !part.contains(WILD)).count();
    let Ok(folder) = root.join(&parts.get(..fixed).unwrap_or_default().join("/")) else { return Vec::new() };
    if fixed == parts.len() {
        return vec![folder];
    }
    let mut below = parts.get(fixed..).unwrap_or_default().join("/");
    // Two stars at the end stand for the folders inside, not for the one that they are in.
    if parts.last() == Some(&"**") {
        below.push_str("/*");
    }
    let glob = Glob::with_sets(&below);
    let manifests = world.files(&folder).into_iter().filter(|file| file.file_name() == "Cargo.toml");
    let fits = |found: &RelPath| {
        found.below(&folder).is_some_and(|below| !below.is_root() && glob.matches(below.as_str()))
    };
    manifests.map(|file| file.parent()).filter(fits).collect()
}

/// Whether `exclude` keeps a folder out: it, or a folder around it, is named there, and `members` does not name it by its
/// path.
pub(super) fn is_excluded(root: &RelPath, workspace: &WorkspaceTable, folder: &RelPath) -> bool {
    let around = |path: &str| root.join(path).is_ok_and(|path| folder.below(&path).is_some());
    workspace.exclude.iter().any(|path| around(path))
        && !workspace.members.iter().any(|member| around(&member.text))
}
