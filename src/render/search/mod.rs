//! The search index: scores worked out at build time, cut into small scripts so that a query loads little and works
//! from `file://`.
//!
//! A record is a page's beginning or one of its sections. For each term the index holds the records it occurs in with
//! an impact from 1 to 99: BM25F (Robertson, Zaragoza 2009) over title, heading and text, quantised. The script in
//! the browser only adds impacts up.
//!
//! Files: `meta.js` (first term of each shard, count of records), `t-N.js` (terms, about 24 KB each, sorted),
//! `d-N.js` (24 records each: page title, heading, address, beginning of the text).

mod postings;
mod query;
mod terms;

use super::Reference;
use crate::base::{Fingerprint, Memo, beginning};
use crate::markdown::{Doc, Section};
use crate::model::{Page, PageId, Site};
use foldhash::fast::RandomState;
use postings::Postings;
use std::collections::HashMap;
use std::sync::Arc;
use terms::terms;

/// Records in one file.
const RECORDS: usize = 24;
/// Pages whose terms are counted at once, before they are packed.
const AT_ONCE: usize = 512;
/// Things of APIs that are searched: a description of a thousand operations has about 40,000.
const MOST_THINGS: usize = 60_000;
/// Characters of text shown with a result.
const TEASER: usize = 180;
/// Longest term kept, in bytes; longer ones are hashes and keys.
const LONGEST: usize = 40;

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

/// What a site needs of a search index: files that a reader's browser loads as it asks, and answers here.
pub trait SearchIndex: Send + Sync {
    /// The files' names, without their folder.
    fn names(&self) -> &[String];
    /// The text of the file at a position of [`SearchIndex::names`].
    fn file(&self, at: usize, site: &Site) -> String;
    /// What answers a query, best first.
    fn search(&self, query: &str, site: &Site) -> Vec<Hit>;
}

/// A result of a search.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Hit {
    /// The title of the page, or the name of an operation, a field or an error code.
    pub title: String,
    /// The section's heading, or what the thing of an API belongs to.
    pub heading: Option<String>,
    /// The address below the site's root.
    pub url: String,
    /// How its text begins.
    pub text: String,
}

/// The terms of pages, by the fingerprint of all that they are counted from: an edit counts one page anew.
pub type Counts = Memo<Vec<Counted>>;

/// A merged index.
pub struct Index {
    records: Vec<Record>,
    /// What is shown of each thing of an API.
    entries: Vec<Hit>,
    shards: Vec<Box<str>>,
    firsts: Vec<String>,
    names: Vec<String>,
}

/// Weighted frequencies in text and title of each term of a record, sorted by term, and the record's length.
pub struct Counted {
    /// The terms, a line each: a preview keeps them of all pages.
    terms: Box<str>,
    weights: Box<[(f32, f32)]>,
    length: f32,
    /// Whether it stands for a whole page.
    whole: bool,
}

impl Counted {
    /// Each term with its weighted frequencies in text and title.
    fn terms(&self) -> impl Iterator<Item = (&str, (f32, f32))> {
        self.terms.lines().zip(self.weights.iter().copied())
    }
}

#[derive(Default)]
struct Counter {
    terms: HashMap<String, (f32, f32), RandomState>,
    length: f32,
}

impl Index {
    /// Builds the index of all pages.
    pub fn build(site: &Site, references: &[Reference], counts: Option<&Counts>) -> Self {
        let mut postings = Postings::default();
        site.pages.chunks(AT_ONCE).for_each(|pages| count(pages, counts, &mut postings));
        Self::merge(site, 0..site.pages.len(), references, postings)
    }

    /// The index of some pages alone.
    pub(super) fn of(site: &Site, pages: &[PageId]) -> Self {
        let mut postings = Postings::default();
        let chosen = pages.iter().filter_map(|id| site.pages.get(*id));
        chosen.for_each(|page| count(std::slice::from_ref(page), None, &mut postings));
        Self::merge(site, pages.iter().copied(), &[], postings)
    }

    /// The same of a site that is rendered once: of a text that was counted, only what results show of it stays in memory.
    pub fn build_once(site: &mut Site, references: &[Reference]) -> Self {
        let mut postings = Postings::default();
        for pages in site.pages.chunks_mut(AT_ONCE) {
            count(pages, None, &mut postings);
            pages.iter_mut().filter_map(|page| Arc::get_mut(&mut page.doc)).for_each(shorten);
        }
        Self::merge(site, 0..site.pages.len(), references, postings)
    }

