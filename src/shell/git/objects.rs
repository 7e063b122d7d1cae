//! A commit's files, through one `git cat-file --batch`: it converts nothing and fetches nothing.

use super::Refusal;
use super::command::{git, not_started, top};
use super::history::resolve;
use crate::base::{Date, RelPath};
use crate::world::{PathKind, ReadError, World};
use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A commit's files.
pub struct GitWorld {
    /// Object name of each file.
    files: BTreeMap<RelPath, Arc<str>>,
    /// Object name of each link: what it leads to is not a file of the commit.
    links: BTreeMap<RelPath, Arc<str>>,
    /// Where the world's root is in the repository; ends with a slash where it is not the top.
    prefix: String,
    store: Arc<Store>,
    today: Date,
}

/// One repository's objects.
struct Store {
    batch: Mutex<Batch>,
    /// The first object that could not be read, and why.
    trouble: OnceLock<Refusal>,
    /// Folders by object name: neighbouring commits share nearly all of them.
    trees: Mutex<HashMap<Arc<str>, Arc<Vec<Entry>>>>,
    /// Files by object name, where several commits are looked at.
    files: Option<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    files: HashMap<Arc<str>, Arc<[u8]>>,
    bytes: usize,
}

/// Files kept between commits, in bytes, before all are forgotten; larger ones than the second are never kept.
const KEPT: usize = 256 << 20;
const KEPT_FILE: usize = 1 << 20;

/// Folders deeper than this are not looked into.
const DEEPEST: usize = 100;

/// One entry of a folder.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub name: String,
    pub object: Arc<str>,
    pub folder: bool,
    pub link: bool,
}

/// Names of objects by path.
type Objects = BTreeMap<RelPath, Arc<str>>;

struct Batch {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Drop for Batch {
    fn drop(&mut self) {
        // The program ends by itself once its input closes; waiting for it leaves no zombie.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Batch {
    fn start(root: &Path) -> Result<Self, Refusal> {
        let mut child = git(root)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(not_started)?;
        let (Some(input), Some(out)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Refusal::machine("git gives no pipes"));
        };
        Ok(Self { child, input, output: BufReader::with_capacity(1 << 16, out) })
    }

    /// The name and content of an object.
    fn ask(&mut self, object: &str) -> std::io::Result<(String, Vec<u8>)> {
        writeln!(self.input, "{object}")?;
        self.input.flush()?;
        let mut head = String::new();
        self.output.read_line(&mut head)?;
        let mut words = head.split_whitespace();
        let (Some(name), Some(_), Some(Ok(length))) =
            (words.next(), words.next(), words.next().map(str::parse::<usize>))
        else {
            return Err(std::io::Error::new(std::io::ErrorKind::NotFound, head.trim().to_owned()));
        };
        // The length is git's word about an object of the repository: room is made as bytes come.
        let mut bytes = Vec::with_capacity(length.min(1 << 20));
        let read = (&mut self.output).take(length as u64).read_to_end(&mut bytes)?;
        if read < length {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        self.output.read_exact(&mut [0])?;
        Ok((name.to_owned(), bytes))
    }
}

impl Store {
    fn ask(&self, object: &str) -> Result<(String, Vec<u8>), Refusal> {
        let mut batch = self.batch.lock().unwrap_or_else(PoisonError::into_inner);
        batch.ask(object).map_err(|error| {
            let refusal = unreadable(object, &error);
            self.trouble.get_or_init(|| refusal).clone()
        })
    }

    fn file(&self, object: &Arc<str>) -> Result<Vec<u8>, Refusal> {
        let Some(kept) = &self.files else { return Ok(self.ask(object)?.1) };
        let known = kept.lock().unwrap_or_else(PoisonError::into_inner).files.get(object).cloned();
        if let Some(bytes) = known {
            return Ok(bytes.to_vec());
        }
        let bytes = self.ask(object)?.1;
        if bytes.len() <= KEPT_FILE {
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.bytes > KEPT {
                *kept = Kept::default();
            }
            kept.bytes += bytes.len();
            kept.files.insert(Arc::clone(object), bytes.as_slice().into());
        }
        Ok(bytes)
    }

