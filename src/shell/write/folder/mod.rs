//! An open folder, in which every file is reached by one name.

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
mod plain;
#[cfg(any(target_os = "linux", target_os = "macos"))]
mod unix;

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
pub(super) use plain::{Entry, Folder, MODE};
#[cfg(any(target_os = "linux", target_os = "macos"))]
pub(super) use unix::{Entry, Folder};
