//! What `oathbook update` writes.

use crate::base::RelPath;
use crate::world::World;

/// A record to write, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// The file.
    pub file: RelPath,
    /// All that it is to hold.
    pub text: String,
    /// What changes in it, for people.
    pub about: String,
}

/// Makes records of a command's output (files and their texts), or says what is wrong with it.
pub type Make = Box<dyn Fn(&dyn World, &str) -> Result<Vec<(RelPath, String)>, String>>;

/// A command to run for a record.
pub struct Run {
    /// The command line, as book.toml or a page has it.
    pub command: String,
    /// What the command's output is recorded as, to tell two records of one command apart.
    pub record: String,
    /// Makes the record.
    pub make: Make,
}
