//! The terms of all records while the index is made, packed, and the shards that they become.
//!
//! A made book of 50,000 pages of 4 KB has some 20 million pairs of a term and a record. As a term of its own with two
//! numbers each took 40 bytes and more, which was the largest part of a build's memory; here it takes two to four.

use super::Counted;
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// Bytes of a shard before the next begins.
const SHARD: usize = 24 << 10;
/// Records kept for one term, the best ones: beyond that a term tells nothing.
const POSTINGS: usize = 1_500;
/// BM25F's constants: saturation, and how much length counts in the text.
const K1: f32 = 1.2;
const B_TEXT: f32 = 0.6;

/// For each term the records that it occurs in.
#[derive(Default)]
pub(super) struct Postings {
    lists: HashMap<Box<str>, List, RandomState>,
    weights: Weights,
    /// Length of each record, and whether it stands for a whole page.
    records: Vec<(f32, bool)>,
}

/// The records of one term: for each the distance from the one before and the code of its weights, as LEB128 numbers.
#[derive(Default)]
struct List {
    bytes: Vec<u8>,
    /// The record that was added last.
    last: u32,
}

/// The pairs of weighted frequencies in text and title; a book has some hundred different ones, so a code is one or two
/// bytes.
#[derive(Default)]
struct Weights {
    pairs: Vec<(f32, f32)>,
    /// By the pairs' bits: the same pair is the same number to the bit.
    codes: HashMap<(u32, u32), u32, RandomState>,
}

impl Weights {
    fn code(&mut self, (text, title): (f32, f32)) -> u32 {
        *self.codes.entry((text.to_bits(), title.to_bits())).or_insert_with(|| {
            self.pairs.push((text, title));
            u32::try_from(self.pairs.len() - 1).unwrap_or(u32::MAX)
        })
    }
}

/// A term in a record.
struct Posting {
    record: u32,
    weight: f32,
    /// Whether it is in the page's title or the section's heading.
    titled: bool,
}

impl Postings {
    /// Adds the terms of the next record.
    pub fn add(&mut self, record: &Counted) {
        let at = u32::try_from(self.records.len()).unwrap_or(u32::MAX);
        self.records.push((record.length, record.whole));
        for (term, weights) in record.terms() {
            let code = self.weights.code(weights);
            let list = match self.lists.get_mut(term) {
                Some(list) => list,
                None => self.lists.entry(term.into()).or_default(),
            };
            list.push(at, code);
        }
    }

    /// Scores, sorts and cuts; the shards, and the first term of each.
    pub fn shards(self) -> (Vec<Box<str>>, Vec<String>) {
        // Pages are measured against pages, sections against sections.
        let (pages, sections) = (self.average(true), self.average(false));
        let norm = |(length, whole): &(f32, bool)| {
            1.0 - B_TEXT + B_TEXT * length / if *whole { pages } else { sections }
        };
        let norms: Vec<f32> = self.records.iter().map(norm).collect();
        let mut terms: Vec<(Box<str>, List)> = self.lists.into_iter().collect();
        terms.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let (mut shards, mut firsts) = (Vec::new(), Vec::new());
        let mut shard = String::new();
        let mut postings = Vec::new();
        for (term, list) in terms {
            if shard.is_empty() {
                firsts.push(String::from(&*term));
            }
            postings.clear();
            postings.extend(list.postings(&self.weights.pairs, &norms));
            line(&mut shard, &term, &mut postings, norms.len());
            if shard.len() > SHARD {
                // A copy of its own size: what was written into has room for as much again.
                shards.push(Box::from(shard.as_str()));
                shard.clear();
            }
        }
        if !shard.is_empty() {
            shards.push(shard.into_boxed_str());
        }
        (shards, firsts)
    }

    /// The mean length of pages, or of sections.
    fn average(&self, whole: bool) -> f32 {
        let of_kind = self.records.iter().filter(|record| record.1 == whole);
        let (sum, count) =
            of_kind.fold((0.0_f32, 0.0_f32), |(sum, count), record| (sum + record.0, count + 1.0));
        (sum / count.max(1.0)).max(1.0)
    }
}

