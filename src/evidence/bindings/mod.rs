//! Bindings: pages and sections that say which code they tell of, `source: [src/search.rs#Limits, src/auth/**]`. The lock
//! holds what that code was when somebody looked last; what it is now is compared with that.

pub(super) mod binding_body;
pub(super) mod binding_record;
pub(super) mod binding_signature;
pub(super) mod binding_source;

mod target;

use super::check::Check;
use super::facts::{Facts, Outcome};
use super::lock::{self, Lock, Stamp};
use super::{Context, Evidence, Reads, Update};
use crate::base::count;
use crate::base::{Fingerprint, RelPath, Span};
use crate::config::Config;
use crate::diag::Place;
use crate::markdown::{MarkKind, Value};
use crate::model::{Page, PageId, Site};
use crate::rust::pin::Pin;
use crate::world::World;
use std::collections::{BTreeMap, BTreeSet};
use target::Files;

/// A page or section that is bound to something.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The page.
    pub page: PageId,
    /// The page's file, with `#` and the section's id.
    pub key: String,
    /// What it is bound to, as written.
    pub target: String,
    /// Where that is written.
    pub place: Place,
    /// What the section says now.
    pub section: Fingerprint,
    /// What became of it.
    pub state: State,
}

/// What became of a binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The code is what it was.
    Holds,
    /// Nobody has looked yet.
    Never(Pin),
    /// What others see of the code has changed.
    Signature(Pin),
    /// Only the rest of the code has changed.
    Body(Pin),
    /// It is elsewhere, or called otherwise, now.
    Moved {
        /// Where.
        to: String,
        /// The line of the lock that names it.
        line: Place,
    },
    /// It is nowhere; a name that may be meant.
    Gone(Option<String>),
    /// It was not looked for to the end: the bindings of all pages ask for too much.
    GaveUp,
}

impl Binding {
    /// What the code is now, where it differs from what was recorded.
    pub fn now(&self) -> Option<Pin> {
        match &self.state {
            State::Never(pin) | State::Signature(pin) | State::Body(pin) => Some(*pin),
            _ => None,
        }
    }
}

/// All bindings of a site.
#[derive(Clone, Debug, Default)]
pub struct Bindings {
    /// By page and place.
    pub list: Vec<Binding>,
    /// Lines of the lock that no page asks for: page, target, place.
    pub unused: Vec<(String, String, Place)>,
    /// Lines of the lock that cannot be read.
    pub problems: Vec<(String, Place)>,
}

/// A declaration, not yet held against anything.
struct Declared {
    page: PageId,
    key: String,
    target: String,
    place: Place,
    section: Fingerprint,
}

/// Reads all bindings and holds them against the lock; `changed` are the files that differ from the base, where there is
/// one.
pub fn read(
    world: &dyn World,
    config: &Config,
    site: &Site,
    lock: &Lock,
    changed: Option<&[RelPath]>,
) -> Bindings {
    let mut out = Bindings::default();
    let file = lock::path(config);
    let text = if lock.is_empty() && lock.problems.is_empty() {
        String::new()
    } else {
        world.text(&file).unwrap_or_default()
    };
    let lines = lock::Lines::of(&text);
    let line = |page: &str, target: &str| Place { file: file.clone(), span: lines.get(page, target) };
    out.problems = lock
        .problems
        .iter()
        .map(|(message, span)| (message.clone(), Place { file: file.clone(), span: *span }))
        .collect();
    let files = Files::new(world);
    let mut pins: BTreeMap<String, Option<Pin>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (id, page) in site.pages.iter().enumerate() {
        for declared in declared(world, &files, id, page) {
            let Declared { page, key, target, place, section } = declared;
            if !seen.insert((key.clone(), target.clone())) {
                continue;
            }
            let now = *pins.entry(target.clone()).or_insert_with(|| target::pin_of(&files, &target));
            let stamp = lock.bindings.get(&(key.clone(), target.clone()));
            let state = state(&files, &target, now, stamp, changed, || line(&key, &target));
            out.list.push(Binding { page, key, target, place, section, state });
        }
    }
    let unused = lock.bindings.keys().filter(|key| !seen.contains(*key));
    out.unused = unused.map(|(page, target)| (page.clone(), target.clone(), line(page, target))).collect();
    out
}

