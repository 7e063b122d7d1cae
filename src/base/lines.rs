//! Which lines of two versions of a text are the same ones.
//!
//! Patience diff (B. Cohen, 2009): lines that occur once on each side are paired in their longest common order, and
//! the ranges between pairs are treated alike. `O(n log n)`; ranges without such lines keep their common ends, and so do
//! those that are left when a budget is spent, which texts made for it reach.

use super::Steps;
use std::collections::HashMap;

/// The lines of an old and a new version, paired.
#[derive(Clone, Debug)]
pub struct LinePairs {
    /// For each old line the new one, from 0.
    forward: Vec<Option<u32>>,
    /// For each new line, whether the old version has it.
    kept: Vec<bool>,
    /// For each old line, the new line after the last that is left at or before it; from 0.
    before: Vec<u32>,
    /// For each new line, how many before it are not in the old version.
    added: Vec<u32>,
}

/// How often a line may be looked at, on average.
const ROUNDS: u64 = 64;

impl LinePairs {
    /// Pairs the lines of two texts.
    pub fn of(old: &str, new: &str) -> Self {
        let (a, b): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
        let mut pairs = Self {
            forward: vec![None; a.len()],
            kept: vec![false; b.len()],
            before: Vec::new(),
            added: Vec::new(),
        };
        let steps = Steps::new(ROUNDS * (a.len() + b.len()) as u64);
        let mut ranges = vec![(0, a.len(), 0, b.len())];
        while let Some((mut a0, mut a1, mut b0, mut b1)) = ranges.pop() {
            while a0 < a1 && b0 < b1 && a[a0] == b[b0] {
                pairs.pair(a0, b0);
                (a0, b0) = (a0 + 1, b0 + 1);
            }
            while a0 < a1 && b0 < b1 && a[a1 - 1] == b[b1 - 1] {
                (a1, b1) = (a1 - 1, b1 - 1);
                pairs.pair(a1, b1);
            }
            if a0 == a1 || b0 == b1 || !steps.take((a1 - a0 + b1 - b0) as u64) {
                continue;
            }
            let anchors = anchors(&a[a0..a1], &b[b0..b1]);
            if anchors.is_empty() {
                continue;
            }
            let (mut from_a, mut from_b) = (a0, b0);
            for (at_a, at_b) in anchors.iter().map(|(x, y)| (a0 + x, b0 + y)) {
                pairs.pair(at_a, at_b);
                ranges.push((from_a, at_a, from_b, at_b));
                (from_a, from_b) = (at_a + 1, at_b + 1);
            }
            ranges.push((from_a, a1, from_b, b1));
        }
        let mut next = 0;
        for pair in &pairs.forward {
            next = pair.map_or(next, |at| at + 1);
            pairs.before.push(next);
        }
        let mut added = 0;
        for kept in &pairs.kept {
            pairs.added.push(added);
            added += u32::from(!kept);
        }
        pairs.added.push(added);
        pairs
    }

    fn pair(&mut self, a: usize, b: usize) {
        self.forward[a] = u32::try_from(b).ok();
        self.kept[b] = true;
    }

    /// Whether a new line (from 1) is not in the old version.
    pub fn is_added(&self, line: u32) -> bool {
        let at = (line as usize).saturating_sub(1);
        self.kept.get(at).is_none_or(|kept| !kept)
    }

    /// Whether one of some new lines (from 1, the last one included) is not in the old version.
    pub fn adds_within(&self, first: u32, last: u32) -> bool {
        let lines = self.kept.len();
        let before = |line: usize| self.added.get(line.min(lines)).copied().unwrap_or(0);
        last as usize > lines || before(last as usize) > before((first as usize).saturating_sub(1))
    }

    /// How many of the new lines the old version has.
    pub fn kept_lines(&self) -> usize {
        self.kept.len() - self.added.last().copied().unwrap_or(0) as usize
    }

    /// The new line (from 1) that an old one (from 1) is; none if it is gone.
    pub fn kept(&self, line: u32) -> Option<u32> {
        self.forward.get((line as usize).checked_sub(1)?).copied().flatten().map(|at| at + 1)
    }

    /// The new line (from 1) where an old one (from 1) stands, or stood: the line after the last that is left
    /// before it.
    pub fn position(&self, line: u32) -> u32 {
        let at = (line as usize).saturating_sub(1);
        if let Some(Some(same)) = self.forward.get(at) {
            return same + 1;
        }
        let last = u32::try_from(self.kept.len()).unwrap_or(u32::MAX).max(1);
        let before = at.min(self.before.len()).checked_sub(1).and_then(|at| self.before.get(at));
        before.map_or(1, |next| next + 1).min(last)
    }
}

/// Lines that occur once in each, in the longest order that both have.
fn anchors(a: &[&str], b: &[&str]) -> Vec<(usize, usize)> {
    // Times seen, and where: in the old version and in the new one.
    let mut seen: HashMap<&str, (u32, usize, u32, usize)> = HashMap::new();
    for (at, line) in a.iter().enumerate() {
        let entry = seen.entry(line).or_default();
        (entry.0, entry.1) = (entry.0 + 1, at);
    }
    for (at, line) in b.iter().enumerate() {
        if let Some(entry) = seen.get_mut(line) {
            (entry.2, entry.3) = (entry.2 + 1, at);
        }
    }
    let once = a.iter().filter_map(|line| seen.get(line));
    let pairs: Vec<(usize, usize)> =
        once.filter(|entry| entry.0 == 1 && entry.2 == 1).map(|entry| (entry.1, entry.3)).collect();
    // The longest rising sequence of new places (patience sorting, with back links).
    let mut piles: Vec<usize> = Vec::new();
    let mut back: Vec<Option<usize>> = vec![None; pairs.len()];
    for (at, (_, place)) in pairs.iter().enumerate() {
        let pile = piles.partition_point(|top| pairs[*top].1 < *place);
        back[at] = pile.checked_sub(1).map(|below| piles[below]);
        match piles.get_mut(pile) {
            Some(top) => *top = at,
            None => piles.push(at),
        }
    }
    let mut out = Vec::new();
    let mut at = piles.last().copied();
    while let Some(now) = at {
        out.push(pairs[now]);
        at = back[now];
    }
    out.reverse();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_paired_across_insertions_and_removals() {
        let pairs = LinePairs::of("a\nb\nc\nd\n", "a\nx\nc\nd\ne\n");
        assert_eq!([1, 2, 3, 4].map(|line| pairs.position(line)), [1, 2, 3, 4]);
        assert_eq!([1, 2, 3, 4, 5].map(|line| pairs.is_added(line)), [false, true, false, false, true]);
        assert!(pairs.adds_within(1, 2) && pairs.adds_within(4, 9) && !pairs.adds_within(3, 4));
        assert_eq!(pairs.kept_lines(), 3);
        let moved = LinePairs::of("a\nb\nc\nd\n", "c\nd\nx\n");
        assert!(!moved.is_added(1) && !moved.is_added(2) && moved.is_added(3));
        assert_eq!(moved.position(1), 1);
        assert_eq!(LinePairs::of("", "a\n").position(7), 1);
    }
}
