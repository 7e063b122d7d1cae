//! Writing a site: staged beside the old one, exchanged in one step.
//!
//! An interrupted build leaves the previous site whole. A file whose bytes are the old site's is a hard link to the old
//! file, so its time stamp stays; bytes are compared, so a damaged file is written again. A folder is replaced only if it is
//! empty, or all that is in it was written by oathbook or mdBook.

use super::content::{Content, Flow, Held, Pieces};
use super::folder::Folder;
use super::staging::Staging;
use super::target::on_disk;
use crate::base::{Fingerprint, RelPath, parallel_map};
use crate::shell::{Error, disk::MARKER, sandbox::broker::Broker};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// How the name of an old site begins that waits beside, on systems that cannot exchange two folders.
pub(super) const ASIDE: &str = "old-";

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
    /// The fingerprint of `files`: whoever changes one entry by accident leaves a list that is not believed.
    #[serde(default)]
    seal: String,
}

impl Marker {
    fn sealed(&self) -> String {
        let parts = self.files.iter().flat_map(|(name, print)| [name.as_bytes(), print.as_bytes()]);
        Fingerprint::of_parts(parts).to_string()
    }

    /// Whether the list is the one that a build wrote.
    fn is_whole(&self) -> bool {
        self.seal == self.sealed()
    }
}

/// The folder of a site, held alone.
struct Place {
    staging: Staging,
    /// Its name in the folder beside.
    name: OsString,
    out: PathBuf,
}

impl Place {
    /// Opens the place at `out`, a path without links; the folder above it is made.
    fn open(out: &Path) -> Result<Self, Error> {
        let (Some(above), Some(name)) = (out.parent(), out.file_name()) else {
            return Err(Error::new("replace", out, "it is the root of the file system").for_the_user());
        };
        super::named::make_folders(above).map_err(|cause| Error::new("create", above, cause))?;
        let place = Self { staging: Staging::open(above)?, name: name.to_owned(), out: out.to_owned() };
        place.recover()?;
        Ok(place)
    }

    /// A place that another process has prepared and still holds.
    fn attach(out: &Path) -> Result<Self, Error> {
        let (Some(above), Some(name)) = (out.parent(), out.file_name()) else {
            return Err(Error::new("replace", out, "it is the root of the file system").for_the_user());
        };
        Ok(Self { staging: Staging::attach(above)?, name: name.to_owned(), out: out.to_owned() })
    }

    fn aside(&self) -> OsString {
        let mut aside = OsString::from(ASIDE);
        aside.push(&self.name);
        aside
    }

    /// If a run died between the two renames of a system without exchange, the old site waits under its other name.
    fn recover(&self) -> Result<(), Error> {
        let (own, anchor, aside) = (self.staging.folder(), self.staging.anchor(), self.aside());
        let waits = own.entry(&aside).is_ok();
        let done = match anchor.entry(&self.name) {
            Err(_) if waits => own.rename(&aside, anchor, &self.name),
            _ if waits => own.remove_all(&aside),
            _ => Ok(()),
        };
        done.map_err(|cause| Error::new("restore", &self.out, cause))
    }