impl List {
    fn push(&mut self, record: u32, code: u32) {
        write(record - self.last, &mut self.bytes);
        write(code, &mut self.bytes);
        self.last = record;
    }

    fn postings<'l>(
        &'l self,
        pairs: &'l [(f32, f32)],
        norms: &'l [f32],
    ) -> impl Iterator<Item = Posting> + 'l {
        let mut bytes = self.bytes.iter();
        let mut record = 0;
        std::iter::from_fn(move || {
            record += read(&mut bytes)?;
            let (text, title) = pairs.get(read(&mut bytes)? as usize).copied()?;
            let weighted = text / norms.get(record as usize)?;
            Some(Posting { record, weight: weighted / (K1 + weighted) + title, titled: title > 0.3 })
        })
    }
}

/// A number in LEB128 (DWARF 5 §7.6): seven bits a byte, the lowest first.
fn write(mut number: u32, out: &mut Vec<u8>) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            return out.push(low & 0x7f);
        }
        out.push(low | 0x80);
    }
}

fn read(bytes: &mut std::slice::Iter<'_, u8>) -> Option<u32> {
    let (mut number, mut shift) = (0, 0);
    loop {
        let byte = *bytes.next()?;
        number |= u32::from(byte & 0x7f).checked_shl(shift)?;
        if byte < 0x80 {
            return Some(number);
        }
        shift += 7;
    }
}

/// `term`, blank, then for each record the distance from the last one in base 36, and the impact: tens as a letter
/// (`A` to `J`, or `K` to `T` where the term is in a title), ones as a digit.
fn line(out: &mut String, term: &str, list: &mut Vec<Posting>, records: usize) {
    #[expect(clippy::cast_precision_loss, reason = "counts of records are small")]
    let (found, count) = (list.len() as f32, records.max(1) as f32);
    let rarity = (1.0 + (count - found + 0.5) / (found + 0.5)).ln();
    if list.len() > POSTINGS {
        list.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.record.cmp(&b.record)));
        list.truncate(POSTINGS);
        list.sort_unstable_by_key(|posting| posting.record);
    }
    out.push_str(term);
    out.push(' ');
    let mut last = 0;
    for Posting { record, weight, titled } in list.drain(..) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 1..=99")]
        let impact = (weight * rarity * 4.0).clamp(1.0, 99.0) as u32;
        super::base36(record - last, out);
        last = record;
        let tens = if titled { b'K' } else { b'A' };
        out.push(char::from(tens + u8::try_from(impact / 10).unwrap_or(9)));
        out.push(char::from(b'0' + u8::try_from(impact % 10).unwrap_or(9)));
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_numbers_are_read_as_they_were_written() {
        let numbers = [0, 1, 127, 128, 300, 1 << 21, u32::MAX];
        let mut bytes = Vec::new();
        for number in numbers {
            write(number, &mut bytes);
        }
        let mut rest = bytes.iter();
        assert_eq!(std::array::from_fn(|_| read(&mut rest).unwrap()), numbers);
        assert_eq!(read(&mut rest), None);
        assert_eq!(read(&mut [0x80].iter()), None, "cut short");
    }

    #[test]
    fn records_of_a_term_come_back_with_the_weights_that_they_had() {
        let mut weights = Weights::default();
        let mut list = List::default();
        let added = [(0, (1.0, 0.0)), (7, (2.4, 0.5)), (300, (1.0, 0.0)), (301, (0.0, 1.8))];
        for (record, pair) in added {
            list.push(record, weights.code(pair));
        }
        assert_eq!(weights.pairs.len(), 3, "equal pairs share a code");
        let found: Vec<_> = list.postings(&weights.pairs, &[1.0; 302]).collect();
        let seen: Vec<_> = found.iter().map(|posting| (posting.record, posting.titled)).collect();
        assert_eq!(seen, [(0, false), (7, true), (300, false), (301, true)]);
        assert!((found[1].weight - (2.4 / 3.6 + 0.5)).abs() < 1e-6);
    }
}
