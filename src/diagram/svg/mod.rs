//! A laid-out graph as SVG: no style attribute, no script, nothing from elsewhere, the same bytes each time.

mod outline;
mod paint;
mod route;
mod sequence;
mod shapes;

pub use outline::outline;
pub use sequence::{outline_sequence, write_sequence};

use super::graph::{Facts, Graph, Head, Line, Node, Shape, Target, Tone};
use super::layout::{Layout, Point, Rect};
use super::measure::{EDGE, Inside, Measured, NAME, NOTE, Voice, Words, said_kind};
use super::text::{FAMILIES, Weight, width};
use crate::base::trusted;
use paint::{Paint, Palette};
use std::fmt::Write as _;

/// How a picture is written.
#[derive(Clone, Copy)]
pub struct Style<'s> {
    /// Before every id, so that several pictures fit one page; letters, digits and hyphens.
    pub prefix: &'s str,
    /// Whether it is a file of its own; else it stands in a page and takes that page's light or dark.
    pub alone: bool,
    /// Where a link of the source leads from where the picture is shown; `None` drops it.
    pub link: &'s dyn Fn(&str) -> Option<String>,
}

/// A number with at most two decimals.
fn number(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    // No `-0`.
    let text = format!("{:.2}", if rounded == 0.0 { 0.0 } else { rounded });
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Escapes text for elements and attributes; what XML cannot hold is left out.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Writes a picture.
pub fn write(graph: &Graph, layout: &Layout, measured: &Measured, style: &Style<'_>) -> String {
    let palette =
        if style.alone { Palette::Alone(std::collections::BTreeSet::new()) } else { Palette::Inline };
    let mut writer = Writer { graph, layout, measured, style, palette, body: String::new(), links: false };
    writer.clusters();
    writer.edges();
    writer.headings();
    writer.nodes();
    let height = writer.legend();
    writer.finish(height)
}

/// A whole picture around its body.
fn document(
    frame: &Rect,
    title: &str,
    description: Option<&str>,
    style: &Style<'_>,
    palette: &Palette,
    links: bool,
    body: &str,
) -> String {
    let (wide, high) = (number(frame.width.max(1.0).ceil()), number(frame.height.max(1.0).ceil()));
    let prefix = escape(style.prefix);
    let role = if links { "group" } else { "img" };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{} {} {wide} {high}\" width=\"{wide}\" height=\"{high}\"",
        number(frame.x),
        number(frame.y)
    );
    let _ = write!(out, " role=\"{role}\" aria-labelledby=\"{prefix}-t\"");
    if description.is_some() {
        let _ = write!(out, " aria-describedby=\"{prefix}-d\"");
    }
    let _ = write!(out, " font-family=\"{}\" font-size=\"{}\">", escape(FAMILIES), number(NAME));
    let _ = write!(out, "<title id=\"{prefix}-t\">{}</title>", escape(title));
    if let Some(description) = description {
        let _ = write!(out, "<desc id=\"{prefix}-d\">{}</desc>", escape(description));
    }
    out + &palette.style() + body + "</svg>\n"
}

struct Writer<'w> {
    graph: &'w Graph,
    layout: &'w Layout,
    measured: &'w Measured,
    style: &'w Style<'w>,
    palette: Palette,
    body: String,
    links: bool,
}

