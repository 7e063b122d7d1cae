//! The search index: scores worked out at build time, cut into small scripts so that a query loads little and works
//! from `file://`.
//!
//! A record is a page's beginning or one of its sections. For each term the index holds the records it occurs in with
//! an impact from 1 to 99: BM25F (Robertson, Zaragoza 2009) over title, heading and text, quantised. The script in
//! the browser only adds impacts up.
//!
//! Files: `meta.js` (first term of each shard, count of records), `t-N.js` (terms, about 24 KB each, sorted),
//! `d-N.js` (64 records each: page title, heading, address, beginning of the text).

use super::Reference;
use crate::model::{PageId, Site};
use std::collections::HashMap;

/// Bytes of a shard before the next begins.
const SHARD: usize = 24 << 10;
/// Records in one file.
const RECORDS: usize = 64;
/// Records kept for one term, the best ones: beyond that a term tells nothing.
const POSTINGS: usize = 1_500;
/// Things of APIs that are searched: a description of a thousand operations has about 40,000.
const MOST_THINGS: usize = 60_000;
/// Characters of text shown with a result.
const TEASER: usize = 180;
/// Longest term kept, in bytes; longer ones are hashes and keys.
const LONGEST: usize = 40;

/// BM25F's constants: saturation, and how much length counts in each field.
const K1: f32 = 1.2;
const B_TEXT: f32 = 0.6;
/// What a word of the title, and of a heading, adds to the saturated frequency in the text; shared between the
/// words, so that a page called `Structures` beats one called `Testcase: structures and units`.
const WEIGHT_TITLE: f32 = 1.8;
const WEIGHT_HEADING: f32 = 1.0;
/// What a word of the page's file name adds to its record.
const WEIGHT_NAME: f32 = 0.8;
/// What a word of an inner heading adds to the page's own record.
const WEIGHT_INNER: f32 = 0.4;

#[derive(Clone, Copy)]
struct Record {
    /// Beyond the last page: something of an API.
    page: PageId,
    heading: Option<u32>,
    section: usize,
}

/// A merged index.
pub struct Index {
    records: Vec<Record>,
    /// What is shown of each thing of an API: title, what it belongs to, address, beginning of the text.
    entries: Vec<(String, String, String, String)>,
    shards: Vec<String>,
    firsts: Vec<String>,
    names: Vec<String>,
}

/// Weighted frequencies in text and title of each term of a record, sorted by term, and the record's length.
struct Counted {
    terms: Vec<(String, (f32, f32))>,
    length: f32,
    /// Whether it stands for a whole page.
    whole: bool,
}

#[derive(Default)]
struct Counter {
    terms: HashMap<String, (f32, f32)>,
    length: f32,
}

impl Index {
    /// Builds the index of all pages.
    pub fn build(site: &Site, references: &[Reference]) -> Self {
        let mut records = Vec::new();
        for (page, one) in site.pages.iter().enumerate() {
            let sections = one.doc.sections.iter().enumerate();
            records.extend(sections.map(|(section, (heading, _))| Record {
                page,
                heading: *heading,
                section,
            }));
        }
        let things: Vec<&super::Record> =
            references.iter().flat_map(|reference| &reference.records).take(MOST_THINGS).collect();
        let beyond = site.pages.len();
        records.extend((0..things.len()).map(|at| Record { page: beyond + at, heading: None, section: 0 }));
        let counted = crate::base::parallel_map(&records, |record| match record.page.checked_sub(beyond) {
            Some(at) => count_thing(things[at]),
            None => count(site, *record),
        });
        let entry = |thing: &&super::Record| {
            let about = format!("{} · {}", thing.heading, thing.kind);
            (thing.title.clone(), about, thing.url.clone(), teaser(&thing.text))
        };
        let entries = things.iter().map(entry).collect();
        let (shards, firsts) = shards(&counted);
        let mut names = vec!["meta.js".to_owned()];
        names.extend((0..shards.len()).map(|n| format!("t-{n}.js")));
        names.extend((0..records.len().div_ceil(RECORDS)).map(|n| format!("d-{n}.js")));
        Self { records, entries, shards, firsts, names }
    }

    /// The files' names, without their folder.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The text of the file at a position of [`Index::names`].
    pub fn file(&self, at: usize, site: &Site) -> String {
        if at == 0 {
            let meta = serde_json::json!({
                "firsts": self.firsts, "records": self.records.len(), "chunk": RECORDS, "pages": self.page_sizes(),
            });
            return format!("oathbookSearch={meta}\n");
        }
        match self.shards.get(at - 1) {
            Some(shard) => {
                format!("oathbookSearch.terms({},{})\n", at - 1, serde_json::Value::from(shard.as_str()))
            }
            None => self.record_file(at - 1 - self.shards.len(), site),
        }
    }

