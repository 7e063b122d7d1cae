//! A budget of steps: how much a resolver may do before it gives up.
//!
//! Depth says nothing of work: two ways on at each of 48 levels are 2^48 steps. So whatever follows names, references,
//! includes or macros of a stranger's files counts what it does, stops when the budget is spent, and says at which place
//! it gave up.

use std::cell::Cell;

/// Steps that were taken, of those that may be. One thread's own: of a shared budget, where it ends would depend on
/// which thread was faster.
#[derive(Clone, Debug)]
pub struct Steps {
    taken: Cell<u64>,
    most: u64,
}

impl Steps {
    /// A budget of so many steps.
    pub const fn new(most: u64) -> Self {
        Self { taken: Cell::new(0), most }
    }

    /// Takes steps; whether they were still to be had. Once they were not, they never are again.
    pub fn take(&self, count: u64) -> bool {
        let taken = self.taken.get().saturating_add(count);
        self.taken.set(taken);
        taken <= self.most
    }

    /// Whether more steps were asked for than there are.
    pub fn spent(&self) -> bool {
        self.taken.get() > self.most
    }

    /// Steps that were asked for.
    pub fn taken(&self) -> u64 {
        self.taken.get()
    }

    /// Steps that may be taken.
    pub fn most(&self) -> u64 {
        self.most
    }
}

#[cfg(test)]
mod tests {
    use super::Steps;

    #[test]
    fn a_budget_that_was_overdrawn_stays_spent() {
        let steps = Steps::new(3);
        assert!(steps.take(2) && steps.take(1) && !steps.spent());
        assert!(!steps.take(1) && steps.spent() && !steps.take(0));
        assert_eq!((steps.taken(), steps.most()), (4, 3));
        let huge = Steps::new(10);
        assert!(!huge.take(u64::MAX) && !huge.take(u64::MAX) && huge.spent());
    }
}