fn state(
    files: &Files<'_>,
    target: &str,
    now: Option<Pin>,
    stamp: Option<&Stamp>,
    changed: Option<&[RelPath]>,
    line: impl Fn() -> Place,
) -> State {
    match (now, stamp) {
        (Some(now), None) => State::Never(now),
        (Some(now), Some(stamp)) if now.signature != stamp.signature => State::Signature(now),
        (Some(now), Some(stamp)) if now.body != stamp.body => State::Body(now),
        (Some(_), Some(_)) => State::Holds,
        (None, Some(stamp)) => {
            let was = Pin { signature: stamp.signature, body: stamp.body };
            match target::follow(files, target, &was, changed) {
                Some(to) => State::Moved { to, line: line() },
                None if files.gave_up() => State::GaveUp,
                None => State::Gone(target::nearest(files, target)),
            }
        }
        (None, None) if files.gave_up() => State::GaveUp,
        (None, None) => State::Gone(target::nearest(files, target)),
    }
}

/// What a page declares, in its front matter and on its sections.
fn declared(world: &dyn World, files: &Files<'_>, id: PageId, page: &Page) -> Vec<Declared> {
    let facts = &page.doc.facts;
    let front = facts.front.get("source").zip(facts.front.place_of("source"));
    let marks = facts.marks.iter().filter(|mark| matches!(mark.kind, MarkKind::Source(_)));
    let mut marks = marks.filter(|mark| mark.place.file == page.source).peekable();
    if front.is_none() && marks.peek().is_none() {
        return Vec::new();
    }
    let Ok(text) = world.text(&page.source) else { return Vec::new() };
    let mut out = Vec::new();
    // The words themselves, at or after the key or the comment's beginning; they come in their order.
    let mut push = |key: &str, target: &str, near: &mut usize, begin: usize, section: Fingerprint| {
        if !is_target(files, target) {
            return;
        }
        let found = text.get(*near..).and_then(|rest| rest.find(target)).map(|at| *near + at);
        // What is written with escapes is nowhere, and nothing after it is looked for from the beginning again.
        let at = found.unwrap_or(begin);
        *near = found.map_or(text.len(), |at| at + target.len());
        let place = Place { file: page.source.clone(), span: Span::new(at, at + target.len()) };
        let (key, target) = (key.to_owned(), target.to_owned());
        out.push(Declared { page: id, key, target, place, section });
    };
    if let Some((value, place)) = front {
        let targets = match value {
            Value::Text(one) => vec![one.as_str()],
            Value::List(list) => list
                .iter()
                .filter_map(|one| if let Value::Text(one) = one { Some(one.as_str()) } else { None })
                .collect(),
            _ => Vec::new(),
        };
        let body = facts.front.place.as_ref().map_or(0, |front| front.span.end as usize);
        let section = words(text.get(body..).unwrap_or(""));
        let begin = place.span.start as usize;
        let mut near = begin;
        for target in targets {
            push(page.source.as_str(), target, &mut near, begin, section);
        }
    }
    let sections = Sections::of(page, text.len());
    let mut known: BTreeMap<Span, Fingerprint> = BTreeMap::new();
    for mark in marks {
        let MarkKind::Source(list) = &mark.kind else { continue };
        let (id, span) = sections.at(mark.place.span.start);
        let key = if id.is_empty() { page.source.to_string() } else { format!("{}#{id}", page.source) };
        let section = *known.entry(span).or_insert_with(|| words(text.get(span.range()).unwrap_or("")));
        let begin = mark.place.span.start as usize;
        let mut near = begin;
        for target in
            list.trim_matches(['[', ']']).split([',', ' ', '\n']).filter(|target| !target.is_empty())
        {
            push(&key, target, &mut near, begin, section);
        }
    }
    out
}

