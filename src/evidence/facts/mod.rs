//! Facts: values of the code that a page states between two comments, `<!-- fact: NAME -->20<!-- /fact -->`. On every forge
//! and in every generator a reader sees the value alone.

pub(super) mod captured_output;
pub(super) mod fact;
pub(super) mod fact_source;

mod answer;
mod capture;
mod request;
mod search;
mod wrap;

pub use answer::{Answer, NoAnswer};
pub use capture::{Capture, State, record};
pub use request::{Output, UNITS, WORDS};

use super::alerts::Alerts;
use super::api::Api;
use super::api::Apis;
use super::capacity::Capacity;
use super::check::Check;
use super::lock;
use super::lock::Lock;
use super::{Context, Evidence, Reads, Run, Update};
use crate::base::count;
use crate::base::{RelPath, Span};
use crate::diag::Place;
use crate::markdown::{Mark, MarkKind};
use crate::model::{PageId, Site};
use crate::world::World;
use request::{Ask, Request};
use search::Search;
use std::collections::BTreeSet;
use std::collections::{BTreeMap, HashMap};

/// A value that a page states.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The page; a file that several pages quote has its facts on each.
    pub page: PageId,
    /// The opening comment.
    pub place: Place,
    /// What stands between the comments.
    pub value: Place,
    /// As asked for.
    pub name: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a fact.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The code says the same; what it was read from.
    Holds(String),
    /// The code says something else.
    Differs {
        /// What the page says, without what surrounds it.
        said: String,
        /// What the code says.
        answer: Answer,
        /// What should stand between the comments.
        now: String,
    },
    /// A recorded output.
    Captured(Capture),
    /// It cannot be answered.
    Unclear(NoAnswer),
}

/// A comment that has no partner.
#[derive(Clone, Debug)]
pub struct Unpaired {
    /// Where.
    pub place: Place,
    /// Whether it is `<!-- /fact -->`.
    pub end: bool,
}

/// All facts of a site.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// By page and place.
    pub list: Vec<Fact>,
    /// Comments without a partner.
    pub unpaired: Vec<Unpaired>,
}

/// A pair of comments, and what is asked.
struct Pair {
    page: PageId,
    place: Place,
    value: Span,
    written: String,
    name: String,
}

/// What other sorts of evidence know that facts ask for.
pub type Answers<'a> = (&'a [Api], &'a Alerts, &'a Capacity);

/// Reads all facts and answers them. Pages without facts cost nothing.
pub fn read(world: &dyn World, site: &Site, answers: Answers<'_>, lock: &Lock) -> Facts {
    let mut out = Facts::default();
    let mut texts: HashMap<RelPath, String> = HashMap::new();
    let mut pairs = Vec::new();
    for (id, page) in site.pages.iter().enumerate() {
        let marks: Vec<&Mark> = page.doc.facts.marks.iter().filter(|mark| is_of_fact(mark)).collect();
        if marks.is_empty() {
            continue;
        }
        for mark in &marks {
            let file = &mark.place.file;
            texts.entry(file.clone()).or_insert_with(|| world.text(file).unwrap_or_default());
        }
        pair(id, &marks, &texts, &mut pairs, &mut out.unpaired);
    }
    if pairs.is_empty() {
        return out;
    }
    let requests: Vec<Result<Request, String>> =
        pairs.iter().map(|pair| Request::parse(&pair.name)).collect();
    let wanted = requests.iter().filter_map(|request| match &request.as_ref().ok()?.ask {
        Ask::Constant(name) => Some(name.rsplit("::").next().unwrap_or(name).to_owned()),
        Ask::Environment(name) => Some(name.clone()),
        _ => None,
    });
    let mut wanted: Vec<String> = wanted.collect();
    wanted.sort_unstable();
    wanted.dedup();
    let search = Search::new(world, wanted);
    let sources = answer::Sources::new(world, answers, &search);
    let mut producers = BTreeMap::new();
    for (pair, request) in pairs.into_iter().zip(requests) {
        let outcome = match request {
            Err(message) => {
                let help = "the handbook's page on facts lists what can be asked".to_owned();
                Outcome::Unclear(NoAnswer { message, help })
            }
            Ok(Request { ask: Ask::Output(output), .. }) => {
                let now = producers
                    .entry(output.key())
                    .or_insert_with(|| capture::producing(world, &search, &output));
                capture::judge(&output, &pair.written, now, lock)
            }
            Ok(request) => answered(&sources, &request, &pair, &site.pages[pair.page].source),
        };
        let value = Place { file: pair.place.file.clone(), span: pair.value };
        out.list.push(Fact { page: pair.page, place: pair.place, value, name: pair.name, outcome });
    }
    out
}

fn answered(sources: &answer::Sources<'_>, request: &Request, pair: &Pair, page: &RelPath) -> Outcome {
    match sources.answer(request, &pair.name, page) {
        Err(no_answer) => Outcome::Unclear(no_answer),
        Ok(answer) if wrap::states(&pair.written, &answer.text) => Outcome::Holds(answer.by),
        Ok(answer) => {
            let now = wrap::wrap(&pair.written, &answer.text, answer.language);
            Outcome::Differs { said: wrap::unwrap(&pair.written), answer, now }
        }
    }
}

