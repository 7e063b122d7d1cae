//! Where a site may go.

use super::named::leaves;
use super::target::{absolute, enters_git, on_disk, real};
use crate::base::RelPath;
use crate::shell::Error;
use std::path::{Path, PathBuf};

/// The folder that an argument names, with links resolved.
///
/// # Errors
/// When a link of the repository leads it out of there.
pub fn named(path: &Path) -> Result<PathBuf, Error> {
    let refused = |cause: String| Error::new("write a site to", path, cause).for_the_user();
    let lexical = absolute(path).map_err(|cause| refused(cause.to_string()))?;
    let real = real(&lexical)?;
    match leaves(path, &lexical, &real) {
        Some(cause) => Err(refused(cause)),
        None => Ok(real),
    }
}

/// The folder that `build-dir` of a book.toml names, as seen from the book's folder. A book is a stranger's: the folder
/// lies inside of the repository, and holds neither `.git` nor anything in `kept` (the book's own folder, its sources, its
/// theme).
///
/// # Errors
/// When it does not.
pub fn configured(root: &Path, book: &RelPath, build_dir: &str, kept: &[RelPath]) -> Result<PathBuf, Error> {
    let refused = |cause: String| {
        let cause = format!("{cause}; name another in `build.build-dir`, or one outside with `--dest-dir`");
        Error::new("write the site to", build_dir, cause).for_the_user()
    };
    let path = book.join(build_dir).map_err(|_| refused("it lies outside of the repository".into()))?;
    let holds = |folder: &RelPath, what: &RelPath| what.below(folder).is_some();
    if let Some(held) = kept.iter().find(|kept| holds(&path, kept)) {
        return Err(refused(format!("it holds `{held}`, which is not written by a build")));
    }
    let root = real(root)?;
    let found = real(&on_disk(&root, &path))?;
    let Ok(below) = found.strip_prefix(&root) else {
        return Err(refused(format!("a link leads out of the repository, to {}", found.display())));
    };
    if enters_git(below) || path.enters_git() {
        return Err(refused("it lies in `.git`".into()));
    }
    let is_kept = |kept: &&RelPath| real(&on_disk(&root, kept)).is_ok_and(|kept| kept.starts_with(&found));
    if let Some(held) = kept.iter().find(is_kept) {
        return Err(refused(format!("a link leads to the folder of `{held}`")));
    }
    Ok(found)
}
