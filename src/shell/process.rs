//! Commands that a book's configuration names. Only verbs that execute by their name or flag come here.

use super::Error;
use std::io::{Read, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

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

/// How a program ended.
#[derive(Clone, Debug, Default)]
pub struct Ran {
    /// Its exit code; none when a signal or the time ended it.
    pub code: Option<i32>,
    /// Standard output, up to 64 MiB.
    pub stdout: String,
    /// Standard error, up to 64 MiB.
    pub stderr: String,
    /// Whether its time was up.
    pub timed_out: bool,
}

/// What a program is started with.
#[derive(Clone, Copy, Debug)]
pub struct Start<'s> {
    /// The program and its arguments.
    pub command: &'s [&'s str],
    /// Where it runs.
    pub folder: &'s Path,
    /// Variables beside our own.
    pub variables: &'s [(&'s str, String)],
    /// Its standard input.
    pub input: &'s str,
    /// After which it and what it started are ended.
    pub timeout: Duration,
}

/// Runs a program to its end, or to the end of its time.
///
/// # Errors
/// When it cannot be started.
pub fn run(start: Start<'_>) -> Result<Ran, Error> {
    let [program, arguments @ ..] = start.command else {
        return Err(Error::new("run", "", "no program is named"));
    };
    let error = |cause: String| Error::new("run", program, cause).for_the_user();
    #[expect(clippy::disallowed_methods, reason = "commands are started here and nowhere else")]
    let mut command = Command::new(program);
    command.args(arguments).current_dir(start.folder);
    command.envs(start.variables.iter().map(|(name, value)| (*name, value)));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().map_err(|cause| error(cause.to_string()))?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let mut ran = Ran::default();
    std::thread::scope(|scope| {
        let input = start.input;
        scope.spawn(move || {
            if let Some(mut stdin) = stdin {
                // A program that does not read its input is no error.
                let _ = stdin.write_all(input.as_bytes());
            }
        });
        let out = scope.spawn(move || text_of(stdout));
        let err = scope.spawn(move || text_of(stderr));
        (ran.code, ran.timed_out) = wait(&mut child, start.timeout);
        // Whatever it left running holds the pipes.
        end_group(&mut child);
        ran.stdout = out.join().unwrap_or_default();
        ran.stderr = err.join().unwrap_or_default();
    });
    Ok(ran)
}

fn text_of(pipe: Option<impl Read>) -> String {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        // What was read before an error is what there is.
        let _ = pipe.take(MOST_OUTPUT).read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn wait(child: &mut Child, timeout: Duration) -> (Option<i32>, bool) {
    let begin = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return (status.code(), false),
            Ok(None) if begin.elapsed() < timeout => {
                std::thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(50));
            }
            Ok(None) => {
                end_group(child);
                let _ = child.wait();
                return (None, true);
            }
            Err(_) => return (None, false),
        }
    }
}

/// Ends a program and everything that it started in its group.
fn end_group(child: &mut Child) {
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        // Nobody is left in it, most of the time.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
}
