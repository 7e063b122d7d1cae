//! The files of a work tree, and which of them differ from a commit.
//!
//! `git diff` and `git status` run the filters that the repository's configuration names; so the index is listed as it
//! stands, and the hash of a file that the index does not vouch for is made here.

use super::Refusal;
use super::command::{output, own_folder, top};
use super::objects::GitWorld;
use crate::base::{RelPath, parallel_map};
use sha1::{Digest as _, Sha1};
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

/// What is known of the files of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tracked {
    /// There is no git here.
    Nothing,
    /// Those that git tracks, and those that it does not and does not ignore; sorted.
    Files(Vec<RelPath>),
    /// There is `.git`, but git says that it is no repository: what is ignored is not known. Its words.
    NotARepository(String),
    /// git is missing or refuses.
    Refused(Refusal),
}

/// The files that git tracks, and those that it does not and does not ignore.
pub fn tracked(root: &Path) -> Tracked {
    if !root.join(".git").exists() {
        return Tracked::Nothing;
    }
    let listed = match output(root, &["ls-files", "-z", "--cached", "--others", "--exclude-standard"]) {
        Ok(listed) => listed,
        Err(refusal) if refusal.words.contains("not a git repository") => {
            return Tracked::NotARepository(refusal.words);
        }
        Err(refusal) => return Tracked::Refused(refusal),
    };
    let mut out = paths(&listed);
    // A submodule is listed as a file; a deleted file is still listed.
    out.retain(|path| root.join(path.as_str()).is_file());
    out.retain(|path| !path.as_str().split('/').any(|part| part == "node_modules"));
    Tracked::Files(out)
}

/// The paths of a list with NUL between them, sorted.
pub(crate) fn paths(listed: &[u8]) -> Vec<RelPath> {
    let names = listed.split(|byte| *byte == 0).filter_map(|name| std::str::from_utf8(name).ok());
    let mut out: Vec<RelPath> =
        names.filter_map(|name| RelPath::parse(name).ok()).filter(|path| !path.is_root()).collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// Files and folders that git ignores, folders whole; sorted.
///
/// # Errors
/// git's own words.
pub fn ignored(root: &Path) -> Result<Vec<RelPath>, Refusal> {
    let asked = ["ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"];
    Ok(paths(&output(root, &asked)?))
}

/// The files of the work tree that differ from a commit; sorted.
///
/// # Errors
/// git's own words.
pub fn changed(root: &Path, base: &GitWorld) -> Result<Vec<RelPath>, Refusal> {
    let index = entries(&output(root, &["ls-files", "-z", "--stage", "--debug"])?);
    let written = top(root).map(own_folder).and_then(|own| std::fs::metadata(own.join("index")).ok());
    let written = written.as_ref().map_or((0, 0), modified);
    // A submodule is another repository.
    let all: Vec<(RelPath, Entry)> = index.into_iter().filter(|(_, entry)| entry.mode != "160000").collect();
    let differs = parallel_map(&all, |(path, entry)| {
        let was = base.object(path);
        if entry.is_absent() {
            // A sparse checkout leaves it out; it is what the index says.
            return was != Some(entry.object.as_str());
        }
        let file = root.join(path.as_str());
        if entry.vouches(&file, written) {
            return was != Some(entry.object.as_str());
        }
        // Deleted, or changed since git looked.
        was.is_none_or(|was| blob(&file, was.len()).as_deref() != Some(was))
    });
    let mut out: Vec<RelPath> =
        all.iter().zip(differs).filter(|(_, differs)| *differs).map(|((path, _), _)| path.clone()).collect();
    let known: BTreeMap<&RelPath, &Entry> = all.iter().map(|(path, entry)| (path, entry)).collect();
    out.extend(base.paths().filter(|path| !known.contains_key(path)).cloned());
    out.extend(paths(&output(root, &["ls-files", "-z", "--others", "--exclude-standard"])?));
    out.sort_unstable();
    out.dedup();
    Ok(out)
}

/// What the index says of a file. Format: `git help ls-files`, `--stage` and `--debug`; a line that is not understood
/// leaves its field at 0, and then nothing is vouched for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    pub object: String,
    /// Seconds and nanoseconds.
    pub modified: (i64, i64),
    pub inode: u64,
    pub size: u64,
    pub flags: u32,
    /// As git writes it: `100644`, `120000` for a link.
    pub mode: String,
    /// Whether a merge left one version.
    pub settled: bool,
}

impl Entry {
    /// Left out of a sparse checkout (`CE_SKIP_WORKTREE`).
    fn is_absent(&self) -> bool {
        self.flags & 0x4000_0000 != 0
    }

    /// Whether the file on disk is the one that git hashed: same size, place and time, and older than the index, because
    /// a file that was changed in the same moment looks the same (`racy-git`).
    #[cfg(unix)]
    fn vouches(&self, file: &Path, written: (i64, i64)) -> bool {
        use std::os::unix::fs::MetadataExt as _;
        let Ok(found) = std::fs::symlink_metadata(file) else { return false };
        let time = modified(&found);
        let same_time = time == self.modified || (self.modified.1 == 0 && time.0 == self.modified.0);
        // The index keeps 32 bits of both.
        let cut = |value: u64| value & 0xffff_ffff;
        self.settled
            && self.modified != (0, 0)
            && same_time
            && time < written
            && cut(found.len()) == cut(self.size)
            && cut(found.ino()) == cut(self.inode)
    }

