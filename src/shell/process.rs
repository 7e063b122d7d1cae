//! Commands that a book's configuration names. Only verbs that execute by their name or flag come here.

use super::Error;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Output that is read of a command, in bytes.
const MOST_OUTPUT: u64 = 64 << 20;

/// Runs a command line in a folder through the system's shell; its standard output. What it says on standard error
/// goes where ours goes.
///
/// # Errors
/// When it cannot be started, fails, writes more than 64 MiB, or writes no UTF-8.
pub fn output(command: &str, folder: &Path) -> Result<String, Error> {
    let error = |cause: String| Error::new("run", command, cause).for_the_user();
    #[expect(clippy::disallowed_methods, reason = "commands are started here and nowhere else")]
    let mut shell = if cfg!(windows) { Command::new("cmd") } else { Command::new("sh") };
    shell.arg(if cfg!(windows) { "/C" } else { "-c" }).arg(command).current_dir(folder);
    shell.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = shell.spawn().map_err(|cause| error(cause.to_string()))?;
    let mut bytes = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        stdout.take(MOST_OUTPUT + 1).read_to_end(&mut bytes).map_err(|cause| error(cause.to_string()))?;
    }
    let status = child.wait().map_err(|cause| error(cause.to_string()))?;
    if !status.success() {
        return Err(error(format!("it ended with {status}")));
    }
    if bytes.len() as u64 > MOST_OUTPUT {
        return Err(error(format!("it wrote more than {} MB", MOST_OUTPUT >> 20)));
    }
    String::from_utf8(bytes).map_err(|_| error("its output is not UTF-8".into()))
}
