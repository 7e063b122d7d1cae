//! What happens when oathbook itself is wrong. A panic is told in plain words, once for each place, and with nothing of the
//! user's files: people paste it into a public report.

use crate::base::is_fenced;
use std::collections::BTreeSet;
use std::io::Write as _;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::{Mutex, PoisonError};

/// From now on, panics are told as bugs, but for those that are expected. `command` are the words of the command line that
/// name what was done, without paths and values. With `RUST_BACKTRACE` set, what Rust says comes first.
pub fn tell(command: Vec<String>) {
    let before = panic::take_hook();
    let told = Mutex::new(BTreeSet::new());
    panic::set_hook(Box::new(move |info| {
        if is_fenced() {
            return;
        }
        if std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0") {
            before(info);
        }
        let place = place(info);
        if told.lock().unwrap_or_else(PoisonError::into_inner).insert(place.clone()) {
            let text = report(&command, &place, &message(info));
            // Nobody is left to tell if standard error is closed.
            let _ = std::io::stderr().write_all(text.as_bytes());
        }
    }));
}

/// What the work made; none if it panicked.
pub fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    // What panicked is not used again, or is replaced as a whole.
    panic::catch_unwind(AssertUnwindSafe(work)).ok()
}

fn place(info: &PanicHookInfo<'_>) -> String {
    let Some(place) = info.location() else { return "an unknown place".to_owned() };
    // Of a dependency, its name and version instead of the folder where it was built.
    let file = place.file().rsplit_once("/registry/src/").and_then(|(_, rest)| Some(rest.split_once('/')?.1));
    format!("{}:{}:{}", file.unwrap_or(place.file()), place.line(), place.column())
}

/// What the panic says, where that cannot quote a file: words of the program, and those of Rust that hold only numbers.
fn message(info: &PanicHookInfo<'_>) -> String {
    const NUMBERS: &[&str] =
        &["index out of bounds: ", "range start index ", "range end index ", "slice index starts at "];
    let made = info.payload().downcast_ref::<String>();
    let plain = made.filter(|text| NUMBERS.iter().any(|start| text.starts_with(start)));
    let fixed = info.payload().downcast_ref::<&'static str>().map(|text| (*text).to_owned());
    plain.cloned().or(fixed).unwrap_or_else(|| "(its message may quote your files)".to_owned())
}

fn report(command: &[String], place: &str, message: &str) -> String {
    let (version, address) = (env!("CARGO_PKG_VERSION"), env!("CARGO_PKG_REPOSITORY"));
    let (system, machine) = (std::env::consts::OS, std::env::consts::ARCH);
    let command = command.join(" ");
    format!(
        "\
error: this is a bug in oathbook, not a mistake of yours
    oathbook {version} on {system} {machine}: `{command}`
    {place}: {message}
No file is left half written. Please report it at {address}/issues
with the two lines above, which hold nothing of your files, and say what you did before.
"
    )
}