    fn tree(&self, object: &str) -> Result<Arc<Vec<Entry>>, Refusal> {
        if let Some(tree) = self.trees.lock().unwrap_or_else(PoisonError::into_inner).get(object) {
            return Ok(Arc::clone(tree));
        }
        let (name, bytes) = self.ask(object)?;
        let tree = Arc::new(entries(&bytes, name.len() / 2));
        self.trees.lock().unwrap_or_else(PoisonError::into_inner).insert(name.into(), Arc::clone(&tree));
        Ok(tree)
    }

    /// The files below a folder, and the links.
    fn list(&self, object: &str) -> Result<(Objects, Objects), Refusal> {
        let (mut out, mut links) = (Objects::new(), Objects::new());
        let mut folders = vec![(String::new(), self.tree(object)?, 0)];
        while let Some((prefix, tree, depth)) = folders.pop() {
            for entry in tree.iter() {
                let path = format!("{prefix}{}", entry.name);
                if entry.folder && depth < DEEPEST {
                    folders.push((format!("{path}/"), self.tree(&entry.object)?, depth + 1));
                } else if let Ok(path) = RelPath::parse(&path)
                    && !entry.folder
                {
                    let of = if entry.link { &mut links } else { &mut out };
                    of.insert(path, Arc::clone(&entry.object));
                }
            }
        }
        Ok((out, links))
    }
}

/// Why an object cannot be read, and what brings it.
fn unreadable(object: &str, error: &std::io::Error) -> Refusal {
    let short = object.get(..12).unwrap_or(object);
    if error.kind() == std::io::ErrorKind::NotFound && error.to_string().ends_with("missing") {
        return Refusal::machine(format!(
            "the clone has no object {short}: it is a partial clone, or damaged, and nothing is fetched here; \
             `git fetch --refetch --no-filter` brings what is missing"
        ));
    }
    Refusal::machine(format!("git cannot read the object {short}, which is damaged: `git fsck` says more"))
}

/// The entries of a tree object: mode, blank, name, NUL, and the object's name in `length` bytes. Submodules
/// are left out.
pub(crate) fn entries(mut bytes: &[u8], length: usize) -> Vec<Entry> {
    let mut out = Vec::new();
    while let Some(end) = bytes.iter().position(|byte| *byte == 0) {
        let (head, rest) = (&bytes[..end], &bytes[end + 1..]);
        let Some((object, rest)) = rest.split_at_checked(length) else { break };
        bytes = rest;
        let Some((mode, name)) = std::str::from_utf8(head).ok().and_then(|head| head.split_once(' ')) else {
            continue;
        };
        let (folder, link) = (mode == "40000", mode == "120000");
        if folder || link || mode.starts_with("100") {
            let object: String = object.iter().map(|byte| format!("{byte:02x}")).collect();
            out.push(Entry { name: name.to_owned(), object: object.into(), folder, link });
        }
    }
    out
}

/// The files of a commit below a folder; a folder that the commit does not have is empty.
fn files_of(store: &Store, commit: &str, prefix: &str) -> Result<(Objects, Objects), Refusal> {
    let mut object: Arc<str> = format!("{commit}^{{tree}}").into();
    for part in prefix.split('/').filter(|part| !part.is_empty()) {
        let tree = store.tree(&object)?;
        match tree.iter().find(|entry| entry.folder && entry.name == part) {
            Some(entry) => object = Arc::clone(&entry.object),
            None => return Ok((Objects::new(), Objects::new())),
        }
    }
    store.list(&object)
}

impl GitWorld {
    /// The files of `revision`, below the folder `root` of a repository.
    ///
    /// # Errors
    /// git's own words, that the history does not reach that far, or that objects are missing.
    pub fn open(root: &Path, revision: &str, today: Date) -> Result<Self, Refusal> {
        let commit = resolve(root, revision)?;
        let batch = Mutex::new(Batch::start(root)?);
        let store = Store { batch, trouble: OnceLock::new(), trees: Mutex::default(), files: None };
        let below = top(root).and_then(|top| root.strip_prefix(top).ok());
        let prefix = below.map(|below| below.to_string_lossy().replace('\\', "/")).unwrap_or_default();
        let (files, links) = files_of(&store, &commit, &prefix)?;
        Ok(Self { files, links, prefix, store: Arc::new(store), today })
    }