    /// How many records each page has, in base 36 with commas: which records belong together.
    fn page_sizes(&self) -> String {
        let mut out = String::new();
        for same in self.records.chunk_by(|a, b| a.page == b.page) {
            base36(u32::try_from(same.len()).unwrap_or(u32::MAX), &mut out);
            out.push(',');
        }
        out
    }

    fn record_file(&self, chunk: usize, site: &Site) -> String {
        let from = (chunk * RECORDS).min(self.records.len());
        let to = (from + RECORDS).min(self.records.len());
        let row = |record: &Record| {
            let Some(page) = site.pages.get(record.page) else {
                let entry = record.page.checked_sub(site.pages.len()).and_then(|at| self.entries.get(at));
                return serde_json::json!(entry);
            };
            let heading = record.heading.and_then(|at| page.doc.facts.headings.get(at as usize));
            let url = match heading.filter(|heading| heading.level > 1 && !heading.id.is_empty()) {
                Some(heading) => format!("{}#{}", page.url, heading.id),
                None => page.url.clone(),
            };
            let text = page.doc.sections.get(record.section).map_or("", |(_, text)| text.as_str());
            let body = text.split_once('\u{1f}').map_or(text, |(_, body)| body);
            serde_json::json!([page.title, heading.map(|heading| &heading.text), url, teaser(body)])
        };
        let rows: Vec<serde_json::Value> = self.records[from..to].iter().map(row).collect();
        format!("oathbookSearch.rows({chunk},{})\n", serde_json::Value::from(rows))
    }
}

