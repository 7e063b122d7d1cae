//! The clock that steps are timed by. The time of day is told once a run, and measures nothing.

use std::time::Duration;

/// How far the clock is, which never goes back, and goes on while the machine sleeps: a laptop that slept through a
/// recovery has not met its objective.
pub(super) struct Clock {
    read: Box<dyn Fn() -> Duration>,
    last: Duration,
    /// Whether it went back all the same: then no time between two steps is known.
    pub went_back: bool,
}

impl Clock {
    /// The machine's.
    pub fn of_machine() -> Self {
        Self::new(Box::new(|| {
            let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
            let seconds = u64::try_from(now.tv_sec).unwrap_or(0);
            Duration::new(seconds, u32::try_from(now.tv_nsec).unwrap_or(0))
        }))
    }

    fn new(read: Box<dyn Fn() -> Duration>) -> Self {
        let last = read();
        Self { read, last, went_back: false }
    }

    /// How far it is, since whenever; never less than before.
    pub fn now(&mut self) -> Duration {
        let now = (self.read)();
        self.went_back |= now < self.last;
        self.last = self.last.max(now);
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::rc::Rc;

    #[test]
    fn a_clock_that_jumps_gives_no_negative_time_and_says_so() {
        let shown = Rc::new(Cell::new(100));
        let read = shown.clone();
        let mut clock = Clock::new(Box::new(move || Duration::from_secs(read.get())));
        let mut now = |at: u64| {
            shown.set(at);
            (clock.now().as_secs(), clock.went_back)
        };
        assert_eq!([now(100), now(105), now(3_705)], [(100, false), (105, false), (3_705, false)]);
        assert_eq!([now(50), now(60), now(3_800)], [(3_705, true), (3_705, true), (3_800, true)]);
    }

    #[test]
    fn the_machines_clock_goes_on() {
        let mut clock = Clock::of_machine();
        let before = clock.now();
        std::thread::sleep(Duration::from_millis(5));
        let passed = clock.now().saturating_sub(before);
        assert!(passed >= Duration::from_millis(5) && passed < Duration::from_secs(60), "{passed:?}");
    }
}