    #[cfg(not(unix))]
    fn vouches(&self, _: &Path, _: (i64, i64)) -> bool {
        false
    }
}

#[cfg(unix)]
fn modified(found: &std::fs::Metadata) -> (i64, i64) {
    use std::os::unix::fs::MetadataExt as _;
    (found.mtime(), found.mtime_nsec())
}

#[cfg(not(unix))]
fn modified(_: &std::fs::Metadata) -> (i64, i64) {
    (0, 0)
}

/// The index, as `ls-files -z --stage --debug` lists it.
pub(crate) fn entries(listed: &[u8]) -> BTreeMap<RelPath, Entry> {
    let mut out: BTreeMap<RelPath, Entry> = BTreeMap::new();
    let mut at: Option<(RelPath, Entry)> = None;
    for piece in listed.split(|byte| *byte == 0) {
        // The debugging lines of one entry, then the head of the next.
        let text = String::from_utf8_lossy(piece);
        let (lines, head) = text.rsplit_once('\n').unwrap_or(("", &text));
        let mut done = at.take();
        if let Some((_, entry)) = &mut done {
            lines.lines().for_each(|line| field(entry, line));
        }
        out.extend(done);
        // A path that is not UTF-8 is not in any world.
        at = std::str::from_utf8(piece).ok().and_then(|_| self::head(head));
    }
    out.extend(at);
    out
}

/// `100644 OBJECT 0<tab>PATH`.
fn head(text: &str) -> Option<(RelPath, Entry)> {
    let (left, path) = text.split_once('\t')?;
    let mut words = left.split(' ');
    let (mode, object, stage) = (words.next()?, words.next()?, words.next()?);
    let path = RelPath::parse(path).ok().filter(|path| !path.is_root())?;
    let (object, mode) = (object.to_owned(), mode.to_owned());
    Some((path, Entry { object, mode, settled: stage == "0", ..Entry::default() }))
}

/// `  mtime: 1700000000:5`, `  dev: 1<tab>ino: 2`, `  size: 2<tab>flags: 0`.
fn field(entry: &mut Entry, line: &str) {
    for part in line.trim().split('\t') {
        let Some((name, value)) = part.split_once(": ") else { continue };
        match name {
            "mtime" => {
                let time = value.split_once(':').and_then(|(s, n)| Some((s.parse().ok()?, n.parse().ok()?)));
                entry.modified = time.unwrap_or_default();
            }
            "ino" => entry.inode = value.parse().unwrap_or(0),
            "size" => entry.size = value.parse().unwrap_or(0),
            "flags" => entry.flags = u32::from_str_radix(value, 16).unwrap_or(0),
            _ => {}
        }
    }
}

/// The object name that git would give a regular file as it is, without filters, or a link. Repositories with longer names than
/// SHA-1's are not hashed; their files count as changed, and are compared by their content.
fn blob(file: &Path, length: usize) -> Option<String> {
    let found = std::fs::symlink_metadata(file).ok().filter(|_| length == 40)?;
    if found.is_symlink() {
        let target = std::fs::read_link(file).ok()?.into_os_string().into_encoded_bytes();
        return Some(name_of(
            Sha1::new().chain_update(format!("blob {}\0", target.len())).chain_update(target),
        ));
    }
    if !found.is_file() {
        return None;
    }
    let mut open = std::fs::File::open(file).ok()?;
    let size = open.metadata().ok()?.len();
    let mut hash = Sha1::new();
    hash.update(format!("blob {size}\0"));
    let mut piece = vec![0; 1 << 16];
    loop {
        match open.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => hash.update(piece.get(..read)?),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
    Some(name_of(hash))
}

fn name_of(hash: Sha1) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_read_as_git_lists_it() {
        let listed = b"100644 78981922613b2afb6025042ff6bd878ac1994e85 0\ta.txt\0  ctime: 5:6\n  mtime: 1795905592:904928347\n  dev: 65024\tino: 10207268\n  uid: 0\tgid: 0\n  size: 2\tflags: 40000000\n120000 8d14cbf983b3fad683171c9418998d9f68340823 0\td/l\0  ctime: 1:2\n  mtime: 3:0\n  dev: 1\tino: 2\n  uid: 0\tgid: 0\n  size: 5\tflags: 0\n";
        let found = entries(listed);
        let path = |text| RelPath::parse(text).unwrap();
        let first = Entry {
            object: "78981922613b2afb6025042ff6bd878ac1994e85".into(),
            modified: (1_795_905_592, 904_928_347),
            inode: 10_207_268,
            size: 2,
            flags: 0x4000_0000,
            mode: "100644".into(),
            settled: true,
        };
        assert_eq!(found.get(&path("a.txt")), Some(&first));
        assert!(first.is_absent());
        let second = found.get(&path("d/l")).unwrap();
        assert_eq!((second.modified, second.size, second.mode.as_str()), ((3, 0), 5, "120000"));
        assert_eq!(found.len(), 2);
    }
}