fn teaser(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_whitespace() {
        if out.len() + word.len() > TEASER {
            out.push('…');
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

fn count(site: &Site, record: Record) -> Counted {
    let page = &site.pages[record.page];
    let sections = &page.doc.sections;
    let mut counted = Counter::default();
    let text = sections.get(record.section).map_or("", |(_, text)| text.as_str());
    let heading = text.split_once('\u{1f}').map_or("", |(heading, _)| heading);
    // A page's first record stands for all of it, so that a page about a thing beats a section that names it once.
    let whole = record.section == 0;
    let of_it = if whole {
        sections.as_slice()
    } else {
        sections.get(record.section..=record.section).unwrap_or(&[])
    };
    for (_, text) in of_it {
        let body = text.split_once('\u{1f}').map_or(text.as_str(), |(_, body)| body);
        terms(body, |term, whole| counted.add(term, if whole { 1.0 } else { 0.4 }, 0.0));
    }
    let share = |text: &str| {
        let mut words = 0.0_f32;
        terms(text, |_, _| words += 1.0);
        words.max(1.0).sqrt()
    };
    if whole {
        // The file's name is what its author called the page.
        let name = page.url.rsplit('/').find(|part| *part != "index.html").unwrap_or("");
        let name = name.trim_end_matches(".html").replace(['_', '-', '.'], " ");
        let weight = WEIGHT_NAME / share(&name);
        terms(&name, |term, _| counted.add(term, 0.0, weight));
        for (_, text) in &sections[1.min(sections.len())..] {
            let heading = text.split_once('\u{1f}').map_or("", |(heading, _)| heading);
            let weight = WEIGHT_INNER / share(heading);
            terms(heading, |term, _| counted.add(term, 0.0, weight));
        }
    }
    let (of_heading, of_title) = (WEIGHT_HEADING / share(heading), WEIGHT_TITLE / share(&page.title));
    terms(heading, |term, _| counted.add(term, 0.0, of_heading));
    // The page's title counts for its first record, so that a page is found before its sections.
    terms(&page.title, |term, _| counted.add(term, 0.0, if whole { of_title } else { of_title / 6.0 }));
    counted.finish(whole)
}

/// An operation, a field, an error code: its name counts as a title does.
fn count_thing(thing: &super::Record) -> Counted {
    let mut counted = Counter::default();
    terms(&thing.text, |term, whole| counted.add(term, if whole { 1.0 } else { 0.4 }, 0.0));
    let weight = if thing.kind == "field" { WEIGHT_HEADING } else { WEIGHT_TITLE };
    let mut words = 0.0_f32;
    terms(&thing.title, |_, _| words += 1.0);
    let weight = weight / words.max(1.0).sqrt();
    terms(&thing.title, |term, _| counted.add(term, 0.0, weight));
    terms(&thing.heading, |term, _| counted.add(term, 0.0, WEIGHT_TITLE / 6.0));
    counted.finish(false)
}

impl Counter {
    fn add(&mut self, term: &str, text: f32, title: f32) {
        self.length += text;
        if let Some((in_text, in_title)) = self.terms.get_mut(term) {
            *in_text += text;
            *in_title += title;
        } else if term.len() <= LONGEST {
            self.terms.insert(term.to_owned(), (text, title));
        }
    }

    fn finish(self, whole: bool) -> Counted {
        let mut terms: Vec<_> = self.terms.into_iter().collect();
        terms.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        Counted { terms, length: self.length, whole }
    }
}

/// A term in a record.
struct Posting {
    record: u32,
    weight: f32,
    /// Whether it is in the page's title or the section's heading.
    titled: bool,
}

/// The mean length of pages, or of sections.
fn average(counted: &[Counted], whole: bool) -> f32 {
    let of_kind = counted.iter().filter(|record| record.whole == whole);
    let (sum, count) =
        of_kind.fold((0.0_f32, 0.0_f32), |(sum, count), record| (sum + record.length, count + 1.0));
    (sum / count.max(1.0)).max(1.0)
}

/// Scores, sorts and cuts.
fn shards(counted: &[Counted]) -> (Vec<String>, Vec<String>) {
    #[expect(clippy::cast_precision_loss, reason = "counts of records are small")]
    let count = counted.len().max(1) as f32;
    // Pages are measured against pages, sections against sections.
    let (pages, sections) = (average(counted, true), average(counted, false));
    let mut postings: HashMap<&str, Vec<Posting>> = HashMap::new();
    for (at, record) in (0_u32..).zip(counted) {
        let average = if record.whole { pages } else { sections };
        let norm = 1.0 - B_TEXT + B_TEXT * record.length / average;
        for (term, (text, title)) in &record.terms {
            let weighted = text / norm;
            postings.entry(term).or_default().push(Posting {
                record: at,
                weight: weighted / (K1 + weighted) + title,
                titled: *title > 0.3,
            });
        }
    }
    let mut terms: Vec<(&str, Vec<Posting>)> = postings.into_iter().collect();
    terms.sort_unstable_by_key(|(term, _)| *term);
    let (mut shards, mut firsts) = (Vec::new(), Vec::new());
    let mut shard = String::new();
    for (term, list) in terms {
        if shard.is_empty() {
            firsts.push(term.to_owned());
        }
        line(&mut shard, term, list, count);
        if shard.len() > SHARD {
            shards.push(std::mem::take(&mut shard));
        }
    }
    if !shard.is_empty() {
        shards.push(shard);
    }
    (shards, firsts)
}

/// `term`, blank, then for each record the distance from the last one in base 36, and the impact: tens as a letter
/// (`A` to `J`, or `K` to `T` where the term is in a title), ones as a digit.
fn line(out: &mut String, term: &str, mut list: Vec<Posting>, count: f32) {
    #[expect(clippy::cast_precision_loss, reason = "counts of records are small")]
    let found = list.len() as f32;
    let rarity = (1.0 + (count - found + 0.5) / (found + 0.5)).ln();
    if list.len() > POSTINGS {
        list.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.record.cmp(&b.record)));
        list.truncate(POSTINGS);
        list.sort_unstable_by_key(|posting| posting.record);
    }
    out.push_str(term);
    out.push(' ');
    let mut last = 0;
    for Posting { record, weight, titled } in list {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 1..=99")]
        let impact = (weight * rarity * 4.0).clamp(1.0, 99.0) as u32;
        base36(record - last, out);
        last = record;
        let tens = if titled { b'K' } else { b'A' };
        out.push(char::from(tens + u8::try_from(impact / 10).unwrap_or(9)));
        out.push(char::from(b'0' + u8::try_from(impact % 10).unwrap_or(9)));
    }
    out.push('\n');
}

fn base36(mut number: u32, out: &mut String) {
    let mut digits = [0_u8; 7];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b"0123456789abcdefghijklmnopqrstuvwxyz"[(number % 36) as usize];
        number /= 36;
        if number == 0 {
            break;
        }
    }
    out.extend(digits[at..].iter().map(|digit| char::from(*digit)));
}

/// Characters that join the parts of a name: `snake_case`, `--flag`, `a::b`, `src/main.rs`.
fn joins(c: char) -> bool {
    matches!(c, '_' | '-' | '.' | '/' | ':')
}

