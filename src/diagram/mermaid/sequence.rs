//! Sequence diagrams (<https://mermaid.js.org/syntax/sequenceDiagram.html>).

use super::super::colour;
use super::super::graph::{Facts, Head, Line};
use super::super::sequence::{
    Actor, Beside, Block, BlockKind, Frame, Item, Look, Message, Note, Section, Sequence,
};
use super::source::{Source, SourceLine};
use crate::base::beginning;
use crate::diag::code;
use std::collections::BTreeMap;

/// Blocks deeper than this are drawn flat.
const DEEPEST: usize = 60;

/// The mark, its beginning, its end, dashed or not.
type Arrow = (&'static str, Head, Head, Line);

/// Arrows, the longest first.
const ARROWS: &[Arrow] = &[
    ("<<-->>", Head::Arrow, Head::Arrow, Line::Dashed),
    ("<<->>", Head::Arrow, Head::Arrow, Line::Solid),
    ("-->>", Head::None, Head::Arrow, Line::Dashed),
    ("->>", Head::None, Head::Arrow, Line::Solid),
    ("--|\\", Head::None, Head::Open, Line::Dashed),
    ("--|/", Head::None, Head::Open, Line::Dashed),
    ("--\\\\", Head::None, Head::Open, Line::Dashed),
    ("--//", Head::None, Head::Open, Line::Dashed),
    ("/|--", Head::Open, Head::None, Line::Dashed),
    ("\\|--", Head::Open, Head::None, Line::Dashed),
    ("//--", Head::Open, Head::None, Line::Dashed),
    ("\\\\--", Head::Open, Head::None, Line::Dashed),
    ("-|\\", Head::None, Head::Open, Line::Solid),
    ("-|/", Head::None, Head::Open, Line::Solid),
    ("-\\\\", Head::None, Head::Open, Line::Solid),
    ("-//", Head::None, Head::Open, Line::Solid),
    ("/|-", Head::Open, Head::None, Line::Solid),
    ("\\|-", Head::Open, Head::None, Line::Solid),
    ("//-", Head::Open, Head::None, Line::Solid),
    ("\\\\-", Head::Open, Head::None, Line::Solid),
    ("-->", Head::None, Head::None, Line::Dashed),
    ("--x", Head::None, Head::Cross, Line::Dashed),
    ("--)", Head::None, Head::Open, Line::Dashed),
    ("->", Head::None, Head::None, Line::Solid),
    ("-x", Head::None, Head::Cross, Line::Solid),
    ("-)", Head::None, Head::Open, Line::Solid),
];

/// Words that open blocks.
const BLOCKS: &[(&str, BlockKind)] = &[
    ("alt", BlockKind::Alt),
    ("opt", BlockKind::Opt),
    ("loop", BlockKind::Loop),
    ("par", BlockKind::Par),
    ("par_over", BlockKind::Par),
    ("critical", BlockKind::Critical),
    ("break", BlockKind::Break),
    ("rect", BlockKind::Rect),
];

/// A block that is still open.
struct Open {
    block: Block,
    start: usize,
}

/// `autonumber`, when it is on: the next number and the step, in hundredths.
#[derive(Clone, Copy)]
struct Count {
    next: i64,
    step: i64,
}

struct SequenceReader<'s, 't> {
    source: &'s mut Source<'t>,
    picture: Sequence,
    known: BTreeMap<String, usize>,
    open: Vec<Open>,
    flat: usize,
    frame: Option<(usize, usize)>,
    count: Option<Count>,
}

/// Reads the body of a sequence diagram.
pub(super) fn read(source: &mut Source<'_>) -> Sequence {
    let lines = source.lines(true);
    let mut reader = SequenceReader {
        source,
        picture: Sequence::default(),
        known: BTreeMap::new(),
        open: Vec::new(),
        flat: 0,
        frame: None,
        count: None,
    };
    let mut at = 0;
    while at < lines.len() {
        let taken = reader.source.accessible(&lines[at..]);
        if taken == 0 {
            reader.line(lines[at]);
        }
        at += taken.max(1);
    }
    reader.finish()
}

impl<'t> SequenceReader<'_, 't> {
    fn line(&mut self, line: SourceLine<'t>) {
        let line = SourceLine { text: without_comment(line.text), ..line };
        if line.text.is_empty() {
            return;
        }
        let (word, rest) =
            line.text.split_once(|c: char| c.is_whitespace() || c == ':').unwrap_or((line.text, ""));
        let (lower, rest) = (word.to_ascii_lowercase(), rest.trim());
        // A participant may be called `loop`; then an arrow follows its name.
        if arrow(line.text).is_some_and(|(at, _)| line.text[..at].trim_end_matches([' ', '(', ')']) == word)
            && !matches!(lower.as_str(), "note")
        {
            self.message(line);
            return;
        }
        match lower.as_str() {
            "participant" | "actor" => {
                self.participant(line, rest, lower == "actor");
            }
            "create" => {
                let (kind, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
                let at = self.participant(line, rest.trim(), kind.eq_ignore_ascii_case("actor"));
                self.push(Item::Create(at));
            }
            "destroy" => {
                let at = self.actor(rest, line);
                self.push(Item::Destroy(at));
            }
            "activate" => {
                let at = self.actor(rest, line);
                self.push(Item::Activate(at));
            }
            "deactivate" => {
                let at = self.actor(rest, line);
                self.push(Item::Deactivate(at));
            }
            "title" => self.source.title = Some(rest.trim_start_matches(':').trim().to_owned()),
            "autonumber" => self.autonumber(rest, line),
            "box" => self.open_frame(rest, line),
            "note" => self.note(rest, line),
            "link" => self.link(rest, line),
            "links" => self.links(rest, line),
            "properties" | "details" => {
                self.source.undrawn(
                    line.range(),
                    &lower,
                    format!("`{lower}` is not drawn"),
                    "put what readers need into a note",
                );
            }
            "else" => self.section(&[BlockKind::Alt], rest, line),
            "and" => self.section(&[BlockKind::Par], rest, line),
            "option" => self.section(&[BlockKind::Critical], rest, line),
            "end" if rest.is_empty() => self.end(line),
            word => match BLOCKS.iter().find(|(name, _)| *name == word) {
                Some((_, kind)) => self.block(*kind, rest, line),
                None => self.message(line),
            },
        }
    }

    fn push(&mut self, item: Item) {
        let items = match self.open.last_mut().and_then(|open| open.block.sections.last_mut()) {
            Some(section) => &mut section.items,
            None => &mut self.picture.items,
        };
        items.push(item);
    }

    /// The participant of that name, who joins at the right when the name is new.
    fn actor(&mut self, id: &str, line: SourceLine<'t>) -> usize {
        let id = id.trim();
        if let Some(at) = self.known.get(id) {
            return *at;
        }
        let bindings = self.source.bound(id);
        let start = line.start + line.text.find(id).unwrap_or(0);
        let facts =
            Facts { place: Some(self.source.place(start..start + id.len())), bindings, ..Facts::default() };
        let label = self.source.label(id, start);
        self.picture.actors.push(Actor {
            id: id.to_owned(),
            label,
            facts,
            frame: self.frame.map(|(frame, _)| frame),
            ..Actor::default()
        });
        self.known.insert(id.to_owned(), self.picture.actors.len() - 1);
        self.picture.actors.len() - 1
    }

    /// `participant A@{ "type": "database" } as Words`
    fn participant(&mut self, line: SourceLine<'t>, rest: &str, person: bool) -> usize {
        let (head, data, tail) = match rest.split_once("@{") {
            Some((head, rest)) => {
                let (data, tail) = rest.split_once('}').unwrap_or((rest, ""));
                (head.trim(), data, tail.trim().strip_prefix("as ").map(str::trim))
            }
            None => match rest.split_once(" as ") {
                Some((head, tail)) => (head.trim(), "", Some(tail.trim())),
                None => (rest, "", None),
            },
        };
        let at = self.actor(head, line);
        let mut look = if person { Look::Person } else { Look::Box };
        let mut alias = None;
        let wrapped = format!("{{{data}}}");
        let data: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&wrapped).unwrap_or_default();
        if wrapped.len() > 2 && data.is_empty() {
            self.source.syntax(
                line.range(),
                head,
                "what stands in `@{ }` is no JSON",
                "write `@{ \"type\": \"database\" }`",
            );
        }
        for (key, value) in &data {
            match (key.as_str(), value.as_str().unwrap_or_default()) {
                ("type", name) => match named_look(name) {
                    Some(named) => look = named,
                    None => {
                        let help = "use participant, actor, boundary, control, entity, database, collections or queue";
                        self.source.syntax(
                            line.range(),
                            name,
                            format!("`{name}` is no type of a participant"),
                            help,
                        );
                    }
                },
                ("alias", name) => alias = Some(name.to_owned()),
                (key, _) => {
                    self.source.undrawn(line.range(), key, format!("`{key}` is not drawn"), "remove it")
                }
            }
        }
        if let Some(words) = tail.map(str::to_owned).or(alias) {
            self.picture.actors[at].label = self.source.label(&words, line.start);
        }
        self.picture.actors[at].look = look;
        at
    }

    fn message(&mut self, line: SourceLine<'t>) {
        let help = "write `A->>B: words`";
        let Some((at, (mark, tail, head, stroke))) = arrow(line.text) else {
            let what: String = line.text.chars().take(40).collect();
            self.source.syntax(line.range(), &what, format!("`{what}` is not understood"), help);
            return;
        };
        let after = &line.text[at + mark.len()..];
        let Some((to, words)) = after.split_once(':') else {
            self.source.syntax(line.range(), line.text, "a message has no words", help);
            return;
        };
        // `()` at an end is a point on that lifeline; a sign begins or ends work.
        let from = line.text[..at].trim();
        let (from, first) = from.strip_suffix("()").map_or((from, false), |from| (from.trim(), true));
        let sign = to.trim().chars().next().filter(|c| matches!(c, '+' | '-'));
        let to = to.trim().trim_start_matches(['+', '-']).trim();
        let (to, last) = to.strip_prefix("()").map_or((to, false), |to| (to.trim(), true));
        if mark.contains(['|', '/', '\\']) {
            let message = format!("the half arrow `{mark}` is drawn as an open arrow");
            self.source.undrawn(line.range(), mark, message, "use `-)` for a message that nobody waits for");
        }
        if from.is_empty() || to.is_empty() {
            let message = "a message goes from a participant to a participant";
            self.source.syntax(line.range(), line.text, message, help);
            return;
        }
        let (from, to) = (self.actor(from, line), self.actor(to, line));
        let words = words.trim().trim_start_matches("nowrap:").trim_start_matches("wrap:");
        let text = self.source.label(words, line.start + at);
        let number = self.next_number();
        let facts = Facts { place: Some(self.source.place(line.range())), ..Facts::default() };
        let points = [first, last];
        let message =
            Message { from, to, text, number, tail: *tail, head: *head, points, line: *stroke, facts };
        self.push(Item::Message(message));
        match sign {
            Some('+') => self.push(Item::Activate(to)),
            // The minus stands at the receiver's name and ends the sender's work.
            Some(_) => self.push(Item::Deactivate(from)),
            None => {}
        }
    }

    fn next_number(&mut self) -> Option<String> {
        let count = self.count.as_mut()?;
        let number = decimal(count.next);
        count.next = count.next.saturating_add(count.step);
        Some(number)
    }

    /// `autonumber`, `autonumber 10 5`, `autonumber off`.
    fn autonumber(&mut self, rest: &str, line: SourceLine<'t>) {
        if rest == "off" {
            self.count = None;
            return;
        }
        let mut numbers =
            rest.split_whitespace().map(|word| word.parse::<f64>().ok().filter(|number| number.abs() < 1e9));
        #[expect(clippy::cast_possible_truncation, reason = "below a thousand million, in hundredths")]
        let hundredths = |number: f64| (number * 100.0).round() as i64;
        let mut next = |default: i64| match numbers.next() {
            Some(Some(number)) => Some(hundredths(number)),
            Some(None) => None,
            None => Some(default),
        };
        match (next(100), next(100)) {
            (Some(first), Some(step)) => self.count = Some(Count { next: first, step }),
            _ => self.source.syntax(
                line.range(),
                "autonumber",
                format!("`{rest}` is no number"),
                "write `autonumber`, `autonumber 10 5` or `autonumber off`",
            ),
        }
    }

    /// `box Purple Words`: the first word may be a colour.
    fn open_frame(&mut self, rest: &str, line: SourceLine<'t>) {
        let mut facts = Facts { place: Some(self.source.place(line.range())), ..Facts::default() };
        let end = if rest.starts_with("rgb") || rest.starts_with("hsl") {
            rest.find(')').map(|at| at + 1)
        } else {
            rest.find(char::is_whitespace)
        };
        let (first, others) = rest.split_at(end.unwrap_or(rest.len()));
        let tone = if first.is_empty() { None } else { colour::tone(first) };
        facts.tone = tone.unwrap_or_default();
        let label = self.source.label(if tone.is_some() { others } else { rest }, line.start);
        if self.frame.is_some() {
            self.source.syntax(
                line.range(),
                "box",
                "a box in a box is not possible",
                "end the first with `end`",
            );
        }
        self.picture.boxes.push(Frame { label, facts });
        self.frame = Some((self.picture.boxes.len() - 1, line.start));
    }

    /// `note right of A: words`, `note over A,B: words`.
    fn note(&mut self, rest: &str, line: SourceLine<'t>) {
        let lower = rest.to_ascii_lowercase();
        let side = ["right of", "left of", "over"].into_iter().find(|side| lower.starts_with(side));
        let (Some(side), Some((parties, words))) = (side, rest.split_once(':')) else {
            self.source.syntax(
                line.range(),
                "note",
                "a note says where it stands",
                "write `Note right of A: words` or `Note over A,B: words`",
            );
            return;
        };
        let parties: Vec<usize> = parties[side.len()..].split(',').map(|id| self.actor(id, line)).collect();
        let first = parties.first().copied().unwrap_or_default();
        let last = parties.last().copied().unwrap_or(first);
        let beside = match side {
            "right of" => Beside::Right(first),
            "left of" => Beside::Left(first),
            _ => Beside::Over(first.min(last), first.max(last)),
        };
        let words = words.trim().trim_start_matches("nowrap:").trim_start_matches("wrap:");
        let text = self.source.label(words, line.start);
        self.push(Item::Note(Note { beside, text }));
    }

    /// `link A: Words @ address`
    fn link(&mut self, rest: &str, line: SourceLine<'t>) {
        let found = rest.split_once(':').and_then(|(id, rest)| Some((id, rest.split_once('@')?)));
        let Some((id, (words, url))) = found else {
            self.source.syntax(
                line.range(),
                "link",
                "a link has words and an address",
                "write `link A: Words @ https://example.com`",
            );
            return;
        };
        let at = self.actor(id, line);
        if let Some(url) = self.source.link(url.trim(), line.range()) {
            self.picture.actors[at].links.push((words.trim().to_owned(), url));
        }
    }

    /// `links A: {"Words": "address"}`
    fn links(&mut self, rest: &str, line: SourceLine<'t>) {
        let found = rest.split_once(':').and_then(|(id, rest)| {
            let links: BTreeMap<String, String> = serde_json::from_str(rest.trim()).ok()?;
            Some((id, links))
        });
        let Some((id, links)) = found else {
            self.source.syntax(
                line.range(),
                "links",
                "links are JSON",
                "write `links A: {\"Words\": \"https://example.com\"}`",
            );
            return;
        };
        let at = self.actor(id, line);
        for (words, url) in links {
            if let Some(url) = self.source.link(&url, line.range()) {
                self.picture.actors[at].links.push((words, url));
            }
        }
    }

    fn block(&mut self, kind: BlockKind, rest: &str, line: SourceLine<'t>) {
        if self.open.len() >= DEEPEST {
            if self.flat == 0 {
                let place = self.source.place(line.range());
                let message = format!("blocks deeper than {DEEPEST} are drawn flat");
                self.source.problem(
                    code::DIAGRAM_REFUSED,
                    place,
                    kind.name(),
                    message,
                    "use fewer levels: no reader follows that many",
                );
            }
            self.flat += 1;
            return;
        }
        let mut facts = Facts { place: Some(self.source.place(line.range())), ..Facts::default() };
        let label = if kind == BlockKind::Rect {
            facts.tone = colour::tone(rest).unwrap_or_default();
            Vec::new()
        } else {
            self.source.label(rest, line.start)
        };
        let block = Block { kind, sections: vec![Section { label, items: Vec::new() }], facts };
        self.open.push(Open { block, start: line.start });
    }

    fn section(&mut self, of: &[BlockKind], rest: &str, line: SourceLine<'t>) {
        let label = self.source.label(rest, line.start);
        match self.open.last_mut() {
            _ if self.flat > 0 => {}
            Some(open) if of.contains(&open.block.kind) => {
                open.block.sections.push(Section { label, items: Vec::new() })
            }
            _ => {
                let word = line.text.split_whitespace().next().unwrap_or_default();
                let help = format!("it belongs into a block of `{}`", of[0].name());
                self.source.syntax(
                    line.range(),
                    word,
                    format!("`{word}` stands outside of its block"),
                    &help,
                );
            }
        }
    }

    fn end(&mut self, line: SourceLine<'t>) {
        if self.flat > 0 {
            self.flat -= 1;
        } else if let Some(open) = self.open.pop() {
            self.push(Item::Block(open.block));
        } else if self.frame.take().is_none() {
            self.source.syntax(line.range(), "end", "`end` closes nothing", "remove it");
        }
    }

    fn finish(mut self) -> Sequence {
        while let Some(open) = self.open.pop() {
            let name = open.block.kind.name();
            self.source.syntax(
                open.start..open.start + 3,
                name,
                format!("the block `{name}` is never closed"),
                "add `end`",
            );
            self.push(Item::Block(open.block));
        }
        if let Some((_, start)) = self.frame {
            self.source.syntax(start..start + 3, "box", "the box is never closed", "add `end`");
        }
        self.source.unbound();
        for actor in &mut self.picture.actors {
            actor.facts.link = actor.links.first().map(|(_, url)| url.clone());
        }
        self.picture.title = self.source.acc_title.take().or_else(|| self.source.title.take());
        self.picture.description = self.source.acc_description.take();
        self.picture
    }
}