/// The sections of a page: the ids of their headings (empty before the first and of the title), and their bytes.
struct Sections<'p> {
    list: Vec<(&'p str, Span)>,
}

impl<'p> Sections<'p> {
    fn of(page: &'p Page, length: usize) -> Self {
        let headings: Vec<_> =
            page.doc.facts.headings.iter().filter(|heading| heading.place.file == page.source).collect();
        let starts = |at: usize| headings.get(at).map_or(length, |heading| heading.place.span.start as usize);
        let mut list = vec![("", Span::new(0, starts(0)))];
        // A section ends where the next heading of its level or a higher one begins.
        let mut ends = vec![length; headings.len()];
        let mut open: Vec<usize> = Vec::new();
        for (at, heading) in headings.iter().enumerate() {
            while let Some(last) = open.last().filter(|last| heading.level <= headings[**last].level) {
                ends[*last] = starts(at);
                open.pop();
            }
            open.push(at);
        }
        for ((at, heading), end) in headings.iter().enumerate().zip(ends) {
            let id = if heading.level == 1 { "" } else { heading.id.as_str() };
            list.push((id, Span::new(starts(at), end)));
        }
        Self { list }
    }

    /// The section that holds a place.
    fn at(&self, place: u32) -> (&'p str, Span) {
        let found = self.list.partition_point(|(_, span)| span.start <= place).max(1) - 1;
        self.list.get(found).copied().unwrap_or_default()
    }
}

/// Whether words name something in the repository: other tools write addresses and titles under `source`.
fn is_target(files: &Files<'_>, target: &str) -> bool {
    let (path, item) = target::parts(target);
    let looks = !path.is_empty()
        && !target.contains("://")
        && !path.starts_with('/')
        && !target.contains(char::is_whitespace);
    let is_code = !item.is_empty() && path.contains('.') || path.contains('*') && path.contains('/');
    let known = |path: &str| RelPath::parse(path).is_ok_and(|path| files.world.kind(&path).is_some());
    looks
        && (is_code
            || known(path)
            || path.contains('/') && path.rsplit('/').next().is_some_and(|name| name.contains('.')))
}

/// A section's words; how they are broken into lines does not count.
fn words(section: &str) -> Fingerprint {
    Fingerprint::of(section.split_whitespace().collect::<Vec<_>>().join(" ").as_bytes())
}

/// The lock with bindings recorded that nobody has looked at yet, and without lines that no page asks for; what
/// changed in words, nothing if nothing has.
pub fn recorded(lock: &Lock, bindings: &Bindings) -> (Lock, Vec<String>) {
    let mut out = lock.clone();
    let mut about = Vec::new();
    for (page, target, _) in &bindings.unused {
        out.bindings.remove(&(page.clone(), target.clone()));
        about.push(format!("{page} is no longer bound to {target}"));
    }
    for binding in &bindings.list {
        if let State::Never(pin) = binding.state {
            stamp(&mut out, binding, pin, None);
            about.push(format!("{} is bound to {}", binding.key, binding.target));
        }
    }
    (out, about)
}

/// Records that somebody looked: the page was changed, or who says why it need not be.
pub fn stamp(lock: &mut Lock, binding: &Binding, pin: Pin, reviewed: Option<(String, String)>) {
    let stamp = Stamp { signature: pin.signature, body: pin.body, page: binding.section, reviewed };
    lock.bindings.insert((binding.key.clone(), binding.target.clone()), stamp);
}