    fn merge(
        site: &Site,
        pages: impl Iterator<Item = PageId>,
        references: &[Reference],
        mut postings: Postings,
    ) -> Self {
        let mut records = Vec::new();
        for (page, one) in pages.filter_map(|page| Some((page, site.pages.get(page)?))) {
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
        for some in things.chunks(AT_ONCE) {
            let counted = crate::base::parallel_map(some, |thing| count_thing(thing));
            for record in &counted {
                postings.add(record);
            }
        }
        let entry = |thing: &&super::Record| Hit {
            title: thing.title.clone(),
            heading: Some(format!("{} · {}", thing.heading, thing.kind)),
            url: thing.url.clone(),
            text: teaser(&thing.text, TEASER),
        };
        let entries = things.iter().map(entry).collect();
        let (shards, firsts) = postings.shards();
        let mut names = vec!["meta.js".to_owned()];
        names.extend((0..shards.len()).map(|n| format!("t-{n}.js")));
        names.extend((0..records.len().div_ceil(RECORDS)).map(|n| format!("d-{n}.js")));
        Self { records, entries, shards, firsts, names }
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

    fn record_file(&self, chunk: usize, site: &Site, place: Place<'_>) -> String {
        let from = (chunk * RECORDS).min(self.records.len());
        let to = (from + RECORDS).min(self.records.len());
        let row = |record: &Record| {
            let Hit { title, heading, url, text } = self.hit(record, site, place)?;
            Some(serde_json::json!([title, heading, url, text]))
        };
        let rows: Vec<_> = self.records.get(from..to).unwrap_or_default().iter().map(row).collect();
        format!("oathbookSearch.rows({chunk},{})\n", serde_json::json!(rows))
    }

    /// All files in one, for a document that holds the script itself: what the script reads first, and what it is handed.
    pub(super) fn whole(&self, site: &Site, place: Place<'_>) -> (String, String) {
        let terms = 1..=self.shards.len();
        let rows =
            (0..self.records.len().div_ceil(RECORDS)).map(|chunk| self.record_file(chunk, site, place));
        let handed: String = terms.map(|at| self.file(at, site)).chain(rows).collect();
        (self.file(0, site) + "oathbookSearch.whole=true\n", handed)
    }

    /// What is shown of a record.
    fn hit(&self, record: &Record, site: &Site, place: Place<'_>) -> Option<Hit> {
        let Some(page) = site.pages.get(record.page) else {
            return record.page.checked_sub(site.pages.len()).and_then(|at| self.entries.get(at)).cloned();
        };
        let heading = record.heading.and_then(|at| page.doc.facts.headings.get(at as usize));
        let section = heading.filter(|heading| heading.level > 1 && !heading.id.is_empty());
        let url = place((record.page, page), section.map(|heading| heading.id.as_str()));
        let text = body(page, record.section);
        let heading = heading.map(|heading| heading.text.clone());
        Some(Hit { title: page.title.clone(), heading, url, text: teaser(text, TEASER) })
    }
}

impl SearchIndex for Index {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn file(&self, at: usize, site: &Site) -> String {
        if at == 0 {
            let meta = serde_json::json!({
                "firsts": self.firsts, "records": self.records.len(), "chunk": RECORDS, "pages": self.page_sizes(),
            });
            return format!("oathbookSearch={meta}\n");
        }
        match self.shards.get(at - 1) {
            Some(shard) => {
                format!("oathbookSearch.terms({},{})\n", at - 1, serde_json::Value::from(&**shard))
            }
            None => self.record_file(at - 1 - self.shards.len(), site, &on_site),
        }
    }

    fn search(&self, query: &str, site: &Site) -> Vec<Hit> {
        query::find(self, query)
            .iter()
            .filter_map(|at| self.hit(self.records.get(*at)?, site, &on_site))
            .collect()
    }
}

/// The address of a page or of its section of that id.
pub(super) type Place<'p> = &'p dyn Fn((PageId, &Page), Option<&str>) -> String;

/// Where pages stand on a site.
fn on_site((_, page): (PageId, &Page), section: Option<&str>) -> String {
    section.map_or_else(|| page.url.clone(), |id| format!("{}#{id}", page.url))
}

/// The text of a section, without its heading.
pub(super) fn body(page: &Page, section: usize) -> &str {
    let text = page.doc.sections.get(section).map_or("", |(_, text)| text);
    text.split_once('\u{1f}').map_or(text, |(_, body)| body)
}

/// The beginning of a text, at most `most` bytes of whole words.
pub(super) fn teaser(text: &str, most: usize) -> String {
    let mut out = String::new();
    for word in text.split_whitespace() {
        if out.len() + word.len() > most {
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

/// Leaves of each section's text what [`teaser`] reads of it.
fn shorten(doc: &mut Doc) {
    for (_, text) in &mut doc.sections {
        let (heading, body) = text.split_once('\u{1f}').unwrap_or(("", text));
        let mut short = format!("{heading}\u{1f}");
        let mut bytes = 0;
        for word in body.split_whitespace() {
            // One word more than is shown says that there is more; of one that is too long to be shown, enough to be it.
            if bytes > TEASER {
                break;
            }
            short.extend([beginning(word, TEASER + 4), " "]);
            bytes += word.len();
        }
        *text = Box::from(short.as_str());
    }
}

/// Counts and packs the terms of some pages.
fn count(pages: &[Page], counts: Option<&Counts>, postings: &mut Postings) {
    let counted = crate::base::parallel_map(pages, |page| match counts {
        Some(counts) => counts.get_or_make(fingerprint(page), || count_page(page)),
        None => Arc::new(count_page(page)),
    });
    counted.iter().flat_map(|page| page.iter()).for_each(|record| postings.add(record));
}

/// Everything that the counts of a page are made of.
fn fingerprint(page: &Page) -> Fingerprint {
    let sections = page.doc.sections.iter().map(|(_, text)| text.as_bytes());
    Fingerprint::of_parts([page.title.as_bytes(), page.url.as_bytes()].into_iter().chain(sections))
}

fn count_page(page: &Page) -> Vec<Counted> {
    let sections = &page.doc.sections;
    let mut bodies: Vec<Counter> = sections.iter().map(|(_, text)| count_body(text)).collect();
    // A page's first record stands for all of it, so that a page about a thing beats a section that names it once.
    if let Some((first, rest)) = bodies.split_first_mut() {
        for section in rest.iter() {
            first.add_all(section);
        }
    }
    let share = |text: &str| {
        let mut words = 0.0_f32;
        terms(text, |_, _| words += 1.0);
        words.max(1.0).sqrt()
    };
    let of_title = WEIGHT_TITLE / share(&page.title);
    let finish = |(at, (mut counted, (_, text))): (usize, (Counter, &Section))| {
        let whole = at == 0;
        if whole {
            // The file's name is what its author called the page.
            let name = page.url.rsplit('/').find(|part| *part != "index.html").unwrap_or("");
            let name = name.trim_end_matches(".html").replace(['_', '-', '.'], " ");
            counted.add_title(&name, WEIGHT_NAME / share(&name));
            for (_, text) in &sections[1..] {
                let heading = heading(text);
                counted.add_title(heading, WEIGHT_INNER / share(heading));
            }
        }
        let heading = heading(text);
        counted.add_title(heading, WEIGHT_HEADING / share(heading));
        // The page's title counts for its first record, so that a page is found before its sections.
        counted.add_title(&page.title, if whole { of_title } else { of_title / 6.0 });
        counted.finish(whole)
    };
    bodies.into_iter().zip(sections).enumerate().map(finish).collect()
}

/// The heading of a section's text.
fn heading(text: &str) -> &str {
    text.split_once('\u{1f}').map_or("", |(heading, _)| heading)
}

/// The terms of a section's text, without its heading.
fn count_body(text: &str) -> Counter {
    let mut counted = Counter::default();
    let body = text.split_once('\u{1f}').map_or(text, |(_, body)| body);
    terms(body, |term, whole| counted.add(term, if whole { 1.0 } else { 0.4 }, 0.0));
    counted
}

/// An operation, a field, an error code: its name counts as a title does.
fn count_thing(thing: &super::Record) -> Counted {
    let mut counted = Counter::default();
    terms(&thing.text, |term, whole| counted.add(term, if whole { 1.0 } else { 0.4 }, 0.0));
    let weight = if thing.kind == "field" { WEIGHT_HEADING } else { WEIGHT_TITLE };
    let mut words = 0.0_f32;
    terms(&thing.title, |_, _| words += 1.0);
    let weight = weight / words.max(1.0).sqrt();
    counted.add_title(&thing.title, weight);
    counted.add_title(&thing.heading, WEIGHT_TITLE / 6.0);
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

    fn add_title(&mut self, text: &str, weight: f32) {
        terms(text, |term, _| self.add(term, 0.0, weight));
    }

    /// Adds what a section's text has.
    #[expect(clippy::iter_over_hash_type, reason = "each term is added once, in whatever order")]
    fn add_all(&mut self, other: &Self) {
        self.length += other.length;
        for (term, (text, title)) in &other.terms {
            if let Some((in_text, in_title)) = self.terms.get_mut(term) {
                *in_text += text;
                *in_title += title;
            } else {
                self.terms.insert(term.clone(), (*text, *title));
            }
        }
    }

    fn finish(self, whole: bool) -> Counted {
        let mut terms: Vec<_> = self.terms.into_iter().collect();
        terms.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let lines: Vec<&str> = terms.iter().map(|(term, _)| term.as_str()).collect();
        let weights = terms.iter().map(|(_, weights)| *weights).collect();
        // No term has a line's end in it: it is made of letters, digits and what joins them.
        Counted { terms: lines.join("\n").into(), weights, length: self.length, whole }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortened_text_is_shown_as_the_whole_one() {
        let long = "x".repeat(400);
        let words = "one two three ".repeat(40);
        let exact = format!("{} b", "a".repeat(TEASER));
        for body in
            ["", "  a few\nwords ", &words, &long, &format!("{long} {words}"), &exact, &exact[..TEASER]]
        {
            for text in [body.to_owned(), format!("Heading\u{1f}{body}")] {
                let mut doc = Doc {
                    facts: crate::markdown::Facts::default(),
                    body: crate::markdown::Body::default(),
                    sections: vec![(None, text.as_str().into())],
                };
                shorten(&mut doc);
                let short = &doc.sections[0].1;
                let teasers = |text: &str| {
                    let body = text.split_once('\u{1f}').map_or(text, |(_, body)| body);
                    [teaser(body, TEASER), teaser(body, 155), teaser(body, 10)]
                };
                assert_eq!(teasers(short), teasers(&text), "{text}");
                assert!(short.len() <= 900, "{}", short.len());
            }
        }
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
