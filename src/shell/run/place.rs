//! Where and as whom steps run: another user, a sandbox made by bubblewrap.

use super::supervisor;
use crate::runs::target::{Network, Target};
use crate::shell::Error;
use crate::shell::process::{self, Start};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// A user's number and that of its group; none for ourselves.
pub(super) type User = Option<(u32, u32)>;

/// Looks up the user of a target.
///
/// # Errors
/// When there is none of that name, or we may not become it.
pub(super) fn user(target: &Target) -> Result<User, Error> {
    let own = rustix::process::geteuid().as_raw();
    let replaced = target.instead_of_root.as_ref().filter(|_| own == 0);
    let Some(name) = target.user.as_ref().or(replaced) else { return Ok(None) };
    let refused = |cause: String| Error::new("become", name, cause).for_the_user();
    if name.starts_with('-') {
        return Err(refused("there is no such user".into()));
    }
    let number = |of: &str| -> Result<u32, Error> {
        let command = ["id", of, name];
        let start = Start {
            command: &command,
            folder: Path::new("/"),
            variables: &[],
            input: "",
            timeout: Duration::from_secs(30),
        };
        let ran = process::run(start)?;
        ran.stdout.trim().parse().map_err(|_| refused("there is no such user".into()))
    };
    let wanted = (number("-u")?, number("-g")?);
    if wanted.0 == own {
        return Ok(None);
    }
    if own != 0 {
        return Err(refused("only root can run steps as another user".into()));
    }
    Ok(Some(wanted))
}

/// The command that starts a supervisor on a target. `work` is the folder of its steps, `root` the repository.
///
/// # Errors
/// When the target wants a sandbox and bubblewrap is missing, or this program cannot start itself.
pub(super) fn command(target: &Target, user: User, work: &Path, root: &Path) -> Result<Command, Error> {
    let own = std::env::current_exe().map_err(|cause| Error::new("start", "oathbook", cause))?;
    #[expect(clippy::disallowed_methods, reason = "this program is started here as a supervisor")]
    let start = |program: &Path| Command::new(program);
    let mut command = if target.sandbox {
        let program = bubblewrap()?;
        let mut command = start(&program);
        command.args(arguments(target, work, root, &own)).arg("--").arg(&own);
        command
    } else {
        start(&own)
    };
    command.arg(supervisor::COMMAND).env_clear().current_dir("/");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    // bash is found by it, and nothing else: steps get their target's.
    command.env("PATH", super::PATH);
    if let Some((user, group)) = user {
        // Switched before the sandbox is made, so that none of root's rights are left in it.
        std::os::unix::process::CommandExt::gid(&mut command, group);
        std::os::unix::process::CommandExt::uid(&mut command, user);
    }
    Ok(command)
}

fn bubblewrap() -> Result<PathBuf, Error> {
    let found =
        std::env::split_paths(super::PATH).map(|folder| folder.join("bwrap")).find(|path| path.is_file());
    found.ok_or_else(|| {
        let cause = "the program `bwrap` is missing; Debian's package is `bubblewrap`";
        Error::new("make", "the sandbox that the target wants", cause).for_the_user()
    })
}

/// Namespaces of its own but for the network, unless the target has none; all is read-only but what the target names.
fn arguments(target: &Target, work: &Path, root: &Path, own: &Path) -> Vec<PathBuf> {
    let mut out: Vec<PathBuf> = Vec::new();
    let mut add = |words: &[&Path]| out.extend(words.iter().map(|word| (*word).to_owned()));
    let word = Path::new;
    // Not `--die-with-parent`: the supervisor sees that its parent is gone, ends everything, and takes away what steps wrote.
    for flag in ["--new-session", "--unshare-pid", "--unshare-ipc", "--unshare-uts"] {
        add(&[word(flag)]);
    }
    add(&[
        word("--ro-bind"),
        word("/"),
        word("/"),
        word("--dev"),
        word("/dev"),
        word("--proc"),
        word("/proc"),
    ]);
    for hidden in ["/tmp", "/var/tmp"] {
        add(&[word("--tmpfs"), word(hidden)]);
    }
    if target.network == Network::None {
        // Sockets of the machine's services lie below /run, and a read-only file system does not shut them.
        add(&[word("--unshare-net"), word("--tmpfs"), word("/run")]);
    }
    for seen in [root, own] {
        add(&[word("--ro-bind"), seen, seen]);
    }
    for written in target.write.iter().map(Path::new) {
        add(&[word("--bind"), written, written]);
    }
    add(&[word("--bind"), work, work]);
    out
}
