//! A placed sequence picture as SVG, with the primitives of all pictures.

use super::paint::{Paint, Palette};
use super::{Style, dashes, document, escape, number};
use crate::base::trusted;
use crate::diagram::graph::{Facts, Head, Line, Shape, Tone};
use crate::diagram::layout::{Point, Rect};
use crate::diagram::measure::{NOTE, Voice, Words};
use crate::diagram::sequence::place::{Arrow, Column, FIGURE, PAD, Plan};
use crate::diagram::sequence::{Actor, Beside, BlockKind, Item, Look, Message, Sequence};
use std::fmt::Write as _;

/// Writes a sequence picture.
pub fn write_sequence(sequence: &Sequence, plan: &Plan<'_>, style: &Style<'_>) -> String {
    let palette =
        if style.alone { Palette::Alone(std::collections::BTreeSet::new()) } else { Palette::Inline };
    let mut writer = Writer { sequence, plan, style, palette, body: String::new(), links: false };
    writer.grounds();
    writer.lines();
    writer.frames();
    for (at, arrow) in plan.arrows.iter().enumerate() {
        writer.arrow(at, arrow);
    }
    writer.notes();
    for (at, column) in plan.columns.iter().enumerate() {
        writer.actor(at, column);
    }
    let Writer { palette, body, links, .. } = writer;
    let title = sequence.title.clone().unwrap_or_else(|| called(sequence));
    let size = (plan.size.width, plan.size.height);
    let frame = Rect { width: size.0, height: size.1, ..Rect::default() };
    document(&frame, &title, sequence.description.as_deref(), style, &palette, links, &body)
}

/// What a picture without a title is called.
fn called(sequence: &Sequence) -> String {
    let names: Vec<String> = sequence.actors.iter().map(|actor| actor.label.join(" ")).collect();
    match names.len() {
        0 => "Sequence of messages".into(),
        1..=4 => format!("Messages between {}", names.join(", ")),
        more => format!("Messages between {} and {} more", names[..3].join(", "), more - 3),
    }
}

struct Writer<'w> {
    sequence: &'w Sequence,
    plan: &'w Plan<'w>,
    style: &'w Style<'w>,
    palette: Palette,
    body: String,
    links: bool,
}