/// Whether text of this script has no blanks between words.
fn is_cjk(c: char) -> bool {
    matches!(u32::from(c), 0x3040..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xac00..=0xd7af | 0xf900..=0xfaff)
}

/// Each term of a text, lower case: names whole and in parts, CJK in pairs; and whether it is a word of its own.
pub(super) fn terms(text: &str, mut each: impl FnMut(&str, bool)) {
    let mut folded = String::new();
    let word = |c: char| c.is_alphanumeric() || joins(c);
    for piece in text.split(|c: char| !word(c)).filter(|piece| !piece.is_empty()) {
        let bare = piece.trim_matches(|c| joins(c) && c != '-').trim_end_matches('-');
        if bare.is_empty() {
            continue;
        }
        let lower = if bare.bytes().any(|b| b.is_ascii_uppercase() || b >= 0x80) {
            folded = bare.to_lowercase();
            folded.as_str()
        } else {
            bare
        };
        if lower.chars().any(is_cjk) {
            pairs(lower, &mut each);
            continue;
        }
        let name = lower.trim_start_matches('-');
        each(stem(name), true);
        if name.contains(joins) {
            name.split(joins).filter(|part| part.len() > 1).for_each(|part| each(stem(part), false));
        }
    }
    drop(folded);
}

/// The part of an English word that its forms share: `closures`, `closure`; `capturing`, `capture`, `captured`. Only
/// endings are cut, so that prefixes still match; the script in the browser does the same to a query. Names and words
/// in other scripts stay whole.
fn stem(word: &str) -> &str {
    if word.len() < 4 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return word;
    }
    let cut = |text: &'static str, word: &'_ str| word.strip_suffix(text).map(str::len);
    let mut end = word.len();
    if let Some(at) = cut("ies", word) {
        end = at;
    } else if let Some(at) = cut("sses", word) {
        end = at + 2;
    } else if ["xes", "ches", "shes", "zes"].iter().any(|ending| word.ends_with(ending)) {
        end -= 2;
    } else if word.ends_with('s') && !["ss", "us", "is"].iter().any(|ending| word.ends_with(ending)) {
        end -= 1;
    }
    let base = &word[..end];
    let shorter = base.strip_suffix("ing").or_else(|| base.strip_suffix("ed"));
    if let Some(rest) =
        shorter.filter(|rest| rest.len() >= 3 && rest.contains(['a', 'e', 'i', 'o', 'u', 'y']))
    {
        end = rest.len();
        let bytes = rest.as_bytes();
        let twice = bytes[end - 1] == bytes[end - 2] && !matches!(bytes[end - 1], b'l' | b's' | b'z' | b'e');
        end -= usize::from(twice);
    }
    if end > 4 && word[..end].ends_with('y') || end > 3 && word[..end].ends_with('e') {
        end -= 1;
    }
    &word[..end]
}

fn pairs(text: &str, each: &mut impl FnMut(&str, bool)) {
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    if ends.len() == 2 {
        return each(text, true);
    }
    for window in ends.windows(3) {
        each(&text[window[0]..window[2]], true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_whole_and_in_parts() {
        let mut found = Vec::new();
        terms("Use --dry-run with max_pool_size, src/main.rs: OK.", |term, _| found.push(term.to_owned()));
        assert_eq!(
            found,
            [
                "use",
                "dry-run",
                "dry",
                "run",
                "with",
                "max_pool_size",
                "max",
                "pool",
                "siz",
                "src/main.rs",
                "src",
                "main",
                "rs",
                "ok"
            ]
        );
        found.clear();
        terms("検索する", |term, _| found.push(term.to_owned()));
        assert_eq!(found, ["検索", "索す", "する"]);
        for forms in [
            &["closures", "closure"][..],
            &["capturing", "capture", "captured", "captures"],
            &["queries", "query"],
            &["boxes", "boxing"],
            &["structs", "struct"],
            &["mapped", "map"],
        ] {
            assert!(forms.iter().all(|form| stem(form) == stem(forms[0])), "{forms:?}");
        }
        assert_eq!(
            (stem("class"), stem("this"), stem("string"), stem("max_sizes")),
            ("class", "this", "string", "max_sizes")
        );
    }

    #[test]
    fn distances_are_written_in_base_36() {
        let mut out = String::new();
        base36(0, &mut out);
        base36(35, &mut out);
        base36(36, &mut out);
        base36(u32::MAX, &mut out);
        assert_eq!(out, "0z101z141z3");
    }
}
