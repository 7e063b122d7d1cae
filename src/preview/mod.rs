//! What the live preview knows: the checked project, and what an edit changes for a reader.
//!
//! An edit of a page is read, swapped in and sent as blocks before anything else is worked out; the whole project is
//! checked afterwards. Pure: the shell listens, watches and sends.

mod live;
mod patch;

pub use live::{Change, Finding, Live, Parts, Status};
pub use patch::{Splice, difference};