impl Writer<'_> {
    fn finish(self, height: f64) -> String {
        let Self { graph, layout, style, palette, body, links, .. } = self;
        let title = graph.title.clone().unwrap_or_else(|| described(graph));
        let Point { x, y } = layout.origin;
        let frame = Rect { x, y, width: layout.size.width, height };
        document(&frame, &title, graph.description.as_deref(), style, &palette, links, &body)
    }

    fn attributes(&mut self, pairs: &[(&'static str, Paint)]) -> String {
        self.palette.attributes(pairs)
    }

    /// Opens a link and a tooltip, if there are such; returns what closes them.
    fn open(&mut self, facts: &Facts) -> &'static str {
        let link = facts.link.as_deref().and_then(trusted).and_then(|link| (self.style.link)(&link));
        let mut close = "";
        if let Some(link) = link {
            self.links = true;
            let _ = write!(self.body, "<a href=\"{}\">", escape(&link));
            close = "</a>";
        }
        if let Some(tooltip) = &facts.tooltip {
            let _ = write!(self.body, "<title>{}</title>", escape(tooltip));
        }
        close
    }

    fn words(&mut self, words: &[Words], x: f64, y: f64, dim: Paint) {
        for word in words.iter().filter(|word| !word.text.is_empty()) {
            let paint = if word.voice == Voice::Note { dim } else { Paint::Text };
            let fill = self.attributes(&[("fill", paint)]);
            let size = if word.voice == Voice::Note {
                format!(" font-size=\"{}\"", number(NOTE))
            } else {
                String::new()
            };
            let weight = if word.voice == Voice::Heading { " font-weight=\"700\"" } else { "" };
            let _ = write!(
                self.body,
                "<text x=\"{}\" y=\"{}\" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\"{size}{weight}{fill}>{}</text>",
                number(x + word.at.x - word.width / 2.0),
                number(y + word.at.y),
                number(word.width),
                escape(&word.text)
            );
        }
    }

    fn clusters(&mut self) {
        for (at, cluster) in self.graph.clusters.iter().enumerate() {
            let rect = self.layout.clusters[at];
            if cluster.facts.line == Line::Hidden || rect.width <= 0.0 {
                continue;
            }
            let tone = if cluster.facts.tone == Tone::Neutral { Tone::Muted } else { cluster.facts.tone };
            let paint = self.attributes(&[("fill", Paint::Line(tone)), ("stroke", Paint::Line(tone))]);
            let _ = write!(
                self.body,
                "<g id=\"{}-c{at}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"8\" fill-opacity=\".06\"{}{paint}/>",
                escape(self.style.prefix),
                number(rect.x),
                number(rect.y),
                number(rect.width),
                number(rect.height),
                dashes(cluster.facts.line)
            );
            self.body += "</g>";
        }
    }

    /// Headings stand above lines: where one passes through a heading, the letters keep the ground around them.
    fn headings(&mut self) {
        let measured = self.measured;
        for (at, cluster) in self.graph.clusters.iter().enumerate() {
            let heading = self.layout.headings[at];
            if cluster.facts.line == Line::Hidden || heading.width <= 0.0 {
                continue;
            }
            let ground = self.attributes(&[("stroke", Paint::Ground)]);
            let _ = write!(
                self.body,
                "<g paint-order=\"stroke\" stroke-width=\"4\" stroke-linejoin=\"round\"{ground}>"
            );
            let close = self.open(&cluster.facts);
            self.words(&measured.clusters[at].1, heading.x, heading.y, Paint::Dim);
            self.body += close;
            self.body += "</g>";
        }
    }

    fn nodes(&mut self) {
        let measured = self.measured;
        for (at, node) in self.graph.nodes.iter().enumerate() {
            let rect = self.layout.nodes[at];
            if node.facts.line == Line::Hidden {
                continue;
            }
            let _ = write!(self.body, "<g id=\"{}-n{at}\">", escape(self.style.prefix));
            let close = self.open(&node.facts);
            self.shape(node.shape, &rect, node.facts.tone, node.facts.line, node.cells.is_some());
            self.inside(node, &measured.nodes[at], &rect);
            self.body += close;
            self.body += "</g>";
        }
    }

    fn shape(&mut self, shape: Shape, rect: &Rect, tone: Tone, line: Line, divided: bool) {
        if shape == Shape::Text && !divided {
            return;
        }
        let shape = match (divided, shape) {
            (true, Shape::Box) => Shape::Box,
            (true, _) => Shape::Rectangle,
            (false, shape) => shape,
        };
        let drawn = shapes::draw(shape, rect);
        let filled = if drawn.solid { Paint::Line(tone) } else { Paint::Fill(tone) };
        let paint = self.attributes(&[("fill", filled), ("stroke", Paint::Line(tone))]);
        let dashes = dashes(line);
        let _ = write!(self.body, "<path d=\"{}\" stroke-width=\"1.3\"{dashes}{paint}/>", drawn.outline);
        if !drawn.strokes.is_empty() {
            let fill =
                if shape == Shape::End { ("fill", Paint::Line(tone)) } else { ("stroke", Paint::Line(tone)) };
            let none = if shape == Shape::End { "" } else { " fill=\"none\"" };
            let paint = self.attributes(&[fill]);
            let _ = write!(self.body, "<path d=\"{}\" stroke-width=\"1.3\"{none}{paint}/>", drawn.strokes);
        }
    }

    fn inside(&mut self, node: &Node, inside: &Inside, rect: &Rect) {
        self.words(&inside.words, rect.x, rect.y, Paint::Dim);
        if inside.fields.len() > 1 {
            let paint = self.attributes(&[("stroke", Paint::Line(node.facts.tone))]);
            let mut lines = String::new();
            for field in &inside.fields {
                let part = field.rect;
                // Each field draws the borders it shares with one before it.
                if part.x > 0.5 {
                    let _ = write!(
                        lines,
                        "M{} {}v{}",
                        number(rect.x + part.x),
                        number(rect.y + part.y),
                        number(part.height)
                    );
                }
                if part.y > 0.5 {
                    let _ = write!(
                        lines,
                        "M{} {}h{}",
                        number(rect.x + part.x),
                        number(rect.y + part.y),
                        number(part.width)
                    );
                }
            }
            let _ = write!(self.body, "<path d=\"{lines}\" fill=\"none\" stroke-width=\"1\"{paint}/>");
        }
        for field in &inside.fields {
            self.words(&field.words, rect.x, rect.y, Paint::Dim);
        }
    }

    fn edges(&mut self) {
        for (at, edge) in self.graph.edges.iter().enumerate() {
            if edge.facts.line == Line::Hidden {
                continue;
            }
            let route = &self.layout.edges[at];
            let ends = [(edge.from.target, route.points.first()), (edge.to.target, route.points.last())];
            let [start, end] =
                ends.map(|(target, point)| self.met(target, point.copied().unwrap_or_default()));
            let mut points = route.points.clone();
            if let (Some(first), true) = (points.first_mut(), true) {
                *first = start;
            }
            if let Some(last) = points.last_mut() {
                *last = end;
            }
            let paint =
                if edge.facts.tone == Tone::Neutral { Paint::Edge } else { Paint::Line(edge.facts.tone) };
            let _ = write!(self.body, "<g id=\"{}-e{at}\">", escape(self.style.prefix));
            let close = self.open(&edge.facts);
            self.line(&points, [edge.from.head, edge.to.head], edge.facts.line, paint);
            let measured = self.measured;
            for (label, (_, words)) in route.labels.iter().zip(&measured.edges[at]) {
                if let Some(label) = label {
                    self.words(words, label.x, label.y, Paint::Dim);
                }
            }
            self.body += close;
            self.body += "</g>";
        }
    }

    /// Where a line that ends at the box of a node meets its outline.
    fn met(&self, target: Target, at: Point) -> Point {
        match target {
            Target::Node(node) if self.graph.nodes[node].cells.is_none() => {
                shapes::reach(self.graph.nodes[node].shape, &self.layout.nodes[node], at)
            }
            _ => at,
        }
    }

    fn line(&mut self, points: &[Point], heads: [Head; 2], line: Line, paint: Paint) {
        let drawn = route::draw(points, heads);
        let stroke = self.attributes(&[("stroke", paint)]);
        let width = if line == Line::Thick { "2.4" } else { "1.3" };
        let dashes = dashes(line);
        let _ = write!(
            self.body,
            "<path d=\"{}\" fill=\"none\" stroke-width=\"{width}\"{dashes}{stroke}/>",
            drawn.path
        );
        for (path, filled) in drawn.heads {
            let pairs: &[(&'static str, Paint)] = if filled {
                &[("fill", paint), ("stroke", paint)]
            } else {
                &[("fill", Paint::Ground), ("stroke", paint)]
            };
            let paint = self.attributes(pairs);
            let _ = write!(
                self.body,
                "<path d=\"{path}\" stroke-width=\"1.3\" stroke-linejoin=\"round\"{paint}/>"
            );
        }
        for path in drawn.open {
            let paint = self.attributes(&[("stroke", paint)]);
            let _ = write!(
                self.body,
                "<path d=\"{path}\" fill=\"none\" stroke-width=\"1.3\" stroke-linecap=\"round\"{paint}/>"
            );
        }
    }

    /// Explains kinds below the picture; returns the height of all.
    fn legend(&mut self) -> f64 {
        let bottom = self.layout.size.height;
        if !self.graph.legend {
            return bottom;
        }
        let origin = self.layout.origin;
        let mut entries: Vec<(Shape, Tone, Line, String)> = Vec::new();
        for node in &self.graph.nodes {
            let Some(kind) = node.facts.kind.clone() else { continue };
            let entry = (node.shape, node.facts.tone, node.facts.line, kind);
            if !entries.contains(&entry) && node.facts.line != Line::Hidden {
                entries.push(entry);
            }
        }
        let (mut x, mut y) = (8.0, bottom + 12.0);
        for (shape, tone, line, kind) in &entries {
            let wide = width(kind, EDGE, Weight::Regular);
            if x > 8.0 && x + wide + 50.0 > self.layout.size.width {
                x = 8.0;
                y += 28.0;
            }
            let size = if *shape == Shape::Person { (20.0, 22.0) } else { (30.0, 20.0) };
            let sample = Rect {
                x: origin.x + x + (30.0 - size.0) / 2.0,
                y: origin.y + y,
                width: size.0,
                height: size.1,
            };
            self.sample(*shape, &sample, *tone, *line);
            let at = Point { x: wide / 2.0, y: 14.5 };
            let words = Words { text: kind.clone(), voice: Voice::Note, at, width: wide };
            self.words(&[words], origin.x + x + 38.0, origin.y + y, Paint::Dim);
            x += wide + 62.0;
        }
        if entries.is_empty() { bottom } else { y + 32.0 }
    }

    /// A small picture of a shape.
    fn sample(&mut self, shape: Shape, rect: &Rect, tone: Tone, line: Line) {
        let plain = matches!(shape, Shape::Browser | Shape::Terminal | Shape::Person | Shape::Component);
        if plain {
            // These have parts of a fixed size: they are drawn large and shrunk.
            let factor = rect.height / 62.0;
            let large = Rect { x: 0.0, y: 0.0, width: rect.width / factor, height: 62.0 };
            let _ = write!(
                self.body,
                "<g transform=\"translate({} {}) scale({})\">",
                number(rect.x),
                number(rect.y),
                number(factor)
            );
            self.shape(shape, &large, tone, line, false);
            self.body += "</g>";
        } else {
            self.shape(shape, rect, tone, line, false);
        }
    }
}

fn dashes(line: Line) -> &'static str {
    match line {
        Line::Dashed => " stroke-dasharray=\"6 4\"",
        Line::Dotted => " stroke-dasharray=\"1.5 3.5\" stroke-linecap=\"round\"",
        _ => "",
    }
}

/// What a picture without a title is called.
fn described(graph: &Graph) -> String {
    let names: Vec<&str> = graph
        .nodes
        .iter()
        .filter(|node| node.facts.line != Line::Hidden)
        .filter_map(|node| node.label.first().map(String::as_str))
        .collect();
    match names.len() {
        0 => "Diagram".into(),
        1..=4 => format!("Diagram of {}", names.join(", ")),
        more => format!("Diagram of {} and {} more", names[..3].join(", "), more - 3),
    }
}

/// What an element is, in words: `Gateway [Container: Rust]`.
fn named(label: &[String], id: &str, facts: &Facts) -> String {
    let name = if label.is_empty() { id.to_owned() } else { label.join(" ") };
    said_kind(facts).map_or(name.clone(), |kind| format!("{name} {kind}"))
}