    /// As [`Self::open`], for a look at many commits: what they share is read once.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_many(root: &Path, revision: &str, today: Date) -> Result<Self, Refusal> {
        let one = Self::open(root, revision, today)?;
        let Some(store) = Arc::into_inner(one.store) else {
            return Err(Refusal::machine("git's objects are in use"));
        };
        Ok(Self { store: Arc::new(Store { files: Some(Mutex::default()), ..store }), ..one })
    }

    /// Another commit of the same repository.
    ///
    /// # Errors
    /// git's own words.
    pub fn at(&self, commit: &str) -> Result<Self, Refusal> {
        let (files, links) = files_of(&self.store, commit, &self.prefix)?;
        Ok(Self {
            files,
            links,
            prefix: self.prefix.clone(),
            store: Arc::clone(&self.store),
            today: self.today,
        })
    }

    /// The first object that could not be read: what was judged without it is not to be trusted.
    pub fn trouble(&self) -> Option<&Refusal> {
        self.store.trouble.get()
    }

    /// The object name of a file or link.
    pub fn object(&self, path: &RelPath) -> Option<&str> {
        self.files.get(path).or_else(|| self.links.get(path)).map(|object| &**object)
    }

    /// All files and links.
    pub fn paths(&self) -> impl Iterator<Item = &RelPath> {
        self.files.keys().chain(self.links.keys())
    }

    /// The files that differ from those of another commit, sorted.
    pub fn changed(&self, other: &Self) -> Vec<RelPath> {
        let differs = |path: &&RelPath| self.files.get(*path) != other.files.get(*path);
        let mut out: Vec<RelPath> = self.files.keys().filter(differs).cloned().collect();
        out.extend(other.files.keys().filter(|path| !self.files.contains_key(*path)).cloned());
        out.sort_unstable();
        out
    }
}

impl World for GitWorld {
    fn files(&self, folder: &RelPath) -> Vec<RelPath> {
        let below = |path: &&RelPath| {
            path.below(folder).is_some_and(|rest| {
                !rest.is_root() && !rest.as_str().split('/').any(|part| part.starts_with('.'))
            })
        };
        self.files.keys().filter(below).cloned().collect()
    }

    fn tracked(&self, folder: &RelPath) -> Vec<RelPath> {
        self.files
            .keys()
            .filter(|path| path.below(folder).is_some_and(|rest| !rest.is_root()))
            .cloned()
            .collect()
    }

    fn kind(&self, path: &RelPath) -> Option<PathKind> {
        if self.files.contains_key(path) {
            return Some(PathKind::File);
        }
        let folder = format!("{}/", path.as_str());
        let inside = path.is_root()
            || self
                .files
                .range::<str, _>((std::ops::Bound::Included(folder.as_str()), std::ops::Bound::Unbounded))
                .next()
                .is_some_and(|(file, _)| file.as_str().starts_with(&folder));
        inside.then_some(PathKind::Folder)
    }

    fn read(&self, path: &RelPath) -> Result<Vec<u8>, ReadError> {
        let Some(object) = self.files.get(path) else {
            return Err(if self.kind(path).is_some() { ReadError::NotAFile } else { ReadError::Missing });
        };
        self.store.file(object).map_err(|refusal| ReadError::System(refusal.words))
    }

    fn today(&self) -> Date {
        self.today
    }
}
