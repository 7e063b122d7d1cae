//! A mark on a thread whose panics are expected: somebody else's code runs there, and whoever started it makes an answer of
//! its failure. Whoever tells people of panics leaves these out.

use std::cell::Cell;

thread_local! {
    static FENCED: Cell<bool> = const { Cell::new(false) };
}

/// Runs work whose panics are expected on this thread. The mark stays when it panics: the thread is at its end then.
pub fn fenced<T>(work: impl FnOnce() -> T) -> T {
    let before = FENCED.replace(true);
    let made = work();
    FENCED.set(before);
    made
}

/// Whether panics of this thread are expected.
pub fn is_fenced() -> bool {
    FENCED.get()
}

#[cfg(test)]
mod tests {
    use super::{fenced, is_fenced};

    #[test]
    fn a_thread_is_marked_while_fenced_work_runs_and_no_other_is() {
        assert!(!is_fenced());
        assert!(fenced(|| fenced(is_fenced) && is_fenced()));
        assert!(!is_fenced());
        assert!(fenced(|| std::thread::spawn(|| !is_fenced()).join().unwrap()));
    }
}
