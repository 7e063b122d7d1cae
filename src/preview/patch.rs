//! The difference between two lists of blocks, as few replacements.

use serde::Serialize;

/// Blocks `at..at + remove` become these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Splice {
    /// First block.
    pub at: usize,
    /// How many go.
    pub remove: usize,
    /// What comes in their place.
    pub html: Vec<String>,
}

/// Longer lists are compared at their ends only: the table below grows with the product of their lengths.
const LONGEST: usize = 400;

/// What turns `old` into `new`; to be applied in order. Equal beginnings and ends are skipped, the middle is compared
/// by longest common subsequence (Hunt and McIlroy 1976), and the replacements are given last first, so that earlier
/// positions hold.
pub fn difference(old: &[String], new: &[String]) -> Vec<Splice> {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&old_rest[..old_rest.len() - end], &new_rest[..new_rest.len() - end]);
    if a.is_empty() && b.is_empty() {
        return Vec::new();
    }
    if a.len() > LONGEST || b.len() > LONGEST {
        return vec![Splice { at: start, remove: a.len(), html: b.to_vec() }];
    }
    let mut splices = by_common(a, b);
    for splice in &mut splices {
        splice.at += start;
    }
    splices.reverse();
    splices
}

fn by_common(a: &[String], b: &[String]) -> Vec<Splice> {
    let width = b.len() + 1;
    let mut table = vec![0_u16; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            table[i * width + j] = if a[i] == b[j] {
                table[(i + 1) * width + j + 1] + 1
            } else {
                table[(i + 1) * width + j].max(table[i * width + j + 1])
            };
        }
    }
    let mut out: Vec<Splice> = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            i += 1;
            j += 1;
            continue;
        }
        let mut splice = Splice { at: i, remove: 0, html: Vec::new() };
        while (i < a.len() || j < b.len()) && !(i < a.len() && j < b.len() && a[i] == b[j]) {
            let take_old =
                j == b.len() || (i < a.len() && table[(i + 1) * width + j] >= table[i * width + j + 1]);
            if take_old {
                i += 1;
                splice.remove += 1;
            } else {
                splice.html.push(b[j].clone());
                j += 1;
            }
        }
        out.push(splice);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn apply(old: &[String], splices: &[Splice]) -> Vec<String> {
        let mut out = old.to_vec();
        for splice in splices {
            out.splice(splice.at..splice.at + splice.remove, splice.html.clone());
        }
        out
    }

    #[test]
    fn one_changed_block_is_one_splice() {
        let list = |text: &str| text.chars().map(|c| c.to_string()).collect::<Vec<_>>();
        assert_eq!(
            difference(&list("abcd"), &list("abXd")),
            [Splice { at: 2, remove: 1, html: vec!["X".into()] }]
        );
        assert_eq!(difference(&list("abc"), &list("abc")), []);
        assert_eq!(difference(&list("abc"), &list("xabcy")).len(), 2);
    }

    proptest! {
        #[test]
        fn a_difference_turns_the_old_into_the_new(old in proptest::collection::vec("[a-d]", 0..12), new in proptest::collection::vec("[a-d]", 0..12)) {
            prop_assert_eq!(apply(&old, &difference(&old, &new)), new);
        }
    }
}