/// A line of the lock that a change wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restamp {
    /// The page, with `#` and a section's id.
    pub page: String,
    /// What it is bound to.
    pub target: String,
    /// Who looked and why nothing had to be changed; none where the section was.
    pub reviewed: Option<(String, String)>,
    /// Whether the section's words are the same as before.
    pub same_words: bool,
    /// Whether there was no line before.
    pub new: bool,
}

/// What a change to the lock says, by page.
pub fn restamps(before: &Lock, after: &Lock) -> Vec<Restamp> {
    let mut out = Vec::new();
    for ((page, target), stamp) in &after.bindings {
        let old = before.bindings.get(&(page.clone(), target.clone()));
        if old.is_some_and(|old| (old.signature, old.body) == (stamp.signature, stamp.body)) {
            continue;
        }
        out.push(Restamp {
            page: page.clone(),
            target: target.clone(),
            reviewed: stamp.reviewed.clone(),
            same_words: old.is_some_and(|old| old.page == stamp.page),
            new: old.is_none(),
        });
    }
    out
}

/// The text of what a target names, for showing what changed.
pub fn text_of(world: &dyn World, target: &str) -> Option<String> {
    let (path, item) = target::parts(target);
    let file = RelPath::parse(path).ok()?;
    let text = world.text(&file).ok()?;
    if item.is_empty() || file.extension() != Some("rs") {
        return Some(text);
    }
    let span = crate::rust::pin::find(&text, item)?;
    text.get(span.range()).map(str::to_owned)
}

/// Where a line of the lock names its target; `line` is where that line stands. None where the line escapes something.
pub fn target_in(line: &Place, key: &str, target: &str) -> Option<Place> {
    let plain = |text: &str| !text.contains(['"', '\\']) && !text.contains(char::is_control);
    // A quote, the page, ` -> `.
    let from = line.span.start as usize + 1 + key.len() + 4;
    let is_there = line.span.end > line.span.start && plain(key) && plain(target);
    is_there.then(|| Place { file: line.file.clone(), span: Span::new(from, from + target.len()) })
}

/// What a target is in a world; none if it is not there.
pub fn pin_of(world: &dyn World, target: &str) -> Option<Pin> {
    target::pin_of(&Files::new(world), target)
}

/// docs.lock, as it would be if it were written now.
fn updates(cx: &Context<'_>) -> Vec<Update> {
    let now = cx.of::<Lock>();
    let (mut lock, mut about) = recorded(now, cx.of::<Bindings>());
    let captured = cx.of::<Facts>().list.iter().filter_map(|fact| match &fact.outcome {
        Outcome::Captured(capture) => Some(capture.output.key()),
        _ => None,
    });
    let asked: BTreeSet<String> = captured.collect();
    let before = lock.outputs.len();
    lock.outputs.retain(|key, _| asked.contains(key));
    if lock.outputs.len() < before {
        about.push("outputs that no page holds are forgotten".into());
    }
    let file = lock::path(cx.config);
    let nothing = about.is_empty() && now.problems.is_empty();
    if nothing || lock.is_empty() && cx.world.kind(&file).is_none() {
        return Vec::new();
    }
    let about = if about.len() == 1 { about.concat() } else { count(about.len(), "binding") };
    let lock = Lock { problems: Vec::new(), ..lock };
    vec![Update { file, text: lock.text(), about }]
}

impl Evidence for Bindings {
    const NAME: &'static str = "bindings";
    const READS: &'static [Reads] = &[Reads::Sources, Reads::Records];
    const CHECKS: &'static [&'static Check] =
        &[&binding_signature::CHECK, &binding_source::CHECK, &binding_record::CHECK, &binding_body::CHECK];
    const RECORDS: Option<&'static str> = Some("bindings");

    fn read(cx: &Context<'_>) -> Self {
        read(cx.world, cx.config, cx.site(), cx.of::<Lock>(), cx.base.map(|base| base.changed))
    }

    fn updates(cx: &Context<'_>) -> Result<Vec<Update>, String> {
        Ok(updates(cx))
    }
}