    /// The site that is there; none where there is nothing.
    fn site(&self) -> Result<Option<Folder>, Error> {
        match self.staging.anchor().entry(&self.name) {
            Ok(entry) if entry.is_folder => self.staging.anchor().child(&self.name).map(Some),
            Ok(_) => {
                return Err(Error::new("replace", &self.out, "it is no folder").for_the_user());
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
        .map_err(|cause| Error::new("open", &self.out, cause))
    }

    /// Puts a staged site in the old one's place.
    fn publish(&self, fresh: &OsStr) -> Result<(), Error> {
        self.exchange(fresh).map_err(|cause| Error::new("move the site to", &self.out, cause))
    }

    /// As [`Self::publish`]; the old site is removed by whoever staged the new one, or moved aside and removed here.
    fn exchange(&self, fresh: &OsStr) -> io::Result<()> {
        let (own, anchor) = (self.staging.folder(), self.staging.anchor());
        if anchor.entry(&self.name).is_err() {
            own.rename_new(fresh, anchor, &self.name)?;
        } else if own.exchange(fresh, anchor, &self.name).is_err() {
            // Without exchange there is a moment without a site; `recover` mends a run that died in it.
            let aside = self.aside();
            anchor.rename(&self.name, own, &aside)?;
            if let Err(cause) = own.rename(fresh, anchor, &self.name) {
                let _ = own.rename(&aside, anchor, &self.name);
                return Err(cause);
            }
            own.remove_all(&aside)?;
        }
        anchor.sync();
        Ok(())
    }
}

/// The place of a site, held alone until it is dropped.
pub struct Prepared(Place);

impl Prepared {
    /// Prepares the site at `out`, a path without links. Another run that writes there is waited for.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn open(out: &Path) -> Result<Self, Error> {
        Place::open(out).map(Self)
    }

    /// Where the site is.
    pub fn path(&self) -> &Path {
        &self.0.out
    }

    /// The folders in which [`Self::write`] writes itself: where the new site is staged, and the old one, whose files are
    /// linked.
    pub fn folders(&self) -> Vec<PathBuf> {
        vec![self.0.staging.folder().path().to_owned(), self.0.out.clone()]
    }

    /// Replaces the site by `names`, each rendered by `render`; a broker makes the exchange, if there is one.
    ///
    /// # Errors
    /// When the place holds what oathbook did not write, the disk refuses, or a render fails; the old site then still
    /// stands.
    pub fn write<'n, 'c>(
        &self,
        names: &[&'n str],
        render: impl Fn(&'n str) -> Result<Content<'c>, String> + Sync,
        broker: Option<&mut Broker>,
    ) -> Result<Written, Error> {
        let place = &self.0;
        let old = place.site()?;
        let listed = match &old {
            Some(folder) => guard(folder, &names.iter().copied().collect())?,
            None => Marker::default(),
        };
        let fresh = Staging::fresh(FRESH);
        let known = old.is_some().then_some(&listed);
        let outcome = stage(place, known, &fresh, names, render).and_then(|(written, is_new)| {
            match broker {
                _ if !is_new => {}
                Some(broker) => broker.exchange(&fresh)?,
                None => place.publish(&fresh)?,
            }
            Ok(written)
        });
        let tidy = place.staging.folder().remove_all(&fresh);
        let written = outcome?;
        tidy.map_err(|cause| Error::new("remove the old site beside", &place.out, cause))?;
        Ok(written)
    }
}

/// How the name of a staged site begins.
const FRESH: &str = "site-";

/// For a broker: puts a staged site in the place that another process has prepared and holds.
///
/// # Errors
/// When that is no name of a staged site, or the disk refuses.
pub fn exchange(out: &Path, fresh: &OsStr) -> Result<(), Error> {
    let name = fresh.to_string_lossy();
    if !name.starts_with(FRESH) || name.contains(['/', '\\']) {
        return Err(Error::new("publish", out, "that is no staged site"));
    }
    Place::attach(out)?.publish(fresh)
}

/// For a broker: removes the staging folder that a process without the right to do so has left empty.
pub fn tidy(out: &Path) {
    // What cannot be removed is empty and ignored, and goes with the next run.
    let _ = Place::attach(out);
}

/// Files that say that a folder is a project's own. A site holds one only as a copy that the build makes.
const PROJECTS: &[&str] =
    &["book.toml", "mkdocs.yml", "Cargo.toml", "package.json", "pyproject.toml", "go.mod"];

/// What the marker lists; refuses a folder with something else in it. `names` is what the next site will hold.
fn guard(folder: &Folder, names: &BTreeSet<&str>) -> Result<Marker, Error> {
    let refused = |cause: String| Error::new("replace", folder.path(), cause).for_the_user();
    let failed = |cause: io::Error| Error::new("open", folder.path(), cause);
    if folder.names().map_err(failed)?.is_empty() {
        return Ok(Marker::default());
    }
    let read = |name: &str| {
        let mut bytes = Vec::new();
        folder.read(OsStr::new(name)).and_then(|mut file| file.read_to_end(&mut bytes)).ok()?;
        Some(bytes)
    };
    let marker: Option<Marker> = read(MARKER).map(|text| serde_json::from_slice(&text).unwrap_or_default());
    // mdBook leaves `.nojekyll` with a sentence of its own, so its output may be taken over.
    let of_mdbook =
        || read(".nojekyll").is_some_and(|text| text.starts_with(b"This file makes sure that Github Pages"));
    let foreign = match &marker {
        Some(marker) => foreign(folder, &|name| name == MARKER || is_ours(folder, marker, name, names)),
        None if of_mdbook() => foreign(folder, &|name| {
            let hidden = name.split('/').any(|part| part.starts_with('.'));
            names.contains(name) || name == ".nojekyll" || !(hidden || name == "CNAME")
        }),
        None => {
            return Err(refused(format!(
                "the folder is not empty and was not written by oathbook (it has no {MARKER}); name another, or remove it"
            )));
        }
    };
    let foreign = foreign.map_err(failed)?;
    if foreign.is_empty() {
        return Ok(marker.unwrap_or_default());
    }
    Err(refused(format!(
        "it holds what the last build did not write: {}; move it away, or remove the folder",
        some(&foreign)
    )))
}

/// Whether a file in a site may be replaced or removed: it is written anew, or it is still what a build wrote. A marker
/// may have come with a commit, so its word alone is not enough to remove what a writer has changed.
fn is_ours(site: &Folder, marker: &Marker, name: &str, names: &BTreeSet<&str>) -> bool {
    let Some(print) = marker.files.get(name) else { return false };
    if names.contains(name) || names.is_empty() {
        return true;
    }
    if PROJECTS.contains(&name) {
        return false;
    }
    let mut bytes = Vec::new();
    let read =
        open_own(&below(site.path(), name)).and_then(|(mut file, _)| file.read_to_end(&mut bytes).ok());
    read.is_some() && Fingerprint::of(&bytes).to_string() == *print
}

/// The first of many names, and how many more there are.
fn some(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// The files, links and empty folders of a site that `known` does not know, and each `.git`.
fn foreign(site: &Folder, known: &dyn Fn(&str) -> bool) -> io::Result<Vec<String>> {
    fn walk(
        folder: &Folder,
        below: &str,
        known: &dyn Fn(&str) -> bool,
        out: &mut Vec<String>,
    ) -> io::Result<()> {
        for (name, is_folder) in folder.list()? {
            let path = format!("{below}{}", name.to_string_lossy());
            if name.eq_ignore_ascii_case(".git") {
                out.push(path);
            } else if is_folder {
                walk(&folder.child(&name)?, &format!("{path}/"), known, out)?;
            } else if !known(&path) {
                out.push(path);
            }
        }
        Ok(())
    }
    let mut out = Vec::new();
    walk(site, "", known, &mut out)?;
    Ok(out)
}

/// Stages a site; whether it differs from the old one at all. Where it does not, only what is new of it was written, and the old
/// one stays: a link to each file and a second read of it made this a twelfth dearer, 0.50 s of CPU for 2,000 pages instead of
/// 0.46.
fn stage<'n, 'c>(
    place: &Place,
    old: Option<&Marker>,
    fresh: &OsStr,
    names: &[&'n str],
    render: impl Fn(&'n str) -> Result<Content<'c>, String> + Sync,
) -> Result<(Written, bool), Error> {
    let root = place.staging.folder().path().join(fresh);
    let made = folders(place, fresh, names).map_err(|cause| Error::new("create", &root, cause))?;
    let whole = old.filter(|old| old.is_whole());
    let stage = Stage { root: &root, out: &place.out, old, whole, mode: made.mode };
    let done = parallel_map(names, |name| {
        match render(name).map_err(|cause| Error::new("render", name, cause).for_the_user())? {
            Content::Bytes(bytes) => stage.held(name, Held::Bytes(bytes)),
            Content::Copy(file) => stage.held(name, Held::Copy(file)),
            Content::Pieces(pieces) => stage.pieces(name, pieces),
        }
    });
    let mut written = Written { files: names.len(), ..Written::default() };
    let mut marker =
        Marker { generator: format!("oathbook {}", env!("CARGO_PKG_VERSION")), ..Marker::default() };
    let mut equal = Vec::new();
    for (name, one) in names.iter().zip(done) {
        let (print, changed, bytes) = one?;
        if !changed {
            equal.push(*name);
        }
        written.changed += usize::from(changed);
        written.bytes += bytes;
        marker.files.insert((*name).to_owned(), print);
    }
    marker.seal = marker.sealed();
    let mut text = Held::Bytes(serde_json::to_vec(&marker).unwrap_or_default().into());
    let size = text.size().unwrap_or(0);
    // The list names each file, so one that is equal says that no file is gone or came.
    let is_marked = written.changed == 0 && holds(&place.out.join(MARKER), &mut text, (size, made.mode));
    if is_marked && made.are_in(&root, &place.out) {
        return Ok((written, false));
    }
    written.changed += stage.link_equal(&equal, &marker)?;
    let path = root.join(MARKER);
    text.write(&path).map_err(|cause| Error::new("write", &path, cause))?;
    count(place, fresh, &marker)?;
    Ok((written, true))
}

/// A site that is being staged.
struct Stage<'s> {
    root: &'s Path,
    /// The old site.
    out: &'s Path,
    /// What it lists.
    old: Option<&'s Marker>,
    /// The same, if the list is one that a build wrote.
    whole: Option<&'s Marker>,
    /// The permissions that files get.
    mode: u32,
}

/// The fingerprint of a staged file, whether it differs from the old site's, and its size in bytes.
type Staged = Result<(String, bool, u64), Error>;

impl Stage<'_> {
    /// Compares a file with the old site's, and writes it if it differs; one that is equal waits for [`Self::link_equal`].
    fn held(&self, name: &str, mut content: Held) -> Staged {
        let (path, before) = (below(self.root, name), below(self.out, name));
        let failed = |cause: io::Error| Error::new("read for", name, cause);
        // Comparing is cheaper than a fingerprint, and the old list has that of equal bytes.
        if let Some(print) = self.whole.and_then(|old| old.files.get(name)) {
            let size = content.size().map_err(failed)?;
            if holds(&before, &mut content, (size, self.mode)) {
                return Ok((print.clone(), false, size));
            }
        }
        let (print, size) = content.measure().map_err(failed)?;
        let print = print.to_string();
        let same = self.lists(name, &print) && holds(&before, &mut content, (size, self.mode));
        if !same {
            content.write(&path).map_err(|cause| Error::new("write", &path, cause))?;
        }
        Ok((print, !same, size))
    }

    /// Pieces are made once: they are written, and what was written is compared.
    fn pieces(&self, name: &str, pieces: Pieces<'_>) -> Staged {
        let (path, before) = (below(self.root, name), below(self.out, name));
        let failed = |cause: io::Error| Error::new("write", &path, cause);
        let (print, size) = Flow::new(pieces).write(&path).map_err(failed)?;
        let print = print.to_string();
        let written = || open_own(&path).map(|(file, _)| Held::Copy(file));
        let same = self.lists(name, &print)
            && written().is_some_and(|mut content| holds(&before, &mut content, (size, self.mode)));
        if same {
            remove(&path).map_err(failed)?;
        }
        Ok((print, !same, size))
    }

    /// Links the files of the old site that are equal, so that their time stamps stay; how many had to be copied instead, as where
    /// the system lets nobody link what is another's.
    fn link_equal(&self, names: &[&str], marker: &Marker) -> Result<usize, Error> {
        let done = parallel_map(names, |name| {
            let (path, before) = (below(self.root, name), below(self.out, name));
            match link(&before, &path) {
                Ok(()) => Ok(false),
                Err(_) => self.copy(name, marker).map(|()| true),
            }
        });
        done.into_iter().map(|copied| copied.map(usize::from)).sum()
    }

    /// Copies a file of the old site, which must still be what was compared.
    fn copy(&self, name: &str, marker: &Marker) -> Result<(), Error> {
        let (path, before) = (below(self.root, name), below(self.out, name));
        let failed = |cause: io::Error| Error::new("copy", &before, cause);
        let gone = || failed(io::Error::other("it changed while the site was written; run this again"));
        let (file, _) = open_own(&before).ok_or_else(gone)?;
        let mut content = Held::Copy(file);
        let (print, _) = content.measure().map_err(failed)?;
        if marker.files.get(name).is_none_or(|wanted| *wanted != print.to_string()) {
            return Err(gone());
        }
        content.write(&path).map_err(failed)
    }

    fn lists(&self, name: &str, print: &str) -> bool {
        self.old.and_then(|old| old.files.get(name)).is_some_and(|known| known == print)
    }
}

/// The folders of a site that is being staged.
struct Folders {
    /// Below its root.
    below: Vec<PathBuf>,
    /// The permissions that files get in them.
    mode: u32,
}

impl Folders {
    /// Whether a site has these folders with the same permissions.
    fn are_in(&self, root: &Path, site: &Path) -> bool {
        self.below.iter().all(|folder| {
            let of = |root: &Path| {
                std::fs::symlink_metadata(root.join(folder)).ok().filter(std::fs::Metadata::is_dir)
            };
            match (of(root), of(site)) {
                (Some(one), Some(other)) => one.permissions() == other.permissions(),
                _ => false,
            }
        })
    }
}

/// Makes all folders of a site.
fn folders(place: &Place, fresh: &OsStr, names: &[&str]) -> io::Result<Folders> {
    let root = place.staging.folder().make(fresh, 0o777)?;
    let mut folders: Vec<PathBuf> =
        names.iter().filter_map(|name| Some(below(root.path(), name).parent()?.to_owned())).collect();
    folders.sort_unstable();
    folders.dedup();
    folders.iter().try_for_each(|folder| super::named::make_folders(folder))?;
    let below = folders.iter().filter_map(|folder| folder.strip_prefix(root.path()).ok().map(Path::to_owned));
    drop(root.create(OsStr::new(MARKER))?);
    let mode = root.entry(OsStr::new(MARKER))?.mode;
    root.remove_file(OsStr::new(MARKER))?;
    Ok(Folders { below: below.chain([PathBuf::new()]).collect(), mode })
}

/// Nothing is published that is not whole.
fn count(place: &Place, fresh: &OsStr, marker: &Marker) -> Result<(), Error> {
    let lost = |cause: io::Error| Error::new("count the files of", &place.out, cause);
    let root = place.staging.folder().child(fresh).map_err(lost)?;
    let found = std::cell::Cell::new(0);
    let known = |name: &str| {
        found.set(found.get() + 1);
        name == MARKER || marker.files.contains_key(name)
    };
    let foreign = foreign(&root, &known).map_err(lost)?;
    if found.get() == marker.files.len() + 1 && foreign.is_empty() {
        return Ok(());
    }
    let cause = format!("{} of {} files are there; run this again", found.get(), marker.files.len() + 1);
    Err(Error::new("publish", &place.out, cause))
}

fn below(root: &Path, name: &str) -> PathBuf {
    RelPath::parse(name).map_or_else(|_| root.join("refused"), |path| on_disk(root, &path))
}

/// Whether a regular file, and no link to one, has this content, size and permissions.
fn holds(path: &Path, content: &mut Held, wanted: (u64, u32)) -> bool {
    open_own(path).is_some_and(|(mut file, found)| found == wanted && content.is_in(&mut file))
}

/// A regular file, opened without following a link, with its size and permissions.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
fn open_own(path: &Path) -> Option<(File, (u64, u32))> {
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        let file = File::options().read(true).custom_flags(flags.bits().cast_signed()).open(path).ok()?;
        let found = file.metadata().ok().filter(std::fs::Metadata::is_file)?;
        Some((file, (found.len(), found.mode() & 0o7777)))
    }
    #[cfg(not(any(target_os = "linux", target_os = "macos")))]
    {
        std::fs::symlink_metadata(path).ok().filter(std::fs::Metadata::is_file)?;
        let file = File::open(path).ok()?;
        let size = file.metadata().ok()?.len();
        Some((file, (size, super::folder::MODE)))
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the door")]
fn link(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::hard_link(from, to)
}

#[expect(clippy::disallowed_methods, reason = "this is the door")]
fn remove(path: &Path) -> io::Result<()> {
    std::fs::remove_file(path)
}

/// What differs between the site at `out` and what a build would write: a line for each file, sorted. Nothing is
/// written.
///
/// # Errors
/// When the folder cannot be read, or a render fails.
pub fn differences<'n, 'c>(
    out: &Path,
    names: &[&'n str],
    render: impl Fn(&'n str) -> Result<Content<'c>, String> + Sync,
) -> Result<Vec<String>, Error> {
    let failed = |cause: io::Error| Error::new("read", out, cause);
    let site = match Folder::open(out) {
        Ok(site) => site,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(vec![format!("{}: there is no site", out.display())]);
        }
        Err(error) => return Err(failed(error)),
    };
    let done = parallel_map(names, |name| -> Result<Option<String>, Error> {
        let content = render(name).map_err(|cause| Error::new("render", name, cause).for_the_user())?;
        difference(out, name, content)
    });
    let known: BTreeSet<&str> = names.iter().copied().chain([MARKER]).collect();
    let foreign = foreign(&site, &|name| known.contains(name)).map_err(failed)?;
    let mut lines: Vec<String> = foreign.into_iter().map(|name| format!("{name}: not of the site")).collect();
    for one in done {
        lines.extend(one?);
    }
    lines.sort_unstable();
    Ok(lines)
}

/// What is wrong with one file of a site, as a line.
fn difference(out: &Path, name: &str, content: Content<'_>) -> Result<Option<String>, Error> {
    let path = below(out, name);
    let Some((mut file, (found, _))) = open_own(&path) else {
        let is_missing = std::fs::symlink_metadata(&path).is_err();
        return Ok(Some(format!("{name}: {}", if is_missing { "missing" } else { "not a regular file" })));
    };
    let mut held = match content {
        Content::Bytes(bytes) => Held::Bytes(bytes),
        Content::Copy(file) => Held::Copy(file),
        Content::Pieces(pieces) => {
            let same = Flow::new(pieces).matches(&mut file);
            let how = if found == 0 { "empty" } else { "differs" };
            return Ok((!same).then(|| format!("{name}: {how}")));
        }
    };
    let size = held.size().map_err(|cause| Error::new("read for", name, cause))?;
    if found == 0 && size > 0 {
        return Ok(Some(format!("{name}: empty")));
    }
    let same = found == size && held.is_in(&mut file);
    Ok((!same).then(|| format!("{name}: differs")))
}

/// Removes a site that oathbook wrote; whether there was one.
///
/// # Errors
/// When the folder holds something else, or the disk refuses.
pub fn clean(out: &Path) -> Result<bool, Error> {
    if !out.exists() {
        return Ok(false);
    }
    let place = Place::open(out)?;
    let Some(site) = place.site()? else { return Ok(false) };
    guard(&site, &BTreeSet::new())?;
    // Moved away first: an interrupted removal leaves no half of a site where a whole one was.
    let gone = Staging::fresh("gone-");
    let (own, anchor) = (place.staging.folder(), place.staging.anchor());
    let removed = anchor.rename(&place.name, own, &gone).and_then(|()| own.remove_all(&gone));
    removed.map_err(|cause| Error::new("remove", out, cause))?;
    Ok(true)
}
