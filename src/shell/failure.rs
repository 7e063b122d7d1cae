//! What happens when oathbook itself is wrong: a panic ends the command with exit code 4 and a request for a report, and
//! nothing that was on the disk before is lost, because files change in one step.

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

/// Runs a command; none when it panicked. The message is printed once, however many threads fail.
///
/// Where the message of a panic stands is said, and not the message: it can hold texts of the pages that were read.
/// `RUST_BACKTRACE=1` shows all of it.
pub fn guard<T>(command: impl FnOnce() -> T) -> Option<T> {
    let told = AtomicBool::new(false);
    let whole = std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0");
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        // An engine of others, whose panic is a refusal of one graph.
        if std::thread::current().name() == Some(crate::diagram::layout::FENCED)
            || told.swap(true, Ordering::Relaxed)
        {
            return;
        }
        let place = info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        // Nobody is left to tell if standard error is closed.
        let _ = writeln!(std::io::stderr(), "{}", message(&place));
        if whole {
            before(info);
        }
    }));
    let done = caught(command);
    // Whoever calls this as a library has its panics told as before.
    drop(std::panic::take_hook());
    done
}

/// What work made, of which a failure ends no more than the work itself; none when it panicked. [`guard`] says so.
pub fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    // What panicked is not used again, or is replaced as a whole.
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// What is printed.
fn message(place: &str) -> String {
    format!(
        "error: oathbook itself failed, at {place}; that is a mistake in it, not in your files, and no file was left half \
         written\n\
         Please report it at {}/issues with this line, the command, and what `oathbook --version --verbose` prints; \
         no text of your files is needed.",
        env!("CARGO_PKG_REPOSITORY")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_told_with_its_place_and_where_to_report_it_and_ends_nothing_else() {
        assert_eq!(guard(|| 1), Some(1));
        let failed = guard(|| -> u8 {
            let empty: Vec<u8> = Vec::new();
            *empty.iter().max().ok_or("a secret of the page").expect("it is empty")
        });
        assert_eq!(failed, None);
        let said = message("src/x.rs:1:2");
        assert!(said.contains("src/x.rs:1:2") && said.contains("/issues") && !said.contains("secret"));
    }
}
