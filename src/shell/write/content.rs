//! What one file of a site holds, and how it is compared and written: at once, or by the piece.

use crate::base::Fingerprint;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek as _, Write as _};
use std::path::Path;

/// A text in pieces, made as they are asked for.
pub type Pieces<'c> = Box<dyn Iterator<Item = String> + 'c>;

/// What one file of a site holds.
pub enum Content<'c> {
    /// These bytes.
    Bytes(Cow<'static, [u8]>),
    /// A copy of an open file, which is never in memory as a whole.
    Copy(File),
    /// A text that grows with the book and is never in memory as a whole either. It is made once.
    Pieces(Pieces<'c>),
}

/// What can be looked at again and again.
pub(super) enum Held {
    Bytes(Cow<'static, [u8]>),
    Copy(File),
}

impl Held {
    /// Its fingerprint and its size in bytes.
    pub fn measure(&mut self) -> io::Result<(Fingerprint, u64)> {
        match self {
            Self::Bytes(bytes) => Ok((Fingerprint::of(bytes), bytes.len() as u64)),
            Self::Copy(file) => {
                file.rewind()?;
                Fingerprint::of_reader(file)
            }
        }
    }

    pub fn size(&self) -> io::Result<u64> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.len() as u64),
            Self::Copy(file) => file.metadata().map(|found| found.len()),
        }
    }

    /// Whether another file of the same size holds the same.
    pub fn is_in(&mut self, other: &mut File) -> bool {
        match self {
            Self::Bytes(bytes) => is_equal(other, bytes),
            Self::Copy(file) => file.rewind().is_ok() && are_equal(other, file),
        }
    }

    pub fn write(&mut self, path: &Path) -> io::Result<()> {
        match self {
            Self::Bytes(bytes) => create(path)?.write_all(bytes),
            Self::Copy(file) => {
                file.rewind()?;
                io::copy(file, &mut create(path)?).map(drop)
            }
        }
    }
}

/// Pieces as one stream of bytes.
pub(super) struct Flow<'c> {
    pieces: Pieces<'c>,
    piece: String,
    /// Bytes of the piece that were read.
    done: usize,
}

impl<'c> Flow<'c> {
    pub fn new(pieces: Pieces<'c>) -> Self {
        Self { pieces, piece: String::new(), done: 0 }
    }

    /// Writes all of it to a new file; its fingerprint and its size in bytes.
    pub fn write(self, path: &Path) -> io::Result<(Fingerprint, u64)> {
        Fingerprint::of_reader(Tee { flow: self, file: create(path)? })
    }

    /// Whether a file holds the same.
    pub fn matches(mut self, file: &mut File) -> bool {
        are_equal(file, &mut self) && self.read(&mut [0]).is_ok_and(|more| more == 0)
    }
}

impl Read for Flow<'_> {
    /// Fills the buffer, over the borders of pieces: they may be short, and each read becomes a write.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while let Some(room) = buffer.get_mut(filled..).filter(|room| !room.is_empty()) {
            let mut rest = self.piece.as_bytes().get(self.done..).unwrap_or_default();
            if rest.is_empty() {
                let Some(next) = self.pieces.next() else { break };
                (self.piece, self.done) = (next, 0);
                continue;
            }
            let read = rest.read(room)?;
            (filled, self.done) = (filled + read, self.done + read);
        }
        Ok(filled)
    }
}

/// Writes what is read.
struct Tee<'c> {
    flow: Flow<'c>,
    file: File,
}

impl Read for Tee<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.flow.read(buffer)?;
        self.file.write_all(buffer.get(..read).unwrap_or_default())?;
        Ok(read)
    }
}

/// Whether a file, which is as long, has these bytes.
fn is_equal(file: &mut File, bytes: &[u8]) -> bool {
    // One call for each file of a site, as a rule: without a room that is filled at once, the library asks for 8 KiB at first.
    let mut found = vec![0; bytes.len()];
    file.read_exact(&mut found).is_ok() && found == bytes
}

/// Whether all bytes of one are the next ones of the other, both from where they are.
pub(super) fn are_equal(one: &mut File, other: &mut impl Read) -> bool {
    let (mut piece, mut same) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        match one.read(&mut piece) {
            Ok(0) => return true,
            Ok(read) => {
                let Some(same) = same.get_mut(..read) else { return false };
                if other.read_exact(same).is_err() || piece.get(..read) != Some(&*same) {
                    return false;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return false,
        }
    }
}

/// A file of a site. It is not waited for until it is on the disk: 10,000 such waits would take minutes, and what a power cut
/// loses, the next build finds by its bytes and writes again.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub(super) fn create(path: &Path) -> io::Result<File> {
    File::create_new(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_flow_over_their_borders() {
        let pieces = || ["one, ", "", "two and ", "three"].map(str::to_owned).into_iter();
        let mut whole = String::new();
        Flow::new(Box::new(pieces())).read_to_string(&mut whole).unwrap();
        assert_eq!(whole, "one, two and three");
        let mut flow = Flow::new(Box::new(pieces()));
        let mut buffer = [0; 7];
        let read = std::array::from_fn(|_| {
            let read = flow.read(&mut buffer).unwrap();
            String::from_utf8(buffer[..read].to_vec()).unwrap()
        });
        assert_eq!(read, ["one, tw", "o and t", "hree", ""]);
    }
}