impl Writer<'_> {
    fn words(&mut self, words: &[Words], at: Point, quiet: bool) {
        for word in words.iter().filter(|word| !word.text.is_empty()) {
            let paint = if quiet && word.voice == Voice::Note { Paint::Dim } else { Paint::Text };
            let fill = self.palette.attributes(&[("fill", paint)]);
            let size = if word.voice == Voice::Note {
                format!(" font-size=\"{}\"", number(NOTE))
            } else {
                String::new()
            };
            let weight = if word.voice == Voice::Heading { " font-weight=\"700\"" } else { "" };
            let _ = write!(
                self.body,
                "<text x=\"{}\" y=\"{}\" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\"{size}{weight}{fill}>{}</text>",
                number(at.x + word.at.x - word.width / 2.0),
                number(at.y + word.at.y),
                number(word.width),
                escape(&word.text)
            );
        }
    }

    fn rect(&mut self, rect: &Rect, radius: &str, line: Line, pairs: &[(&'static str, Paint)], more: &str) {
        let paint = self.palette.attributes(pairs);
        let _ = write!(
            self.body,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{radius}\"{}{more}{paint}/>",
            number(rect.x),
            number(rect.y),
            number(rect.width),
            number(rect.height),
            dashes(line)
        );
    }

    fn path(&mut self, path: &str, line: Line, width: &str, pairs: &[(&'static str, Paint)]) {
        let fill = if pairs.iter().any(|(what, _)| *what == "fill") { "" } else { " fill=\"none\"" };
        let paint = self.palette.attributes(pairs);
        let _ =
            write!(self.body, "<path d=\"{path}\" stroke-width=\"{width}\"{}{fill}{paint}/>", dashes(line));
    }

    /// Frames around participants, and grounds of blocks.
    fn grounds(&mut self) {
        let plan = self.plan;
        for (rect, words, tone) in &plan.frames {
            let tone = if *tone == Tone::Neutral { Tone::Muted } else { *tone };
            let pairs = [("fill", Paint::Line(tone)), ("stroke", Paint::Line(tone))];
            self.rect(rect, "8", Line::Solid, &pairs, " fill-opacity=\".06\"");
            self.words(words, Point::default(), true);
        }
        for place in plan.boxes.iter().filter(|place| place.block.kind == BlockKind::Rect) {
            let tone = place.block.facts.tone;
            let tone = if tone == Tone::Neutral { Tone::Muted } else { tone };
            self.rect(&place.rect, "4", Line::Solid, &[("fill", Paint::Line(tone))], " fill-opacity=\".12\"");
        }
    }

    /// Lifelines, and the bars of work on them.
    fn lines(&mut self) {
        let plan = self.plan;
        for column in &plan.columns {
            let x = number(column.centre);
            let path = format!("M{x} {}V{}", number(column.head.bottom()), number(column.end));
            self.path(&path, Line::Dashed, "1", &[("stroke", Paint::Line(Tone::Muted))]);
            if column.destroyed {
                let (x, y) = (column.centre, column.end);
                let n = number;
                let cross = format!(
                    "M{} {}L{} {}M{} {}L{} {}",
                    n(x - 6.0),
                    n(y - 6.0),
                    n(x + 6.0),
                    n(y + 6.0),
                    n(x - 6.0),
                    n(y + 6.0),
                    n(x + 6.0),
                    n(y - 6.0)
                );
                self.path(&cross, Line::Solid, "2", &[("stroke", Paint::Edge)]);
            }
        }
        // Outer bars were begun first and end last: they lie below the inner ones.
        for bar in plan.bars.iter().rev() {
            self.rect(
                bar,
                "1",
                Line::Solid,
                &[("fill", Paint::Fill(Tone::Muted)), ("stroke", Paint::Line(Tone::Muted))],
                "",
            );
        }
    }

    /// The frames of blocks, their kinds and conditions.
    fn frames(&mut self) {
        let plan = self.plan;
        for place in plan.boxes.iter().filter(|place| place.block.kind != BlockKind::Rect) {
            let stroke = [("stroke", Paint::Line(Tone::Muted))];
            self.rect(&place.rect, "3", Line::Solid, &stroke, " fill=\"none\"");
            for y in &place.dividers {
                let path = format!("M{} {}H{}", number(place.rect.x), number(*y), number(place.rect.right()));
                self.path(&path, Line::Dashed, "1", &stroke);
            }
            if let Some((area, word)) = &place.corner {
                let n = number;
                let path = format!(
                    "M{} {}H{}V{}L{} {}H{}Z",
                    n(area.x),
                    n(area.y),
                    n(area.right()),
                    n(area.bottom() - 6.0),
                    n(area.right() - 6.0),
                    n(area.bottom()),
                    n(area.x)
                );
                self.path(
                    &path,
                    Line::Solid,
                    "1",
                    &[("fill", Paint::Fill(Tone::Muted)), ("stroke", Paint::Line(Tone::Muted))],
                );
                self.words(std::slice::from_ref(word), Point::default(), false);
            }
            // Conditions lie across lifelines, which a ground keeps out of the letters.
            for word in &place.words {
                let ground = Rect {
                    x: word.at.x - word.width / 2.0 - 2.0,
                    y: word.at.y - 11.0,
                    width: word.width + 4.0,
                    height: 14.0,
                };
                self.rect(&ground, "2", Line::Solid, &[("fill", Paint::Ground)], "");
            }
            self.words(&place.words, Point::default(), false);
        }
    }

    fn open(&mut self, facts: &Facts) -> &'static str {
        let link = facts.link.as_deref().and_then(trusted).and_then(|link| (self.style.link)(&link));
        let Some(link) = link else { return "" };
        self.links = true;
        let _ = write!(self.body, "<a href=\"{}\">", escape(&link));
        "</a>"
    }

    fn arrow(&mut self, at: usize, arrow: &Arrow<'_>) {
        let message = arrow.message;
        let paint =
            if message.facts.tone == Tone::Neutral { Paint::Edge } else { Paint::Line(message.facts.tone) };
        let _ = write!(self.body, "<g id=\"{}-m{at}\">", escape(self.style.prefix));
        let close = self.open(&message.facts);
        let drawn = super::route::draw(&arrow.points, [message.tail, message.head]);
        self.path(&drawn.path, message.line, "1.3", &[("stroke", paint)]);
        for (path, _) in &drawn.heads {
            self.path(path, Line::Solid, "1.3", &[("fill", paint), ("stroke", paint)]);
        }
        for path in &drawn.open {
            self.path(path, Line::Solid, "1.3", &[("stroke", paint)]);
        }
        let ends = [arrow.points.first(), arrow.points.last()];
        for point in
            ends.into_iter().zip(message.points).filter_map(|(point, marked)| point.filter(|_| marked))
        {
            let path =
                format!("M{} {}a4 4 0 1 1 8 0a4 4 0 1 1 -8 0Z", number(point.x - 4.0), number(point.y));
            self.path(&path, Line::Solid, "1", &[("fill", paint), ("stroke", paint)]);
        }
        for word in &arrow.words {
            let ground = Rect {
                x: word.at.x - word.width / 2.0 - 2.0,
                y: word.at.y - 11.0,
                width: word.width + 4.0,
                height: 14.0,
            };
            self.rect(&ground, "2", Line::Solid, &[("fill", Paint::Ground)], " fill-opacity=\".8\"");
        }
        self.words(&arrow.words, Point::default(), false);
        if let (Some(text), Some(point)) = (&message.number, arrow.points.first()) {
            self.number(text, *point);
        }
        self.body += close;
        self.body += "</g>";
    }

    /// A number at the beginning of a message.
    fn number(&mut self, text: &str, at: Point) {
        let size = 11.0;
        let wide = crate::diagram::text::width(text, size, crate::diagram::text::Weight::Bold);
        let (width, height) = ((wide + 8.0).max(17.0), 17.0);
        let rect = Rect { x: at.x - width / 2.0, y: at.y - height / 2.0, width, height };
        self.rect(&rect, "8.5", Line::Solid, &[("fill", Paint::Edge)], "");
        let fill = self.palette.attributes(&[("fill", Paint::Ground)]);
        let _ = write!(
            self.body,
            "<text x=\"{}\" y=\"{}\" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\" font-size=\"11\" font-weight=\"700\"{fill}>{}</text>",
            number(at.x - wide / 2.0),
            number(at.y + 4.0),
            number(wide),
            escape(text)
        );
    }

    fn notes(&mut self) {
        let plan = self.plan;
        for (rect, words) in &plan.notes {
            let drawn = super::shapes::draw(Shape::Note, rect);
            let pairs = [("fill", Paint::Fill(Tone::Amber)), ("stroke", Paint::Line(Tone::Amber))];
            self.path(&drawn.outline, Line::Solid, "1", &pairs);
            self.path(&drawn.strokes, Line::Solid, "1", &pairs[1..]);
            self.words(words, Point::default(), false);
        }
    }

    fn actor(&mut self, at: usize, column: &Column) {
        let actor = &self.sequence.actors[at];
        let _ = write!(self.body, "<g id=\"{}-a{at}\">", escape(self.style.prefix));
        let close = self.open(&actor.facts);
        for rect in std::iter::once(&column.head).chain(&column.foot) {
            self.head(actor, rect);
            self.words(&column.words, Point { x: rect.x, y: rect.y }, true);
        }
        self.body += close;
        self.body += "</g>";
    }

    /// A participant's box, or the symbol that stands above its name.
    fn head(&mut self, actor: &Actor, rect: &Rect) {
        let (tone, line) = (actor.facts.tone, actor.facts.line);
        let pairs = [("fill", Paint::Fill(tone)), ("stroke", Paint::Line(tone))];
        match actor.look {
            Look::Box => self.rect(rect, "5", line, &pairs, " stroke-width=\"1.3\""),
            Look::Collections => {
                let behind = Rect { x: rect.x + 5.0, y: rect.y - 5.0, ..*rect };
                self.rect(&behind, "5", line, &pairs, " stroke-width=\"1.3\"");
                self.rect(rect, "5", line, &pairs, " stroke-width=\"1.3\"");
            }
            Look::Database | Look::Queue => {
                let (wide, high, shape) = if actor.look == Look::Queue {
                    (48.0, 26.0, Shape::Queue)
                } else {
                    (36.0, 32.0, Shape::Cylinder)
                };
                let top = rect.y + PAD + (FIGURE - high) / 2.0 - 2.0;
                let area = Rect { x: rect.centre().x - wide / 2.0, y: top, width: wide, height: high };
                let drawn = super::shapes::draw(shape, &area);
                self.path(&drawn.outline, Line::Solid, "1.3", &pairs);
                self.path(&drawn.strokes, Line::Solid, "1.3", &pairs[1..]);
            }
            look => {
                let path = symbol(look, rect.centre().x, rect.y + PAD);
                self.path(&path, Line::Solid, "1.3", &pairs);
            }
        }
    }
}

/// Symbols of participants, [`FIGURE`] high.
fn symbol(look: Look, x: f64, y: f64) -> String {
    let n = number;
    let circle = |cy: f64, r: f64| {
        format!("M{} {}a{r} {r} 0 1 1 {} 0a{r} {r} 0 1 1 -{} 0Z", n(x - r), n(cy), n(2.0 * r), n(2.0 * r))
    };
    match look {
        Look::Person => {
            circle(y + 10.0, 8.0) + &format!("M{} {}v-3a14 13 0 0 1 28 0v3Z", n(x - 14.0), n(y + 36.0))
        }
        Look::Boundary => {
            circle(y + 18.0, 13.0)
                + &format!("M{} {}h-12M{} {}v16", n(x - 13.0), n(y + 18.0), n(x - 25.0), n(y + 10.0))
        }
        Look::Control => {
            circle(y + 19.0, 13.0)
                + &format!("M{} {}l7 -5M{} {}l7 5", n(x - 3.0), n(y + 6.0), n(x - 3.0), n(y + 6.0))
        }
        _ => circle(y + 18.0, 13.0) + &format!("M{} {}h26", n(x - 13.0), n(y + 32.0)),
    }
}

/// The picture in words: who takes part, and what happens in order. HTML inside `<details>`.
pub fn outline_sequence(sequence: &Sequence, link: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out =
        String::from("<details class=\"diagram-text\"><summary>Participants and messages</summary><ul>");
    for actor in &sequence.actors {
        let name = escape(&super::named(&actor.label, &actor.id, &actor.facts));
        let own = actor.facts.link.as_deref().and_then(trusted).and_then(|to| link(&to));
        let _ = match own {
            Some(to) => write!(out, "<li><a href=\"{}\">{name}</a>", escape(&to)),
            None => write!(out, "<li>{name}"),
        };
        let description =
            actor.facts.description.as_ref().map_or(String::new(), |words| format!(": {}", escape(words)));
        out += &description;
        for (words, to) in &actor.links {
            if let Some(to) = trusted(to).and_then(|to| link(&to)) {
                let _ = write!(out, ", <a href=\"{}\">{}</a>", escape(&to), escape(words));
            }
        }
        out += "</li>";
    }
    out += "</ul>";
    told(sequence, &sequence.items, &mut out);
    out + "</details>"
}

/// Nesting is at most as deep as languages read (60).
fn told(sequence: &Sequence, items: &[Item], out: &mut String) {
    let name =
        |at: usize| sequence.actors.get(at).map_or(String::new(), |actor| escape(&actor.label.join(" ")));
    let mut inner = String::new();
    for item in items {
        match item {
            Item::Message(message) => inner += &format!("<li>{}</li>", said(message, &name)),
            Item::Note(note) => {
                let of = match note.beside {
                    Beside::Left(at) | Beside::Right(at) => name(at),
                    Beside::Over(from, to) if from == to => name(from),
                    Beside::Over(from, to) => format!("{}, {}", name(from), name(to)),
                };
                inner += &format!("<li>Note, {of}: {}</li>", escape(&note.text.join(" ")));
            }
            Item::Create(at) => inner += &format!("<li>{} comes into being</li>", name(*at)),
            Item::Destroy(at) => inner += &format!("<li>{} ends</li>", name(*at)),
            Item::Activate(_) | Item::Deactivate(_) => {}
            Item::Block(block) => {
                for section in &block.sections {
                    let label = escape(&section.label.join(" "));
                    let head = [block.kind.name(), &label]
                        .into_iter()
                        .filter(|word| !word.is_empty())
                        .collect::<Vec<_>>()
                        .join(": ");
                    inner += &format!("<li>{head}");
                    told(sequence, &section.items, &mut inner);
                    inner += "</li>";
                }
            }
        }
    }
    if !inner.is_empty() {
        *out += &format!("<ol>{inner}</ol>");
    }
}

fn said(message: &Message, name: &dyn Fn(usize) -> String) -> String {
    let arrow = if message.tail != Head::None && message.head != Head::None { "↔" } else { "→" };
    let number = message.number.as_ref().map_or(String::new(), |number| format!("{}. ", escape(number)));
    format!(
        "{number}{} {arrow} {}: {}",
        name(message.from),
        name(message.to),
        escape(&message.text.join(" "))
    )
}
