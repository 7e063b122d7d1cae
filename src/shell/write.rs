//! Writing a site: staged beside the old one, exchanged in one step.
//!
//! An interrupted build leaves the previous site whole. What did not change is a hard link to the old file, so its
//! time stamp stays and nothing is copied. A folder is replaced only if it is empty or carries the marker file.

use super::{Error, disk::MARKER};
use crate::base::{Fingerprint, parallel_map};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// What a write did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files in the site.
    pub files: usize,
    /// Files that are new or differ from the last build.
    pub changed: usize,
    /// Bytes of all files.
    pub bytes: u64,
}

#[derive(serde::Serialize, serde::Deserialize, Default)]
struct Marker {
    generator: String,
    files: BTreeMap<String, String>,
}

/// Replaces the site at `out` by `names`, each rendered by `render`.
///
/// # Errors
/// When `out` is not a folder of oathbook's, the disk refuses, or a render fails; the old site then still stands.
pub fn site<'n>(
    out: &Path,
    names: &[&'n str],
    render: impl Fn(&'n str) -> Result<std::borrow::Cow<'static, [u8]>, String> + Sync,
) -> Result<Written, Error> {
    let old = guard(out)?;
    let staging = beside(out, "new");
    clear(&staging)?;
    let outcome = stage(out, &staging, &old, names, render)
        .and_then(|written| exchange(&staging, out).map(|()| written));
    let tidy = clear(&staging);
    let written = outcome?;
    tidy?;
    Ok(written)
}

/// The old site's marker; refuses a folder with something else in it.
fn guard(out: &Path) -> Result<Marker, Error> {
    recover(out)?;
    let Ok(mut entries) = fs::read_dir(out) else {
        if out.exists() {
            return Err(Error::new("replace", out, "it is a file, not a folder").for_the_user());
        }
        return Ok(Marker::default());
    };
    if entries.next().is_none() {
        return Ok(Marker::default());
    }
    #[expect(clippy::disallowed_methods, reason = "this is the shell")]
    match fs::read(out.join(MARKER)) {
        Ok(text) => Ok(serde_json::from_slice(&text).unwrap_or_default()),
        // mdBook leaves `.nojekyll` with a sentence of its own, so its output may be taken over.
        Err(_)
            if fs::read(out.join(".nojekyll"))
                .is_ok_and(|text| text.starts_with(b"This file makes sure that Github Pages")) =>
        {
            Ok(Marker::default())
        }
        Err(_) => {
            let cause = format!(
                "the folder is not empty and was not written by oathbook (it has no {MARKER}); name another, or remove it"
            );
            Err(Error::new("replace", out, cause).for_the_user())
        }
    }
}

/// If a run died between the two renames of a system without exchange, the old site waits under its other name.
fn recover(out: &Path) -> Result<(), Error> {
    let old = beside(out, "old");
    if old.exists() && !out.exists() {
        fs::rename(&old, out).map_err(|cause| Error::new("restore", out, cause))?;
    }
    clear(&old)
}

fn beside(out: &Path, what: &str) -> PathBuf {
    let name =
        out.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_else(|| "site".into());
    out.with_file_name(format!(".{name}.oathbook-{what}"))
}

fn clear(folder: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(folder) {
        // Below a file there is nothing to remove; creating the folder will say what is wrong.
        Err(cause)
            if !matches!(cause.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) =>
        {
            Err(Error::new("remove", folder, cause))
        }
        _ => Ok(()),
    }
}

fn stage<'n>(
    out: &Path,
    staging: &Path,
    old: &Marker,
    names: &[&'n str],
    render: impl Fn(&'n str) -> Result<std::borrow::Cow<'static, [u8]>, String> + Sync,
) -> Result<Written, Error> {
    fs::create_dir_all(staging).map_err(|cause| Error::new("create", staging, cause))?;
    let mut folders: Vec<PathBuf> =
        names.iter().filter_map(|name| Some(place(staging, name).parent()?.to_owned())).collect();
    folders.sort_unstable();
    folders.dedup();
    for folder in folders {
        fs::create_dir_all(&folder).map_err(|cause| Error::new("create", &folder, cause))?;
    }
    let again = !old.files.is_empty();
    let done = parallel_map(names, |name| -> Result<(String, bool, u64), Error> {
        let bytes = render(name).map_err(|cause| Error::new("render", name, cause).for_the_user())?;
        let print = Fingerprint::of(&bytes).to_string();
        let path = place(staging, name);
        let same =
            again && old.files.get(*name) == Some(&print) && fs::hard_link(place(out, name), &path).is_ok();
        if !same {
            let written = fs::File::create(&path).and_then(|mut file| file.write_all(&bytes));
            written.map_err(|cause| Error::new("write", &path, cause))?;
        }
        Ok((print, !same, bytes.len() as u64))
    });
    let mut written = Written { files: names.len(), ..Written::default() };
    let mut marker =
        Marker { generator: format!("oathbook {}", env!("CARGO_PKG_VERSION")), files: BTreeMap::new() };
    for (name, one) in names.iter().zip(done) {
        let (print, changed, bytes) = one?;
        written.changed += usize::from(changed);
        written.bytes += bytes;
        marker.files.insert((*name).to_owned(), print);
    }
    let path = staging.join(MARKER);
    let text = serde_json::to_vec(&marker).unwrap_or_default();
    let file = fs::File::create(&path).and_then(|mut file| file.write_all(&text));
    file.map_err(|cause| Error::new("write", &path, cause))?;
    Ok(written)
}

fn place(root: &Path, name: &str) -> PathBuf {
    let mut out = root.to_owned();
    out.extend(name.split('/'));
    out
}

/// Puts `staging` where `out` is; afterwards the old site is at `staging`.
fn exchange(staging: &Path, out: &Path) -> Result<(), Error> {
    if !out.exists() {
        return fs::rename(staging, out).map_err(|cause| Error::new("move the site to", out, cause));
    }
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        if renameat_with(CWD, staging, CWD, out, RenameFlags::EXCHANGE).is_ok() {
            return Ok(());
        }
    }
    // Without exchange there is a moment without a site; `recover` mends a run that died in it.
    let old = beside(out, "old");
    clear(&old)?;
    fs::rename(out, &old).map_err(|cause| Error::new("move aside", out, cause))?;
    if let Err(cause) = fs::rename(staging, out) {
        let _ = fs::rename(&old, out);
        return Err(Error::new("move the site to", out, cause));
    }
    clear(&old)
}

/// Replaces one file in one step.
///
/// # Errors
/// When the disk refuses; the old file then still stands.
pub fn file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let error = |cause: std::io::Error| Error::new("write", path, cause);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(error)?;
    }
    let temporary = beside(path, "new");
    fs::File::create(&temporary).and_then(|mut file| file.write_all(bytes)).map_err(error)?;
    fs::rename(&temporary, path).map_err(|cause| {
        let _ = fs::remove_file(&temporary);
        error(cause)
    })
}

/// Removes one file.
///
/// # Errors
/// When the system refuses.
pub fn remove(path: &Path) -> Result<(), Error> {
    fs::remove_file(path).map_err(|error| Error::new("remove", path, error))
}

/// Removes a site that oathbook wrote; whether there was one.
///
/// # Errors
/// When the folder holds something else, or the disk refuses.
pub fn clean(out: &Path) -> Result<bool, Error> {
    if !out.exists() {
        return Ok(false);
    }
    guard(out)?;
    fs::remove_dir_all(out).map_err(|cause| Error::new("remove", out, cause))?;
    Ok(true)
}
