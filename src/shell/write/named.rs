//! Files that an argument of the command line names.

use super::staging::Staging;
use super::target::{Target, absolute, enters_git, real};
use crate::shell::Error;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long a pipe may have nobody who reads it.
const READER: Duration = Duration::from_secs(30);

/// Writes a file that the user named. A device, a pipe or an open file (`/dev/null`, `/dev/fd/3`) is written through and
/// never replaced; a regular file is replaced in one step. Folders that are missing are made.
///
/// # Errors
/// When a link of the repository in which the path lies leads out of it, nobody reads the pipe, or the disk refuses;
/// an old file then still stands.
pub fn named(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let failed = |cause: std::io::Error| Error::new("write", path, cause);
    let refused = |cause: String| Error::new("write", path, cause).for_the_user();
    let lexical = absolute(path).map_err(failed)?;
    if lexical.starts_with("/dev") || lexical.starts_with("/proc") {
        return through(&lexical, bytes).map_err(failed);
    }
    let real = real(&lexical)?;
    if let Some(cause) = leaves(path, &lexical, &real) {
        return Err(refused(cause));
    }
    match std::fs::metadata(&real) {
        Ok(found) if found.is_dir() => return Err(refused("it is a folder".into())),
        Ok(found) if !found.is_file() => return through(&real, bytes).map_err(failed),
        _ => {}
    }
    let (Some(folder), Some(name)) = (real.parent(), real.file_name()) else {
        return Err(refused("it is a folder".into()));
    };
    make_folders(folder).map_err(failed)?;
    let target = Target::within(folder, Path::new(name), path)?;
    let staging = Staging::open(folder)?;
    super::replace(&staging, &target, bytes)
}

/// Whether a path is a device, a pipe or an open file, which are written through.
pub fn is_open(path: &Path) -> bool {
    let is_special = std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir());
    is_special || absolute(path).is_ok_and(|path| path.starts_with("/dev") || path.starts_with("/proc"))
}

/// Makes a folder and those above it.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub(super) fn make_folders(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}

/// Why a path is not written: a stranger's repository may hold a link by the name that a script gives its report, so a
/// path that lies in a repository, or below the current folder, must still lie there once links are followed.
pub(super) fn leaves(path: &Path, lexical: &Path, real: &Path) -> Option<String> {
    let home = home_of(path, lexical)?;
    let home = std::fs::canonicalize(home).ok()?;
    let Ok(below) = real.strip_prefix(&home) else {
        return Some(format!("a link leads out of {}, to {}", home.display(), real.display()));
    };
    enters_git(below).then(|| "a path into `.git` is never written".into())
}

/// The repository in which a path lies, or the current folder for a path below it.
fn home_of(path: &Path, lexical: &Path) -> Option<PathBuf> {
    let repository = lexical.ancestors().skip(1).find(|above| above.join(".git").exists());
    if let Some(repository) = repository {
        return Some(repository.to_owned());
    }
    let here = absolute(Path::new(".")).ok()?;
    (path.is_relative() && lexical.starts_with(&here)).then_some(here)
}

/// Writes to what is no regular file.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
fn through(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    match path.to_str() {
        Some("/dev/stdout" | "/dev/fd/1" | "/proc/self/fd/1") => {
            let mut out = std::io::stdout().lock();
            return out.write_all(bytes).and_then(|()| out.flush());
        }
        Some("/dev/stderr" | "/dev/fd/2" | "/proc/self/fd/2") => {
            return std::io::stderr().lock().write_all(bytes);
        }
        _ => {}
    }
    // An open file keeps what others wrote to it: `append`; a pipe and a device do not care.
    let mut options = File::options();
    options.append(true);
    let begin = Instant::now();
    let mut file = loop {
        match without_waiting(&mut options).open(path) {
            // No such device or address: a pipe that nobody reads yet.
            Err(error) if error.raw_os_error() == Some(NO_READER) && begin.elapsed() < READER => {
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(error) if error.raw_os_error() == Some(NO_READER) => {
                return Err(std::io::Error::other(format!(
                    "nobody reads this pipe for {} s",
                    READER.as_secs()
                )));
            }
            other => break other?,
        }
    };
    wait_from_now_on(&file)?;
    file.write_all(bytes)
}

/// `ENXIO`, 6 on Linux and macOS.
const NO_READER: i32 = 6;

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn without_waiting(options: &mut std::fs::OpenOptions) -> &mut std::fs::OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    options.custom_flags(flags.bits().cast_signed())
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn wait_from_now_on(file: &File) -> std::io::Result<()> {
    let flags = rustix::fs::fcntl_getfl(file)?;
    Ok(rustix::fs::fcntl_setfl(file, flags - rustix::fs::OFlags::NONBLOCK)?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn without_waiting(options: &mut std::fs::OpenOptions) -> &mut std::fs::OpenOptions {
    options
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn wait_from_now_on(_: &File) -> std::io::Result<()> {
    Ok(())
}
