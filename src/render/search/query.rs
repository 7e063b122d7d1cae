//! A query against the index, for the preview's interface: the same shards, weights and ranks as the script in the
//! browser (`themes/oathbook/search.js`), which is what a reader's search does.

use super::Index;
use super::terms::terms;
use std::collections::{BTreeMap, HashMap};

/// Words of a query that count.
const MOST_WORDS: usize = 8;
/// Shards that a prefix reaches at most.
const MOST_SHARDS: usize = 3;
/// Terms with a typo that are taken for one word.
const MOST_TYPOS: usize = 5;
/// Results of a query.
const MOST_FOUND: usize = 15;

/// What one word, or the whole query, is worth in a record.
#[derive(Clone, Copy, Default)]
struct Score {
    sum: f32,
    words: u16,
    titled: u16,
}

/// The records that answer a query best, best first.
pub(super) fn find(index: &Index, query: &str) -> Vec<usize> {
    let mut list = Vec::new();
    terms(query, |term, whole| {
        if whole {
            list.push(term.to_owned());
        }
    });
    list.truncate(MOST_WORDS);
    let mut total: BTreeMap<usize, Score> = BTreeMap::new();
    for (at, word) in list.iter().enumerate() {
        let mut of_word = HashMap::new();
        collect(index, word, at + 1 == list.len(), &mut of_word);
        for (record, (sum, titled)) in of_word.into_iter().collect::<BTreeMap<_, _>>() {
            let score = total.entry(record).or_default();
            score.sum += sum;
            score.words += 1;
            score.titled += u16::from(titled);
        }
    }
    rank(index, &total, list.len())
}

/// Records of one page lend each other a little: a page about a thing beats one that names it once.
fn rank(index: &Index, total: &BTreeMap<usize, Score>, words: usize) -> Vec<usize> {
    let own = |score: &Score| {
        let all_titled = words > 1 && usize::from(score.titled) >= words;
        score.sum * f32::from(score.words) * if all_titled { 1.35 } else { 1.0 }
    };
    let mut pages: HashMap<usize, (f32, f32)> = HashMap::new();
    for (record, score) in total {
        let (sum, best) = pages.entry(index.records[*record].page).or_default();
        *sum += own(score);
        *best = best.max(own(score));
    }
    let lent = |(record, score): (&usize, &Score)| {
        let (sum, best) = pages.get(&index.records[*record].page).copied().unwrap_or_default();
        (own(score) + 0.12 * (sum - own(score)).min(3.0 * best), *record)
    };
    let mut ranked: Vec<(f32, usize)> = total.iter().map(lent).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    ranked.into_iter().take(MOST_FOUND).map(|(_, record)| record).collect()
}

/// What a word finds: itself, what it begins, and where there is neither, what is one letter away.
fn collect(index: &Index, word: &str, last: bool, score: &mut HashMap<usize, (f32, bool)>) {
    let (length, own) = (word.chars().count(), shards(index, word));
    let mut hits = 0;
    for (term, postings) in lines(index, &own).filter(|(term, _)| term.starts_with(word)) {
        #[expect(clippy::cast_precision_loss, reason = "lengths of words")]
        let share = length as f32 / term.chars().count() as f32;
        let weight = if term == word { 1.0 } else { share * if last { 0.6 } else { 0.35 } };
        hits += 1;
        add(postings, weight, score);
    }
    // Someone who is still typing has written more than the stem.
    if hits == 0 && last && length > 4 {
        for (term, postings) in lines(index, &own[..own.len().min(1)]) {
            let stem = term.chars().count();
            if stem > 3 && word.starts_with(term) && length - stem < 4 {
                hits += 1;
                add(postings, 0.5, score);
            }
        }
    }
    if hits == 0 && length > 3 {
        let shards = around(index, word);
        for (_, postings) in lines(index, &shards).filter(|(term, _)| near(term, word)).take(MOST_TYPOS) {
            add(postings, 0.4, score);
        }
    }
}

/// The terms of shards, each with its postings.
fn lines<'i>(index: &'i Index, shards: &'i [usize]) -> impl Iterator<Item = (&'i str, &'i str)> {
    shards.iter().flat_map(|shard| index.shards[*shard].lines()).filter_map(|line| line.split_once(' '))
}

/// The shards that hold terms with a prefix.
fn shards(index: &Index, prefix: &str) -> Vec<usize> {
    let firsts = &index.firsts;
    let holds = |at: &usize| {
        let ends_after = firsts.get(at + 1).is_none_or(|next| next.as_str() >= prefix);
        ends_after && (firsts[*at].as_str() <= prefix || firsts[*at].starts_with(prefix))
    };
    (0..firsts.len()).filter(holds).take(MOST_SHARDS).collect()
}

/// A typo may lie in another shard than the word it means: those that its first letters reach are asked too.
fn around(index: &Index, word: &str) -> Vec<usize> {
    let mut out = Vec::new();
    if let Some((at, _)) = word.char_indices().nth(3) {
        out = shards(index, &word[..at]);
    }
    for shard in shards(index, word) {
        if !out.contains(&shard) {
            out.push(shard);
        }
    }
    out
}

/// One letter more, less, other, or two neighbours swapped.
fn near(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[start..], &b[start..]);
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - end], &b[..b.len() - end]);
    (a.len() < 2 && b.len() < 2) || (a.len() == 2 && b.len() == 2 && a[0] == b[1] && a[1] == b[0])
}

/// Adds a term's postings, in the form that the index writes them.
fn add(postings: &str, weight: f32, score: &mut HashMap<usize, (f32, bool)>) {
    let (mut record, mut distance) = (0, 0);
    let mut letters = postings.bytes();
    while let Some(byte) = letters.next() {
        if let b'A'..=b'T' = byte {
            record += distance;
            distance = 0;
            let tens = byte - b'A';
            let ones = letters.next().map_or(0, |digit| digit.wrapping_sub(b'0') % 10);
            let sum = weight * f32::from((tens % 10) * 10 + ones);
            let best = score.entry(record).or_default();
            if sum > best.0 {
                *best = (sum, tens > 9 && weight > 0.5);
            }
        } else {
            let digit = char::from(byte).to_digit(36).unwrap_or(0) as usize;
            distance = distance * 36 + digit;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn one_letter_away_is_near() {
        for (a, b) in [("chekc", "check"), ("chek", "check"), ("check", "check"), ("chack", "check")] {
            assert!(near(a, b), "{a} {b}");
        }
        assert!(!near("cheque", "check"));
        assert!(!near("kcehc", "check"));
    }
}
