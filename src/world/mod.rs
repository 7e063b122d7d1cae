//! The one door through which files, the date and the base revision come in.
//!
//! A [`World`] is a snapshot of one repository: while it is borrowed it answers the same question the same way. The
//! work tree on disk, a commit's objects (both in `shell/`) and a map in memory (for tests and documentation
//! examples) meet the same contract, so everything above is pure. Worlds do not cache: what is costly (the parse of
//! a file) is remembered above by content.

mod alike;
mod guarded;
mod memory;
mod overlay;
mod without;

pub use alike::Alike;
pub use guarded::{Guarded, Private, is_secret, is_source_code};
pub use memory::MemoryWorld;
pub use overlay::Overlay;
pub use without::Without;

use crate::base::{Date, RelPath};
use std::collections::BTreeMap;
use std::fmt;

/// The largest file that is read as text: a page of 64 MiB is a mistake, and offsets stay in 32 bits.
pub const LARGEST_TEXT: u64 = 64 << 20;

/// What a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathKind {
    /// A regular file, or a link to one inside the repository.
    File,
    /// A folder.
    Folder,
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// Nothing there.
    Missing,
    /// A folder, a socket, a device.
    NotAFile,
    /// It is, or leads through, a link that leaves the repository.
    Outside,
    /// Larger than [`LARGEST_TEXT`]; its size in bytes.
    TooLarge(u64),
    /// Not UTF-8; the offset of the first bad byte.
    NotUtf8(usize),
    /// It is there, and kept.
    Private(Private),
    /// The system's own words.
    System(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("no such file"),
            Self::NotAFile => f.write_str("not a regular file"),
            Self::Outside => f.write_str("the path leads out of the repository"),
            Self::TooLarge(size) => {
                write!(f, "{} MB is more than the {} MB read as text", size >> 20, LARGEST_TEXT >> 20)
            }
            Self::NotUtf8(at) => write!(f, "not UTF-8: the byte at offset {at} cannot be decoded"),
            Self::Private(Private::Git) => f.write_str("what lies in `.git` is never read"),
            Self::Private(Private::Secret) => f.write_str(
                "files of this name hold secrets, so it is not read; `site.allow-files` of book.toml names exceptions",
            ),
            Self::Private(Private::Ignored) => f.write_str(
                "git ignores it, so it is not read; `site.allow-files` of book.toml names exceptions",
            ),
            Self::System(words) => f.write_str(words),
        }
    }
}

/// When files were changed last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changes {
    /// The day of each file's last change; a file that version control does not know is not there.
    Known(BTreeMap<RelPath, Date>),
    /// Nobody can say, and why.
    Unknown(&'static str),
}

/// A snapshot of a repository.
pub trait World: Sync {
    /// All files below `folder`, sorted; hidden files, `node_modules` and folders that oathbook wrote are left out.
    fn files(&self, folder: &RelPath) -> Vec<RelPath>;

    /// The files below `folder` that belong to the repository: what version control ignores is left out, too.
    fn tracked(&self, folder: &RelPath) -> Vec<RelPath> {
        self.files(folder)
    }

    /// What is at `path`, if anything. The spelling must match exactly, on case-insensitive systems too.
    fn kind(&self, path: &RelPath) -> Option<PathKind>;

    /// Whether version control is told to leave a file out.
    fn is_ignored(&self, _path: &RelPath) -> bool {
        false
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// [`ReadError`] says why there are none.
    fn read(&self, path: &RelPath) -> Result<Vec<u8>, ReadError>;

    /// The first bytes of a file, about `most` of them: what a format's header needs.
    ///
    /// # Errors
    /// [`ReadError`] says why there are none.
    fn head(&self, path: &RelPath, most: usize) -> Result<Vec<u8>, ReadError> {
        self.read(path).map(|mut bytes| {
            bytes.truncate(most);
            bytes
        })
    }

    /// When the files below a folder were changed last, as version control knows it.
    fn changes(&self, _folder: &RelPath, _wanted: &[RelPath]) -> Changes {
        Changes::Unknown("the pages are not under version control")
    }

    /// The date of the run.
    fn today(&self) -> Date;

    /// The text of a file, without a byte-order mark.
    ///
    /// # Errors
    /// [`ReadError`] says why there is none.
    fn text(&self, path: &RelPath) -> Result<String, ReadError> {
        let bytes = self.read(path)?;
        if bytes.len() as u64 > LARGEST_TEXT {
            return Err(ReadError::TooLarge(bytes.len() as u64));
        }
        decode(bytes)
    }
}

/// The byte-order mark, with which some editors begin a text.
const MARK: &str = "\u{feff}";

/// A file's bytes as text, without its byte-order mark: places in a file count from behind it.
///
/// # Errors
/// [`ReadError::NotUtf8`], with an offset that counts from the file's first byte.
pub fn decode(bytes: Vec<u8>) -> Result<String, ReadError> {
    let mut text =
        String::from_utf8(bytes).map_err(|error| ReadError::NotUtf8(error.utf8_error().valid_up_to()))?;
    if text.starts_with(MARK) {
        text.drain(..MARK.len());
    }
    Ok(text)
}

/// As [`decode`], with U+FFFD for what is not UTF-8.
pub fn decode_lossy(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.strip_prefix(MARK).unwrap_or(&text).to_owned()
}

/// The bytes of a text that takes the place of a file's: with a byte-order mark if the file begins with one.
pub fn encode(world: &dyn World, file: &RelPath, text: &str) -> Vec<u8> {
    let marked = world.head(file, MARK.len()).is_ok_and(|head| head.starts_with(MARK.as_bytes()));
    let mark = if marked { MARK } else { "" };
    [mark.as_bytes(), text.as_bytes()].concat()
}

/// The folders of git submodules that hold nothing here, because the clone was made without them.
pub fn absent_submodules(world: &dyn World) -> Vec<RelPath> {
    let Ok(text) =
        RelPath::parse(".gitmodules").map_err(drop).and_then(|path| world.text(&path).map_err(drop))
    else {
        return Vec::new();
    };
    let folder = |line: &str| {
        let (key, value) = line.split_once('=')?;
        RelPath::parse(value.trim()).ok().filter(|path| key.trim() == "path" && !path.is_root())
    };
    text.lines().filter_map(folder).filter(|path| world.files(path).is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_no_byte_order_mark_and_those_that_take_their_place_have() {
        let world =
            MemoryWorld::new().with("a", "\u{feff}one\u{feff}").with("b", "one").with("c", "\u{feff}");
        let path = |name: &str| RelPath::parse(name).unwrap();
        let text = |name: &str| world.text(&path(name)).unwrap();
        assert_eq!([text("a"), text("b"), text("c")], ["one\u{feff}", "one", ""]);
        let mut overlay = Overlay::new(&world);
        overlay.set(path("b"), "\u{feff}two");
        assert_eq!(overlay.text(&path("b")).unwrap(), "two");
        for (name, bytes) in [("a", "\u{feff}x"), ("b", "x"), ("c", "\u{feff}x"), ("new", "x")] {
            assert_eq!(encode(&world, &path(name), "x"), bytes.as_bytes(), "{name}");
        }
        assert_eq!(decode_lossy(b"\xef\xbb\xbfa\xff"), "a\u{fffd}");
        assert_eq!(decode(b"\xef\xbb\xbfa\xff".to_vec()), Err(ReadError::NotUtf8(4)));
    }
}