/// Pairs the comments of one page; those that a quoted file holds are paired in it.
fn pair(
    page: PageId,
    marks: &[&Mark],
    texts: &HashMap<RelPath, String>,
    out: &mut Vec<Pair>,
    unpaired: &mut Vec<Unpaired>,
) {
    let mut open: Option<(&Mark, &String)> = None;
    let lonely = |mark: &Mark, end| Unpaired { place: mark.place.clone(), end };
    for mark in marks {
        match (&mark.kind, open.take()) {
            (MarkKind::Fact(name), before) => {
                unpaired.extend(before.map(|(mark, _)| lonely(mark, false)));
                open = Some((mark, name));
            }
            (MarkKind::EndFact, Some((begin, name))) if begin.place.file == mark.place.file => {
                let text = texts.get(&mark.place.file).map_or("", String::as_str);
                match between(text, begin.place.span, mark.place.span) {
                    Some((place, value)) => out.push(Pair {
                        page,
                        place: Place { file: mark.place.file.clone(), span: place },
                        written: text[value.range()].to_owned(),
                        value,
                        name: name.clone(),
                    }),
                    None => unpaired.push(lonely(begin, false)),
                }
            }
            (MarkKind::EndFact, before) => {
                unpaired.extend(before.map(|(mark, _)| lonely(mark, false)));
                unpaired.push(lonely(mark, true));
            }
            (MarkKind::Source(_) | MarkKind::Proof(_), before) => open = before,
        }
    }
    unpaired.extend(open.map(|(mark, _)| lonely(mark, false)));
}

/// Whether it begins or ends a fact.
fn is_of_fact(mark: &Mark) -> bool {
    matches!(mark.kind, MarkKind::Fact(_) | MarkKind::EndFact)
}

/// The opening comment and what stands between it and the closing one.
fn between(text: &str, open: Span, close: Span) -> Option<(Span, Span)> {
    let begin = comment_start(text, open.start as usize)?;
    let from = begin + text.get(begin..)?.find("-->")? + 3;
    let to = comment_start(text, close.start as usize)?;
    (from <= to).then(|| (Span::new(begin, from), Span::new(from, to)))
}

/// Where the comment begins that a position is in, or at whose beginning it is.
fn comment_start(text: &str, at: usize) -> Option<usize> {
    if text.get(at..)?.starts_with("<!--") {
        return Some(at);
    }
    text.get(..at)?.rfind("<!--")
}

/// The texts of files with their facts brought up to date, outputs aside; how many facts were mended in each.
pub fn mended(world: &dyn World, facts: &Facts) -> Vec<(RelPath, String, usize)> {
    let mut by_file: BTreeMap<&RelPath, BTreeMap<Span, &str>> = BTreeMap::new();
    for fact in &facts.list {
        if let Outcome::Differs { now, .. } = &fact.outcome {
            by_file.entry(&fact.value.file).or_default().insert(fact.value.span, now);
        }
    }
    let mut out = Vec::new();
    for (file, edits) in by_file {
        let Ok(mut text) = world.text(file) else { continue };
        let count = edits.len();
        for (span, now) in edits.into_iter().rev() {
            text.replace_range(span.range(), now);
        }
        out.push((file.clone(), text, count));
    }
    out
}

/// The commands whose output pages hold.
fn runs(cx: &Context<'_>) -> Vec<Run> {
    let facts = cx.of::<Facts>();
    let captured = facts.list.iter().filter_map(|fact| match &fact.outcome {
        Outcome::Captured(capture) => Some(capture.output.clone()),
        _ => None,
    });
    let outputs: BTreeSet<_> = captured.collect();
    let run = |output: Output| {
        let (all, lock) = (facts.clone(), lock::path(cx.config));
        let (command, key) = (output.command.clone(), output.key());
        let make = move |world: &dyn World, wrote: &str| record(world, &all, &lock, &output, wrote);
        Run { command, record: key, make: Box::new(make) }
    };
    outputs.into_iter().map(run).collect()
}

impl Evidence for Facts {
    const NAME: &'static str = "facts";
    const READS: &'static [Reads] = &[Reads::Sources, Reads::Records];
    const EXECUTES: bool = true;
    const CHECKS: &'static [&'static Check] = &[&fact::CHECK, &fact_source::CHECK, &captured_output::CHECK];
    const RECORDS: Option<&'static str> = Some("facts");

    fn read(cx: &Context<'_>) -> Self {
        let answers = (cx.of::<Apis>().list.as_slice(), cx.of::<Alerts>(), cx.of::<Capacity>());
        read(cx.world, cx.site(), answers, cx.of::<Lock>())
    }

    fn runs(cx: &Context<'_>) -> Vec<Run> {
        runs(cx)
    }

    fn updates(cx: &Context<'_>) -> Result<Vec<Update>, String> {
        let mended = mended(cx.world, cx.of::<Self>()).into_iter();
        Ok(mended.map(|(file, text, facts)| Update { file, text, about: count(facts, "fact") }).collect())
    }
}