fn named_look(name: &str) -> Option<Look> {
    Some(match name {
        "participant" => Look::Box,
        "actor" => Look::Person,
        "boundary" => Look::Boundary,
        "control" => Look::Control,
        "entity" => Look::Entity,
        "database" => Look::Database,
        "collections" => Look::Collections,
        "queue" => Look::Queue,
        _ => return None,
    })
}

/// The first arrow of a line that stands before its words, and where.
fn arrow(text: &str) -> Option<(usize, &'static Arrow)> {
    let head = text.split(':').next().unwrap_or(text);
    for (at, c) in head.char_indices() {
        if !matches!(c, '-' | '<' | '/' | '\\') || at == 0 {
            continue;
        }
        let found = ARROWS.iter().find(|(mark, ..)| head[at..].starts_with(mark));
        // `A-x` in a name such as `pre-xyz` is none: a name follows an arrow's mark after all.
        if let Some(found) = found.filter(|(mark, ..)| !head[at + mark.len()..].trim().is_empty()) {
            return Some((at, found));
        }
    }
    None
}

/// A line up to a `#` that begins a comment; `#9829;` is a character.
fn without_comment(text: &str) -> &str {
    for (at, _) in text.match_indices('#') {
        let entity = beginning(&text[at + 1..], 10).find(';').is_some_and(|end| {
            end > 0 && text[at + 1..at + 1 + end].chars().all(|c| c.is_ascii_alphanumeric())
        });
        let colour =
            text[..at].trim_start().starts_with("rect") || text[..at].trim_start().starts_with("box");
        if !entity && !colour {
            return text[..at].trim_end();
        }
    }
    text
}

/// Hundredths as people write them.
fn decimal(hundredths: i64) -> String {
    match (hundredths / 100, (hundredths % 100).abs()) {
        (whole, 0) => whole.to_string(),
        (whole, part) => format!("{whole}.{part:02}").trim_end_matches('0').to_owned(),
    }
}
